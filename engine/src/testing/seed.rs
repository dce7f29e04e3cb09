//! What a world needs before the act that a test is about. Written past the use cases, so that a test of one noun does
//! not fail for another.

use domain::{
    Id, Instant, Scope, Span,
    assignment::{Assignment, AssignmentId, AssignmentKind},
    group::{Group, GroupId},
    person::{Person, PersonId, PersonKind, Principal},
    role::{Level, Role, RoleId, builtin},
    role_settings::RoleSettings,
};

use super::World;
use crate::{Caller, Ctx, Signed, store};

impl World {
    /// A member of this name.
    pub async fn person(&self, name: &str) -> PersonId {
        let person = Person {
            id: self.engine.env().id(),
            kind: PersonKind::Member,
            name: name.to_owned(),
            zone: None,
            disabled_at: None,
            created_at: self.engine.now(),
            version: 1,
        };
        let id = person.id;
        let env = self.engine.env().clone();
        let address = format!("{}@halden.example", name.to_lowercase().replace(' ', "."));
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    store::person::insert(tx.conn(), &person).await?;
                    store::person::set_addresses(tx.conn(), &env, person.id, &[address], tx.now).await
                })
            })
            .await
            .unwrap();
        id
    }

    /// A person who administers Stint permanently.
    pub async fn administrator(&self, name: &str) -> PersonId {
        let person = self.person(name).await;
        self.assign(builtin::ADMINISTRATOR, Principal::Person(person), AssignmentKind::Active, None).await;
        person
    }

    /// A group with these people.
    pub async fn group(&self, name: &str, people: &[PersonId]) -> GroupId {
        let group = Group {
            id: self.engine.env().id(),
            name: name.to_owned(),
            description: String::new(),
            removed_at: None,
            created_at: self.engine.now(),
            version: 1,
        };
        let (id, people, env) = (group.id, people.to_vec(), self.engine.env().clone());
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    store::group::insert(tx.conn(), &group).await?;
                    for person in people {
                        store::group::add_member(tx.conn(), &env, group.id, person, tx.now).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        id
    }

    /// A role with this key and the initial settings.
    pub async fn role(&self, key: &str) -> RoleId {
        self.role_with(key, RoleSettings::initial()).await
    }

    /// A role with this key and these settings.
    pub async fn role_with(&self, key: &str, settings: RoleSettings) -> RoleId {
        let role = Role {
            id: self.engine.env().id(),
            key: key.to_owned(),
            name: key.to_owned(),
            description: "mailboxes and mail flow".to_owned(),
            level: Level::High,
            link: None,
            template_id: None,
            disabled_at: None,
            settings_version: 1,
            created_at: self.engine.now(),
            version: 1,
        };
        let id = role.id;
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    store::role::insert(tx.conn(), &role).await?;
                    store::role_settings::insert(tx.conn(), role.id, 1, &settings, None, tx.now).await
                })
            })
            .await
            .unwrap();
        id
    }

    /// Makes somebody eligible without an end.
    pub async fn eligible(&self, person: PersonId, role: RoleId) -> AssignmentId {
        self.assign(role, Principal::Person(person), AssignmentKind::Eligible, None).await
    }

    /// An assignment at `/` from now on.
    pub async fn assign(
        &self,
        role: RoleId,
        principal: Principal,
        kind: AssignmentKind,
        ends_at: Option<Instant>,
    ) -> AssignmentId {
        let assignment = Assignment {
            id: self.engine.env().id(),
            role,
            principal,
            kind,
            scope: Scope::everything(),
            starts_at: self.engine.now(),
            ends_at,
            justification: String::new(),
            made_by: None,
            made_at: self.engine.now(),
            ended_at: None,
            version: 1,
        };
        let id = assignment.id;
        let due = store::assignment::Due { announced: 0, at: ends_at };
        self.engine
            .note(move |tx| {
                Box::pin(async move { store::assignment::insert(tx.conn(), &assignment, due).await })
            })
            .await
            .unwrap();
        id
    }

    /// This person, signed in this moment with the second factor.
    pub fn ctx(&self, person: PersonId) -> Ctx {
        self.ctx_signed_in(person, Span::ZERO)
    }

    /// This person, whose second factor was proved so long ago.
    pub fn ctx_signed_in(&self, person: PersonId, ago: Span) -> Ctx {
        Ctx::of(Caller::Person(Signed {
            person,
            sign_in: Id::new(person.uuid()),
            session: Id::new(person.uuid()),
            mfa_at: ago.before(self.engine.now()),
            used_at: self.engine.now(),
        }))
    }
}
