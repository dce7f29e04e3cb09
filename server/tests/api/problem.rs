//! Bad input to the JSON API: every refusal is a problem document with a stable code, and nothing is half done.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::house::{Answer, Caller, House, Sent};

/// Looks at what every problem document must say.
fn check(answer: &Answer, status: u16, code: &str) {
    let (json, text) = (answer.json(), answer.text());
    assert_eq!(answer.word(), format!("{status} {code}"), "{text}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(json["type"], format!("urn:stint:problem:{code}"));
    assert_eq!(json["status"], status);
    assert!(json["title"].as_str().is_some_and(|title| title.ends_with('.')), "{text}");
    assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401, "{text}");
}

fn role(change: impl Fn(&mut Value)) -> Value {
    let mut role = json!({ "key": "exchange", "name": "Exchange", "level": "high" });
    change(&mut role);
    role
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_understood_is_refused() {
    let house = House::new().await;
    let post = || house.call("role.create", &[]);
    let good = role(|_| {}).to_string();
    for (sent, status, code) in [
        (post().json(&role(|role| role["status"] = json!("active"))), 400, "bad_request"),
        (post().json(&role(|role| role["level"] = json!(3))), 400, "bad_request"),
        (post().json(&role(|role| role["level"] = json!("highest"))), 400, "bad_request"),
        (post().json(&json!([])), 400, "bad_request"),
        (post().content("application/json", "{\"key\": "), 400, "bad_request"),
        (post().content("application/json", good.clone() + "x"), 400, "bad_request"),
        (post().content("application/json", [0xff, 0xfe]), 400, "bad_request"),
        (post().content("application/json", ""), 400, "bad_request"),
        (post().content("text/plain", good.clone()), 400, "bad_request"),
        (post().content("application/x-www-form-urlencoded", good.clone()), 400, "bad_request"),
        (post(), 400, "bad_request"),
        (post().json(&role(|_| {})).query("dry_run=true"), 400, "bad_request"),
        (
            post().json(&role(|_| {})).header("stint-code", "123456").header("stint-code", "1"),
            400,
            "bad_request",
        ),
        (post().json(&role(|_| {})).header("idempotency-key", ""), 400, "bad_request"),
        (post().json(&role(|_| {})).header("idempotency-key", &"k".repeat(101)), 400, "bad_request"),
        (post().json(&role(|role| role["key"] = json!("stint-auditor"))), 422, "key_reserved"),
        (post().json(&role(|role| role["name"] = json!("n".repeat(101)))), 422, "too_long"),
        (house.call("role.list", &[]).query("cursor=x&limit=1000000"), 400, "bad_request"),
        (house.call("role.list", &[]).query("search=a&search=b"), 400, "bad_request"),
        (house.call("check.check", &[]), 400, "bad_request"),
        (house.call("check.check", &[]).query("role=x&person=me"), 400, "bad_request"),
        (house.call("role.get", &["exchange"]), 404, "not_found"),
        (house.call("role.get", &["%00"]), 404, "not_found"),
        (Sent::new(Method::GET, "/api/v1/no-such-thing"), 404, "not_found"),
        (Sent::new(Method::GET, "/api/v2/me"), 404, "not_found"),
        (Sent::new(Method::DELETE, "/api/v1/me"), 405, "bad_request"),
        (Sent::new(Method::POST, "/api/openapi.json").json(&json!({})), 405, "bad_request"),
    ] {
        let what = format!("{} {} {}", sent.method, sent.path, String::from_utf8_lossy(&sent.body));
        let answer = house.ask(Caller::Administrator, sent).await;
        assert_eq!(answer.word(), format!("{status} {code}"), "{what}: {}", answer.text());
        check(&answer, status, code);
    }
    let roles = house.ask(Caller::Administrator, house.call("role.list", &[]).query("search=exchange")).await;
    assert_eq!(roles.json()["items"], json!([]), "nothing was made on the way");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_fields_that_need_attention_are_named_at_once() {
    let house = House::new().await;
    let role = house.free_role().await;
    house.world.eligible(house.person(Caller::Requester), role).await;
    let wanted = json!({ "role": role, "duration": "P2D", "justification": "short" });
    let answer = house.ask(Caller::Requester, house.call("activation.request", &[]).json(&wanted)).await;
    check(&answer, 422, "duration_too_long");
    let json = answer.json();
    assert_eq!((&json["field"], &json["limit"]), (&json!("duration"), &json!("PT8H")));
    assert_eq!(json["more"][0]["code"], "justification_too_short");
    assert_eq!(json["more"][0]["field"], "justification");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_over_64_kib_are_refused_however_they_arrive() {
    let house = House::new().await;
    let huge = vec![b' '; 64 * 1024 + 1];
    for path in ["/api/v1/roles", "/api/v1/session", "/fn/role/create", "/audit/export"] {
        let sent = Sent::new(Method::POST, path).header("origin", crate::house::ORIGIN);
        let kind =
            if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" };
        let sent = sent.content(kind, huge.clone());
        let told = sent.clone().header("content-length", &huge.len().to_string());
        let answer = house.ask(Caller::Administrator, told).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}: {}", answer.text());
        // In pieces, without a word about the length.
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
            huge.chunks(8 * 1024).map(|piece| Ok(piece.to_vec())).collect();
        let token = house.token(Caller::Administrator).await;
        let headers = house.signed(sent, &token).headers;
        let mut request = Request::builder().method(Method::POST).uri(path);
        *request.headers_mut().unwrap() = headers;
        let request = request.body(Body::from_stream(futures::stream::iter(pieces))).unwrap();
        let answer = house.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path} in pieces");
    }
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_meanwhile_is_a_conflict_and_stays_as_it_is() {
    let house = House::new().await;
    let role = house.free_role().await.to_string();
    let change = |name: &str, version: i64| {
        let body =
            json!({ "name": name, "description": "", "level": "high", "link": null, "version": version });
        house.call("role.change", &[&role]).json(&body)
    };
    assert_eq!(house.ask(Caller::Administrator, change("First", 1)).await.status, StatusCode::NO_CONTENT);
    check(&house.ask(Caller::Administrator, change("Second", 1)).await, 409, "conflict");
    check(&house.ask(Caller::Administrator, change("Second", 7)).await, 409, "conflict");
    let shown = house.ask(Caller::Administrator, house.call("role.get", &[&role])).await.json();
    assert_eq!(shown["role"]["name"], "First");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_and_foreign_things_are_answered_alike() {
    let house = House::new().await;
    let (foreign, _) = house.pending().await;
    let nothing = house.world.nothing::<()>().to_string();
    let (foreign, end) = (foreign.to_string(), json!({ "justification": "" }));
    for operation in ["activation.cancel", "activation.deactivate", "activation.revoke"] {
        let ask = |id: &str| house.ask(Caller::Member, house.call(operation, &[id]).json(&end));
        let (unknown, others) = (ask(&nothing).await, ask(&foreign).await);
        check(&unknown, 404, "not_found");
        assert_eq!((others.status, others.json()), (unknown.status, unknown.json()), "{operation}");
    }
    let get = |id: &str| house.ask(Caller::Member, house.call("activation.get", &[id]));
    assert_eq!(get(&foreign).await.json(), get(&nothing).await.json());
    house.world.engine.close().await;
}
