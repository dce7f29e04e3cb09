//! Whether the chain of the record holds, as far as it was verified, and verifying it now.

use domain::audit::{Mark, Verification};
use leptos::prelude::*;

use super::thousands;
use crate::{
    act::{ActForm, FormAct},
    api::audit::AuditVerify,
    form::refusal,
    ui::{Button, IconName, Mood, Seal, Strip, time, use_now},
    when::{Zone, use_zone},
};

/// The seal. Its buttons: verify now, and what else belongs to the whole record.
#[component]
pub fn ChainSeal(
    /// The last verification, if there was one.
    verified: Signal<Option<Verification>>,
    /// Verifies.
    verify: FormAct<AuditVerify>,
    /// Further buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let zone = use_zone();
    let refused = refusal(verify);
    let children = StoredValue::new(children);
    let strip = move || {
        let actions = view! {
            <ActForm act=verify>
                <Button submit=true icon=IconName::Refresh busy=verify.pending()>"Verify now"</Button>
            </ActForm>
            {children.with_value(|children| children())}
        };
        let actions = actions.into_any();
        match verified.get() {
            None => view! {
                <Strip icon=IconName::Shield lead="Not verified since Stint was started." actions>
                    "Each record is sealed with a hash of all before it."
                </Strip>
            }
            .into_any(),
            Some(Verification { broken_at: Some(record), .. }) => view! {
                <Seal intact=false lead=format!("Chain broken at record {}.", thousands(record)) actions>
                    "Records after it cannot be trusted. Export and compare with the anchor."
                </Seal>
            }
            .into_any(),
            Some(verification) => {
                let lead = format!("Chain verified up to record {}", thousands(verification.up_to));
                view! { <Seal intact=true lead actions>{move || since(zone, &verification)}</Seal> }
                    .into_any()
            }
        }
    };
    view! {
        {move || refused.problem().map(|problem| view! { <Strip mood=Mood::Red lead=problem.sentence() announce=true /> })}
        <div class="seal" aria-live="polite">{strip}</div>
    }
    .into_any()
}

/// When it was verified, and how far copies outside reach.
fn since(zone: Zone, verification: &Verification) -> String {
    let seconds = use_now().get();
    let now = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let ago = |at: domain::Instant| time::relative(at.timestamp().min(seconds), seconds);
    let at = verification.at;
    let anchored = match verification.anchored {
        None => "Not anchored outside Stint yet.".to_owned(),
        Some(Mark { seq, at }) => {
            format!(
                "Anchored outside Stint at record {}, {}, {}.",
                thousands(seq),
                zone.short(at, now),
                ago(at)
            )
        }
    };
    let restored = verification.restored.last().map(|Mark { seq, at }| {
        format!(" An older state was put back at record {}, {}.", thousands(*seq), zone.short(*at, now))
    });
    format!("at {}, {}. {anchored}{}", zone.short(at, now), ago(at), restored.unwrap_or_default())
}
