//! Messages in channels, direct messages included.

use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id as serenity_id;

use super::executor::Call;
use super::interactions::ignore_missing;
use super::model::{Channel, MessageBody};
use super::{Rest, RestError};
use crate::discord::interaction::MessageRef;
use crate::discord::message::Message;
use crate::domain::ids::{ChannelId, UserId};

impl Rest {
    /// Posts a message. Discord answers a repeat with the same `nonce` (at most 25 characters) within
    /// a few minutes with the first message, so that it is tried again when in doubt.
    pub async fn create_message(
        &self,
        channel: ChannelId,
        message: &Message,
        nonce: &str,
    ) -> Result<MessageRef, RestError> {
        let route = Route::ChannelMessages { channel_id: serenity_channel(channel) };
        let mut body = message.channel_body();
        if let Value::Object(body) = &mut body {
            body.insert("nonce".into(), nonce.into());
            body.insert("enforce_nonce".into(), true.into());
        }
        let call = Call::new(LightMethod::Post, route)
            .body(&body)
            .file(message.file.as_ref())
            .repeatable();
        self.fetch::<MessageBody>(call).await.map(Into::into)
    }

    /// Replaces the whole content of one of the bot's messages.
    pub async fn edit_message(
        &self,
        place: MessageRef,
        message: &Message,
    ) -> Result<MessageRef, RestError> {
        let call = Call::new(LightMethod::Patch, message_route(place)).body(&message.edit_body());
        self.fetch::<MessageBody>(call).await.map(Into::into)
    }

    /// The newest messages of a channel, 100 at most, as Discord tells of them. Of other people's it hides
    /// the text from us.
    pub async fn latest_messages(&self, channel: ChannelId) -> Result<Vec<Value>, RestError> {
        let route = Route::ChannelMessages { channel_id: serenity_channel(channel) };
        self.fetch(Call::new(LightMethod::Get, route).query("limit=100")).await
    }

    /// Whether a message still stands.
    pub async fn get_message(&self, place: MessageRef) -> Result<MessageRef, RestError> {
        let call = Call::new(LightMethod::Get, message_route(place));
        self.fetch::<MessageBody>(call).await.map(Into::into)
    }

    /// Deletes a message; fine if it is gone already.
    pub async fn delete_message(&self, place: MessageRef) -> Result<(), RestError> {
        let call = Call::new(LightMethod::Delete, message_route(place));
        ignore_missing(self.perform(call).await)
    }

    /// The channel of direct messages with a user, opened if there is none. Keep it: opening many
    /// quickly gets a bot blocked.
    pub async fn open_dm(&self, user: UserId) -> Result<ChannelId, RestError> {
        let call = Call::new(LightMethod::Post, Route::UserMeDmChannels)
            .body(&json!({"recipient_id": user}))
            .repeatable();
        self.fetch::<Channel>(call).await.map(|channel| channel.id)
    }
}

pub(super) fn serenity_channel(id: ChannelId) -> serenity_id::ChannelId {
    serenity_id::ChannelId::new(id.get().unsigned_abs())
}

fn message_route(place: MessageRef) -> Route<'static> {
    Route::ChannelMessage {
        channel_id: serenity_channel(place.channel_id),
        message_id: serenity_id::MessageId::new(place.id.get().unsigned_abs()),
    }
}
