//! The bot's account, the server, the channel and the role, as Discord lists them.

use std::collections::BTreeMap;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::questions::{Choice, Pick, Question, ask_choice, ask_line, choose};
use crate::cli::ask;
use crate::cli::check::discord::{explain_login, invite_link};
use crate::cli::check::permissions::{Rights, VIEW_CHANNEL};
use crate::cli::check::providers::holds_cards;
use crate::config::answers::read_token;
use crate::discord::rest::{
    Application, Channel, Guild, Member, OwnGuild, Rest, RestError, RestSettings, Role, Times, User,
};
use crate::domain::ids::{ApplicationId, GuildId, RoleId};
use crate::network::Network;

/// How Discord is reached.
pub(super) struct Way {
    pub(super) proxy: Option<Url>,
    pub(super) network: Network,
}

/// Whom a token logs in as.
pub(super) struct Account {
    pub(super) token: SecretString,
    pub(super) application: Application,
    user: User,
    rest: Rest,
}

/// What the guild has at this moment.
struct GuildPicture {
    guild: Guild,
    roles: Vec<Role>,
    channels: Vec<Channel>,
    bot: Member,
    /// How many members hold each role, if Discord tells.
    holders: BTreeMap<RoleId, u64>,
}

/// Asks for the bot's token, and logs in with it.
pub(super) async fn ask_for_account(
    question: &Question<'_>,
    given: Option<SecretString>,
    way: &Way,
) -> anyhow::Result<Account> {
    let ask = async || {
        eprintln!(
            "The bot's token: https://discord.com/developers/applications, your application, \"Bot\", \"Reset Token\"."
        );
        ask::ask_hidden("Token (not shown): ")
    };
    question.answer(given, ask, async |token| log_in(token, way).await).await
}

async fn log_in(token: SecretString, way: &Way) -> Result<Account, String> {
    let token = read_token(token.expose_secret())?;
    let explain = |error: RestError| {
        let (what, cure) = explain_login(&error);
        format!("{what}: {cure}")
    };
    let unknown = ApplicationId::new(1).map_err(|error| error.to_string())?;
    let rest = build_rest(&token, unknown, way)?;
    let user = rest.current_user().await.map_err(explain)?;
    let application = rest.application().await.map_err(explain)?;
    let rest = build_rest(&token, application.id, way)?;
    Ok(Account { token, application, user, rest })
}

fn build_rest(
    token: &SecretString,
    application_id: ApplicationId,
    way: &Way,
) -> Result<Rest, String> {
    let settings = RestSettings {
        token: token.clone(),
        application_id,
        proxy: way.proxy.as_ref().map(ToString::to_string),
        network: way.network.clone(),
        times: Times::default(),
    };
    Rest::new(settings).map_err(|error| error.to_string())
}

impl Account {
    fn invite(&self, guild: Option<GuildId>) -> String {
        format!("invite the bot: {}", invite_link(self.application.id, guild))
    }

    /// Asks for the guild; where the bot is in one alone, that is meant.
    pub(super) async fn ask_for_guild(
        &self,
        question: &Question<'_>,
        given: Option<String>,
    ) -> anyhow::Result<OwnGuild> {
        let ask = async || {
            let guilds = self.rest.own_guilds().await.context("the servers can't be listed")?;
            match guilds.len() {
                0 => {
                    eprintln!("The bot is in no server. Open this, and {}", self.invite(None));
                    ask_line("Then press Enter: ")?;
                    Ok(Pick::Typed(String::new()))
                }
                1 => Ok(Pick::Typed("1".to_owned())),
                _ => ask_choice("The server", "", &as_guild_choices(guilds)),
            }
        };
        let read = async |pick: Pick| {
            let guilds = self.rest.own_guilds().await.map_err(|error| error.to_string())?;
            if guilds.is_empty() {
                return Err(format!("the bot is in no server: {}", self.invite(None)));
            }
            if let (Pick::Typed(text), [only]) = (&pick, &guilds[..])
                && text.is_empty()
            {
                return Ok(only.clone());
            }
            choose(&pick, "server with the bot in it", '#', as_guild_choices(guilds))
                .map_err(|why| format!("{why}. For another one, {}", self.invite(None)))
        };
        question.answer(given.map(Pick::Named), ask, read).await
    }

