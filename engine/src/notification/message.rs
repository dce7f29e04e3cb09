//! What messages say: plain data, resolved in the transaction of the act. The words are in `templates/<message>/` and
//! are written when the message is delivered or looked at.

use domain::{
    Instant,
    activation::Activation,
    assignment::{Assignment, AssignmentKind},
    role::{Level, Role},
};
use serde::Serialize;

/// One message, for one kind of reader. `you` tells the person concerned from administrators who are alerted.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Message {
    /// To approvers: somebody asks.
    ActivationAsked { request: Request, lapses_at: Instant, needed: u8, others: String, others_many: bool },
    /// To the requester: it was asked, and who decides.
    ActivationReceipt { request: Request, lapses_at: Instant, needed: u8, deciders: String },
    /// To the requester: one agreed, more must.
    ActivationAgreed { request: Request, lapses_at: Instant, approvals: Vec<Approval>, missing: usize },
    /// To the requester: it starts later, with or without approval.
    ActivationAccepted { request: Request, starts_at: Instant, approvals: Vec<Approval> },
    /// To the requester and administrators: the role is held.
    ActivationActive { request: Request, you: bool, ends_at: Instant, approvals: Vec<Approval> },
    /// To the requester: denied, canceled, lapsed or failed.
    ActivationRefused {
        request: Request,
        how: &'static str,
        by: Option<String>,
        why: Option<String>,
        cause: Option<&'static str>,
    },
    /// To approvers: nothing is left to decide.
    ActivationSettled {
        request: Request,
        how: &'static str,
        by: Option<String>,
        why: Option<String>,
        cause: Option<&'static str>,
    },
    /// To the requester: 15 minutes are left.
    ActivationEndsSoon { request: Request, ends_at: Instant },
    /// To the requester: the role is held no longer.
    ActivationEnded {
        request: Request,
        ended_at: Instant,
        cause: Option<&'static str>,
        by: Option<String>,
        why: Option<String>,
    },
    /// To the principal's people and administrators: made, changed, ending or ended.
    Assignment {
        you: bool,
        who: String,
        through: Option<String>,
        what: &'static str,
        assigned: Assigned,
        by: Option<String>,
        why: Option<String>,
    },
    /// To the member and administrators: in or out of a group that has a role.
    Membership { you: bool, who: String, group: String, added: bool, roles: Vec<String>, by: Option<String> },
    /// To the person and administrators: credentials, links, addresses.
    AccountChanged { you: bool, who: String, about: String, what: Vec<String>, by: Option<String> },
    /// To those who have to do with the role and administrators.
    SettingsChanged {
        you: bool,
        role: String,
        path: String,
        version: i64,
        changes: Vec<(String, String, String)>,
        by: Option<String>,
    },
    /// To administrators: the clock went back, or the corrected clock was accepted.
    Clock { accepted: bool },
    /// To administrators: an older state was put back.
    Restored { as_of: Option<Instant> },
    /// To a new person. The link is sealed beside it.
    Invitation { expires_at: Instant },
}

impl Message {
    /// The folder of its templates.
    pub(super) const fn template(&self) -> &'static str {
        match self {
            Self::ActivationAsked { .. } => "activation_asked",
            Self::ActivationReceipt { .. } => "activation_receipt",
            Self::ActivationAgreed { .. } => "activation_agreed",
            Self::ActivationAccepted { .. } => "activation_accepted",
            Self::ActivationActive { .. } => "activation_active",
            Self::ActivationRefused { .. } => "activation_refused",
            Self::ActivationSettled { .. } => "activation_settled",
            Self::ActivationEndsSoon { .. } => "activation_ends_soon",
            Self::ActivationEnded { .. } => "activation_ended",
            Self::Assignment { .. } => "assignment",
            Self::Membership { .. } => "membership",
            Self::AccountChanged { .. } => ACCOUNT_CHANGED,
            Self::SettingsChanged { .. } => "settings_changed",
            Self::Clock { .. } => "clock",
            Self::Restored { .. } => "restored",
            Self::Invitation { .. } => "invitation",
        }
    }
}

/// The one message that further facts of the same act are added to.
pub(super) const ACCOUNT_CHANGED: &str = "account_changed";

/// A request, as mails tell of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Request {
    pub number: i64,
    pub path: String,
    /// Where it is decided, for those who may.
    pub decide_path: String,
    pub person: String,
    pub role: String,
    pub level: Level,
    pub description: String,
    pub scope: Option<String>,
    pub duration: String,
    pub starts_at: Option<Instant>,
    pub reason: String,
    pub ticket: Option<String>,
    pub asked_at: Instant,
}

impl Request {
    pub(super) fn of(activation: &Activation, role: &Role, person: &str) -> Self {
        let ticket = activation.ticket.as_ref();
        Self {
            number: activation.number,
            path: format!("/requests/{}", activation.id),
            decide_path: format!("/approvals/{}", activation.id),
            person: one_line(person),
            role: one_line(&role.name),
            level: role.level,
            description: one_line(&role.description),
            scope: scope(&activation.scope),
            duration: activation.duration.words(),
            starts_at: activation.requested_start,
            reason: one_line(&activation.justification),
            ticket: ticket.map(|ticket| one_line(&format!("{} {}", ticket.system, ticket.number))),
            asked_at: activation.requested_at,
        }
    }
}

/// One approver's yes.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Approval {
    pub by: String,
    pub why: String,
}

/// An assignment, as mails tell of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Assigned {
    pub eligible: bool,
    pub role: String,
    pub level: Level,
    pub description: String,
    pub scope: Option<String>,
    pub starts_at: Option<Instant>,
    pub ends_at: Option<Instant>,
    /// Where the person concerned goes from the mail.
    pub path: String,
    /// Where administrators go.
    pub role_path: String,
}

impl Assigned {
    pub(super) fn of(assignment: &Assignment, role: &Role, now: Instant) -> Self {
        let eligible = assignment.kind == AssignmentKind::Eligible;
        Self {
            eligible,
            role: one_line(&role.name),
            level: role.level,
            description: one_line(&role.description),
            scope: scope(&assignment.scope),
            starts_at: Some(assignment.starts_at).filter(|start| *start > now),
            ends_at: assignment.ends_at,
            path: if eligible { format!("/activate/{}", role.key) } else { "/".to_owned() },
            role_path: format!("/roles/{}", role.id),
        }
    }
}

fn scope(scope: &domain::Scope) -> Option<String> {
    Some(scope).filter(|scope| !scope.is_everything()).map(ToString::to_string)
}

/// What people typed becomes one line, so that it cannot look like a part of the mail.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// "Ada", "Ada and Grace", "Ada, Grace and 3 others"; with "or" when any one of them will do.
pub(super) fn listed(names: &[String], and: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| one_line(name)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} {and} {two}"),
        [one, two, three] => format!("{one}, {two} {and} {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} {and} {} others", rest.len()),
    }
}
