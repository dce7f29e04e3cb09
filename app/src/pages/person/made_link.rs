//! A one-time link that was just made: shown once, to be handed over.

use domain::{
    person::PersonId,
    sign_in::{LinkPurpose, MadeLink},
};
use leptos::prelude::*;

use crate::{
    api::person::{ShownLink, person_made_link},
    load::Load,
    loading::loading,
    ui::{Card, Fact, Facts, IconName, Mood, Strip, TextField, time},
    when::{shown_at, use_zone},
};

/// The link that was made for this person a moment ago.
#[component]
pub(super) fn MadeLinkCard(id: PersonId) -> impl IntoView {
    let link = loading(move || id, person_made_link);
    view! {
        <Load resource=link let:link>
            {move || match link.get() {
                Some(ShownLink { purpose, link }) => shown(purpose, link).into_any(),
                None => {
                    view! {
                        <Strip lead="The link was shown already.">
                            "It cannot be shown again. If it was lost, make a new one; the old one becomes void."
                        </Strip>
                    }
                        .into_any()
                }
            }}
        </Load>
    }
}

fn shown(purpose: LinkPurpose, link: MadeLink) -> impl IntoView {
    let (title, use_it) = match purpose {
        LinkPurpose::LostPassword => (
            "Link for a new password",
            "With it and a code of their authenticator app they choose a new password.",
        ),
        LinkPurpose::LostFactor => (
            "Link for a new authenticator app",
            "With it and their password they set up a new authenticator app.",
        ),
        LinkPurpose::SetUp | LinkPurpose::Invitation | LinkPurpose::Recover => {
            ("Invitation", "With it they choose their password and set up their authenticator app.")
        }
    };
    let (zone, now) = (use_zone(), shown_at());
    let end = link.expires_at;
    let until = format!("{}, {}", zone.short(end, now), time::relative(end.timestamp(), now.timestamp()));
    let mailed = match link.mailed_to.as_slice() {
        [] => "Nobody. Hand it over yourself, by a way that only they can read.".to_owned(),
        addresses => addresses.join(", "),
    };
    view! {
        <Card title icon=IconName::Key note="shown this once">
            <div class="stack">
                <Strip mood=Mood::Amber lead="Whoever has this link can use it, once.">{use_it}</Strip>
                <TextField name="link" label="Link" value=link.url mono=true readonly=true />
                <Facts>
                    <Fact term="Works until">
                        <span title=zone.full(end)>{until}</span>
                    </Fact>
                    <Fact term="Mailed to">{mailed}</Fact>
                </Facts>
            </div>
        </Card>
    }
}
