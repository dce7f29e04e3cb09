//! The list of people, searched by their name or a name they sign in with.

use std::collections::HashMap;

use domain::{
    Id, Page,
    person::{Person, PersonId, PersonRow},
};
use sea_orm::{
    Condition, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, LikeExpr, Query},
};

use super::row;
use crate::{
    error::Result,
    store::{
        page::{self, Wanted},
        session, sign_in,
    },
};

/// A part of the list, by name.
pub(crate) async fn page<C: ConnectionTrait>(db: &C, wanted: &Wanted) -> Result<Page<PersonRow>> {
    let mut select = row::Entity::find().filter(wanted.behind(row::Column::NameFolded, row::Column::Id));
    if let Some(search) = wanted.search() {
        select = select.filter(named_like(&search));
    }
    let found = select
        .order_by_asc(row::Column::NameFolded)
        .order_by_asc(row::Column::Id)
        .limit(Wanted::limit())
        .all(db)
        .await?;
    let Page { items, next } = page::cut(found, |row| (row.name_folded.clone(), row.id));
    let people = items.into_iter().map(Person::try_from).collect::<Result<_>>()?;
    Ok(Page { items: rows(db, people).await?, next })
}

/// People as lines of the list, in the same order.
pub(crate) async fn rows<C: ConnectionTrait>(db: &C, people: Vec<Person>) -> Result<Vec<PersonRow>> {
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let mut sign_ins = sign_in::names_of(db, &ids).await?;
    let mut last = session::last_started(db, &ids).await?;
    Ok(people
        .into_iter()
        .map(|person| {
            let own = sign_ins.remove(&person.id).unwrap_or_default();
            PersonRow {
                id: person.id,
                name: person.name,
                kind: person.kind,
                sign_in_names: own.iter().map(|sign_in| sign_in.name.clone()).collect(),
                has_second_factor: own.iter().any(|sign_in| sign_in.has_factor),
                disabled_at: person.disabled_at,
                last_signed_in_at: last.remove(&person.id),
            }
        })
        .collect())
}

/// The first enabled people by name that fit: folded name, id and name.
pub(crate) async fn names_like<C: ConnectionTrait>(
    db: &C,
    search: Option<&LikeExpr>,
    most: u64,
) -> Result<Vec<(String, PersonId, String)>> {
    let mut select = row::Entity::find().filter(row::Column::DisabledAt.is_null());
    if let Some(search) = search {
        select = select.filter(named_like(search));
    }
    let found = select
        .order_by_asc(row::Column::NameFolded)
        .order_by_asc(row::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    Ok(found.into_iter().map(|row| (row.name_folded, Id::new(row.id), row.name)).collect())
}

/// These people, by id.
pub(crate) async fn by_id<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Person>> {
    let mut found = HashMap::new();
    // Both databases bound how many values one statement takes.
    for chunk in people.chunks(500) {
        let rows = row::Entity::find()
            .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.uuid())))
            .all(db)
            .await?;
        for row in rows {
            let person = Person::try_from(row)?;
            found.insert(person.id, person);
        }
    }
    Ok(found)
}

fn named_like(search: &LikeExpr) -> Condition {
    let signing_in_as = Query::select()
        .column("person_id")
        .from("sign_in")
        .and_where(Expr::col("name").like(search.clone()))
        .to_owned();
    Condition::any()
        .add(row::Column::NameFolded.like(search.clone()))
        .add(row::Column::Id.in_subquery(signing_in_as))
}
