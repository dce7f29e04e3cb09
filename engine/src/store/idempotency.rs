//! Answers kept under a caller's key, so that a repeated command is carried out once. Written in the transaction of the
//! command.

use domain::{Instant, Span};
use sea_orm::{Set, entity::prelude::*};

use super::us;
use crate::{ctx::IdempotencyKey, error::Result};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub caller: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub request_hash: String,
        pub status: i64,
        pub body: String,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How long an answer is kept.
const LIFE: Span = Span::hours(24);

/// The hash of the request and the sealed answer under this key, if it is not too old.
pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    caller: &str,
    key: &str,
    now: Instant,
) -> Result<Option<(String, String)>> {
    let row = row::Entity::find_by_id((caller.to_owned(), key.to_owned()))
        .filter(row::Column::MadeAt.gt(us(LIFE.before(now))))
        .one(db)
        .await?;
    Ok(row.map(|row| (row.request_hash, row.body)))
}

/// Keeps the answer; those that are too old go.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    caller: &str,
    key: &IdempotencyKey,
    sealed: &str,
    now: Instant,
) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::MadeAt.lte(us(LIFE.before(now)))).exec(db).await?;
    let model = row::ActiveModel {
        caller: Set(caller.to_owned()),
        key: Set(key.key.clone()),
        request_hash: Set(key.request_hash.clone()),
        status: Set(0),
        body: Set(sealed.to_owned()),
        made_at: Set(us(now)),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}
