//! What happened in order, with what is to come. An ordered list: time, marker, fact.

use leptos::prelude::*;

use super::{
    icon::{Icon, IconName},
    strip::Mood,
};

/// What stands at the marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dot {
    /// An icon.
    Icon(IconName, Mood),
    /// The present moment, filled.
    Now,
    /// Somebody: name and identifier.
    Person(String, String),
}

/// The line from a step to the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// Something over.
    #[default]
    Past,
    /// Time on duty: thick and green.
    Duty,
    /// Still to come: dashed.
    Ahead,
}

/// The list around the steps.
#[component]
pub fn Timeline(
    /// One [`Step`] for each.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline">{children()}</ol> }.into_any()
}

/// One step.
#[component]
pub fn Step(
    /// The clock: "12:03:41".
    #[prop(into)]
    time: String,
    /// The full date and zone, for hover and assistive technology.
    #[prop(optional, into)]
    full_time: Option<String>,
    /// What stands at the marker.
    dot: Dot,
    /// The fact, in bold.
    #[prop(into)]
    lead: String,
    /// Who and where, plain.
    #[prop(optional, into)]
    text: String,
    /// The system's own words, smaller.
    #[prop(optional, into)]
    more: Option<String>,
    /// What somebody wrote.
    #[prop(optional, into)]
    quote: Option<String>,
    /// How long until the next step: "6 min 12 s".
    #[prop(optional, into)]
    wait: MaybeProp<String>,
    /// The line to the next step.
    #[prop(optional)]
    span: Span,
) -> impl IntoView {
    let class = match span {
        Span::Past => "",
        Span::Duty => "is-duty",
        Span::Ahead => "is-ahead",
    };
    let full = full_time.clone();
    view! {
        <li class=class>
            <span class="timeline-time" title=full_time>
                <span aria-hidden=full.is_some().then_some("true")>{time}</span>
                {full.map(|full| view! { <span class="visually-hidden">{full}</span> })}
            </span>
            {marker(dot)}
            <div class="timeline-text">
                <p>
                    <strong>{lead}</strong>
                    " "
                    {text}
                </p>
                {more.map(|more| view! { <p class="timeline-more">{more}</p> })}
                {quote.map(|quote| view! { <p class="quote quiet">"“"{quote}"”"</p> })}
            </div>
            {move || wait.get().map(|wait| view! { <span class="timeline-wait">{wait}</span> })}
        </li>
    }
    .into_any()
}

/// The round sign on the line.
fn marker(dot: Dot) -> impl IntoView {
    let (class, inside) = match dot {
        Dot::Icon(name, mood) => {
            let class = match mood {
                Mood::Green => "timeline-dot dot-green",
                Mood::Amber => "timeline-dot dot-amber",
                Mood::Red => "timeline-dot dot-red",
                Mood::Neutral | Mood::Purple => "timeline-dot",
            };
            (class, view! { <Icon name /> }.into_any())
        }
        Dot::Now => ("timeline-dot dot-now", view! { <Icon name=IconName::Clock /> }.into_any()),
        Dot::Person(name, id) => (
            "timeline-dot",
            view! { <super::tag::Avatar name id size=super::tag::AvatarSize::Small /> }.into_any(),
        ),
    };
    view! { <span class=class aria-hidden="true">{inside}</span> }.into_any()
}
