//! The organisation that is tortured: who works there, which roles they may ask for, and the program that serves them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    Instant, Span,
    assignment::AssignmentKind,
    group::GroupId,
    person::{PersonId, Principal},
    role::RoleId,
    role_settings::{ApproverJustification, RoleSettings, SecondFactor},
};
use engine::testing::{Database, MailServer, World, number, sign_in::PASSWORD};
use serde_json::json;

use crate::{
    dice::Dice,
    http::{self, Answer, Sent},
    program::Program,
};

/// What somebody does all day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Requester,
    Approver,
    Administrator,
    Auditor,
}

/// Somebody who works through the API.
pub struct Worker {
    pub name: String,
    pub id: PersonId,
    pub part: Part,
    session: Mutex<Session>,
}

#[derive(Clone, Default)]
struct Session {
    access: String,
    refresh: String,
    signed_in_at: Option<Instant>,
}

/// A role, and what its settings ask for.
pub struct Role {
    pub key: &'static str,
    pub id: RoleId,
    /// How many must agree; nobody when none.
    pub needed: usize,
    /// After which a request lapses.
    pub timeout: Span,
    /// Who may agree.
    pub approvers: Vec<Principal>,
}

/// Everything that is tortured.
pub struct House {
    pub world: World,
    pub mail: MailServer,
    pub program: Program,
    pub dice: Dice,
    /// How many instances serve.
    pub instances: usize,
    /// Where they do at the moment.
    ports: Mutex<Vec<u16>>,
    pub workers: Vec<Worker>,
    pub roles: Vec<Role>,
    /// People without a sign-in, to whom administrators give and take.
    pub others: Vec<PersonId>,
    /// Whose members may agree to what two must agree to.
    pub deciders: GroupId,
    /// Whose members are eligible for one of the roles.
    pub crew: GroupId,
    /// Who is a member, and who is eligible, before anybody works.
    pub members: Vec<(GroupId, PersonId)>,
    pub eligible: Vec<(RoleId, Principal)>,
}

fn settings(needed: usize, timeout: Span, approvers: &[Principal]) -> RoleSettings {
    let mut settings = RoleSettings::initial();
    settings.activation.second_factor = SecondFactor::NotAsked;
    settings.activation.justification = Some(1);
    settings.approval.required = needed > 0;
    for stage in &mut settings.approval.stages {
        stage.approvers = approvers.to_vec();
        stage.needed = u8::try_from(needed.max(1)).unwrap();
        stage.timeout = timeout;
        stage.justification = ApproverJustification::Never;
        stage.second_factor = SecondFactor::NotAsked;
    }
    settings
}

impl House {
    /// With everybody in it, on this kind of database; none when there is none to test with.
    pub async fn on(database: Database, instances: usize) -> Option<Self> {
        Some(Self::in_world(World::by_the_clock(database).await?, instances).await)
    }

