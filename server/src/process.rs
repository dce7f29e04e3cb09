//! What every request needs to know of the process: the engine, where it is reached, its files, its counters.

use std::sync::Arc;

use app::{Site, api::cookies::Cookies};
use engine::Engine;
use tokio_util::sync::CancellationToken;

use crate::{address::Network, events::Streams, files::Files, metrics::Counters};

/// The process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Process(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    trusted_proxies: Vec<Network>,
    files: Files,
    site: Site,
    counters: Counters,
    streams: Streams,
    stop: CancellationToken,
}

impl Process {
    /// Around an engine that is open.
    pub fn new(engine: Engine, trusted_proxies: Vec<Network>) -> Self {
        let files = Files::embedded();
        let config = engine.config();
        let site = Site {
            organisation: config.organisation.clone(),
            service_desk: config.service_desk.clone(),
            demo: config.demo,
            css: files.address("stint.css"),
            browser: files.browser_half(),
        };
        let (counters, streams, stop) = (Counters::default(), Streams::default(), CancellationToken::new());
        Self(Arc::new(Inner { engine, trusted_proxies, files, site, counters, streams, stop }))
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Where people reach Stint, without a slash at the end: links and origin come from it, never from a header.
    pub fn origin(&self) -> &str {
        &self.0.engine.config().public_url
    }

    /// Whether browsers reach it through TLS.
    pub fn is_https(&self) -> bool {
        self.origin().starts_with("https://")
    }

    /// How cookies are written.
    pub fn cookies(&self) -> Cookies {
        Cookies::of(self.origin())
    }

    /// Proxies that are believed.
    pub fn trusted_proxies(&self) -> &[Network] {
        &self.0.trusted_proxies
    }

    /// The pages' files.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// What all pages are told.
    pub fn site(&self) -> &Site {
        &self.0.site
    }

    /// What is counted.
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Live streams that are open.
    pub fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// Is cancelled when the process ends.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }
}
