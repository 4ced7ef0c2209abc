//! Op codes, close codes, and the payloads that a client sends.
//!
//! Numbers: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway>.

use serde_json::{Value, json};

pub(super) mod op {
    pub const DISPATCH: u64 = 0;
    pub const HEARTBEAT: u64 = 1;
    pub const IDENTIFY: u64 = 2;
    pub const PRESENCE_UPDATE: u64 = 3;
    pub const VOICE_STATE_UPDATE: u64 = 4;
    pub const RESUME: u64 = 6;
    pub const RECONNECT: u64 = 7;
    pub const REQUEST_GUILD_MEMBERS: u64 = 8;
    pub const INVALID_SESSION: u64 = 9;
    pub const HELLO: u64 = 10;
    pub const HEARTBEAT_ACK: u64 = 11;
    pub const REQUEST_SOUNDBOARD_SOUNDS: u64 = 31;
}

/// A payload that a client sends may be this many bytes long.
pub(super) const MAX_PAYLOAD: usize = 4096;

/// A close with its code and the words that Discord sends along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub code: u16,
    pub reason: &'static str,
}

const fn close(code: u16, reason: &'static str) -> Close {
    Close { code, reason }
}

pub(super) const UNKNOWN_OPCODE: Close = close(4001, "Unknown opcode.");
pub(super) const DECODE_ERROR: Close = close(4002, "Error while decoding payload.");
pub(super) const NOT_AUTHENTICATED: Close = close(4003, "Not authenticated.");
pub(super) const AUTHENTICATION_FAILED: Close = close(4004, "Authentication failed.");
pub(super) const ALREADY_AUTHENTICATED: Close = close(4005, "Already authenticated.");
pub(super) const INVALID_SEQUENCE: Close = close(4007, "Invalid seq.");
pub(super) const RATE_LIMITED: Close = close(4008, "Rate limited.");
pub(super) const SESSION_TIMED_OUT: Close = close(4009, "Session timed out.");
pub(super) const INVALID_SHARD: Close = close(4010, "Invalid shard.");
pub(super) const INVALID_VERSION: Close = close(4012, "Invalid API version.");
pub(super) const INVALID_INTENTS: Close = close(4013, "Invalid intent(s).");
pub(super) const DISALLOWED_INTENTS: Close = close(4014, "Disallowed intent(s).");

/// Whether a session ends with this close code; the others leave it to be resumed. A client's
/// 1000 and 1001 end it too.
pub(super) fn ends_session(code: u16) -> bool {
    matches!(code, 4004 | 4007 | 4009..=4014)
}

/// What a client sent.
pub(super) enum ClientPayload {
    Heartbeat,
    Identify(Identify),
    Resume(Resume),
    /// Something that a session may send and that the simulation has no use for.
    Other,
}

/// Op 2.
pub(super) struct Identify {
    pub token: String,
    pub intents: u64,
    pub shard: Option<(u64, u64)>,
    /// Whether payloads may come compressed, each by itself.
    pub compress: bool,
}

/// Op 6.
pub(super) struct Resume {
    pub token: String,
    pub session_id: String,
    pub sequence: u64,
}

/// Reads one payload, and refuses it as Discord does.
pub(super) fn parse(text: &[u8], identified: bool) -> Result<ClientPayload, Close> {
    if text.len() > MAX_PAYLOAD {
        return Err(DECODE_ERROR);
    }
    let payload: Value = serde_json::from_slice(text).map_err(|_| DECODE_ERROR)?;
    let code = payload.get("op").and_then(Value::as_u64).ok_or(DECODE_ERROR)?;
    let data = payload.get("d").unwrap_or(&Value::Null);
    match code {
        op::HEARTBEAT if data.is_null() || data.is_u64() => Ok(ClientPayload::Heartbeat),
        op::HEARTBEAT => Err(DECODE_ERROR),
        op::IDENTIFY | op::RESUME if identified => Err(ALREADY_AUTHENTICATED),
        op::IDENTIFY => parse_identify(data).map(ClientPayload::Identify),
        op::RESUME => parse_resume(data).ok_or(DECODE_ERROR).map(ClientPayload::Resume),
        op::PRESENCE_UPDATE
        | op::VOICE_STATE_UPDATE
        | op::REQUEST_GUILD_MEMBERS
        | op::REQUEST_SOUNDBOARD_SOUNDS => {
            if identified {
                Ok(ClientPayload::Other)
            } else {
                Err(NOT_AUTHENTICATED)
            }
        }
        _ => Err(UNKNOWN_OPCODE),
    }
}

fn parse_identify(data: &Value) -> Result<Identify, Close> {
    let token = data.get("token").and_then(Value::as_str).ok_or(DECODE_ERROR)?;
    data.get("properties").and_then(Value::as_object).ok_or(DECODE_ERROR)?;
    let intents = data.get("intents").ok_or(DECODE_ERROR)?.as_u64().ok_or(INVALID_INTENTS)?;
    let shard = match data.get("shard") {
        None | Some(Value::Null) => None,
        Some(shard) => Some(parse_shard(shard).ok_or(INVALID_SHARD)?),
    };
    let compress = match data.get("compress") {
        None | Some(Value::Null) => false,
        Some(compress) => compress.as_bool().ok_or(DECODE_ERROR)?,
    };
    match data.get("large_threshold") {
        None | Some(Value::Null) => {}
        Some(size) if matches!(size.as_u64(), Some(50..=250)) => {}
        Some(_) => return Err(DECODE_ERROR),
    }
    Ok(Identify { token: without_prefix(token), intents, shard, compress })
}

fn parse_shard(shard: &Value) -> Option<(u64, u64)> {
    let [id, count] = shard.as_array()?.as_slice() else { return None };
    let (id, count) = (id.as_u64()?, count.as_u64()?);
    (id < count).then_some((id, count))
}

fn parse_resume(data: &Value) -> Option<Resume> {
    Some(Resume {
        token: without_prefix(data.get("token")?.as_str()?),
        session_id: data.get("session_id")?.as_str()?.to_owned(),
        sequence: data.get("seq")?.as_u64()?,
    })
}

fn without_prefix(token: &str) -> String {
    token.strip_prefix("Bot ").unwrap_or(token).to_owned()
}

/// A payload that is not an event.
pub(super) fn control(code: u64, data: Value) -> String {
    json!({"t": null, "s": null, "op": code, "d": data}).to_string()
}

/// A payload that is an event.
pub(super) fn dispatch(event: &str, sequence: u64, data: &Value) -> String {
    json!({"t": event, "s": sequence, "op": op::DISPATCH, "d": data}).to_string()
}
