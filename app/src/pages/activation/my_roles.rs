//! My roles: what is on, what waits, what may be activated. The form of one role lies over it, at an address of its own.

use crate::ui::PageTitle;
use domain::activation::{ActivationRow, EligibleRole, HeldRole, MyRoles, State};
use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::{
    activate::provide_request,
    eligible::{Eligible, EligibleFilter},
    end::{EndRefusals, Ends, ends},
    waiting::Waiting,
    watch::{Standing, Stint, Watch},
    words::instant,
};
use crate::{
    reader::use_reader,
    ui::{Section, Segments, TabItem, TopBar, time, use_now},
    when::use_zone,
};

/// My roles.
#[component]
pub fn MyRolesPage() -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let roles = use_reader().roles;
    let ends = ends();
    provide_request();
    let note = Signal::derive(move || {
        let at = instant(now.get());
        Some(format!("{}, {}, {}", zone.heading(at), zone.clock(at), zone.place()))
    });
    view! {
        <TopBar title="My roles" note />
        <div class="content">
            <EndRefusals ends />
            <Roles roles ends />
        </div>
        <Outlet />
    }
    .into_any()
}

/// What of one's roles is shown where. What has ended by the clock is gone, whether or not it is recorded yet.
#[derive(Clone, Copy)]
struct Parts {
    stints: Memo<Vec<Stint>>,
    active: Memo<Vec<Stint>>,
    standing: Memo<Vec<HeldRole>>,
    waiting: Memo<Vec<ActivationRow>>,
    eligible: Memo<Vec<EligibleRole>>,
}

impl Parts {
    fn of(roles: Memo<MyRoles>) -> Self {
        let now = use_now();
        let held = Memo::new(move |_| {
            let over = |held: &HeldRole| held.ends_at.is_some_and(|end| end.timestamp() <= now.get());
            roles.with(|roles| roles.active.iter().filter(|held| !over(held)).cloned().collect::<Vec<_>>())
        });
        let active = Memo::new(move |_| {
            held.read().iter().filter_map(|held| Stint::held(held, now.get())).collect::<Vec<_>>()
        });
        let planned = Memo::new(move |_| {
            roles.with(|roles| roles.planned.iter().filter_map(Stint::planned).collect::<Vec<_>>())
        });
        Self {
            stints: Memo::new(move |_| active.get().into_iter().chain(planned.get()).collect()),
            active,
            standing: Memo::new(move |_| {
                held.read().iter().filter(|held| Stint::held(held, now.get()).is_none()).cloned().collect()
            }),
            waiting: Memo::new(move |_| {
                let lapsed =
                    |row: &ActivationRow| row.lapses_at.is_some_and(|lapse| lapse.timestamp() <= now.get());
                roles.with(|roles| roles.waiting.iter().filter(|row| !lapsed(row)).cloned().collect())
            }),
            // What is on or waits already stands above.
            eligible: Memo::new(move |_| {
                roles.with(|roles| roles.eligible.iter().filter(|role| is_free(role)).cloned().collect())
            }),
        }
    }
}

fn is_free(role: &EligibleRole) -> bool {
    let above = |state| matches!(state, State::Active | State::PendingApproval | State::Scheduled);
    !role.live.as_ref().is_some_and(|live| above(live.state))
}

#[component]
fn Roles(roles: Memo<MyRoles>, ends: Ends) -> impl IntoView {
    let parts = Parts::of(roles);
    let Parts { stints, active, standing, waiting, eligible } = parts;
    let note = Signal::derive(move || {
        let (on, all) = (active.read().len(), stints.read().len());
        Some(match all - on {
            0 => on.to_string(),
            1 => format!("{on}, and 1 starts later"),
            later => format!("{on}, and {later} start later"),
        })
    });
    view! {
        <PageTitle text=move || title(&active.read(), use_now().get()) />
        <Jump parts />
        <Show when=move || !stints.read().is_empty()>
            <Section title="Active now" id="active" note>
                <Watch stints ends />
            </Section>
        </Show>
        <Show when=move || !waiting.read().is_empty()>
            <Section title="Waiting for approval" id="waiting" note=Signal::derive(move || Some(waiting.read().len().to_string()))>
                <Waiting rows=waiting ends />
            </Section>
        </Show>
        <Standing held=standing />
        <Section
            title="Eligible"
            id="eligible"
            note=Signal::derive(move || Some(eligible.read().len().to_string()))
            actions=view! { <EligibleFilter /> }.into_any()
        >
            <Eligible roles=eligible />
        </Section>
    }
    .into_any()
}

/// "8 min, My roles" while something is on.
fn title(active: &[Stint], now: i64) -> String {
    match active.first() {
        Some(first) => format!("{}, My roles", time::span(first.ends_at.timestamp() - now)),
        None => "My roles".to_owned(),
    }
}

/// On mobile: where each part begins. Absent with only one part.
#[component]
fn Jump(parts: Parts) -> impl IntoView {
    move || {
        let item = |label: &str, to: &str, count: usize| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            (count > 0).then(|| TabItem::new(label, to).count(count))
        };
        let items: Vec<_> = [
            item("Active", "#active", parts.stints.read().len()),
            item("Waiting", "#waiting", parts.waiting.read().len()),
            item("Eligible", "#eligible", parts.eligible.read().len()),
        ]
        .into_iter()
        .flatten()
        .collect();
        (items.len() > 1)
            .then(|| view! { <div class="only-mobile"><Segments items label="Parts of this page" /></div> })
    }
}
