//! Everything we can tell a caller: a stable code, the field and the limit, and a sentence for people.
//!
//! Never text from below: causes stay in the log. Transports choose their own status by [`Kind`].

use serde::{Deserialize, Serialize};

use crate::Span;

/// A refusal. `more` holds the further fields that need attention in the same input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{}", self.sentence())]
pub struct Problem {
    /// What is wrong, stable over versions.
    pub code: Code,
    /// The field of the input that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The bound that was missed, or what would be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Other fields of the same input that need attention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub more: Vec<Problem>,
}

impl Problem {
    /// A problem with this code.
    pub const fn new(code: Code) -> Self {
        Self { code, field: None, limit: None, more: Vec::new() }
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Names the limit.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<String>) -> Self {
        self.limit = Some(limit.into());
        self
    }

    /// Joins several problems of one input to one, or none.
    pub fn all(problems: Vec<Self>) -> Option<Self> {
        let mut problems = problems.into_iter();
        let mut first = problems.next()?;
        first.more = problems.collect();
        Some(first)
    }

    /// Joins the problems of an input of which at least one field was wrong.
    pub fn of_fields(problems: impl IntoIterator<Item = Option<Self>>) -> Self {
        Self::all(problems.into_iter().flatten().collect()).unwrap_or_else(|| Self::new(Code::BadRequest))
    }

    /// The problem of this field, if it is among them.
    pub fn of_field(&self, field: &str) -> Option<&Self> {
        std::iter::once(self).chain(&self.more).find(|problem| problem.field.as_deref() == Some(field))
    }

    /// What to tell a person: what is wrong and what to do next. A limit that is a length of time is ISO 8601 for tools
    /// and words here.
    pub fn sentence(&self) -> String {
        let limit = self.limit.as_deref().unwrap_or_default();
        match limit.parse::<Span>() {
            Ok(span) => self.code.sentence(&span.words()),
            Err(_) => self.code.sentence(limit),
        }
    }
}

/// How a refusal is to be understood; transports map it to their own status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is not right.
    Invalid,
    /// Nobody is signed in.
    SignedOut,
    /// The second factor is asked for.
    StepUp,
    /// Not allowed, and the caller may know that the thing exists.
    Forbidden,
    /// Absent, or not to be known.
    NotFound,
    /// The state of things does not allow it now.
    Conflict,
    /// Too often.
    Limited,
    /// Not at present; worth trying again.
    Unavailable,
    /// Our own fault.
    Internal,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $kind:ident, $sentence:expr;)*) => {
        /// The stable codes of all refusals.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it stands on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How it is to be understood.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }

            fn sentence(self, limit: &str) -> String {
                let template: &str = match self { $(Self::$name => $sentence,)* };
                template.replace("{}", limit)
            }
        }
    };
}

