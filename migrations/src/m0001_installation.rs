//! The installation itself: one row that says what it is and where its clock and its record stand.

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
                    .table("installation")
                    .col(ColumnDef::new("id").integer().not_null().primary_key())
                    .col(ColumnDef::new("made_at").big_integer().not_null())
                    .col(ColumnDef::new("is_demo").boolean().not_null())
                    .col(ColumnDef::new("clock_accepted_at").big_integer())
                    .col(ColumnDef::new("head_seq").big_integer().not_null())
                    .col(ColumnDef::new("head_hash").text().not_null())
                    .col(ColumnDef::new("highest_at").big_integer().not_null())
                    .col(ColumnDef::new("next_number").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_key")
                    .col(ColumnDef::new("id").text().not_null())
                    .col(ColumnDef::new("made_at").big_integer().not_null())
                    .col(ColumnDef::new("sealed").binary().not_null())
                    .col(ColumnDef::new("public").binary().not_null())
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency")
                    .col(ColumnDef::new("caller").text().not_null())
                    .col(ColumnDef::new("key").text().not_null())
                    .col(ColumnDef::new("request_hash").text().not_null())
                    .col(ColumnDef::new("status").big_integer().not_null())
                    .col(ColumnDef::new("body").text().not_null())
                    .col(ColumnDef::new("made_at").big_integer().not_null())
                    .primary_key(Index::create().col("caller").col("key"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_idempotency_made_at").table("idempotency").col("made_at").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("draft")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .col(ColumnDef::new("form").text().not_null())
                    .col(ColumnDef::new("sealed").binary().not_null())
                    .col(ColumnDef::new("expires_at").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_draft_expires_at").table("draft").col("expires_at").to_owned(),
            )
            .await?;
        Ok(())
    }
}
