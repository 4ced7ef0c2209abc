//! Messages: how a bot's body becomes the message object that people and bots get to see.

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{
    checks::{
        components::{is_select, kind},
        messages::is_empty,
    },
    refusal::{self, Refusal},
    snowflakes::Id,
    state::{FLAG_LOADING, Message, State},
};

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
    pub(crate) fn create_message(&mut self, body: &Value, how: &Making) -> Result<Id, Refusal> {
        let id = self.snowflakes.next();
        let mut object = self.message_frame(id, how.channel)?;
        let by_interaction = how.interaction.is_some();
        self.fill(&mut object, body, by_interaction);
        let ephemeral = if how.ephemeral_to.is_some() { super::state::FLAG_EPHEMERAL } else { 0 };
        let loading = if how.loading { FLAG_LOADING } else { 0 };
        let flags = body["flags"].as_u64().unwrap_or_default() | ephemeral | loading;
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
            ephemeral_to: how.ephemeral_to,
            body: object,
            revision: 0,
            gone: false,
            edits_exhausted: false,
        };
        self.place(message);
        Ok(id)
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
    }

    /// Edits a message of the bot; what the body leaves out stays. The body was checked.
    pub(crate) fn edit_message(&mut self, id: Id, body: &Value) -> Result<Value, Refusal> {
        let message = self.messages.get(&id).filter(|m| !m.gone);
        let message = message.ok_or(refusal::UNKNOWN_MESSAGE)?;
        if message.author != self.application.id {
            return Err(refusal::NOT_YOUR_MESSAGE);
        }
        if message.edits_exhausted {
            return Err(refusal::TOO_MANY_EDITS);
        }
        let before = message.body.clone();
        let (was_loading, kept) = (message.is_loading(), message.flags() & !FLAG_LOADING & !4);
        let mut object = before.clone();
        let by_interaction = !before["webhook_id"].is_null();
        self.fill(&mut object, body, by_interaction);
        if is_empty(&object) {
            return Err(refusal::EMPTY_MESSAGE);
        }
        let asked = body["flags"].as_u64().map_or(message_suppression(&before), |flags| flags & 4);
        object["flags"] = json!(kept | asked);
        if !was_loading {
            let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, false);
            object["edited_timestamp"] = json!(now);
        }
        let changed = was_loading
            || ["content", "embeds", "components"].iter().any(|key| before[*key] != object[*key]);
        if let Some(message) = self.messages.get_mut(&id) {
            message.body.clone_from(&object);
        }
        if changed {
            self.touch(id);
        }
        Ok(object)
    }

    /// Deletes a message.
    pub(crate) fn remove_message(&mut self, id: Id) -> Result<(), Refusal> {
        let message = self.messages.get_mut(&id).filter(|m| !m.gone);
        message.ok_or(refusal::UNKNOWN_MESSAGE)?.gone = true;
        Ok(())
    }

    fn fill(&self, object: &mut Value, body: &Value, by_interaction: bool) {
        if let Some(content) = body.get("content") {
            object["content"] = json!(content.as_str().unwrap_or_default().trim());
        }
        if let Some(embeds) = body.get("embeds") {
            let embeds = embeds.as_array().into_iter().flatten().map(rendered_embed);
            object["embeds"] = embeds.collect();
        }
        if let Some(rows) = body.get("components") {
            let mut rows = rows.clone();
            if rows.is_null() {
                rows = json!([]);
            }
            number_components(&mut rows);
            object["components"] = rows;
        }
        if let Some(nonce) = body.get("nonce").filter(|nonce| !nonce.is_null()) {
            object["nonce"] = nonce.clone();
        }
        self.mention(object, &body["allowed_mentions"], by_interaction);
    }

    /// Notes whom the content really pings, by the defaults of the documentation.
    fn mention(&self, object: &mut Value, allowed: &Value, by_interaction: bool) {
        let content = object["content"].as_str().unwrap_or_default().to_owned();
        let listed = |kind: &str, id: Id| {
            let ids = allowed[kind].as_array().map(Vec::as_slice).unwrap_or_default();
            ids.iter().any(|value| value == id.to_string().as_str())
        };
        let parsed = |kind: &str| match allowed["parse"].as_array() {
            Some(kinds) => kinds.iter().any(|value| value == kind),
            None => allowed.is_null() && (kind == "users" || !by_interaction),
        };
        let users = self.users.values().filter(|user| {
            let named = [format!("<@{}>", user.id), format!("<@!{}>", user.id)];
            let named = named.iter().any(|mention| content.contains(mention));
            named && (parsed("users") || listed("users", user.id))
        });
        object["mentions"] = users.map(super::objects::user).collect();
        let roles = self.guild.roles.iter().filter(|role| {
            let named = content.contains(&format!("<@&{}>", role.id));
            named && (parsed("roles") || listed("roles", role.id))
        });
        object["mention_roles"] = roles.map(|role| json!(role.id.to_string())).collect();
        let everyone = content.contains("@everyone") || content.contains("@here");
        object["mention_everyone"] = json!(everyone && parsed("everyone"));
    }
}

/// The bit that suppresses embeds, as it was.
fn message_suppression(before: &Value) -> u64 {
    before["flags"].as_u64().unwrap_or_default() & 4
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

/// Gives each component without one the `id` that the service would: its number, depth first.
pub(crate) fn number_components(components: &mut Value) {
    fn visit(component: &mut Value, next: &mut u64) {
        if component["id"].as_u64().unwrap_or_default() == 0 {
            component["id"] = json!(*next);
        }
        *next += 1;
        if is_select(component) {
            // The service states its defaults.
            for key in ["min_values", "max_values"] {
                if component[key].is_null() {
                    component[key] = json!(1);
                }
            }
        }
        if component["component"].is_object() {
            visit(&mut component["component"], next);
        }
        for inside in component["components"].as_array_mut().into_iter().flatten() {
            visit(inside, next);
        }
        for key in ["component", "components"] {
            if component[key].is_null()
                && let Some(fields) = component.as_object_mut()
            {
                fields.remove(key);
            }
        }
    }
    let mut next = 1;
    for component in components.as_array_mut().into_iter().flatten() {
        visit(component, &mut next);
        strip_nulls(component);
    }
}

/// The service leaves out what wasn't set.
fn strip_nulls(component: &mut Value) {
    if let Some(fields) = component.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        fields.values_mut().for_each(strip_nulls);
    } else {
        component.as_array_mut().into_iter().flatten().for_each(strip_nulls);
    }
}

/// The component with a custom id, if the message holds it.
pub(crate) fn component<'a>(message: &'a Value, custom_id: &str) -> Option<&'a Value> {
    components(message).into_iter().find(|component| component["custom_id"] == custom_id)
}

/// All components of a message that a person can use, in order.
pub(crate) fn components(message: &Value) -> Vec<&Value> {
    let rows = message["components"].as_array().into_iter().flatten();
    let rows = rows.filter(|row| kind(row) == super::checks::components::ACTION_ROW);
    rows.filter_map(|row| row["components"].as_array()).flatten().collect()
}
