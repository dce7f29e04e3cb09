//! What acts leave in the store, counted: enough to tell whether all of an act is there or nothing.

use std::collections::BTreeMap;

use domain::Span;
use sea_orm::{ConnectionTrait, Statement};

use super::World;

/// For each table what of a row tells one state from another, on either database.
const TABLES: [(&str, &str); 7] = [
    ("activation", "state || '/' || version || '/' || coalesce(cause, '-') || '/' || end_announced"),
    ("decision", "verdict"),
    ("assignment", "kind || '/' || version || '/' || coalesce(end_cause, '-') || '/' || announced"),
    ("group_member", "CASE WHEN removed_at IS NULL THEN 'in' ELSE 'out' END"),
    ("person", "CASE WHEN disabled_at IS NULL THEN 'on' ELSE 'off' END || '/' || version"),
    ("audit", "kind || '/' || outcome"),
    ("outbox", "template || CASE WHEN delivered_at IS NULL THEN '' ELSE '/delivered' END"),
];

/// How many rows there are of each kind.
pub type Traces = BTreeMap<String, i64>;

impl World {
    /// How many rows there are of each kind.
    pub async fn traces(&self) -> Traces {
        let db = self.engine.readers();
        let mut traces = Traces::new();
        // Not those whose time is over: the next answer that is kept removes them.
        let kept_since = crate::store::us(Span::hours(24).before(self.engine.now()));
        let answers = format!("idempotency WHERE made_at > {kept_since}");
        for (table, what) in TABLES.into_iter().chain([(answers.as_str(), "'answer'")]) {
            let sql = format!("SELECT {what} AS kind FROM {table}");
            let statement = Statement::from_string(db.get_database_backend(), sql);
            for row in db.query_all_raw(statement).await.unwrap() {
                let kind: String = row.try_get("", "kind").unwrap();
                *traces
                    .entry(format!("{}: {kind}", table.split(' ').next().unwrap_or_default()))
                    .or_default() += 1;
            }
        }
        traces
    }
}

/// What became more or less in between.
pub fn difference(before: &Traces, after: &Traces) -> Traces {
    let mut difference = after.clone();
    for (kind, count) in before {
        *difference.entry(kind.clone()).or_default() -= count;
    }
    difference.retain(|_, count| *count != 0);
    difference
}
