//! The outbox: messages that wait, and those that went out.

use domain::{
    notification::{MessageId, MessageView, Outbox},
    page::ListQuery,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::server::{context, told};
use crate::{AppResult, exchange::JsonCall};

/// Messages, newest first.
#[server(prefix = "/fn", endpoint = "notification/outbox", protocol = JsonCall)]
pub async fn notification_outbox(query: ListQuery) -> AppResult<Outbox> {
    let (engine, ctx) = context()?;
    engine::notification::outbox(&engine, &ctx, query).await.map_err(told)
}

/// One message as it will be, or was, sent.
#[server(name = ViewMessage, prefix = "/fn", endpoint = "notification/view", protocol = JsonCall)]
pub async fn notification_view(id: MessageId) -> AppResult<MessageView> {
    let (engine, ctx) = context()?;
    engine::notification::view(&engine, &ctx, id).await.map_err(told)
}
