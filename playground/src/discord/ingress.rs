//! How events leave the simulation towards a bot: over a gateway socket or by signed HTTP posts.

use serde_json::Value;
use tokio::sync::mpsc;

/// Takes events to the bot. The simulation never waits for it: a bot that is away, is away.
pub trait Ingress: Send + Sync + 'static {
    /// Queues one dispatch event, by its name in the gateway's documentation.
    fn dispatch(&self, event: &str, data: Value);

    /// The address that `GET /gateway/bot` answers, where there is a gateway.
    fn gateway_url(&self) -> Option<String> {
        None
    }
}

/// Hands the events to whoever holds the receiver: for tests that play the bot themselves.
pub struct ChannelIngress {
    sender: mpsc::UnboundedSender<(String, Value)>,
}

impl ChannelIngress {
    /// The ingress, and the end at which its events come out.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<(String, Value)>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender }, receiver)
    }
}

impl Ingress for ChannelIngress {
    fn dispatch(&self, event: &str, data: Value) {
        // Nobody listening is the same as a bot that is off.
        let _ = self.sender.send((event.to_owned(), data));
    }
}

/// No bot at all: every event is dropped.
pub(crate) struct Nobody;

impl Ingress for Nobody {
    fn dispatch(&self, _event: &str, _data: Value) {}
}
