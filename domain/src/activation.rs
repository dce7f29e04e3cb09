//! One person's request for one role at one scope, and its whole life. Moves consume the old state and give the new
//! one with the fact that goes on record; the source of the moves is `docs/rules.md`.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    Id, Instant, Scope, Span,
    assignment::Cover,
    event::{Event, EventKind},
    group::GroupId,
    person::{PersonId, PersonRef, Principal},
    problem::{Code, Problem},
    role::RoleId,
    role_settings::{ApproverJustification, RoleSettings, Stage},
    session::Proven,
    text,
};

mod request;
mod view;

pub use request::{Ask, Circumstances, RequestActivation, Ticket, request};
pub use view::*;

/// The identifier of an activation.
pub type ActivationId = Id<Activation>;

/// Where an activation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum State {
    /// Others must agree.
    PendingApproval,
    /// Its start lies ahead.
    Scheduled,
    /// Being granted in its targets.
    Activating,
    /// Held.
    Active,
    /// Being taken back from its targets.
    Ending,
    /// Was held, and is over.
    Ended,
    /// Somebody denied it.
    Denied,
    /// Taken back by the requester or an administrator, or moot.
    Canceled,
    /// Nobody decided in time.
    TimedOut,
    /// It could not begin.
    Failed,
}

impl State {
    /// All states.
    pub const ALL: [Self; 10] = [
        Self::PendingApproval,
        Self::Scheduled,
        Self::Activating,
        Self::Active,
        Self::Ending,
        Self::Ended,
        Self::Denied,
        Self::Canceled,
        Self::TimedOut,
        Self::Failed,
    ];

    /// The word in store and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PendingApproval => "pending_approval",
            Self::Scheduled => "scheduled",
            Self::Activating => "activating",
            Self::Active => "active",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::Denied => "denied",
            Self::Canceled => "canceled",
            Self::TimedOut => "timed_out",
            Self::Failed => "failed",
        }
    }

    /// The word that people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PendingApproval => "waiting for approval",
            Self::Scheduled => "starts later",
            Self::Activating => "starting",
            Self::Active => "active",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::Denied => "denied",
            Self::Canceled => "withdrawn",
            Self::TimedOut => "lapsed",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing can happen to it any more.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Ended | Self::Denied | Self::Canceled | Self::TimedOut | Self::Failed)
    }
}

/// Why an activation was canceled, failed or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Cause {
    /// Its time was up.
    TimeUp,
    /// The person gave it back.
    Deactivated,
    /// The requester took the request back.
    Withdrawn,
    /// An administrator ended it.
    Revoked,
    /// No eligible assignment covers it any more.
    EligibilityEnded,
    /// The person was disabled.
    PersonDisabled,
    /// The role was switched off.
    RoleDisabled,
    /// As many held the role at its start as may.
    TooManyHolders,
}

impl Cause {
    /// The word in store and record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TimeUp => "time_up",
            Self::Deactivated => "deactivated",
            Self::Withdrawn => "withdrawn",
            Self::Revoked => "revoked",
            Self::EligibilityEnded => "eligibility_ended",
            Self::PersonDisabled => "person_disabled",
            Self::RoleDisabled => "role_disabled",
            Self::TooManyHolders => "too_many_holders",
        }
    }

    /// The words that people read.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TimeUp => "its time was up",
            Self::Deactivated => "given back",
            Self::Withdrawn => "withdrawn",
            Self::Revoked => "ended by an administrator",
            Self::EligibilityEnded => "the eligibility ended",
            Self::PersonDisabled => "the person was disabled",
            Self::RoleDisabled => "the role was switched off",
            Self::TooManyHolders => "as many held the role as may",
        }
    }
}

