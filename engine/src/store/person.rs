//! People and their contact addresses.

pub(crate) mod list;

use std::collections::HashMap;

use domain::{
    Code, Id, Instant, Problem,
    person::{Person, PersonId, PersonRef},
};
use sea_orm::{QueryOrder, QuerySelect, Set, entity::prelude::*};

use super::{at, at_opt, to_word, us, word};
use crate::error::{Error, Result};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub name: String,
        pub name_folded: String,
        pub zone: Option<String>,
        pub disabled_at: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod address {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_address")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub address: String,
        pub added_at: i64,
        pub removed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<row::Model> for Person {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            kind: word(&row.kind)?,
            name: row.name,
            zone: row.zone,
            disabled_at: at_opt(row.disabled_at)?,
            created_at: at(row.created_at)?,
            version: row.version,
        })
    }
}

/// A person as a row.
pub(crate) fn active(person: &Person) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(person.id.uuid()),
        kind: Set(to_word(&person.kind)),
        name: Set(person.name.clone()),
        name_folded: Set(person.name.to_lowercase()),
        zone: Set(person.zone.clone()),
        disabled_at: Set(person.disabled_at.map(us)),
        created_at: Set(us(person.created_at)),
        version: Set(person.version),
    }
}

pub(crate) async fn insert<C: ConnectionTrait>(db: &C, person: &Person) -> Result<()> {
    row::Entity::insert(active(person)).exec_without_returning(db).await?;
    Ok(())
}

/// Saves over the version that was read; `conflict` when somebody else was faster. The stored version is one higher.
pub(crate) async fn save<C: ConnectionTrait>(db: &C, person: &Person) -> Result<()> {
    let mut model = active(person);
    model.version = Set(person.version + 1);
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(person.id.uuid()))
        .filter(row::Column::Version.eq(person.version))
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<Option<Person>> {
    row::Entity::find_by_id(id.uuid()).one(db).await?.map(Person::try_from).transpose()
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<Person> {
    find(db, id).await?.ok_or_else(|| Problem::new(Code::NotFound).into())
}

pub(crate) async fn is_enabled<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<bool> {
    Ok(find(db, id).await?.is_some_and(|person| person.disabled_at.is_none()))
}

/// Those of these people who are enabled, in the same order.
pub(crate) async fn enabled_among<C: ConnectionTrait>(db: &C, people: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut enabled = std::collections::HashSet::new();
    for chunk in people.chunks(500) {
        let found: Vec<Uuid> = row::Entity::find()
            .select_only()
            .column(row::Column::Id)
            .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.uuid())))
            .filter(row::Column::DisabledAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        enabled.extend(found);
    }
    Ok(people.iter().copied().filter(|id| enabled.contains(&id.uuid())).collect())
}

/// The names of these people, for lists and sentences.
pub(crate) async fn names<C: ConnectionTrait>(
    db: &C,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, PersonRef>> {
    let mut ids: Vec<Uuid> = people.into_iter().map(Id::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = HashMap::new();
    // SQLite and PostgreSQL both bound how many values one statement takes.
    for chunk in ids.chunks(500) {
        let rows: Vec<(Uuid, String)> = row::Entity::find()
            .select_only()
            .columns([row::Column::Id, row::Column::Name])
            .filter(row::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        names.extend(rows.into_iter().map(|(id, name)| (Id::new(id), PersonRef { id: Id::new(id), name })));
    }
    Ok(names)
}

/// Where mail for this person goes now, in the order in which the addresses were added; those added at once by name.
pub(crate) async fn addresses<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<String>> {
    Ok(address::Entity::find()
        .select_only()
        .column(address::Column::Address)
        .filter(address::Column::PersonId.eq(person.uuid()))
        .filter(address::Column::RemovedAt.is_null())
        .order_by_asc(address::Column::AddedAt)
        .order_by_asc(address::Column::Address)
        .into_tuple()
        .all(db)
        .await?)
}

/// Those of these people whom mail reaches, in the same order.
pub(crate) async fn with_address<C: ConnectionTrait>(db: &C, people: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut reached = std::collections::HashSet::new();
    for chunk in people.chunks(500) {
        let found: Vec<Uuid> = address::Entity::find()
            .select_only()
            .column(address::Column::PersonId)
            .distinct()
            .filter(address::Column::PersonId.is_in(chunk.iter().map(|id| id.uuid())))
            .filter(address::Column::RemovedAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        reached.extend(found);
    }
    Ok(people.iter().copied().filter(|id| reached.contains(&id.uuid())).collect())
}

/// Makes `wanted` the addresses of this person; former ones stay as removed.
pub(crate) async fn set_addresses<C: ConnectionTrait>(
    db: &C,
    env: &crate::Env,
    person: PersonId,
    wanted: &[String],
    now: Instant,
) -> Result<()> {
    let present = addresses(db, person).await?;
    let gone: Vec<_> = present.iter().filter(|address| !wanted.contains(address)).cloned().collect();
    if !gone.is_empty() {
        address::Entity::update_many()
            .set(address::ActiveModel { removed_at: Set(Some(us(now))), ..Default::default() })
            .filter(address::Column::PersonId.eq(person.uuid()))
            .filter(address::Column::RemovedAt.is_null())
            .filter(address::Column::Address.is_in(gone))
            .exec(db)
            .await?;
    }
    for new in wanted.iter().filter(|address| !present.contains(address)) {
        let model = address::ActiveModel {
            id: Set(env.id::<()>().uuid()),
            person_id: Set(person.uuid()),
            address: Set(new.clone()),
            added_at: Set(us(now)),
            removed_at: Set(None),
        };
        address::Entity::insert(model).exec_without_returning(db).await?;
    }
    Ok(())
}
