//! A few numbers for whoever watches the process. No names, nothing that anybody may not know.

use crate::{
    Engine,
    error::Result,
    store::{self, activation::Work},
};

/// What was counted at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    /// Ends of activations that are past and not carried out yet.
    pub overdue_ends: u64,
    /// Messages that wait for delivery.
    pub outbox_waiting: u64,
    /// The number of the newest record.
    pub records: u64,
    /// Whether the disk is full, so that nothing new is granted.
    pub storage_full: bool,
}

impl Engine {
    /// Counts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn measure(&self) -> Result<Measures> {
        let db = self.readers();
        let overdue = store::activation::ids_due_for(db, Work::Ends, self.now()).await?.len();
        let records = store::head::read(db).await?.seq;
        Ok(Measures {
            overdue_ends: u64::try_from(overdue).unwrap_or(u64::MAX),
            outbox_waiting: store::outbox::waiting(db).await?,
            records: u64::try_from(records).unwrap_or_default(),
            storage_full: self.reserve().is_spent(),
        })
    }
}

#[cfg(test)]
mod tests {
    crate::on_every_database!(a_quiet_stint_has_nothing_overdue, world, {
        let measured = world.engine.measure().await.unwrap();
        assert_eq!((measured.overdue_ends, measured.outbox_waiting), (0, 0));
        world.engine.close().await;
    });
}
