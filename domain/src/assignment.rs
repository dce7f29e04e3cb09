//! Assignments: who is eligible for a role or holds it, where and for how long.

use serde::{Deserialize, Serialize};

use crate::{
    Id, Instant, Scope, Span,
    person::{PersonId, PersonRef, Principal, PrincipalRef},
    problem::{Code, Problem},
    role::{AssignmentRow, RoleId},
    role_settings::{PeriodRules, RoleSettings},
    text,
};

/// The identifier of an assignment.
pub type AssignmentId = Id<Assignment>;

/// What an assignment gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AssignmentKind {
    /// The principal may activate the role.
    Eligible,
    /// The principal holds the role.
    Active,
}

impl AssignmentKind {
    /// The rules for the periods of this kind.
    pub const fn rules(self, settings: &RoleSettings) -> PeriodRules {
        match self {
            Self::Eligible => settings.eligible,
            Self::Active => settings.active,
        }
    }
}

/// An assignment as stored. Never deleted: what has ended stays as ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Which assignment.
    pub id: AssignmentId,
    /// The role.
    pub role: RoleId,
    /// To whom.
    pub principal: Principal,
    /// Eligible or active.
    pub kind: AssignmentKind,
    /// Which part it covers.
    pub scope: Scope,
    /// From when.
    pub starts_at: Instant,
    /// Until when; permanent when absent.
    pub ends_at: Option<Instant>,
    /// The reason that the administrator gave.
    pub justification: String,
    /// Who made it; nobody when Stint itself did.
    pub made_by: Option<PersonId>,
    /// When it was made.
    pub made_at: Instant,
    /// When it was removed or its end was recorded.
    pub ended_at: Option<Instant>,
    /// Counts changes, for compare-and-set.
    pub version: i64,
}

/// Where an assignment stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Standing {
    /// Starts later.
    Planned,
    /// In force.
    Live,
    /// Over.
    Ended,
}

/// Input: a new assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAssignment {
    /// The role.
    pub role: RoleId,
    /// To whom.
    pub principal: Principal,
    /// Eligible or active.
    pub kind: AssignmentKind,
    /// Which part it covers; everything when absent.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// From when; at once when absent.
    #[serde(default)]
    pub starts_at: Option<Instant>,
    /// Until when; permanent when absent.
    #[serde(default)]
    pub ends_at: Option<Instant>,
    /// Why, at most 500 characters.
    #[serde(default)]
    pub justification: String,
}

/// Input: another period for an assignment that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeAssignment {
    /// Until when; permanent when absent.
    pub ends_at: Option<Instant>,
    /// Why, at most 500 characters.
    #[serde(default)]
    pub justification: String,
    /// The version that was shown.
    pub version: i64,
}

/// What came of a new assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentMade {
    /// Which assignment.
    pub id: AssignmentId,
    /// Who has to do with a role for the first time by it: their open one-time links are void.
    pub made_privileged: Vec<PersonRef>,
}

/// What an assignment would mean, said before it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentPreview {
    /// To whom.
    pub principal: PrincipalRef,
    /// How many enabled people are behind it today.
    pub people: u32,
    /// Who would have to do with a role for the first time: their open one-time links would be void.
    pub made_privileged: Vec<PersonRef>,
    /// Who has no second factor yet.
    pub without_second_factor: Vec<PersonRef>,
    /// What the same principal has of this role already, live or planned.
    pub there: Vec<AssignmentRow>,
}

/// How far an uninterrupted cover reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Not covered at this moment.
    None,
    /// Covered until then.
    Until(Instant),
    /// Covered without an end.
    Forever,
}

impl Assignment {
    /// Where it stands at `now`: judged from the clock, whether or not its end was recorded.
    pub fn standing(&self, now: Instant) -> Standing {
        if self.ended_at.is_some() || self.ends_at.is_some_and(|end| end <= now) {
            Standing::Ended
        } else if self.starts_at <= now {
            Standing::Live
        } else {
            Standing::Planned
        }
    }

    /// Whether it is in force at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        self.standing(now) == Standing::Live
    }

    /// Whether it gives the same thing as `other`, at the same place and in part at the same time.
    pub fn repeats(&self, other: &Self) -> bool {
        let before = |start: Instant, end: Option<Instant>| end.is_none_or(|end| start < end);
        (self.role, self.principal, self.kind) == (other.role, other.principal, other.kind)
            && self.scope == other.scope
            && before(self.starts_at, other.ends_at)
            && before(other.starts_at, self.ends_at)
    }

    /// Whether these settings would allow what is left of it. The longest period is counted from now on, so that an
    /// assignment that was prolonged does not fall out of settings that allowed it.
    pub fn fits(&self, settings: &RoleSettings, now: Instant) -> bool {
        let rules = self.kind.rules(settings);
        match self.ends_at {
            None => rules.permanent,
            Some(end) => Span::between(self.starts_at.max(now), end) <= rules.longest,
        }
    }

    /// Whether it is in force and has no end.
    pub fn is_permanent(&self, now: Instant) -> bool {
        self.is_live(now) && self.ends_at.is_none()
    }
}

