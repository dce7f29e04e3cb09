//! The settings of a role as one form: every knob sends a value, and the whole becomes new settings. The browser reads
//! the same form while it is being filled in, to say what would change.

use domain::{
    Code, Problem, Span,
    person::Principal,
    role::RoleId,
    role_settings::{
        ActivationRules, Approval, ApproverJustification, PeriodRules, RoleSettings, SecondFactor, Stage,
        TicketRule,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::assignment::principal_of;
use crate::{AppResult, ui::time::parse_span};
#[cfg(feature = "ssr")]
use {
    super::server::{context, go_to, once, stepped_up, told},
    domain::{role_settings::ChangeSettings, session::Act},
};

/// What the form sends. Numbers and spans are text as somebody typed it, so that what is wrong is said at its field.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsForm {
    id: RoleId,
    version: i64,
    /// Seconds, from a ruler.
    longest: String,
    /// Seconds, from a list.
    proposed: String,
    second_factor: Factor,
    #[serde(default)]
    fresh: String,
    reason: bool,
    #[serde(default)]
    least: String,
    ticket: bool,
    #[serde(default)]
    ticket_system: String,
    #[serde(default)]
    ticket_pattern: String,
    #[serde(default)]
    ticket_example: String,
    later: bool,
    #[serde(default)]
    ahead: String,
    limited: bool,
    #[serde(default)]
    holders: String,
    pauses: bool,
    #[serde(default)]
    pause: String,
    approval: bool,
    #[serde(default)]
    approvers: Vec<String>,
    #[serde(default)]
    needed: String,
    /// Seconds, from a list.
    timeout: String,
    say_why: ApproverJustification,
    approver_factor: Factor,
    #[serde(default)]
    approver_fresh: String,
    eligible_permanent: bool,
    #[serde(default)]
    eligible_longest: String,
    active_permanent: bool,
    #[serde(default)]
    active_longest: String,
    active_reason: bool,
    #[serde(default)]
    code: String,
    key: String,
}

/// How the second factor is asked for, as a choice of three; the minutes stand in a field of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Factor {
    None,
    Session,
    Fresh,
}

/// Saves new settings. Gives the version that is in force now.
#[server(prefix = "/fn", endpoint = "role_settings/change")]
pub async fn role_settings_change(form: SettingsForm) -> AppResult<i64> {
    let (engine, ctx) = context()?;
    let settings = form.settings()?;
    let ctx = once(ctx, &form.key, "role_settings/change", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let change = ChangeSettings { settings, version: form.version };
    let version = engine::role_settings::change(&engine, &ctx, form.id, change).await.map_err(told)?;
    go_to(&format!("/roles/{}/settings?saved={version}", form.id));
    Ok(version)
}

impl RoleSettingsChange {
    /// The settings that would be saved.
    ///
    /// # Errors
    /// Every field that cannot be read.
    pub fn settings(&self) -> Result<RoleSettings, Problem> {
        self.form.settings()
    }
}

impl SettingsForm {
    fn settings(&self) -> Result<RoleSettings, Problem> {
        let mut read = Reading::default();
        let settings = RoleSettings {
            activation: self.activation(&mut read),
            approval: Approval { required: self.approval, stages: vec![self.stage(&mut read)] },
            eligible: PeriodRules {
                permanent: self.eligible_permanent,
                longest: read.days("eligible_longest", &self.eligible_longest),
            },
            active: PeriodRules {
                permanent: self.active_permanent,
                longest: read.days("active_longest", &self.active_longest),
            },
            active_justification: self.active_reason,
        };
        Problem::all(read.wrong).map_or(Ok(settings), Err)
    }

    fn activation(&self, read: &mut Reading) -> ActivationRules {
        let ticket = || TicketRule {
            system: self.ticket_system.clone(),
            pattern: self.ticket_pattern.clone(),
            example: self.ticket_example.clone(),
        };
        ActivationRules {
            longest: read.seconds("longest", &self.longest),
            proposed: read.seconds("proposed", &self.proposed),
            second_factor: read.factor("second_factor", self.second_factor, &self.fresh),
            justification: self.reason.then(|| read.number("justification", &self.least)),
            ticket: self.ticket.then(ticket),
            start_ahead: self.later.then(|| read.days("start_ahead", &self.ahead)),
            holders: self.limited.then(|| read.number("holders", &self.holders)),
            pause: self.pauses.then(|| read.minutes("pause", &self.pause)),
        }
    }

    fn stage(&self, read: &mut Reading) -> Stage {
        Stage {
            approvers: self.approvers.iter().filter_map(|text| read.principal("approvers", text)).collect(),
            needed: read.number("needed", &self.needed),
            timeout: read.seconds("timeout", &self.timeout),
            justification: self.say_why,
            second_factor: read.factor("approver_second_factor", self.approver_factor, &self.approver_fresh),
        }
    }
}

/// Reads field after field and keeps what is wrong.
#[derive(Default)]
struct Reading {
    wrong: Vec<Problem>,
}

impl Reading {
    fn or<T: Default>(&mut self, field: &str, fits: &str, found: Option<T>) -> T {
        found.unwrap_or_else(|| {
            self.wrong.push(Problem::new(Code::Malformed).field(field).limit(fits));
            T::default()
        })
    }

    fn number<T: std::str::FromStr + Default>(&mut self, field: &str, text: &str) -> T {
        self.or(field, "a whole number", text.trim().parse().ok())
    }

    fn seconds(&mut self, field: &str, text: &str) -> Span {
        Span::seconds(self.or(field, "a length of time", text.trim().parse().ok()))
    }

    /// A bare number counts as minutes.
    fn minutes(&mut self, field: &str, text: &str) -> Span {
        Span::seconds(self.or(field, "a length of time such as 30 min or 2 h", parse_span(text)))
    }

    /// A bare number counts as days.
    fn days(&mut self, field: &str, text: &str) -> Span {
        let bare = text
            .trim()
            .parse()
            .ok()
            .filter(|days| (0..100_000).contains(days))
            .map(|days: i64| days * 86_400);
        Span::seconds(self.or(field, "a length of time such as 180 days", bare.or_else(|| parse_span(text))))
    }

    fn factor(&mut self, field: &str, factor: Factor, minutes: &str) -> SecondFactor {
        match factor {
            Factor::None => SecondFactor::NotAsked,
            Factor::Session => SecondFactor::InSession,
            Factor::Fresh => SecondFactor::Fresh { minutes: self.number(field, minutes) },
        }
    }

    fn principal(&mut self, field: &str, text: &str) -> Option<Principal> {
        let found = principal_of(text);
        if found.is_none() {
            self.wrong.push(Problem::new(Code::Malformed).field(field).limit("people and groups"));
        }
        found
    }
}
