//! What a graphical client shows and sends, all by ids: for pages that people use by hand. The
//! checks are the client's own, so that people can only press what they see.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{
    MessageView, Modal, Person,
    actions::{MODAL_CALLBACK, client_refuses, pressed},
    command::{self, Composed},
};
use crate::{
    components::{BUTTON, STRING_SELECT, USER_SELECT, bounds, control, is_select, kind},
    interactions::{Beginning, Kind},
    snowflakes::Id,
    state::{Channel, Message, Place, State},
};

/// What one message of a person may hold.
const LONGEST: usize = 2000;

/// The client's state after an interaction, once the bot answered or didn't.
#[derive(Debug)]
pub enum Acknowledged {
    /// No answer within three seconds.
    NoAnswer,
    /// A modal opens.
    Modal(Modal),
    /// The rest shows in the messages.
    Taken,
}

/// A channel in a person's list.
#[derive(Clone, Debug)]
pub struct ChannelView {
    /// The channel's id.
    pub id: Id,
    /// The name without `#`; empty for the direct messages with the bot.
    pub name: String,
    /// Whether these are the direct messages with the bot.
    pub direct: bool,
    /// How many messages of others this person never looked at.
    pub unread: usize,
    /// How many of those notified this person.
    pub pings: usize,
}

/// A message in a person's channel, with data that its object doesn't have.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The message.
    pub view: MessageView,
    /// The command that it answers, as in `token request`.
    pub command: Option<String>,
}

impl Person {
    /// The channels that this person's client lists, those of the guild first.
    pub fn channels(&self) -> Vec<ChannelView> {
        self.shared.read(|state| {
            let seen = state.channels.values().filter(|c| state.sees_channel(self.id, c.id));
            let mut listed: Vec<_> = seen.map(|channel| self.listed(state, channel)).collect();
            listed.sort_by_key(|channel| (channel.direct, channel.id));
            listed
        })
    }

    fn listed(&self, state: &State, channel: &Channel) -> ChannelView {
        let unread = state.messages.values().filter(|message| {
            let others = message.channel == channel.id && message.author != self.id;
            let looked_at = state.read.contains_key(&(self.id, message.id));
            others && !looked_at && state.wait_for_text(self.id, message)
        });
        let unread: Vec<Id> = unread.map(|message| message.id).collect();
        let pings = unread.iter().filter(|id| state.was_notified(self.id, **id)).count();
        ChannelView {
            id: channel.id,
            name: channel.name.clone(),
            direct: channel.place == Place::Direct(self.id),
            unread: unread.len(),
            pings,
        }
    }

    /// The messages in a channel that this person sees, oldest first. They don't count as read.
    ///
    /// # Errors
    /// This person doesn't see the channel.
    pub fn messages_in(&self, channel: Id) -> Result<Vec<Shown>> {
        self.require_channel(channel)?;
        let seen = |state: &State| {
            let there = state.messages.values().filter(|m| m.channel == channel);
            let seen = there.filter(|message| state.wait_for_text(self.id, message));
            seen.filter_map(|message| shown(state, message)).collect()
        };
        Ok(self.shared.read(seen))
    }

    /// Marks a channel as read up to this revision, and returns whether anything was
    /// new.
    ///
    /// # Errors
    /// This person doesn't see the channel.
    pub fn has_read_up_to(&self, channel: Id, revision: u64) -> Result<bool> {
        let mut new = false;
        for Shown { view, .. } in self.messages_in(channel)? {
            let unread = |state: &State| {
                state.messages.get(&view.id).is_some_and(|m| !state.has_read(self.id, m))
            };
            if view.revision <= revision && self.shared.read(unread) {
                self.has_read(&view);
                new = true;
            }
        }
        Ok(new)
    }

    /// The commands that this person's client offers, as they are registered.
    pub fn commands(&self) -> Vec<Value> {
        self.shared.read(|state| {
            let offered = state.commands.iter().filter(|command| state.may_use(self.id, command));
            offered.cloned().collect()
        })
    }

