//! What people do: type, click, select, submit, and forge.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use super::{MessageView, Modal, Person, Seen, command};
use crate::{
    components::{BUTTON, bounds, control},
    interactions::{Beginning, Interaction, Kind},
    refusal::Refusal,
    snowflakes::Id,
    state::State,
};

/// The client's message if the bot didn't answer in time.
pub const NO_ANSWER: &str = "The application did not respond";
pub(super) const MODAL_CALLBACK: u64 = 9;

/// The state of an interaction, for the person who waits for it.
enum Outcome {
    NoAnswer,
    Modal(Value),
    Message(MessageView),
    Updated(MessageView),
    Gone,
}

/// The part of an interaction about the component that was used.
pub(super) fn pressed(component: &Value, values: Option<Value>) -> Value {
    let mut data = json!({
        "id": component["id"],
        "custom_id": component["custom_id"],
        "component_type": component["type"],
    });
    if let Some(values) = values {
        data["values"] = values;
    }
    data
}

pub(super) fn client_refuses(refusal: Refusal) -> anyhow::Error {
    anyhow!("the service refuses: {}", refusal.body())
}

impl Person {
    /// Types a command in `#general`, such as `/token request provider:impact-agency`.
    ///
    /// # Errors
    /// The client knows no such command, an option is missing or wrong, or the bot didn't answer.
    pub async fn type_command(&self, line: &str) -> Result<Seen> {
        self.type_command_in("general", line).await
    }

    /// Types a command in a channel.
    pub async fn type_command_in(&self, channel: &str, line: &str) -> Result<Seen> {
        let channel = self.channel_id(channel)?;
        let typed = |state: &State| command::parse(state, self.id, line, false);
        let data = self.shared.read(typed)?;
        self.acts(Kind::Command, channel, data, None).await
    }

    /// The bot's suggestions for the last option of a line that is still being typed: name and
    /// value of each choice.
    pub async fn complete(&self, line: &str) -> Result<Vec<(String, String)>> {
        let channel = self.channel_id("general")?;
        let data = self.shared.read(|state| command::parse(state, self.id, line, true))?;
        self.proposals(channel, data).await
    }

    /// Requests the suggestions for the option that is being typed.
    pub(super) async fn proposals(
        &self,
        channel: Id,
        data: Value,
    ) -> Result<Vec<(String, String)>> {
        let (kind, person) = (Kind::Autocomplete, self.id);
        let start = Beginning { kind, person, channel, data, source: None };
        let id = self.shared.interact(start).map_err(client_refuses)?;
        let look = |state: &State| {
            let interaction = state.interactions.get(&id)?;
            let choices = interaction.choices.clone().map(Ok);
            choices.or_else(|| interaction.is_late().then_some(Err(())))
        };
        let choices = self.shared.until(self.patience, look).await;
        let choices = choices.and_then(Result::ok).context("Loading options failed")?;
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let choices = choices.as_array().into_iter().flatten();
        Ok(choices.map(|choice| (text(&choice["name"]), text(&choice["value"]))).collect())
    }

    /// Clicks a button, on the message's current version.
    ///
    /// # Errors
    /// This person doesn't see the message, it has no such button, or the button is disabled.
    pub async fn click(&self, message: &MessageView, label: &str) -> Result<Seen> {
        let now = self.refresh(message)?;
        let button = now.button(label);
        let button = button.with_context(|| format!("there is no button {label:?} on:\n{now}"))?;
        if button["disabled"] == true {
            bail!("the button {label:?} is disabled on:\n{now}");
        }
        if button["custom_id"].is_null() {
            bail!("the button {label:?} is a link on:\n{now}");
        }
        self.use_command(&now, button, None).await
    }

    /// Clicks a button of the message as it was when it was looked at, though it may have changed
    /// since: what happens when a click and an edit cross.
    pub async fn click_outdated(&self, message: &MessageView, label: &str) -> Result<Seen> {
        let button = message.button(label);
        let button = button.with_context(|| format!("there is no button {label:?}:\n{message}"))?;
        self.use_command(message, button, None).await
    }

    /// Chooses in a select, named by placeholder or custom id, on the message's current version.
    /// The labels replace what was chosen before.
    pub async fn select(
        &self,
        message: &MessageView,
        select: &str,
        labels: &[&str],
    ) -> Result<Seen> {
        let now = self.refresh(message)?;
        let found = now.select(select);
        let found = found.with_context(|| format!("there is no select {select:?} on:\n{now}"))?;
        if found["disabled"] == true {
            bail!("the select {select:?} is disabled on:\n{now}");
        }
        let (min, max) = bounds(found);
        if !(min..=max).contains(&labels.len()) {
            bail!("{select:?} takes {min} to {max} choices, not {}:\n{now}", labels.len());
        }
        let mut values = Vec::new();
        for label in labels {
            values.push(option_value(found, label).with_context(|| format!("on:\n{now}"))?);
        }
        self.use_command(&now, found, Some(json!(values))).await
    }

