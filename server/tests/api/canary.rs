//! A canary on every page: whatever people can write holds markup, and none of it may arrive as markup. Children of some
//! elements, and everything that is handed to the browser's half, would be emitted raw.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::activation::ActivationId;
use serde_json::{Value, json};

use crate::house::{Answer, Caller, House, ORIGIN, Sent, escaped};

const CANARY: &str =
    r#"x</textarea></script></title><script>alert("c")</script><img src=c onerror=alert(1)>"#;

fn check(what: &str, answer: &Answer) {
    let text = answer.text();
    for sign in ["<script>alert", "<img src=c", "</textarea></script>"] {
        let at =
            text.find(sign).map(|at| text[at.saturating_sub(200)..].chars().take(300).collect::<String>());
        assert_eq!(at, None, "{what}");
    }
}

/// What the pages are about, with the canary in every text.
struct Nest {
    key: String,
    role: String,
    person: String,
    group: String,
    assignment: String,
    request: String,
    waiting: String,
    message: String,
}

impl Nest {
    async fn new(house: &House) -> Self {
        let made = async |operation: &str, body: Value| {
            let answer = house.ask(Caller::Administrator, house.call(operation, &[]).json(&body)).await;
            assert!(answer.status.is_success(), "{operation}: {}", answer.text());
            answer.json()["id"].as_str().unwrap().to_owned()
        };
        let key = "canary".to_owned();
        let role = json!({ "key": key, "name": CANARY, "description": CANARY, "level": "high" });
        let role = made("role.create", role).await;
        let person = json!({ "kind": "guest", "name": CANARY, "sign_in_name": "canary", "addresses": ["canary@halden.example"] });
        let person = made("person.create", person).await;
        let group = made("group.create", json!({ "name": CANARY, "description": CANARY })).await;
        let member = house.call("group.add_member", &[&group]).json(&json!({ "person": person }));
        assert_eq!(house.ask(Caller::Administrator, member).await.status, StatusCode::OK);
        let eligible = |principal: Value| json!({ "role": role, "principal": principal, "kind": "eligible", "justification": CANARY });
        let assignment = made("assignment.make", eligible(json!({ "kind": "group", "id": group }))).await;
        let requester = house.person(Caller::Requester);
        made("assignment.make", eligible(json!({ "kind": "person", "id": requester }))).await;
        let shown = house.ask(Caller::Administrator, house.call("role.get", &[&role])).await.json();
        let mut settings = shown["settings"].clone();
        settings["approval"]["required"] = json!(true);
        settings["approval"]["stages"][0]["approvers"] =
            json!([{ "kind": "person", "id": house.person(Caller::Approver) }]);
        settings["activation"]["ticket"] =
            json!({ "system": "<b>Jira</b>", "pattern": "", "example": "<i>OPS-1</i>" });
        let settings =
            house.call("role_settings.change", &[&role]).json(&json!({ "settings": settings, "version": 1 }));
        let saved = house.ask(Caller::Administrator, settings).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
        let request = Self::asked(house, &role).await;
        let denied = json!({ "digest": house.world.activation(ActivationId::parse(&request).unwrap()).await.digest(), "justification": CANARY });
        let denied = house.call("activation.deny", &[&request]).json(&denied);
        assert_eq!(house.ask(Caller::Approver, denied).await.status, StatusCode::NO_CONTENT);
        let waiting = Self::asked(house, &role).await;
        let message = house.message().await;
        Self { key, role, person, group, assignment, request, waiting, message }
    }

    async fn asked(house: &House, role: &str) -> String {
        let wanted =
            json!({ "role": role, "duration": "PT1H", "justification": CANARY, "ticket": "<u>OPS-1</u>" });
        let asked = house.ask(Caller::Requester, house.call("activation.request", &[]).json(&wanted)).await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text());
        asked.json()["id"].as_str().unwrap().to_owned()
    }

    /// The page of a route, about the object that carries the canary.
    fn page(&self, route: &str) -> String {
        let id = match route.split('/').nth(1).unwrap_or_default() {
            "people" => &self.person,
            "groups" => &self.group,
            "roles" => &self.role,
            "assignments" => &self.assignment,
            "requests" => &self.request,
            "approvals" => &self.waiting,
            "outbox" => &self.message,
            _ => "none",
        };
        route.replace(":id", id).replace(":key", &self.key).replace(":token", "none")
    }
}

#[tokio::test]
async fn what_people_write_arrives_as_text_on_every_page() {
    let house = House::new().await;
    let nest = Nest::new(&house).await;
    let routes: BTreeSet<String> =
        server::page_routes().iter().map(|route| route.replace(['{', '}'], "")).collect();
    assert!(routes.len() > 35, "{routes:?}");
    let names = ["id", "key", "token"];
    for route in &routes {
        let route = route
            .split('/')
            .map(|part| if names.contains(&part) { format!(":{part}") } else { part.to_owned() });
        let path = nest.page(&route.collect::<Vec<_>>().join("/"));
        for caller in [Caller::Administrator, Caller::Requester, Caller::Approver, Caller::Nobody] {
            let answer = house.ask(caller, Sent::page(&path)).await;
            assert!(!answer.status.is_server_error(), "{path} as {caller:?}: {}", answer.text());
            check(&format!("{path} as {caller:?}"), &answer);
        }
    }
    for path in [
        "/people?search=",
        "/roles?search=",
        "/audit?text=",
        "/audit?who=",
        "/sign-in?to=",
        "/groups?do=",
        "/x/",
    ] {
        let path = format!("{path}{}", escaped(CANARY));
        check(&path, &house.ask(Caller::Administrator, Sent::page(&path)).await);
    }
    let seen = house.ask(Caller::Administrator, Sent::page(&nest.page("/people/:id"))).await;
    assert!(seen.text().contains("&lt;script&gt;alert"), "the canary is on the page at all");
    house.world.engine.close().await;
}

#[tokio::test]
async fn what_was_typed_into_a_refused_form_comes_back_as_text() {
    let house = House::new().await;
    let nest = Nest::new(&house).await;
    let taken_back = house.call("activation.cancel", &[&nest.waiting]).json(&json!({}));
    assert_eq!(house.ask(Caller::Requester, taken_back).await.status, StatusCode::NO_CONTENT);
    let page = format!("{ORIGIN}{}", nest.page("/activate/:key"));
    let fields = [
        ("role", nest.role.as_str()),
        ("duration", "999999"),
        ("justification", CANARY),
        ("ticket", CANARY),
        ("key", "k"),
    ];
    let form = Sent::function("activation/request")
        .form(&fields)
        .header("accept", "text/html")
        .header("referer", &page);
    let refused = house.ask(Caller::Requester, form).await;
    let draft = refused.kept("stint_draft").unwrap();
    let back = refused.header("location").strip_prefix(ORIGIN).unwrap().to_owned();
    let answer = house.ask(Caller::Requester, Sent::page(&back).cookie("stint_draft", &draft)).await;
    assert!(answer.text().contains("x&lt;/textarea&gt;"), "it comes back at all: {}", answer.text());
    check(&back, &answer);
    let forged = Sent { method: Method::GET, ..Sent::page(&format!("{back}&__err={}", escaped(CANARY))) };
    check("a forged address", &house.ask(Caller::Requester, forged).await);
    house.world.engine.close().await;
}
