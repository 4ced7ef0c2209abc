//! An interaction: created by a person, delivered to the bot, answered once within three
//! seconds, and followed up for a quarter of an hour.

use std::time::{Duration, Instant};

use rand::{Rng, distr::Alphanumeric};
use serde_json::{Value, json};

use super::{
    refusal::{self, Refusal},
    snowflakes::Id,
    state::State,
};

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Command,
    Component,
    Autocomplete,
    Modal,
}

impl Kind {
    /// The number of the documentation's interaction type.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// How long an interaction waits for an answer, and is valid.
#[derive(Clone, Copy, Debug)]
pub struct Timings {
    /// Until the first answer: 3 seconds.
    pub answer_within: Duration,
    /// How long its token is valid: 15 minutes.
    pub token_lives: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self { answer_within: Duration::from_secs(3), token_lives: Duration::from_secs(15 * 60) }
    }
}

/// One interaction and its state.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub id: Id,
    pub token: String,
    pub kind: Kind,
    pub person: Id,
    pub channel: Id,
    pub made: Instant,
    pub timings: Timings,
    /// The callback type of the one acknowledgement.
    pub callback: Option<u64>,
    /// The message whose component was used, also for a modal that such a click opened.
    pub source: Option<Id>,
    /// What `@original` means.
    pub original: Option<Id>,
    pub modal: Option<Value>,
    pub choices: Option<Value>,
    pub followups: Vec<Id>,
    pub payload: Value,
}

impl Interaction {
    /// Whether the time for a first answer ran out.
    pub(crate) fn is_late(&self) -> bool {
        self.callback.is_none() && self.made.elapsed() >= self.timings.answer_within
    }

    /// Refuses an acknowledgement that comes twice (40060) or late (10062).
    pub(crate) fn may_acknowledge(&self) -> Result<(), Refusal> {
        if self.callback.is_some() {
            return Err(refusal::ALREADY_ACKNOWLEDGED);
        }
        if self.is_late() { Err(refusal::UNKNOWN_INTERACTION) } else { Ok(()) }
    }

    /// Refuses the use of the token before the acknowledgement and after its expiry.
    pub(crate) fn may_follow_up(&self) -> Result<(), Refusal> {
        if self.callback.is_none() {
            return Err(refusal::UNKNOWN_WEBHOOK);
        }
        if self.made.elapsed() >= self.timings.token_lives {
            return Err(refusal::INVALID_WEBHOOK_TOKEN);
        }
        Ok(())
    }
}

/// The data for a new interaction.
pub(crate) struct Beginning {
    pub kind: Kind,
    pub person: Id,
    pub channel: Id,
    pub data: Value,
    pub source: Option<Id>,
}

impl State {
    /// Creates an interaction and returns its id and complete payload.
    pub(crate) fn begin(
        &mut self,
        start: Beginning,
        timings: Timings,
    ) -> Result<(Id, Value), Refusal> {
        let channel = self.channel(start.channel)?.clone();
        let mut payload = self.interaction_base(start.person, &channel)?;
        let id = self.snowflakes.next();
        let token = new_token(id);
        payload["id"] = json!(id.to_string());
        payload["type"] = json!(start.kind.number());
        payload["token"] = json!(token);
        payload["data"] = start.data;
        if let Some(message) = start.source.and_then(|id| self.messages.get(&id)) {
            payload["message"] = message.body.clone();
        }
        let interaction = Interaction {
            id,
            token,
            kind: start.kind,
            person: start.person,
            channel: channel.id,
            made: Instant::now(),
            timings,
            callback: None,
            source: start.source,
            original: None,
            modal: None,
            choices: None,
            followups: Vec::new(),
            payload: payload.clone(),
        };
        self.tokens.insert(interaction.token.clone(), id);
        self.interactions.insert(id, interaction);
        Ok((id, payload))
    }

    /// The interaction with this token; 10015 where there is none, or it's another application's.
    pub(crate) fn by_token(&self, application: Id, token: &str) -> Result<&Interaction, Refusal> {
        if application != self.application.id {
            return Err(refusal::UNKNOWN_WEBHOOK);
        }
        let found = self.tokens.get(token).and_then(|id| self.interactions.get(id));
        let interaction = found.ok_or(refusal::UNKNOWN_WEBHOOK)?;
        interaction.may_follow_up()?;
        Ok(interaction)
    }
}

/// A token like the service's: long, opaque, unguessable.
fn new_token(id: Id) -> String {
    let random: String = rand::rng().sample_iter(Alphanumeric).take(150).map(char::from).collect();
    format!("aW50ZXJhY3Rpb24{}{random}", hex::encode(id.to_be_bytes()))
}
