//! The configuration as plain data: read once, checked completely, then only read.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::SecretString;
use url::Url;

use crate::domain::catalogue::{Catalogue, ProviderId};
use crate::domain::ids::{ApplicationId, ChannelId, GuildId, MessageId, RoleId};
use crate::locale::Language;
use crate::network::Network;

use super::http_settings::{HttpIssuerSettings, HttpLogin};
use super::http_template::Outside;
use super::mail::HelloName;
use super::steps::StepTemplates;

/// Everything that the operator decides.
#[derive(Debug)]
pub struct Config {
    /// The file that it came from; the other files are found relative to it.
    pub file: PathBuf,
    /// The files that secrets were read from: this one, if one stands in it, and those that it names. Without the
    /// keys' file.
    pub secret_files: BTreeSet<PathBuf>,
    /// `[discord]`.
    pub discord: DiscordSettings,
    /// `[database]`.
    pub database: DatabaseSettings,
    /// `[http]`: health, metrics, interactions.
    pub http: HttpSettings,
    /// `[verify]`: introspection and forward authentication; off where the section is missing.
    pub verify: Option<VerifySettings>,
    /// `[keys]`.
    pub keys: KeysSettings,
    /// `[mail]`.
    pub mail: MailSettings,
    /// `[network]`, with the proxies of the environment.
    pub network: Network,
    /// `[log]`.
    pub log: LogSettings,
    /// `[policy]`.
    pub policy: PolicySettings,
    /// `[[providers]]`, in the order of the file; at least one, with ids of their own.
    pub providers: Vec<Provider>,
}

impl Config {
    /// The provider of that id; one that a request names may be gone from the file.
    pub fn provider(&self, id: &ProviderId) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == *id)
    }

    /// What people call the provider of that id: its name, or the id where it is gone from the file.
    pub fn provider_name<'a>(&'a self, id: &'a ProviderId) -> &'a str {
        self.provider(id).map_or(id.as_str(), |provider| provider.name.as_str())
    }
}

/// `[discord]`.
#[derive(Debug, Clone)]
pub struct DiscordSettings {
    /// The bot's token, without the word `Bot`.
    pub token: SecretString,
    /// The application that interactions must be of.
    pub application_id: ApplicationId,
    /// The guild that interactions must come from.
    pub guild_id: GuildId,
    /// How interactions arrive.
    pub ingress: Ingress,
    /// Where REST goes instead of `https://discord.com`: scheme, host and port, nothing else.
    pub proxy: Option<Url>,
}

impl DiscordSettings {
    /// A link that opens a message of this guild's.
    #[must_use]
    pub fn message_link(&self, channel: ChannelId, message: MessageId) -> String {
        format!("https://discord.com/channels/{}/{channel}/{message}", self.guild_id)
    }
}

/// How interactions arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingress {
    /// Over the gateway's socket; one process.
    Gateway,
    /// As signed POSTs to `/discord/interactions`; any number of processes.
    Http {
        /// The application's Ed25519 key; known to be a point on the curve.
        public_key: [u8; 32],
    },
}

/// `[database]`.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Where `serve` connects, as the role that the database watches. The owner's login is never here:
    /// see [`crate::cli::owner`].
    pub url: SecretString,
    /// Whether `url` may be the owner's login too, which gives up what the database refuses.
    pub single_role: bool,
}

/// `[http]`.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The listener for health, metrics and interactions.
    pub listen: SocketAddr,
}

/// `[verify]`.
#[derive(Debug, Clone)]
pub struct VerifySettings {
    /// The listener for `/v1/…`; not `[http]`'s.
    pub listen: SocketAddr,
    /// The headers with the method and path of the request to authorize.
    pub headers: HeaderFamily,
    /// How a browser's preflight is answered.
    pub preflight: Preflight,
    /// Who may introspect, each under a name of its own.
    pub introspection_clients: Vec<IntrospectionClient>,
    /// From whom a client address in a header is believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// The headers with the method and path of the request to authorize.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderFamily {
    /// `X-Forwarded-Method` and `X-Forwarded-Uri`.
    Forwarded,
    /// `X-Original-Method` and `X-Original-URI`.
    Original,
    /// `X-Original-Method` and `X-Original-URL`, which is a whole URL.
    IngressNginx,
    /// No header: the question has the request's own method, and its path behind ours.
    Envoy,
}

/// How a browser's preflight is answered: a request with `OPTIONS` and no credentials, by which it asks
/// whether another site's page may send the real one (Fetch, "CORS-preflight request").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Preflight {
    /// It takes a token as any other request does, which no browser sends: 401.
    #[default]
    Authorize,
    /// It passes, whatever its path, and the service answers it.
    Pass,
}

