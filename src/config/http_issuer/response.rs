//! Reads the places of values in an answer.

use serde_json::Value as Json;

use crate::config::document::{Node, Read, Section, Value};
use crate::config::http_settings::{Condition, EndAt, EndForm, Expected, ResponsePointers, Source};
use crate::config::values::{one_of, pointer, quoted, text, truth};

const POINTER_KEYS: &[&str] =
    &["id", "secret", "secret_joined_by", "account_sid", "expires_at", "error", "gone"];

const CONDITION_KEYS: &[&str] = &["at", "is", "is_not", "exists"];

const END_FORMS: &[(&str, EndForm)] = &[
    ("any", EndForm::Any),
    ("seconds", EndForm::Seconds),
    ("unix", EndForm::Unix),
    ("unix_ms", EndForm::UnixMilliseconds),
];

/// `response`, in which these keys are required.
pub(super) fn response(call: &Section<'_>, needed: &[&str]) -> ResponsePointers {
    let section = call.section("response", POINTER_KEYS);
    for key in needed.iter().filter(|key| !section.has(key)) {
        section.refuse(key, "is missing: set it to where the answer holds it, such as \"/id\"");
    }
    let secret = if section.optional("secret", is_list).unwrap_or_default() {
        section.list("secret", secret_source)
    } else {
        section.optional("secret", secret_source).into_iter().collect()
    };
    let gone = match section.optional("gone", is_list).unwrap_or_default() {
        true => section.list("gone", words),
        false => section.optional("gone", words).into_iter().collect(),
    };
    if !gone.is_empty() && !section.has("error") {
        section.refuse("gone", "is what stands at error, which isn't set: set both");
    }
    ResponsePointers {
        id: section.optional("id", source),
        secret,
        secret_joined_by: section
            .or("secret_joined_by", String::new(), |node| text(node).map(str::to_owned)),
        account_sid: section.optional("account_sid", source),
        expires_at: end_at(&section),
        error: section.optional("error", pointer),
        detail: None,
        gone,
    }
}

fn words(node: &Node) -> Read<String> {
    match text(node)? {
        "" => Err("is empty".to_owned()),
        words => Ok(words.to_owned()),
    }
}

fn is_list(node: &Node) -> Read<bool> {
    Ok(matches!(node.content, Value::List(_)))
}

/// A [`source`], or `generated:NAME`.
fn secret_source(node: &Node) -> Read<Source> {
    match text(node)?.strip_prefix("generated:") {
        Some(name) => Ok(Source::Generated(name.to_owned())),
        None => source(node),
    }
}

/// A pointer, or `header:NAME`.
pub(super) fn source(node: &Node) -> Read<Source> {
    match text(node)?.strip_prefix("header:") {
        None => pointer(node).map(Source::Body),
        Some(name) => match name.parse::<reqwest::header::HeaderName>() {
            Ok(name) => Ok(Source::Header(name.as_str().to_owned())),
            Err(_) => Err(format!("takes header:NAME, and {} is no name of one", quoted(name))),
        },
    }
}

/// `expires_at = "/ends"`, or `{ at = "/ends", form = "seconds" }`.
pub(super) fn end_at(section: &Section<'_>) -> Option<EndAt> {
    let is_table = |node: &Node| Ok(matches!(node.content, Value::Table(_)));
    if !section.optional("expires_at", is_table)? {
        let at = section.optional("expires_at", pointer)?;
        return Some(EndAt { at, form: EndForm::Any });
    }
    let end = section.section("expires_at", &["at", "form"]);
    let at = end.required("at", "where the answer holds it, such as \"/ends\"", pointer);
    let form = end.or("form", EndForm::Any, one_of(END_FORMS));
    Some(EndAt { at: at?, form })
}

/// One condition, or a list of them.
pub(super) fn conditions(section: &Section<'_>, key: &str) -> Vec<Condition> {
    if section.optional(key, is_list).unwrap_or_default() {
        let each = section.sections(key, CONDITION_KEYS);
        return each.iter().filter_map(read_condition).collect();
    }
    condition(section, key).into_iter().collect()
}

/// `{ at = "/state", is = "active" }`.
pub(super) fn condition(section: &Section<'_>, key: &str) -> Option<Condition> {
    read_condition(&section.optional_section(key, CONDITION_KEYS)?)
}

fn read_condition(section: &Section<'_>) -> Option<Condition> {
    let at = section.required("at", "where to look, such as \"/state\"", pointer);
    let is = section.optional("is", values).map(Expected::OneOf);
    let is_not = section.optional("is_not", values).map(Expected::NoneOf);
    let exists = section.optional("exists", truth).map(Expected::Present);
    let given: Vec<&str> =
        ["is", "is_not", "exists"].into_iter().filter(|key| section.has(key)).collect();
    match given.as_slice() {
        [_] => Some(Condition { at: at?, is: is.or(is_not).or(exists)? }),
        [] => {
            section.refuse("is", "is missing: set it to what is there, or set is_not or exists");
            None
        }
        [_, second, ..] => {
            section.refuse(second, "is one condition too many: keep one of is, is_not and exists");
            None
        }
    }
}

/// One value, or a list of which any will do.
fn values(node: &Node) -> Read<Vec<Json>> {
    match &node.content {
        Value::List(items) => items.iter().map(value).collect(),
        _ => Ok(vec![value(node)?]),
    }
}

fn value(node: &Node) -> Read<Json> {
    match &node.content {
        Value::Text(text) => Ok(Json::from(text.as_str())),
        Value::Whole(number) => Ok(Json::from(*number)),
        Value::Truth(truth) => Ok(Json::from(*truth)),
        other => Err(format!("takes text, a whole number, true or false, not {}", other.kind())),
    }
}
