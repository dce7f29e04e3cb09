//! Codes of authenticator apps: RFC 6238 with SHA-1, 30 seconds and six digits, as the apps expect. The current step
//! and the one before count, never one to come.

use domain::{Instant, sign_in::SignInId};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::{
    Engine, Env,
    error::{Error, Result},
    store::sign_in::SignIn,
};

/// How long a step is, in seconds.
const STEP: i64 = 30;
/// The length of a secret in bytes: 160 bits, as RFC 4226 recommends.
const LENGTH: usize = 20;

/// The step of a moment.
pub(crate) fn step_at(now: Instant) -> i64 {
    now.timestamp().div_euclid(STEP)
}

/// What an authenticator app and Stint share. Does not print.
pub(crate) struct Secret(Zeroizing<[u8; LENGTH]>);

impl Secret {
    /// A new one.
    pub(crate) fn new(env: &Env) -> Self {
        Self(Zeroizing::new(env.bytes()))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The secret that a key for typing stands for, blanks aside.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::from_bytes(totp_rs::Secret::try_from_base32(key.replace(' ', "")).ok()?.as_ref())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Sealed for one sign-in.
    pub(crate) fn seal(&self, engine: &Engine, sign_in: SignInId) -> Vec<u8> {
        engine.keys().seal(engine.env(), &place(sign_in), self.bytes())
    }

    /// The secret of a sign-in that has a factor.
    pub(crate) fn of(engine: &Engine, sign_in: &SignIn) -> Result<Option<Self>> {
        let Some(sealed) = &sign_in.totp_sealed else { return Ok(None) };
        let plain = engine.keys().open(&place(sign_in.id), sealed).map(Zeroizing::new);
        let secret = plain.and_then(|plain| Self::from_bytes(&plain));
        secret
            .map(Some)
            .ok_or_else(|| Error::broken("totp.open", "a sealed secret does not open with this key"))
    }

    /// The step whose code this is: the current one or the one before.
    pub(crate) fn step_of(&self, code: &str, now: Instant) -> Option<i64> {
        let totp = self.totp()?;
        let now = now.timestamp();
        [now, now - STEP]
            .into_iter()
            .find_map(|at| totp.check(code, u64::try_from(at).ok()?))?
            .try_into()
            .ok()
    }

    /// The code of this moment.
    pub(crate) fn code_at(&self, now: Instant) -> String {
        let at = u64::try_from(now.timestamp()).unwrap_or_default();
        self.totp().map(|totp| totp.generate(at).to_string()).unwrap_or_default()
    }

    /// The library's symmetric tolerance would accept codes to come: it is switched off.
    fn totp(&self) -> Option<Totp> {
        let secret = totp_rs::Secret::new_stack(*self.0);
        Builder::new().with_skew(0).with_secret(secret).build().ok()
    }

    /// The key for typing: base 32 in groups of four.
    pub(crate) fn key(&self) -> String {
        let characters: Vec<char> = base32(self.bytes()).chars().collect();
        characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The address that the QR code shows.
    pub(crate) fn otpauth(&self, organisation: &str, account: &str) -> String {
        let issuer = escaped(&format!("Stint {}", organisation.replace(':', " ")));
        let account = escaped(&account.replace(':', " "));
        let secret = base32(self.bytes());
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
        )
    }
}

fn place(sign_in: SignInId) -> String {
    format!("totp/{sign_in}")
}

/// RFC 4648 without padding.
fn base32(bytes: &[u8]) -> String {
    totp_rs::Secret::from(bytes).to_base32()
}

/// RFC 3986 percent-encoding of everything but the unreserved.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_timestamp(second, 0).unwrap()
    }

    fn rfc() -> Secret {
        Secret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // The last six digits of appendix B, SHA-1.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().code_at(at(second)), code);
            assert_eq!(rfc().step_of(code, at(second)), Some(second / 30));
        }
    }

    #[test]
    fn a_code_counts_in_its_step_and_the_next_one_never_before() {
        let code = rfc().code_at(at(1_000_000_020));
        let step = 1_000_000_020 / 30;
        let accepted = |second| rfc().step_of(&code, at(second));
        assert_eq!(accepted(1_000_000_020), Some(step));
        assert_eq!(accepted(1_000_000_049), Some(step));
        assert_eq!(accepted(1_000_000_050), Some(step));
        assert_eq!(accepted(1_000_000_079), Some(step));
        assert_eq!(accepted(1_000_000_080), None);
        assert_eq!(accepted(1_000_000_019), None);
    }

    #[test]
    fn a_code_is_six_digits_and_nothing_else() {
        let code = rfc().code_at(at(59));
        for wrong in [format!(" {code}"), format!("+{}", &code[1..]), String::new(), format!("0{code}")] {
            assert_eq!(rfc().step_of(&wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn keys_are_base_32_as_in_rfc_4648() {
        for (plain, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(rfc().key(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn names_cannot_change_the_address_of_the_qr_code() {
        let address = rfc().otpauth("Halden: & Søn", "ada&secret=x");
        assert_eq!(
            address,
            "otpauth://totp/Stint%20Halden%20%20%26%20S%C3%B8n:ada%26secret%3Dx?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Stint%20Halden%20%20%26%20S%C3%B8n&algorithm=SHA1&digits=6&period=30"
        );
    }
}
