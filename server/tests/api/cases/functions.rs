//! A request for each server function.

use engine::testing::sign_in::PASSWORD;
use serde_json::json;

use super::cases;
use crate::house::{Caller, Sent};

cases! {
    "/fn/sign_in/demo" => |_house, _| Sent::function("sign_in/demo").json(&json!({ "to": "/" }));
    "/fn/sign_in/password_step" => |house, _| {
        let (_, name) = house.somebody().await;
        Sent::function("sign_in/password_step").form(&[("name", &name), ("password", PASSWORD)])
    };
    "/fn/sign_in/account" => |house, _| {
        let (_, name) = house.somebody().await;
        let first = Sent::function("sign_in/password_step").form(&[("name", &name), ("password", PASSWORD)]);
        let step = house.send(first).await.kept("stint_step").unwrap();
        Sent::function("sign_in/account").json(&json!({})).cookie("stint_step", &step)
    };
    "/fn/sign_in/code_step" => |house, _| {
        let (_, name) = house.somebody().await;
        let first = Sent::function("sign_in/password_step").form(&[("name", &name), ("password", PASSWORD)]);
        let step = house.send(first).await.kept("stint_step").unwrap();
        Sent::function("sign_in/code_step").form(&[("code", &house.world.code(&name))]).cookie("stint_step", &step)
    };
    "/fn/sign_in/recovery_codes", "without the step before" => |_house, _| {
        Sent::function("sign_in/recovery_codes").json(&json!({}))
    };
    "/fn/link/view" => |house, _| {
        Sent::function("link/view").json(&json!({ "token": house.link_token().await }))
    };
    "/fn/link/begin" => |house, _| {
        let token = house.link_token().await;
        Sent::function("link/begin").form(&[("token", &token), ("password", "a harbour in the evening sun")])
    };
    "/fn/link/enrolment" => |house, _| {
        let (token, step) = house.begun_link().await;
        Sent::function("link/enrolment").json(&json!({ "token": token })).cookie("stint_step", &step)
    };
    "/fn/link/finish" => |house, _| {
        let (token, step) = house.begun_link().await;
        let seen = Sent::function("link/enrolment").json(&json!({ "token": token })).cookie("stint_step", &step);
        let key = house.send(seen).await.json()["key"].as_str().unwrap().to_owned();
        let code = house.world.code_of_key(&key);
        Sent::function("link/finish").form(&[("token", &token), ("code", &code)]).cookie("stint_step", &step)
    };

    "/fn/session/sign_out" => |_house, _| Sent::function("session/sign_out").form(&[]);
    "/fn/session/end", "own" => |house, caller| {
        let session = house.other_session(caller).await;
        Sent::function("session/end").form(&[("id", &session.to_string())])
    };
    "/fn/session/end_others" => |_house, _| Sent::function("session/end_others").form(&[]);
    "/fn/theme/choose" => |_house, _| Sent::function("theme/choose").form(&[("theme", "dark")]);
    "/fn/zone/list" => |_house, _| Sent::function("zone/list").json(&json!({}));
    "/fn/zone/choose" => |_house, _| Sent::function("zone/choose").form(&[("zone", "Europe/Oslo")]);

    "/fn/credential/security" => |_house, _| Sent::function("credential/security").json(&json!({}));
    "/fn/credential/change_password" => |_house, _| {
        Sent::function("credential/change_password").form(&[("current_password", PASSWORD), ("password", PASSWORD)])
    };
    "/fn/credential/begin_factor" => |_house, _| Sent::function("credential/begin_factor").form(&[]);
    "/fn/credential/enrolment", "without the step before" => |_house, _| {
        Sent::function("credential/enrolment").json(&json!({}))
    };
    "/fn/credential/finish_factor", "without the step before" => |_house, _| {
        Sent::function("credential/finish_factor").form(&[("code", "123456"), ("proof", "123456")])
    };
    "/fn/credential/new_recovery_codes" => |_house, _| {
        Sent::function("credential/new_recovery_codes").form(&[("code", "")])
    };

    "/fn/person/me" => |_house, _| Sent::function("person/me").json(&json!({}));
    "/fn/person/list" => |_house, _| Sent::function("person/list").json(&json!({ "query": {} }));
    "/fn/person/get", "somebody without a role" => |house, _| {
        let (person, _) = house.somebody().await;
        Sent::function("person/get").json(&json!({ "id": person }))
    };
    "/fn/person/get", "the requester" => |house, _| {
        Sent::function("person/get").json(&json!({ "id": house.person(Caller::Requester) }))
    };
    "/fn/person/create" => |house, _| {
        let name = format!("new-person-{}", house.number());
        Sent::function("person/create").form(&[("kind", "guest"), ("name", &name), ("sign_in_name", &name), ("key", &name)])
    };
    "/fn/person/change", "somebody without a role" => |house, _| {
        let (person, name) = house.somebody().await;
        Sent::function("person/change").form(&[
            ("id", &person.to_string()), ("kind", "guest"), ("name", &name), ("version", "1"), ("key", &name),
        ])
    };
    "/fn/person/change", "somebody with a role" => |house, _| {
        let person = house.privileged().await.to_string();
        Sent::function("person/change").form(&[
            ("id", &person), ("kind", "guest"), ("name", "Somebody"), ("version", "1"), ("key", &person),
        ])
    };
    "/fn/person/disable", "somebody without a role" => |house, _| {
        let (person, name) = house.somebody().await;
        Sent::function("person/disable").form(&[("id", &person.to_string()), ("key", &name)])
    };
    "/fn/person/disable", "somebody with a role" => |house, _| {
        let person = house.privileged().await.to_string();
        Sent::function("person/disable").form(&[("id", &person), ("key", &person)])
    };
    "/fn/person/enable" => |house, _| {
        let person = house.disabled().await.to_string();
        Sent::function("person/enable").form(&[("id", &person), ("key", &person)])
    };
    "/fn/person/make_link", "a lost password" => |house, _| {
        let (person, _) = house.somebody().await;
        Sent::function("person/make_link").form(&[("id", &person.to_string()), ("purpose", "lost_password")])
    };
    "/fn/person/make_link", "somebody new" => |house, _| {
        let person = house.invited().await.to_string();
        Sent::function("person/make_link").form(&[("id", &person), ("purpose", "invitation")])
    };
    "/fn/person/made_link", "without a link that was just made" => |house, _| {
        let person = house.invited().await;
        Sent::function("person/made_link").json(&json!({ "id": person }))
    };

    "/fn/group/list" => |_house, _| Sent::function("group/list").json(&json!({ "query": {} }));
    "/fn/group/get" => |house, _| {
        let (group, _) = house.group().await;
        Sent::function("group/get").json(&json!({ "id": group }))
    };
    "/fn/group/create" => |house, _| {
        let name = format!("new group {}", house.number());
        Sent::function("group/create").form(&[("name", &name), ("key", &name)])
    };
    "/fn/group/change" => |house, _| {
        let ((group, _), name) = (house.group().await, format!("changed {}", house.number()));
        Sent::function("group/change")
            .form(&[("id", &group.to_string()), ("name", &name), ("version", "1"), ("key", &name)])
    };
    "/fn/group/remove" => |house, _| {
        let group = house.group().await.0.to_string();
        Sent::function("group/remove").form(&[("id", &group), ("key", &group)])
    };
    "/fn/group/add_member", "without a role" => |house, _| {
        let ((group, _), (person, name)) = (house.group().await, house.somebody().await);
        Sent::function("group/add_member")
            .form(&[("id", &group.to_string()), ("person", &person.to_string()), ("key", &name)])
    };
    "/fn/group/add_member", "with a role" => |house, _| {
        let ((group, _), (person, name)) = (house.privileged_group().await, house.somebody().await);
        Sent::function("group/add_member")
            .form(&[("id", &group.to_string()), ("person", &person.to_string()), ("key", &name)])
    };
    "/fn/group/remove_member", "without a role" => |house, _| {
        let (group, member) = house.group().await;
        let (group, member) = (group.to_string(), member.to_string());
        Sent::function("group/remove_member").form(&[("id", &group), ("person", &member), ("key", &group)])
    };
    "/fn/group/remove_member", "with a role" => |house, _| {
        let (group, member) = house.privileged_group().await;
        let (group, member) = (group.to_string(), member.to_string());
        Sent::function("group/remove_member").form(&[("id", &group), ("person", &member), ("key", &group)])
    };

    "/fn/role/list" => |_house, _| Sent::function("role/list").json(&json!({ "query": {} }));
    "/fn/role/get" => |house, _| {
        Sent::function("role/get").json(&json!({ "id": house.open_role().await }))
    };
    "/fn/role/history" => |house, _| {
        Sent::function("role/history").json(&json!({ "id": house.open_role().await }))
    };
    "/fn/role/catalogue" => |_house, _| Sent::function("role/catalogue").json(&json!({}));
    "/fn/role/import" => |house, _| {
        // A list: `form[keys][]`.
        let list = "keys%5D%5B";
        let key = house.number().to_string();
        Sent::function("role/import").form(&[(list, "teams-administrator"), ("key", &key)])
    };
    "/fn/role/create" => |house, _| {
        let key = format!("new-role-{}", house.number());
        Sent::function("role/create").form(&[("role_key", &key), ("name", &key), ("level", "high"), ("key", &key)])
    };
    "/fn/role/change" => |house, _| {
        let (role, name) = (house.open_role().await.to_string(), format!("changed {}", house.number()));
        Sent::function("role/change")
            .form(&[("id", &role), ("version", "1"), ("name", &name), ("level", "high"), ("key", &name)])
    };
    "/fn/role/disable" => |house, _| {
        let role = house.open_role().await.to_string();
        Sent::function("role/disable").form(&[("id", &role), ("key", &role)])
    };
    "/fn/role/enable" => |house, _| {
        let role = house.open_role().await;
        house.world.switch_off(role).await;
        let role = role.to_string();
        Sent::function("role/enable").form(&[("id", &role), ("key", &role)])
    };
    "/fn/role_settings/change" => |house, _| {
        let role = house.open_role().await.to_string();
        Sent::function("role_settings/change").form(&[
            ("id", &role), ("version", "1"), ("longest", "14400"), ("proposed", "3600"), ("second_factor", "fresh"),
            ("fresh", "10"), ("reason", "true"), ("least", "10"), ("ticket", "false"), ("later", "true"), ("ahead", "14"),
            ("limited", "false"), ("pauses", "false"), ("approval", "false"), ("needed", "1"), ("timeout", "86400"),
            ("say_why", "to_deny"), ("approver_factor", "session"), ("eligible_permanent", "true"),
            ("eligible_longest", "365"), ("active_permanent", "false"), ("active_longest", "180"),
            ("active_reason", "true"), ("key", &role),
        ])
    };

    "/fn/assignment/of_role" => |house, _| {
        Sent::function("assignment/of_role").json(&json!({ "role": house.open_role().await }))
    };
    "/fn/assignment/get" => |house, _| {
        let (assignment, _) = house.assignment().await;
        Sent::function("assignment/get").json(&json!({ "id": assignment }))
    };
    "/fn/assignment/find" => |_house, _| Sent::function("assignment/find").json(&json!({ "search": "approver" }));
    "/fn/assignment/preview" => |house, _| {
        let (role, (person, _)) = (house.role().await, house.somebody().await);
        Sent::function("assignment/preview")
            .json(&json!({ "role": role, "principal": { "kind": "person", "id": person } }))
    };
    "/fn/assignment/make" => |house, _| {
        let (role, (person, _)) = (house.role().await.to_string(), house.somebody().await);
        Sent::function("assignment/make").form(&[
            ("role", &role), ("principal", &format!("person:{person}")), ("kind", "eligible"), ("lasts", "forever"),
            ("key", &role),
        ])
    };
    "/fn/assignment/change" => |house, _| {
        let (assignment, role) = house.assignment().await;
        Sent::function("assignment/change").form(&[
            ("id", &assignment.to_string()), ("role", &role.to_string()), ("version", "1"), ("forever", "false"),
            ("ends_at", "2027-01-15T12:00"), ("key", &role.to_string()),
        ])
    };
    "/fn/assignment/remove" => |house, _| {
        let (assignment, role) = house.assignment().await;
        let (assignment, role) = (assignment.to_string(), role.to_string());
        Sent::function("assignment/remove").form(&[("id", &assignment), ("role", &role), ("key", &role)])
    };

    "/fn/activation/my_roles" => |_house, _| Sent::function("activation/my_roles").json(&json!({}));
    "/fn/activation/form" => |house, _| {
        Sent::function("activation/form").json(&json!({ "key": house.open_key().await }))
    };
    "/fn/activation/mine" => |_house, _| Sent::function("activation/mine").json(&json!({ "query": {} }));
    "/fn/activation/list" => |_house, _| Sent::function("activation/list").json(&json!({ "query": {} }));
    "/fn/activation/get" => |house, _| {
        let (id, _) = house.pending().await;
        Sent::function("activation/get").json(&json!({ "id": id }))
    };
    "/fn/activation/to_decide" => |_house, _| Sent::function("activation/to_decide").json(&json!({}));
    "/fn/activation/decided" => |_house, _| Sent::function("activation/decided").json(&json!({}));
    "/fn/activation/request" => |house, _| {
        let role = house.open_role().await.to_string();
        Sent::function("activation/request").form(&[
            ("role", &role), ("duration", "3600"), ("justification", "Rotate the certificate"), ("key", &role),
        ])
    };
    "/fn/activation/decide" => |house, _| {
        let (id, digest) = house.pending().await;
        Sent::function("activation/decide").form(&[
            ("id", &id.to_string()), ("verdict", "approved"), ("digest", &digest), ("key", &digest),
        ])
    };
    "/fn/activation/cancel" => |house, _| {
        let id = house.pending().await.0.to_string();
        Sent::function("activation/cancel").form(&[("id", &id), ("key", &id)])
    };
    "/fn/activation/deactivate" => |house, _| {
        let id = house.active().await.to_string();
        Sent::function("activation/deactivate").form(&[("id", &id), ("key", &id)])
    };
    "/fn/activation/revoke" => |house, _| {
        let id = house.active().await.to_string();
        Sent::function("activation/revoke").form(&[("id", &id), ("key", &id)])
    };

    "/fn/audit/list" => |_house, _| Sent::function("audit/list").json(&json!({ "asked": {} }));
    "/fn/audit/own" => |_house, _| Sent::function("audit/own").json(&json!({ "before": "" }));
    "/fn/audit/roles" => |_house, _| Sent::function("audit/roles").json(&json!({}));
    "/fn/audit/last_verification" => |_house, _| Sent::function("audit/last_verification").json(&json!({}));
    "/fn/audit/verify" => |_house, _| Sent::function("audit/verify").form(&[]);
    "/fn/notification/outbox" => |_house, _| Sent::function("notification/outbox").json(&json!({ "query": {} }));
    "/fn/notification/view" => |house, _| {
        Sent::function("notification/view").json(&json!({ "id": house.message().await }))
    };
}
