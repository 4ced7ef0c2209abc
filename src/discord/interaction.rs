//! An interaction: one command, click or modal, as Discord sends it through either way in.
//!
//! Read from raw JSON: leniently where Discord may add things, strictly where something is needed.
//! What the parser takes needs no second check of its shape; who may do what is decided elsewhere.

mod fields;
mod parse;

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::message::{Choice, File, Message, Modal, limit, truncate};
use crate::domain::ids::{
    ApplicationId, ChannelId, CommandId, GuildId, InteractionId, MessageId, RoleId, UserId,
};

/// One command, click or modal.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Its id; the same when Discord sends it again.
    pub id: InteractionId,
    /// The application that it is meant for; the caller refuses any but its own.
    pub application_id: ApplicationId,
    /// Answers the interaction for 15 minutes, and reads what was answered: a secret.
    pub token: SecretString,
    /// The guild, or none in a direct message.
    pub guild_id: Option<GuildId>,
    /// The channel where it happened.
    pub channel_id: Option<ChannelId>,
    /// Who did it.
    pub user: InteractionUser,
    /// That person's roles, inside a guild only.
    pub roles: Option<Vec<RoleId>>,
    /// That person's language, as Discord names it: `en-US`, `ja`, …
    pub locale: String,
    /// Where it happened.
    pub context: ContextType,
    /// What was done.
    pub kind: InteractionKind,
}

impl Interaction {
    /// Whether it came from a message that only the person sees.
    pub fn is_on_private_message(&self) -> bool {
        self.private_message().is_some()
    }

    /// The message that it came from, if only the person sees it.
    pub fn private_message(&self) -> Option<MessageId> {
        let source = match &self.kind {
            InteractionKind::Component(component) => Some(component.message),
            InteractionKind::Modal(submission) => submission.message,
            InteractionKind::Command(_) | InteractionKind::Autocomplete { .. } => None,
        };
        source.filter(|source| source.ephemeral).map(|source| source.message.id)
    }

    /// The same, or from their direct messages with the bot: Discord's documents leave open whether a message
    /// can be private there.
    pub fn is_on_message_to_one(&self) -> bool {
        self.is_on_private_message() || self.context == ContextType::BotDm
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InteractionUser {
    /// The user's id.
    pub id: UserId,
    /// The unique name.
    pub username: String,
    /// What others read: the guild's nickname, else the global name, else the unique name.
    pub display_name: String,
    /// Whether it is a bot.
    pub bot: bool,
}

/// Where an interaction happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextType {
    /// In a guild.
    Guild,
    /// In the direct messages with this bot.
    BotDm,
    /// Anywhere else.
    Elsewhere,
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum InteractionKind {
    /// A slash command was sent.
    Command(Command),
    /// A slash command is being typed, and wants proposals.
    Autocomplete {
        /// What stands there so far.
        command: Command,
        /// The option that is being typed, and its text so far.
        focused: (String, String),
    },
    /// A button was pressed, or a select changed.
    Component(Component),
    /// A modal was submitted.
    Modal(Submission),
}

/// A slash command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Command {
    /// The command's name, then its group's and its subcommand's: `["token", "request"]`. Names are
    /// always the default ones, whatever the person's language.
    pub path: Vec<String>,
    /// What mentions of it carry.
    pub id: Option<CommandId>,
    /// Its options by name.
    pub options: BTreeMap<String, OptionValue>,
    /// The users that the options name.
    pub users: BTreeMap<UserId, ResolvedUser>,
}

/// The value of a command's option.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A user; see [`Command::users`].
    User(UserId),
    /// A role, a channel, a file: no command of ours takes them.
    Other,
}

/// A pressed button or a changed select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// What the bot named it.
    pub custom_id: String,
    /// What is chosen now; none for a button.
    pub values: Vec<String>,
    /// The message that it stands on.
    pub message: Source,
}

/// The message that an interaction came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it stands.
    pub message: MessageRef,
    /// Whether only one person sees it.
    pub ephemeral: bool,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageRef {
    /// Its channel.
    pub channel_id: ChannelId,
    /// Its id.
    pub id: MessageId,
}

