//! One socket from its first byte to its last.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};

use super::compression::Encoder;
use super::protocol::{self, ClientPayload, Close, Identify, Resume, op};
use super::session::{self, Resumed};
use super::{Address, DAY, IDENTIFIES_PER_DAY, Shared, intents};

/// A connection may send this many payloads in [`SEND_WINDOW`].
const SEND_LIMIT: usize = 120;
const SEND_WINDOW: Duration = Duration::from_secs(60);

/// How long the other side has to answer a close frame.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// A command to a connection from the rest of the gateway.
pub(super) enum Order {
    /// Send this at once.
    Send(String),
    /// Send this event when it is due, after the events before it.
    Event { payload: String, due: Instant },
    /// Send a close frame and end.
    Close(Option<u16>),
    /// End without a close frame.
    Cut,
}

/// How a connection ends.
enum End {
    /// The client closed it, with this code.
    ByClient(Option<u16>),
    /// The socket was just lost, or must be closed.
    Cut,
    /// This side closes it.
    ByGateway(Option<u16>, &'static str),
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::ByGateway(Some(close.code), close.reason)
    }
}

/// Serves one socket until it ends.
pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>, address: Address) {
    let mut query = String::new();
    // The error type is tungstenite's; this callback never makes one.
    #[allow(clippy::result_large_err)]
    let remember_query =
        |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
            query = request.uri().query().unwrap_or_default().to_owned();
            Ok(response)
        };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small payloads may be late");
    }
    let socket = match tokio_tungstenite::accept_hdr_async(stream, remember_query).await {
        Ok(socket) => socket,
        Err(error) => return tracing::debug!(%error, "not a WebSocket"),
    };
    let (orders_in, orders) = mpsc::unbounded_channel();
    let id = {
        let mut state = shared.state();
        let id = state.next_id();
        state.connections.insert(id, orders_in);
        state.counters.connections += 1;
        id
    };
    let mut connection = Connection {
        id,
        shared: shared.clone(),
        address,
        socket,
        encoder: Encoder::Plain,
        events: VecDeque::new(),
        received: VecDeque::new(),
        heartbeat_due: None,
    };
    let end = match connection.greet(&query).await {
        Ok(()) => connection.run(orders).await,
        Err(end) => end,
    };
    forget(&shared, id, &end);
    if let End::ByGateway(code, reason) = end {
        connection.say_goodbye(code, reason).await;
    }
}

/// Takes the connection out of the state; its session ends with it or waits to be resumed.
fn forget(shared: &Shared, id: u64, end: &End) {
    let mut state = shared.state();
    state.connections.remove(&id);
    let session_ends = match end {
        End::ByClient(code) => matches!(code, Some(1000 | 1001)),
        End::ByGateway(code, _) => code.is_some_and(protocol::ends_session),
        End::Cut => false,
    };
    match end {
        End::ByClient(code) => state.client_closes.push(*code),
        End::Cut | End::ByGateway(..) => {}
    }
    if session_ends {
        state.sessions.retain(|session| session.connection != Some(id));
    } else if let Some(session) = state.session_of(id) {
        session.lose_connection();
    }
    shared.announce_ready(&state);
}

struct Connection {
    id: u64,
    shared: Arc<Shared>,
    address: Address,
    socket: WebSocketStream<TcpStream>,
    encoder: Encoder,
    /// Events on their way, with the time when each leaves.
    events: VecDeque<(Instant, String)>,
    /// When the client's latest payloads came.
    received: VecDeque<Instant>,
    /// When the client's next heartbeat is overdue; none is expected before HELLO.
    heartbeat_due: Option<Instant>,
}

impl Connection {
    async fn greet(&mut self, query: &str) -> Result<(), End> {
        self.encoder = read_query(query)?;
        if self.shared.state().faults.withhold_hello {
            return Ok(());
        }
        let interval = self.shared.options.heartbeat_interval;
        let hello = json!({
            "heartbeat_interval": u64::try_from(interval.as_millis()).unwrap_or(u64::MAX),
            "_trace": ["[\"gateway-simulated\",{\"micros\":0}]"],
        });
        self.expect_heartbeat();
        self.send(protocol::control(op::HELLO, hello)).await
    }

    /// A client without a heartbeat for two intervals is disconnected.
    fn expect_heartbeat(&mut self) {
        self.heartbeat_due = Some(Instant::now() + 2 * self.shared.options.heartbeat_interval);
    }

