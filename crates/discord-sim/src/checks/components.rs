//! Limits of action rows, of the buttons and selects in them, and of messages that hold nothing else.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    components::{ACTION_ROW, BUTTON, STRING_SELECT, bounds, is_select, kind},
    refusal::Complaints,
};

pub(super) const REQUIRED: (&str, &str) = ("BASE_TYPE_REQUIRED", "This field is required");

/// Checks the rows of a message.
pub(crate) fn check_rows(rows: &Value, path: &str, wrong: &mut Complaints) {
    let Some(rows) = rows.as_array() else { return };
    wrong.count(path, rows.len(), 0, 5);
    let mut ids = HashSet::new();
    for (at, row) in rows.iter().enumerate() {
        let path = format!("{path}.{at}");
        if kind(row) != ACTION_ROW {
            wrong.add(&path, "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).");
            continue;
        }
        check_row(row, &path, &mut ids, wrong);
    }
}

pub(super) fn check_row(
    row: &Value,
    path: &str,
    ids: &mut HashSet<String>,
    wrong: &mut Complaints,
) {
    let inside = row["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let path = format!("{path}.components");
    wrong.count(&path, inside.len(), 1, 5);
    if inside.iter().any(is_select) && inside.len() > 1 {
        let message = "The specified component exceeds the maximum width.";
        wrong.add(&path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
    }
    for (at, component) in inside.iter().enumerate() {
        let path = format!("{path}.{at}");
        match kind(component) {
            BUTTON => check_button(component, &path, wrong),
            STRING_SELECT | 5..=8 => check_select(component, &path, wrong),
            _ => wrong.add(&path, "UNION_TYPE_CHOICES", "This type has no place in a row."),
        }
        unique_id(component, &path, ids, wrong);
    }
}

/// Complains about a custom id that another component has already.
pub(crate) fn unique_id(
    component: &Value,
    path: &str,
    ids: &mut HashSet<String>,
    wrong: &mut Complaints,
) {
    let Some(id) = component["custom_id"].as_str() else { return };
    wrong.length(&format!("{path}.custom_id"), id, 1, 100);
    if !ids.insert(id.to_owned()) {
        let message = "Component custom id cannot be duplicated";
        wrong.add(&format!("{path}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message);
    }
}

pub(super) fn check_button(button: &Value, path: &str, wrong: &mut Complaints) {
    let label = button["label"].as_str().unwrap_or_default();
    wrong.length(&format!("{path}.label"), label, 0, 80);
    if label.trim().is_empty() && button["emoji"].is_null() {
        wrong.add(&format!("{path}.label"), REQUIRED.0, REQUIRED.1);
    }
    let (has_id, has_url) = (button["custom_id"].is_string(), button["url"].is_string());
    match (button["style"].as_u64(), has_id, has_url) {
        (Some(1..=4), true, false) | (Some(5), false, true) => {}
        (Some(5), false, false) => wrong.add(&format!("{path}.url"), REQUIRED.0, REQUIRED.1),
        (Some(1..=4), false, false) => {
            let message = "A custom id is required";
            wrong.add(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", message);
        }
        (Some(1..=5), ..) => {
            let message = "A custom id and url cannot both be specified";
            wrong.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message);
        }
        _ => wrong.add(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Not a button style."),
    }
    if let Some(url) = button["url"].as_str() {
        wrong.length(&format!("{path}.url"), url, 1, 512);
        if !["http://", "https://", "discord://"].iter().any(|scheme| url.starts_with(scheme)) {
            let message = "Scheme must be one of ('http', 'https', 'discord').";
            wrong.add(&format!("{path}.url"), "URL_TYPE_INVALID_SCHEME", message);
        }
    }
}

/// Checks a select, in a message or a modal.
pub(crate) fn check_select(select: &Value, path: &str, wrong: &mut Complaints) {
    if !select["custom_id"].is_string() {
        wrong.add(&format!("{path}.custom_id"), REQUIRED.0, REQUIRED.1);
    }
    let placeholder = select["placeholder"].as_str().unwrap_or_default();
    wrong.length(&format!("{path}.placeholder"), placeholder, 0, 150);
    let (min, max) = bounds(select);
    if min > 25 || !(1..=25).contains(&max) || min > max {
        let message = "min_values must be from 0 to 25, max_values from 1 to 25 and not below it.";
        wrong.add(path, "COMPONENT_SELECT_BOUNDS_INVALID", message);
    }
    if kind(select) != STRING_SELECT {
        let defaults = select["default_values"].as_array().map_or(0, Vec::len);
        if defaults > 0 && !(min..=max).contains(&defaults) {
            let message = "The number of default values must lie between min and max values.";
            wrong.add(&format!("{path}.default_values"), "SELECT_DEFAULT_VALUES_INVALID", message);
        }
        return;
    }
    let options = select["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let path = format!("{path}.options");
    wrong.count(&path, options.len(), 1, 25);
    if max > options.len() {
        let message = "max_values is greater than the number of options.";
        wrong.add(&path, "COMPONENT_SELECT_MAX_VALUES_INVALID", message);
    }
    check_options(options, max, &path, wrong);
}

pub(super) fn check_options(options: &[Value], max: usize, path: &str, wrong: &mut Complaints) {
    let mut values = HashSet::new();
    for (at, option) in options.iter().enumerate() {
        let path = format!("{path}.{at}");
        for (key, min) in [("label", 1), ("value", 1), ("description", 0)] {
            let text = option[key].as_str().unwrap_or_default();
            wrong.length(&format!("{path}.{key}"), text, min, 100);
        }
        if !values.insert(option["value"].as_str().unwrap_or_default()) {
            let message = "The specified option value is already used";
            wrong.add(
                &format!("{path}.value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                message,
            );
        }
    }
    let defaults = options.iter().filter(|option| option["default"] == true).count();
    if defaults > max {
        let message = "More options are preselected than may be chosen.";
        wrong.add(path, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", message);
    }
}
