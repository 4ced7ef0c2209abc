//! Texts of an upstream, for people: without the call's secrets.

use serde_json::Value;

use crate::config::JsonPointer;
use crate::redaction::{MARK, Secrets};

/// How much of an upstream's text is shown.
const WORDS_LIMIT: usize = 300;

/// From this length on, a word with digits and letters may be a credential.
const CREDENTIAL_LENGTH: usize = 20;

/// The text of a refusal; empty if there is none, or none that means an error.
pub(super) fn words(body: &Value, at: Option<&JsonPointer>, secrets: &Secrets) -> Option<String> {
    let said = match body.pointer(at?.as_str())? {
        Value::Null | Value::Bool(false) => return None,
        Value::Number(number) if number.as_f64() == Some(0.0) => return None,
        Value::Array(items) if items.is_empty() => return None,
        Value::Object(fields) if fields.is_empty() => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let said = redacted(&said, secrets);
    (!said.is_empty()).then_some(said)
}

/// On one line, without the call's secrets and anything that looks like a credential. It is cut at the
/// very end: a secret that was cut would not be recognised.
pub(super) fn redacted(said: &str, secrets: &Secrets) -> String {
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
    fn an_empty_error_has_no_text() {
        let read = |body: &str| {
            let body: Value = body.parse().unwrap();
            words(&body, Some(&JsonPointer::default()), &Secrets::default())
        };
        assert_eq!(read("\"no\"").as_deref(), Some("no"));
        for nothing in ["null", "\"\"", "false", "0", "[]", "{}"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
