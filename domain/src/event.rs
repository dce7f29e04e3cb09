//! Facts worth keeping. Each becomes one record, in the transaction that made it happen, and is the trigger of
//! every message that follows.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Scope, activation::ActivationId, assignment::AssignmentId, group::GroupId, person::PersonId,
    problem::Code, role::RoleId,
};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What happened, or was tried.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl EventKind {
            /// All kinds, for filters and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The kind as it stands in the record.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads a kind back.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }
        }
    };
}

kinds! {
    /// The first person completed the set-up.
    SetUpCompleted = "set_up.completed";
    /// A one-time link was made.
    LinkMade = "link.made";
    /// A one-time link was used.
    LinkUsed = "link.used";
    /// Open one-time links became void, because their person became privileged or a newer one was made.
    LinkVoided = "link.voided";
    /// A person was created.
    PersonCreated = "person.created";
    /// Name, kind, zone or addresses of a person changed.
    PersonChanged = "person.changed";
    /// A person was disabled.
    PersonDisabled = "person.disabled";
    /// A person was enabled again.
    PersonEnabled = "person.enabled";
    /// A group was created.
    GroupCreated = "group.created";
    /// Name or description of a group changed.
    GroupChanged = "group.changed";
    /// A group was removed.
    GroupRemoved = "group.removed";
    /// A person was put into a group.
    MemberAdded = "group.member_added";
    /// A person was taken out of a group.
    MemberRemoved = "group.member_removed";
    /// A role was created or imported.
    RoleCreated = "role.created";
    /// The words of a role changed.
    RoleChanged = "role.changed";
    /// A role was switched off.
    RoleDisabled = "role.disabled";
    /// A role was switched on again.
    RoleEnabled = "role.enabled";
    /// The settings of a role changed.
    SettingsChanged = "role_settings.changed";
    /// An assignment was made.
    AssignmentMade = "assignment.made";
    /// The period of an assignment changed.
    AssignmentChanged = "assignment.changed";
    /// An assignment was removed before its end.
    AssignmentRemoved = "assignment.removed";
    /// An assignment reached its end.
    AssignmentEnded = "assignment.ended";
    /// The coming end of an assignment was announced.
    AssignmentEndAnnounced = "assignment.end_announced";
    /// Somebody asked for a role and others must agree.
    ActivationRequested = "activation.requested";
    /// Somebody agreed, and more must.
    ActivationAgreed = "activation.agreed";
    /// The last needed approval.
    ActivationApproved = "activation.approved";
    /// A start in the future was accepted.
    ActivationScheduled = "activation.scheduled";
    /// The role is held from now on.
    ActivationActivated = "activation.activated";
    /// Somebody denied.
    ActivationDenied = "activation.denied";
    /// The request was taken back or became moot.
    ActivationCanceled = "activation.canceled";
    /// Nobody decided in time.
    ActivationTimedOut = "activation.timed_out";
    /// It could not begin.
    ActivationFailed = "activation.failed";
    /// The coming end of an activation was announced.
    ActivationEndAnnounced = "activation.end_announced";
    /// The role is held no longer.
    ActivationEnded = "activation.ended";
    /// Somebody signed in.
    SessionStarted = "session.started";
    /// A session ended before its time.
    SessionEnded = "session.ended";
    /// A refresh token was used again too late: its session ended.
    SessionReused = "session.reused";
    /// An attempt to sign in failed.
    SignInFailed = "sign_in.failed";
    /// The second factor was proved for an act.
    SteppedUp = "session.stepped_up";
    /// A password was set.
    PasswordSet = "credential.password_set";
    /// An authenticator app was enrolled or replaced.
    FactorEnrolled = "credential.factor_enrolled";
    /// New recovery codes were made.
    RecoveryCodesMade = "credential.recovery_codes_made";
    /// A recovery code was used.
    RecoveryCodeUsed = "credential.recovery_code_used";
    /// An operator used `stint recover` on the host.
    Recovered = "host.recovered";
    /// The clock went backwards.
    ClockStepped = "host.clock_stepped";
    /// An operator accepted the corrected clock.
    ClockAccepted = "host.clock_accepted";
    /// An operator made a backup.
    BackedUp = "host.backed_up";
    /// An operator put an older state of the database back, and made it safe.
    Restored = "host.restored";
    /// The record was exported.
    RecordExported = "record.exported";
}

