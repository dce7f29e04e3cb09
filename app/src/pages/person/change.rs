//! Changing a person: member or guest, name, contact addresses.

use domain::text::{ADDRESSES, NAME};
use leptos::prelude::*;

use super::{add::limit, detail::Loaded, words};
use crate::{
    act::{ActForm, FormAct},
    api::person::PersonChange,
    form::{FormKey, refusal, typed},
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, Mood, Options, Sheet, Strip, TextArea, TextField,
        use_toasts,
    },
};

/// The form, over the person as they were when it was opened.
#[component]
pub(super) fn ChangeSheet(loaded: Signal<Loaded>) -> impl IntoView {
    let change = FormAct::<PersonChange>::new();
    let refusal = refusal(change);
    let (person, toasts) = (loaded.with_untracked(|(person, _)| person.clone()), use_toasts());
    Effect::new(move |_| {
        if let Some(Ok(())) = change.value().get() {
            changed(Topic::Person);
            toasts.show("Saved.", "", None);
        }
    });
    let close = format!("/people/{}", person.row.id);
    let foot = view! {
        <ButtonLink href=close.clone() kind=ButtonKind::Quiet>
            "Cancel"
        </ButtonLink>
        <Button
            kind=ButtonKind::Primary
            size=ButtonSize::Large
            submit=true
            form="change-person"
            busy=change.pending()
        >
            "Save"
        </Button>
    };
    view! {
        <Sheet title=format!("Change {}", person.row.name) close foot=foot.into_any()>
            <ActForm act=change attr:id="change-person" attr:class="form-rows">
                {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <input type="hidden" name="form[id]" value=person.row.id.to_string() />
                <input type="hidden" name="form[version]" value={typed::<PersonChange>("version", person.version.to_string())} />
                <FormKey act=change />
                <Options
                    name="form[kind]"
                    label="Member or guest"
                    options=words::kinds()
                    value={typed::<PersonChange>("kind", words::kind_value(person.row.kind))}
                />
                <TextField
                    name="form[name]"
                    label="Name"
                    bound="as others see it"
                    maxlength=limit(NAME)
                    required=true
                    autocomplete="off"
                    error=refusal.field("name")
                    value={typed::<PersonChange>("name", person.row.name.clone())}
                />
                <TextArea
                    name="form[addresses]"
                    label="Contact addresses"
                    bound=format!("one a line, {ADDRESSES} at most")
                    hint="They are told of a change, at the old addresses too."
                    error=refusal.field("addresses")
                    value={typed::<PersonChange>("addresses", person.addresses.join("\n"))}
                />
                <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
            </ActForm>
        </Sheet>
    }
}
