//! Messages: how a bot's body becomes the message object that people and bots get to see.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{
    attachments::{Sent, plan},
    checks::messages::{Use, check, is_empty, legacy_fields},
    components::{number, text_displays},
    permissions::MENTION_EVERYONE,
    refusal::{self, Complaints, Refusal},
    snowflakes::Id,
    state::{
        Channel, FLAG_COMPONENTS_V2, FLAG_EPHEMERAL, FLAG_LOADING, Message, Place, Role, State,
    },
};

/// The bit that suppresses embeds.
const FLAG_SUPPRESS_EMBEDS: u64 = 1 << 2;

/// What is set beside the body when a message is made.
#[derive(Default)]
pub(crate) struct Making {
    pub channel: Id,
    pub ephemeral_to: Option<Id>,
    /// The interaction that it answers.
    pub interaction: Option<Id>,
    pub loading: bool,
}

impl State {
    /// Makes a message of the bot. The body was checked.
    pub(crate) fn create_message(&mut self, sent: Sent, how: &Making) -> Result<Id, Refusal> {
        let id = self.snowflakes.next();
        let ephemeral_to = how.ephemeral_to.filter(|_| self.can_be_ephemeral(how.channel));
        let mut object = self.message_frame(id, how.channel)?;
        let by_interaction = how.interaction.is_some();
        let files = self.fill(&mut object, sent, how.channel, by_interaction);
        let ephemeral = if ephemeral_to.is_some() { FLAG_EPHEMERAL } else { 0 };
        let loading = if how.loading { FLAG_LOADING } else { 0 };
        let wanted = sent.body["flags"].as_u64().unwrap_or_default() & !FLAG_EPHEMERAL;
        let flags = wanted | ephemeral | loading;
        object["flags"] = json!(flags);
        if let Some(interaction) = how.interaction.and_then(|id| self.interactions.get(&id)) {
            object["type"] = json!(if interaction.kind.number() == 2 { 20 } else { 19 });
            object["webhook_id"] = json!(self.application.id.to_string());
            object["application_id"] = json!(self.application.id.to_string());
            object["interaction_metadata"] = json!({
                "id": interaction.id.to_string(),
                "type": interaction.kind.number(),
                "user": self.user_object(interaction.person)?,
                "authorizing_integration_owners":
                    interaction.payload["authorizing_integration_owners"],
            });
            if let Some(source) = interaction.source.filter(|_| object["type"] == 19) {
                object["message_reference"] = json!({
                    "type": 0,
                    "channel_id": how.channel.to_string(),
                    "message_id": source.to_string(),
                });
            }
        }
        let message = Message {
            id,
            channel: how.channel,
            author: self.application.id,
            ephemeral_to,
            body: object,
            files,
            revision: 0,
            gone: false,
            edits_exhausted: false,
        };
        self.place(message);
        Ok(id)
    }

    /// Whether the flag is honoured in this channel.
    fn can_be_ephemeral(&self, channel: Id) -> bool {
        let is_direct = |channel: &Channel| matches!(channel.place, Place::Direct(_));
        self.ephemeral_in_dms || !self.channels.get(&channel).is_some_and(is_direct)
    }

    /// Makes a message of a person's.
    pub(crate) fn write(&mut self, author: Id, channel: Id, text: &str) -> Result<Id, Refusal> {
        let id = self.snowflakes.next();
        let mut body = self.message_frame(id, channel)?;
        body["author"] = self.user_object(author)?;
        body["content"] = json!(text);
        let message = Message {
            id,
            channel,
            author,
            ephemeral_to: None,
            body,
            files: BTreeMap::new(),
            revision: 0,
            gone: false,
            edits_exhausted: false,
        };
        self.place(message);
        Ok(id)
    }

    /// Puts a new message into its channel.
    pub(crate) fn place(&mut self, message: Message) {
        let id = message.id;
        if message.ephemeral_to.is_none() {
            self.newest.insert(message.channel, id);
        }
        self.messages.insert(id, message);
        self.touch(id);
        self.notify(id);
    }

