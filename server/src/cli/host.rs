//! What an operator does on the host, with the database and the key: on record where it changes something.

use std::{path::PathBuf, process::ExitCode};

use domain::{Code, audit::Mark};
use engine::Engine;

use super::say;
use crate::{config::Config, log, serve};

/// `stint recover NAME`.
pub(super) async fn recover(config: Config, name: &str) -> Result<ExitCode, String> {
    let engine = opened(config).await?;
    let made = engine::sign_in::recover(&engine, name).await.map_err(|error| {
        let unknown = error.problem().is_some_and(|problem| problem.code == Code::NotFound);
        if unknown { format!("nobody signs in as {name}") } else { told(error) }
    })?;
    say(&format!(
        "Hand this link to them in person; it works once, until {}:\n\n  {}",
        made.expires_at.format("%H:%M UTC"),
        made.url
    ));
    engine.close().await;
    Ok(ExitCode::SUCCESS)
}

/// `stint audit verify`.
pub(super) async fn verify(config: Config, anchor: Option<PathBuf>) -> Result<ExitCode, String> {
    log::start(&config);
    let engine = serve::open_to_look(config).await?;
    let found = engine::audit::verify_chain(&engine, anchor.as_deref()).await.map_err(told)?;
    engine.close().await;
    Ok(match found.broken_at {
        None => {
            say(&format!("The record is whole up to {} ({}).", found.up_to, found.hash));
            for Mark { seq: record, at } in found.restored {
                say(&format!(
                    "An older state was restored {}, which is record {record}: anchors from before that and beyond it are of a history that was given up.",
                    at.format("%Y-%m-%d %H:%M UTC")
                ));
            }
            ExitCode::SUCCESS
        }
        Some(seq) => {
            say(&format!("The record is broken at {seq}: it and what follows cannot be trusted."));
            ExitCode::FAILURE
        }
    })
}

/// `stint clock accept`.
pub(super) async fn accept_clock(config: Config) -> Result<ExitCode, String> {
    let engine = opened(config).await?;
    engine::clock::accept(&engine).await.map_err(told)?;
    engine.close().await;
    say("The system clock is accepted as it is. Running servers notice with their next change.");
    Ok(ExitCode::SUCCESS)
}

async fn opened(config: Config) -> Result<Engine, String> {
    log::start(&config);
    serve::open(config, false).await
}

fn told(error: engine::Error) -> String {
    error.told("on the host").sentence()
}
