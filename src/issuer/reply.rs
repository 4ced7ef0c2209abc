//! An answer: its status, its headers, its JSON.

use reqwest::header::HeaderMap;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::config::Source;
use crate::redaction::Secrets;

/// A value of an answer, or why it isn't as expected.
pub(super) type Read<T> = Result<T, &'static str>;

/// The bytes of an answer, which may hold a secret.
pub(super) type Body = Zeroizing<Vec<u8>>;

/// An answer.
pub(super) struct Reply {
    headers: HeaderMap,
    json: Option<Value>,
    is_markup: bool,
    is_empty: bool,
    /// Its status, where the call was sent.
    pub(super) status: u16,
    /// What it says that is wrong, though its status says otherwise: for people.
    pub(super) says_no: Option<String>,
    /// What nobody may read of it.
    pub(super) secrets: Secrets,
}

impl Reply {
    pub(super) fn new(headers: HeaderMap, body: &Body) -> Self {
        let is_markup = body.trim_ascii_start().starts_with(b"<");
        Self {
            headers,
            json: serde_json::from_slice(body).ok(),
            is_markup,
            is_empty: body.trim_ascii().is_empty(),
            status: 200,
            says_no: None,
            secrets: Secrets::default(),
        }
    }

    /// Its JSON.
    pub(super) fn json(&self) -> Read<&Value> {
        self.json.as_ref().ok_or(match self.is_page() {
            true => "the answer was a page, not the API's",
            false => "the answer was no JSON",
        })
    }

    /// Whether it is a page for people, from a proxy in front of the API.
    pub(super) fn is_page(&self) -> bool {
        let says = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        self.is_markup || says.starts_with("text/html") || says.starts_with("application/xhtml")
    }

    /// Whether it says something that is no JSON.
    pub(super) fn is_text(&self) -> bool {
        self.json.is_none() && !self.is_empty
    }

    /// A header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All values of a header.
    pub(super) fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// Whatever text or number stands there.
    pub(super) fn text(&self, source: &Source) -> Option<String> {
        let found = match source {
            Source::Body(at) => match self.json.as_ref()?.pointer(at.as_str())? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            },
            Source::Header(name) => last_part(self.header(name)?),
            Source::Generated(_) => return None,
        };
        (!found.is_empty()).then_some(found)
    }

    /// One word of printable ASCII, or a whole number; none where nothing is there.
    pub(super) fn word(&self, source: &Source, limit: usize) -> Read<Option<String>> {
        match source {
            Source::Body(at) => word(self.json()?, at.as_str(), limit),
            Source::Header(name) => {
                let value = self.header(name).map(last_part);
                value.map(|value| checked(value, limit)).transpose()
            }
            Source::Generated(_) => Ok(None),
        }
    }
}

/// The last part of a URL's path; anything else is returned unchanged.
fn last_part(value: &str) -> String {
    let is_place = value.starts_with('/') || value.contains("://");
    if !is_place {
        return value.trim().to_owned();
    }
    let path = value.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let part = path.rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// One word of printable ASCII, or a whole number, in JSON; none if there is nothing.
pub(super) fn word(json: &Value, at: &str, limit: usize) -> Read<Option<String>> {
    match json.pointer(at) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => checked(text.clone(), limit).map(Some),
        Some(Value::Number(number)) if !number.is_f64() => Ok(Some(number.to_string())),
        Some(_) => Err("the answer holds something else where a word should be"),
    }
}

fn checked(text: String, limit: usize) -> Read<String> {
    let is_word = text.bytes().all(|byte| byte.is_ascii_graphic());
    match text.len() {
        0 => Err("the answer holds an empty word"),
        length if length > limit => Err("the answer holds a word that is too long to be kept"),
        _ if !is_word => Err("the answer holds a word that nobody could use"),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_in_a_location_is_its_last_segment() {
        for (value, id) in [
            ("https://api.example.com/v1/clients/4f3b-1", "4f3b-1"),
            ("/v1/clients/a%2Fb/?x=y", "a/b"),
            ("plain-id", "plain-id"),
        ] {
            assert_eq!(last_part(value), id);
        }
    }
}
