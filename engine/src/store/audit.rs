//! The record: appended in the transaction of the act, read for the audit page. Nothing updates or deletes here.

use domain::{
    Instant,
    audit::{self, Record, RecordFilter},
    event::Event,
    person::PersonId,
};
use sea_orm::{
    Condition, DbBackend, ExprTrait, QueryOrder, QuerySelect, Select, Set,
    entity::prelude::*,
    sea_query::{Expr, LikeExpr},
};

use super::{head::Head, us};
use crate::{
    ctx::{Caller, Ctx},
    error::Result,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub kind: String,
        pub outcome: String,
        pub actor_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub role_id: Option<Uuid>,
        pub activation_id: Option<Uuid>,
        pub number: Option<i64>,
        pub body: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// So many rows go into one statement; both databases bound its values.
const ROWS: usize = 500;

/// Appends one record a fact to the chain. Gives the new head.
pub(crate) async fn append<C: ConnectionTrait>(
    db: &C,
    head: &Head,
    ctx: &Ctx,
    facts: &[Event],
    now: Instant,
) -> Result<Head> {
    let mut head = head.clone();
    for facts in facts.chunks(ROWS) {
        let mut records = Vec::with_capacity(facts.len());
        for fact in facts {
            let record;
            (record, head) = chained(&head, ctx, fact, now);
            records.push(record);
        }
        row::Entity::insert_many(records).exec_without_returning(db).await?;
    }
    Ok(head)
}

/// The record that follows the head, and the head with it.
pub(crate) fn chained(head: &Head, ctx: &Ctx, event: &Event, now: Instant) -> (row::ActiveModel, Head) {
    let record = record(head.seq + 1, ctx, event, now);
    let body = record.canonical();
    let hash = audit::link(&head.hash, &body);
    let actor = match ctx.caller {
        Caller::Person(signed) => Some(signed.person.uuid()),
        Caller::Nobody | Caller::Stint | Caller::Host => None,
    };
    let head = Head { seq: record.seq, hash, ..head.clone() };
    let model = row::ActiveModel {
        seq: Set(record.seq),
        at: Set(record.at),
        kind: Set(record.kind),
        outcome: Set(record.outcome),
        actor_id: Set(actor),
        person_id: Set(event.person.map(|id| id.uuid())),
        role_id: Set(event.role.map(|id| id.uuid())),
        activation_id: Set(event.activation.map(|(id, _)| id.uuid())),
        number: Set(event.activation.map(|(_, number)| number)),
        body: Set(body),
        hash: Set(audit::hex(&hash)),
    };
    (model, head)
}

fn record(seq: i64, ctx: &Ctx, event: &Event, now: Instant) -> Record {
    let (actor_kind, signed) = match ctx.caller {
        Caller::Person(signed) => ("person", Some(signed)),
        Caller::Nobody => ("nobody", None),
        Caller::Stint => ("stint", None),
        Caller::Host => ("host", None),
    };
    let filled = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    Record {
        v: audit::VERSION,
        seq,
        at: us(now),
        kind: event.kind.as_str().to_owned(),
        outcome: event.outcome.as_str().to_owned(),
        actor: signed.map(|signed| signed.person.to_string()),
        actor_kind: actor_kind.to_owned(),
        session: signed.map(|signed| signed.session.to_string()),
        address: filled(&ctx.client.address),
        mfa_at: signed.map(|signed| us(signed.mfa_at)),
        request: filled(&ctx.request_id),
        person: event.person.map(|id| id.to_string()),
        group: event.group.map(|id| id.to_string()),
        role: event.role.map(|id| id.to_string()),
        scope: event.scope.as_ref().map(ToString::to_string),
        assignment: event.assignment.map(|id| id.to_string()),
        activation: event.activation.map(|(id, _)| id.to_string()),
        number: event.activation.map(|(_, number)| number),
        before: event.before.clone(),
        after: event.after.clone(),
        reason: event.reason.clone(),
    }
}

/// Which side of a record a person stands on. Asked for one at a time, because each has its index.
#[derive(Clone, Copy)]
enum Side {
    Actor(PersonId),
    /// About them, and not done by them.
    Subject(PersonId),
}

/// Records that fit, newest first: below `before`, above `floor`.
pub(crate) async fn newest<C: ConnectionTrait>(
    db: &C,
    filter: &RecordFilter,
    (floor, before): (i64, i64),
    most: u64,
) -> Result<Vec<row::Model>> {
    let sides = match filter.person {
        Some(person) => vec![Some(Side::Actor(person)), Some(Side::Subject(person))],
        None => vec![None],
    };
    let mut found = Vec::new();
    for side in sides {
        let rows = fitting(db.get_database_backend(), filter, side)
            .filter(row::Column::Seq.gt(floor))
            .filter(row::Column::Seq.lt(before))
            .order_by_desc(row::Column::Seq)
            .limit(most)
            .all(db)
            .await?;
        found.extend(rows);
    }
    found.sort_unstable_by_key(|row| std::cmp::Reverse(row.seq));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Records that fit, oldest first: above `after`, up to `up_to`.
pub(crate) async fn oldest<C: ConnectionTrait>(
    db: &C,
    filter: &RecordFilter,
    (after, up_to): (i64, i64),
    most: u64,
) -> Result<Vec<row::Model>> {
    let mut select = fitting(db.get_database_backend(), filter, None);
    if let Some(person) = filter.person {
        let either = Condition::any()
            .add(row::Column::ActorId.eq(person.uuid()))
            .add(row::Column::PersonId.eq(person.uuid()));
        select = select.filter(either);
    }
    Ok(select
        .filter(row::Column::Seq.gt(after))
        .filter(row::Column::Seq.lte(up_to))
        .order_by_asc(row::Column::Seq)
        .limit(most)
        .all(db)
        .await?)
}

fn fitting(backend: DbBackend, filter: &RecordFilter, side: Option<Side>) -> Select<row::Entity> {
    use row::Column;
    let mut fits = Condition::all()
        .add_option(filter.from.map(|from| Column::At.gte(us(from))))
        .add_option(filter.until.map(|until| Column::At.lt(us(until))))
        .add_option(filter.role.map(|role| Column::RoleId.eq(role.uuid())))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind.as_str())))
        .add_option(filter.refused.map(|refused| {
            let done = audit_done();
            if refused { Column::Outcome.ne(done) } else { Column::Outcome.eq(done) }
        }))
        .add_option(filter.text.as_deref().map(|text| says(backend, text)));
    match side {
        Some(Side::Actor(person)) => fits = fits.add(Column::ActorId.eq(person.uuid())),
        Some(Side::Subject(person)) => {
            let by_others =
                Condition::any().add(Column::ActorId.is_null()).add(Column::ActorId.ne(person.uuid()));
            fits = fits.add(Column::PersonId.eq(person.uuid())).add(by_others);
        }
        None => {}
    }
    row::Entity::find().filter(fits)
}

