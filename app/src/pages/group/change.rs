//! Changing the words of a group: its name and what it is for.

use domain::text::{DESCRIPTION, NAME};
use leptos::prelude::*;

use super::{add::limit, detail::Loaded};
use crate::{
    act::{ActForm, FormAct},
    api::group::GroupChange,
    form::{FormKey, refusal, typed},
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, Mood, Sheet, Strip, TextArea, TextField, use_toasts},
};

/// The form, over the group as it was when it was opened.
#[component]
pub(super) fn ChangeSheet(loaded: Signal<Loaded>) -> impl IntoView {
    let change = FormAct::<GroupChange>::new();
    let refusal = refusal(change);
    let (group, toasts) = (loaded.with_untracked(|(group, _)| group.clone()), use_toasts());
    Effect::new(move |_| {
        if let Some(Ok(())) = change.value().get() {
            changed(Topic::Group);
            toasts.show("Saved.", "", None);
        }
    });
    let close = format!("/groups/{}", group.row.id);
    let foot = view! {
        <ButtonLink href=close.clone() kind=ButtonKind::Quiet>
            "Cancel"
        </ButtonLink>
        <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true form="change-group" busy=change.pending()>
            "Save"
        </Button>
    };
    view! {
        <Sheet title=format!("Change {}", group.row.name) close foot=foot.into_any()>
            <ActForm act=change attr:id="change-group" attr:class="form-rows">
                {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <input type="hidden" name="form[id]" value=group.row.id.to_string() />
                <input type="hidden" name="form[version]" value={typed::<GroupChange>("version", group.version.to_string())} />
                <FormKey act=change />
                <TextField
                    name="form[name]"
                    label="Name"
                    maxlength=limit(NAME)
                    required=true
                    autocomplete="off"
                    error=refusal.field("name")
                    value={typed::<GroupChange>("name", group.row.name.clone())}
                />
                <TextArea
                    name="form[description]"
                    label="What it is for"
                    bound="optional"
                    maxlength=limit(DESCRIPTION)
                    error=refusal.field("description")
                    value={typed::<GroupChange>("description", group.row.description.clone())}
                />
                <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
            </ActForm>
        </Sheet>
    }
}
