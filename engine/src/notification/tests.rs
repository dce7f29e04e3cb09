//! Who is told what, and that it arrives.

use domain::{
    Id, Scope, Span,
    activation::{Activation, Cause, Decision, State, Ticket, Verdict},
    event::{Event, EventKind},
    page::ListQuery,
    person::{PersonId, Principal},
    role::RoleId,
    role_settings::RoleSettings,
};
use secrecy::SecretString;
use serde_json::json;

use super::{check_templates, deliver, enqueue_link, erase, message, outbox, round, view};
use crate::{
    Ctx, store,
    testing::{MailServer, World},
};

/// A role that these must approve.
async fn approved_by(world: &World, approvers: Vec<Principal>, needed: u8) -> RoleId {
    let mut settings = RoleSettings::initial();
    settings.approval.required = true;
    settings.approval.stages[0].approvers = approvers;
    settings.approval.stages[0].needed = needed;
    world.role_with("exchange-administrator", settings).await
}

/// The text of the newest message to this address.
async fn text_to(world: &World, name: &str) -> String {
    let mail = world.mail().await.into_iter().rfind(|mail| mail.to.starts_with(name));
    mail.map(|mail| mail.text).unwrap_or_default()
}

async fn pending(world: &World, person: PersonId, role: RoleId, reason: &str) -> Activation {
    let now = world.engine.now();
    let activation = Activation {
        id: world.engine.env().id(),
        number: 20_931,
        person,
        role,
        scope: Scope::everything(),
        settings_version: 1,
        requested_at: now,
        requested_start: None,
        duration: Span::hours(2),
        justification: reason.to_owned(),
        ticket: Some(Ticket { system: "Jira".to_owned(), number: "OPS-4821".to_owned() }),
        state: State::PendingApproval,
        lapses_at: Some(Span::hours(1).after(now)),
        accepted_at: None,
        effective_at: None,
        ends_at: None,
        end_announced: false,
        settled_at: None,
        cause: None,
        decisions: Vec::new(),
        version: 1,
    };
    let kept = activation.clone();
    world
        .engine
        .note(move |tx| Box::pin(async move { store::activation::insert(tx.conn(), &kept).await }))
        .await
        .unwrap();
    activation
}

/// Saves the activation as it is now and puts the fact on record.
async fn happens(world: &World, ctx: &Ctx, before: &Activation, after: &Activation, event: Event) {
    let (before, after) = (before.clone(), after.clone());
    world
        .engine
        .note(move |tx| Box::pin(async move { store::activation::save(tx.conn(), &before, &after).await }))
        .await
        .unwrap();
    world.engine.record(ctx, event).await.unwrap();
}

#[test]
fn every_template_can_be_filled() {
    check_templates().unwrap();
}