codes! {
    /// Nothing that the caller may know of.
    NotFound = "not_found", NotFound, "Nothing is here. It may have been removed, or the link is not complete.";
    /// No session.
    SignedOut = "signed_out", SignedOut, "Sign in to go on.";
    /// The caller's roles do not allow it.
    Forbidden = "forbidden", Forbidden, "You do not have access to this. Ask an administrator of Stint.";
    /// A field is missing.
    Required = "required", Invalid, "This is needed.";
    /// A field cannot be understood.
    Malformed = "malformed", Invalid, "This cannot be read. What fits: {}.";
    /// A text is over its bound.
    TooLong = "too_long", Invalid, "At most {} characters.";
    /// A text is under its bound.
    TooShort = "too_short", Invalid, "At least {} characters.";
    /// A number or a count is outside its bounds.
    OutOfBounds = "out_of_bounds", Invalid, "Between these bounds: {}.";
    /// The same name is in use.
    NameTaken = "name_taken", Conflict, "This name is in use already. Choose another one.";
    /// Key or name of a role that belongs to Stint itself.
    KeyReserved = "key_reserved", Invalid, "Keys that begin with stint- belong to Stint itself. Choose another one.";

    /// No eligible assignment.
    NotEligible = "not_eligible", Forbidden, "You are not eligible for this role. Ask an administrator of Stint.";
    /// The role is held already.
    AlreadyActive = "already_active", Conflict, "You hold this role already. Deactivate it first to start anew.";
    /// A request for the role waits already.
    AlreadyRequested = "already_requested", Conflict, "You asked for this already. Withdraw that request first to ask anew.";
    /// Over the longest duration.
    DurationTooLong = "duration_too_long", Invalid, "The limit for this is {}.";
    /// Under the shortest period.
    DurationTooShort = "duration_too_short", Invalid, "The shortest time is {}.";
    /// A start before now.
    StartsInPast = "starts_in_past", Invalid, "The start lies in the past. Choose a later one, or start now.";
    /// A start too far ahead.
    StartsTooLate = "starts_too_late", Invalid, "The start can be at most {} ahead.";
    /// A start ahead where none is allowed.
    StartsLater = "starts_later", Invalid, "This role starts at once. Leave the start empty.";
    /// An end before its start.
    EndsBeforeStart = "ends_before_start", Invalid, "The end comes before the start. Choose a later end.";
    /// Eligible, but elsewhere.
    ScopeNotCovered = "scope_not_covered", Invalid, "You are not eligible for this part. You are for: {}.";
    /// A reason is asked for.
    JustificationRequired = "justification_required", Invalid, "Say what you are going to do. Approvers and the record show it.";
    /// The reason is too short.
    JustificationTooShort = "justification_too_short", Invalid, "Say what you are going to do, in {} characters or more.";
    /// A ticket is asked for.
    TicketRequired = "ticket_required", Invalid, "This role asks for a ticket number.";
    /// The ticket does not have the right form.
    TicketMalformed = "ticket_malformed", Invalid, "Ticket numbers look like this: {}.";
    /// The second factor was never proved in this session.
    MfaRequired = "mfa_required", StepUp, "Enter the code of your authenticator app.";
    /// The second factor was proved too long ago.
    MfaStale = "mfa_stale", StepUp, "Your last code is older than {}. Enter a new one.";
    /// A wrong code.
    MfaInvalid = "mfa_invalid", StepUp, "That code is not right. Wait for the next one, and check that your phone sets its clock by itself.";
    /// A code that was used already.
    MfaReused = "mfa_reused", StepUp, "That code was used already. Wait for the next one.";
    /// As many hold it as may.
    TooManyHolders = "too_many_holders", Conflict, "{} hold this role already, which is as many as may. Try again when one has ended.";
    /// The pause after the last activation is not over.
    TooSoon = "too_soon", Conflict, "You had this role a short while ago. You can activate it again in {}.";
    /// The role is switched off.
    RoleDisabled = "role_disabled", Conflict, "This role is switched off.";
    /// Not named as approver.
    NotAnApprover = "not_an_approver", Forbidden, "You are not an approver of this request.";
    /// One's own request.
    OwnRequest = "own_request", Forbidden, "You cannot decide your own request.";
    /// The same person decided before.
    AlreadyDecided = "already_decided", Conflict, "You have decided this request already.";
    /// It was settled meanwhile.
    NoLongerPending = "no_longer_pending", Conflict, "This is settled already: {}.";
    /// Nobody could decide.
    NobodyCouldApprove = "nobody_could_approve", Conflict, "Nobody could approve this. Ask an administrator of Stint to name approvers.";
    /// The last administrator.
    LastAdministrator = "last_administrator", Conflict, "Nobody would be left to administer Stint. Give another person the role Stint Privileged Role Administrator as standing first.";
    /// Somebody else was faster.
    Conflict = "conflict", Conflict, "This has changed meanwhile. Look at it again before you go on.";
    /// Too many attempts.
    RateLimited = "rate_limited", Limited, "Too many attempts. Try again in {}.";

    /// The role is built in.
    BuiltIn = "built_in", Conflict, "This role belongs to Stint itself and cannot be changed like that.";
    /// Standing assignments are not allowed by the role.
    PermanentNotAllowed = "permanent_not_allowed", Invalid, "This role does not allow assignments without an end. Choose an end.";
    /// The same assignment exists.
    AlreadyAssigned = "already_assigned", Conflict, "There is such an assignment already for that time.";
    /// The person is disabled.
    PersonDisabled = "person_disabled", Conflict, "This person is disabled.";
    /// What should be ended has ended.
    AlreadyEnded = "already_ended", Conflict, "This has ended already.";

    /// The group still stands for something.
    GroupInUse = "group_in_use", Conflict, "This group is still in use: {}. End that first, then remove the group.";

    /// Name or password is wrong.
    WrongPassword = "wrong_password", SignedOut, "That name and password do not match.";
    /// A password that everybody tries first.
    PasswordCommon = "password_common", Invalid, "Too many people use this password. Choose another one.";
    /// The step before is too old or missing.
    StepExpired = "step_expired", SignedOut, "This took more than 5 minutes. Start again.";
    /// A one-time link that is used, void or old.
    LinkInvalid = "link_invalid", NotFound, "This link is not valid any more. Ask for a new one.";

    /// The other side of a key was used with another body.
    IdempotencyMismatch = "idempotency_mismatch", Conflict, "This Idempotency-Key was used with another request. Use a new one.";
    /// A header that must not be there.
    BadRequest = "bad_request", Invalid, "The request cannot be understood: {}.";
    /// The body is too large.
    BodyTooLarge = "body_too_large", Invalid, "The request is larger than {}.";
    /// Not at present.
    Unavailable = "unavailable", Unavailable, "Stint cannot do this at the moment. Nothing was changed. Try again shortly.";
    /// The answer was lost on its way, or the database went away while it was asked to keep this.
    InDoubt = "in_doubt", Unavailable, "The answer to this was lost, so it is not known whether it was done. Look before you try again.";
    /// The clock went backwards.
    ClockStepped = "clock_stepped", Unavailable, "The server's clock went backwards, so nothing new is granted until an operator has looked at it. What is active ends at its time.";
    /// No room to keep anything new.
    StorageFull = "storage_full", Unavailable, "The server's disk is full, so nothing new is granted until an operator has made room. What is active ends at its time, and what you take back is taken back.";
    /// Our own fault.
    Internal = "internal", Internal, "Something failed on the server. What is active stays active and ends at its time. Try again; if it fails again, give the service desk this number: {}.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_on_the_wire_are_their_names() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn several_problems_keep_their_fields() {
        let problem = Problem::all(vec![
            Problem::new(Code::DurationTooLong).field("duration").limit("PT4H"),
            Problem::new(Code::TicketRequired).field("ticket"),
        ])
        .unwrap();
        assert_eq!(problem.code, Code::DurationTooLong);
        assert_eq!(problem.of_field("ticket").unwrap().code, Code::TicketRequired);
        assert_eq!(problem.sentence(), "The limit for this is 4 h.");
    }
}
