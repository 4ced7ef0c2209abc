//! Modals of Label components (type 18), which serenity doesn't know yet.

use serde::Serialize;
use serde_json::{Value, json};

use super::{limit, truncate};
use crate::domain::ids::UserId;

/// A form of at most [`limit::MODAL_FIELDS`] fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modal {
    /// Comes back when it is submitted; at most [`limit::CUSTOM_ID`].
    pub custom_id: String,
    /// Its headline.
    pub title: String,
    /// Its fields.
    pub fields: Vec<Label>,
}

/// One field of a modal: a label over an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What the field is.
    pub label: String,
    /// A sentence more; may be empty.
    pub description: String,
    /// What can be entered.
    pub input: Input,
}

/// How much a text input takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStyle {
    /// One line.
    Short,
    /// Several lines.
    Paragraph,
}

/// What can be entered in a field. Each has a custom id that is unique in its modal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Text that people type.
    Text {
        /// Its name in what is submitted.
        custom_id: String,
        /// One line or several.
        style: TextStyle,
        /// The fewest characters.
        min_length: Option<u16>,
        /// The most characters.
        max_length: Option<u16>,
        /// Whether it must be filled in.
        required: bool,
        /// What stands in it from the start.
        value: String,
        /// Shown while it is empty.
        placeholder: String,
    },
    /// One of 1 to 25 options.
    Select {
        /// Its name in what is submitted.
        custom_id: String,
        /// Whether one must be chosen.
        required: bool,
        /// Shown while nothing is chosen.
        placeholder: String,
        /// What can be chosen.
        options: Vec<ModalOption>,
    },
    /// One user of the guild.
    User {
        /// Its name in what is submitted.
        custom_id: String,
        /// Whether one must be chosen.
        required: bool,
        /// Shown while no user is chosen.
        placeholder: String,
        /// Who is chosen from the start.
        chosen: Option<UserId>,
    },
}

/// One option of a select in a modal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModalOption {
    /// What people see.
    pub label: String,
    /// What is submitted.
    pub value: String,
    /// A sentence more; may be empty.
    pub description: String,
    /// Whether it is chosen from the start.
    pub chosen: bool,
}

impl Modal {
    /// The `data` of the callback that opens it.
    pub fn body(&self) -> Value {
        let fields: Vec<Value> =
            self.fields.iter().take(limit::MODAL_FIELDS).map(Label::body).collect();
        json!({
            "custom_id": self.custom_id,
            "title": truncate(&self.title, limit::MODAL_TITLE),
            "components": fields,
        })
    }
}

#[derive(Serialize)]
struct LabelBody {
    #[serde(rename = "type")]
    kind: u8,
    label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    component: Value,
}

impl Label {
    /// A field with nothing but its label over the input.
    pub fn new(label: impl Into<String>, input: Input) -> Self {
        Self { label: label.into(), description: String::new(), input }
    }

    fn body(&self) -> Value {
        json!(LabelBody {
            kind: 18,
            label: truncate(&self.label, limit::MODAL_TITLE),
            description: truncate(&self.description, limit::INPUT_PLACEHOLDER),
            component: self.input.body(),
        })
    }
}

impl Input {
    fn body(&self) -> Value {
        let mut body = match self {
            Self::Text { custom_id, style, min_length, max_length, required, value, .. } => {
                let most = max_length.map_or(limit::INPUT_VALUE, usize::from);
                let style = if *style == TextStyle::Short { 1 } else { 2 };
                let mut body = json!({
                    "type": 4, "custom_id": custom_id, "style": style, "required": required,
                });
                set(&mut body, "min_length", min_length.map(Value::from));
                set(&mut body, "max_length", max_length.map(Value::from));
                let value = truncate(value, most.min(limit::INPUT_VALUE));
                set(
                    &mut body,
                    "value",
                    Some(value).filter(|text| !text.is_empty()).map(Value::from),
                );
                body
            }
            Self::Select { custom_id, required, options, .. } => {
                let options: Vec<Value> =
                    options.iter().take(limit::OPTIONS).map(ModalOption::body).collect();
                let least = u8::from(*required);
                json!({
                    "type": 3, "custom_id": custom_id, "required": required, "options": options,
                    "min_values": least, "max_values": 1,
                })
            }
            Self::User { custom_id, required, chosen, .. } => {
                let chosen: Vec<Value> =
                    chosen.iter().map(|id| json!({"id": id, "type": "user"})).collect();
                let least = u8::from(*required);
                let mut body = json!({
                    "type": 5, "custom_id": custom_id, "required": required,
                    "min_values": least, "max_values": 1,
                });
                set(&mut body, "default_values", (!chosen.is_empty()).then(|| chosen.into()));
                body
            }
        };
        let (placeholder, most) = match self {
            Self::Text { placeholder, .. } => (placeholder, limit::INPUT_PLACEHOLDER),
            Self::Select { placeholder, .. } | Self::User { placeholder, .. } => {
                (placeholder, limit::SELECT_PLACEHOLDER)
            }
        };
        let placeholder = Some(truncate(placeholder, most)).filter(|text| !text.is_empty());
        set(&mut body, "placeholder", placeholder.map(Value::from));
        body
    }
}

impl ModalOption {
    fn body(&self) -> Value {
        let mut body = json!({
            "label": truncate(&self.label, limit::OPTION_TEXT),
            "value": self.value,
            "default": self.chosen,
        });
        let description = truncate(&self.description, limit::OPTION_TEXT);
        let description = Some(description).filter(|text| !text.is_empty());
        set(&mut body, "description", description.map(Value::from));
        body
    }
}

fn set(body: &mut Value, key: &str, value: Option<Value>) {
    if let (Value::Object(body), Some(value)) = (body, value) {
        body.insert(key.to_owned(), value);
    }
}