#[test]
fn tries_wait_a_minute_doubling_to_an_hour() {
    let start = crate::testing::beginning();
    let minutes: Vec<_> = (0..9)
        .map(|attempts| Span::between(start, super::deliver::next_try(attempts, start)).as_seconds() / 60)
        .collect();
    assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

crate::on_every_database!(approvers_are_asked_and_the_requester_gets_a_receipt, world, {
    let kenji = world.person("Kenji Watanabe").await;
    let priya = world.person("Priya Raman").await;
    let tomasz = world.person("Tomasz Wieczorek").await;
    // The requester is in the group of approvers, and is not asked.
    let group = world.group("Approvers", &[kenji, tomasz]).await;
    world.administrator("Marta Lindqvist").await;
    let role = approved_by(&world, vec![Principal::Person(priya), Principal::Group(group)], 1).await;
    let asked = pending(&world, kenji, role, "Enable wave 3.").await;
    world.engine.record(&world.ctx(kenji), asked.event(EventKind::ActivationRequested)).await.unwrap();

    let subject = "Kenji Watanabe asks for exchange-administrator, 2 h, decide by 15:18";
    assert_eq!(world.mail_to("Priya Raman").await, [subject]);
    assert_eq!(world.mail_to("Tomasz Wieczorek").await, [subject]);
    assert_eq!(world.mail_to("Kenji Watanabe").await, ["You asked for exchange-administrator, 2 h"]);
    assert!(world.mail_to("Marta Lindqvist").await.is_empty());
    let mail = world.mail().await.into_iter().find(|mail| mail.to.starts_with("priya")).unwrap();
    for part in [
        "Decide by 15:18, Oslo time. After that the request lapses.",
        "Reason:  \"Enable wave 3.\"",
        "Ticket:  Jira OPS-4821",
        "Tomasz Wieczorek can decide too; the first decision counts.",
        "Asked Tuesday 24 November 2026, 14:18, request R-20931.",
    ] {
        assert!(mail.text.contains(part), "{part} in\n{}", mail.text);
    }
    let link = format!("http://127.0.0.1:8080/approvals/{}", asked.id);
    assert!(mail.text.contains(&link) && mail.html.replace("&#x2f;", "/").contains(&link));
    assert!(!mail.html.contains("approve/") && !mail.html.contains("<img"));
});

crate::on_every_database!(administrators_are_asked_when_nobody_is_named, world, {
    let kenji = world.administrator("Kenji").await;
    world.administrator("Marta").await;
    let role = approved_by(&world, Vec::new(), 1).await;
    let asked = pending(&world, kenji, role, "why").await;
    world.engine.record(&world.ctx(kenji), asked.event(EventKind::ActivationRequested)).await.unwrap();
    assert_eq!(world.mail_to("Marta").await.len(), 1);
    assert_eq!(world.mail_to("Kenji").await, ["You asked for exchange-administrator, 2 h"]);
});

crate::on_every_database!(
    a_denial_is_told_with_who_and_why_and_the_other_approvers_hear_that_it_is_settled,
    world,
    {
        let (kenji, priya) = (world.person("Kenji").await, world.person("Priya").await);
        let tomasz = world.person("Tomasz").await;
        let role = approved_by(&world, vec![Principal::Person(priya), Principal::Person(tomasz)], 1).await;
        let asked = pending(&world, kenji, role, "why").await;
        let mut denied = asked.clone();
        denied.state = State::Denied;
        denied.lapses_at = None;
        denied.settled_at = Some(world.engine.now());
        let event =
            denied.event(EventKind::ActivationDenied).reason("Use another role: this one is too wide.");
        happens(&world, &world.ctx(tomasz), &asked, &denied, event).await;
        assert_eq!(world.mail_to("Kenji").await, ["exchange-administrator: denied by Tomasz"]);
        assert_eq!(world.mail_to("Priya").await, ["Kenji, exchange-administrator: denied by Tomasz"]);
        assert!(world.mail_to("Tomasz").await.is_empty());
        assert!(text_to(&world, "kenji").await.contains("“Use another role: this one is too wide.”"));
    }
);

crate::on_every_database!(an_active_role_is_told_once_to_the_requester_and_alerts_administrators, world, {
    let (kenji, priya) = (world.person("Kenji").await, world.person("Priya").await);
    world.administrator("Marta").await;
    let role = approved_by(&world, vec![Principal::Person(priya)], 1).await;
    let asked = pending(&world, kenji, role, "why").await;
    let now = world.engine.now();
    let mut active = asked.clone();
    active.state = State::Active;
    active.lapses_at = None;
    active.accepted_at = Some(now);
    active.effective_at = Some(now);
    active.ends_at = Some(Span::hours(2).after(now));
    active.decisions.push(Decision {
        by: priya,
        verdict: Verdict::Approved,
        justification: "go".to_owned(),
        at: now,
    });
    happens(&world, &world.ctx(priya), &asked, &active, active.event(EventKind::ActivationApproved)).await;
    world.engine.record(&world.ctx(priya), active.event(EventKind::ActivationActivated)).await.unwrap();
    let told = ["Approved by Priya. exchange-administrator is active until 16:18"];
    assert_eq!(world.mail_to("Kenji").await, told);
    assert_eq!(world.mail_to("Marta").await, ["Kenji holds exchange-administrator until 16:18"]);
    assert!(world.mail_to("Priya").await.is_empty());

    let mut ended = active.clone();
    ended.version += 1;
    let before = ended.clone();
    ended.state = State::Ended;
    ended.cause = Some(Cause::Revoked);
    ended.settled_at = Some(now);
    let event = ended.event(EventKind::ActivationEnded).reason("revoked: not needed any more");
    happens(&world, &Ctx::stint(), &before, &ended, event).await;
    assert_eq!(world.mail_to("Kenji").await.last().unwrap(), "exchange-administrator ended 14:18");
    let text = world.mail().await.last().unwrap().text.clone();
    assert!(text.contains("ended by an administrator") && text.contains("“not needed any more”"), "{text}");
});

crate::on_every_database!(everybody_in_a_group_hears_of_its_assignment_and_its_end, world, {
    let (ada, grace) = (world.person("Ada").await, world.person("Grace").await);
    let marta = world.administrator("Marta").await;
    let group = world.group("Operators", &[ada, grace]).await;
    let role = world.role("exchange").await;
    let until = Some(Span::days(365).after(world.engine.now()));
    let kind = domain::assignment::AssignmentKind::Eligible;
    let assignment = world.assign(role, Principal::Group(group), kind, until).await;
    let fact = |kind| Event::new(kind).role(role).assignment(assignment).reason("14_days");
    world.engine.record(&world.ctx(marta), fact(EventKind::AssignmentMade)).await.unwrap();
    assert_eq!(world.mail_to("Ada").await, ["You are eligible for exchange"]);
    assert_eq!(world.mail_to("Grace").await.len(), 1);
    assert_eq!(world.mail_to("Marta").await, ["Operators is eligible for exchange"]);
    let text = text_to(&world, "ada").await;
    assert!(text.contains("Until:   24 Nov 2027, 14:18") && text.contains("Through: Operators"), "{text}");
    assert!(!text.contains("14_days"), "{text}");
    world.engine.record(&Ctx::stint(), fact(EventKind::AssignmentEndAnnounced)).await.unwrap();
    assert_eq!(world.mail_to("Ada").await[1], "Your eligibility for exchange ends 24 Nov 2027, 14:18");
    let left = Event::new(EventKind::MemberRemoved).person(grace).group(group);
    world.engine.record(&world.ctx(marta), left).await.unwrap();
    assert_eq!(world.mail_to("Grace").await[2], "You are not in Operators any more");
});

crate::on_every_database!(a_planned_start_that_nobody_has_to_approve_is_confirmed_to_the_requester, world, {
    let ada = world.person("Ada").await;
    world.administrator("Marta").await;
    let role = world.role("exchange").await;
    world.eligible(ada, role).await;
    world.request_later(ada, role, Span::hours(2)).await.unwrap();
    assert_eq!(world.mail_to("Ada").await, ["exchange starts 16:18, for 1 h"]);
    assert!(world.mail_to("Marta").await.is_empty());
    // With approval the approval tells it, once.
    let approved = approved_by(&world, vec![Principal::Person(world.person("Priya").await)], 1).await;
    world.eligible(ada, approved).await;
    let asked = world.request_later(ada, approved, Span::hours(2)).await.unwrap();
    assert_eq!(world.activation(asked).await.state, State::PendingApproval);
    assert_eq!(world.mail_to("Ada").await.len(), 2);
});

crate::on_every_database!(what_one_act_changes_about_an_account_is_one_message, world, {
    let ada = world.person("Ada").await;
    world.administrator("Marta").await;
    let fact = |kind| Event::new(kind).person(ada);
    world.engine.record(&world.ctx(ada), fact(EventKind::PasswordSet)).await.unwrap();
    world.engine.record(&world.ctx(ada), fact(EventKind::FactorEnrolled)).await.unwrap();
    assert_eq!(world.mail_to("Ada").await, ["Your Stint account changed"]);
    assert_eq!(world.mail_to("Marta").await, ["The account of Ada changed"]);
    let text = text_to(&world, "ada").await;
    assert!(
        text.contains("A new password was set.") && text.contains("An authenticator app was set up."),
        "{text}"
    );
    world.advance(Span::seconds(1));
    world.engine.record(&world.ctx(ada), fact(EventKind::RecoveryCodesMade)).await.unwrap();
    assert_eq!(world.mail_to("Ada").await.len(), 2);
});

crate::on_every_database!(a_changed_address_is_told_to_the_old_one_too, world, {
    let ada = world.person("Ada").await;
    let changed = Event::new(EventKind::PersonChanged)
        .person(ada)
        .before(json!({ "addresses": ["old@halden.example"] }))
        .after(json!({ "addresses": ["ada@halden.example"] }));
    world.engine.record(&world.ctx(ada), changed).await.unwrap();
    let mut to: Vec<_> = world.mail().await.into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["ada@halden.example", "old@halden.example"]);
    // A new name alone tells nobody.
    let renamed = Event::new(EventKind::PersonChanged)
        .person(ada)
        .before(json!({ "name": "A" }))
        .after(json!({ "name": "B" }));
    world.engine.record(&world.ctx(ada), renamed).await.unwrap();
    assert_eq!(world.mail().await.len(), 2);
});

