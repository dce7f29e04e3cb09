//! Instants and spans. Instants are UTC with microseconds; spans are whole seconds and ISO 8601 on the wire.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::problem::{Code, Problem};

/// A moment in UTC, cut to microseconds by whoever reads the clock.
pub type Instant = DateTime<Utc>;

/// A length of time in whole seconds, never negative. On the wire ISO 8601: `PT2H30M`, `P14D`, `P2W`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

/// The longest span that is read from outside: about a hundred years.
const LONGEST: i64 = 100 * 366 * 86_400;

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of so many seconds; negative counts as none.
    pub const fn seconds(seconds: i64) -> Self {
        Self(if seconds < 0 { 0 } else { seconds })
    }

    /// A span of so many minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// A span of so many hours.
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }

    /// A span of so many days of 24 hours.
    pub const fn days(days: i64) -> Self {
        Self::hours(days.saturating_mul(24))
    }

    /// Whether `now` lies in the time from `start` to `end`: the start counts, the end does not, and nothing has no end.
    pub fn holds(start: Instant, end: Option<Instant>, now: Instant) -> bool {
        start <= now && end.is_none_or(|end| now < end)
    }

    /// From `start` to `end`; none when the end comes first.
    pub fn between(start: Instant, end: Instant) -> Self {
        Self::seconds((end - start).num_seconds())
    }

    /// The whole seconds of this span.
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// The same length for arithmetic with instants.
    pub fn duration(self) -> Duration {
        Duration::seconds(self.0)
    }

    /// This long after `instant`; the end of time when it cannot be counted.
    pub fn after(self, instant: Instant) -> Instant {
        instant.checked_add_signed(self.duration()).unwrap_or(Instant::MAX_UTC)
    }

    /// This long before `instant`; the beginning of time when it cannot be counted.
    pub fn before(self, instant: Instant) -> Instant {
        instant.checked_sub_signed(self.duration()).unwrap_or(Instant::MIN_UTC)
    }

    /// For people: "4 h", "1 h 30 min", "14 days", "20 s".
    pub fn words(self) -> String {
        let (days, rest) = (self.0 / 86_400, self.0 % 86_400);
        let (hours, minutes, seconds) = (rest / 3_600, rest % 3_600 / 60, rest % 60);
        let mut parts = Vec::new();
        if days > 0 && (rest == 0 || days > 1) {
            parts.push(if days == 1 { "1 day".to_owned() } else { format!("{days} days") });
        }
        let hours = if days == 1 && rest != 0 { hours + 24 } else { hours };
        if hours > 0 {
            parts.push(format!("{hours} h"));
        }
        if minutes > 0 {
            parts.push(format!("{minutes} min"));
        }
        if (seconds > 0 && self.0 < 3_600) || parts.is_empty() {
            parts.push(format!("{seconds} s"));
        }
        parts.join(" ")
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0 / 86_400, self.0 % 86_400);
        let (hours, minutes, seconds) = (rest / 3_600, rest % 3_600 / 60, rest % 60);
        f.write_str("P")?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if rest > 0 || days == 0 {
            f.write_str("T")?;
        }
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if seconds > 0 || self.0 == 0 {
            write!(f, "{seconds}S")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Span {
    type Err = Problem;

    /// Reads ISO 8601 durations of weeks, days, hours, minutes and seconds; months and years have no length.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let malformed = || Problem::new(Code::Malformed).limit("ISO 8601, for example PT2H30M");
        let rest = text.strip_prefix('P').ok_or_else(malformed)?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return Err(malformed()),
            Some((date, time)) => (date, time),
            None => (rest, ""),
        };
        if date.is_empty() && time.is_empty() {
            return Err(malformed());
        }
        let total = units(date, &[('W', 604_800), ('D', 86_400)])
            .zip(units(time, &[('H', 3_600), ('M', 60), ('S', 1)]))
            .and_then(|(date, time)| date.checked_add(time))
            .filter(|total| *total <= LONGEST)
            .ok_or_else(malformed)?;
        Ok(Self(total))
    }
}

/// Sums `12H30M`-like text; each unit at most once and in order.
fn units(text: &str, allowed: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    let mut allowed = allowed.iter();
    let mut digits = String::new();
    for character in text.chars() {
        if character.is_ascii_digit() {
            digits.push(character);
        } else {
            let (_, seconds) = allowed.find(|(letter, _)| *letter == character)?;
            let count: i64 = digits.parse().ok()?;
            total = total.checked_add(count.checked_mul(*seconds)?)?;
            digits.clear();
        }
    }
    digits.is_empty().then_some(total)
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("not an ISO 8601 duration such as PT2H30M"))
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    //! A span is a string in ISO 8601.
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type};

    impl utoipa::PartialSchema for super::Span {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::Custom("duration".to_owned())))
                .description(Some("ISO 8601 duration: weeks, days, hours, minutes, seconds"))
                .examples([serde_json::json!("PT2H30M")])
                .into()
        }
    }
    impl utoipa::ToSchema for super::Span {
        fn name() -> std::borrow::Cow<'static, str> {
            "Span".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_iso_8601_both_ways() {
        for (text, seconds) in [
            ("PT2H30M", 9_000),
            ("PT0S", 0),
            ("P1D", 86_400),
            ("P1DT1H", 90_000),
            ("PT90M", 5_400),
            ("P2W", 1_209_600),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.as_seconds(), seconds, "{text}");
            assert_eq!(span.to_string().parse::<Span>().unwrap(), span);
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "2H",
            "PT2",
            "PT-2H",
            "P1Y",
            "P1M",
            "PT1M1H",
            "PT1H1H",
            "PT99999999999999999999S",
            "P9999999W",
            "PT1.5H",
            "P1DT",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn spans_speak_plainly() {
        for (span, words) in [
            (Span::hours(4), "4 h"),
            (Span::minutes(90), "1 h 30 min"),
            (Span::days(14), "14 days"),
            (Span::days(1), "1 day"),
            (Span::hours(36), "36 h"),
            (Span::seconds(20), "20 s"),
            (Span::ZERO, "0 s"),
        ] {
            assert_eq!(span.words(), words);
        }
    }
}
