//! Messages on their way: written in the transaction of the act, their progress by the narrow helper.

mod reached;

pub(crate) use reached::{Reached, reached};

use domain::{Id, Instant, notification::MessageId, person::PersonId};
use sea_orm::{
    Condition, ExprTrait, QueryOrder, QuerySelect, Set,
    entity::prelude::*,
    sea_query::{Expr, LikeExpr, OnConflict},
};

use super::us;
use crate::error::Result;

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dedup: String,
        pub template: String,
        pub params: String,
        pub address: String,
        pub person_id: Option<Uuid>,
        pub event_seq: Option<i64>,
        pub created_at: i64,
        /// None when it was delivered, or will not be.
        pub next_try_at: Option<i64>,
        pub attempts: i64,
        pub leased_until: Option<i64>,
        pub delivered_at: Option<i64>,
        pub last_error: Option<String>,
        /// The one-time link, sealed; erased once it is delivered or void.
        pub sealed: Option<Vec<u8>>,
        /// When what it said was erased; `params` then holds its subject only.
        pub erased_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A message as it is written.
#[derive(Debug)]
pub(crate) struct NewMessage {
    pub id: MessageId,
    pub dedup: String,
    pub template: &'static str,
    pub params: String,
    pub address: String,
    pub person: PersonId,
    pub event_seq: Option<i64>,
    pub sealed: Option<Vec<u8>>,
}

/// So many rows go into one statement; both databases bound its values.
const ROWS: usize = 500;

/// Writes messages, due at once. One that is there already under the same key is left alone.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    messages: Vec<NewMessage>,
    now: Instant,
) -> Result<()> {
    let mut models = messages.into_iter().map(|message| row::ActiveModel {
        id: Set(message.id.uuid()),
        dedup: Set(message.dedup),
        template: Set(message.template.to_owned()),
        params: Set(message.params),
        address: Set(message.address),
        person_id: Set(Some(message.person.uuid())),
        event_seq: Set(message.event_seq),
        created_at: Set(us(now)),
        next_try_at: Set(Some(us(now))),
        attempts: Set(0),
        leased_until: Set(None),
        delivered_at: Set(None),
        last_error: Set(None),
        sealed: Set(message.sealed),
        erased_at: Set(None),
    });
    loop {
        let chunk: Vec<_> = models.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        row::Entity::insert_many(chunk)
            .on_conflict(OnConflict::column(row::Column::Dedup).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
    }
}

/// The message of this kind that was written to this address at this moment, if any, with its params. Not one on its way.
pub(crate) async fn of_this_act<C: ConnectionTrait>(
    db: &C,
    template: &str,
    address: &str,
    now: Instant,
) -> Result<Vec<(MessageId, String)>> {
    let rows: Vec<(Uuid, String)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::Params])
        .filter(row::Column::CreatedAt.eq(us(now)))
        .filter(row::Column::Template.eq(template))
        .filter(row::Column::Address.eq(address))
        .filter(row::Column::DeliveredAt.is_null())
        .filter(row::Column::LeasedUntil.is_null())
        .filter(row::Column::Attempts.eq(0))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, params)| (Id::new(id), params)).collect())
}

pub(crate) async fn set_params<C: ConnectionTrait>(db: &C, id: MessageId, params: String) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel { params: Set(params), ..Default::default() })
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(row::Column::DeliveredAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Whether a one-time link for this person was handed to the outbox at this moment.
pub(crate) async fn has_link<C: ConnectionTrait>(db: &C, person: PersonId, now: Instant) -> Result<bool> {
    let found = row::Entity::find()
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::CreatedAt.eq(us(now)))
        .filter(row::Column::Sealed.is_not_null())
        .count(db)
        .await?;
    Ok(found > 0)
}

/// Links of this person that were not delivered will not be: all, or those from before an instant.
pub(crate) async fn forget_links<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    before: Option<Instant>,
    why: &str,
) -> Result<()> {
    let older = Condition::all().add_option(before.map(|before| row::Column::CreatedAt.lt(us(before))));
    row::Entity::update_many()
        .set(row::ActiveModel {
            sealed: Set(None),
            next_try_at: Set(None),
            leased_until: Set(None),
            last_error: Set(Some(why.to_owned())),
            ..Default::default()
        })
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::Sealed.is_not_null())
        .filter(row::Column::DeliveredAt.is_null())
        .filter(older)
        .exec(db)
        .await?;
    Ok(())
}

