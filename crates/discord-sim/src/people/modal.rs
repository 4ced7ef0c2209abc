//! A modal that a person has open, checked as the client checks it.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Person, Seen, actions::option_value};
use crate::{
    checks::modals::{Entry, TICKED, check_entry, fields, is_required, lengths},
    components::{
        CHECKBOX, CHECKBOX_GROUP, LABEL, RADIO_GROUP, STRING_SELECT, TEXT_DISPLAY, TEXT_INPUT,
        USER_SELECT, kind, text_displays,
    },
    interactions::Kind,
    snowflakes::Id,
    state::State,
};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The field's custom id.
    pub custom_id: String,
    /// The label above it.
    pub label: String,
    /// The client's message.
    pub text: String,
}

/// An open modal. Fields are named by their labels.
#[derive(Clone)]
pub struct Modal {
    pub(super) person: Person,
    /// The interaction that it answered.
    id: Id,
    pub(super) channel: Id,
    pub(super) source: Option<Id>,
    modal: Value,
    entries: BTreeMap<String, Entry>,
}

impl Modal {
    /// The modal with which the interaction `id` was answered, in a channel, on a message if so.
    pub(super) fn opened(
        person: Person,
        id: Id,
        (channel, source): (Id, Option<Id>),
        modal: Value,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for (_, field) in fields(&modal) {
            entries.insert(custom_id(field), preselected(field));
        }
        Self { person, id, channel, source, modal, entries }
    }

    /// The id of the interaction that it answered, by which [`Person::open_modal`] finds it again.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The title.
    pub fn title(&self) -> &str {
        self.modal["title"].as_str().unwrap_or_default()
    }

    /// The modal object as the bot sent it, components numbered.
    pub fn json(&self) -> &Value {
        &self.modal
    }

    /// The labels, in order.
    pub fn labels(&self) -> Vec<String> {
        fields(&self.modal).into_iter().map(|(label, _)| label).collect()
    }

    /// The texts between the fields, as the bot wrote them.
    pub fn texts(&self) -> Vec<&str> {
        text_displays(&self.modal["components"])
    }

    /// The content of a field: the text, or the values that are chosen.
    pub fn value(&self, label: &str) -> Result<Vec<String>> {
        let field = self.field(label)?;
        Ok(self.entries.get(&custom_id(field)).cloned().unwrap_or_default())
    }

    /// The labels of the options of a select, or of a group of radio buttons or boxes.
    pub fn options(&self, label: &str) -> Result<Vec<String>> {
        let options = self.field(label)?["options"].as_array().into_iter().flatten();
        Ok(options.map(|o| o["label"].as_str().unwrap_or_default().to_owned()).collect())
    }

    fn field(&self, label: &str) -> Result<&Value> {
        let found = fields(&self.modal).into_iter().find(|(known, _)| known == label);
        let field = found.map(|(_, field)| field);
        field.with_context(|| format!("there is no field {label:?} in:\n{self}"))
    }

    fn enter(&mut self, label: &str, kinds: &[u64], entry: Entry) -> Result<&mut Self> {
        let field = self.field(label)?;
        if !kinds.contains(&kind(field)) {
            bail!("the field {label:?} is of another kind in:\n{self}");
        }
        let id = custom_id(field);
        self.entries.insert(id, entry);
        Ok(self)
    }

    /// Replaces the text of a field; the client takes no more than fits.
    pub fn fill(&mut self, label: &str, text: &str) -> Result<&mut Self> {
        let (_, max) = lengths(self.field(label)?);
        if text.chars().count() > max {
            bail!("the field {label:?} takes {max} characters, not {}", text.chars().count());
        }
        let entry = if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        self.enter(label, &[TEXT_INPUT], entry)
    }

    /// Replaces what is chosen in a select or a group by one option, named by its label.
    pub fn choose(&mut self, label: &str, option: &str) -> Result<&mut Self> {
        self.choose_all(label, &[option])
    }

    /// Replaces what is chosen in a select or a group.
    pub fn choose_all(&mut self, label: &str, options: &[&str]) -> Result<&mut Self> {
        let field = self.field(label)?;
        let mut entry = Vec::new();
        for option in options {
            entry.push(option_value(field, option).with_context(|| format!("in:\n{self}"))?);
        }
        self.enter(label, &[STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP], entry)
    }

