//! What tells a copy from the database that it was made of: when a backup was made, in the backup only; and the PostgreSQL
//! server and table that hold this row, which a dump takes along and a restored table does not have.

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
        // SQLite adds one column at a time.
        let mut copied_at = ColumnDef::new("copied_at");
        let mut home = ColumnDef::new("home");
        for column in [copied_at.big_integer(), home.text()] {
            manager.alter_table(Table::alter().table("installation").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
