//! What was set where: each key as text with its source. The typed meaning is in `config`.

use std::{collections::BTreeMap, fmt, path::Path, str::FromStr};

macro_rules! keys {
    ($($name:ident = $text:literal, $default:expr, $secret:literal, $help:literal;)*) => {
        /// A key of the configuration.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key { $(#[doc = $help] $name,)* }

        /// All keys.
        pub const KEYS: &[Key] = &[$(Key::$name,)*];

        impl Key {
            /// Its name in the file; `STINT_` and capitals in the environment, hyphens in flags.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// One line for `--help` and the documents.
            pub const fn help(self) -> &'static str {
                match self { $(Self::$name => $help,)* }
            }

            const fn default(self) -> Option<&'static str> {
                match self { $(Self::$name => $default,)* }
            }

            /// Whether its value may hold a password.
            pub const fn is_secret(self) -> bool {
                match self { $(Self::$name => $secret,)* }
            }
        }
    };
}

keys! {
    DataDir = "data_dir", Some("."), false, "Where the SQLite file is kept unless database_url says otherwise";
    DatabaseUrl = "database_url", None, true, "sqlite://path or postgres://user:password@host/name";
    KeyFile = "key_file", None, false, "The file with the master key; made beside a new SQLite file, required with PostgreSQL";
    Listen = "listen", Some("127.0.0.1:8080"), false, "Address and port of pages and API";
    MetricsListen = "metrics_listen", None, false, "Address and port of Prometheus metrics; none unless given";
    PublicUrl = "public_url", Some("http://127.0.0.1:8080"), false, "Where people reach Stint: links and origin come from it";
    TrustedProxies = "trusted_proxies", Some(""), false, "Proxies whose X-Forwarded-For counts: addresses or networks, separated by commas";
    Organisation = "organisation", Some("Stint"), false, "The organisation's name, on pages and in mails";
    Zone = "zone", Some("UTC"), false, "The organisation's time zone, such as Europe/Oslo";
    ServiceDesk = "service_desk", None, false, "Whom people turn to when they need help, in words";
    ShortestPeriod = "shortest_period", Some("PT5M"), false, "The shortest assignment and activation, ISO 8601";
    SmtpUrl = "smtp_url", None, true, "The mail server: smtp://user:password@host:port or smtps://…; without one the outbox is kept";
    SmtpFrom = "smtp_from", None, false, "The address that mail comes from";
    AnchorFile = "anchor_file", None, false, "The file that anchors of the record are appended to; beside the SQLite file unless given";
    PasswordWorkers = "password_workers", None, false, "How many passwords may be hashed at once";
    LogFormat = "log_format", Some("text"), false, "text or json";
    Log = "log", Some("info"), false, "What is logged, such as info or warn,engine=debug";
}

impl Key {
    /// The key of this name.
    pub fn named(name: &str) -> Option<Self> {
        KEYS.iter().copied().find(|key| key.name() == name)
    }

    /// Its name in the environment.
    pub fn variable(self) -> String {
        format!("STINT_{}", self.name().to_uppercase())
    }

    /// Its flag, without the two hyphens.
    pub fn flag(self) -> String {
        self.name().replace('_', "-")
    }
}

/// A value that cannot be used.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl std::error::Error for SettingsError {}

/// Each key as text, and where it came from. Later sources replace earlier ones.
#[derive(Clone)]
pub struct Settings(BTreeMap<Key, (String, String)>);

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed())
    }
}

impl Settings {
    /// The defaults.
    pub fn initial() -> Self {
        let default = |key: &Key| Some((*key, (key.default()?.to_owned(), "default".to_owned())));
        Self(KEYS.iter().filter_map(default).collect())
    }

    /// Sets a value.
    pub fn set(&mut self, key: Key, value: &str, source: &str) {
        self.0.insert(key, (value.trim().to_owned(), source.to_owned()));
    }

