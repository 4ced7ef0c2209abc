//! `/token collect` and the deliveries of secrets: a secret is revealed to its owner only.

use std::time::Duration;

use secrecy::SecretString;

use super::{Context, Handlers, explain_failure, note_outcome};
use crate::counters;
use crate::discord::custom_id::{CustomId, Place, Placed};
use crate::discord::interaction::{Callback, Command};
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::views;
use crate::domain::ids::DeliveryId;
use crate::workflow::Outcome;
use crate::workflow::delivery::deliver::{self, WaitingDelivery};
use crate::workflow::delivery::reveal::{self, RevealedSecret};
use crate::workflow::refusal::Refusal;

/// How long the message with the secret may take; what took longer counts as not seen. Less than
/// the time for which a press keeps others from the secret.
const SHOW_LIMIT: Duration = Duration::from_secs(25);

/// How long it is tried to tell somebody that their secret was not shown.
const RETRY_LIMIT: Duration = Duration::from_secs(120);

/// How long to wait in between; each attempt is several tries.
const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// How long after its time the queue may have deleted a message.
const QUEUE_DELAY: Duration = Duration::from_secs(3);

impl Handlers {
    /// *Reveal*: acknowledged first, then committed, then shown in a message of its own, which no other press
    /// can edit: what stands where somebody pressed may be overwritten by a press that is answered late. The
    /// sealed copy is wiped only when Discord was seen to accept the message.
    pub(super) async fn reveal_secret(
        &self,
        context: &Context<'_>,
        id: DeliveryId,
    ) -> Result<(), RestError> {
        let (interaction, start) = (context.interaction, std::time::Instant::now());
        let deferred = Callback::DeferMessage { ephemeral: true };
        let answered = self.rest.respond(interaction.id, &interaction.token, &deferred).await;
        counters::measure_acknowledgement("reveal", start.elapsed());
        if let Err(error) = answered {
            // Discord may have heard it all the same.
            if error.is_temporary() {
                self.show_refusal(context, &Refusal::NotHeard).await;
            }
            return Err(error);
        }
        let press = reveal::open_secret(&self.workflow, &context.actor, id, &interaction.token);
        let pressed = match self.run_limited(context, press).await {
            Ok(pressed) => pressed,
            Err(failure) => {
                let (message, outcome) = explain_failure(context, failure).await;
                note_outcome("reveal", outcome);
                return self
                    .edit_answer_with_retries(&interaction.token, &message.ephemeral())
                    .await;
            }
        };
        note_outcome("reveal", "done");
        self.schedule_hiding(context, id);
        let shown = self.show_secret(context, id, pressed).await;
        let noted = match &shown {
            Ok(()) => deliver::note_reveal_accepted(&self.workflow, id).await,
            // The owner may press again at once. Nothing is wiped, whatever stands there.
            Err(_) => deliver::note_reveal_refused(&self.workflow, id).await,
        };
        if let Err(error) = noted {
            // The sealed copy stays until the delivery's time is up, and only its owner gets it.
            tracing::error!(error = format!("{error:#}"), "a reveal's end could not be noted");
        }
        match &shown {
            Ok(()) => {}
            Err(RestError::Refused { .. }) => self.show_refusal(context, &Refusal::NotShown).await,
            // If the secret stands there, this takes its place: the owner must not have to guess
            // whether it was the last time that they could read it.
            Err(_) => self.show_refusal(context, &Refusal::NotHeard).await,
        }
        shown
    }

    async fn show_secret(
        &self,
        context: &Context<'_>,
        id: DeliveryId,
        pressed: RevealedSecret,
    ) -> Result<(), RestError> {
        let mut message = views::delivery::render_secret(&pressed, id, context.language);
        let showing = self.edit_answer(&context.interaction.token, &message);
        let shown =
            tokio::time::timeout(SHOW_LIMIT, showing).await.unwrap_or(Err(RestError::TimedOut));
        message.zeroize();
        shown.map_err(RestError::without_words)
    }

