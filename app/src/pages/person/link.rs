//! One-time links for somebody who exists: anew after an invitation that nobody used, or for what was lost.

use domain::sign_in::LinkPurpose;
use leptos::prelude::*;

use super::detail::Loaded;
use crate::{
    act::{ActForm, FormAct},
    api::person::PersonMakeLink,
    form::refusal,
    step_up::{AdministratorCode, proved_until},
    ui::{Button, ButtonKind, ButtonSize, Dialog, Icon, IconName, Mood, Section, Strip},
};

/// The word in the address, the button, the question, and what follows.
const LINKS: [(LinkPurpose, &str, &str, &str, &str); 3] = [
    (
        LinkPurpose::LostPassword,
        "lost-password",
        "New password",
        "Make a link for a new password?",
        "With it and a code of their authenticator app they choose a new password.",
    ),
    (
        LinkPurpose::LostFactor,
        "lost-factor",
        "New authenticator app",
        "Make a link for a new authenticator app?",
        "With it and their password they set up a new authenticator app.",
    ),
    (
        LinkPurpose::Invitation,
        "invite",
        "New invitation",
        "Make a new invitation?",
        "Whoever has it sets a new password and a new authenticator app, without the old ones. Be sure of who asks for it.",
    ),
];

/// What the address asks for.
pub(super) fn purpose(word: &str) -> Option<LinkPurpose> {
    LINKS.iter().find(|(_, found, ..)| *found == word).map(|(purpose, ..)| *purpose)
}

/// The ways to a link. Nobody makes one for themself, and none for who is disabled.
#[component]
pub(super) fn Links(loaded: Signal<Loaded>, may: Memo<bool>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        loaded.with(|(person, me)| {
            let open = may.get() && person.row.disabled_at.is_none() && person.row.id != me.id;
            open.then_some((person.row.id, person.row.has_second_factor))
        })
    });
    move || {
        let (id, is_set_up) = shown.get()?;
        // Who has set up nothing has lost nothing.
        let fits = |purpose: LinkPurpose| is_set_up || purpose == LinkPurpose::Invitation;
        let rows = LINKS
            .into_iter()
            .filter(|(purpose, ..)| fits(*purpose))
            .map(|(purpose, word, label, ..)| {
                let icon = match purpose {
                    LinkPurpose::LostPassword => IconName::Key,
                    LinkPurpose::LostFactor => IconName::Phone,
                    LinkPurpose::Invitation | LinkPurpose::SetUp | LinkPurpose::Recover => IconName::Envelope,
                };
                view! {
                    <a class="row-go" href=format!("/people/{id}?do={word}")>
                        <Icon name=icon size=18 />
                        {label}
                        <Icon name=IconName::ChevronRight />
                    </a>
                }
            })
            .collect_view();
        Some(view! {
            <Section title="One-time links" id="links">
                <div class="rows">{rows}</div>
            </Section>
        })
    }
}

/// The question before a link is made.
#[component]
pub(super) fn LinkDialog(loaded: Signal<Loaded>, purpose: LinkPurpose) -> impl IntoView {
    let make = FormAct::<PersonMakeLink>::new();
    let refusal = refusal(make);
    let row = loaded.with_untracked(|(person, _)| person.row.clone());
    let (_, _, _, question, effect) = LINKS.into_iter().find(|(found, ..)| *found == purpose)?;
    let text =
        format!("For {}. {effect} It works once, for 72 hours, and voids older links of theirs.", row.name);
    let button = view! {
        <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true form="make-link" busy=make.pending()>
            "Make the link"
        </Button>
    };
    Some(view! {
        <Dialog title=question close=format!("/people/{}", row.id) text keep="Not now" act=button.into_any()>
            <ActForm act=make attr:id="make-link" attr:class="form-rows">
                {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <input type="hidden" name="form[id]" value=row.id.to_string() />
                <input type="hidden" name="form[purpose]" value=purpose.as_str() />
                <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
            </ActForm>
        </Dialog>
    })
}
