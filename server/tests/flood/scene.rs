//! Who is there when the flood comes: people who are signed in and work, roles that end in its midst, and the program.

use std::time::Duration;

use domain::{
    Span,
    activation::{ActivationId, RequestActivation},
    assignment::AssignmentKind,
    group::GroupId,
    person::{PersonId, Principal},
    role::RoleId,
    role_settings::{RoleSettings, SecondFactor},
};
use engine::{
    Config, Engine, Env, activation,
    testing::{Database, MailServer, World, activation::ask, config, number, sign_in::PASSWORD},
};
use futures::future::join_all;
use serde_json::json;

use crate::{
    http::{self, Answer, Sent},
    program::Program,
};

/// How many hold roles that end, and how many roles each of them.
const HOLDERS: usize = 20;
const ROLES: usize = 10;

/// Everything before the flood.
pub struct Scene {
    pub world: World,
    pub program: Program,
    pub mail: MailServer,
    /// Who holds roles that end by themselves, and which of them end in the flood.
    holders: Vec<PersonId>,
    roles: Vec<RoleId>,
    /// Holds roles that she gives back one by one.
    rosa: PersonId,
    anna: PersonId,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Signed {
    pub access: String,
}

fn settings() -> RoleSettings {
    let mut settings = RoleSettings::initial();
    settings.activation.second_factor = SecondFactor::NotAsked;
    settings
}

impl Scene {
    /// On this kind of database; none when there is none to test with.
    pub async fn on(database: Database) -> Option<Self> {
        let world = World::by_the_clock(database).await?;
        let mail = MailServer::start().await;
        let rosa = world.person("Rosa").await;
        let otto = world.auditor("Otto").await;
        let anna = world.administrator("Anna").await;
        for (person, name) in [(rosa, "rosa"), (otto, "otto"), (anna, "anna")] {
            world.with_credentials(person, name).await;
        }
        for name in ["ravi", "rune"] {
            let person = world.person(name).await;
            world.with_credentials(person, name).await;
        }
        let mut holders = Vec::new();
        for number in 0..HOLDERS {
            let holder = world.person(&format!("Holder {number}")).await;
            world.without_address(holder).await;
            holders.push(holder);
        }
        world.without_address(anna).await;
        let crew = world.group("Crew", &holders).await;
        let mut roles = Vec::new();
        for number in 0..ROLES {
            let role = world.role_with(&format!("role-{number}"), settings()).await;
            world.assign(role, Principal::Group(crew), AssignmentKind::Eligible, None).await;
            world.eligible(rosa, role).await;
            roles.push(role);
        }
        world.engine.close().await;
        let program = Program::new(&world, &mail, &[("--trusted-proxies", "127.0.0.1")]);
        Some(Self { world, program, mail, holders, roles, rosa, anna })
    }

    /// The engine without the program, where roles may be as short as a second.
    async fn engine(&self) -> Engine {
        let config = Config { shortest: Span::seconds(1), ..config(self.world.url().to_owned()) };
        Engine::open(config, Env::machine().unwrap()).await.unwrap()
    }

    /// Makes the record long, and gives roles that end one after another from `first` to `last` from now; and those that
    /// Rosa gives back.
    pub async fn prepare(&self, first: Duration, last: Duration) -> (Vec<ActivationId>, Vec<ActivationId>) {
        let engine = self.engine().await;
        self.write_record(&engine).await;
        let pairs: Vec<_> =
            self.holders.iter().flat_map(|holder| self.roles.iter().map(|role| (*holder, *role))).collect();
        let (count, span) = (u32::try_from(pairs.len()).unwrap(), last.saturating_sub(first));
        let asked = (0..count).zip(pairs).map(|(number, (holder, role))| {
            let seconds = (first + span * number / count).as_secs();
            let input =
                RequestActivation { duration: Span::seconds(i64::try_from(seconds).unwrap()), ..ask(role) };
            let (engine, ctx) = (engine.clone(), self.world.ctx(holder));
            async move { activation::request(&engine, &ctx, input).await.unwrap() }
        });
        let ending = join_all(asked).await;
        let mut kept = Vec::new();
        for role in &self.roles {
            kept.push(activation::request(&engine, &self.world.ctx(self.rosa), ask(*role)).await.unwrap());
        }
        engine.close().await;
        (ending, kept)
    }

    /// So many records that a reader who does not read fills more than what the kernel takes for them.
    async fn write_record(&self, engine: &Engine) {
        let count = usize::try_from(number("STINT_FLOOD_RECORDS", 0)).unwrap();
        let anna = self.world.ctx(self.anna);
        let mut groups: Vec<GroupId> = Vec::new();
        for number in 0..if count > 0 { 40 } else { 0 } {
            let group =
                domain::group::NewGroup { name: format!("Group {number}"), description: String::new() };
            groups.push(engine::group::create(engine, &anna, group).await.unwrap());
        }
        let mut written = 0;
        while written < count {
            for holder in &self.holders {
                let changes =
                    groups.iter().map(|group| engine::group::add_member(engine, &anna, *group, *holder));
                assert!(join_all(changes).await.iter().all(Result::is_ok));
                let changes =
                    groups.iter().map(|group| engine::group::remove_member(engine, &anna, *group, *holder));
                assert!(join_all(changes).await.iter().all(Result::is_ok));
                written += 2 * groups.len();
            }
        }
    }

    /// Signs in by the API, from an address of one's own.
    pub async fn sign_in(&self, port: u16, name: &str, from: &str) -> Answer {
        self.sign_in_with(port, name, PASSWORD, &self.world.code(name), from).await
    }

    pub async fn sign_in_with(
        &self,
        port: u16,
        name: &str,
        password: &str,
        code: &str,
        from: &str,
    ) -> Answer {
        let given = json!({ "name": name, "password": password, "code": code });
        let sent = Sent { from: Some(from.to_owned()), ..Sent::post("session", given) };
        http::send(port, "", &sent).await.unwrap()
    }
}

impl Signed {
    /// From the answer to a sign-in.
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 201, "{}", answer.body);
        Self { access: answer.json()["access"].as_str().unwrap().to_owned() }
    }
}