crate::on_every_database!(refusals_tell_nobody, world, {
    let ada = world.person("Ada").await;
    world.administrator("Marta").await;
    let refused = Event::new(EventKind::PasswordSet).person(ada).refused(domain::Code::Forbidden);
    world.engine.record(&world.ctx(ada), refused).await.unwrap();
    assert!(world.mail().await.is_empty());
});

crate::on_every_database!(changed_settings_are_told_with_names_to_those_concerned, world, {
    let (ada, priya) = (world.person("Ada").await, world.person("Priya").await);
    let marta = world.administrator("Marta").await;
    let role = world.role("exchange").await;
    world.eligible(ada, role).await;
    let mut settings = RoleSettings::initial();
    settings.approval.stages[0].approvers = vec![Principal::Person(priya)];
    world
        .engine
        .note(move |tx| {
            Box::pin(async move {
                store::role_settings::insert(tx.conn(), role, 2, &settings, Some(marta), tx.now).await?;
                let mut kept = store::role::get(tx.conn(), role).await?;
                kept.settings_version = 2;
                store::role::save(tx.conn(), &kept).await
            })
        })
        .await
        .unwrap();
    world.engine.record(&world.ctx(marta), Event::new(EventKind::SettingsChanged).role(role)).await.unwrap();
    assert_eq!(world.mail_to("Ada").await, ["The settings of exchange changed"]);
    let text = world.mail().await.last().unwrap().text.clone();
    assert!(text.contains("Approvers: the administrators -> Priya"), "{text}");
});

