//! What a press came to, in the place of what was pressed, with what else stands there. Nothing here can make
//! a press fail that was carried out: where a page can't be built, what came of it stands alone.

use super::{Context, Handlers};
use crate::discord::custom_id::{CustomId, Place, Placed};
use crate::discord::message::Message;
use crate::discord::views;
use crate::discord::views::token::PanelExtras;
use crate::domain::ids::RequestId;
use crate::workflow::request::decide;
use crate::workflow::{Failure, Outcome};

impl Handlers {
    /// What came of a press on a button of a request. A message that others see is answered by a new one, which
    /// holds nothing else.
    pub(super) async fn answer_in_place(
        &self,
        context: &Context<'_>,
        pressed: Placed<RequestId>,
        said: Message,
    ) -> Message {
        if !context.interaction.is_on_private_message() {
            return said;
        }
        match pressed.place {
            Place::Alone | Place::Secret => said,
            Place::Pending(page) => {
                self.go_back(context, CustomId::Pending(page.into()), said).await
            }
            Place::Details => {
                let read =
                    decide::get_request_to_read(&self.workflow, &context.actor, pressed.what).await;
                let placed = read.map(|request| {
                    let provider = self.workflow.config.provider(&request.content.provider);
                    views::scopes::render_decided(
                        &request,
                        said.clone(),
                        provider,
                        context.language,
                    )
                });
                keep_said(placed, said)
            }
        }
    }

    /// What was done, on the page that a button of a panel leads back to.
    pub(super) async fn go_back(
        &self,
        context: &Context<'_>,
        back: CustomId,
        said: Message,
    ) -> Message {
        let done = Some(said.prose());
        let page = match back {
            CustomId::ShowToken(token) => {
                let extras = PanelExtras { done, back: token.list().cloned() };
                self.build_token_panel(context, token.what, extras).await
            }
            CustomId::Pending(page) => {
                let page = u8::try_from(page).unwrap_or(u8::MAX);
                self.build_pending(context, page, done).await
            }
            _ => return said,
        };
        keep_said(page, said)
    }
}

/// The page, or where there is none, what it was to say.
fn keep_said(page: Outcome<Message>, said: Message) -> Message {
    page.unwrap_or_else(|failure| {
        if let Failure::Fault(error) = failure {
            tracing::error!(error = format!("{error:#}"), "an answer stands without its page");
        }
        said
    })
}
