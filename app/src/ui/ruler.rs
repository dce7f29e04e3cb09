//! A ruler for durations and periods: a native range input whose right end is the limit. The form field carries whole seconds.

use leptos::{html, prelude::*};

use super::{
    icon::{Icon, IconName},
    time,
};

/// The finest step that reaches both ends: five minutes, one minute, or a second.
fn step(least: i64, most: i64) -> i64 {
    [300, 60].into_iter().find(|step| (most - least) % step == 0).unwrap_or(1)
}

/// The distance of ticks and how many of them make a longer one.
fn scale(length: i64) -> (i64, i64) {
    match length {
        ..=18_000 => (600, 3),
        18_001..=90_000 => (3600, 6),
        90_001..=1_300_000 => (86_400, 7),
        _ => (7 * 86_400, 4),
    }
}

/// A share of the axis, in percent.
fn percent(value: i64, least: i64, most: i64) -> String {
    let share = (value.clamp(least, most) - least).saturating_mul(100_000) / (most - least).max(1);
    format!("{}.{:03}%", share / 1000, share % 1000)
}

/// The slider for a duration.
#[component]
pub fn Ruler(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// What is chosen: "For how long".
    #[prop(into)]
    label: String,
    /// The chosen seconds. Read it to word the button ("Activate for 1 h 30 min").
    value: RwSignal<i64>,
    /// The least that may be chosen, in seconds.
    #[prop(default = 300)]
    least: i64,
    /// The limit, in seconds: the right end.
    most: i64,
    /// Label of the right end; "4 h max" if absent.
    #[prop(optional, into)]
    limit: Option<String>,
    /// Label of the left end; "now" if absent.
    #[prop(optional, into)]
    start: Option<String>,
    /// What follows from a choice, from its seconds: "ends about 15:48 today".
    #[prop(optional)]
    ends: Option<Callback<i64, String>>,
    /// Labels between the ends as seconds and text; full hours or days if absent.
    #[prop(optional)]
    marks: Option<Vec<(i64, String)>>,
    /// Quick choices, in seconds. They need the browser's half; the slider does not.
    #[prop(optional)]
    choices: Vec<i64>,
    /// The small form for a row of settings: no scale, no choices.
    #[prop(optional)]
    small: bool,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
) -> impl IntoView {
    let most = most.max(least + 1);
    let input = NodeRef::<html::Input>::new();
    let id = format!("f-{name}");
    let (out_id, error_id) = (format!("{id}-out"), format!("{id}-error"));
    let rendered = Owner::current_shared_context().is_some_and(|shared| shared.during_hydration());
    // What was moved before the browser's half arrived counts.
    Effect::new(move |_| {
        if let Some(moved) =
            input.get().filter(|_| rendered).and_then(|input| input.value().parse::<i64>().ok())
            && moved != value.get_untracked()
        {
            value.set(moved);
        }
    });
    let first = value.get_untracked();
    let choose = move |seconds: i64| value.set(seconds.clamp(least, most));
    let on_input = move |ev| {
        if let Ok(seconds) = event_target_value(&ev).parse() {
            choose(seconds);
        }
    };
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        let by = match ev.key().as_str() {
            "PageUp" => 1800,
            "PageDown" => -1800,
            _ => return,
        };
        ev.prevent_default();
        choose(value.get_untracked() + by);
    };
    let ends_text = move || ends.map(|ends| ends.run(value.get())).unwrap_or_default();
    let spoken = move || {
        let (text, ends) = (time::spoken(value.get()), ends_text());
        if ends.is_empty() { text } else { format!("{text}, {ends}") }
    };
    let described = format!("{out_id} {error_id}");
    let class = if small { "ruler ruler-small" } else { "ruler" };
    let slider = view! {
        <div class="ruler-track">
            <Ticks value least most sparse=small />
            <input
                node_ref=input
                type="range"
                id=id.clone()
                name=name
                min=least
                max=most
                step=step(least, most)
                value=first
                prop:value=move || value.get().to_string()
                aria-label=small.then(|| label.clone())
                aria-valuetext=spoken
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                on:input=on_input
                on:keydown=on_key
                use:stand=(!rendered).then(|| [least, most, step(least, most), first])
            />
        </div>
    };
    let body = if small {
        view! { {slider} <output class="ruler-value" id=out_id for=id>{move || time::span(value.get())}</output> }.into_any()
    } else {
        view! {
            <div class="ruler-head">
                <label class="ruler-label" for=id.clone()>{label}</label>
                <output class="ruler-out" id=out_id for=id>
                    <span class="ruler-value">{move || time::span(value.get())}</span>
                    <span class="ruler-ends">{ends_text}</span>
                </output>
            </div>
            {slider}
            <Scale least most start limit marks />
            <Choices value choices />
        }
        .into_any()
    };
    view! { <div class=class>{body} <RulerError id=error_id error /></div> }.into_any()
}

