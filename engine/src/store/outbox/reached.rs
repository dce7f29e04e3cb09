//! Where mail reaches people.

use std::collections::HashMap;

use domain::{Id, person::PersonId};
use sea_orm::{ExprTrait, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*, sea_query::Expr};

use super::ROWS;
use crate::{error::Result, store::person};

/// A person as mail reaches them.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    pub person: PersonId,
    pub name: String,
    pub zone: Option<String>,
    pub addresses: Vec<String>,
}

/// Id, name and time zone; one of their addresses.
type Row = (Uuid, String, Option<String>, Option<String>);

/// How mail reaches these people, those without an address too.
pub(crate) async fn reached<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Reached>> {
    use person::{address, row};
    let mut found: HashMap<PersonId, Reached> = HashMap::new();
    for chunk in people.chunks(ROWS) {
        let mut select = row::Entity::find()
            .select_only()
            .columns([row::Column::Id, row::Column::Name, row::Column::Zone])
            .column(address::Column::Address)
            .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.uuid())))
            .order_by_asc(address::Column::AddedAt)
            .order_by_asc(address::Column::Id);
        let own =
            Expr::col((address::Entity, address::Column::PersonId)).equals((row::Entity, row::Column::Id));
        QueryTrait::query(&mut select)
            .left_join(address::Entity, own.and(address::Column::RemovedAt.is_null()));
        for (id, name, zone, address) in select.into_tuple::<Row>().all(db).await? {
            let person = Id::new(id);
            let reached = Reached { person, name, zone, addresses: Vec::new() };
            found.entry(person).or_insert(reached).addresses.extend(address);
        }
    }
    Ok(found)
}