const fn audit_done() -> &'static str {
    domain::event::Outcome::Done.as_str()
}

/// The number that a text such as R-20931 names.
pub(crate) fn number(text: &str) -> Option<i64> {
    text.trim().strip_prefix(['R', 'r'])?.strip_prefix('-')?.parse().ok()
}

/// A text as it stands in the body, which is JSON.
pub(crate) fn as_written(text: &str) -> String {
    let quoted = serde_json::Value::String(text.trim().to_owned()).to_string();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// A number is looked up; everything else is looked for in the body, without regard to the case of letters.
fn says(backend: DbBackend, text: &str) -> Expr {
    if let Some(number) = number(text) {
        return row::Column::Number.eq(number);
    }
    let inner = as_written(text);
    // LIKE disregards case on SQLite only, and PostgreSQL's ILIKE knows no escape but the backslash.
    let pattern = |escape: char| {
        let plain = [escape, '%', '_']
            .iter()
            .fold(inner.clone(), |text, c| text.replace(*c, &format!("{escape}{c}")));
        LikeExpr::new(format!("%{plain}%"))
    };
    match backend {
        DbBackend::Postgres => row::Column::Body.ilike(pattern('\\')),
        _ => row::Column::Body.like(pattern('!').escape('!')),
    }
}

/// Records in the order of the chain, for its verification: above `after`, up to `up_to`.
pub(crate) async fn chain<C: ConnectionTrait>(
    db: &C,
    after: i64,
    up_to: i64,
    most: u64,
) -> Result<Vec<Link>> {
    use row::Column::{ActivationId, ActorId, At, Body, Hash, Kind, Number, Outcome, PersonId, RoleId, Seq};
    let rows: Vec<Link> = row::Entity::find()
        .select_only()
        .columns([Seq, At, Kind, Outcome, ActorId, PersonId, RoleId, ActivationId, Number, Body, Hash])
        .filter(Seq.gt(after))
        .filter(Seq.lte(up_to))
        .order_by_asc(Seq)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}

/// A row as the verification takes it: in the order of the table's columns, read by place, because a name would be
/// looked up for every one of them.
pub(crate) type Link = (
    i64,
    i64,
    String,
    String,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    Option<i64>,
    String,
    String,
);

/// The hash of the record of this number, in hexadecimal.
pub(crate) async fn hash_of<C: ConnectionTrait>(db: &C, seq: i64) -> Result<Option<String>> {
    Ok(row::Entity::find_by_id(seq).select_only().column(row::Column::Hash).into_tuple().one(db).await?)
}

/// The highest number in the table, whatever the head says.
pub(crate) async fn highest<C: ConnectionTrait>(db: &C) -> Result<i64> {
    let highest: Option<Option<i64>> = row::Entity::find()
        .select_only()
        .column_as(Expr::col(row::Column::Seq).max(), "highest")
        .into_tuple()
        .one(db)
        .await?;
    Ok(highest.flatten().unwrap_or_default())
}

/// What a live page may be about: kind, actor, person, role and activation of a record.
pub(crate) type Heard = (String, Option<Uuid>, Option<Uuid>, Option<Uuid>, Option<Uuid>);

/// The new records after `after`, up to `up_to`.
pub(crate) async fn heard<C: ConnectionTrait>(
    db: &C,
    after: i64,
    up_to: i64,
    most: u64,
) -> Result<Vec<Heard>> {
    use row::Column::{ActivationId, ActorId, Kind, PersonId, RoleId, Seq};
    Ok(row::Entity::find()
        .select_only()
        .columns([Kind, ActorId, PersonId, RoleId, ActivationId])
        .filter(Seq.gt(after))
        .filter(Seq.lte(up_to))
        .order_by_asc(Seq)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?)
}