crate::on_every_database!(what_people_type_can_forge_neither_headers_nor_markup_nor_lines, world, {
    let kenji = world.person("Kenji\r\nBcc: all@halden.example <b>").await;
    let priya = world.person("Priya").await;
    let role = approved_by(&world, vec![Principal::Person(priya)], 1).await;
    let asked =
        pending(&world, kenji, role, "fine\n\nApproved by Marta.\n<script>alert(1)</script> {{ 7 * 7 }}")
            .await;
    world.engine.record(&Ctx::stint(), asked.event(EventKind::ActivationRequested)).await.unwrap();
    let mail = world.mail().await.into_iter().find(|mail| mail.to.starts_with("priya")).unwrap();
    assert!(!mail.subject.contains(['\r', '\n']));
    assert!(!mail.text.contains("\nApproved by") && mail.text.contains("{{ 7 * 7 }}"));
    assert!(
        !mail.html.contains("<script>")
            && !mail.html.contains(" <b>")
            && mail.html.contains("&lt;script&gt;")
    );
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    // The requester's own address cannot be an address, and holds up nobody else.
    deliver(&engine).await.unwrap();
    let taken = server.taken();
    assert!(!taken.is_empty());
    assert!(taken.iter().all(|mail| !mail.lines().any(|line| line.starts_with("Bcc"))));
    engine.close().await;
});

