//! What an upstream's answer says.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::Value;

use crate::config::{HttpFind, JsonPointer, ResponsePointers};
use crate::redaction::{MARK, Secrets};

/// The longest id or *Account SID* that we keep.
const ID_LIMIT: usize = 128;

/// The longest secret: it is shown in one message of Discord's, which holds 2,000 characters.
const SECRET_LIMIT: usize = 1_500;

/// How much of an upstream's words people read.
const WORDS_LIMIT: usize = 300;

/// From this length on, a word with digits and letters may be a credential.
const CREDENTIAL_LENGTH: usize = 20;

/// What a call came to.
pub type Answer<T> = Result<T, NotDone>;

/// Why a call was not seen to do what it was to do.
#[derive(Debug)]
pub enum NotDone {
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

impl NotDone {
    /// Nobody knows, and why.
    pub fn doubtful(why: &str) -> Self {
        Self::Doubtful(why.to_owned())
    }

    /// There was nothing to ask the upstream, and why.
    pub fn unasked(why: &str) -> Self {
        Self::Refused { status: None, words: Some(why.to_owned()) }
    }

    /// The configuration does not have this call.
    pub(super) fn unsupported(call: &str) -> Self {
        Self::unasked(&format!("the configuration has no {call} for it"))
    }
}

/// What was read out of an answer, or why it isn't what it should be.
type Read<T> = Result<T, &'static str>;

pub(super) fn created(body: &[u8], at: &ResponsePointers) -> Read<Created> {
    let body = parsed(body)?;
    let id = word(&body, at.id.as_ref(), ID_LIMIT)?.ok_or("the answer holds no id")?;
    let account_sid = word(&body, at.account_sid.as_ref(), ID_LIMIT)?;
    Ok(Created {
        account_sid: account_sid.unwrap_or_else(|| id.clone()),
        secret: secret(&body, at)?,
        expires_at: moment(&body, at.expires_at.as_ref())?,
        id,
    })
}

pub(super) fn renewed(body: &[u8], at: &ResponsePointers) -> Read<Renewed> {
    let body = parsed(body)?;
    let account_sid = word(&body, at.account_sid.as_ref(), ID_LIMIT)?;
    Ok(Renewed { account_sid, secret: secret(&body, at)? })
}

/// The ids of the items that bear the marker: equal, not alike.
pub(super) fn found(body: &[u8], find: &HttpFind, marker: &str) -> Read<Vec<String>> {
    let body = parsed(body)?;
    let items = body.pointer(find.items.as_str()).and_then(Value::as_array);
    let bears = |item: &&Value| {
        item.pointer(find.matching.as_str()).and_then(Value::as_str) == Some(marker)
    };
    let id = |item: &Value| {
        word(item, find.call.response.id.as_ref(), ID_LIMIT)?.ok_or("an item has no id")
    };
    items.ok_or("the answer holds no list")?.iter().filter(bears).map(id).collect()
}

/// What a refusal says, for people, without the call's secrets.
pub(super) fn words(body: &[u8], at: Option<&JsonPointer>, secrets: &Secrets) -> Option<String> {
    let body = parsed(body).ok()?;
    let said = match body.pointer(at?.as_str())? {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let said = redacted(&said, secrets);
    (!said.is_empty()).then_some(said)
}

/// On one line, without the call's secrets and whatever else looks like a credential. It is cut at the
/// very end: a secret that was cut would not be recognised.
fn redacted(said: &str, secrets: &Secrets) -> String {
    let said = secrets.take_out_of(said);
    let is_part = |char: char| char.is_ascii_alphanumeric() || "-_.+/=~".contains(char);
    let mut clean = String::new();
    for piece in said.split_inclusive(|char| !is_part(char)) {
        let word = piece.trim_end_matches(|char| !is_part(char));
        let looks_secret = word.len() >= CREDENTIAL_LENGTH
            && word.contains(|char: char| char.is_ascii_digit())
            && word.contains(|char: char| char.is_ascii_alphabetic());
        clean.push_str(if looks_secret { MARK } else { word });
        clean.push_str(&piece[word.len()..]);
    }
    let words = clean.split(|char: char| char.is_whitespace() || char.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
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
        let secrets = Secrets::default();
        for (said, read) in [
            ("scope write is unknown", "scope write is unknown"),
            ("bad token sk_live_4242424242424242, sorry", "bad token •••, sorry"),
            ("two\r\nlines\u{0} of it", "two lines of it"),
        ] {
            assert_eq!(redacted(said, &secrets), read);
        }
        assert_eq!(redacted(&"long ".repeat(200), &secrets).chars().count(), WORDS_LIMIT);
    }

    #[test]
    fn words_are_cut_after_they_are_redacted() {
        let mut secrets = Secrets::default();
        secrets.add("kX9#qpLm31vvRt");
        for before in WORDS_LIMIT - 20..=WORDS_LIMIT {
            let said = format!("{}kX9#qpLm31vvRt and more", "a ".repeat(before / 2));
            assert!(!redacted(&said, &secrets).contains("kX9"), "{before}");
        }
    }

    #[test]
    fn where_nothing_is_said_nothing_is_read() {
        let read =
            |body: &str| words(body.as_bytes(), Some(&JsonPointer::default()), &Secrets::default());
        assert_eq!(read("\"no\"").as_deref(), Some("no"));
        for nothing in ["null", "\"\"", "no JSON"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn times_come_in_two_forms() {
        let at = |json: &str| moment(&json.parse().unwrap(), Some(&JsonPointer::default()));
        let day = DateTime::from_timestamp(1_764_000_000, 0);
        assert_eq!(at("1764000000"), Ok(day));
        assert_eq!(at("\"2025-11-24T16:00:00Z\""), Ok(day));
        assert_eq!(at("null"), Ok(None));
        assert!(at("\"soon\"").is_err() && at("1.5").is_err() && at("{}").is_err());
    }
}
