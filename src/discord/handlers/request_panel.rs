//! `/token panel`: a message with a button that requests a token, for people who know no commands.

use super::{Context, Handlers};
use crate::discord::interaction::Command;
use crate::discord::reply::Reply;
use crate::discord::rest::ErrorCode;
use crate::discord::views;
use crate::workflow::refusal::Refusal;
use crate::workflow::request::post_panel;
use crate::workflow::{Failure, Outcome};

impl Handlers {
    /// Posts it where the command was typed; pinning it is up to the admin.
    pub(super) async fn post_request_panel(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<Reply> {
        let provider = self.find_named_provider(command)?;
        post_panel::check(&self.workflow, &context.actor, provider).await?;
        let channel = context.interaction.channel_id.ok_or(Refusal::NotUnderstood)?;
        let message = views::request_panel::render_panel(provider);
        // At most 25 characters: an id has at most 19.
        let nonce = format!("p{}", context.interaction.id);
        match self.rest.create_message(channel, &message, &nonce).await {
            Ok(_) => Ok(Reply::private(views::request_panel::render_posted(context.language))),
            Err(error) => Err(match error.code() {
                Some(
                    ErrorCode::MissingAccess
                    | ErrorCode::MissingPermissions
                    | ErrorCode::UnknownChannel,
                ) => Refusal::CannotPostHere.into(),
                _ => Failure::Fault(error.into()),
            }),
        }
    }
}
