//! Messages on their way. One row a message and address; `dedup` keeps the same message from being written twice.

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
                    .table("outbox")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("dedup").text().not_null())
                    .col(ColumnDef::new("template").text().not_null())
                    .col(ColumnDef::new("params").text().not_null())
                    .col(ColumnDef::new("address").text().not_null())
                    .col(ColumnDef::new("person_id").uuid())
                    .col(ColumnDef::new("event_seq").big_integer())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("next_try_at").big_integer())
                    .col(ColumnDef::new("attempts").big_integer().not_null())
                    .col(ColumnDef::new("leased_until").big_integer())
                    .col(ColumnDef::new("delivered_at").big_integer())
                    .col(ColumnDef::new("last_error").text())
                    .col(ColumnDef::new("sealed").binary())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("uq_outbox_dedup").table("outbox").col("dedup").unique().to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_outbox_next_try_at").table("outbox").col("next_try_at").to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_outbox_created_at_id")
                    .table("outbox")
                    .col("created_at")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_outbox_person_id").table("outbox").col("person_id").to_owned(),
            )
            .await?;
        Ok(())
    }
}
