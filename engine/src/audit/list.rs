//! The record as people read it: newest first, with names instead of ids.

use std::collections::HashMap;

use domain::{
    Id, Page,
    audit::{Record, RecordFilter, RecordRow},
    event::EventKind,
    group::{GroupId, GroupRef},
    page::PAGE_SIZE,
    person::{PersonId, PersonRef},
    role::{Role, RoleId},
    text,
};
use sea_orm::ConnectionTrait;

use super::require_reader;
use crate::{
    Ctx, Engine,
    error::{Error, Result},
    store::{self, audit::row},
};

/// How many records are looked through for a text in one answer. When nothing is found in them the answer is short and
/// says where to go on.
pub(super) const WINDOW: i64 = 250_000;

/// The whole record, for those who may read it.
///
/// # Errors
/// `signed_out`, `forbidden`, `too_long`.
pub async fn list(engine: &Engine, ctx: &Ctx, filter: RecordFilter) -> Result<Page<RecordRow>> {
    require_reader(engine, ctx).await?;
    page(engine, &checked(filter)?).await
}

/// How many of one's own records are looked through for a text in one answer.
const OWN_WINDOW: u64 = 2_000;

/// What the caller did and what was done to them. Where others acted from is not shown, and not found either.
///
/// # Errors
/// `signed_out`, `too_long`.
pub async fn own(engine: &Engine, ctx: &Ctx, filter: RecordFilter) -> Result<Page<RecordRow>> {
    let me = ctx.signed()?.person;
    let filter = checked(RecordFilter { person: Some(me), ..filter })?;
    let mut page = match filter.text.as_deref().filter(|text| store::audit::number(text).is_none()) {
        Some(text) => own_saying(engine, me, text, &filter).await?,
        None => page(engine, &filter).await?,
    };
    for row in &mut page.items {
        let by_another = row.actor.as_ref().is_some_and(|actor| actor.id != me);
        if by_another || row.actor_kind == HOST {
            row.address = None;
        }
    }
    Ok(page)
}