    /// Replaces the choice in a user select; no one and bots are possible, as in the client.
    pub fn choose_user(&mut self, label: &str, person: &Person) -> Result<&mut Self> {
        self.enter(label, &[USER_SELECT], vec![person.id().to_string()])
    }

    /// Ticks a single box, or removes the tick.
    pub fn tick(&mut self, label: &str, ticked: bool) -> Result<&mut Self> {
        let entry = if ticked { vec![TICKED.to_owned()] } else { Vec::new() };
        self.enter(label, &[CHECKBOX], entry)
    }

    /// Chooses nothing in a select or a group.
    pub fn clear(&mut self, label: &str) -> Result<&mut Self> {
        let kinds = [STRING_SELECT, USER_SELECT, RADIO_GROUP, CHECKBOX_GROUP];
        self.enter(label, &kinds, Vec::new())
    }

    /// Submits it and waits for the result. The modal can be submitted again, as by a person
    /// who presses twice.
    ///
    /// # Errors
    /// A field isn't as it must be, which the client shows in red.
    pub async fn submit(&self) -> Result<Seen> {
        self.checked()?;
        self.submit_unchecked().await
    }

    pub(super) fn checked(&self) -> Result<()> {
        let complaints = self.complaints();
        if !complaints.is_empty() {
            let wrong = complaints.iter().map(|wrong| format!("{}: {}", wrong.label, wrong.text));
            bail!("the client refuses:\n{}\nin:\n{self}", wrong.collect::<Vec<_>>().join("\n"));
        }
        Ok(())
    }

    /// What the client shows in red beside the fields, as they are filled in now.
    pub fn complaints(&self) -> Vec<Complaint> {
        let judged = fields(&self.modal).into_iter().filter_map(|(label, field)| {
            let custom_id = custom_id(field);
            let entry = self.entries.get(&custom_id).cloned().unwrap_or_default();
            let text = check_entry(field, &entry).err()?;
            Some(Complaint { custom_id, label, text })
        });
        judged.collect()
    }

    /// Replaces the content of the fields, each named by its custom id: a text, or the values that
    /// are chosen. Checks nothing but that the fields exist.
    ///
    /// # Errors
    /// There is no such field.
    pub fn enter_all(&mut self, entries: BTreeMap<String, Vec<String>>) -> Result<&mut Self> {
        for (id, mut entry) in entries {
            if !self.entries.contains_key(&id) {
                bail!("there is no field {id:?} in:\n{self}");
            }
            entry.retain(|value| !value.is_empty());
            self.entries.insert(id, entry);
        }
        Ok(self)
    }

    /// Submits it without the client's checks: forged.
    pub async fn submit_unchecked(&self) -> Result<Seen> {
        let data = self.data()?;
        self.person.acts(Kind::Modal, self.channel, data, self.source).await
    }

    /// Enters a text without the client's limits: forged.
    pub fn fill_unchecked(&mut self, label: &str, text: &str) -> Result<&mut Self> {
        self.enter(label, &[TEXT_INPUT], vec![text.to_owned()])
    }

    pub(super) fn data(&self) -> Result<Value> {
        let mut users = Vec::new();
        let parts = self.modal["components"].as_array().into_iter().flatten();
        let submitted = parts.map(|part| match kind(part) {
            LABEL => {
                let field = self.submitted(&part["component"], &mut users);
                json!({ "type": LABEL, "id": part["id"], "component": field })
            }
            1 => {
                let field = self.submitted(&part["components"][0], &mut users);
                json!({ "type": 1, "id": part["id"], "components": [field] })
            }
            _ => json!({ "type": part["type"], "id": part["id"] }),
        });
        let submitted: Vec<Value> = submitted.collect();
        let mut data = json!({ "custom_id": self.modal["custom_id"], "components": submitted });
        if !users.is_empty() {
            let resolved = self.person.shared.read(|state| state.resolved(&users));
            data["resolved"] = resolved.map_err(|refusal| anyhow::anyhow!(refusal.message))?;
        }
        Ok(data)
    }

