//! Much of everything, written past the use cases and by the thousand: what a Stint looks like that was used for years, and
//! people who are signed in without having waited for it. The record is a true chain.

mod past;

use domain::{
    Id, Instant, Scope, Span,
    activation::{Activation, State},
    person::{Person, PersonId, PersonKind},
    role::RoleId,
    session::{Session, SessionKind},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, Set, Statement};
use secrecy::ExposeSecret;

use super::{World, config};
use crate::{Engine, Env, session, store};
use past::Loading;

/// How much there is.
#[derive(Clone, Copy, Debug)]
pub struct Much {
    /// People.
    pub people: usize,
    /// Assignments, most of them open. As many requests were made, and are over.
    pub assignments: usize,
    /// Records.
    pub records: usize,
}

/// So many rows go into one statement.
const ROWS: usize = 500;

impl World {
    /// So many members, each with an address.
    pub async fn people(&self, number: usize) -> Vec<PersonId> {
        let people: Vec<_> = (0..number).map(|number| person(self.engine.env(), number)).collect();
        let ids = people.iter().map(|person| person.id).collect();
        let env = self.engine.env().clone();
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    add_people(tx.conn(), &env, &people).await;
                    Ok(())
                })
            })
            .await
            .unwrap();
        ids
    }

    /// The access tokens of sessions of these people that begin now. Each gets a sign-in without a password.
    pub async fn access_tokens(&self, people: &[PersonId]) -> Vec<String> {
        let engine = &self.engine;
        let now = engine.now();
        let began: Vec<_> = people.iter().map(|person| began(engine, *person, now)).collect();
        let rows: Vec<_> = began.iter().map(|(session, refresh)| (session.clone(), refresh.hash())).collect();
        engine
            .note(move |tx| {
                Box::pin(async move {
                    add_sessions(tx.conn(), &rows).await;
                    Ok(())
                })
            })
            .await
            .unwrap();
        let mut tokens = Vec::new();
        for (session, refresh) in began {
            let issued = session::issue(engine, &session, refresh).await.unwrap();
            tokens.push(issued.access.expose_secret().to_owned());
        }
        tokens
    }

    /// Each of these people holds the role, until the same instant.
    pub async fn hold_until(&self, people: &[PersonId], role: RoleId, ends_at: Instant) {
        let env = self.engine.env().clone();
        let people = people.to_vec();
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    let held = people.iter().map(|person| {
                        let number = tx.next_number();
                        store::activation::active(&active(&env, (*person, role), number, tx.now, ends_at))
                    });
                    let held = held.collect();
                    add(tx.conn(), held).await;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    /// Grows to this size. The engine is closed meanwhile, and opened anew.
    pub async fn grow(&mut self, much: Much) {
        let mut roles = Vec::new();
        for number in 0..200 {
            roles.push(self.role(&format!("grown-{number}")).await);
        }
        self.engine.close().await;
        let db = Loading::open(&self.url).await;
        let env = self.engine.env().clone();
        db.load(&env, &roles, much).await;
        db.close().await;
        self.engine = Engine::open(config(self.url.clone()), Env::machine().unwrap()).await.unwrap();
    }
}

impl World {
    /// How large the database is, in GB.
    pub async fn size(&self) -> f64 {
        let db = self.engine.readers();
        let asked = match db.get_database_backend() {
            DbBackend::Postgres => "SELECT pg_database_size(current_database()) AS size",
            _ => "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()",
        };
        let asked = Statement::from_string(db.get_database_backend(), asked);
        let size: i64 = db.query_one_raw(asked).await.unwrap().unwrap().try_get("", "size").unwrap();
        #[expect(clippy::cast_precision_loss, reason = "rounded anyway")]
        let gigabytes = size as f64 / 1e9;
        gigabytes
    }

    /// How many milliseconds one password takes to be hashed.
    pub async fn password_takes(&self) -> f64 {
        let password = secrecy::SecretString::from(super::sign_in::PASSWORD);
        let began = std::time::Instant::now();
        for _ in 0..5 {
            let ticket = self.engine.passwords().ticket().unwrap();
            ticket.hash(self.engine.env(), &password).await.unwrap();
        }
        began.elapsed().as_secs_f64() * 1_000.0 / 5.0
    }
}

