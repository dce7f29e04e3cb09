//! Text that people type: bounded, trimmed, without control characters. The bounds stand here once.

use crate::problem::{Code, Problem};

/// Names of people, groups and roles, in characters.
pub const NAME: usize = 100;
/// Descriptions, in characters.
pub const DESCRIPTION: usize = 500;
/// Justifications, in characters.
pub const JUSTIFICATION: usize = 500;
/// Ticket numbers and the names of ticket systems, in characters.
pub const TICKET: usize = 64;
/// Text to search for, in characters.
pub const SEARCH: usize = 100;
/// Links, in characters.
pub const LINK: usize = 500;
/// Ticket patterns, in characters.
pub const PATTERN: usize = 200;
/// Contact addresses of one person.
pub const ADDRESSES: usize = 5;
/// Approvers named in one stage.
pub const APPROVERS: usize = 20;

/// Text that may be empty: trimmed, at most `most` characters, no control characters but line breaks.
///
/// # Errors
/// `too_long` with the limit, or `malformed`.
pub fn optional(field: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > most {
        return Err(Problem::new(Code::TooLong).field(field).limit(most.to_string()));
    }
    if text.chars().any(|c| (c.is_control() && c != '\n') || is_deceptive(c)) {
        return Err(Problem::new(Code::Malformed).field(field).limit("no control characters"));
    }
    Ok(text)
}

/// Text on one line that must not be empty.
///
/// # Errors
/// `required`, `too_long` or `malformed`.
pub fn line(field: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text = optional(field, text, most)?;
    if text.is_empty() {
        return Err(Problem::new(Code::Required).field(field));
    }
    if text.contains('\n') {
        return Err(Problem::new(Code::Malformed).field(field).limit("one line"));
    }
    Ok(text)
}

/// Characters that turn or hide text, so that it reads as something else than it says, and such as look like nothing at
/// all. What joins letters in some scripts (U+200C, U+200D) is none of them.
pub(crate) fn is_deceptive(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    )
}

/// A mail address: one `@`, something on both sides, no blanks, at most 254 characters (RFC 5321).
///
/// # Errors
/// `required`, `too_long` or `malformed`.
pub fn mail_address(field: &str, text: &str) -> Result<String, Problem> {
    let text = line(field, text, 254)?;
    let malformed = || Problem::new(Code::Malformed).field(field).limit("a mail address");
    let (local, host) = text.rsplit_once('@').ok_or_else(malformed)?;
    let plain = |part: &str, extra: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || extra.contains(c))
    };
    let host_ok = plain(host, ".-") && !host.starts_with(['.', '-']) && !host.ends_with(['.', '-']);
    if !plain(local, "!#$%&'*+-/=?^_`{|}~.") || !host_ok || local.len() > 64 {
        return Err(malformed());
    }
    Ok(text)
}

/// A link to where something is used: `https:` (or `http:`) only, so that no link can run a script.
///
/// # Errors
/// `too_long` or `malformed`.
pub fn link(field: &str, text: &str) -> Result<Option<String>, Problem> {
    let text = optional(field, text, LINK)?;
    if text.is_empty() {
        return Ok(None);
    }
    let http = text.starts_with("https://") || text.starts_with("http://");
    if !http || text.chars().any(|c| c.is_whitespace() || c == '"' || c == '<' || c == '>') {
        return Err(Problem::new(Code::Malformed).field(field).limit("a link that begins with https://"));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_bounded() {
        assert_eq!(line("name", "  Ada ", 5).unwrap(), "Ada");
        assert_eq!(line("name", "", 5).unwrap_err().code, Code::Required);
        assert_eq!(line("name", "Adaline", 5).unwrap_err().limit.as_deref(), Some("5"));
        assert_eq!(line("name", "A\nB", 5).unwrap_err().code, Code::Malformed);
        assert_eq!(optional("reason", "A\r\nB", 5).unwrap(), "A\nB");
        assert_eq!(optional("reason", "A\u{202e}B", 5).unwrap_err().code, Code::Malformed);
        assert_eq!(optional("reason", "A\u{0}B", 5).unwrap_err().code, Code::Malformed);
    }

    #[test]
    fn text_that_turns_or_hides_is_refused_and_that_of_all_scripts_is_not() {
        for bad in
            ["\u{202e}", "\u{2066}", "\u{200b}", "\u{200f}", "\u{2060}", "\u{3164}", "\u{e0041}", "\u{feff}"]
        {
            assert_eq!(
                optional("reason", &format!("A{bad}B"), 9).unwrap_err().code,
                Code::Malformed,
                "{bad:?}"
            );
            assert_eq!(line("name", bad, 9).unwrap_err().code, Code::Malformed, "{bad:?}");
        }
        for good in ["می\u{200c}خواهم", "👩\u{200d}🔧", "שלום", "Łódź", "葛\u{e0100}城"] {
            assert_eq!(line("name", good, 20).unwrap(), good);
        }
    }

    #[test]
    fn mail_addresses_cannot_carry_headers() {
        assert!(mail_address("a", "ada@halden.example").is_ok());
        for bad in ["ada", "@x", "ada@", "a da@x.example", "a@x\r\nBcc: b@x", "a@x,b@y", "<a@x>", "\"a\"@x"] {
            assert!(mail_address("a", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn links_cannot_run_scripts() {
        assert_eq!(link("link", "").unwrap(), None);
        assert!(link("link", "https://admin.exchange.example/").is_ok());
        for bad in ["javascript:alert(1)", "data:text/html,x", "//host", "https://a\" onclick="] {
            assert!(link("link", bad).is_err(), "{bad}");
        }
    }
}
