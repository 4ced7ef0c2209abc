//! A secret is revealed to its owner, and to nobody else.

use std::time::Duration;

use super::{Handlers, Visit, told};
use crate::counters;
use crate::discord::interaction::Callback;
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::views;
use crate::domain::ids::DeliveryId;
use crate::workflow::Outcome;
use crate::workflow::deliver::Pressed;
use crate::workflow::refusal::Refusal;

/// How long the message with the secret may take; what took longer counts as not seen. Less than
/// the time for which a press keeps others from the secret.
const SHOW_LIMIT: Duration = Duration::from_secs(25);

impl Handlers {
    /// *Reveal*: acknowledged first, then committed, then shown. The sealed copy is wiped only when
    /// Discord was seen to accept the message.
    pub(super) async fn reveal(&self, visit: &Visit<'_>, id: DeliveryId) -> Result<(), RestError> {
        let (interaction, start) = (visit.interaction, std::time::Instant::now());
        let deferred = Callback::DeferMessage { ephemeral: true };
        let answered = self.rest.respond(interaction.id, &interaction.token, &deferred).await;
        counters::measure_acknowledgement("reveal", start.elapsed());
        answered?;
        let token = &interaction.token;
        let press = self.workflow.press(&visit.actor, id, token);
        let pressed = match self.in_turn(visit, press).await {
            Ok(pressed) => pressed,
            Err(failure) => {
                let (message, outcome) = told(visit, failure).await;
                counters::count_interaction("reveal", outcome);
                return self.rest.edit_original(token, &message.ephemeral()).await.map(|_| ());
            }
        };
        counters::count_interaction("reveal", "done");
        self.show(visit, id, &pressed).await
    }

    async fn show(
        &self,
        visit: &Visit<'_>,
        id: DeliveryId,
        pressed: &Pressed,
    ) -> Result<(), RestError> {
        let Pressed { token, secret, hide_at } = pressed;
        let message = views::delivery::secret(token, id, secret, *hide_at, visit.language);
        let showing = self.edit(visit, &message);
        let shown =
            tokio::time::timeout(SHOW_LIMIT, showing).await.unwrap_or(Err(RestError::TimedOut));
        let shown = shown.map_err(RestError::without_words);
        let noted = match &shown {
            Ok(()) => self.workflow.accepted(id).await,
            // It said no, so nobody saw it; whatever else it is, the message may stand there.
            Err(RestError::Refused { .. }) => {
                let not_shown = views::refusal::refusal(&Refusal::NotShown, visit.language);
                let noted = self.workflow.not_accepted(id).await;
                self.edit(visit, &not_shown).await?;
                noted
            }
            Err(_) => Ok(()),
        };
        if let Err(error) = noted {
            // The sealed copy stays until the delivery's time is up, and only its owner gets it.
            tracing::error!(error = format!("{error:#}"), "a reveal's end could not be noted");
        }
        shown
    }

    async fn edit(&self, visit: &Visit<'_>, message: &Message) -> Result<(), RestError> {
        self.rest.edit_original(&visit.interaction.token, message).await.map(|_| ())
    }

    /// *I have stored it*: the message that was pressed is deleted by the press's own token, which
    /// works also where the token that showed it has run out.
    pub(super) async fn stored(&self, visit: &Visit<'_>, id: DeliveryId) -> Outcome<Reply> {
        if !visit.interaction.is_on_private_message() {
            return Err(Refusal::NotUnderstood.into());
        }
        self.workflow.stored(&visit.actor, id).await?;
        Ok(Reply::Delete)
    }

    pub(super) async fn not_me(&self, visit: &Visit<'_>, id: DeliveryId) -> Outcome<Reply> {
        let token = self.workflow.disown(&visit.actor, id).await?;
        Ok(Reply::private(views::delivery::disowned(&token, visit.language)))
    }
}
