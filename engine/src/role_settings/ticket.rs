//! The form of ticket numbers: a regular expression that the whole number must match, by an engine that takes linear
//! time.

use domain::{Code, Problem, role_settings::TicketRule, text};
use regex::bytes::{Regex, RegexBuilder};

/// How much memory a compiled pattern may take, in bytes: enough for two hundred ordinary characters, too little for
/// repetitions of repetitions.
const LARGEST: usize = 256 * 1024;

/// Whether the whole number matches; any number does when the rule has no pattern. A pattern that does not compile,
/// which is never saved, lets nothing through.
pub(crate) fn fits(rule: &TicketRule, number: &str) -> bool {
    rule.pattern.is_empty()
        || compiled(&rule.pattern).is_some_and(|pattern| pattern.is_match(number.as_bytes()))
}

/// Checks that the pattern compiles, and that the example fits it.
pub(super) fn check(rule: &TicketRule) -> Result<(), Problem> {
    if rule.pattern.is_empty() {
        return Ok(());
    }
    let pattern = compiled(&rule.pattern).ok_or_else(|| {
        let limit =
            format!("a regular expression of at most {} characters, such as CHG-[0-9]{{6}}", text::PATTERN);
        Problem::new(Code::Malformed).field("ticket_pattern").limit(limit)
    })?;
    if rule.example.is_empty() || pattern.is_match(rule.example.as_bytes()) {
        return Ok(());
    }
    Err(Problem::new(Code::Malformed).field("ticket_example").limit("a number that matches the pattern"))
}

fn compiled(pattern: &str) -> Option<Regex> {
    if pattern.chars().count() > text::PATTERN {
        return None;
    }
    // On its own first: with brackets that close the group around it, it would not be tied to both ends.
    // Digits and letters are those of ASCII, as ticket systems print them.
    let build = |pattern: &str| {
        RegexBuilder::new(pattern).unicode(false).size_limit(LARGEST).nest_limit(20).build().ok()
    };
    build(pattern)?;
    build(&format!("^(?:{pattern})$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(pattern: &str, example: &str) -> TicketRule {
        TicketRule {
            system: "Change desk".to_owned(),
            pattern: pattern.to_owned(),
            example: example.to_owned(),
        }
    }

    #[test]
    fn a_pattern_must_match_the_whole_number() {
        let rule = rule("CHG-[0-9]{4}|INC", "");
        for (number, fits_it) in [
            ("CHG-0012", true),
            ("INC", true),
            ("CHG-00123", false),
            ("xINC", false),
            ("INCx", false),
            ("INC\n", false),
            ("", false),
        ] {
            assert_eq!(fits(&rule, number), fits_it, "{number:?}");
        }
    }

    #[test]
    fn no_pattern_lets_any_number_through() {
        assert!(fits(&rule("", ""), "anything"));
        assert_eq!(check(&rule("", "anything")), Ok(()));
    }

    #[test]
    fn patterns_that_do_not_compile_or_escape_their_anchors_are_refused() {
        for bad in [
            "(",
            "[0-9",
            "a{99999}",
            "(?:a{1000}){1000}",
            "a)|(?:b",
            "(?x)a #",
            "(?=a)",
            r"(a)\1",
            &"a".repeat(201),
        ] {
            let problem = check(&rule(bad, "")).unwrap_err();
            assert_eq!(
                (problem.code, problem.field.as_deref()),
                (Code::Malformed, Some("ticket_pattern")),
                "{bad}"
            );
            assert!(!fits(&rule(bad, ""), "a"), "{bad}");
        }
    }

    #[test]
    fn lines_inside_a_pattern_do_not_loosen_its_ends() {
        let rule = rule("(?m)^a$", "");
        assert!(fits(&rule, "a"));
        assert!(!fits(&rule, "a\nb"));
        assert!(!fits(&rule, "b\na"));
    }

    #[test]
    fn an_example_that_does_not_match_is_refused() {
        assert_eq!(check(&rule("CHG-[0-9]+", "CHG-12")), Ok(()));
        assert_eq!(check(&rule("CHG-[0-9]+", "12")).unwrap_err().field.as_deref(), Some("ticket_example"));
        assert_eq!(check(&rule(r"\w{1,20}-\d{1,40}|[^-]+", "INC-7")), Ok(()));
        assert!(!fits(&rule(r"\d+", ""), "١٢"));
    }
}
