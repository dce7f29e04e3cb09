//! The clock axis of the watch: from the full hour before the earliest start to about two hours after the latest end,
//! at least eight hours, at most a day.

use crate::when::Zone;

use super::words::instant;

const HOUR: i64 = 3600;

/// The ends of the axis and its full hours, with labels on some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub from: i64,
    pub to: i64,
    pub hours: Vec<(i64, String)>,
}

impl Axis {
    /// `spans` are the starts and ends of all lanes, in seconds.
    pub fn around(spans: &[(i64, i64)], now: i64, zone: Zone) -> Self {
        let earliest = spans.iter().map(|(start, _)| *start).fold(now, i64::min).max(now - 12 * HOUR);
        let latest = spans.iter().map(|(_, end)| *end).fold(now, i64::max);
        // Some zones are half an hour off, so full hours are looked for on the local clock.
        #[expect(clippy::cast_possible_truncation, reason = "less than an hour in seconds")]
        let past_hour = (zone.hour(instant(earliest)).fract() * 3600.0).round() as i64;
        let from = earliest - past_hour;
        let hours = (latest + 2 * HOUR - from).div_euclid(HOUR).clamp(8, 24);
        let each = if hours <= 12 { 2 } else { 4 };
        let label = |at: i64| {
            let clock = zone.clock(instant(at));
            let hour = clock.split(':').next().and_then(|hour| hour.parse::<i64>().ok()).unwrap_or_default();
            if hour % each == 0 { clock } else { String::new() }
        };
        let lines = (1..hours).map(|n| from + n * HOUR).map(|at| (at, label(at))).collect();
        Self { from, to: from + hours * HOUR, hours: lines }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::*;

    use super::*;

    /// 24 November 2026, 14:18 in Oslo.
    const NOW: i64 = 1_795_526_280;

    fn axis(spans: &[(i64, i64)], zone: &str) -> Axis {
        let owner = Owner::new();
        owner.with(|| {
            crate::when::provide_zone(Signal::stored(zone.to_owned()));
            Axis::around(spans, NOW, crate::when::use_zone())
        })
    }

    #[test]
    fn it_begins_with_a_full_hour_and_spans_eight_at_least() {
        let axis = axis(&[(NOW - 7000, NOW + 494)], "Europe/Oslo");
        assert_eq!((axis.from, axis.to), (NOW - 18 * 60 - 2 * HOUR, NOW - 18 * 60 + 6 * HOUR));
        let labels: Vec<_> = axis.hours.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["", "14:00", "", "16:00", "", "18:00", ""]);
    }

    #[test]
    fn it_is_a_day_at_most_and_now_stays_on_it() {
        let axis = axis(&[(NOW - 40 * HOUR, NOW + 90 * HOUR)], "Europe/Oslo");
        assert_eq!(axis.to - axis.from, 24 * HOUR);
        assert!(axis.from < NOW && NOW < axis.to);
    }

    #[test]
    fn full_hours_are_those_of_the_zone() {
        let axis = axis(&[(NOW, NOW + HOUR)], "Asia/Kolkata");
        assert_eq!((NOW - axis.from) / 60, 48);
    }
}
