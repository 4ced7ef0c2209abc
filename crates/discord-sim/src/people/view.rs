//! A message as a person saw it.

use std::fmt;

use anyhow::Context;
use serde_json::Value;

use super::render;
use crate::{
    components::{BUTTON, controls, is_select, kind, text_displays},
    snowflakes::Id,
    state::{Message, State},
};

/// A message in one version. Printed, it reads as the client shows it.
#[derive(Clone, Debug)]
pub struct MessageView {
    pub(super) id: Id,
    pub(super) channel: Id,
    pub(super) revision: u64,
    pub(super) ephemeral_to: Option<Id>,
    pub(super) body: Value,
    header: String,
    text: String,
    commands: Vec<String>,
}

impl MessageView {
    /// The message's current version, even if deleted.
    pub(crate) fn of(state: &State, id: Id) -> Option<Self> {
        let message: &Message = state.messages.get(&id)?;
        Some(Self {
            id,
            channel: message.channel,
            revision: message.revision,
            ephemeral_to: message.ephemeral_to,
            header: render::header(state, message),
            text: render::text(state, &message.body),
            commands: render::commands(state, &texts(&message.body).join("\n")),
            body: message.body.clone(),
        })
    }

    /// The message's id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The channel that it is in.
    pub fn channel(&self) -> Id {
        self.channel
    }

    /// Grows with each visible change, over all messages.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether only one person sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.ephemeral_to.is_some()
    }

    /// Whether it is still the spinner of an answer to come.
    pub fn is_loading(&self) -> bool {
        self.body["flags"].as_u64().unwrap_or_default() & crate::state::FLAG_LOADING != 0
    }

    /// The message object as the service sends it.
    pub fn json(&self) -> &Value {
        &self.body
    }

    /// Every text in it as the bot wrote it, with its marks: content, those of embeds, text displays.
    pub fn sources(&self) -> Vec<&str> {
        texts(&self.body)
    }

    /// The commands that it names so that one can press them, as in `token collect`.
    pub fn commands(&self) -> &[String] {
        &self.commands
    }

    /// The names of the files that come with it.
    pub fn files(&self) -> Vec<&str> {
        let attachments = self.body["attachments"].as_array().into_iter().flatten();
        attachments.filter_map(|attachment| attachment["filename"].as_str()).collect()
    }

    /// Content, embeds and components as plain text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text holds this.
    pub fn contains(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// Whether it pings anyone.
    pub fn pings(&self) -> bool {
        let some = |key: &str| self.body[key].as_array().is_some_and(|list| !list.is_empty());
        some("mentions") || some("mention_roles") || self.body["mention_everyone"] == true
    }

    /// Whether it pings people, or everyone, besides the roles that it names.
    pub fn pings_people(&self) -> bool {
        let people = self.body["mentions"].as_array().is_some_and(|list| !list.is_empty());
        people || self.body["mention_everyone"] == true
    }

    /// The roles that it pings.
    pub fn pinged_roles(&self) -> Vec<Id> {
        let roles = self.body["mention_roles"].as_array().into_iter().flatten();
        roles.filter_map(|role| role.as_str()?.parse().ok()).collect()
    }

    /// The labels of its buttons, in order; disabled ones too.
    pub fn buttons(&self) -> Vec<String> {
        let buttons = controls(&self.body).into_iter().filter(|c| kind(c) == BUTTON);
        buttons.map(label).collect()
    }

    /// Whether it has a button of this label that can be pressed.
    pub fn offers(&self, wanted: &str) -> bool {
        let all = controls(&self.body);
        all.iter().any(|c| kind(c) == BUTTON && label(c) == wanted && c["disabled"] != true)
    }

    /// The labels of a select's options, the select named by placeholder or custom id.
    pub fn options(&self, select: &str) -> Option<Vec<String>> {
        let select = self.select(select)?;
        let options = select["options"].as_array()?.iter();
        Some(options.map(|o| o["label"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// The labels of the options that are chosen in a select.
    pub fn chosen(&self, select: &str) -> Option<Vec<String>> {
        let select = self.select(select)?;
        let options = select["options"].as_array()?.iter().filter(|o| o["default"] == true);
        Some(options.map(|o| o["label"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// The select with this placeholder or custom id.
    pub(super) fn select(&self, wanted: &str) -> Option<&Value> {
        let selects = controls(&self.body).into_iter().filter(|c| is_select(c));
        let mut named = selects.filter(|c| c["placeholder"] == wanted || c["custom_id"] == wanted);
        named.next()
    }

    /// What the bot named the button with this label: for liars.
    ///
    /// # Errors
    /// There is no such button.
    pub fn custom_id(&self, label: &str) -> anyhow::Result<String> {
        let id = self.button(label).and_then(|button| button["custom_id"].as_str());
        let id = id.with_context(|| format!("there is no button {label:?} on:\n{self}"))?;
        Ok(id.to_owned())
    }

    /// The button with this label.
    pub(super) fn button(&self, wanted: &str) -> Option<&Value> {
        let buttons = controls(&self.body).into_iter().filter(|c| kind(c) == BUTTON);
        let mut named = buttons.filter(|button| label(button) == wanted);
        named.next()
    }
}

/// Every text of a message, in the order in which a client shows them.
fn texts(body: &Value) -> Vec<&str> {
    let mut texts: Vec<&Value> = vec![&body["content"]];
    for embed in body["embeds"].as_array().into_iter().flatten() {
        texts.extend([&embed["author"]["name"], &embed["title"], &embed["description"]]);
        for field in embed["fields"].as_array().into_iter().flatten() {
            texts.extend([&field["name"], &field["value"]]);
        }
        texts.push(&embed["footer"]["text"]);
    }
    let texts = texts.into_iter().filter_map(Value::as_str).filter(|text| !text.is_empty());
    texts.chain(text_displays(&body["components"])).collect()
}

/// A button's label, or its emoji if it has none.
pub(super) fn label(button: &Value) -> String {
    let label = button["label"].as_str().filter(|label| !label.is_empty());
    label.or_else(|| button["emoji"]["name"].as_str()).unwrap_or_default().to_owned()
}

impl fmt::Display for MessageView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.header, self.text)
    }
}
