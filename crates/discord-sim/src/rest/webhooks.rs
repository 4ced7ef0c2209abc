//! What an interaction's token still allows after the acknowledgement: its answer and followups.

use serde_json::Value;

use super::{Answer, Call, Reply, must_be_object};
use crate::{
    checks::messages::{Use, check},
    interactions::Interaction,
    messages::Making,
    refusal::{self, Refusal},
    snowflakes::Id,
    state::{FLAG_EPHEMERAL, State},
};

fn interaction<'a>(state: &'a State, call: &Call) -> Result<&'a Interaction, Refusal> {
    state.by_token(call.id(0)?, call.text(1))
}

/// The message meant: `@original`, or one that this interaction made.
fn target(state: &State, call: &Call) -> Result<Id, Refusal> {
    let interaction = interaction(state, call)?;
    let id = match call.parameters.get(2) {
        None => interaction.original.ok_or(refusal::UNKNOWN_MESSAGE)?,
        Some(_) => call.id(2)?,
    };
    let own = interaction.original == Some(id) || interaction.followups.contains(&id);
    let stands = state.messages.get(&id).is_some_and(|message| own && !message.gone);
    if stands { Ok(id) } else { Err(refusal::UNKNOWN_MESSAGE) }
}

fn body_of(state: &State, id: Id) -> Value {
    state.messages.get(&id).map(|message| message.body.clone()).unwrap_or_default()
}

pub(crate) fn message(call: &Call) -> Answer {
    call.shared.read(|state| Ok(Reply::json(body_of(state, target(state, call)?))))
}

pub(crate) fn edit(call: &Call) -> Answer {
    must_be_object(&call.body)?;
    call.shared.change(|state| {
        let id = target(state, call)?;
        Ok(Reply::json(state.edit_message(id, call.sent(), "")?))
    })
}

pub(crate) fn delete(call: &Call) -> Answer {
    call.shared.change(|state| {
        let id = target(state, call)?;
        state.remove_message(id)?;
        Ok(Reply::empty())
    })
}

pub(crate) fn follow_up(call: &Call) -> Answer {
    must_be_object(&call.body)?;
    check(call.sent(), Use::Answer, "")?;
    call.shared.change(|state| {
        let interaction = interaction(state, call)?.clone();
        // Deprecated, but still so: the first followup fills a deferred answer's place.
        let waiting = interaction.original.and_then(|id| state.messages.get(&id));
        if let Some(id) = waiting.filter(|message| message.is_loading()).map(|message| message.id) {
            return Ok(Reply::json(state.edit_message(id, call.sent(), "")?));
        }
        let ephemeral = call.body["flags"].as_u64().unwrap_or_default() & FLAG_EPHEMERAL != 0;
        let making = Making {
            channel: interaction.channel,
            ephemeral_to: ephemeral.then_some(interaction.person),
            interaction: Some(interaction.id),
            loading: false,
        };
        let id = state.create_message(call.sent(), &making)?;
        if let Some(interaction) = state.interactions.get_mut(&interaction.id) {
            interaction.followups.push(id);
        }
        Ok(Reply::json(body_of(state, id)))
    })
}