/// What is asked of people, as against what they are told: it is taken first.
const QUESTION: &str = "activation_asked";

/// How many addresses there is room for, in all and for those where the last try failed; those being delivered to are
/// left alone.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub addresses: usize,
    pub failing: usize,
    pub busy: Vec<String>,
}

/// Takes messages that are due and that nobody else is delivering, until `until`: questions first, then what had no
/// trouble yet, then what had; each oldest first. Gives them by address.
pub(crate) async fn lease<C: ConnectionTrait>(
    db: &C,
    room: &Room,
    now: Instant,
    until: Instant,
    most: u64,
) -> Result<Vec<Vec<row::Model>>> {
    let free =
        Condition::any().add(row::Column::LeasedUntil.is_null()).add(row::Column::LeasedUntil.lte(us(now)));
    let smooth = || Condition::all().add(row::Column::LastError.is_null());
    let turns = [
        smooth().add(row::Column::Template.eq(QUESTION)),
        smooth().add(row::Column::Template.ne(QUESTION)),
        Condition::all().add(row::Column::LastError.is_not_null()),
    ];
    let mut taken: Vec<Vec<row::Model>> = Vec::new();
    let (mut left, mut failing) = (most, 0);
    for turn in turns {
        let due = row::Entity::find()
            .filter(row::Column::NextTryAt.lte(us(now)))
            .filter(row::Column::DeliveredAt.is_null())
            .filter(row::Column::Address.is_not_in(&room.busy))
            .filter(free.clone())
            .filter(turn)
            .order_by_asc(row::Column::NextTryAt)
            .limit(left)
            .all(db)
            .await?;
        for row in due {
            if let Some(of_address) = taken.iter_mut().find(|rows| is_to(rows, &row.address)) {
                of_address.push(row);
            } else if taken.len() < room.addresses && (row.last_error.is_none() || failing < room.failing) {
                failing += usize::from(row.last_error.is_some());
                taken.push(vec![row]);
            } else {
                continue;
            }
            left = left.saturating_sub(1);
        }
    }
    let leased = row::Entity::update_many()
        .set(row::ActiveModel { leased_until: Set(Some(us(until))), ..Default::default() })
        .filter(row::Column::Id.is_in(taken.iter().flatten().map(|row| row.id)))
        .filter(row::Column::DeliveredAt.is_null())
        .filter(free)
        .exec(db)
        .await?;
    // Writers are one after another, so nobody can have taken one in between.
    debug_assert_eq!(u64::try_from(taken.iter().flatten().count()).ok(), Some(leased.rows_affected));
    Ok(taken)
}

fn is_to(rows: &[row::Model], address: &str) -> bool {
    rows.first().is_some_and(|row| row.address == address)
}

/// The mail server took it: nothing secret stays.
pub(crate) async fn delivered<C: ConnectionTrait>(db: &C, id: MessageId, now: Instant) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel {
            delivered_at: Set(Some(us(now))),
            next_try_at: Set(None),
            leased_until: Set(None),
            last_error: Set(None),
            sealed: Set(None),
            ..Default::default()
        })
        .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).add(1))
        .filter(row::Column::Id.eq(id.uuid()))
        .filter(row::Column::DeliveredAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// A message that is to be tried. A link that became void meanwhile stays so.
fn still_waits(id: MessageId) -> Condition {
    Condition::all()
        .add(row::Column::Id.eq(id.uuid()))
        .add(row::Column::DeliveredAt.is_null())
        .add(row::Column::NextTryAt.is_not_null())
}

/// It was not tried in its turn: then it will be.
pub(crate) async fn put_off<C: ConnectionTrait>(
    db: &C,
    id: MessageId,
    why: &str,
    next_try_at: Instant,
) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel {
            next_try_at: Set(Some(us(next_try_at))),
            leased_until: Set(None),
            last_error: Set(Some(why.to_owned())),
            ..Default::default()
        })
        .filter(still_waits(id))
        .exec(db)
        .await?;
    Ok(())
}

