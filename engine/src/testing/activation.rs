//! Requests and what happens to them, for tests. Changes of others' nouns are written past their use cases, with what
//! follows from them for activations.

use domain::{
    Code, Id, Instant, Problem, Span,
    activation::{Activation, ActivationId, Decide, End, RequestActivation},
    assignment::AssignmentId,
    audit::{self, GENESIS},
    event::{Event, EventKind},
    group::GroupId,
    person::{PersonId, Principal},
    role::RoleId,
    role_settings::RoleSettings,
};
use futures::future::BoxFuture;
use sea_orm::{EntityTrait, QueryOrder};

use super::World;
use crate::{Ctx, Result, Tx, activation, store};

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    problem(result).code
}

/// A refusal.
pub fn problem<T: std::fmt::Debug>(result: Result<T>) -> Problem {
    result.unwrap_err().problem().unwrap().clone()
}

/// The initial settings, with as many of these approvers needed.
pub fn approval(approvers: &[Principal], needed: u8) -> RoleSettings {
    let mut settings = RoleSettings::initial();
    settings.approval.required = true;
    for stage in &mut settings.approval.stages {
        stage.approvers = approvers.to_vec();
        stage.needed = needed;
    }
    settings
}

/// An hour, at once, with a reason.
pub fn ask(role: RoleId) -> RequestActivation {
    RequestActivation {
        role,
        scope: None,
        duration: Span::hours(1),
        starts_at: None,
        justification: "Rotate the certificate".to_owned(),
        ticket: String::new(),
    }
}

impl World {
    /// Asks for a role for an hour.
    pub async fn request(&self, person: PersonId, role: RoleId) -> Result<ActivationId> {
        activation::request(&self.engine, &self.ctx(person), ask(role)).await
    }

    /// Asks for a role for an hour, from so long ahead.
    pub async fn request_later(&self, person: PersonId, role: RoleId, ahead: Span) -> Result<ActivationId> {
        let input = RequestActivation { starts_at: Some(ahead.after(self.engine.now())), ..ask(role) };
        activation::request(&self.engine, &self.ctx(person), input).await
    }

    /// Approves what is stored.
    pub async fn approve(&self, person: PersonId, id: ActivationId) -> Result<()> {
        let digest = self.activation(id).await.digest();
        let input = Decide { digest, justification: String::new() };
        activation::approve(&self.engine, &self.ctx(person), id, input).await
    }

    /// Denies what is stored.
    pub async fn deny(&self, person: PersonId, id: ActivationId, why: &str) -> Result<()> {
        let digest = self.activation(id).await.digest();
        let input = Decide { digest, justification: why.to_owned() };
        activation::deny(&self.engine, &self.ctx(person), id, input).await
    }

    /// Takes a request back.
    pub async fn cancel(&self, person: PersonId, id: ActivationId) -> Result<()> {
        activation::cancel(&self.engine, &self.ctx(person), id, End::default()).await
    }

    /// Gives a role back.
    pub async fn deactivate(&self, person: PersonId, id: ActivationId) -> Result<()> {
        activation::deactivate(&self.engine, &self.ctx(person), id, End::default()).await
    }

    /// An activation as stored.
    pub async fn activation(&self, id: ActivationId) -> Activation {
        store::activation::find(self.engine.readers(), id).await.unwrap().unwrap()
    }

    /// What the record says was done to an activation.
    pub async fn recorded_of(&self, id: ActivationId) -> Vec<EventKind> {
        crate::audit::steps(self.engine.readers(), id)
            .await
            .unwrap()
            .into_iter()
            .map(|step| step.kind)
            .collect()
    }

    /// Whether a person holds a role now, and until when, by their own question.
    pub async fn held(&self, person: PersonId, key: &str) -> Option<Option<Instant>> {
        let answer = crate::check::check(&self.engine, &self.ctx(person), None, key, None).await.unwrap();
        answer.held.then_some(answer.until)
    }

    /// New settings of a role, as its next version.
    pub async fn change_settings(&self, role: RoleId, settings: RoleSettings) {
        self.change(move |tx| {
            Box::pin(async move {
                let mut stored = store::role::get(tx.conn(), role).await?;
                stored.settings_version += 1;
                store::role_settings::insert(
                    tx.conn(),
                    role,
                    stored.settings_version,
                    &settings,
                    None,
                    tx.now,
                )
                .await?;
                store::role::save(tx.conn(), &stored).await?;
                Ok(Vec::new())
            })
        })
        .await;
    }

