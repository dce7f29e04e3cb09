//! A request for each operation of the JSON API.

use domain::{
    role_settings::{ChangeSettings, RoleSettings},
    sign_in::LinkPurpose,
};
use engine::testing::sign_in::PASSWORD;
use secrecy::ExposeSecret;
use serde_json::json;

use super::cases;
use crate::house::Caller;

cases! {
    "session.start" => |house, _| {
        let (_, name) = house.somebody().await;
        let code = house.world.code(&name);
        house.call("session.start", &[]).json(&json!({ "name": name, "password": PASSWORD, "code": code }))
    };
    "session.refresh" => |house, _| {
        let (_, name) = house.somebody().await;
        let tokens = house.world.signed_in(&name).await.tokens;
        house.call("session.refresh", &[]).json(&json!({ "refresh": tokens.refresh.expose_secret() }))
    };
    "session.sign_out" => |house, _| house.call("session.sign_out", &[]);
    "session.list" => |house, _| house.call("session.list", &[]);
    "session.end", "own" => |house, caller| {
        let session = house.other_session(caller).await;
        house.call("session.end", &[&session.to_string()])
    };
    "session.end", "the requester's" => |house, _| {
        let session = house.other_session(Caller::Requester).await;
        house.call("session.end", &[&session.to_string()])
    };
    "session.end_others" => |house, _| house.call("session.end_others", &[]);

    "link.view" => |house, _| {
        let token = house.link_token().await;
        house.call("link.view", &[]).json(&json!({ "token": token }))
    };
    "link.begin" => |house, _| {
        let token = house.link_token().await;
        house.call("link.begin", &[]).json(&json!({ "token": token, "password": "a harbour in the evening sun" }))
    };
    "link.finish" => |house, _| {
        let token = house.link_token().await;
        let begin = json!({ "token": token, "password": "a harbour in the evening sun" });
        let begun = house.send(house.call("link.begin", &[]).json(&begin)).await.json();
        let code = house.world.code_of_key(begun["enrolment"]["key"].as_str().unwrap());
        house.call("link.finish", &[]).json(&json!({ "token": token, "sealed": begun["sealed"], "code": code }))
    };

    "person.me" => |house, _| house.call("person.me", &[]);
    "person.set_zone" => |house, _| house.call("person.set_zone", &[]).json(&json!({ "zone": "Europe/Oslo" }));
    "activation.my_roles" => |house, _| house.call("activation.my_roles", &[]);
    "activation.mine" => |house, _| house.call("activation.mine", &[]);
    "activation.to_decide" => |house, _| house.call("activation.to_decide", &[]);
    "activation.decided" => |house, _| house.call("activation.decided", &[]);
    "audit.own" => |house, _| house.call("audit.own", &[]);
    "credential.security" => |house, _| house.call("credential.security", &[]);
    "credential.change_password" => |house, _| house
        .call("credential.change_password", &[])
        .json(&json!({ "current": PASSWORD, "new": PASSWORD }));
    "credential.begin_factor" => |house, _| house.call("credential.begin_factor", &[]);
    "credential.finish_factor", "without the step before" => |house, _| house
        .call("credential.finish_factor", &[])
        .json(&json!({ "sealed": "none", "code": "123456", "proof": "123456" }));
    "credential.new_recovery_codes" => |house, _| house.call("credential.new_recovery_codes", &[]);

    "person.list" => |house, _| house.call("person.list", &[]);
    "person.create" => |house, _| {
        let name = format!("new-person-{}", house.number());
        house.call("person.create", &[]).json(&json!({ "kind": "guest", "name": name, "sign_in_name": name }))
    };
    "person.get", "somebody without a role" => |house, _| {
        let (person, _) = house.somebody().await;
        house.call("person.get", &[&person.to_string()])
    };
    "person.get", "the requester" => |house, _| {
        house.call("person.get", &[&house.person(Caller::Requester).to_string()])
    };
    "person.change", "somebody without a role" => |house, _| {
        let (person, _) = house.somebody().await;
        house.call("person.change", &[&person.to_string()])
            .json(&json!({ "kind": "member", "name": "Somebody", "addresses": [], "version": 1 }))
    };
    "person.change", "somebody with a role" => |house, _| {
        let person = house.privileged().await;
        house.call("person.change", &[&person.to_string()])
            .json(&json!({ "kind": "member", "name": "Somebody", "addresses": [], "version": 1 }))
    };
    "person.disable", "somebody without a role" => |house, _| {
        let (person, _) = house.somebody().await;
        house.call("person.disable", &[&person.to_string()])
    };
    "person.disable", "somebody with a role" => |house, _| {
        let person = house.privileged().await;
        house.call("person.disable", &[&person.to_string()])
    };
    "person.enable", "somebody without a role" => |house, _| {
        let person = house.disabled().await;
        house.call("person.enable", &[&person.to_string()])
    };
    "person.enable", "somebody with a role" => |house, _| {
        let person = house.privileged().await;
        house.world.disabled(person).await;
        house.call("person.enable", &[&person.to_string()])
    };
    "sign_in.make_link", "a lost password" => |house, _| {
        let (person, _) = house.somebody().await;
        house.call("sign_in.make_link", &[&person.to_string()])
            .json(&json!({ "purpose": LinkPurpose::LostPassword }))
    };
    "sign_in.make_link", "somebody new" => |house, _| {
        let person = house.invited().await;
        house.call("sign_in.make_link", &[&person.to_string()])
            .json(&json!({ "purpose": LinkPurpose::Invitation }))
    };
    "person.find_names" => |house, _| house.call("person.find_names", &[]).query("search=approver");

    "group.list" => |house, _| house.call("group.list", &[]);
    "group.create" => |house, _| house
        .call("group.create", &[])
        .json(&json!({ "name": format!("new group {}", house.number()), "description": "" }));
    "group.get" => |house, _| {
        let (group, _) = house.group().await;
        house.call("group.get", &[&group.to_string()])
    };
    "group.change", "with a role" => |house, _| {
        let (group, _) = house.privileged_group().await;
        let name = format!("changed {}", house.number());
        house.call("group.change", &[&group.to_string()])
            .json(&json!({ "name": name, "description": "", "version": 1 }))
    };
    "group.remove", "with a role" => |house, _| {
        let (group, _) = house.privileged_group().await;
        house.call("group.remove", &[&group.to_string()])
    };
    "group.change", "without a role" => |house, _| {
        let (group, _) = house.group().await;
        let name = format!("changed {}", house.number());
        house.call("group.change", &[&group.to_string()])
            .json(&json!({ "name": name, "description": "", "version": 1 }))
    };
    "group.remove", "without a role" => |house, _| {
        let (group, _) = house.group().await;
        house.call("group.remove", &[&group.to_string()])
    };
    "group.add_member", "without a role" => |house, _| {
        let ((group, _), (person, _)) = (house.group().await, house.somebody().await);
        house.call("group.add_member", &[&group.to_string()]).json(&json!({ "person": person }))
    };
    "group.add_member", "with a role" => |house, _| {
        let ((group, _), (person, _)) = (house.privileged_group().await, house.somebody().await);
        house.call("group.add_member", &[&group.to_string()]).json(&json!({ "person": person }))
    };
    "group.remove_member", "without a role" => |house, _| {
        let (group, member) = house.group().await;
        house.call("group.remove_member", &[&group.to_string(), &member.to_string()])
    };
    "group.remove_member", "with a role" => |house, _| {
        let (group, member) = house.privileged_group().await;
        house.call("group.remove_member", &[&group.to_string(), &member.to_string()])
    };

    "role.list" => |house, _| house.call("role.list", &[]);
    "role.create" => |house, _| {
        let key = format!("new-role-{}", house.number());
        house.call("role.create", &[]).json(&json!({ "key": key, "name": key, "level": "high" }))
    };
    "role.get" => |house, _| {
        let role = house.open_role().await;
        house.call("role.get", &[&role.to_string()])
    };
    "role.change" => |house, _| {
        let role = house.open_role().await;
        house.call("role.change", &[&role.to_string()]).json(&json!({
            "name": format!("changed {}", house.number()), "description": "", "level": "high", "link": null, "version": 1
        }))
    };
    "role.disable" => |house, _| {
        let role = house.open_role().await;
        house.call("role.disable", &[&role.to_string()])
    };
    "role.enable" => |house, _| {
        let role = house.open_role().await;
        house.world.switch_off(role).await;
        house.call("role.enable", &[&role.to_string()])
    };
    "role_settings.change" => |house, _| {
        let role = house.open_role().await;
        let mut settings = RoleSettings::initial();
        settings.activation.longest = domain::Span::hours(4);
        let change = ChangeSettings { settings, version: 1 };
        house.call("role_settings.change", &[&role.to_string()]).json(&serde_json::to_value(change).unwrap())
    };
    "role.history" => |house, _| {
        let role = house.open_role().await;
        house.call("role.history", &[&role.to_string()])
    };
    "role.catalogue" => |house, _| house.call("role.catalogue", &[]);
    "role.import" => |house, _| house
        .call("role.import", &[])
        .json(&json!({ "keys": ["exchange-administrator"] }));

    "assignment.of_role" => |house, _| {
        let role = house.open_role().await;
        house.call("assignment.of_role", &[&role.to_string()])
    };
    "assignment.make", "for oneself" => |house, caller| {
        let role = house.role().await;
        let person = house.person(if caller == Caller::Nobody { Caller::Requester } else { caller });
        house.call("assignment.make", &[]).json(&json!({
            "role": role, "principal": { "kind": "person", "id": person }, "kind": "eligible"
        }))
    };
    "assignment.make", "for somebody" => |house, _| {
        let (role, (person, _)) = (house.role().await, house.somebody().await);
        house.call("assignment.make", &[]).json(&json!({
            "role": role, "principal": { "kind": "person", "id": person }, "kind": "eligible"
        }))
    };
    "assignment.get" => |house, _| {
        let (assignment, _) = house.assignment().await;
        house.call("assignment.get", &[&assignment.to_string()])
    };
    "assignment.change" => |house, _| {
        let (assignment, _) = house.assignment().await;
        let ends_at = domain::Span::days(30).after(house.world.engine.now());
        house.call("assignment.change", &[&assignment.to_string()])
            .json(&json!({ "ends_at": ends_at, "version": 1 }))
    };
    "assignment.remove" => |house, _| {
        let (assignment, _) = house.assignment().await;
        house.call("assignment.remove", &[&assignment.to_string()]).json(&json!({}))
    };

    "activation.form" => |house, _| {
        let role = house.open_role().await;
        house.call("activation.form", &[&role.to_string()])
    };
    "activation.list" => |house, _| house.call("activation.list", &[]);
    "activation.request" => |house, _| {
        let role = house.open_role().await;
        house.call("activation.request", &[])
            .json(&json!({ "role": role, "duration": "PT1H", "justification": "Rotate the certificate" }))
    };
    "activation.get" => |house, _| {
        let (id, _) = house.pending().await;
        house.call("activation.get", &[&id.to_string()])
    };
    "activation.approve", "where nobody is named as approver" => |house, _| {
        let (id, digest) = house.pending_for(&[]).await;
        house.call("activation.approve", &[&id.to_string()]).json(&json!({ "digest": digest }))
    };
    "activation.approve", "where the requester is an approver" => |house, _| {
        let approvers = [house.person(Caller::Approver), house.person(Caller::Requester)];
        let (id, digest) = house.pending_for(&approvers).await;
        house.call("activation.approve", &[&id.to_string()]).json(&json!({ "digest": digest }))
    };
    "activation.approve", "where the approver is named" => |house, _| {
        let (id, digest) = house.pending().await;
        house.call("activation.approve", &[&id.to_string()]).json(&json!({ "digest": digest }))
    };
    "activation.deny" => |house, _| {
        let (id, digest) = house.pending().await;
        house.call("activation.deny", &[&id.to_string()])
            .json(&json!({ "digest": digest, "justification": "Not during the audit" }))
    };
    "activation.cancel" => |house, _| {
        let (id, _) = house.pending().await;
        house.call("activation.cancel", &[&id.to_string()]).json(&json!({}))
    };
    "activation.deactivate" => |house, _| {
        let id = house.active().await;
        house.call("activation.deactivate", &[&id.to_string()]).json(&json!({}))
    };
    "activation.revoke" => |house, _| {
        let id = house.active().await;
        house.call("activation.revoke", &[&id.to_string()]).json(&json!({ "justification": "Incident" }))
    };

    "check.check", "own" => |house, _| {
        let key = house.held_key().await;
        house.call("check.check", &[]).query(&format!("role={key}"))
    };
    "check.check", "the requester's" => |house, _| {
        let (key, person) = (house.held_key().await, house.person(Caller::Requester));
        house.call("check.check", &[]).query(&format!("role={key}&person={person}"))
    };

    "audit.list" => |house, _| house.call("audit.list", &[]);
    "audit.export" => |house, _| house.call("audit.export", &[]).json(&json!({ "format": "csv" }));
    "audit.last_verification" => |house, _| house.call("audit.last_verification", &[]);
    "audit.verify" => |house, _| house.call("audit.verify", &[]);
    "notification.outbox" => |house, _| house.call("notification.outbox", &[]);
    "notification.view" => |house, _| {
        let message = house.message().await;
        house.call("notification.view", &[&message])
    };
}
