//! The rules of activations, as tables, and the state machine under random commands.

use chrono::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    assignment::{Assignment, AssignmentKind},
    role::{Level, Role},
    role_settings::{SecondFactor, TicketRule},
    session::{Act, Mfa},
};

mod checked;

fn at(minute: i64) -> Instant {
    chrono::Utc.timestamp_opt(1_800_000_000 + minute * 60, 0).unwrap()
}

fn id<T>(n: u128) -> Id<T> {
    Id::new(Uuid::from_u128(n))
}

const ADA: u128 = 1;
const BO: u128 = 2;
const CY: u128 = 3;

fn proven() -> Proven {
    let mfa = Mfa { session: id(1), at: at(0), step_up: None };
    SecondFactor::NotAsked.prove(&mfa, Act::Activate, Uuid::nil(), at(0)).unwrap()
}

fn role() -> Role {
    Role {
        id: id(9),
        key: "exchange-administrator".into(),
        name: "Exchange Administrator".into(),
        description: String::new(),
        level: Level::High,
        link: None,
        template_id: None,
        disabled_at: None,
        settings_version: 1,
        created_at: at(0),
        version: 1,
    }
}

fn eligible(until: Option<i64>, scope: &str) -> Assignment {
    Assignment {
        id: id(4),
        role: id(9),
        principal: Principal::Person(id(ADA)),
        kind: AssignmentKind::Eligible,
        scope: scope.parse().unwrap(),
        starts_at: at(-1_000),
        ends_at: until.map(at),
        justification: String::new(),
        made_by: None,
        made_at: at(-1_000),
        ended_at: None,
        version: 1,
    }
}

struct Scene {
    role: Role,
    settings: RoleSettings,
    eligible: Vec<Assignment>,
    live: Vec<Activation>,
    holders: u32,
    last_over_at: Option<Instant>,
    ticket_fits: bool,
    somebody: bool,
    input: RequestActivation,
}

impl Scene {
    fn new() -> Self {
        Self {
            role: role(),
            settings: RoleSettings::initial(),
            eligible: vec![eligible(None, "/")],
            live: Vec::new(),
            holders: 0,
            last_over_at: None,
            ticket_fits: true,
            somebody: true,
            input: RequestActivation {
                role: id(9),
                scope: None,
                duration: Span::hours(1),
                starts_at: None,
                justification: "Rotate the certificate".into(),
                ticket: String::new(),
            },
        }
    }

    fn request(self, now: Instant) -> Result<(Activation, Event), Problem> {
        let known = Circumstances {
            role: &self.role,
            settings: &self.settings,
            eligible: &self.eligible,
            live: &self.live,
            holders: self.holders,
            last_over_at: self.last_over_at,
            somebody_could_approve: self.somebody,
            ticket_fits: self.ticket_fits,
            shortest: Span::minutes(5),
        };
        request(Ask { id: id(7), number: 1, person: id(ADA), input: self.input }, &known, Ok(proven()), now)
    }
}

fn refused(change: fn(&mut Scene)) -> Code {
    let mut scene = Scene::new();
    change(&mut scene);
    scene.request(at(0)).unwrap_err().code
}

fn pending(needed: u8) -> (Activation, RoleSettings) {
    let mut scene = Scene::new();
    scene.settings.approval.required = true;
    scene.settings.approval.stages[0].needed = needed;
    scene.settings.approval.stages[0].approvers = vec![Principal::Person(id(BO)), Principal::Group(id(50))];
    let settings = scene.settings.clone();
    (scene.request(at(0)).unwrap().0, settings)
}

fn candidate(person: u128) -> Candidate<'static> {
    Candidate { person: id(person), groups: &[], administrator: false }
}

