//! The records of one activation.

use domain::{activation::ActivationId, event::Outcome};
use sea_orm::{QueryOrder, entity::prelude::*};

use crate::{error::Result, store::audit::row};

/// Records of what was done to an activation, in order; not of what was refused.
pub(crate) async fn records<C: ConnectionTrait>(db: &C, id: ActivationId) -> Result<Vec<row::Model>> {
    Ok(row::Entity::find()
        .filter(row::Column::ActivationId.eq(id.uuid()))
        .filter(row::Column::Outcome.eq(Outcome::Done.as_str()))
        .order_by_asc(row::Column::Seq)
        .all(db)
        .await?)
}
