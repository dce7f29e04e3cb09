//! An administrator ends what belongs to somebody else: a question, with a reason and, where it is asked, a code.

use domain::activation::{ActivationDetail, Move};
use leptos::prelude::*;

use super::end::after;
use crate::{
    act::{ActForm, FormAct},
    api::activation::{ActivationCancel, ActivationRevoke},
    form::{FormKey, Refusal, refusal, typed, was_refused},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, CodeField, Dialog, Mood, Strip, TextField},
};

/// The acts of an administrator on one request.
#[derive(Clone, Copy)]
pub(super) struct Takes {
    revoke: FormAct<ActivationRevoke>,
    cancel: FormAct<ActivationCancel>,
}

/// Makes the acts.
pub(super) fn takes() -> Takes {
    let (revoke, cancel) = (FormAct::<ActivationRevoke>::new(), FormAct::<ActivationCancel>::new());
    after(revoke, |()| ("Ended.".to_owned(), "The person is told.".to_owned()));
    after(cancel, |()| ("Canceled.".to_owned(), "The person is told.".to_owned()));
    Takes { revoke, cancel }
}

/// The word in the address for which a dialog stands open.
pub(super) const ASKED: &str = "end";

/// The button that opens the dialog, for those who may.
#[component]
pub(super) fn EndLink(detail: ActivationDetail) -> impl IntoView {
    let href = format!("/requests/{}?{ASKED}=1", detail.row.id);
    let label = what(&detail).map(|(_, label)| label);
    label.map(|label| view! { <ButtonLink href>{label}</ButtonLink> }).into_any()
}

/// What may be taken from somebody else, and what the button says.
fn what(detail: &ActivationDetail) -> Option<(Move, &'static str)> {
    if detail.own {
        return None;
    }
    let first = detail.may.iter().find(|may| matches!(may, Move::Revoke | Move::Cancel))?;
    Some((*first, if *first == Move::Revoke { "End now" } else { "Cancel request" }))
}

/// The question. Nothing when there is nothing to end any more. What was typed stays while the request changes.
#[component]
pub(super) fn EndDialog(detail: Memo<ActivationDetail>, takes: Takes, asked: Signal<bool>) -> impl IntoView {
    let refused = was_refused::<ActivationRevoke>() || was_refused::<ActivationCancel>();
    let open = Memo::new(move |_| {
        (asked.get() || refused).then(|| what(&detail.read()).map(|(what, _)| what)).flatten()
    });
    move || match open.get() {
        Some(Move::Revoke) => detail.with_untracked(|detail| revoke(detail, takes)).into_any(),
        Some(_) => detail.with_untracked(|detail| cancel(detail, takes)).into_any(),
        None => ().into_any(),
    }
}

fn revoke(detail: &ActivationDetail, takes: Takes) -> impl IntoView + use<> {
    let (row, refusal) = (&detail.row, refusal(takes.revoke));
    let back = format!("/requests/{}", row.id);
    let asks_code = detail.asks_code.contains(&Move::Revoke);
    let (id, person) = (row.id.to_string(), row.person.name.clone());
    let act = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="end" busy=takes.revoke.pending()>"End now"</Button>
    };
    let value = typed::<ActivationRevoke>("justification", "");
    view! {
        <Dialog
            title=format!("End {} for {}?", row.role.name, row.person.name)
            text=format!("{} loses the role at once. They can ask for it again while they are eligible.", row.person.name)
            close=back.clone()
            act=act.into_any()
        >
            <ActForm act=takes.revoke attr:id="end">
                {refused(refusal)}
                <input type="hidden" name="form[id]" value=id />
                <input type="hidden" name="form[then]" value=back />
                <FormKey act=takes.revoke />
                <Why value person refusal />
                {asks_code.then(|| view! { <CodeField name="form[code]" error=refusal.field("code") /> })}
            </ActForm>
        </Dialog>
    }
}

fn cancel(detail: &ActivationDetail, takes: Takes) -> impl IntoView + use<> {
    let (row, refusal) = (&detail.row, refusal(takes.cancel));
    let back = format!("/requests/{}", row.id);
    let (id, person) = (row.id.to_string(), row.person.name.clone());
    let act = view! {
        <Button kind=ButtonKind::Danger size=ButtonSize::Large submit=true form="end" busy=takes.cancel.pending()>"Cancel request"</Button>
    };
    let value = typed::<ActivationCancel>("justification", "");
    view! {
        <Dialog
            title=format!("Cancel the request of {} for {}?", row.person.name, row.role.name)
            text="It is over at once. They can ask again while they are eligible."
            close=back.clone()
            act=act.into_any()
        >
            <ActForm act=takes.cancel attr:id="end">
                {refused(refusal)}
                <input type="hidden" name="form[id]" value=id />
                <input type="hidden" name="form[then]" value=back />
                <FormKey act=takes.cancel />
                <Why value person refusal />
            </ActForm>
        </Dialog>
    }
}

fn refused(refusal: Refusal) -> impl IntoView {
    move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })
}

#[component]
fn Why(value: String, person: String, refusal: Refusal) -> impl IntoView {
    view! {
        <TextField
            name="form[justification]"
            label="Reason"
            value
            bound=format!("{person} and the record see this")
            maxlength=500_u32
            autocomplete="off"
            error=refusal.field("justification")
        />
    }
    .into_any()
}