/// An activation as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Which activation.
    pub id: ActivationId,
    /// The number that people quote, as in R-20931.
    pub number: i64,
    /// Who asked.
    pub person: PersonId,
    /// For which role.
    pub role: RoleId,
    /// For which part.
    pub scope: Scope,
    /// The version of the settings that judges it.
    pub settings_version: i64,
    /// When it was asked for.
    pub requested_at: Instant,
    /// The start that was asked for; at once when absent.
    pub requested_start: Option<Instant>,
    /// For how long.
    pub duration: Span,
    /// The reason in words.
    pub justification: String,
    /// The ticket, if one was asked for.
    pub ticket: Option<Ticket>,
    /// Where it stands.
    pub state: State,
    /// When it lapses while it is pending.
    pub lapses_at: Option<Instant>,
    /// When it was approved, or accepted without approval.
    pub accepted_at: Option<Instant>,
    /// When the role became effective.
    pub effective_at: Option<Instant>,
    /// When it ends: the earlier of effective + duration and the end of what covers it.
    pub ends_at: Option<Instant>,
    /// Whether its coming end was announced.
    pub end_announced: bool,
    /// When it was settled.
    pub settled_at: Option<Instant>,
    /// Why it was canceled, failed or ended.
    pub cause: Option<Cause>,
    /// Decisions so far, in order.
    pub decisions: Vec<Decision>,
    /// Counts changes, for compare-and-set.
    pub version: i64,
}

/// Approve or deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// Yes.
    Approved,
    /// No.
    Denied,
}

/// One approver's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who decided.
    pub by: PersonId,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why.
    pub justification: String,
    /// When.
    pub at: Instant,
}

/// Who decides: evidence that the person may decide this request, made by [`Activation::approver`] only.
#[derive(Clone, Debug)]
pub struct Approver(PersonId);

/// What is known of a person who wants to decide.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Who.
    pub person: PersonId,
    /// The groups that the person is in now.
    pub groups: &'a [GroupId],
    /// Whether the person administers Stint now: the fallback when nobody is named.
    pub administrator: bool,
}

/// How long before its end an activation is announced.
pub const END_NOTICE: Span = Span::minutes(15);

impl Activation {
    /// Whether the role is held at `now`: judged from the clock, whatever the scheduler has done.
    pub fn is_held(&self, now: Instant) -> bool {
        let time = self.effective_at.zip(self.ends_at);
        self.state == State::Active && time.is_some_and(|(from, end)| Span::holds(from, Some(end), now))
    }

    /// The state that an answer at `now` must show: a due end is over even before it is recorded.
    pub fn state_at(&self, now: Instant) -> State {
        let due = |instant: Option<Instant>| instant.is_some_and(|instant| instant <= now);
        match self.state {
            State::Active if due(self.ends_at) => State::Ended,
            State::PendingApproval if due(self.lapses_at) => State::TimedOut,
            other => other,
        }
    }

    /// The next instant at which something has to happen by itself.
    pub fn due_at(&self) -> Option<Instant> {
        match self.state {
            State::PendingApproval => self.lapses_at,
            State::Scheduled => self.requested_start,
            State::Active if self.announces_end() => self.ends_at.map(|end| END_NOTICE.before(end)),
            State::Active => self.ends_at,
            State::Activating | State::Ending => Some(self.requested_at),
            State::Ended | State::Denied | State::Canceled | State::TimedOut | State::Failed => None,
        }
    }

    /// Whether the coming end is still to be announced: not for those who got hardly more time than the notice.
    fn announces_end(&self) -> bool {
        let long_enough = self
            .effective_at
            .zip(self.ends_at)
            .is_some_and(|(from, end)| Span::between(from, end) > END_NOTICE);
        !self.end_announced && long_enough
    }

    /// The digest of what was asked for, as it is shown to those who decide. Not of its progress.
    pub fn digest(&self) -> String {
        let content = json!([
            self.id,
            self.number,
            self.person,
            self.role,
            self.scope,
            self.settings_version,
            self.requested_at,
            self.requested_start,
            self.duration,
            self.justification,
            self.ticket,
        ]);
        crate::audit::hex(&Sha256::digest(content.to_string().as_bytes()).into())
    }

    /// Whether this person may decide: not their own, named by the version that judges the request, and not
    /// removed by any version since (`versions`, in order, begins with that one).
    ///
    /// # Errors
    /// `own_request`, `not_an_approver`.
    pub fn approver(&self, who: Candidate<'_>, versions: &[RoleSettings]) -> Result<Approver, Problem> {
        if who.person == self.person {
            return Err(Problem::new(Code::OwnRequest));
        }
        let refused = || Problem::new(Code::NotAnApprover);
        let stage = versions.first().and_then(RoleSettings::stage).ok_or_else(refused)?;
        let may = if stage.approvers.is_empty() {
            who.administrator
        } else {
            stage.approvers.iter().filter(|principal| matches(**principal, &who)).any(|principal| {
                versions
                    .iter()
                    .all(|later| later.stage().is_some_and(|stage| stage.approvers.contains(principal)))
            })
        };
        if may { Ok(Approver(who.person)) } else { Err(refused()) }
    }

