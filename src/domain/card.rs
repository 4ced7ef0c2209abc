//! The card of a request: the message in the approval channel that shows it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::ids::{ChannelId, MessageId};

/// How long what Countersign does next may take, at least, until a card shows that it is being done. Usually it is done by
/// then: a card is edited once for all of it, and Discord allows few edits.
pub const SOON: Duration = Duration::from_millis(500);

/// The right to render a card, and what to render.
#[derive(Debug)]
pub struct Rendering {
    /// Where the card is or goes.
    pub channel: ChannelId,
    /// The message, once it is posted.
    pub message: Option<MessageId>,
    /// The message that last called the admins, while what it says holds.
    pub call: Option<MessageId>,
    /// Whether Discord refused it the last time.
    pub is_refused: bool,
    /// The state that is to be shown.
    pub wanted: i64,
    /// How many messages the card has had.
    pub posted: i32,
    /// Until when no other process may render the card. It also identifies this rendering when it ends.
    pub until: DateTime<Utc>,
}
