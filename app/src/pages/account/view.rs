//! How one sees Stint: time zone and colours; and the way to one's own record.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    act::{ActForm, FormAct},
    api::{
        sign_in::credential::OwnAccount,
        theme::{Theme, ThemeChoose},
        zone::{ZoneChoose, zone_list},
    },
    app::use_about,
    form::{Refusal, refusal},
    loading::loading,
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, Card, Choice, IconName, Segmented, Select, Skeleton,
        SkeletonShape,
    },
};

/// The card of time zone and colours.
#[component]
pub fn ViewCard(account: Signal<OwnAccount>, change: Memo<Option<String>>) -> impl IntoView {
    let zone = Memo::new(move |_| account.with(|account| account.me.zone.clone()));
    let open = Memo::new(move |_| change.with(|change| change.as_deref() == Some("zone")));
    view! {
        <Card title="Times and colours" icon=IconName::Clock>
            <div class="stack">
                {move || if open.get() {
                    view! { <ChooseZone zone=zone.get() /> }.into_any()
                } else {
                    view! {
                        <div class="line between">
                            <p class="small muted"><strong>"Time zone: "</strong> {move || zone.get()}</p>
                            <ButtonLink href="/account?change=zone" size=ButtonSize::Small>"Change time zone"</ButtonLink>
                        </div>
                    }
                    .into_any()
                }}
                <Colours />
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn ChooseZone(zone: String) -> impl IntoView {
    let zones = loading(|| (), |()| zone_list());
    let choose = FormAct::<ZoneChoose>::new();
    let refused = refusal(choose);
    view! {
        <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Lines count=2 /> }>
            {move || zones.get().map(|zones| {
                view! { <ZoneForm zones=zones.unwrap_or_default() zone=zone.clone() choose refused /> }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn ZoneForm(
    zones: Vec<String>,
    zone: String,
    choose: FormAct<ZoneChoose>,
    refused: Refusal,
) -> impl IntoView {
    let organisation = Choice::new("", "That of the organisation");
    let zones = zones.into_iter().map(|zone| Choice::new(zone.clone(), zone));
    let options: Vec<_> = std::iter::once(organisation).chain(zones).collect();
    view! {
        <ActForm act=choose>
            <div class="form-rows">
                <Select name="form[zone]" label="Time zone" options value=zone error=refused.field("zone") />
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy=choose.pending()>"Keep this zone"</Button>
                    <ButtonLink href="/account" kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
                </div>
            </div>
        </ActForm>
    }
    .into_any()
}

/// A plain form on purpose: the new page has the new colours.
#[component]
fn Colours() -> impl IntoView {
    let options = [Theme::System, Theme::Light, Theme::Dark].map(|theme| {
        let label = match theme {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        };
        Choice::new(theme.word().unwrap_or("system"), label)
    });
    let chosen = use_about().theme.word().unwrap_or("system");
    view! {
        <form class="line between" method="post" action=ThemeChoose::url()>
            <Segmented name="form[theme]" label="Colours" options=options.to_vec() value=chosen />
            <Button size=ButtonSize::Small submit=true>"Use these colours"</Button>
        </form>
    }
}

/// Everybody sees what is on record about themselves.
#[component]
pub fn Record() -> impl IntoView {
    let link = view! { <ButtonLink href="/record" size=ButtonSize::Small>"Open"</ButtonLink> };
    view! {
        <Card title="My record" icon=IconName::Document actions=link.into_any()>
            <p class="small muted">"What is on record about you: sign-ins, requests, decisions."</p>
        </Card>
    }
}
