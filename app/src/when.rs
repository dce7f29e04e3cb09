//! Clock times and dates in the person's zone, alike on both sides: the server knows the zones, and so does the browser.
//! Only the offset of a zone at an instant differs between them; all writing is here.

use chrono::{DateTime, Datelike, FixedOffset};
use domain::Instant;
use leptos::prelude::*;

use crate::ui::use_now;

/// The instant that the page shows itself at: of the first rendering, and not followed.
pub fn shown_at() -> Instant {
    Instant::from_timestamp(use_now().get_untracked(), 0).unwrap_or_default()
}

/// The zone in which times are shown, by its IANA name. In the context of every page, which shows times in the zone of
/// when it was opened.
#[derive(Clone, Copy, Debug)]
pub struct Zone(Signal<String>);

/// Puts the zone into the context.
pub fn provide_zone(name: impl Into<Signal<String>>) {
    provide_context(Zone(name.into()));
}

/// The zone of this page; UTC outside of any.
pub fn use_zone() -> Zone {
    use_context().unwrap_or_else(|| Zone(Signal::stored("UTC".to_owned())))
}

impl Zone {
    /// How people call it: the place of `Europe/Oslo` is "Oslo".
    pub fn place(self) -> String {
        self.0.with_untracked(|name| name.rsplit('/').next().unwrap_or(name).replace('_', " "))
    }

    /// The time of day: "14:26".
    pub fn clock(self, at: Instant) -> String {
        self.local(at).format("%H:%M").to_string()
    }

    /// The time of day with seconds: "14:26:07".
    pub fn clock_seconds(self, at: Instant) -> String {
        self.local(at).format("%H:%M:%S").to_string()
    }

    /// The day: "24 Nov", and with the year when it is more than six months away from `now`.
    pub fn day(self, at: Instant, now: Instant) -> String {
        let near = (at - now).num_days().abs() < 183;
        self.local(at).format(if near { "%-d %b" } else { "%-d %b %Y" }).to_string()
    }

    /// As short as it is clear: "14:26" on the day of `now`, else "24 Nov 14:26".
    pub fn short(self, at: Instant, now: Instant) -> String {
        if self.local(at).date_naive() == self.local(now).date_naive() {
            return self.clock(at);
        }
        format!("{} {}", self.day(at, now), self.clock(at))
    }

    /// Everything, for hovering and for assistive technology: "Tuesday 24 November 2026, 14:26:07, Oslo".
    pub fn full(self, at: Instant) -> String {
        format!("{}, {}", self.local(at).format("%A %-d %B %Y, %H:%M:%S"), self.place())
    }

    /// What a field of kind `datetime-local` holds: "2026-11-24T14:26".
    pub fn field(self, at: Instant) -> String {
        self.local(at).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// Reads a field of kind `datetime-local`. Of a time that occurs twice, the earlier; one that never occurs is moved on.
    pub fn read(self, text: &str) -> Option<Instant> {
        let text = text.get(..16)?;
        let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
        let before = self.offset(naive.and_utc() - chrono::TimeDelta::days(1));
        let first = (naive - before).and_utc();
        let offset = self.offset(first);
        let second = (naive - offset).and_utc();
        let never = self.offset(second) != offset;
        Some(if offset == before || never { first } else { second })
    }

    /// Hours since midnight with a fraction, for dials.
    pub fn hour(self, at: Instant) -> f64 {
        let time = self.local(at).time();
        f64::from(chrono::Timelike::num_seconds_from_midnight(&time)) / 3600.0
    }

    /// The day of the month and the weekday, for headings: "Tuesday 24 November".
    pub fn heading(self, at: Instant) -> String {
        let local = self.local(at);
        format!("{} {} {}", local.format("%A"), local.day(), local.format("%B"))
    }

    fn local(self, at: Instant) -> DateTime<FixedOffset> {
        at.with_timezone(&self.offset(at))
    }

    fn offset(self, at: Instant) -> FixedOffset {
        let seconds = self.0.with_untracked(|name| seconds_east(name, at));
        FixedOffset::east_opt(seconds).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
    }
}

#[cfg(feature = "ssr")]
fn seconds_east(zone: &str, at: Instant) -> i32 {
    use chrono::Offset;
    zone.parse::<chrono_tz::Tz>().map_or(0, |zone| at.with_timezone(&zone).offset().fix().local_minus_utc())
}

/// Asks the browser, which names the offset as in "24/11/2026, GMT+01:00".
#[cfg(not(feature = "ssr"))]
fn seconds_east(zone: &str, at: Instant) -> i32 {
    use leptos::{
        wasm_bindgen::JsValue,
        web_sys::js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect},
    };
    let options = Object::new();
    for (key, value) in [("timeZone", zone), ("timeZoneName", "longOffset")] {
        if Reflect::set(&options, &JsValue::from(key), &JsValue::from(value)).is_err() {
            return 0;
        }
    }
    let locales = Array::of1(&JsValue::from("en-GB"));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this era fit")]
    let date = Date::new(&JsValue::from(at.timestamp_millis() as f64));
    let said = DateTimeFormat::new(&locales, &options).format().call1(&JsValue::UNDEFINED, &date);
    said.ok().and_then(|said| said.as_string()).map_or(0, |said| read_offset(&said))
}