/// Puts a slider that is made in the browser where it belongs, as soon as it is there: the browser cuts a value off that
/// it is told before the ends.
#[cfg(feature = "hydrate")]
fn stand(slider: leptos::web_sys::Element, at: Option<[i64; 4]>) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlInputElement};
    let (Some([least, most, step, value]), Ok(slider)) = (at, slider.dyn_into::<HtmlInputElement>()) else {
        return;
    };
    slider.set_min(&least.to_string());
    slider.set_max(&most.to_string());
    slider.set_step(&step.to_string());
    slider.set_value(&value.to_string());
}

#[cfg(not(feature = "hydrate"))]
fn stand(_slider: leptos::tachys::renderer::types::Element, _at: Option<[i64; 4]>) {}

/// The sentence below a ruler, announced politely.
#[component]
fn RulerError(id: String, error: MaybeProp<String>) -> impl IntoView {
    view! {
        <div class="field-live" id=id aria-live="polite">
            {move || error.get().map(|error| view! { <p class="field-error"><Icon name=IconName::Octagon /> <span>{error}</span></p> })}
        </div>
    }
    .into_any()
}

/// The fill up to the handle, and the ticks over it.
#[component]
fn Ticks(value: RwSignal<i64>, least: i64, most: i64, sparse: bool) -> impl IntoView {
    let (each, longer) = match scale(most - least) {
        (each, longer) if sparse => (each * longer, longer),
        other => other,
    };
    let ticks = (1..)
        .map(|n| n * each)
        .skip_while(|at| *at <= least)
        .take_while(|at| *at < most)
        .take(400)
        .map(|at| {
            let top = match at / each {
                n if n % (longer * 2) == 0 => "55%",
                n if n % longer == 0 => "62%",
                _ => "76%",
            };
            let class = move || if at < value.get() { "ruler-tick is-in" } else { "ruler-tick" };
            view! { <line class=class x1=percent(at, least, most) x2=percent(at, least, most) y1=top y2="100%"></line> }
        })
        .collect_view();
    view! {
        <svg aria-hidden="true">
            <rect class="ruler-fill" width=move || percent(value.get(), least, most) height="100%"></rect>
            {ticks}
        </svg>
    }
    .into_any()
}

/// The words under the ruler.
#[component]
fn Scale(
    least: i64,
    most: i64,
    start: Option<String>,
    limit: Option<String>,
    marks: Option<Vec<(i64, String)>>,
) -> impl IntoView {
    let start =
        start.unwrap_or_else(|| if least * 12 <= most { "now".to_owned() } else { time::span(least) });
    let limit = limit.unwrap_or_else(|| format!("{} max", time::span(most)));
    let marks = marks.unwrap_or_else(|| default_marks(most));
    // The ends have words of their own; what would touch them stays out.
    let margin = most / 6;
    let marks = marks
        .into_iter()
        .filter(|(at, _)| *at > least + margin / 2 && *at < most - margin)
        .map(|(at, text)| view! { <text class="mid" x=percent(at, least, most) y="13">{text}</text> })
        .collect_view();
    view! {
        <svg class="ruler-scale" aria-hidden="true">
            <text x="0" y="13">{start}</text>
            {marks}
            <text class="end" x="100%" y="13">{limit}</text>
        </svg>
    }
    .into_any()
}

/// At most five labels at round distances.
fn default_marks(most: i64) -> Vec<(i64, String)> {
    let each = [1800, 3600, 7200, 14_400, 86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400]
        .into_iter()
        .find(|each| most / each <= 5)
        .unwrap_or(most);
    (1..=5).map(|n| n * each).take_while(|at| *at < most).map(|at| (at, time::span(at))).collect()
}

/// Quick choices. A press sets the slider.
#[component]
fn Choices(value: RwSignal<i64>, choices: Vec<i64>) -> impl IntoView {
    (!choices.is_empty()).then(|| {
        let buttons = choices
            .into_iter()
            .map(|seconds| {
                let pressed = move || if value.get() == seconds { "true" } else { "false" };
                view! {
                    <button type="button" class="chip" aria-pressed=pressed on:click=move |_| value.set(seconds)>
                        {time::span(seconds)}
                    </button>
                }
            })
            .collect_view();
        view! { <div class="ruler-choices needs-js" role="group" aria-label="Quick choices">{buttons}</div> }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_always_reaches_the_limit() {
        assert_eq!(step(300, 14_400), 300);
        assert_eq!(step(300, 14_460), 60);
        assert_eq!(step(300, 1001), 1);
    }

    #[test]
    fn the_fill_is_a_share_of_the_axis() {
        assert_eq!(percent(0, 0, 100), "0.000%");
        assert_eq!(percent(5400, 0, 14_400), "37.500%");
        assert_eq!(percent(99, 0, 10), "100.000%");
        assert_eq!(percent(1, 1, 1), "0.000%");
    }

    #[test]
    fn labels_are_few_and_round() {
        let texts: Vec<_> = default_marks(14_400).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["1 h", "2 h", "3 h"]);
    }
}
