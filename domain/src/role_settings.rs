//! The rules that a role imposes on activations and assignments. Versioned: a request is judged by the
//! version it was made under. The source of defaults and bounds is `docs/rules.md`.

use serde::{Deserialize, Serialize};

use crate::{
    Span,
    person::Principal,
    problem::{Code, Problem},
    text,
};

/// The whole of a role's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleSettings {
    /// What an activation must fulfil.
    pub activation: ActivationRules,
    /// Who must agree.
    pub approval: Approval,
    /// How long people may be eligible.
    pub eligible: PeriodRules,
    /// How long people may hold the role by assignment.
    pub active: PeriodRules,
    /// Whether an administrator must say why the role is assigned as active.
    pub active_justification: bool,
}

/// What an activation must fulfil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationRules {
    /// The longest duration, at most 24 hours.
    pub longest: Span,
    /// The duration that is proposed at first.
    pub proposed: Span,
    /// How the second factor is asked for.
    pub second_factor: SecondFactor,
    /// The shortest reason in characters, 1 to 500; no reason is asked for when absent.
    pub justification: Option<u16>,
    /// The ticket that is asked for; none when absent.
    pub ticket: Option<TicketRule>,
    /// How far ahead the start may lie, at most 90 days; only at once when absent.
    pub start_ahead: Option<Span>,
    /// How many people may hold the role at once, scheduled ones included; no limit when absent.
    pub holders: Option<u16>,
    /// How long to wait after an activation before the next; none when absent.
    pub pause: Option<Span>,
}

/// How the second factor is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SecondFactor {
    /// Not asked for.
    NotAsked,
    /// Proved at some time in this session.
    InSession,
    /// Proved within so many minutes; 0 asks for a code for this very act.
    Fresh {
        /// 0 to 60.
        minutes: u8,
    },
}

/// A ticket in another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketRule {
    /// The name of that system, at most 64 characters.
    pub system: String,
    /// A regular expression that the whole number must match; any number when empty.
    pub pattern: String,
    /// A number that fits, shown when another does not.
    pub example: String,
}

/// Who must agree before an activation begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Whether anybody must agree.
    pub required: bool,
    /// The steps, in order. One for now.
    pub stages: Vec<Stage>,
}

/// One step of an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stage {
    /// Who may decide, at most 20; the administrators when empty.
    pub approvers: Vec<Principal>,
    /// How many of them must agree, 1 to 10.
    pub needed: u8,
    /// After which the request lapses, 15 minutes to 14 days.
    pub timeout: Span,
    /// When an approver must say why.
    pub justification: ApproverJustification,
    /// How the approver's second factor is asked for.
    pub second_factor: SecondFactor,
}

/// When an approver must say why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ApproverJustification {
    /// For each decision.
    Always,
    /// When denying.
    ToDeny,
    /// Never.
    Never,
}

/// How long assignments of one kind may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodRules {
    /// Whether they may be without an end.
    pub permanent: bool,
    /// The longest period of those with an end.
    pub longest: Span,
}

/// Input: new settings of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSettings {
    /// All settings; there are no partial changes.
    pub settings: RoleSettings,
    /// The version that was shown.
    pub version: i64,
}

/// The longest that an activation may ever be set to last.
pub const LONGEST_ACTIVATION: Span = Span::hours(24);
/// The furthest that a start may ever be set ahead.
pub const LONGEST_START_AHEAD: Span = Span::days(90);
/// The bounds of a stage's timeout.
pub const TIMEOUT: (Span, Span) = (Span::minutes(15), Span::days(14));
/// The longest period of an assignment with an end.
pub const LONGEST_PERIOD: Span = Span::days(3_660);
/// How old an administrator's second factor may be, in minutes.
pub const ADMINISTRATOR_FRESH_MINUTES: u8 = 10;

impl RoleSettings {
    /// The settings of a new role.
    pub fn initial() -> Self {
        Self {
            activation: ActivationRules {
                longest: Span::hours(8),
                proposed: Span::hours(1),
                second_factor: SecondFactor::Fresh { minutes: 10 },
                justification: Some(10),
                ticket: None,
                start_ahead: Some(Span::days(14)),
                holders: None,
                pause: None,
            },
            approval: Approval { required: false, stages: vec![Stage::initial()] },
            eligible: PeriodRules { permanent: true, longest: Span::days(365) },
            active: PeriodRules { permanent: false, longest: Span::days(180) },
            active_justification: true,
        }
    }

