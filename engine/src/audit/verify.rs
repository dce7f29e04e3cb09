//! Verifying the chain: every record is hashed anew from its stored body, and the columns that repeat parts of the body
//! for filters must say the same. Reads and hashes at the same time, a chunk each, so that memory stays bounded.

use std::{
    path::Path,
    sync::{Mutex, PoisonError, atomic::AtomicU64, atomic::Ordering},
};

use domain::{
    Instant,
    audit::{self, Anchor, GENESIS, Hash, Verification},
    event::{EventKind, Outcome},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{anchor, require_reader};
use crate::{
    Ctx, Engine,
    error::{Error, Result},
    store::{self, audit::Link},
};

/// What is known of the last verification and the last anchor, in this process.
#[derive(Debug, Default)]
pub(crate) struct Last {
    found: Mutex<Option<Verification>>,
    /// One at a time: those who ask meanwhile share the next.
    turn: tokio::sync::Mutex<()>,
    begun: AtomicU64,
    pub(super) anchored: tokio::sync::Mutex<Option<Anchor>>,
}

/// How many records are read at once.
const CHUNK: u64 = 2_000;

/// Verifies the whole chain.
///
/// # Errors
/// `signed_out`, `forbidden`. That the chain is broken is no error but the answer.
pub async fn verify(engine: &Engine, ctx: &Ctx) -> Result<Verification> {
    require_reader(engine, ctx).await?;
    let last = &engine.0.verification;
    let asked = last.begun.load(Ordering::SeqCst);
    let _turn = last.turn.lock().await;
    // One that began after this was asked answers this too.
    if last.begun.load(Ordering::SeqCst) > asked
        && let Some(found) = found(last)
    {
        return Ok(found);
    }
    last.begun.fetch_add(1, Ordering::SeqCst);
    verify_chain(engine, None).await
}

/// The last verification since the start of this process.
///
/// # Errors
/// `signed_out`, `forbidden`.
pub async fn last_verification(engine: &Engine, ctx: &Ctx) -> Result<Option<Verification>> {
    require_reader(engine, ctx).await?;
    Ok(found(&engine.0.verification))
}

fn found(last: &Last) -> Option<Verification> {
    last.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Verifies the whole chain for an operator, also against a file of anchors.
///
/// # Errors
/// When the database or the file cannot be read, or there is no anchor in the file.
pub async fn verify_chain(engine: &Engine, anchor: Option<&Path>) -> Result<Verification> {
    // Anchors before the head before the rows: what comes later can only be further on.
    let anchors = match anchor {
        Some(path) => anchor::all(path).await?,
        None => Vec::new(),
    };
    // Where an older state was put back, the last one is not the highest.
    let anchored = match anchors.iter().max_by_key(|anchor| (anchor.at, anchor.seq)) {
        Some(last) => Some(last.clone()),
        None => anchor::newest(engine.config().anchor_file.clone()).await.unwrap_or_default(),
    };
    let highest = store::audit::highest(engine.readers()).await?;
    let head = store::head::read(engine.readers()).await?;
    let mut chain = walk(engine, Chain::new(anchors), head.seq).await?;
    chain.finish(&head, highest);
    if let Some((record, flaw)) = chain.flaw {
        tracing::error!(record, flaw = flaw.words(), "the chain of the record is broken");
    }
    let verification = Verification {
        up_to: chain.seq,
        hash: audit::hex(&chain.hash),
        broken_at: chain.flaw.map(|(record, _)| record),
        at: engine.now(),
        anchored: anchored.map(|anchor| (anchor.seq, anchor.at)),
        restored: chain.restored,
    };
    *engine.0.verification.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(verification.clone());
    Ok(verification)
}

/// Follows the chain to its head, or to its first flaw: one chunk is hashed while the next one is read.
async fn walk(engine: &Engine, mut chain: Chain, up_to: i64) -> Result<Chain> {
    let read = |after| store::audit::chain(engine.readers(), after, up_to, CHUNK);
    // Below 1 there should be nothing, which is seen only by looking there too.
    let mut rows = read(i64::MIN).await?;
    while let Some(last) = rows.last().map(|row| row.0) {
        let check = tokio::task::spawn_blocking(move || {
            chain.follow(&rows);
            chain
        });
        let (checked, next) = tokio::join!(check, read(last));
        chain = checked.map_err(Error::of("audit.verify"))?;
        if chain.flaw.is_some() {
            break;
        }
        rows = next?;
    }
    Ok(chain)
}

/// What can be wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Missing,
    Malformed,
    Hash,
    Column,
    Head,
    BeyondHead,
    Anchor,
    Truncated,
}

impl Flaw {
    const fn words(self) -> &'static str {
        match self {
            Self::Missing => "it is missing",
            Self::Malformed => "its body cannot be read",
            Self::Hash => "its hash is not that of its body and the records before it",
            Self::Column => "its columns do not say the same as its body",
            Self::Head => "its hash is not the one that the installation keeps",
            Self::BeyondHead => "it is beyond the head that the installation keeps",
            Self::Anchor => "its hash is not the one in the anchor file",
            Self::Truncated => "the anchor file knows it, and it is not there",
        }
    }
}

