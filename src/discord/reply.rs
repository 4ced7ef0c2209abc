//! How an interaction is answered: at once where the work is quick, else by a deferral within
//! Discord's 3 s and the real answer afterwards. One path for everything that can be pressed.

use std::time::{Duration, Instant};

use super::interaction::{Callback, Interaction};
use super::message::{Choice, Message, Modal};
use super::rest::{Rest, RestError};
use crate::web::metrics;

/// How long the work may take before the answer is deferred: half of Discord's 3 s, so that the
/// deferral has the other half to arrive.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What the person gets to see.
#[derive(Debug)]
pub enum Reply {
    /// Messages that only they see; at least one.
    Private(Vec<Message>),
    /// The message that they pressed something on, as it is now.
    Update(Message),
    /// A form.
    Modal(Modal),
    /// Proposals.
    Choices(Vec<Choice>),
}

impl Reply {
    /// One message that only they see.
    #[must_use]
    pub fn private(message: Message) -> Self {
        Self::Private(vec![message.ephemeral()])
    }
}

/// What the answer can become if it takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// A private message.
    Private,
    /// The pressed message, edited; anything else follows it.
    Update,
    /// Nothing: forms and proposals can't come late. The person is told to try again.
    Impossible,
}

/// Answers with what `work` comes to; `busy` is said where a form comes too late.
///
/// # Errors
/// As Discord or the network says. What `work` changed stays changed.
pub async fn answer(
    rest: &Rest,
    interaction: &Interaction,
    kind: &'static str,
    deferral: Deferral,
    busy: Message,
    work: impl Future<Output = Reply>,
) -> Result<(), RestError> {
    let start = Instant::now();
    let acknowledge = async |callback: Callback| {
        let accepted = rest.respond(interaction.id, &interaction.token, &callback).await;
        metrics::measure_acknowledgement(kind, start.elapsed());
        accepted.map(|_| ())
    };
    tokio::pin!(work);
    if let Ok(reply) = tokio::time::timeout(PATIENCE, &mut work).await {
        let (callback, rest_of_it) = first_answer(reply);
        acknowledge(callback).await?;
        return follow(rest, interaction, rest_of_it).await;
    }
    match deferral {
        Deferral::Impossible => {
            acknowledge(Callback::Message(busy.ephemeral())).await?;
            work.await;
            Ok(())
        }
        Deferral::Private => {
            acknowledge(Callback::DeferMessage { ephemeral: true }).await?;
            let (first, more) = match work.await {
                Reply::Private(messages) => split(messages),
                Reply::Update(message) => (message, Vec::new()),
                Reply::Modal(_) | Reply::Choices(_) => (busy, Vec::new()),
            };
            rest.edit_original(&interaction.token, &first).await?;
            follow(rest, interaction, more).await
        }
        Deferral::Update => {
            acknowledge(Callback::DeferUpdate).await?;
            match work.await {
                Reply::Update(message) => {
                    rest.edit_original(&interaction.token, &message).await.map(|_| ())
                }
                Reply::Private(messages) => follow(rest, interaction, messages).await,
                Reply::Modal(_) | Reply::Choices(_) => follow(rest, interaction, vec![busy]).await,
            }
        }
    }
}

fn first_answer(reply: Reply) -> (Callback, Vec<Message>) {
    match reply {
        Reply::Private(messages) => {
            let (first, more) = split(messages);
            (Callback::Message(first.ephemeral()), more)
        }
        Reply::Update(message) => (Callback::Update(message), Vec::new()),
        Reply::Modal(modal) => (Callback::Modal(modal), Vec::new()),
        Reply::Choices(choices) => (Callback::Autocomplete(choices), Vec::new()),
    }
}

fn split(messages: Vec<Message>) -> (Message, Vec<Message>) {
    let mut messages = messages.into_iter();
    (messages.next().unwrap_or_default(), messages.collect())
}

async fn follow(
    rest: &Rest,
    interaction: &Interaction,
    messages: Vec<Message>,
) -> Result<(), RestError> {
    for message in messages {
        rest.followup(&interaction.token, &message.ephemeral()).await?;
    }
    Ok(())
}