    /// With everybody in it, in an empty world.
    pub async fn in_world(world: World, instances: usize) -> Self {
        let mail = MailServer::start().await;
        let mut workers = Vec::new();
        for (part, names) in [
            (Part::Requester, ["rosa", "ravi", "rune", "rita", "remy", "reza"].as_slice()),
            (Part::Approver, &["pia", "paul", "petra"]),
            (Part::Administrator, &["anna", "arne"]),
            (Part::Auditor, &["otto"]),
        ] {
            for name in names {
                let id = match part {
                    Part::Administrator => world.administrator(name).await,
                    Part::Auditor => world.auditor(name).await,
                    Part::Requester | Part::Approver => world.person(name).await,
                };
                world.with_credentials(id, name).await;
                workers.push(Worker { name: (*name).to_owned(), id, part, session: Mutex::default() });
            }
        }
        let mut others = Vec::new();
        for number in 0..6 {
            others.push(world.person(&format!("other{number}")).await);
        }
        let of = |part: Part| -> Vec<_> {
            workers.iter().filter(|worker| worker.part == part).map(|worker| worker.id).collect()
        };
        let (requesters, approvers) = (of(Part::Requester), of(Part::Approver));
        let deciders = world.group("Deciders", &approvers).await;
        let crew = world.group("Crew", &requesters[3..]).await;
        let named: Vec<_> = approvers.iter().copied().map(Principal::Person).collect();
        let mut roles = Vec::new();
        for (key, needed, timeout, approvers) in [
            ("quick", 0, Span::seconds(3), Vec::new()),
            ("asked", 1, Span::seconds(3), named),
            ("pair", 2, Span::seconds(4), vec![Principal::Group(deciders)]),
            ("crew", 0, Span::seconds(3), Vec::new()),
            ("spare", 0, Span::seconds(3), Vec::new()),
        ] {
            let id = world.role_with(key, settings(needed, timeout, &approvers)).await;
            roles.push(Role { key, id, needed, timeout, approvers });
        }
        let mut eligible = vec![(roles[3].id, Principal::Group(crew))];
        for role in &roles[..3] {
            eligible.extend(requesters.iter().map(|person| (role.id, Principal::Person(*person))));
        }
        for (role, principal) in &eligible {
            world.assign(*role, *principal, AssignmentKind::Eligible, None).await;
        }
        let members = approvers.iter().map(|person| (deciders, *person));
        let members = members.chain(requesters[3..].iter().map(|person| (crew, *person))).collect();
        world.engine.close().await;
        let program = Program::new(&world, &mail, &[]);
        let dice = Dice::new(number("STINT_TORTURE_SEED", 1));
        let ports = Mutex::default();
        Self {
            world,
            mail,
            program,
            dice,
            instances,
            ports,
            workers,
            roles,
            others,
            deciders,
            crew,
            members,
            eligible,
        }
    }

    /// The moment by the machine's clock.
    pub fn now(&self) -> Instant {
        self.world.engine.env().now()
    }

    /// Where requests may go at the moment.
    pub fn serve_at(&self, ports: Vec<u16>) {
        *self.ports.lock().unwrap_or_else(PoisonError::into_inner) = ports;
    }

    fn port(&self, dice: &Dice) -> Option<u16> {
        dice.one_of(&self.ports.lock().unwrap_or_else(PoisonError::into_inner)).copied()
    }

    /// Sends a request once, to whichever instance.
    pub async fn send(&self, dice: &Dice, worker: &Worker, sent: &Sent) -> std::io::Result<Answer> {
        let Some(port) = self.port(dice) else { return Err(std::io::Error::other("nobody serves")) };
        http::send(port, &worker.session().access, sent).await
    }

    /// Everybody whose last code is getting old signs in, with password and code.
    pub async fn sign_in_all(&self) {
        for worker in &self.workers {
            let since = worker.session().signed_in_at;
            if since.is_some_and(|since| self.now() < Span::minutes(6).after(since)) {
                continue;
            }
            let given =
                json!({ "name": worker.name, "password": PASSWORD, "code": self.world.code(&worker.name) });
            let sent = Sent::post("session", given);
            let answer = http::send(self.port(&self.dice).unwrap(), "", &sent).await.unwrap();
            assert_eq!(
                answer.status,
                201,
                "{}, last {since:?}, now {}: {}",
                worker.name,
                self.now(),
                answer.body
            );
            worker.keep(&answer, self.now());
        }
    }

    /// Who it is that works through the API, by id.
    pub fn by_id(&self) -> BTreeMap<String, &Worker> {
        self.workers.iter().map(|worker| (worker.id.to_string(), worker)).collect()
    }

    pub fn auditor(&self) -> &Worker {
        self.workers.iter().find(|worker| worker.part == Part::Auditor).unwrap()
    }
}

impl Worker {
    fn session(&self) -> Session {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What new tokens are asked for with.
    pub fn refresh_token(&self) -> String {
        self.session().refresh
    }

    /// Keeps the tokens of a sign-in.
    fn keep(&self, answer: &Answer, now: Instant) {
        self.renewed(answer);
        self.session.lock().unwrap_or_else(PoisonError::into_inner).signed_in_at = Some(now);
    }

    /// Keeps new tokens.
    pub fn renewed(&self, answer: &Answer) {
        let tokens = answer.json();
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        session.access = tokens["access"].as_str().unwrap().to_owned();
        session.refresh = tokens["refresh"].as_str().unwrap().to_owned();
    }
}
