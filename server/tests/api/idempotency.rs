//! The same command sent again: carried out once, told twice, and never mistaken for another one.

use axum::http::StatusCode;
use domain::sign_in::LinkPurpose;
use serde_json::json;

use crate::house::{Caller, House, Sent};

fn group(house: &House, name: &str, key: &str) -> Sent {
    let sent = house.call("group.create", &[]).json(&json!({ "name": name, "description": "" }));
    sent.header("idempotency-key", key)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_command_is_carried_out_once() {
    let house = House::new().await;
    let first = house.ask(Caller::Administrator, group(&house, "Exchange Operators", "a")).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let records = house.world.engine.measure().await.unwrap().records;
    let again = house.ask(Caller::Administrator, group(&house, "Exchange Operators", "a")).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(house.world.engine.measure().await.unwrap().records, records);
    // Another body, another path, another person, another key.
    let other = house.ask(Caller::Administrator, group(&house, "Others", "a")).await;
    assert_eq!(other.word(), "409 idempotency_mismatch");
    let elsewhere = house.call("role.create", &[]).header("idempotency-key", "a");
    let elsewhere = elsewhere.json(&json!({ "key": "a", "name": "A", "level": "high" }));
    assert_eq!(house.ask(Caller::Administrator, elsewhere).await.word(), "409 idempotency_mismatch");
    let others = house.ask(Caller::UserAdministrator, group(&house, "Others", "a")).await;
    assert_eq!(others.status, StatusCode::CREATED);
    let without = house.ask(Caller::Administrator, group(&house, "Exchange Operators", "b")).await;
    assert_eq!(without.word(), "409 name_taken");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_is_judged_again() {
    let house = House::new().await;
    let name = house.number().to_string();
    let refused = house.ask(Caller::Member, group(&house, &name, "a")).await;
    assert_eq!(refused.word(), "403 forbidden");
    let long = house.ask(Caller::Administrator, group(&house, &"n".repeat(101), "b")).await;
    assert_eq!(long.word(), "422 too_long");
    let made = house.ask(Caller::Administrator, group(&house, &name, "b")).await;
    assert_eq!(made.status, StatusCode::CREATED, "a refusal does not use the key up");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_form_is_carried_out_once() {
    let house = House::new().await;
    let form = |name: &str| Sent::function("group/create").form(&[("name", name), ("key", "the-form")]);
    assert_eq!(house.ask(Caller::Administrator, form("Operators")).await.status, StatusCode::OK);
    let records = house.world.engine.measure().await.unwrap().records;
    assert_eq!(house.ask(Caller::Administrator, form("Operators")).await.status, StatusCode::OK);
    assert_eq!(house.world.engine.measure().await.unwrap().records, records);
    assert_eq!(house.ask(Caller::Administrator, form("Others")).await.word(), "409 idempotency_mismatch");
    // A key of the API is not one of a form.
    let api = house.ask(Caller::Administrator, group(&house, "Others", "the-form")).await;
    assert_eq!(api.status, StatusCode::CREATED);
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_never_told_twice() {
    let house = House::new().await;
    let person = house.invited().await.to_string();
    let link = || {
        let sent =
            house.call("sign_in.make_link", &[&person]).json(&json!({ "purpose": LinkPurpose::Invitation }));
        house.ask(Caller::Administrator, sent.header("idempotency-key", "link"))
    };
    let (first, second) = (link().await.json(), link().await.json());
    assert_ne!(first["url"], second["url"]);
    let codes = || {
        house.ask(
            Caller::Member,
            house.call("credential.new_recovery_codes", &[]).header("idempotency-key", "codes"),
        )
    };
    assert_ne!(codes().await.json(), codes().await.json());
    house.world.engine.close().await;
}