/// How far beyond `from` these eligible assignments cover `scope` without a gap. Those that have ended count
/// for nothing; planned ones count when they join.
pub fn cover(assignments: &[Assignment], scope: &Scope, from: Instant) -> Cover {
    let covering: Vec<_> = assignments
        .iter()
        .filter(|a| a.kind == AssignmentKind::Eligible && a.ended_at.is_none() && a.scope.covers(scope))
        .collect();
    let mut reach = from;
    let mut covered = false;
    loop {
        // One that ends exactly where another starts leaves no gap.
        let next = covering
            .iter()
            .filter(|a| a.starts_at <= reach && a.ends_at.is_none_or(|end| end > reach))
            .map(|a| a.ends_at)
            .reduce(|best, end| best.zip(end).map(|(best, end)| best.max(end)));
        match next {
            None if covered => return Cover::Until(reach),
            None => return Cover::None,
            Some(None) => return Cover::Forever,
            Some(Some(end)) => {
                covered = true;
                reach = end;
            }
        }
    }
}

impl Cover {
    /// The earlier of this cover's end and `end`.
    pub fn cut(self, end: Instant) -> Option<Instant> {
        match self {
            Self::None => None,
            Self::Until(until) => Some(until.min(end)),
            Self::Forever => Some(end),
        }
    }
}

/// Checks the period and the reason of an assignment under the role's settings; used for new and changed ones.
///
/// # Errors
/// `starts_in_past`, `ends_before_start`, `duration_too_short`, `duration_too_long`, `permanent_not_allowed`,
/// `justification_required`, `too_long`.
pub fn check_period(
    kind: AssignmentKind,
    (starts_at, ends_at): (Instant, Option<Instant>),
    justification: &str,
    settings: &RoleSettings,
    shortest: Span,
    now: Instant,
) -> Result<String, Problem> {
    let rules = kind.rules(settings);
    match ends_at {
        None if !rules.permanent => return Err(Problem::new(Code::PermanentNotAllowed).field("ends_at")),
        None => {}
        Some(end) if end <= now || end <= starts_at => {
            return Err(Problem::new(Code::EndsBeforeStart).field("ends_at"));
        }
        Some(end) => {
            let period = Span::between(starts_at, end);
            if period < shortest {
                return Err(Problem::new(Code::DurationTooShort)
                    .field("ends_at")
                    .limit(shortest.to_string()));
            }
            if period > rules.longest {
                return Err(Problem::new(Code::DurationTooLong)
                    .field("ends_at")
                    .limit(rules.longest.to_string()));
            }
        }
    }
    let justification = text::optional("justification", justification, text::JUSTIFICATION)?;
    if kind == AssignmentKind::Active && settings.active_justification && justification.is_empty() {
        return Err(Problem::new(Code::JustificationRequired).field("justification"));
    }
    Ok(justification)
}

