//! Everything an operator can set, read once and checked before anything starts: file, then environment, then flags.
//! A wrong value is an error that names its key and where it came from. Secrets are never printed.

mod key_file;
mod settings;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use domain::Span;
use secrecy::{ExposeSecret, SecretBox, SecretString};

pub use key_file::KeyError;
pub use settings::{KEYS, Key, Settings, SettingsError};

use crate::address::Network;

/// The whole configuration.
#[derive(Debug)]
pub struct Config {
    /// `sqlite://path` or `postgres://…`.
    pub database_url: SecretString,
    /// The file with the master key.
    pub key_file: PathBuf,
    /// The address that pages and API are served on.
    pub listen: SocketAddr,
    /// The address that metrics are served on, if they are.
    pub metrics_listen: Option<SocketAddr>,
    /// Where people reach Stint, without a slash at the end.
    pub public_url: String,
    /// Proxies whose word about the caller's address counts.
    pub trusted_proxies: Vec<Network>,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's time zone.
    pub zone: chrono_tz::Tz,
    /// Whom people turn to when they need help.
    pub service_desk: Option<String>,
    /// The shortest period of assignments and activations.
    pub shortest_period: Span,
    /// The mail server and the sender.
    pub smtp: Option<(SecretString, String)>,
    /// The file that anchors of the record are appended to.
    pub anchor_file: Option<PathBuf>,
    /// How many passwords may be hashed at once.
    pub password_workers: usize,
    /// Lines for people or JSON for machines.
    pub log_format: LogFormat,
    /// What is logged, as in `info` or `warn,engine=debug`.
    pub log: String,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

impl Config {
    /// Makes the typed configuration of what was set.
    ///
    /// # Errors
    /// The first key whose value cannot be used.
    pub fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let data_dir = PathBuf::from(settings.text(Key::DataDir));
        let database_url = database_url(settings, &data_dir)?;
        let file = sqlite_file(&database_url);
        let beside = |name: &str| file.as_ref().map(|file| file.with_file_name(name));
        let key_file = settings.optional(Key::KeyFile).map(PathBuf::from).or_else(|| beside("stint.key"));
        let key_file = key_file.ok_or_else(|| {
            settings.wrong(Key::KeyFile, "with PostgreSQL it must be given, and all instances share it; make one with: head -c 32 /dev/urandom | base64 > stint.key")
        })?;
        let public_url = public_url(settings)?;
        let smtp_from = settings.optional(Key::SmtpFrom).unwrap_or_else(|| sender(&public_url));
        domain::text::mail_address("smtp_from", &smtp_from)
            .map_err(|_| settings.wrong(Key::SmtpFrom, "not a mail address"))?;
        Ok(Self {
            key_file,
            listen: settings.read(Key::Listen, "an address and a port, such as 127.0.0.1:8080")?,
            metrics_listen: settings
                .read_optional(Key::MetricsListen, "an address and a port, such as 127.0.0.1:9090")?,
            trusted_proxies: networks(settings)?,
            organisation: line(settings, Key::Organisation)?,
            zone: settings.read(Key::Zone, "an IANA time zone, such as Europe/Oslo")?,
            service_desk: settings.optional(Key::ServiceDesk),
            shortest_period: shortest(settings)?,
            smtp: smtp(settings)?.map(|url| (url, smtp_from)),
            anchor_file: settings
                .optional(Key::AnchorFile)
                .map(PathBuf::from)
                .or_else(|| beside("stint.anchor")),
            password_workers: workers(settings)?,
            log_format: log_format(settings)?,
            log: settings.text(Key::Log),
            public_url,
            database_url,
        })
    }

    /// Whether the database is a file of this host.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        sqlite_file(&self.database_url)
    }

    /// Reads the key, or makes one where neither key nor database exist yet.
    ///
    /// # Errors
    /// When it cannot be read, or when a database is there but its key is not.
    pub fn key(&self) -> Result<SecretBox<[u8; 32]>, KeyError> {
        key_file::read_or_make(&self.key_file, self.sqlite_file().as_deref())
    }

    /// Reads the key that belongs to a backup.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn key_of_backup(&self) -> Result<SecretBox<[u8; 32]>, KeyError> {
        key_file::read(&self.key_file)
    }

    /// The engine's part.
    pub fn engine(self, key: SecretBox<[u8; 32]>, demo: bool) -> engine::Config {
        engine::Config {
            database_url: self.database_url,
            key,
            public_url: self.public_url,
            organisation: self.organisation,
            zone: self.zone,
            service_desk: self.service_desk,
            shortest: self.shortest_period,
            smtp: self.smtp.map(|(url, from)| engine::config::Smtp { url, from }),
            anchor_file: self.anchor_file,
            password_workers: self.password_workers,
            demo,
        }
    }
}

fn database_url(settings: &Settings, data_dir: &Path) -> Result<SecretString, SettingsError> {
    let given = settings.optional(Key::DatabaseUrl);
    let url = given.unwrap_or_else(|| format!("sqlite://{}", data_dir.join("stint.db").display()));
    if url.starts_with("sqlite:") || url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(SecretString::from(url));
    }
    Err(settings.wrong(Key::DatabaseUrl, "must begin with sqlite:// or postgres://"))
}

/// The file of an SQLite address: what stands after `sqlite://` and before its options.
fn sqlite_file(url: &SecretString) -> Option<PathBuf> {
    let rest = url.expose_secret().strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    path.split('?').next().map(PathBuf::from)
}