#[test]
fn every_reason_to_refuse_a_request_has_its_code() {
    let ticket =
        || Some(TicketRule { system: "Jira".into(), pattern: "OPS-\\d+".into(), example: "OPS-1234".into() });
    assert_eq!(refused(|s| s.role.disabled_at = Some(at(-1))), Code::RoleDisabled);
    assert_eq!(refused(|s| s.eligible.clear()), Code::NotEligible);
    assert_eq!(refused(|s| s.eligible = vec![eligible(Some(-1), "/")]), Code::NotEligible);
    assert_eq!(refused(|s| s.input.duration = Span::hours(9)), Code::DurationTooLong);
    assert_eq!(refused(|s| s.input.duration = Span::minutes(4)), Code::DurationTooShort);
    assert_eq!(refused(|s| s.input.starts_at = Some(at(-2))), Code::StartsInPast);
    assert_eq!(refused(|s| s.input.starts_at = Some(at(15 * 24 * 60))), Code::StartsTooLate);
    assert_eq!(refused(|s| s.input.justification = "  ".into()), Code::JustificationRequired);
    assert_eq!(refused(|s| s.input.justification = "short".into()), Code::JustificationTooShort);
    assert_eq!(refused(|s| s.input.justification = "x".repeat(501)), Code::TooLong);
    assert_eq!(
        refused(|s| {
            s.settings.activation.holders = Some(2);
            s.holders = 2;
        }),
        Code::TooManyHolders
    );
    assert_eq!(
        refused(|s| {
            s.settings.activation.start_ahead = None;
            s.input.starts_at = Some(at(5));
        }),
        Code::StartsLater
    );
    let mut scene = Scene::new();
    scene.settings.activation.ticket = ticket();
    assert_eq!(scene.request(at(0)).unwrap_err().code, Code::TicketRequired);
    let mut scene = Scene::new();
    scene.settings.activation.ticket = ticket();
    scene.input.ticket = "4711".into();
    scene.ticket_fits = false;
    assert_eq!(scene.request(at(0)).unwrap_err().limit.as_deref(), Some("OPS-1234"));
    let mut scene = Scene::new();
    scene.settings.activation.pause = Some(Span::hours(1));
    scene.last_over_at = Some(at(-30));
    assert_eq!(scene.request(at(0)).unwrap_err().code, Code::TooSoon);
    let mut scene = Scene::new();
    scene.settings.approval.required = true;
    scene.somebody = false;
    assert_eq!(scene.request(at(0)).unwrap_err().code, Code::NobodyCouldApprove);
}

#[test]
fn all_fields_that_need_attention_are_named_at_once() {
    let mut scene = Scene::new();
    scene.input.duration = Span::hours(9);
    scene.input.justification = String::new();
    let problem = scene.request(at(0)).unwrap_err();
    assert!(problem.of_field("duration").is_some() && problem.of_field("justification").is_some());
}

#[test]
fn a_scope_outside_the_eligibility_is_refused_with_what_would_fit() {
    let mut scene = Scene::new();
    scene.eligible = vec![eligible(None, "/finance")];
    scene.input.scope = Some("/sales".parse().unwrap());
    let problem = scene.request(at(0)).unwrap_err();
    assert_eq!((problem.code, problem.limit.as_deref()), (Code::ScopeNotCovered, Some("/finance")));
}

#[test]
fn a_second_activation_of_the_same_role_is_refused() {
    let first = Scene::new().request(at(0)).unwrap().0;
    let (active, _) = first.confirm(Cover::Forever, at(0)).unwrap();
    let mut scene = Scene::new();
    scene.live = vec![active.clone()];
    assert_eq!(scene.request(at(1)).unwrap_err().code, Code::AlreadyActive);
    // A due end frees the way, even before it is recorded.
    let mut scene = Scene::new();
    scene.live = vec![active];
    assert!(scene.request(at(60)).is_ok());
    let mut scene = Scene::new();
    scene.live = vec![pending(1).0];
    assert_eq!(scene.request(at(1)).unwrap_err().code, Code::AlreadyRequested);
}

#[test]
fn stints_own_roles_are_activated_as_a_whole_only() {
    let own = |scope: Option<&str>| {
        let mut scene = Scene::new();
        scene.role.id = crate::role::builtin::ADMINISTRATOR;
        scene.eligible = vec![Assignment { role: scene.role.id, ..eligible(None, "/") }];
        scene.input.role = scene.role.id;
        scene.input.scope = scope.map(|scope| scope.parse().unwrap());
        scene.request(at(0))
    };
    let problem = own(Some("/finance")).unwrap_err();
    assert_eq!(
        (problem.code, problem.field.as_deref(), problem.limit.as_deref()),
        (Code::ScopeNotCovered, Some("scope"), Some("/"))
    );
    assert!(own(Some("/")).unwrap().0.scope.is_everything());
    assert!(own(None).unwrap().0.scope.is_everything());
}

