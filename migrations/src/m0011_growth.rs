//! Indexes of what is not over, which stays small while what is over grows for ever: whose it is, what ends next, what lapses
//! next.

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
        for (table, columns, over) in [
            ("assignment", ["principal_id", "role_id"].as_slice(), "ended_at"),
            ("activation", &["person_id", "role_id"], "settled_at"),
            ("activation", &["ends_at"], "settled_at"),
            ("activation", &["lapses_at"], "settled_at"),
        ] {
            let still = if table == "assignment" { "open" } else { "unsettled" };
            let mut index = Index::create();
            index.name(format!("ix_{table}_{still}_{}", columns.join("_"))).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index.and_where(Expr::col(over).is_null()).to_owned()).await?;
        }
        // By the state alone SQLite would look through everything that is active.
        manager
            .drop_index(Index::drop().name("ix_activation_state_requested_at").table("activation").to_owned())
            .await
    }
}
