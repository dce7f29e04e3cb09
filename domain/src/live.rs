//! What changed, as live pages hear of it: kinds and ids only, never content. A page that hears of a change asks for
//! the thing again, and is authorised again.

use serde::{Deserialize, Serialize};

use crate::{activation::ActivationId, event::EventKind, role::RoleId};

/// A change that the listener may hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveChange {
    /// What kind of thing changed.
    pub kind: LiveKind,
    /// The activation it is about.
    pub activation: Option<ActivationId>,
    /// The role it is about.
    pub role: Option<RoleId>,
}

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LiveKind {
    /// A request or what became of it.
    Activation,
    /// An assignment.
    Assignment,
    /// A role or its settings.
    Role,
    /// A person.
    Person,
    /// A group or its members.
    Group,
    /// Sign-ins, sessions, credentials and links.
    SignIn,
    /// Anything else on record.
    Record,
    /// More than is worth listing: look at everything again.
    Everything,
}

impl LiveChange {
    /// So much has changed that pages should look at everything again.
    pub const EVERYTHING: Self = Self { kind: LiveKind::Everything, activation: None, role: None };
}

impl LiveKind {
    /// What a fact of this kind changes.
    pub fn of(kind: EventKind) -> Self {
        match kind.as_str().split('.').next() {
            Some("activation") => Self::Activation,
            Some("assignment") => Self::Assignment,
            Some("role" | "role_settings") => Self::Role,
            Some("person" | "set_up") => Self::Person,
            Some("group") => Self::Group,
            Some("session" | "sign_in" | "credential" | "link") => Self::SignIn,
            _ => Self::Record,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_and_the_record_itself_are_of_no_noun() {
        let record: Vec<_> =
            EventKind::ALL.iter().filter(|kind| LiveKind::of(**kind) == LiveKind::Record).collect();
        let expected = [
            &EventKind::Recovered,
            &EventKind::ClockStepped,
            &EventKind::ClockAccepted,
            &EventKind::BackedUp,
            &EventKind::Restored,
            &EventKind::RecordExported,
        ];
        assert_eq!(record, expected);
    }
}