    /// One approval. `counted` are the earlier approvers whose approval still counts; with enough of them the
    /// request is accepted: it becomes scheduled, or activating when its start is now or past.
    ///
    /// # Errors
    /// `no_longer_pending`, `already_decided`, `justification_required`, `too_long`.
    pub fn approve(
        mut self,
        by: &Approver,
        justification: &str,
        _proven: Proven,
        counted: &[PersonId],
        stage: &Stage,
        now: Instant,
    ) -> Result<(Self, Event), Problem> {
        let always = stage.justification == ApproverJustification::Always;
        self.decide(by, Verdict::Approved, justification, always, now)?;
        let agreed = self
            .decisions
            .iter()
            .filter(|d| d.verdict == Verdict::Approved && (d.by == by.0 || counted.contains(&d.by)))
            .count();
        if agreed < usize::from(stage.needed) {
            let event = self.event(EventKind::ActivationAgreed).reason(justification.trim());
            return Ok((self, event));
        }
        self.accept(now);
        let event = self.event(EventKind::ActivationApproved).reason(justification.trim());
        Ok((self, event))
    }

    /// One denial settles it.
    ///
    /// # Errors
    /// `no_longer_pending`, `already_decided`, `justification_required`, `too_long`.
    pub fn deny(
        mut self,
        by: &Approver,
        justification: &str,
        _proven: Proven,
        stage: &Stage,
        now: Instant,
    ) -> Result<(Self, Event), Problem> {
        let asked = stage.justification != ApproverJustification::Never;
        self.decide(by, Verdict::Denied, justification, asked, now)?;
        self.settle(State::Denied, None, now);
        let event = self.event(EventKind::ActivationDenied).reason(justification.trim());
        Ok((self, event))
    }

    fn decide(
        &mut self,
        by: &Approver,
        verdict: Verdict,
        justification: &str,
        asked: bool,
        now: Instant,
    ) -> Result<(), Problem> {
        if self.state_at(now) != State::PendingApproval {
            return Err(Problem::new(Code::NoLongerPending).limit(self.state_at(now).word()));
        }
        if self.decisions.iter().any(|decision| decision.by == by.0) {
            return Err(Problem::new(Code::AlreadyDecided));
        }
        let justification = text::optional("justification", justification, text::JUSTIFICATION)?;
        if asked && justification.is_empty() {
            return Err(Problem::new(Code::JustificationRequired).field("justification"));
        }
        self.decisions.push(Decision { by: by.0, verdict, justification, at: now });
        Ok(())
    }

    /// Approved, or nobody had to agree.
    fn accept(&mut self, now: Instant) {
        self.accepted_at = Some(now);
        self.lapses_at = None;
        let later = self.requested_start.is_some_and(|start| start > now);
        self.state = if later { State::Scheduled } else { State::Activating };
    }

    /// The scheduled start has come.
    ///
    /// # Errors
    /// `conflict` when it is not scheduled or not due.
    pub fn start(mut self, now: Instant) -> Result<Self, Problem> {
        if self.state != State::Scheduled || self.requested_start.is_some_and(|start| start > now) {
            return Err(Problem::new(Code::Conflict));
        }
        self.state = State::Activating;
        Ok(self)
    }

    /// Confirmed in every target: held from now on. `cover` is how far eligibility reaches.
    ///
    /// # Errors
    /// `conflict` when it is not activating.
    pub fn confirm(mut self, cover: Cover, now: Instant) -> Result<(Self, Event), Problem> {
        if self.state != State::Activating {
            return Err(Problem::new(Code::Conflict));
        }
        let Some(end) = cover.cut(self.duration.after(now)).filter(|end| *end > now) else {
            return self.fail(Cause::EligibilityEnded, now);
        };
        self.state = State::Active;
        self.effective_at = Some(now);
        self.ends_at = Some(end);
        let event = self.event(EventKind::ActivationActivated);
        Ok((self, event))
    }

