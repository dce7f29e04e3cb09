//! The keys that sign access tokens, sealed; all instances share them.

use domain::Instant;
use sea_orm::{QueryOrder, Set, entity::prelude::*};

use crate::{
    error::Result,
    store::{at, us},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signing_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub made_at: i64,
        pub sealed: Vec<u8>,
        pub public: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A key as stored.
#[derive(Clone)]
pub(crate) struct SigningKey {
    /// The `kid` of tokens that it signs.
    pub id: String,
    pub made_at: Instant,
    /// The private half, sealed in the place of this key.
    pub sealed: Vec<u8>,
    /// The public half.
    pub public: Vec<u8>,
}

/// All keys, newest first.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<SigningKey>> {
    let rows =
        row::Entity::find().order_by_desc(row::Column::MadeAt).order_by_desc(row::Column::Id).all(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(SigningKey { id: row.id, made_at: at(row.made_at)?, sealed: row.sealed, public: row.public })
        })
        .collect()
}

/// Adds a key; those made before `retired_before` go.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    key: &SigningKey,
    retired_before: Instant,
) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::MadeAt.lt(us(retired_before))).exec(db).await?;
    let model = row::ActiveModel {
        id: Set(key.id.clone()),
        made_at: Set(us(key.made_at)),
        sealed: Set(key.sealed.clone()),
        public: Set(key.public.clone()),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}
