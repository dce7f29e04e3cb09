//! Tokens and cookies at the door: what counts where, and what counts nowhere.

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Span;
use engine::testing::sign_in::PASSWORD;
use serde_json::json;

use crate::house::{Caller, House, Sent};

fn me() -> Sent {
    Sent::new(Method::GET, "/api/v1/me")
}

/// The same token with other claims, signed by nobody.
fn forged(token: &str, header: &str, change: (&str, &str)) -> String {
    let parts: Vec<_> = token.split('.').collect();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let claims = URL_SAFE_NO_PAD.encode(claims.replace(change.0, change.1));
    let signature = if header.contains("none") { "" } else { parts[2] };
    format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode(header))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_and_forged_tokens_are_nobodys() {
    let house = House::new().await;
    let token = house.token(Caller::Member).await;
    let header =
        String::from_utf8(URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
    let (member, administrator) = (house.person(Caller::Member), house.person(Caller::Administrator));
    let swap = (member.to_string(), administrator.to_string());
    let swap = (swap.0.as_str(), swap.1.as_str());
    let mut cut = token.clone();
    cut.truncate(token.len() - 4);
    for bad in [
        "x".to_owned(),
        "..".to_owned(),
        cut,
        format!("{token}x"),
        forged(&token, &header, swap),
        forged(&token, r#"{"typ":"JWT","alg":"none"}"#, swap),
        forged(&token, &header.replace("EdDSA", "HS256"), swap),
        forged(&token, &header, ("\"typ\":\"access\"", "\"typ\":\"refresh\"")) + "A",
    ] {
        let answer = house.send(me().header("authorization", &format!("Bearer {bad}"))).await;
        assert_eq!(answer.word(), "401 signed_out", "{bad}");
    }
    for (bad, word) in [
        ("Basic YTpi", "400 bad_request"),
        ("Bearer", "400 bad_request"),
        (token.as_str(), "400 bad_request"),
    ] {
        assert_eq!(house.send(me().header("authorization", bad)).await.word(), word, "{bad}");
    }
    let good = house.send(me().header("authorization", &format!("bearer {token}"))).await;
    assert_eq!(good.status, StatusCode::OK);
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_ends_with_its_time_its_session_and_its_person() {
    let house = House::new().await;
    let ask = |token: &str| house.send(me().header("authorization", &format!("Bearer {token}")));
    let token = house.token(Caller::Member).await;
    house.world.advance(Span::minutes(10));
    assert_eq!(ask(&token).await.word(), "401 signed_out", "after ten minutes");
    let token = house.token(Caller::Member).await;
    let out =
        Sent::new(Method::DELETE, "/api/v1/session").header("authorization", &format!("Bearer {token}"));
    assert_eq!(house.send(out).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ask(&token).await.word(), "401 signed_out", "after signing out");
    let token = house.token(Caller::Guest).await;
    let guest = house.person(Caller::Guest).to_string();
    let disabled = house.ask(Caller::Administrator, house.call("person.disable", &[&guest])).await;
    assert_eq!(disabled.status, StatusCode::NO_CONTENT);
    assert_eq!(ask(&token).await.word(), "401 signed_out", "after being disabled");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bearer_tokens_count_for_the_api_and_cookies_for_everything_else() {
    let house = House::new().await;
    let token = house.token(Caller::Administrator).await;
    let bearer = format!("Bearer {token}");
    let function = || Sent::function("person/me").json(&json!({}));
    // Each in its place.
    assert_eq!(house.send(me().header("authorization", &bearer)).await.status, StatusCode::OK);
    assert_eq!(house.send(function().cookie("stint_access", &token)).await.status, StatusCode::OK);
    // Each in the other's place.
    assert_eq!(house.send(me().cookie("stint_access", &token)).await.word(), "401 signed_out");
    assert_eq!(house.send(function().header("authorization", &bearer)).await.word(), "401 signed_out");
    let events = Sent::new(Method::GET, "/events").header("authorization", &bearer);
    assert_eq!(house.send(events).await.status, StatusCode::UNAUTHORIZED);
    let page = house.send(Sent::page("/roles").header("authorization", &bearer)).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/sign-in?to=/roles"));
    // Both together.
    for sent in [me(), function(), Sent::page("/roles"), Sent::new(Method::GET, "/events")] {
        let both = sent.header("authorization", &bearer).cookie("stint_access", &token);
        assert_eq!(house.send(both.clone()).await.status, StatusCode::BAD_REQUEST, "{both:?}");
    }
    let refresh = me().header("authorization", &bearer).cookie("stint_refresh", "x");
    assert_eq!(house.send(refresh).await.status, StatusCode::BAD_REQUEST);
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_that_is_used_late_ends_the_session() {
    let house = House::new().await;
    let (_, name) = house.somebody().await;
    let start = json!({ "name": name, "password": PASSWORD, "code": house.world.code(&name) });
    let first = house.send(house.call("session.start", &[]).json(&start)).await.json();
    let refresh = |token: &serde_json::Value| {
        house.send(house.call("session.refresh", &[]).json(&json!({ "refresh": token })))
    };
    let second = refresh(&first["refresh"]).await.json();
    assert_eq!(refresh(&first["refresh"]).await.json()["refresh"], second["refresh"], "a lost answer");
    let third = refresh(&second["refresh"]).await;
    assert_eq!(third.status, StatusCode::OK);
    house.world.advance(Span::seconds(31));
    assert_eq!(refresh(&first["refresh"]).await.word(), "401 signed_out");
    assert_eq!(
        refresh(&third.json()["refresh"]).await.word(),
        "401 signed_out",
        "the thief's and the owner's alike"
    );
    assert_eq!(refresh(&json!("made up")).await.word(), "401 signed_out");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_and_unknown_people_look_alike_and_are_slowed_down() {
    let house = House::new().await;
    let start = |name: &str| {
        let body = json!({ "name": name, "password": "not the one at all", "code": "123456" });
        house.send(house.call("session.start", &[]).json(&body))
    };
    let (known, unknown) = (start("member").await, start("nobody-at-all").await);
    assert_eq!(known.word(), "401 wrong_password");
    assert_eq!((known.status, known.json()), (unknown.status, unknown.json()));
    let mut last = known;
    for _ in 0..6 {
        last = start("member").await;
    }
    assert_eq!(last.word(), "429 rate_limited");
    house.world.engine.close().await;
}
