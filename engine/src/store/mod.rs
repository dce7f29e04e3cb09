//! The only place that knows SeaORM and SQL. Entities stay private to their noun's file; rows become domain types.

pub(crate) mod access;
pub(crate) mod activation;
pub(crate) mod assignment;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod db;
pub(crate) mod group;
pub(crate) mod head;
pub(crate) mod idempotency;
pub(crate) mod outbox;
pub(crate) mod page;
pub(crate) mod person;
pub(crate) mod role;
pub(crate) mod role_settings;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod tx;

use domain::Instant;

use crate::error::{Error, Result};

/// An instant as it is stored.
pub(crate) fn us(instant: Instant) -> i64 {
    instant.timestamp_micros()
}

/// A stored instant.
pub(crate) fn at(us: i64) -> Result<Instant> {
    Instant::from_timestamp_micros(us).ok_or_else(|| Error::broken("store", "an instant out of range"))
}

/// A stored instant that may be absent.
pub(crate) fn at_opt(us: Option<i64>) -> Result<Option<Instant>> {
    us.map(at).transpose()
}

/// Reads a word that a serde enum was stored as.
pub(crate) fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(Error::of("store.word"))
}

/// The word that a serde enum is stored as.
pub(crate) fn to_word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
