//! What the simulated service knows: people, roles, channels, messages, commands, interactions.
//! Plain data with look-ups; the rules are in the modules that change it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Instant,
};

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    happenings::Followers,
    interactions::Interaction,
    notifications::Notification,
    refusal::{self, Refusal},
    snowflakes::{Id, Snowflakes},
};

/// Whether a person can be reached by direct message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectMessages {
    /// Messages arrive.
    Open,
    /// The person takes no direct messages from members of the guild: error 50278.
    Closed,
    /// The person blocked the bot: error 50007.
    Blocked,
}

/// An account.
#[derive(Clone, Debug)]
pub struct User {
    /// The account's id.
    pub id: Id,
    /// The unique name, lower case.
    pub name: String,
    /// The name that people see.
    pub display_name: String,
    /// The language of the account's client.
    pub locale: String,
    /// Whether this is a bot's account.
    pub bot: bool,
    /// Whether direct messages reach it.
    pub direct_messages: DirectMessages,
}

/// An account's membership of the guild.
#[derive(Clone, Debug)]
pub struct Member {
    /// Roles beside the one that everyone has.
    pub roles: Vec<Id>,
    /// When it joined.
    pub joined_at: DateTime<Utc>,
}

/// A role of the guild; the one that everyone has carries the guild's id.
#[derive(Clone, Debug)]
pub struct Role {
    /// The role's id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// Bit set of permissions.
    pub permissions: u64,
    /// Whether it belongs to an integration.
    pub managed: bool,
    /// Whether everyone may mention it so that its holders are notified.
    pub mentionable: bool,
}

/// Who a permission overwrite of a channel is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwritten {
    /// Everyone with a role.
    Role(Id),
    /// One member.
    Member(Id),
}

/// A permission overwrite of a channel.
#[derive(Clone, Debug)]
pub struct Overwrite {
    /// For whom.
    pub target: Overwritten,
    /// Bits that are granted.
    pub allow: u64,
    /// Bits that are taken.
    pub deny: u64,
}

/// The kind of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the guild.
    Guild,
    /// Between the bot and this person.
    Direct(Id),
}

/// A text channel or a direct one.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The channel's id.
    pub id: Id,
    /// The name, without `#`; empty for direct ones.
    pub name: String,
    /// Guild or direct.
    pub place: Place,
    /// Overwrites, for guild channels.
    pub overwrites: Vec<Overwrite>,
}

/// The current version of a message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    /// Set: only this person sees it.
    pub ephemeral_to: Option<Id>,
    /// The message object as the service sends it.
    pub body: Value,
    /// What its attachments hold, by their ids.
    pub files: BTreeMap<Id, Bytes>,
    /// Grows with each visible change, over all messages.
    pub revision: u64,
    /// Deleted, or dismissed by the one who saw it.
    pub gone: bool,
    /// Whether Discord refuses further edits (30046).
    pub edits_exhausted: bool,
}

impl Message {
    /// Still the spinner of a deferred answer.
    pub(crate) fn is_loading(&self) -> bool {
        self.flags() & FLAG_LOADING != 0
    }

    pub(crate) fn flags(&self) -> u64 {
        self.body["flags"].as_u64().unwrap_or_default()
    }
}

/// Only one person sees the message.
pub(crate) const FLAG_EPHEMERAL: u64 = 1 << 6;
/// The message is a deferred answer's spinner.
pub(crate) const FLAG_LOADING: u64 = 1 << 7;
/// The message notifies no one.
pub(crate) const FLAG_SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// The message is made of components alone, in the new layout.
pub(crate) const FLAG_COMPONENTS_V2: u64 = 1 << 15;

/// The bot's application.
#[derive(Clone, Debug)]
pub struct Application {
    /// The application's id, which is also its bot's user id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// The bot's token.
    pub token: String,
    /// The public key for signed interactions, hexadecimal.
    pub public_key: String,
}

/// The guild.
#[derive(Clone, Debug)]
pub struct Guild {
    /// The guild's id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// Who owns it.
    pub owner: Id,
    /// The preferred locale.
    pub locale: String,
    /// Its roles, everyone's first.
    pub roles: Vec<Role>,
}