    /// The settings of the role that administers Stint: standing must stay possible, or nobody could remain.
    pub fn initial_administrator() -> Self {
        Self { active: PeriodRules { permanent: true, longest: Span::days(180) }, ..Self::initial() }
    }

    /// The step that a request goes through; there is always one.
    pub fn stage(&self) -> Option<&Stage> {
        self.approval.stages.first()
    }

    /// Checks bounds and contradictions. `shortest` is the configured shortest period. What needs the store (an
    /// approver who could decide, a pattern that compiles) is checked by the engine.
    ///
    /// # Errors
    /// Every field that needs attention, in one problem.
    pub fn check(&self, shortest: Span) -> Result<(), Problem> {
        let mut wrong = Vec::new();
        let mut need = |fine: bool, field: &str, limit: String| {
            if !fine {
                wrong.push(Problem::new(Code::OutOfBounds).field(field).limit(limit));
            }
        };
        let rules = &self.activation;
        let within = |span: Span, least: Span, most: Span| least <= span && span <= most;
        let range = |least: Span, most: Span| format!("{} to {}", least.words(), most.words());
        need(
            within(rules.longest, shortest, LONGEST_ACTIVATION),
            "longest",
            range(shortest, LONGEST_ACTIVATION),
        );
        need(within(rules.proposed, shortest, rules.longest), "proposed", range(shortest, rules.longest));
        need(fresh_fits(rules.second_factor), "second_factor", "0 to 60 minutes".to_owned());
        need(
            rules.justification.is_none_or(|least| (1..=500).contains(&least)),
            "justification",
            "1 to 500 characters".to_owned(),
        );
        need(
            rules.start_ahead.is_none_or(|ahead| within(ahead, shortest, LONGEST_START_AHEAD)),
            "start_ahead",
            range(shortest, LONGEST_START_AHEAD),
        );
        need(rules.holders.is_none_or(|most| most >= 1), "holders", "1 or more".to_owned());
        need(
            rules.pause.is_none_or(|pause| within(pause, Span::seconds(1), Span::days(30))),
            "pause",
            range(Span::seconds(1), Span::days(30)),
        );
        need(self.approval.stages.len() == 1, "stages", "one stage".to_owned());
        for stage in &self.approval.stages {
            let distinct: std::collections::BTreeSet<_> = stage.approvers.iter().collect();
            need(
                stage.approvers.len() <= text::APPROVERS && distinct.len() == stage.approvers.len(),
                "approvers",
                format!("at most {}, each once", text::APPROVERS),
            );
            need((1..=10).contains(&stage.needed), "needed", "1 to 10".to_owned());
            // With a shorter shortest period, as in trials, a shorter timeout is allowed too.
            let least = TIMEOUT.0.min(Span::seconds(shortest.as_seconds() * 3));
            need(within(stage.timeout, least, TIMEOUT.1), "timeout", range(least, TIMEOUT.1));
            need(fresh_fits(stage.second_factor), "approver_second_factor", "0 to 60 minutes".to_owned());
        }
        for (rules, field) in [(self.eligible, "eligible_longest"), (self.active, "active_longest")] {
            need(within(rules.longest, shortest, LONGEST_PERIOD), field, range(shortest, LONGEST_PERIOD));
        }
        if let Some(ticket) = &rules.ticket {
            wrong.extend(text::line("ticket_system", &ticket.system, text::TICKET).err());
            wrong.extend(text::optional("ticket_pattern", &ticket.pattern, text::PATTERN).err());
            wrong.extend(text::optional("ticket_example", &ticket.example, text::TICKET).err());
        }
        Problem::all(wrong).map_or(Ok(()), Err)
    }

