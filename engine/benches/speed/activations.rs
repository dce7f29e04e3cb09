//! Activations from end to end: submitted over the API, active, on record and in the outbox, and durable. Beside them stand
//! the databases committing one row; and once more both, with a disk that takes 4 ms for each sync.

use std::time::Duration;

use domain::{
    assignment::AssignmentKind,
    person::{PersonId, Principal},
    role::RoleId,
};
use engine::testing::{Database, World, plain};
use serde_json::json;

use crate::{
    calls::{middle, rounds, seconds, words},
    house::plain_settings,
    program::{Program, command},
    slow::Slow,
    table::Table,
    wrk::{Load, Requests, Seen, load, request},
};

/// How many people activate.
const PEOPLE: usize = 1_000;
/// How many roles each of them may activate.
const ROLES: usize = 120;
/// Clients at once, beside one.
const MANY: usize = 32;

/// Everybody, and every role that each may activate once.
struct Crew {
    world: World,
    requests: Requests,
    /// How many were sent, and a few more.
    sent: usize,
}

impl Crew {
    async fn on(database: Database) -> Self {
        let world = World::by_the_clock(database).await.expect("a PostgreSQL: use make bench");
        world.administrator("Root").await;
        let people = world.people(PEOPLE).await;
        let crew = world.group("Operators", &people).await;
        let mut roles = Vec::new();
        for number in 0..ROLES {
            let role = world.role_with(&format!("role-{number}"), plain_settings()).await;
            world.assign(role, Principal::Group(crew), AssignmentKind::Eligible, None).await;
            roles.push(role);
        }
        let requests = requests(&world, &people, &roles).await;
        world.engine.close().await;
        Self { world, requests, sent: 0 }
    }

    /// So many clients ask.
    async fn ask(&mut self, port: u16, connections: usize) -> Seen {
        let from = Some(self.sent);
        let seen = load(Load { port, connections, seconds: seconds(), requests: &self.requests, from }).await;
        self.sent += seen.answers + connections + 8;
        assert!(self.sent < PEOPLE * ROLES, "there is nothing left to ask for: fewer seconds or rounds");
        seen
    }

    /// One client and many, in turn; each counts by its middle round.
    async fn one_and_many(&mut self, port: u16) -> (Seen, Seen) {
        let (mut one, mut many) = (Vec::new(), Vec::new());
        for _ in 0..rounds() {
            one.push(self.ask(port, 1).await);
            many.push(self.ask(port, MANY).await);
        }
        (middle(one), middle(many))
    }
}

/// Each person asks for each role once.
async fn requests(world: &World, people: &[PersonId], roles: &[RoleId]) -> Requests {
    let tokens = world.access_tokens(people).await;
    let bodies = roles.iter().map(|role| {
        json!({ "role": role, "duration": "PT1H", "justification": "Rotate the certificate" }).to_string()
    });
    let bodies: Vec<_> = bodies.collect();
    let all = bodies.iter().flat_map(|body| tokens.iter().map(move |token| (token, body)));
    let sent = all.map(|(token, body)| {
        request("POST", "/api/v1/activations", &[("Authorization", &format!("Bearer {token}"))], body)
    });
    Requests::new(world.folder(), "activations", sent)
}

async fn commits(world: &World, database: Database) -> f64 {
    let time = Duration::from_secs(seconds());
    match database {
        Database::Sqlite => plain::sqlite_commits(world.folder(), time).await,
        Database::Postgres => plain::postgres_commits(world.url(), time).await,
    }
}

pub async fn measure(table: &mut Table, database: Database) {
    let mut crew = Crew::on(database).await;
    let plain = commits(&crew.world, database).await;
    table.found("commits of one row by the database alone, one client", format!("{plain:.0}/s"));
    let stint = Program::start(&crew.world);
    let (one, many) = crew.one_and_many(stint.port).await;
    stint.stop();
    let plain = f64::midpoint(plain, commits(&crew.world, database).await);
    let percent = 100.0 * one.per_second / plain;
    let text = format!("{}: {percent:.0} %", words(one));
    table.aimed("activations, one client", "30 % of these commits", &text, percent >= 30.0);
    table.found(&format!("activations, {MANY} clients"), words(many));

    let slow = Slow::begin();
    let stint = Program::of(slow.on(&mut command(&crew.world)), &crew.world);
    let (one, many) = crew.one_and_many(stint.port).await;
    stint.stop();
    slow.end();
    table.found("4 ms more for each sync: activations, one client", words(one));
    let times = many.per_second / one.per_second;
    table.aimed(
        &format!("4 ms more for each sync: activations, {MANY} clients"),
        "4 times as many",
        &format!("{}: {times:.1} times", words(many)),
        times >= 4.0,
    );
    crew.world.remove().await;
}
