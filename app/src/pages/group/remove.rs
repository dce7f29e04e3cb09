//! Removing a group: a question. What still rests on it is named by the refusal.

use leptos::prelude::*;

use super::detail::Loaded;
use crate::{
    act::{ActForm, FormAct},
    api::group::GroupRemove,
    form::{FormKey, refusal},
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{Button, ButtonKind, ButtonSize, Dialog, Mood, Strip, use_toasts},
};

/// The question before a group is removed.
#[component]
pub(super) fn RemoveDialog(loaded: Signal<Loaded>) -> impl IntoView {
    let act = FormAct::<GroupRemove>::new();
    let refusal = refusal(act);
    let (row, toasts) = (loaded.with_untracked(|(group, _)| group.row.clone()), use_toasts());
    let told = format!("{} is removed.", row.name);
    Effect::new(move |_| {
        if let Some(Ok(())) = act.value().get() {
            changed(Topic::Group);
            toasts.show(told.clone(), "", None);
        }
    });
    let button = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="remove-group" busy=act.pending()>
            "Remove now"
        </Button>
    };
    view! {
        <Dialog
            title=format!("Remove {}?", row.name)
            close=format!("/groups/{}", row.id)
            text="Everybody leaves it, and it cannot be brought back. A group that has a role or approves one is kept until that has ended."
            act=button.into_any()
        >
            <ActForm act=act attr:id="remove-group" attr:class="form-rows">
                {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <input type="hidden" name="form[id]" value=row.id.to_string() />
                <FormKey act=act />
                <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
            </ActForm>
        </Dialog>
    }
}
