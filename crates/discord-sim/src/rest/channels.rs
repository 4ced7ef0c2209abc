//! Channels and the messages in them. Ephemeral messages don't exist here.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Answer, Call, Reply, must_be_object};
use crate::{
    attachments::Sent,
    checks::messages::{Use, check},
    messages::Making,
    permissions::{
        ATTACH_FILES, EMBED_LINKS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES,
        VIEW_CHANNEL,
    },
    refusal::{self, Refusal},
    snowflakes::Id,
    state::{Channel, DirectMessages, Place, State},
};

/// How long a nonce is remembered: "the past few minutes".
const NONCE_LIVES: Duration = Duration::from_secs(5 * 60);

pub(crate) fn open_direct(call: &Call) -> Answer {
    must_be_object(&call.body)?;
    let recipient = call.body["recipient_id"].as_str().and_then(|id| id.parse::<Id>().ok());
    let Some(recipient) = recipient else {
        return Err(Refusal::form("recipient_id", "BASE_TYPE_REQUIRED", "This field is required"));
    };
    call.shared.change(|state| {
        let user = state.users.get(&recipient).ok_or(refusal::UNKNOWN_USER)?;
        if user.bot {
            return Err(refusal::CANNOT_SEND_TO_USER);
        }
        let id = state.direct_channel(recipient);
        Ok(Reply::json(state.channel_object(state.channel(id)?)))
    })
}

pub(crate) fn channel(call: &Call) -> Answer {
    call.shared.read(|state| {
        let channel = state.channel(call.id(0)?)?;
        state.bot_needs(channel, VIEW_CHANNEL)?;
        Ok(Reply::json(state.channel_object(channel)))
    })
}

pub(crate) fn list(call: &Call) -> Answer {
    call.shared.read(|state| {
        let channel = state.channel(call.id(0)?)?;
        state.bot_needs(channel, VIEW_CHANNEL)?;
        let limit = call.query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
        let mut messages = Vec::new();
        if state.bot_needs(channel, READ_MESSAGE_HISTORY).is_ok() {
            let seen = state.messages.values().rev().filter(|message| {
                message.channel == channel.id && !message.gone && message.ephemeral_to.is_none()
            });
            messages = seen.take(limit).map(|message| message.body.clone()).collect();
        }
        Ok(Reply::json(json!(messages)))
    })
}

pub(crate) fn message(call: &Call) -> Answer {
    call.shared.read(|state| {
        let channel = state.channel(call.id(0)?)?;
        state.bot_needs(channel, VIEW_CHANNEL | READ_MESSAGE_HISTORY)?;
        let message = state.public_message(channel.id, call.id(1)?)?;
        Ok(Reply::json(message.body.clone()))
    })
}

pub(crate) fn create(call: &Call) -> Answer {
    must_be_object(&call.body)?;
    check(call.sent(), Use::Channel, "")?;
    call.shared.change(|state| {
        let channel = state.channel(call.id(0)?)?.clone();
        may_send(state, &channel, call.sent())?;
        let nonce = nonce(&call.body);
        let enforced = call.body["enforce_nonce"] == true;
        if let Some(nonce) = nonce.as_ref().filter(|_| enforced)
            && let Some(old) = posted_lately(state, channel.id, nonce)
        {
            return Ok(Reply::json(old));
        }
        let making = Making { channel: channel.id, ..Making::default() };
        let id = state.create_message(call.sent(), &making)?;
        if let Some(nonce) = nonce {
            state.nonces.insert((channel.id, nonce), (Instant::now(), id));
        }
        let body = state.messages.get(&id).map(|message| message.body.clone());
        Ok(Reply::json(body.unwrap_or_default()))
    })
}

fn nonce(body: &Value) -> Option<String> {
    match &body["nonce"] {
        Value::String(nonce) if !nonce.is_empty() => Some(nonce.clone()),
        Value::Number(nonce) => Some(nonce.to_string()),
        _ => None,
    }
}

fn posted_lately(state: &State, channel: Id, nonce: &str) -> Option<Value> {
    let (posted, id) = state.nonces.get(&(channel, nonce.to_owned()))?;
    let fresh = posted.elapsed() < NONCE_LIVES;
    let message = state.messages.get(id).filter(|message| fresh && !message.gone)?;
    Some(message.body.clone())
}

/// Refuses what the bot may not post here.
fn may_send(state: &State, channel: &Channel, sent: Sent) -> Result<(), Refusal> {
    if let Place::Direct(person) = channel.place {
        return reaches(state, person);
    }
    let embeds = sent.body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    let embeds = if embeds { EMBED_LINKS } else { 0 };
    let files = if sent.files.is_empty() { 0 } else { ATTACH_FILES };
    let wanted = SEND_MESSAGES | embeds | files;
    state.bot_needs(channel, wanted)
}

fn reaches(state: &State, person: Id) -> Result<(), Refusal> {
    let user = state.users.get(&person).ok_or(refusal::UNKNOWN_USER)?;
    match user.direct_messages {
        DirectMessages::Blocked => Err(refusal::CANNOT_SEND_TO_USER),
        DirectMessages::Closed => Err(refusal::NO_MUTUAL_GUILDS),
        DirectMessages::Open if !state.members.contains_key(&person) => {
            Err(refusal::NO_MUTUAL_GUILDS)
        }
        DirectMessages::Open => Ok(()),
    }
}

pub(crate) fn edit(call: &Call) -> Answer {
    must_be_object(&call.body)?;
    call.shared.change(|state| {
        let channel = state.channel(call.id(0)?)?.clone();
        state.bot_needs(&channel, VIEW_CHANNEL)?;
        let message = state.public_message(channel.id, call.id(1)?)?.id;
        Ok(Reply::json(state.edit_message(message, call.sent(), "")?))
    })
}

pub(crate) fn delete(call: &Call) -> Answer {
    call.shared.change(|state| {
        let channel = state.channel(call.id(0)?)?.clone();
        state.bot_needs(&channel, VIEW_CHANNEL)?;
        let message = state.public_message(channel.id, call.id(1)?)?;
        if message.author != state.application.id {
            state.bot_needs(&channel, MANAGE_MESSAGES)?;
        }
        let id = message.id;
        state.remove_message(id)?;
        Ok(Reply::empty())
    })
}
