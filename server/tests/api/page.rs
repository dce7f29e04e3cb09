//! What every answer says to browsers, and the page of the API.

use axum::http::{Method, StatusCode};
use engine::{
    Engine, Env,
    testing::{beginning, config, scratch},
};
use serde_json::json;

use crate::house::{Answer, Caller, House, Sent};

/// The nonce of a policy, after looking at all of it.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (before, rest) = policy.split_once("'nonce-").unwrap_or_else(|| panic!("no nonce in {policy}"));
    let (nonce, after) = rest.split_once('\'').unwrap();
    assert_eq!(before, "default-src 'none'; script-src ");
    assert_eq!(
        after,
        " 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    assert!(nonce.len() >= 22, "{nonce}");
    nonce.to_owned()
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_headers_that_protect_it() {
    let house = House::new().await;
    let mut nonces = std::collections::BTreeSet::new();
    let asked = [
        (Caller::Nobody, Sent::page("/sign-in"), 200),
        (Caller::Nobody, Sent::page("/"), 303),
        (Caller::Nobody, Sent::page("/api"), 200),
        (Caller::Nobody, Sent::new(Method::GET, "/api/openapi.json"), 200),
        (Caller::Nobody, Sent::new(Method::GET, "/api/v1/me"), 401),
        (Caller::Nobody, Sent::new(Method::GET, "/events"), 401),
        (Caller::Nobody, Sent::new(Method::GET, "/healthz"), 200),
        (Caller::Nobody, Sent::new(Method::GET, "/readyz"), 200),
        (Caller::Nobody, Sent::new(Method::GET, "/robots.txt"), 200),
        (Caller::Nobody, Sent::new(Method::GET, "/pkg/none.js"), 404),
        (Caller::Nobody, Sent::function("person/me").json(&json!({})), 401),
        (Caller::Nobody, Sent::page("/link/abc"), 404),
        (Caller::Nobody, Sent::new(Method::POST, "/sign-in").cookie("a", "b"), 403),
        (Caller::Member, Sent::page("/"), 200),
        (Caller::Member, Sent::page("/no/such/page"), 404),
        (Caller::Member, Sent::page("/people"), 403),
        (Caller::Member, Sent::new(Method::GET, "/api/v1/me"), 200),
    ];
    for (caller, sent, status) in asked {
        let what = format!("{} as {}", sent.path, caller.word());
        let answer = house.ask(caller, sent).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
        assert!(nonces.insert(nonce(&answer)), "{what}: a nonce twice");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
        for script in answer.text().match_indices("<script").map(|(at, _)| answer.text()[at..].to_owned()) {
            let tag = script.split('>').next().unwrap().to_owned();
            assert!(tag.contains(&nonce(&answer)), "{what}: {tag}");
        }
    }
    house.world.engine.close().await;
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_there() {
    let folder = scratch();
    let mut config = config(format!("sqlite://{}/stint.db", folder.display()));
    config.public_url = "https://stint.halden.example".to_owned();
    let engine = Engine::open(config, Env::fixed(beginning(), 1)).await.unwrap();
    let router = server::router(&server::Process::new(engine.clone(), Vec::new()));
    let answer = Sent::page("/sign-in").through(&router).await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    // Names that the browser itself refuses without TLS or for another path.
    let theme =
        Sent::new(Method::POST, "/fn/session/sign_out").header("origin", "https://stint.halden.example");
    let cookies = theme.form(&[]).through(&router).await.headers;
    let cookies: Vec<_> =
        cookies.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Path=/;"), "{cookie}");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("; Secure")
        );
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

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
