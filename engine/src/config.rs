//! What an operator configures, as far as the engine needs it. Read and checked by the process, once.

use std::path::PathBuf;

use domain::Span;
use secrecy::{SecretBox, SecretString};

/// The engine's part of the configuration.
pub struct Config {
    /// `sqlite://path` or `postgres://…`.
    pub database_url: SecretString,
    /// The master key.
    pub key: SecretBox<[u8; 32]>,
    /// Where people reach Stint, without a slash at the end; links come from it, never from a header.
    pub public_url: String,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's time zone.
    pub zone: chrono_tz::Tz,
    /// Whom people turn to when they need help, in words.
    pub service_desk: Option<String>,
    /// The shortest period of assignments and activations.
    pub shortest: Span,
    /// The mail server; without one the outbox is kept.
    pub smtp: Option<Smtp>,
    /// The file that anchors of the record are appended to.
    pub anchor_file: Option<PathBuf>,
    /// How many passwords may be hashed at once.
    pub password_workers: usize,
    /// Whether this is the demo organisation, whose database nothing else may use and which uses no other.
    pub demo: bool,
}

/// A mail server.
pub struct Smtp {
    /// `smtp://host:port`, `smtps://user:password@host:port` or `smtp://…?tls=required`.
    pub url: SecretString,
    /// The address that mail comes from.
    pub from: String,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("public_url", &self.public_url)
            .field("zone", &self.zone)
            .finish_non_exhaustive()
    }
}