/// One's own records that say something, looked for in what is shown of them: whether a text is found must not tell
/// what is not.
async fn own_saying(
    engine: &Engine,
    me: PersonId,
    text: &str,
    filter: &RecordFilter,
) -> Result<Page<RecordRow>> {
    let db = engine.readers();
    let before = before(engine, filter).await?;
    let all = RecordFilter { text: None, ..filter.clone() };
    let mut rows = store::audit::newest(db, &all, (0, before), OWN_WINDOW + 1).await?;
    let window = usize::try_from(OWN_WINDOW).unwrap_or(usize::MAX);
    let more = rows.len() > window;
    rows.truncate(window);
    let mut next = rows.last().map(|row| row.seq).filter(|_| more);
    let (text, size) =
        (store::audit::as_written(text).to_lowercase(), usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let mut found = Vec::new();
    for row in rows {
        if !visible(parse(&row)?, me).canonical().to_lowercase().contains(&text) {
            continue;
        }
        if found.len() == size {
            next = found.last().map(|row: &row::Model| row.seq);
            break;
        }
        found.push(row);
    }
    Ok(Page { items: shown(db, found).await?, next: next.map(|seq| seq.to_string()) })
}

/// How the record names a command on the host.
const HOST: &str = "host";

/// A record without what its subject does not see of it.
fn visible(record: Record, me: PersonId) -> Record {
    let by_another = record.actor.as_ref().is_some_and(|actor| *actor != me.to_string());
    let address = record.address.filter(|_| !by_another && record.actor_kind != HOST);
    Record { address, session: None, mfa_at: None, request: None, ..record }
}

/// The shape of the filter.
pub(super) fn checked(mut filter: RecordFilter) -> Result<RecordFilter> {
    let text = text::optional("text", filter.text.as_deref().unwrap_or_default(), text::SEARCH)?;
    filter.text = Some(text).filter(|text| !text.is_empty());
    Ok(filter)
}

async fn page(engine: &Engine, filter: &RecordFilter) -> Result<Page<RecordRow>> {
    let db = engine.readers();
    let before = before(engine, filter).await?;
    let looks_through = filter.text.as_deref().is_some_and(|text| store::audit::number(text).is_none());
    let floor = if looks_through { before.saturating_sub(WINDOW).max(0) } else { 0 };
    let mut rows = store::audit::newest(db, filter, (floor, before), PAGE_SIZE + 1).await?;
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let next = if rows.len() > size {
        rows.truncate(size);
        rows.last().map(|row| row.seq)
    } else {
        Some(floor.saturating_add(1)).filter(|_| floor > 0)
    };
    Ok(Page { items: shown(db, rows).await?, next: next.map(|seq| seq.to_string()) })
}

/// The number below which records are asked for.
async fn before(engine: &Engine, filter: &RecordFilter) -> Result<i64> {
    match filter.before {
        Some(before) => Ok(before),
        None => Ok(store::head::read(engine.readers()).await?.seq.saturating_add(1)),
    }
}

/// Records with the names behind their ids.
async fn shown<C: ConnectionTrait>(db: &C, rows: Vec<row::Model>) -> Result<Vec<RecordRow>> {
    let records = rows.iter().map(parse).collect::<Result<Vec<_>>>()?;
    let names = Names::of(db, &records).await?;
    rows.into_iter().zip(records).map(|(row, record)| names.row(record, row.hash)).collect()
}

/// The record in a row.
pub(super) fn parse(row: &row::Model) -> Result<Record> {
    serde_json::from_str(&row.body).map_err(Error::of("audit.read"))
}

/// The names behind the ids of some records.
pub(super) struct Names {
    people: HashMap<PersonId, PersonRef>,
    groups: HashMap<GroupId, GroupRef>,
    roles: HashMap<RoleId, Role>,
}

impl Names {
    pub(super) async fn of<C: ConnectionTrait>(db: &C, records: &[Record]) -> Result<Self> {
        let people: Vec<_> = records
            .iter()
            .flat_map(|record| [id(record.actor.as_ref()), id(record.person.as_ref())])
            .flatten()
            .collect();
        let groups: Vec<_> = records.iter().filter_map(|record| id(record.group.as_ref())).collect();
        let roles: Vec<_> = records.iter().filter_map(|record| id(record.role.as_ref())).collect();
        Ok(Self {
            people: store::person::names(db, people).await?,
            groups: store::group::names(db, groups).await?,
            roles: store::role::by_id(db, roles).await?,
        })
    }

    pub(super) fn person(&self, text: Option<&String>) -> Option<&PersonRef> {
        self.people.get(&id(text)?)
    }

    pub(super) fn group(&self, text: Option<&String>) -> Option<&str> {
        self.groups.get(&id(text)?).map(|group| group.name.as_str())
    }

    pub(super) fn role(&self, text: Option<&String>) -> Option<&str> {
        self.roles.get(&id(text)?).map(|role| role.name.as_str())
    }

    fn row(&self, record: Record, hash: String) -> Result<RecordRow> {
        let kind = EventKind::parse(&record.kind).ok_or_else(|| {
            Error::broken("audit.read", format!("record {} is of no known kind", record.seq))
        })?;
        Ok(RecordRow {
            seq: record.seq,
            at: store::at(record.at)?,
            kind,
            actor: self.person(record.actor.as_ref()).cloned(),
            person: self.person(record.person.as_ref()).cloned(),
            group: self.group(record.group.as_ref()).map(str::to_owned),
            role: self.role(record.role.as_ref()).map(str::to_owned),
            scope: record.scope,
            activation: id(record.activation.as_ref()),
            outcome: record.outcome,
            actor_kind: record.actor_kind,
            address: record.address,
            number: record.number,
            before: record.before,
            after: record.after,
            reason: record.reason,
            hash,
        })
    }
}

fn id<T>(text: Option<&String>) -> Option<Id<T>> {
    Id::parse(text?).ok()
}
