//! Messages as plain text, for snapshots, stories and errors.

use std::fmt::Write;

use serde_json::Value;

use super::view::label;
use crate::{
    components::{
        ACTION_ROW, BUTTON, CONTAINER, FILE, MEDIA_GALLERY, SECTION, SEPARATOR, TEXT_DISPLAY,
        bounds, kind,
    },
    snowflakes::Id,
    state::{Message, Place, State},
};

/// Who wrote it, where, and who sees it.
pub(crate) fn header(state: &State, message: &Message) -> String {
    let name = |id| state.users.get(&id).map_or("somebody", |user| user.display_name.as_str());
    let channel = state.channels.get(&message.channel);
    let place = match channel.map(|channel| &channel.place) {
        Some(Place::Direct(person)) => format!("in a direct message to {}", name(*person)),
        Some(Place::Guild) => format!("in #{}", channel.map_or("", |c| c.name.as_str())),
        None => "in a deleted channel".to_owned(),
    };
    let mut header = format!("{} {place}", name(message.author));
    if let Some(person) = message.ephemeral_to {
        let _ = write!(header, " (only {} sees this)", name(person));
    }
    if !message.body["edited_timestamp"].is_null() {
        header.push_str(" (edited)");
    }
    if message.gone {
        header.push_str(" (gone)");
    }
    header
}

/// Content, embeds, components.
pub(crate) fn text(state: &State, body: &Value) -> String {
    let mut lines = Vec::new();
    if body["flags"].as_u64().unwrap_or_default() & crate::state::FLAG_LOADING != 0 {
        lines.push("(is thinking…)".to_owned());
    }
    if let Some(content) = body["content"].as_str().filter(|content| !content.is_empty()) {
        lines.push(content.to_owned());
    }
    for embed in body["embeds"].as_array().into_iter().flatten() {
        lines.push(embed_text(embed));
    }
    for component in body["components"].as_array().into_iter().flatten() {
        lines.push(layout_text(component));
    }
    mentions(state, lines.join("\n"))
}

fn embed_text(embed: &Value) -> String {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut parts = Vec::new();
    parts.extend(text(&embed["author"]["name"]));
    parts.extend(text(&embed["title"]).map(|title| format!("# {title}")));
    parts.extend(text(&embed["description"]));
    for field in embed["fields"].as_array().into_iter().flatten() {
        let name = field["name"].as_str().unwrap_or_default();
        let value = field["value"].as_str().unwrap_or_default().replace('\n', "\n  ");
        parts.push(format!("{name}:\n  {value}"));
    }
    parts.extend(text(&embed["footer"]["text"]).map(|footer| format!("-- {footer}")));
    if let Some(colour) = embed["color"].as_u64() {
        parts.push(format!("(colour #{colour:06x})"));
    }
    framed(&parts)
}

