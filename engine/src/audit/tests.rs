//! The record: who may read it, what they find, and that nobody can quietly change it.

use std::path::PathBuf;

use domain::{
    Code, Span,
    audit::{Anchor, Format, Mark, Record, RecordFilter, Verification, hex, link},
    event::{Event, EventKind},
    person::PersonId,
};
use futures::StreamExt;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{export, last_verification, list, own, verify, verify_chain, write_anchor};
use crate::{Caller, Client, Ctx, Engine, testing::World};

/// Some records: Ada's sign-in from her address, and what Marta did to her.
async fn some(world: &World) -> (PersonId, PersonId) {
    let ada = world.person("Ada Lovelace").await;
    let marta = world.administrator("Marta").await;
    let from = |person, address: &str| {
        let client = Client { address: address.to_owned(), agent: String::new() };
        Ctx { client, ..world.ctx(person) }
    };
    let signed_in = Event::new(EventKind::SessionStarted).person(ada);
    world.engine.record(&from(ada, "192.0.2.1"), signed_in).await.unwrap();
    world.advance(Span::minutes(1));
    let disabled =
        Event::new(EventKind::PersonDisabled).person(ada).reason("left the \"Osaka\" team, 100% sure");
    world.engine.record(&from(marta, "192.0.2.9"), disabled).await.unwrap();
    let refused = Event::new(EventKind::RoleDisabled).refused(Code::Forbidden);
    world.engine.record(&from(ada, "192.0.2.1"), refused).await.unwrap();
    (ada, marta)
}

async fn found(engine: &Engine, ctx: &Ctx, filter: RecordFilter) -> Vec<EventKind> {
    list(engine, ctx, filter).await.unwrap().items.into_iter().map(|row| row.kind).collect()
}

/// Changes the database behind Stint's back.
async fn tamper(world: &World, sql: &str) {
    let sql = sql.to_owned();
    world
        .engine
        .note(move |tx| Box::pin(async move { Ok(tx.conn().execute_unprepared(&sql).await.map(|_| ())?) }))
        .await
        .unwrap();
}

async fn verified(world: &World) -> Verification {
    verify_chain(&world.engine, None).await.unwrap()
}

crate::on_every_database!(the_record_is_read_newest_first_by_those_who_may, world, {
    let (ada, marta) = some(&world).await;
    let rows = list(&world.engine, &world.ctx(marta), RecordFilter::default()).await.unwrap();
    let kinds: Vec<_> = rows.items.iter().map(|row| row.kind).collect();
    assert_eq!(kinds[..3], [EventKind::RoleDisabled, EventKind::PersonDisabled, EventKind::SessionStarted]);
    let disabled = &rows.items[1];
    assert_eq!(disabled.actor.as_ref().unwrap().name, "Marta");
    assert_eq!(disabled.person.as_ref().unwrap().name, "Ada Lovelace");
    assert_eq!(disabled.address.as_deref(), Some("192.0.2.9"));
    assert_eq!(rows.items[0].outcome, "forbidden");
    assert_eq!(rows.next, None);
    for (stranger, code) in [(world.ctx(ada), Code::Forbidden), (Ctx::of(Caller::Nobody), Code::SignedOut)] {
        let refused = list(&world.engine, &stranger, RecordFilter::default()).await.unwrap_err();
        assert_eq!(refused.problem().unwrap().code, code);
        assert!(verify(&world.engine, &stranger).await.is_err());
        assert!(last_verification(&world.engine, &stranger).await.is_err());
        assert!(export(&world.engine, &stranger, RecordFilter::default(), Format::Csv).await.is_err());
    }
});

