//! Pages for who is not signed in, and the page of the API.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::house::{Caller, House, Sent};

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in_page_and_back() {
    let house = House::new().await;
    for (path, location) in [
        ("/", "/sign-in"),
        ("/roles", "/sign-in?to=/roles"),
        ("/audit?kind=role.created&before=7", "/sign-in?to=/audit%3Fkind%3Drole.created%26before%3D7"),
        ("/activate/exchange-administrator", "/sign-in?to=/activate/exchange-administrator"),
    ] {
        let answer = house.send(Sent::page(path)).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, location));
    }
    for path in ["//evil.example/", "/\\evil.example", "//evil.example/roles"] {
        let location = house.send(Sent::page(path)).await.header("location").to_owned();
        assert!(location.is_empty() || location.starts_with("/sign-in"), "{path}: {location}");
    }
    house.world.engine.close().await;
}

/// What a page is drawn from must not be gone before its title is read.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn many_who_look_at_the_same_moment_all_get_their_page() {
    let house = House::new().await;
    let paths = ["/", "/approvals", "/requests", "/roles", "/people", "/account"];
    let token = house.token(Caller::Administrator).await;
    let asked = (0..240).map(|number| {
        let path = paths[number % paths.len()];
        let (sent, router) = (house.signed(Sent::page(path), &token), house.router.clone());
        tokio::spawn(async move { (path, sent.through(&router).await.status) })
    });
    let answered = futures::future::join_all(asked.collect::<Vec<_>>()).await;
    let wrong: Vec<_> =
        answered.into_iter().map(Result::unwrap).filter(|(_, status)| !status.is_success()).collect();
    assert!(wrong.is_empty(), "{} of 240: {wrong:?}", wrong.len());
    house.world.engine.close().await;
}

#[tokio::test]
async fn the_api_has_a_page_and_a_document() {
    let house = House::new().await;
    let page = house.send(Sent::page("/api")).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    assert!(page.text().contains("<code>POST /api/v1/activations/{id}/approve</code>"));
    assert!(!page.text().contains("<script") && !page.text().contains("style="));
    let document = house.send(Sent::new(Method::GET, "/api/openapi.json")).await;
    assert_eq!((document.status, document.json()["openapi"].clone()), (StatusCode::OK, json!("3.1.0")));
    house.world.engine.close().await;
}