    async fn run(&mut self, mut orders: mpsc::UnboundedReceiver<Order>) -> End {
        loop {
            let event_due = self.events.front().map(|(due, _)| *due);
            let step = tokio::select! {
                message = self.socket.next() => self.take_message(message).await,
                order = orders.recv() => match order {
                    Some(order) => self.follow(order).await,
                    None => Err(End::Cut),
                },
                () = sleep_until_some(event_due) => match self.events.pop_front() {
                    Some((_, payload)) => self.send(payload).await,
                    None => Ok(()),
                },
                () = sleep_until_some(self.heartbeat_due) => {
                    Err(protocol::SESSION_TIMED_OUT.into())
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn follow(&mut self, order: Order) -> Result<(), End> {
        match order {
            Order::Send(payload) => self.send(payload).await,
            Order::Event { payload, due } => {
                self.events.push_back((due, payload));
                Ok(())
            }
            Order::Close(code) => Err(End::ByGateway(code, "")),
            Order::Cut => Err(End::Cut),
        }
    }

    async fn take_message(
        &mut self,
        message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>,
    ) -> Result<(), End> {
        let bytes = match message {
            Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
            // JSON may come in binary messages too.
            Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
            Some(Ok(Message::Close(frame))) => {
                return Err(End::ByClient(frame.map(|frame| frame.code.into())));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => return Ok(()),
            Some(Err(_)) | None => return Err(End::ByClient(None)),
        };
        self.count_payload()?;
        let identified = self.shared.state().session_of(self.id).is_some();
        match protocol::parse(&bytes, identified)? {
            ClientPayload::Heartbeat => self.acknowledge_heartbeat().await,
            ClientPayload::Identify(identify) => self.identify(identify).await,
            ClientPayload::Resume(resume) => self.resume(resume).await,
            ClientPayload::Other => Ok(()),
        }
    }

    fn count_payload(&mut self) -> Result<(), End> {
        while self.received.front().is_some_and(|first| first.elapsed() >= SEND_WINDOW) {
            self.received.pop_front();
        }
        self.received.push_back(Instant::now());
        if self.received.len() > SEND_LIMIT {
            return Err(protocol::RATE_LIMITED.into());
        }
        Ok(())
    }

    async fn acknowledge_heartbeat(&mut self) -> Result<(), End> {
        let withhold = {
            let mut state = self.shared.state();
            state.counters.heartbeats += 1;
            state.faults.withhold_heartbeat_acks
        };
        if self.heartbeat_due.is_some() {
            self.expect_heartbeat();
        }
        if withhold {
            return Ok(());
        }
        self.send(protocol::control(op::HEARTBEAT_ACK, Value::Null)).await
    }

    async fn identify(&mut self, identify: Identify) -> Result<(), End> {
        let application_flags = self.shared.options.application_flags;
        self.check_token(&identify.token)?;
        if let Some(code) = self.shared.state().faults.refuse_identify {
            return Err(End::ByGateway(Some(code), ""));
        }
        if !intents::are_known(identify.intents) {
            return Err(protocol::INVALID_INTENTS.into());
        }
        if !intents::are_allowed(identify.intents, application_flags) {
            return Err(protocol::DISALLOWED_INTENTS.into());
        }
        if !self.count_identify()? {
            return self.send(protocol::control(op::INVALID_SESSION, json!(false))).await;
        }
        if identify.compress && matches!(self.encoder, Encoder::Plain) {
            self.encoder = Encoder::Payloads;
        }
        session::begin(&self.shared, self.id, &identify);
        Ok(())
    }

    fn check_token(&self, token: &str) -> Result<(), End> {
        if token != self.shared.options.token || self.shared.state().token_reset {
            return Err(protocol::AUTHENTICATION_FAILED.into());
        }
        Ok(())
    }

    /// Whether the IDENTIFY is accepted; `false` if it came too soon after another.
    fn count_identify(&self) -> Result<bool, End> {
        let mut state = self.shared.state();
        state.forget_old_identifies();
        let interval = self.shared.options.identify_interval.min(DAY);
        if state.identifies.back().is_some_and(|last| last.elapsed() < interval) {
            state.counters.identifies_too_soon += 1;
            return Ok(false);
        }
        if state.identifies.len() >= IDENTIFIES_PER_DAY {
            state.token_reset = true;
            for orders in state.connections.values() {
                // A connection that just ended needs no command.
                let _ = orders.send(Order::Close(Some(protocol::AUTHENTICATION_FAILED.code)));
            }
            return Err(protocol::AUTHENTICATION_FAILED.into());
        }
        state.identifies.push_back(Instant::now());
        Ok(true)
    }

    async fn resume(&mut self, resume: Resume) -> Result<(), End> {
        self.check_token(&resume.token)?;
        match session::resume(&self.shared, self.id, self.address, &resume) {
            Resumed::Done => Ok(()),
            Resumed::SequenceAhead => Err(protocol::INVALID_SEQUENCE.into()),
            Resumed::Invalid => {
                self.send(protocol::control(op::INVALID_SESSION, json!(false))).await
            }
        }
    }

    async fn send(&mut self, payload: String) -> Result<(), End> {
        let message = self.encoder.encode(payload).map_err(|_| End::Cut)?;
        self.socket.send(message).await.map_err(|_| End::ByClient(None))
    }

    /// Sends the close frame and gives the client a moment to answer it.
    async fn say_goodbye(&mut self, code: Option<u16>, reason: &'static str) {
        let frame = code.map(|code| CloseFrame { code: code.into(), reason: reason.into() });
        let goodbye = async {
            if self.socket.close(frame).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // A client that does not answer in time is disconnected.
        let _ = tokio::time::timeout(CLOSE_LIMIT, goodbye).await;
    }
}

/// Reads `?v=10&encoding=json&compress=zlib-stream`.
fn read_query(query: &str) -> Result<Encoder, End> {
    let value_of = |name: &str| {
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)
    };
    if value_of("v").map(|(_, version)| version) != Some("10") {
        return Err(protocol::INVALID_VERSION.into());
    }
    if value_of("encoding").is_some_and(|(_, encoding)| encoding != "json") {
        return Err(End::ByGateway(Some(protocol::DECODE_ERROR.code), "simulated: JSON only"));
    }
    match value_of("compress").map(|(_, compress)| compress) {
        None => Ok(Encoder::Plain),
        Some("zlib-stream") => Ok(Encoder::zlib_stream()),
        Some(_) => {
            Err(End::ByGateway(Some(protocol::DECODE_ERROR.code), "simulated: zlib-stream only"))
        }
    }
}

async fn sleep_until_some(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
