//! The commands as Discord is told of them, made from the table.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{CommandOption, OptionKind, PARENT, PARENT_JA, ROWS};
use crate::discord::message::{limit, truncate};

/// Discord's limit for one command: names, descriptions and values together, in characters.
pub(super) const COMMAND_LENGTH: usize = 8000;

/// Discord's numbers for kinds of options.
mod kind {
    pub const SUBCOMMAND: u8 = 1;
    pub const TEXT: u8 = 3;
    pub const INTEGER: u8 = 4;
}

/// Discord's number for a slash command.
const CHAT_INPUT: u8 = 1;

/// All commands, as the body of `PUT /applications/{id}/guilds/{id}/commands`. Takes the id and the
/// name of each provider, in the order in which people choose.
#[must_use]
pub fn definitions(providers: &[(String, String)]) -> Value {
    let mut parent = define(
        CHAT_INPUT,
        (PARENT, PARENT_JA),
        (
            "API access tokens: two to open, one to close",
            "APIアクセストークン：開けるには二人、閉じるには一人",
        ),
    );
    let subcommands = ROWS.iter().map(|row| {
        let names = (row.name, row.name_ja);
        let mut command = define(kind::SUBCOMMAND, names, (row.description, row.description_ja));
        if !row.options.is_empty() {
            let options = row.options.iter().map(|option| define_option(option, providers));
            command["options"] = options.collect();
        }
        command
    });
    parent["options"] = subcommands.collect();
    json!([parent])
}

fn define(kind: u8, (name, name_ja): (&str, &str), (text, text_ja): (&str, &str)) -> Value {
    json!({
        "type": kind,
        "name": name,
        "name_localizations": {"ja": name_ja},
        "description": text,
        "description_localizations": {"ja": text_ja},
    })
}

fn define_option(option: &CommandOption, providers: &[(String, String)]) -> Value {
    let kind = match option.kind {
        OptionKind::Number => kind::INTEGER,
        _ => kind::TEXT,
    };
    let names = (option.name, option.name_ja);
    let mut json = define(kind, names, (option.description, option.description_ja));
    match option.kind {
        OptionKind::Provider => add_providers(&mut json, providers),
        OptionKind::Token { required, .. } => {
            json["required"] = required.into();
            json["autocomplete"] = true.into();
        }
        OptionKind::Text(length) => json["max_length"] = length.into(),
        OptionKind::Number => json["min_value"] = 1.into(),
        OptionKind::Choice(choices) => {
            let choices = choices.iter().map(|choice| {
                json!({
                    "name": choice.name,
                    "name_localizations": {"ja": choice.name_ja},
                    "value": choice.value,
                })
            });
            json["choices"] = choices.collect();
        }
    }
    json
}

/// The providers as choices, or by autocomplete where they don't fit.
fn add_providers(option: &mut Value, providers: &[(String, String)]) {
    option["required"] = (providers.len() > 1).into();
    // Three commands hold the choices; the rest of the text is far below a quarter of the limit.
    let length: usize =
        providers.iter().map(|(id, name)| id.chars().count() + name.chars().count()).sum();
    if providers.len() > limit::OPTIONS || length > COMMAND_LENGTH / 4 {
        option["autocomplete"] = true.into();
    } else {
        option["choices"] = provider_choices(providers).collect();
    }
}

/// Each provider's name, with its id where two have the same name.
pub(super) fn provider_choices(providers: &[(String, String)]) -> impl Iterator<Item = Value> {
    let mut seen = BTreeMap::new();
    for (_, name) in providers {
        *seen.entry(name.as_str()).or_insert(0) += 1;
    }
    providers.iter().map(move |(id, name)| {
        let name = match seen.get(name.as_str()) {
            Some(1) => truncate(name, limit::OPTION_TEXT),
            _ => truncate(&format!("{id}: {name}"), limit::OPTION_TEXT),
        };
        json!({"name": name, "value": id})
    })
}
