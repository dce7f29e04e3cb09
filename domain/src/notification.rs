//! Messages as the outbox page shows them. Who hears of what is the engine's routing table.

use serde::{Deserialize, Serialize};

use crate::{Id, Instant};

/// The identifier of a message.
pub type MessageId = Id<Message>;

/// A message in the outbox.
#[derive(Clone, Copy, Debug)]
pub struct Message;

/// A line of the outbox page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutboxRow {
    /// Which message.
    pub id: MessageId,
    /// Where to.
    pub address: String,
    /// Its subject.
    pub subject: String,
    /// When it was caused.
    pub created_at: Instant,
    /// When it was delivered.
    pub delivered_at: Option<Instant>,
    /// How often delivery was tried.
    pub attempts: u32,
    /// The next try.
    pub next_try_at: Option<Instant>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A message as it will be, or was, sent. One-time links are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// The line of the list.
    #[serde(flatten)]
    pub row: OutboxRow,
    /// The plain text.
    pub text: String,
}

/// The outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outbox {
    /// Whether a mail server is configured.
    pub delivers: bool,
    /// Messages that wait.
    pub waiting: u32,
    /// Newest first.
    pub messages: Vec<OutboxRow>,
    /// Where the next page begins.
    pub next: Option<MessageId>,
}
