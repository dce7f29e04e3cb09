//! Knobs of who must agree. Approvers are check boxes: those who are named, and those that a search found. The search is
//! a form of its own beside the settings, so that it works without the browser's half.

use domain::{
    person::{Principal, PrincipalRef},
    role::RoleId,
    role_settings::{ApproverJustification, Stage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    activation::{factor, factors, spans},
    edit::{Edit, first, first_on},
};
use crate::{
    api::{
        assignment::{assignment_find, principal_of, principal_text},
        role_settings::RoleSettingsChange,
    },
    form::{typed_all, was_refused},
    loading::loading,
    ui::{
        Button, ButtonSize, Card, Checkbox, Choice, Field, FieldIds, IconName, Mood, Segmented, Select,
        Setting, Strip, Switch, TextField,
    },
};

/// After which a request may lapse, in minutes.
const TIMEOUTS: [i64; 11] = [15, 30, 60, 120, 240, 480, 1_440, 2_880, 4_320, 10_080, 20_160];
/// The form of the search, which the field in the card belongs to.
const FIND: &str = "find-approvers";

#[component]
pub(super) fn ApprovalCard(edit: Edit) -> impl IntoView {
    let approval = edit.saved().approval;
    let stage = approval.stages.first().cloned().unwrap_or_else(Stage::initial);
    let silent = edit.role().approvers_without_address;
    let (kind, minutes) = factor(stage.second_factor);
    view! {
        <Card title="Approval" icon=IconName::PersonCheck rows=true>
            <Setting name="Approval" hint="somebody has to agree" plain_switch=true changed=edit.differs(&["Approval"])>
                <Switch name="form[approval]" label="Approval" on=first_on("approval", approval.required) />
            </Setting>
            <Approvers edit named=stage.approvers.clone() />
            {(!silent.is_empty()).then(|| view! {
                <Strip mood=Mood::Amber lead=format!("No mail reaches {}.", silent.join(", "))>"They see requests only when they look."</Strip>
            })}
            <Setting name="Approvals needed" changed=edit.differs(&["Approvals needed"])>
                <TextField name="form[needed]" label="Approvals needed" label_hidden=true kind="number" min="1" max="10" value=first("needed", stage.needed.to_string()) error=edit.wrong("needed") />
            </Setting>
            <Setting name="Lapses after" hint="when nobody decides" changed=edit.differs(&["Lapses after"])>
                <Select
                    name="form[timeout]"
                    label="Lapses after"
                    label_hidden=true
                    options=spans(&TIMEOUTS, stage.timeout)
                    value=first("timeout", stage.timeout.as_seconds().to_string())
                    error=edit.wrong("timeout")
                />
            </Setting>
            <Setting name="Approvers say why" changed=edit.differs(&["Approvers say why"])>
                <Segmented name="form[say_why]" label="Approvers say why" options=reasons() value=first("say_why", reason(stage.justification)) />
            </Setting>
            <Setting name="Approvers’ proof of identity" changed=edit.differs(&["Approvers' proof of identity"]) error=edit.wrong("approver_second_factor")>
                <Segmented name="form[approver_factor]" label="Approvers’ proof of identity" options=factors() value=first("approver_factor", kind) />
            </Setting>
            <Setting name="Their fresh code counts for" hint="0: a code every time" changed=edit.differs(&["Approvers' proof of identity"])>
                <TextField name="form[approver_fresh]" label="Minutes that an approver’s code counts" label_hidden=true kind="number" min="0" max="60" value=first("approver_fresh", minutes.to_string()) />
                "minutes"
            </Setting>
        </Card>
    }
    .into_any()
}

fn reasons() -> Vec<Choice> {
    vec![Choice::new("always", "Always"), Choice::new("to_deny", "To deny"), Choice::new("never", "Never")]
}

const fn reason(reason: ApproverJustification) -> &'static str {
    match reason {
        ApproverJustification::Always => "always",
        ApproverJustification::ToDeny => "to_deny",
        ApproverJustification::Never => "never",
    }
}

