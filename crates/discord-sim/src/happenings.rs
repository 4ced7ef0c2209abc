//! What happens, as it happens, with the moment of each: for measurements. To follow it costs the same however
//! many messages there are and people wait, unlike the waits of a [`Person`](super::Person), which look at all
//! messages after every change.

use std::time::Instant;

use tokio::sync::mpsc;

use super::{
    Discord,
    components::text_displays,
    snowflakes::Id,
    state::{Message, Place, State},
};

/// Something that the bot did.
#[derive(Clone, Debug)]
pub enum Happening {
    /// It acknowledged an interaction.
    Answered {
        /// The interaction.
        interaction: Id,
        /// Who is answered.
        person: Id,
        /// When the interaction went to the bot.
        sent: Instant,
        /// When the bot's callback had come whole.
        came: Instant,
    },
    /// A message came or changed visibly, also by an answer that was deferred.
    Shown {
        /// The message.
        message: Id,
        /// The one person who sees it, if it is private or a direct message.
        to: Option<Id>,
        /// Its texts, one after the other.
        text: String,
        /// When.
        at: Instant,
    },
    /// The bot deleted a message.
    Deleted {
        /// The message.
        message: Id,
        /// The one person who saw it, as above.
        to: Option<Id>,
        /// When.
        at: Instant,
    },
}

/// Those who follow; without any, nothing is put together for them.
#[derive(Default)]
pub(crate) struct Followers(Vec<mpsc::UnboundedSender<Happening>>);

impl Discord {
    /// Everything that happens from now on.
    pub fn follow(&self) -> mpsc::UnboundedReceiver<Happening> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.shared.change(|state| state.followers.0.push(sender));
        receiver
    }
}

impl State {
    /// Tells the followers, if there are any.
    pub(crate) fn tell(&mut self, happening: impl FnOnce(&Self) -> Option<Happening>) {
        if self.followers.0.is_empty() {
            return;
        }
        let Some(happening) = happening(self) else { return };
        // Who went away is forgotten.
        self.followers.0.retain(|follower| follower.send(happening.clone()).is_ok());
    }

    /// Tells them that a message came or changed; a spinner is nothing yet.
    pub(crate) fn tell_shown(&mut self, id: Id) {
        self.tell(|state| {
            let message = state.messages.get(&id).filter(|message| !message.is_loading())?;
            let mut texts = text_displays(&message.body["components"]);
            texts.extend(message.body["content"].as_str());
            let (to, text) = (state.only_reader(message), texts.join("\n"));
            Some(Happening::Shown { message: id, to, text, at: Instant::now() })
        });
    }

    /// Tells them that a message went.
    pub(crate) fn tell_deleted(&mut self, id: Id) {
        self.tell(|state| {
            let to = state.only_reader(state.messages.get(&id)?);
            Some(Happening::Deleted { message: id, to, at: Instant::now() })
        });
    }

    fn only_reader(&self, message: &Message) -> Option<Id> {
        let direct = || match self.channels.get(&message.channel)?.place {
            Place::Direct(person) => Some(person),
            Place::Guild => None,
        };
        message.ephemeral_to.or_else(direct)
    }
}
