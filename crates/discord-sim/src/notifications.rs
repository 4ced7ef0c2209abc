//! Who is notified of a new message: those whom it pings, and in direct messages the other side. A person
//! is notified of a message once, however often it names them, and never of an edit.

use super::{
    snowflakes::Id,
    state::{FLAG_SUPPRESS_NOTIFICATIONS, Message, Place, State},
};

/// One person was notified of one message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notification {
    pub person: Id,
    pub message: Id,
    /// Whether a driver took note of it.
    pub taken: bool,
}

impl State {
    /// Notifies people of a message that is new to them. There is no notification for private messages, or for
    /// the answer to one's own action: that person is looking at it.
    pub(crate) fn notify(&mut self, id: Id) {
        let Some(message) = self.messages.get(&id) else { return };
        let silent = message.flags() & FLAG_SUPPRESS_NOTIFICATIONS != 0;
        if silent || message.is_loading() || message.ephemeral_to.is_some() {
            return;
        }
        let acted = message.body["interaction_metadata"]["user"]["id"].as_str();
        let acted: Option<Id> = acted.and_then(|id| id.parse().ok());
        let people = self.users.values().filter(|user| {
            let other = !user.bot && user.id != message.author && Some(user.id) != acted;
            other && self.calls_for(user.id, message) && self.wait_for_text(user.id, message)
        });
        let people: Vec<Id> = people.map(|user| user.id).collect();
        let new =
            people.into_iter().map(|person| Notification { person, message: id, taken: false });
        self.notifications.extend(new);
    }

    /// Whether a message is meant to be noticed by a person.
    fn calls_for(&self, person: Id, message: &Message) -> bool {
        let channel = self.channels.get(&message.channel);
        if channel.is_some_and(|channel| channel.place == Place::Direct(person)) {
            return true;
        }
        let body = &message.body;
        let has = |key: &str, wanted: &dyn Fn(&str) -> bool| {
            let mut ids = body[key].as_array().into_iter().flatten();
            ids.any(|entry| entry.as_str().or(entry["id"].as_str()).is_some_and(wanted))
        };
        let roles = self.members.get(&person).map(|member| member.roles.as_slice());
        let held = |id: &str| roles.unwrap_or_default().iter().any(|role| role.to_string() == id);
        body["mention_everyone"] == true
            || has("mentions", &|id| id == person.to_string())
            || has("mention_roles", &held)
    }

    /// Whether a person was notified of a message.
    pub(crate) fn was_notified(&self, person: Id, message: Id) -> bool {
        let mut all = self.notifications.iter();
        all.any(|notification| (notification.person, notification.message) == (person, message))
    }
}
