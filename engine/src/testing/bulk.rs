//! Much of everything, written past the use cases and by the thousand: what a Stint looks like that was used for years, and
//! people who are signed in without having waited for it. The record is a true chain.

use domain::{
    Id, Instant, Scope, Span,
    activation::{Activation, ActivationId, Cause, State},
    assignment::{Assignment, AssignmentKind},
    event::{Event, EventKind},
    person::{Person, PersonId, PersonKind, Principal},
    role::RoleId,
    session::{Session, SessionKind},
};
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    EntityTrait, Set, Statement, TransactionTrait,
};
use secrecy::ExposeSecret;

use super::{World, config};
use crate::{
    Caller, Client, Ctx, Engine, Env, Signed, session,
    store::{self, head::Head},
};

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
/// So many assignments, with what was made of each, go into one transaction.
const CHUNK: usize = 4_000;
/// The tables that grow, whose indexes are made when they are full.
const GROWING: [&str; 5] = ["assignment", "activation", "audit", "session", "outbox"];

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

/// A connection that fills a database, quickly and not safely.
struct Loading(DatabaseConnection);

impl Loading {
    async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        options.map_sqlx_sqlite_opts(|sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            sqlite
                .journal_mode(SqliteJournalMode::Off)
                .synchronous(SqliteSynchronous::Off)
                .foreign_keys(false)
                .pragma("cache_size", "-2000000")
        });
        options.map_sqlx_postgres_opts(|postgres| {
            postgres.options([("synchronous_commit", "off"), ("maintenance_work_mem", "1GB")])
        });
        Self(sea_orm::Database::connect(options).await.unwrap())
    }

    /// Leaves the planner knowing what there is, as a server does by itself after a while.
    async fn close(self) {
        if self.0.get_database_backend() == DbBackend::Postgres {
            self.0.execute_unprepared("VACUUM ANALYZE").await.unwrap();
            self.0.execute_unprepared("CHECKPOINT").await.unwrap();
        }
        self.0.close().await.unwrap();
    }

    async fn load(&self, env: &Env, roles: &[RoleId], much: Much) {
        let people: Vec<_> = (0..much.people).map(|number| person(env, number)).collect();
        let tx = self.0.begin().await.unwrap();
        add_people(&tx, env, &people).await;
        tx.commit().await.unwrap();
        let people: Vec<_> = people.into_iter().map(|person| person.id).collect();
        let indexes = self.without_indexes().await;
        let mut past = Past::new(env, roles, &people, much);
        while past.next < much.assignments {
            let tx = self.0.begin().await.unwrap();
            past.chunk(&tx).await;
            tx.commit().await.unwrap();
        }
        for index in indexes {
            self.0.execute_unprepared(&index).await.unwrap();
        }
    }

    /// Takes the indexes of the tables that grow away. Gives how to make them.
    async fn without_indexes(&self) -> Vec<String> {
        let backend = self.0.get_database_backend();
        let names = GROWING.map(|name| format!("'{name}'")).join(", ");
        let asked = match backend {
            DbBackend::Postgres => format!(
                "SELECT indexname AS name, indexdef AS made FROM pg_indexes WHERE tablename IN ({names}) AND indexname NOT LIKE '%_pkey'"
            ),
            _ => format!(
                "SELECT name, sql AS made FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
            ),
        };
        let mut made = Vec::new();
        for row in self.0.query_all_raw(Statement::from_string(backend, asked)).await.unwrap() {
            let name: String = row.try_get("", "name").unwrap();
            self.0.execute_unprepared(&format!("DROP INDEX {name}")).await.unwrap();
            made.push(row.try_get("", "made").unwrap());
        }
        made
    }
}

/// What happened before anybody measured.
struct Past<'p> {
    env: &'p Env,
    roles: &'p [RoleId],
    people: &'p [PersonId],
    much: Much,
    began: Instant,
    step: Span,
    /// Which assignment is next.
    next: usize,
    recorded: usize,
}

impl<'p> Past<'p> {
    fn new(env: &'p Env, roles: &'p [RoleId], people: &'p [PersonId], much: Much) -> Self {
        let began = Span::days(1_000).before(env.now());
        let seconds = Span::days(999).as_seconds() / i64::try_from(much.assignments.max(1)).unwrap();
        Self { env, roles, people, much, began, step: Span::seconds(seconds), next: 0, recorded: 0 }
    }

