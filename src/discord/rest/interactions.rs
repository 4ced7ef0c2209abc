//! Answers to interactions. Their token authorises them, for 15 minutes.

use secrecy::{ExposeSecret, SecretString};
use serenity::http::{LightMethod, Route};
use serenity::model::id as serenity_id;

use super::executor::Call;
use super::model::MessageBody;
use super::zeroized_body::ZeroizedBody;
use super::{ErrorCode, Rest, RestError};
use crate::discord::interaction::{Callback, MessageRef};
use crate::discord::message::Message;
use crate::domain::ids::{InteractionId, MessageId};

/// How Discord took the first answer to an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// Discord said so.
    Seen,
    /// An earlier try ended without an answer, and now Discord says that the interaction was answered
    /// already: most likely by that try.
    Presumed,
}

impl Rest {
    /// The first answer to an interaction. Tried again within Discord's 3 s: it takes only one.
    pub async fn respond(
        &self,
        id: InteractionId,
        token: &SecretString,
        callback: &Callback,
    ) -> Result<Acceptance, RestError> {
        let route = Route::InteractionResponse {
            interaction_id: serenity_id::InteractionId::new(id.get().unsigned_abs()),
            token: token.expose_secret(),
        };
        let call = Call::with_token(LightMethod::Post, route)
            .body(&callback.body())
            .file(callback.file())
            .repeatable()
            .within(self.times.callback)
            .each(self.times.callback_try);
        match self.execute(call).await {
            Ok(_) => Ok(Acceptance::Seen),
            Err(failure)
                if failure.tries > 1
                    && failure.error.code() == Some(ErrorCode::AlreadyAcknowledged) =>
            {
                Ok(Acceptance::Presumed)
            }
            Err(failure) => Err(failure.error),
        }
    }

    /// Edits the first answer, or gives it, after it was deferred.
    pub async fn edit_original(
        &self,
        token: &SecretString,
        message: &Message,
    ) -> Result<MessageRef, RestError> {
        // The one body that may hold a token's secret.
        let body = ZeroizedBody(message.edit_body());
        let call = Call::with_token(LightMethod::Patch, self.original(token))
            .body(&body.0)
            .file(message.file.as_ref());
        drop(body);
        self.fetch::<MessageBody>(call).await.map(Into::into)
    }

    /// Reads the first answer.
    pub async fn get_original(&self, token: &SecretString) -> Result<MessageRef, RestError> {
        let call = Call::with_token(LightMethod::Get, self.original(token));
        self.fetch::<MessageBody>(call).await.map(Into::into)
    }

    /// Deletes the first answer; fine if it is gone already.
    pub async fn delete_original(&self, token: &SecretString) -> Result<(), RestError> {
        let call = Call::with_token(LightMethod::Delete, self.original(token));
        ignore_missing(self.perform(call).await)
    }

    /// One more message; ephemeral if the message says so. Discord knows no nonce here: in doubt it
    /// is shown twice, to the one who sees it, and not lost.
    pub async fn followup(
        &self,
        token: &SecretString,
        message: &Message,
    ) -> Result<MessageRef, RestError> {
        let route = Route::WebhookFollowupMessages {
            application_id: self.serenity_application(),
            token: token.expose_secret(),
        };
        let call = Call::with_token(LightMethod::Post, route)
            .query("wait=true")
            .body(&message.reply_body())
            .file(message.file.as_ref())
            .repeatable();
        self.fetch::<MessageBody>(call).await.map(Into::into)
    }

    /// Edits a followup.
    pub async fn edit_followup(
        &self,
        token: &SecretString,
        id: MessageId,
        message: &Message,
    ) -> Result<MessageRef, RestError> {
        let call = Call::with_token(LightMethod::Patch, self.followup_route(token, id));
        self.fetch::<MessageBody>(call.body(&message.edit_body())).await.map(Into::into)
    }

    /// Deletes a followup; fine if it is gone already.
    pub async fn delete_followup(
        &self,
        token: &SecretString,
        id: MessageId,
    ) -> Result<(), RestError> {
        let call = Call::with_token(LightMethod::Delete, self.followup_route(token, id));
        ignore_missing(self.perform(call).await)
    }

    fn original<'a>(&self, token: &'a SecretString) -> Route<'a> {
        Route::WebhookOriginalInteractionResponse {
            application_id: self.serenity_application(),
            token: token.expose_secret(),
        }
    }

    fn followup_route<'a>(&self, token: &'a SecretString, id: MessageId) -> Route<'a> {
        Route::WebhookFollowupMessage {
            application_id: self.serenity_application(),
            token: token.expose_secret(),
            message_id: serenity_id::MessageId::new(id.get().unsigned_abs()),
        }
    }

    pub(super) fn serenity_application(&self) -> serenity_id::ApplicationId {
        serenity_id::ApplicationId::new(self.application_id.get().unsigned_abs())
    }
}

/// A deletion wants a thing gone; that it was gone before is no failure.
pub(super) fn ignore_missing(outcome: Result<(), RestError>) -> Result<(), RestError> {
    match outcome {
        Err(error) if error.code() == Some(ErrorCode::UnknownMessage) => Ok(()),
        outcome => outcome,
    }
}
