//! The objects of Discord's documentation, as the service sends them.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::{
    permissions::ADMINISTRATOR,
    refusal::{self, Refusal},
    snowflakes::{Id, made_at},
    state::{Channel, Overwritten, Place, Role, State, User},
};

/// What one file may weigh in a guild without boosts.
const ATTACHMENT_SIZE_LIMIT: u64 = 10 * 1024 * 1024;

/// A user, as anyone sees it.
pub(crate) fn user(user: &User) -> Value {
    let mut value = json!({
        "id": user.id.to_string(),
        "username": user.name,
        "discriminator": "0",
        "global_name": user.display_name,
        "avatar": null,
        "avatar_decoration_data": null,
        "banner": null,
        "accent_color": null,
        "clan": null,
        "collectibles": null,
        "display_name_styles": null,
        "primary_guild": null,
        "public_flags": 0,
        "flags": 0,
    });
    if user.bot {
        value["bot"] = json!(true);
        value["global_name"] = Value::Null;
    }
    value
}

/// A role.
pub(crate) fn role(role: &Role, position: usize) -> Value {
    json!({
        "id": role.id.to_string(),
        "name": role.name,
        "description": null,
        "permissions": role.permissions.to_string(),
        "position": position,
        "color": 0,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    })
}

/// The kind of an overwrite, its id.
fn overwrite_target(target: Overwritten) -> (u8, Id) {
    match target {
        Overwritten::Role(id) => (0, id),
        Overwritten::Member(id) => (1, id),
    }
}

impl State {
    /// A user by id; 10013 where there is none.
    pub(crate) fn user_object(&self, id: Id) -> Result<Value, Refusal> {
        self.users.get(&id).map(user).ok_or(refusal::UNKNOWN_USER)
    }

    /// A member without the user; nothing for outsiders.
    pub(crate) fn partial_member(&self, id: Id) -> Option<Value> {
        let member = self.members.get(&id)?;
        Some(json!({
            "avatar": null,
            "banner": null,
            "collectibles": null,
            "communication_disabled_until": null,
            "flags": 0,
            "joined_at": member.joined_at.to_rfc3339_opts(SecondsFormat::Micros, false),
            "nick": null,
            "pending": false,
            "premium_since": null,
            "roles": member.roles.iter().map(Id::to_string).collect::<Vec<_>>(),
            "unusual_dm_activity_until": null,
        }))
    }

    /// A member with its user: 10013 for an unknown account, 10007 for one outside the guild.
    pub(crate) fn member_object(&self, id: Id) -> Result<Value, Refusal> {
        let user = self.user_object(id)?;
        let mut member = self.partial_member(id).ok_or(refusal::UNKNOWN_MEMBER)?;
        member["user"] = user;
        member["mute"] = json!(false);
        member["deaf"] = json!(false);
        Ok(member)
    }

    /// The member that an interaction carries, with what it may do in the channel.
    pub(crate) fn interacting_member(&self, id: Id, channel: &Channel) -> Result<Value, Refusal> {
        let mut member = self.member_object(id)?;
        member["permissions"] = json!(self.permissions_in(id, channel).to_string());
        Ok(member)
    }

    /// A channel.
    pub(crate) fn channel_object(&self, channel: &Channel) -> Value {
        let last_message = self.newest.get(&channel.id).map(Id::to_string);
        if let Place::Direct(person) = channel.place {
            let recipients: Vec<Value> = self.users.get(&person).map(user).into_iter().collect();
            return json!({
                "id": channel.id.to_string(),
                "type": 1,
                "flags": 0,
                "last_message_id": last_message,
                "recipients": recipients,
            });
        }
        let overwrites = channel.overwrites.iter().map(|overwrite| {
            let (kind, id) = overwrite_target(overwrite.target);
            json!({
                "id": id.to_string(),
                "type": kind,
                "allow": overwrite.allow.to_string(),
                "deny": overwrite.deny.to_string(),
            })
        });
        json!({
            "id": channel.id.to_string(),
            "type": 0,
            "flags": 0,
            "guild_id": self.guild.id.to_string(),
            "name": channel.name,
            "position": 0,
            "topic": null,
            "nsfw": false,
            "parent_id": null,
            "rate_limit_per_user": 0,
            "last_message_id": last_message,
            "last_pin_timestamp": null,
            "permission_overwrites": overwrites.collect::<Vec<_>>(),
        })
    }

    /// The part of a channel that an interaction carries.
    pub(crate) fn interaction_channel(&self, channel: &Channel, person: Id) -> Value {
        let mut object = self.channel_object(channel);
        if channel.place == Place::Guild {
            object["permissions"] = json!(self.permissions_in(person, channel).to_string());
            if let Some(fields) = object.as_object_mut() {
                fields.remove("permission_overwrites");
            }
        }
        object
    }

    /// All roles, in order.
    pub(crate) fn roles_object(&self) -> Value {
        self.guild.roles.iter().enumerate().map(|(at, r)| role(r, at)).collect()
    }

    /// How many members hold each role; everyone's role isn't counted.
    pub(crate) fn role_counts(&self) -> Value {
        let mut counts = json!({});
        for role in self.guild.roles.iter().filter(|role| role.id != self.guild.id) {
            let holders = self.members.values().filter(|member| member.roles.contains(&role.id));
            counts[role.id.to_string()] = json!(holders.count());
        }
        counts
    }

