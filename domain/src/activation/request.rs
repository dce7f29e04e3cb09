//! Asking for a role: what is typed, what is known, and every reason to refuse.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Activation, ActivationId, State};
use crate::{
    Instant, Scope, Span,
    assignment::{self, Assignment, Cover},
    event::{Event, EventKind},
    person::PersonId,
    problem::{Code, Problem},
    role::{Role, RoleId, builtin},
    role_settings::RoleSettings,
    session::Proven,
    text,
};

/// A number in another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// That system's name.
    pub system: String,
    /// The number.
    pub number: String,
}

/// Input: a request for a role. State, approvers and times of decision are never input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestActivation {
    /// The role.
    pub role: RoleId,
    /// For which part; the widest one that the person is eligible for when absent.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// For how long.
    pub duration: Span,
    /// When to start; at once when absent.
    #[serde(default)]
    pub starts_at: Option<Instant>,
    /// The reason in words, at most 500 characters.
    #[serde(default)]
    pub justification: String,
    /// The ticket's number, at most 64 characters.
    #[serde(default)]
    pub ticket: String,
}

/// What is asked, with what the engine adds.
#[derive(Debug)]
pub struct Ask {
    /// The new activation's id.
    pub id: ActivationId,
    /// Its number.
    pub number: i64,
    /// Who asks.
    pub person: PersonId,
    /// What they typed.
    pub input: RequestActivation,
}

/// What is known when a request is judged; all of it read in the transaction that writes.
#[derive(Debug)]
pub struct Circumstances<'a> {
    /// The role.
    pub role: &'a Role,
    /// Its settings in force.
    pub settings: &'a RoleSettings,
    /// The person's eligible assignments of this role, also through groups.
    pub eligible: &'a [Assignment],
    /// The person's activations of this role that are not settled.
    pub live: &'a [Activation],
    /// How many others hold the role or will, scheduled ones included.
    pub holders: u32,
    /// When the person's last activation of this role was over.
    pub last_over_at: Option<Instant>,
    /// Whether anybody else could decide.
    pub somebody_could_approve: bool,
    /// Whether the ticket's number has the right form.
    pub ticket_fits: bool,
    /// The configured shortest period.
    pub shortest: Span,
}

/// Judges a request. What can be wrong with the fields is collected; then the state of things is judged.
///
/// The second factor is judged by the engine with [`crate::role_settings::SecondFactor::prove`]; its evidence is
/// taken last, so that a person learns first of what no code could mend.
///
/// # Errors
/// `role_disabled`, `not_eligible`, `scope_not_covered`, `already_active`, `already_requested`, the fields'
/// problems, `too_many_holders`, `too_soon`, `nobody_could_approve`, and those of `proven`.
pub fn request(
    ask: Ask,
    known: &Circumstances<'_>,
    proven: Result<Proven, Problem>,
    now: Instant,
) -> Result<(Activation, Event), Problem> {
    let scope = covered_scope(&ask.input, known, now)?;
    refuse_second(&scope, known.live, now)?;
    let (justification, ticket) = fields(&ask.input, known, now)?;
    refuse_by_limits(known, now)?;
    if known.settings.approval.required && !known.somebody_could_approve {
        return Err(Problem::new(Code::NobodyCouldApprove));
    }
    proven?;
    let mut activation = Activation {
        id: ask.id,
        number: ask.number,
        person: ask.person,
        role: known.role.id,
        scope,
        settings_version: known.role.settings_version,
        requested_at: now,
        requested_start: ask.input.starts_at.filter(|start| *start > now),
        duration: ask.input.duration,
        justification,
        ticket,
        state: State::PendingApproval,
        lapses_at: None,
        accepted_at: None,
        effective_at: None,
        ends_at: None,
        end_announced: false,
        settled_at: None,
        cause: None,
        decisions: Vec::new(),
        version: 1,
    };
    match known.settings.stage() {
        Some(stage) if known.settings.approval.required => {
            activation.lapses_at = Some(stage.timeout.after(now))
        }
        _ => activation.accept(now),
    }
    let mut event = activation.event(EventKind::ActivationRequested).reason(activation.justification.clone());
    event.after = Some(json!({
        "state": activation.state.as_str(), "duration": activation.duration, "starts_at": activation.requested_start,
        "ticket": activation.ticket, "settings_version": activation.settings_version,
    }));
    Ok((activation, event))
}

