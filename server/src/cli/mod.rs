//! The command line of `stint`.

mod backup;
mod demo;
mod host;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Arg, ArgMatches, Command};

use crate::config::{Config, KEYS, Key, Settings, SettingsError};

/// Runs the command that was asked for.
pub fn run() -> ExitCode {
    let matches = command().get_matches();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("no threads: {error}")),
    };
    match runtime.block_on(dispatch(&matches)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

async fn dispatch(matches: &ArgMatches) -> Result<ExitCode, String> {
    let settings = settings(matches).map_err(|error| error.to_string())?;
    if matches.get_flag("print-config") {
        Config::from_settings(&settings).map_err(|error| error.to_string())?;
        say(&settings.printed());
        return Ok(ExitCode::SUCCESS);
    }
    let config = || Config::from_settings(&settings).map_err(|error| error.to_string());
    match matches.subcommand() {
        Some(("serve", _)) => crate::serve::serve(config()?, false).await.map(|()| ExitCode::SUCCESS),
        Some(("demo", of)) => match of.subcommand() {
            Some(("code", of)) => demo::code(&settings, text(of, "name")).await,
            _ => demo::run(&settings).await,
        },
        Some(("recover", of)) => host::recover(config()?, text(of, "name")).await,
        Some(("audit", of)) => match of.subcommand() {
            Some(("verify", of)) => host::verify(config()?, path(of, "anchor")).await,
            _ => Err("stint audit verify".to_owned()),
        },
        Some(("backup", of)) => backup::backup(config()?, path(of, "to").unwrap_or_default()).await,
        Some(("restore", of)) => backup::restore(config()?, path(of, "from")).await,
        Some(("clock", _)) => host::accept_clock(config()?).await,
        _ => Err("stint --help says what there is".to_owned()),
    }
}

fn path(matches: &ArgMatches, name: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(name).cloned()
}

fn text<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map(String::as_str).unwrap_or_default()
}

fn command() -> Command {
    let mut command = Command::new("stint")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Privileged identity management: powerful roles for as long as the work takes")
        .after_help("Settings come from a file (--config), then the environment (STINT_LISTEN, DATABASE_URL, …), then flags.")
        .subcommand_required(false)
        .arg_required_else_help(true)
        .arg(Arg::new("config").long("config").value_name("FILE").global(true).value_parser(clap::value_parser!(PathBuf)).help("A TOML file with settings"))
        .arg(Arg::new("print-config").long("print-config").global(true).action(clap::ArgAction::SetTrue).help("Say which settings are in force and where they come from, without secrets"));
    for key in KEYS {
        let flag = Arg::new(key.name()).long(key.flag()).value_name("VALUE").global(true).help(key.help());
        command = command.arg(flag.help_heading("Settings"));
    }
    command.subcommands([
        Command::new("serve").about("Serve pages and API, and do what is due"),
        Command::new("demo").about("Serve a sample organisation, made anew at each start, on this host only").subcommand(
            Command::new("code")
                .about("Print the six digits of somebody's authenticator app")
                .arg(Arg::new("name").value_name("NAME").required(true).help("The name to sign in with")),
        ),
        Command::new("recover")
            .about("Make a one-time link for a person who lost password and factor; on record, and all administrators are told")
            .arg(Arg::new("name").value_name("NAME").required(true).help("The name to sign in with")),
        Command::new("audit").about("The record").subcommand_required(true).subcommand(
            Command::new("verify").about("Check that nobody changed the record").arg(
                Arg::new("anchor").long("anchor").value_name("FILE").value_parser(clap::value_parser!(PathBuf))
                    .help("An anchor file that was kept elsewhere: shows truncation and replacement too"),
            ),
        ),
        Command::new("backup")
            .about("Copy the SQLite database to a new file, also while it is served; the key file is not in it")
            .arg(Arg::new("to").value_name("FILE").required(true).value_parser(clap::value_parser!(PathBuf))
                .help("The new file, or a folder for it")),
        Command::new("restore")
            .about("Put a backup in the place of the SQLite database, and make the older state safe: what is held ends, everybody is signed out")
            .arg(Arg::new("from").value_name("FILE").value_parser(clap::value_parser!(PathBuf)).help("The backup"))
            .arg(Arg::new("in-place").long("in-place").action(clap::ArgAction::SetTrue).conflicts_with("from").required_unless_present("from")
                .help("The database was put in its place already, such as by pg_restore: only make it safe")),
        Command::new("clock").about("The clock").subcommand_required(true).subcommand(
            Command::new("accept").about("Accept the system clock after it was set back, so that roles are granted again; on record"),
        ),
    ])
}

/// File, environment, flags.
fn settings(matches: &ArgMatches) -> Result<Settings, SettingsError> {
    let mut settings = Settings::initial();
    if let Some(file) = matches.get_one::<PathBuf>("config") {
        settings.add_file(file)?;
    }
    settings.add_environment(environment());
    for key in KEYS {
        if let Some(value) = matches.get_one::<String>(key.name()) {
            settings.set(*key, value, &format!("--{}", Key::flag(*key)));
        }
    }
    Ok(settings)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Says something to whoever typed the command.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever closed the pipe does not want to hear it.
    let _ = writeln!(out, "{}", text.trim_end());
    let _ = out.flush();
}

fn failed(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "stint: {why}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn flags_win_over_everything() {
        let matches = command().get_matches_from([
            "stint",
            "serve",
            "--listen",
            "127.0.0.1:1",
            "--shortest-period",
            "PT5S",
        ]);
        let settings = settings(&matches).unwrap();
        assert_eq!(settings.text(Key::Listen), "127.0.0.1:1");
        assert!(
            settings.printed().contains("listen = \"127.0.0.1:1\"  # --listen"),
            "{}",
            settings.printed()
        );
    }
}
