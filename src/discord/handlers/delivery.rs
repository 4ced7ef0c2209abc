//! A secret is revealed to its owner, and to nobody else.

use std::time::Duration;

use zeroize::Zeroize as _;

use super::{Handlers, Visit, told};
use crate::counters;
use crate::discord::interaction::Callback;
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::views;
use crate::domain::ids::DeliveryId;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;
use crate::workflow::reveal::Pressed;

/// How long the message with the secret may take; what took longer counts as not seen. Less than
/// the time for which a press keeps others from the secret.
const SHOW_LIMIT: Duration = Duration::from_secs(25);

/// How long it is tried to tell somebody that their secret was not shown.
const TELLING: Duration = Duration::from_secs(120);

/// How long to wait in between; each attempt is several tries.
const PAUSE: Duration = Duration::from_secs(5);

/// How long after its time the queue may have deleted a message.
const QUEUE_IS_LATE: Duration = Duration::from_secs(3);

impl Handlers {
    /// *Reveal*: acknowledged first, then committed, then shown. The sealed copy is wiped only when
    /// Discord was seen to accept the message.
    pub(super) async fn reveal(&self, visit: &Visit<'_>, id: DeliveryId) -> Result<(), RestError> {
        let (interaction, start) = (visit.interaction, std::time::Instant::now());
        let deferred = Callback::DeferMessage { ephemeral: true };
        let answered = self.rest.respond(interaction.id, &interaction.token, &deferred).await;
        counters::measure_acknowledgement("reveal", start.elapsed());
        if let Err(error) = answered {
            // Discord may have heard it all the same.
            if error.is_temporary() {
                self.tell(visit, &Refusal::NotHeard).await;
            }
            return Err(error);
        }
        let press = self.workflow.press(&visit.actor, id, &interaction.token);
        let pressed = match self.in_turn(visit, press).await {
            Ok(pressed) => pressed,
            Err(failure) => {
                let (message, outcome) = told(visit, failure).await;
                counters::count_interaction("reveal", outcome);
                return self.edit_patiently(visit, &message.ephemeral()).await;
            }
        };
        counters::count_interaction("reveal", "done");
        self.hide_in_time(visit, id);
        let shown = self.show(visit, id, pressed).await;
        let noted = match &shown {
            Ok(()) => self.workflow.accepted(id).await,
            // The owner may press again at once. Nothing is wiped, whatever stands there.
            Err(_) => self.workflow.not_accepted(id).await,
        };
        if let Err(error) = noted {
            // The sealed copy stays until the delivery's time is up, and only its owner gets it.
            tracing::error!(error = format!("{error:#}"), "a reveal's end could not be noted");
        }
        match &shown {
            Ok(()) => {}
            Err(RestError::Refused { .. }) => self.tell(visit, &Refusal::NotShown).await,
            // If the secret stands there, this takes its place: the owner must not have to guess
            // whether it was the last time that they could read it.
            Err(_) => self.tell(visit, &Refusal::NotHeard).await,
        }
        shown
    }

    async fn show(
        &self,
        visit: &Visit<'_>,
        id: DeliveryId,
        pressed: Pressed,
    ) -> Result<(), RestError> {
        let mut message = views::delivery::secret(&pressed, id, visit.language);
        let showing = self.edit(visit, &message);
        let shown =
            tokio::time::timeout(SHOW_LIMIT, showing).await.unwrap_or(Err(RestError::TimedOut));
        message.content.zeroize();
        shown.map_err(RestError::without_words)
    }

    /// The queue deletes the message when its time is up by the database's clock. If that clock is
    /// set back meanwhile, the secret is hidden by how long it has really stood there.
    fn hide_in_time(&self, visit: &Visit<'_>, id: DeliveryId) {
        let (workflow, press) = (self.workflow.clone(), visit.actor.interaction);
        let wait = workflow.config.policy.reveal_visible_for + QUEUE_IS_LATE;
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            if let Err(error) = workflow.time_is_up(id, press).await {
                let error: anyhow::Error = error.into();
                tracing::error!(error = format!("{error:#}"), "a secret may stand for too long");
            }
        });
    }

    /// Tells the owner what became of their press, in place of what they see.
    async fn tell(&self, visit: &Visit<'_>, refusal: &Refusal) {
        let message = views::refusal::refusal(refusal, visit.language);
        if let Err(error) = self.edit_patiently(visit, &message).await {
            tracing::warn!(%error, ?refusal, "the owner is not told");
        }
    }

    /// Edits the answer, again and again while Discord can't be reached: without it, the owner
    /// looks at "thinking" until Discord gives up.
    async fn edit_patiently(&self, visit: &Visit<'_>, message: &Message) -> Result<(), RestError> {
        let start = std::time::Instant::now();
        loop {
            let pause = match self.edit(visit, message).await {
                Err(RestError::RateLimited { retry_after }) => retry_after.max(PAUSE),
                Err(error) if error.is_temporary() => PAUSE,
                told => return told,
            };
            if start.elapsed() + pause > TELLING {
                return Err(RestError::TimedOut);
            }
            tokio::time::sleep(pause).await;
        }
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
        let disowned = self.workflow.disown(&visit.actor, id).await?;
        Ok(Reply::private(views::delivery::disowned(&disowned, visit.language)))
    }
}
