//! Making a backup of an SQLite database.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use domain::{
    Instant, audit,
    event::{Event, EventKind},
};
use serde_json::json;

use crate::{
    Ctx, Engine,
    error::{Error, Result},
    store,
};

/// A backup.
#[derive(Clone, Debug)]
pub struct Made {
    /// The last record in it.
    pub up_to: i64,
    /// The hash of that record, in hexadecimal.
    pub hash: String,
    /// When it was made.
    pub at: Instant,
}

/// Copies an SQLite database to a new file, while it is in use; looks whether the copy is whole and marks it as one, so that
/// nobody serves it by mistake. On record. The key is not in it.
///
/// # Errors
/// When the file is there already or cannot be written, or the copy is damaged.
pub async fn make(engine: &Engine, to: &Path) -> Result<Made> {
    let at = engine.now();
    let part = beside(to, ".part");
    // Whoever reads a backup knows everything but what the key seals.
    if to.exists() {
        return Err(Error::broken("backup", format!("{} is there already", to.display())));
    }
    remove(&part)?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .map_err(Error::of("backup.write"))?;
    let copied = async {
        store::backup::copy(engine.readers(), &part).await?;
        store::backup::mark(&part, at).await
    };
    let head = match copied.await {
        Ok(head) => head,
        Err(error) => {
            let _ = remove(&part);
            return Err(error);
        }
    };
    in_place(&part, to)?;
    let made = Made { up_to: head.seq, hash: audit::hex(&head.hash), at };
    let event = Event::new(EventKind::BackedUp).after(json!({ "seq": made.up_to, "hash": made.hash }));
    engine.record(&Ctx::host(), event).await?;
    Ok(made)
}

/// A file of the same name with an ending more.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Removes a file that need not be there.
pub(super) fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::of("backup.remove")(error)),
        _ => Ok(()),
    }
}

/// Gives a file that is on the disk its name, in one step that a crash does not halve.
pub(super) fn in_place(part: &Path, to: &Path) -> Result<()> {
    let moved = || {
        File::open(part)?.sync_all()?;
        std::fs::rename(part, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
    };
    moved().map_err(Error::of("backup.write"))
}