    fn require_channel(&self, channel: Id) -> Result<()> {
        if self.shared.read(|state| state.sees_channel(self.id, channel)) {
            return Ok(());
        }
        bail!("{} doesn't see this channel", self.name())
    }

    /// The commands of a guild exist in its channels only.
    fn require_guild_channel(&self, channel: Id) -> Result<()> {
        self.require_channel(channel)?;
        if self.direct_channel() == Some(channel) {
            bail!("the bot's commands belong to the server: type them in a channel there");
        }
        Ok(())
    }

    /// Sends a command.
    ///
    /// # Errors
    /// The client knows no such command, or an option is missing or wrong.
    pub async fn send(&self, channel: Id, composed: &Composed) -> Result<Acknowledged> {
        self.require_guild_channel(channel)?;
        let data = self.shared.read(|state| command::compose(state, self.id, composed, None))?;
        self.begin(Kind::Command, channel, data, None).await
    }

    /// What the bot proposes for an option that is still being typed: name and value of each.
    ///
    /// # Errors
    /// The option takes no proposals, or the bot has none to offer in time.
    pub async fn proposals_for(
        &self,
        channel: Id,
        composed: &Composed,
        option: &str,
    ) -> Result<Vec<(String, String)>> {
        self.require_guild_channel(channel)?;
        let compose = |state: &State| command::compose(state, self.id, composed, Some(option));
        let data = self.shared.read(compose)?;
        self.proposals(channel, data).await
    }

    /// Uses a component of a message: a button, which has no values, or a select, whose values
    /// replace what was chosen before.
    ///
    /// # Errors
    /// This person doesn't see the message, its current version has no such component, the
    /// component is disabled, or it doesn't offer the values.
    pub async fn press_button(
        &self,
        message: Id,
        custom_id: &str,
        values: Option<&[String]>,
    ) -> Result<Acknowledged> {
        let (channel, data) = self.shared.read(|state| {
            let seen = state.messages.get(&message).filter(|m| state.wait_for_text(self.id, m));
            let message = seen.context("this message is gone")?;
            let component = control(&message.body, custom_id).context("this button is gone")?;
            usable(component, values)?;
            let mut data = pressed(component, values.map(|values| json!(values)));
            if kind(component) == USER_SELECT {
                let users = values.unwrap_or_default().iter().map(|id| id.parse());
                let users = users.collect::<Result<Vec<Id>, _>>().context("nobody has this id")?;
                let resolved = state.resolved(&users);
                data["resolved"] = resolved.map_err(|refusal| anyhow::anyhow!(refusal.message))?;
            }
            Ok::<_, anyhow::Error>((message.channel, data))
        })?;
        self.begin(Kind::Component, channel, data, Some(message)).await
    }

    /// A modal that opened for this person, by [`Modal::id`], as it was when it opened.
    ///
    /// # Errors
    /// No such modal opened for this person.
    pub fn open_modal(&self, id: Id) -> Result<Modal> {
        let found = self.shared.read(|state| {
            let own = state.interactions.get(&id).filter(|i| i.person == self.id)?;
            Some(((own.channel, own.source), own.modal.clone()?))
        });
        let (place, modal) = found.with_context(|| format!("{} has no such form", self.name()))?;
        Ok(Modal::opened(self.clone(), id, place, modal))
    }

    /// Dismisses a message that only this person sees, by its id.
    ///
    /// # Errors
    /// It is gone, or others see it too.
    pub fn dismiss_by_id(&self, message: Id) -> Result<()> {
        self.dismiss(&self.seen(message)?)
    }

    /// The content of a file of a message, both as named in the message object.
    ///
    /// # Errors
    /// This person doesn't see the message, or it has no such file.
    pub fn download_by_id(&self, message: Id, name: &str) -> Result<Vec<u8>> {
        self.download(&self.seen(message)?, name)
    }

    fn seen(&self, message: Id) -> Result<MessageView> {
        let seen = |state: &State| {
            let message = state.messages.get(&message)?;
            state
                .wait_for_text(self.id, message)
                .then(|| MessageView::of(state, message.id))
                .flatten()
        };
        self.shared.read(seen).context("this message is gone")
    }

