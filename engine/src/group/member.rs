//! Putting a person into a group, and taking them out. In a group that stands for something this gives and takes
//! rights, so it follows the rules of assignments.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    group::{GroupId, MemberAdded},
    person::{PersonId, PersonRef},
};
use serde_json::json;

use super::{Subject, subject};
use crate::{
    Ctx, Engine, Tx, activation::follow, assignment::guard, error::Result, person::privilege, session,
    sign_in, store,
};

/// Puts a person into a group. Who is in it already stays in it.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `person_disabled`, `clock_stepped`.
pub async fn add_member(engine: &Engine, ctx: &Ctx, group: GroupId, person: PersonId) -> Result<MemberAdded> {
    ctx.signed()?;
    let act = engine.clone();
    let attempt = Event::new(EventKind::MemberAdded).group(group).person(person);
    engine
        .act(ctx, attempt, move |tx| {
            Box::pin(async move {
                let Subject { privileged, .. } = subject(tx, group).await?;
                let newcomer = store::person::get(tx.conn(), person).await?;
                session::require_administrator_factor(tx, group.uuid())?;
                if store::group::is_member(tx.conn(), group, person).await? {
                    return Ok(tx.unchanged(MemberAdded::default()));
                }
                if newcomer.disabled_at.is_some() {
                    return Err(Problem::new(Code::PersonDisabled).into());
                }
                // Asked before the write: afterwards the group itself would count.
                let made_privileged = privileged && !privilege::of_person(tx.conn(), person).await?;
                store::group::add_member(tx.conn(), act.env(), group, person, tx.now).await?;
                let mut added = MemberAdded::default();
                let mut event = Event::new(EventKind::MemberAdded).group(group).person(person);
                if made_privileged {
                    added.made_privileged.push(PersonRef { id: person, name: newcomer.name });
                    event = event.after(json!({ "made_privileged": true }));
                }
                let mut events = vec![event];
                if privileged {
                    events.extend(given(tx, person, made_privileged).await?);
                }
                tx.commit(&act, added, events).await
            })
        })
        .await
}

/// What follows when a person gets a part in what a group stands for.
async fn given(tx: &Tx, person: PersonId, made_privileged: bool) -> Result<Vec<Event>> {
    tx.require_steady_clock()?;
    let mut events = Vec::new();
    if made_privileged {
        // A link that a User Administrator made, or could have read, must not lead to a role.
        events.extend(sign_in::link::void_open(tx, &[person]).await?);
    }
    events.extend(follow::eligibility_changed(tx, &[person], None).await?);
    Ok(events)
}

/// Takes a person out of a group; what only the group gave them ends.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `last_administrator`.
pub async fn remove_member(engine: &Engine, ctx: &Ctx, group: GroupId, person: PersonId) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    let attempt = Event::new(EventKind::MemberRemoved).group(group).person(person);
    engine
        .take_back(ctx, attempt.clone(), move |tx| {
            Box::pin(async move {
                let Subject { privileged, .. } = subject(tx, group).await?;
                session::require_administrator_factor(tx, group.uuid())?;
                if !store::group::remove_member(tx.conn(), group, person, tx.now).await? {
                    return Ok(tx.unchanged(()));
                }
                let mut events = vec![attempt];
                if privileged {
                    guard::require_administrator(tx.conn(), tx.now).await?;
                    events.extend(follow::eligibility_changed(tx, &[person], None).await?);
                }
                tx.commit(&act, (), events).await
            })
        })
        .await
}
