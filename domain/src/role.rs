//! Privileged roles: those of Stint itself, those of the catalogue, and custom ones.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Id, Instant, Scope, Span,
    activation::{ActivationId, State},
    assignment::{AssignmentId, AssignmentKind, Standing},
    person::{PersonRef, PrincipalRef},
    problem::{Code, Problem},
    role_settings::RoleSettings,
    text,
};

/// The identifier of a role.
pub type RoleId = Id<Role>;

/// How much a role can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Level {
    /// Does a narrow job.
    Limited,
    /// Changes or reads what others own.
    High,
    /// Takes over the system or gives itself any role.
    Critical,
}

impl Level {
    /// The word that people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Limited => "Limited",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }

    /// One to three, for the tile.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Limited => 1,
            Self::High => 2,
            Self::Critical => 3,
        }
    }
}

/// A role as stored; its settings have versions of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Which role.
    pub id: RoleId,
    /// The stable key, such as `exchange-administrator`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it grants.
    pub description: String,
    /// How much it can do.
    pub level: Level,
    /// Where it is used.
    pub link: Option<String>,
    /// The id of the role in the catalogue it came from.
    pub template_id: Option<String>,
    /// Since when it is switched off.
    pub disabled_at: Option<Instant>,
    /// The version of its settings that is in force.
    pub settings_version: i64,
    /// Since when it exists.
    pub created_at: Instant,
    /// Counts changes, for compare-and-set.
    pub version: i64,
}

/// Stint's own roles: known by constant ids, never by name or key.
pub mod builtin {
    use super::{RoleId, Uuid};

    /// Roles, settings, assignments, revoking anything, and all that a User Administrator may.
    pub const ADMINISTRATOR: RoleId = RoleId::new(Uuid::from_u128(0x0000_0000_0000_7000_8000_5717_0000_0001));
    /// People and groups in order.
    pub const USER_ADMINISTRATOR: RoleId =
        RoleId::new(Uuid::from_u128(0x0000_0000_0000_7000_8000_5717_0000_0002));
    /// Reads everything, changes nothing.
    pub const AUDITOR: RoleId = RoleId::new(Uuid::from_u128(0x0000_0000_0000_7000_8000_5717_0000_0003));

    /// All of them with key, name and what they grant.
    pub const ALL: [(RoleId, &str, &str, &str); 3] = [
        (
            ADMINISTRATOR,
            "stint-privileged-role-administrator",
            "Stint Privileged Role Administrator",
            "every role, setting and assignment in Stint, and ending anything",
        ),
        (
            USER_ADMINISTRATOR,
            "stint-user-administrator",
            "Stint User Administrator",
            "people and groups in Stint that have nothing to do with a role",
        ),
        (AUDITOR, "stint-auditor", "Stint Auditor", "reading everything in Stint, changing nothing"),
    ];

    /// Whether this is one of them.
    pub fn is(role: RoleId) -> bool {
        ALL.iter().any(|(id, ..)| *id == role)
    }
}

/// Whether a role can have this key at all: of anything else there is none, and no database needs to be asked.
pub fn may_be_key(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= text::NAME && text.split('-').all(is_word)
}

/// Checks a key of a role that is not Stint's own: lower-case words joined by hyphens.
///
/// # Errors
/// `malformed`, `too_long`, or `key_reserved`.
pub fn key(given: &str) -> Result<String, Problem> {
    let key = text::line("key", given, text::NAME)?;
    if !may_be_key(&key) {
        return Err(Problem::new(Code::Malformed)
            .field("key")
            .limit("lower-case words joined by hyphens, such as exchange-administrator"));
    }
    if key.starts_with("stint-") {
        return Err(Problem::new(Code::KeyReserved).field("key"));
    }
    Ok(key)
}

/// A role by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleRef {
    /// Which role.
    pub id: RoleId,
    /// Its stable key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// How much it can do.
    pub level: Level,
}

/// Input: a custom role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewRole {
    /// The stable key; cannot be changed later.
    pub key: String,
    /// Its name, at most 100 characters.
    pub name: String,
    /// What it grants, at most 500 characters.
    #[serde(default)]
    pub description: String,
    /// How much it can do.
    pub level: Level,
    /// Where it is used: a link that begins with https://.
    #[serde(default)]
    pub link: Option<String>,
}

