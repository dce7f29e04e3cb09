//! What happened before anybody measured: assignments, what their people made of them, and the record of it.

use std::path::PathBuf;

use domain::{
    Id, Instant, Scope, Span,
    activation::{Activation, ActivationId, Cause, State},
    assignment::{Assignment, AssignmentKind},
    event::{Event, EventKind},
    person::{PersonId, Principal},
    role::RoleId,
    session::{Session, SessionKind},
};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Set, Statement,
    TransactionTrait,
};

use super::{Much, active, add, add_people, add_sessions, person};
use crate::{
    Caller, Client, Ctx, Env, Signed,
    store::{self, head::Head},
};

/// So many assignments, with what was made of each, go into one transaction.
const CHUNK: usize = 4_000;
/// The tables that grow, whose indexes are made when they are full.
const GROWING: [&str; 5] = ["assignment", "activation", "audit", "session", "outbox"];

/// A connection that fills a database, quickly and not safely.
pub(super) struct Loading(DatabaseConnection, Option<PathBuf>);

impl Loading {
    pub(super) async fn open(url: &str) -> Self {
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
        let file = store::db::sqlite_file(&url.into());
        Self(sea_orm::Database::connect(options).await.unwrap(), file)
    }

    /// Leaves the planner knowing what there is, as a server does by itself after a while, and everything on the disk.
    pub(super) async fn close(self) {
        if self.0.get_database_backend() == DbBackend::Postgres {
            self.0.execute_unprepared("VACUUM ANALYZE").await.unwrap();
            self.0.execute_unprepared("CHECKPOINT").await.unwrap();
        }
        self.0.close().await.unwrap();
        if let Some(file) = self.1 {
            std::fs::File::open(file).unwrap().sync_all().unwrap();
        }
    }

    pub(super) async fn load(&self, env: &Env, roles: &[RoleId], much: Much) {
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
