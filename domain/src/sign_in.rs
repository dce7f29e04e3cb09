//! Signing in: names, passwords, one-time codes, throttling and one-time links. What is secret stays in the engine.

use serde::{Deserialize, Serialize};

use crate::{
    Id, Instant, Span,
    problem::{Code, Problem},
    text,
};

/// The identifier of a sign-in.
pub type SignInId = Id<SignIn>;
/// The identifier of a one-time link.
pub type LinkId = Id<Link>;

/// A name with password and factors; a person has one or more.
#[derive(Clone, Copy, Debug)]
pub struct SignIn;

/// A link that works once, for a person to set what only they should know.
#[derive(Clone, Copy, Debug)]
pub struct Link;

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LinkPurpose {
    /// The first person of all.
    SetUp,
    /// A new person, or one who lost both: password and factor.
    Invitation,
    /// A new password, with a code.
    LostPassword,
    /// A new factor, with the password.
    LostFactor,
    /// Password and factor, made on the host.
    Recover,
}

impl LinkPurpose {
    /// How long such a link works.
    pub const fn life(self) -> Span {
        match self {
            Self::SetUp | Self::Recover => Span::hours(1),
            Self::Invitation | Self::LostPassword | Self::LostFactor => Span::hours(72),
        }
    }

    /// The word in store and record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Invitation => "invitation",
            Self::LostPassword => "lost_password",
            Self::LostFactor => "lost_factor",
            Self::Recover => "recover",
        }
    }

    /// Whether the person sets a new password.
    pub const fn sets_password(self) -> bool {
        !matches!(self, Self::LostFactor)
    }

    /// Whether the person enrols a new factor.
    pub const fn sets_factor(self) -> bool {
        !matches!(self, Self::LostPassword)
    }
}

/// Normalises a sign-in name: trimmed, lower case, one line without blanks, at most 100 characters.
///
/// # Errors
/// `required`, `too_long` or `malformed`.
pub fn name(given: &str) -> Result<String, Problem> {
    let name = text::line("sign_in_name", given, text::NAME)?.to_lowercase();
    if name.chars().any(|c| c.is_whitespace() || !(c.is_alphanumeric() || "._-+@".contains(c))) {
        return Err(Problem::new(Code::Malformed)
            .field("sign_in_name")
            .limit("letters, digits and . _ - + @, without blanks"));
    }
    Ok(name)
}

/// The shortest password, in characters.
pub const PASSWORD_LEAST: usize = 12;
/// The longest password, in bytes.
pub const PASSWORD_MOST: usize = 1024;

/// Checks the bounds of a password; whether it is common is checked by the engine.
///
/// # Errors
/// `too_short` or `too_long`.
pub fn password(given: &str) -> Result<(), Problem> {
    if given.chars().count() < PASSWORD_LEAST {
        return Err(Problem::new(Code::TooShort).field("password").limit(PASSWORD_LEAST.to_string()));
    }
    if given.len() > PASSWORD_MOST {
        return Err(Problem::new(Code::TooLong).field("password").limit(PASSWORD_MOST.to_string()));
    }
    Ok(())
}

/// A code as typed, without blanks and hyphens: exactly six ASCII digits.
///
/// # Errors
/// `mfa_required` when empty, `mfa_invalid` when it cannot be a code.
pub fn code(given: &str) -> Result<String, Problem> {
    let digits: String = given.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.is_empty() {
        return Err(Problem::new(Code::MfaRequired).field("code"));
    }
    if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(digits);
    }
    Err(Problem::new(Code::MfaInvalid).field("code"))
}

/// A recovery code as typed: letters and digits, blanks and hyphens ignored, upper case.
pub fn recovery_code(given: &str) -> String {
    given.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Attempts that are free before a delay begins.
pub const FREE_ATTEMPTS: u32 = 5;
/// Wrong codes in a row that lead back to the password.
pub const CODES_IN_A_ROW: u32 = 10;

/// How long the next attempt has to wait after so many failures in a row: five are free, then 1 s doubling to 60 s.
pub fn delay_after(failures: u32) -> Span {
    match failures.checked_sub(FREE_ATTEMPTS) {
        None | Some(0) => Span::ZERO,
        Some(over) => Span::seconds((1_i64 << (over - 1).min(6)).min(60)),
    }
}

/// What is shown before somebody uses a one-time link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkView {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Whose, when it is for somebody who exists.
    pub person_name: Option<String>,
    /// The name to sign in with, when there is one.
    pub sign_in_name: Option<String>,
    /// Until when it works.
    pub expires_at: Instant,
}

/// A link that was made for somebody: shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeLink {
    /// The whole address.
    pub url: String,
    /// Until when it works.
    pub expires_at: Instant,
    /// Addresses it was mailed to; none for people who exist already.
    pub mailed_to: Vec<String>,
}

/// What an authenticator app needs, shown during enrolment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolment {
    /// The `otpauth:` address, for the QR code.
    pub otpauth: String,
    /// The key in base 32, in groups of four, for typing.
    pub key: String,
}

/// One's own credentials, as the account page shows them. No secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Security {
    /// The name to sign in with.
    pub sign_in_name: String,
    /// When the password was set.
    pub password_set_at: Option<Instant>,
    /// When the authenticator app was enrolled.
    pub factor_enrolled_at: Option<Instant>,
    /// Recovery codes that are left.
    pub recovery_codes_left: u32,
    /// When they were made.
    pub recovery_codes_made_at: Option<Instant>,
    /// Where one is signed in.
    pub sessions: Vec<crate::session::SessionRow>,
}

/// Somebody in the sample organisation, as its sign-in page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The name that others see.
    pub name: String,
    /// The name to sign in with.
    pub sign_in_name: String,
    /// The password.
    pub password: String,
    /// What this person shows.
    pub part: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_ascii_digits_in_any_grouping() {
        assert_eq!(code(" 123 456 ").unwrap(), "123456");
        assert_eq!(code("123-456").unwrap(), "123456");
        for bad in ["12345", "1234567", "١٢٣٤٥٦", "12345a"] {
            assert_eq!(code(bad).unwrap_err().code, Code::MfaInvalid, "{bad}");
        }
        assert_eq!(code("").unwrap_err().code, Code::MfaRequired);
    }

    #[test]
    fn five_attempts_are_free_then_the_delay_doubles_to_a_minute() {
        let seconds: Vec<_> = (0..15).map(|n| delay_after(n).as_seconds()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn passwords_have_bounds_and_no_composition_rules() {
        assert_eq!(password("short").unwrap_err().code, Code::TooShort);
        assert!(password("correct horse battery").is_ok());
        assert!(password("            ").is_ok());
        assert_eq!(password(&"é".repeat(513)).unwrap_err().code, Code::TooLong);
    }

    #[test]
    fn sign_in_names_are_normalised() {
        assert_eq!(name(" Ada@Halden.Example ").unwrap(), "ada@halden.example");
        assert!(name("a da").is_err());
        assert!(name("").is_err());
    }
}
