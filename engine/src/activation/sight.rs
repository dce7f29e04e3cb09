//! Who sees a request, and what they may do to it: one place for the answer and for the refusal.

use domain::{
    Code, Instant,
    access::Permission,
    activation::{Activation, ActivationId, Candidate, Move, State},
    event::{Event, EventKind},
    role_settings::RoleSettings,
};

use crate::{
    Engine, Tx,
    error::{Error, Result},
    store::{self, access::Access},
};

/// Whether this person may see the request: for events that pages hear of.
///
/// # Errors
/// When the store fails.
pub(crate) async fn may_see(engine: &Engine, access: &Access, id: ActivationId) -> Result<bool> {
    let db = engine.readers();
    let Some(activation) = store::activation::find(db, id).await? else { return Ok(false) };
    let versions = store::role_settings::since(db, activation.role, activation.settings_version).await?;
    Ok(sees(access, &activation, &versions))
}

/// The requester, those who may decide it or did, and whoever reads requests.
pub(super) fn sees(access: &Access, activation: &Activation, versions: &[RoleSettings]) -> bool {
    activation.person == access.person
        || access.holds.allow(Permission::ReadRequests)
        || activation.decisions.iter().any(|decision| decision.by == access.person)
        || approves(access, activation, versions)
}

/// Whether this person is an approver of the request now. Approvers of a role that asks for no approval are none.
pub(super) fn approves(access: &Access, activation: &Activation, versions: &[RoleSettings]) -> bool {
    versions.first().is_some_and(|settings| settings.approval.required)
        && activation.approver(candidate(access), versions).is_ok()
}

/// What is known of somebody who wants to decide.
pub(super) fn candidate(access: &Access) -> Candidate<'_> {
    Candidate { person: access.person, groups: &access.groups, administrator: access.holds.administrator }
}

/// What this person may do to the request now.
pub(super) fn moves(
    access: &Access,
    activation: &Activation,
    versions: &[RoleSettings],
    now: Instant,
) -> Vec<Move> {
    let own = activation.person == access.person;
    let ends = access.holds.allow(Permission::EndRequests);
    let decided = activation.decisions.iter().any(|decision| decision.by == access.person);
    let may = match activation.state_at(now) {
        State::PendingApproval => vec![
            (Move::Decide, !decided && approves(access, activation, versions)),
            (Move::Cancel, own || ends),
        ],
        State::Scheduled => vec![(Move::Cancel, own || ends)],
        State::Active => vec![(Move::Deactivate, own), (Move::Revoke, ends)],
        State::Activating
        | State::Ending
        | State::Ended
        | State::Denied
        | State::Canceled
        | State::TimedOut
        | State::Failed => Vec::new(),
    };
    may.into_iter().filter(|(_, may)| *may).map(|(move_, _)| move_).collect()
}

/// A request as somebody who may see it finds it, in the transaction that changes it.
pub(super) struct Seen {
    pub access: Access,
    pub activation: Activation,
    /// The settings that judge it, and all since.
    pub versions: Vec<RoleSettings>,
}

impl Seen {
    /// # Errors
    /// `signed_out`; `not_found` alike for what does not exist and what the person may not see.
    pub async fn read(tx: &Tx, id: ActivationId) -> Result<Self> {
        let db = tx.conn();
        let person = tx.ctx.signed()?.person;
        let access = store::access::of(db, person, tx.now).await?;
        if !access.enabled {
            return Err(Code::SignedOut.into());
        }
        let activation = store::activation::find(db, id).await?.ok_or_else(|| Error::from(Code::NotFound))?;
        let versions = store::role_settings::since(db, activation.role, activation.settings_version).await?;
        if !sees(&access, &activation, &versions) {
            return Err(Code::NotFound.into());
        }
        Ok(Self { access, activation, versions })
    }
}

/// What is tried, so that a refusal can be put on record.
pub(super) async fn attempt(engine: &Engine, kind: EventKind, id: ActivationId) -> Result<Event> {
    let Some(activation) = store::activation::find(engine.readers(), id).await? else {
        return Ok(Event::new(kind));
    };
    Ok(Event { after: None, ..activation.event(kind) })
}
