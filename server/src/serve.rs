//! `stint serve`: from configuration to a running process, and its end.

use domain::Span;
use engine::{Engine, Env};
use tokio_util::sync::CancellationToken;

use crate::{config::Config, listen, log, metrics, process::Process, router};

/// Serves until the process is asked to end; the sample organisation if `demo`.
///
/// # Errors
/// In words for an operator.
pub async fn serve(config: Config, demo: bool) -> Result<(), String> {
    log::start(&config);
    // Before anything is changed: a second start by mistake must not void the set-up link of the first.
    let listener = listen::bind("listen", config.listen).await?;
    let metrics_listener = match config.metrics_listen {
        Some(address) => Some(listen::bind("metrics_listen", address).await?),
        None => None,
    };
    let (address, trusted) = (config.listen, config.trusted_proxies.clone());
    let engine = open(config, demo).await?;
    let worker = engine::worker::start(&engine);
    let process = Process::new(engine.clone(), trusted);
    welcome(&engine).await?;
    tracing::info!(%address, public_url = process.origin(), version = env!("CARGO_PKG_VERSION"), "stint serves");
    let stop = process.stop().clone();
    if let Some(listener) = metrics_listener {
        tokio::spawn(listen::serve(listener, metrics::router(&process), stop.clone()));
    }
    tokio::spawn(asked_to_end(stop.clone()));
    let served = listen::serve(listener, router::router(&process), stop.clone());
    let lost = tokio::select! {
        () = served => false,
        () = engine.ended() => true,
    };
    if lost {
        return Err("nothing can be written any more: the log says why. Start stint again".to_owned());
    }
    worker.stop().await;
    engine.close().await;
    tracing::info!("stint has ended");
    Ok(())
}

/// Opens the engine.
///
/// # Errors
/// What to do when the database cannot be opened.
pub async fn open(config: Config, demo: bool) -> Result<Engine, String> {
    let key = config.key().map_err(|error| error.to_string())?;
    let env = env()?;
    let place = described(&config);
    Engine::open(config.engine(key, demo), env).await.map_err(|error| why(&error, &place))
}

/// The same to look at whatever is there.
///
/// # Errors
/// What to do when the database cannot be opened.
pub async fn open_to_look(config: Config) -> Result<Engine, String> {
    let key = config.key().map_err(|error| error.to_string())?;
    let place = described(&config);
    Engine::open_to_look(config.engine(key, false), env()?).await.map_err(|error| why(&error, &place))
}

/// Clock and randomness of this machine.
pub(crate) fn env() -> Result<Env, String> {
    Env::machine().map_err(|error| format!("this machine has no randomness: {error}"))
}

/// The database without its password.
pub(crate) fn described(config: &Config) -> String {
    match config.sqlite_file() {
        Some(file) => file.display().to_string(),
        None => "the PostgreSQL server".to_owned(),
    }
}

/// An error with everything that led to it.
pub(crate) fn chain(error: &engine::Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// Why a database could not be opened, and what to do.
pub(crate) fn why(error: &engine::Error, place: &str) -> String {
    let text = chain(error);
    let hint = [
        ("unable to open database file", "the folder does not exist or may not be written to"),
        ("database is locked", "another process holds it; only one stint may use an SQLite file"),
        ("readonly database", "the file may not be written to"),
        ("password authentication failed", "name or password is wrong"),
        ("Connection refused", "nothing listens there; is PostgreSQL running?"),
        ("does not exist", "the database or the user has to be created first"),
        ("pool timed out", "the server does not answer"),
        ("file is not a database", "this is no SQLite file"),
    ]
    .into_iter()
    .find_map(|(sign, hint)| text.contains(sign).then_some(hint));
    match hint {
        Some(hint) => format!("database_url: {place} cannot be opened: {hint} ({text})"),
        None => format!("database_url: {place} cannot be opened: {text}"),
    }
}

/// Says how to begin, as long as there is nobody.
async fn welcome(engine: &Engine) -> Result<(), String> {
    let link = engine::sign_in::set_up_link(engine).await.map_err(|error| why(&error, "the database"))?;
    if let Some(link) = link {
        let hours = domain::sign_in::LinkPurpose::SetUp.life().words();
        crate::cli::say(&format!(
            "Nobody is known to this Stint yet. Set it up within {hours}:\n\n  {link}\n"
        ));
    }
    Ok(())
}

/// Waits for the signals that ask a process to end. A second one ends it at once.
async fn asked_to_end(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be heard; end the process by force");
        return;
    };
    for last in [false, true] {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        if last {
            std::process::exit(130);
        }
        tracing::info!(grace = Span::seconds(6).words(), "asked to end");
        stop.cancel();
    }
}
