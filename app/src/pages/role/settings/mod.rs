//! The settings of a role: one plain form with every knob. The browser reads the form while it is filled in and says
//! what would change, in the sentence, at the knobs and in the bar at the bottom.

mod activation;
mod approval;
mod assignment;
mod edit;
mod meanwhile;
mod reading;

use crate::ui::PageTitle;
use domain::role::{RoleDetail, RoleId};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;

use self::{
    activation::ActivationCard,
    approval::{ApprovalCard, FindForm},
    assignment::AssignmentCard,
    edit::Edit,
    meanwhile::Meanwhile,
    reading::Reading,
};
use super::{
    head::{RoleHead, Tab},
    words::count,
};
use crate::{
    act::{ActForm, FormAct},
    api::{
        role::{Seen, role_get},
        role_settings::RoleSettingsChange,
    },
    form::{FormKey, refusal},
    load::Load,
    loading::loading,
    pages::id_param,
    refresh::{Topic, changed, changes},
    step_up::{AdministratorCode, RefusalStrip},
    ui::{Button, ButtonKind, Mood, SaveBar, SkeletonShape, Strip},
};

/// The settings of one role.
#[component]
pub fn RoleSettingsPage() -> impl IntoView {
    let id = id_param::<RoleId>();
    let changes = changes(&[Topic::Role]);
    let role = loading(move || (id.get(), changes.get()), |(id, _)| async move { role_get(id?).await });
    view! {
        <Load resource=role shape=SkeletonShape::Card let:role>
            <PageTitle text=move || format!("Settings, {}", role.with(|role| role.what.row.role.name.clone())) />
            <RoleHead role tab=Tab::Settings />
            {if role.with_untracked(|role| role.may_change) {
                view! { <Settings role /> }.into_any()
            } else {
                view! { <Reading role /> }.into_any()
            }}
        </Load>
    }
}

/// The form, and what was saved meanwhile. It is drawn anew only when nothing typed would be lost.
#[component]
fn Settings(role: Signal<Seen<RoleDetail>>) -> impl IntoView {
    let save = FormAct::<RoleSettingsChange>::new();
    let base = RwSignal::new(role.get_untracked());
    let is_touched = RwSignal::new(false);
    let saved = move || save.value().get().and_then(Result::ok);
    Effect::new(move |_| {
        if saved().is_some() {
            changed(Topic::Role);
        }
    });
    Effect::new(move |_| {
        let newest = role.get();
        let known = base.with_untracked(|base| base.what.settings_version);
        let is_own = saved() == Some(newest.what.settings_version);
        if newest.what.settings_version != known && (is_own || !is_touched.get_untracked()) {
            base.set(newest);
        }
    });
    let is_behind = Memo::new(move |_| {
        let newest = role.with(|role| role.what.settings_version);
        newest != base.with(|base| base.what.settings_version) && saved() != Some(newest)
    });
    let id = role.with_untracked(|role| role.what.row.role.id);
    view! {
        <div class="content settings">
            <Saved role />
            <Meanwhile id is_behind refusal=refusal(save) />
            {move || view! { <SettingsForm base=base.get() again=move || base.notify() save is_touched proved_until=Signal::derive(move || role.with(|role| role.proved_until)) /> }}
            <FindForm id />
        </div>
    }
}

/// That a version was saved, as the address says after saving.
#[component]
fn Saved(role: Signal<Seen<RoleDetail>>) -> impl IntoView {
    let query = use_query_map();
    move || {
        let saved: i64 = query.with(|query| query.get("saved"))?.parse().ok()?;
        let (version, active) = role.with(|role| (role.what.settings_version, role.what.row.active));
        let keep = match active {
            0 => String::new(),
            1 => format!("; 1 active stint keeps version {}", saved - 1),
            active => format!("; {active} active stints keep version {}", saved - 1),
        };
        (saved == version).then(|| {
            view! { <Strip mood=Mood::Green lead=format!("Saved as version {saved}.")>{format!("In force for requests from now on{keep}.")}</Strip> }
        })
    }
}

#[component]
fn SettingsForm(
    base: Seen<RoleDetail>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    save: FormAct<RoleSettingsChange>,
    is_touched: RwSignal<bool>,
    proved_until: Signal<domain::Instant>,
) -> impl IntoView {
    let refusal = refusal(save);
    let role = base.what;
    let form = NodeRef::<html::Form>::new();
    let edit = Edit::of(&role, refusal, form);
    edit.watch(is_touched);
    let id = role.row.role.id;
    // Before the browser's half is there nothing is known of changes, and the bar must be there.
    let is_live = RwSignal::new(false);
    Effect::new(move |_| is_live.set(true));
    let shown = move || !is_live.get() || edit.is_changed() || refusal.problem().is_some();
    let lead =
        move || if is_live.get() { count(edit.changes().len(), "change", "changes") } else { String::new() };
    let text = move || {
        if is_live.get() {
            edit.difference()
        } else {
            "What is saved counts for requests from now on.".to_owned()
        }
    };
    view! {
        <Sentence edit />
        <ActForm act=save node_ref=form>
            <div class="stack wide" on:input=move |_| edit.read() on:change=move |_| edit.read()>
                <RefusalStrip refusal />
                <input type="hidden" name="form[id]" value=id.to_string() />
                <input type="hidden" name="form[version]" value=role.settings_version />
                <FormKey act=save />
                <div class="columns">
                    <ActivationCard edit />
                    <div class="stack">
                        <ApprovalCard edit />
                        <AssignmentCard edit />
                    </div>
                </div>
                <AdministratorCode proved_until refusal />
                <SaveBar lead=Signal::derive(lead) text=Signal::derive(text) shown=Signal::derive(shown)>
                    <button
                        type="reset"
                        class="button button-quiet"
                        on:click=move |ev| {
                            ev.prevent_default();
                            again();
                        }
                    >
                        "Discard"
                    </button>
                    <Button kind=ButtonKind::Primary submit=true busy=save.pending()>"Save"</Button>
                </SaveBar>
            </div>
        </ActForm>
    }
    .into_any()
}

/// The settings in plain words; what would change is marked.
#[component]
fn Sentence(edit: Edit) -> impl IntoView {
    let parts = move || {
        let saved = edit.saved().sentence();
        let parts = edit.wanted().sentence().into_iter();
        parts
            .map(|(text, is_key)| match (is_key, saved.iter().any(|(before, _)| *before == text)) {
                (false, _) => text.into_any(),
                (true, true) => view! { <strong>{text}</strong> }.into_any(),
                (true, false) => view! { <mark>{text}</mark> }.into_any(),
            })
            .collect_view()
    };
    view! { <p class="say">{parts}</p> }
}