/// The part that is asked for, if the person is eligible for it now.
fn covered_scope(
    input: &RequestActivation,
    known: &Circumstances<'_>,
    now: Instant,
) -> Result<Scope, Problem> {
    if known.role.disabled_at.is_some() {
        return Err(Problem::new(Code::RoleDisabled));
    }
    let live: Vec<_> = known.eligible.iter().filter(|assignment| assignment.is_live(now)).collect();
    let widest = live.iter().map(|a| &a.scope).min_by_key(|scope| scope.as_str().len());
    let Some(widest) = widest else { return Err(Problem::new(Code::NotEligible)) };
    let scope = input.scope.clone().unwrap_or_else(|| widest.clone());
    // What Stint's own roles allow is not divided: a part of them would be all of them.
    if builtin::is(known.role.id) && !scope.is_everything() {
        return Err(Problem::new(Code::ScopeNotCovered).field("scope").limit("/"));
    }
    if assignment::cover(known.eligible, &scope, now) == Cover::None {
        let mut scopes: Vec<_> = live.iter().map(|a| a.scope.as_str()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        return Err(Problem::new(Code::ScopeNotCovered).field("scope").limit(scopes.join(", ")));
    }
    Ok(scope)
}

/// How many activations of one role one person may have under way, at whatever scopes.
const MOST_UNSETTLED: usize = 10;

/// At most one live activation covers any part of a role, and not many parts are asked for at once.
fn refuse_second(scope: &Scope, live: &[Activation], now: Instant) -> Result<(), Problem> {
    for other in live.iter().filter(|other| other.scope.covers(scope) || scope.covers(&other.scope)) {
        match other.state_at(now) {
            State::Active | State::Activating | State::Ending => {
                return Err(Problem::new(Code::AlreadyActive));
            }
            State::PendingApproval | State::Scheduled => return Err(Problem::new(Code::AlreadyRequested)),
            State::Ended | State::Denied | State::Canceled | State::TimedOut | State::Failed => {}
        }
    }
    if live.iter().filter(|other| !other.state_at(now).is_settled()).count() >= MOST_UNSETTLED {
        return Err(Problem::new(Code::AlreadyRequested).limit(MOST_UNSETTLED.to_string()));
    }
    Ok(())
}

fn fields(
    input: &RequestActivation,
    known: &Circumstances<'_>,
    now: Instant,
) -> Result<(String, Option<Ticket>), Problem> {
    let rules = &known.settings.activation;
    let mut wrong = Vec::new();
    if input.duration > rules.longest {
        wrong.push(Problem::new(Code::DurationTooLong).field("duration").limit(rules.longest.to_string()));
    } else if input.duration < known.shortest {
        wrong.push(Problem::new(Code::DurationTooShort).field("duration").limit(known.shortest.to_string()));
    }
    wrong.extend(start(input.starts_at, rules.start_ahead, now).err());
    let justification = text::optional("justification", &input.justification, text::JUSTIFICATION).and_then(
        |justification| match rules.justification {
            Some(_) if justification.is_empty() => {
                Err(Problem::new(Code::JustificationRequired).field("justification"))
            }
            Some(least) if justification.chars().count() < usize::from(least) => {
                Err(Problem::new(Code::JustificationTooShort).field("justification").limit(least.to_string()))
            }
            _ => Ok(justification),
        },
    );
    let ticket = ticket(&input.ticket, known);
    match (justification, ticket) {
        (Ok(justification), Ok(ticket)) if wrong.is_empty() => Ok((justification, ticket)),
        (justification, ticket) => {
            wrong.extend(justification.err());
            wrong.extend(ticket.err());
            Err(Problem::all(wrong).unwrap_or_else(|| Problem::new(Code::BadRequest)))
        }
    }
}

fn start(starts_at: Option<Instant>, ahead: Option<Span>, now: Instant) -> Result<(), Problem> {
    let Some(start) = starts_at else { return Ok(()) };
    let problem = |code| Problem::new(code).field("starts_at");
    // A minute of grace: forms speak in minutes.
    if start < Span::minutes(1).before(now) {
        return Err(problem(Code::StartsInPast));
    }
    match ahead {
        None if start > Span::minutes(1).after(now) => Err(problem(Code::StartsLater)),
        Some(ahead) if start > ahead.after(now) => Err(problem(Code::StartsTooLate).limit(ahead.to_string())),
        None | Some(_) => Ok(()),
    }
}

fn ticket(given: &str, known: &Circumstances<'_>) -> Result<Option<Ticket>, Problem> {
    let Some(rule) = &known.settings.activation.ticket else { return Ok(None) };
    let number = text::optional("ticket", given, text::TICKET)?;
    if number.is_empty() {
        return Err(Problem::new(Code::TicketRequired).field("ticket"));
    }
    if !known.ticket_fits || number.contains('\n') {
        let example = if rule.example.is_empty() { &rule.pattern } else { &rule.example };
        return Err(Problem::new(Code::TicketMalformed).field("ticket").limit(example.clone()));
    }
    Ok(Some(Ticket { system: rule.system.clone(), number }))
}

fn refuse_by_limits(known: &Circumstances<'_>, now: Instant) -> Result<(), Problem> {
    let rules = &known.settings.activation;
    if rules.holders.is_some_and(|most| known.holders >= u32::from(most)) {
        return Err(Problem::new(Code::TooManyHolders).limit(known.holders.to_string()));
    }
    if let Some((pause, over)) = rules.pause.zip(known.last_over_at) {
        let again = pause.after(over);
        if now < again {
            return Err(Problem::new(Code::TooSoon).limit(Span::between(now, again).to_string()));
        }
    }
    Ok(())
}
