//! `stint backup` and `stint restore`: copies of the database, and what makes an older state safe to use.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use engine::backup::{self, Restored};

use super::say;
use crate::{config::Config, log, serve};

/// `stint backup FILE`.
pub(super) async fn backup(config: Config, to: PathBuf) -> Result<ExitCode, String> {
    log::start(&config);
    if config.sqlite_file().is_none() {
        return Err(
            "`stint backup` copies SQLite files; PostgreSQL has pg_dump for this, see docs/backup.md"
                .to_owned(),
        );
    }
    let key_file = config.key_file.clone();
    let engine = serve::open(config, false).await?;
    let to =
        if to.is_dir() { to.join(engine.now().format("stint-%Y%m%dT%H%M%SZ.db").to_string()) } else { to };
    let made = backup::make(&engine, &to).await;
    engine.close().await;
    let made = made.map_err(|error| serve::chain(&error))?;
    say(&format!(
        "{} holds everything up to record {} ({}). The key is not in it: keep {} apart from it.",
        to.display(),
        made.up_to,
        made.hash,
        key_file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// `stint restore FILE`, or `stint restore --in-place`.
pub(super) async fn restore(config: Config, from: Option<PathBuf>) -> Result<ExitCode, String> {
    log::start(&config);
    let key = config.key_of_backup().map_err(|error| error.to_string())?;
    let (file, place) = (config.sqlite_file(), serve::described(&config));
    let (env, config) = (serve::env()?, config.engine(key, false));
    let (restored, kept) = match (from, file) {
        (None, _) => (backup::restore(config, env).await, None),
        (Some(from), Some(at)) => match backup::restore_file(&from, &at, config, env).await {
            Ok((restored, kept)) => (Ok(restored), kept),
            Err(error) => (Err(error), None),
        },
        (Some(_), None) => {
            return Err(
                "bring the dump back with pg_restore, then `stint restore --in-place`; see docs/backup.md"
                    .to_owned(),
            );
        }
    };
    let restored = restored.map_err(|error| format!("{place} was not restored: {}", serve::chain(&error)))?;
    say(&told(&restored, kept.as_deref()));
    Ok(ExitCode::SUCCESS)
}

/// What an operator has to know.
fn told(restored: &Restored, kept: Option<&Path>) -> String {
    let mut lines = vec![
        format!(
            "Restored the state of {} (record {}). This is record {}, and all administrators are told.",
            restored.as_of.format("%Y-%m-%d %H:%M:%S UTC"),
            restored.up_to,
            restored.record
        ),
        format!(
            "Ended: {} activations and requests, {} active assignments, {} sessions. {} messages that waited do not go out. One-time links and recovery codes are void.",
            restored.activations, restored.assignments, restored.sessions, restored.messages
        ),
    ];
    if let Some(lost) = restored.lost_up_to {
        lines.push(format!(
            "The anchor file knew records up to {lost}: {} of them are not in this state.",
            lost - restored.up_to
        ));
    }
    if let Some(broken) = restored.broken_at {
        lines.push(format!(
            "The record of this state is broken at {broken}: `stint audit verify` says the same from now on."
        ));
    }
    if let Some(kept) = kept {
        lines.push(format!("The database that was there is kept as {}.", kept.display()));
    }
    lines.push(format!(
        "Who administers Stint now: {}. What was changed since that state has to be done again: people disabled, assignments and memberships removed, passwords and factors replaced.",
        match restored.administrators.as_slice() {
            [] => "nobody".to_owned(),
            names => names.join(", "),
        }
    ));
    lines.join("\n")
}
