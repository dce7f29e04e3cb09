//! Passwords that are tried first: common words with digits and signs around them, repetitions, runs of neighbours.
//! Judges by how passwords are guessed, not by what they are made of.

/// Common passwords and what they are made of, lower case, letters only, one a line.
const LIST: &str = include_str!("common_passwords.txt");

/// How many characters around a common word make it no less common.
const AROUND: usize = 8;

/// Runs that fingers make.
const RUNS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "12345678901234567890",
];

/// Whether everybody tries this one first. `about` are words about the person and the place.
pub(crate) fn is_common(password: &str, about: &[&str]) -> bool {
    let lower = password.to_lowercase();
    let unit = smallest_unit(&lower);
    if unit.len() < lower.len() && unit.chars().count() <= 4 {
        return true;
    }
    is_run(&unit) || is_run(&lower) || is_common_word(&unit, about) || is_common_word(&lower, about)
}

/// The shortest text that the whole one repeats.
fn smallest_unit(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    (1..=characters.len())
        .filter(|length| characters.len().is_multiple_of(*length))
        .find_map(|length| {
            let unit = characters.get(..length)?;
            characters.chunks(length).all(|chunk| chunk == unit).then(|| unit.iter().collect())
        })
        .unwrap_or_default()
}

/// Neighbours on the keyboard, in the alphabet or in counting, forth or back, perhaps followed by a few signs.
fn is_run(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.len() >= 4
        && RUNS.iter().any(|run| {
            let back: String = run.chars().rev().collect();
            run.contains(text) || back.contains(text) || starts_over(run, text)
        })
}

/// Whether `text` runs into the end of `run` and begins again.
fn starts_over(run: &str, text: &str) -> bool {
    run.repeat(2).contains(text)
}

fn is_common_word(text: &str, about: &[&str]) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphabetic() && !stands_for_letter(c));
    // Digits at the end are digits; elsewhere they may stand for letters.
    let bare = text.trim_matches(|c: char| !c.is_alphabetic());
    [core, bare].iter().any(|word| {
        let around = text.chars().count() - word.chars().count();
        let folded = fold(word);
        let letters: String = bare.chars().filter(|c| c.is_alphabetic()).collect();
        let signs = text.chars().count() - letters.chars().count();
        (around <= AROUND && is_listed(&folded, about)) || (signs <= AROUND && is_listed(&letters, about))
    })
}

fn is_listed(word: &str, about: &[&str]) -> bool {
    if word.is_empty() {
        return false;
    }
    let unit = smallest_unit(word);
    LIST.lines().any(|line| line == word || line == unit)
        || about.iter().any(|known| {
            let known: String = known.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
            !known.is_empty() && (known == word || known == unit)
        })
}

const fn stands_for_letter(c: char) -> bool {
    matches!(c, '0' | '1' | '3' | '4' | '5' | '7' | '8' | '@' | '$' | '!' | '|' | '+')
}

/// Letters only, with those that stand for letters read as such.
fn fold(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '0' => Some('o'),
            '1' | '!' | '|' => Some('i'),
            '3' => Some('e'),
            '4' | '@' => Some('a'),
            '5' | '$' => Some('s'),
            '7' | '+' => Some('t'),
            '8' => Some('b'),
            c if c.is_alphabetic() => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_common() {
        for password in [
            "password1234",
            "Password2026!",
            "P@ssw0rd1234",
            "passwordpassword",
            "pass word pass word",
            "qwertyuiop12",
            "1q2w3e4r5t6y",
            "1qaz2wsx3edc",
            "123456789012",
            "098765432109",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "            ",
            "abcabcabcabc",
            "Administrator1!",
            "iloveyou2026",
            "Welcome12345",
            "letmeinletmein",
            "Summer2026!!",
            "!!!!sunshine",
            "football!2026",
        ] {
            assert!(is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn what_is_about_the_person_or_the_place_is_common() {
        let about = ["Halden Logistics", "ada@halden.example"];
        assert!(is_common("HaldenLogistics1", &about));
        assert!(is_common("halden-logistics", &about));
        assert!(is_common("ada@halden.example", &about));
        assert!(!is_common("HaldenLogistics1", &[]));
    }

    #[test]
    fn what_is_long_and_ones_own_is_not() {
        for password in [
            "correct horse battery staple",
            "two teal tractors toil",
            "dragon 4417 0926 8830",
            "9f2kd04mvx81",
            "kaffe på bryggen",
            "8134 9027 5561",
        ] {
            assert!(!is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_folded() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.len() >= 1_000, "{}", lines.len());
        assert!(lines.is_sorted() && lines.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(lines.iter().all(|line| line.len() >= 4 && line.bytes().all(|b| b.is_ascii_lowercase())));
    }
}
