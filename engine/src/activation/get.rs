//! One request with everything that its reader may see.

use domain::{
    Code,
    activation::{ActivationDetail, ActivationId, DecisionRow},
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
    Ok(ActivationDetail {
        role_description: role.description,
        role_link: role.link.filter(|_| own && activation.is_held(now)),
        settings_version: activation.settings_version,
        stage: judged_by.and_then(|settings| settings.stage()).cloned(),
        decisions: decisions.collect(),
        steps: audit::steps(db, id).await?,
        may: sight::moves(&access, &activation, &versions, now),
        given_back: activation.given_back(),
        own,
        row: rows(db, vec![activation], now).await?.pop().ok_or_else(|| Error::from(Code::NotFound))?,
    })
}