crate::on_every_database!(filters_must_all_fit, world, {
    let (ada, marta) = some(&world).await;
    let (engine, ctx) = (&world.engine, world.ctx(marta));
    let all = RecordFilter::default;
    let now = engine.now();
    use EventKind::{PersonDisabled, RoleDisabled, SessionStarted};
    let by_kind = RecordFilter { kind: Some(PersonDisabled), ..all() };
    assert_eq!(found(engine, &ctx, by_kind).await, [PersonDisabled]);
    let refused = RecordFilter { refused: Some(true), ..all() };
    assert_eq!(found(engine, &ctx, refused).await, [RoleDisabled]);
    let of_marta = RecordFilter { person: Some(marta), ..all() };
    assert_eq!(found(engine, &ctx, of_marta).await, [PersonDisabled]);
    let of_ada = RecordFilter { person: Some(ada), ..all() };
    assert_eq!(found(engine, &ctx, of_ada).await, [RoleDisabled, PersonDisabled, SessionStarted]);
    let late = RecordFilter { from: Some(now), ..all() };
    assert_eq!(found(engine, &ctx, late).await, [RoleDisabled, PersonDisabled]);
    let early = RecordFilter { until: Some(now), person: Some(ada), ..all() };
    assert_eq!(found(engine, &ctx, early).await, [SessionStarted]);
});

crate::on_every_database!(a_text_is_found_as_it_was_typed_and_a_number_exactly, world, {
    let (ada, marta) = some(&world).await;
    let mut asked = Event::new(EventKind::ActivationRequested).person(ada).refused(Code::TooSoon);
    asked.activation = Some((world.engine.env().id(), 20_931));
    world.engine.record(&world.ctx(ada), asked).await.unwrap();
    let says = async |text: &str| {
        let filter = RecordFilter { text: Some(text.to_owned()), ..RecordFilter::default() };
        found(&world.engine, &world.ctx(marta), filter).await
    };
    use EventKind::{ActivationRequested, PersonDisabled};
    assert_eq!(says("LEFT THE \"osaka\"").await, [PersonDisabled]);
    assert_eq!(says("100% sure").await, [PersonDisabled]);
    assert!(says("100_ sure").await.is_empty());
    assert_eq!(says(" r-20931 ").await, [ActivationRequested]);
    assert!(says("R-2093").await.is_empty());
    let filter = RecordFilter { text: Some("x".repeat(101)), ..RecordFilter::default() };
    let long = list(&world.engine, &world.ctx(marta), filter).await.unwrap_err();
    assert_eq!(long.problem().unwrap().code, Code::TooLong);
});

crate::on_every_database!(the_record_comes_in_pages_without_a_gap, world, {
    let (_, marta) = some(&world).await;
    for _ in 0..60 {
        world
            .engine
            .record(&world.ctx(marta), Event::new(EventKind::SessionStarted).person(marta))
            .await
            .unwrap();
    }
    for filter in [RecordFilter::default(), RecordFilter { person: Some(marta), ..RecordFilter::default() }] {
        let first = list(&world.engine, &world.ctx(marta), filter.clone()).await.unwrap();
        assert_eq!(first.items.len(), 50);
        let before = first.next.unwrap().parse().ok();
        let rest = list(&world.engine, &world.ctx(marta), RecordFilter { before, ..filter }).await.unwrap();
        assert_eq!(first.items[49].seq, rest.items[0].seq + 1);
        assert_eq!(rest.next, None);
    }
});

crate::on_every_database!(everyone_sees_their_own_record_but_not_where_others_acted_from, world, {
    let (ada, marta) = some(&world).await;
    let filter = RecordFilter { person: Some(marta), ..RecordFilter::default() };
    let rows = own(&world.engine, &world.ctx(ada), filter).await.unwrap().items;
    let shown: Vec<_> = rows.iter().map(|row| (row.kind, row.address.as_deref())).collect();
    let mine = Some("192.0.2.1");
    let expected = [
        (EventKind::RoleDisabled, mine),
        (EventKind::PersonDisabled, None),
        (EventKind::SessionStarted, mine),
    ];
    assert_eq!(shown, expected);
    let grace = world.person("Grace").await;
    assert!(own(&world.engine, &world.ctx(grace), RecordFilter::default()).await.unwrap().items.is_empty());
});