fn person(env: &Env, number: usize) -> Person {
    Person {
        id: env.id(),
        kind: PersonKind::Member,
        name: format!("Person {number}"),
        zone: None,
        disabled_at: None,
        created_at: env.now(),
        version: 1,
    }
}

async fn add_people<C: ConnectionTrait>(db: &C, env: &Env, people: &[Person]) {
    use store::person::address;
    add(db, people.iter().map(store::person::active).collect()).await;
    let addresses = people.iter().map(|person| address::ActiveModel {
        id: Set(env.id::<()>().uuid()),
        person_id: Set(person.id.uuid()),
        address: Set(format!("{}@halden.example", person.id)),
        added_at: Set(store::us(person.created_at)),
        removed_at: Set(None),
    });
    add(db, addresses.collect()).await;
}

/// Adds rows, many in a statement.
async fn add<C: ConnectionTrait, A: ActiveModelTrait + Send>(db: &C, rows: Vec<A>) {
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return;
        }
        A::Entity::insert_many(chunk).exec_without_returning(db).await.unwrap();
    }
}

/// A session that begins now.
fn began(engine: &Engine, person: PersonId, now: Instant) -> (Session, session::refresh::Refresh) {
    let refresh = session::refresh::Refresh::first(engine);
    let session = Session {
        id: refresh.session,
        person,
        sign_in: Id::new(refresh.session.uuid()),
        kind: SessionKind::Tool,
        started_at: now,
        used_at: now,
        mfa_at: now,
        ended_at: None,
    };
    (session, refresh)
}

/// Sessions with the hashes of their refresh tokens, and a sign-in of its own for each.
async fn add_sessions<C: ConnectionTrait>(db: &C, sessions: &[(Session, String)]) {
    use store::{session::row as session, sign_in::row as sign_in};
    let sign_ins = sessions.iter().map(|(session, _)| sign_in::ActiveModel {
        id: Set(session.sign_in.uuid()),
        person_id: Set(session.person.uuid()),
        name: Set(session.sign_in.to_string()),
        password_hash: Set(None),
        password_set_at: Set(None),
        totp_sealed: Set(None),
        totp_enrolled_at: Set(None),
        totp_last_step: Set(None),
        codes_made_at: Set(None),
        created_at: Set(store::us(session.started_at)),
        version: Set(1),
    });
    add(db, sign_ins.collect()).await;
    let sessions = sessions.iter().map(|(session, refresh_hash)| session::ActiveModel {
        id: Set(session.id.uuid()),
        person_id: Set(session.person.uuid()),
        sign_in_id: Set(session.sign_in.uuid()),
        kind: Set(store::to_word(&session.kind)),
        client: Set(String::new()),
        address: Set("127.0.0.1".to_owned()),
        started_at: Set(store::us(session.started_at)),
        used_at: Set(store::us(session.used_at)),
        mfa_at: Set(store::us(session.mfa_at)),
        ended_at: Set(session.ended_at.map(store::us)),
        refresh_hash: Set(refresh_hash.clone()),
        previous_hash: Set(None),
        successor_used_at: Set(None),
        generation: Set(1),
    });
    add(db, sessions.collect()).await;
}

/// An activation that is held from now on.
fn active(
    env: &Env,
    (person, role): (PersonId, RoleId),
    number: i64,
    now: Instant,
    ends_at: Instant,
) -> Activation {
    Activation {
        id: env.id(),
        number,
        person,
        role,
        scope: Scope::everything(),
        settings_version: 1,
        requested_at: now,
        requested_start: None,
        duration: Span::between(now, ends_at),
        justification: "Rotate the certificate".to_owned(),
        ticket: None,
        state: State::Active,
        lapses_at: None,
        accepted_at: Some(now),
        effective_at: Some(now),
        ends_at: Some(ends_at),
        end_announced: true,
        settled_at: None,
        cause: None,
        decisions: Vec::new(),
        version: 1,
    }
}
