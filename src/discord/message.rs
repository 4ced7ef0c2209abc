//! What the bot sends: messages and modals, always within Discord's limits.
//!
//! A message is a list of parts, of Discord's Components V2: texts, and serenity's rows of buttons and
//! selects. It is cut to Discord's limits when it is turned into JSON, so that no length of anything that
//! people typed can make Discord refuse it. Text that people typed must have passed [`sanitize`](super::sanitize) before.

mod components;
mod file;
mod layout;
mod modal;
mod text;

pub use components::{ButtonStyle, Choice, button, buttons, option, page_of_options, select};
pub use file::File;
pub use modal::{Input, Label, Modal, ModalOption, TextStyle};
pub use serenity::builder::{CreateActionRow, CreateButton, CreateSelectMenuOption};
pub use text::{join_within, truncate, units};

use std::fmt::Display;

use serde_json::{Value, json};
use zeroize::Zeroize as _;

use crate::domain::ids::RoleId;
use crate::locale::Language;

/// Discord's limits, in UTF-16 code units where they count text (Discord's documentation,
/// "Component Reference").
pub mod limit {
    /// All texts of one message together.
    pub const TEXT: usize = 4000;
    /// Components of one message, those inside of others counted too.
    pub const COMPONENTS: usize = 40;
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
/// Discord's flag for a message that nobody is notified of (SUPPRESS_NOTIFICATIONS).
const SILENT: u64 = 1 << 12;
/// Discord's flag for a message of components alone.
const COMPONENTS_V2: u64 = 1 << 15;

/// One message: texts, rows of buttons, selects, in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// What stands in it, from top to bottom.
    pub parts: Vec<Part>,
    /// The colour of its edge, `0xRRGGBB`; none where it needs no frame.
    pub colour: Option<u32>,
    /// Only the person who acted sees it. Counts in answers to interactions; a message in a channel
    /// can't have it, and an edit can't change it.
    pub ephemeral: bool,
    /// Roles that are notified of it when it is posted in a channel. Nothing else that stands in a
    /// message notifies anybody, and no edit does.
    pub pings: Vec<RoleId>,
    /// Whether nobody is notified of it, where it is new in a channel.
    pub silent: bool,
    /// What can be downloaded from it.
    pub file: Option<File>,
}

/// What a message is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text that is there whole. Neighbours stand on lines of their own.
    Text(String),
    /// Text whose last parts give way where there is no room.
    List(List),
    /// A line between what is above and what is below.
    Separator,
    /// Buttons, or a select.
    Row(CreateActionRow),
}

/// A list, cut between two of its parts, never within.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its parts.
    pub pieces: Vec<String>,
    /// What stands between them.
    pub separator: String,
    /// In which language what is left out is counted.
    pub language: Language,
}

impl Message {
    /// A message of text alone.
    pub fn text(content: impl Into<String>) -> Self {
        Self::default().line(content)
    }

    /// A message that begins with a heading, which has no line end.
    pub fn titled(title: impl Display) -> Self {
        Self::text(format!("### {title}"))
    }

    /// The same, seen by one person only.
    #[must_use]
    pub fn ephemeral(self) -> Self {
        Self { ephemeral: true, ..self }
    }

    /// The same, of which nobody is notified.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { silent: true, ..self }
    }

    /// The same with an edge of this colour.
    #[must_use]
    pub fn coloured(self, colour: u32) -> Self {
        Self { colour: Some(colour), ..self }
    }

    /// The same with a text below, on lines of its own.
    #[must_use]
    pub fn line(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// The same with texts below, each on lines of its own.
    #[must_use]
    pub fn lines(mut self, texts: impl IntoIterator<Item = String>) -> Self {
        self.parts.extend(texts.into_iter().map(Part::Text));
        self
    }

    /// The same with a list below.
    #[must_use]
    pub fn list(mut self, pieces: Vec<String>, separator: &str, language: Language) -> Self {
        self.parts.push(Part::List(List { pieces, separator: separator.to_owned(), language }));
        self
    }

    /// The same with a line across it.
    #[must_use]
    pub fn separator(mut self) -> Self {
        self.parts.push(Part::Separator);
        self
    }

    /// The same with one more row.
    #[must_use]
    pub fn row(mut self, row: CreateActionRow) -> Self {
        self.parts.push(Part::Row(row));
        self
    }

    /// The same with more rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = CreateActionRow>) -> Self {
        self.parts.extend(rows.into_iter().map(Part::Row));
        self
    }

    /// Everything that is written in it, as it is sent.
    #[must_use]
    pub fn prose(&self) -> String {
        let mut fitted = self.clone();
        fitted.fit();
        let texts = fitted.parts.iter().filter_map(Part::prose);
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Overwrites every text in memory.
    pub fn zeroize(&mut self) {
        for part in &mut self.parts {
            match part {
                Part::Text(text) => text.zeroize(),
                Part::List(list) => list.pieces.zeroize(),
                Part::Separator | Part::Row(_) => {}
            }
        }
    }

    /// The body for a new message in a channel.
    pub fn channel_body(&self) -> Value {
        let flags = if self.silent { COMPONENTS_V2 | SILENT } else { COMPONENTS_V2 };
        self.build_body(flags, &self.pings)
    }

    /// The body for an answer to an interaction, or a followup to it.
    pub fn reply_body(&self) -> Value {
        let flags = if self.ephemeral { COMPONENTS_V2 | EPHEMERAL } else { COMPONENTS_V2 };
        self.build_body(flags, &[])
    }

    /// The body for an edit. It names every part, so that nothing of the old content remains, also of a
    /// message of an earlier version, which had text and embeds instead.
    pub fn edit_body(&self) -> Value {
        let mut body = self.build_body(COMPONENTS_V2, &[]);
        if let Value::Object(parts) = &mut body {
            parts.insert("content".into(), Value::Null);
            parts.insert("embeds".into(), json!([]));
        }
        body
    }

    fn build_body(&self, flags: u64, pings: &[RoleId]) -> Value {
        let mut fitted = self.clone();
        fitted.fit();
        let components = layout::build_components(&fitted);
        // It may hold a token's secret.
        fitted.zeroize();
        // Nothing that stands in a message may ping anybody but whom we name; by default everything does,
        // also on edits, which forget what the message was created with.
        let mut mentions = json!({"parse": []});
        if let Value::Object(mentions) = &mut mentions
            && !pings.is_empty()
        {
            mentions.insert("roles".into(), json!(pings));
        }
        let mut body =
            json!({"flags": flags, "components": components, "allowed_mentions": mentions});
        if let (Value::Object(body), Some(file)) = (&mut body, &self.file) {
            body.insert("attachments".into(), json!([file.describe()]));
        }
        body
    }
}

impl Part {
    /// What is written in it.
    fn prose(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::List(list) => Some(list.pieces.join(&list.separator)),
            Self::Separator | Self::Row(_) => None,
        }
        .filter(|text| !text.trim().is_empty())
    }
}

#[cfg(test)]
mod tests;
