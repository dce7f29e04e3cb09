//! The record: canonical bytes and the chain that binds each record to those before it.
//!
//! The hash of record `n` is SHA-256 over the hash of record `n - 1` and the canonical bytes of record `n`; record 1
//! stands on 32 zero bytes. Changing, removing or reordering a record changes every hash after it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Instant, event::EventKind, person::PersonRef};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What the first record stands on.
pub const GENESIS: Hash = [0; 32];

/// One record, in the order of its canonical bytes. Fields are never reordered; a new one makes a new version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this layout.
    pub v: u8,
    /// Its number, from 1 without a gap.
    pub seq: i64,
    /// When, in microseconds of UTC since 1970.
    pub at: i64,
    /// What happened, or was tried.
    pub kind: String,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// The person who did it.
    pub actor: Option<String>,
    /// `person`, `stint`, `host` or `nobody`.
    pub actor_kind: String,
    /// The session it was done in.
    pub session: Option<String>,
    /// The address it came from.
    pub address: Option<String>,
    /// When the second factor was last proved in that session, in microseconds.
    pub mfa_at: Option<i64>,
    /// The request that carried it.
    pub request: Option<String>,
    /// The person it is about.
    pub person: Option<String>,
    /// The group it is about.
    pub group: Option<String>,
    /// The role it is about.
    pub role: Option<String>,
    /// The part of the organisation it is about.
    pub scope: Option<String>,
    /// The assignment it is about.
    pub assignment: Option<String>,
    /// The activation it is about.
    pub activation: Option<String>,
    /// The activation's number.
    pub number: Option<i64>,
    /// What was.
    pub before: Option<Value>,
    /// What is.
    pub after: Option<Value>,
    /// Why.
    pub reason: Option<String>,
}

/// The layout that is written today.
pub const VERSION: u8 = 1;

impl Record {
    /// The bytes that are hashed and kept: JSON without blanks, fields in the order above, objects inside by key.
    ///
    /// # Panics
    /// Never: every field is plain data.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("invariant: a record is plain data")
    }
}

/// The hash of a record, given the hash before it and its canonical bytes.
pub fn link(before: &Hash, canonical: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(canonical.as_bytes());
    hasher.finalize().into()
}

/// The hash as people and files see it.
pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A row of the audit page and of exports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordRow {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// What happened, or was tried.
    pub kind: EventKind,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// Who did it; nobody when Stint itself did.
    pub actor: Option<PersonRef>,
    /// `person`, `stint`, `host` or `nobody`.
    pub actor_kind: String,
    /// The address it came from.
    pub address: Option<String>,
    /// The person it is about.
    pub person: Option<PersonRef>,
    /// The name of the group it is about.
    pub group: Option<String>,
    /// The name of the role it is about.
    pub role: Option<String>,
    /// The part of the organisation it is about.
    pub scope: Option<String>,
    /// The activation it is about.
    pub activation: Option<crate::activation::ActivationId>,
    /// The activation's number.
    pub number: Option<i64>,
    /// What was.
    pub before: Option<Value>,
    /// What is.
    pub after: Option<Value>,
    /// Why.
    pub reason: Option<String>,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// Input: which records. All that are given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct RecordFilter {
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
    /// Done by this person, or about them.
    pub person: Option<crate::person::PersonId>,
    /// About this role.
    pub role: Option<crate::role::RoleId>,
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// `true`: refused only. `false`: done only.
    pub refused: Option<bool>,
    /// In the words of the record, at most 100 characters; also a number such as R-20931.
    pub text: Option<String>,
    /// Only records before this number, for paging.
    pub before: Option<i64>,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Format {
    /// A table for spreadsheets.
    Csv,
    /// One object a line, with the canonical bytes and the hash of each record.
    JsonLines,
}

impl Format {
    /// The word on record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "json_lines",
        }
    }
}

/// Whether the chain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verification {
    /// The last record that holds.
    pub up_to: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// The first record that does not hold.
    pub broken_at: Option<i64>,
    /// When it was verified.
    pub at: Instant,
    /// The last anchor.
    pub anchored: Option<Mark>,
    /// Where an older state was put back, and when: what anchors from before that say of this record and those after it is
    /// about a history that was given up.
    pub restored: Vec<Mark>,
}

/// A place in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mark {
    /// The number of the record.
    pub seq: i64,
    /// When.
    pub at: Instant,
}

/// A line of the anchor file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The number of the head of the chain.
    pub seq: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// When the anchor was written.
    pub at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hash_depends_on_all_before_it() {
        let one = link(&GENESIS, "one");
        let two = link(&one, "two");
        assert_ne!(two, link(&GENESIS, "two"));
        assert_ne!(link(&link(&GENESIS, "two"), "one"), two);
        assert_eq!(hex(&one).len(), 64);
    }
}
