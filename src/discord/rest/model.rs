//! What Discord answers, as far as the bot uses it.

use serde::{Deserialize, Deserializer, de};

use crate::discord::interaction::MessageRef;
use crate::domain::ids::{ApplicationId, ChannelId, CommandId, GuildId, MessageId, RoleId, UserId};

#[derive(Deserialize)]
pub(super) struct MessageBody {
    id: MessageId,
    channel_id: ChannelId,
}

impl From<MessageBody> for MessageRef {
    fn from(body: MessageBody) -> Self {
        Self { channel_id: body.channel_id, id: body.id }
    }
}

/// A slash command, as far as mentions need it.
#[derive(Deserialize)]
pub(super) struct Command {
    pub(super) id: CommandId,
    pub(super) name: String,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The unique name.
    pub username: String,
    /// The name that others read, if it differs.
    #[serde(default)]
    pub global_name: Option<String>,
    /// Whether it is a bot.
    #[serde(default)]
    pub bot: bool,
}

/// A guild's member.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// Who it is.
    pub user: User,
    /// The name in this guild, if it differs.
    #[serde(default)]
    pub nick: Option<String>,
    /// The roles, without the one that everybody has.
    pub roles: Vec<RoleId>,
}

impl Member {
    /// The name that others in the guild read.
    pub fn display_name(&self) -> &str {
        let name = self.nick.as_deref().or(self.user.global_name.as_deref());
        name.unwrap_or(&self.user.username)
    }
}

/// A guild's role. The one that everybody has bears the guild's id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Role {
    /// The id.
    pub id: RoleId,
    /// The name.
    pub name: String,
    /// What it allows: Discord's permission bits.
    #[serde(deserialize_with = "bits")]
    pub permissions: u64,
    /// Its height: who may manage roles may hand out those under their own highest.
    pub position: i64,
    /// Whether only an integration can assign it.
    #[serde(default)]
    pub managed: bool,
    /// Whether anyone may mention it, so that its members are notified.
    #[serde(default)]
    pub mentionable: bool,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// The id.
    pub id: ChannelId,
    /// Discord's number for its kind: 0 text, 1 direct messages, 5 announcements, …
    #[serde(rename = "type")]
    pub kind: u8,
    /// Its guild; none for direct messages.
    #[serde(default)]
    pub guild_id: Option<GuildId>,
    /// The name; none for direct messages.
    #[serde(default)]
    pub name: Option<String>,
    /// Who may do more, or less, here than elsewhere.
    #[serde(default)]
    pub permission_overwrites: Vec<Overwrite>,
}

/// What a role or a member may do in one channel other than elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Overwrite {
    /// The role's or the member's id.
    #[serde(deserialize_with = "bits")]
    pub id: u64,
    /// Which of the two it is.
    #[serde(rename = "type")]
    pub kind: OverwriteKind,
    /// Permission bits that are added.
    #[serde(deserialize_with = "bits")]
    pub allow: u64,
    /// Permission bits that are taken away.
    #[serde(deserialize_with = "bits")]
    pub deny: u64,
}

/// Whom an [`Overwrite`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "u8")]
pub enum OverwriteKind {
    /// Everybody with a role.
    Role,
    /// One member.
    Member,
}

impl From<u8> for OverwriteKind {
    fn from(kind: u8) -> Self {
        if kind == 0 { Self::Role } else { Self::Member }
    }
}

/// A guild.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Guild {
    /// The id.
    pub id: GuildId,
    /// The name.
    pub name: String,
    /// Who may do everything in it.
    pub owner_id: UserId,
}

/// A guild that the bot is in, as the list of them has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwnGuild {
    /// The id.
    pub id: GuildId,
    /// The name.
    pub name: String,
}

/// The bot's application.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Application {
    /// The id.
    pub id: ApplicationId,
    /// The name.
    pub name: String,
    /// What signed interactions are verified with, in hex.
    #[serde(default)]
    pub verify_key: String,
    /// Where Discord posts interactions; none if they go through the gateway.
    #[serde(default)]
    pub interactions_endpoint_url: Option<String>,
}

/// Where the gateway is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GatewayBot {
    /// Its address.
    pub url: String,
    /// How often it may still be entered today.
    pub session_start_limit: SessionLimit,
}

/// How often the gateway may be entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct SessionLimit {
    /// In each period.
    pub total: u32,
    /// In what is left of this period.
    pub remaining: u32,
    /// Milliseconds until the period ends.
    pub reset_after: u64,
    /// In each 5 s.
    pub max_concurrency: u16,
}

/// Numbers that Discord sends as text, since they outgrow JavaScript's.
fn bits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}
