//! Roles, the versions of their settings, who approves them now, and assignments.

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
                    .table("role")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("key").text().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("name_folded").text().not_null())
                    .col(ColumnDef::new("description").text().not_null())
                    .col(ColumnDef::new("level").text().not_null())
                    .col(ColumnDef::new("link").text())
                    .col(ColumnDef::new("template_id").text())
                    .col(ColumnDef::new("disabled_at").big_integer())
                    .col(ColumnDef::new("settings_version").big_integer().not_null())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("uq_role_key").table("role").col("key").unique().to_owned())
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_role_name_folded_id")
                    .table("role")
                    .col("name_folded")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("role_settings")
                    .col(ColumnDef::new("role_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_role_settings_role_id")
                            .from("role_settings", "role_id")
                            .to("role", "id"),
                    )
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("settings").text().not_null())
                    .col(ColumnDef::new("saved_at").big_integer().not_null())
                    .col(ColumnDef::new("saved_by").uuid())
                    .primary_key(Index::create().col("role_id").col("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("approver_of")
                    .col(ColumnDef::new("role_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_approver_of_role_id")
                            .from("approver_of", "role_id")
                            .to("role", "id"),
                    )
                    .col(ColumnDef::new("principal_kind").text().not_null())
                    .col(ColumnDef::new("principal_id").uuid().not_null())
                    .primary_key(Index::create().col("role_id").col("principal_kind").col("principal_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_approver_of_principal_id")
                    .table("approver_of")
                    .col("principal_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("assignment")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("role_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_assignment_role_id")
                            .from("assignment", "role_id")
                            .to("role", "id"),
                    )
                    .col(ColumnDef::new("principal_kind").text().not_null())
                    .col(ColumnDef::new("principal_id").uuid().not_null())
                    .col(ColumnDef::new("kind").text().not_null())
                    .col(ColumnDef::new("scope").text().not_null())
                    .col(ColumnDef::new("starts_at").big_integer().not_null())
                    .col(ColumnDef::new("ends_at").big_integer())
                    .col(ColumnDef::new("justification").text().not_null())
                    .col(ColumnDef::new("made_by").uuid())
                    .col(ColumnDef::new("made_at").big_integer().not_null())
                    .col(ColumnDef::new("ended_at").big_integer())
                    .col(ColumnDef::new("end_cause").text())
                    .col(ColumnDef::new("announced").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("due_at").big_integer())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_assignment_role_id_ended_at")
                    .table("assignment")
                    .col("role_id")
                    .col("ended_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_assignment_principal_id_ended_at")
                    .table("assignment")
                    .col("principal_id")
                    .col("ended_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_assignment_due_at").table("assignment").col("due_at").to_owned(),
            )
            .await?;
        Ok(())
    }
}
