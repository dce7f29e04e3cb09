//! One of each message in each of its forms, to fill every template at the start.

use domain::{Instant, Span, role::Level};
use secrecy::{SecretBox, SecretString};
use serde_json::json;

use super::message::{Approval, Assigned, Message, Request};
use crate::{
    Config,
    error::{Error, Result},
};

const SENT: Instant = Instant::UNIX_EPOCH;

/// Each message with and without everything that may be absent.
pub(super) fn all() -> Vec<Message> {
    [true, false].into_iter().flat_map(forms).collect()
}

fn forms(full: bool) -> Vec<Message> {
    let lapses_at = Span::hours(1).after(SENT);
    let request = || Request { starts_at: full.then_some(lapses_at), ..request(full) };
    let some = |text: &str| full.then(|| text.to_owned());
    let (by, why) = (some("Priya Raman"), some("Use another role."));
    let approvals: Vec<_> = [Approval { by: "Priya Raman".to_owned(), why: String::new() }]
        .into_iter()
        .chain(full.then(|| Approval { by: "Tomasz Wieczorek".to_owned(), why: "Go on.".to_owned() }))
        .collect();
    let mut messages = vec![
        Message::ActivationAsked {
            request: request(),
            lapses_at,
            needed: if full { 2 } else { 1 },
            others: some("Priya Raman and Tomasz Wieczorek").unwrap_or_default(),
            others_many: full,
        },
        Message::ActivationReceipt {
            request: request(),
            lapses_at,
            needed: if full { 2 } else { 1 },
            deciders: some("Priya Raman").unwrap_or_default(),
        },
        Message::ActivationAgreed {
            request: request(),
            lapses_at,
            approvals: approvals.clone(),
            missing: usize::from(full) + 1,
        },
        Message::ActivationAccepted {
            request: request(),
            starts_at: lapses_at,
            approvals: if full { approvals.clone() } else { Vec::new() },
        },
        Message::ActivationActive {
            request: request(),
            you: full,
            ends_at: lapses_at,
            approvals: approvals.clone(),
        },
        Message::ActivationActive {
            request: request(),
            you: !full,
            ends_at: lapses_at,
            approvals: Vec::new(),
        },
        Message::ActivationEndsSoon { request: request(), ends_at: lapses_at },
        Message::ActivationEnded {
            request: request(),
            ended_at: SENT,
            cause: full.then_some("its time was up"),
            by: by.clone(),
            why: why.clone(),
        },
        Message::Clock { accepted: full },
        Message::Restored { as_of: full.then_some(SENT) },
        Message::Invitation { expires_at: lapses_at },
    ];
    for how in ["denied", "canceled", "lapsed", "failed", "approved"] {
        let (by, why, cause) = (by.clone(), why.clone(), full.then_some("the eligibility ended"));
        messages.push(match how {
            "failed" => Message::ActivationRefused { request: request(), how, by: None, why: None, cause },
            "approved" => Message::ActivationSettled { request: request(), how, by, why, cause: None },
            _ => Message::ActivationRefused { request: request(), how, by, why, cause },
        });
    }
    for how in ["denied", "canceled", "lapsed"] {
        let (by, why, cause) = (by.clone(), why.clone(), full.then_some("the eligibility ended"));
        messages.push(Message::ActivationSettled { request: request(), how, by, why, cause });
    }
    for (you, what) in [true, false]
        .into_iter()
        .flat_map(|you| ["made", "changed", "ends_soon", "ended"].map(|what| (you, what)))
    {
        messages.push(Message::Assignment {
            you,
            who: "Kenji Watanabe".to_owned(),
            through: some("Exchange Operators"),
            what,
            assigned: assigned(full, lapses_at),
            by: by.clone(),
            why: why.clone(),
        });
    }
    for you in [true, false] {
        let who = "Kenji Watanabe".to_owned();
        messages.push(Message::Membership {
            you,
            who: who.clone(),
            group: "Exchange Operators".to_owned(),
            added: full,
            roles: vec!["Exchange Administrator".to_owned()],
            by: by.clone(),
        });
        messages.push(Message::AccountChanged {
            you,
            who,
            about: String::new(),
            what: vec!["A new password was set.".to_owned()],
            by: by.clone(),
        });
        let change = || ("Approval".to_owned(), "no".to_owned(), "yes".to_owned());
        messages.push(Message::SettingsChanged {
            you,
            role: "Exchange Administrator".to_owned(),
            path: "/roles/1".to_owned(),
            version: 2,
            changes: full.then(change).into_iter().collect(),
            by: by.clone(),
        });
    }
    messages
}

fn request(full: bool) -> Request {
    Request {
        number: 20_931,
        path: "/requests/1".to_owned(),
        decide_path: "/approvals/1".to_owned(),
        person: "Kenji Watanabe".to_owned(),
        role: "Global Administrator".to_owned(),
        level: if full { Level::Critical } else { Level::Limited },
        description: if full { "full control of the tenant".to_owned() } else { String::new() },
        scope: full.then(|| "/finance".to_owned()),
        duration: "2 h".to_owned(),
        starts_at: None,
        reason: if full { "Enable conditional access wave 3.".to_owned() } else { String::new() },
        ticket: full.then(|| "Jira OPS-4821".to_owned()),
        asked_at: SENT,
    }
}

fn assigned(full: bool, at: Instant) -> Assigned {
    Assigned {
        eligible: full,
        role: "Exchange Administrator".to_owned(),
        level: Level::High,
        description: if full { "mailboxes and mail flow".to_owned() } else { String::new() },
        scope: full.then(|| "/finance".to_owned()),
        starts_at: full.then_some(at),
        ends_at: full.then_some(at),
        path: "/activate/exchange-administrator".to_owned(),
        role_path: "/roles/1".to_owned(),
    }
}

/// What every message knows beside what it says.
pub(super) fn params(message: &Message) -> Result<String> {
    let mut params = serde_json::to_value(message).map_err(Error::of("notification.samples"))?;
    if let serde_json::Value::Object(fields) = &mut params {
        fields.insert("to_name".to_owned(), json!("Marta Lindqvist"));
        fields.insert("zone".to_owned(), json!("Europe/Oslo"));
        fields.insert("sent_at".to_owned(), json!(SENT));
    }
    Ok(params.to_string())
}

/// A configuration that only fills templates.
pub(super) fn config() -> Config {
    Config {
        database_url: SecretString::default(),
        key: SecretBox::new(Box::new([0; 32])),
        public_url: "https://stint.example".to_owned(),
        organisation: "Halden Logistics".to_owned(),
        zone: chrono_tz::Europe::Oslo,
        service_desk: None,
        shortest: Span::minutes(5),
        smtp: None,
        anchor_file: None,
        password_workers: 1,
        demo: false,
    }
}
