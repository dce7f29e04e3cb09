//! Every kind has its words, and the sentences read as one would say them.

use domain::{Id, Instant, person::PersonRef};
use serde_json::json;

use super::*;

fn person(number: u128, name: &str) -> PersonRef {
    PersonRef { id: Id::new(uuid::Uuid::from_u128(number)), name: name.to_owned() }
}

fn kenji() -> PersonRef {
    person(1, "Kenji Watanabe")
}

fn priya() -> PersonRef {
    person(2, "Priya Raman")
}

fn row(kind: EventKind) -> RecordRow {
    RecordRow {
        seq: 7,
        at: Instant::UNIX_EPOCH,
        kind,
        outcome: "done".to_owned(),
        actor: Some(priya()),
        actor_kind: "person".to_owned(),
        address: None,
        person: Some(kenji()),
        group: None,
        role: Some("Global Administrator".to_owned()),
        scope: Some("/".to_owned()),
        activation: None,
        number: None,
        before: None,
        after: None,
        reason: None,
        hash: String::new(),
    }
}

fn own(kind: EventKind) -> RecordRow {
    RecordRow { actor: Some(kenji()), ..row(kind) }
}

#[test]
fn facts_are_sentences() {
    use EventKind as K;
    let cases = [
        (own(K::ActivationRequested), "Kenji Watanabe asked for Global Administrator."),
        (row(K::ActivationApproved), "Priya Raman approved Global Administrator for Kenji Watanabe."),
        (own(K::ActivationActivated), "Kenji Watanabe activated Global Administrator."),
        (own(K::ActivationEnded), "Kenji Watanabe deactivated Global Administrator."),
        (row(K::ActivationEnded), "Priya Raman ended Global Administrator of Kenji Watanabe."),
        (own(K::SessionStarted), "Kenji Watanabe signed in."),
        (row(K::AssignmentMade), "Priya Raman made Kenji Watanabe eligible for Global Administrator."),
        (
            RecordRow { scope: Some("/finance".into()), ..own(K::ActivationRequested) },
            "Kenji Watanabe asked for Global Administrator in /finance.",
        ),
        (
            RecordRow { person: None, group: Some("Night shift".into()), ..row(K::AssignmentMade) },
            "Priya Raman made Night shift eligible for Global Administrator.",
        ),
        (
            RecordRow { actor: None, actor_kind: "stint".into(), ..row(K::ActivationEnded) },
            "Stint ended Global Administrator of Kenji Watanabe.",
        ),
        (
            RecordRow { person: None, after: Some(json!({ "name": "Night shift" })), ..row(K::GroupCreated) },
            "Priya Raman created the group Night shift.",
        ),
        (
            RecordRow { after: Some(json!({ "kind": "active" })), ..row(K::AssignmentMade) },
            "Priya Raman gave Global Administrator to Kenji Watanabe by assignment.",
        ),
        (
            RecordRow { after: Some(json!({ "purpose": "lost_password" })), ..row(K::LinkMade) },
            "Priya Raman made a link for a new password for Kenji Watanabe.",
        ),
    ];
    for (row, sentence) in cases {
        assert_eq!(whole(&row, None), sentence);
    }
}

#[test]
fn what_was_refused_is_told_as_not_done() {
    let refused = RecordRow { outcome: "own_request".to_owned(), ..row(EventKind::ActivationApproved) };
    assert_eq!(
        whole(&refused, None),
        "Priya Raman could not approve Global Administrator for Kenji Watanabe."
    );
    assert_eq!(said(&refused, None).alarm, Some("Refused"));
    assert_eq!(refusal(&refused).as_deref(), Some("You cannot decide your own request."));
    let with_limit = RecordRow { outcome: "duration_too_long".to_owned(), ..refused };
    assert_eq!(refusal(&with_limit).as_deref(), Some("Duration too long"), "the limit is not on record");
    let failed = RecordRow {
        actor: None,
        actor_kind: "nobody".into(),
        outcome: "wrong_password".into(),
        reason: Some("password".into()),
        ..row(EventKind::SignInFailed)
    };
    assert_eq!(whole(&failed, None), "Somebody could not sign in as Kenji Watanabe.");
    assert_eq!(said(&failed, None).detail, "wrong password");
}

#[test]
fn one_is_called_you_in_ones_own_record() {
    let me = Some(kenji().id);
    assert_eq!(whole(&own(EventKind::ActivationRequested), me), "You asked for Global Administrator.");
    assert_eq!(
        whole(&row(EventKind::ActivationApproved), me),
        "Priya Raman approved Global Administrator for you."
    );
    assert_eq!(
        whole(&row(EventKind::ActivationCanceled), me),
        "Priya Raman canceled your request for Global Administrator."
    );
    assert_eq!(whole(&own(EventKind::PersonChanged), me), "You changed your own account.");
}

#[test]
fn changed_settings_are_counted_and_named() {
    let before = RoleSettings::initial();
    let mut after = before.clone();
    after.activation.longest = domain::Span::hours(4);
    after.activation.proposed = domain::Span::hours(1);
    let json = |settings: &RoleSettings| Some(serde_json::to_value(settings).unwrap());
    let changed = RecordRow {
        person: None,
        before: json(&before),
        after: json(&after),
        ..row(EventKind::SettingsChanged)
    };
    let count = settings(&changed).len();
    assert!(count > 0);
    let expected = if count == 1 { "1 setting".to_owned() } else { format!("{count} settings") };
    assert_eq!(whole(&changed, None), format!("Priya Raman changed Global Administrator, {expected}."));
    assert!(
        said(&changed, None).detail.starts_with("Longest activation "),
        "{}",
        said(&changed, None).detail
    );
}

#[test]
fn the_reason_of_an_end_is_told_without_its_cause() {
    let ended = RecordRow { reason: Some("revoked: wrong role".into()), ..row(EventKind::ActivationEnded) };
    assert_eq!(reason(&ended).as_deref(), Some("wrong role"));
    assert_eq!(said(&ended, None).detail, "ended by an administrator");
    assert_eq!(reason(&RecordRow { reason: Some("time_up".into()), ..ended }), None);
}

#[test]
fn each_kind_has_a_name_of_its_own_in_the_filter() {
    let mut labels: Vec<_> = EventKind::ALL.iter().map(|kind| label(*kind)).collect();
    assert_eq!(label(EventKind::ActivationRequested), "Asked for a role");
    assert_eq!(label(EventKind::MemberAdded), "Put somebody into a group");
    let all = labels.len();
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), all);
}
