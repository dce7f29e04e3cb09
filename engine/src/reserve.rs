//! Room on the disk that is kept for taking back: a file beside an SQLite database. When the disk is full it is given up,
//! nothing new is granted, and ends and what people take back have its room, until there is room for it again. The disk of
//! a PostgreSQL server is not ours to keep room on.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use secrecy::SecretString;

use crate::{
    Engine,
    error::{Error, Result},
    store::db,
};

/// So much is kept, in bytes: the ends of some ten thousand activations with their records and messages.
const SIZE: u64 = 32 * 1024 * 1024;

/// The reserve of a database; none on PostgreSQL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reserve(Option<Arc<Kept>>);

#[derive(Debug)]
struct Kept {
    file: PathBuf,
    /// Given up, or never had.
    spent: AtomicBool,
}

impl Reserve {
    /// The one that goes with a database. It is not written before [`keep`].
    pub(crate) fn beside(url: &SecretString) -> Self {
        Self(db::sqlite_file(url).map(|database| {
            let mut file = database.into_os_string();
            file.push(".reserve");
            Arc::new(Kept { file: file.into(), spent: AtomicBool::new(false) })
        }))
    }

    /// Whether the disk was full and there is no room for the reserve again yet.
    pub(crate) fn is_spent(&self) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.spent.load(Ordering::Relaxed))
    }

    /// Gives it up, because the disk is full.
    pub(crate) fn free(&self) {
        let Some(kept) = &self.0 else { return };
        kept.spent.store(true, Ordering::Relaxed);
        if std::fs::remove_file(&kept.file).is_ok() {
            tracing::error!(file = %kept.file.display(), "the disk is full: nothing new is granted until there is room");
        }
    }

    fn keep(&self) -> Result<()> {
        let Some(kept) = &self.0 else { return Ok(()) };
        let had = kept.file.metadata().is_ok_and(|file| file.len() == SIZE) || kept.write()?;
        kept.spent.store(!had, Ordering::Relaxed);
        if had { Ok(()) } else { Err(Error::broken("reserve.keep", kept.want())) }
    }
}

impl Kept {
    /// Writes it, if there is room for it twice: otherwise the next thing that is granted would fill the disk again.
    fn write(&self) -> Result<bool> {
        let failed = Error::of("reserve.write");
        let folder = self.file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let disk = match rustix::fs::statvfs(folder) {
            Ok(disk) => disk,
            Err(error) => return Err(failed(std::io::Error::from(error))),
        };
        if disk.f_bavail.saturating_mul(disk.f_frsize) < 2 * SIZE {
            return Ok(false);
        }
        let written = self.written();
        if written.is_err() {
            let _ = std::fs::remove_file(self.unfinished());
        }
        written.map(|()| true).map_err(failed)
    }

    fn written(&self) -> std::io::Result<()> {
        let mut file = std::fs::File::create(self.unfinished())?;
        let block = vec![0; 1024 * 1024];
        for _ in 0..SIZE / 1024 / 1024 {
            file.write_all(&block)?;
        }
        file.sync_all()?;
        std::fs::rename(self.unfinished(), &self.file)
    }

    fn unfinished(&self) -> PathBuf {
        self.file.with_extension("reserve.new")
    }

    fn want(&self) -> String {
        format!(
            "nothing new is granted: {} MiB must be free where {} is",
            2 * SIZE / 1024 / 1024,
            self.file.display()
        )
    }
}

/// Sees to it that the reserve is there.
///
/// # Errors
/// While there is no room for it.
pub(crate) async fn keep(engine: &Engine) -> Result<()> {
    let reserve = engine.reserve().clone();
    tokio::task::spawn_blocking(move || reserve.keep()).await.map_err(Error::of("reserve.keep"))?
}

#[cfg(test)]
mod tests;
