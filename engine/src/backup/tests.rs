//! An older state that is put back gives nothing that was taken back since, on both databases.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use domain::{
    Code, Span,
    activation::State,
    assignment::AssignmentKind,
    audit::Mark,
    event::{Event, EventKind},
    person::Principal,
    session::SessionKind,
};
use secrecy::{ExposeSecret, SecretString};

use super::{Restored, make, restore, restore_file};
use crate::{
    Config, Ctx, Engine, audit, on_every_database, session, sign_in, store,
    testing::{
        World,
        activation::{approval, code},
        config, scratch,
        sign_in::PASSWORD,
    },
    worker::run_due,
};

/// Where a world keeps its backups and anchors.
struct Shelf(PathBuf);

impl Shelf {
    fn new() -> Self {
        Self(scratch())
    }

    fn anchors(&self) -> PathBuf {
        self.0.join("stint.anchor")
    }

    fn copy(&self) -> PathBuf {
        self.0.join("copy")
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn anchored(world: &World, shelf: &Shelf) -> Config {
    Config { anchor_file: Some(shelf.anchors()), ..config(world.url().to_owned()) }
}

fn sqlite_file(world: &World) -> Option<PathBuf> {
    store::db::sqlite_file(&SecretString::from(world.url()))
}

/// The same world with an anchor file.
async fn with_anchors(mut world: World, shelf: &Shelf) -> World {
    world.engine.close().await;
    let env = world.engine.env().clone();
    world.engine = Engine::open(anchored(&world, shelf), env).await.unwrap();
    world
}

/// A backup as an operator makes it, while the engine is in use.
async fn backed_up(world: &World, shelf: &Shelf) {
    if sqlite_file(world).is_some() {
        make(&world.engine, &shelf.copy()).await.unwrap();
    } else {
        run(Command::new("pg_dump").args(["--format=custom", "--file"]).arg(shelf.copy()).arg(world.url()));
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Puts the backup in the place of the database, by hand.
fn put_back(world: &World, shelf: &Shelf) {
    match sqlite_file(world) {
        Some(file) => {
            for ending in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
            }
            std::fs::copy(shelf.copy(), file).map(drop).unwrap();
        }
        None => run(Command::new("pg_restore")
            .args(["--clean", "--if-exists", "--exit-on-error", "--no-owner", "--dbname", world.url()])
            .arg(shelf.copy())),
    }
}

/// Restores as an operator does, and opens it again.
async fn restored(mut world: World, shelf: &Shelf) -> (World, Restored) {
    world.engine.close().await;
    let env = world.engine.env().clone();
    let config = anchored(&world, shelf);
    let restored = match sqlite_file(&world) {
        Some(file) => restore_file(&shelf.copy(), &file, config, env.clone()).await.unwrap().0,
        None => {
            put_back(&world, shelf);
            restore(config, env.clone()).await.unwrap()
        }
    };
    world.engine = Engine::open(anchored(&world, shelf), env).await.unwrap();
    (world, restored)
}

async fn refused(config: Config, world: &World) -> String {
    let refused = Engine::open(config, world.engine.env().clone()).await;
    refused.expect_err("an older state was opened").chain()
}

on_every_database!(an_older_state_gives_no_grant_that_ended_since, world, {
    let shelf = Shelf::new();
    let world = with_anchors(world, &shelf).await;
    let (ada, grace) = (world.person("Ada").await, world.person("Grace").await);
    let marta = world.usable_administrator("Marta").await;
    let (exchange, teams) = (world.role("exchange").await, world.role("teams").await);
    let asked = world.role_with("asked", approval(&[Principal::Person(grace)], 1)).await;
    for role in [exchange, teams, asked] {
        world.eligible(ada, role).await;
    }
    let held = world.request(ada, exchange).await.unwrap();
    let planned = world.request_later(ada, teams, Span::hours(5)).await.unwrap();
    let waiting = world.request(ada, asked).await.unwrap();
    let standing = world.assign(teams, Principal::Person(grace), AssignmentKind::Active, None).await;
    audit::write_anchor(&world.engine).await.unwrap();
    backed_up(&world, &shelf).await;
    // All of it is taken back.
    world.advance(Span::minutes(10));
    world.deactivate(ada, held).await.unwrap();
    world.cancel(ada, planned).await.unwrap();
    world.deny(grace, waiting, "Not today.").await.unwrap();
    world.end_assignment(standing).await;
    let mut last = 0;
    for _ in 0..3 {
        let again = world.request(ada, exchange).await.unwrap();
        last = world.activation(again).await.number;
        world.deactivate(ada, again).await.unwrap();
    }
    audit::write_anchor(&world.engine).await.unwrap();
    world.advance(Span::minutes(10));

    let (world, done) = restored(world, &shelf).await;
    assert_eq!((done.activations, done.assignments), (3, 1));
    assert_eq!(done.administrators, ["Marta"]);
    for (id, state) in [(held, State::Ended), (planned, State::Canceled), (waiting, State::Canceled)] {
        assert_eq!(world.activation(id).await.state, state);
    }
    for (person, key) in [(ada, "exchange"), (ada, "teams"), (grace, "teams")] {
        assert_eq!(world.held(person, key).await, None, "{key}");
    }
    // Nothing of it comes back by itself, and somebody can still administer.
    world.advance(Span::hours(6));
    run_due(&world.engine).await.unwrap();
    assert_eq!(world.held(ada, "teams").await, None);
    let access = store::access::of(world.engine.readers(), marta, world.engine.now()).await.unwrap();
    assert!(access.holds.administrator);
    // Who is eligible still is, and no number that people quote is given twice.
    let again = world.request(ada, exchange).await.unwrap();
    assert!(world.activation(again).await.number > last);
    // Those concerned are told, and it is on record with its reason.
    assert!(world.mail_to("Marta").await.contains(&"An older state of Stint was put back".to_owned()));
    let removed = world.recorded(EventKind::AssignmentRemoved).await;
    assert_eq!(removed[0].reason.as_deref(), Some("an older state was restored"));
    world.record().await;
});

on_every_database!(an_older_state_gives_no_session_code_or_link_again_and_sends_no_mail_twice, world, {
    let shelf = Shelf::new();
    let ada = world.person("Ada").await;
    world.administrator("Marta").await;
    world.with_credentials(ada, "ada").await;
    let signed = world.signed_in("ada").await;
    let link = sign_in::recover(&world.engine, "ada").await.unwrap();
    let codes = vec!["a-hash".to_owned()];
    let sign_in = store::sign_in::find_by_name(world.engine.readers(), "ada").await.unwrap().unwrap();
    let (env, id) = (world.engine.env().clone(), sign_in.id);
    world
        .engine
        .note(move |tx| {
            Box::pin(
                async move { store::sign_in::recovery::replace(tx.conn(), &env, id, &codes, tx.now).await },
            )
        })
        .await
        .unwrap();
    let waiting = store::outbox::waiting(world.engine.readers()).await.unwrap();
    assert!(waiting > 0);
    backed_up(&world, &shelf).await;
    // Signed out, and a code used, which the older state does not know.
    world.advance(Span::minutes(1));
    let ctx = world.ctx_of(&signed.tokens).await;
    session::sign_out(&world.engine, &ctx).await.unwrap();
    let used = world.code("ada");
    let password = SecretString::from(PASSWORD);
    let stranger = world.stranger();
    let open = sign_in::password_step(&world.engine, &stranger, "ada", &password, None).await.unwrap();
    sign_in::code_step(&world.engine, &stranger, &open.sealed, &used, SessionKind::Browser).await.unwrap();
    let half = sign_in::password_step(&world.engine, &stranger, "ada", &password, None).await.unwrap();

    let (world, done) = restored(world, &shelf).await;
    assert!(done.sessions >= 1);
    assert_eq!(done.messages, waiting);
    // No message from before waits; those of this act do.
    let mail = world.mail_to("Marta").await;
    let waits = store::outbox::waiting(world.engine.readers()).await.unwrap();
    assert_eq!(waits, 1, "{mail:?}");
    let access = session::authenticate(&world.engine, signed.tokens.access.expose_secret(), &stranger.client);
    assert_eq!(code(access.await), Code::SignedOut);
    let again = session::refresh(&world.engine, signed.tokens.refresh.expose_secret(), &stranger.client);
    assert!(again.await.is_err());
    // What began before does not go on, and the code that was used is used.
    let kind = SessionKind::Browser;
    let went_on = sign_in::code_step(&world.engine, &stranger, &half.sealed, &used, kind).await;
    assert_eq!(code(went_on), Code::StepExpired);
    let step = sign_in::password_step(&world.engine, &stranger, "ada", &password, None).await.unwrap();
    let reused = sign_in::code_step(&world.engine, &stranger, &step.sealed, &used, kind).await;
    assert_eq!(code(reused), Code::MfaReused);
    let token = link.url.rsplit_once('/').unwrap().1;
    assert_eq!(code(sign_in::link::view(&world.engine, &stranger, token).await), Code::LinkInvalid);
    assert_eq!(store::sign_in::recovery::left(world.engine.readers(), id).await.unwrap(), 0);
    // The next code signs in.
    world.advance(Span::seconds(30));
    world.signed_in("ada").await;
});

on_every_database!(the_record_goes_on_verifiably_from_an_older_state, world, {
    let shelf = Shelf::new();
    let world = with_anchors(world, &shelf).await;
    let ada = world.person("Ada").await;
    let note = async |world: &World| {
        world.advance(Span::minutes(1));
        let changed = Event::new(EventKind::PersonChanged).person(ada);
        world.engine.record(&Ctx::stint(), changed).await.unwrap();
        audit::write_anchor(&world.engine).await.unwrap();
    };
    note(&world).await;
    backed_up(&world, &shelf).await;
    for _ in 0..5 {
        note(&world).await;
    }
    let before = crate::live::newest(&world.engine).await.unwrap();
    // A copy of the anchors that somebody keeps elsewhere.
    let elsewhere = shelf.0.join("elsewhere");
    std::fs::copy(shelf.anchors(), &elsewhere).unwrap();
    world.advance(Span::minutes(1));

    let (world, done) = restored(world, &shelf).await;
    assert_eq!(done.lost_up_to, Some(before));
    assert_eq!(done.broken_at, None);
    for anchors in [shelf.anchors(), elsewhere] {
        let found = audit::verify_chain(&world.engine, Some(&anchors)).await.unwrap();
        assert_eq!(found.broken_at, None, "{}", anchors.display());
        assert_eq!(found.restored, [Mark { seq: done.record, at: world.engine.now() }]);
    }
    // It says from which state, and which one was given up.
    let record = world.recorded(EventKind::Restored).await.pop().unwrap();
    assert_eq!(record.seq, done.record);
    assert_eq!(record.after.unwrap()["seq"], done.up_to);
    assert_eq!(record.before.unwrap()["anchored"]["seq"], before);
    // From here on the anchors count again.
    note(&world).await;
    let found = audit::verify_chain(&world.engine, Some(&shelf.anchors())).await.unwrap();
    assert_eq!((found.broken_at, found.anchored.unwrap().seq), (None, found.up_to));
    // Another older state is put back, and again nothing is broken.
    note(&world).await;
    world.advance(Span::minutes(1));
    let (world, _) = restored(world, &shelf).await;
    let found = audit::verify_chain(&world.engine, Some(&shelf.anchors())).await.unwrap();
    assert_eq!((found.broken_at, found.restored.len()), (None, 1));
});

on_every_database!(a_backup_that_was_put_in_its_place_by_hand_is_not_used_before_it_is_safe, world, {
    let shelf = Shelf::new();
    let ada = world.person("Ada").await;
    world.eligible(ada, world.role("exchange").await).await;
    backed_up(&world, &shelf).await;
    world.engine.close().await;
    put_back(&world, &shelf);
    let why = refused(config(world.url().to_owned()), &world).await;
    assert!(why.contains("`stint restore --in-place`"), "{why}");
    assert_eq!(why.lines().count(), 1);
    // Looking at it is no use of it.
    let env = world.engine.env().clone();
    let looking = Engine::open_to_look(config(world.url().to_owned()), env.clone()).await.unwrap();
    assert_eq!(audit::verify_chain(&looking, None).await.unwrap().broken_at, None);
    looking.close().await;
    restore(config(world.url().to_owned()), env.clone()).await.unwrap();
    let opened = Engine::open(config(world.url().to_owned()), env).await.unwrap();
    opened.close().await;
});

on_every_database!(a_database_that_is_older_than_its_anchors_is_not_used_before_it_is_safe, world, {
    let shelf = Shelf::new();
    let mut world = with_anchors(world, &shelf).await;
    let ada = world.person("Ada").await;
    let file = sqlite_file(&world);
    // A copy without any mark: of the file, or of what PostgreSQL's own server keeps.
    let changed = || Event::new(EventKind::PersonChanged).person(ada);
    world.engine.record(&Ctx::stint(), changed()).await.unwrap();
    audit::write_anchor(&world.engine).await.unwrap();
    world.engine.close().await;
    let env = world.engine.env().clone();
    match &file {
        Some(file) => {
            std::fs::copy(file, shelf.copy()).unwrap();
            world.engine = Engine::open(anchored(&world, &shelf), env.clone()).await.unwrap();
            world.engine.record(&Ctx::stint(), changed()).await.unwrap();
            audit::write_anchor(&world.engine).await.unwrap();
            world.engine.close().await;
            put_back(&world, &shelf);
        }
        None => {
            let anchors = std::fs::read_to_string(shelf.anchors()).unwrap();
            let mut beyond: domain::audit::Anchor = serde_json::from_str(anchors.trim()).unwrap();
            beyond.seq += 7;
            audit::anchor::begin_anew(shelf.anchors(), &beyond).await.unwrap();
        }
    }
    let why = refused(anchored(&world, &shelf), &world).await;
    assert!(why.contains("`stint restore --in-place`"), "{why}");
    env.set(Span::minutes(1).after(env.now()));
    restore(anchored(&world, &shelf), env.clone()).await.unwrap();
    world.engine = Engine::open(anchored(&world, &shelf), env).await.unwrap();
    let found = audit::verify_chain(&world.engine, Some(&shelf.anchors())).await.unwrap();
    assert_eq!((found.broken_at, found.restored.len()), (None, 1));
});

on_every_database!(nobody_restores_what_is_in_use_or_with_another_key, world, {
    let shelf = Shelf::new();
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    backed_up(&world, &shelf).await;
    let (url, env) = (world.url().to_owned(), world.engine.env().clone());
    let used = restore(config(url.clone()), env.clone()).await.unwrap_err().chain();
    assert!(used.contains("a process uses the database"), "{used}");
    if let Some(file) = sqlite_file(&world) {
        let used = restore_file(&shelf.copy(), &file, config(url.clone()), env.clone()).await.unwrap_err();
        assert!(used.chain().contains("stop Stint first"), "{}", used.chain());
    }
    assert_eq!(world.recorded(EventKind::Restored).await, []);
    world.engine.close().await;
    let key = secrecy::SecretBox::new(Box::new([8; 32]));
    let other = Config { key, ..config(url.clone()) };
    let wrong = restore(other, env.clone()).await.unwrap_err().chain();
    assert!(wrong.contains("the key file does not belong to this database"), "{wrong}");
    let same = Engine::open(config(url), env).await.unwrap();
    assert!(same.ready().await.is_ok());
    same.close().await;
});

/// Only SQLite has a backup of Stint's own.
async fn on_a_file() -> (World, Shelf, PathBuf) {
    let world = World::on(crate::testing::Database::Sqlite).await.unwrap();
    let file = sqlite_file(&world).unwrap();
    (world, Shelf::new(), file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_of_one_moment_while_others_write() {
    let (world, shelf, _) = on_a_file().await;
    let ada = world.person("Ada").await;
    let (engine, stop) = (world.engine.clone(), tokio_util::sync::CancellationToken::new());
    let writing = tokio::spawn({
        let stop = stop.clone();
        async move {
            while !stop.is_cancelled() {
                let changed = Event::new(EventKind::PersonChanged).person(ada);
                engine.record(&Ctx::stint(), changed).await.unwrap();
            }
        }
    });
    for number in 0..5 {
        let copy = shelf.0.join(format!("{number}.db"));
        let made = make(&world.engine, &copy).await.unwrap();
        let url = format!("sqlite://{}", copy.display());
        let env = world.engine.env().clone();
        let looking = Engine::open_to_look(config(url), env).await.unwrap();
        let found = audit::verify_chain(&looking, None).await.unwrap();
        assert_eq!((found.broken_at, found.up_to, found.hash), (None, made.up_to, made.hash));
        looking.close().await;
    }
    stop.cancel();
    writing.await.unwrap();
    assert_eq!(world.recorded(EventKind::BackedUp).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_for_its_owner_only_and_overwrites_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let (world, shelf, _) = on_a_file().await;
    make(&world.engine, &shelf.copy()).await.unwrap();
    assert_eq!(std::fs::metadata(shelf.copy()).unwrap().permissions().mode() & 0o777, 0o600);
    let there = std::fs::read(shelf.copy()).unwrap();
    let refused = make(&world.engine, &shelf.copy()).await.unwrap_err();
    assert!(refused.chain().contains("is there already"), "{}", refused.chain());
    assert_eq!(std::fs::read(shelf.copy()).unwrap(), there);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_or_foreign_file_is_not_restored_and_what_was_there_stays() {
    let (world, shelf, file) = on_a_file().await;
    let ada = world.person("Ada").await;
    for _ in 0..200 {
        let changed = Event::new(EventKind::PersonChanged).person(ada);
        world.engine.record(&Ctx::stint(), changed).await.unwrap();
    }
    make(&world.engine, &shelf.copy()).await.unwrap();
    let newest = crate::live::newest(&world.engine).await.unwrap();
    world.engine.close().await;
    let whole = std::fs::read(shelf.copy()).unwrap();
    let (mut decayed, mut cut) = (whole.clone(), whole.clone());
    let middle = whole.len() / 2;
    decayed[middle..middle + 4_096].fill(0x5a);
    cut.truncate(whole.len() / 2);
    let foreign = shelf.0.join("foreign.db");
    let other = format!("sqlite://{}?mode=rwc", foreign.display());
    let other = sea_orm::Database::connect(other).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&other, "CREATE TABLE other (id)").await.unwrap();
    other.close().await.unwrap();
    let foreign = std::fs::read(foreign).unwrap();
    for (what, bytes) in
        [("decayed", decayed), ("cut", cut), ("foreign", foreign), ("text", b"text".to_vec())]
    {
        let bad = shelf.0.join(what);
        std::fs::write(&bad, bytes).unwrap();
        let env = world.engine.env().clone();
        let refused = restore_file(&bad, &file, config(world.url().to_owned()), env.clone()).await;
        assert!(refused.is_err(), "{what}");
        let same = Engine::open(config(world.url().to_owned()), env).await.unwrap();
        assert_eq!(crate::live::newest(&same).await.unwrap(), newest, "{what}");
        same.close().await;
    }
    assert!(!Path::new(&format!("{}.restoring-wal", file.display())).exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_there_is_kept_beside_also_when_it_was_damaged() {
    let (world, shelf, file) = on_a_file().await;
    make(&world.engine, &shelf.copy()).await.unwrap();
    world.engine.close().await;
    std::fs::write(
        &file,
        "nothing that SQLite knows, and longer than its head is, so that it cannot be opened",
    )
    .unwrap();
    let env = world.engine.env().clone();
    let url = world.url().to_owned();
    let (_, kept) = restore_file(&shelf.copy(), &file, config(url.clone()), env.clone()).await.unwrap();
    assert!(std::fs::read_to_string(kept.unwrap()).unwrap().starts_with("nothing that"));
    Engine::open(config(url), env).await.unwrap().close().await;
}
