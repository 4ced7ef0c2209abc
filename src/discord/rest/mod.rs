//! Calls to Discord's REST API.
//!
//! Serenity names the routes; our own executor carries them out, in place of serenity's client, which
//! waits without bounds, retries nothing, has no time-outs, and prints the interaction's token with
//! each URL. (Its `Request::build` isn't used either: it records the route, token included, in a
//! tracing span.) Here every call ends within known bounds, an error says what to do about it, and
//! nothing that is printed holds a URL or a token.

mod error;
mod executor;
mod guilds;
mod interactions;
mod messages;
mod model;
mod rate_limits;
mod zeroized_body;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

pub use error::{ErrorCode, RestError};
pub use interactions::Acceptance;
pub use model::{
    Application, Channel, GatewayBot, Guild, Member, Overwrite, OverwriteKind, OwnGuild, Role,
    SessionLimit, User,
};

use reqwest::header::{HeaderMap, HeaderValue, USER_AGENT};
use secrecy::SecretString;

use self::rate_limits::RateLimits;
use crate::domain::ids::{ApplicationId, CommandId};
use crate::network::{ClientTls, Network};

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Until a connection stands.
    pub connect: Duration,
    /// From a request's first byte to its answer's last, once.
    pub total: Duration,
    /// In all, for rate limits, in one call; a longer wait is left to the caller.
    pub wait: Duration,
    /// Before the second try; it doubles for the third.
    pub backoff: Duration,
    /// In all, for the first answer to an interaction: Discord takes none after 3 s.
    pub callback: Duration,
    /// For one try of that, so that silence leaves time for another.
    pub callback_try: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            wait: Duration::from_secs(15),
            backoff: Duration::from_millis(250),
            callback: Duration::from_secs(3),
            callback_try: Duration::from_secs(1),
        }
    }
}

/// What a client needs to know.
pub struct RestSettings {
    /// The bot's token, without `Bot `.
    pub token: SecretString,
    /// The bot's application.
    pub application_id: ApplicationId,
    /// Where requests go in place of `https://discord.com`.
    pub proxy: Option<String>,
    /// How connections are made.
    pub network: Network,
    /// How long things may take.
    pub times: Times,
}

/// Discord's REST API, as far as the bot uses it. Share one: it holds connections and rate limits.
pub struct Rest {
    client: reqwest::Client,
    /// `Bot …`, marked as sensitive, so that no library prints it.
    authorization: HeaderValue,
    application_id: ApplicationId,
    proxy: Option<String>,
    times: Times,
    limits: RateLimits,
    /// The id of the bot's command; 0 until it is known.
    command: AtomicI64,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest")
            .field("application_id", &self.application_id)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

/// Settings that make no client.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The token can't stand in a header.
    #[error("the Discord token holds characters that no token has")]
    Token,
    /// The HTTP client can't be built.
    #[error("the HTTP client can't be built")]
    Client(#[source] reqwest::Error),
    /// TLS can't be set up.
    #[error("TLS can't be set up")]
    Tls(#[source] rustls::Error),
}

/// Who calls, in the form that Discord asks for: without it, requests may be blocked.
const AGENT: &str =
    concat!("DiscordBot (https://crates.io/crates/countersign, ", env!("CARGO_PKG_VERSION"), ")");

impl Rest {
    /// A client; connects when it is first used.
    pub fn new(settings: RestSettings) -> Result<Self, SetupError> {
        use secrecy::ExposeSecret;
        let token = settings.token.expose_secret();
        let mut authorization =
            HeaderValue::from_str(&format!("Bot {token}")).map_err(|_| SetupError::Token)?;
        authorization.set_sensitive(true);
        let (network, tls) = (&settings.network, ClientTls::default());
        let client = match settings.proxy {
            // The environment's own proxy is for reaching Discord, which this stands in for.
            Some(_) => network.http_client_without_proxy(tls),
            None => network.http_client(tls),
        };
        let client = client
            .map_err(SetupError::Tls)?
            .default_headers(HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(AGENT))]))
            .connect_timeout(settings.times.connect)
            .timeout(settings.times.total);
        Ok(Self {
            client: client.build().map_err(SetupError::Client)?,
            authorization,
            application_id: settings.application_id,
            proxy: settings.proxy.map(|proxy| proxy.trim_end_matches('/').to_owned()),
            times: settings.times,
            limits: RateLimits::default(),
            command: AtomicI64::new(0),
        })
    }

    /// The id that mentions of commands get in whatever is sent from here on.
    pub fn learn_command(&self, id: CommandId) {
        self.command.store(id.get(), Ordering::Relaxed);
    }

    fn known_command(&self) -> Option<CommandId> {
        CommandId::new(self.command.load(Ordering::Relaxed)).ok()
    }

    /// The application that this client acts for.
    pub fn application_id(&self) -> ApplicationId {
        self.application_id
    }
}
