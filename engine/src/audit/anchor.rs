//! Anchors: the head of the chain, written down outside the database, so that a copy kept elsewhere also shows
//! truncation and replacement.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use domain::audit::{self, Anchor};

use crate::{
    Engine,
    error::{Error, Result},
    store,
};

/// Appends the head of the chain to the anchor file and to the log, when something was recorded since the last time.
///
/// # Errors
/// When the file cannot be written to; the next call tries again.
pub async fn write_anchor(engine: &Engine) -> Result<()> {
    let mut last = engine.0.verification.anchored.lock().await;
    let path = engine.config().anchor_file.clone();
    if last.is_none() {
        *last = newest(path.clone()).await?;
    }
    let head = store::head::read(engine.readers()).await?;
    let anchor = Anchor { seq: head.seq, hash: audit::hex(&head.hash), at: engine.now() };
    let known = last.as_ref().is_some_and(|last| last.seq == anchor.seq && last.hash == anchor.hash);
    if known || anchor.seq == 0 {
        return Ok(());
    }
    if let Some(path) = path {
        let line = serde_json::to_string(&anchor).map_err(Error::of("audit.anchor"))?;
        blocking(move || append(&path, &line)).await?;
    }
    tracing::info!(seq = anchor.seq, hash = anchor.hash, at = %anchor.at.to_rfc3339(), "anchor of the record");
    *last = Some(anchor);
    Ok(())
}

/// Refuses a database that is older than its anchor file, or another one: its record has not what stands there last.
///
/// # Errors
/// What to do in words.
pub(crate) async fn require_newest(engine: &Engine) -> Result<()> {
    let Some(path) = engine.config().anchor_file.clone() else { return Ok(()) };
    let last = match newest(Some(path.clone())).await {
        Ok(Some(last)) => last,
        Ok(None) => return Ok(()),
        Err(error) => {
            tracing::warn!(
                cause = error.chain(),
                "the anchor file cannot be read: nobody can say whether the database is an older state"
            );
            return Ok(());
        }
    };
    let there = store::audit::hash_of(engine.readers(), last.seq).await?;
    if there.as_deref() == Some(last.hash.as_str()) {
        return Ok(());
    }
    let what = format!(
        "this database has not the record {} that its anchor file {} names, so it is an older state or another one: {}; `stint audit verify` says more",
        last.seq,
        path.display(),
        store::backup::HOW
    );
    Err(Error::broken("database.open", what))
}

/// Appends the anchor of a state that was put back: from here on the file tells of it.
pub(crate) async fn begin_anew(path: PathBuf, anchor: &Anchor) -> Result<()> {
    let line = serde_json::to_string(anchor).map_err(Error::of("audit.anchor"))?;
    blocking(move || append(&path, &line)).await
}

/// The last anchor in a file; none when there is no file yet.
pub(crate) async fn newest(path: Option<PathBuf>) -> Result<Option<Anchor>> {
    match path {
        Some(path) => blocking(move || last_line(&path)).await,
        None => Ok(None),
    }
}

/// All anchors in a file, by number. What is no anchor, such as a line that a crash cut short, counts for nothing; a
/// file without any anchor is an error.
pub(super) async fn all(path: &Path) -> Result<Vec<Anchor>> {
    let path = path.to_owned();
    blocking(move || {
        let lines = BufReader::new(File::open(&path)?).lines();
        let mut anchors = Vec::new();
        for line in lines {
            anchors.extend(serde_json::from_str::<Anchor>(&line?).ok());
        }
        anchors.sort_by_key(|anchor| anchor.seq);
        if anchors.is_empty() {
            return Err(std::io::Error::other(format!("there is no anchor in {}", path.display())));
        }
        Ok(anchors)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Error::of("audit.anchor"))?;
    done.map_err(Error::of("audit.anchor"))
}

/// Appended and on the disk before anybody counts on it.
fn append(path: &Path, line: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
    let mut text = String::new();
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut end = [0_u8];
        file.read_exact(&mut end)?;
        // A crash may have cut the last line short; this one begins a line of its own.
        if end != *b"\n" {
            text.push('\n');
        }
    }
    text.push_str(line);
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_data()
}

/// An anchor has about 130 bytes; so much of the file's end holds the last one.
const TAIL: u64 = 4_096;

fn last_line(path: &Path) -> std::io::Result<Option<Anchor>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    Ok(tail.rsplit(|byte| *byte == b'\n').find_map(|line| serde_json::from_slice(line).ok()))
}