    /// The queue deletes the message when its time is up by the database's clock. If that clock is
    /// set back meanwhile, the secret is hidden by how long it has really stood there.
    fn schedule_hiding(&self, context: &Context<'_>, id: DeliveryId) {
        let (workflow, press) = (self.workflow.clone(), context.actor.interaction);
        let wait = workflow.config.policy.reveal_visible_for + QUEUE_DELAY;
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            // Boxed, since many of these sleep for minutes, each with room for all that it will hold.
            let hiding = Box::pin(reveal::hide_expired_message(&workflow, id, press));
            if let Err(error) = hiding.await {
                let error: anyhow::Error = error.into();
                tracing::error!(error = format!("{error:#}"), "a secret may stand for too long");
            }
        });
    }

    /// Tells the owner what became of their press, in place of what they see.
    async fn show_refusal(&self, context: &Context<'_>, refusal: &Refusal) {
        let message = views::refusal::render_refusal(refusal, context.language);
        let token = &context.interaction.token;
        if let Err(error) = self.edit_answer_with_retries(token, &message).await {
            tracing::warn!(%error, ?refusal, "the owner is not told");
        }
    }

    /// Edits the answer, again and again while Discord can't be reached: without it, the owner
    /// looks at "thinking" until Discord gives up.
    pub(super) async fn edit_answer_with_retries(
        &self,
        token: &SecretString,
        message: &Message,
    ) -> Result<(), RestError> {
        let start = std::time::Instant::now();
        loop {
            let pause = match self.edit_answer(token, message).await {
                Err(RestError::RateLimited { retry_after }) => retry_after.max(RETRY_PAUSE),
                Err(error) if error.is_temporary() => RETRY_PAUSE,
                outcome => return outcome,
            };
            if start.elapsed() + pause > RETRY_LIMIT {
                return Err(RestError::TimedOut);
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn edit_answer(&self, token: &SecretString, message: &Message) -> Result<(), RestError> {
        self.rest.edit_original(token, message).await.map(|_| ())
    }

    pub(super) async fn list_deliveries(
        &self,
        context: &Context<'_>,
        _command: &Command,
    ) -> Outcome<Reply> {
        let (waiting, more) = deliver::list_waiting(&self.workflow, &context.actor).await?;
        let ready = |waiting: &WaitingDelivery| {
            let provider = self.workflow.config.provider_name(&waiting.token.provider);
            views::delivery::render_ready(waiting, provider, context.language)
        };
        let mut messages: Vec<Message> = waiting.iter().map(ready).collect();
        if messages.is_empty() {
            return Ok(Reply::private(views::delivery::render_nothing_to_collect(
                context.language,
            )));
        }
        if more > 0 {
            messages.push(views::delivery::render_more_to_collect(more, context.language));
        }
        Ok(Reply::Private(messages))
    }

    /// *I have stored it*: the message that was pressed is deleted by the press's own token, which
    /// works also where the token that showed it has run out. What others see is never deleted by a press.
    pub(super) async fn hide_stored_secret(
        &self,
        context: &Context<'_>,
        id: DeliveryId,
    ) -> Outcome<Reply> {
        if !context.interaction.is_on_message_to_one() {
            return Err(Refusal::NotUnderstood.into());
        }
        let token = deliver::confirm_stored(&self.workflow, &context.actor, id).await?;
        Ok(Reply::DeleteAndSay(views::delivery::render_stored(&token, context.language)))
    }

    pub(super) async fn disown_delivery(
        &self,
        context: &Context<'_>,
        id: Placed<DeliveryId>,
    ) -> Outcome<Reply> {
        let disowned = deliver::disown(&self.workflow, &context.actor, id.what).await?;
        let said = views::delivery::render_disowned(&disowned, context.language);
        Ok(match id.place {
            // What shows the secret is deleted by the queue, and what is said must stay.
            Place::Secret => Reply::private(said),
            Place::Pending(page) if context.interaction.is_on_private_message() => {
                Reply::Update(self.go_back(context, CustomId::Pending(page.into()), said).await)
            }
            _ => Reply::Update(said),
        })
    }
}
