//! The outbox: the mails that wait or went out, for administrators.

mod message;
mod outbox;

use domain::{Instant, notification::OutboxRow};
use leptos::prelude::*;

pub use message::MessagePage;
pub use outbox::OutboxPage;

use crate::{
    ui::{IconName, Mood, Tag, time, use_now},
    when::{Zone, use_zone},
};

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Went out.
    Delivered(Instant),
    /// Waits for its first try.
    Waiting,
    /// Could not be delivered so far.
    Failing,
    /// Will not go out any more.
    GivenUp,
}

impl Standing {
    const fn of(row: &OutboxRow) -> Self {
        match (row.delivered_at, row.next_try_at, row.attempts) {
            (Some(at), _, _) => Self::Delivered(at),
            (None, None, _) => Self::GivenUp,
            (None, Some(_), 0) => Self::Waiting,
            (None, Some(_), _) => Self::Failing,
        }
    }
}

/// Where a message stands, as a word, and what comes next below it.
#[component]
fn State(
    /// Which message.
    row: OutboxRow,
    /// Whether there is a mail server.
    delivers: bool,
) -> impl IntoView {
    let zone = use_zone();
    let standing = Standing::of(&row);
    let tag = match standing {
        Standing::Delivered(_) => view! { <Tag mood=Mood::Green icon=IconName::Check>"Delivered"</Tag> },
        Standing::Waiting => view! { <Tag icon=IconName::Clock>"Waiting"</Tag> },
        Standing::Failing => view! { <Tag mood=Mood::Amber icon=IconName::Warning>"Not delivered yet"</Tag> },
        Standing::GivenUp => view! { <Tag mood=Mood::Red icon=IconName::Octagon>"Not sent"</Tag> },
    };
    let next = Memo::new(move |_| next(zone, standing, &row, delivers));
    view! { <span class="outbox-state">{tag} <span class="small muted">{move || next.get()}</span></span> }
        .into_any()
}

/// What comes next: "tried 2 times, next at 14:20, in 2 min".
fn next(zone: Zone, standing: Standing, row: &OutboxRow, delivers: bool) -> String {
    let seconds = use_now().get();
    let now = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let tries = match row.attempts {
        0 => String::new(),
        1 => "tried once, ".to_owned(),
        count => format!("tried {count} times, "),
    };
    match (standing, row.next_try_at) {
        (Standing::Delivered(at), _) => zone.short(at, now),
        (Standing::GivenUp, _) => tries.trim_end_matches(", ").to_owned(),
        (Standing::Waiting | Standing::Failing, _) if !delivers => {
            format!("{tries}until a mail server is set")
        }
        (Standing::Waiting | Standing::Failing, Some(at)) if at.timestamp() > seconds => {
            format!("{tries}next at {}, {}", zone.short(at, now), time::relative(at.timestamp(), seconds))
        }
        (Standing::Waiting | Standing::Failing, _) => format!("{tries}next try at once"),
    }
}