crate::on_every_database!(a_text_in_ones_own_record_is_found_only_where_it_is_shown, world, {
    let (ada, marta) = some(&world).await;
    let saying = async |person, text: &str| {
        let filter = RecordFilter { text: Some(text.to_owned()), ..RecordFilter::default() };
        let page = own(&world.engine, &world.ctx(person), filter).await.unwrap();
        assert_eq!(page.next, None);
        page.items.into_iter().map(|row| row.kind).collect::<Vec<_>>()
    };
    use EventKind::{PersonDisabled, RoleDisabled, SessionStarted};
    // Marta's address stands in a record about Ada, and is Marta's to find.
    assert!(saying(ada, "192.0.2.9").await.is_empty());
    assert_eq!(saying(marta, "192.0.2.9").await, [PersonDisabled]);
    assert_eq!(saying(ada, "192.0.2.1").await, [RoleDisabled, SessionStarted]);
    assert_eq!(saying(ada, "LEFT THE \"osaka\"").await, [PersonDisabled]);
    // In which session somebody acted is shown to nobody here.
    assert!(saying(ada, "session\":\"").await.is_empty());
    for _ in 0..60 {
        world.engine.record(&world.ctx(ada), Event::new(SessionStarted).person(ada)).await.unwrap();
    }
    let filter = RecordFilter { text: Some("session.started".to_owned()), ..RecordFilter::default() };
    let first = own(&world.engine, &world.ctx(ada), filter.clone()).await.unwrap();
    assert_eq!(first.items.len(), 50);
    let before = first.next.unwrap().parse().ok();
    let rest = own(&world.engine, &world.ctx(ada), RecordFilter { before, ..filter }).await.unwrap();
    assert_eq!((rest.items.len(), rest.next), (11, None));
});

crate::on_every_database!(a_whole_chain_verifies_and_the_answer_is_kept, world, {
    let (_, marta) = some(&world).await;
    assert_eq!(last_verification(&world.engine, &world.ctx(marta)).await.unwrap(), None);
    let verification = verify(&world.engine, &world.ctx(marta)).await.unwrap();
    assert_eq!(
        (verification.up_to, verification.broken_at),
        (crate::live::newest(&world.engine).await.unwrap(), None)
    );
    assert_eq!(last_verification(&world.engine, &world.ctx(marta)).await.unwrap(), Some(verification));
});

crate::on_every_database!(whatever_is_changed_in_the_record_is_found, world, {
    some(&world).await;
    let head = crate::live::newest(&world.engine).await.unwrap();
    let second = head - 1;
    for (what, change, back, broken) in [
        (
            "a changed body",
            format!("UPDATE audit SET body = replace(body, 'sure', 'Sure') WHERE seq = {second}"),
            format!("UPDATE audit SET body = replace(body, 'Sure', 'sure') WHERE seq = {second}"),
            second,
        ),
        (
            "a changed column",
            format!("UPDATE audit SET kind = 'role.enabled' WHERE seq = {second}"),
            format!("UPDATE audit SET kind = 'person.disabled' WHERE seq = {second}"),
            second,
        ),
        (
            "a column that is gone",
            format!("UPDATE audit SET person_id = NULL WHERE seq = {second}"),
            format!("UPDATE audit SET person_id = actor_id WHERE seq = {second}"),
            second,
        ),
    ] {
        tamper(&world, &change).await;
        let verification = verified(&world).await;
        assert_eq!((verification.broken_at, verification.up_to), (Some(broken), broken - 1), "{what}");
        tamper(&world, &back).await;
    }
});

