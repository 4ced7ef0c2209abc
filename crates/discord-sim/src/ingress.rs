//! How events leave the simulation towards a bot: over a gateway socket or by signed HTTP posts.

use serde_json::Value;
use tokio::sync::mpsc;

use super::{gateway::Gateway, http_ingress::HttpIngress};

/// Takes events to the bot. The simulation never waits for it: if the bot is unreachable, the event is lost.
pub trait Ingress: Send + Sync + 'static {
    /// Queues one dispatch event, by its name in the gateway's documentation.
    fn dispatch(&self, event: &str, data: Value);

    /// What `GET /gateway/bot` answers, where there is a gateway.
    fn gateway_info(&self) -> Option<Value> {
        None
    }
}

/// Sends the events to a receiver: for tests that act as the bot.
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
        // No listener is the same as a bot that is not running.
        let _ = self.sender.send((event.to_owned(), data));
    }
}

impl Ingress for Gateway {
    fn dispatch(&self, event: &str, data: Value) {
        Gateway::dispatch(self, event, data);
    }

    fn gateway_info(&self) -> Option<Value> {
        Some(self.bot_info())
    }
}

impl Ingress for HttpIngress {
    /// Posts interactions; other events have no such way.
    fn dispatch(&self, event: &str, data: Value) {
        if event != "INTERACTION_CREATE" {
            return;
        }
        let ingress = self.clone();
        tokio::spawn(async move {
            match ingress.deliver(&data).await {
                Ok(answer) if answer.status == 202 || answer.status == 200 => {}
                Ok(answer) => tracing::warn!(status = answer.status, "an interaction was refused"),
                Err(error) => tracing::warn!(%error, "an interaction was not delivered"),
            }
        });
    }
}

/// No bot at all: every event is dropped.
pub(crate) struct Nobody;

impl Ingress for Nobody {
    fn dispatch(&self, _event: &str, _data: Value) {}
}