/// One who may introspect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntrospectionClient {
    /// The operator's name for it, and its user name with HTTP Basic. Its requests are not logged.
    pub name: String,
    /// The SHA-256 of its bearer token, which is its password as well.
    pub bearer_sha256: [u8; 32],
}

/// `[keys]`.
#[derive(Debug, Clone)]
pub struct KeysSettings {
    /// What [`crate::keyring::Keyring::load`] reads.
    pub file: PathBuf,
}

/// `[mail]`.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Where emails go.
    pub transport: MailTransport,
    /// Whom they come from.
    pub from: Mailbox,
    /// The time zone of times in them.
    pub time_zone: Tz,
}

/// Where emails go.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// To a server.
    Smtp {
        /// lettre's URL form, login included; known to be one that lettre takes.
        url: SecretString,
        /// A PEM file of the authority that signed the server's certificate, beside the usual ones.
        ca_file: Option<PathBuf>,
        /// The name that the bot gives to the server; by default that of its machine.
        hello: Option<HelloName>,
        /// How the bot gets the access token that it logs in with (XOAUTH2), where `url` has no password.
        oauth: Option<Box<MailOauth>>,
    },
    /// Into a directory, one file each.
    Directory(PathBuf),
}

/// How the bot gets an access token for the mail server.
#[derive(Debug, Clone)]
pub struct MailOauth {
    /// The call of the token endpoint.
    pub login: HttpLogin,
    /// The secrets that the call sends.
    pub outside: Outside,
}

/// `[log]`.
#[derive(Debug, Clone, Default)]
pub struct LogSettings {
    /// The format of log lines. `RUST_LOG` sets which lines there are.
    pub format: LogFormat,
}

/// How lines of the log look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Human,
    /// For machines: one object a line.
    Json,
}

/// `[policy]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySettings {
    /// How many approvals a widening needs; 2 to 20.
    pub approvals: u8,
    /// Whether an admin's own request counts as their approval.
    pub count_requester: bool,
    /// How long a request waits for approvals.
    pub request_ttl: Duration,
    /// When the admins are reminded of it; less than `request_ttl`.
    pub remind_after: Duration,
    /// How long a secret waits for its owner.
    pub delivery_ttl: Duration,
    /// How long a revealed secret is shown; at most 14 minutes, since Discord forgets us after 15.
    pub reveal_visible_for: Duration,
    /// What the panel preselects; whole days.
    pub default_lifetime: Duration,
    /// The longest lifetime that can be requested; whole days.
    pub max_lifetime: Duration,
    /// How many open requests one person may have; at least 1.
    pub max_open_requests: u32,
    /// How many announcements one admin may send for a provider in any 24 hours; 0 for none.
    pub announcements_per_day: u32,
}

/// What people can choose between, in days, unless the policy is tighter.
const LIFETIMES: [u64; 4] = [30, 90, 180, 365];
const DAY: u64 = 24 * 60 * 60;

impl PolicySettings {
    /// What the panel offers, in days, shortest first; the default is always among them.
    pub fn lifetimes_in_days(&self) -> Vec<u64> {
        let (default, longest) =
            (self.default_lifetime.as_secs() / DAY, self.max_lifetime.as_secs() / DAY);
        let mut days: Vec<u64> = LIFETIMES.into_iter().filter(|days| *days <= longest).collect();
        days.push(default);
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// An API that tokens are made for.
#[derive(Debug)]
pub struct Provider {
    /// Unique.
    pub id: ProviderId,
    /// What people see; 1 to 80 characters, on one line.
    pub name: String,
    /// The language of its cards.
    pub locale: Language,
    /// What its tokens can be allowed to do.
    pub catalogue: Catalogue,
    /// Where its cards go.
    pub approval_channel: ChannelId,
    /// Who is an admin; at least one role, and never everyone.
    pub admin_roles: Vec<RoleId>,
    /// The roles that a new card and reminders ping; empty for none.
    pub ping_roles: Vec<RoleId>,
    /// Who may request tokens; empty for everyone in the guild.
    pub requester_roles: Vec<RoleId>,
    /// How many approvals a widening needs here; never less than the policy's.
    pub approvals: u8,
    /// What creates its tokens.
    pub issuer: IssuerSettings,
}

/// What creates and revokes a provider's tokens.
#[derive(Debug)]
pub enum IssuerSettings {
    /// Countersign itself.
    Builtin,
    /// An admin, by these steps.
    Manual(StepTemplates),
    /// A REST API.
    Http(Box<HttpIssuerSettings>),
}
