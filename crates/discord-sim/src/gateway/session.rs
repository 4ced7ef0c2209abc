//! What outlives a socket: the sequence numbers of a session and its events, kept for a resume.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::connection::Order;
use super::protocol::{self, Identify, Resume};
use super::{Address, GatewayOptions, Shared, State, intents};

/// One session, with a socket or waiting for one.
pub(super) struct Session {
    pub id: String,
    /// The connection that carries it now.
    pub connection: Option<u64>,
    /// When it lost its socket.
    lost_at: Option<Instant>,
    intents: u64,
    shard: (u64, u64),
    sequence: u64,
    /// The latest events, ready to send, with their sequence numbers.
    events: VecDeque<(u64, String)>,
    /// The content of READY, to repeat it.
    ready: Value,
}

impl Session {
    pub fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    pub fn has_lapsed(&self, ttl: Duration) -> bool {
        self.lost_at.is_some_and(|since| since.elapsed() >= ttl)
    }

    pub fn lose_connection(&mut self) {
        self.connection = None;
        self.lost_at = Some(Instant::now());
    }

    /// Whether Discord would send this event here.
    pub fn receive(&self, event: &str, data: &Value) -> bool {
        let (shard, count) = self.shard;
        let guild = data.get("guild_id").and_then(Value::as_str);
        shard_of(guild, count) == shard && intents::include(self.intents, event, data)
    }

    /// The payload of the next event, which is kept for a replay too.
    pub fn next_event(&mut self, event: &str, data: &Value, capacity: usize) -> String {
        self.sequence += 1;
        let payload = protocol::dispatch(event, self.sequence, data);
        self.events.push_back((self.sequence, payload.clone()));
        while self.events.len() > capacity {
            self.events.pop_front();
        }
        payload
    }

    pub fn ready_again(&mut self, capacity: usize) -> String {
        let ready = self.ready.clone();
        self.next_event("READY", &ready, capacity)
    }

    /// Whether every event after `sequence` is still there.
    fn reaches_back_to(&self, sequence: u64) -> bool {
        let oldest = self.events.front().map_or(self.sequence + 1, |(sequence, _)| *sequence);
        oldest <= sequence + 1
    }
}

/// The shard that a guild's events come to; whatever belongs to no guild comes to shard 0.
fn shard_of(guild: Option<&str>, count: u64) -> u64 {
    guild.and_then(|id| id.parse::<u64>().ok()).map_or(0, |id| (id >> 22) % count)
}

/// How a RESUME ended.
pub(super) enum Resumed {
    Done,
    /// To be answered with op 9, `false`.
    Invalid,
    SequenceAhead,
}

/// Makes a session and queues its READY on the connection.
pub(super) fn begin(shared: &Shared, connection: u64, identify: &Identify) {
    let mut state = shared.state();
    let state = &mut *state;
    let id = format!("{:032x}", rand::random::<u128>());
    let mut ready = ready(shared, &id, identify.shard);
    if let Some([_, resume_url]) = &state.told {
        ready["resume_gateway_url"] = json!(resume_url);
    }
    let mut session = Session {
        id,
        connection: Some(connection),
        lost_at: None,
        intents: identify.intents,
        shard: identify.shard.unwrap_or((0, 1)),
        sequence: 0,
        events: VecDeque::new(),
        ready,
    };
    let payload = session.ready_again(shared.options.replay_capacity);
    state.sessions.push(session);
    state.counters.identifies += 1;
    state.send_event(connection, payload);
    shared.announce_ready(state);
}

fn ready(shared: &Shared, session_id: &str, shard: Option<(u64, u64)>) -> Value {
    let GatewayOptions { application_id, application_flags, user, guild_ids, .. } = &shared.options;
    let (own_shard, count) = shard.unwrap_or((0, 1));
    let guilds: Vec<Value> = guild_ids
        .iter()
        .filter(|id| shard_of(Some(id), count) == own_shard)
        .map(|id| json!({"id": id, "unavailable": true}))
        .collect();
    let mut ready = json!({
        "v": 10,
        "user_settings": {},
        "user": user,
        "session_type": "normal",
        "session_id": session_id,
        "resume_gateway_url": shared.resume_url,
        "relationships": [],
        "private_channels": [],
        "presences": [],
        "guilds": guilds,
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "application": {"id": application_id, "flags": application_flags},
        "auth": {},
        "_trace": ["[\"gateway-simulated\",{\"micros\":0}]"],
    });
    if let Some((id, count)) = shard {
        ready["shard"] = json!([id, count]);
    }
    ready
}

/// Moves a session to this connection and queues what it missed, then RESUMED.
pub(super) fn resume(
    shared: &Shared,
    connection: u64,
    address: Address,
    resume: &Resume,
) -> Resumed {
    let mut state = shared.state();
    let state = &mut *state;
    state.forget_lapsed_sessions(shared.options.session_ttl);
    if address == Address::First {
        state.counters.resumes_at_wrong_address += 1;
    }
    let found = state.sessions.iter().position(|session| session.id == resume.session_id);
    let Some(index) = found.filter(|index| {
        let session = &state.sessions[*index];
        resume.sequence > session.sequence || session.reaches_back_to(resume.sequence)
    }) else {
        state.counters.resumes_refused += 1;
        return Resumed::Invalid;
    };
    if resume.sequence > state.sessions[index].sequence {
        state.sessions.remove(index);
        state.counters.resumes_refused += 1;
        return Resumed::SequenceAhead;
    }
    let again = u64::try_from(state.faults.replay_again).unwrap_or(u64::MAX);
    let after = resume.sequence.saturating_sub(again);
    let session = &mut state.sessions[index];
    let old_connection = session.connection.replace(connection);
    session.lost_at = None;
    let mut payloads: Vec<String> = session
        .events
        .iter()
        .filter(|(sequence, _)| *sequence > after)
        .map(|(_, payload)| payload.clone())
        .collect();
    state.counters.replayed += payloads.len() as u64;
    let trace = json!({"_trace": ["[\"gateway-simulated\",{\"micros\":0}]"]});
    payloads.push(session.next_event("RESUMED", &trace, shared.options.replay_capacity));
    state.counters.resumes += 1;
    // A socket that still carried the session is dropped: a session has one.
    if let Some(old) = old_connection {
        state.order(old, Order::Cut);
    }
    for payload in payloads {
        state.send_event(connection, payload);
    }
    shared.announce_ready(state);
    Resumed::Done
}

impl State {
    /// Queues an event's payload; it is sent now, or later if a fault delays it.
    pub fn send_event(&self, connection: u64, payload: String) {
        let due = Instant::now() + self.faults.dispatch_delay;
        self.order(connection, Order::Event { payload, due });
    }

    pub fn order(&self, connection: u64, order: Order) {
        if let Some(orders) = self.connections.get(&connection) {
            // A connection that just ended takes no more orders; its session keeps the event.
            let _ = orders.send(order);
        }
    }
}
