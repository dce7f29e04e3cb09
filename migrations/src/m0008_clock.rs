//! When it was found that the clock went back, so that a step is recorded and alarmed once, by whichever instance.

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
            .alter_table(
                Table::alter()
                    .table("installation")
                    .add_column(ColumnDef::new("clock_stepped_at").big_integer())
                    .to_owned(),
            )
            .await
    }
}