/// It was not taken: tried again then, or never when there is no next try.
pub(crate) async fn failed<C: ConnectionTrait>(
    db: &C,
    id: MessageId,
    why: &str,
    next_try_at: Option<Instant>,
) -> Result<()> {
    let mut change = row::ActiveModel {
        next_try_at: Set(next_try_at.map(us)),
        leased_until: Set(None),
        last_error: Set(Some(why.to_owned())),
        ..Default::default()
    };
    if next_try_at.is_none() {
        change.sealed = Set(None);
    }
    row::Entity::update_many()
        .set(change)
        .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).add(1))
        .filter(still_waits(id))
        .exec(db)
        .await?;
    Ok(())
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: MessageId) -> Result<Option<row::Model>> {
    Ok(row::Entity::find_by_id(id.uuid()).one(db).await?)
}

/// How many messages wait for delivery.
pub(crate) async fn waiting<C: ConnectionTrait>(db: &C) -> Result<u64> {
    Ok(row::Entity::find().filter(row::Column::NextTryAt.is_not_null()).count(db).await?)
}

/// Messages, newest first, after the one that the page before ended with; only to addresses that contain a text.
pub(crate) async fn newest_first<C: ConnectionTrait>(
    db: &C,
    after: Option<&row::Model>,
    search: Option<&str>,
    most: u64,
) -> Result<Vec<row::Model>> {
    let mut select = row::Entity::find();
    if let Some(after) = after {
        let older = Condition::any().add(row::Column::CreatedAt.lt(after.created_at)).add(
            Condition::all()
                .add(row::Column::CreatedAt.eq(after.created_at))
                .add(row::Column::Id.lt(after.id)),
        );
        select = select.filter(older);
    }
    if let Some(search) = search {
        let plain = search.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let address = sea_orm::sea_query::Func::lower(Expr::col(row::Column::Address));
        select = select.filter(Expr::expr(address).like(LikeExpr::new(format!("%{plain}%")).escape('!')));
    }
    Ok(select
        .order_by_desc(row::Column::CreatedAt)
        .order_by_desc(row::Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

/// What was to be tried after `now` is due now: the clock was set back. Whoever has taken a message keeps it until `until` at
/// most.
pub(crate) async fn none_after<C: ConnectionTrait>(db: &C, now: Instant, until: Instant) -> Result<()> {
    use row::Column::{LeasedUntil, NextTryAt};
    for (column, latest) in [(NextTryAt, now), (LeasedUntil, until)] {
        row::Entity::update_many()
            .col_expr(column, Expr::value(us(latest)))
            .filter(column.gt(us(latest)))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Nothing that waits goes out any more. Gives how many messages waited.
pub(crate) async fn forget_every<C: ConnectionTrait>(db: &C, why: &str) -> Result<u64> {
    let forgotten = row::Entity::update_many()
        .set(row::ActiveModel {
            next_try_at: Set(None),
            leased_until: Set(None),
            last_error: Set(Some(why.to_owned())),
            sealed: Set(None),
            ..Default::default()
        })
        .filter(row::Column::NextTryAt.is_not_null())
        .exec(db)
        .await?;
    Ok(forgotten.rows_affected)
}

/// Messages that are over and were written until `until`, oldest first, whose words are still there.
pub(crate) async fn to_erase<C: ConnectionTrait>(
    db: &C,
    until: Instant,
    most: u64,
) -> Result<Vec<row::Model>> {
    Ok(row::Entity::find()
        .filter(row::Column::ErasedAt.is_null())
        .filter(row::Column::CreatedAt.lte(us(until)))
        .filter(row::Column::NextTryAt.is_null())
        .order_by_asc(row::Column::CreatedAt)
        .limit(most)
        .all(db)
        .await?)
}

/// Erases what messages said, but for these subjects.
pub(crate) async fn erase<C: ConnectionTrait>(
    db: &C,
    subjects: Vec<(MessageId, String)>,
    now: Instant,
) -> Result<()> {
    for (id, subject) in subjects {
        row::Entity::update_many()
            .set(row::ActiveModel {
                params: Set(subject),
                sealed: Set(None),
                erased_at: Set(Some(us(now))),
                ..Default::default()
            })
            .filter(row::Column::Id.eq(id.uuid()))
            .filter(row::Column::NextTryAt.is_null())
            .exec(db)
            .await?;
    }
    Ok(())
}
