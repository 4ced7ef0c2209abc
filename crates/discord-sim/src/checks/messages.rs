//! Limits of message bodies.

use serde_json::Value;

use crate::{
    refusal::{self, Complaints, Refusal},
    state::FLAG_EPHEMERAL,
};

use super::components;

/// What all embeds of a message may say together.
const EMBEDS_TOTAL: usize = 6000;
const CONTENT: usize = 2000;
/// The flags that a bot may set: suppress embeds, suppress notifications, components V2.
const PUBLIC_FLAGS: u64 = 1 << 2 | 1 << 12 | 1 << 15;

/// Where a message body came in, which decides what it may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A message in a channel.
    Channel,
    /// An answer to an interaction or a followup, which may be ephemeral.
    Answer,
    /// An edit, of either.
    Edit,
}

/// Checks a message body, under a path that errors are reported with (`data.` or nothing).
pub(crate) fn check(body: &Value, usage: Use, prefix: &str) -> Result<(), Refusal> {
    let mut wrong = Complaints::default();
    if let Some(content) = body["content"].as_str() {
        wrong.length(&format!("{prefix}content"), content, 0, CONTENT);
    }
    flags(body, usage, prefix, &mut wrong);
    embeds(body, prefix, &mut wrong);
    mentions(body, prefix, &mut wrong);
    nonce(body, prefix, &mut wrong);
    components::check_rows(&body["components"], &format!("{prefix}components"), &mut wrong);
    wrong.check()?;
    if usage != Use::Edit && is_empty(body) {
        return Err(refusal::EMPTY_MESSAGE);
    }
    Ok(())
}

/// Whether nothing would be seen of a message.
pub(crate) fn is_empty(body: &Value) -> bool {
    let blank = body["content"].as_str().is_none_or(|content| content.trim().is_empty());
    let none = |key: &str| body[key].as_array().is_none_or(Vec::is_empty);
    blank && none("embeds") && none("components") && none("attachments") && body["poll"].is_null()
}

fn flags(body: &Value, usage: Use, prefix: &str, wrong: &mut Complaints) {
    let flags = body["flags"].as_u64().unwrap_or_default();
    let allowed = match usage {
        Use::Channel => PUBLIC_FLAGS,
        // An edit can't change the bit, but the service doesn't mind seeing it.
        Use::Answer | Use::Edit => PUBLIC_FLAGS | FLAG_EPHEMERAL,
    };
    if flags & !allowed != 0 {
        let message = "These flags can't be set on this kind of message.";
        wrong.add(&format!("{prefix}flags"), "MESSAGE_FLAGS_INVALID", message);
    }
}

fn nonce(body: &Value, prefix: &str, wrong: &mut Complaints) {
    if let Some(nonce) = body["nonce"].as_str() {
        wrong.length(&format!("{prefix}nonce"), nonce, 0, 25);
    }
}

fn embeds(body: &Value, prefix: &str, wrong: &mut Complaints) {
    let Some(embeds) = body["embeds"].as_array() else { return };
    wrong.count(&format!("{prefix}embeds"), embeds.len(), 0, 10);
    let mut total = 0;
    for (at, embed) in embeds.iter().enumerate() {
        total += check_embed(embed, &format!("{prefix}embeds.{at}"), wrong);
    }
    if total > EMBEDS_TOTAL {
        let message = "Embed size exceeds maximum size of 6000";
        wrong.add(&format!("{prefix}embeds"), "MAX_EMBED_SIZE_EXCEEDED", message);
    }
}

/// Checks one embed; returns how many characters of it count towards the total.
fn check_embed(embed: &Value, path: &str, wrong: &mut Complaints) -> usize {
    let mut total = 0;
    let mut text = |value: &Value, key: &str, min: usize, max: usize| {
        let text = value.as_str().unwrap_or_default().trim();
        wrong.length(&format!("{path}.{key}"), text, min, max);
        total += text.chars().count();
    };
    text(&embed["title"], "title", 0, 256);
    text(&embed["description"], "description", 0, 4096);
    text(&embed["footer"]["text"], "footer.text", usize::from(embed["footer"].is_object()), 2048);
    text(&embed["author"]["name"], "author.name", usize::from(embed["author"].is_object()), 256);
    let fields = embed["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (at, field) in fields.iter().enumerate() {
        text(&field["name"], &format!("fields.{at}.name"), 1, 256);
        text(&field["value"], &format!("fields.{at}.value"), 1, 1024);
    }
    wrong.count(&format!("{path}.fields"), fields.len(), 0, 25);
    if total == 0 && ["image", "thumbnail"].iter().all(|key| embed[*key].is_null()) {
        wrong.add(&format!("{path}.description"), "BASE_TYPE_REQUIRED", "This field is required");
    }
    total
}

fn mentions(body: &Value, prefix: &str, wrong: &mut Complaints) {
    let allowed = &body["allowed_mentions"];
    let parse = allowed["parse"].as_array().map(Vec::as_slice).unwrap_or_default();
    for kind in ["users", "roles"] {
        let listed = allowed[kind].as_array().map_or(0, Vec::len);
        wrong.count(&format!("{prefix}allowed_mentions.{kind}"), listed, 0, 100);
        if listed > 0 && parse.iter().any(|value| value == kind) {
            let message =
                format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            let code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE";
            wrong.add(&format!("{prefix}allowed_mentions"), code, &message);
        }
    }
}
