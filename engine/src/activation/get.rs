//! One request with everything that its reader may see.

use domain::{
    Code, Instant,
    activation::{ActivationDetail, ActivationId, DecisionRow, Move},
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor, Stage},
    session::{Act, Mfa},
};

use super::{
    rows::{Names, rows},
    sight,
};
use crate::{
    Ctx, Engine, audit,
    error::{Error, Result},
    store,
};

/// One request, for those who may see it.
///
/// # Errors
/// `not_found`.
pub async fn get(engine: &Engine, ctx: &Ctx, id: ActivationId) -> Result<ActivationDetail> {
    let me = ctx.signed()?.person;
    let (db, now) = (engine.readers(), engine.now());
    let activation = store::activation::find(db, id).await?.ok_or_else(|| Error::from(Code::NotFound))?;
    let versions = store::role_settings::since(db, activation.role, activation.settings_version).await?;
    let access = store::access::of(db, me, now).await?;
    if !sight::sees(&access, &activation, &versions) {
        return Err(Code::NotFound.into());
    }
    let role = store::role::get(db, activation.role).await?;
    let own = activation.person == me;
    let names = Names::of(db, activation.decisions.iter().map(|decision| decision.by), []).await?;
    let decisions = activation.decisions.iter().map(|decision| DecisionRow {
        by: names.person(decision.by),
        verdict: decision.verdict,
        justification: decision.justification.clone(),
        at: decision.at,
    });
    let judged_by = versions.first().filter(|settings| settings.approval.required);
    let stage = judged_by.and_then(|settings| settings.stage()).cloned();
    let may = sight::moves(&access, &activation, &versions, now);
    Ok(ActivationDetail {
        role_description: role.description,
        role_link: role.link.filter(|_| own && activation.is_held(now)),
        settings_version: activation.settings_version,
        asks_code: asking_for_code(&ctx.mfa()?, stage.as_ref(), &may, id, now),
        stage,
        decisions: decisions.collect(),
        steps: audit::steps(db, id).await?,
        may,
        given_back: activation.given_back(),
        own,
        row: rows(db, vec![activation], now).await?.pop().ok_or_else(|| Error::from(Code::NotFound))?,
    })
}

/// The moves that would be refused now without a code.
fn asking_for_code(
    mfa: &Mfa,
    stage: Option<&Stage>,
    may: &[Move],
    id: ActivationId,
    now: Instant,
) -> Vec<Move> {
    let asks = |step: &Move| {
        let (factor, act) = match step {
            Move::Decide => (stage.map_or(SecondFactor::NotAsked, |stage| stage.second_factor), Act::Decide),
            Move::Revoke => (SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES }, Act::Administer),
            Move::Cancel | Move::Deactivate => (SecondFactor::NotAsked, Act::Decide),
        };
        factor.prove(mfa, act, id.uuid(), now).is_err()
    };
    may.iter().copied().filter(asks).collect()
}
