//! Disabling a person, and enabling them again: a question each.

use leptos::prelude::*;

use super::detail::Loaded;
use crate::{
    act::{ActForm, FormAct},
    api::person::{PersonDisable, PersonEnable},
    form::{FormKey, Refusal, refusal},
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{Button, ButtonKind, ButtonSize, Dialog, Mood, Strip, use_toasts},
};

const DISABLE: &str = "Their sessions end at once, and so does what they have active or have asked for. One-time links \
                       become void. What is assigned to them stays, and counts again once they are enabled.";
const ENABLE: &str = "They can sign in again, and what is assigned to them counts from now on.";

/// The question before one of the two.
#[component]
pub(super) fn DisableDialog(
    loaded: Signal<Loaded>,
    /// Enables instead.
    enable: bool,
) -> impl IntoView {
    if enable { enable_dialog(loaded).into_any() } else { disable_dialog(loaded).into_any() }
}

fn disable_dialog(loaded: Signal<Loaded>) -> impl IntoView {
    let (name, close) = whose(loaded);
    let act = FormAct::<PersonDisable>::new();
    let refusal = refusal(act);
    tell(act.value(), format!("{name} is disabled."));
    let button = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="disable-person" busy=act.pending()>
            "Disable now"
        </Button>
    };
    view! {
        <Dialog title=format!("Disable {name}?") close text=DISABLE act=button.into_any()>
            <ActForm act=act attr:id="disable-person" attr:class="form-rows">
                <FormKey act=act />
                {fields(loaded, refusal)}
            </ActForm>
        </Dialog>
    }
}

fn enable_dialog(loaded: Signal<Loaded>) -> impl IntoView {
    let (name, close) = whose(loaded);
    let act = FormAct::<PersonEnable>::new();
    let refusal = refusal(act);
    tell(act.value(), format!("{name} is enabled again."));
    let button = view! {
        <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true form="enable-person" busy=act.pending()>
            "Enable"
        </Button>
    };
    view! {
        <Dialog title=format!("Enable {name} again?") close text=ENABLE keep="Leave disabled" act=button.into_any()>
            <ActForm act=act attr:id="enable-person" attr:class="form-rows">
                <FormKey act=act />
                {fields(loaded, refusal)}
            </ActForm>
        </Dialog>
    }
}

/// The name, and the page below the question.
fn whose(loaded: Signal<Loaded>) -> (String, String) {
    loaded.with_untracked(|(person, _)| (person.row.name.clone(), format!("/people/{}", person.row.id)))
}

fn fields(loaded: Signal<Loaded>, refusal: Refusal) -> impl IntoView {
    let id = loaded.with_untracked(|(person, _)| person.row.id.to_string());
    view! {
        {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
        <input type="hidden" name="form[id]" value=id />
        <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
    }
}

fn tell(value: impl Get<Value = Option<crate::AppResult<()>>> + Send + Sync + 'static, lead: String) {
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(())) = value.get() {
            changed(Topic::Person);
            toasts.show(lead.clone(), "", None);
        }
    });
}
