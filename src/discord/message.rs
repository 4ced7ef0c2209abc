//! What the bot sends: messages and modals, always within Discord's limits.
//!
//! A message is built from plain parts and serenity's component builders. It is cut to Discord's
//! limits when it is turned into JSON, so that no length of anything that people typed can make
//! Discord refuse it. Text that people typed must have passed [`sanitize`](super::sanitize) before.

mod components;
mod modal;
mod text;

pub use components::{ButtonStyle, Choice, button, buttons, option, page_of_options, select};
pub use modal::{Input, Label, Modal, ModalOption, TextStyle};
pub use serenity::builder::{CreateActionRow, CreateButton, CreateSelectMenuOption};
pub use text::{truncate, units};

use serde_json::{Map, Value, json};
use serenity::builder::{CreateEmbed, CreateEmbedFooter};

/// Discord's limits, in UTF-16 code units where they count text (discord.md §4).
pub mod limit {
    /// A message's text.
    pub const CONTENT: usize = 2000;
    /// Embeds of one message.
    pub const EMBEDS: usize = 10;
    /// Text of all embeds of one message together.
    pub const EMBED_TOTAL: usize = 6000;
    /// An embed's title, and a field's name.
    pub const EMBED_TITLE: usize = 256;
    /// An embed's description.
    pub const EMBED_DESCRIPTION: usize = 4096;
    /// Fields of one embed.
    pub const EMBED_FIELDS: usize = 25;
    /// A field's value.
    pub const EMBED_VALUE: usize = 1024;
    /// An embed's footer.
    pub const EMBED_FOOTER: usize = 2048;
    /// Action rows of one message.
    pub const ROWS: usize = 5;
    /// Buttons of one row.
    pub const BUTTONS: usize = 5;
    /// A button's label.
    pub const BUTTON_LABEL: usize = 80;
    /// Options of one select.
    pub const OPTIONS: usize = 25;
    /// An option's label, value and description.
    pub const OPTION_TEXT: usize = 100;
    /// A select's placeholder.
    pub const SELECT_PLACEHOLDER: usize = 150;
    /// A component's or a modal's custom id; the caller's to keep, since cutting changes it.
    pub const CUSTOM_ID: usize = 100;
    /// A modal's title, and the label of one of its fields.
    pub const MODAL_TITLE: usize = 45;
    /// Fields of one modal.
    pub const MODAL_FIELDS: usize = 5;
    /// A field's description in a modal, and a text input's placeholder.
    pub const INPUT_PLACEHOLDER: usize = 100;
    /// What a text input holds.
    pub const INPUT_VALUE: usize = 4000;
}

/// Shown where Discord wants some text and there is none.
const EMPTY_TEXT: &str = "\u{2014}";

/// Discord's flag for a message that only one person sees.
const EPHEMERAL: u64 = 1 << 6;

/// One message, as text, embeds and rows of components.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// The text over the embeds; may be empty.
    pub content: String,
    /// The embeds, at most [`limit::EMBEDS`].
    pub embeds: Vec<Embed>,
    /// Rows of buttons, or one select each; at most [`limit::ROWS`].
    pub rows: Vec<CreateActionRow>,
    /// Only the person who acted sees it. Counts in answers to interactions; a message in a channel
    /// can't have it, and an edit can't change it.
    pub ephemeral: bool,
}

/// One embed; what is empty isn't shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// The headline.
    pub title: String,
    /// The text under it.
    pub description: String,
    /// Names with values, at most [`limit::EMBED_FIELDS`].
    pub fields: Vec<Field>,
    /// The small print.
    pub footer: String,
    /// The stripe's colour, `0xRRGGBB`.
    pub colour: Option<u32>,
}

/// One name with its value in an embed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it may stand beside others.
    pub inline: bool,
}

impl Field {
    /// A field on lines of its own.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), inline: false }
    }

    /// A field that may stand beside others.
    pub fn inline(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { inline: true, ..Self::new(name, value) }
    }
}

