//! What the tables of custom ids and of commands say of each row, beside its handler.
//!
//! The tables are in [`super::custom_id`] and [`super::commands`]. Nothing here knows a single button or
//! command.

/// Where an interaction is answered. Everywhere else it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the configured guild only.
    Guild,
    /// In the configured guild, and in direct messages with the bot.
    GuildOrDm,
}

/// How an interaction is acknowledged when its answer takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// As a new private message, which is filled in later.
    NewMessage,
    /// As an update of the private message that was pressed; anything else follows it.
    Update,
    /// Not at all: a modal or an autocomplete list can't come late. The person is asked to try again.
    Never,
}

/// What was operated: it decides what a handler gets beside the arguments of the custom id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// A button. The handler gets nothing more.
    Button,
    /// A select. The handler gets the chosen values.
    Select,
    /// A modal. The handler gets what was submitted.
    Modal,
}

/// What is known of an interaction before its handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// What logs and metrics call it. Several rows may share one.
    pub name: &'static str,
    /// Where it is answered.
    pub location: Location,
    /// How it is deferred.
    pub deferral: Deferral,
}
