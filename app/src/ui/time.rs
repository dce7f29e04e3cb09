//! How spans of time are written: pure functions from whole seconds to text.
//! Clock times and dates need a zone and come from elsewhere, ready to show.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How a span of time is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Time that is running.
    #[default]
    Live,
    /// Near the end.
    Warn,
    /// Not started, or over.
    Unlit,
}

impl Tone {
    /// The class a ring, arc or lane carries.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Live => "is-live",
            Self::Warn => "is-warn",
            Self::Unlit => "is-unlit",
        }
    }
}

/// Amber below ten minutes or below a tenth of what was granted, whichever comes first.
#[must_use]
pub const fn tone(left: i64, total: i64) -> Tone {
    if left <= 0 {
        Tone::Unlit
    } else if left < 10 * MINUTE || left.saturating_mul(10) < total {
        Tone::Warn
    } else {
        Tone::Live
    }
}

/// The tone of the time left to decide something: amber below twenty minutes.
#[must_use]
pub const fn tone_to_decide(left: i64) -> Tone {
    if left <= 0 {
        Tone::Unlit
    } else if left < 20 * MINUTE {
        Tone::Warn
    } else {
        Tone::Live
    }
}

/// A countdown: "42 s", "8 min 14 s" below ten minutes, "52 min", "3 h 52 min", "6 days".
#[must_use]
pub fn countdown(seconds: i64) -> String {
    let seconds = seconds.max(0);
    if (MINUTE..10 * MINUTE).contains(&seconds) && seconds % MINUTE != 0 {
        return format!("{} min {} s", seconds / MINUTE, seconds % MINUTE);
    }
    span(seconds)
}

/// A length of time, rounded down to what matters: "42 s", "8 min", "1 h 30 min", "4 h", "90 days".
#[must_use]
pub fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        _ if seconds < 2 * DAY => match (seconds / HOUR, seconds % HOUR / MINUTE) {
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        },
        _ => format!("{} days", seconds / DAY),
    }
}

/// A rough distance: like [`span`] below two days, then days, weeks from 4 weeks, months from 8 weeks, years from 24 months.
#[must_use]
pub fn distance(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let days = seconds / DAY;
    let nearest = |unit: i64| (days + unit / 2) / unit;
    match days {
        0..2 => span(seconds),
        2..28 => format!("{days} days"),
        28..56 => format!("{} weeks", nearest(7)),
        56..730 => format!("{} months", (days * 100 + 1522) / 3044),
        _ => format!("{} years", nearest(365)),
    }
}

/// "in 48 min" or "12 min ago", as seen from `now`; "now" within the second.
#[must_use]
pub fn relative(instant: i64, now: i64) -> String {
    match instant.saturating_sub(now) {
        0 => "now".to_owned(),
        ahead @ 1.. => format!("in {}", distance(ahead)),
        behind => format!("{} ago", distance(behind.saturating_neg())),
    }
}

/// Number and unit for the inside of a ring: ("8", "min"), ("3:52", "h"), ("6", "days").
#[must_use]
pub fn ring(seconds: i64) -> (String, &'static str) {
    let seconds = seconds.max(0);
    match seconds {
        0..MINUTE => (seconds.to_string(), "s"),
        MINUTE..HOUR => ((seconds / MINUTE).to_string(), "min"),
        _ if seconds < 2 * DAY => (format!("{}:{:02}", seconds / HOUR, seconds % HOUR / MINUTE), "h"),
        _ => ((seconds / DAY).to_string(), "days"),
    }
}

/// For assistive technology: "1 hour 30 minutes", "8 minutes", "42 seconds", "6 days".
#[must_use]
pub fn spoken(seconds: i64) -> String {
    let count = |n: i64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    let seconds = seconds.max(0);
    match seconds {
        0..MINUTE => count(seconds, "second"),
        MINUTE..HOUR => count(seconds / MINUTE, "minute"),
        _ if seconds < 2 * DAY => match (seconds / HOUR, seconds % HOUR / MINUTE) {
            (hours, 0) => count(hours, "hour"),
            (hours, minutes) => format!("{} {}", count(hours, "hour"), count(minutes, "minute")),
        },
        _ => count(seconds / DAY, "day"),
    }
}

