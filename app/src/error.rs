//! What a server function answers when it cannot do it: a problem, or a connection that failed.

use domain::{Code, Problem, problem::Kind};
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// The result of a server function.
pub type AppResult<T> = Result<T, AppError>;

/// A refusal, or what went wrong on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Stint said no.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// Stint was not reached, or its answer did not arrive or was not understood.
    #[error("No answer came from Stint.")]
    Unreachable,
}

impl AppError {
    /// The problem to show. An act whose answer was lost on the way may have been done.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Problem(problem) => problem.clone(),
            Self::Unreachable => Problem::new(Code::InDoubt),
        }
    }

    /// Whether it says nothing about what was asked, only that there is no answer at the moment: the same may be asked
    /// again, and an act under the same key.
    pub fn is_passing(&self) -> bool {
        self.problem().code.kind() == Kind::Unavailable
    }

    /// The same without anything but codes and fields: for addresses, which others may have written.
    #[must_use]
    pub fn only_codes(&self) -> Self {
        let bare = |problem: &Problem| Problem { field: problem.field.clone(), ..Problem::new(problem.code) };
        match self {
            Self::Problem(problem) => {
                Self::Problem(Problem { more: problem.more.iter().map(bare).collect(), ..bare(problem) })
            }
            Self::Unreachable => Self::Unreachable,
        }
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> Self {
        Self::Problem(Problem::new(code))
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            // What arrived is not what the form sends: never said in more words, which come from outside.
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => {
                Self::Problem(Problem::new(Code::BadRequest).limit("its fields"))
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => Self::Problem(Problem::new(Code::Internal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_codes_and_fields_only() {
        let mut problem = Problem::new(Code::TooLong).field("name").limit("100");
        problem.more.push(Problem::new(Code::NoLongerPending).limit("approved by Ada"));
        let bare = AppError::from(problem).only_codes();
        let text = serde_json::to_string(&bare).unwrap();
        assert_eq!(
            text,
            r#"{"problem":{"code":"too_long","field":"name","more":[{"code":"no_longer_pending"}]}}"#
        );
    }

    #[test]
    fn an_error_survives_the_way_to_the_browser() {
        let error = AppError::from(Problem::new(Code::DurationTooLong).field("duration").limit("8 h"));
        assert_eq!(AppError::de(error.ser()), error);
    }

    #[test]
    fn of_an_act_without_an_answer_nobody_says_that_nothing_was_changed() {
        let lost = AppError::Unreachable;
        assert_eq!(lost.problem().code, Code::InDoubt);
        assert!(lost.is_passing(), "it may be sent again under its key");
        assert!(AppError::from(Code::InDoubt).is_passing() && AppError::from(Code::Unavailable).is_passing());
        assert!(!AppError::from(Code::Conflict).is_passing());
    }

    #[test]
    fn what_nobody_can_read_counts_as_not_reached() {
        assert_eq!(AppError::de("<html>".into()), AppError::Unreachable);
    }
}
