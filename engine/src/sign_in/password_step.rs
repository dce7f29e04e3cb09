//! The first step of signing in: name and password. Gives no session, only a sealed value that is good for five minutes.

use domain::{Code, Problem, session::STEP_LIFE, sign_in::SignInId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{device::Device, failed, step, throttle::Attempt};
use crate::{Ctx, Engine, error::Result, store, store::sign_in::SignIn};

pub(crate) const PLACE: &str = "step/password";

/// The password was right.
#[derive(Clone, Debug)]
pub struct PasswordStep {
    /// For [`code_step`](super::code_step), within five minutes.
    pub sealed: String,
    /// The person's name.
    pub person_name: String,
    /// The name that was used.
    pub sign_in_name: String,
}

/// What the sealed value holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Proved {
    /// Wrong codes in a row are counted by it.
    pub id: Uuid,
    pub sign_in: SignInId,
    /// The credentials that the password belonged to: a change in between voids the step.
    pub version: i64,
    pub device: Option<Device>,
}

/// Checks name and password. `device` is what a browser that signed in before has kept.
///
/// # Errors
/// `wrong_password`, alike for unknown names, people without credentials and disabled people; `rate_limited`;
/// `unavailable` when too many sign in at once.
pub async fn password_step(
    engine: &Engine,
    ctx: &Ctx,
    name: &str,
    password: &SecretString,
    device: Option<&str>,
) -> Result<PasswordStep> {
    let ticket = engine.passwords().ticket()?;
    let valid = domain::sign_in::name(name).ok();
    // What cannot be a name belongs to nobody, and is counted like a name.
    let sign_in = match &valid {
        Some(name) => store::sign_in::find_by_name(engine.readers(), name).await?,
        None => None,
    };
    let device = sign_in.as_ref().and_then(|sign_in| Device::known(engine, device, sign_in.id));
    let attempt = Attempt::password(engine, ctx, valid.as_deref().unwrap_or(name), device.as_ref());
    attempt.count(engine).await?;
    let hash = sign_in.as_ref().and_then(|sign_in| sign_in.password_hash.as_deref());
    let fits = ticket.verify(password, hash).await?;
    let person = match &sign_in {
        Some(sign_in) => store::person::find(engine.readers(), sign_in.person).await?,
        None => None,
    };
    let person = person.filter(|person| person.disabled_at.is_none());
    let (Some(sign_in), Some(person), true) = (sign_in.as_ref(), person, fits) else {
        failed::record(engine, ctx, sign_in.map(|sign_in| sign_in.person), Code::WrongPassword, "password")
            .await;
        return Err(Problem::new(Code::WrongPassword).into());
    };
    engine.note(move |tx| Box::pin(async move { attempt.succeeded(tx).await })).await?;
    let sealed = seal(engine, sign_in, device)?;
    Ok(PasswordStep { sealed, person_name: person.name, sign_in_name: sign_in.name.clone() })
}

fn seal(engine: &Engine, sign_in: &SignIn, device: Option<Device>) -> Result<String> {
    let proved = Proved {
        id: engine.env().id::<Proved>().uuid(),
        sign_in: sign_in.id,
        version: sign_in.version,
        device,
    };
    step::seal(engine, PLACE, STEP_LIFE, &proved)
}
