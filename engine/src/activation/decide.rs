//! Approving and denying: the same way up to the verdict.

use domain::{
    Code, Problem,
    activation::{Activation, ActivationId, Approver, Cause, Decide, State, Verdict},
    event::{Event, EventKind},
    person::PersonId,
    role_settings::{RoleSettings, Stage},
    session::{Act, Proven},
};

use super::{
    known,
    sight::{Seen, attempt, candidate},
};
use crate::{
    Ctx, Engine, Tx,
    error::{Error, Result},
    store,
};

/// Approves a request. The last approval that is needed gives the role, or sets it for its start.
///
/// # Errors
/// `not_found`, `own_request`, `not_an_approver`, `no_longer_pending`, `already_decided`, `conflict` when something
/// else was shown, those of the second factor, `justification_required`, and what stands against granting it now.
pub async fn approve(engine: &Engine, ctx: &Ctx, id: ActivationId, input: Decide) -> Result<()> {
    ctx.signed()?;
    let attempt = attempt(engine, EventKind::ActivationApproved, id).await?;
    let act = engine.clone();
    engine
        .act(ctx, attempt, move |tx| {
            Box::pin(async move {
                let case = Case::open(tx, id, &input.digest).await?;
                let counted = case.counted(tx).await?;
                let before = case.activation.clone();
                let (mut after, agreed) = before.clone().approve(
                    &case.by,
                    &input.justification,
                    case.proven,
                    &counted,
                    case.stage()?,
                    tx.now,
                )?;
                let mut events = vec![agreed];
                if after.state != State::PendingApproval {
                    let activated;
                    (after, activated) = begin(tx, after, case.settings()?).await?;
                    events.extend(activated);
                }
                store::activation::save(tx.conn(), &before, &after).await?;
                tx.commit(&act, (), events).await
            })
        })
        .await
}

/// Denies a request: one denial settles it.
///
/// # Errors
/// As for [`approve`].
pub async fn deny(engine: &Engine, ctx: &Ctx, id: ActivationId, input: Decide) -> Result<()> {
    ctx.signed()?;
    let attempt = attempt(engine, EventKind::ActivationDenied, id).await?;
    let act = engine.clone();
    engine
        .act(ctx, attempt, move |tx| {
            Box::pin(async move {
                let case = Case::open(tx, id, &input.digest).await?;
                let before = case.activation.clone();
                let (after, denied) = before.clone().deny(
                    &case.by,
                    &input.justification,
                    case.proven,
                    case.stage()?,
                    tx.now,
                )?;
                store::activation::save(tx.conn(), &before, &after).await?;
                tx.commit(&act, (), vec![denied]).await
            })
        })
        .await
}

/// A request before somebody who may decide it.
struct Case {
    activation: Activation,
    versions: Vec<RoleSettings>,
    by: Approver,
    proven: Proven,
}

impl Case {
    /// What could be wrong apart from the verdict, the second factor last: no code mends the rest.
    async fn open(tx: &Tx, id: ActivationId, digest: &str) -> Result<Self> {
        let Seen { access, activation, versions } = Seen::read(tx, id).await?;
        let by = activation.approver(candidate(&access), &versions)?;
        let state = activation.state_at(tx.now);
        if state != State::PendingApproval {
            return Err(Problem::new(Code::NoLongerPending).limit(state.word()).into());
        }
        if activation.decisions.iter().any(|decision| decision.by == access.person) {
            return Err(Code::AlreadyDecided.into());
        }
        if activation.digest() != digest {
            return Err(Code::Conflict.into());
        }
        let factor = versions.first().and_then(RoleSettings::stage).ok_or_else(unjudged)?.second_factor;
        let proven = factor.prove(&tx.ctx.mfa()?, Act::Decide, id.uuid(), tx.now)?;
        Ok(Self { activation, versions, by, proven })
    }

    fn settings(&self) -> Result<&RoleSettings> {
        self.versions.first().ok_or_else(unjudged)
    }

    fn stage(&self) -> Result<&Stage> {
        self.settings()?.stage().ok_or_else(unjudged)
    }

    /// The earlier approvers whose approval still counts: enabled, and approvers of this request now.
    async fn counted(&self, tx: &Tx) -> Result<Vec<PersonId>> {
        let agreed =
            self.activation.decisions.iter().filter(|decision| decision.verdict == Verdict::Approved);
        let agreed: Vec<_> = agreed.map(|decision| decision.by).collect();
        let mut counted = Vec::new();
        for person in store::person::enabled_among(tx.conn(), &agreed).await? {
            let access = store::access::of(tx.conn(), person, tx.now).await?;
            if self.activation.approver(candidate(&access), &self.versions).is_ok() {
                counted.push(person);
            }
        }
        Ok(counted)
    }
}

/// An accepted request: everything is checked again, and what starts now is confirmed, for a role without targets at
/// once.
async fn begin(
    tx: &Tx,
    accepted: Activation,
    settings: &RoleSettings,
) -> Result<(Activation, Option<Event>)> {
    tx.require_steady_clock()?;
    let cover = known::still_holds(tx.conn(), &accepted, settings, true, tx.now).await?;
    let cover = cover.map_err(|cause| Error::from(obstacle(cause, settings)))?;
    if accepted.state != State::Activating {
        return Ok((accepted, None));
    }
    let (active, activated) = accepted.confirm(cover, tx.now)?;
    Ok((active, Some(activated)))
}

/// What an approver is told whose approval could give nothing.
fn obstacle(cause: Cause, settings: &RoleSettings) -> Problem {
    match cause {
        Cause::PersonDisabled => Problem::new(Code::PersonDisabled),
        Cause::RoleDisabled => Problem::new(Code::RoleDisabled),
        Cause::TooManyHolders => Problem::new(Code::TooManyHolders)
            .limit(settings.activation.holders.unwrap_or_default().to_string()),
        Cause::EligibilityEnded | Cause::TimeUp | Cause::Deactivated | Cause::Withdrawn | Cause::Revoked => {
            Problem::new(Code::NoLongerPending).limit(cause.words())
        }
    }
}

fn unjudged() -> Error {
    Error::broken("activation.decide", "the settings that judge a request are missing")
}
