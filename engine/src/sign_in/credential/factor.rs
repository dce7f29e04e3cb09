//! Replacing one's authenticator app, and new recovery codes. A factor is replaced with the existing one or a recovery
//! code, in one update: it is never missing, so nobody can lock themself out here.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    Code,
    event::{Event, EventKind},
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor},
    session::{Act, STEP_LIFE},
    sign_in::{Enrolment, SignInId},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Ctx, Engine,
    error::{Error, Result},
    session,
    sign_in::{
        link::enrolment,
        once,
        proof::{self, Given},
        recovery, step,
        totp::Secret,
    },
    store,
    store::sign_in::NewCredentials,
};

/// A new authenticator app is being enrolled.
#[derive(Clone, Debug)]
pub struct FactorStep {
    /// For [`finish_factor`], within five minutes.
    pub sealed: String,
    /// What the app needs.
    pub enrolment: Enrolment,
}

#[derive(Serialize, Deserialize)]
struct Begun {
    secret: String,
}

fn place(sign_in: SignInId) -> String {
    format!("step/factor/{sign_in}")
}

/// Begins to enrol a new authenticator app. Nothing changes yet.
///
/// # Errors
/// `signed_out`.
pub async fn begin_factor(engine: &Engine, ctx: &Ctx) -> Result<FactorStep> {
    let signed = ctx.signed()?;
    let sign_in = store::sign_in::get(engine.readers(), signed.sign_in).await?;
    let secret = Secret::new(engine.env());
    let begun = Begun { secret: STANDARD.encode(secret.bytes()) };
    let sealed = step::seal(engine, &place(sign_in.id), STEP_LIFE, &begun)?;
    Ok(FactorStep { sealed, enrolment: enrolment(engine, &secret, &sign_in.name) })
}

/// Replaces the authenticator app: `code` is the first one of the new app, `proof` one of the existing app or a recovery
/// code. One's other sessions end.
///
/// # Errors
/// `step_expired`, `mfa_required`, `mfa_invalid`, `mfa_reused`, `rate_limited`; the field says which code is meant.
pub async fn finish_factor(engine: &Engine, ctx: &Ctx, sealed: &str, code: &str, proof: &str) -> Result<()> {
    let signed = ctx.signed()?;
    let begun: Option<Begun> = step::open(engine, &place(signed.sign_in), sealed);
    let secret =
        begun.and_then(|begun| Secret::from_bytes(&Zeroizing::new(STANDARD.decode(begun.secret).ok()?)));
    let secret = secret.ok_or_else(|| Error::from(Code::StepExpired))?;
    let code = domain::sign_in::code(code)?;
    let given = Given::read(proof).map_err(|problem| problem.field("proof"))?;
    // Before the attempt at the existing factor is counted: a slip with the new app costs nothing.
    secret.step_of(&code, engine.now()).ok_or_else(proof::invalid)?;
    let counted = session::step_up::count(engine, ctx).await?;
    let (act, attempt) = (engine.clone(), counted.attempt());
    let result = engine
        .act(&once(ctx), Event::new(EventKind::FactorEnrolled).person(signed.person), move |tx| {
            Box::pin(async move {
                let sign_in = store::sign_in::get(tx.conn(), signed.sign_in).await?;
                let mut events = given.use_up(&act, tx, &sign_in).await.map_err(of_proof)?;
                let step = secret.step_of(&code, tx.now).ok_or_else(proof::invalid)?;
                attempt.succeeded(tx).await?;
                let factor = Some((secret.seal(&act, sign_in.id), step));
                let new = NewCredentials { password_hash: None, factor };
                store::sign_in::set_credentials(tx.conn(), &sign_in, new, tx.now).await?;
                session::end_all(tx, signed.person, Some(signed.session)).await?;
                let about = serde_json::json!({ "sign_in_name": sign_in.name });
                events.push(Event::new(EventKind::FactorEnrolled).person(signed.person).after(about));
                tx.commit(&act, (), events).await
            })
        })
        .await;
    counted.judged(engine, ctx, result).await
}

fn of_proof(error: Error) -> Error {
    match error {
        Error::Problem(problem) => problem.field("proof").into(),
        cause @ Error::Cause { .. } => cause,
    }
}

/// Ten new recovery codes, shown once; the former ones count no more. Needs a fresh second factor: who has them can replace
/// it.
///
/// # Errors
/// `mfa_stale`.
pub async fn new_recovery_codes(engine: &Engine, ctx: &Ctx) -> Result<Vec<String>> {
    let signed = ctx.signed()?;
    let act = engine.clone();
    engine
        .act(&once(ctx), Event::new(EventKind::RecoveryCodesMade).person(signed.person), move |tx| {
            Box::pin(async move {
                let fresh = SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES };
                fresh.prove(&tx.ctx.mfa()?, Act::Credentials, signed.sign_in.uuid(), tx.now)?;
                let codes = recovery::replace(&act, tx.conn(), signed.sign_in, tx.now).await?;
                let event = Event::new(EventKind::RecoveryCodesMade).person(signed.person);
                tx.commit(&act, codes, vec![event]).await
            })
        })
        .await
}
