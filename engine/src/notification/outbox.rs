//! The outbox as an administrator reads it. One-time links are left out.

use domain::{
    Code, Id, Problem,
    access::Permission,
    notification::{MessageId, MessageView, Outbox, OutboxRow},
    page::{ListQuery, PAGE_SIZE},
    text,
};

use super::render::{self, Written};
use crate::{
    Ctx, Engine,
    error::Result,
    store::{self, outbox::row},
};

/// What stands in the place of words that were erased.
const ERASED: &str = "What this message said was erased 90 days after it was written.";
/// What stands in the place of a one-time link.
const LEFT_OUT: &str = "(the one-time link is not shown here)";

/// Messages, newest first.
///
/// # Errors
/// `signed_out`, `forbidden`, `too_long`, `not_found` for a cursor that names nothing.
pub async fn outbox(engine: &Engine, ctx: &Ctx, query: ListQuery) -> Result<Outbox> {
    require_reader(engine, ctx).await?;
    let search = text::optional("search", query.search.as_deref().unwrap_or_default(), text::SEARCH)?;
    let db = engine.readers();
    let after = match query.cursor.as_deref() {
        Some(cursor) => Some(get(engine, Id::parse(cursor)?).await?),
        None => None,
    };
    let search = Some(search.as_str()).filter(|search| !search.is_empty());
    let mut rows = store::outbox::newest_first(db, after.as_ref(), search, PAGE_SIZE + 1).await?;
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|row| Id::new(row.id));
    Ok(Outbox {
        delivers: engine.config().smtp.is_some(),
        waiting: u32::try_from(store::outbox::waiting(db).await?).unwrap_or(u32::MAX),
        messages: rows.iter().map(|row| shown(row, subject(engine, row))).collect::<Result<_>>()?,
        next,
    })
}

/// One message as it will be, or was, sent.
///
/// # Errors
/// `signed_out`, `forbidden`, `not_found`.
pub async fn view(engine: &Engine, ctx: &Ctx, id: MessageId) -> Result<MessageView> {
    require_reader(engine, ctx).await?;
    let row = get(engine, id).await?;
    let written = written(engine, &row)?;
    Ok(MessageView { row: shown(&row, written.subject)?, text: written.text })
}

async fn require_reader(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let signed = ctx.signed()?;
    let access = store::access::of(engine.readers(), signed.person, engine.now()).await?;
    Ok(access.holds.require(Permission::ReadOutbox)?)
}

async fn get(engine: &Engine, id: MessageId) -> Result<row::Model> {
    let row = store::outbox::find(engine.readers(), id).await?;
    row.ok_or_else(|| Problem::new(Code::NotFound).into())
}

fn written(engine: &Engine, row: &row::Model) -> Result<Written> {
    if row.erased_at.is_some() {
        return Ok(Written { subject: row.params.clone(), text: ERASED.to_owned(), html: String::new() });
    }
    render::write(engine.config(), &row.template, &row.params, Some(LEFT_OUT))
}

/// The subject of a message; its kind, when its words cannot be written any more because a former version made it.
pub(super) fn subject(engine: &Engine, row: &row::Model) -> String {
    written(engine, row).map_or_else(|_| row.template.clone(), |written| written.subject)
}

fn shown(row: &row::Model, subject: String) -> Result<OutboxRow> {
    Ok(OutboxRow {
        id: Id::new(row.id),
        address: row.address.clone(),
        subject,
        created_at: store::at(row.created_at)?,
        delivered_at: store::at_opt(row.delivered_at)?,
        attempts: u32::try_from(row.attempts).unwrap_or_default(),
        next_try_at: store::at_opt(row.next_try_at)?,
        last_error: row.last_error.clone(),
    })
}

/// Address, subject, plain text and HTML of all messages, oldest first, for tests.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn all_written(engine: &Engine) -> Result<Vec<(String, String, String, String)>> {
    let mut rows = store::outbox::newest_first(engine.readers(), None, None, 10_000).await?;
    rows.sort_by_key(|row| (row.created_at, row.event_seq));
    let written = |row: row::Model| {
        written(engine, &row).map(|written| (row.address, written.subject, written.text, written.html))
    };
    rows.into_iter().map(written).collect()
}
