//! The record as a file: a stream of chunks, oldest record first. Never more than one chunk is in memory.

use domain::{
    Code,
    audit::{Format, Record, RecordFilter},
    event::{Event, EventKind},
};
use futures::{StreamExt, stream::BoxStream};
use serde_json::json;

use super::{
    list::{Names, WINDOW, checked, parse},
    require_reader,
};
use crate::{
    Ctx, Engine,
    error::{Error, Result},
    store::{self, audit::row},
};

/// How many records one chunk holds.
const CHUNK: u64 = 1_000;

/// The records that fit, up to the one that says that they were exported.
///
/// # Errors
/// `signed_out`, `forbidden`, `too_long`. The stream ends with an error when the database fails meanwhile.
pub async fn export(
    engine: &Engine,
    ctx: &Ctx,
    filter: RecordFilter,
    format: Format,
) -> Result<BoxStream<'static, Result<Vec<u8>>>> {
    require_reader(engine, ctx).await?;
    let filter = checked(filter)?;
    let exported =
        Event::new(EventKind::RecordExported).after(json!({ "format": format.as_str(), "filter": filter }));
    let (attempt, recorder) = (exported.clone(), engine.clone());
    engine
        // Never repeated under a key: what is read afterwards would be a second export without a record.
        .act(&crate::sign_in::once(ctx), attempt, move |tx| {
            Box::pin(async move {
                let signed = tx.ctx.signed()?;
                let access = store::access::of(tx.conn(), signed.person, tx.now).await?;
                access.holds.require(domain::access::Permission::ReadRecord)?;
                tx.commit(&recorder, (), vec![exported]).await
            })
        })
        .await?;
    let head = store::head::read(engine.readers()).await?.seq;
    let up_to = filter.before.map_or(head, |before| before.saturating_sub(1).min(head));
    let state = Some(Export { engine: engine.clone(), filter, format, after: 0, up_to, begun: false });
    Ok(futures::stream::unfold(state, step).boxed())
}

struct Export {
    engine: Engine,
    filter: RecordFilter,
    format: Format,
    after: i64,
    up_to: i64,
    begun: bool,
}

/// One chunk, and where to go on; after an error nothing more.
async fn step(state: Option<Export>) -> Option<(Result<Vec<u8>>, Option<Export>)> {
    let mut export = state?;
    match export.chunk().await {
        Ok(Some(bytes)) => Some((Ok(bytes), Some(export))),
        Ok(None) => None,
        Err(error) => Some((Err(error), None)),
    }
}

impl Export {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let heading =
            if self.begun || self.format == Format::JsonLines { Vec::new() } else { csv(&[heading()])? };
        self.begun = true;
        while self.after < self.up_to {
            let window = self.after.saturating_add(WINDOW).min(self.up_to);
            let rows = store::audit::oldest(self.engine.readers(), &self.filter, (self.after, window), CHUNK)
                .await?;
            let full = u64::try_from(rows.len()).is_ok_and(|count| count == CHUNK);
            self.after = rows.last().filter(|_| full).map_or(window, |row| row.seq);
            if !rows.is_empty() {
                return Ok(Some([heading, self.written(&rows).await?].concat()));
            }
        }
        Ok(Some(heading).filter(|heading| !heading.is_empty()))
    }

    async fn written(&self, rows: &[row::Model]) -> Result<Vec<u8>> {
        let records = rows.iter().map(parse).collect::<Result<Vec<_>>>()?;
        let names = Names::of(self.engine.readers(), &records).await?;
        match self.format {
            Format::Csv => {
                let lines = records.iter().zip(rows).map(|(record, row)| cells(record, &names, &row.hash));
                csv(&lines.collect::<Result<Vec<_>>>()?)
            }
            Format::JsonLines => {
                let mut bytes = Vec::new();
                for (record, row) in records.iter().zip(rows) {
                    let names = json!({
                        "actor": names.person(record.actor.as_ref()).map(|person| &person.name),
                        "person": names.person(record.person.as_ref()).map(|person| &person.name),
                        "group": names.group(record.group.as_ref()),
                        "role": names.role(record.role.as_ref()),
                    });
                    bytes.extend_from_slice(line(&row.body, &row.hash, &names).as_bytes());
                }
                Ok(bytes)
            }
        }
    }
}

/// A line of JSON: the canonical bytes of the record as they were hashed, so that the chain can be verified from the
/// file alone, with the names that ids had when it was exported.
fn line(body: &str, hash: &str, names: &serde_json::Value) -> String {
    format!("{{\"record\":{body},\"hash\":\"{hash}\",\"names\":{names}}}\n")
}

const COLUMNS: [&str; 18] = [
    "record",
    "at",
    "kind",
    "outcome",
    "actor_kind",
    "actor",
    "actor_id",
    "address",
    "person",
    "person_id",
    "group",
    "role",
    "scope",
    "request",
    "reason",
    "before",
    "after",
    "hash",
];

fn heading() -> Vec<String> {
    COLUMNS.iter().map(|column| (*column).to_owned()).collect()
}

fn cells(record: &Record, names: &Names, hash: &str) -> Result<Vec<String>> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let json =
        |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
    let cells = vec![
        record.seq.to_string(),
        store::at(record.at)?.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        record.kind.clone(),
        record.outcome.clone(),
        record.actor_kind.clone(),
        text(names.person(record.actor.as_ref()).map(|person| person.name.as_str())),
        text(record.actor.as_deref()),
        text(record.address.as_deref()),
        text(names.person(record.person.as_ref()).map(|person| person.name.as_str())),
        text(record.person.as_deref()),
        text(names.group(record.group.as_ref())),
        text(names.role(record.role.as_ref())),
        text(record.scope.as_deref()),
        record.number.map(|number| format!("R-{number}")).unwrap_or_default(),
        text(record.reason.as_deref()),
        json(&record.before),
        json(&record.after),
        hash.to_owned(),
    ];
    Ok(cells.into_iter().map(guarded).collect())
}

/// Spreadsheets run a cell that begins like a formula. With an apostrophe before it they show it.
pub(super) fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn csv(lines: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        writer.write_record(line).map_err(Error::of("audit.export"))?;
    }
    writer.into_inner().map_err(|_| Error::from(Code::Internal))
}
