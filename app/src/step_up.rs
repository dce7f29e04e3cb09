//! The code that an act of administration asks for when the second factor is too old. The field appears when it is
//! needed, also in the middle of typing, and takes nothing of what was typed away.

use domain::{Code, Instant, Span, role_settings::ADMINISTRATOR_FRESH_MINUTES};
use leptos::prelude::*;

use crate::{
    form::Refusal,
    ui::{CodeField, use_now},
};

/// So long before the time is up the field appears already, so that nobody sends a form in vain.
const EARLY: Span = Span::minutes(1);

/// The field `form[code]`, where an administrator's second factor is too old, or was refused as such.
#[component]
pub fn AdministratorCode(
    /// When the second factor was last proved.
    #[prop(into)]
    mfa_at: Signal<Instant>,
    /// Why the form was refused, if it was.
    refusal: Refusal,
) -> impl IntoView {
    let now = use_now();
    let old = move || {
        let fresh = Span::minutes(i64::from(ADMINISTRATOR_FRESH_MINUTES)).after(mfa_at.get());
        now.get() > EARLY.before(fresh).timestamp()
    };
    let asked = move || {
        refusal.problem().and_then(|problem| Some(problem.of_field("code")?.code)).is_some_and(|code| {
            matches!(code, Code::MfaStale | Code::MfaRequired | Code::MfaInvalid | Code::MfaReused)
        })
    };
    // Once it stands there it stays, while the form is on its way too.
    let needed = Memo::new(move |before| before == Some(&true) || asked() || old());
    move || {
        needed.get().then(|| {
            view! {
                <CodeField
                    name="form[code]"
                    hint=format!("Asked for when the last code is older than {ADMINISTRATOR_FRESH_MINUTES} min.")
                    error=refusal.field("code")
                    small=true
                />
            }
        })
    }
}
