//! One's own credentials: what there is, and changing it. The present password or factor is always asked for.

mod factor;

#[cfg(test)]
mod tests;

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    sign_in::Security,
};
use secrecy::SecretString;

use super::{failed, once, password, throttle::Attempt};
use crate::{
    Ctx, Engine,
    error::Result,
    session, store,
    store::sign_in::{NewCredentials, SignIn},
};

pub use factor::{FactorStep, begin_factor, finish_factor, new_recovery_codes};

/// One's own credentials, without secrets, and where one is signed in.
///
/// # Errors
/// `signed_out`.
pub async fn security(engine: &Engine, ctx: &Ctx) -> Result<Security> {
    let signed = ctx.signed()?;
    let sign_in = store::sign_in::get(engine.readers(), signed.sign_in).await?;
    Ok(Security {
        sign_in_name: sign_in.name,
        password_set_at: sign_in.password_set_at,
        factor_enrolled_at: sign_in.totp_enrolled_at,
        recovery_codes_left: store::sign_in::recovery::left(engine.readers(), sign_in.id).await?,
        recovery_codes_made_at: sign_in.codes_made_at,
        sessions: session::list(engine, ctx).await?,
    })
}

/// Sets a new password. One's other sessions end.
///
/// # Errors
/// `wrong_password`, `rate_limited`; `too_short`, `too_long`, `password_common`.
pub async fn change_password(
    engine: &Engine,
    ctx: &Ctx,
    current: &SecretString,
    new: &SecretString,
) -> Result<()> {
    let signed = ctx.signed()?;
    let sign_in = store::sign_in::get(engine.readers(), signed.sign_in).await?;
    password::check_chosen(new, &[&sign_in.name, &engine.config().organisation])?;
    let attempt = Attempt::password_in_session(engine, signed.session);
    prove_password(engine, ctx, attempt, &sign_in, current).await?;
    let hash = engine.passwords().ticket()?.hash(engine.env(), new).await?;
    let act = engine.clone();
    engine
        .act(&once(ctx), Event::new(EventKind::PasswordSet).person(signed.person), move |tx| {
            Box::pin(async move {
                let credentials = NewCredentials { password_hash: Some(hash), factor: None };
                // Over the version whose password was proved: nobody else changed it meanwhile.
                store::sign_in::set_credentials(tx.conn(), &sign_in, credentials, tx.now).await?;
                session::end_all(tx, signed.person, Some(signed.session)).await?;
                let about = serde_json::json!({ "sign_in_name": sign_in.name });
                let event = Event::new(EventKind::PasswordSet).person(signed.person).after(about);
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}

/// Checks the present password, counted like every attempt at it.
///
/// # Errors
/// `wrong_password`, `rate_limited`, `unavailable`.
pub(super) async fn prove_password(
    engine: &Engine,
    ctx: &Ctx,
    attempt: Attempt,
    sign_in: &SignIn,
    current: &SecretString,
) -> Result<()> {
    let ticket = engine.passwords().ticket()?;
    attempt.count(engine).await?;
    if !ticket.verify(current, sign_in.password_hash.as_deref()).await? {
        failed::record(engine, ctx, Some(sign_in.person), Code::WrongPassword, "password").await;
        return Err(Problem::new(Code::WrongPassword).field("current_password").into());
    }
    engine.note(move |tx| Box::pin(async move { attempt.succeeded(tx).await })).await
}
