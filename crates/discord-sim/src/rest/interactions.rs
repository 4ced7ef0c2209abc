//! The callback: the one acknowledgement of an interaction, and which kind fits which.

use serde_json::{Value, json};

use super::{Answer, Call, Reply, must_be_object};
use crate::{
    attachments::Sent,
    checks::{
        commands::check_answer,
        messages::{Use, check},
        modals,
    },
    components::number,
    happenings::Happening,
    interactions::{Interaction, Kind},
    messages::Making,
    refusal::{self, Refusal},
    snowflakes::Id,
    state::{FLAG_EPHEMERAL, State},
};

const MESSAGE: u64 = 4;
const DEFERRED_MESSAGE: u64 = 5;
const DEFERRED_UPDATE: u64 = 6;
const UPDATE: u64 = 7;
const CHOICES: u64 = 8;
const MODAL: u64 = 9;

pub(crate) fn callback(call: &Call) -> Answer {
    must_be_object(&call.body)?;
    let (id, token) = (call.id(0)?, call.text(1));
    let kind = call.body["type"].as_u64().unwrap_or_default();
    call.shared.change(|state| {
        let found = state.interactions.get(&id).filter(|interaction| interaction.token == token);
        let interaction = found.ok_or(refusal::UNKNOWN_INTERACTION)?.clone();
        interaction.may_acknowledge()?;
        fits(&interaction, kind)?;
        check_data(kind, call.sent_data())?;
        let message = apply(state, &interaction, kind, call.sent_data())?;
        if let Some(interaction) = state.interactions.get_mut(&id) {
            interaction.callback = Some(kind);
            interaction.original = message;
        }
        state.tell(|_| {
            let Interaction { person, made: sent, .. } = interaction;
            Some(Happening::Answered { interaction: id, person, sent, came: call.came })
        });
        if !call.ask("with_response") {
            return Ok(Reply::empty());
        }
        Ok(Reply::json(response(state, &interaction, kind, message)))
    })
}

/// Refuses a kind of answer that this kind of interaction can't have.
fn fits(interaction: &Interaction, kind: u64) -> Result<(), Refusal> {
    let allowed: &[u64] = match interaction.kind {
        Kind::Command => &[MESSAGE, DEFERRED_MESSAGE, MODAL],
        Kind::Component => &[MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL],
        Kind::Autocomplete => &[CHOICES],
        Kind::Modal => &[MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE],
    };
    if !allowed.contains(&kind) {
        let allowed = allowed.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("Value must be one of {{{allowed}}}.");
        return Err(Refusal::form("type", "BASE_TYPE_CHOICES", &message));
    }
    // A modal that a command opened has no message to update.
    let updates = matches!(kind, DEFERRED_UPDATE | UPDATE);
    if updates && interaction.source.is_none() {
        return Err(refusal::UNKNOWN_MESSAGE);
    }
    Ok(())
}

/// Checks what comes with a kind of answer; an update is checked with the message that it edits.
fn check_data(kind: u64, sent: Sent) -> Result<(), Refusal> {
    let data = sent.body;
    match kind {
        MESSAGE => {
            let missing = || Refusal::form("data", "BASE_TYPE_REQUIRED", "This field is required");
            if !data.is_object() {
                return Err(missing());
            }
            check(sent, Use::Answer, "data.")
        }
        DEFERRED_MESSAGE => check_deferral(data),
        CHOICES => check_answer(&data["choices"]),
        MODAL => modals::check(data),
        _ => Ok(()),
    }
}

/// A deferred answer can only be ephemeral or not.
fn check_deferral(data: &Value) -> Result<(), Refusal> {
    if data["flags"].as_u64().unwrap_or_default() & !FLAG_EPHEMERAL != 0 {
        let message = "A deferred answer takes the flag EPHEMERAL only.";
        return Err(Refusal::form("data.flags", "MESSAGE_FLAGS_INVALID", message));
    }
    if !crate::checks::messages::is_empty(data) {
        let message = "A deferred answer carries no content.";
        return Err(Refusal::form("data", "BASE_TYPE_UNEXPECTED", message));
    }
    Ok(())
}

/// Lets the answer take effect; returns what `@original` will mean.
fn apply(
    state: &mut State,
    interaction: &Interaction,
    kind: u64,
    sent: Sent,
) -> Result<Option<Id>, Refusal> {
    let data = sent.body;
    match kind {
        MESSAGE | DEFERRED_MESSAGE => {
            let ephemeral = data["flags"].as_u64().unwrap_or_default() & FLAG_EPHEMERAL != 0;
            let making = Making {
                channel: interaction.channel,
                ephemeral_to: ephemeral.then_some(interaction.person),
                interaction: Some(interaction.id),
                loading: kind == DEFERRED_MESSAGE,
            };
            Ok(Some(state.create_message(sent, &making)?))
        }
        DEFERRED_UPDATE => Ok(interaction.source),
        UPDATE => {
            let source = interaction.source.ok_or(refusal::UNKNOWN_MESSAGE)?;
            state.edit_message(source, sent, "data.")?;
            Ok(Some(source))
        }
        _ => {
            let mut data = data.clone();
            if kind == MODAL {
                number(&mut data["components"]);
            }
            if let Some(interaction) = state.interactions.get_mut(&interaction.id) {
                match kind {
                    CHOICES => interaction.choices = Some(data["choices"].clone()),
                    _ => interaction.modal = Some(data),
                }
            }
            Ok(None)
        }
    }
}

/// What `with_response` answers.
fn response(state: &State, interaction: &Interaction, kind: u64, message: Option<Id>) -> Value {
    let mut body = json!({
        "interaction": { "id": interaction.id.to_string(), "type": interaction.kind.number() },
        "resource": { "type": kind },
    });
    body["interaction"]["channel_id"] = json!(interaction.channel.to_string());
    if let Some(message) = message.and_then(|id| state.messages.get(&id)) {
        body["interaction"]["response_message_id"] = json!(message.id.to_string());
        body["interaction"]["response_message_loading"] = json!(message.is_loading());
        let ephemeral = message.ephemeral_to.is_some();
        body["interaction"]["response_message_ephemeral"] = json!(ephemeral);
        if matches!(kind, MESSAGE | UPDATE) {
            body["resource"]["message"] = message.body.clone();
        }
    }
    if !matches!(kind, MESSAGE | UPDATE)
        && let Some(fields) = body.as_object_mut()
    {
        fields.remove("resource");
    }
    body
}
