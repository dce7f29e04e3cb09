//! A new assignment.

use domain::{
    Code, Problem,
    assignment::{self, Assignment, AssignmentMade, NewAssignment, Standing},
    event::{Event, EventKind},
    person::{PersonRef, Principal},
    role::Role,
};

use super::{about, due, event, facts, follow, privileged};
use crate::{Committed, Ctx, Engine, Tx, error::Result, role::known, sign_in, store};

/// Makes somebody eligible for a role, or gives it to them.
///
/// # Errors
/// `signed_out`, `forbidden`, `not_found` for the role or the principal, `mfa_stale`, `role_disabled`,
/// `person_disabled`, those of the period and the reason, `already_assigned`.
pub async fn make(engine: &Engine, ctx: &Ctx, new: NewAssignment) -> Result<AssignmentMade> {
    ctx.signed()?;
    let attempt = about(Event::new(EventKind::AssignmentMade).role(new.role), new.principal);
    let act = engine.clone();
    engine.act(ctx, attempt, move |tx| Box::pin(async move { carry_out(&act, tx, new).await })).await
}

async fn carry_out(engine: &Engine, tx: &mut Tx, new: NewAssignment) -> Result<Committed<AssignmentMade>> {
    let access = known::maker(tx, new.role.uuid()).await?;
    let role = store::role::get(tx.conn(), new.role).await?;
    require_principal(tx, new.principal).await?;
    if role.disabled_at.is_some() {
        return Err(Code::RoleDisabled.into());
    }
    tx.require_steady_clock()?;
    let made = checked(engine, tx, &role, new, access.person).await?;
    require_new(tx, &made).await?;
    let people = store::access::people_of(tx.conn(), &[made.principal]).await?;
    let people = privileged::not_yet(tx.conn(), &people).await?;
    store::assignment::insert(tx.conn(), &made, due::after(&made, tx.now)).await?;
    let mut events =
        vec![event(EventKind::AssignmentMade, &made).after(facts(&made)).reason(made.justification.clone())];
    events.extend(sign_in::link::void_open(tx, &people).await?);
    events.extend(follow(tx, &made).await?);
    let names = store::person::names(tx.conn(), people).await?;
    let mut made_privileged: Vec<PersonRef> = names.into_values().collect();
    made_privileged.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    tx.commit(engine, AssignmentMade { id: made.id, made_privileged }, events).await
}

async fn checked(
    engine: &Engine,
    tx: &Tx,
    role: &Role,
    new: NewAssignment,
    by: domain::person::PersonId,
) -> Result<Assignment> {
    let settings = store::role_settings::get(tx.conn(), role.id, role.settings_version).await?;
    let shortest = engine.config().shortest;
    Ok(assignment::make(new, engine.env().id(), Some(by), &settings, shortest, tx.now)?)
}

/// A person who is enabled, or a group that is not removed.
pub(super) async fn require_principal(tx: &Tx, principal: Principal) -> Result<()> {
    match principal {
        Principal::Person(person) => {
            let found = store::person::find(tx.conn(), person).await?;
            let found = found.ok_or_else(|| Problem::new(Code::NotFound).field("principal"))?;
            if found.disabled_at.is_some() {
                return Err(Problem::new(Code::PersonDisabled).field("principal").into());
            }
        }
        Principal::Group(group) => {
            store::group::get(tx.conn(), group).await?;
        }
    }
    Ok(())
}

/// Refuses what repeats an assignment that is not over.
pub(super) async fn require_new(tx: &Tx, wanted: &Assignment) -> Result<()> {
    let others = store::assignment::open_of(tx.conn(), &[wanted.principal], Some(wanted.role)).await?;
    let repeated = |other: &Assignment| {
        other.id != wanted.id && other.standing(tx.now) != Standing::Ended && wanted.repeats(other)
    };
    if others.iter().any(repeated) { Err(Code::AlreadyAssigned.into()) } else { Ok(()) }
}
