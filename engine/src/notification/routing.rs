//! The routing table: who hears of which fact. The one `match` has no default arm, so that a new kind of fact does not
//! compile until somebody says who hears of it.

use domain::{
    Problem,
    activation::{Activation, Cause, State, Verdict},
    event::{Event, EventKind},
    person::{PersonId, Principal},
    sign_in::LinkPurpose,
};
use serde_json::Value;

use super::{
    Mails, audience,
    message::{Approval, Assigned, Message, Request, listed, one_line},
};
use crate::{
    Tx,
    ctx::Caller,
    error::{Error, Result},
    store::{self, outbox::Reached},
};

/// What is to be told, and to whom: the person concerned before approvers before administrators.
pub(super) async fn mails(tx: &Tx, event: &Event) -> Result<Mails> {
    use EventKind as K;
    match event.kind {
        K::ActivationRequested => asked(tx, event).await,
        K::ActivationAgreed => agreed(tx, event).await,
        K::ActivationApproved => approved(tx, event).await,
        K::ActivationScheduled => scheduled(tx, event).await,
        K::ActivationActivated => active(tx, event).await,
        K::ActivationDenied => refused(tx, event, "denied").await,
        K::ActivationCanceled => refused(tx, event, "canceled").await,
        K::ActivationTimedOut => refused(tx, event, "lapsed").await,
        K::ActivationFailed => refused(tx, event, "failed").await,
        K::ActivationEndAnnounced => ends_soon(tx, event).await,
        K::ActivationEnded => ended(tx, event).await,
        K::AssignmentMade => assignment(tx, event, "made").await,
        K::AssignmentChanged => assignment(tx, event, "changed").await,
        K::AssignmentEndAnnounced => assignment(tx, event, "ends_soon").await,
        K::AssignmentRemoved | K::AssignmentEnded => assignment(tx, event, "ended").await,
        K::MemberAdded => membership(tx, event, true).await,
        K::MemberRemoved => membership(tx, event, false).await,
        K::SettingsChanged => settings(tx, event).await,
        K::LinkMade => account(tx, event, &link_words(event)).await,
        K::LinkUsed => account(tx, event, "A one-time link was used.").await,
        K::PasswordSet => account(tx, event, "A new password was set.").await,
        K::FactorEnrolled => account(tx, event, "An authenticator app was set up.").await,
        K::RecoveryCodesMade => account(tx, event, "New recovery codes were made.").await,
        K::RecoveryCodeUsed => account(tx, event, "A recovery code was used.").await,
        K::Recovered => account(tx, event, "An operator used stint recover on the host.").await,
        K::PersonChanged => match address_words(event) {
            Some(words) => account(tx, event, &words).await,
            None => Ok(Vec::new()),
        },
        K::ClockStepped => alert(tx, Message::Clock { accepted: false }).await,
        K::ClockAccepted => alert(tx, Message::Clock { accepted: true }).await,
        // What follows from these for somebody is a fact of its own; the rest is on record and tells nobody.
        K::SetUpCompleted
        | K::LinkVoided
        | K::PersonCreated
        | K::PersonDisabled
        | K::PersonEnabled
        | K::GroupCreated
        | K::GroupChanged
        | K::GroupRemoved
        | K::RoleCreated
        | K::RoleChanged
        | K::RoleDisabled
        | K::RoleEnabled
        | K::SessionStarted
        | K::SessionEnded
        | K::SessionReused
        | K::SignInFailed
        | K::SteppedUp
        | K::RecordExported => Ok(Vec::new()),
    }
}

async fn alert(tx: &Tx, message: Message) -> Result<Mails> {
    Ok(vec![(audience::administrators(tx).await?, message)])
}

/// Who acted, by name: nobody when Stint itself did, or when it is the person who is told.
async fn actor(tx: &Tx, but: PersonId) -> Result<Option<String>> {
    match tx.ctx.caller {
        Caller::Person(signed) if signed.person != but => Ok(Some(name(tx, signed.person).await?)),
        Caller::Host => Ok(Some("an operator on the host".to_owned())),
        Caller::Person(_) | Caller::Nobody | Caller::Stint => Ok(None),
    }
}

