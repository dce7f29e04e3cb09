//! The question before an assignment is removed, over the assignment.

use domain::{assignment::AssignmentKind, role::AssignmentRow};
use leptos::prelude::*;

use super::change::{Assignment, with_role};
use crate::{
    act::{ActForm, FormAct},
    api::{assignment::AssignmentRemove, role::Seen},
    form::{FormKey, refusal, typed},
    load::Load,
    step_up::{AdministratorCode, RefusalStrip},
    ui::{Button, ButtonKind, ButtonSize, Dialog, SkeletonShape, TextField},
};

/// Asks before an assignment is removed.
#[component]
pub fn AssignmentRemovePage() -> impl IntoView {
    let both = with_role();
    view! {
        <Load resource=both shape=SkeletonShape::Lines let:both>
            <Assignment both=both.get_untracked() />
            {both.with_untracked(|(row, _)| row.may_change && row.what.standing != domain::assignment::Standing::Ended)
                .then(|| view! { <Question row=both.with_untracked(|(row, _)| row.clone()) /> })}
        </Load>
    }
}

/// What ends by it.
fn effect(row: &AssignmentRow) -> String {
    let name = &row.principal.name;
    match (row.kind, &row.live) {
        (AssignmentKind::Active, _) => {
            format!(
                "{name} loses the role at once, unless something else gives it. You can make them eligible later."
            )
        }
        (AssignmentKind::Eligible, Some(live)) => format!(
            "{name} cannot activate it any more. Request R-{}, {}, ends with it, unless something else covers it.",
            live.number,
            live.state.word()
        ),
        (AssignmentKind::Eligible, None) => {
            format!(
                "{name} cannot activate it any more. It is not in use now, and stays in the history as ended."
            )
        }
    }
}

#[component]
fn Question(row: Seen<AssignmentRow>) -> impl IntoView {
    let Seen { what: row, proved_until, .. } = row;
    let remove = FormAct::<AssignmentRemove>::new();
    let refusal = refusal(remove);
    let act = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="remove" busy=remove.pending()>"Remove now"</Button>
    };
    view! {
        <Dialog
            title=format!("Remove {} from {}?", row.principal.name, row.role.name)
            close=format!("/roles/{}", row.role.id)
            text=effect(&row)
            act=act.into_any()
        >
            <ActForm act=remove attr:id="remove">
                <RefusalStrip refusal />
                <input type="hidden" name="form[id]" value=row.id.to_string() />
                <input type="hidden" name="form[role]" value=row.role.id.to_string() />
                <TextField
                    name="form[why]"
                    label="Reason"
                    bound="kept in the record, may stay empty"
                    value={typed::<AssignmentRemove>("why", "")}
                    maxlength=500_u32
                    error=refusal.field("justification")
                />
                <FormKey act=remove />
                <AdministratorCode proved_until=Signal::stored(proved_until) refusal name="form[remove_code]" />
            </ActForm>
        </Dialog>
    }
}
