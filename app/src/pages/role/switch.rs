//! The question before a role is switched off, over its words.

use domain::role::{RoleDetail, RoleId};
use leptos::prelude::*;

use super::{change::ChangeForm, words::count};
use crate::{
    act::{ActForm, FormAct},
    api::role::{RoleDisable, Seen, role_get},
    form::{FormKey, refusal},
    load::Load,
    loading::loading,
    pages::id_param,
    step_up::{AdministratorCode, RefusalStrip},
    ui::{Button, ButtonKind, ButtonSize, Dialog, SkeletonShape},
};

/// Asks before a role is switched off.
#[component]
pub fn RoleOffPage() -> impl IntoView {
    let id = id_param::<RoleId>();
    let role = loading(move || id.get(), |id| async move { role_get(id?).await });
    view! {
        <Load resource=role shape=SkeletonShape::Lines let:role>
            <ChangeForm role=role.get_untracked() />
            <Question role=role.get_untracked() />
        </Load>
    }
}

#[component]
fn Question(role: Seen<RoleDetail>) -> impl IntoView {
    let disable = FormAct::<RoleDisable>::new();
    let refusal = refusal(disable);
    let row = role.what.row;
    let ends = [
        (row.active, "active stint ends", "active stints end"),
        (row.waiting, "request is withdrawn", "requests are withdrawn"),
        (row.standing, "standing assignment ends", "standing assignments end"),
    ];
    let ends: Vec<_> = ends
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(usize::try_from(number).unwrap_or(usize::MAX), one, many))
        .collect();
    let text = match ends.as_slice() {
        [] => "Nobody has it now. Those who are eligible stay so, and can activate it when it is on again."
            .to_owned(),
        ends => format!("{}, at once. Those who are eligible stay so.", ends.join(", ")),
    };
    let act = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="switch-off" busy=disable.pending()>"Switch off now"</Button>
    };
    view! {
        <Dialog
            title=format!("Switch off {}?", row.role.name)
            close=format!("/roles/{}/change", row.role.id)
            text
            keep="Keep it on"
            act=act.into_any()
        >
            <ActForm act=disable attr:id="switch-off">
                <RefusalStrip refusal />
                <input type="hidden" name="form[id]" value=row.role.id.to_string() />
                <FormKey act=disable />
                <AdministratorCode proved_until=Signal::stored(role.proved_until) refusal name="form[switch_code]" />
            </ActForm>
        </Dialog>
    }
}
