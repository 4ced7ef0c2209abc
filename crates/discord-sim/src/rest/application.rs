//! The bot's own account, its application, its commands, and the way to the gateway.

use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::{
    checks::commands,
    refusal::{self, Refusal},
    state::State,
};

/// New command names in a day.
const CREATES: usize = 200;

pub(crate) fn gateway(call: &Call, bot: bool) -> Answer {
    // A bot with an interactions endpoint may use it all the same.
    let limit = json!({
        "total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1,
    });
    let none = || json!({ "url": "", "shards": 1, "session_start_limit": limit });
    let info = call.shared.ingress().gateway_info().unwrap_or_else(none);
    Ok(Reply::json(if bot { info } else { json!({ "url": info["url"] }) }))
}

pub(crate) fn me(call: &Call) -> Answer {
    call.shared.read(|state| Ok(Reply::json(state.own_user()?)))
}

pub(crate) fn application(call: &Call) -> Answer {
    call.shared.read(|state| Ok(Reply::json(state.application_object())))
}

pub(crate) fn list_commands(call: &Call) -> Answer {
    call.shared.read(|state| {
        check_target(state, call)?;
        let mut commands = state.commands.clone();
        if !call.ask("with_localizations") {
            commands.iter_mut().for_each(without_localizations);
        }
        Ok(Reply::json(json!(commands)))
    })
}

pub(crate) fn set_commands(call: &Call) -> Answer {
    let wanted = call.body.as_array().ok_or(refusal::INVALID_JSON)?;
    commands::check(wanted)?;
    call.shared.change(|state| {
        check_target(state, call)?;
        let known = |name: &Value| state.commands.iter().any(|command| command["name"] == *name);
        if wanted.iter().filter(|command| !known(&command["name"])).count() > CREATES {
            return Err(refusal::TOO_MANY_COMMANDS);
        }
        let commands: Vec<Value> =
            wanted.iter().map(|command| registered(state, command)).collect();
        state.commands.clone_from(&commands);
        Ok(Reply::json(json!(commands)))
    })
}

fn check_target(state: &State, call: &Call) -> Result<(), Refusal> {
    if call.id(0)? != state.application.id {
        return Err(refusal::UNKNOWN_APPLICATION);
    }
    if call.id(1)? == state.guild.id { Ok(()) } else { Err(refusal::MISSING_ACCESS) }
}

/// A command as the service gives it back. A name that was known keeps its id.
fn registered(state: &mut State, command: &Value) -> Value {
    let kind = commands::command_type(command);
    let same = |known: &&Value| known["name"] == command["name"] && known["type"] == kind;
    let id = state.commands.iter().find(same).map(|known| known["id"].clone());
    let id = id.unwrap_or_else(|| json!(state.snowflakes.next().to_string()));
    let bits = match &command["default_member_permissions"] {
        Value::Number(bits) => json!(bits.to_string()),
        other => other.clone(),
    };
    let mut registered = json!({
        "id": id,
        "application_id": state.application.id.to_string(),
        "guild_id": state.guild.id.to_string(),
        "version": state.snowflakes.next().to_string(),
        "default_member_permissions": bits,
        "type": kind,
        "name": command["name"],
        "name_localizations": command["name_localizations"],
        "description": command["description"].as_str().unwrap_or_default(),
        "description_localizations": command["description_localizations"],
        "nsfw": command["nsfw"] == true,
    });
    if let Some(options) = command["options"].as_array().filter(|options| !options.is_empty()) {
        registered["options"] = json!(options);
    }
    registered
}

fn without_localizations(part: &mut Value) {
    if let Some(fields) = part.as_object_mut() {
        fields.retain(|key, _| !key.ends_with("_localizations"));
        for key in ["options", "choices"] {
            let inside = fields.get_mut(key).and_then(Value::as_array_mut);
            inside.into_iter().flatten().for_each(without_localizations);
        }
    }
}