/// How far the chain was followed, and the first record that does not hold.
struct Chain {
    seq: i64,
    hash: Hash,
    flaw: Option<(i64, Flaw)>,
    anchors: std::iter::Peekable<std::vec::IntoIter<Anchor>>,
    /// Where an older state was put back, and when.
    restored: Vec<(i64, Instant)>,
}

/// The parts of a body that columns repeat. Borrowed: they are words and ids, which JSON never escapes.
#[derive(Deserialize)]
struct Body<'b> {
    v: u8,
    seq: i64,
    at: i64,
    kind: &'b str,
    outcome: &'b str,
    #[serde(borrow)]
    actor: Option<&'b str>,
    #[serde(borrow)]
    person: Option<&'b str>,
    #[serde(borrow)]
    role: Option<&'b str>,
    #[serde(borrow)]
    activation: Option<&'b str>,
    number: Option<i64>,
}

impl Chain {
    fn new(anchors: Vec<Anchor>) -> Self {
        Self {
            seq: 0,
            hash: GENESIS,
            flaw: None,
            anchors: anchors.into_iter().peekable(),
            restored: Vec::new(),
        }
    }

    fn follow(&mut self, rows: &[Link]) {
        for row in rows {
            if let Err(flaw) = self.step(row) {
                // What is missing is the record before the one that was found.
                self.flaw = Some((self.seq + 1, flaw));
                return;
            }
        }
    }

    fn step(&mut self, row: &Link) -> Result<(), Flaw> {
        let (seq, .., body, hash) = row;
        if *seq != self.seq + 1 {
            return Err(Flaw::Missing);
        }
        let linked = audit::link(&self.hash, body);
        if !is_hex_of(hash, &linked) {
            return Err(Flaw::Hash);
        }
        let said: Body<'_> = serde_json::from_str(body).map_err(|_| Flaw::Malformed)?;
        if !repeats(row, &said) {
            return Err(Flaw::Column);
        }
        if said.kind == EventKind::Restored.as_str() && said.outcome == Outcome::Done.as_str() {
            self.given_up(*seq, store::at(said.at).map_err(|_| Flaw::Malformed)?);
        }
        while let Some(anchor) = self.anchors.next_if(|anchor| anchor.seq <= *seq) {
            if anchor.seq == *seq && !is_hex_of(&anchor.hash, &linked) {
                return Err(Flaw::Anchor);
            }
        }
        self.seq = *seq;
        self.hash = linked;
        Ok(())
    }

    /// An older state was put back here: what anchors from before say of this record and later ones is about a history that
    /// was given up. That this happened is told with the answer, because whoever cuts the record could say so too.
    fn given_up(&mut self, seq: i64, at: Instant) {
        let kept: Vec<_> = self.anchors.by_ref().filter(|anchor| anchor.at >= at).collect();
        self.anchors = kept.into_iter().peekable();
        self.restored.push((seq, at));
    }

    /// Compares the end with the head that the installation keeps, and with anchors beyond it.
    fn finish(&mut self, head: &store::head::Head, highest: i64) {
        if self.flaw.is_some() {
            return;
        }
        self.flaw = if self.seq < head.seq {
            Some((self.seq + 1, Flaw::Missing))
        } else if self.hash != head.hash {
            Some((head.seq, Flaw::Head))
        } else if highest > head.seq {
            Some((head.seq + 1, Flaw::BeyondHead))
        } else {
            self.anchors.next().map(|_| (head.seq + 1, Flaw::Truncated))
        };
    }
}

fn repeats(row: &Link, said: &Body<'_>) -> bool {
    let (seq, at, kind, outcome, actor, person, role, activation, number, ..) = row;
    let same = |column: &Option<Uuid>, text: Option<&str>| {
        *column == text.and_then(|text| Uuid::try_parse(text).ok())
    };
    said.v == audit::VERSION
        && said.seq == *seq
        && said.at == *at
        && said.kind == kind
        && said.outcome == outcome
        && said.number == *number
        && same(actor, said.actor)
        && same(person, said.person)
        && same(role, said.role)
        && same(activation, said.activation)
}

/// Whether a text is this hash in hexadecimal.
fn is_hex_of(text: &str, hash: &Hash) -> bool {
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    text.len() == 2 * hash.len()
        && text
            .as_bytes()
            .chunks_exact(2)
            .zip(hash)
            .all(|(pair, byte)| pair == [digit(byte >> 4), digit(byte & 15)])
}
