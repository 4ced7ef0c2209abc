//! The routes, by the templates of Discord's OpenAPI document.

use std::{fmt, time::Duration};

use crate::limits::Allowance;

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Gateway,
    GatewayBot,
    Me,
    MyGuilds,
    Application,
    ListCommands,
    SetCommands,
    OpenDirect,
    Channel,
    ListMessages,
    CreateMessage,
    Message,
    EditMessage,
    DeleteMessage,
    Guild,
    GuildChannels,
    Member,
    Roles,
    RoleCounts,
    Callback,
    FollowUp,
    WebhookMessage,
    EditWebhookMessage,
    DeleteWebhookMessage,
}

/// A route.
pub(crate) struct Route {
    pub method: &'static str,
    pub template: &'static str,
    pub endpoint: Endpoint,
    /// Calls in five seconds, for each major parameter.
    calls: u32,
}

impl Route {
    /// Whether a body belongs to it.
    pub(crate) fn has_body(&self) -> bool {
        matches!(self.method, "POST" | "PATCH" | "PUT")
    }

    /// Whether the token in the path takes the place of the bot's.
    pub(crate) fn is_interaction(&self) -> bool {
        ["/interactions/", "/webhooks/"].iter().any(|start| self.template.starts_with(start))
    }

    /// How much its bucket takes.
    pub(crate) fn allowance(&self) -> Allowance {
        Allowance { calls: self.calls, window: Duration::from_secs(5) }
    }

    /// The bucket's key: the route and what the documentation calls its major parameters.
    pub(crate) fn bucket(&self, parameters: &[String]) -> String {
        let major = if self.is_interaction() { 2 } else { 1 };
        let parameters = parameters.iter().take(major).map(String::as_str);
        format!("{self} {}", parameters.collect::<Vec<_>>().join(" "))
    }

    /// The values of the placeholders, where the path fits.
    fn fits(&self, path: &str) -> Option<Vec<String>> {
        let (parts, wanted) = (path.split('/'), self.template.split('/'));
        if parts.clone().count() != wanted.clone().count() {
            return None;
        }
        let mut parameters = Vec::new();
        for (part, wanted) in parts.zip(wanted) {
            if wanted.starts_with('{') {
                parameters.push(part.to_owned());
            } else if part != wanted {
                return None;
            }
        }
        Some(parameters)
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

const fn route(
    method: &'static str,
    template: &'static str,
    endpoint: Endpoint,
    calls: u32,
) -> Route {
    Route { method, template, endpoint, calls }
}

const COMMANDS: &str = "/applications/{application_id}/guilds/{guild_id}/commands";
const MESSAGES: &str = "/channels/{channel_id}/messages";
const MESSAGE: &str = "/channels/{channel_id}/messages/{message_id}";
const ORIGINAL: &str = "/webhooks/{webhook_id}/{webhook_token}/messages/@original";
const FOLLOWUP: &str = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}";

/// Literal parts before placeholders, so that the first fit is the right one.
const ROUTES: [Route; 28] = [
    route("GET", "/gateway", Endpoint::Gateway, 50),
    route("GET", "/gateway/bot", Endpoint::GatewayBot, 10),
    route("GET", "/users/@me", Endpoint::Me, 30),
    route("GET", "/users/@me/guilds", Endpoint::MyGuilds, 10),
    route("GET", "/applications/@me", Endpoint::Application, 30),
    route("GET", "/oauth2/applications/@me", Endpoint::Application, 30),
    route("GET", COMMANDS, Endpoint::ListCommands, 10),
    route("PUT", COMMANDS, Endpoint::SetCommands, 5),
    route("POST", "/users/@me/channels", Endpoint::OpenDirect, 10),
    route("GET", "/channels/{channel_id}", Endpoint::Channel, 25),
    route("GET", MESSAGES, Endpoint::ListMessages, 5),
    route("POST", MESSAGES, Endpoint::CreateMessage, 5),
    route("GET", MESSAGE, Endpoint::Message, 25),
    route("PATCH", MESSAGE, Endpoint::EditMessage, 5),
    route("DELETE", MESSAGE, Endpoint::DeleteMessage, 25),
    route("GET", "/guilds/{guild_id}", Endpoint::Guild, 25),
    route("GET", "/guilds/{guild_id}/channels", Endpoint::GuildChannels, 25),
    route("GET", "/guilds/{guild_id}/members/{user_id}", Endpoint::Member, 25),
    route("GET", "/guilds/{guild_id}/roles", Endpoint::Roles, 25),
    route("GET", "/guilds/{guild_id}/roles/member-counts", Endpoint::RoleCounts, 10),
    route(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        Endpoint::Callback,
        5,
    ),
    route("GET", ORIGINAL, Endpoint::WebhookMessage, 10),
    route("PATCH", ORIGINAL, Endpoint::EditWebhookMessage, 10),
    route("DELETE", ORIGINAL, Endpoint::DeleteWebhookMessage, 10),
    route("POST", "/webhooks/{webhook_id}/{webhook_token}", Endpoint::FollowUp, 10),
    route("GET", FOLLOWUP, Endpoint::WebhookMessage, 10),
    route("PATCH", FOLLOWUP, Endpoint::EditWebhookMessage, 10),
    route("DELETE", FOLLOWUP, Endpoint::DeleteWebhookMessage, 10),
];

/// Every route, as faults and the record name it.
pub(crate) fn routes() -> impl Iterator<Item = String> {
    ROUTES.iter().map(Route::to_string)
}

/// What was found for a path.
pub(crate) enum Found {
    Route(&'static Route, Vec<String>),
    /// The path is known, the method isn't.
    OtherMethod,
    Nothing,
}

/// The route of a path after the version.
pub(crate) fn find(method: &str, path: &str) -> Found {
    let mut other = false;
    for route in &ROUTES {
        if let Some(parameters) = route.fits(path) {
            if route.method == method {
                return Found::Route(route, parameters);
            }
            other = true;
        }
    }
    if other { Found::OtherMethod } else { Found::Nothing }
}