/// Reads the end of "24/11/2026, GMT+01:00"; GMT alone is no offset.
#[cfg(any(test, not(feature = "ssr")))]
fn read_offset(said: &str) -> i32 {
    let Some((_, offset)) = said.rsplit_once("GMT") else { return 0 };
    let (sign, digits) = match (offset.strip_prefix('+'), offset.strip_prefix(['-', '\u{2212}'])) {
        (Some(digits), _) => (1, digits),
        (None, Some(digits)) => (-1, digits),
        (None, None) => return 0,
    };
    let mut parts = digits.split(':').map(|part| part.parse::<i32>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    sign * (next() * 3600 + next() * 60 + next())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn oslo() -> Zone {
        Zone(Signal::stored("Europe/Oslo".to_owned()))
    }

    fn at(text: &str) -> Instant {
        text.parse().expect("invariant: an instant of a test")
    }

    #[test]
    fn times_are_written_in_the_persons_zone() {
        let owner = Owner::new();
        owner.with(|| {
            let now = at("2026-11-24T13:18:00Z");
            assert_eq!(oslo().clock(now), "14:18");
            assert_eq!(oslo().short(at("2026-11-24T22:59:00Z"), now), "23:59");
            assert_eq!(oslo().short(at("2026-11-24T23:00:00Z"), now), "25 Nov 00:00");
            assert_eq!(oslo().day(at("2027-06-30T12:00:00Z"), now), "30 Jun 2027");
            assert_eq!(oslo().full(now), "Tuesday 24 November 2026, 14:18:00, Oslo");
        });
    }

    #[test]
    fn what_a_field_holds_is_read_back() {
        let owner = Owner::new();
        owner.with(|| {
            for instant in [
                "2026-11-24T13:18:00Z",
                "2026-07-01T06:00:00Z",
                "2026-03-29T00:30:00Z",
                "2026-03-29T01:30:00Z",
            ] {
                assert_eq!(oslo().read(&oslo().field(at(instant))), Some(at(instant)), "{instant}");
            }
            assert_eq!(oslo().read("2026-03-29T02:30"), Some(at("2026-03-29T01:30:00Z")));
            assert_eq!(oslo().read("2026-10-25T02:30"), Some(at("2026-10-25T00:30:00Z")));
            assert_eq!(oslo().read("soon"), None);
            assert_eq!(oslo().read("2026-10-25Tüüüüüüü"), None);
        });
    }

    #[test]
    fn the_browsers_words_for_an_offset_are_understood() {
        for (said, seconds) in [
            ("24/11/2026, GMT+01:00", 3600),
            ("GMT", 0),
            ("24/11/2026, GMT-03:30", -12_600),
            ("GMT\u{2212}05:00", -18_000),
            ("UTC", 0),
        ] {
            assert_eq!(read_offset(said), seconds, "{said}");
        }
    }
}
