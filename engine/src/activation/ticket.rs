//! The form of ticket numbers: a linear-time regular expression that the whole number must match.

use domain::{Code, Problem, role_settings::TicketRule};
use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may become: counted repetitions of repetitions would take the memory of all.
const SIZE: usize = 1 << 20;

/// Compiles a pattern so that it must match the whole number.
///
/// # Errors
/// `malformed`, for the field of the settings.
pub(crate) fn compile(pattern: &str) -> Result<Regex, Problem> {
    let malformed = || Problem::new(Code::Malformed).field("ticket_pattern").limit("a regular expression, such as OPS-\\d+");
    // Alone first: what is only whole between our own brackets could break out of them.
    RegexBuilder::new(pattern).size_limit(SIZE).build().map_err(|_| malformed())?;
    RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(SIZE).build().map_err(|_| malformed())
}

/// Whether a number has the form that the rule asks for. A pattern that does not compile fits nothing.
pub(super) fn fits(rule: Option<&TicketRule>, number: &str) -> bool {
    let Some(rule) = rule else { return true };
    rule.pattern.is_empty() || compile(&rule.pattern).is_ok_and(|pattern| pattern.is_match(number.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_number_must_match() {
        let check = |pattern: &str, number: &str| {
            let rule = TicketRule { system: "Jira".into(), pattern: pattern.into(), example: String::new() };
            fits(Some(&rule), number)
        };
        assert!(check("OPS-\\d+", "OPS-1234") && check("OPS-\\d+", " OPS-1 ") && check("a|ab", "ab"));
        assert!(!check("OPS-\\d+", "xOPS-1") && !check("OPS-\\d+", "OPS-1 and more") && !check("a|b", "ab"));
        assert!(check("", "anything"));
        assert!(!check("(", "("));
        // Nobody gets out of the brackets.
        assert!(!check("a)|(?:b", "axx"));
        assert!(!check("(?m)^a$", "a\nb"));
        assert!(compile("(?:a{1000}){1000}").is_err());
    }
}