async fn name(tx: &Tx, person: PersonId) -> Result<String> {
    Ok(names(tx, &[person]).await?.pop().unwrap_or_default())
}

async fn names(tx: &Tx, people: &[PersonId]) -> Result<Vec<String>> {
    let names = store::person::names(tx.conn(), people.iter().copied()).await?;
    Ok(people.iter().filter_map(|id| names.get(id)).map(|person| one_line(&person.name)).collect())
}

/// The request that a fact is about, as it stands in this transaction.
async fn request(tx: &Tx, event: &Event) -> Result<(Activation, Request)> {
    let missing = || Error::broken("notification.route", "a fact about an activation names none that exists");
    let (id, _) = event.activation.ok_or_else(missing)?;
    let activation = store::activation::find(tx.conn(), id).await?.ok_or_else(missing)?;
    let role = store::role::get(tx.conn(), activation.role).await?;
    let request = Request::of(&activation, &role, &name(tx, activation.person).await?);
    Ok((activation, request))
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

/// A receipt for the requester, and the question to each approver. What needs no approval tells by its start.
async fn asked(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    let Some(lapses_at) = activation.lapses_at.filter(|_| activation.state == State::PendingApproval) else {
        return Ok(Vec::new());
    };
    let approvers = audience::approvers(tx, &activation).await?;
    let all = names(tx, &approvers).await?;
    let needed = needed(tx, &activation).await?;
    let receipt =
        Message::ActivationReceipt { request: request.clone(), lapses_at, needed, deciders: listed(&all, "or") };
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

async fn agreed(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    let Some(lapses_at) = activation.lapses_at else { return Ok(Vec::new()) };
    let approvals = approvals(tx, &activation).await?;
    let missing = usize::from(needed(tx, &activation).await?).saturating_sub(approvals.len()).max(1);
    Ok(vec![(vec![activation.person], Message::ActivationAgreed { request, lapses_at, approvals, missing })])
}

/// The requester hears by the start of the role, which says who approved; by a mail of its own when it starts later.
async fn approved(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    let mut mails = Vec::new();
    if let Some(starts_at) = activation.requested_start.filter(|_| activation.state == State::Scheduled) {
        let approvals = approvals(tx, &activation).await?;
        mails.push((
            vec![activation.person],
            Message::ActivationAccepted { request: request.clone(), starts_at, approvals },
        ));
    }
    mails.extend(settled(tx, event, &activation, request, "approved").await?);
    Ok(mails)
}

/// Only what nobody had to agree to: otherwise the approval has told it.
async fn scheduled(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    match activation.requested_start {
        Some(starts_at) if activation.decisions.is_empty() => {
            let accepted = Message::ActivationAccepted { request, starts_at, approvals: Vec::new() };
            Ok(vec![(vec![activation.person], accepted)])
        }
        _ => Ok(Vec::new()),
    }
}

async fn active(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    let Some(ends_at) = activation.ends_at else { return Ok(Vec::new()) };
    let approvals = approvals(tx, &activation).await?;
    let message = |you| Message::ActivationActive {
        request: request.clone(),
        you,
        ends_at,
        approvals: approvals.clone(),
    };
    Ok(vec![(vec![activation.person], message(true)), (audience::administrators(tx).await?, message(false))])
}

/// It will not begin: the requester hears who and why; approvers that nothing is left to decide, if something was.
async fn refused(tx: &Tx, event: &Event, how: &'static str) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    let by = actor(tx, activation.person).await?;
    let message =
        Message::ActivationRefused { request: request.clone(), how, by, why: event_why(event), cause: cause(&activation) };
    let mut mails = vec![(vec![activation.person], message)];
    if activation.accepted_at.is_none() {
        mails.extend(settled(tx, event, &activation, request, how).await?);
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
    Ok(vec![(people, Message::ActivationSettled { request, how, by, why: event_why(event), cause: cause(activation) })])
}

async fn ends_soon(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
    let message = activation.ends_at.map(|ends_at| Message::ActivationEndsSoon { request, ends_at });
    Ok(message.into_iter().map(|message| (vec![activation.person], message)).collect())
}

async fn ended(tx: &Tx, event: &Event) -> Result<Mails> {
    let (activation, request) = request(tx, event).await?;
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

/// The reason in a fact, without the stable word that may stand before it.
fn event_why(event: &Event) -> Option<String> {
    let reason = event.reason.as_deref()?;
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let typed = match reason.split_once(": ") {
        Some((word, typed)) if is_word(word) && is_cause(word) => typed,
        _ if is_cause(reason) => "",
        _ => reason,
    };
    Some(one_line(typed)).filter(|typed| !typed.is_empty())
}

fn is_cause(word: &str) -> bool {
    serde_json::from_value::<Cause>(Value::String(word.to_owned())).is_ok()
}

async fn assignment(tx: &Tx, event: &Event, what: &'static str) -> Result<Mails> {
    let Some(id) = event.assignment else { return Ok(Vec::new()) };
    let assignment = store::assignment::get(tx.conn(), id).await?;
    let role = store::role::get(tx.conn(), assignment.role).await?;
    let assigned = Assigned::of(&assignment, &role, tx.now);
    let (who, through) = match assignment.principal {
        Principal::Person(person) => (name(tx, person).await?, None),
        Principal::Group(group) => {
            let names = store::group::names(tx.conn(), [group]).await?;
            let group = names.get(&group).map(|group| one_line(&group.name)).unwrap_or_default();
            (group.clone(), Some(group))
        }
    };
    let people = audience::people(tx, assignment.principal).await?;
    let by = match tx.ctx.caller {
        Caller::Person(signed) => Some(name(tx, signed.person).await?),
        Caller::Host => Some("an operator on the host".to_owned()),
        Caller::Nobody | Caller::Stint => None,
    };
    let message = |you: bool| Message::Assignment {
        you,
        who: who.clone(),
        through: through.clone(),
        what,
        assigned: assigned.clone(),
        by: by.clone(),
        why: event_why(event),
    };
    Ok(vec![(people, message(true)), (audience::administrators(tx).await?, message(false))])
}

/// Only groups that have a role: of the others nothing follows.
async fn membership(tx: &Tx, event: &Event, added: bool) -> Result<Mails> {
    let Some((person, group)) = event.person.zip(event.group) else { return Ok(Vec::new()) };
    let assignments = store::assignment::open_of(tx.conn(), &[Principal::Group(group)], None).await?;
    let roles = store::role::by_id(tx.conn(), assignments.iter().map(|assignment| assignment.role)).await?;
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut roles: Vec<_> = roles.into_values().map(|role| one_line(&role.name)).collect();
    roles.sort();
    let names = store::group::names(tx.conn(), [group]).await?;
    let group = names.get(&group).map(|group| one_line(&group.name)).unwrap_or_default();
    let (who, by) = (name(tx, person).await?, actor(tx, person).await?);
    let message = |you| Message::Membership {
        you,
        who: who.clone(),
        group: group.clone(),
        added,
        roles: roles.clone(),
        by: by.clone(),
    };
    Ok(vec![(vec![person], message(true)), (audience::administrators(tx).await?, message(false))])
}

/// A fact about somebody's account. Who was just invited hears by the invitation.
async fn account(tx: &Tx, event: &Event, what: &str) -> Result<Mails> {
    let Some(person) = event.person else { return Ok(Vec::new()) };
    let (who, by) = (name(tx, person).await?, actor(tx, person).await?);
    let message = |you| Message::AccountChanged {
        you,
        who: who.clone(),
        about: person.to_string(),
        what: vec![what.to_owned()],
        by: by.clone(),
    };
    let invited = event.kind == EventKind::LinkMade && store::outbox::has_link(tx.conn(), person, tx.now).await?;
    let own = if invited { Vec::new() } else { vec![(vec![person], message(true))] };
    let administrators = (audience::administrators(tx).await?, message(false));
    Ok(own.into_iter().chain([administrators]).collect())
}

fn link_words(event: &Event) -> String {
    let purpose = event.after.as_ref().and_then(|after| after.get("purpose")).and_then(Value::as_str);
    let what = match purpose {
        Some(word) if word == LinkPurpose::LostPassword.as_str() => " for a new password",
        Some(word) if word == LinkPurpose::LostFactor.as_str() => " for a new authenticator app",
        Some(word) if word == LinkPurpose::Invitation.as_str() || word == LinkPurpose::Recover.as_str() => {
            " for a new password and a new authenticator app"
        }
        Some(_) | None => "",
    };
    format!("A one-time link{what} was made.")
}

/// What the fact says of addresses before and after; nothing when they did not change.
fn address_words(event: &Event) -> Option<String> {
    let (before, after) = (addresses(event.before.as_ref())?, addresses(event.after.as_ref())?);
    let list = |list: &[String]| if list.is_empty() { "none".to_owned() } else { one_line(&list.join(", ")) };
    (before != after).then(|| format!("Mail addresses changed from {} to {}.", list(&before), list(&after)))
}

fn addresses(value: Option<&Value>) -> Option<Vec<String>> {
    let list = value?.get("addresses")?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Addresses that the person had until this fact: they hear of it too.
pub(super) fn former_addresses(event: &Event, reached: &Reached) -> Vec<String> {
    let former = if event.kind == EventKind::PersonChanged { addresses(event.before.as_ref()) } else { None };
    former.unwrap_or_default().into_iter().filter(|address| !reached.addresses.contains(address)).collect()
}

async fn settings(tx: &Tx, event: &Event) -> Result<Mails> {
    let role = event.role.ok_or_else(|| Error::from(Problem::new(domain::Code::NotFound)))?;
    let role = store::role::get(tx.conn(), role).await?;
    let version = role.settings_version;
    let after = store::role_settings::get(tx.conn(), role.id, version).await?;
    let mut changes = match version {
        ..=1 => Vec::new(),
        _ => after.changes_since(&store::role_settings::get(tx.conn(), role.id, version - 1).await?),
    };
    name_principals(tx, &mut changes).await?;
    let by = match tx.ctx.caller {
        Caller::Person(signed) => Some(name(tx, signed.person).await?),
        Caller::Host => Some("an operator on the host".to_owned()),
        Caller::Nobody | Caller::Stint => None,
    };
    let message = |you| Message::SettingsChanged {
        you,
        role: one_line(&role.name),
        path: format!("/roles/{}", role.id),
        version,
        changes: changes.clone(),
        by: by.clone(),
    };
    let administrators = audience::administrators(tx).await?;
    let mut concerned = audience::assigned(tx, role.id).await?;
    concerned.retain(|person| !administrators.contains(person));
    Ok(vec![(concerned, message(true)), (administrators, message(false))])
}

/// Settings name approvers by id, "person 0198…"; mails name them.
async fn name_principals(tx: &Tx, changes: &mut [(String, String, String)]) -> Result<()> {
    for text in changes.iter_mut().flat_map(|(_, from, to)| [from, to]) {
        let mut named = Vec::new();
        for part in text.split(", ") {
            let name = match part.split_once(' ') {
                Some(("person", id)) => match domain::Id::parse(id) {
                    Ok(id) => name(tx, id).await?,
                    Err(_) => part.to_owned(),
                },
                Some(("group", id)) => match domain::Id::parse(id) {
                    Ok(id) => store::group::names(tx.conn(), [id]).await?.remove(&id).map(|g| one_line(&g.name)).unwrap_or_default(),
                    Err(_) => part.to_owned(),
                },
                _ => part.to_owned(),
            };
            named.push(name);
        }
        *text = named.join(", ");
    }
    Ok(())
}
