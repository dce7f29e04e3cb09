//! Sign-ins with their factors, recovery codes, one-time links, sessions and counters of attempts.

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
                    .table("sign_in")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_sign_in_person_id")
                            .from("sign_in", "person_id")
                            .to("person", "id"),
                    )
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("password_hash").text())
                    .col(ColumnDef::new("password_set_at").big_integer())
                    .col(ColumnDef::new("totp_sealed").binary())
                    .col(ColumnDef::new("totp_enrolled_at").big_integer())
                    .col(ColumnDef::new("totp_last_step").big_integer())
                    .col(ColumnDef::new("codes_made_at").big_integer())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("uq_sign_in_name").table("sign_in").col("name").unique().to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_sign_in_person_id").table("sign_in").col("person_id").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("recovery_code")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("sign_in_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_recovery_code_sign_in_id")
                            .from("recovery_code", "sign_in_id")
                            .to("sign_in", "id"),
                    )
                    .col(ColumnDef::new("hash").text().not_null())
                    .col(ColumnDef::new("made_at").big_integer().not_null())
                    .col(ColumnDef::new("used_at").big_integer())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_recovery_code_sign_in_id")
                    .table("recovery_code")
                    .col("sign_in_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("one_time_link")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("purpose").text().not_null())
                    .col(ColumnDef::new("person_id").uuid())
                    .col(ColumnDef::new("sign_in_id").uuid())
                    .col(ColumnDef::new("token_hash").text().not_null())
                    .col(ColumnDef::new("made_at").big_integer().not_null())
                    .col(ColumnDef::new("made_by").uuid())
                    .col(ColumnDef::new("expires_at").big_integer().not_null())
                    .col(ColumnDef::new("used_at").big_integer())
                    .col(ColumnDef::new("voided_at").big_integer())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("uq_one_time_link_token_hash")
                    .table("one_time_link")
                    .col("token_hash")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_one_time_link_person_id")
                    .table("one_time_link")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_session_person_id")
                            .from("session", "person_id")
                            .to("person", "id"),
                    )
                    .col(ColumnDef::new("sign_in_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_session_sign_in_id")
                            .from("session", "sign_in_id")
                            .to("sign_in", "id"),
                    )
                    .col(ColumnDef::new("kind").text().not_null())
                    .col(ColumnDef::new("client").text().not_null())
                    .col(ColumnDef::new("address").text().not_null())
                    .col(ColumnDef::new("started_at").big_integer().not_null())
                    .col(ColumnDef::new("used_at").big_integer().not_null())
                    .col(ColumnDef::new("mfa_at").big_integer().not_null())
                    .col(ColumnDef::new("ended_at").big_integer())
                    .col(ColumnDef::new("refresh_hash").text().not_null())
                    .col(ColumnDef::new("previous_hash").text())
                    .col(ColumnDef::new("successor_used_at").big_integer())
                    .col(ColumnDef::new("generation").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_session_person_id_ended_at")
                    .table("session")
                    .col("person_id")
                    .col("ended_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("uq_session_refresh_hash")
                    .table("session")
                    .col("refresh_hash")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_session_previous_hash")
                    .table("session")
                    .col("previous_hash")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("attempt")
                    .col(ColumnDef::new("key").text().not_null().primary_key())
                    .col(ColumnDef::new("failures").big_integer().not_null())
                    .col(ColumnDef::new("last_at").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_attempt_last_at").table("attempt").col("last_at").to_owned(),
            )
            .await?;
        Ok(())
    }
}