    /// It cannot begin.
    ///
    /// # Errors
    /// `conflict` when it has begun or is settled.
    pub fn fail(mut self, cause: Cause, now: Instant) -> Result<(Self, Event), Problem> {
        if !matches!(self.state, State::Scheduled | State::Activating) {
            return Err(Problem::new(Code::Conflict));
        }
        self.settle(State::Failed, Some(cause), now);
        let event = self.event(EventKind::ActivationFailed).reason(cause.as_str());
        Ok((self, event))
    }

    /// Taken back before it began, or moot.
    ///
    /// # Errors
    /// `no_longer_pending` when it has begun or is settled.
    pub fn cancel(mut self, cause: Cause, why: &str, now: Instant) -> Result<(Self, Event), Problem> {
        if !matches!(self.state_at(now), State::PendingApproval | State::Scheduled | State::Activating) {
            return Err(Problem::new(Code::NoLongerPending).limit(self.state_at(now).word()));
        }
        self.settle(State::Canceled, Some(cause), now);
        let event = self.event(EventKind::ActivationCanceled).reason(reason(cause, why));
        Ok((self, event))
    }

    /// Nobody decided in time.
    ///
    /// # Errors
    /// `conflict` when it is not pending or not due.
    pub fn time_out(mut self, now: Instant) -> Result<(Self, Event), Problem> {
        if self.state != State::PendingApproval || self.lapses_at.is_some_and(|lapse| lapse > now) {
            return Err(Problem::new(Code::Conflict));
        }
        self.settle(State::TimedOut, None, now);
        let event = self.event(EventKind::ActivationTimedOut);
        Ok((self, event))
    }

    /// Held no longer.
    ///
    /// # Errors
    /// `already_ended` when it is not active.
    pub fn end(mut self, cause: Cause, why: &str, now: Instant) -> Result<(Self, Event), Problem> {
        if self.state != State::Active {
            return Err(Problem::new(Code::AlreadyEnded));
        }
        self.settle(State::Ended, Some(cause), now);
        let event = self.event(EventKind::ActivationEnded).reason(reason(cause, why));
        Ok((self, event))
    }

    /// Its coming end was announced. Gives the fact once.
    ///
    /// # Errors
    /// `conflict` when there is nothing to announce.
    pub fn announce_end(mut self, now: Instant) -> Result<(Self, Event), Problem> {
        let due = self.announces_end()
            && self.ends_at.is_some_and(|end| END_NOTICE.before(end) <= now && now < end);
        if self.state != State::Active || !due {
            return Err(Problem::new(Code::Conflict));
        }
        self.end_announced = true;
        let event = self.event(EventKind::ActivationEndAnnounced);
        Ok((self, event))
    }

    /// Works out the end anew after assignments or memberships changed. Nothing when it stays as it is.
    pub fn recut(mut self, cover: Cover, now: Instant) -> Option<Self> {
        let full = self.duration.after(self.effective_at.filter(|_| self.state == State::Active)?);
        let end = cover.cut(full)?.max(now);
        if self.ends_at == Some(end) {
            return None;
        }
        self.ends_at = Some(end);
        Some(self)
    }

    /// How much of the granted time was not used, once it has ended.
    pub fn given_back(&self) -> Option<Span> {
        let (settled, end) = self.settled_at.zip(self.ends_at).filter(|_| self.state == State::Ended)?;
        Some(Span::between(settled, end)).filter(|span| *span > Span::ZERO)
    }

    fn settle(&mut self, state: State, cause: Option<Cause>, now: Instant) {
        self.state = state;
        self.cause = cause;
        self.settled_at = Some(now);
        self.lapses_at = None;
    }

    /// A fact about this activation as it stands.
    pub fn event(&self, kind: EventKind) -> Event {
        let mut event = Event::new(kind).person(self.person).role(self.role).scope(self.scope.clone());
        event.activation = Some((self.id, self.number));
        event.after = Some(json!({ "state": self.state.as_str(), "ends_at": self.ends_at }));
        event
    }
}

fn matches(principal: Principal, who: &Candidate<'_>) -> bool {
    match principal {
        Principal::Person(person) => person == who.person,
        Principal::Group(group) => who.groups.contains(&group),
    }
}

fn reason(cause: Cause, why: &str) -> String {
    if why.trim().is_empty() {
        cause.as_str().to_owned()
    } else {
        format!("{}: {}", cause.as_str(), why.trim())
    }
}

#[cfg(test)]
mod tests;
