//! The guild, its people and its commands, and what the bot is.

use std::collections::BTreeMap;

use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id as serenity_id;

use super::executor::Call;
use super::messages::serenity_channel;
use super::model::{
    Application, Channel, Command, GatewayBot, Guild, Member, OwnGuild, Role, User,
};
use super::{ErrorCode, Rest, RestError};
use crate::discord::commands::PARENT;
use crate::domain::ids::{ChannelId, GuildId, RoleId, UserId};

impl Rest {
    /// A guild's member; none if that user isn't one.
    pub async fn member(&self, guild: GuildId, user: UserId) -> Result<Option<Member>, RestError> {
        let route = Route::GuildMember {
            guild_id: serenity_guild(guild),
            user_id: serenity_id::UserId::new(user.get().unsigned_abs()),
        };
        match self.fetch(Call::new(LightMethod::Get, route)).await {
            Ok(member) => Ok(Some(member)),
            Err(RestError::Refused {
                code: ErrorCode::UnknownMember | ErrorCode::UnknownUser,
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All roles of a guild.
    pub async fn roles(&self, guild: GuildId) -> Result<Vec<Role>, RestError> {
        let route = Route::GuildRoles { guild_id: serenity_guild(guild) };
        self.fetch(Call::new(LightMethod::Get, route)).await
    }

    /// How many members hold each role; roles without members may be absent.
    pub async fn role_member_counts(
        &self,
        guild: GuildId,
    ) -> Result<BTreeMap<RoleId, u64>, RestError> {
        let route = Route::GuildRoleMemberCounts { guild_id: serenity_guild(guild) };
        self.fetch(Call::new(LightMethod::Get, route)).await
    }

    /// A channel.
    pub async fn channel(&self, channel: ChannelId) -> Result<Channel, RestError> {
        let route = Route::Channel { channel_id: serenity_channel(channel) };
        self.fetch(Call::new(LightMethod::Get, route)).await
    }

    /// All channels of a guild, without threads.
    pub async fn channels(&self, guild: GuildId) -> Result<Vec<Channel>, RestError> {
        let route = Route::GuildChannels { guild_id: serenity_guild(guild) };
        self.fetch(Call::new(LightMethod::Get, route)).await
    }

    /// The guilds that the bot is in; the first 200.
    pub async fn own_guilds(&self) -> Result<Vec<OwnGuild>, RestError> {
        self.fetch(Call::new(LightMethod::Get, Route::UserMeGuilds)).await
    }

    /// A guild.
    pub async fn guild(&self, guild: GuildId) -> Result<Guild, RestError> {
        let route = Route::Guild { guild_id: serenity_guild(guild) };
        self.fetch(Call::new(LightMethod::Get, route)).await
    }

    /// The bot's own user.
    pub async fn current_user(&self) -> Result<User, RestError> {
        self.fetch(Call::new(LightMethod::Get, Route::UserMe)).await
    }

    /// The bot's own application.
    pub async fn application(&self) -> Result<Application, RestError> {
        self.fetch(Call::get("/applications/@me")).await
    }

    /// Where the gateway is, and how often it may still be entered today.
    pub async fn gateway_bot(&self) -> Result<GatewayBot, RestError> {
        self.fetch(Call::new(LightMethod::Get, Route::GatewayBot)).await
    }

    /// Replaces all commands of the bot in a guild, and returns them as Discord now has them.
    pub async fn put_guild_commands(
        &self,
        guild: GuildId,
        commands: &Value,
    ) -> Result<Value, RestError> {
        let call = Call::new(LightMethod::Put, self.commands_route(guild)).body(commands);
        self.fetch(call).await
    }

    /// All commands of the bot in a guild, with their translations.
    pub async fn get_guild_commands(&self, guild: GuildId) -> Result<Value, RestError> {
        let call = Call::new(LightMethod::Get, self.commands_route(guild));
        self.fetch(call.query("with_localizations=true")).await
    }

    /// Asks for the id of the bot's command, and keeps it for mentions; false where there is no command.
    pub async fn ask_for_command(&self, guild: GuildId) -> Result<bool, RestError> {
        let all: Vec<Command> =
            self.fetch(Call::new(LightMethod::Get, self.commands_route(guild))).await?;
        let found = all.into_iter().find(|command| command.name == PARENT);
        if let Some(command) = &found {
            self.learn_command(command.id);
        }
        Ok(found.is_some())
    }

    fn commands_route(&self, guild: GuildId) -> Route<'static> {
        Route::GuildCommands {
            application_id: self.serenity_application(),
            guild_id: serenity_guild(guild),
        }
    }
}

fn serenity_guild(id: GuildId) -> serenity_id::GuildId {
    serenity_id::GuildId::new(id.get().unsigned_abs())
}
