//! What an answer itself holds that nobody may read: the secret that it gives, wherever else in it that stands.

use serde_json::Value;

use super::credentials::names_a_credential;
use super::reply::Reply;
use crate::config::{HttpCall, Source, UpstreamValues};

/// From this length on, a value with digits and letters looks like a credential.
const SHORTEST: usize = 8;

/// A text in an answer: its pointer, the key that it stands under, and itself.
type Text = (String, String, String);

/// Adds what of an answer is secret: what the configuration names, and whatever else looks so and is repeated in
/// another of its texts, or stands under such a name.
pub(super) fn add(
    reply: &mut Reply,
    (call, values, id_is_secret): (&HttpCall, &UpstreamValues, bool),
) {
    for secret in find(reply, (call, values, id_is_secret)) {
        reply.secrets.add(&secret);
    }
}

fn find(
    reply: &Reply,
    (call, values, id_is_secret): (&HttpCall, &UpstreamValues, bool),
) -> Vec<String> {
    let at = &call.response;
    let ids = [&at.id, &at.account_sid].into_iter().flatten();
    let named = at.secret.iter().chain(ids.clone().filter(|_| id_is_secret));
    let mut secrets: Vec<String> = named.filter_map(|source| reply.text(source)).collect();
    let Ok(json) = reply.json() else { return secrets };
    let error = at.error.as_ref().map(|error| error.as_str());
    let end = at.expires_at.as_ref().map(|end| end.at.as_str());
    let is_read = |at: &str| json.pointer(at).is_some_and(|found| !found.is_null());
    if !error.into_iter().chain(end).any(is_read) {
        return secrets;
    }
    let is_in_error = |pointer: &str| {
        error
            .and_then(|error| pointer.strip_prefix(error))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut texts = Vec::new();
    collect((String::new(), ""), json, &mut texts);
    // What people may read of it.
    let read: Vec<&Text> = texts
        .iter()
        .filter(|(pointer, ..)| is_in_error(pointer) || Some(pointer.as_str()) == end)
        .collect();
    let known: Vec<&str> = ids
        .filter_map(|source| match source {
            Source::Body(at) => Some(at.as_str()),
            _ => None,
        })
        .chain(error)
        .chain(end)
        .collect();
    for (pointer, key, text) in texts.iter().filter(|(.., text)| looks_secret(text)) {
        let is_repeated = read.iter().any(|(at, _, other)| at != pointer && other.contains(text));
        let is_named = is_in_error(pointer) && names_a_credential(key);
        let mut ours = values.words().chain(values.upstream_id.as_deref());
        if (is_repeated || is_named)
            && !known.contains(&pointer.as_str())
            && !ours.any(|ours| ours == text)
        {
            secrets.push(text.clone());
        }
    }
    secrets
}

fn looks_secret(text: &str) -> bool {
    text.len() >= SHORTEST
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && text.contains(|char: char| char.is_ascii_digit())
        && text.contains(|char: char| char.is_ascii_alphabetic())
}

/// Each text in a JSON value.
fn collect((pointer, key): (String, &str), value: &Value, texts: &mut Vec<Text>) {
    match value {
        Value::String(text) => texts.push((pointer, key.to_owned(), text.clone())),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect((format!("{pointer}/{index}"), key), item, texts);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                collect((format!("{pointer}/{escaped}"), name), value, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