    async fn use_command(
        &self,
        message: &MessageView,
        component: &Value,
        values: Option<Value>,
    ) -> Result<Seen> {
        let data = pressed(component, values);
        self.acts(Kind::Component, message.channel, data, Some(message.id)).await
    }

    /// Sends a component's press with any custom id, on any message, seen or not: a forged press.
    pub async fn forge_press(
        &self,
        message: &MessageView,
        custom_id: &str,
        component_type: u64,
        values: &[&str],
    ) -> Result<Seen> {
        let known = control(&message.body, custom_id).map(|c| c["id"].clone());
        let id = known.unwrap_or_else(|| json!(1));
        let kind = component_type;
        let mut data = json!({ "id": id, "custom_id": custom_id, "component_type": kind });
        if component_type != BUTTON {
            data["values"] = json!(values);
        }
        self.acts(Kind::Component, message.channel, data, Some(message.id)).await
    }

    /// Sends a modal that was never opened, with any fields, in `#general`.
    ///
    /// `fields` are custom id and text.
    pub async fn forge_modal(&self, custom_id: &str, fields: &[(&str, &str)]) -> Result<Seen> {
        let fields = fields.iter().enumerate().map(|(at, (id, value))| {
            let at = at * 2;
            let field = json!({ "type": 4, "id": at + 2, "custom_id": id, "value": value });
            json!({ "type": 18, "id": at + 1, "component": field })
        });
        let data = json!({ "custom_id": custom_id, "components": fields.collect::<Vec<_>>() });
        let channel = self.channel_id("general")?;
        self.acts(Kind::Modal, channel, data, None).await
    }

    /// Sends an interaction and waits for its visible result.
    pub(super) async fn acts(
        &self,
        kind: Kind,
        channel: Id,
        data: Value,
        source: Option<Id>,
    ) -> Result<Seen> {
        let before = source.and_then(|id| {
            self.shared.read(|state| state.messages.get(&id).map(|message| message.revision))
        });
        let start = Beginning { kind, person: self.id, channel, data, source };
        let id = self.shared.interact(start).map_err(client_refuses)?;
        let look = |state: &State| outcome(state, state.interactions.get(&id)?, before);
        let _looking_out = self.looking_out.acquire().await?;
        match self.shared.until(self.patience, look).await {
            Some(Outcome::NoAnswer) => bail!("{NO_ANSWER}"),
            Some(Outcome::Gone) => Ok(Seen::Gone),
            Some(Outcome::Modal(modal)) => {
                Ok(Seen::Modal(Modal::opened(self.clone(), id, (channel, source), modal)))
            }
            Some(Outcome::Message(message)) => {
                self.has_read(&message);
                Ok(Seen::Message(message))
            }
            Some(Outcome::Updated(message)) => {
                self.has_read(&message);
                Ok(Seen::Updated(message))
            }
            None => self.nothing_came(id),
        }
    }

    fn nothing_came(&self, id: Id) -> Result<Seen> {
        let callback = self.shared.read(|state| state.interactions.get(&id)?.callback);
        match callback {
            Some(6) => Ok(Seen::Nothing),
            Some(_) => bail!("{} still sees that the bot is thinking", self.name()),
            None => bail!("{} lost patience before the bot answered", self.name()),
        }
    }
}

/// The visible result of an interaction, if there is one yet.
fn outcome(state: &State, interaction: &Interaction, before: Option<u64>) -> Option<Outcome> {
    let Some(callback) = interaction.callback else {
        return interaction.is_late().then_some(Outcome::NoAnswer);
    };
    if callback == MODAL_CALLBACK {
        return interaction.modal.clone().map(Outcome::Modal);
    }
    let message = interaction.original.and_then(|id| state.messages.get(&id));
    let Some(message) = message.filter(|message| !message.gone) else {
        return Some(Outcome::Gone);
    };
    let view = || MessageView::of(state, message.id);
    match callback {
        4 => view().map(Outcome::Message),
        5 if message.is_loading() => None,
        5 => view().map(Outcome::Message),
        7 => view().map(Outcome::Updated),
        // Deferred: whatever comes first.
        _ if before != Some(message.revision) => view().map(Outcome::Updated),
        _ => {
            let first = interaction.followups.first();
            first.and_then(|id| MessageView::of(state, *id)).map(Outcome::Message)
        }
    }
}

/// The value of an option of a select or a group by its label (or, for options that share one, by its
/// value). Selects of people have no options of their own.
pub(super) fn option_value(select: &Value, wanted: &str) -> Result<String> {
    let Some(options) = select["options"].as_array() else { return Ok(wanted.to_owned()) };
    let by = |key: &str| options.iter().find(|option| option[key] == wanted);
    let option = by("label").or_else(|| by("value")).with_context(|| {
        let labels = options.iter().map(|option| option["label"].as_str().unwrap_or_default());
        format!("no option {wanted:?}; there are: {}", labels.collect::<Vec<_>>().join(", "))
    })?;
    Ok(option["value"].as_str().unwrap_or_default().to_owned())
}