crate::on_every_database!(an_invitation_is_mailed_once_and_shown_never, world, {
    let ada = world.person("Ada").await;
    let marta = world.administrator("Marta").await;
    let (first, second) = (world.engine.clone(), world.engine.clone());
    let to: Vec<String> = world
        .engine
        .act(&world.ctx(marta), Event::new(EventKind::LinkMade), move |tx| {
            Box::pin(async move {
                let url = SecretString::from("http://127.0.0.1:8080/link/very-secret");
                let to = enqueue_link(&first, tx, ada, &url, Span::hours(72).after(tx.now)).await?;
                let made =
                    Event::new(EventKind::LinkMade).person(ada).after(json!({ "purpose": "invitation" }));
                tx.commit(&second, to, vec![made]).await
            })
        })
        .await
        .unwrap();
    assert_eq!(to, ["ada@halden.example"]);
    // The invitation is all that the new person gets; the administrators are alerted.
    assert_eq!(world.mail_to("Ada").await, ["Your invitation to Stint at Halden Logistics"]);
    assert_eq!(world.mail_to("Marta").await, ["The account of Ada changed"]);
    let shown = outbox(&world.engine, &world.ctx(marta), ListQuery::default()).await.unwrap();
    let invitation = shown.messages.iter().find(|row| row.subject.starts_with("Your invitation")).unwrap();
    let text = view(&world.engine, &world.ctx(marta), invitation.id).await.unwrap().text;
    assert!(!text.contains("very-secret") && text.contains("not shown here"), "{text}");

    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    assert_eq!(deliver(&engine).await.unwrap(), 2);
    let taken = server.taken().into_iter().find(|mail| mail.contains("invitation")).unwrap();
    assert!(taken.replace("=\n", "").contains("/link/very-secret"), "{taken}");
    let row = store::outbox::find(world.engine.readers(), invitation.id).await.unwrap().unwrap();
    assert!(row.sealed.is_none() && row.delivered_at.is_some());
    engine.close().await;
});

/// How many links are sealed in the outbox.
async fn sealed(world: &World) -> usize {
    let rows = store::outbox::newest_first(world.engine.readers(), None, None, 100).await.unwrap();
    rows.iter().filter(|row| row.sealed.is_some()).count()
}

crate::on_every_database!(a_link_that_became_void_or_old_is_not_mailed, world, {
    let (ada, grace) = (world.person("Ada").await, world.person("Grace").await);
    for person in [ada, grace] {
        let engine = world.engine.clone();
        world
            .engine
            .note(move |tx| {
                Box::pin(async move {
                    let url = SecretString::from("http://127.0.0.1:8080/link/very-secret");
                    enqueue_link(&engine, tx, person, &url, Span::hours(72).after(tx.now)).await
                })
            })
            .await
            .unwrap();
    }
    // A newer link made in the same act as the old one became void is mailed.
    let newer = || Event::new(EventKind::LinkVoided).person(ada).reason("newer");
    world.engine.record(&Ctx::stint(), newer()).await.unwrap();
    assert!(sealed(&world).await == 2);
    let privileged = Event::new(EventKind::LinkVoided).person(ada).reason("privileged");
    world.engine.record(&Ctx::stint(), privileged).await.unwrap();
    assert!(sealed(&world).await == 1);
    world.advance(Span::hours(72));
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    assert_eq!(deliver(&engine).await.unwrap(), 1);
    assert_eq!(deliver(&engine).await.unwrap(), 0);
    assert!(server.taken().is_empty());
    engine.close().await;
});

crate::on_every_database!(mail_arrives_once_with_text_and_html_also_with_two_instances, world, {
    let ada = world.person("Ada").await;
    for _ in 0..30 {
        world.advance(Span::seconds(1));
        world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    }
    let server = MailServer::start().await;
    let (one, two) = (world.instance_with_mail(&server).await, world.instance_with_mail(&server).await);
    for _ in 0..2 {
        let (first, second) = tokio::join!(deliver(&one), deliver(&two));
        first.unwrap();
        second.unwrap();
    }
    let taken = server.taken();
    assert_eq!(taken.len(), 30);
    let ids: std::collections::BTreeSet<_> =
        taken.iter().filter_map(|mail| mail.lines().find(|line| line.starts_with("Message-ID:"))).collect();
    assert_eq!(ids.len(), 30);
    let mail = &taken[0];
    for header in [
        "From: \"Stint at Halden Logistics\" <stint@halden.example>",
        "Subject: Your Stint account changed",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(mail.contains(header), "{header} in\n{mail}");
    }
    one.close().await;
    two.close().await;
});

