//! People, their contact addresses, groups and memberships. Memberships and addresses that are over stay as such.

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
                    .table("person")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("kind").text().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("name_folded").text().not_null())
                    .col(ColumnDef::new("zone").text())
                    .col(ColumnDef::new("disabled_at").big_integer())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_person_name_folded_id")
                    .table("person")
                    .col("name_folded")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("contact_address")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_contact_address_person_id")
                            .from("contact_address", "person_id")
                            .to("person", "id"),
                    )
                    .col(ColumnDef::new("address").text().not_null())
                    .col(ColumnDef::new("added_at").big_integer().not_null())
                    .col(ColumnDef::new("removed_at").big_integer())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_contact_address_person_id")
                    .table("contact_address")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("groups")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("name_folded").text().not_null())
                    .col(ColumnDef::new("description").text().not_null())
                    .col(ColumnDef::new("removed_at").big_integer())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_groups_name_folded_id")
                    .table("groups")
                    .col("name_folded")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("group_member")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("group_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_group_member_group_id")
                            .from("group_member", "group_id")
                            .to("groups", "id"),
                    )
                    .col(ColumnDef::new("person_id").uuid().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_group_member_person_id")
                            .from("group_member", "person_id")
                            .to("person", "id"),
                    )
                    .col(ColumnDef::new("added_at").big_integer().not_null())
                    .col(ColumnDef::new("removed_at").big_integer())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_group_member_group_id_removed_at")
                    .table("group_member")
                    .col("group_id")
                    .col("removed_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_group_member_person_id_removed_at")
                    .table("group_member")
                    .col("person_id")
                    .col("removed_at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
