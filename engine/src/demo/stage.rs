//! Acting in the sample organisation: people sign in and act at moments that the story names, and the worker does what is
//! due in between.

use std::collections::HashMap;

use domain::{
    Instant, Span,
    activation::{ActivationId, Decide, End, RequestActivation},
    assignment::{AssignmentKind, NewAssignment},
    person::{NewPerson, PersonId, Principal},
    role::RoleId,
    session::{Act, SessionKind},
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{PASSWORD, cast::Part};
use crate::{
    Caller, Client, Ctx, Engine, activation, assignment,
    error::{Error, Result},
    person, session, sign_in,
    sign_in::{link::BeginLink, totp::Secret},
    store, worker,
};

/// The organisation while its story is told.
pub(super) struct Stage<'e> {
    pub engine: &'e Engine,
    people: HashMap<&'static str, Person>,
}

struct Person {
    id: PersonId,
    app: Secret,
    /// The last code of this app was used at this moment.
    code_at: Instant,
    session: Option<(Ctx, Instant)>,
}

/// After so long a person signs in anew.
const SESSION: Span = Span::hours(6);
/// A code is good for so long, and works once.
const STEP: Span = Span::seconds(30);

impl<'e> Stage<'e> {
    pub(super) fn new(engine: &'e Engine) -> Self {
        Self { engine, people: HashMap::new() }
    }

    /// Moves on to a moment; what is due on the way happens at its time.
    pub(super) async fn go_to(&self, moment: Instant) -> Result<()> {
        let env = self.engine.env();
        loop {
            let db = self.engine.readers();
            let end = store::activation::next_end(db).await?;
            let other = store::activation::next_other(db).await?;
            let assignment = store::assignment::next_due(db).await?;
            match end.into_iter().chain(other).chain(assignment).min().filter(|due| *due <= moment) {
                Some(due) => {
                    env.set(due.max(env.now()));
                    worker::run_due(self.engine).await?;
                }
                None => break,
            }
        }
        env.set(moment.max(env.now()));
        Ok(())
    }

    /// The first person uses the set-up link.
    pub(super) async fn set_up(&mut self, part: &Part) -> Result<()> {
        let url = sign_in::set_up_link(self.engine).await?;
        let url = url.ok_or_else(|| Error::broken("demo.set_up", "the database is not new"))?;
        let first = BeginLink {
            name: Some(part.name.to_owned()),
            sign_in_name: Some(part.sign_in.to_owned()),
            password: Some(SecretString::from(PASSWORD)),
            ..BeginLink::default()
        };
        self.use_link(part, &url, first).await
    }

    /// Somebody is invited and uses their link.
    pub(super) async fn invite(&mut self, by: &'static str, part: &Part) -> Result<()> {
        let ctx = self.stepped_up(by, Act::Administer, Uuid::nil()).await?;
        let new = NewPerson {
            kind: part.kind,
            name: part.name.to_owned(),
            sign_in_name: part.sign_in.to_owned(),
            addresses: vec![format!("{}@halden.example", part.sign_in)],
            zone: None,
        };
        let created = person::create(self.engine, &ctx, new).await?;
        let password = BeginLink { password: Some(SecretString::from(PASSWORD)), ..BeginLink::default() };
        self.use_link(part, &created.link.url, password).await
    }

    async fn use_link(&mut self, part: &Part, url: &str, given: BeginLink) -> Result<()> {
        let token = url.rsplit('/').next().unwrap_or_default();
        let nobody = at_desk(Caller::Nobody);
        let begun = sign_in::link::begin(self.engine, &nobody, token, given).await?;
        let key = begun.enrolment.map(|enrolment| enrolment.key).unwrap_or_default();
        let app =
            Secret::from_key(&key).ok_or_else(|| Error::broken("demo.enrol", "the key cannot be read"))?;
        let now = self.engine.now();
        sign_in::link::finish(self.engine, &nobody, token, &begun.sealed, &app.code_at(now)).await?;
        let db = self.engine.readers();
        let sign_in = store::sign_in::find_by_name(db, part.sign_in).await?;
        let id = sign_in
            .map(|sign_in| sign_in.person)
            .ok_or_else(|| Error::broken("demo.enrol", "nobody was made"))?;
        self.people.insert(part.sign_in, Person { id, app, code_at: now, session: None });
        Ok(())
    }

    /// Whom this sign-in name belongs to.
    pub(super) fn person(&self, name: &str) -> Result<PersonId> {
        self.people.get(name).map(|person| person.id).ok_or_else(|| nobody(name))
    }