impl Message {
    /// A message of text alone.
    pub fn text(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A message with one embed.
    pub fn embed(embed: Embed) -> Self {
        Self { embeds: vec![embed], ..Self::default() }
    }

    /// The same, seen by one person only.
    #[must_use]
    pub fn ephemeral(self) -> Self {
        Self { ephemeral: true, ..self }
    }

    /// The same with one more row.
    #[must_use]
    pub fn row(mut self, row: CreateActionRow) -> Self {
        self.rows.push(row);
        self
    }

    /// Cuts everything to Discord's limits, and says whether anything was lost.
    ///
    /// Titles, names and footers go before descriptions, and descriptions before values, when all
    /// embeds together are too long.
    pub fn fit(&mut self) -> bool {
        let mut lost = text::shorten(&mut self.content, limit::CONTENT);
        lost |= shorten_list(&mut self.embeds, limit::EMBEDS);
        lost |= shorten_list(&mut self.rows, limit::ROWS);
        let mut left = limit::EMBED_TOTAL;
        for embed in &mut self.embeds {
            lost |= embed.fit_names(&mut left);
        }
        for embed in &mut self.embeds {
            lost |= text::take(&mut embed.description, limit::EMBED_DESCRIPTION, &mut left);
        }
        for embed in &mut self.embeds {
            lost |= embed.fit_values(&mut left);
        }
        // Discord refuses an embed without anything in it.
        self.embeds.retain(|embed| !embed.is_empty());
        lost
    }

    /// The body for a new message in a channel.
    pub fn channel_body(&self) -> Value {
        Value::Object(self.build_parts())
    }

    /// The body for an answer to an interaction, or a followup to it.
    pub fn reply_body(&self) -> Value {
        let mut parts = self.build_parts();
        if self.ephemeral {
            parts.insert("flags".into(), EPHEMERAL.into());
        }
        Value::Object(parts)
    }

    /// The body for an edit. It names every part, so that nothing of the old content remains.
    pub fn edit_body(&self) -> Value {
        Value::Object(self.build_parts())
    }

    fn build_parts(&self) -> Map<String, Value> {
        let mut fitted = self.clone();
        fitted.fit();
        let embeds: Vec<CreateEmbed> = fitted.embeds.into_iter().map(Embed::build).collect();
        let mut parts = Map::new();
        parts.insert("content".into(), fitted.content.into());
        parts.insert("embeds".into(), json!(embeds));
        parts.insert("components".into(), json!(fitted.rows));
        // Nothing that stands in a message may ping anybody; by default everything does, also on
        // edits, which forget what the message was created with.
        parts.insert("allowed_mentions".into(), json!({"parse": []}));
        parts
    }
}

impl Embed {
    /// An embed with a headline and a text.
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { title: title.into(), description: description.into(), ..Self::default() }
    }

    /// The same with one more field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    fn fit_names(&mut self, left: &mut usize) -> bool {
        let mut lost = shorten_list(&mut self.fields, limit::EMBED_FIELDS);
        lost |= text::take(&mut self.title, limit::EMBED_TITLE, left);
        let mut fitting = 0;
        for field in &mut self.fields {
            // A field needs a name, and a value of at least an ellipsis, whose place is kept here.
            let Some(room) = left.checked_sub(1).filter(|room| *room > 0) else { break };
            fill(&mut field.name);
            fill(&mut field.value);
            *left = room;
            lost |= text::take(&mut field.name, limit::EMBED_TITLE, left);
            fitting += 1;
        }
        lost |= shorten_list(&mut self.fields, fitting);
        // The small print must leave something to read.
        lost | text::take(&mut self.footer, limit::EMBED_FOOTER.min(*left / 2), left)
    }

    fn fit_values(&mut self, left: &mut usize) -> bool {
        let mut lost = false;
        for field in &mut self.fields {
            *left += 1;
            lost |= text::take(&mut field.value, limit::EMBED_VALUE, left);
        }
        lost
    }

    fn is_empty(&self) -> bool {
        let texts = [&self.title, &self.description, &self.footer];
        self.fields.is_empty() && texts.iter().all(|text| text.is_empty())
    }

    fn build(self) -> CreateEmbed {
        let mut embed = CreateEmbed::new()
            .fields(self.fields.into_iter().map(|field| (field.name, field.value, field.inline)));
        if !self.title.is_empty() {
            embed = embed.title(self.title);
        }
        if !self.description.is_empty() {
            embed = embed.description(self.description);
        }
        if !self.footer.is_empty() {
            embed = embed.footer(CreateEmbedFooter::new(self.footer));
        }
        match self.colour {
            Some(colour) => embed.colour(colour),
            None => embed,
        }
    }
}

fn fill(text: &mut String) {
    if text.trim().is_empty() {
        *text = EMPTY_TEXT.into();
    }
}

fn shorten_list<T>(list: &mut Vec<T>, limit: usize) -> bool {
    let lost = list.len() > limit;
    list.truncate(limit);
    lost
}

#[cfg(test)]
mod tests;
