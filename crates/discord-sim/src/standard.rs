//! The standard guild: a developer, three admins, two channels, and a bot.

use std::sync::Arc;

use chrono::{TimeZone, Utc};

use super::{
    gateway::GatewayOptions,
    ingress::Ingress,
    interactions::Timings,
    permissions::{self, EVERYONE, VIEW_CHANNEL},
    snowflakes::{Id, Snowflakes},
    state::{
        Application, Channel, DirectMessages, Guild, Member, Overwrite, Overwritten, Place, Role,
        State, User,
    },
};

/// The bot's application, and its user.
pub const APPLICATION: Id = 1_101_000_000_000_000_001;
/// The token with which the bot presents itself.
pub const TOKEN: &str = "simulated.discord.token";
/// The guild, and the role that everyone in it has.
pub const GUILD: Id = 1_102_000_000_000_000_001;
/// The role `token-admins`.
pub const ADMINS: Id = 1_103_000_000_000_000_001;
/// The role that came with the bot.
pub const BOT_ROLE: Id = 1_103_000_000_000_000_002;
/// `#general`, which everyone sees.
pub const GENERAL: Id = 1_104_000_000_000_000_001;
/// `#approvals`, which admins and the bot see.
pub const APPROVALS: Id = 1_104_000_000_000_000_002;
/// Rin, the developer.
pub const RIN: Id = 1_105_000_000_000_000_001;
/// Aki, an admin.
pub const AKI: Id = 1_105_000_000_000_000_002;
/// Ben, an admin.
pub const BEN: Id = 1_105_000_000_000_000_003;
/// Chiyo, an admin who reads Japanese.
pub const CHIYO: Id = 1_105_000_000_000_000_004;
/// Olga, who owns the guild and takes no part.
const OWNER: Id = 1_105_000_000_000_000_009;
/// The default name of the bot, its application and its role.
const BOT: &str = "Bot";
/// The first id of members that are added.
const MORE: Id = 1_105_000_000_000_000_100;

/// How the service starts.
#[derive(Clone)]
pub struct Options {
    /// The bot's application.
    pub application: Application,
    /// The guild with its roles.
    pub guild: Guild,
    /// Its members, the bot among them, each with roles.
    pub members: Vec<(User, Vec<Id>)>,
    /// Its channels.
    pub channels: Vec<Channel>,
    /// The deadlines of interactions.
    pub timings: Timings,
    /// Whether rate limits are enforced. Measurements turn them off.
    pub route_limits: bool,
    /// Whether the header `User-Agent` must be as it is documented: `DiscordBot (URL, VERSION)`. The
    /// real service lets libraries through that send another.
    pub checks_user_agent: bool,
    /// Whether the service's own answers are held to the OpenAPI document, too.
    pub checks_itself: bool,
    /// Whether what the bot sends is held to the OpenAPI document, where that is at hand. Measurements turn
    /// it off: it takes longer than everything else here.
    pub checks_document: bool,
    /// Keeps the bodies of requests in the record.
    pub keep_bodies: bool,
    /// The port of the REST API; 0 is any that is free.
    pub port: u16,
    /// How events reach the bot; a gateway of its own where nothing is given.
    pub ingress: Option<Arc<dyn Ingress>>,
    /// The gateway's own figures, where Discord's don't do.
    pub gateway: Option<GatewayOptions>,
}

impl Default for Options {
    fn default() -> Self {
        Self::standard()
    }
}

