//! Other words for a role, and switching it off or on.

use crate::ui::PageTitle;
use domain::role::{RoleDetail, RoleId};
use leptos::prelude::*;

use super::words::{WordFields, Words, level_value};
use crate::{
    act::{ActForm, FormAct},
    api::role::{RoleChange, RoleEnable, Seen, role_get},
    form::{FormKey, refusal, typed},
    load::Load,
    loading::loading,
    pages::id_param,
    step_up::{AdministratorCode, RefusalStrip},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, Section, SkeletonShape, TopBar},
};

/// The words of one role.
#[component]
pub fn RoleChangePage() -> impl IntoView {
    let id = id_param::<RoleId>();
    let role = loading(move || id.get(), |id| async move { role_get(id?).await });
    view! {
        <Load resource=role shape=SkeletonShape::Lines let:role>
            <ChangeForm role=role.get_untracked() />
        </Load>
    }
}

/// The form; drawn once, from what was there at first.
#[component]
pub(super) fn ChangeForm(role: Seen<RoleDetail>) -> impl IntoView {
    let Seen { what, proved_until, .. } = role;
    let change = FormAct::<RoleChange>::new();
    let refusal = refusal(change);
    let of = what.row.role.clone();
    let words = Words {
        name: typed::<RoleChange>("name", of.name.clone()),
        description: typed::<RoleChange>("description", what.row.description.clone()),
        level: typed::<RoleChange>("level", level_value(of.level)),
        link: typed::<RoleChange>("link", what.link.clone().unwrap_or_default()),
        fixed: what.row.built_in,
    };
    let (is_off, built_in) = (what.row.disabled_at.is_some(), what.row.built_in);
    let back = format!("/roles/{}", of.id);
    let above = vec![("Roles".to_owned(), "/roles".to_owned()), (of.name.clone(), back.clone())];
    view! {
        <PageTitle text=format!("Change {}", of.name) />
        <TopBar title="Change" above heading=true />
        <div class="content form">
            <ActForm act=change>
                <div class="form-rows">
                    <RefusalStrip refusal />
                    <input type="hidden" name="form[id]" value=of.id.to_string() />
                    <input type="hidden" name="form[version]" value=what.version />
                    <WordFields words refusal />
                    <p class="field-note">"Its key is " <code>{of.key.clone()}</code> " and stays."</p>
                    <FormKey act=change />
                    <AdministratorCode proved_until=Signal::stored(proved_until) refusal />
                    <div class="actions end">
                        <ButtonLink href=back size=ButtonSize::Large>"Cancel"</ButtonLink>
                        <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true busy=change.pending()>"Save"</Button>
                    </div>
                </div>
            </ActForm>
            {(!built_in).then(|| view! { <OnOff id=of.id is_off proved_until /> })}
        </div>
    }
}

#[component]
fn OnOff(id: RoleId, is_off: bool, proved_until: domain::Instant) -> impl IntoView {
    let enable = FormAct::<RoleEnable>::new();
    let refusal = refusal(enable);
    if !is_off {
        return view! {
            <Section title="Switch off" id="off">
                <div class="stack">
                    <p class="muted">
                        "What waits for this role is withdrawn, what is active in it ends, and standing assignments end. Those who are eligible stay so."
                    </p>
                    <div class="actions">
                        <ButtonLink href=format!("/roles/{id}/off") kind=ButtonKind::Deny>"Switch off"</ButtonLink>
                    </div>
                </div>
            </Section>
        }
        .into_any();
    }
    view! {
        <Section title="Switch on" id="on">
            <ActForm act=enable>
                <div class="stack">
                    <RefusalStrip refusal />
                    <p class="muted">"Those who are eligible can activate it again. What has ended stays ended."</p>
                    <input type="hidden" name="form[id]" value=id.to_string() />
                    <FormKey act=enable />
                    <AdministratorCode proved_until=Signal::stored(proved_until) refusal name="form[switch_code]" />
                    <div class="actions">
                        <Button submit=true busy=enable.pending()>"Switch on"</Button>
                    </div>
                </div>
            </ActForm>
        </Section>
    }
    .into_any()
}
