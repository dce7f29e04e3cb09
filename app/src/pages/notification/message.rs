//! One message as it will be, or was, sent: its plain text. One-time links are left out.

use crate::ui::PageTitle;
use domain::notification::{MessageId, MessageView};
use leptos::prelude::*;

use super::Standing;
use crate::{
    api::notification::notification_view,
    load::Load,
    loading::loading,
    pages::id_param,
    refresh::{Topic, changes},
    ui::{Fact, Facts, SkeletonShape, TopBar},
    when::use_zone,
};

/// One message.
#[component]
pub fn MessagePage() -> impl IntoView {
    let id = id_param::<MessageId>();
    let changes = changes(&[Topic::Record]);
    let message =
        loading(move || (id.get(), changes.get()), |(id, _)| async move { notification_view(id?).await });
    let above = || vec![("Outbox".to_owned(), "/outbox".to_owned())];
    view! {
        <TopBar title="Message" above=above() />
        <div class="content form">
            <Load resource=message shape=SkeletonShape::Lines let:message>
                <Message message />
            </Load>
        </div>
    }
}

#[component]
fn Message(message: Signal<MessageView>) -> impl IntoView {
    let zone = use_zone();
    let subject = Memo::new(move |_| message.with(|message| message.row.subject.clone()));
    let delivery = move || {
        message.with(|message| match (Standing::of(&message.row), message.row.next_try_at) {
            (Standing::Delivered(at), _) => zone.full(at),
            (Standing::GivenUp, _) => "Not sent, and will not be.".to_owned(),
            (Standing::Waiting | Standing::Failing, Some(at)) => {
                format!("Waits. Next try: {}", zone.full(at))
            }
            (Standing::Waiting | Standing::Failing, None) => "Waits.".to_owned(),
        })
    };
    let error = move || {
        message.with(|message| message.row.last_error.clone().filter(|_| message.row.delivered_at.is_none()))
    };
    view! {
        <PageTitle text=move || subject.get() />
        <h1 class="title">{move || subject.get()}</h1>
        <Facts>
            <Fact term="To">{move || message.with(|message| message.row.address.clone())}</Fact>
            <Fact term="Written">{move || message.with(|message| zone.full(message.row.created_at))}</Fact>
            <Fact term="Delivered">{delivery}</Fact>
            <Fact term="Tries">{move || message.with(|message| message.row.attempts)}</Fact>
            {move || error().map(|error| view! { <Fact term="Last error"><span class="tone-danger">{error}</span></Fact> })}
        </Facts>
        <pre class="message" tabindex="0" role="region" aria-label="Text of the message">
            {move || message.with(|message| message.text.clone())}
        </pre>
    }
    .into_any()
}