#[test]
fn a_wider_or_narrower_part_of_what_is_active_is_refused_and_another_part_is_not() {
    let mut held = Scene::new().request(at(0)).unwrap().0.confirm(Cover::Forever, at(0)).unwrap().0;
    held.scope = "/finance".parse().unwrap();
    let asked = |scope: &str| {
        let mut scene = Scene::new();
        scene.live = vec![held.clone()];
        scene.input.scope = Some(scope.parse().unwrap());
        scene.request(at(1)).map(|_| ()).map_err(|problem| problem.code)
    };
    for scope in ["/", "/finance", "/finance/payroll"] {
        assert_eq!(asked(scope), Err(Code::AlreadyActive), "{scope}");
    }
    assert_eq!(asked("/sales"), Ok(()));
    assert_eq!(asked("/finances"), Ok(()));
}

#[test]
fn nobody_asks_for_more_than_ten_parts_of_a_role_at_once() {
    let asked = |parts: usize, now: Instant| {
        let mut scene = Scene::new();
        scene.live = (0..parts)
            .map(|part| Activation { scope: format!("/part-{part}").parse().unwrap(), ..pending(1).0 })
            .collect();
        scene.input.scope = Some("/another".parse().unwrap());
        scene.request(now)
    };
    assert!(asked(9, at(1)).is_ok());
    let problem = asked(10, at(1)).unwrap_err();
    assert_eq!((problem.code, problem.limit.as_deref()), (Code::AlreadyRequested, Some("10")));
    // Those that have lapsed count no more, even before that is recorded.
    let lapsed = pending(1).0.lapses_at.unwrap();
    assert!(asked(10, lapsed).is_ok());
}

#[test]
fn the_clock_starts_when_the_role_becomes_effective() {
    let (request, settings) = pending(1);
    let by = request.approver(candidate(BO), std::slice::from_ref(&settings)).unwrap();
    let (accepted, _) =
        request.approve(&by, "", proven(), &[], &settings.approval.stages[0], at(50)).unwrap();
    assert_eq!(accepted.state, State::Activating);
    let (active, _) = accepted.confirm(Cover::Forever, at(50)).unwrap();
    assert_eq!(active.ends_at, Some(at(110)));
    assert!(active.is_held(at(109)) && !active.is_held(at(110)));
}

#[test]
fn an_end_is_cut_where_the_eligibility_ends() {
    let request = Scene::new().request(at(0)).unwrap().0;
    let (active, _) = request.confirm(Cover::Until(at(20)), at(0)).unwrap();
    assert_eq!(active.ends_at, Some(at(20)));
    let wider = active.clone().recut(Cover::Forever, at(10)).unwrap();
    assert_eq!(wider.ends_at, Some(at(60)));
    assert!(active.recut(Cover::Until(at(20)), at(10)).is_none());
}

#[test]
fn nobody_decides_their_own_request() {
    let (request, mut settings) = pending(1);
    settings.approval.stages[0].approvers = vec![Principal::Person(id(ADA)), Principal::Group(id(50))];
    let own = Candidate { person: id(ADA), groups: &[id(50)], administrator: true };
    assert_eq!(request.approver(own, &[settings]).unwrap_err().code, Code::OwnRequest);
}

