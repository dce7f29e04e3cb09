//! The watch: what is on and what is planned as lanes on one clock axis; below it what is held by assignment.

use domain::{
    Instant,
    activation::{ActivationId, ActivationRow, HeldRole},
    role::RoleRef,
};
use leptos::prelude::*;

use super::{
    axis::Axis,
    end::{CancelForm, DeactivateForm, Ends},
    words::{instant, part, tile},
};
use crate::{
    ui::{Icon, IconName, Lane, Lanes, Mood, Section, Tag, Two, time, use_now},
    when::{Zone, use_zone},
};

/// One lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stint {
    pub role: RoleRef,
    pub activation: Option<ActivationId>,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// Accepted, and not begun: not a matter of the browser's clock, which may be a little behind.
    is_planned: bool,
    /// What stands in the second line.
    place: Vec<String>,
    link: Option<String>,
}

impl Stint {
    /// A role that is held and ends within a day; what lasts longer has no place on a clock.
    pub fn held(held: &HeldRole, now: i64) -> Option<Self> {
        let ends_at = held.ends_at?;
        let near = held.activation.is_some() || ends_at.timestamp() - now <= 24 * 3600;
        near.then(|| Self {
            role: held.role.clone(),
            activation: held.activation.as_ref().map(|activation| activation.id),
            starts_at: held.since,
            ends_at,
            is_planned: false,
            place: part(&held.scope).into_iter().chain(through(held)).collect(),
            link: held.link.clone(),
        })
    }

    pub fn planned(row: &ActivationRow) -> Option<Self> {
        let starts_at = row.requested_start?;
        Some(Self {
            role: row.role.clone(),
            activation: Some(row.id),
            starts_at,
            ends_at: row.duration.after(starts_at),
            is_planned: true,
            place: part(&row.scope).into_iter().collect(),
            link: None,
        })
    }
}

fn through(held: &HeldRole) -> Option<String> {
    held.through.as_ref().map(|group| format!("through {group}"))
}

/// The lanes, the one that ends first on top, planned ones last.
#[component]
pub(super) fn Watch(
    /// In their order.
    stints: Memo<Vec<Stint>>,
    ends: Ends,
) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let axis = Memo::new(move |_| {
        let spans: Vec<_> = stints
            .read()
            .iter()
            .map(|stint| (stint.starts_at.timestamp(), stint.ends_at.timestamp()))
            .collect();
        Axis::around(&spans, now.get(), zone)
    });
    let clock = Signal::derive(move || zone.clock(instant(now.get())));
    move || {
        let Axis { from, to, hours } = axis.get();
        let stints = stints.get();
        // Made inside, where lanes find their axis.
        view! {
            <Lanes from to hours clock>
                {stints.into_iter().map(|stint| lane(stint, ends, zone, now)).collect_view()}
            </Lanes>
        }
    }
}

fn lane(stint: Stint, ends: Ends, zone: Zone, now: Signal<i64>) -> impl IntoView {
    let Stint { role, activation, starts_at, ends_at, is_planned, place, link } = stint;
    let clock = Signal::derive(move || {
        let at = instant(now.get());
        let end = zone.short(ends_at, at);
        if is_planned {
            let end =
                if zone.day(starts_at, at) == zone.day(ends_at, at) { zone.clock(ends_at) } else { end };
            format!("{} to {end}", zone.short(starts_at, at))
        } else {
            format!("ends {end}")
        }
    });
    let name = role.name.clone();
    let actions = activation.map(|id| {
        if is_planned {
            view! { <CancelForm ends id label="Cancel start" name=name.clone() /> }.into_any()
        } else {
            view! { <DeactivateForm ends id name=name.clone() /> }.into_any()
        }
    });
    let open = link.map(|link| opens(link, &name));
    let meta = view! {
        {tile(&role, 20)}
        {place.into_iter().map(|place| view! { <span>{place}</span> }).collect_view()}
        {open}
    };
    let (starts_at, ends_at) = (starts_at.timestamp(), Signal::stored(ends_at.timestamp()));
    let (meta, actions) = (meta.into_any(), actions.into_any());
    match activation {
        Some(id) => {
            view! { <Lane name href=format!("/requests/{id}") starts_at ends_at clock meta actions /> }
                .into_any()
        }
        None => view! { <Lane name starts_at ends_at clock meta actions /> }.into_any(),
    }
}

/// Where a role is used: a place outside Stint.
pub(super) fn opens(link: String, name: &str) -> impl IntoView + use<> {
    let label = format!("Open {name} where it is used");
    view! {
        <a class="link with-icon" href=link target="_blank" rel="noopener noreferrer" aria-label=label>
            "Open" <Icon name=IconName::ArrowRight size=14 />
        </a>
    }
}

/// What is held by an assignment for longer than a day.
#[component]
pub(super) fn Standing(held: Memo<Vec<HeldRole>>) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let rows = move || {
        let rows = held.get().into_iter().map(|held| {
            let place = part(&held.scope).into_iter().chain(through(&held)).collect::<Vec<_>>().join(", ");
            let below = if place.is_empty() {
                format!("since {}", zone.day(held.since, instant(now.get_untracked())))
            } else {
                place
            };
            let name = held.role.name.clone();
            let open = held.link.clone().map(|link| opens(link, &name));
            let until = match held.ends_at {
                None => view! { <Tag mood=Mood::Purple>"Standing"</Tag> }.into_any(),
                Some(end) => {
                    let at = instant(now.get_untracked());
                    let top = format!("until {}", zone.day(end, at));
                    view! { <Two top below=time::relative(end.timestamp(), at.timestamp()) /> }.into_any()
                }
            };
            view! {
                <div class="held-row">
                    {tile(&held.role, 34)}
                    <Two top=name below />
                    <span class="held-until">{until}</span>
                    {open}
                </div>
            }
        });
        rows.collect_view()
    };
    let count = Signal::derive(move || Some(held.read().len().to_string()));
    view! {
        <Show when=move || !held.read().is_empty()>
            <Section title="Standing" id="standing" note=count>
                <div class="rows">{rows}</div>
            </Section>
        </Show>
    }
    .into_any()
}
