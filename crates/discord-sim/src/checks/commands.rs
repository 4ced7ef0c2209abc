//! Limits of application commands.

use std::collections::HashSet;

use serde_json::Value;

use crate::refusal::{Complaints, Refusal};

/// Checks the list of a guild's commands.
pub(crate) fn check(commands: &[Value]) -> Result<(), Refusal> {
    let mut wrong = Complaints::default();
    let mut names = HashSet::new();
    let typed = |kind: u64| commands.iter().filter(|c| command_type(c) == kind).count();
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if typed(kind) > most {
            wrong.add("", "APPLICATION_COMMANDS_MAX", "Maximum number of application commands");
        }
    }
    for (at, command) in commands.iter().enumerate() {
        let path = at.to_string();
        let name = command["name"].as_str().unwrap_or_default();
        if !names.insert((command_type(command), name)) {
            let message = "Application command names must be unique";
            wrong.add("", "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        }
        check_command(command, &path, &mut wrong);
    }
    wrong.check()
}

/// The type of a command; slash commands where none is given.
pub(crate) fn command_type(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

fn check_command(command: &Value, path: &str, wrong: &mut Complaints) {
    check_names(command, path, command_type(command) == 1, wrong);
    for only_global in ["contexts", "integration_types"] {
        if !command[only_global].is_null() {
            let message = "Only global commands carry this field.";
            wrong.add(&format!("{path}.{only_global}"), "APPLICATION_COMMAND_GLOBAL_ONLY", message);
        }
    }
    check_options(command, path, 0, wrong);
    if total_length(command) > 8000 {
        let message = "Command exceeds maximum size (8000)";
        wrong.add(path, "APPLICATION_COMMAND_TOO_LARGE", message);
    }
}

fn check_names(named: &Value, path: &str, slash: bool, wrong: &mut Complaints) {
    let name = named["name"].as_str().unwrap_or_default();
    wrong.length(&format!("{path}.name"), name, 1, 32);
    let localized = named["name_localizations"].as_object();
    let every = localized.into_iter().flatten().filter_map(|(_, name)| name.as_str());
    for name in every.chain([name]) {
        if slash && !is_command_name(name) {
            let message = "Command name is invalid";
            wrong.add(&format!("{path}.name"), "APPLICATION_COMMAND_INVALID_NAME", message);
        }
    }
    let description = named["description"].as_str().unwrap_or_default();
    wrong.length(&format!("{path}.description"), description, usize::from(slash), 100);
    for key in ["name_localizations", "description_localizations"] {
        for locale in named[key].as_object().into_iter().flatten().map(|(locale, _)| locale) {
            if !LOCALES.contains(&locale.as_str()) {
                let message = format!("{locale} is no locale of Discord's.");
                wrong.add(&format!("{path}.{key}"), "APPLICATION_COMMAND_BAD_LOCALE", &message);
            }
        }
    }
}

/// The documented pattern: letters, digits, `-`, `_` and `'`, lower case where there is one.
fn is_command_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "-_'".contains(c) || is_mark(c);
    let lower = name.chars().all(|c| c.to_lowercase().eq([c]));
    (1..=32).contains(&name.chars().count()) && name.chars().all(fits) && lower
}

/// Vowel signs of the two scripts that the pattern names.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
}

fn check_options(parent: &Value, path: &str, depth: usize, wrong: &mut Complaints) {
    let options = parent["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    wrong.count(&format!("{path}.options"), options.len(), 0, 25);
    let (mut names, mut optional_seen) = (HashSet::new(), false);
    for (at, option) in options.iter().enumerate() {
        let path = format!("{path}.options.{at}");
        check_names(option, &path, true, wrong);
        if !names.insert(option["name"].as_str().unwrap_or_default()) {
            let message = "Option names must be unique";
            wrong.add(&path, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", message);
        }
        let group = matches!(option["type"].as_u64(), Some(1 | 2));
        let mixed = options.iter().any(|o| matches!(o["type"].as_u64(), Some(1 | 2)) != group);
        if mixed || (option["type"] == 2 && depth > 0) || (option["type"] == 1 && depth > 1) {
            let message = "Sub-command and sub-command group option types are mutually exclusive";
            wrong.add(&path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
        let required = option["required"] == true;
        if required && optional_seen {
            let message = "Required options must be placed before non-required options";
            wrong.add(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        optional_seen |= !required && !group;
        check_choices(option, &path, wrong);
        check_options(option, &path, depth + 1, wrong);
    }
}

fn check_choices(option: &Value, path: &str, wrong: &mut Complaints) {
    let choices = option["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    wrong.count(&format!("{path}.choices"), choices.len(), 0, 25);
    for (at, choice) in choices.iter().enumerate() {
        let path = format!("{path}.choices.{at}");
        wrong.length(&format!("{path}.name"), choice["name"].as_str().unwrap_or(""), 1, 100);
        if let Some(value) = choice["value"].as_str() {
            wrong.length(&format!("{path}.value"), value, 0, 100);
        }
    }
    if !choices.is_empty() && option["autocomplete"] == true {
        let message = "Autocomplete and choices are mutually exclusive";
        wrong.add(path, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_EXCLUSIVE", message);
    }
}

/// The length that the limit of 8000 counts: for each text its longest localisation.
fn total_length(part: &Value) -> usize {
    let longest = |key: &str| {
        let localized = part[format!("{key}_localizations")].as_object();
        let texts = localized.into_iter().flatten().filter_map(|(_, text)| text.as_str());
        texts.chain(part[key].as_str()).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let value = part["value"].as_str().map_or(0, |value| value.chars().count());
    let inside = ["options", "choices"].iter().filter_map(|key| part[*key].as_array()).flatten();
    longest("name") + longest("description") + value + inside.map(total_length).sum::<usize>()
}

/// The locales of the documentation's reference.
const LOCALES: [&str; 32] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko",
];

/// Completes an autocomplete answer's checks: at most 25 choices, of bounded length.
pub(crate) fn check_answer(choices: &Value) -> Result<(), Refusal> {
    let mut wrong = Complaints::default();
    let choices = choices.as_array().map(Vec::as_slice).unwrap_or_default();
    wrong.count("data.choices", choices.len(), 0, 25);
    for (at, choice) in choices.iter().enumerate() {
        let name = choice["name"].as_str().unwrap_or_default();
        wrong.length(&format!("data.choices.{at}.name"), name, 1, 100);
        if let Some(value) = choice["value"].as_str() {
            wrong.length(&format!("data.choices.{at}.value"), value, 0, 100);
        }
    }
    wrong.check()
}
