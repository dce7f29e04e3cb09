//! New settings for a role: a new version. Requests that were made before are judged by theirs, and assignments that
//! no longer fit stay as they are.

use domain::{
    Code, Problem, Span,
    event::{Event, EventKind},
    person::Principal,
    role::{Role, RoleId, builtin},
    role_settings::{ChangeSettings, RoleSettings},
};

use super::{approvers, ticket};
use crate::{
    Committed, Ctx, Engine, Tx,
    assignment::privileged,
    error::{Error, Result},
    role::known,
    sign_in, store,
};

/// Saves new settings. Gives the version that is in force now; the same as before when nothing changed.
///
/// # Errors
/// `out_of_bounds` and the like by field, `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `conflict` when another
/// version was shown, `built_in` for settings that would leave Stint without an administrator, `person_disabled` and
/// `nobody_could_approve` for approvers.
pub async fn change(engine: &Engine, ctx: &Ctx, role: RoleId, input: ChangeSettings) -> Result<i64> {
    ctx.signed()?;
    let ChangeSettings { settings, version } = input;
    let settings = trimmed(settings);
    check(&settings, engine.config().shortest)?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::SettingsChanged).role(role), move |tx| {
            Box::pin(async move { carry_out(&act, tx, role, &settings, version).await })
        })
        .await
}

fn trimmed(mut settings: RoleSettings) -> RoleSettings {
    if let Some(ticket) = &mut settings.activation.ticket {
        for text in [&mut ticket.system, &mut ticket.pattern, &mut ticket.example] {
            *text = text.trim().to_owned();
        }
    }
    settings
}

/// Everything that can be said without looking at anything else, in one problem.
fn check(settings: &RoleSettings, shortest: Span) -> Result<(), Problem> {
    let ticket = settings.activation.ticket.as_ref().and_then(|rule| ticket::check(rule).err());
    let Err(mut problem) = settings.check(shortest) else { return ticket.map_or(Ok(()), Err) };
    if let Some(ticket) =
        ticket.filter(|ticket| problem.of_field(ticket.field.as_deref().unwrap_or_default()).is_none())
    {
        problem.more.push(ticket);
    }
    Err(problem)
}

async fn carry_out(
    engine: &Engine,
    tx: &mut Tx,
    id: RoleId,
    settings: &RoleSettings,
    version: i64,
) -> Result<Committed<i64>> {
    let access = known::reader(tx.conn(), &tx.ctx, tx.now).await?;
    let role = store::role::get(tx.conn(), id).await?;
    known::require_manager(tx, &access, id.uuid())?;
    if role.settings_version != version {
        return Err(Code::Conflict.into());
    }
    // INVARIANT: the administration of Stint can always be held without an end.
    if id == builtin::ADMINISTRATOR && !settings.active.permanent {
        return Err(Problem::new(Code::BuiltIn).field("active_permanent").into());
    }
    let before = store::role_settings::get(tx.conn(), id, version).await?;
    if before == *settings {
        return Ok(tx.unchanged(version));
    }
    approvers::check(tx.conn(), id, settings, tx.now).await?;
    let made_privileged = new_approvers(tx, &before, settings).await?;
    store::role_settings::insert(tx.conn(), id, version + 1, settings, Some(access.person), tx.now).await?;
    store::role::save(tx.conn(), &Role { settings_version: version + 1, ..role }).await?;
    let json = |settings| serde_json::to_value(settings).map_err(Error::of("role_settings.record"));
    let mut events =
        vec![Event::new(EventKind::SettingsChanged).role(id).before(json(&before)?).after(json(settings)?)];
    events.extend(sign_in::link::void_open(tx, &made_privileged).await?);
    tx.commit(engine, version + 1, events).await
}

/// The people who approve something for the first time by this change and had nothing to do with any role before.
async fn new_approvers(
    tx: &Tx,
    before: &RoleSettings,
    after: &RoleSettings,
) -> Result<Vec<domain::person::PersonId>> {
    let named = |settings: &RoleSettings| -> Vec<Principal> {
        settings.approval.stages.iter().flat_map(|stage| stage.approvers.iter().copied()).collect()
    };
    let old = named(before);
    let new: Vec<_> = named(after).into_iter().filter(|principal| !old.contains(principal)).collect();
    privileged::not_yet(tx.conn(), &store::access::people_of(tx.conn(), &new).await?).await
}
