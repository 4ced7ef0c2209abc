//! What moderators and members do beside talking to the bot, and what time does.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{
    Discord,
    people::{MessageView, Person},
    snowflakes::Id,
    state::{DirectMessages, Member, Place, Role, State, User},
};

/// Someone that a harness can name: a person, or a person's id.
pub trait Named {
    /// The account's id.
    fn id(&self) -> Id;
}

impl Named for Person {
    fn id(&self) -> Id {
        Person::id(self)
    }
}

impl Named for Id {
    fn id(&self) -> Id {
        *self
    }
}

fn user_mut(state: &mut State, id: Id) -> Result<&mut User> {
    state.users.get_mut(&id).with_context(|| format!("there is no user {id}"))
}

impl Discord {
    /// A person to act as, by the unique name.
    ///
    /// # Errors
    /// No one has that name.
    pub fn person(&self, name: &str) -> Result<Person> {
        let found = self
            .shared
            .read(|state| state.users.values().find(|user| user.name == name).map(|user| user.id));
        let id = found.with_context(|| format!("nobody is called {name}"))?;
        Ok(Person::new(id, std::sync::Arc::clone(&self.shared)))
    }

    /// Every person, bots left out.
    pub fn people(&self) -> Vec<User> {
        let people = |state: &State| state.users.values().filter(|u| !u.bot).cloned().collect();
        self.shared.read(people)
    }

    /// Every account, bots too, by id.
    pub fn accounts(&self) -> Vec<User> {
        self.shared.read(|state| state.users.values().cloned().collect())
    }

    /// The roles of a member; none for outsiders.
    pub fn roles_of(&self, person: &impl Named) -> Vec<Id> {
        let roles = |state: &State| state.members.get(&person.id()).map(|m| m.roles.clone());
        self.shared.read(roles).unwrap_or_default()
    }

    /// The guild's name.
    pub fn guild_name(&self) -> String {
        self.shared.read(|state| state.guild.name.clone())
    }

    /// The roles of the guild.
    pub fn roles(&self) -> Vec<Role> {
        self.shared.read(|state| state.guild.roles.clone())
    }

    /// Sets whether everyone may mention a role so that its holders are notified.
    pub fn set_mentionable(&self, role: Id, mentionable: bool) -> Result<()> {
        self.shared.change(|state| {
            let found = state.guild.roles.iter_mut().find(|known| known.id == role);
            found.context("no such role")?.mentionable = mentionable;
            Ok(())
        })
    }

    /// Who was notified of a message, once for each time.
    pub fn notified(&self, message: &MessageView) -> Vec<Id> {
        self.shared.read(|state| {
            let of_it = state.notifications.iter().filter(|n| n.message == message.id());
            of_it.map(|notification| notification.person).collect()
        })
    }

    /// Replaces a member's roles.
    pub fn set_roles(&self, person: &impl Named, roles: &[Id]) -> Result<()> {
        self.shared.change(|state| {
            let member = state.members.get_mut(&person.id()).context("no member")?;
            member.roles = roles.to_vec();
            Ok(())
        })
    }

    /// A member leaves the guild, or is removed.
    pub fn remove_member(&self, person: &impl Named) -> Result<()> {
        let gone = self.shared.change(|state| state.members.remove(&person.id()));
        gone.map(drop).context("was no member")
    }

    /// A person joins the guild (again), with these roles.
    pub fn add_member(&self, person: &impl Named, roles: &[Id]) -> Result<()> {
        self.shared.change(|state| {
            user_mut(state, person.id())?;
            let member = Member { roles: roles.to_vec(), joined_at: chrono::Utc::now() };
            state.members.insert(person.id(), member);
            Ok(())
        })
    }

    /// Sets whether a message in a direct channel can be ephemeral, which the documents leave open; it can, unless this
    /// says otherwise.
    pub fn honour_ephemeral_in_dms(&self, honours: bool) {
        self.shared.change(|state| state.ephemeral_in_dms = honours);
    }

    /// A person changes the language of their client.
    pub fn set_locale(&self, person: &impl Named, locale: &str) -> Result<()> {
        self.shared.change(|state| {
            locale.clone_into(&mut user_mut(state, person.id())?.locale);
            Ok(())
        })
    }

    /// A person changes their name.
    pub fn set_name(&self, person: &impl Named, display_name: &str) -> Result<()> {
        self.shared.change(|state| {
            display_name.clone_into(&mut user_mut(state, person.id())?.display_name);
            Ok(())
        })
    }

    /// A person opens, closes (50278) or blocks (50007) direct messages of the bot.
    pub fn set_direct_messages(&self, person: &impl Named, to: DirectMessages) -> Result<()> {
        self.shared.change(|state| {
            user_mut(state, person.id())?.direct_messages = to;
            Ok(())
        })
    }

    /// Direct messages no longer reach a person: 50278.
    pub fn close_dms(&self, person: &impl Named) -> Result<()> {
        self.set_direct_messages(person, DirectMessages::Closed)
    }

    /// Direct messages reach a person again.
    pub fn open_dms(&self, person: &impl Named) -> Result<()> {
        self.set_direct_messages(person, DirectMessages::Open)
    }

    /// A person blocks the bot: 50007.
    pub fn block_bot(&self, person: &impl Named) -> Result<()> {
        self.set_direct_messages(person, DirectMessages::Blocked)
    }