impl EventKind {
    /// Whether it waits while the disk is full: what gives somebody something, or makes something that was not there.
    /// What takes back goes on, and so does what comes before that, such as a sign-in.
    pub const fn waits_for_room(self) -> bool {
        match self {
            Self::SetUpCompleted
            | Self::PersonCreated
            | Self::PersonChanged
            | Self::PersonEnabled
            | Self::GroupCreated
            | Self::GroupChanged
            | Self::MemberAdded
            | Self::RoleCreated
            | Self::RoleChanged
            | Self::RoleEnabled
            | Self::SettingsChanged
            | Self::AssignmentMade
            | Self::AssignmentChanged
            | Self::ActivationRequested
            | Self::ActivationAgreed
            | Self::ActivationApproved
            | Self::ActivationScheduled
            | Self::ActivationActivated
            | Self::SignInFailed => true,
            Self::LinkMade
            | Self::LinkUsed
            | Self::LinkVoided
            | Self::PersonDisabled
            | Self::GroupRemoved
            | Self::MemberRemoved
            | Self::RoleDisabled
            | Self::AssignmentRemoved
            | Self::AssignmentEnded
            | Self::AssignmentEndAnnounced
            | Self::ActivationDenied
            | Self::ActivationCanceled
            | Self::ActivationTimedOut
            | Self::ActivationFailed
            | Self::ActivationEndAnnounced
            | Self::ActivationEnded
            | Self::SessionStarted
            | Self::SessionEnded
            | Self::SessionReused
            | Self::SteppedUp
            | Self::PasswordSet
            | Self::FactorEnrolled
            | Self::RecoveryCodesMade
            | Self::RecoveryCodeUsed
            | Self::Recovered
            | Self::ClockStepped
            | Self::ClockAccepted
            | Self::BackedUp
            | Self::Restored
            | Self::RecordExported => false,
        }
    }
}

/// By hand: the derived schema does not see the words that a macro gives.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for EventKind {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some("What happened, or was tried."))
            .enum_values(Some(Self::ALL.iter().map(|kind| kind.as_str())))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for EventKind {}

/// One fact: what happened and on whom. Who did it and when is added by the transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened, or was tried.
    pub kind: EventKind,
    /// Whether it happened or was refused.
    pub outcome: Outcome,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// The group it is about.
    pub group: Option<GroupId>,
    /// The role it is about.
    pub role: Option<RoleId>,
    /// The part of the organisation it is about.
    pub scope: Option<Scope>,
    /// The assignment it is about.
    pub assignment: Option<AssignmentId>,
    /// The activation it is about, with its number.
    pub activation: Option<(ActivationId, i64)>,
    /// What was, in canonical JSON.
    pub before: Option<Value>,
    /// What is, in canonical JSON.
    pub after: Option<Value>,
    /// The reason in words, or a stable word when Stint acted by itself.
    pub reason: Option<String>,
}

/// How an act came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Done,
    /// It was refused with this code.
    Refused(Code),
}

impl Outcome {
    /// As it stands in the record: `done`, or the code of the refusal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(code) => code.as_str(),
        }
    }
}

impl Event {
    /// A fact of this kind that happened.
    pub const fn new(kind: EventKind) -> Self {
        Self {
            kind,
            outcome: Outcome::Done,
            person: None,
            group: None,
            role: None,
            scope: None,
            assignment: None,
            activation: None,
            before: None,
            after: None,
            reason: None,
        }
    }

    /// About this person.
    #[must_use]
    pub const fn person(mut self, id: PersonId) -> Self {
        self.person = Some(id);
        self
    }

    /// About this group.
    #[must_use]
    pub const fn group(mut self, id: GroupId) -> Self {
        self.group = Some(id);
        self
    }

    /// About this role.
    #[must_use]
    pub const fn role(mut self, id: RoleId) -> Self {
        self.role = Some(id);
        self
    }

    /// About this assignment.
    #[must_use]
    pub const fn assignment(mut self, id: AssignmentId) -> Self {
        self.assignment = Some(id);
        self
    }

    /// In this part of the organisation.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// What it was before.
    #[must_use]
    pub fn before(mut self, value: Value) -> Self {
        self.before = Some(value);
        self
    }

    /// What it is after.
    #[must_use]
    pub fn after(mut self, value: Value) -> Self {
        self.after = Some(value);
        self
    }

    /// Why; an empty reason is none.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        self.reason = if reason.is_empty() { None } else { Some(reason) };
        self
    }

    /// It was refused.
    #[must_use]
    pub const fn refused(mut self, code: Code) -> Self {
        self.outcome = Outcome::Refused(code);
        self
    }
}
