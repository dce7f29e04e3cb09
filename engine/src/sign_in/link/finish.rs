//! The last step of using a link: a valid code of the new authenticator app. Only this step changes anything, all of it in
//! one transaction.

use domain::{
    Code, Problem, Scope,
    assignment::{Assignment, AssignmentKind},
    event::{Event, EventKind},
    person::{Person, PersonKind, Principal},
    role::builtin,
};

use super::{
    begin::{Begun, place},
    open, void,
};
use crate::{
    Ctx, Engine, Tx,
    error::{Error, Result},
    session,
    sign_in::{create_for, once, proof, recovery, step},
    store,
    store::sign_in::{NewCredentials, SignIn, link::Link},
};

/// Checks the first code of the new authenticator app and sets everything. Gives the recovery codes, this once.
///
/// # Errors
/// `link_invalid`, also when somebody else was set up meanwhile; `step_expired`; `mfa_invalid`.
pub async fn finish(
    engine: &Engine,
    ctx: &Ctx,
    token: &str,
    sealed: &str,
    code: &str,
) -> Result<Vec<String>> {
    let link = open(engine.readers(), token, engine.now()).await?;
    let begun: Option<Begun> = step::open(engine, &place(link.id), sealed);
    let expired = || Error::from(Code::StepExpired);
    let begun = begun.ok_or_else(expired)?;
    let secret = begun.secret().ok_or_else(expired)?;
    let code = domain::sign_in::code(code)?;
    let (act, token) = (engine.clone(), token.to_owned());
    let mut attempt = Event::new(EventKind::LinkUsed).after(serde_json::json!({ "purpose": link.purpose }));
    attempt.person = link.owner.map(|(person, _)| person);
    engine
        .act(&once(ctx), attempt, move |tx| {
            Box::pin(async move {
                let link = open(tx.conn(), &token, tx.now).await?;
                let step = secret.step_of(&code, tx.now).ok_or_else(proof::invalid)?;
                let mut events = Vec::new();
                let (sign_in, password_hash) = match (link.owner, begun.first) {
                    (Some((_, sign_in)), _) => {
                        let sign_in = store::sign_in::get(tx.conn(), sign_in).await?;
                        if begun.version != Some(sign_in.version) {
                            return Err(Code::StepExpired.into());
                        }
                        (sign_in, begun.password_hash)
                    }
                    (None, Some(names)) => {
                        let (sign_in, facts) = first_person(&act, tx, names).await?;
                        events.extend(facts);
                        (sign_in, begun.password_hash)
                    }
                    (None, None) => return Err(Code::StepExpired.into()),
                };
                let new =
                    NewCredentials { password_hash, factor: Some((secret.seal(&act, sign_in.id), step)) };
                events.extend(use_link(tx, &link, &sign_in, new).await?);
                let codes = recovery::replace(&act, tx.conn(), sign_in.id, tx.now).await?;
                events.push(Event::new(EventKind::RecoveryCodesMade).person(sign_in.person));
                tx.commit(&act, codes, events).await
            })
        })
        .await
}

/// Uses the link and sets what is new, in one update: a factor is replaced and never missing, so the last administrator
/// stays usable. All sessions of the person end, and their other links are void. Gives the facts.
pub(super) async fn use_link(
    tx: &Tx,
    link: &Link,
    sign_in: &SignIn,
    new: NewCredentials,
) -> Result<Vec<Event>> {
    if !store::sign_in::link::use_up(tx.conn(), link.id, tx.now).await? {
        return Err(Problem::new(Code::LinkInvalid).into());
    }
    let person = sign_in.person;
    let about = serde_json::json!({ "sign_in_name": sign_in.name });
    let mut events = vec![
        Event::new(EventKind::LinkUsed).person(person).after(serde_json::json!({ "purpose": link.purpose })),
    ];
    if new.password_hash.is_some() {
        events.push(Event::new(EventKind::PasswordSet).person(person).after(about.clone()));
    }
    if new.factor.is_some() {
        events.push(Event::new(EventKind::FactorEnrolled).person(person).after(about));
    }
    store::sign_in::set_credentials(tx.conn(), sign_in, new, tx.now).await?;
    session::end_all(tx, person, None).await?;
    events.extend(void(tx, &[person], "used").await?);
    Ok(events)
}

/// The first person, who administers Stint permanently. That nobody exists was looked up in this transaction.
async fn first_person(
    engine: &Engine,
    tx: &Tx,
    (name, sign_in_name): (String, String),
) -> Result<(SignIn, Vec<Event>)> {
    let person = Person {
        id: engine.env().id(),
        kind: PersonKind::Member,
        name,
        zone: None,
        disabled_at: None,
        created_at: tx.now,
        version: 1,
    };
    store::person::insert(tx.conn(), &person).await?;
    let sign_in = create_for(engine, tx, person.id, &sign_in_name).await?;
    let assignment = Assignment {
        id: engine.env().id(),
        role: builtin::ADMINISTRATOR,
        principal: Principal::Person(person.id),
        kind: AssignmentKind::Active,
        scope: Scope::everything(),
        starts_at: tx.now,
        ends_at: None,
        justification: "set-up".to_owned(),
        made_by: None,
        made_at: tx.now,
        ended_at: None,
        version: 1,
    };
    store::assignment::insert(tx.conn(), &assignment, store::assignment::Due::default()).await?;
    let created = serde_json::json!({
        "kind": person.kind, "name": person.name, "sign_in_name": sign_in_name, "addresses": [], "zone": null,
    });
    let made = serde_json::json!({
        "kind": assignment.kind, "starts_at": assignment.starts_at, "ends_at": null, "justification": assignment.justification,
    });
    let events = vec![
        Event::new(EventKind::SetUpCompleted).person(person.id),
        Event::new(EventKind::PersonCreated).person(person.id).after(created),
        Event::new(EventKind::AssignmentMade)
            .person(person.id)
            .role(builtin::ADMINISTRATOR)
            .scope(Scope::everything())
            .assignment(assignment.id)
            .after(made),
    ];
    Ok((store::sign_in::get(tx.conn(), sign_in).await?, events))
}