/// An origin and nothing more. Plain http is for this host alone, because cookies would travel in the clear.
fn public_url(settings: &Settings) -> Result<String, SettingsError> {
    let url = settings.text(Key::PublicUrl);
    let url = url.trim_end_matches('/').to_owned();
    let wrong = |why: &str| settings.wrong(Key::PublicUrl, why);
    let uri: http::Uri =
        url.parse().map_err(|_| wrong("not an address such as https://stint.example.com"))?;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return Err(wrong("must begin with https:// (or http:// for this host alone)"));
    };
    if uri.path() != "/" || uri.query().is_some() {
        return Err(wrong("must be an origin, without a path"));
    }
    let port = uri.port_u16();
    let standard = matches!((scheme, port), ("http", Some(80)) | ("https", Some(443)));
    let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    if authority.contains('@') || standard || url != url.to_lowercase() {
        return Err(wrong("write it as browsers do: lower case, no user, no standard port"));
    }
    match scheme {
        "https" => Ok(url),
        "http" if is_loopback(host) => Ok(url),
        "http" => Err(wrong(
            "http:// is for this host alone (127.0.0.1 or localhost); elsewhere put TLS before Stint and say https://",
        )),
        _ => Err(wrong("must begin with https://")),
    }
}

/// Whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn sender(public_url: &str) -> String {
    let host = public_url
        .parse::<http::Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_owned))
        .unwrap_or_default();
    let named = host.chars().any(char::is_alphabetic) && !host.starts_with('[');
    format!("stint@{}", if named { host.as_str() } else { "localhost" })
}

fn line(settings: &Settings, key: Key) -> Result<String, SettingsError> {
    let text = settings.text(key);
    domain::text::line(key.name(), &text, domain::text::NAME)
        .map_err(|_| settings.wrong(key, "one line of at most 100 characters"))
}

fn networks(settings: &Settings) -> Result<Vec<Network>, SettingsError> {
    let text = settings.text(Key::TrustedProxies);
    text.split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(|one| {
            one.parse().map_err(|()| {
                settings.wrong(
                    Key::TrustedProxies,
                    "addresses or networks such as 10.0.0.0/8, separated by commas",
                )
            })
        })
        .collect()
}

fn shortest(settings: &Settings) -> Result<Span, SettingsError> {
    let span: Span = settings.read(Key::ShortestPeriod, "an ISO 8601 duration, such as PT5M")?;
    if span < Span::seconds(1) || span > Span::hours(24) {
        return Err(settings.wrong(Key::ShortestPeriod, "between PT1S and PT24H"));
    }
    Ok(span)
}

fn smtp(settings: &Settings) -> Result<Option<SecretString>, SettingsError> {
    let Some(url) = settings.optional(Key::SmtpUrl) else { return Ok(None) };
    if url.starts_with("smtp://") || url.starts_with("smtps://") {
        return Ok(Some(SecretString::from(url)));
    }
    Err(settings.wrong(Key::SmtpUrl, "must begin with smtp:// or smtps://"))
}

fn workers(settings: &Settings) -> Result<usize, SettingsError> {
    let most = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4);
    let given: Option<usize> = settings.read_optional(Key::PasswordWorkers, "a number from 1 to 64")?;
    match given {
        Some(1..=64) | None => Ok(given.unwrap_or(most)),
        Some(_) => Err(settings.wrong(Key::PasswordWorkers, "a number from 1 to 64")),
    }
}

fn log_format(settings: &Settings) -> Result<LogFormat, SettingsError> {
    match settings.text(Key::LogFormat).as_str() {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(settings.wrong(Key::LogFormat, "text or json")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let mut settings = Settings::initial();
        for (key, value) in pairs {
            settings.set(Key::named(key).unwrap(), value, "a test");
        }
        Config::from_settings(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_has_a_default_but_what_must_not_have_one() {
        let config = config(&[]).unwrap();
        assert_eq!(config.sqlite_file(), Some(PathBuf::from("./stint.db")));
        assert_eq!(config.key_file, PathBuf::from("./stint.key"));
        assert_eq!(config.anchor_file, Some(PathBuf::from("./stint.anchor")));
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert!(config.smtp.is_none() && config.metrics_listen.is_none());
    }

    #[test]
    fn files_stand_beside_the_database() {
        let config = config(&[("database_url", "sqlite:///var/lib/stint/s.db?mode=rwc")]).unwrap();
        assert_eq!(config.key_file, PathBuf::from("/var/lib/stint/stint.key"));
        assert_eq!(config.anchor_file, Some(PathBuf::from("/var/lib/stint/stint.anchor")));
    }

    #[test]
    fn a_wrong_value_names_its_key_and_where_it_came_from() {
        for (key, value) in [
            ("listen", "8080"),
            ("public_url", "stint.example.com"),
            ("public_url", "http://stint.example.com"),
            ("public_url", "https://stint.example.com/path"),
            ("public_url", "https://stint.example.com:443"),
            ("public_url", "https://a@stint.example.com"),
            ("database_url", "mysql://x"),
            ("zone", "Oslo"),
            ("shortest_period", "5 minutes"),
            ("shortest_period", "PT0S"),
            ("trusted_proxies", "10.0.0.0/33"),
            ("smtp_url", "mail.example.com"),
            ("smtp_from", "nobody"),
            ("password_workers", "0"),
            ("log_format", "xml"),
            ("organisation", ""),
        ] {
            let error = config(&[(key, value)]).unwrap_err();
            assert!(error.starts_with(&format!("{key} (from a test): ")), "{error}");
        }
    }

    #[test]
    fn postgresql_asks_for_a_key_that_all_instances_share() {
        let error = config(&[("database_url", "postgres://stint:hunter2@db/stint")]).unwrap_err();
        assert!(error.starts_with("key_file") && !error.contains("hunter2"), "{error}");
    }
}
