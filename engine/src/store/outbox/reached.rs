//! Where mail reaches people.

use std::collections::HashMap;

use domain::{Id, person::PersonId};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

use super::ROWS;
use crate::{error::Result, store::person};

/// A person as mail reaches them.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    pub person: PersonId,
    pub name: String,
    pub zone: Option<String>,
    pub enabled: bool,
    pub addresses: Vec<String>,
}

/// How mail reaches these people, in their order; those without an address too.
pub(crate) async fn reached<C: ConnectionTrait>(db: &C, people: &[PersonId]) -> Result<Vec<Reached>> {
    let mut found: HashMap<Uuid, Reached> = HashMap::new();
    for chunk in people.chunks(ROWS) {
        let ids = || chunk.iter().map(|id| id.uuid());
        for row in person::row::Entity::find().filter(person::row::Column::Id.is_in(ids())).all(db).await? {
            let reached = Reached {
                person: Id::new(row.id),
                name: row.name,
                zone: row.zone,
                enabled: row.disabled_at.is_none(),
                addresses: Vec::new(),
            };
            found.insert(row.id, reached);
        }
        let addresses: Vec<(Uuid, String)> = person::address::Entity::find()
            .select_only()
            .columns([person::address::Column::PersonId, person::address::Column::Address])
            .filter(person::address::Column::PersonId.is_in(ids()))
            .filter(person::address::Column::RemovedAt.is_null())
            .order_by_asc(person::address::Column::AddedAt)
            .order_by_asc(person::address::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        for (id, address) in addresses {
            if let Some(reached) = found.get_mut(&id) {
                reached.addresses.push(address);
            }
        }
    }
    Ok(people.iter().filter_map(|id| found.remove(&id.uuid())).collect())
}
