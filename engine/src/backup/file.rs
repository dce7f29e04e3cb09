//! Putting a backup of an SQLite database in the place of the one that is there, which is kept.

use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use super::{
    make::{beside, in_place, remove},
    restore::{Restored, settle},
};
use crate::{
    Config, Env, audit,
    error::{Error, Result},
    store,
};

/// Copies the backup `from`, makes it safe to use ([`super::restore`]) and puts it in the place of the database `at`, in one
/// step: until then what was there is untouched. Gives where that is kept, too.
///
/// # Errors
/// When the backup is damaged or no database of Stint, the key is not the one that belongs to it, or a process uses the
/// database that is there.
pub async fn restore_file(
    from: &Path,
    at: &Path,
    config: Config,
    env: Env,
) -> Result<(Restored, Option<PathBuf>)> {
    let part = beside(at, ".restoring");
    let anchor_file = config.anchor_file.clone();
    let anchored = audit::anchor::newest(anchor_file.clone()).await?;
    require_free(at).await?;
    copy(from, &part)?;
    store::backup::check(&part).await?;
    let copied = Config {
        database_url: SecretString::from(format!("sqlite://{}", part.display())),
        anchor_file: None,
        ..config
    };
    let now = env.clone();
    let (restored, anchor) = settle(copied, env, anchored).await?;
    store::backup::stand_alone(&part).await?;
    require_free(at).await?;
    let kept = keep(at, &now)?;
    as_before(at, &part)?;
    in_place(&part, at)?;
    if let Some(path) = anchor_file {
        audit::anchor::begin_anew(path, &anchor).await?;
    }
    if let Some(kept) = &kept {
        // Whoever opened it in that moment goes on with what is not in its place any more.
        require_free(kept).await?;
    }
    Ok((restored, kept))
}

/// Refuses while another process uses the database.
async fn require_free(at: &Path) -> Result<()> {
    if !at.exists() {
        return Ok(());
    }
    match store::backup::stand_alone(at).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let what = format!("a process uses {}: stop Stint first", at.display());
            Err(Error::broken("restore", what))
        }
        Err(error) => {
            tracing::warn!(
                cause = error.chain(),
                "the database that is there cannot be opened; it is kept as it is"
            );
            Ok(())
        }
    }
}

/// Copies a database with the journal beside it, if there is one.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        remove(&beside(to, ending))?;
    }
    for ending in ["", "-wal"] {
        let from = beside(from, ending);
        if ending.is_empty() || from.exists() {
            written(&from, &beside(to, ending)).map_err(|error| {
                Error::broken("restore", format!("{} cannot be copied: {error}", from.display()))
            })?;
        }
    }
    Ok(())
}

fn written(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = std::fs::File::open(from)?;
    let mut target = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()
}

/// The new file is for whoever the one that is there is for: this may not be run by the user that serves.
fn as_before(at: &Path, part: &Path) -> Result<()> {
    let Ok(there) = std::fs::metadata(at) else { return Ok(()) };
    let same = || {
        std::fs::set_permissions(part, there.permissions())?;
        std::os::unix::fs::chown(part, Some(there.uid()), Some(there.gid()))
    };
    same().map_err(Error::of("restore.owner"))
}

/// Gives the database that is there a second name, so that it stays when another one takes its place; a journal of it, if it
/// could not be opened, goes along.
fn keep(at: &Path, env: &Env) -> Result<Option<PathBuf>> {
    if !at.exists() {
        return Ok(None);
    }
    let kept = beside(at, &format!(".until-{}", env.now().format("%Y%m%dT%H%M%S%.3fZ")));
    let move_all = || {
        std::fs::hard_link(at, &kept)?;
        for ending in ["-wal", "-shm"] {
            let journal = beside(at, ending);
            if journal.exists() {
                std::fs::rename(journal, beside(&kept, ending))?;
            }
        }
        io::Result::Ok(())
    };
    move_all().map_err(Error::of("restore.keep"))?;
    Ok(Some(kept))
}
