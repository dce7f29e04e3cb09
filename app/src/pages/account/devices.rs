//! Where one is signed in, and ending it there.

use domain::session::{SessionKind, SessionRow};
use leptos::prelude::*;

use super::{client, now, since};
use crate::{
    act::{ActForm, FormAct},
    api::{
        session::{SessionEnd, SessionEndOthers},
        sign_in::credential::OwnAccount,
    },
    form::refusal,
    ui::{Button, ButtonKind, ButtonSize, Card, Icon, IconName, Mood, Strip, Tag},
    when::use_zone,
};

/// The card of the sessions.
#[component]
pub fn Devices(
    account: Signal<OwnAccount>,
    end: FormAct<SessionEnd>,
    end_others: FormAct<SessionEndOthers>,
) -> impl IntoView {
    let (refused, refused_others) = (refusal(end), refusal(end_others));
    let sessions = Memo::new(move |_| account.with(|account| account.security.sessions.clone()));
    let others = Memo::new(move |_| sessions.with(|sessions| sessions.iter().any(|session| !session.this)));
    let everywhere = view! {
        {move || others.get().then(|| view! {
            <ActForm act=end_others>
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small submit=true busy=end_others.pending()>
                    "Sign out everywhere else"
                </Button>
            </ActForm>
        })}
    };
    view! {
        <Card title="Signed-in devices" icon=IconName::Laptop rows=true actions=everywhere.into_any()>
            {move || refused.problem().or_else(|| refused_others.problem()).map(|problem| {
                view! { <Strip mood=Mood::Red lead=problem.sentence() announce=true /> }
            })}
            <For each=move || sessions.get() key=|session| (session.id, session.used_at) let:session>
                <Device session end />
            </For>
        </Card>
    }
    .into_any()
}

#[component]
fn Device(session: SessionRow, end: FormAct<SessionEnd>) -> impl IntoView {
    let zone = use_zone();
    let name = client::name(&session.client, session.kind);
    let icon = match session.kind {
        SessionKind::Tool => IconName::Code,
        SessionKind::Browser if client::is_phone(&session.client) => IconName::Phone,
        SessionKind::Browser => IconName::Laptop,
    };
    let (this, used_at, address) = (session.this, session.used_at, session.address);
    let below = move || {
        let when =
            if this { "Active now".to_owned() } else { format!("Used {}", since(zone, used_at, now())) };
        format!("{address}. {when}")
    };
    let spoken = format!("Sign out {name}");
    view! {
        <div class="card-row">
            <Icon name=icon size=18 />
            <span class="two">
                <span class="line">{name} {this.then(|| view! { <Tag mood=Mood::Green>"this one"</Tag> })}</span>
                <span>{below}</span>
            </span>
            {(!this).then(|| view! {
                <ActForm act=end>
                    <input type="hidden" name="form[id]" value=session.id.to_string() />
                    <Button size=ButtonSize::Small submit=true>
                        "Sign out" <span class="visually-hidden">{spoken.trim_start_matches("Sign out").to_owned()}</span>
                    </Button>
                </ActForm>
            })}
        </div>
    }
    .into_any()
}
