//! What may happen, at random. Choices are numbers that are looked up in what there is when their turn comes, so that
//! any rest of a case still means something: what does not fit is refused, and the refusal is compared like all else.

use domain::{
    Span,
    activation::{RequestActivation, State},
    assignment::{AssignmentKind, ChangeAssignment, NewAssignment},
    person::{PersonId, Principal},
    role::builtin,
};
use proptest::prelude::*;

use super::reference::{Act, Activation, Model};

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Command {
    /// Somebody does something.
    Send(Wish),
    /// A message that was sent comes again: the answer was lost, or it is late. Perhaps with other words under its key.
    Again { back: usize, changed: bool },
    /// A round of the worker.
    Work,
    /// So many seconds go by.
    Pass(i64),
    /// Time goes by until the next instant at which something is due, or a second before.
    Until { early: bool },
    /// The clock is set by so many seconds.
    Step(i64),
    /// An operator accepts the clock: perhaps also when nothing is wrong with it.
    Accept { anyway: bool },
    /// The engine is gone between two transactions, and another one starts on the same database.
    Crash,
}

/// What somebody wants to do, before it is known to whom or what.
#[derive(Clone, Debug)]
pub struct Wish {
    what: What,
    /// Who, and whether it is one of those who may.
    who: Choice,
    /// Which thing, and whether it is one that is in the right state.
    which: Choice,
    /// Whose.
    whose: u8,
    /// From when, in minutes from now; at once.
    from: Option<i64>,
    /// For how many minutes; without an end.
    minutes: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    number: u8,
    fitting: bool,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Request,
    Approve,
    Deny,
    Cancel,
    Deactivate,
    Revoke,
    Assign { eligible: bool, to_group: bool },
    Change,
    Remove,
    Join,
    Leave,
    Disable,
    Enable,
    SwitchOff,
    SwitchOn,
}

/// Periods that meet each other's ends again and again.
const MINUTES: [i64; 10] = [4, 5, 10, 15, 20, 30, 60, 120, 25 * 60, 48 * 60];
const AHEAD: [i64; 5] = [-5, 5, 15, 60, 26 * 60];
/// Short ones oftener, or everything is over before anybody decides.
const PASSES: [i64; 11] = [1, 60, 60, 300, 300, 600, 600, 900, 1_800, 4 * 3_600, 25 * 3_600];
const STEPS: [i64; 8] = [3, 5, 6, 60, 600, 1_800, 7_200, 90_000];

