//! What an upstream's answer says.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::config::{HttpFind, JsonPointer, Outside, ResponsePointers};

/// The longest id or *Account SID* that we keep.
const ID_LIMIT: usize = 128;

/// The longest secret: it is shown in one message of Discord's, which holds 2,000 characters.
const SECRET_LIMIT: usize = 1_500;

/// How much of an upstream's words people read.
const WORDS_LIMIT: usize = 300;

/// From this length on, a word with digits and letters may be a credential.
const CREDENTIAL_LENGTH: usize = 20;

/// How a call ended.
#[derive(Debug)]
pub enum Answer<T> {
    /// The upstream did it.
    Done(T),
    /// The upstream said no, and did nothing.
    Refused {
        /// The status; none where we could not even ask.
        status: Option<u16>,
        /// Its words, without anything that nobody may read.
        words: Option<String>,
    },
    /// Nothing was done; again after so long, if the upstream said how long.
    NotNow(Option<Duration>),
    /// Nobody knows whether it was done; why, for people.
    Doubtful(String),
}

/// A token that an upstream made.
#[derive(Debug)]
pub struct Created {
    /// The upstream's id.
    pub id: String,
    /// The public id that people see.
    pub account_sid: String,
    /// Its secret.
    pub secret: SecretString,
    /// When it ends, where the upstream says so.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A new secret for a token that is there.
#[derive(Debug)]
pub struct Renewed {
    /// The public id, where it may change with the secret.
    pub account_sid: Option<String>,
    /// The secret.
    pub secret: SecretString,
}

impl<T> Answer<T> {
    pub(super) fn doubtful(why: &str) -> Self {
        Self::Doubtful(why.to_owned())
    }

    pub(super) fn unsupported(call: &str) -> Self {
        let words = Some(format!("the configuration has no {call} for it"));
        Self::Refused { status: None, words }
    }

    /// What follows from what was done; every other end stays.
    pub fn and_then<U>(self, then: impl FnOnce(T) -> Answer<U>) -> Answer<U> {
        match self {
            Self::Done(done) => then(done),
            Self::Refused { status, words } => Answer::Refused { status, words },
            Self::NotNow(wait) => Answer::NotNow(wait),
            Self::Doubtful(why) => Answer::Doubtful(why),
        }
    }

    /// What was done in another form; every other end stays.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Answer<U> {
        self.and_then(|done| Answer::Done(map(done)))
    }
}

/// What was read out of an answer, or why it isn't what it should be.
type Read<T> = Result<T, &'static str>;

fn answer<T>(read: Read<T>) -> Answer<T> {
    read.map_or_else(Answer::doubtful, Answer::Done)
}

pub(super) fn created(body: &[u8], at: &ResponsePointers) -> Answer<Created> {
    answer(parsed(body).and_then(|body| {
        let id = word(&body, at.id.as_ref(), ID_LIMIT)?.ok_or("the answer holds no id")?;
        let account_sid = word(&body, at.account_sid.as_ref(), ID_LIMIT)?;
        Ok(Created {
            account_sid: account_sid.unwrap_or_else(|| id.clone()),
            secret: secret(&body, at)?,
            expires_at: moment(&body, at.expires_at.as_ref())?,
            id,
        })
    }))
}

pub(super) fn renewed(body: &[u8], at: &ResponsePointers) -> Answer<Renewed> {
    answer(parsed(body).and_then(|body| {
        let account_sid = word(&body, at.account_sid.as_ref(), ID_LIMIT)?;
        Ok(Renewed { account_sid, secret: secret(&body, at)? })
    }))
}

/// The ids of the items that bear the marker: equal, not alike.
pub(super) fn found(body: &[u8], find: &HttpFind, marker: &str) -> Answer<Vec<String>> {
    answer(parsed(body).and_then(|body| {
        let items = body.pointer(find.items.as_str()).and_then(Value::as_array);
        let items = items.ok_or("the answer holds no list")?;
        let bears = |item: &&Value| {
            item.pointer(find.matching.as_str()).and_then(Value::as_str) == Some(marker)
        };
        let id = |item: &Value| {
            word(item, find.call.response.id.as_ref(), ID_LIMIT)?.ok_or("an item has no id")
        };
        items.iter().filter(bears).map(id).collect()
    }))
}

