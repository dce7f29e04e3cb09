//! Counters and gauges for Prometheus, on a listener of their own.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::process::Process;

/// Requests that were answered, by class of status.
#[derive(Debug, Default)]
pub struct Counters([AtomicU64; 5]);

impl Counters {
    /// Counts an answer.
    pub fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        if let Some(counter) = self.0.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What the metrics listener answers to.
pub fn router(process: &Process) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(process.clone())
}

async fn metrics(State(process): State<Process>) -> Response {
    let mut text = Text::default();
    text.family("stint_requests_total", "counter", "Requests answered, by class of status.");
    for (class, counter) in (1..).zip(&process.counters().0) {
        text.line(&format!("stint_requests_total{{status=\"{class}xx\"}}"), counter.load(Ordering::Relaxed));
    }
    text.family("stint_live_streams", "gauge", "Live streams that are open.");
    text.line("stint_live_streams", u64::from(process.streams().count()));
    match process.engine().measure().await {
        Ok(measured) => {
            text.one(
                "stint_overdue_ends",
                "Ends of activations that are past and not carried out yet.",
                measured.overdue_ends,
            );
            text.one("stint_outbox_waiting", "Messages that wait for delivery.", measured.outbox_waiting);
            text.one("stint_records", "Records in the chain.", measured.records);
            text.one(
                "stint_storage_full",
                "Whether the disk is full, so that nothing new is granted.",
                u64::from(measured.storage_full),
            );
            text.one("stint_up", "Whether the database answers.", 1);
        }
        Err(error) => {
            tracing::warn!(%error, "the database could not be measured");
            text.one("stint_up", "Whether the database answers.", 0);
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.0).into_response()
}

/// The exposition format.
#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.0 += &format!("# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, name: &str, value: u64) {
        self.0 += &format!("{name} {value}\n");
    }

    fn one(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "gauge", help);
        self.line(name, value);
    }
}
