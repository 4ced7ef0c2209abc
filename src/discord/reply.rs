//! How an interaction is answered: at once where the work is quick, else by a deferral within
//! Discord's 3 s and the real answer afterwards. One path for everything that can be pressed.

use std::time::{Duration, Instant};

use super::interaction::{Callback, Interaction, InteractionKind};
use super::message::{Choice, Message, Modal};
use super::rest::{Rest, RestError};
use super::routing::{Deferral, Route};
use crate::counters;

/// How long the work may take before the answer is deferred: half of Discord's 3 s, so that the
/// deferral has the other half to arrive.
const DEFER_AFTER: Duration = Duration::from_millis(1_500);

/// What the person gets to see.
#[derive(Debug)]
pub enum Reply {
    /// Messages that only they see; at least one.
    Private(Vec<Message>),
    /// The private message that they pressed something on, as it is now.
    Update(Message),
    /// The private message that they pressed something on is deleted, and then another says so.
    DeleteAndSay(Message),
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

    /// What others see too is never changed by a press: a forged one could take a card's place.
    /// An option that is being typed takes nothing but proposals.
    fn fit(self, interaction: &Interaction) -> Self {
        match (self, &interaction.kind) {
            (Self::Choices(choices), _) => Self::Choices(choices),
            (_, InteractionKind::Autocomplete { .. }) => Self::Choices(Vec::new()),
            (Self::Update(message), _) if !interaction.is_on_private_message() => {
                Self::private(message)
            }
            (reply, _) => reply,
        }
    }
}

/// Answers with what `work` comes to; `busy` is said where a form comes too late.
///
/// # Errors
/// As Discord or the network says. What `work` changed stays changed.
pub async fn answer(
    rest: &Rest,
    interaction: &Interaction,
    route: Route,
    busy: Message,
    work: impl Future<Output = Reply>,
) -> Result<(), RestError> {
    let responder = Responder { rest, interaction, name: route.name, start: Instant::now() };
    let work = async { work.await.fit(interaction) };
    tokio::pin!(work);
    if let Ok(reply) = tokio::time::timeout(DEFER_AFTER, &mut work).await {
        return responder.send_now(reply).await;
    }
    match route.deferral {
        Deferral::Never => {
            responder.send_now(Reply::private(busy).fit(interaction)).await?;
            work.await;
            Ok(())
        }
        Deferral::Update if interaction.is_on_message_to_one() => {
            responder.acknowledge(Callback::DeferUpdate).await?;
            responder.edit_after_deferral(work.await, busy).await
        }
        Deferral::NewMessage | Deferral::Update => {
            responder.acknowledge(Callback::DeferMessage { ephemeral: true }).await?;
            let (first, more) = match work.await {
                Reply::Private(messages) => split_first(messages),
                Reply::Update(message) => (message, Vec::new()),
                Reply::DeleteAndSay(said) => return responder.delete_and_say(said).await,
                Reply::Modal(_) | Reply::Choices(_) => (busy, Vec::new()),
            };
            rest.edit_original(&interaction.token, &first).await?;
            responder.send_followups(more).await
        }
    }
}

/// One answer under way.
struct Responder<'a> {
    rest: &'a Rest,
    interaction: &'a Interaction,
    name: &'static str,
    start: Instant,
}

impl Responder<'_> {
    async fn acknowledge(&self, callback: Callback) -> Result<(), RestError> {
        let (id, token) = (self.interaction.id, &self.interaction.token);
        let accepted = self.rest.respond(id, token, &callback).await;
        counters::measure_acknowledgement(self.name, self.start.elapsed());
        accepted.map(|_| ())
    }

    async fn send_now(&self, reply: Reply) -> Result<(), RestError> {
        let callback = match reply {
            Reply::Private(messages) => {
                let (first, more) = split_first(messages);
                self.acknowledge(Callback::Message(first.ephemeral())).await?;
                return self.send_followups(more).await;
            }
            Reply::DeleteAndSay(said) => {
                self.acknowledge(Callback::DeferUpdate).await?;
                return self.delete_and_say(said).await;
            }
            Reply::Update(message) => Callback::Update(message),
            Reply::Modal(modal) => Callback::Modal(modal),
            Reply::Choices(choices) => Callback::Autocomplete(choices),
        };
        self.acknowledge(callback).await
    }

    async fn edit_after_deferral(&self, reply: Reply, busy: Message) -> Result<(), RestError> {
        match reply {
            Reply::Update(message) => {
                self.rest.edit_original(&self.interaction.token, &message).await.map(|_| ())
            }
            Reply::Private(messages) => self.send_followups(messages).await,
            Reply::DeleteAndSay(said) => self.delete_and_say(said).await,
            Reply::Modal(_) | Reply::Choices(_) => self.send_followups(vec![busy]).await,
        }
    }

    /// Nothing is said to be deleted before Discord said so.
    async fn delete_and_say(&self, said: Message) -> Result<(), RestError> {
        self.rest.delete_original(&self.interaction.token).await?;
        self.send_followups(vec![said]).await
    }

    async fn send_followups(&self, messages: Vec<Message>) -> Result<(), RestError> {
        for message in messages {
            self.rest.followup(&self.interaction.token, &message.ephemeral()).await?;
        }
        Ok(())
    }
}

fn split_first(messages: Vec<Message>) -> (Message, Vec<Message>) {
    let mut messages = messages.into_iter();
    (messages.next().unwrap_or_default(), messages.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_being_typed_takes_proposals_only() {
        let typing = Interaction::parse(&json!({
            "id": "1", "application_id": "2", "type": 4, "token": "t", "locale": "ja",
            "user": {"id": "3", "username": "rin"},
            "data": {"name": "token", "options": [
                {"type": 3, "name": "provider", "value": "or", "focused": true}]},
        }))
        .unwrap();
        let refused = Reply::private(Message::default()).fit(&typing);
        assert!(matches!(refused, Reply::Choices(choices) if choices.is_empty()));
    }
}