/// Checks and completes a new assignment.
///
/// # Errors
/// Those of [`check_period`], and `starts_in_past` for a start more than a minute ago.
pub fn make(
    new: NewAssignment,
    id: AssignmentId,
    by: Option<PersonId>,
    settings: &RoleSettings,
    shortest: Span,
    now: Instant,
) -> Result<Assignment, Problem> {
    let starts_at = new.starts_at.unwrap_or(now);
    if starts_at < Span::minutes(1).before(now) {
        return Err(Problem::new(Code::StartsInPast).field("starts_at"));
    }
    let starts_at = starts_at.max(now);
    let scope = new.scope.unwrap_or_else(Scope::everything);
    if crate::role::builtin::is(new.role) && !scope.is_everything() {
        return Err(Problem::new(Code::Malformed).field("scope").limit("/ for Stint's own roles"));
    }
    let justification =
        check_period(new.kind, (starts_at, new.ends_at), &new.justification, settings, shortest, now)?;
    Ok(Assignment {
        id,
        role: new.role,
        principal: new.principal,
        kind: new.kind,
        scope,
        starts_at,
        ends_at: new.ends_at,
        justification,
        made_by: by,
        made_at: now,
        ended_at: None,
        version: 1,
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use uuid::Uuid;

    use super::*;

    fn at(minute: i64) -> Instant {
        chrono::Utc.timestamp_opt(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn eligible(from: i64, until: Option<i64>, scope: &str) -> Assignment {
        Assignment {
            id: Id::new(Uuid::from_u128(1)),
            role: Id::new(Uuid::from_u128(2)),
            principal: Principal::Person(Id::new(Uuid::from_u128(3))),
            kind: AssignmentKind::Eligible,
            scope: scope.parse().unwrap(),
            starts_at: at(from),
            ends_at: until.map(at),
            justification: String::new(),
            made_by: None,
            made_at: at(0),
            ended_at: None,
            version: 1,
        }
    }

    #[test]
    fn cover_joins_assignments_that_leave_no_gap() {
        let everything = Scope::everything();
        let check = |assignments: &[Assignment], from: i64, expected: Cover| {
            assert_eq!(cover(assignments, &everything, at(from)), expected);
        };
        check(&[], 0, Cover::None);
        check(&[eligible(0, None, "/")], 5, Cover::Forever);
        check(&[eligible(0, Some(10), "/")], 5, Cover::Until(at(10)));
        check(&[eligible(0, Some(10), "/")], 10, Cover::None);
        check(&[eligible(6, Some(10), "/")], 5, Cover::None);
        check(&[eligible(0, Some(10), "/"), eligible(10, Some(20), "/")], 5, Cover::Until(at(20)));
        check(&[eligible(0, Some(10), "/"), eligible(11, Some(20), "/")], 5, Cover::Until(at(10)));
        check(&[eligible(0, Some(10), "/"), eligible(3, None, "/")], 5, Cover::Forever);
        check(&[eligible(0, None, "/finance")], 5, Cover::None);
    }

    #[test]
    fn an_end_counts_from_the_clock_even_if_nobody_recorded_it() {
        let assignment = eligible(0, Some(10), "/");
        assert_eq!(assignment.standing(at(9)), Standing::Live);
        assert_eq!(assignment.standing(at(10)), Standing::Ended);
        assert_eq!(eligible(5, None, "/").standing(at(4)), Standing::Planned);
    }

    #[test]
    fn the_same_thing_at_the_same_time_is_a_repetition() {
        let check = |one: Assignment, other: Assignment, repeats: bool| {
            assert_eq!(one.repeats(&other), repeats);
            assert_eq!(other.repeats(&one), repeats);
        };
        check(eligible(0, None, "/"), eligible(5, Some(10), "/"), true);
        check(eligible(0, Some(10), "/"), eligible(10, Some(20), "/"), false);
        check(eligible(0, Some(11), "/"), eligible(10, None, "/"), true);
        check(eligible(0, None, "/"), eligible(0, None, "/finance"), false);
        let active = Assignment { kind: AssignmentKind::Active, ..eligible(0, None, "/") };
        check(active, eligible(0, None, "/"), false);
    }

    #[test]
    fn what_no_longer_fits_is_judged_by_what_is_left() {
        let mut settings = RoleSettings::initial();
        settings.eligible = PeriodRules { permanent: false, longest: Span::minutes(10) };
        assert!(!eligible(0, None, "/").fits(&settings, at(0)));
        assert!(!eligible(0, Some(11), "/").fits(&settings, at(0)));
        assert!(eligible(0, Some(11), "/").fits(&settings, at(1)));
        assert!(!eligible(5, Some(16), "/").fits(&settings, at(0)));
    }

    #[test]
    fn periods_keep_to_the_settings() {
        let settings = RoleSettings::initial();
        let check = |kind, from: i64, until: Option<i64>, why: &str| {
            check_period(kind, (at(from), until.map(at)), why, &settings, Span::minutes(5), at(0))
                .map_err(|problem| problem.code)
        };
        use AssignmentKind::{Active, Eligible};
        assert_eq!(check(Eligible, 0, None, ""), Ok(String::new()));
        assert_eq!(check(Active, 0, None, "why"), Err(Code::PermanentNotAllowed));
        assert_eq!(check(Active, 0, Some(60), ""), Err(Code::JustificationRequired));
        assert_eq!(check(Active, 0, Some(60), "why"), Ok("why".to_owned()));
        assert_eq!(check(Eligible, 0, Some(4), ""), Err(Code::DurationTooShort));
        assert_eq!(check(Eligible, 0, Some(366 * 24 * 60), ""), Err(Code::DurationTooLong));
        assert_eq!(check(Eligible, 10, Some(5), ""), Err(Code::EndsBeforeStart));
        assert_eq!(check(Eligible, -10, Some(-5), ""), Err(Code::EndsBeforeStart));
    }
}