crate::on_every_database!(what_the_server_does_not_take_is_tried_again_later, world, {
    let ada = world.person("Ada").await;
    let marta = world.administrator("Marta").await;
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    server.refuse_next("451 later");
    server.refuse_next("550 no such mailbox");
    assert_eq!(deliver(&engine).await.unwrap(), 2);
    assert_eq!(deliver(&engine).await.unwrap(), 0);
    let shown = outbox(&engine, &world.ctx(marta), ListQuery::default()).await.unwrap();
    assert!(shown.delivers);
    assert_eq!(shown.waiting, 2);
    let mut errors: Vec<_> = shown.messages.iter().filter_map(|row| row.last_error.clone()).collect();
    errors.sort();
    assert!(errors[0].starts_with("The mail server asks to try again later"), "{errors:?}");
    assert!(
        errors[1].starts_with("The mail server refused it") && errors[1].contains("no such mailbox"),
        "{errors:?}"
    );
    world.advance(Span::minutes(1));
    assert_eq!(deliver(&engine).await.unwrap(), 2);
    assert_eq!(server.taken().len(), 2);
    world.advance(Span::hours(2));
    assert_eq!(deliver(&engine).await.unwrap(), 0);
    engine.close().await;
});

crate::on_every_database!(what_the_server_took_without_saying_so_is_sent_again_under_the_same_id, world, {
    let ada = world.person("Ada").await;
    world.administrator("Marta").await;
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    server.hang_up(2);
    assert_eq!(deliver(&engine).await.unwrap(), 2);
    assert!(world.posted().await.iter().all(|one| one.delivered_at.is_none() && one.waits));
    world.advance(Span::minutes(1));
    assert_eq!(deliver(&engine).await.unwrap(), 2);
    assert!(world.posted().await.iter().all(|one| one.delivered_at.is_some() && !one.waits));
    let id = |mail: &String| mail.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    let mut ids: Vec<_> = server.taken().iter().map(id).collect();
    assert_eq!(ids.len(), 4);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2);
    engine.close().await;
});

crate::on_every_database!(an_address_that_is_slow_holds_up_no_other, world, {
    let slow = world.person("Slow").await;
    let mut others = Vec::new();
    for number in 0..20 {
        others.push(world.person(&format!("Person {number}")).await);
    }
    let told = async |person| {
        world.advance(Span::seconds(1));
        world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(person)).await.unwrap();
    };
    for _ in 0..25 {
        told(slow).await;
    }
    for person in others {
        told(person).await;
    }
    let server = MailServer::start().await;
    server.stall("slow@halden.example");
    let engine = world.instance_with_mail(&server).await;
    round(&engine).await.unwrap();
    let taken = async {
        while server.taken().len() < 20 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    // One after the other, the slow address alone would take several times as long as this.
    tokio::time::timeout(std::time::Duration::from_secs(120), taken)
        .await
        .expect("all others have their mail");
});

crate::on_every_database!(questions_are_taken_first_and_what_failed_last, world, {
    let (ada, priya) = (world.person("Ada").await, world.person("Priya").await);
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    server.refuse_next("451 later");
    assert_eq!(deliver(&engine).await.unwrap(), 1);
    world.advance(Span::minutes(1));
    let bo = world.person("Bo").await;
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(bo)).await.unwrap();
    world.advance(Span::minutes(1));
    let role = approved_by(&world, vec![Principal::Person(priya)], 1).await;
    world.eligible(ada, role).await;
    world.request(ada, role).await.unwrap();
    let leased = async |addresses: usize, failing: usize, busy: &[&str]| {
        let busy = busy.iter().map(|name| format!("{name}@halden.example")).collect();
        let room = store::outbox::Room { addresses, failing, busy };
        let taken: crate::Result<Vec<String>> = world
            .engine
            .act_due(move |tx| {
                Box::pin(async move {
                    let taken = store::outbox::lease(tx.conn(), &room, tx.now, tx.now, 20).await?;
                    let first = |rows: &Vec<store::outbox::row::Model>| rows[0].address.clone();
                    Ok(tx.unchanged(taken.iter().map(first).collect()))
                })
            })
            .await;
        taken.unwrap().into_iter().map(|to| to.split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(leased(8, 4, &[]).await, ["priya", "bo", "ada"]);
    assert_eq!(leased(1, 4, &[]).await, ["priya"]);
    assert_eq!(leased(8, 4, &["priya", "ada"]).await, ["bo"]);
    engine.close().await;
});

crate::on_every_database!(what_cannot_be_delivered_puts_off_only_what_goes_to_the_same_address, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    for person in [ada, ada, ada] {
        world.advance(Span::seconds(1));
        world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(person)).await.unwrap();
    }
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    server.refuse_next("451 later");
    assert_eq!(deliver(&engine).await.unwrap(), 3);
    assert!(server.taken().is_empty());
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(bo)).await.unwrap();
    assert_eq!(deliver(&engine).await.unwrap(), 1);
    assert_eq!(server.taken().len(), 1);
    world.advance(Span::minutes(1));
    assert_eq!(deliver(&engine).await.unwrap(), 3);
    assert_eq!(server.taken().len(), 4);
    engine.close().await;
});

