//! Checks the channel and the roles of each provider.

use super::Findings;
use super::discord::{GuildFacts, find_cure};
use super::permissions::{MENTION_EVERYONE, VIEW_CHANNEL};
use crate::config::Provider;
use crate::discord::rest::{Channel, Guild, Rest, Role};
use crate::domain::ids::{ChannelId, RoleId};

/// Discord's types of channels that can hold cards: text and announcements.
const CARD_CHANNELS: [u8; 2] = [0, 5];

/// Whether cards can be posted in a channel of that type.
pub(in crate::cli) fn holds_cards(channel: &Channel) -> bool {
    CARD_CHANNELS.contains(&channel.kind)
}

/// How many names a finding lists.
const NAMES: usize = 5;

pub(super) async fn check_providers(seen: &GuildFacts<'_>, findings: &mut Findings) {
    for provider in &seen.config.providers {
        let subject = format!("provider {}", provider.id);
        let channel = check_channel(seen, provider.approval_channel, &subject, findings).await;
        if let Some(channel) = channel {
            check_readers(seen, &channel, &subject, findings);
            check_pings(seen, provider, &channel, &subject, findings);
        }
        check_roles(seen, provider, &subject, findings);
        check_admins(seen, provider, &subject, findings);
    }
}

/// Whether the channel exists, has the right type, and is open to the bot.
async fn check_channel(
    seen: &GuildFacts<'_>,
    id: ChannelId,
    subject: &str,
    findings: &mut Findings,
) -> Option<Channel> {
    let channel = find_channel(seen.rest, &seen.guild, id, subject, findings).await?;
    let name = shown(&channel);
    let missing = seen.rights().list_missing(&channel, &seen.bot);
    if missing.is_empty() {
        findings.ok(subject, format!("the bot can post in {name}"));
    } else {
        let missing = missing.join(", ");
        findings.failed(
            subject,
            format!("in {name} the bot lacks: {missing}"),
            format!("allow the bot in the settings of {name}, under Permissions: {missing}"),
        );
    }
    Some(channel)
}

/// The channel, if it exists and has the right type.
pub(in crate::cli) async fn find_channel(
    rest: &Rest,
    guild: &Guild,
    id: ChannelId,
    subject: &str,
    findings: &mut Findings,
) -> Option<Channel> {
    let channel = match rest.channel(id).await {
        Ok(channel) => channel,
        Err(error) => {
            let refused = format!(
                "see that approval_channel is the id of a channel of {}, and give the bot \"View Channel\" there",
                guild.name
            );
            let message = format!("approval_channel {id} can't be read: {error}");
            findings.failed(subject, message, find_cure(&error, refused));
            return None;
        }
    };
    if channel.guild_id != Some(guild.id) || !holds_cards(&channel) {
        let name = shown(&channel);
        let message = format!("approval_channel {name} is no text channel of {}", guild.name);
        findings.failed(subject, message, "let approval_channel name a text channel of the guild");
        return None;
    }
    Some(channel)
}

/// Cards tell who asks for what, which only admins should read.
fn check_readers(seen: &GuildFacts<'_>, channel: &Channel, subject: &str, findings: &mut Findings) {
    if seen.rights().of_everyone(channel) & VIEW_CHANNEL != 0 {
        let name = shown(channel);
        findings.warning(
            subject,
            format!("everyone in {} can read {name}", seen.guild.name),
            format!("deny \"View Channel\" to @everyone in {name}, and allow it to the admins"),
        );
    }
}

/// Whether a new card can notify the roles that it names. Otherwise nobody would notice it.
fn check_pings(
    seen: &GuildFacts<'_>,
    provider: &Provider,
    channel: &Channel,
    subject: &str,
    findings: &mut Findings,
) {
    if seen.rights().in_channel(channel, &seen.bot) & MENTION_EVERYONE != 0 {
        return;
    }
    let roles = provider.ping_roles.iter().filter_map(|id| role(seen, *id));
    let silent: Vec<String> =
        roles.filter(|role| !role.mentionable).map(|role| format!("@{}", role.name)).collect();
    if !silent.is_empty() {
        let (name, silent) = (shown(channel), list(&silent));
        findings.warning(
            subject,
            format!("new cards notify nobody of {silent}"),
            format!(
                "allow anyone to mention {silent} in the role's settings, or allow the bot \"Mention \
                 @everyone, @here, and All Roles\" in {name}, or set ping_roles = []"
            ),
        );
    }
}

/// Whether the roles exist.
pub(in crate::cli) fn check_roles_exist(
    (guild, roles): (&Guild, &[Role]),
    provider: &Provider,
    subject: &str,
    findings: &mut Findings,
) {
    let mut named = vec![
        ("admin_roles", &provider.admin_roles),
        ("requester_roles", &provider.requester_roles),
    ];
    // Where it is not set, it is the same as the first.
    if provider.ping_roles != provider.admin_roles {
        named.push(("ping_roles", &provider.ping_roles));
    }
    for (key, ids) in named {
        for id in ids.iter().filter(|id| !roles.iter().any(|role| role.id == **id)) {
            findings.failed(
                subject,
                format!("{key} names {id}, which is no role of {}", guild.name),
                format!("take it out of {key}, or put the right id in"),
            );
        }
    }
}

/// Whether the roles exist, and who could give the admins' roles to others.
fn check_roles(seen: &GuildFacts<'_>, provider: &Provider, subject: &str, findings: &mut Findings) {
    check_roles_exist((&seen.guild, &seen.roles), provider, subject, findings);
    for admin_role in provider.admin_roles.iter().filter_map(|id| role(seen, *id)) {
        let grantors: Vec<String> = seen
            .rights()
            .can_grant(admin_role)
            .into_iter()
            .filter(|other| !provider.admin_roles.contains(&other.id))
            .map(|other| format!("@{}", other.name))
            .collect();
        if !grantors.is_empty() {
            findings.warning(
                subject,
                format!(
                    "can make anyone an admin by giving @{}: {}",
                    admin_role.name,
                    list(&grantors)
                ),
                format!(
                    "move @{} above roles that may manage roles, take Manage Roles or \
                     Administrator from them, or know that one person there counts as two approvals",
                    admin_role.name
                ),
            );
        }
    }
}

/// A member with two admin roles counts twice, so this is an upper limit.
fn check_admins(
    seen: &GuildFacts<'_>,
    provider: &Provider,
    subject: &str,
    findings: &mut Findings,
) {
    let Some(holders) = &seen.holders else {
        return findings.warning(
            subject,
            "Discord doesn't tell how many admins there are",
            "see for yourself that there are enough",
        );
    };
    let admins: u64 =
        provider.admin_roles.iter().filter_map(|role| holders.get(role)).copied().sum();
    let needed = u64::from(provider.approvals);
    if admins < needed {
        findings.failed(
            subject,
            format!("{admins} admins, and each token needs {needed}: nothing can be approved"),
            "give one of the admin_roles to more people",
        );
    } else if admins == needed {
        findings.warning(
            subject,
            format!("{admins} admins, as many as each token needs: one away, and all waits"),
            "give one of the admin_roles to one more person",
        );
    } else {
        findings.ok(subject, format!("{admins} admins, and each token needs {needed}"));
    }
}

fn role<'a>(seen: &'a GuildFacts<'_>, id: RoleId) -> Option<&'a Role> {
    seen.roles.iter().find(|role| role.id == id)
}

fn shown(channel: &Channel) -> String {
    channel.name.as_ref().map_or_else(|| channel.id.to_string(), |name| format!("#{name}"))
}

fn list(names: &[String]) -> String {
    let first = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
