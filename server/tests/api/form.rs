//! Server functions as doors of their own: where a request must come from, what their forms may hold, and where a plain
//! form leads to.

use axum::http::{Method, StatusCode};
use engine::testing::sign_in::PASSWORD;
use serde_json::json;

use crate::house::{Answer, Caller, House, ORIGIN, Sent, escaped};

/// A plain form, sent by a browser from this page.
fn plain(endpoint: &str, from: &str, fields: &[(&str, &str)]) -> Sent {
    let sent = Sent::function(endpoint).form(fields).header("accept", "text/html,application/xhtml+xml");
    if from.is_empty() { sent } else { sent.header("referer", from) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_site_sends_in_somebodys_name_is_refused() {
    let house = House::new().await;
    let token = house.token(Caller::Administrator).await;
    let form = || {
        Sent::new(Method::POST, "/fn/group/create")
            .form(&[("name", "Evil"), ("key", "k")])
            .cookie("stint_access", &token)
    };
    for headers in [
        [].as_slice(),
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:8080.evil.example")],
        &[("origin", "http://127.0.0.1:8081")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
    ] {
        let sent = headers.iter().fold(form(), |sent, (name, value)| sent.header(name, value));
        let export = headers.iter().fold(
            Sent::new(Method::POST, "/audit/export")
                .content("application/x-www-form-urlencoded", "format=csv")
                .cookie("stint_access", &token),
            |sent, (name, value)| sent.header(name, value),
        );
        for sent in [sent, export] {
            let answer = house.send(sent).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}: {}", answer.text());
        }
    }
    let own = house.send(form().header("sec-fetch-site", "same-origin")).await;
    assert_eq!(own.status, StatusCode::OK);
    let foreign = Sent::new(Method::GET, "/events")
        .cookie("stint_access", &token)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(house.send(foreign).await.status, StatusCode::FORBIDDEN);
    let tool = house.call("group.create", &[]).json(&json!({ "name": "Evil", "description": "" }));
    let foreign = house.signed(tool, &token).header("origin", "https://evil.example");
    assert_eq!(
        house.send(foreign).await.status,
        StatusCode::FORBIDDEN,
        "a script of another site with a stolen token"
    );
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_form_does_not_have_is_refused() {
    let house = House::new().await;
    for (sent, word) in [
        (
            Sent::function("group/create").form(&[("name", "A"), ("key", "k"), ("removed_at", "now")]),
            "400 bad_request",
        ),
        (Sent::function("group/create").form(&[("key", "k")]), "400 bad_request"),
        (Sent::function("group/create").form(&[]), "400 bad_request"),
        (Sent::function("group/create"), "400 bad_request"),
        (
            Sent::function("group/create").json(&json!({ "form": { "name": "A", "key": "k" } })),
            "400 bad_request",
        ),
        (Sent::function("group/get").json(&json!({ "id": "x" })), "400 bad_request"),
        (Sent::function("group/get").json(&json!({})), "400 bad_request"),
        (Sent::function("group/get").content("application/json", "{"), "400 bad_request"),
        (Sent::function("group/get").content("application/json", [0xff]), "400 bad_request"),
        (Sent::function("group/list").json(&json!({ "query": { "limit": 7 } })), "400 bad_request"),
        (Sent::function("group/eat").form(&[]), "404 not_found"),
        (Sent { method: Method::GET, ..Sent::function("group/list") }, "404 not_found"),
        (Sent { method: Method::PUT, ..Sent::function("group/list") }, "404 not_found"),
    ] {
        let what = format!("{} {} {}", sent.method, sent.path, String::from_utf8_lossy(&sent.body));
        let answer = house.ask(Caller::Administrator, sent).await;
        assert_eq!(answer.word(), word, "{what}: {}", answer.text());
    }
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_form_that_is_refused_leads_back_with_codes_only() {
    let house = House::new().await;
    let name = "n".repeat(101);
    let fields = [("name", name.as_str()), ("key", "k"), ("code", "123456")];
    let ask = |from: &str| house.ask(Caller::Administrator, plain("group/create", from, &fields));
    let ours = format!("{ORIGIN}/groups/new");
    let back = ask(&ours).await;
    assert_eq!(back.status, StatusCode::FOUND);
    let location = back.header("location").to_owned();
    assert!(location.starts_with(&format!("{ours}?__path=/fn/group/create&__err=")), "{location}");
    assert!(!location.contains(&name) && back.kept("stint_draft").is_some());
    for from in
        ["", "https://evil.example/groups/new", "http://127.0.0.1:8080.evil.example/", "//evil.example/", "x"]
    {
        let answer = ask(from).await;
        // Nowhere to lead back to: it is said in place of the page.
        assert_eq!((answer.status, answer.header("location")), (StatusCode::FORBIDDEN, ""), "{from}");
        assert!(
            answer.text().contains("code") && !answer.text().contains(&name),
            "{from}: {}",
            answer.text()
        );
    }
    house.world.engine.close().await;
}

/// Signs in by plain forms, with where to go afterwards.
async fn signs_in(house: &House, to: &str) -> Answer {
    let (_, name) = house.somebody().await;
    let fields = [("name", name.as_str()), ("password", PASSWORD), ("to", to)];
    let first = house.send(plain("sign_in/password_step", &format!("{ORIGIN}/sign-in"), &fields)).await;
    assert_eq!(first.header("location"), "/sign-in/code", "{}", first.text());
    let step = first.kept("stint_step").unwrap();
    let code = house.world.code(&name);
    let second = plain("sign_in/code_step", &format!("{ORIGIN}/sign-in/code"), &[("code", &code)]);
    house.send(second.cookie("stint_step", &step)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_leads_to_pages_of_this_site_only() {
    let house = House::new().await;
    let there = signs_in(&house, "/activate/exchange-administrator").await;
    assert_eq!(there.header("location"), "/activate/exchange-administrator");
    for to in [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/roles\r\nset-cookie: a=b",
        "/\t/evil.example",
        "/fn/session/sign_out",
        "",
    ] {
        let answer = signs_in(&house, to).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, "/"), "{to:?}");
        assert!(answer.kept("stint_access").is_some() && answer.kept("a").is_none());
        let page = Sent::page(&format!("/sign-in?to={}", escaped(to)));
        assert!(!house.send(page).await.text().contains("evil.example\""), "{to:?}");
    }
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_is_handed_out_to_those_who_read_it() {
    let house = House::new().await;
    let form = |fields: &str| {
        let sent = Sent::new(Method::POST, "/audit/export").header("origin", ORIGIN);
        sent.content("application/x-www-form-urlencoded", fields)
    };
    let out = house.send(form("format=csv")).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/sign-in?to=/audit"));
    for caller in
        [Caller::Member, Caller::Guest, Caller::Requester, Caller::Approver, Caller::UserAdministrator]
    {
        let refused = house.ask(caller, form("format=csv")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{caller:?}");
    }
    let file = house.ask(Caller::Auditor, form("format=csv&text=&from=2026-11-01")).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"stint-record.csv\"");
    for bad in ["", "format=pdf", "format=csv&from=soon", "format=csv&kind=role.eaten"] {
        let refused = house.ask(Caller::Auditor, form(bad)).await;
        assert!(matches!(refused.status.as_u16(), 400 | 422), "{bad}: {}", refused.status);
    }
    house.world.engine.close().await;
}