/// Everything the service knows.
pub(crate) struct State {
    pub application: Application,
    pub guild: Guild,
    pub users: BTreeMap<Id, User>,
    pub members: BTreeMap<Id, Member>,
    pub channels: BTreeMap<Id, Channel>,
    pub messages: BTreeMap<Id, Message>,
    pub commands: Vec<Value>,
    pub interactions: BTreeMap<Id, Interaction>,
    /// Which interaction a token belongs to.
    pub tokens: HashMap<String, Id>,
    /// The newest message of each channel that everyone there sees.
    pub newest: HashMap<Id, Id>,
    /// What was posted lately under a nonce, for each channel.
    pub nonces: HashMap<(Id, String), (Instant, Id)>,
    /// The newest revision of each message (second) that each person (first) looked at.
    pub read: HashMap<(Id, Id), u64>,
    /// Who was notified of what, the oldest first.
    pub notifications: Vec<Notification>,
    /// Who is told of what happens.
    pub followers: Followers,
    /// Whether a message in a direct channel can be ephemeral.
    pub ephemeral_in_dms: bool,
    pub snowflakes: Snowflakes,
    pub revision: u64,
}

impl State {
    /// A channel of the guild or a direct one.
    pub(crate) fn channel(&self, id: Id) -> Result<&Channel, Refusal> {
        self.channels.get(&id).ok_or(refusal::UNKNOWN_CHANNEL)
    }

    /// A message in a channel that everyone there sees.
    pub(crate) fn public_message(&self, channel: Id, id: Id) -> Result<&Message, Refusal> {
        self.messages
            .get(&id)
            .filter(|m| m.channel == channel && !m.gone && m.ephemeral_to.is_none())
            .ok_or(refusal::UNKNOWN_MESSAGE)
    }

    /// The direct channel with a person, created on first use.
    pub(crate) fn direct_channel(&mut self, person: Id) -> Id {
        let known = self.channels.values().find(|c| c.place == Place::Direct(person));
        if let Some(channel) = known {
            return channel.id;
        }
        let id = self.snowflakes.next();
        let place = Place::Direct(person);
        let channel = Channel { id, name: String::new(), place, overwrites: Vec::new() };
        self.channels.insert(id, channel);
        id
    }

    /// Marks a message as changed.
    pub(crate) fn touch(&mut self, id: Id) {
        self.revision += 1;
        if let Some(message) = self.messages.get_mut(&id) {
            message.revision = self.revision;
        }
        self.tell_shown(id);
    }

    /// Marks a message as looked at by a person, in the version given.
    pub(crate) fn mark_read(&mut self, person: Id, id: Id, revision: u64) {
        let newest = self.read.entry((person, id)).or_default();
        *newest = (*newest).max(revision);
    }

    /// Whether a person has seen the current version of a message.
    pub(crate) fn has_read(&self, person: Id, message: &Message) -> bool {
        self.read.get(&(person, message.id)).is_some_and(|seen| *seen >= message.revision)
    }

    /// Whether a person sees a message.
    pub(crate) fn wait_for_text(&self, person: Id, message: &Message) -> bool {
        if message.gone {
            return false;
        }
        match message.ephemeral_to {
            Some(only) => only == person,
            None => self.sees_channel(person, message.channel),
        }
    }

    /// Whether a channel is one of direct messages.
    pub(crate) fn is_direct(&self, channel: Id) -> bool {
        let channel = self.channels.get(&channel);
        matches!(channel, Some(Channel { place: Place::Direct(_), .. }))
    }

    /// Whether a person sees a channel.
    pub(crate) fn sees_channel(&self, person: Id, channel: Id) -> bool {
        match self.channels.get(&channel) {
            Some(Channel { place: Place::Direct(other), .. }) => *other == person,
            Some(channel) => {
                self.permissions_in(person, channel) & super::permissions::VIEW_CHANNEL != 0
            }
            None => false,
        }
    }
}
