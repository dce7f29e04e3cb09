//! The first step of using a link: what the person sets, checked; and what their authenticator app needs. Nothing is kept
//! before the last step but a sealed value in the browser, except for a lost password, which has one step only.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    Code, Problem,
    event::{Event, EventKind},
    session::STEP_LIFE,
    sign_in::{Enrolment, LinkId, LinkPurpose, SignInId},
    text,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{finish, open};
use crate::{
    Ctx, Engine,
    error::{Error, Result},
    sign_in::{credential, failed, once, password, proof, step, throttle::Attempt, totp::Secret},
    store,
    store::sign_in::{NewCredentials, link::Link},
};

/// Input: what a link asks for; which fields, its purpose says.
#[derive(Clone, Debug, Default)]
pub struct BeginLink {
    /// Set-up: the name of the first person.
    pub name: Option<String>,
    /// Set-up: the name to sign in with.
    pub sign_in_name: Option<String>,
    /// The new password, for all but a lost factor.
    pub password: Option<SecretString>,
    /// Lost factor: the present password.
    pub current_password: Option<SecretString>,
    /// Lost password: the present code.
    pub code: Option<String>,
}

/// What follows.
#[derive(Clone, Debug)]
pub struct LinkStep {
    /// For [`finish`](super::finish), within five minutes; empty when all is done.
    pub sealed: String,
    /// What the authenticator app needs.
    pub enrolment: Option<Enrolment>,
    /// Whether the link was used: nothing more is needed.
    pub done: bool,
}

/// What the sealed value holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    /// Name and sign-in name of the first person.
    pub first: Option<(String, String)>,
    pub password_hash: Option<String>,
    /// The credentials that were there: a change in between voids the step.
    pub version: Option<i64>,
    secret: String,
}

impl Begun {
    fn new(secret: &Secret) -> Self {
        Self { first: None, password_hash: None, version: None, secret: STANDARD.encode(secret.bytes()) }
    }

    pub(super) fn secret(&self) -> Option<Secret> {
        Secret::from_bytes(&zeroize::Zeroizing::new(STANDARD.decode(&self.secret).ok()?))
    }
}

pub(super) fn place(link: LinkId) -> String {
    format!("step/link/{link}")
}

/// Checks what was given and begins the enrolment.
///
/// # Errors
/// `link_invalid`; the problems of the fields; `wrong_password`, `mfa_invalid`, `mfa_reused`, `rate_limited`.
pub async fn begin(engine: &Engine, ctx: &Ctx, token: &str, given: BeginLink) -> Result<LinkStep> {
    let link = open(engine.readers(), token, engine.now()).await?;
    let secret = Secret::new(engine.env());
    let mut begun = Begun::new(&secret);
    let account = match (link.purpose, link.owner) {
        (LinkPurpose::SetUp, _) | (_, None) => {
            let (names, hash) = first_person(engine, &given).await?;
            begun.password_hash = Some(hash);
            begun.first.insert(names).1.clone()
        }
        (LinkPurpose::Invitation | LinkPurpose::Recover, Some((_, sign_in))) => {
            let sign_in = store::sign_in::get(engine.readers(), sign_in).await?;
            begun.password_hash = Some(chosen(engine, &given, &[&sign_in.name]).await?);
            begun.version = Some(sign_in.version);
            sign_in.name
        }
        (LinkPurpose::LostFactor, Some((_, sign_in))) => {
            let sign_in = store::sign_in::get(engine.readers(), sign_in).await?;
            let current = given.current_password.unwrap_or_default();
            let attempt = Attempt::password(engine, ctx, &sign_in.name, None);
            // The link alone is not enough.
            credential::prove_password(engine, ctx, attempt, &sign_in, &current).await?;
            begun.version = Some(sign_in.version);
            sign_in.name
        }
        (LinkPurpose::LostPassword, Some((_, sign_in))) => {
            lost_password(engine, ctx, link, sign_in, &given).await?;
            return Ok(LinkStep { sealed: String::new(), enrolment: None, done: true });
        }
    };
    let sealed = step::seal(engine, &place(link.id), STEP_LIFE, &begun)?;
    Ok(LinkStep { sealed, enrolment: Some(enrolment(engine, &secret, &account)), done: false })
}

/// What an authenticator app needs to know.
pub(in crate::sign_in) fn enrolment(engine: &Engine, secret: &Secret, account: &str) -> Enrolment {
    Enrolment { otpauth: secret.otpauth(&engine.config().organisation, account), key: secret.key() }
}

/// Name and sign-in name of the first person, and the hash of their password. All problems are told at once.
async fn first_person(engine: &Engine, given: &BeginLink) -> Result<((String, String), String)> {
    let ticket = engine.passwords().ticket()?;
    let password = given.password.clone().unwrap_or_default();
    let name = text::line("name", given.name.as_deref().unwrap_or_default(), text::NAME);
    let sign_in_name = domain::sign_in::name(given.sign_in_name.as_deref().unwrap_or_default());
    let about = [engine.config().organisation.as_str(), given.sign_in_name.as_deref().unwrap_or_default()];
    let checked = password::check_chosen(&password, &about);
    match (name, sign_in_name, checked) {
        (Ok(name), Ok(sign_in_name), Ok(())) => {
            let hash = ticket.hash(engine.env(), &password).await?;
            Ok(((name, sign_in_name), hash))
        }
        (name, sign_in_name, checked) => {
            let problems = [name.err(), sign_in_name.err(), checked.err()].into_iter().flatten().collect();
            Err(Problem::all(problems).unwrap_or_else(|| Problem::new(Code::Required)).into())
        }
    }
}

/// The hash of the password that somebody chooses.
async fn chosen(engine: &Engine, given: &BeginLink, about: &[&str]) -> Result<String> {
    let ticket = engine.passwords().ticket()?;
    let password = given.password.clone().unwrap_or_default();
    let about: Vec<&str> = about.iter().copied().chain([engine.config().organisation.as_str()]).collect();
    password::check_chosen(&password, &about)?;
    ticket.hash(engine.env(), &password).await
}

/// The link and the present code set a new password, at once.
async fn lost_password(
    engine: &Engine,
    ctx: &Ctx,
    link: Link,
    sign_in: SignInId,
    given: &BeginLink,
) -> Result<()> {
    let code = domain::sign_in::code(given.code.as_deref().unwrap_or_default())?;
    let sign_in = store::sign_in::get(engine.readers(), sign_in).await?;
    let hash = chosen(engine, given, &[&sign_in.name]).await?;
    let attempt = Attempt::code(engine, ctx, sign_in.id, None, link.id.uuid());
    attempt.count(engine).await?;
    let (act, id, person) = (engine.clone(), sign_in.id, sign_in.person);
    let attempted = Event::new(EventKind::LinkUsed).person(person);
    let done = engine
        .act(&once(ctx), attempted, move |tx| {
            Box::pin(async move {
                let sign_in = store::sign_in::get(tx.conn(), id).await?;
                // Refused as a value: the refusal is recorded as a failed attempt.
                if let Err(Error::Problem(problem)) = proof::use_code(&act, tx, &sign_in, &code).await {
                    return Ok(tx.unchanged(Err::<(), _>(problem)));
                }
                attempt.succeeded(tx).await?;
                let new = NewCredentials { password_hash: Some(hash), factor: None };
                let events = finish::use_link(tx, &link, &sign_in, new).await?;
                tx.commit(&act, Ok(()), events).await
            })
        })
        .await?;
    if let Err(problem) = done {
        failed::record(engine, ctx, Some(person), problem.code, "code").await;
        return Err(problem.into());
    }
    Ok(())
}