    /// Asks for the approval channel, in which the bot must be able to post.
    pub(super) async fn ask_for_channel(
        &self,
        question: &Question<'_>,
        guild: &OwnGuild,
        given: Option<String>,
    ) -> anyhow::Result<Channel> {
        let ask = async || {
            let picture = self.look(guild).await.map_err(anyhow::Error::msg)?;
            ask_choice(
                "The approval channel, which only admins should see",
                "#",
                &picture.as_channel_choices(),
            )
        };
        let read = async |pick: Pick| {
            let picture = self.look(guild).await?;
            let channel = choose(&pick, "text channel", '#', picture.as_channel_choices())?;
            let missing = picture.rights().list_missing(&channel, &picture.bot).join(", ");
            if missing.is_empty() {
                return Ok(channel);
            }
            let name = channel.name.unwrap_or_default();
            Err(format!(
                "in #{name} the bot lacks {missing}: allow that to its role in the channel's settings, under \
                 Permissions, and try again"
            ))
        };
        question.answer(given.map(Pick::Named), ask, read).await
    }

    /// Asks for the role whose members approve.
    pub(super) async fn ask_for_role(
        &self,
        question: &Question<'_>,
        guild: &OwnGuild,
        given: Option<String>,
    ) -> anyhow::Result<Role> {
        let ask = async || {
            let picture = self.look(guild).await.map_err(anyhow::Error::msg)?;
            let choices = picture.into_role_choices();
            if choices.is_empty() {
                eprintln!(
                    "{} has no role for admins yet. Create one, and give it to two people.",
                    guild.name
                );
                ask_line("Then press Enter: ")?;
                return Ok(Pick::Typed("1".to_owned()));
            }
            ask_choice("The role whose members approve", "@", &choices)
        };
        let read = async |pick: Pick| {
            choose(&pick, "role of people", '@', self.look(guild).await?.into_role_choices())
        };
        question.answer(given.map(Pick::Named), ask, read).await
    }

    async fn look(&self, own: &OwnGuild) -> Result<GuildPicture, String> {
        let id = own.id;
        let read = async {
            let (guild, roles) = (self.rest.guild(id).await?, self.rest.roles(id).await?);
            let channels = self.rest.channels(id).await?;
            Ok((guild, roles, channels, self.rest.member(id, self.user.id).await?))
        };
        let read: Result<_, RestError> = read.await;
        let (guild, roles, channels, bot) =
            read.map_err(|error| format!("{} can't be read: {error}", own.name))?;
        let bot =
            bot.ok_or_else(|| format!("the bot left {}: {}", own.name, self.invite(Some(id))))?;
        let holders = self.rest.role_member_counts(id).await.unwrap_or_default();
        Ok(GuildPicture { guild, roles, channels, bot, holders })
    }
}

fn as_guild_choices(guilds: Vec<OwnGuild>) -> Vec<Choice<OwnGuild>> {
    let choice = |guild: OwnGuild| Choice {
        id: guild.id.to_string(),
        name: guild.name.clone(),
        note: String::new(),
        value: guild,
    };
    guilds.into_iter().map(choice).collect()
}

impl GuildPicture {
    fn rights(&self) -> Rights<'_> {
        Rights { guild: &self.guild, roles: &self.roles }
    }

    fn as_channel_choices(&self) -> Vec<Choice<Channel>> {
        let choice = |channel: &Channel| {
            let note = match self.rights() {
                rights if !rights.list_missing(channel, &self.bot).is_empty() => {
                    "(the bot can't post there yet)"
                }
                rights if rights.of_everyone(channel) & VIEW_CHANNEL != 0 => {
                    "(everyone can read it)"
                }
                _ => "",
            };
            Choice {
                id: channel.id.to_string(),
                name: channel.name.clone().unwrap_or_default(),
                note: note.to_owned(),
                value: channel.clone(),
            }
        };
        self.channels.iter().filter(|channel| holds_cards(channel)).map(choice).collect()
    }

    /// Without the role that everybody has, and those of bots.
    fn into_role_choices(self) -> Vec<Choice<Role>> {
        let everyone = self.guild.id.get();
        let is_of_people = |role: &Role| !role.managed && role.id.get() != everyone;
        let choice = |role: Role| {
            let members = self.holders.get(&role.id).copied().unwrap_or_default();
            let noun = if members == 1 { "member" } else { "members" };
            let note = format!("({members} {noun})");
            Choice { id: role.id.to_string(), name: role.name.clone(), note, value: role }
        };
        self.roles.into_iter().filter(is_of_people).map(choice).collect()
    }
}
