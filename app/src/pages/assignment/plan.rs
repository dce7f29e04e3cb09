//! What is chosen so far for a new assignment: all of it stands in the address, so that each step is a link or a form
//! that works by itself.

use domain::{
    Instant, Problem, Scope, Span,
    assignment::{AssignmentKind, check_period},
    person::Principal,
    role::{RoleDetail, RoleId, builtin},
};
use leptos_router::params::ParamsMap;

use crate::{
    api::assignment::{Lasts, principal_of, principal_text},
    when::Zone,
};

/// What the address holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub role: RoleId,
    pub who: Option<Principal>,
    pub kind: AssignmentKind,
    pub lasts: Lasts,
    pub seconds: String,
    pub from: String,
    pub until: String,
    pub scope: String,
    /// The step with the period was sent.
    pub is_planned: bool,
}

/// From when, and until when.
pub(super) type Period = (Instant, Option<Instant>);

impl Plan {
    pub fn read(role: RoleId, query: &ParamsMap) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Self {
            role,
            who: principal_of(&text("who")),
            kind: if text("kind") == "active" { AssignmentKind::Active } else { AssignmentKind::Eligible },
            lasts: match text("lasts").as_str() {
                "forever" => Lasts::Forever,
                "dates" => Lasts::Dates,
                _ => Lasts::For,
            },
            seconds: text("seconds"),
            from: text("from"),
            until: text("until"),
            scope: text("scope"),
            is_planned: text("step") == "check",
        }
    }

    /// The address of the page, without any step.
    pub fn page(role: RoleId) -> String {
        format!("/roles/{role}/assign")
    }

    /// The address with everything that is chosen, at this step.
    pub fn href(&self, at_check: bool) -> String {
        let mut query = ParamsMap::new();
        if let Some(who) = self.who {
            query.insert("who", principal_text(who));
        }
        query.insert("kind", kind_value(self.kind).to_owned());
        query.insert("lasts", self.lasts_value().to_owned());
        let texts = [
            ("seconds", &self.seconds),
            ("from", &self.from),
            ("until", &self.until),
            ("scope", &self.scope),
        ];
        for (name, value) in texts.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.insert(name, value.clone());
        }
        if at_check {
            query.insert("step", "check".to_owned());
        }
        format!("{}{}", Self::page(self.role), query.to_query_string())
    }

    pub const fn lasts_value(&self) -> &'static str {
        match self.lasts {
            Lasts::For => "for",
            Lasts::Dates => "dates",
            Lasts::Forever => "forever",
        }
    }

    /// The chosen length, in seconds: ninety days at first, or as long as may be.
    pub fn length(&self, longest: Span) -> i64 {
        let proposed = longest.min(Span::days(90)).as_seconds();
        self.seconds.parse().unwrap_or(proposed).clamp(1, longest.as_seconds().max(1))
    }

    /// The part that is meant.
    pub fn scope(&self) -> Result<Scope, Problem> {
        self.scope.parse()
    }

    /// From when until when, by the same rules that the server applies; what is wrong is named by its field.
    pub fn period(&self, role: &RoleDetail, zone: Zone, now: Instant) -> Result<Period, Problem> {
        let unreadable =
            |field: &str| Problem::new(domain::Code::Malformed).field(field).limit("a date and a time");
        let read = |field: &str, text: &str| {
            if text.is_empty() {
                Ok(None)
            } else {
                zone.read(text).map(Some).ok_or_else(|| unreadable(field))
            }
        };
        let longest = self.kind.rules(&role.settings).longest;
        let (starts_at, ends_at) = match self.lasts {
            Lasts::For => (now, Some(Span::seconds(self.length(longest)).after(now))),
            Lasts::Forever => (now, None),
            Lasts::Dates => {
                let starts_at = read("starts_at", &self.from)?.unwrap_or(now).max(now);
                let missing = || Problem::new(domain::Code::Required).field("ends_at");
                (starts_at, Some(read("ends_at", &self.until)?.ok_or_else(missing)?))
            }
        };
        // The reason comes with the last step, and the shortest period is known to the server alone.
        check_period(self.kind, (starts_at, ends_at), "to come", &role.settings, Span::ZERO, now)?;
        let scope = self.scope()?;
        if builtin::is(role.row.role.id) && !scope.is_everything() {
            return Err(Problem::new(domain::Code::Malformed)
                .field("scope")
                .limit("/ for Stint’s own roles"));
        }
        Ok((starts_at, ends_at))
    }
}

/// The kind as addresses and forms write it.
pub(super) const fn kind_value(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Eligible => "eligible",
        AssignmentKind::Active => "active",
    }
}

/// An instant on the shared clock of the page.
pub(super) fn instant(seconds: i64) -> Instant {
    Instant::from_timestamp(seconds, 0).unwrap_or_default()
}
