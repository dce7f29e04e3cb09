//! Secrets at rest: one master key, derived keys by purpose, and one small envelope.

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::env::Env;

/// The length of the master key in bytes.
pub const KEY_LENGTH: usize = 32;

/// The layout of the envelope that is written today.
const ENVELOPE: u8 = 1;

/// Keys by purpose, all from the one key that an operator keeps.
pub struct Keys {
    master: SecretBox<[u8; KEY_LENGTH]>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Keys from the master key.
    pub fn new(master: &SecretBox<[u8; KEY_LENGTH]>) -> Self {
        Self { master: SecretBox::new(Box::new(*master.expose_secret())) }
    }

    /// A keyed hash under a purpose: derived keys, successors of refresh tokens, hashes of recovery codes.
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        let key = keyed(self.master.expose_secret(), purpose.as_bytes());
        keyed(&key, data)
    }

    /// Seals `plain` for one place: `place` names where it is kept and must be the same when it is opened.
    ///
    /// # Panics
    /// Never for the sizes that Stint seals.
    pub fn seal(&self, env: &Env, place: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 24] = env.bytes();
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .expect("invariant: sealing a short text cannot fail");
        [&[ENVELOPE], nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for this place; nothing when it was not, or was changed.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, body) = rest.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        if *version != ENVELOPE {
            return None;
        }
        self.cipher().decrypt(&XNonce::from(nonce), Payload { msg: body, aad: place.as_bytes() }).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&keyed(self.master.expose_secret(), b"seal").into())
    }
}

fn keyed(key: &[u8; 32], data: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("invariant: a key of any length fits");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let env = Env::fixed(chrono::DateTime::UNIX_EPOCH, 1);
        let keys = Keys::new(&SecretBox::new(Box::new([7; 32])));
        let sealed = keys.seal(&env, "totp/1", b"secret");
        assert_eq!(keys.open("totp/1", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert!(keys.open("totp/2", &sealed).is_none());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(keys.open("totp/1", &changed).is_none());
        assert!(keys.open("totp/1", &[]).is_none());
        assert_ne!(keys.seal(&env, "totp/1", b"secret"), sealed);
    }
}
