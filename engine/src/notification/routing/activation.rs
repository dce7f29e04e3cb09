//! What is told of requests: to the requester, to those who decide, to administrators.

use domain::{
    activation::{Activation, Cause, State, Verdict},
    event::Event,
};

use super::{About, actor, event_why, name, names};
use crate::{
    Tx,
    ctx::Caller,
    error::{Error, Result},
    notification::{
        Mails, audience,
        message::{Approval, Message, Request, listed, one_line},
    },
    store,
};

/// The request that a fact is about, as it stands in this transaction.
fn request<'t>(about: &'t About, event: &Event) -> Result<(&'t Activation, Request)> {
    let missing = || Error::broken("notification.route", "a fact about an activation names none that exists");
    let told = event.activation.and_then(|(id, _)| about.get(&id)).ok_or_else(missing)?;
    Ok((&told.activation, Request::of(&told.activation, &told.role, &one_line(&told.person))))
}

/// Whether the fact itself says that others must agree.
fn waits(event: &Event) -> bool {
    let state = event.after.as_ref().and_then(|after| after.get("state")?.as_str());
    state == Some(State::PendingApproval.as_str())
}

async fn approvals(tx: &Tx, activation: &Activation) -> Result<Vec<Approval>> {
    let mut approvals = Vec::new();
    for decision in activation.decisions.iter().filter(|decision| decision.verdict == Verdict::Approved) {
        approvals.push(Approval { by: name(tx, decision.by).await?, why: one_line(&decision.justification) });
    }
    Ok(approvals)
}

/// How many must agree.
async fn needed(tx: &Tx, activation: &Activation) -> Result<u8> {
    let settings = store::role_settings::get(tx.conn(), activation.role, activation.settings_version).await?;
    Ok(settings.stage().map_or(1, |stage| stage.needed))
}

/// A receipt for the requester, and the question to each approver. What needs no approval tells by its start, or that it
/// was accepted for later.
pub(super) async fn asked(tx: &Tx, about: &About, event: &Event) -> Result<Mails> {
    if !waits(event) {
        return Ok(Vec::new());
    }
    let (activation, request) = request(about, event)?;
    let Some(lapses_at) = activation.lapses_at.filter(|_| activation.state == State::PendingApproval) else {
        return Ok(Vec::new());
    };
    let approvers = audience::approvers(tx, activation).await?;
    let all = names(tx, &approvers).await?;
    let needed = needed(tx, activation).await?;
    let receipt = Message::ActivationReceipt {
        request: request.clone(),
        lapses_at,
        needed,
        deciders: listed(&all, "or"),
    };
    let mut mails = vec![(vec![activation.person], receipt)];
    for (approver, own) in approvers.iter().zip(&all) {
        let others: Vec<_> = all.iter().filter(|name| *name != own).cloned().collect();
        let asked = Message::ActivationAsked {
            request: request.clone(),
            lapses_at,
            needed,
            others: listed(&others, "and"),
            others_many: others.len() > 1,
        };
        mails.push((vec![*approver], asked));
    }
    Ok(mails)
}

pub(super) async fn agreed(tx: &Tx, about: &About, event: &Event) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    let Some(lapses_at) = activation.lapses_at else { return Ok(Vec::new()) };
    let approvals = approvals(tx, activation).await?;
    let missing = usize::from(needed(tx, activation).await?).saturating_sub(approvals.len()).max(1);
    Ok(vec![(vec![activation.person], Message::ActivationAgreed { request, lapses_at, approvals, missing })])
}

/// The requester hears by the start of the role, which says who approved; by a mail of its own when it starts later.
pub(super) async fn approved(tx: &Tx, about: &About, event: &Event) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    let mut mails = Vec::new();
    if let Some(starts_at) = activation.requested_start.filter(|_| activation.state == State::Scheduled) {
        let approvals = approvals(tx, activation).await?;
        mails.push((
            vec![activation.person],
            Message::ActivationAccepted { request: request.clone(), starts_at, approvals },
        ));
    }
    mails.extend(settled(tx, event, activation, request, "approved").await?);
    Ok(mails)
}

/// Only what nobody had to agree to: otherwise the approval has told it.
pub(super) fn scheduled(about: &About, event: &Event) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    match activation.requested_start {
        Some(starts_at) if activation.decisions.is_empty() => {
            let accepted = Message::ActivationAccepted { request, starts_at, approvals: Vec::new() };
            Ok(vec![(vec![activation.person], accepted)])
        }
        _ => Ok(Vec::new()),
    }
}

pub(super) async fn active(tx: &Tx, about: &About, event: &Event) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    let Some(ends_at) = activation.ends_at else { return Ok(Vec::new()) };
    let approvals = approvals(tx, activation).await?;
    let message = |you| Message::ActivationActive {
        request: request.clone(),
        you,
        ends_at,
        approvals: approvals.clone(),
    };
    Ok(vec![(vec![activation.person], message(true)), (audience::administrators(tx).await?, message(false))])
}

/// It will not begin: the requester hears who and why; approvers that nothing is left to decide, if something was.
pub(super) async fn refused(tx: &Tx, about: &About, event: &Event, how: &'static str) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    let by = actor(tx, activation.person).await?;
    let message = Message::ActivationRefused {
        request: request.clone(),
        how,
        by,
        why: event_why(event),
        cause: cause(activation),
    };
    let mut mails = vec![(vec![activation.person], message)];
    if activation.accepted_at.is_none() {
        mails.extend(settled(tx, event, activation, request, how).await?);
    }
    Ok(mails)
}

/// To all who could have decided, or did, but for the one who just has.
async fn settled(
    tx: &Tx,
    event: &Event,
    activation: &Activation,
    request: Request,
    how: &'static str,
) -> Result<Mails> {
    let mut people = audience::approvers(tx, activation).await?;
    people.extend(activation.decisions.iter().map(|decision| decision.by));
    people.sort_unstable();
    people.dedup();
    let (acting, by) = match tx.ctx.caller {
        Caller::Person(signed) => (Some(signed.person), Some(name(tx, signed.person).await?)),
        Caller::Nobody | Caller::Stint | Caller::Host => (None, None),
    };
    people.retain(|person| Some(*person) != acting && *person != activation.person);
    Ok(vec![(
        people,
        Message::ActivationSettled { request, how, by, why: event_why(event), cause: cause(activation) },
    )])
}

pub(super) fn ends_soon(about: &About, event: &Event) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    let message = activation.ends_at.map(|ends_at| Message::ActivationEndsSoon { request, ends_at });
    Ok(message.into_iter().map(|message| (vec![activation.person], message)).collect())
}

pub(super) async fn ended(tx: &Tx, about: &About, event: &Event) -> Result<Mails> {
    let (activation, request) = request(about, event)?;
    let by = actor(tx, activation.person).await?;
    let message = Message::ActivationEnded {
        request,
        ended_at: activation.settled_at.unwrap_or(tx.now),
        cause: activation.cause.map(Cause::words),
        by,
        why: event_why(event),
    };
    Ok(vec![(vec![activation.person], message)])
}

/// Why by Stint's knowledge, in words; that somebody withdrew is said already.
fn cause(activation: &Activation) -> Option<&'static str> {
    activation.cause.filter(|cause| *cause != Cause::Withdrawn).map(Cause::words)
}