/// What a refusal says, for people; nothing that nobody may read.
pub(super) fn words(body: &[u8], at: Option<&JsonPointer>, outside: &Outside) -> Option<String> {
    let body = parsed(body).ok()?;
    let said = match body.pointer(at?.as_str())? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let said = redacted(&said, outside);
    (!said.is_empty()).then_some(said)
}

/// On one line, cut, without the operator's values and whatever else looks like a credential.
fn redacted(said: &str, outside: &Outside) -> String {
    let mut said = said.to_owned();
    for value in outside.values() {
        said = said.replace(value.expose_secret(), "•••");
    }
    let is_part = |char: char| char.is_ascii_alphanumeric() || "-_.+/=~".contains(char);
    let mut clean = String::new();
    for piece in said.split_inclusive(|char| !is_part(char)) {
        let word = piece.trim_end_matches(|char| !is_part(char));
        let looks_secret = word.len() >= CREDENTIAL_LENGTH
            && word.contains(|char: char| char.is_ascii_digit())
            && word.contains(|char: char| char.is_ascii_alphabetic());
        clean.push_str(if looks_secret { "•••" } else { word });
        clean.push_str(&piece[word.len()..]);
    }
    let words: Vec<&str> =
        clean.split(|char: char| char.is_whitespace() || char.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(WORDS_LIMIT).collect()
}

fn parsed(body: &[u8]) -> Read<Value> {
    serde_json::from_slice(body).map_err(|_| "the answer was no JSON")
}

/// One word of printable ASCII, or a whole number; none where nothing is there.
fn word(body: &Value, at: Option<&JsonPointer>, limit: usize) -> Read<Option<String>> {
    let text = match at.and_then(|at| body.pointer(at.as_str())) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if !number.is_f64() => number.to_string(),
        Some(_) => return Err("the answer holds something else where a word should be"),
    };
    let is_word = (1..=limit).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if is_word { Ok(Some(text)) } else { Err("the answer holds a word that nobody could use") }
}

fn secret(body: &Value, at: &ResponsePointers) -> Read<SecretString> {
    let secret = word(body, at.secret.as_ref(), SECRET_LIMIT)?;
    secret.map(SecretString::from).ok_or("the answer holds no secret")
}

/// RFC 3339, or seconds since 1970; none for never.
fn moment(body: &Value, at: Option<&JsonPointer>) -> Read<Option<DateTime<Utc>>> {
    const WRONG: &str = "the answer holds something else where a time should be";
    match at.and_then(|at| body.pointer(at.as_str())) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            DateTime::parse_from_rfc3339(text).map(|at| Some(at.to_utc())).map_err(|_| WRONG)
        }
        Some(Value::Number(seconds)) => seconds
            .as_i64()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .map(Some)
            .ok_or(WRONG),
        Some(_) => Err(WRONG),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_redacted() {
        let outside = Outside::default();
        for (said, read) in [
            ("scope write is unknown", "scope write is unknown"),
            ("bad token sk_live_4242424242424242, sorry", "bad token •••, sorry"),
            ("two\r\nlines\u{0} of it", "two lines of it"),
        ] {
            assert_eq!(redacted(said, &outside), read);
        }
        assert_eq!(redacted(&"long ".repeat(200), &outside).chars().count(), WORDS_LIMIT);
    }

    #[test]
    fn times_come_in_two_forms() {
        let at = |json: &str| {
            let pointer: JsonPointer = crate::config::JsonPointer::default();
            moment(&json.parse().unwrap(), Some(&pointer))
        };
        let day = DateTime::from_timestamp(1_764_000_000, 0);
        assert_eq!(at("1764000000"), Ok(day));
        assert_eq!(at("\"2025-11-24T16:00:00Z\""), Ok(day));
        assert_eq!(at("null"), Ok(None));
        assert!(at("\"soon\"").is_err() && at("1.5").is_err() && at("{}").is_err());
    }
}
