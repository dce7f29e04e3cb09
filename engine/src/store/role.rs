//! Roles.

use std::collections::HashMap;

use domain::{
    Code, Id, Problem,
    role::{Role, RoleId, RoleRef},
};
use sea_orm::{QuerySelect, Set, entity::prelude::*};

use super::{at, at_opt, to_word, us, word};
use crate::error::{Error, Result};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "role")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: String,
        pub name: String,
        pub name_folded: String,
        pub description: String,
        pub level: String,
        pub link: Option<String>,
        pub template_id: Option<String>,
        pub disabled_at: Option<i64>,
        pub settings_version: i64,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<row::Model> for Role {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            key: row.key,
            name: row.name,
            description: row.description,
            level: word(&row.level)?,
            link: row.link,
            template_id: row.template_id,
            disabled_at: at_opt(row.disabled_at)?,
            settings_version: row.settings_version,
            created_at: at(row.created_at)?,
            version: row.version,
        })
    }
}

fn active(role: &Role) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(role.id.uuid()),
        key: Set(role.key.clone()),
        name: Set(role.name.clone()),
        name_folded: Set(role.name.to_lowercase()),
        description: Set(role.description.clone()),
        level: Set(to_word(&role.level)),
        link: Set(role.link.clone()),
        template_id: Set(role.template_id.clone()),
        disabled_at: Set(role.disabled_at.map(us)),
        settings_version: Set(role.settings_version),
        created_at: Set(us(role.created_at)),
        version: Set(role.version),
    }
}

/// Adds a role; `name_taken` when the key exists.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, role: &Role) -> Result<()> {
    if find_by_key(db, &role.key).await?.is_some() {
        return Err(Problem::new(Code::NameTaken).field("key").into());
    }
    row::Entity::insert(active(role)).exec_without_returning(db).await?;
    Ok(())
}

/// Saves over the version that was read; `conflict` when somebody else was faster.
pub(crate) async fn save<C: ConnectionTrait>(db: &C, role: &Role) -> Result<()> {
    let mut model = active(role);
    model.version = Set(role.version + 1);
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(role.id.uuid()))
        .filter(row::Column::Version.eq(role.version))
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: RoleId) -> Result<Option<Role>> {
    row::Entity::find_by_id(id.uuid()).one(db).await?.map(Role::try_from).transpose()
}

pub(crate) async fn find_by_key<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<Role>> {
    row::Entity::find().filter(row::Column::Key.eq(key)).one(db).await?.map(Role::try_from).transpose()
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: RoleId) -> Result<Role> {
    find(db, id).await?.ok_or_else(|| Problem::new(Code::NotFound).into())
}

/// Those of these roles that are switched on.
pub(crate) async fn enabled_among<C: ConnectionTrait>(db: &C, roles: &[RoleId]) -> Result<Vec<RoleId>> {
    let ids: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Id.is_in(roles.iter().map(|id| id.uuid())))
        .filter(row::Column::DisabledAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// These roles, by id.
pub(crate) async fn by_id<C: ConnectionTrait>(
    db: &C,
    roles: impl IntoIterator<Item = RoleId>,
) -> Result<HashMap<RoleId, Role>> {
    let mut ids: Vec<Uuid> = roles.into_iter().map(Id::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = row::Entity::find().filter(row::Column::Id.is_in(ids)).all(db).await?;
    rows.into_iter().map(|row| Role::try_from(row).map(|role| (role.id, role))).collect()
}

/// A role by name.
pub(crate) fn reference(role: &Role) -> RoleRef {
    RoleRef { id: role.id, key: role.key.clone(), name: role.name.clone(), level: role.level }
}