impl From<(ChannelId, MessageId)> for MessageRef {
    fn from((channel_id, id): (ChannelId, MessageId)) -> Self {
        Self { channel_id, id }
    }
}

/// A submitted modal.
#[derive(Clone, PartialEq, Eq)]
pub struct Submission {
    /// What the bot named it.
    pub custom_id: String,
    /// What was entered, by the inputs' custom ids. May hold a pasted secret: never printed.
    pub fields: BTreeMap<String, FieldValue>,
    /// The users that were chosen.
    pub users: BTreeMap<UserId, ResolvedUser>,
    /// The message whose component opened it; none if a command did.
    pub message: Option<Source>,
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&String> = self.fields.keys().collect();
        f.debug_struct("Submission")
            .field("custom_id", &self.custom_id)
            .field("fields", &names)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// What was entered in one input.
#[derive(Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Typed text; empty if nothing was typed.
    Text(String),
    /// Chosen values: options, or ids as text.
    Values(Vec<String>),
}

/// What Discord says of a user that an interaction names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedUser {
    /// What others read.
    pub display_name: String,
    /// Whether it is a bot.
    pub bot: bool,
    /// Whether they are in the guild where the interaction happened.
    pub member: bool,
}

/// JSON that is no interaction that the bot can answer. Holds nothing of what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Discord tests the endpoint; no person waits for an answer.
    #[error("a ping, which is no interaction of a person")]
    Ping,
    /// A kind of interaction that didn't exist when this was written.
    #[error("an unknown kind of interaction")]
    UnknownKind,
    /// Something needed is absent or of another shape.
    #[error("`{0}` is missing or has an unexpected shape")]
    Field(&'static str),
}

/// The first answer to an interaction, due within 3 s.
#[derive(Clone, Debug, PartialEq)]
pub enum Callback {
    /// Answers a ping.
    Pong,
    /// A new message.
    Message(Message),
    /// A new message will follow, by an edit of the original answer.
    DeferMessage {
        /// Whether only one person will see it; can't change later.
        ephemeral: bool,
    },
    /// The message of the component will be edited, or something else follows.
    DeferUpdate,
    /// The message of the component, edited. Not for a modal that a command opened.
    Update(Message),
    /// Opens a modal. Not in answer to a modal.
    Modal(Modal),
    /// Proposals, at most 25.
    Autocomplete(Vec<Choice>),
}

impl Callback {
    /// The file of the message that it brings.
    pub fn file(&self) -> Option<&File> {
        match self {
            Self::Message(message) | Self::Update(message) => message.file.as_ref(),
            _ => None,
        }
    }

    /// The body of `POST /interactions/{id}/{token}/callback`.
    pub fn body(&self) -> Value {
        match self {
            Self::Pong => json!({"type": 1}),
            Self::Message(message) => json!({"type": 4, "data": message.reply_body()}),
            Self::DeferMessage { ephemeral: true } => json!({"type": 5, "data": {"flags": 64}}),
            Self::DeferMessage { ephemeral: false } => json!({"type": 5}),
            Self::DeferUpdate => json!({"type": 6}),
            Self::Update(message) => json!({"type": 7, "data": message.edit_body()}),
            Self::Autocomplete(choices) => {
                let choices: Vec<Value> = choices
                    .iter()
                    .take(limit::OPTIONS)
                    .map(|choice| {
                        json!({
                            "name": truncate(&choice.name, limit::OPTION_TEXT), "value": choice.value,
                        })
                    })
                    .collect();
                json!({"type": 8, "data": {"choices": choices}})
            }
            Self::Modal(modal) => json!({"type": 9, "data": modal.body()}),
        }
    }
}

impl Submission {
    /// The text of an input; none if there is no such text input.
    pub fn text(&self, custom_id: &str) -> Option<&str> {
        match self.fields.get(custom_id)? {
            FieldValue::Text(text) => Some(text),
            FieldValue::Values(_) => None,
        }
    }

    /// The first value that was chosen in a select.
    pub fn choice(&self, custom_id: &str) -> Option<&str> {
        match self.fields.get(custom_id)? {
            FieldValue::Values(values) => values.first().map(String::as_str),
            FieldValue::Text(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
