//! The sample organisation, Halden Logistics: made by the engine itself under a moving clock, by the same acts that people
//! carry out. It has a database of its own, which `serve` refuses; demo commands refuse any other.

mod cast;
mod stage;
mod story;

use domain::{Code, Problem, sign_in::DemoPerson};

use crate::{
    Config, Engine, Env,
    error::{Error, Result},
    sign_in::totp::Secret,
    store,
};

/// The password of everybody in the sample organisation, shown on its sign-in page.
pub const PASSWORD: &str = "lend me the keys";

/// Builds the sample organisation in a new database, up to this moment.
///
/// # Errors
/// When the database is not new or cannot be written to.
pub async fn build(config: Config) -> Result<()> {
    let until = Env::machine().map_err(Error::of("demo.clock"))?.now();
    let env = Env::moving(story::beginning(until)).map_err(Error::of("demo.clock"))?;
    let engine = Engine::open(config, env).await?;
    let told = story::tell(&engine, until).await;
    engine.close().await;
    told
}

/// Who may sign in to the sample organisation, for its sign-in page; nobody anywhere else.
pub fn sign_in_help(engine: &Engine) -> Vec<DemoPerson> {
    if !engine.config().demo {
        return Vec::new();
    }
    cast::EVERYBODY
        .iter()
        .map(|person| DemoPerson {
            name: person.name.to_owned(),
            sign_in_name: person.sign_in.to_owned(),
            password: PASSWORD.to_owned(),
            part: person.part.to_owned(),
        })
        .collect()
}

/// The six digits that the authenticator app of somebody in the sample organisation shows now.
///
/// # Errors
/// `not_found` for others, and for every database but that of the sample organisation.
pub async fn code(engine: &Engine, name: &str) -> Result<String> {
    let unknown = || Error::from(Problem::new(Code::NotFound));
    if !engine.config().demo {
        return Err(unknown());
    }
    let name = domain::sign_in::name(name)?;
    let sign_in = store::sign_in::find_by_name(engine.readers(), &name).await?.ok_or_else(unknown)?;
    let secret = Secret::of(engine, &sign_in)?.ok_or_else(unknown)?;
    Ok(secret.code_at(engine.now()))
}

#[cfg(test)]
mod tests;