impl Options {
    /// The standard guild.
    pub fn standard() -> Self {
        let application = Application {
            id: APPLICATION,
            name: BOT.to_owned(),
            token: TOKEN.to_owned(),
            public_key: "00".repeat(32),
        };
        let guild = Guild {
            id: GUILD,
            name: "Token makers".to_owned(),
            owner: OWNER,
            locale: "en-US".to_owned(),
            roles: vec![
                role(GUILD, "@everyone", EVERYONE, false),
                role(ADMINS, "token-admins", 0, false),
                role(BOT_ROLE, BOT, EVERYONE, true),
            ],
        };
        let mut bot = user(APPLICATION, "bot", BOT, "en-US");
        bot.bot = true;
        let members = vec![
            (bot, vec![BOT_ROLE]),
            (user(OWNER, "olga", "Olga", "en-US"), vec![]),
            (user(RIN, "rin", "Rin", "en-US"), vec![]),
            (user(AKI, "aki", "Aki", "en-US"), vec![ADMINS]),
            (user(BEN, "ben", "Ben", "en-US"), vec![ADMINS]),
            (user(CHIYO, "chiyo", "Chiyo", "ja"), vec![ADMINS]),
        ];
        Self {
            application,
            guild,
            members,
            channels: vec![general(), approvals()],
            timings: Timings::default(),
            route_limits: true,
            checks_user_agent: true,
            checks_itself: false,
            checks_document: true,
            keep_bodies: false,
            port: 0,
            ingress: None,
            gateway: None,
        }
    }

    /// Names the bot, its application and its role; its unique name is the same in lower case.
    pub fn for_bot(mut self, name: &str) -> Self {
        name.clone_into(&mut self.application.name);
        let id = self.application.id;
        for (user, _) in self.members.iter_mut().filter(|(user, _)| user.id == id) {
            user.name = name.to_lowercase();
            name.clone_into(&mut user.display_name);
        }
        for role in self.guild.roles.iter_mut().filter(|role| role.id == BOT_ROLE) {
            name.clone_into(&mut role.name);
        }
        self
    }

    /// Adds a person; the name is lower case, admins get the role.
    pub fn with_member(mut self, name: &str, locale: &str, admin: bool) -> Self {
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let display: String = first.chain(letters).collect();
        let id = MORE + self.members.len() as Id;
        let roles = if admin { vec![ADMINS] } else { Vec::new() };
        self.members.push((user(id, name, &display, locale), roles));
        self
    }

    /// The state at the start.
    pub(crate) fn state(&self) -> State {
        let joined_at = Utc.timestamp_opt(1_700_000_000, 0).single().unwrap_or_default();
        let member = |roles: &Vec<Id>| Member { roles: roles.clone(), joined_at };
        State {
            application: self.application.clone(),
            guild: self.guild.clone(),
            users: self.members.iter().map(|(user, _)| (user.id, user.clone())).collect(),
            members: self.members.iter().map(|(user, roles)| (user.id, member(roles))).collect(),
            channels: self.channels.iter().map(|channel| (channel.id, channel.clone())).collect(),
            messages: Default::default(),
            commands: Vec::new(),
            interactions: Default::default(),
            tokens: Default::default(),
            newest: Default::default(),
            nonces: Default::default(),
            read: Default::default(),
            notifications: Vec::new(),
            followers: Default::default(),
            ephemeral_in_dms: true,
            snowflakes: Snowflakes::default(),
            revision: 0,
        }
    }
}

/// The role of admins is the one that everyone may mention.
fn role(id: Id, name: &str, permissions: u64, managed: bool) -> Role {
    Role { id, name: name.to_owned(), permissions, managed, mentionable: id == ADMINS }
}

fn user(id: Id, name: &str, display_name: &str, locale: &str) -> User {
    User {
        id,
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        locale: locale.to_owned(),
        bot: false,
        direct_messages: DirectMessages::Open,
    }
}

fn general() -> Channel {
    let overwrites = Vec::new();
    Channel { id: GENERAL, name: "general".to_owned(), place: Place::Guild, overwrites }
}

/// Closed to everyone, open to admins and the bot.
fn approvals() -> Channel {
    let overwrite = |id, allow, deny| Overwrite { target: Overwritten::Role(id), allow, deny };
    let bot = VIEW_CHANNEL | permissions::SEND_MESSAGES | permissions::EMBED_LINKS;
    let overwrites = vec![
        overwrite(GUILD, 0, VIEW_CHANNEL),
        overwrite(ADMINS, VIEW_CHANNEL, 0),
        overwrite(BOT_ROLE, bot | permissions::READ_MESSAGE_HISTORY, 0),
    ];
    Channel { id: APPROVALS, name: "approvals".to_owned(), place: Place::Guild, overwrites }
}