/// A case. In one of four the clock is what matters: it is set and accepted again and again.
pub fn commands(length: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Command>> {
    prop_oneof![
        3 => proptest::collection::vec(command(1), length.clone()),
        1 => proptest::collection::vec(command(8), length),
    ]
}

/// Something that happens; so much oftener to the clock.
fn command(clock: u32) -> impl Strategy<Value = Command> {
    prop_oneof![
        60 => wish().prop_map(Command::Send),
        7 => (0..6_usize, proptest::bool::weighted(0.1))
            .prop_map(|(back, changed)| Command::Again { back, changed }),
        6 => Just(Command::Work),
        7 => proptest::sample::select(&PASSES[..]).prop_map(Command::Pass),
        10 => proptest::bool::weighted(0.3).prop_map(|early| Command::Until { early }),
        3 * clock => (proptest::sample::select(&STEPS[..]), any::<bool>())
            .prop_map(|(by, back)| Command::Step(if back { -by } else { by })),
        8 + clock => proptest::bool::weighted(0.1).prop_map(|anyway| Command::Accept { anyway }),
        3 => Just(Command::Crash),
    ]
}

fn wish() -> impl Strategy<Value = Wish> {
    let from = prop_oneof![3 => Just(None), 1 => proptest::sample::select(&AHEAD[..]).prop_map(Some)];
    let minutes = prop_oneof![2 => Just(None), 5 => proptest::sample::select(&MINUTES[..]).prop_map(Some)];
    (what(), choice(), choice(), any::<u8>(), from, minutes)
        .prop_map(|(what, who, which, whose, from, minutes)| Wish { what, who, which, whose, from, minutes })
}

fn choice() -> impl Strategy<Value = Choice> {
    (any::<u8>(), proptest::bool::weighted(0.85)).prop_map(|(number, fitting)| Choice { number, fitting })
}

fn what() -> impl Strategy<Value = What> {
    let assign = (any::<bool>(), proptest::bool::weighted(0.4))
        .prop_map(|(eligible, to_group)| What::Assign { eligible, to_group });
    prop_oneof![
        24 => Just(What::Request),
        20 => Just(What::Approve),
        4 => Just(What::Deny),
        4 => Just(What::Cancel),
        5 => Just(What::Deactivate),
        3 => Just(What::Revoke),
        16 => assign,
        5 => Just(What::Change),
        7 => Just(What::Remove),
        5 => Just(What::Join),
        5 => Just(What::Leave),
        2 => Just(What::Disable),
        5 => Just(What::Enable),
        2 => Just(What::SwitchOff),
        3 => Just(What::SwitchOn),
    ]
}

impl Choice {
    /// One of those that fit, or of all when none does or none is to.
    fn of<T: Copy>(self, fitting: Vec<T>, all: Vec<T>) -> Option<T> {
        let among = if fitting.is_empty() || !self.fitting { all } else { fitting };
        among.get(usize::from(self.number) % among.len().max(1)).copied()
    }
}

impl Wish {
    /// Who does what, as things stand; nothing when there is nothing to do it to.
    pub fn in_words(&self, model: &Model) -> Option<(PersonId, Act)> {
        match self.what {
            What::Request => self.request(model),
            What::Approve => self.on_activation(model, Act::Approve),
            What::Deny => self.on_activation(model, Act::Deny),
            What::Cancel => self.on_activation(model, Act::Cancel),
            What::Deactivate => self.on_activation(model, Act::Deactivate),
            What::Revoke => self.on_activation(model, Act::Revoke),
            _ => Some((self.administrator(model)?, self.administration(model)?)),
        }
    }

    /// Short enough for a request, most of which are to be carried out.
    fn is_short(&self) -> bool {
        self.minutes.is_some_and(|minutes| (5..=120).contains(&minutes))
    }

    fn administrator(&self, model: &Model) -> Option<PersonId> {
        self.who.of(model.administrators().into_iter().collect(), everybody(model))
    }

    fn request(&self, model: &Model) -> Option<(PersonId, Act)> {
        let now = model.now();
        let pairs = || {
            let everybody = model.people.iter().map(|person| person.id);
            everybody.flat_map(|person| model.roles.iter().map(move |role| (person, role.id)))
        };
        let is_under_way = |person, role| {
            model
                .activations
                .iter()
                .any(|one| (one.person, one.role) == (person, role) && !one.state_at(now).is_settled())
        };
        let eligible = pairs().filter(|(person, role)| {
            model.is_enabled(*person)
                && model.is_eligible(*person, *role, now)
                && !is_under_way(*person, *role)
        });
        let (by, role) = self.who.of(eligible.collect(), pairs().collect())?;
        let input = RequestActivation {
            role,
            scope: None,
            duration: Span::minutes(
                self.minutes.filter(|_| self.whose < 16 || self.is_short()).unwrap_or(60),
            ),
            starts_at: self.from.map(|from| now + chrono::TimeDelta::minutes(from)),
            justification: "Rotate the certificate".to_owned(),
            ticket: String::new(),
        };
        Some((by, Act::Request(input)))
    }

    fn on_activation(
        &self,
        model: &Model,
        act: fn(domain::activation::ActivationId) -> Act,
    ) -> Option<(PersonId, Act)> {
        let (now, decides) = (model.now(), matches!(self.what, What::Approve | What::Deny));
        let takes_back = matches!(self.what, What::Deactivate | What::Revoke);
        let fits = |one: &&Activation| match one.state_at(now) {
            State::PendingApproval => !takes_back,
            State::Scheduled => !takes_back && !decides,
            State::Active => takes_back,
            _ => false,
        };
        let ids = |one: &Activation| one.id;
        let all: Vec<_> = model.activations.iter().rev().take(8).map(ids).collect();
        let fitting: Vec<_> = model.activations.iter().filter(fits).map(ids).collect();
        if fitting.is_empty() && self.which.fitting {
            // Before anything can be done to a request, there must be one.
            return self.request(model);
        }
        let id = self.which.of(fitting, all)?;
        let one = model.activation(id);
        let fitting: Vec<_> = match self.what {
            What::Approve | What::Deny => {
                everybody(model).into_iter().filter(|person| model.may_decide(*person, one)).collect()
            }
            What::Revoke => model.administrators().into_iter().collect(),
            _ => vec![one.person],
        };
        Some((self.who.of(fitting, everybody(model))?, act(id)))
    }

    fn administration(&self, model: &Model) -> Option<Act> {
        let number = usize::from(self.whose);
        let person = model.people.get(number % model.people.len())?;
        let group = *model.groups.get(number % model.groups.len())?;
        let open = || model.assignments.iter().filter(|one| one.over.is_none());
        let administer = open().filter(|one| one.role == builtin::ADMINISTRATOR && !one.eligible);
        // Half of what is taken away is taken from administrators: that is where it matters.
        let fitting =
            if number.is_multiple_of(2) { administer.collect() } else { open().collect::<Vec<_>>() };
        let assignment = || {
            let all = model.assignments.iter().collect();
            self.which.of(fitting, all)
        };
        let member = self.which.of(model.members(group).into_iter().collect(), everybody(model));
        let members = model.members(group);
        let strangers = everybody(model).into_iter().filter(|person| !members.contains(person)).collect();
        Some(match self.what {
            What::Assign { eligible, to_group } => Act::Assign(self.assign(model, eligible, to_group)?),
            What::Change => {
                let one = assignment()?;
                let input = ChangeAssignment {
                    ends_at: self.minutes.map(|minutes| Span::minutes(minutes).after(model.now())),
                    justification: "Longer or shorter".to_owned(),
                    version: one.version,
                };
                Act::Change(one.id, input)
            }
            What::Remove => Act::Remove(assignment()?.id),
            What::Join => Act::Join(group, self.which.of(strangers, everybody(model))?),
            What::Leave => Act::Leave(group, member?),
            What::Disable => Act::Disable(person.id),
            What::Enable => {
                let disabled = model.people.iter().filter(|person| !person.enabled).map(|person| person.id);
                Act::Enable(self.which.of(disabled.collect(), everybody(model))?)
            }
            What::SwitchOff => Act::SwitchOff(self.role(model, |on| on)?),
            What::SwitchOn => Act::SwitchOn(self.role(model, |on| !on)?),
            What::Request | What::Approve | What::Deny | What::Cancel | What::Deactivate | What::Revoke => {
                return None;
            }
        })
    }

    fn role(&self, model: &Model, fits: fn(bool) -> bool) -> Option<domain::role::RoleId> {
        let fitting = model.roles.iter().filter(|role| fits(role.on)).map(|role| role.id).collect();
        self.which.of(fitting, model.roles.iter().map(|role| role.id).collect())
    }

    fn assign(&self, model: &Model, eligible: bool, to_group: bool) -> Option<NewAssignment> {
        let number = usize::from(self.whose);
        let person = model.people.get(number % model.people.len())?.id;
        let group = *model.groups.get(number % model.groups.len())?;
        let role = model.roles.get(usize::from(self.which.number) % model.roles.len())?.id;
        // One of three is given to somebody who holds or may hold the role: what two things give is where it matters.
        let has = |one: &PersonId| {
            !model.sources(*one, role).is_empty() || model.is_eligible(*one, role, model.now())
        };
        let with: Vec<_> = everybody(model).into_iter().filter(has).collect();
        let person =
            with.get(number % with.len().max(1)).filter(|_| number % 3 == 0).copied().unwrap_or(person);
        let starts_at = self.from.map(|from| model.now() + chrono::TimeDelta::minutes(from));
        let from = starts_at.unwrap_or(model.now());
        Some(NewAssignment {
            role,
            principal: if to_group { Principal::Group(group) } else { Principal::Person(person) },
            kind: if eligible { AssignmentKind::Eligible } else { AssignmentKind::Active },
            scope: None,
            starts_at,
            ends_at: self.minutes.map(|minutes| Span::minutes(minutes).after(from)),
            justification: "Needed".to_owned(),
        })
    }
}

fn everybody(model: &Model) -> Vec<PersonId> {
    model.people.iter().map(|person| person.id).collect()
}
