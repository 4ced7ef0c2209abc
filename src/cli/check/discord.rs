//! Checks Discord: the bot's token, the application, the guild, and how interactions arrive.

use std::collections::BTreeMap;

use super::Findings;
use super::permissions::Rights;
use super::{network, providers};
use crate::config::{Config, Ingress};
use crate::discord::rest::{Application, Guild, Member, Rest, RestError, Role, User};
use crate::domain::ids::{ApplicationId, GuildId, RoleId};

const SUBJECT: &str = "discord";

/// What Discord says about the guild and the bot in it.
pub(super) struct GuildFacts<'a> {
    pub(super) config: &'a Config,
    pub(super) rest: &'a Rest,
    pub(super) guild: Guild,
    pub(super) roles: Vec<Role>,
    pub(super) bot: Member,
    /// How many members hold each role; none if Discord does not tell.
    pub(super) holders: Option<BTreeMap<RoleId, u64>>,
}

impl GuildFacts<'_> {
    pub(super) fn rights(&self) -> Rights<'_> {
        Rights { guild: &self.guild, roles: &self.roles }
    }
}

pub(super) async fn check_discord(config: &Config, findings: &mut Findings) {
    let rest = match crate::cli::build_rest(config) {
        Ok(rest) => rest,
        Err(error) => {
            let cure = "put the token of the application's page \"Bot\" into token_file";
            return findings.failed(SUBJECT, format!("{error:#}"), cure);
        }
    };
    let Some(user) = check_bot(config, &rest, findings).await else { return };
    network::check_gateway(config, &rest, findings).await;
    let Some(seen) = check_guild(config, &rest, &user, findings).await else { return };
    check_commands(&seen, findings).await;
    providers::check_providers(&seen, findings).await;
}

/// Why the bot's token doesn't log in, and what to do about it.
pub(in crate::cli) fn explain_login(error: &RestError) -> (String, &'static str) {
    match error {
        RestError::Refused { .. } => (
            format!("the token doesn't log in: {error}"),
            "take the token of the application's page \"Bot\" (\"Reset Token\" shows a new one)",
        ),
        RestError::RateLimited { .. } | RestError::Unavailable { .. } => {
            (error.to_string(), "try again later")
        }
        _ => (
            error.to_string(),
            "see that this machine reaches discord.com by HTTPS, or through its proxy: \
             docs/operating.md, \"Networks\"",
        ),
    }
}

/// What to do about a call that failed; `refused`: what to do where Discord refuses what was asked for.
pub(in crate::cli) fn find_cure(error: &RestError, refused: String) -> String {
    match error {
        // Its token is refused, whatever was asked for.
        RestError::Refused { status: 401, .. } => explain_login(error).1.to_owned(),
        RestError::Refused { .. } => refused,
        _ => explain_login(error).1.to_owned(),
    }
}

/// What to do about another application's token.
pub(in crate::cli) const SAME_APPLICATION: &str =
    "let application_id and the token in [discord] be of the same application";

/// The token is of an application that the configuration doesn't name.
pub(in crate::cli) fn belongs_elsewhere(application: &Application) -> String {
    format!("the token belongs to the application {}", application.id)
}

/// The address that invites the bot with the permissions that it needs, to this guild if one is meant.
pub(in crate::cli) fn invite_link(application: ApplicationId, guild: Option<GuildId>) -> String {
    let guild = guild.map(|guild| format!("&guild_id={guild}")).unwrap_or_default();
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}\
         &scope=bot%20applications.commands&permissions=84992{guild}"
    )
}

/// Checks the bot's token and its application.
async fn check_bot(config: &Config, rest: &Rest, findings: &mut Findings) -> Option<User> {
    let user = match rest.current_user().await {
        Ok(user) => user,
        Err(error) => {
            let (message, cure) = explain_login(&error);
            findings.failed(SUBJECT, message, cure);
            return None;
        }
    };
    match rest.application().await {
        Ok(application) if application.id == config.discord.application_id => {
            findings.ok(SUBJECT, format!("logged in as {}", user.username));
            check_ingress(config, &application, findings);
            Some(user)
        }
        Ok(application) => {
            findings.failed(SUBJECT, belongs_elsewhere(&application), SAME_APPLICATION);
            None
        }
        Err(error) => {
            let message = format!("the application can't be read: {error}");
            findings.failed(SUBJECT, message, explain_login(&error).1);
            None
        }
    }
}

/// Discord sends interactions to the URL in the application's settings, otherwise to the gateway.
fn check_ingress(config: &Config, application: &Application, findings: &mut Findings) {
    let address = application.interactions_endpoint_url.as_deref();
    match (config.discord.ingress, address) {
        (Ingress::Gateway, None) => findings.ok("ingress", "interactions come over the gateway"),
        (Ingress::Gateway, Some(address)) => findings.failed(
            "ingress",
            format!("Discord sends interactions to {address}, not over the gateway"),
            "empty \"Interactions Endpoint URL\" on the application's page, or set ingress = \
             \"http\" in [discord]",
        ),
        (Ingress::Http { public_key }, _) if hex::encode(public_key) != application.verify_key => {
            findings.failed(
                "ingress",
                "public_key is not this application's",
                format!("set public_key = \"{}\" in [discord]", application.verify_key),
            );
        }
        (Ingress::Http { .. }, Some(address)) => {
            findings.ok("ingress", format!("Discord sends interactions to {address}"));
        }
        (Ingress::Http { .. }, None) => findings.failed(
            "ingress",
            "Discord doesn't know where to send interactions",
            "start `countersign serve`, then enter its public address, with \
             /discord/interactions at the end, as \"Interactions Endpoint URL\" on the \
             application's page",
        ),
    }
}

async fn check_guild<'a>(
    config: &'a Config,
    rest: &'a Rest,
    user: &User,
    findings: &mut Findings,
) -> Option<GuildFacts<'a>> {
    let id = config.discord.guild_id;
    let read = async {
        let (guild, roles) = (rest.guild(id).await?, rest.roles(id).await?);
        Ok((guild, roles, rest.member(id, user.id).await?))
    };
    let read: Result<_, RestError> = read.await;
    let link = invite_link(config.discord.application_id, Some(id));
    let invite = format!("if guild_id is right, invite the bot: {link}");
    match read {
        Ok((guild, roles, Some(bot))) => {
            findings.ok("guild", format!("the bot is in {}", guild.name));
            // This route is newer than the others: without it, only the number of admins is missing.
            let holders = rest.role_member_counts(id).await.ok();
            Some(GuildFacts { config, rest, guild, roles, bot, holders })
        }
        Ok((guild, _, None)) => {
            findings.failed("guild", format!("the bot is not in {}", guild.name), invite);
            None
        }
        Err(error) => {
            let cure = find_cure(&error, invite);
            findings.failed("guild", format!("the guild {id} can't be read: {error}"), cure);
            None
        }
    }
}

/// Whether people see the slash commands.
async fn check_commands(seen: &GuildFacts<'_>, findings: &mut Findings) {
    let registered = seen.rest.get_guild_commands(seen.guild.id).await;
    let count = registered.map(|commands| commands.as_array().map_or(0, Vec::len));
    match count {
        Ok(0) => findings.warning(
            "commands",
            "Discord knows no commands of this bot",
            "run `countersign register`",
        ),
        Ok(_) => findings.ok("commands", "registered"),
        Err(error) => {
            let refused = "invite the bot again, with the scope applications.commands".to_owned();
            let cure = find_cure(&error, refused);
            findings.failed("commands", format!("the commands can't be read: {error}"), cure);
        }
    }
}
