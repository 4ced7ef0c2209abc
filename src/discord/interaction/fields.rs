//! Reads single fields of JSON. An error names the field and never quotes its content, which may be
//! a secret.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::ParseError;

/// A JSON object whose fields are asked for by name.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    pub(super) fn new(value: &'a Value, name: &'static str) -> Result<Self, ParseError> {
        value.as_object().map(Self).ok_or(ParseError::Field(name))
    }

    /// The field, unless it is absent or null.
    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn require(self, name: &'static str) -> Result<&'a Value, ParseError> {
        self.get(name).ok_or(ParseError::Field(name))
    }

    pub(super) fn object(self, name: &'static str) -> Result<Self, ParseError> {
        Self::new(self.require(name)?, name)
    }

    pub(super) fn optional_object(self, name: &'static str) -> Result<Option<Self>, ParseError> {
        self.get(name).map(|value| Self::new(value, name)).transpose()
    }

    pub(super) fn text(self, name: &'static str) -> Result<&'a str, ParseError> {
        self.require(name)?.as_str().ok_or(ParseError::Field(name))
    }

    pub(super) fn optional_text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    pub(super) fn number(self, name: &'static str) -> Result<u64, ParseError> {
        self.require(name)?.as_u64().ok_or(ParseError::Field(name))
    }

    pub(super) fn flag(self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The list, or an empty one if it is absent.
    pub(super) fn list(self, name: &'static str) -> Result<&'a [Value], ParseError> {
        match self.get(name) {
            None => Ok(&[]),
            Some(value) => value.as_array().map(Vec::as_slice).ok_or(ParseError::Field(name)),
        }
    }

    pub(super) fn id<T: FromStr>(self, name: &'static str) -> Result<T, ParseError> {
        id(self.require(name)?, name)
    }

    pub(super) fn optional_id<T: FromStr>(
        self,
        name: &'static str,
    ) -> Result<Option<T>, ParseError> {
        self.get(name).map(|value| id(value, name)).transpose()
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.0.iter()
    }
}

/// An id, which is text in Discord's JSON.
pub(super) fn id<T: FromStr>(value: &Value, name: &'static str) -> Result<T, ParseError> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or(ParseError::Field(name))
}

/// A list of texts.
pub(super) fn texts(values: &[Value], name: &'static str) -> Result<Vec<String>, ParseError> {
    values
        .iter()
        .map(|value| value.as_str().map(str::to_owned).ok_or(ParseError::Field(name)))
        .collect()
}