crate::on_every_database!(removing_reordering_and_adding_is_found, world, {
    some(&world).await;
    assert_eq!(verified(&world).await.broken_at, None);
    let head = crate::live::newest(&world.engine).await.unwrap();
    tamper(&world, &format!("UPDATE audit SET seq = {head} + 1 WHERE seq = {head}")).await;
    assert_eq!(verified(&world).await.broken_at, Some(head), "moved beyond the head");
    tamper(&world, &format!("UPDATE audit SET seq = {head} WHERE seq = {head} + 1")).await;
    assert_eq!(verified(&world).await.broken_at, None);
    let (a, b) = (head - 1, head);
    tamper(&world, &format!("UPDATE audit SET seq = -1 WHERE seq = {a}")).await;
    assert_eq!(verified(&world).await.broken_at, Some(1), "below the first");
    tamper(&world, &format!("UPDATE audit SET seq = {a} WHERE seq = {b}")).await;
    tamper(&world, &format!("UPDATE audit SET seq = {b} WHERE seq = -1")).await;
    assert_eq!(verified(&world).await.broken_at, Some(a), "reordered");
    tamper(&world, &format!("DELETE FROM audit WHERE seq = {a}")).await;
    assert_eq!(verified(&world).await.broken_at, Some(a), "removed");
    tamper(&world, &format!("DELETE FROM audit WHERE seq = {b}")).await;
    assert_eq!(verified(&world).await.broken_at, Some(a), "cut off without the head");
});

fn anchor_file(world: &World) -> PathBuf {
    std::env::temp_dir().join(format!("stint-anchor-{}", world.engine.env().id::<()>()))
}

async fn anchored(world: &World) -> (Engine, PathBuf) {
    use secrecy::ExposeSecret;
    let path = anchor_file(world);
    let mut config = crate::testing::config(world.engine.config().database_url.expose_secret().to_owned());
    config.anchor_file = Some(path.clone());
    (Engine::open(config, world.engine.env().clone()).await.unwrap(), path)
}

crate::on_every_database!(an_anchor_is_written_only_when_something_was_recorded, world, {
    some(&world).await;
    let (engine, path) = anchored(&world).await;
    write_anchor(&engine).await.unwrap();
    write_anchor(&engine).await.unwrap();
    let read = || std::fs::read_to_string(&path).unwrap();
    assert_eq!(read().lines().count(), 1);
    // A crash cut the next line short: it counts for nothing, and the one after it stands alone.
    std::fs::write(&path, format!("{}{{\"seq\":", read())).unwrap();
    engine.record(&Ctx::host(), Event::new(EventKind::ClockAccepted)).await.unwrap();
    write_anchor(&engine).await.unwrap();
    assert_eq!(read().lines().count(), 3);
    let last: Anchor = serde_json::from_str(read().lines().last().unwrap()).unwrap();
    let verification = verify_chain(&engine, Some(&path)).await.unwrap();
    assert_eq!(
        (verification.broken_at, verification.anchored),
        (None, Some(Mark { seq: last.seq, at: last.at }))
    );
    assert_eq!((verification.up_to, verification.hash), (last.seq, last.hash));
    // Another start goes on where the file ends.
    let (again, _) = anchored(&world).await;
    let mut config = crate::testing::config(String::new());
    config.anchor_file = Some(path.clone());
    drop((again, config));
    engine.close().await;
    std::fs::remove_file(path).unwrap();
});

crate::on_every_database!(an_anchor_shows_truncation_and_replacement_that_the_chain_hides, world, {
    some(&world).await;
    let (engine, path) = anchored(&world).await;
    write_anchor(&engine).await.unwrap();
    engine.close().await;
    let head = crate::live::newest(&world.engine).await.unwrap();

    // Truncated, with the head set back as if nothing had been.
    let rows = crate::store::audit::chain(world.engine.readers(), 0, head, 100).await.unwrap();
    let (last, before) = (rows[rows.len() - 1].clone(), rows[rows.len() - 2].clone());
    tamper(&world, &format!("DELETE FROM audit WHERE seq = {head}")).await;
    set_head(&world, head - 1, &before.10).await;
    assert_eq!(verified(&world).await.broken_at, None, "the chain alone cannot know");
    let told = verify_chain(&world.engine, Some(&path)).await.unwrap();
    assert_eq!(told.broken_at, Some(head), "truncated");

    // Replaced by another record that fits the chain.
    let mut record: Record = serde_json::from_str(&last.9).unwrap();
    record.reason = Some("another story".to_owned());
    let unhex = |text: &str| {
        let mut hash = [0_u8; 32];
        for (index, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).unwrap();
        }
        hash
    };
    let hash = hex(&link(&unhex(&before.10), &record.canonical()));
    let body = record.canonical().replace('\'', "''");
    let actor = last.4.unwrap();
    let actor = match world.engine.readers().get_database_backend() {
        sea_orm::DbBackend::Postgres => format!("'{actor}'"),
        _ => format!("X'{}'", actor.simple()),
    };
    tamper(
        &world,
        &format!(
            "INSERT INTO audit (seq, at, kind, outcome, actor_id, body, hash) \
             VALUES ({head}, {}, '{}', '{}', {actor}, '{body}', '{hash}')",
            last.1, last.2, last.3
        ),
    )
    .await;
    set_head(&world, head, &hash).await;
    assert_eq!(verified(&world).await.broken_at, None, "the chain alone cannot know");
    let told = verify_chain(&world.engine, Some(&path)).await.unwrap();
    assert_eq!(told.broken_at, Some(head), "replaced");
    std::fs::remove_file(&path).unwrap();
    assert!(verify_chain(&world.engine, Some(&path)).await.is_err(), "no file is no proof");
});

