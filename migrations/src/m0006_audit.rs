//! The record. `body` is what was hashed; the other columns repeat parts of it for filters and are compared when the chain is verified.

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
                    .table("audit")
                    .col(ColumnDef::new("seq").big_integer().not_null().primary_key())
                    .col(ColumnDef::new("at").big_integer().not_null())
                    .col(ColumnDef::new("kind").text().not_null())
                    .col(ColumnDef::new("outcome").text().not_null())
                    .col(ColumnDef::new("actor_id").uuid())
                    .col(ColumnDef::new("person_id").uuid())
                    .col(ColumnDef::new("role_id").uuid())
                    .col(ColumnDef::new("activation_id").uuid())
                    .col(ColumnDef::new("number").big_integer())
                    .col(ColumnDef::new("body").text().not_null())
                    .col(ColumnDef::new("hash").text().not_null())
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("ix_audit_at").table("audit").col("at").to_owned()).await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_audit_actor_id_seq")
                    .table("audit")
                    .col("actor_id")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_audit_person_id_seq")
                    .table("audit")
                    .col("person_id")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_audit_role_id_seq")
                    .table("audit")
                    .col("role_id")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_audit_activation_id_seq")
                    .table("audit")
                    .col("activation_id")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_audit_kind_seq").table("audit").col("kind").col("seq").to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_audit_number").table("audit").col("number").to_owned())
            .await?;
        Ok(())
    }
}
