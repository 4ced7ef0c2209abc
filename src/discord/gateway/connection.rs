//! One connection to the gateway, from its first byte to its end.

use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::{CloseFrame, Message, Shard, ShardState};

use super::reconnect_backoff::ReconnectBackoff;
use super::relay::Relay;
use super::{Gateway, SavedSession, SessionStore, Status, is_final};

/// How long an identify may wait for its turn: Discord takes one in 5 s.
const IDENTIFY_WAIT: Duration = Duration::from_secs(5);

/// How long the other side may take to read a close frame.
const CLOSE_GRACE: Duration = Duration::from_millis(100);

/// How long a connection that Discord asked us to leave may take to be left.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Operations that the server may send, as far as they matter here.
mod operation {
    pub const DISPATCH: u8 = 0;
    pub const HELLO: u8 = 10;
}

/// How a connection ended.
pub(super) enum ConnectionEnd {
    /// We were asked to stop; it is still open.
    Stopped,
    /// It could not be established.
    Unreachable(String),
    /// It was cut, by either side.
    Cut(String),
    /// Discord says never to come back.
    Final(u16),
}

/// What a shard tells next.
enum Next {
    Message(Message),
    /// An event that twilight can't read; it goes on.
    Unreadable,
    Unreachable(String),
    /// The socket ended without a word.
    Cut,
}

/// The outside of an event; its inside is read only if it is wanted.
#[derive(Deserialize)]
struct EventHeader<'a> {
    op: u8,
    #[serde(borrow)]
    t: Option<std::borrow::Cow<'a, str>>,
}

pub(super) struct Connection<'a> {
    gateway: &'a Gateway,
    sessions: &'a dyn SessionStore,
    shard: Shard,
    /// What it connects to. Dropped after the shard, whose last words it passes on.
    _relay: Relay,
    /// Where the session that it started with is resumed; twilight learns it from a new session only.
    address: Option<String>,
    /// Twilight starts out disconnected; from then on, being disconnected is an end.
    was_connected: bool,
    got_hello: bool,
    ready: bool,
    started: Instant,
    last_save: (Instant, u64),
    /// The code that Discord closed with.
    close_code: Option<u16>,
}

impl<'a> Connection<'a> {
    pub(super) fn new(
        (gateway, sessions): (&'a Gateway, &'a dyn SessionStore),
        (shard, relay): (Shard, Relay),
        address: Option<String>,
    ) -> Self {
        let started = Instant::now();
        Self {
            gateway,
            sessions,
            shard,
            _relay: relay,
            address,
            was_connected: false,
            got_hello: false,
            ready: false,
            started,
            last_save: (started, 0),
            close_code: None,
        }
    }

    /// The session as it stands, for the next connection or process.
    pub(super) fn current_session(&self) -> Option<SavedSession> {
        let session = self.shard.session()?;
        // Discord won't resume what timed out, or a sequence that it never sent.
        if matches!(self.close_code, Some(4007 | 4009)) {
            return None;
        }
        Some(SavedSession {
            session_id: session.id().to_owned(),
            resume_url: self.shard.resume_url().or(self.address.as_deref())?.to_owned(),
            sequence: session.sequence(),
        })
    }