    /// This person, signed in.
    pub(super) async fn signed_in(&mut self, name: &'static str) -> Result<Ctx> {
        let now = self.engine.now();
        if let Some((ctx, since)) = self.people.get(name).and_then(|person| person.session.as_ref())
            && now < SESSION.after(*since)
        {
            return Ok(ctx.clone());
        }
        let code = self.next_code(name)?;
        let desk = at_desk(Caller::Nobody);
        let password = SecretString::from(PASSWORD);
        let step = sign_in::password_step(self.engine, &desk, name, &password, None).await?;
        let signed_in =
            sign_in::code_step(self.engine, &desk, &step.sealed, &code, SessionKind::Browser).await?;
        let access = signed_in.tokens.access.expose_secret();
        let signed = session::authenticate(self.engine, access, &desk.client).await?;
        let ctx = at_desk(Caller::Person(signed));
        let person = self.people.get_mut(name).ok_or_else(|| nobody(name))?;
        person.session = Some((ctx.clone(), now));
        Ok(ctx)
    }

    /// This person with a code for this act.
    pub(super) async fn stepped_up(&mut self, name: &'static str, act: Act, object: Uuid) -> Result<Ctx> {
        let ctx = self.signed_in(name).await?;
        let code = self.next_code(name)?;
        session::step_up(self.engine, &ctx, &code, act, object).await
    }

    /// A code that was not used yet; waits for it when it has to.
    fn next_code(&mut self, name: &'static str) -> Result<String> {
        let env = self.engine.env();
        let person = self.people.get_mut(name).ok_or_else(|| nobody(name))?;
        if env.now() < STEP.after(person.code_at) {
            env.set(STEP.after(person.code_at));
        }
        person.code_at = env.now();
        Ok(person.app.code_at(env.now()))
    }

    /// An administrator assigns a role at `/`.
    pub(super) async fn assign(
        &mut self,
        by: &'static str,
        role: RoleId,
        principal: Principal,
        kind: AssignmentKind,
        lasts: Option<Span>,
    ) -> Result<()> {
        let ctx = self.stepped_up(by, Act::Administer, role.uuid()).await?;
        let new = NewAssignment {
            role,
            principal,
            kind,
            scope: None,
            starts_at: None,
            ends_at: lasts.map(|span| span.after(self.engine.now())),
            justification: "Agreed with the owner of the system".to_owned(),
        };
        assignment::make(self.engine, &ctx, new).await?;
        Ok(())
    }

    /// Somebody asks for a role.
    pub(super) async fn ask(&mut self, who: &'static str, input: RequestActivation) -> Result<ActivationId> {
        let ctx = self.stepped_up(who, Act::Activate, input.role.uuid()).await?;
        activation::request(self.engine, &ctx, input).await
    }

    /// An approver decides.
    pub(super) async fn decide(
        &mut self,
        who: &'static str,
        id: ActivationId,
        no: Option<&str>,
    ) -> Result<()> {
        let ctx = self.stepped_up(who, Act::Decide, id.uuid()).await?;
        let digest = activation::get(self.engine, &ctx, id).await?.row.digest;
        let decision = Decide { digest, justification: no.unwrap_or_default().to_owned() };
        match no {
            Some(_) => activation::deny(self.engine, &ctx, id, decision).await,
            None => activation::approve(self.engine, &ctx, id, decision).await,
        }
    }

    /// The requester takes a request back.
    pub(super) async fn withdraw(&mut self, who: &'static str, id: ActivationId) -> Result<()> {
        let ctx = self.signed_in(who).await?;
        activation::cancel(self.engine, &ctx, id, End::default()).await
    }

    /// The person gives a role back.
    pub(super) async fn give_back(&mut self, who: &'static str, id: ActivationId) -> Result<()> {
        let ctx = self.signed_in(who).await?;
        activation::deactivate(self.engine, &ctx, id, End::default()).await
    }
}

/// What a form would send.
pub(super) fn wish(role: RoleId, duration: Span, why: &str, ticket: &str) -> RequestActivation {
    RequestActivation {
        role,
        scope: None,
        duration,
        starts_at: None,
        justification: why.to_owned(),
        ticket: ticket.to_owned(),
    }
}

fn at_desk(caller: Caller) -> Ctx {
    let client = Client { address: "192.0.2.41".to_owned(), agent: "Firefox on Linux".to_owned() };
    Ctx { client, ..Ctx::of(caller) }
}

fn nobody(name: &str) -> Error {
    Error::broken("demo.person", format!("nobody signs in as {name}"))
}
