//! The layout around all pages: sidebar, rail or tab bar, the page sheet, and the top bar that each page fills.

use leptos::prelude::*;

use super::{
    duty::{Duty, DutyActions, DutyBar, DutyPanel, DutyVoice, on_now},
    icon::{Icon, IconName},
    mark::Wordmark,
    nav::{NavGroup, NavItem, TabBar, Whose, entry},
    offline::Offline,
    tabs::Breadcrumb,
    tag::{Avatar, AvatarSize},
};

/// Tools at the right of every top bar, put there by [`Frame`].
#[derive(Clone)]
struct Tools(ViewFn);

/// The layout around all pages. Puts the skip link first, then navigation, main, what is on duty.
#[component]
pub fn Frame(
    /// The organisation, beside the mark.
    #[prop(into)]
    org: String,
    /// The navigation. It changes with what the person may do.
    #[prop(into)]
    nav: Signal<Vec<NavGroup>>,
    /// Three entries for the tab bar on mobile, with short labels; what is not among them is under More.
    tabs: Vec<NavItem>,
    /// The path of the present page.
    #[prop(into)]
    path: Signal<String>,
    /// Who is signed in.
    whose: Whose,
    /// What is on.
    #[prop(optional, into)]
    duty: Signal<Vec<Duty>>,
    /// Buttons for each thing that is on, in the sheet on mobile.
    #[prop(optional)]
    duty_actions: Option<DutyActions>,
    /// The page itself shows what is on: no bar on mobile.
    #[prop(optional, into)]
    hide_duty_bar: Signal<bool>,
    /// A strip over everything: "Demo. Nothing here is real."
    #[prop(optional, into)]
    demo: Option<String>,
    /// Search, theme, notices: at the right of every top bar.
    #[prop(optional, into)]
    tools: ViewFn,
    /// Security, theme and sign out, at the foot of More.
    #[prop(optional, into)]
    more_foot: ViewFn,
    /// The page: a [`TopBar`], then its content.
    children: Children,
) -> impl IntoView {
    provide_context(Tools(tools));
    let list = on_now(duty);
    let in_tabs: Vec<_> = tabs.iter().map(|tab| tab.href.clone()).collect();
    let more = Signal::derive(move || {
        let items = nav.get().into_iter().flat_map(|group| group.items);
        items.filter(|item| !in_tabs.contains(&item.href)).collect::<Vec<_>>()
    });
    let demo = demo.filter(|demo| !demo.is_empty());
    let has_demo = demo.is_some();
    let has_bar = move || !list.read().is_empty() && !hide_duty_bar.get();
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="frame" class:has-duty=has_bar class:has-demo=has_demo>
            {demo.map(|demo| view! { <p class="demo-strip"><Icon name=IconName::Info /> <span>{demo}</span></p> })}
            <Sidebar org nav path whose=whose.clone() list />
            <div class="page">
                <Offline />
                <main id="main" tabindex="-1">{children()}</main>
            </div>
            <DutyBar list hidden=hide_duty_bar actions=duty_actions />
            <TabBar tabs more path whose foot=more_foot />
            <DutyVoice duty />
        </div>
    }
    .into_any()
}

/// Mark, navigation, what is on duty, who is signed in.
#[component]
fn Sidebar(
    org: String,
    nav: Signal<Vec<NavGroup>>,
    path: Signal<String>,
    whose: Whose,
    list: Memo<Vec<Duty>>,
) -> impl IntoView {
    let group = move |NavGroup { label, items }: NavGroup| {
        let items = items
            .into_iter()
            .map(|item| view! { <li>{entry(item, path, "nav-item", 18)}</li> })
            .collect_view();
        view! {
            {(!label.is_empty()).then(|| view! { <p class="side-group">{label}</p> })}
            <ul>{items}</ul>
        }
    };
    let groups = move || nav.get().into_iter().map(group).collect_view();
    let name = whose.name.clone();
    view! {
        <div class="side">
            <div class="side-head" role="region" aria-label="Organisation">
                <Wordmark />
                <span class="side-org">{org}</span>
            </div>
            <nav aria-label="Main">{groups}</nav>
            <DutyPanel list />
            <div role="region" aria-label="You">
                <a class="side-person" href=whose.href title=whose.name.clone()>
                    <Avatar name=whose.name.clone() id=whose.id size=AvatarSize::Small />
                    <span class="two">
                        <span>{name}</span>
                        <span>{whose.below}</span>
                    </span>
                    <Icon name=IconName::Dots />
                </a>
            </div>
        </div>
    }
    .into_any()
}

/// The bar at the top of a page. With nothing above, its title is the page's heading; else it is a breadcrumb, and on mobile a way back.
#[component]
pub fn TopBar(
    /// The page.
    #[prop(into)]
    title: String,
    /// After the title, lighter: date, time and zone.
    #[prop(optional, into)]
    note: MaybeProp<String>,
    /// Label and address of what is above.
    #[prop(optional)]
    above: Vec<(String, String)>,
    /// The page below brings no heading (h1) of its own, though something is above.
    #[prop(optional)]
    heading: bool,
    /// Tools of this page, before those of the frame.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    let tools = use_context::<Tools>().map(|Tools(tools)| tools.run());
    let back = above.last().cloned().map(|(label, href)| {
        let label = format!("Back to {label}");
        view! { <a class="topbar-back" href=href aria-label=label><Icon name=IconName::ArrowLeft size=18 /></a> }
    });
    let heading = match (above.is_empty(), heading) {
        (true, _) => view! { <h1 class="topbar-title">{title}</h1> }.into_any(),
        (false, true) => view! {
            <Breadcrumb above here=title.clone() />
            <h1 class="topbar-title is-crumb">{title}</h1>
        }
        .into_any(),
        (false, false) => view! {
            <Breadcrumb above here=title.clone() />
            <span class="topbar-title is-crumb" aria-hidden="true">{title}</span>
        }
        .into_any(),
    };
    view! {
        <header class="topbar">
            {back} {heading} {move || note.get().map(|note| view! { <span class="topbar-note">{note}</span> })}
            <div class="topbar-tools">{actions} {tools}</div>
        </header>
    }
    .into_any()
}