/// Lines beside a bar, as embeds and containers have it.
fn framed(parts: &[String]) -> String {
    let lines = parts.iter().flat_map(|part| part.lines()).map(|line| format!("│ {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A component at the top level or in a container.
fn layout_text(component: &Value) -> String {
    let inside = component["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    match kind(component) {
        ACTION_ROW => row_text(component),
        TEXT_DISPLAY => component["content"].as_str().unwrap_or_default().to_owned(),
        SEPARATOR if component["divider"] == false => String::new(),
        SEPARATOR => "────".to_owned(),
        SECTION => {
            let texts: Vec<String> = inside.iter().map(layout_text).collect();
            let accessory = &component["accessory"];
            let beside = if kind(accessory) == BUTTON {
                component_text(accessory)
            } else {
                picture_text(accessory)
            };
            format!("{}  {beside}", texts.join("\n"))
        }
        MEDIA_GALLERY => {
            let items = component["items"].as_array().into_iter().flatten();
            items.map(picture_text).collect::<Vec<_>>().join("\n")
        }
        FILE => format!("(file {})", component["name"].as_str().unwrap_or_default()),
        CONTAINER => {
            let mut parts: Vec<String> = inside.iter().map(layout_text).collect();
            if let Some(colour) = component["accent_color"].as_u64() {
                parts.push(format!("(colour #{colour:06x})"));
            }
            if component["spoiler"] == true {
                parts.insert(0, "(spoiler)".to_owned());
            }
            framed(&parts)
        }
        _ => String::new(),
    }
}

fn picture_text(item: &Value) -> String {
    let description = item["description"].as_str().or_else(|| item["media"]["url"].as_str());
    format!("(picture {})", description.unwrap_or_default())
}

fn row_text(row: &Value) -> String {
    let inside = row["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let separator = if inside.iter().all(|c| kind(c) == BUTTON) { " " } else { "\n" };
    inside.iter().map(component_text).collect::<Vec<_>>().join(separator)
}

fn component_text(component: &Value) -> String {
    let disabled = if component["disabled"] == true { " (disabled)" } else { "" };
    if kind(component) != BUTTON {
        return select_text(component, disabled);
    }
    let emoji = component["emoji"]["name"].as_str().filter(|_| component["label"].is_string());
    let emoji = emoji.map(|emoji| format!("{emoji} ")).unwrap_or_default();
    let url = component["url"].as_str().map(|url| format!(" → {url}")).unwrap_or_default();
    format!("[{emoji}{}{url}{disabled}]", label(component))
}

fn select_text(select: &Value, disabled: &str) -> String {
    let name = select["placeholder"].as_str().or_else(|| select["custom_id"].as_str());
    let (min, max) = bounds(select);
    let range = if (min, max) == (1, 1) { String::new() } else { format!(" ({min} to {max})") };
    let mut text = format!("▾ {}{range}{disabled}", name.unwrap_or_default());
    for option in select["options"].as_array().into_iter().flatten() {
        let mark = if option["default"] == true { "x" } else { " " };
        let label = option["label"].as_str().unwrap_or_default();
        let _ = write!(text, "\n  [{mark}] {label}");
        if let Some(description) = option["description"].as_str() {
            let _ = write!(text, " – {description}");
        }
    }
    for default in select["default_values"].as_array().into_iter().flatten() {
        let _ = write!(text, "\n  [x] <@{}>", default["id"].as_str().unwrap_or_default());
    }
    text
}

/// Mentions by name, as a client shows them. In one pass, since a guild may have many people and each
/// look at a channel shows many texts.
pub(crate) fn mentions(state: &State, text: String) -> String {
    let mut parts = text.split('<');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named =
            part.split_once('>').and_then(|(inside, rest)| Some((name(state, inside)?, rest)));
        match named {
            Some((name, rest)) => {
                shown.push_str(&name);
                shown.push_str(rest);
            }
            None => {
                shown.push('<');
                shown.push_str(part);
            }
        }
    }
    shown
}

/// The meaning of `@1`, `@!1`, `@&1`, `#1` and `/a b:1`, if any.
fn name(state: &State, mention: &str) -> Option<String> {
    if mention.starts_with('/') {
        return command(state, mention).map(|name| format!("/{name}"));
    }
    if let Some(role) = mention.strip_prefix("@&") {
        let role: Id = role.parse().ok()?;
        let role = state.guild.roles.iter().find(|known| known.id == role)?;
        return Some(format!("@{}", role.name));
    }
    if let Some(channel) = mention.strip_prefix('#') {
        return Some(format!("#{}", state.channels.get(&channel.parse().ok()?)?.name));
    }
    let user = mention.strip_prefix('@')?;
    let user = user.strip_prefix('!').unwrap_or(user);
    Some(format!("@{}", state.users.get(&user.parse().ok()?)?.display_name))
}

/// The names of a command and its subcommands, where `/a b:1` mentions one that is registered.
fn command(state: &State, mention: &str) -> Option<String> {
    let (path, id) = mention.strip_prefix('/')?.rsplit_once(':')?;
    let mut names = path.split(' ');
    let name = names.next()?;
    let mut level =
        state.commands.iter().find(|command| command["id"] == id && command["name"] == name)?;
    for name in names {
        let options = level["options"].as_array()?;
        let nested = |option: &&Value| matches!(option["type"].as_u64(), Some(1 | 2));
        level = options.iter().filter(nested).find(|option| option["name"] == name)?;
    }
    let mut options = level["options"].as_array().into_iter().flatten();
    let is_group = options.any(|o| matches!(o["type"].as_u64(), Some(1 | 2)));
    (!is_group).then(|| path.to_owned())
}

/// The commands that a text mentions so that one can press them.
pub(crate) fn commands(state: &State, text: &str) -> Vec<String> {
    let parts = text.split('<').skip(1).filter_map(|part| part.split_once('>'));
    parts.filter_map(|(mention, _)| command(state, mention)).collect()
}