crate::on_every_database!(what_old_messages_said_is_erased_and_that_they_were_sent_is_kept, world, {
    let ada = world.person("Ada").await;
    let marta = world.administrator("Marta").await;
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    let server = MailServer::start().await;
    let engine = world.instance_with_mail(&server).await;
    assert_eq!(deliver(&engine).await.unwrap(), 2);
    // One that waits is kept, however old.
    let bo = world.person("Bo").await;
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(bo)).await.unwrap();
    let before = outbox(&engine, &world.ctx(marta), ListQuery::default()).await.unwrap().messages;
    world.advance(Span::days(89));
    assert_eq!(erase(&engine).await.unwrap(), 0);
    world.advance(Span::days(1));
    assert_eq!(erase(&engine).await.unwrap(), 2);
    assert_eq!(erase(&engine).await.unwrap(), 0);
    assert_eq!(outbox(&engine, &world.ctx(marta), ListQuery::default()).await.unwrap().messages, before);
    for row in before {
        let text = view(&engine, &world.ctx(marta), row.id).await.unwrap().text;
        assert_eq!(text.contains("was erased"), row.delivered_at.is_some(), "{text}");
    }
    engine.close().await;
});

crate::on_every_database!(without_a_mail_server_the_outbox_is_kept_for_administrators, world, {
    let ada = world.person("Ada").await;
    let marta = world.administrator("Marta").await;
    world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    assert_eq!(deliver(&world.engine).await.unwrap(), 0);
    let shown = outbox(&world.engine, &world.ctx(marta), ListQuery::default()).await.unwrap();
    assert!(!shown.delivers);
    assert_eq!((shown.waiting, shown.messages.len()), (2, 2));
    let only = ListQuery { search: Some("ADA@".to_owned()), ..ListQuery::default() };
    assert_eq!(outbox(&world.engine, &world.ctx(marta), only).await.unwrap().messages.len(), 1);
    for stranger in [world.ctx(ada), Ctx::of(crate::Caller::Nobody)] {
        assert!(outbox(&world.engine, &stranger, ListQuery::default()).await.is_err());
        assert!(view(&world.engine, &stranger, shown.messages[0].id).await.is_err());
    }
    let absent = view(&world.engine, &world.ctx(marta), Id::new(ada.uuid())).await.unwrap_err();
    assert_eq!(absent.problem().unwrap().code, domain::Code::NotFound);
});

crate::on_every_database!(the_outbox_comes_in_pages, world, {
    let ada = world.person("Ada").await;
    let marta = world.administrator("Marta").await;
    for _ in 0..30 {
        world.advance(Span::seconds(1));
        world.engine.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    }
    let first = outbox(&world.engine, &world.ctx(marta), ListQuery::default()).await.unwrap();
    assert_eq!(first.messages.len(), 50);
    let rest = ListQuery { cursor: first.next.map(|id| id.to_string()), search: None };
    let rest = outbox(&world.engine, &world.ctx(marta), rest).await.unwrap();
    assert_eq!((rest.messages.len(), rest.next), (10, None));
    assert!(first.messages.iter().all(|row| rest.messages.iter().all(|other| other.id != row.id)));
});

#[test]
fn many_names_are_counted() {
    let names = |list: &[&str]| {
        message::listed(&list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), "and")
    };
    assert_eq!(names(&["Ada"]), "Ada");
    assert_eq!(names(&["Ada", "Grace"]), "Ada and Grace");
    assert_eq!(names(&["Ada", "Grace", "Kay"]), "Ada, Grace and Kay");
    assert_eq!(names(&["Ada", "Grace", "Kay", "Lin"]), "Ada, Grace and 2 others");
}
