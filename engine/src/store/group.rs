//! Groups and their members. Memberships that are over stay as such.

pub(crate) mod list;

use std::collections::HashMap;

use domain::{
    Code, Id, Instant, Problem,
    group::{Group, GroupId, GroupRef},
    person::PersonId,
};
use sea_orm::{QueryOrder, QuerySelect, Set, entity::prelude::*};

use super::{at, at_opt, us};
use crate::{
    Env,
    error::{Error, Result},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "groups")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub name_folded: String,
        pub description: String,
        pub removed_at: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod member {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "group_member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub group_id: Uuid,
        pub person_id: Uuid,
        pub added_at: i64,
        pub removed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<row::Model> for Group {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            name: row.name,
            description: row.description,
            removed_at: at_opt(row.removed_at)?,
            created_at: at(row.created_at)?,
            version: row.version,
        })
    }
}

fn active(group: &Group) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(group.id.uuid()),
        name: Set(group.name.clone()),
        name_folded: Set(group.name.to_lowercase()),
        description: Set(group.description.clone()),
        removed_at: Set(group.removed_at.map(us)),
        created_at: Set(us(group.created_at)),
        version: Set(group.version),
    }
}

pub(crate) async fn insert<C: ConnectionTrait>(db: &C, group: &Group) -> Result<()> {
    row::Entity::insert(active(group)).exec_without_returning(db).await?;
    Ok(())
}

/// Saves over the version that was read; `conflict` when somebody else was faster.
pub(crate) async fn save<C: ConnectionTrait>(db: &C, group: &Group) -> Result<()> {
    let mut model = active(group);
    model.version = Set(group.version + 1);
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(group.id.uuid()))
        .filter(row::Column::Version.eq(group.version))
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

/// A group that is not removed.
pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: GroupId) -> Result<Group> {
    let row = row::Entity::find_by_id(id.uuid()).filter(row::Column::RemovedAt.is_null()).one(db).await?;
    row.map(Group::try_from).transpose()?.ok_or_else(|| Problem::new(Code::NotFound).into())
}

/// The groups that a person is in now. Removed groups have no members.
pub(crate) async fn of_person<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<GroupId>> {
    let ids: Vec<Uuid> = member::Entity::find()
        .select_only()
        .column(member::Column::GroupId)
        .filter(member::Column::PersonId.eq(person.uuid()))
        .filter(member::Column::RemovedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// A time in which a person was in a group: from when, and until when if it is over.
pub(crate) type Membership = (GroupId, Instant, Option<Instant>);

/// All the times in which a person is or was in a group.
pub(crate) async fn memberships<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<Membership>> {
    let rows = member::Entity::find().filter(member::Column::PersonId.eq(person.uuid())).all(db).await?;
    rows.into_iter()
        .map(|row| Ok((Id::new(row.group_id), at(row.added_at)?, at_opt(row.removed_at)?)))
        .collect()
}

/// Who is in a group now.
pub(crate) async fn members<C: ConnectionTrait>(db: &C, group: GroupId) -> Result<Vec<PersonId>> {
    let ids: Vec<Uuid> = member::Entity::find()
        .select_only()
        .column(member::Column::PersonId)
        .filter(member::Column::GroupId.eq(group.uuid()))
        .filter(member::Column::RemovedAt.is_null())
        .order_by_asc(member::Column::AddedAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

pub(crate) async fn is_member<C: ConnectionTrait>(db: &C, group: GroupId, person: PersonId) -> Result<bool> {
    Ok(members(db, group).await?.contains(&person))
}

pub(crate) async fn add_member<C: ConnectionTrait>(
    db: &C,
    env: &Env,
    group: GroupId,
    person: PersonId,
    now: Instant,
) -> Result<()> {
    let model = member::ActiveModel {
        id: Set(env.id::<()>().uuid()),
        group_id: Set(group.uuid()),
        person_id: Set(person.uuid()),
        added_at: Set(us(now)),
        removed_at: Set(None),
    };
    member::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

/// Takes a person out of a group; false when they were not in it.
pub(crate) async fn remove_member<C: ConnectionTrait>(
    db: &C,
    group: GroupId,
    person: PersonId,
    now: Instant,
) -> Result<bool> {
    let removed = member::Entity::update_many()
        .set(member::ActiveModel { removed_at: Set(Some(us(now))), ..Default::default() })
        .filter(member::Column::GroupId.eq(group.uuid()))
        .filter(member::Column::PersonId.eq(person.uuid()))
        .filter(member::Column::RemovedAt.is_null())
        .exec(db)
        .await?;
    Ok(removed.rows_affected > 0)
}

/// The names of these groups, removed ones too.
pub(crate) async fn names<C: ConnectionTrait>(
    db: &C,
    groups: impl IntoIterator<Item = GroupId>,
) -> Result<HashMap<GroupId, GroupRef>> {
    let mut ids: Vec<Uuid> = groups.into_iter().map(Id::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(Uuid, String)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::Name])
        .filter(row::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (Id::new(id), GroupRef { id: Id::new(id), name })).collect())
}
