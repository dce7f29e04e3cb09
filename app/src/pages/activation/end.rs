//! Taking back from where one sees it: a form with one button each, and what is said afterwards.

use domain::activation::ActivationId;
use leptos::{prelude::*, server_fn::ServerFn};
use serde::de::DeserializeOwned;

use crate::{
    AppError,
    act::{ActForm, FormAct},
    api::activation::{ActivationCancel, ActivationDeactivate},
    form::{FormKey, Refusal, refusal},
    refresh::{Topic, changed},
    ui::{Button, ButtonKind, Mood, Strip, time, use_toasts},
};

/// The two acts that need no more than a press.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    cancel: FormAct<ActivationCancel>,
    deactivate: FormAct<ActivationDeactivate>,
    refusals: [Refusal; 2],
}

/// Makes the acts of one page.
pub(super) fn ends() -> Ends {
    let (cancel, deactivate) = (FormAct::<ActivationCancel>::new(), FormAct::<ActivationDeactivate>::new());
    after(cancel, |()| ("Withdrawn.".to_owned(), String::new()));
    after(deactivate, |given_back| {
        let rest = given_back.map(|span| format!("{} given back.", time::span(span.as_seconds())));
        ("Deactivated.".to_owned(), rest.unwrap_or_default())
    });
    Ends { cancel, deactivate, refusals: [refusal(cancel), refusal(deactivate)] }
}

/// Says in the browser that an act was done, and that what shows it must look again. A refused one too: it may have
/// been refused because something changed meanwhile.
pub(super) fn after<S>(action: FormAct<S>, words: impl Fn(&S::Output) -> (String, String) + 'static)
where
    S: ServerFn<Error = AppError> + 'static,
    S::Output: DeserializeOwned + Send + Sync + 'static,
{
    let toasts = use_toasts();
    Effect::new(move |before: Option<usize>| {
        let version = action.version().get();
        if before.is_some_and(|before| before != version) {
            let said = action.value().with_untracked(|done| done.as_ref()?.as_ref().ok().map(&words));
            if let Some((lead, text)) = said {
                toasts.show(lead, text, None);
            } else if let Some(error) = action.late() {
                toasts.show("Not done.".to_owned(), error.problem().sentence(), None);
            }
            changed(Topic::Activation);
        }
        version
    });
}

/// What was refused, at the top of the page.
#[component]
pub(super) fn EndRefusals(ends: Ends) -> impl IntoView {
    let lead = move || ends.refusals.iter().find_map(|refusal| refusal.lead());
    move || lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })
}

/// Gives a role back at once: never a danger, never confirmed.
#[component]
pub(super) fn DeactivateForm(
    ends: Ends,
    id: ActivationId,
    /// Which role, for assistive technology.
    #[prop(into)]
    name: String,
    #[prop(optional)] kind: ButtonKind,
) -> impl IntoView {
    let action = ends.deactivate;
    let busy = action.sends("id", id.to_string());
    view! {
        <ActForm act=action>
            <input type="hidden" name="form[id]" value=id.to_string() />
            <FormKey act=action />
            <Button submit=true kind busy>"Deactivate"<span class="visually-hidden">" "{name}</span></Button>
        </ActForm>
    }
    .into_any()
}

/// Takes one's own request back before it begins.
#[component]
pub(super) fn CancelForm(
    ends: Ends,
    id: ActivationId,
    /// What the button says: "Withdraw", "Cancel start".
    label: &'static str,
    /// Which role, for assistive technology.
    #[prop(into)]
    name: String,
    #[prop(optional)] kind: ButtonKind,
) -> impl IntoView {
    let action = ends.cancel;
    let busy = action.sends("id", id.to_string());
    view! {
        <ActForm act=action>
            <input type="hidden" name="form[id]" value=id.to_string() />
            <FormKey act=action />
            <Button submit=true kind busy>{label}<span class="visually-hidden">" "{name}</span></Button>
        </ActForm>
    }
    .into_any()
}