/// Input: changed words of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeRole {
    /// Its name, at most 100 characters.
    pub name: String,
    /// What it grants, at most 500 characters.
    pub description: String,
    /// How much it can do.
    pub level: Level,
    /// Where it is used.
    pub link: Option<String>,
    /// The version that was shown.
    pub version: i64,
}

/// Input: roles to import from the catalogue, by key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRoles {
    /// Keys of the catalogue; those that exist already are left alone.
    pub keys: Vec<String>,
}

/// A role in the catalogue that comes with Stint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CatalogueRole {
    /// The key that it will have.
    pub key: String,
    /// Its name in its own system.
    pub name: String,
    /// Its id in its own system.
    pub template_id: String,
    /// What it grants.
    pub description: String,
    /// A proposal.
    pub level: Level,
    /// Whether it was imported already. Not part of the catalogue file.
    #[serde(default)]
    pub imported: bool,
}

/// A line in the list of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleRow {
    /// Which role.
    pub role: RoleRef,
    /// What it grants.
    pub description: String,
    /// Whether it belongs to Stint itself.
    pub built_in: bool,
    /// Since when it is switched off.
    pub disabled_at: Option<Instant>,
    /// Live and planned eligible assignments.
    pub eligible: u32,
    /// Live and planned active assignments.
    pub standing: u32,
    /// Activations that are active now.
    pub active: u32,
    /// Requests that wait for a decision.
    pub waiting: u32,
}

/// One role with everything that its administrators see, but for history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleDetail {
    /// The line of the list.
    #[serde(flatten)]
    pub row: RoleRow,
    /// Where it is used.
    pub link: Option<String>,
    /// The id of the role in the catalogue it came from.
    pub template_id: Option<String>,
    /// The settings in force.
    pub settings: RoleSettings,
    /// The version of the settings in force.
    pub settings_version: i64,
    /// Names of the principals in the settings.
    pub approvers: Vec<PrincipalRef>,
    /// Approvers that no mail reaches.
    pub approvers_without_address: Vec<String>,
    /// For compare-and-set of the words.
    pub version: i64,
}

/// An assignment as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentRow {
    /// Which assignment.
    pub id: AssignmentId,
    /// The role.
    pub role: RoleRef,
    /// To whom.
    pub principal: PrincipalRef,
    /// Eligible or active.
    pub kind: AssignmentKind,
    /// Which part it covers.
    pub scope: Scope,
    /// From when.
    pub starts_at: Instant,
    /// Until when; permanent when absent.
    pub ends_at: Option<Instant>,
    /// Planned, live or ended, at the moment of asking.
    pub standing: Standing,
    /// When it ended, and why.
    pub ended_at: Option<Instant>,
    /// The reason that the administrator gave.
    pub justification: String,
    /// Who made it; nobody when Stint itself did.
    pub made_by: Option<PersonRef>,
    /// When it was made.
    pub made_at: Instant,
    /// The last activation under it.
    pub last: Option<LastActivation>,
    /// The live activation of this person in this role, if any.
    pub live: Option<LiveActivation>,
    /// Whether the role's present settings would still allow it.
    pub fits_settings: bool,
    /// For compare-and-set.
    pub version: i64,
}

/// The last activation of a person in a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastActivation {
    /// When it became effective.
    pub at: Instant,
    /// How long it was meant to last.
    pub duration: Span,
    /// The reason in words.
    pub justification: String,
}

/// A live activation, shortly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveActivation {
    /// Which activation.
    pub id: ActivationId,
    /// The number that people quote.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// When it ends, once it is active.
    pub ends_at: Option<Instant>,
}

/// A version of a role's settings, in history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsVersion {
    /// Its number, from 1.
    pub version: i64,
    /// When it came into force.
    pub at: Instant,
    /// Who saved it; nobody when Stint itself did.
    pub by: Option<PersonRef>,
    /// What changed against the version before, one sentence each: (what, from, to).
    pub changes: Vec<(String, String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_stints_own_roles_are_reserved() {
        assert_eq!(key("stint-auditor").unwrap_err().code, Code::KeyReserved);
        assert_eq!(key("exchange-administrator").unwrap(), "exchange-administrator");
        for bad in ["", "Exchange", "a--b", "-a", "a b", "a_b"] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_role_of_the_same_name_is_not_stints_own() {
        assert!(builtin::is(builtin::ADMINISTRATOR));
        assert!(!builtin::is(RoleId::new(Uuid::from_u128(1))));
    }
}