    /// The settings as one or two sentences in plain words; parts marked `true` are the key words.
    pub fn sentence(&self) -> Vec<(String, bool)> {
        let rules = &self.activation;
        let mut words: Vec<(String, bool)> = Vec::new();
        let mut say = |text: &str, key: bool| words.push((text.to_owned(), key));
        say("People activate this role for ", false);
        say(&format!("up to {}", rules.longest.words()), true);
        let mut asks = Vec::new();
        match rules.second_factor {
            SecondFactor::NotAsked => {}
            SecondFactor::InSession => asks.push("a code in the session".to_owned()),
            SecondFactor::Fresh { minutes: 0 } => asks.push("a code every time".to_owned()),
            SecondFactor::Fresh { minutes } => asks.push(format!("a code of the last {minutes} min")),
        }
        if let Some(least) = rules.justification {
            asks.push(if least > 1 {
                format!("a reason of {least} characters")
            } else {
                "a reason".to_owned()
            });
        }
        if let Some(ticket) = &rules.ticket {
            asks.push(format!("a ticket of {}", ticket.system));
        }
        let count = asks.len();
        for (index, ask) in asks.into_iter().enumerate() {
            say(
                if index == 0 {
                    ", with "
                } else if index + 1 == count {
                    " and "
                } else {
                    ", "
                },
                false,
            );
            say(&ask, true);
        }
        say(". ", false);
        match (self.approval.required, self.stage()) {
            (true, Some(stage)) => {
                let of = match stage.approvers.len() {
                    0 => "of the administrators".to_owned(),
                    1 => "approver".to_owned(),
                    many => format!("of {many} approvers"),
                };
                say(&format!("{} {of}", stage.needed), true);
                say(if stage.needed == 1 { " agrees within " } else { " agree within " }, false);
                say(&stage.timeout.words(), true);
            }
            _ => {
                say("Nobody has to agree", true);
            }
        }
        say(". Eligible ", false);
        say(&period_words(self.eligible), true);
        say("; ", false);
        if self.active.permanent {
            say("standing assignments are allowed", true);
        } else {
            say("active by assignment ", false);
            say(&period_words(self.active), true);
        }
        say(".", false);
        words
    }

    /// What differs from `before`: what, from, to; for history and the record.
    pub fn changes_since(&self, before: &Self) -> Vec<(String, String, String)> {
        let (was, is) = (before.facts(), self.facts());
        was.into_iter()
            .zip(is)
            .filter(|((_, was), (_, is))| was != is)
            .map(|((what, was), (_, is))| (what.to_owned(), was, is))
            .collect()
    }

    /// Each knob with its value in words, always in the same order.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let rules = &self.activation;
        let yes = |on: bool| if on { "yes" } else { "no" }.to_owned();
        let none = || "none".to_owned();
        let mut facts = vec![
            ("Longest activation", rules.longest.words()),
            ("Suggested at first", rules.proposed.words()),
            ("Proof of identity", rules.second_factor.words()),
            (
                "Reason",
                rules
                    .justification
                    .map_or_else(|| "not asked".to_owned(), |n| format!("{n} characters or more")),
            ),
            ("Ticket", rules.ticket.as_ref().map_or_else(|| "not asked".to_owned(), TicketRule::words)),
            (
                "May start later",
                rules.start_ahead.map_or_else(|| "no".to_owned(), |s| format!("up to {} ahead", s.words())),
            ),
            ("People at once", rules.holders.map_or_else(|| "no limit".to_owned(), |n| n.to_string())),
            ("Pause after an activation", rules.pause.map_or_else(none, Span::words)),
            ("Approval", yes(self.approval.required)),
        ];
        if let Some(stage) = self.stage() {
            facts.extend([
                ("Approvers", approver_ids(&stage.approvers)),
                ("Approvals needed", stage.needed.to_string()),
                ("Lapses after", stage.timeout.words()),
                ("Approvers say why", stage.justification.words().to_owned()),
                ("Approvers' proof of identity", stage.second_factor.words()),
            ]);
        }
        facts.extend([
            ("Eligible without end", yes(self.eligible.permanent)),
            ("Eligible for at most", self.eligible.longest.words()),
            ("Standing assignment", yes(self.active.permanent)),
            ("Active by assignment for at most", self.active.longest.words()),
            ("Reason to assign as active", yes(self.active_justification)),
        ]);
        facts
    }
}

impl Stage {
    /// The step of a new role.
    pub const fn initial() -> Self {
        Self {
            approvers: Vec::new(),
            needed: 1,
            timeout: Span::hours(24),
            justification: ApproverJustification::ToDeny,
            second_factor: SecondFactor::Fresh { minutes: 10 },
        }
    }
}

