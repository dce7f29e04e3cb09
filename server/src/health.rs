//! Signs of life, for whoever watches the process.

use axum::{extract::State, http::StatusCode};

use crate::process::Process;

/// The process runs.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// It can do its work: the database answers and nobody has asked it to end.
pub async fn readyz(State(process): State<Process>) -> (StatusCode, &'static str) {
    if process.stop().is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    match process.engine().ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
