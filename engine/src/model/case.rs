//! One case: a world with a few people, groups and roles, and what happens to it.

use std::collections::BTreeMap;

use domain::{
    Code, Span,
    assignment::AssignmentKind,
    person::{PersonId, Principal},
    role::builtin,
    role_settings::{PeriodRules, RoleSettings},
};

use super::{
    always,
    command::Command,
    engine::Real,
    reference::{Act, Answer, Approval, Assignment, Clock, Fact, Membership, Model, Person, Role, Sent},
    seen::{self, Seen},
};
use crate::{
    store,
    testing::{Database, Hand, World, activation::approval, beginning},
};

pub struct Case {
    world: World,
    real: Real,
    hand: Hand,
    model: Model,
    auditor: PersonId,
    sent: Vec<Sent>,
    before: Seen,
    /// What the last step is expected to have put on record.
    expected: Vec<Fact>,
    worked: bool,
    steps: usize,
    tally: Tally,
    /// What ids name, for whoever reads what happened.
    names: Vec<(String, &'static str)>,
}

/// What happened how often: kinds of records, and refusals by their code.
pub type Tally = BTreeMap<String, usize>;

/// How often every answer to every question is compared, and not only what it rests on.
const ALL: usize = 12;

impl Case {
    /// A world of its own; none when there is no such database to test with.
    pub async fn begin(database: Database) -> Option<Self> {
        let world = World::on(database).await?;
        let (model, auditor) = people_it(&world).await;
        world.engine.close().await;
        let hand = Hand::new(beginning());
        let real = Real::open(&world.engine, hand.clone()).await;
        let seq = store::head::read(real.engine().readers()).await.unwrap().seq;
        let nothing = Seen { seq, ..Seen::default() };
        let before = Seen::look(&real, &nothing, &model).await;
        seen::compare(&before, &model);
        let (sent, expected) = (Vec::new(), Vec::new());
        Some(Self {
            world,
            names: names(&model),
            real,
            hand,
            model,
            auditor,
            sent,
            before,
            expected,
            worked: false,
            steps: 0,
            tally: Tally::new(),
        })
    }

    /// Does it, in both. Gives what was done and what came of it, for whoever looks for the fault.
    pub async fn step(&mut self, command: &Command) -> String {
        let told = self.carry_out(command).await;
        self.names.iter().fold(told, |told, (id, name)| told.replace(id, name))
    }

    async fn carry_out(&mut self, command: &Command) -> String {
        self.worked = false;
        match command {
            Command::Send(wish) => {
                let Some((by, act)) = wish.in_words(&self.model) else { return "nothing to do".to_owned() };
                let sent = Sent { by, key: format!("key {}", self.sent.len()), act };
                self.sent.push(sent.clone());
                return self.send(sent).await;
            }
            Command::Again { back, changed } => {
                let Some(sent) = self.sent.iter().rev().nth(*back).cloned() else {
                    return "nothing was sent yet".to_owned();
                };
                let act = if *changed { Act::Enable(sent.by) } else { sent.act.clone() };
                return self.send(Sent { act, ..sent }).await;
            }
            Command::Pass(seconds) => self.pass(Span::seconds(*seconds)),
            Command::Until { early } => {
                let Some(due) = self.model.next_due() else { return "nothing is due".to_owned() };
                let early = Span::seconds(i64::from(*early));
                self.pass(Span::between(self.model.now(), early.before(due)));
            }
            Command::Step(seconds) => {
                self.hand.step(chrono::TimeDelta::seconds(*seconds));
                self.model.clock.step(chrono::TimeDelta::seconds(*seconds));
            }
            Command::Accept { anyway } if *anyway || self.model.clock.is_stepped() => {
                self.real.accept_clock().await;
                self.expected = self.model.accept_clock();
            }
            Command::Work | Command::Accept { .. } => {
                self.real.work().await;
                self.expected = self.model.work();
                self.worked = true;
            }
            Command::Crash => {
                self.real.crash().await;
                self.model.crash();
            }
        }
        format!("{command:?}: {:?}", self.expected)
    }

    fn pass(&mut self, span: Span) {
        self.hand.pass(span);
        self.model.clock.pass(span);
    }

    async fn send(&mut self, sent: Sent) -> String {
        let told = format!("{} {sent:?}", self.model.now());
        let real = self.real.take(&sent).await;
        let made = match real {
            Ok(Answer::Made(id)) => Some(id),
            Ok(Answer::Done | Answer::Told) | Err(_) => None,
        };
        let (answer, facts) = self.model.take(&sent, made);
        self.expected = facts;
        assert_eq!(real, answer, "the answer to {told}");
        if let Err(code) = answer {
            *self.tally.entry(format!("refused: {}", code.as_str())).or_default() += 1;
        }
        format!("{told}: {:?}", answer.map_err(Code::as_str))
    }