    /// The guild, with counts if requested.
    pub(crate) fn guild_object(&self, with_counts: bool) -> Value {
        let mut guild = json!({
            "id": self.guild.id.to_string(),
            "name": self.guild.name,
            "owner_id": self.guild.owner.to_string(),
            "preferred_locale": self.guild.locale,
            "roles": self.roles_object(),
            "icon": null, "description": null, "home_header": null, "splash": null,
            "discovery_splash": null, "features": ["COMMUNITY"], "banner": null,
            "application_id": null, "region": "rotterdam",
            "afk_channel_id": null, "afk_timeout": 300,
            "system_channel_id": null, "system_channel_flags": 0,
        });
        let settings = json!({
            "widget_enabled": false, "widget_channel_id": null,
            "verification_level": 1, "default_message_notifications": 0, "mfa_level": 0,
            "explicit_content_filter": 2, "max_presences": null, "max_members": 500_000,
            "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
            "vanity_url_code": null, "premium_tier": 0, "premium_subscription_count": 0,
            "rules_channel_id": null, "safety_alerts_channel_id": null,
            "public_updates_channel_id": null, "premium_progress_bar_enabled": false,
            "nsfw": false, "nsfw_level": 0, "emojis": [], "stickers": [],
            "incidents_data": null, "inventory_settings": null, "hub_type": null,
            "latest_onboarding_question_id": null,
        });
        if let (Some(guild), Value::Object(settings)) = (guild.as_object_mut(), settings) {
            guild.extend(settings);
        }
        if with_counts {
            guild["approximate_member_count"] = json!(self.members.len());
            guild["approximate_presence_count"] = json!(self.members.len());
        }
        guild
    }

    /// The guild, as a list of the bot's own guilds has it.
    pub(crate) fn own_guild_object(&self) -> Value {
        json!({
            "id": self.guild.id.to_string(),
            "name": self.guild.name,
            "icon": null, "banner": null, "owner": false, "permissions": "0", "features": ["COMMUNITY"],
        })
    }

    /// The application, as its own bot sees it.
    pub(crate) fn application_object(&self) -> Value {
        let app = &self.application;
        json!({
            "id": app.id.to_string(),
            "name": app.name,
            "icon": null,
            "description": "",
            "type": null,
            "bot": self.users.get(&app.id).map(user),
            "summary": "",
            "bot_public": false,
            "bot_require_code_grant": false,
            "verify_key": app.public_key,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": null,
            "role_connections_verification_url": null,
            "event_webhooks_url": null,
            "event_webhooks_status": 1,
            "integration_types_config": { "0": {} },
            "owner": self.users.get(&self.guild.owner).map(user),
            "approximate_guild_count": 1,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": null,
            "eligible_oauth2_scopes": [],
        })
    }

    /// The bot's own account.
    pub(crate) fn own_user(&self) -> Result<Value, Refusal> {
        let mut me = self.user_object(self.application.id)?;
        me["mfa_enabled"] = json!(true);
        me["locale"] = json!("en-US");
        me["verified"] = json!(true);
        me["email"] = Value::Null;
        Ok(me)
    }

    /// The part of every interaction about where it happened and by whom.
    pub(crate) fn interaction_base(&self, person: Id, channel: &Channel) -> Result<Value, Refusal> {
        let app = self.application.id.to_string();
        let bits = self.permissions_in(self.application.id, channel);
        let account = self.users.get(&person).ok_or(refusal::UNKNOWN_USER)?;
        let mut base = json!({
            "application_id": app,
            "version": 1,
            "channel_id": channel.id.to_string(),
            "channel": self.interaction_channel(channel, person),
            "locale": account.locale,
            "app_permissions": bits.to_string(),
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
        });
        if channel.place == Place::Guild {
            let guild = self.guild.id.to_string();
            base["guild_id"] = json!(guild);
            base["guild_locale"] = json!(self.guild.locale);
            base["guild"] =
                json!({ "id": guild, "locale": self.guild.locale, "features": ["COMMUNITY"] });
            base["member"] = self.interacting_member(person, channel)?;
            base["context"] = json!(0);
            base["authorizing_integration_owners"] = json!({ "0": guild });
        } else {
            base["user"] = user(account);
            base["context"] = json!(1);
            base["authorizing_integration_owners"] = json!({ "0": "0" });
        }
        Ok(base)
    }

    /// The entry in `resolved` for users that were chosen.
    pub(crate) fn resolved(&self, chosen: &[Id]) -> Result<Value, Refusal> {
        let mut resolved = json!({ "users": {}, "members": {} });
        for id in chosen {
            resolved["users"][id.to_string()] = self.user_object(*id)?;
            if let Some(mut member) = self.partial_member(*id) {
                member["permissions"] = json!(self.permissions(*id).to_string());
                resolved["members"][id.to_string()] = member;
            }
        }
        Ok(resolved)
    }

    /// A message object of the bot, before its content.
    pub(crate) fn message_frame(&self, id: Id, channel: Id) -> Result<Value, Refusal> {
        Ok(json!({
            "id": id.to_string(),
            "channel_id": channel.to_string(),
            "type": 0,
            "author": self.user_object(self.application.id)?,
            "content": "",
            "timestamp": made_at(id).to_rfc3339_opts(SecondsFormat::Micros, false),
            "edited_timestamp": null,
            "flags": 0,
            "tts": false,
            "mention_everyone": false,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": false,
        }))
    }

    /// Whether a member's client shows commands that only administrators may use.
    pub(crate) fn may_use(&self, person: Id, command: &Value) -> bool {
        let wanted = command["default_member_permissions"].as_str();
        let Some(wanted) = wanted.and_then(|bits| bits.parse::<u64>().ok()) else { return true };
        let held = self.permissions(person);
        held & ADMINISTRATOR != 0 || (wanted != 0 && held & wanted == wanted)
    }
}
