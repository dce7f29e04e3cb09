//! Sessions with the hashes of their refresh tokens. Those that are over stay, for the record's sake.

pub(crate) mod signing_key;

use std::collections::HashMap;

use domain::{
    Id, Instant,
    person::PersonId,
    session::{Session, SessionId, SessionKind},
    sign_in::SignInId,
};
use sea_orm::{
    Condition, ExprTrait, QueryOrder, QuerySelect, QueryTrait, Set, entity::prelude::*, sea_query::Expr,
};

use super::{at, at_opt, to_word, us, word};
use crate::{
    Client,
    error::{Error, Result},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub sign_in_id: Uuid,
        pub kind: String,
        pub client: String,
        pub address: String,
        pub started_at: i64,
        pub used_at: i64,
        pub mfa_at: i64,
        pub ended_at: Option<i64>,
        pub refresh_hash: String,
        pub previous_hash: Option<String>,
        pub successor_used_at: Option<i64>,
        pub generation: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A session with what is known of its refresh tokens.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub session: Session,
    pub client: Client,
    /// The newest token that was given out, not used yet.
    pub refresh_hash: String,
    /// The one before it.
    pub previous_hash: Option<String>,
    /// When the one before it was first used.
    pub successor_used_at: Option<Instant>,
}

impl TryFrom<row::Model> for Stored {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            session: Session {
                id: Id::new(row.id),
                person: Id::new(row.person_id),
                sign_in: Id::new(row.sign_in_id),
                kind: word(&row.kind)?,
                started_at: at(row.started_at)?,
                used_at: at(row.used_at)?,
                mfa_at: at(row.mfa_at)?,
                ended_at: at_opt(row.ended_at)?,
            },
            client: Client { address: row.address, agent: row.client },
            refresh_hash: row.refresh_hash,
            previous_hash: row.previous_hash,
            successor_used_at: at_opt(row.successor_used_at)?,
        })
    }
}

/// A new session.
pub(crate) struct New {
    pub id: SessionId,
    pub person: PersonId,
    pub sign_in: SignInId,
    pub kind: SessionKind,
    pub client: Client,
    pub mfa_at: Instant,
    pub refresh_hash: String,
}

pub(crate) async fn insert<C: ConnectionTrait>(db: &C, new: New, now: Instant) -> Result<()> {
    let model = row::ActiveModel {
        id: Set(new.id.uuid()),
        person_id: Set(new.person.uuid()),
        sign_in_id: Set(new.sign_in.uuid()),
        kind: Set(to_word(&new.kind)),
        client: Set(new.client.agent),
        address: Set(new.client.address),
        started_at: Set(us(now)),
        used_at: Set(us(now)),
        mfa_at: Set(us(new.mfa_at)),
        ended_at: Set(None),
        refresh_hash: Set(new.refresh_hash),
        previous_hash: Set(None),
        successor_used_at: Set(None),
        generation: Set(1),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: SessionId) -> Result<Option<Stored>> {
    row::Entity::find_by_id(id.uuid()).one(db).await?.map(Stored::try_from).transpose()
}

/// The same, if its person is enabled.
pub(crate) async fn find_of_enabled<C: ConnectionTrait>(db: &C, id: SessionId) -> Result<Option<Stored>> {
    use super::person::row as person;
    let mut select = row::Entity::find_by_id(id.uuid()).filter(person::Column::DisabledAt.is_null());
    QueryTrait::query(&mut select).inner_join(
        person::Entity,
        Expr::col((person::Entity, person::Column::Id)).equals((row::Entity, row::Column::PersonId)),
    );
    select.one(db).await?.map(Stored::try_from).transpose()
}

/// The sessions of a person that count at `now`, last used first.
pub(crate) async fn live_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    now: Instant,
) -> Result<Vec<Stored>> {
    let rows = row::Entity::find()
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::EndedAt.is_null())
        .filter(row::Column::StartedAt.gt(us(domain::session::SESSION_LIFE.before(now))))
        .order_by_desc(row::Column::UsedAt)
        .order_by_desc(row::Column::Id)
        .all(db)
        .await?;
    let stored: Result<Vec<Stored>> = rows.into_iter().map(Stored::try_from).collect();
    Ok(stored?.into_iter().filter(|stored| stored.session.is_live(now)).collect())
}

/// When each of these people signed in last.
pub(crate) async fn last_started<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Instant>> {
    let mut last = HashMap::new();
    for chunk in people.chunks(500) {
        let rows: Vec<(Uuid, i64)> = row::Entity::find()
            .select_only()
            .column(row::Column::PersonId)
            .column_as(row::Column::StartedAt.max(), "last")
            .filter(row::Column::PersonId.is_in(chunk.iter().map(|id| id.uuid())))
            .group_by(row::Column::PersonId)
            .into_tuple()
            .all(db)
            .await?;
        for (person, started_at) in rows {
            last.insert(Id::new(person), at(started_at)?);
        }
    }
    Ok(last)
}

