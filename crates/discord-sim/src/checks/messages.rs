//! Limits of message bodies.

use serde_json::Value;

use crate::{
    attachments::{Planned, Sent, plan},
    refusal::{self, Complaints, Refusal},
    state::{FLAG_COMPONENTS_V2, FLAG_EPHEMERAL, Message},
};

use super::{components, layout};

/// The limit for all embeds of a message together.
const EMBEDS_TOTAL: usize = 6000;
const CONTENT: usize = 2000;
/// Attachments of one message.
const ATTACHMENTS: usize = 10;
/// The flags that a bot may set: suppress embeds, suppress notifications, components V2.
const PUBLIC_FLAGS: u64 = 1 << 2 | 1 << 12 | FLAG_COMPONENTS_V2;
/// What a message of Components V2 can't have.
const LEGACY_FIELDS: [&str; 4] = ["content", "embeds", "sticker_ids", "poll"];

/// Where a message body came in, which decides what it may hold.
#[derive(Clone, Copy)]
pub(crate) enum Use<'a> {
    /// A message in a channel.
    Channel,
    /// An answer to an interaction or a followup, which may be ephemeral.
    Answer,
    /// An edit of this message, of either kind.
    Edit(&'a Message),
}

impl<'a> Use<'a> {
    /// The message that is edited, if one is.
    fn edited(self) -> Option<&'a Message> {
        match self {
            Self::Edit(message) => Some(message),
            Self::Channel | Self::Answer => None,
        }
    }
}

/// Checks a message body, under a path that errors are reported with (`data.` or nothing).
pub(crate) fn check(sent: Sent, usage: Use, prefix: &str) -> Result<(), Refusal> {
    let body = sent.body;
    let mut wrong = Complaints::default();
    if let Some(content) = body["content"].as_str() {
        wrong.length(&format!("{prefix}content"), content, 0, CONTENT);
    }
    flags(body, usage, prefix, &mut wrong);
    embeds(body, prefix, &mut wrong);
    mentions(body, prefix, &mut wrong);
    nonce(body, prefix, &mut wrong);
    let before = usage.edited().map_or(&Value::Null, |message| &message.body["attachments"]);
    let planned = plan(sent, before);
    attachments(&planned, prefix, &mut wrong);
    let path = format!("{prefix}components");
    let v2 = is_components_v2(body, usage);
    if v2 {
        legacy_fields(body, prefix, &mut wrong);
        let files: Vec<&str> = planned.iter().map(Planned::name).collect();
        layout::check(&body["components"], &path, &files, &mut wrong);
    } else {
        components::check_rows(&body["components"], &path, &mut wrong);
    }
    wrong.check()?;
    let shows_files = !v2 && !sent.files.is_empty();
    if usage.edited().is_none() && is_empty(body) && !shows_files {
        return Err(refusal::EMPTY_MESSAGE);
    }
    Ok(())
}

/// Whether the message is one of Components V2: it has the flag, or gets it now.
fn is_components_v2(body: &Value, usage: Use) -> bool {
    let asked = body["flags"].as_u64().unwrap_or_default();
    let had = usage.edited().map_or(0, Message::flags);
    (asked | had) & FLAG_COMPONENTS_V2 != 0
}

/// Refuses what a message of Components V2 can't have, sent or left over from before an edit. Null and
/// empty lists clear what was there; an empty text isn't documented to.
pub(crate) fn legacy_fields(body: &Value, prefix: &str, wrong: &mut Complaints) {
    for key in LEGACY_FIELDS {
        let nothing = body[key].is_null() || body[key].as_array().is_some_and(Vec::is_empty);
        if !nothing {
            let message = format!(
                "The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            );
            let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
            wrong.add(&format!("{prefix}{key}"), code, &message);
        }
    }
}

/// Whether nothing would be seen of a message.
pub(crate) fn is_empty(body: &Value) -> bool {
    let none = |key: &str| body[key].as_array().is_none_or(Vec::is_empty);
    if body["flags"].as_u64().unwrap_or_default() & FLAG_COMPONENTS_V2 != 0 {
        // Attachments show by their components alone.
        return none("components");
    }
    let blank = body["content"].as_str().is_none_or(|content| content.trim().is_empty());
    blank && none("embeds") && none("components") && none("attachments") && body["poll"].is_null()
}

fn flags(body: &Value, usage: Use, prefix: &str, wrong: &mut Complaints) {
    let Some(flags) = body["flags"].as_u64() else { return };
    let allowed = match usage {
        Use::Channel => PUBLIC_FLAGS,
        // An edit can't change the bit, but the service doesn't mind seeing it.
        Use::Answer | Use::Edit(_) => PUBLIC_FLAGS | FLAG_EPHEMERAL,
    };
    let path = format!("{prefix}flags");
    if flags & !allowed != 0 {
        let message = "These flags can't be set on this kind of message.";
        wrong.add(&path, "MESSAGE_FLAGS_INVALID", message);
    }
    let had = usage.edited().map_or(0, Message::flags);
    if had & !flags & FLAG_COMPONENTS_V2 != 0 {
        let message = "The flag IS_COMPONENTS_V2 can't be removed from a message.";
        wrong.add(&path, "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", message);
    }
}

fn attachments(planned: &[Planned], prefix: &str, wrong: &mut Complaints) {
    wrong.count(&format!("{prefix}attachments"), planned.len(), 0, ATTACHMENTS);
    for (at, planned) in planned.iter().enumerate() {
        if matches!(planned, Planned::Unknown) {
            let message = "There is no such attachment, and no file came with this number.";
            let path = format!("{prefix}attachments.{at}.id");
            wrong.add(&path, "ATTACHMENT_NOT_FOUND", message);
        }
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
