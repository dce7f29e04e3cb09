//! What has happened to one request, from the record.

use domain::{
    Id,
    activation::{ActivationId, Step},
    audit::Record,
    event::EventKind,
};
use sea_orm::ConnectionTrait;

use crate::{
    error::{Error, Result},
    store,
};

/// What was done to a request, in order. What was refused is no step.
pub(crate) async fn steps<C: ConnectionTrait>(db: &C, id: ActivationId) -> Result<Vec<Step>> {
    let records = store::activation::records(db, id).await?;
    let names = store::person::names(db, records.iter().filter_map(|row| row.actor_id).map(Id::new)).await?;
    records
        .into_iter()
        .map(|row| {
            let record: Record = serde_json::from_str(&row.body).map_err(Error::of("audit.read"))?;
            let kind = EventKind::parse(&row.kind).ok_or_else(|| {
                Error::broken("audit.read", format!("an unknown kind of record: {}", row.kind))
            })?;
            Ok(Step {
                at: store::at(row.at)?,
                kind,
                by: row.actor_id.and_then(|id| names.get(&Id::new(id)).cloned()),
                reason: record.reason,
                record: row.seq,
            })
        })
        .collect()
}