    /// Compares everything that is to be seen, and looks whether what must always hold does.
    pub async fn look(&mut self) {
        self.steps += 1;
        let seen = Seen::look(&self.real, &self.before, &self.model).await;
        seen::compare(&seen, &self.model);
        let (mut recorded, mut expected) = (seen.since(&self.before), std::mem::take(&mut self.expected));
        for fact in recorded.iter().filter(|fact| fact.outcome == "done") {
            *self.tally.entry(fact.kind.clone()).or_default() += 1;
        }
        // Who only asks is not in the reference.
        recorded.retain(|fact| fact.person != Some(self.auditor));
        recorded.sort();
        expected.sort();
        assert_eq!(recorded, expected, "records and messages");
        always::check(&self.before, &seen, &self.model);
        if self.worked {
            always::nothing_is_due(&seen);
        }
        self.before = seen;
        let all = self.steps.is_multiple_of(ALL);
        seen::compare_checks(&self.real, &self.model, self.auditor, all).await;
    }

    /// At the end: every answer, and the chain of the record.
    pub async fn look_at_all(&mut self) {
        seen::compare_checks(&self.real, &self.model, self.auditor, true).await;
        seen::verify_chain(&self.real).await;
    }

    /// Ends it, and says what happened in it.
    pub async fn end(self) -> Tally {
        self.real.close().await;
        self.world.remove().await;
        self.tally
    }
}

fn names(model: &Model) -> Vec<(String, &'static str)> {
    let people =
        model.people.iter().map(|person| person.id.to_string()).zip(["Ada", "Bo", "Cy", "Di", "Eva"]);
    let groups = model.groups.iter().map(ToString::to_string).zip(["Operators", "Owners", "Stewards"]);
    let roles = model.roles.iter().map(|role| role.id.to_string());
    people.chain(groups).chain(roles.zip(["administrator", "open", "guarded", "fallback"])).collect()
}

/// Five people, three groups and four roles: one that nobody has to agree to, one that two of a person and a group have to,
/// one that an administrator has to, and the administration of Stint itself.
async fn people_it(world: &World) -> (Model, PersonId) {
    let now = beginning();
    let mut people = Vec::new();
    for (name, factor, address) in [
        ("Ada", true, true),
        ("Bo", true, true),
        ("Cy", false, true),
        ("Di", true, false),
        ("Eva", true, true),
    ] {
        let id = world.person(name).await;
        if factor {
            world.factor(id).await;
        }
        if !address {
            world.without_address(id).await;
        }
        let address = address.then(|| format!("{}@halden.example", name.to_lowercase()));
        people.push(Person { id, enabled: true, factor, address });
    }
    let auditor = world.auditor("Otto").await;
    let [ada, bo, cy, di, eva] = [0, 1, 2, 3, 4].map(|n| people[n].id);
    let operators = world.group("Operators", &[bo, eva]).await;
    let owners = world.group("Owners", &[cy, di]).await;
    let stewards = world.group("Stewards", &[ada, di]).await;
    let members =
        [(operators, bo), (operators, eva), (owners, cy), (owners, di), (stewards, ada), (stewards, di)];
    let roles = roles(world, bo, owners).await;
    let mut assignments = Vec::new();
    for (role, principal, eligible) in [
        (0, Principal::Group(stewards), false),
        (0, Principal::Person(eva), true),
        (1, Principal::Person(bo), true),
        (2, Principal::Person(eva), true),
        (2, Principal::Group(operators), true),
        (3, Principal::Group(operators), true),
    ] {
        let (role, kind) =
            (roles[role].id, if eligible { AssignmentKind::Eligible } else { AssignmentKind::Active });
        let id = world.assign(role, principal, kind, None).await;
        assignments.push(Assignment {
            id,
            role,
            principal,
            eligible,
            starts: now,
            ends: None,
            why: String::new(),
            made: now,
            over: None,
            to_announce: false,
            version: 1,
        });
    }
    let model = Model {
        clock: Clock::new(now),
        people,
        groups: vec![operators, owners, stewards],
        roles,
        memberships: members
            .into_iter()
            .map(|(group, person)| Membership { group, person, from: now, until: None })
            .collect(),
        assignments,
        activations: Vec::new(),
        answers: BTreeMap::new(),
        refusals: BTreeMap::new(),
    };
    (model, auditor)
}

async fn roles(world: &World, bo: PersonId, owners: domain::group::GroupId) -> Vec<Role> {
    let standing = PeriodRules { permanent: true, longest: Span::days(180) };
    let approvers = vec![Principal::Person(bo), Principal::Group(owners)];
    let hour = Span::hours(1);
    let mut roles = vec![Role {
        id: builtin::ADMINISTRATOR,
        key: "stint-administrator".to_owned(),
        on: true,
        standing: true,
        approval: None,
    }];
    for (key, settings, standing, rule) in [
        ("open", RoleSettings { active: standing, ..RoleSettings::initial() }, true, None),
        ("guarded", approval(&approvers, 2), false, Some(Approval { approvers, needed: 2, timeout: hour })),
        (
            "fallback",
            approval(&[], 1),
            false,
            Some(Approval { approvers: Vec::new(), needed: 1, timeout: hour }),
        ),
    ] {
        let mut settings = settings;
        for stage in &mut settings.approval.stages {
            stage.timeout = hour;
        }
        let id = world.role_with(key, settings).await;
        roles.push(Role { id, key: key.to_owned(), on: true, standing, approval: rule });
    }
    for role in &mut roles {
        // The key of a built-in role is its own.
        role.key = store::role::get(world.engine.readers(), role.id).await.unwrap().key;
    }
    roles
}
