//! How people are described on all their pages.

use domain::{
    Instant,
    person::{PersonKind, PersonRow},
};
use leptos::prelude::*;

use crate::{
    ui::{Choice, IconName, Mood, Tag, time},
    when::Zone,
};

/// Member or guest.
pub(super) const fn kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Member => "Member",
        PersonKind::Guest => "Guest",
    }
}

/// The value of a kind in a form.
pub(super) const fn kind_value(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Member => "member",
        PersonKind::Guest => "guest",
    }
}

/// Both kinds, to choose from.
pub(super) fn kinds() -> Vec<Choice> {
    vec![
        Choice::new(kind_value(PersonKind::Member), kind(PersonKind::Member))
            .text("Belongs to the organisation."),
        Choice::new(kind_value(PersonKind::Guest), kind(PersonKind::Guest))
            .text("Comes from outside: a consultant, a supplier."),
    ]
}

/// Whether a second factor is enrolled.
pub(super) fn second_factor(has: bool) -> AnyView {
    if has {
        view! { <Tag icon=IconName::Phone>"Authenticator app"</Tag> }.into_any()
    } else {
        view! { <Tag mood=Mood::Amber icon=IconName::Warning>"None yet"</Tag> }.into_any()
    }
}

/// The last sign-in and how long ago it was; nothing when there was none.
pub(super) fn last_sign_in(row: &PersonRow, zone: Zone, now: Instant) -> Option<(String, String)> {
    let at = row.last_signed_in_at?;
    Some((zone.short(at, now), time::relative(at.timestamp(), now.timestamp())))
}