    /// Hands interactions on until the connection ends or `stop` comes.
    pub(super) async fn run(
        &mut self,
        stop: &CancellationToken,
        backoff: &mut ReconnectBackoff,
    ) -> ConnectionEnd {
        loop {
            let deadline = self.deadline();
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => return ConnectionEnd::Stopped,
                next = self.next() => next,
                () = sleep_until(deadline.into()), if !self.ready => {
                    return ConnectionEnd::Cut("Discord's gateway says nothing".to_owned());
                }
            };
            match next {
                Next::Unreachable(reason) => return ConnectionEnd::Unreachable(reason),
                Next::Cut => return ConnectionEnd::Cut("the connection was cut".to_owned()),
                Next::Unreadable => {}
                Next::Message(Message::Close(frame)) => return self.handle_close(frame),
                Next::Message(Message::Text(event)) => self.handle_event(&event, backoff).await,
            }
            if self.was_connected && matches!(self.shard.state(), ShardState::Disconnected { .. }) {
                // Twilight was told to leave; the next poll sends the close frame with its code.
                _ = timeout(DRAIN_TIMEOUT, self.drain_events(backoff)).await;
                return ConnectionEnd::Cut("Discord asked to reconnect".to_owned());
            }
        }
    }

    /// Hands on what came in before the close frame went out. Twilight counts it as received, so that
    /// no resume brings it again; what comes after that is not read here, and is sent again.
    async fn drain_events(&mut self, backoff: &mut ReconnectBackoff) {
        loop {
            match self.next().await {
                Next::Message(Message::Text(event)) => self.handle_event(&event, backoff).await,
                Next::Unreadable => {}
                Next::Message(Message::Close(_)) | Next::Unreachable(_) | Next::Cut => return,
            }
        }
    }

    /// Closes with a code. Doesn't wait for the other side's close frame: if it leaves without one,
    /// twilight would connect and resume, and swallow what is meant for the next process.
    pub(super) async fn close(mut self, frame: CloseFrame<'static>, within: Duration) {
        self.shard.close(frame);
        let sent = async {
            // Sent once twilight waits for nothing but the other side.
            while matches!(self.next().await, Next::Message(Message::Text(_)) | Next::Unreadable) {}
        };
        _ = timeout(within, sent).await;
        // What arrives after a socket is gone resets it, and the code may be lost unread.
        sleep(CLOSE_GRACE).await;
    }

    /// Until when the next step must be taken: the server's first word, then the session.
    fn deadline(&self) -> Instant {
        let silence = self.gateway.timing.silence;
        self.started + if self.got_hello { IDENTIFY_WAIT + 2 * silence } else { silence }
    }

    /// Waits for what the shard tells. Twilight reconnects by itself, within one poll, after a socket
    /// that ended without a word: that is noticed here, before it can become a storm.
    async fn next(&mut self) -> Next {
        let (shard, was_connected) = (&mut self.shard, &mut self.was_connected);
        let next = poll_fn(|context| {
            let polled = pin!(shard.next()).poll(context);
            let disconnected = matches!(shard.state(), ShardState::Disconnected { .. });
            match polled {
                Poll::Pending if *was_connected && disconnected => Poll::Ready(None),
                Poll::Pending => {
                    *was_connected |= !disconnected;
                    Poll::Pending
                }
                Poll::Ready(item) => {
                    *was_connected = true;
                    Poll::Ready(item)
                }
            }
        });
        match next.await {
            Some(Ok(message)) => Next::Message(message),
            Some(Err(error)) => classify_error(&error),
            None => Next::Cut,
        }
    }

    fn handle_close(&mut self, frame: Option<CloseFrame<'static>>) -> ConnectionEnd {
        self.close_code = frame.map(|frame| frame.code);
        match self.close_code {
            Some(code) if is_final(code) => ConnectionEnd::Final(code),
            // Twilight's own code for a failed socket. Servers don't send it.
            Some(1006) => ConnectionEnd::Cut("the connection was cut".to_owned()),
            Some(code) => ConnectionEnd::Cut(format!("Discord closed with code {code}")),
            None => ConnectionEnd::Cut("Discord closed without a code".to_owned()),
        }
    }

    async fn handle_event(&mut self, event: &str, backoff: &mut ReconnectBackoff) {
        let Ok(head) = serde_json::from_str::<EventHeader<'_>>(event) else { return };
        self.got_hello |= head.op == operation::HELLO;
        if head.op != operation::DISPATCH {
            return;
        }
        match head.t.as_deref() {
            Some("READY" | "RESUMED") => {
                self.ready = true;
                let resumed = head.t.as_deref() == Some("RESUMED");
                backoff.record_connection(Instant::now(), resumed);
                tracing::info!(resumed, "the gateway is connected");
                self.gateway.status.send_replace(Status { ready: true, ..Status::default() });
                self.save().await;
            }
            Some("INTERACTION_CREATE") => self.spawn_handler(event),
            _ => {}
        }
        let due = self.last_save.0.elapsed() >= self.gateway.timing.save;
        let moved = self.shard.session().is_some_and(|now| now.sequence() != self.last_save.1);
        if due && moved {
            self.save().await;
        }
    }

    fn spawn_handler(&self, event: &str) {
        #[derive(Deserialize)]
        struct EventBody {
            d: Value,
        }
        match serde_json::from_str::<EventBody>(event) {
            Ok(body) => {
                self.gateway.tasks.spawn((self.gateway.handler)(body.d));
            }
            Err(_) => tracing::error!("an interaction came without content"),
        }
    }

    pub(super) async fn save(&mut self) {
        let Some(session) = self.current_session() else { return };
        self.last_save = (Instant::now(), session.sequence);
        if let Err(error) = self.sessions.save(Some(&session)).await {
            tracing::warn!(%error, "the gateway session can't be saved");
        }
    }
}

/// Twilight's error may hold the event, and with it an interaction's token; only its kind is kept.
fn classify_error(error: &ReceiveMessageError) -> Next {
    match error.kind() {
        ReceiveMessageErrorType::Reconnect => {
            let reason = error.source().map_or_else(String::new, ToString::to_string);
            Next::Unreachable(format!("Discord's gateway can't be reached: {reason}"))
        }
        _ => {
            tracing::error!("the gateway sent something unreadable");
            Next::Unreadable
        }
    }
}
