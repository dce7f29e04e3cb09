//! Recovery codes: ten, each good once, kept as keyed hashes. They sign in and replace a factor; they are no step-up.

use domain::{Instant, sign_in::SignInId};
use sea_orm::ConnectionTrait;

use crate::{Engine, error::Result, store};

/// How many there are.
const COUNT: usize = 10;
/// How many characters of five bits each.
const LENGTH: usize = 12;
/// Base 32 as Crockford wrote it: no letter that looks like another character.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes ten new ones, in place of all former ones. Gives them as they are shown, this once.
pub(crate) async fn replace<C: ConnectionTrait>(
    engine: &Engine,
    db: &C,
    sign_in: SignInId,
    now: Instant,
) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..COUNT).map(|_| random(engine)).collect();
    let hashes: Vec<String> = codes.iter().map(|code| hash(engine, sign_in, code)).collect();
    store::sign_in::recovery::replace(db, engine.env(), sign_in, &hashes, now).await?;
    Ok(codes.iter().map(|code| grouped(code)).collect())
}

/// The code as it is hashed, when what was typed has the form of one.
pub(crate) fn read(given: &str) -> Option<String> {
    let code: String = domain::sign_in::recovery_code(given)
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let fits = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(code)
}

/// The hash that is kept: keyed, so that the database alone does not tell the codes.
pub(crate) fn hash(engine: &Engine, sign_in: SignInId, code: &str) -> String {
    domain::audit::hex(&engine.keys().mac("recovery_code", format!("{sign_in}/{code}").as_bytes()))
}

fn random(engine: &Engine) -> String {
    let bytes: [u8; LENGTH] = engine.env().bytes();
    bytes
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
        .map(|byte| char::from(*byte))
        .collect()
}

fn grouped(code: &str) -> String {
    let characters: Vec<char> = code.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_known_by_their_form() {
        assert_eq!(read("7k2m-9qxt-04hn").as_deref(), Some("7K2M9QXT04HN"));
        assert_eq!(read(" 7K2M 9QXT O4HN ").as_deref(), Some("7K2M9QXT04HN"));
        assert_eq!(read("123456"), None);
        assert_eq!(read("7k2m-9qxt-04h"), None);
        assert_eq!(read("7k2m-9qxt-04hu"), None);
    }
}
