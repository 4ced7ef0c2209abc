//! What can be done to the gateway from outside: events, and faults on demand.

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use super::connection::Order;
use super::protocol::{self, op};
use super::{Counters, Faults, Gateway};

/// How long [`Gateway::wait_ready`] waits.
const READY_LIMIT: Duration = Duration::from_secs(30);

impl Gateway {
    /// Sends an event to every session whose intents include it, with the session's next sequence
    /// number. A session without a socket gets it when it resumes. Returns the number of such
    /// sessions: with 0 the event is lost, as at Discord.
    pub fn dispatch(&self, event: &str, data: Value) -> usize {
        let options = &self.shared.options;
        let mut state = self.shared.state();
        state.forget_lapsed_sessions(options.session_ttl);
        let mut payloads = Vec::new();
        for session in state.sessions.iter_mut().filter(|session| session.receive(event, &data)) {
            let payload = session.next_event(event, &data, options.replay_capacity);
            payloads.push((session.connection, payload));
        }
        let count = payloads.len();
        for (connection, payload) in payloads {
            if let Some(connection) = connection {
                state.send_event(connection, payload);
            }
        }
        count
    }

    /// Waits until a session has a socket: identified or resumed.
    pub async fn wait_ready(&self) -> anyhow::Result<()> {
        self.wait_ready_within(READY_LIMIT).await
    }

    /// As [`wait_ready`](Self::wait_ready), with another limit.
    pub async fn wait_ready_within(&self, limit: Duration) -> anyhow::Result<()> {
        self.wait_connected(limit, |sessions| sessions > 0)
            .await
            .with_context(|| format!("no client was ready within {limit:?}"))
    }

    /// Waits until no session has a socket.
    pub async fn wait_gone(&self, limit: Duration) -> anyhow::Result<()> {
        self.wait_connected(limit, |sessions| sessions == 0)
            .await
            .with_context(|| format!("a client was still connected after {limit:?}"))
    }

    async fn wait_connected(
        &self,
        limit: Duration,
        wanted: fn(usize) -> bool,
    ) -> anyhow::Result<()> {
        let mut ready = self.shared.ready.subscribe();
        tokio::time::timeout(limit, ready.wait_for(|sessions| wanted(*sessions))).await??;
        Ok(())
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.shared.state().counters
    }

    /// The codes with which clients closed their sockets, oldest first; `None` for a socket that
    /// just went away and for a close frame without a code.
    pub fn client_closes(&self) -> Vec<Option<u16>> {
        self.shared.state().client_closes.clone()
    }

    /// The gateway's current faults.
    pub fn faults(&self) -> Faults {
        self.shared.state().faults
    }

    /// Sets the gateway's faults; `Faults::default()` ends them.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.state().faults = faults;
    }

    /// Cuts every socket, without a close frame.
    pub fn cut(&self) {
        self.order_all(|| Order::Cut);
    }

    /// Closes every socket with this code, or with a close frame that holds none.
    pub fn close(&self, code: Option<u16>) {
        self.order_all(|| Order::Close(code));
    }

    /// Requests a heartbeat from every client at once (op 1).
    pub fn request_heartbeat(&self) {
        self.order_all(|| Order::Send(protocol::control(op::HEARTBEAT, Value::Null)));
    }

    /// Tells every client to reconnect and to resume (op 7).
    pub fn request_reconnect(&self) {
        self.order_all(|| Order::Send(protocol::control(op::RECONNECT, Value::Null)));
    }

    /// Tells every client that its session is invalid (op 9). If it is not `resumable`, the
    /// session is gone.
    pub fn invalidate_sessions(&self, resumable: bool) {
        if !resumable {
            self.forget_sessions();
        }
        self.order_all(|| Order::Send(protocol::control(op::INVALID_SESSION, json!(resumable))));
    }

    /// Drops every session, so that none can be resumed, without telling the clients.
    pub fn forget_sessions(&self) {
        let mut state = self.shared.state();
        state.sessions.clear();
        self.shared.announce_ready(&state);
    }

    /// Sends READY once more to every session with a socket.
    pub fn repeat_ready(&self) {
        let capacity = self.shared.options.replay_capacity;
        let mut state = self.shared.state();
        let mut payloads = Vec::new();
        for session in &mut state.sessions {
            if let Some(connection) = session.connection {
                payloads.push((connection, session.ready_again(capacity)));
            }
        }
        for (connection, payload) in payloads {
            state.send_event(connection, payload);
        }
    }

    fn order_all(&self, order: impl Fn() -> Order) {
        for orders in self.shared.state().connections.values() {
            // A connection that just ended needs no command.
            let _ = orders.send(order());
        }
    }
}