impl TicketRule {
    /// For people: the system, what the numbers look like, and one of them.
    fn words(&self) -> String {
        let example =
            if self.example.is_empty() { String::new() } else { format!(", such as {}", self.example) };
        format!("{} {}", self.system, self.pattern).trim().to_owned() + &example
    }
}

impl SecondFactor {
    /// For people.
    pub fn words(self) -> String {
        match self {
            Self::NotAsked => "not asked".to_owned(),
            Self::InSession => "in this session".to_owned(),
            Self::Fresh { minutes: 0 } => "a code every time".to_owned(),
            Self::Fresh { minutes } => format!("a code of the last {minutes} min"),
        }
    }
}

impl ApproverJustification {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::ToDeny => "to deny",
            Self::Never => "never",
        }
    }
}

const fn fresh_fits(factor: SecondFactor) -> bool {
    match factor {
        SecondFactor::Fresh { minutes } => minutes <= 60,
        SecondFactor::NotAsked | SecondFactor::InSession => true,
    }
}

fn period_words(rules: PeriodRules) -> String {
    if rules.permanent { "without end".to_owned() } else { format!("for {} at most", rules.longest.words()) }
}

/// Ids only: the record must not change its meaning when somebody is renamed.
fn approver_ids(approvers: &[Principal]) -> String {
    if approvers.is_empty() {
        return "the administrators".to_owned();
    }
    let mut ids: Vec<_> = approvers
        .iter()
        .map(|principal| match principal {
            Principal::Person(id) => format!("person {id}"),
            Principal::Group(id) => format!("group {id}"),
        })
        .collect();
    ids.sort();
    ids.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORTEST: Span = Span::minutes(5);

    #[test]
    fn the_initial_settings_hold_their_own_bounds() {
        assert_eq!(RoleSettings::initial().check(SHORTEST), Ok(()));
        assert_eq!(RoleSettings::initial_administrator().check(SHORTEST), Ok(()));
    }

    #[test]
    fn settings_that_nobody_could_satisfy_are_refused_by_field() {
        let check = |change: fn(&mut RoleSettings), field: &str| {
            let mut settings = RoleSettings::initial();
            change(&mut settings);
            let problem = settings.check(SHORTEST).unwrap_err();
            assert!(problem.of_field(field).is_some(), "{field}: {problem:?}");
        };
        check(|s| s.activation.longest = Span::hours(25), "longest");
        check(|s| s.activation.longest = Span::minutes(1), "longest");
        check(|s| s.activation.proposed = Span::hours(9), "proposed");
        check(|s| s.activation.second_factor = SecondFactor::Fresh { minutes: 61 }, "second_factor");
        check(|s| s.activation.justification = Some(501), "justification");
        check(|s| s.activation.justification = Some(0), "justification");
        check(|s| s.activation.start_ahead = Some(Span::days(91)), "start_ahead");
        check(|s| s.activation.holders = Some(0), "holders");
        check(|s| s.approval.stages.clear(), "stages");
        check(|s| s.approval.stages[0].needed = 0, "needed");
        check(|s| s.approval.stages[0].needed = 11, "needed");
        check(|s| s.approval.stages[0].timeout = Span::minutes(14), "timeout");
        check(|s| s.approval.stages[0].timeout = Span::days(15), "timeout");
        check(|s| s.eligible.longest = Span::ZERO, "eligible_longest");
        check(
            |s| {
                s.activation.ticket =
                    Some(TicketRule { system: String::new(), pattern: String::new(), example: String::new() })
            },
            "ticket_system",
        );
    }

    #[test]
    fn the_sentence_says_what_the_knobs_say() {
        let text: String = RoleSettings::initial().sentence().into_iter().map(|(text, _)| text).collect();
        assert_eq!(
            text,
            "People activate this role for up to 8 h, with a code of the last 10 min and a reason of 10 characters. \
             Nobody has to agree. Eligible without end; active by assignment for 180 days at most."
        );
    }

    #[test]
    fn a_change_says_from_what_to_what() {
        let before = RoleSettings::initial();
        let mut after = before.clone();
        after.activation.longest = Span::hours(4);
        assert_eq!(
            after.changes_since(&before),
            [("Longest activation".to_owned(), "8 h".to_owned(), "4 h".to_owned())]
        );
    }
}
