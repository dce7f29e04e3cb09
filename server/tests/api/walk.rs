//! The main job of Stint by the API alone, as a tool with nothing but curl would do it; `docs/api.md` tells it in words.

use axum::{
    Router,
    http::{Method, StatusCode},
};
use domain::Span;
use engine::testing::World;
use serde_json::{Value, json};

use crate::house::{Answer, Sent, router};

const PASSWORD: &str = "a harbour in the evening sun";

/// A tool: where it asks, with which token, and which authenticator app its person has.
struct Tool {
    router: Router,
    access: String,
    refresh: String,
    key: String,
}

impl Tool {
    /// Follows a link to its end, and signs in with what was set.
    async fn enrolled(world: &World, router: &Router, link: &str, begin: Value, name: &str) -> Self {
        let token = link.rsplit('/').next().unwrap();
        let mut tool = Self {
            router: router.clone(),
            access: String::new(),
            refresh: String::new(),
            key: String::new(),
        };
        let mut begin = begin;
        begin["token"] = token.into();
        begin["password"] = PASSWORD.into();
        let begun = tool.post("links/begin", begin).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
        tool.key = begun.json()["enrolment"]["key"].as_str().unwrap().to_owned();
        let code = world.code_of_key(&tool.key);
        let finish = json!({ "token": token, "sealed": begun.json()["sealed"], "code": code });
        let codes = tool.post("links/finish", finish).await.json();
        assert_eq!(codes["recovery_codes"].as_array().unwrap().len(), 10);
        let signed_in = json!({ "name": name, "password": PASSWORD, "code": tool.next_code(world) });
        let session = tool.post("session", signed_in).await;
        assert_eq!(session.status, StatusCode::CREATED, "{}", session.text());
        tool.keep(&session.json());
        tool
    }

    fn keep(&mut self, session: &Value) {
        self.access = session["access"].as_str().unwrap().to_owned();
        self.refresh = session["refresh"].as_str().unwrap().to_owned();
    }

    /// The digits that the app shows half a minute later: a code works once.
    fn next_code(&self, world: &World) -> String {
        world.advance(Span::seconds(30));
        world.code_of_key(&self.key)
    }