    /// Writes in a channel of the guild. The bot gets no event: it has no intent for it.
    ///
    /// # Errors
    /// This person doesn't see the channel, or it is empty or too long.
    pub fn write(&self, channel: Id, text: &str) -> Result<MessageView> {
        self.require_channel(channel)?;
        let length = text.trim().chars().count();
        if !(1..=LONGEST).contains(&length) {
            bail!("a message has 1 to {LONGEST} characters, not {length}");
        }
        let written = self.shared.change(|state| {
            let id = state.write(self.id, channel, text.trim())?;
            // The author has read it.
            let revision = state.revision;
            state.mark_read(self.id, id, revision);
            Ok(MessageView::of(state, id))
        });
        written.map_err(client_refuses)?.context("it is gone already")
    }

    /// Sends an interaction and waits for its acknowledgement only.
    async fn begin(
        &self,
        kind: Kind,
        channel: Id,
        data: Value,
        source: Option<Id>,
    ) -> Result<Acknowledged> {
        let start = Beginning { kind, person: self.id, channel, data, source };
        let id = self.shared.interact(start).map_err(client_refuses)?;
        let look = |state: &State| {
            let interaction = state.interactions.get(&id)?;
            let answered = interaction.callback.map(|kind| (kind, interaction.modal.clone()));
            answered.map(Some).or_else(|| interaction.is_late().then_some(None))
        };
        match self.shared.until(self.patience, look).await.flatten() {
            None => Ok(Acknowledged::NoAnswer),
            Some((MODAL_CALLBACK, Some(modal))) => {
                let modal = Modal::opened(self.clone(), id, (channel, source), modal);
                Ok(Acknowledged::Modal(modal))
            }
            Some(_) => Ok(Acknowledged::Taken),
        }
    }
}

impl Modal {
    /// Submits it and waits for the acknowledgement only.
    ///
    /// # Errors
    /// A field isn't as it must be: [`Modal::complaints`].
    pub async fn send(&self) -> Result<Acknowledged> {
        self.checked()?;
        self.person.begin(Kind::Modal, self.channel, self.data()?, self.source).await
    }
}

fn shown(state: &State, message: &Message) -> Option<Shown> {
    let view = MessageView::of(state, message.id)?;
    let interaction = message.body["interaction_metadata"]["id"].as_str();
    let interaction = interaction.and_then(|id| id.parse().ok());
    let command = interaction.and_then(|id: Id| {
        let interaction = state.interactions.get(&id)?;
        (interaction.kind == Kind::Command).then(|| name_of(&interaction.payload["data"]))
    });
    Some(Shown { view, command })
}

/// The names of a command and its subcommands, as people write them.
fn name_of(data: &Value) -> String {
    let mut name = data["name"].as_str().unwrap_or_default().to_owned();
    let mut level = data;
    while let Some(inside) = level["options"].get(0).filter(|o| o["type"] == 1 || o["type"] == 2) {
        name.push(' ');
        name.push_str(inside["name"].as_str().unwrap_or_default());
        level = inside;
    }
    name
}

/// Refuses actions on a component that a client wouldn't allow.
fn usable(component: &Value, values: Option<&[String]>) -> Result<()> {
    if component["disabled"] == true {
        bail!("this is disabled");
    }
    match (kind(component), values) {
        (BUTTON, None) => return Ok(()),
        (BUTTON, Some(_)) => bail!("a button takes no values"),
        _ if !is_select(component) => bail!("this can't be used"),
        _ => {}
    }
    let values = values.context("nothing was chosen")?;
    let (min, max) = bounds(component);
    if !(min..=max).contains(&values.len()) {
        bail!("between {min} and {max} must be chosen, not {}", values.len());
    }
    for (at, value) in values.iter().enumerate() {
        let offered = component["options"].as_array().into_iter().flatten();
        let known = offered.map(|option| &option["value"]).any(|known| known == value.as_str());
        if (kind(component) == STRING_SELECT && !known) || values[..at].contains(value) {
            bail!("{value:?} can't be chosen here");
        }
    }
    Ok(())
}