    /// Ends an assignment, with what follows.
    pub async fn end_assignment(&self, id: AssignmentId) {
        self.change(move |tx| {
            Box::pin(async move {
                let mut assignment = store::assignment::get(tx.conn(), id).await?;
                assignment.ended_at = Some(tx.now);
                store::assignment::save(tx.conn(), &assignment, store::assignment::Due::default(), None)
                    .await?;
                let people = match assignment.principal {
                    Principal::Person(person) => vec![person],
                    Principal::Group(group) => store::group::members(tx.conn(), group).await?,
                };
                activation::follow::eligibility_changed(tx, &people, Some(assignment.role)).await
            })
        })
        .await;
    }

    /// Gives an assignment another end, with what follows.
    pub async fn prolong(&self, id: AssignmentId, ends_at: Option<Instant>) {
        self.change(move |tx| {
            Box::pin(async move {
                let mut assignment = store::assignment::get(tx.conn(), id).await?;
                assignment.ends_at = ends_at;
                let due = store::assignment::Due { announced: 0, at: ends_at };
                store::assignment::save(tx.conn(), &assignment, due, None).await?;
                let Principal::Person(person) = assignment.principal else { return Ok(Vec::new()) };
                activation::follow::eligibility_changed(tx, &[person], Some(assignment.role)).await
            })
        })
        .await;
    }

    /// Takes a person out of a group, with what follows.
    pub async fn leave(&self, group: GroupId, person: PersonId) {
        self.change(move |tx| {
            Box::pin(async move {
                store::group::remove_member(tx.conn(), group, person, tx.now).await?;
                activation::follow::eligibility_changed(tx, &[person], None).await
            })
        })
        .await;
    }

    /// Disables a person, with what follows.
    pub async fn disable(&self, person: PersonId) {
        self.change(move |tx| {
            Box::pin(async move {
                let mut stored = store::person::get(tx.conn(), person).await?;
                stored.disabled_at = Some(tx.now);
                store::person::save(tx.conn(), &stored).await?;
                activation::follow::person_disabled(tx, person).await
            })
        })
        .await;
    }

    /// Switches a role off, with what follows.
    pub async fn switch_off(&self, role: RoleId) {
        self.change(move |tx| {
            Box::pin(async move {
                let mut stored = store::role::get(tx.conn(), role).await?;
                stored.disabled_at = Some(tx.now);
                store::role::save(tx.conn(), &stored).await?;
                activation::follow::role_disabled(tx, role).await
            })
        })
        .await;
    }

    async fn change<F>(&self, change: F)
    where
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<Vec<Event>>> + Send + 'static,
    {
        let engine = self.engine.clone();
        let attempt = Event::new(EventKind::AssignmentChanged);
        let done: Result<()> =
            self.engine.act(&Ctx::stint(), attempt, move |tx| changed(engine, tx, change)).await;
        done.unwrap();
    }

    /// Everything that was recorded, after the chain was verified: each record stands on the one before, without a gap.
    pub async fn record(&self) -> Vec<audit::Record> {
        let rows = store::audit::row::Entity::find()
            .order_by_asc(store::audit::row::Column::Seq)
            .all(self.engine.readers())
            .await
            .unwrap();
        let mut hash = GENESIS;
        for (row, seq) in rows.iter().zip(1..) {
            hash = audit::link(&hash, &row.body);
            assert_eq!((row.seq, &row.hash), (seq, &audit::hex(&hash)));
        }
        assert_eq!(store::head::read(self.engine.readers()).await.unwrap().hash, hash);
        rows.iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect()
    }

    /// Makes an activation unreadable, as if the disk had decayed.
    pub async fn spoil(&self, id: ActivationId) {
        self.engine
            .note(move |tx| Box::pin(async move { store::activation::spoil(tx.conn(), id).await }))
            .await
            .unwrap();
    }

    /// An id that names nothing.
    pub fn nothing<T>(&self) -> Id<T> {
        self.engine.env().id()
    }
}

fn changed<'t, F>(
    engine: crate::Engine,
    tx: &'t mut Tx,
    change: F,
) -> BoxFuture<'t, Result<crate::Committed<()>>>
where
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<Vec<Event>>> + Send + 'static,
{
    Box::pin(async move {
        let followed = change(tx).await?;
        let events = std::iter::once(Event::new(EventKind::AssignmentChanged)).chain(followed).collect();
        tx.commit(&engine, (), events).await
    })
}
