//! What people do without looking at what comes of it: for measurements, which follow
//! [`Happening`](crate::Happening)s instead. Each returns the interaction's id.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    Modal, Person,
    actions::{client_refuses, pressed},
    command,
    view::label,
};
use crate::{
    components::{BUTTON, controls, kind},
    interactions::{Beginning, Kind},
    snowflakes::Id,
    state::State,
};

impl Person {
    /// Types a command in `#general`, such as `/token request provider:impact-agency`.
    ///
    /// # Errors
    /// The client knows no such command, or an option is missing or wrong.
    pub fn type_unwatched(&self, line: &str) -> Result<Id> {
        let channel = self.channel_id("general")?;
        let data = self.shared.read(|state| command::parse(state, self.id, line, false))?;
        self.send_unwatched(Kind::Command, channel, data, None)
    }

    /// Clicks a button of a message in its current version.
    ///
    /// # Errors
    /// This person doesn't see the message, it has no such button, or the button is disabled.
    pub fn click_unwatched(&self, message: Id, wanted: &str) -> Result<Id> {
        let (channel, data) = self.shared.read(|state: &State| {
            let seen = state.messages.get(&message).filter(|m| state.wait_for_text(self.id, m));
            let seen = seen.context("this message is gone")?;
            let mut buttons = controls(&seen.body).into_iter().filter(|c| kind(c) == BUTTON);
            let button = buttons.find(|button| label(button) == wanted);
            let button = button.with_context(|| format!("there is no button {wanted:?}"))?;
            ensure!(button["disabled"] != true, "the button {wanted:?} is disabled");
            Ok((seen.channel, pressed(button, None)))
        })?;
        self.send_unwatched(Kind::Component, channel, data, Some(message))
    }

    fn send_unwatched(
        &self,
        kind: Kind,
        channel: Id,
        data: Value,
        source: Option<Id>,
    ) -> Result<Id> {
        let start = Beginning { kind, person: self.id, channel, data, source };
        self.shared.interact(start).map_err(client_refuses)
    }
}

impl Modal {
    /// Submits it.
    ///
    /// # Errors
    /// A field isn't as it must be: [`Modal::complaints`].
    pub fn submit_unwatched(&self) -> Result<Id> {
        self.checked()?;
        self.person.send_unwatched(Kind::Modal, self.channel, self.data()?, self.source)
    }
}