#[test]
fn an_approver_is_named_by_the_version_of_the_request_and_not_removed_since() {
    let (request, settings) = pending(1);
    let mut without = settings.clone();
    without.approval.stages[0].approvers = vec![Principal::Person(id(CY))];
    let check = |person, versions: &[RoleSettings]| request.approver(candidate(person), versions).is_ok();
    assert!(check(BO, std::slice::from_ref(&settings)));
    assert!(!check(BO, &[settings.clone(), without.clone()]));
    // Named again later is not "never removed".
    assert!(!check(BO, &[settings.clone(), without.clone(), settings.clone()]));
    assert!(!check(CY, &[settings.clone(), without]));
    let group = [id(50)];
    let member = Candidate { person: id(CY), groups: &group, administrator: false };
    assert!(request.approver(member, std::slice::from_ref(&settings)).is_ok());
    // An administrator is no approver when somebody is named.
    let administrator = Candidate { person: id(CY), groups: &[], administrator: true };
    assert!(request.approver(administrator, &[settings]).is_err());
}

#[test]
fn an_empty_list_of_approvers_means_the_administrators_and_nobody_else() {
    let (request, mut settings) = pending(1);
    settings.approval.stages[0].approvers.clear();
    let versions = [settings];
    assert!(request.approver(candidate(BO), &versions).is_err());
    let administrator = Candidate { person: id(BO), groups: &[], administrator: true };
    assert!(request.approver(administrator, &versions).is_ok());
}

#[test]
fn as_many_distinct_approvers_as_needed() {
    let (request, settings) = pending(2);
    let versions = std::slice::from_ref(&settings);
    let stage = &settings.approval.stages[0];
    let bo = request.approver(candidate(BO), versions).unwrap();
    let group = [id(50)];
    let cy = request
        .approver(Candidate { person: id(CY), groups: &group, administrator: false }, versions)
        .unwrap();
    let (one, event) = request.approve(&bo, "", proven(), &[], stage, at(1)).unwrap();
    assert_eq!((one.state, event.kind), (State::PendingApproval, EventKind::ActivationAgreed));
    let again = one.clone().approve(&bo, "", proven(), &[id(BO)], stage, at(2)).unwrap_err();
    assert_eq!(again.code, Code::AlreadyDecided);
    // The first approver was removed meanwhile: that approval no longer counts.
    let (waiting, _) = one.clone().approve(&cy, "", proven(), &[], stage, at(3)).unwrap();
    assert_eq!(waiting.state, State::PendingApproval);
    let (accepted, _) = one.approve(&cy, "", proven(), &[id(BO)], stage, at(3)).unwrap();
    assert_eq!(accepted.state, State::Activating);
}

#[test]
fn a_late_decision_is_told_that_it_is_settled() {
    let (request, settings) = pending(1);
    let by = request.approver(candidate(BO), std::slice::from_ref(&settings)).unwrap();
    let stage = &settings.approval.stages[0];
    let late = request.clone().approve(&by, "", proven(), &[], stage, at(24 * 60)).unwrap_err();
    assert_eq!((late.code, late.limit.as_deref()), (Code::NoLongerPending, Some("lapsed")));
    let (denied, _) = request.clone().deny(&by, "No", proven(), stage, at(1)).unwrap();
    assert_eq!(denied.approve(&by, "", proven(), &[], stage, at(2)).unwrap_err().code, Code::NoLongerPending);
    assert_eq!(request.deny(&by, " ", proven(), stage, at(1)).unwrap_err().code, Code::JustificationRequired);
}

#[test]
fn the_digest_covers_what_is_asked_and_not_the_progress() {
    let (request, settings) = pending(2);
    let by = request.approver(candidate(BO), std::slice::from_ref(&settings)).unwrap();
    let digest = request.digest();
    let (one, _) =
        request.clone().approve(&by, "", proven(), &[], &settings.approval.stages[0], at(1)).unwrap();
    assert_eq!(one.digest(), digest);
    let mut other = request;
    other.justification.push('!');
    assert_ne!(other.digest(), digest);
}

#[test]
fn a_coming_end_is_announced_once_and_only_when_there_is_time_for_it() {
    let request = Scene::new().request(at(0)).unwrap().0;
    let (active, _) = request.clone().confirm(Cover::Forever, at(0)).unwrap();
    assert_eq!(active.due_at(), Some(at(45)));
    let (announced, _) = active.announce_end(at(45)).unwrap();
    assert_eq!(announced.due_at(), Some(at(60)));
    assert!(announced.announce_end(at(46)).is_err());
    let (short, _) = request.confirm(Cover::Until(at(10)), at(0)).unwrap();
    assert_eq!(short.due_at(), Some(at(10)));
}