    /// Edits a message of the bot; what the body leaves out stays. Errors are reported under the prefix.
    pub(crate) fn edit_message(
        &mut self,
        id: Id,
        sent: Sent,
        prefix: &str,
    ) -> Result<Value, Refusal> {
        let message = self.messages.get(&id).filter(|m| !m.gone);
        let message = message.ok_or(refusal::UNKNOWN_MESSAGE)?;
        if message.author != self.application.id {
            return Err(refusal::NOT_YOUR_MESSAGE);
        }
        if message.edits_exhausted {
            return Err(refusal::TOO_MANY_EDITS);
        }
        check(sent, Use::Edit(message), prefix)?;
        let (before, channel) = (message.body.clone(), message.channel);
        let was_loading = message.is_loading();
        let mut object = before.clone();
        object["flags"] = json!(edited_flags(message.flags(), sent.body));
        let by_interaction = !before["webhook_id"].is_null();
        let files = self.fill(&mut object, sent, channel, by_interaction);
        check_edited(&object, prefix)?;
        if !was_loading {
            let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, false);
            object["edited_timestamp"] = json!(now);
        }
        let changed = was_loading
            || ["content", "embeds", "components"].iter().any(|key| before[*key] != object[*key]);
        if let Some(message) = self.messages.get_mut(&id) {
            message.body.clone_from(&object);
            message.files.extend(files);
        }
        if changed {
            self.touch(id);
        }
        if was_loading {
            // Notify only now, when there is content.
            self.notify(id);
        }
        Ok(object)
    }

    /// Deletes a message.
    pub(crate) fn remove_message(&mut self, id: Id) -> Result<(), Refusal> {
        let message = self.messages.get_mut(&id).filter(|m| !m.gone);
        message.ok_or(refusal::UNKNOWN_MESSAGE)?.gone = true;
        self.tell_deleted(id);
        Ok(())
    }

    /// Fills in what the body states; returns the content of files that are new.
    fn fill(
        &mut self,
        object: &mut Value,
        sent: Sent,
        channel: Id,
        by_interaction: bool,
    ) -> BTreeMap<Id, Bytes> {
        let body = sent.body;
        if let Some(content) = body.get("content") {
            object["content"] = json!(content.as_str().unwrap_or_default().trim());
        }
        if let Some(embeds) = body.get("embeds") {
            let embeds = embeds.as_array().into_iter().flatten().map(rendered_embed);
            object["embeds"] = embeds.collect();
        }
        let (attachments, files) = self.attach(channel, plan(sent, &object["attachments"]));
        if let Some(components) = body.get("components") {
            let mut components = components.clone();
            if components.is_null() {
                components = json!([]);
            }
            number(&mut components);
            for component in components.as_array_mut().into_iter().flatten() {
                self.complete(component, &attachments);
            }
            object["components"] = components;
        }
        object["attachments"] = attachments;
        if let Some(nonce) = body.get("nonce").filter(|nonce| !nonce.is_null()) {
            object["nonce"] = nonce.clone();
        }
        self.mention(object, &body["allowed_mentions"], channel, by_interaction);
        files
    }

    /// Records whom the text really pings, by the defaults of the documentation: `content`, or all text
    /// displays.
    fn mention(&self, object: &mut Value, allowed: &Value, channel: Id, by_interaction: bool) {
        let mut texts = text_displays(&object["components"]);
        texts.extend(object["content"].as_str());
        let text = texts.join("\n");
        let listed = |kind: &str, id: Id| {
            let ids = allowed[kind].as_array().map(Vec::as_slice).unwrap_or_default();
            ids.iter().any(|value| value == id.to_string().as_str())
        };
        let parsed = |kind: &str| match allowed["parse"].as_array() {
            Some(kinds) => kinds.iter().any(|value| value == kind),
            None => allowed.is_null() && (kind == "users" || !by_interaction),
        };
        let named = named_users(&text);
        let users = self.users.values().filter(|user| {
            named.contains(&user.id) && (parsed("users") || listed("users", user.id))
        });
        object["mentions"] = users.map(super::objects::user).collect();
        let roles = self.guild.roles.iter().filter(|role| {
            let named = text.contains(&format!("<@&{}>", role.id));
            let allowed = parsed("roles") || listed("roles", role.id);
            named && allowed && self.bot_may_ping(role, channel)
        });
        object["mention_roles"] = roles.map(|role| json!(role.id.to_string())).collect();
        let everyone = text.contains("@everyone") || text.contains("@here");
        object["mention_everyone"] = json!(everyone && parsed("everyone"));
    }

    /// Whether the bot's mention of a role pings: everyone may mention the role, or the bot may mention
    /// all roles.
    fn bot_may_ping(&self, role: &Role, channel: Id) -> bool {
        let channel = self.channels.get(&channel);
        let held = channel.map_or(0, |channel| self.permissions_in(self.application.id, channel));
        role.mentionable || held & MENTION_EVERYONE != 0
    }
}

/// The users that a text mentions. In one pass, since a guild may have many people.
fn named_users(text: &str) -> BTreeSet<Id> {
    let mentions = text.split("<@").skip(1).filter_map(|rest| rest.split_once('>'));
    mentions.filter_map(|(id, _)| id.strip_prefix('!').unwrap_or(id).parse().ok()).collect()
}

/// The flags after an edit: only those that suppress embeds and that enable Components V2 change.
fn edited_flags(before: u64, body: &Value) -> u64 {
    let asked = body["flags"].as_u64();
    let suppressed = asked.unwrap_or(before) & FLAG_SUPPRESS_EMBEDS;
    let kept = before & !FLAG_LOADING & !FLAG_SUPPRESS_EMBEDS;
    kept | suppressed | (asked.unwrap_or_default() & FLAG_COMPONENTS_V2)
}

/// Refuses an edit that would leave an empty message, or keep something that is not allowed.
fn check_edited(object: &Value, prefix: &str) -> Result<(), Refusal> {
    if is_empty(object) {
        return Err(refusal::EMPTY_MESSAGE);
    }
    if object["flags"].as_u64().unwrap_or_default() & FLAG_COMPONENTS_V2 != 0 {
        let mut left = object.clone();
        if left["content"] == "" {
            left["content"] = Value::Null;
        }
        let mut wrong = Complaints::default();
        legacy_fields(&left, prefix, &mut wrong);
        wrong.check()?;
    }
    Ok(())
}

/// An embed with what the service adds, its texts trimmed.
fn rendered_embed(embed: &Value) -> Value {
    let mut embed = embed.clone();
    embed["type"] = json!("rich");
    let trim = |value: &mut Value| {
        if let Some(text) = value.as_str() {
            *value = json!(text.trim());
        }
    };
    for key in ["title", "description"] {
        if let Some(value) = embed.get_mut(key) {
            trim(value);
        }
    }
    for field in embed["fields"].as_array_mut().into_iter().flatten() {
        field["inline"] = json!(field["inline"] == true);
        for key in ["name", "value"] {
            trim(&mut field[key]);
        }
    }
    if let Some(fields) = embed.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    embed
}
