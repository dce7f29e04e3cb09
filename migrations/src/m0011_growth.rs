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
        manager
            .create_index(
                Index::create()
                    .name("ix_assignment_open_principal_id_role_id")
                    .table("assignment")
                    .col("principal_id")
                    .col("role_id")
                    .and_where(Expr::col("ended_at").is_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_unsettled_person_id_role_id")
                    .table("activation")
                    .col("person_id")
                    .col("role_id")
                    .and_where(Expr::col("settled_at").is_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_unsettled_ends_at")
                    .table("activation")
                    .col("ends_at")
                    .and_where(Expr::col("settled_at").is_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_activation_unsettled_lapses_at")
                    .table("activation")
                    .col("lapses_at")
                    .and_where(Expr::col("settled_at").is_null())
                    .to_owned(),
            )
            .await?;
        // By the state alone SQLite would look through everything that is active.
        manager
            .drop_index(Index::drop().name("ix_activation_state_requested_at").table("activation").to_owned())
            .await
    }
}