/// A command of somebody, or of the clock.
#[derive(Clone, Debug)]
enum Command {
    Approve(u128),
    Deny(u128),
    Cancel,
    TimeOut,
    Start,
    Confirm(Option<i64>),
    End,
    Recut(Option<i64>),
    Wait(i64),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (1..5_u128).prop_map(Command::Approve),
        (1..5_u128).prop_map(Command::Deny),
        Just(Command::Cancel),
        Just(Command::TimeOut),
        Just(Command::Start),
        proptest::option::of(-50..300_i64).prop_map(Command::Confirm),
        Just(Command::End),
        proptest::option::of(-50..300_i64).prop_map(Command::Recut),
        (0..2_000_i64).prop_map(Command::Wait),
    ]
}

proptest! {
    #[test]
    fn no_order_of_commands_breaks_the_state_machine(
        needed in 1..3_u8, approval: bool, later in proptest::option::of(1..100_i64),
        commands in proptest::collection::vec(command(), 0..40),
    ) {
        let mut scene = Scene::new();
        scene.settings.approval.required = approval;
        scene.settings.approval.stages[0].needed = needed;
        scene.settings.approval.stages[0].approvers = (1..5).map(|n| Principal::Person(id(n))).collect();
        scene.input.starts_at = later.map(at);
        let settings = scene.settings.clone();
        let stage = settings.approval.stages[0].clone();
        let mut activation = scene.request(at(0)).unwrap().0;
        let mut minute = 0;
        for command in commands {
            let before = activation.clone();
            let now = at(minute);
            let versions = std::slice::from_ref(&settings);
            let by = |n| before.approver(candidate(n), versions);
            let moved = match command {
                Command::Wait(more) => { minute += more; continue }
                Command::Approve(n) => by(n).and_then(|by| {
                    let counted: Vec<_> = before.decisions.iter().map(|d| d.by).collect();
                    before.clone().approve(&by, "", proven(), &counted, &stage, now).map(|(a, _)| a)
                }),
                Command::Deny(n) => by(n).and_then(|by| before.clone().deny(&by, "No", proven(), &stage, now).map(|(a, _)| a)),
                Command::Cancel => before.clone().cancel(Cause::Withdrawn, "", now).map(|(a, _)| a),
                Command::TimeOut => before.clone().time_out(now).map(|(a, _)| a),
                Command::Start => before.clone().start(now),
                Command::Confirm(cover) => before.clone().confirm(cover.map_or(Cover::Forever, |m| Cover::Until(at(m))), now).map(|(a, _)| a),
                Command::End => before.clone().end(Cause::TimeUp, "", now).map(|(a, _)| a),
                Command::Recut(cover) => Ok(before.clone().recut(cover.map_or(Cover::Forever, |m| Cover::Until(at(m))), now).unwrap_or_else(|| before.clone())),
            };
            if let Ok(after) = moved {
                activation = after;
            }
            // A settled activation never moves again.
            if before.state.is_settled() {
                prop_assert_eq!(before.state, activation.state);
            }
            // Held only when active, after it became effective, and before its end.
            prop_assert!(!activation.is_held(now) || activation.state == State::Active);
            // What others must agree to is never held without as many distinct approvers, never the requester.
            if activation.effective_at.is_some() && approval {
                let approvers: std::collections::BTreeSet<_> = activation.decisions.iter()
                    .filter(|d| d.verdict == Verdict::Approved).map(|d| d.by).collect();
                prop_assert!(approvers.len() >= usize::from(needed));
                prop_assert!(!approvers.contains(&id(ADA)));
            }
            // It never lasts longer than asked for.
            if let (Some(from), Some(end)) = (activation.effective_at, activation.ends_at) {
                prop_assert!(end <= activation.duration.after(from).max(now));
            }
            // Everything unsettled has an instant at which something happens by itself.
            prop_assert_eq!(activation.due_at().is_some(), !activation.state.is_settled());
        }
    }
}
