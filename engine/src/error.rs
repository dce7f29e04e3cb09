//! What a use case answers when it cannot do it: a problem that the caller may hear, or a cause that only the log does.

use domain::{Code, Problem};

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal, or a failure from below.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// For the caller.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// For the log: the operation and what failed in it.
    #[error("{operation} failed")]
    Cause {
        /// What was being done.
        operation: &'static str,
        /// What went wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Wraps a failure from below, naming the operation: `.map_err(Error::of("session.rotate"))`.
    pub fn of<E: std::error::Error + Send + Sync + 'static>(
        operation: &'static str,
    ) -> impl FnOnce(E) -> Self {
        move |source| Self::Cause { operation, source: Box::new(source) }
    }

    /// A failure from below in words, for broken stored data and the like.
    pub fn broken(operation: &'static str, what: impl Into<String>) -> Self {
        Self::Cause { operation, source: what.into().into() }
    }

    /// The refusal, if it is one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            Self::Cause { .. } => None,
        }
    }

    /// Whether the disk had no room for it.
    pub(crate) fn is_out_of_room(&self) -> bool {
        match self {
            Self::Problem(_) => false,
            Self::Cause { source, .. } => {
                let text = chain(source.as_ref());
                OUT_OF_ROOM.iter().any(|sign| text.contains(sign))
            }
        }
    }

    /// The failure with everything that led to it, for the log.
    pub(crate) fn chain(&self) -> String {
        chain(self)
    }

    /// What the caller hears. A cause is logged here, once, with its whole chain, and becomes `internal` with the
    /// number of the request; a database that does not answer becomes `unavailable`.
    pub fn told(self, request_id: &str) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Cause { operation, source } => {
                tracing::error!(request_id, operation, cause = chain(source.as_ref()), "failed");
                if is_unavailable(source.as_ref()) {
                    Problem::new(Code::Unavailable)
                } else {
                    Problem::new(Code::Internal).limit(request_id)
                }
            }
        }
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// What SQLite and the operating system say of a disk that is full.
const OUT_OF_ROOM: [&str; 2] = ["disk is full", "No space left"];

/// What else databases say that cannot be reached or written to.
const AWAY: [&str; 9] = [
    "readonly",
    "read-only",
    "disk I/O error",
    "connection",
    "communicating with database",
    "Broken pipe",
    "shutting down",
    "starting up",
    "in recovery mode",
];

/// Whether the failure is that of a database that cannot be reached or written to at present.
fn is_unavailable(source: &(dyn std::error::Error + 'static)) -> bool {
    match source.downcast_ref::<sea_orm::DbErr>() {
        Some(sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_)) => true,
        Some(other) => {
            let text = other.to_string();
            OUT_OF_ROOM.iter().chain(&AWAY).any(|sign| text.contains(sign))
        }
        None => false,
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Problem(Problem::new(code))
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(source: sea_orm::DbErr) -> Self {
        Self::Cause { operation: "store", source: Box::new(source) }
    }
}