    /// The next assignments, each with what its person made of it.
    async fn chunk(&mut self, tx: &DatabaseTransaction) {
        let mut head = Head::locked(tx).await.unwrap();
        let (mut assignments, mut activations) = (Vec::new(), Vec::new());
        let (mut sessions, mut records, mut outbox) = (Vec::new(), Vec::new(), Vec::new());
        let last = (self.next + CHUNK).min(self.much.assignments);
        while self.next < last {
            let life = self.life(&mut head);
            for (number, (ctx, event)) in life.events.iter().enumerate() {
                // As many records as are wanted, spread evenly.
                let due = (self.next * 5 + number + 1) * self.much.records / (self.much.assignments * 5);
                if due > self.recorded {
                    let record;
                    (record, head) = store::audit::chained(&head, ctx, event, life.at);
                    records.push(record);
                    self.recorded += 1;
                }
            }
            if self.next.is_multiple_of(5) {
                sessions.push((life.session, life.activation.id.to_string()));
            }
            if self.next.is_multiple_of(2) {
                outbox.push(message(self.env, &life.activation, head.seq, life.at));
            }
            assignments.push(store::assignment::active(&life.assignment, store::assignment::Due::default()));
            activations.push(store::activation::active(&life.activation));
            self.next += 1;
        }
        add(tx, assignments).await;
        add(tx, activations).await;
        add_sessions(tx, &sessions).await;
        add(tx, records).await;
        add(tx, outbox).await;
        head.save(tx, self.env.now()).await.unwrap();
    }

    fn life(&self, head: &mut Head) -> Life {
        let index = self.next;
        let person = *self.people.get(index % self.people.len()).unwrap();
        let role = *self.roles.get((index / self.people.len() + index) % self.roles.len()).unwrap();
        let maker = *self.people.get((index * 7) % self.people.len()).unwrap();
        let at = Span::seconds(self.step.as_seconds() * i64::try_from(index).unwrap()).after(self.began);
        head.next_number += 1;
        let ended = active(self.env, (person, role), head.next_number, at, Span::hours(1).after(at));
        let ended = Activation {
            state: State::Ended,
            settled_at: ended.ends_at,
            cause: Some(Cause::TimeUp),
            version: 2,
            ..ended
        };
        let assignment = Assignment {
            id: self.env.id(),
            role,
            principal: Principal::Person(person),
            kind: AssignmentKind::Eligible,
            scope: Scope::everything(),
            starts_at: at,
            ends_at: None,
            justification: "On call for the mail platform".to_owned(),
            made_by: Some(maker),
            made_at: at,
            ended_at: index.is_multiple_of(10).then(|| Span::days(1).after(at)),
            version: 1,
        };
        let session = Session {
            id: self.env.id(),
            person,
            sign_in: Id::new(ended.id.uuid()),
            kind: SessionKind::Browser,
            started_at: at,
            used_at: at,
            mfa_at: at,
            ended_at: Some(Span::hours(8).after(at)),
        };
        Life {
            at,
            events: events(&assignment, &ended, &session, maker),
            assignment,
            activation: ended,
            session,
        }
    }
}

/// An assignment, and what its person made of it.
struct Life {
    at: Instant,
    assignment: Assignment,
    activation: Activation,
    session: Session,
    events: [(Ctx, Event); 5],
}

fn events(
    assignment: &Assignment,
    ended: &Activation,
    session: &Session,
    maker: PersonId,
) -> [(Ctx, Event); 5] {
    let by = |person| Ctx {
        client: Client { address: "192.0.2.17".to_owned(), agent: String::new() },
        request_id: ended.id.to_string(),
        ..Ctx::of(Caller::Person(Signed {
            person,
            sign_in: session.sign_in,
            session: session.id,
            mfa_at: session.mfa_at,
            used_at: session.used_at,
        }))
    };
    let of = |kind| ended.event(kind);
    let made = Event::new(EventKind::AssignmentMade)
        .person(ended.person)
        .role(assignment.role)
        .scope(assignment.scope.clone())
        .after(serde_json::json!({ "kind": assignment.kind, "starts_at": assignment.starts_at }))
        .reason(assignment.justification.clone());
    [
        (by(maker), made),
        (by(ended.person), Event::new(EventKind::SessionStarted).person(ended.person)),
        (by(ended.person), of(EventKind::ActivationRequested).reason(ended.justification.clone())),
        (by(ended.person), of(EventKind::ActivationActivated)),
        (Ctx::stint(), of(EventKind::ActivationEnded).reason(Cause::TimeUp.as_str())),
    ]
}

/// A message that was delivered long ago.
fn message(env: &Env, about: &Activation, seq: i64, at: Instant) -> store::outbox::row::ActiveModel {
    let id: Id<ActivationId> = env.id();
    store::outbox::row::ActiveModel {
        id: Set(id.uuid()),
        dedup: Set(format!("{seq}/{id}")),
        template: Set("activation_ended".to_owned()),
        params: Set("R-20931 has ended".to_owned()),
        address: Set(format!("{}@halden.example", about.person)),
        person_id: Set(Some(about.person.uuid())),
        event_seq: Set(Some(seq)),
        created_at: Set(store::us(at)),
        next_try_at: Set(None),
        attempts: Set(1),
        leased_until: Set(None),
        delivered_at: Set(Some(store::us(at))),
        last_error: Set(None),
        sealed: Set(None),
        erased_at: Set(Some(store::us(at))),
    }
}