/// Sets the head in a transaction of its own, past the lane, which would save its own.
async fn set_head(world: &World, seq: i64, hash: &str) {
    use secrecy::ExposeSecret;
    let url = world.engine.config().database_url.expose_secret();
    let db = sea_orm::Database::connect(url).await.unwrap();
    db.execute_unprepared(&format!("UPDATE installation SET head_seq = {seq}, head_hash = '{hash}'"))
        .await
        .unwrap();
    db.close().await.unwrap();
}

async fn exported(world: &World, ctx: &Ctx, filter: RecordFilter, format: Format) -> String {
    let chunks: Vec<_> = export(&world.engine, ctx, filter, format).await.unwrap().collect().await;
    let bytes: Vec<u8> = chunks.into_iter().flat_map(|chunk| chunk.unwrap()).collect();
    String::from_utf8(bytes).unwrap()
}

crate::on_every_database!(every_export_is_on_record_also_under_the_same_key, world, {
    let (_, marta) = some(&world).await;
    let key = crate::IdempotencyKey::new("once".to_owned(), b"the same");
    let ctx = Ctx { idempotency: Some(key), ..world.ctx(marta) };
    for _ in 0..2 {
        exported(&world, &ctx, RecordFilter::default(), Format::Csv).await;
    }
    let kinds = found(&world.engine, &world.ctx(marta), RecordFilter::default()).await;
    assert_eq!(kinds.iter().filter(|kind| **kind == EventKind::RecordExported).count(), 2);
});

crate::on_every_database!(an_export_is_whole_guarded_and_itself_on_record, world, {
    let (_, marta) = some(&world).await;
    let formula = Event::new(EventKind::PersonChanged).person(marta).reason("=cmd|' /C calc'!A0");
    world.engine.record(&world.ctx(marta), formula).await.unwrap();
    let csv = exported(&world, &world.ctx(marta), RecordFilter::default(), Format::Csv).await;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
    let head = crate::live::newest(&world.engine).await.unwrap();
    assert_eq!(i64::try_from(rows.len()).unwrap(), head);
    let last = rows.last().unwrap();
    assert_eq!((&last[2], &last[5]), ("record.exported", "Marta"));
    assert!(csv.contains("'=cmd|"), "{csv}");
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));

    let lines = exported(&world, &world.ctx(marta), RecordFilter::default(), Format::JsonLines).await;
    let mut hash = domain::audit::GENESIS;
    for line in lines.lines() {
        let parsed: serde_json::Value = serde_json::from_str(line).unwrap();
        let record: Record = serde_json::from_value(parsed["record"].clone()).unwrap();
        hash = link(&hash, &record.canonical());
        assert_eq!(parsed["hash"], json!(hex(&hash)), "the file alone proves the chain");
    }
    let only = RecordFilter { kind: Some(EventKind::PersonDisabled), ..RecordFilter::default() };
    assert_eq!(exported(&world, &world.ctx(marta), only, Format::JsonLines).await.lines().count(), 1);
});
