//! Counters of failed attempts, one row a key. Old ones are forgotten, so that the table does not grow.

use domain::{Instant, Span};
use sea_orm::{
    ExprTrait, Set,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
};

use crate::{
    error::Result,
    store::{at, us},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub failures: i64,
        pub last_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// After so much quiet a counter is forgotten. One attempt a minute, which is the longest delay, is more than the free
/// ones that this gives back.
const FORGOTTEN_AFTER: Span = Span::hours(1);

/// Failures under a key, and when the last one was.
pub(crate) async fn read<C: ConnectionTrait>(
    db: &C,
    key: &str,
    now: Instant,
) -> Result<Option<(u32, Instant)>> {
    let row = row::Entity::find_by_id(key.to_owned())
        .filter(row::Column::LastAt.gt(us(FORGOTTEN_AFTER.before(now))))
        .one(db)
        .await?;
    row.map(|row| Ok((u32::try_from(row.failures).unwrap_or(u32::MAX), at(row.last_at)?))).transpose()
}

/// Sets how many failures there are under a key now, and forgets old counters.
pub(crate) async fn write<C: ConnectionTrait>(db: &C, key: &str, failures: u32, now: Instant) -> Result<()> {
    row::Entity::delete_many()
        .filter(row::Column::LastAt.lte(us(FORGOTTEN_AFTER.before(now))))
        .exec(db)
        .await?;
    let model = row::ActiveModel {
        key: Set(key.to_owned()),
        failures: Set(i64::from(failures)),
        last_at: Set(us(now)),
    };
    row::Entity::insert(model)
        .on_conflict(
            OnConflict::column(row::Column::Key)
                .update_columns([row::Column::Failures, row::Column::LastAt])
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Forgets these counters.
pub(crate) async fn forget<C: ConnectionTrait>(db: &C, keys: &[String]) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::Key.is_in(keys)).exec(db).await?;
    Ok(())
}

/// Takes back one failure under a key.
pub(crate) async fn take_back<C: ConnectionTrait>(db: &C, key: &str) -> Result<()> {
    row::Entity::update_many()
        .col_expr(row::Column::Failures, Expr::col(row::Column::Failures).sub(1))
        .filter(row::Column::Key.eq(key))
        .filter(row::Column::Failures.gt(0))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets counters from a time after `since`: the clock was wrong, and they would delay until it is there again.
pub(crate) async fn forget_after<C: ConnectionTrait>(db: &C, since: Instant) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::LastAt.gt(us(since))).exec(db).await?;
    Ok(())
}