/// Those who are named at first: what was checked in a refused form, else what is saved.
fn at_first(named: Vec<Principal>) -> Vec<Principal> {
    if was_refused::<RoleSettingsChange>() {
        let kept: Vec<_> = typed_all::<RoleSettingsChange>("approvers")
            .iter()
            .filter_map(|text| principal_of(text))
            .collect();
        if !kept.is_empty() {
            return kept;
        }
    }
    named
}

#[component]
fn Approvers(edit: Edit, named: Vec<Principal>) -> impl IntoView {
    let query = use_query_map();
    let typing = RwSignal::new(None::<String>);
    let search = Memo::new(move |_| {
        typing.get().unwrap_or_else(|| query.with(|query| query.get("find")).unwrap_or_default())
    });
    let found = loading(
        move || search.get(),
        |search| async move {
            if search.trim().is_empty() { Ok(Vec::new()) } else { assignment_find(search).await }
        },
    );
    let chosen = RwSignal::new(at_first(named));
    let known = edit.role().approvers;
    // The named ones first, then those that were found.
    let listed = move || {
        let found: Vec<PrincipalRef> = found.get().and_then(Result::ok).unwrap_or_default();
        edit.learn(&found);
        let name = |principal: &Principal| {
            known.iter().chain(&found).find(|named| named.principal == *principal).cloned()
        };
        let chosen = chosen.get();
        let mut list: Vec<PrincipalRef> = chosen
            .iter()
            .map(|principal| {
                name(principal)
                    .unwrap_or_else(|| PrincipalRef { principal: *principal, name: edit.name(*principal) })
            })
            .collect();
        list.extend(found.into_iter().filter(|named| !chosen.contains(&named.principal)));
        list
    };
    let nobody = move || {
        chosen.with(Vec::is_empty).then(|| view! { <p class="field-note">"Nobody is named: the administrators decide, but never on their own requests."</p> })
    };
    view! {
        <Setting name="Approvers" hint="people and groups" changed=edit.differs(&["Approvers"]) error=edit.wrong("approvers")>
            <Find value=search.get_untracked() on_text=Callback::new(move |text| typing.set(Some(text))) />
        </Setting>
        <div class="approvers">
            {nobody}
            <Transition>
                <For each=listed.clone() key=|named| named.principal let:named>
                    <Approver edit named chosen />
                </For>
            </Transition>
        </div>
    }
}

#[component]
fn Approver(edit: Edit, named: PrincipalRef, chosen: RwSignal<Vec<Principal>>) -> impl IntoView {
    let principal = named.principal;
    let checked = chosen.with_untracked(|chosen| chosen.contains(&principal));
    let on_change = Callback::new(move |on: bool| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != principal);
            if on {
                chosen.push(principal);
            }
        });
        edit.read_soon();
    });
    let value = principal_text(principal);
    match principal {
        Principal::Person(_) => {
            view! { <Checkbox name="form[approvers][]" value label=named.name checked on_change /> }
        }
        Principal::Group(_) => {
            view! { <Checkbox name="form[approvers][]" value label=named.name hint="Group" checked on_change /> }
        }
    }
}

/// The field of the search. It belongs to a form that stands beside the settings.
#[component]
fn Find(value: String, on_text: Callback<String>) -> impl IntoView {
    let ids = FieldIds::of("find");
    let input = ids.input.clone();
    view! {
        <Field ids label="Find approvers" label_hidden=true>
            <input
                class="input"
                id=input
                name="find"
                type="search"
                form=FIND
                value=value
                placeholder="Name"
                maxlength=100
                autocomplete="off"
                on:input=move |ev| {
                    ev.stop_propagation();
                    on_text.run(event_target_value(&ev));
                }
            />
        </Field>
        <Button size=ButtonSize::Small submit=true form=FIND>"Find"</Button>
    }
}

/// The form of the search. With the browser's half the list follows the typing, and nothing is sent.
#[component]
pub(super) fn FindForm(id: RoleId) -> impl IntoView {
    view! {
        <form id=FIND method="get" action=format!("/roles/{id}/settings") on:submit=move |ev| ev.prevent_default()></form>
    }
}