    /// A moderator deletes a message.
    pub fn delete_message(&self, message: &MessageView) -> Result<()> {
        let removed = self.shared.change(|state| state.remove_message(message.id()));
        removed.map_err(|refusal| anyhow::anyhow!(refusal.message))
    }

    /// The message was edited too often: 30046 from now on.
    pub fn exhaust_edits(&self, message: &MessageView) -> Result<()> {
        self.shared.change(|state| {
            let message = state.messages.get_mut(&message.id()).context("no such message")?;
            message.edits_exhausted = true;
            Ok(())
        })
    }

    /// A channel and all in it disappears.
    pub fn delete_channel(&self, name: &str) -> Result<()> {
        self.shared.change(|state| {
            let found = state.channels.values().find(|channel| channel.name == name);
            let id = found.map(|channel| channel.id).context("no such channel")?;
            state.channels.remove(&id);
            state.messages.values_mut().filter(|m| m.channel == id).for_each(|m| m.gone = true);
            Ok(())
        })
    }

    /// Sets what the bot may do in a channel: only these bits of permissions.
    pub fn allow_bot(&self, channel: &str, bits: u64) -> Result<()> {
        use super::state::{Overwrite, Overwritten};
        self.shared.change(|state| {
            let target = Overwritten::Member(state.application.id);
            let found = state.channels.values_mut().find(|known| known.name == channel);
            let channel = found.context("no such channel")?;
            channel.overwrites.retain(|overwrite| overwrite.target != target);
            channel.overwrites.push(Overwrite { target, allow: bits, deny: !bits });
            Ok(())
        })
    }

    /// A person writes in a channel. The bot gets no event: it has no intent for it.
    pub fn say(&self, person: &Person, channel: &str, text: &str) -> Result<MessageView> {
        let found = self.shared.read(|state| {
            let found = state.channels.values().find(|known| known.name == channel);
            found.map(|channel| channel.id)
        });
        let channel = found.context("no such channel")?;
        let id = self.shared.change(|state| state.write(person.id(), channel, text));
        let id = id.map_err(|refusal| anyhow::anyhow!(refusal.message))?;
        self.shared.read(|state| MessageView::of(state, id)).context("it is gone already")
    }

    /// The bot's messages, in their newest version, that no one has seen. No one is notified of an edit of what
    /// only they see: a direct or private message that was read is read.
    pub fn unread(&self) -> Vec<MessageView> {
        self.shared.read(|state| {
            let unread = state.messages.values().filter(|message| {
                let bots = message.author == state.application.id && !message.gone;
                let is_for_one = state.is_direct(message.channel) || message.ephemeral_to.is_some();
                let has_read = |person: Id| match is_for_one {
                    true => state.read.contains_key(&(person, message.id)),
                    false => state.has_read(person, message),
                };
                bots && !state.users.keys().any(|person| has_read(*person))
            });
            unread.filter_map(|message| MessageView::of(state, message.id)).collect()
        })
    }

    /// Every message of the bot that ever was, gone ones and private ones too: for searches.
    pub fn all_messages(&self) -> Vec<Value> {
        self.shared.read(|state| state.messages.values().map(|m| m.body.clone()).collect())
    }

    /// The payload of a person's newest interaction.
    pub fn last_interaction(&self, person: &impl Named) -> Option<Value> {
        self.shared.read(|state| {
            let newest = state.interactions.values().rev().find(|i| i.person == person.id());
            newest.map(|interaction| interaction.payload.clone())
        })
    }

    /// The payload of every interaction, the oldest first: for searches.
    pub fn all_interactions(&self) -> Vec<Value> {
        self.shared.read(|state| state.interactions.values().map(|i| i.payload.clone()).collect())
    }

    /// Delivers an interaction once more, as it was.
    pub fn replay(&self, interaction: &Value) {
        self.shared.deliver(interaction.clone());
    }

    /// Delivers any payload as an interaction.
    pub fn send_raw(&self, payload: Value) {
        self.shared.deliver(payload);
    }

    /// Whether a person ever opened a direct channel with the bot.
    pub fn has_direct_channel(&self, person: &impl Named) -> bool {
        let place = Place::Direct(person.id());
        self.shared.read(|state| state.channels.values().any(|channel| channel.place == place))
    }

    /// Forgets what is over: messages that are gone, interactions older than this, and nonces.
    /// For measurements that run for long; the record of calls stays.
    pub fn forget(&self, older: std::time::Duration) {
        self.shared.change(|state| {
            state.messages.retain(|_, message| !message.gone);
            let messages = &state.messages;
            state.read.retain(|(_, message), _| messages.contains_key(message));
            state.nonces.retain(|_, (_, message)| messages.contains_key(message));
            state.notifications.retain(|n| messages.contains_key(&n.message));
            state.interactions.retain(|_, interaction| interaction.made.elapsed() < older);
            let interactions = &state.interactions;
            state.tokens.retain(|_, interaction| interactions.contains_key(interaction));
        });
    }

    /// All interaction tokens run out now.
    pub fn expire_tokens(&self) -> Result<()> {
        self.shared.change(|state| {
            if state.interactions.is_empty() {
                bail!("there was no interaction yet");
            }
            for interaction in state.interactions.values_mut() {
                interaction.timings.token_lives = std::time::Duration::ZERO;
            }
            Ok(())
        })
    }
}
