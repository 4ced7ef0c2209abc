//! A person: what they see and wait for. What they do is in `actions`.

use std::{fmt, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::sync::Semaphore;

use super::MessageView;
use crate::{
    notifications::Notification,
    shared::Shared,
    snowflakes::Id,
    state::{Channel, Message, Place, State},
};

/// How long people wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(15);

/// How many answers a person waits for at a time. Each wait checks every change:
/// a thousand would slow the whole simulation down.
const LOOKING_OUT: usize = 16;

/// A person at a client.
#[derive(Clone)]
pub struct Person {
    pub(super) id: Id,
    pub(super) shared: Arc<Shared>,
    pub(super) patience: Duration,
    pub(super) looking_out: Arc<Semaphore>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({})", self.name())
    }
}

impl Person {
    pub(crate) fn new(id: Id, shared: Arc<Shared>) -> Self {
        let looking_out = Arc::new(Semaphore::new(LOOKING_OUT));
        Self { id, shared, patience: PATIENCE, looking_out }
    }

    /// The same person, waiting this long for things to appear.
    pub fn patient(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// The account's id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The name that others see.
    pub fn name(&self) -> String {
        let name = |state: &State| state.users.get(&self.id).map(|u| u.display_name.clone());
        self.shared.read(name).unwrap_or_default()
    }

    /// How the account is mentioned in a message's source.
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// A channel of the guild that this person sees.
    pub(super) fn channel_id(&self, name: &str) -> Result<Id> {
        let found = self.shared.read(|state| {
            let named = |c: &&Channel| c.place == Place::Guild && c.name == name;
            let channel = state.channels.values().find(named)?;
            state.sees_channel(self.id, channel.id).then_some(channel.id)
        });
        found.with_context(|| format!("{} sees no channel #{name}", self.name()))
    }

    /// The messages in a channel that this person sees, private ones too, oldest first. They count
    /// as read.
    pub fn channel(&self, name: &str) -> Result<Vec<MessageView>> {
        let id = self.channel_id(name)?;
        Ok(self.reads(|message| message.channel == id))
    }

    /// The direct messages with the bot, oldest first. They count as read.
    pub fn dms(&self) -> Vec<MessageView> {
        let direct = self.direct_channel();
        self.reads(|message| Some(message.channel) == direct)
    }

    /// The messages that only this person sees, anywhere, oldest first. They count as read.
    pub fn private_messages(&self) -> Vec<MessageView> {
        self.reads(|message| message.ephemeral_to == Some(self.id))
    }

    pub(super) fn direct_channel(&self) -> Option<Id> {
        self.shared.read(|state| {
            let place = Place::Direct(self.id);
            state.channels.values().find(|channel| channel.place == place).map(|c| c.id)
        })
    }

    fn reads(&self, wanted: impl Fn(&Message) -> bool) -> Vec<MessageView> {
        let views: Vec<_> = self.shared.read(|state| {
            let seen =
                state.messages.values().filter(|m| wanted(m) && state.wait_for_text(self.id, m));
            seen.filter_map(|message| MessageView::of(state, message.id)).collect()
        });
        views.iter().for_each(|view| self.has_read(view));
        views
    }

    /// The messages that notified this person since the last call, in their newest version, the oldest
    /// first; a message is in it once for each notification.
    pub fn take_notifications(&self) -> Vec<MessageView> {
        self.shared.change(|state| {
            let mut messages = Vec::new();
            let new = |n: &&mut Notification| n.person == self.id && !n.taken;
            for notification in state.notifications.iter_mut().filter(new) {
                notification.taken = true;
                messages.push(notification.message);
            }
            messages.into_iter().filter_map(|id| MessageView::of(state, id)).collect()
        })
    }

    /// What a file holds that comes with a message.
    ///
    /// # Errors
    /// This person doesn't see the message, or it has no such file.
    pub fn download(&self, message: &MessageView, name: &str) -> Result<Vec<u8>> {
        let now = self.refresh(message)?;
        let attachments = now.body["attachments"].as_array().into_iter().flatten();
        let mut named = attachments.filter(|attachment| attachment["filename"] == name);
        let id = named.next().and_then(|attachment| attachment["id"].as_str()?.parse::<Id>().ok());
        let id = id.with_context(|| format!("there is no file {name:?} on:\n{now}"))?;
        let content = |state: &State| Some(state.messages.get(&now.id)?.files.get(&id)?.to_vec());
        self.shared.read(content).with_context(|| format!("{name} is gone"))
    }

    pub(super) fn has_read(&self, view: &MessageView) {
        self.shared.mark_read(self.id, view.id, view.revision);
    }

    /// The current version of a message.
    ///
    /// # Errors
    /// It is gone, or this person doesn't see it.
    pub fn refresh(&self, message: &MessageView) -> Result<MessageView> {
        let current = self.shared.read(|state| {
            let current = state.messages.get(&message.id)?;
            let seen = state.wait_for_text(self.id, current);
            seen.then(|| MessageView::of(state, message.id)).flatten()
        });
        let gone = || format!("{} no longer sees this message:\n{message}", self.name());
        let current = current.with_context(gone)?;
        self.has_read(&current);
        Ok(current)
    }

    /// Whether this person still sees a message.
    pub fn still_sees(&self, message: &MessageView) -> bool {
        self.shared.read(|state| {
            state
                .messages
                .get(&message.id)
                .is_some_and(|message| state.wait_for_text(self.id, message))
        })
    }

    /// Waits for a direct message that holds this text and that this person hasn't read yet, in
    /// this version.
    pub async fn wait_for_dm(&self, containing: &str) -> Result<MessageView> {
        let place = Place::Direct(self.id);
        let direct = |state: &State, message: &Message| {
            state.channels.get(&message.channel).is_some_and(|channel| channel.place == place)
        };
        self.wait_for_new("in direct messages", containing, direct).await
    }

    /// Waits for a message in a channel that holds this text and that this person hasn't read yet,
    /// in this version: edits count as new.
    pub async fn wait_for_message(&self, channel: &str, containing: &str) -> Result<MessageView> {
        let id = self.channel_id(channel)?;
        let place = format!("in #{channel}");
        self.wait_for_new(&place, containing, |_, message| message.channel == id).await
    }

    /// Waits for a message that only this person sees, holds this text, and is unread.
    pub async fn wait_for_private(&self, containing: &str) -> Result<MessageView> {
        let mine = |_: &State, message: &Message| message.ephemeral_to == Some(self.id);
        self.wait_for_new("in private", containing, mine).await
    }

    async fn wait_for_new(
        &self,
        place: &str,
        containing: &str,
        there: impl Fn(&State, &Message) -> bool,
    ) -> Result<MessageView> {
        let look = |state: &State| {
            let mut newest = state.messages.values().rev().filter(|message| {
                there(state, message)
                    && state.wait_for_text(self.id, message)
                    && !state.has_read(self.id, message)
            });
            newest.find_map(|message| {
                MessageView::of(state, message.id).filter(|view| view.contains(containing))
            })
        };
        if let Some(view) = self.shared.until(self.patience, look).await {
            self.has_read(&view);
            return Ok(view);
        }
        let seen = self.shared.read(|state| {
            let there = state.messages.values().filter(|m| there(state, m));
            let seen = there.filter(|message| state.wait_for_text(self.id, message));
            let listed = seen.filter_map(|message| {
                let read = if state.has_read(self.id, message) { "read" } else { "unread" };
                Some(format!("({read}) {}", MessageView::of(state, message.id)?))
            });
            listed.collect::<Vec<_>>().join("\n\n")
        });
        bail!("{} sees nothing new {place} with {containing:?}, but:\n{seen}", self.name())
    }

    /// Waits until a message holds this text; its current version counts.
    pub async fn wait_for_text(
        &self,
        message: &MessageView,
        containing: &str,
    ) -> Result<MessageView> {
        let look = |state: &State| {
            let current = state.messages.get(&message.id)?;
            let view = MessageView::of(state, message.id).filter(|v| v.contains(containing))?;
            state.wait_for_text(self.id, current).then_some(view)
        };
        match self.shared.until(self.patience, look).await {
            Some(view) => {
                self.has_read(&view);
                Ok(view)
            }
            None => match self.refresh(message) {
                Ok(now) => bail!("{} doesn't see {containing:?}, but:\n{now}", self.name()),
                Err(gone) => Err(gone),
            },
        }
    }

    /// Waits until a message is gone.
    pub async fn wait_until_gone(&self, message: &MessageView) -> Result<()> {
        let gone = |state: &State| {
            let message = state.messages.get(&message.id);
            (!message.is_some_and(|message| state.wait_for_text(self.id, message))).then_some(())
        };
        let vanished = self.shared.until(self.patience, gone).await;
        vanished.with_context(|| format!("{} still sees:\n{message}", self.name()))
    }

    /// Dismisses a message that only this person sees.
    pub fn dismiss(&self, message: &MessageView) -> Result<()> {
        if message.ephemeral_to != Some(self.id) {
            bail!("only private messages can be dismissed, not:\n{message}");
        }
        let removed = self.shared.change(|state| state.remove_message(message.id));
        removed.map_err(|_| anyhow::anyhow!("it is gone already:\n{message}"))
    }

    /// Restarts the client, which forgets all private messages.
    pub fn restart_client(&self) {
        self.shared.change(|state| {
            let mine = |message: &&mut Message| message.ephemeral_to == Some(self.id);
            state.messages.values_mut().filter(mine).for_each(|message| message.gone = true);
        });
    }
}
