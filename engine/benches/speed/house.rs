//! The people who are measured: signed in, each eligible for a few roles and holding one of them.

use domain::{
    assignment::AssignmentKind,
    person::{PersonId, Principal},
    role_settings::{RoleSettings, SecondFactor},
};
use engine::testing::{Database, World};

use crate::wrk::{Requests, request};

/// How many there are.
const PEOPLE: usize = 200;
/// How many roles they may activate.
const ROLES: usize = 6;

/// A world with them in it.
pub struct House {
    pub world: World,
    pub people: Vec<PersonId>,
}

/// Neither a code nor anybody's approval.
pub fn plain_settings() -> RoleSettings {
    let mut settings = RoleSettings::initial();
    settings.activation.second_factor = SecondFactor::NotAsked;
    settings.approval.required = false;
    settings
}

impl House {
    /// On this kind of database.
    pub async fn on(database: Database) -> Self {
        let world = World::by_the_clock(database).await.expect("a PostgreSQL: use make bench");
        world.administrator("Root").await;
        let people = world.people(PEOPLE).await;
        let crew = world.group("Operators", &people).await;
        let mut held = None;
        for number in 0..ROLES {
            let role = world.role_with(&format!("role-{number}"), plain_settings()).await;
            // Half of them through a group.
            if number.is_multiple_of(2) {
                world.assign(role, Principal::Group(crew), AssignmentKind::Eligible, None).await;
            } else {
                for person in &people {
                    world.eligible(*person, role).await;
                }
            }
            held = held.or(Some(role));
        }
        for person in &people {
            world.request(*person, held.unwrap()).await.unwrap();
        }
        Self { world, people }
    }

    /// What they ask, as the bytes of their requests. The engine is closed afterwards: the program has the database alone.
    pub async fn requests(&self) -> Calls {
        let tokens = self.world.access_tokens(&self.people).await;
        self.world.engine.close().await;
        let folder = self.world.folder();
        let api = |path: &str| {
            let one =
                |token: &String| request("GET", path, &[("Authorization", &format!("Bearer {token}"))], "");
            tokens.iter().map(one).collect::<Vec<_>>()
        };
        let page = tokens.iter().map(|token| {
            request("GET", "/", &[("Cookie", &format!("stint_access={token}")), ("Accept", "text/html")], "")
        });
        Calls {
            empty: Requests::new(folder, "empty", api("/empty")),
            read: Requests::new(folder, "read", api("/read")),
            check: Requests::new(folder, "check", api("/api/v1/check?role=role-0")),
            roles: Requests::new(folder, "roles", api("/api/v1/me/roles")),
            page: Requests::new(folder, "page", page),
        }
    }
}

/// The calls that are measured.
pub struct Calls {
    pub empty: Requests,
    pub read: Requests,
    pub check: Requests,
    pub roles: Requests,
    pub page: Requests,
}
