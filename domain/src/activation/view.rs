//! Activations as pages and tools see them.

use super::{
    ActivationId, Cause, Deserialize, Instant, PersonRef, Scope, Serialize, Span, State, Ticket, Verdict,
};
use crate::{
    assignment::AssignmentId,
    event::EventKind,
    person::PrincipalRef,
    role::{LastActivation, LiveActivation, RoleRef},
    role_settings::{ActivationRules, Stage},
};

/// A line in a list of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationRow {
    /// Which activation.
    pub id: ActivationId,
    /// The number that people quote.
    pub number: i64,
    /// Who asked.
    pub person: PersonRef,
    /// For which role.
    pub role: RoleRef,
    /// For which part.
    pub scope: Scope,
    /// Where it stands at the moment of asking.
    pub state: State,
    /// When it was asked for.
    pub requested_at: Instant,
    /// The start that was asked for; at once when absent.
    pub requested_start: Option<Instant>,
    /// For how long.
    pub duration: Span,
    /// The reason in words.
    pub justification: String,
    /// The ticket.
    pub ticket: Option<Ticket>,
    /// When it lapses while it is pending.
    pub lapses_at: Option<Instant>,
    /// When the role became effective.
    pub effective_at: Option<Instant>,
    /// When it ends or was to end.
    pub ends_at: Option<Instant>,
    /// When it was settled.
    pub settled_at: Option<Instant>,
    /// Why it was canceled, failed or ended.
    pub cause: Option<Cause>,
    /// The digest of what was asked for; a decision carries it.
    pub digest: String,
    /// Who may decide, as named by the settings that judge it; the administrators when empty.
    pub approvers: Vec<PrincipalRef>,
}

/// One request with everything that its reader may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationDetail {
    /// The line of the list.
    #[serde(flatten)]
    pub row: ActivationRow,
    /// What the role grants.
    pub role_description: String,
    /// Where the role is used, while it is held.
    pub role_link: Option<String>,
    /// The version of the settings that judges it.
    pub settings_version: i64,
    /// The step it goes through, if others must agree.
    pub stage: Option<Stage>,
    /// Decisions so far.
    pub decisions: Vec<DecisionRow>,
    /// What has happened, in order.
    pub steps: Vec<Step>,
    /// What the reader may do to it now.
    pub may: Vec<Move>,
    /// For which of these a code must be given with them.
    pub asks_code: Vec<Move>,
    /// Granted time that was not used.
    pub given_back: Option<Span>,
    /// Whether the reader asked for it.
    pub own: bool,
}

/// A decision, with the name of who took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionRow {
    /// Who decided.
    pub by: PersonRef,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why.
    pub justification: String,
    /// When.
    pub at: Instant,
}

/// One thing that happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: EventKind,
    /// Who did it; nobody when Stint itself did.
    pub by: Option<PersonRef>,
    /// Why.
    pub reason: Option<String>,
    /// The number of its record.
    pub record: i64,
}

/// What somebody may do to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Move {
    /// Approve or deny.
    Decide,
    /// Take it back before it begins.
    Cancel,
    /// Give the role back.
    Deactivate,
    /// End it as administrator.
    Revoke,
}

/// Input: a decision on a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decide {
    /// The digest of what was shown.
    pub digest: String,
    /// Why, at most 500 characters.
    #[serde(default)]
    pub justification: String,
}

/// Input: why a request is taken back or a role is ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct End {
    /// Why, at most 500 characters.
    #[serde(default)]
    pub justification: String,
}

/// Everything on the page *My roles*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyRoles {
    /// The moment all of it was true.
    pub now: Instant,
    /// Held now; ends soonest first, those without an end last.
    pub active: Vec<HeldRole>,
    /// Activations that start later.
    pub planned: Vec<ActivationRow>,
    /// Requests that wait for others.
    pub waiting: Vec<ActivationRow>,
    /// What may be activated; last used first, then by name.
    pub eligible: Vec<EligibleRole>,
}

/// A role that is held now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldRole {
    /// The role.
    pub role: RoleRef,
    /// For which part.
    pub scope: Scope,
    /// The activation that gives it; absent when an assignment does.
    pub activation: Option<LiveActivation>,
    /// Since when.
    pub since: Instant,
    /// Until when; standing when absent.
    pub ends_at: Option<Instant>,
    /// The group that it comes through.
    pub through: Option<String>,
    /// Where the role is used.
    pub link: Option<String>,
}

/// A role that may be activated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EligibleRole {
    /// The assignment that gives it.
    pub assignment: AssignmentId,
    /// The role.
    pub role: RoleRef,
    /// What it grants.
    pub description: String,
    /// For which part.
    pub scope: Scope,
    /// Until when; without an end when absent.
    pub until: Option<Instant>,
    /// The group that it comes through.
    pub through: Option<String>,
    /// What an activation must fulfil.
    pub rules: ActivationRules,
    /// Whether others must agree.
    pub approval: bool,
    /// The last activation.
    pub last: Option<LastActivation>,
    /// The live activation that is in the way of another, if any.
    pub live: Option<LiveActivation>,
}

/// What the form for one role shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationForm {
    /// The moment all of it was true.
    pub now: Instant,
    /// The role with its rules, once for each part that the person is eligible for.
    pub eligible: Vec<EligibleRole>,
    /// The configured shortest period.
    pub shortest: Span,
    /// The step it would go through, if others must agree.
    pub stage: Option<Stage>,
    /// Who would decide, by name; the administrators when empty.
    pub approvers: Vec<PrincipalRef>,
    /// Who holds the role now, and until when.
    pub holders: Vec<(PersonRef, Option<Instant>)>,
    /// Whether a code must be given with the form.
    pub asks_code: bool,
}

/// The answer to `check`: whether somebody holds a role now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    /// Whether the role is held at this moment.
    pub held: bool,
    /// Until when, as far as is known now; without an end when absent.
    pub until: Option<Instant>,
    /// The moment of the answer.
    pub at: Instant,
}