    async fn send(&self, sent: Sent) -> Answer {
        let sent = if self.access.is_empty() {
            sent
        } else {
            sent.header("authorization", &format!("Bearer {}", self.access))
        };
        sent.through(&self.router).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.send(Sent::new(Method::GET, &format!("/api/v1/{path}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Sent::new(Method::POST, &format!("/api/v1/{path}")).json(&body)).await
    }

    /// The same with a code for this very act.
    async fn post_with(&self, path: &str, body: Value, code: &str) -> Answer {
        let sent = Sent::new(Method::POST, &format!("/api/v1/{path}")).json(&body);
        self.send(sent.header("stint-code", code)).await
    }
}

engine::on_every_database!(the_main_job_can_be_done_by_the_api_alone, world, {
    let router = router(&world);
    let link = engine::sign_in::set_up_link(&world.engine).await.unwrap().unwrap();
    let names = json!({ "name": "Ada Lindqvist", "sign_in_name": "ada" });
    let mut ada = Tool::enrolled(&world, &router, &link, names, "ada").await;
    let me = ada.get("me").await;
    assert_eq!((&me["name"], &me["holds"]["administrator"]), (&json!("Ada Lindqvist"), &json!(true)));

    // A role of the catalogue, which Ada has to agree to with a code for each decision.
    let imported = ada.post("catalogue/import", json!({ "keys": ["exchange-administrator"] })).await;
    assert_eq!(imported.status, StatusCode::CREATED, "{}", imported.text());
    let role = imported.json()[0]["id"].as_str().unwrap().to_owned();
    let shown = ada.get(&format!("roles/{role}")).await;
    let mut settings = shown["settings"].clone();
    settings["activation"]["second_factor"] = json!({ "kind": "fresh", "minutes": 0 });
    settings["approval"]["required"] = json!(true);
    settings["approval"]["stages"][0]["approvers"] = json!([{ "kind": "person", "id": me["id"] }]);
    settings["approval"]["stages"][0]["second_factor"] = json!({ "kind": "fresh", "minutes": 0 });
    let change = json!({ "settings": settings, "version": shown["settings_version"] });
    let saved = Sent::new(Method::PUT, &format!("/api/v1/roles/{role}/settings")).json(&change);
    let saved = ada.send(saved).await;
    assert_eq!((saved.status, saved.json()), (StatusCode::OK, json!({ "version": 2 })));

    // A guest, who follows the link that Ada hands over.
    let guest = json!({ "kind": "guest", "name": "Bo Guest", "sign_in_name": "bo", "addresses": ["bo@partner.example"] });
    let created = ada.post("people", guest).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
    let bo_id = created.json()["id"].clone();
    let link = created.json()["link"]["url"].as_str().unwrap().to_owned();
    let bo = Tool::enrolled(&world, &router, &link, json!({}), "bo").await;
    assert_eq!(bo.get("me/roles").await["eligible"], json!([]));
    let eligible =
        json!({ "role": role, "principal": { "kind": "person", "id": bo_id }, "kind": "eligible" });
    let made = ada.post("assignments", eligible).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.json()["made_privileged"][0]["name"], "Bo Guest");

    // The request asks for a code of this moment, and is made once however often it is sent.
    assert_eq!(bo.get("me/roles").await["eligible"].as_array().unwrap().len(), 1);
    assert_eq!(bo.get(&format!("roles/{role}/activation-form")).await["asks_code"], json!(true));
    let wanted = json!({ "role": role, "duration": "PT1H", "justification": "Rotate the certificate" });
    let refused = bo.post("activations", wanted.clone()).await;
    assert_eq!(refused.word(), "403 mfa_required");
    let sent = Sent::new(Method::POST, "/api/v1/activations").json(&wanted);
    let sent = sent.header("idempotency-key", "first").header("stint-code", &bo.next_code(&world));
    let asked = bo.send(sent.clone()).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text());
    assert_eq!(bo.send(sent).await.json(), asked.json(), "repeated");
    let id = asked.json()["id"].as_str().unwrap().to_owned();
    let check = format!("check?role=exchange-administrator&person={}", bo_id.as_str().unwrap());
    assert_eq!(ada.get(&check).await["held"], json!(false));

    // Ada decides what she was shown.
    let waiting = ada.get("me/approvals").await;
    assert_eq!((waiting.as_array().unwrap().len(), &waiting[0]["id"]), (1, &json!(id)));
    let decision = json!({ "digest": waiting[0]["digest"] });
    let path = format!("activations/{id}/approve");
    assert_eq!(ada.post(&path, decision.clone()).await.word(), "403 mfa_required");
    let other = json!({ "digest": "0".repeat(64) });
    assert_eq!(ada.post_with(&path, other, &ada.next_code(&world)).await.word(), "409 conflict");
    let approved = ada.post_with(&path, decision, &ada.next_code(&world)).await;
    assert_eq!(approved.status, StatusCode::NO_CONTENT, "{}", approved.text());

    // Held, until it is given back.
    let held = ada.get(&check).await;
    assert_eq!(held["held"], json!(true));
    assert_eq!(held["until"], bo.get("me/roles").await["active"][0]["ends_at"]);
    assert_eq!(bo.get("check?role=exchange-administrator").await["held"], json!(true));
    let back = bo.post(&format!("activations/{id}/deactivate"), json!({})).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.text());
    assert_eq!(ada.get(&check).await["held"], json!(false));

    // All of it stands in the record, whose chain is whole.
    let records = ada.get("records").await;
    let kinds: Vec<_> =
        records["items"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
    for kind in
        ["set_up.completed", "role.created", "person.created", "assignment.made", "activation.requested"]
    {
        assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
    }
    assert_eq!(ada.post("records/verify", json!({})).await.json()["broken_at"], json!(null));
    let csv = ada.post("records/export", json!({ "format": "csv" })).await;
    assert!(csv.header("content-type").starts_with("text/csv") && csv.text().lines().count() > kinds.len());

    // New tokens for old ones; and nothing for those who signed out.
    let renewed = ada.post("session/refresh", json!({ "refresh": ada.refresh })).await;
    ada.keep(&renewed.json());
    ada.get("me").await;
    let out = ada.send(Sent::new(Method::DELETE, "/api/v1/session")).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let after = ada.send(Sent::new(Method::GET, "/api/v1/me")).await;
    assert_eq!(after.word(), "401 signed_out");
    world.engine.close().await;
});