/// The first use of the token with the hash `used`: the one with the hash `next` follows it. False when somebody else
/// was faster or the session is over.
pub(crate) async fn rotate<C: ConnectionTrait>(
    db: &C,
    id: SessionId,
    (used, next): (&str, &str),
    client: &Client,
    now: Instant,
) -> Result<bool> {
    let rotated = row::Entity::update_many()
        .set(row::ActiveModel {
            refresh_hash: Set(next.to_owned()),
            previous_hash: Set(Some(used.to_owned())),
            successor_used_at: Set(Some(us(now))),
            address: Set(client.address.clone()),
            client: Set(client.agent.clone()),
            ..Default::default()
        })
        .col_expr(row::Column::Generation, Expr::col(row::Column::Generation).add(1))
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(row::Column::RefreshHash.eq(used))
        .filter(row::Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(rotated.rows_affected == 1)
}

/// Notes navigation or an act, unless one was noted after `unless_since`.
pub(crate) async fn touch<C: ConnectionTrait>(
    db: &C,
    id: SessionId,
    unless_since: Instant,
    now: Instant,
) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel { used_at: Set(us(now)), ..Default::default() })
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(row::Column::EndedAt.is_null())
        .filter(row::Column::UsedAt.lte(us(unless_since)))
        .exec(db)
        .await?;
    Ok(())
}

/// The second factor was proved in a session; false when it is over.
pub(crate) async fn proved<C: ConnectionTrait>(db: &C, id: SessionId, now: Instant) -> Result<bool> {
    let proved = row::Entity::update_many()
        .set(row::ActiveModel { mfa_at: Set(us(now)), used_at: Set(us(now)), ..Default::default() })
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(row::Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(proved.rows_affected == 1)
}

/// Ends one session; false when it had ended.
pub(crate) async fn end<C: ConnectionTrait>(db: &C, id: SessionId, now: Instant) -> Result<bool> {
    Ok(end_which(db, Condition::all().add(row::Column::Id.eq(id.uuid())), now).await? == 1)
}

/// Ends all sessions of a person but one. Gives how many there were.
pub(crate) async fn end_all<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    but: Option<SessionId>,
    now: Instant,
) -> Result<u64> {
    let mut which = Condition::all().add(row::Column::PersonId.eq(person.uuid()));
    if let Some(but) = but {
        which = which.add(row::Column::Id.ne(but.uuid()));
    }
    end_which(db, which, now).await
}

/// Ends every session. Gives how many there were.
pub(crate) async fn end_every<C: ConnectionTrait>(db: &C, now: Instant) -> Result<u64> {
    end_which(db, Condition::all(), now).await
}

async fn end_which<C: ConnectionTrait>(db: &C, which: Condition, now: Instant) -> Result<u64> {
    let ended = row::Entity::update_many()
        .set(row::ActiveModel { ended_at: Set(Some(us(now))), ..Default::default() })
        .filter(which.add(row::Column::EndedAt.is_null()))
        .exec(db)
        .await?;
    Ok(ended.rows_affected)
}

/// What sessions say of instants after `since` is of a clock that was `ahead` by so much: nothing of it lasts longer for
/// that, and nothing is after `now`. A second factor that was proved then was never proved, not even when its instant comes.
pub(crate) async fn none_after<C: ConnectionTrait>(
    db: &C,
    since: Instant,
    ahead: chrono::TimeDelta,
    now: Instant,
) -> Result<()> {
    use row::Column::{EndedAt, MfaAt, StartedAt, SuccessorUsedAt, UsedAt};
    let ahead = ahead.num_microseconds().unwrap_or(i64::MAX);
    row::Entity::update_many()
        .col_expr(MfaAt, Expr::value(0_i64))
        .filter(MfaAt.gt(us(since)))
        .exec(db)
        .await?;
    for column in [StartedAt, UsedAt, SuccessorUsedAt] {
        row::Entity::update_many()
            .col_expr(column, Expr::col(column).sub(ahead))
            .filter(EndedAt.is_null())
            .filter(column.gt(us(since)))
            .exec(db)
            .await?;
        row::Entity::update_many()
            .col_expr(column, Expr::value(us(now)))
            .filter(EndedAt.is_null())
            .filter(column.gt(us(now)))
            .exec(db)
            .await?;
    }
    Ok(())
}