    /// Adds what a TOML file says.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or holds a key that does not exist.
    pub fn add_file(&mut self, path: &Path) -> Result<(), SettingsError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| SettingsError(format!("the configuration {shown} cannot be read: {error}")))?;
        self.add_toml(&text, &shown)
    }

    fn add_toml(&mut self, text: &str, source: &str) -> Result<(), SettingsError> {
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| SettingsError(format!("{source}: {}", error.message())))?;
        for (name, value) in table {
            let key = Key::named(&name)
                .ok_or_else(|| SettingsError(format!("{name} (from {source}): there is no such setting")))?;
            let text = as_text(&value).ok_or_else(|| {
                SettingsError(format!("{name} (from {source}): a text, a number or a list of texts"))
            })?;
            self.set(key, &text, source);
        }
        Ok(())
    }

    /// Adds what the environment says. Empty variables count as not set; unknown ones may belong to scripts.
    pub fn add_environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        let variables: BTreeMap<_, _> =
            variables.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        if let Some(value) = variables.get("DATABASE_URL") {
            self.set(Key::DatabaseUrl, value, "DATABASE_URL");
        }
        for key in KEYS {
            let name = key.variable();
            if let Some(value) = variables.get(&name) {
                self.set(*key, value, &name);
            }
        }
    }

    /// The value of a key that has a default.
    pub fn text(&self, key: Key) -> String {
        self.0.get(&key).map(|(value, _)| value.clone()).unwrap_or_default()
    }

    /// The value of a key, if it is set to something.
    pub fn optional(&self, key: Key) -> Option<String> {
        Some(self.text(key)).filter(|value| !value.is_empty())
    }

    /// Reads a value.
    ///
    /// # Errors
    /// When it is not what is expected.
    pub fn read<T: FromStr>(&self, key: Key, expected: &str) -> Result<T, SettingsError> {
        self.text(key).parse().map_err(|_| self.wrong(key, &format!("not {expected}")))
    }

    /// Reads a value that may be left out.
    ///
    /// # Errors
    /// When it is there and not what is expected.
    pub fn read_optional<T: FromStr>(&self, key: Key, expected: &str) -> Result<Option<T>, SettingsError> {
        self.optional(key).map(|_| self.read(key, expected)).transpose()
    }

    /// The error of a value that cannot be used. Never shows the value, which may be a secret.
    pub fn wrong(&self, key: Key, why: &str) -> SettingsError {
        let source = self.0.get(&key).map_or("not set", |(_, source)| source);
        SettingsError(format!("{} (from {source}): {why}", key.name()))
    }

    /// All values with their sources, secrets hidden.
    pub fn printed(&self) -> String {
        KEYS.iter()
            .map(|key| match self.0.get(key) {
                Some((value, source)) if key.is_secret() => {
                    format!("{} = {:?}  # {source}\n", key.name(), hidden(value))
                }
                Some((value, source)) => format!("{} = {value:?}  # {source}\n", key.name()),
                None => format!("# {} is not set\n", key.name()),
            })
            .collect()
    }
}

/// An address without its password and options.
fn hidden(url: &str) -> String {
    let without_options = url.split('?').next().unwrap_or_default();
    match without_options.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://…@{host}"),
            None => format!("{scheme}://{rest}"),
        },
        None => "…".to_owned(),
    }
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(list) => {
            let texts: Option<Vec<_>> = list.iter().map(toml::Value::as_str).collect();
            Some(texts?.join(","))
        }
        toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_)
        | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut settings = Settings::initial();
        settings.add_toml("zone = \"Europe/Oslo\"\norganisation = \"Halden\"\ntrusted_proxies = [\"10.0.0.1\", \"::1\"]", "stint.toml").unwrap();
        settings.add_environment([
            ("STINT_ZONE".to_owned(), "Europe/Berlin".to_owned()),
            ("STINT_CACHE".to_owned(), "/somewhere".to_owned()),
            ("STINT_ORGANISATION".to_owned(), " ".to_owned()),
        ]);
        assert_eq!(settings.text(Key::Zone), "Europe/Berlin");
        assert_eq!(settings.text(Key::Organisation), "Halden");
        assert_eq!(settings.text(Key::TrustedProxies), "10.0.0.1,::1");
    }

    #[test]
    fn the_more_exact_name_of_the_database_wins() {
        let mut settings = Settings::initial();
        settings.add_environment([
            ("DATABASE_URL".to_owned(), "sqlite://a.db".to_owned()),
            ("STINT_DATABASE_URL".to_owned(), "sqlite://b.db".to_owned()),
        ]);
        assert_eq!(settings.text(Key::DatabaseUrl), "sqlite://b.db");
    }

    #[test]
    fn what_does_not_exist_in_the_file_is_named() {
        let error = Settings::initial().add_toml("listne = \"x\"", "stint.toml").unwrap_err();
        assert_eq!(error.to_string(), "listne (from stint.toml): there is no such setting");
        assert!(Settings::initial().add_toml("listen = ", "stint.toml").is_err());
        assert!(Settings::initial().add_toml("listen = true", "stint.toml").is_err());
    }

    #[test]
    fn every_setting_has_a_line_in_the_documents() {
        let document = include_str!("../../../docs/configuration.md");
        for key in KEYS {
            assert!(document.contains(&format!("\n| `{}` |", key.name())), "{}", key.name());
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let mut settings = Settings::initial();
        settings.set(Key::DatabaseUrl, "postgres://stint:hunter2@db/stint?password=hunter3", "a test");
        settings.set(Key::SmtpUrl, "smtp://stint:hunter4@mail:25", "a test");
        let printed = settings.printed();
        assert!(!printed.contains("hunter"), "{printed}");
        assert!(
            printed.contains("postgres://…@db/stint") && printed.contains("smtp://…@mail:25"),
            "{printed}"
        );
    }
}
