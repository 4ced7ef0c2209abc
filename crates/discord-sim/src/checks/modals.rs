//! Limits of modals, when a bot opens one and when a person submits one.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    components::{
        ACTION_ROW, CHECKBOX, CHECKBOX_GROUP, LABEL, RADIO_GROUP, STRING_SELECT, TEXT_DISPLAY,
        TEXT_INPUT, USER_SELECT, bounds, is_select, kind,
    },
    refusal::{Complaints, Refusal},
};

use super::{
    components::{check_options, check_select, unique_id},
    layout::check_text,
};

/// Checks the data of callback type 9.
pub(crate) fn check(modal: &Value) -> Result<(), Refusal> {
    let mut wrong = Complaints::default();
    let text = |key: &str| modal[key].as_str().unwrap_or_default();
    wrong.length("data.custom_id", text("custom_id"), 1, 100);
    wrong.length("data.title", text("title"), 1, 45);
    let parts = modal["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    wrong.count("data.components", parts.len(), 1, 5);
    let mut ids = HashSet::new();
    for (at, part) in parts.iter().enumerate() {
        check_part(part, &format!("data.components.{at}"), &mut ids, &mut wrong);
    }
    wrong.check()
}

fn check_part(part: &Value, path: &str, ids: &mut HashSet<String>, wrong: &mut Complaints) {
    match kind(part) {
        LABEL => {
            wrong.length(&format!("{path}.label"), part["label"].as_str().unwrap_or(""), 1, 45);
            let description = part["description"].as_str().unwrap_or_default();
            wrong.length(&format!("{path}.description"), description, 0, 100);
            let path = format!("{path}.component");
            let field = &part["component"];
            check_field(field, &path, wrong);
            if field["label"].is_string() {
                let message = "A text input in a label carries no label of its own.";
                wrong.add(&format!("{path}.label"), "COMPONENT_LABEL_NOT_ALLOWED", message);
            }
            unique_id(field, &path, ids, wrong);
        }
        ACTION_ROW => {
            let path = format!("{path}.components");
            let inside = part["components"].as_array().map(Vec::as_slice).unwrap_or_default();
            wrong.count(&path, inside.len(), 1, 1);
            for field in inside {
                let path = format!("{path}.0");
                wrong.length(
                    &format!("{path}.label"),
                    field["label"].as_str().unwrap_or(""),
                    1,
                    45,
                );
                check_field(field, &path, wrong);
                unique_id(field, &path, ids, wrong);
            }
            if inside.iter().any(|field| kind(field) != TEXT_INPUT) {
                wrong.add(&path, "UNION_TYPE_CHOICES", "Rows in modals hold text inputs only.");
            }
        }
        TEXT_DISPLAY => check_text(part, path, wrong),
        _ => wrong.add(path, "UNION_TYPE_CHOICES", "Value of field \"type\" must be 1, 10 or 18."),
    }
}

fn check_field(field: &Value, path: &str, wrong: &mut Complaints) {
    if !field["custom_id"].is_string() {
        wrong.add(&format!("{path}.custom_id"), "BASE_TYPE_REQUIRED", "This field is required");
    }
    match kind(field) {
        TEXT_INPUT => check_text_input(field, path, wrong),
        STRING_SELECT | 5..=8 => {
            if field["disabled"] == true {
                let message = "Components in modals can't be disabled.";
                wrong.add(&format!("{path}.disabled"), "COMPONENT_DISABLED_IN_MODAL", message);
            }
            check_select(field, path, wrong);
            required_and_none(field, path, wrong);
        }
        RADIO_GROUP => check_radio_group(field, path, wrong),
        CHECKBOX_GROUP => check_checkbox_group(field, path, wrong),
        CHECKBOX => {}
        _ => wrong.add(path, "UNION_TYPE_CHOICES", "The simulation knows no such field."),
    }
}

/// Checks a group of which one is chosen.
fn check_radio_group(group: &Value, path: &str, wrong: &mut Complaints) {
    let options = group["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let path = format!("{path}.options");
    wrong.count(&path, options.len(), 2, 10);
    check_options(options, 1, &path, wrong);
}

/// Checks a group of boxes to tick.
fn check_checkbox_group(group: &Value, path: &str, wrong: &mut Complaints) {
    let options = group["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (min, max) = bounds(group);
    if min > max || !(1..=options.len().max(1)).contains(&max) {
        let message =
            "min_values must not be over max_values, nor that over the number of options.";
        wrong.add(path, "COMPONENT_CHECKBOX_GROUP_BOUNDS_INVALID", message);
    }
    required_and_none(group, path, wrong);
    let path = format!("{path}.options");
    wrong.count(&path, options.len(), 1, 10);
    check_options(options, max, &path, wrong);
}

/// Refuses what must be filled in and takes nothing.
fn required_and_none(field: &Value, path: &str, wrong: &mut Complaints) {
    if is_required(field) && bounds(field).0 == 0 {
        let message = "min_values must be at least 1 where the component is required.";
        wrong.add(&format!("{path}.min_values"), "COMPONENT_REQUIRED_ZERO_MIN_VALUES", message);
    }
}

fn check_text_input(field: &Value, path: &str, wrong: &mut Complaints) {
    if !matches!(field["style"].as_u64(), Some(1 | 2)) {
        wrong.add(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Must be 1 or 2.");
    }
    let placeholder = field["placeholder"].as_str().unwrap_or_default();
    wrong.length(&format!("{path}.placeholder"), placeholder, 0, 100);
    let (min, max) = lengths(field);
    if min > 4000 || !(1..=4000).contains(&max) || min > max {
        let message = "min_length must be from 0 to 4000, max_length from 1 to 4000 and not below.";
        wrong.add(path, "TEXT_INPUT_LENGTH_INVALID", message);
    }
    if let Some(value) = field["value"].as_str().filter(|value| !value.is_empty()) {
        wrong.length(&format!("{path}.value"), value, min, max);
    }
}

/// How short and how long a text may be.
pub(crate) fn lengths(field: &Value) -> (usize, usize) {
    let number = |key: &str, default: u64| {
        usize::try_from(field[key].as_u64().unwrap_or(default)).unwrap_or(usize::MAX)
    };
    (number("min_length", 0), number("max_length", 4000))
}

/// Whether a field must be filled in; the documentation's default is yes.
pub(crate) fn is_required(field: &Value) -> bool {
    field["required"] != false
}

/// The fields of a modal with the label that people see, in order.
pub(crate) fn fields(modal: &Value) -> Vec<(String, &Value)> {
    let parts = modal["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let labelled = parts.iter().filter_map(|part| match kind(part) {
        LABEL => Some((part["label"].as_str()?.to_owned(), &part["component"])),
        ACTION_ROW => {
            let field = part["components"].get(0)?;
            Some((field["label"].as_str()?.to_owned(), field))
        }
        _ => None,
    });
    labelled.collect()
}

/// The entry of a ticked box.
pub(crate) const TICKED: &str = "true";

/// What a person entered into one field: the text, what was chosen, or [`TICKED`].
pub(crate) type Entry = Vec<String>;

/// Returns what is wrong with an entry, for client and service alike.
pub(crate) fn check_entry(field: &Value, entry: &Entry) -> Result<(), String> {
    if kind(field) == TEXT_INPUT {
        let length = entry.first().map_or(0, |text| text.chars().count());
        let (min, max) = lengths(field);
        return match length {
            0 if is_required(field) => Err("This field is required".to_owned()),
            0 => Ok(()),
            _ if length < min => Err(format!("Must be at least {min} in length.")),
            _ if length > max => Err(format!("Must be {max} or fewer in length.")),
            _ => Ok(()),
        };
    }
    let (min, max) = match kind(field) {
        // A box alone is ticked or not, and never missing.
        CHECKBOX => return known_options(field, entry),
        RADIO_GROUP => (1, 1),
        _ => bounds(field),
    };
    match entry.len() {
        0 if is_required(field) => Err("Make a selection".to_owned()),
        0 => Ok(()),
        chosen if chosen < min.max(1) => Err(format!("Choose at least {min}.")),
        chosen if chosen > max => Err(format!("Choose at most {max}.")),
        _ => known_options(field, entry),
    }
}

fn known_options(field: &Value, entry: &Entry) -> Result<(), String> {
    if kind(field) == USER_SELECT {
        return Ok(());
    }
    if kind(field) == CHECKBOX {
        let ticked = entry.iter().all(|value| value == TICKED) && entry.len() < 2;
        return if ticked { Ok(()) } else { Err("A box is ticked or not.".to_owned()) };
    }
    let options = field["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let unknown = entry.iter().find(|value| !options.iter().any(|o| o["value"] == value.as_str()));
    match unknown {
        Some(value) => Err(format!("{value} is no option of this {}.", group_word(field))),
        None => Ok(()),
    }
}

fn group_word(field: &Value) -> &'static str {
    if is_select(field) { "select" } else { "group" }
}
