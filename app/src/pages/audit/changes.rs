//! What was and what is, line by line.

use chrono::DateTime;
use domain::{audit::RecordRow, event::EventKind};
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::words::{capital, settings};
use crate::when::Zone;

/// One thing that changed: what, from, to.
type Change = (String, Option<String>, Option<String>);

/// The lines of a record, if it has any.
pub fn changes(row: &RecordRow, zone: Zone) -> Option<AnyView> {
    let lines = lines(row, zone);
    let lines = lines.into_iter().map(|(what, was, is)| {
        view! {
            <li>
                {what} " "
                {was.map(|was| view! { <del>{was}</del> " " })}
                {is.map(|is| view! { <strong>{is}</strong> })}
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| view! { <ul class="changes">{lines}</ul> }.into_any())
}

fn lines(row: &RecordRow, zone: Zone) -> Vec<Change> {
    if row.kind == EventKind::SettingsChanged {
        let changes = settings(row).into_iter();
        return changes.map(|(what, was, is)| (what, Some(was), Some(is))).collect();
    }
    let none = Map::new();
    let fields = |value: &Option<Value>| value.as_ref().and_then(Value::as_object).cloned();
    let (was, is) = (fields(&row.before), fields(&row.after));
    let (before, after) = (was.as_ref().unwrap_or(&none), is.as_ref().unwrap_or(&none));
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    changed
        .map(|name| {
            let side = |known: bool, fields: &Map<String, Value>| {
                known.then(|| fields.get(name).map_or_else(|| NOTHING.to_owned(), |value| words(value, zone)))
            };
            (capital(&name.replace('_', " ")), side(was.is_some(), before), side(is.is_some(), after))
        })
        .filter(|(_, was, is)| !(was.is_none() && is.as_deref() == Some(NOTHING)))
        .collect()
}

const NOTHING: &str = "none";

/// A value as people read it. Instants in their zone, words without underscores.
fn words(value: &Value, zone: Zone) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => NOTHING.to_owned(),
        Value::String(text) => match (DateTime::parse_from_rfc3339(text), text.parse::<domain::Span>()) {
            (Ok(at), _) => zone.full(at.to_utc()),
            (_, Ok(span)) => span.words(),
            _ => text.clone(),
        },
        Value::Array(list) if list.is_empty() => NOTHING.to_owned(),
        Value::Array(list) => list.iter().map(|value| words(value, zone)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields
                .map(|(name, value)| format!("{} {}", name.replace('_', " "), words(value, zone)))
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}
