//! `stint demo`: the sample organisation, made anew at each start in a database of its own, for this host alone.

use std::{path::PathBuf, process::ExitCode};

use secrecy::SecretString;

use super::say;
use crate::{
    config::{Config, Key, Settings},
    log, serve,
};

/// `stint demo`.
pub(super) async fn run(settings: &Settings) -> Result<ExitCode, String> {
    let config = config(settings)?;
    if !config.listen.ip().is_loopback() {
        return Err(
            "the sample organisation listens on this host only: use listen = \"127.0.0.1:8080\"".to_owned()
        );
    }
    log::start(&config);
    // Before anything is removed: a demo that runs already keeps its database.
    let listener = crate::listen::bind("listen", config.listen).await?;
    clear(settings, &config).await?;
    say("Making the sample organisation …");
    let key = config.key().map_err(|error| error.to_string())?;
    engine::demo::build(config.engine(key, true))
        .await
        .map_err(|error| serve::why(&error, "the demo's database"))?;
    drop(listener);
    let config = self::config(settings)?;
    say(&welcome(&config.public_url));
    serve::serve(config, true).await.map(|()| ExitCode::SUCCESS)
}

/// `stint demo code NAME`.
pub(super) async fn code(settings: &Settings, name: &str) -> Result<ExitCode, String> {
    let engine = serve::open(config(settings)?, true).await?;
    let code = engine::demo::code(&engine, name).await;
    engine.close().await;
    say(&code.map_err(|error| error.told("demo").sentence())?);
    Ok(ExitCode::SUCCESS)
}

/// The configuration with everything that belongs to the sample organisation.
fn config(settings: &Settings) -> Result<Config, String> {
    for key in [Key::DatabaseUrl, Key::KeyFile] {
        if settings.optional(key).is_some() {
            return Err(settings
                .wrong(key, "the demo has a database and a key of its own; leave it out")
                .to_string());
        }
    }
    let mut config = Config::from_settings(settings).map_err(|error| error.to_string())?;
    let folder = PathBuf::from(settings.text(Key::DataDir));
    let file = |name: &str| folder.join(name);
    config.database_url = SecretString::from(format!("sqlite://{}", file("stint-demo.db").display()));
    config.key_file = file("stint-demo.key");
    config.anchor_file = Some(file("stint-demo.anchor"));
    config.organisation = "Halden Logistics".to_owned();
    config.zone = chrono_tz::Europe::Oslo;
    Ok(config)
}

/// Removes what an earlier demo left, and nothing else.
async fn clear(settings: &Settings, config: &Config) -> Result<(), String> {
    let Some(database) = config.sqlite_file() else { return Ok(()) };
    if database.exists() {
        let engine = serve::open(self::config(settings)?, true).await?;
        engine.close().await;
    }
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", database.display()));
    let anchor = config.anchor_file.clone().into_iter();
    for file in
        [database.clone(), beside("-wal"), beside("-shm"), config.key_file.clone()].into_iter().chain(anchor)
    {
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{} cannot be removed: {error}", file.display()));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn welcome(public_url: &str) -> String {
    format!(
        "\nHalden Logistics is open: {public_url}\n\nSign in as marta, priya, tomasz, kenji, sofia, daniel or jonas.\n\
         Password of everybody:  {}\nSix digits for marta:   stint demo code marta\n",
        engine::demo::PASSWORD
    )
}
