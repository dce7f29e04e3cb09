//! Recovery codes, as keyed hashes. Those that were replaced are gone; those that were used stay as used until then.

use domain::{Instant, sign_in::SignInId};
use sea_orm::{PaginatorTrait, Set, entity::prelude::*};

use crate::{Env, error::Result, store::us};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub sign_in_id: Uuid,
        pub hash: String,
        pub made_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Makes these the only recovery codes.
pub(crate) async fn replace<C: ConnectionTrait>(
    db: &C,
    env: &Env,
    sign_in: SignInId,
    hashes: &[String],
    now: Instant,
) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::SignInId.eq(sign_in.uuid())).exec(db).await?;
    let models = hashes.iter().map(|hash| row::ActiveModel {
        id: Set(env.id::<()>().uuid()),
        sign_in_id: Set(sign_in.uuid()),
        hash: Set(hash.clone()),
        made_at: Set(us(now)),
        used_at: Set(None),
    });
    row::Entity::insert_many(models).exec_without_returning(db).await?;
    super::codes_made(db, sign_in, now).await
}

/// Uses up a code; false when there is none with this hash, or it was used already.
pub(crate) async fn use_up<C: ConnectionTrait>(
    db: &C,
    sign_in: SignInId,
    hash: &str,
    now: Instant,
) -> Result<bool> {
    let used = row::Entity::update_many()
        .set(row::ActiveModel { used_at: Set(Some(us(now))), ..Default::default() })
        .filter(row::Column::SignInId.eq(sign_in.uuid()))
        .filter(row::Column::Hash.eq(hash))
        .filter(row::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Uses up every code that is left. Gives how many there were.
pub(crate) async fn use_up_every<C: ConnectionTrait>(db: &C, now: Instant) -> Result<u64> {
    let used = row::Entity::update_many()
        .set(row::ActiveModel { used_at: Set(Some(us(now))), ..Default::default() })
        .filter(row::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(used.rows_affected)
}

/// How many are left.
pub(crate) async fn left<C: ConnectionTrait>(db: &C, sign_in: SignInId) -> Result<u32> {
    let left = row::Entity::find()
        .filter(row::Column::SignInId.eq(sign_in.uuid()))
        .filter(row::Column::UsedAt.is_null())
        .count(db)
        .await?;
    Ok(u32::try_from(left).unwrap_or(u32::MAX))
}
