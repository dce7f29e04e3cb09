//! Activations and the decisions on them.

use sea_orm_migration::prelude::*;

/// See the file's head.
#[derive(Debug, DeriveMigrationName)]
pub struct Change;

#[async_trait::async_trait]
impl MigrationTrait for Change {
    /// A kill leaves the old schema or the new one, on either database.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("activation")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("number").big_integer().not_null())
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_activation_person_id")
                            .from("activation", "person_id")
                            .to("person", "id"),
                    )
                    .col(ColumnDef::new("role_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_activation_role_id")
                            .from("activation", "role_id")
                            .to("role", "id"),
                    )
                    .col(ColumnDef::new("scope").text().not_null())
                    .col(ColumnDef::new("settings_version").big_integer().not_null())
                    .col(ColumnDef::new("requested_at").big_integer().not_null())
                    .col(ColumnDef::new("requested_start").big_integer())
                    .col(ColumnDef::new("duration_s").big_integer().not_null())
                    .col(ColumnDef::new("justification").text().not_null())
                    .col(ColumnDef::new("ticket_system").text())
                    .col(ColumnDef::new("ticket_number").text())
                    .col(ColumnDef::new("state").text().not_null())
                    .col(ColumnDef::new("lapses_at").big_integer())
                    .col(ColumnDef::new("accepted_at").big_integer())
                    .col(ColumnDef::new("effective_at").big_integer())
                    .col(ColumnDef::new("ends_at").big_integer())
                    .col(ColumnDef::new("end_announced").boolean().not_null())
                    .col(ColumnDef::new("settled_at").big_integer())
                    .col(ColumnDef::new("cause").text())
                    .col(ColumnDef::new("due_at").big_integer())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("uq_activation_number")
                    .table("activation")
                    .col("number")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_person_id_settled_at")
                    .table("activation")
                    .col("person_id")
                    .col("settled_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_role_id_settled_at")
                    .table("activation")
                    .col("role_id")
                    .col("settled_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_person_id_role_id_number")
                    .table("activation")
                    .col("person_id")
                    .col("role_id")
                    .col("number")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_state_requested_at")
                    .table("activation")
                    .col("state")
                    .col("requested_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_activation_due_at").table("activation").col("due_at").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("decision")
                    .col(ColumnDef::new("activation_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_decision_activation_id")
                            .from("decision", "activation_id")
                            .to("activation", "id"),
                    )
                    .col(ColumnDef::new("ordinal").big_integer().not_null())
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_decision_person_id")
                            .from("decision", "person_id")
                            .to("person", "id"),
                    )
                    .col(ColumnDef::new("verdict").text().not_null())
                    .col(ColumnDef::new("justification").text().not_null())
                    .col(ColumnDef::new("decided_at").big_integer().not_null())
                    .primary_key(Index::create().col("activation_id").col("ordinal"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("uq_decision_activation_id_person_id")
                    .table("decision")
                    .col("activation_id")
                    .col("person_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_decision_person_id_decided_at")
                    .table("decision")
                    .col("person_id")
                    .col("decided_at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
