//! People who can sign in: everybody has the same password, and an authenticator app that follows from their name.

use domain::{person::PersonId, session::SessionKind, sign_in::SignInId};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::World;
use crate::{
    Caller, Client, Ctx, session,
    sign_in::{self, SignedIn, totp::Secret},
    store::{self, sign_in::NewCredentials},
};

/// The password of everybody in a world.
pub const PASSWORD: &str = "correct horse battery staple";

/// Hashed once for all tests of a process: it is slow on purpose.
static HASH: OnceCell<String> = OnceCell::const_new();

fn secret(name: &str) -> Secret {
    Secret::from_bytes(Sha256::digest(name).get(..20).unwrap()).unwrap()
}

impl World {
    /// Gives a person a sign-in of this name, with the password of everybody and an authenticator app.
    pub async fn with_credentials(&self, person: PersonId, name: &str) -> SignInId {
        let password = SecretString::from(PASSWORD);
        let hashing = self.engine.passwords();
        let hash = HASH
            .get_or_init(async || hashing.ticket().unwrap().hash(self.engine.env(), &password).await.unwrap())
            .await
            .clone();
        let (engine, name) = (self.engine.clone(), name.to_owned());
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    let id = sign_in::create_for(&engine, tx, person, &name).await?;
                    let new = store::sign_in::get(tx.conn(), id).await?;
                    let factor = Some((secret(&name).seal(&engine, id), 0));
                    let credentials = NewCredentials { password_hash: Some(hash), factor };
                    store::sign_in::set_credentials(tx.conn(), &new, credentials, tx.now).await?;
                    Ok(id)
                })
            })
            .await
            .unwrap()
    }

    /// The code that the authenticator app of this name shows now. It works once: the next one needs the clock to move.
    pub fn code(&self, name: &str) -> String {
        secret(name).code_at(self.engine.now())
    }

    /// The code that an authenticator app shows now which was given this key during enrolment.
    pub fn code_of_key(&self, key: &str) -> String {
        Secret::from_key(key).unwrap().code_at(self.engine.now())
    }

    /// Signs in through both steps, as a browser that was never seen.
    pub async fn signed_in(&self, name: &str) -> SignedIn {
        let (ctx, password) = (self.stranger(), SecretString::from(PASSWORD));
        let step = sign_in::password_step(&self.engine, &ctx, name, &password, None).await.unwrap();
        sign_in::code_step(&self.engine, &ctx, &step.sealed, &self.code(name), SessionKind::Browser)
            .await
            .unwrap()
    }

    /// Nobody who is known, from some address.
    pub fn stranger(&self) -> Ctx {
        let client = Client { address: "192.0.2.7".to_owned(), agent: "a test".to_owned() };
        Ctx { client, ..Ctx::of(Caller::Nobody) }
    }

    /// The circumstances of a request with these tokens.
    pub async fn ctx_of(&self, tokens: &session::Tokens) -> Ctx {
        let ctx = self.stranger();
        let access = tokens.access.expose_secret();
        let signed = session::authenticate(&self.engine, access, &ctx.client).await.unwrap();
        Ctx { caller: Caller::Person(signed), ..ctx }
    }
}
