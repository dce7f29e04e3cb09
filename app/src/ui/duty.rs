//! What is on, never out of sight: a panel in the sidebar, a bar above the tabs on mobile. Absent when nothing is on.

use leptos::{html, prelude::*};

use super::{
    icon::{Icon, IconName},
    now::use_now,
    ring::Arc,
    time,
};

/// One thing that is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Tells it from the others.
    pub id: String,
    /// What is on.
    pub name: String,
    /// Where one sees more of it.
    pub href: String,
    /// When it started, in seconds since 1970.
    pub starts_at: i64,
    /// When it ends, in seconds since 1970.
    pub ends_at: i64,
    /// When it ends, as a clock time.
    pub clock: String,
}

impl Duty {
    fn left(&self, now: i64) -> i64 {
        self.ends_at.saturating_sub(now).max(0)
    }

    fn class(&self, now: i64) -> &'static str {
        time::tone(self.left(now), self.ends_at - self.starts_at).class()
    }
}

/// Buttons for one thing that is on.
pub type DutyActions = Callback<Duty, AnyView>;

/// Those that have not ended, the one that ends first in front.
pub(super) fn on_now(duty: Signal<Vec<Duty>>) -> Memo<Vec<Duty>> {
    let now = use_now();
    Memo::new(move |_| {
        let mut list: Vec<Duty> = Vec::new();
        for one in duty.read().iter().filter(|one| one.ends_at > now.get()) {
            list.insert(list.partition_point(|other| other.ends_at <= one.ends_at), one.clone());
        }
        list
    })
}

/// Arc, name and time left.
#[component]
fn DutyLine(duty: Duty) -> impl IntoView {
    let now = use_now();
    let duty = StoredValue::new(duty);
    let left = Signal::derive(move || duty.with_value(|duty| duty.left(now.get())));
    let total = duty.with_value(|duty| duty.ends_at - duty.starts_at);
    let class = move || format!("duty-item {}", duty.with_value(|duty| duty.class(now.get())));
    let name = duty.with_value(|duty| duty.name.clone());
    view! {
        <a class=class href=duty.with_value(|duty| duty.href.clone())>
            <Arc total left size=20 />
            <span>
                <span class="duty-name">{name}</span>
                <span class="duty-left">
                    {move || time::span(left.get())}
                    <span class="duty-word">" left"</span>
                </span>
            </span>
        </a>
    }
    .into_any()
}

/// The panel at the foot of the sidebar: up to three.
#[component]
pub(super) fn DutyPanel(list: Memo<Vec<Duty>>) -> impl IntoView {
    let count = move || match list.read().len() {
        1 => "1 role".to_owned(),
        n => format!("{n} roles"),
    };
    let more = move || list.read().len().checked_sub(3).filter(|more| *more > 0);
    view! {
        <Show when=move || !list.read().is_empty()>
            <aside class="duty" aria-label="On duty">
                <div class="duty-head">
                    <h2>"On duty"</h2>
                    <span>{count}</span>
                </div>
                <For each=move || list.get().into_iter().take(3) key=|one| (one.id.clone(), one.ends_at) let:duty>
                    <DutyLine duty />
                </For>
                {move || more().map(|more| view! { <span class="duty-more">{format!("and {more} more")}</span> })}
            </aside>
        </Show>
    }
    .into_any()
}

/// The bar above the tabs, and the sheet it opens.
#[component]
pub(super) fn DutyBar(
    list: Memo<Vec<Duty>>,
    hidden: Signal<bool>,
    actions: Option<DutyActions>,
) -> impl IntoView {
    let now = use_now();
    let sheet = NodeRef::<html::Div>::new();
    let first = Memo::new(move |_| list.read().first().cloned());
    let others = Memo::new(move |_| list.read().len().saturating_sub(1));
    let bar = move || {
        first.get().filter(|_| !hidden.get()).map(|duty| {
            let ends = duty.clock.clone();
            let name = duty.name.clone();
            let total = duty.ends_at - duty.starts_at;
            let duty = StoredValue::new(duty);
            let left = Signal::derive(move || duty.with_value(|duty| duty.left(now.get())));
            let class = move || format!("duty-bar {}", duty.with_value(|duty| duty.class(now.get())));
            view! {
                <button type="button" class=class popovertarget="on-duty">
                    <Arc total left size=22 />
                    <span>
                        <span class="duty-name">{name}</span>
                        <span class="duty-left">{move || time::span(left.get())} " left, ends " {ends}</span>
                    </span>
                    {move || {
                        (others.get() > 0)
                            .then(|| {
                                view! {
                                    <span class="duty-others">
                                        "+" {others.get()} <span class="visually-hidden">" more on duty"</span>
                                    </span>
                                }
                            })
                    }}
                    <Icon name=IconName::ChevronUp />
                </button>
            }
        })
    };
    let close = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            // Already closed is as good.
            let _ = sheet.hide_popover();
        }
    };
    view! {
        {bar}
        <div class="from-below stack" id="on-duty" popover="auto" role="dialog" aria-label="On duty" node_ref=sheet on:click=close>
            <For each=move || list.get() key=|one| (one.id.clone(), one.ends_at) let:duty>
                <div class="stack tight">
                    <DutyLine duty=duty.clone() />
                    {actions.map(|actions| view! { <div class="actions">{actions.run(duty.clone())}</div> })}
                </div>
            </For>
        </div>
    }
    .into_any()
}

/// What a screen reader hears: the time at ten, five and one minutes, and the end.
#[component]
pub(super) fn DutyVoice(duty: Signal<Vec<Duty>>) -> impl IntoView {
    let now = use_now();
    let said =
        move |at: &[i64]| {
            duty.read()
                .iter()
                .find_map(|one| {
                    let left = one.ends_at - now.get();
                    // Said for five seconds, so that a late tick does not swallow it.
                    at.iter().find(|at| (*at - 5..=**at).contains(&left)).map(|at| (one.name.clone(), *at))
                })
                .map(|(name, at)| {
                    if at == 0 {
                        format!("{name} ended")
                    } else {
                        format!("{name}, {} left", time::spoken(at))
                    }
                })
                .unwrap_or_default()
        };
    let (soon, over) = (Memo::new(move |_| said(&[600, 300, 60])), Memo::new(move |_| said(&[0])));
    view! {
        <p class="visually-hidden" aria-live="polite">{move || soon.get()}</p>
        <p class="visually-hidden" aria-live="assertive">{move || over.get()}</p>
    }
    .into_any()
}
