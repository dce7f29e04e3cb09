//! The code that an administrator's change asks for when the last one is older than ten minutes, and what is said over a
//! form that was refused.

use domain::{Instant, Span, problem::Kind, role_settings::ADMINISTRATOR_FRESH_MINUTES};
use leptos::prelude::*;

use crate::{
    form::Refusal,
    ui::{CodeField, Mood, Strip, use_now},
};

/// Somebody who has that much time left is not asked: the form takes a moment to fill in and to arrive.
const MARGIN: i64 = 60;

/// Until when a second factor that was proved at this moment counts for an administrator's change.
pub fn proved_until(mfa_at: Instant) -> Instant {
    Span::minutes(i64::from(ADMINISTRATOR_FRESH_MINUTES)).after(mfa_at)
}

/// The field for the code, where one is asked for. Once it is there it stays, so that nothing moves under the hands.
#[component]
pub fn AdministratorCode(
    /// Until when the last code counts.
    #[prop(into)]
    proved_until: Signal<Instant>,
    /// Why the form was refused.
    refusal: Refusal,
    /// Name of the field, where another form of the page has one too.
    #[prop(default = "form[code]")]
    name: &'static str,
) -> impl IntoView {
    let now = use_now();
    let is_asked = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default()
            || refusal.asks_for_code()
            || proved_until.get().timestamp() <= now.get() + MARGIN
    });
    let error = MaybeProp::derive(move || {
        refusal.problem().filter(|_| refusal.asks_for_code()).map(|problem| problem.sentence())
    });
    move || is_asked.get().then(|| view! { <CodeField name error small=true /> })
}

/// Why a form was refused, over it: unless only a code was missing, which is said at its field.
#[component]
pub fn RefusalStrip(
    /// Why the form was refused.
    refusal: Refusal,
) -> impl IntoView {
    move || {
        let lead = refusal.lead().filter(|_| !refusal.asks_for_code());
        lead.map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })
    }
}

impl Refusal {
    /// Whether a code is what was wrong or missing.
    fn asks_for_code(self) -> bool {
        self.problem()
            .is_some_and(|problem| problem.code.kind() == Kind::StepUp || problem.of_field("code").is_some())
    }
}