    fn submitted(&self, field: &Value, users: &mut Vec<Id>) -> Value {
        let entry = self.entries.get(&custom_id(field)).cloned().unwrap_or_default();
        let (kind, id, name) = (&field["type"], &field["id"], &field["custom_id"]);
        if kind == TEXT_INPUT {
            let text = entry.first().cloned().unwrap_or_default();
            return json!({ "type": kind, "id": id, "custom_id": name, "value": text });
        }
        if kind == RADIO_GROUP {
            let chosen = entry.first();
            return json!({ "type": kind, "id": id, "custom_id": name, "value": chosen });
        }
        if kind == CHECKBOX {
            let ticked = !entry.is_empty();
            return json!({ "type": kind, "id": id, "custom_id": name, "value": ticked });
        }
        if kind == USER_SELECT {
            users.extend(entry.iter().filter_map(|id| id.parse::<Id>().ok()));
        }
        json!({ "type": kind, "id": id, "custom_id": name, "values": entry })
    }
}

fn custom_id(field: &Value) -> String {
    field["custom_id"].as_str().unwrap_or_default().to_owned()
}

/// The content of a field when the modal opens.
fn preselected(field: &Value) -> Entry {
    let texts = |list: &Value, wanted: &dyn Fn(&Value) -> bool, key: &str| -> Entry {
        let items = list.as_array().into_iter().flatten().filter(|item| wanted(item));
        items.filter_map(|item| item[key].as_str().map(str::to_owned)).collect()
    };
    match kind(field) {
        TEXT_INPUT => field["value"].as_str().filter(|v| !v.is_empty()).map(str::to_owned),
        STRING_SELECT | RADIO_GROUP | CHECKBOX_GROUP => {
            return texts(&field["options"], &|o| o["default"] == true, "value");
        }
        CHECKBOX => (field["default"] == true).then(|| TICKED.to_owned()),
        _ => return texts(&field["default_values"], &|_| true, "id"),
    }
    .into_iter()
    .collect()
}

impl fmt::Display for Modal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "◆ {}", self.title())?;
        for part in self.modal["components"].as_array().into_iter().flatten() {
            if kind(part) == TEXT_DISPLAY {
                write!(f, "\n{}", part["content"].as_str().unwrap_or_default())?;
                continue;
            }
            let alone = json!({ "components": [part] });
            for (label, field) in fields(&alone) {
                let star = if is_required(field) && kind(field) != CHECKBOX { " *" } else { "" };
                write!(f, "\n{label}{star}")?;
                if let Some(description) = part["description"].as_str() {
                    write!(f, " – {description}")?;
                }
                f.write_str(&self.entered(field))?;
            }
        }
        Ok(())
    }
}

impl Modal {
    /// The content of a field, as lines.
    fn entered(&self, field: &Value) -> String {
        let entry = self.entries.get(&custom_id(field)).cloned().unwrap_or_default();
        if kind(field) == TEXT_INPUT {
            let text = entry.first().map(String::as_str).unwrap_or_default();
            let placeholder = field["placeholder"].as_str().filter(|_| text.is_empty());
            let placeholder = placeholder.map(|placeholder| format!("\n  ({placeholder})"));
            return placeholder.unwrap_or_else(|| format!("\n  {}", text.replace('\n', "\n  ")));
        }
        if kind(field) == CHECKBOX {
            return if entry.is_empty() { "\n  [ ]" } else { "\n  [x]" }.to_owned();
        }
        let (open, close) = if kind(field) == RADIO_GROUP { ('(', ')') } else { ('[', ']') };
        let mut lines = String::new();
        for option in field["options"].as_array().into_iter().flatten() {
            let value = option["value"].as_str().unwrap_or_default();
            let mark = if entry.iter().any(|chosen| chosen == value) { 'x' } else { ' ' };
            let label = option["label"].as_str().unwrap_or_default();
            let _ = write!(lines, "\n  {open}{mark}{close} {label}");
        }
        if kind(field) == USER_SELECT {
            let names = entry.iter().filter_map(|id| id.parse().ok()).map(|id| self.name_of(id));
            names.for_each(|name| lines.push_str(&format!("\n  [x] @{name}")));
        }
        lines
    }

    fn name_of(&self, id: Id) -> String {
        let name = |state: &State| state.users.get(&id).map(|user| user.display_name.clone());
        self.person.shared.read(name).unwrap_or_default()
    }
}

impl fmt::Debug for Modal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