/// What a person types for a duration, in seconds: "1:30", "90" (minutes), "90 min", "2 h", "1 h 30 min", "3 days", "20 s".
#[must_use]
pub fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase();
    if let Some((hours, minutes)) = text.split_once(':') {
        let (hours, minutes): (i64, i64) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
        return ((0..1000).contains(&hours) && (0..60).contains(&minutes))
            .then_some(hours * HOUR + minutes * MINUTE);
    }
    let mut total = 0_i64;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        let number: i64 = number.parse().ok().filter(|n| *n < 100_000)?;
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(letters)?;
        total += number
            * match unit {
                "" | "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
                "s" | "sec" | "second" | "seconds" => 1,
                "h" | "hour" | "hours" => HOUR,
                "d" | "day" | "days" => DAY,
                _ => return None,
            };
        rest = next.trim_start();
    }
    (total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countdowns_show_seconds_only_below_ten_minutes() {
        for (seconds, text) in [
            (-5, "0 s"),
            (42, "42 s"),
            (60, "1 min"),
            (494, "8 min 14 s"),
            (600, "10 min"),
            (3120, "52 min"),
            (3600, "1 h"),
            (13_920, "3 h 52 min"),
            (172_799, "47 h 59 min"),
            (172_800, "2 days"),
            (6 * DAY + 5, "6 days"),
        ] {
            assert_eq!(countdown(seconds), text);
        }
    }

    #[test]
    fn distances_grow_coarser() {
        for (seconds, text) in [
            (-1, "0 s"),
            (720, "12 min"),
            (2 * HOUR + 8 * MINUTE, "2 h 8 min"),
            (10 * DAY, "10 days"),
            (37 * DAY, "5 weeks"),
            (58 * DAY, "2 months"),
            (127 * DAY, "4 months"),
            (218 * DAY, "7 months"),
            (730 * DAY, "2 years"),
        ] {
            assert_eq!(distance(seconds), text);
        }
    }

    #[test]
    fn relative_time_knows_before_and_after() {
        assert_eq!(relative(100, 100), "now");
        assert_eq!(relative(100 + 48 * MINUTE, 100), "in 48 min");
        assert_eq!(relative(100, 100 + 12 * MINUTE), "12 min ago");
    }

    #[test]
    fn the_ring_splits_number_and_unit() {
        for (seconds, expected) in [
            (9, ("9", "s")),
            (494, ("8", "min")),
            (13_920, ("3:52", "h")),
            (3660, ("1:01", "h")),
            (6 * DAY, ("6", "days")),
        ] {
            let (number, unit) = ring(seconds);
            assert_eq!((number.as_str(), unit), expected);
        }
    }

    #[test]
    fn amber_comes_below_ten_minutes_or_a_tenth() {
        assert_eq!(tone(600, 3600), Tone::Live);
        assert_eq!(tone(599, 3600), Tone::Warn);
        assert_eq!(tone(2 * HOUR, 24 * HOUR), Tone::Warn);
        assert_eq!(tone(0, 3600), Tone::Unlit);
        assert_eq!(tone_to_decide(19 * MINUTE), Tone::Warn);
    }

    #[test]
    fn spoken_time_uses_whole_words() {
        assert_eq!(spoken(5400), "1 hour 30 minutes");
        assert_eq!(spoken(60), "1 minute");
        assert_eq!(spoken(2 * DAY), "2 days");
    }

    #[test]
    fn typed_durations_are_understood_or_refused() {
        for (text, seconds) in [
            ("1:30", Some(5400)),
            ("90", Some(5400)),
            (" 90 min ", Some(5400)),
            ("1 h 30 min", Some(5400)),
            ("1h30", Some(5400)),
            ("3 days", Some(3 * DAY)),
            ("20 s", Some(20)),
            ("", None),
            ("1:75", None),
            ("soon", None),
            ("99999999999999", None),
        ] {
            assert_eq!(parse_span(text), seconds, "{text}");
        }
    }
}
