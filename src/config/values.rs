//! Readers: from a value of the document to a type, or to an error text.
//!
//! A message continues the key's name: "policy.approvals takes …". What is quoted is cut and has
//! no control characters; a secret's reader quotes nothing.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::document::{Node, Read, Value, suggestion};
use super::http_settings::JsonPointer;
use super::problem::Place;
use crate::domain::form::{is_unreadable, name_key};

/// How many approvals may be configured. One alone never suffices; more than 20 are hardly ever given.
pub(super) const APPROVALS: RangeInclusive<i64> = 2..=20;

/// A value as people see it.
pub(super) fn quoted(text: &str) -> String {
    const LIMIT: usize = 60;
    if text.chars().count() <= LIMIT {
        return format!("{text:?}");
    }
    format!("{:?}", text.chars().take(LIMIT).chain(['…']).collect::<String>())
}

/// Text, unchanged.
pub(super) fn text(node: &Node) -> Read<&str> {
    match &node.content {
        Value::Text(text) => Ok(text),
        other => Err(format!("takes text, in quotes, not {}", other.kind())),
    }
}

/// Text on one line, of 1 to `limit` characters.
pub(super) fn line(limit: usize) -> impl Fn(&Node) -> Read<String> {
    move |node| {
        let text = text(node)?;
        if as_seen(text).is_empty() {
            return Err("is empty".to_owned());
        }
        if text.chars().any(char::is_control) {
            return Err(format!(
                "takes a single line without control characters, not {}",
                quoted(text)
            ));
        }
        let length = text.chars().count();
        if length > limit {
            return Err(format!("has {length} characters, {limit} are the most: shorten it"));
        }
        Ok(text.to_owned())
    }
}

/// What people see of a name, as a key: without regard to case, width, white space and what is
/// invisible. Two names with one key can't be told apart on a card.
pub(super) fn as_seen(name: &str) -> String {
    let seen: String = name.chars().filter(|&char| !is_unreadable(char)).collect();
    name_key(&seen).chars().filter(|char| !char.is_whitespace()).collect()
}

/// A whole number between bounds.
pub(super) fn integer<T: TryFrom<i64>>(bounds: RangeInclusive<i64>) -> impl Fn(&Node) -> Read<T> {
    move |node| {
        let number = match &node.content {
            Value::Whole(number) => Some(*number),
            // A variable holds nothing but text.
            Value::Text(text) if matches!(node.place, Place::Variable(_)) => {
                text.trim().parse().ok()
            }
            _ => None,
        };
        let (least, most) = (bounds.start(), bounds.end());
        match number {
            Some(number) if bounds.contains(&number) => {
                T::try_from(number).map_err(|_| format!("takes {least} to {most}, not {number}"))
            }
            Some(number) => Err(format!("takes {least} to {most}, not {number}")),
            None => Err(format!("takes a whole number without quotes, not {}", kind(node))),
        }
    }
}

fn kind(node: &Node) -> String {
    match &node.content {
        Value::Text(text) => quoted(text),
        other => other.kind().to_owned(),
    }
}

/// `true` or `false`.
pub(super) fn truth(node: &Node) -> Read<bool> {
    match &node.content {
        Value::Truth(truth) => Ok(*truth),
        Value::Text(text) if matches!(node.place, Place::Variable(_)) => {
            text.trim().parse().map_err(|_| format!("takes true or false, not {}", quoted(text)))
        }
        _ => Err(format!("takes true or false, without quotes, not {}", kind(node))),
    }
}

/// What can be parsed from text, by its own error message.
pub(super) fn parsed<T: FromStr<Err: Display>>(node: &Node) -> Read<T> {
    let text = text(node)?;
    text.parse().map_err(|error| format!("can't be {}: {error}", quoted(text)))
}

/// An id of Discord's: a number, in quotes or not.
pub(super) fn id<T: FromStr<Err: Display>>(node: &Node) -> Read<T> {
    let text = match &node.content {
        Value::Text(text) => text.trim().to_owned(),
        Value::Whole(number) => number.to_string(),
        other => return Err(format!("takes an id of Discord's, not {}", other.kind())),
    };
    if is_of_example(&text) {
        return Err("is still the example's: put your own id there".to_owned());
    }
    text.parse().map_err(|_| {
        let cure = "turn on Discord's developer mode and take Copy ID from the context menu";
        // What is longer than any id may be a token in the wrong place.
        let shown = if text.len() <= 24 { quoted(&text) } else { "other text".to_owned() };
        format!("takes an id of Discord's, a number, not {shown}: {cure}")
    })
}

/// The ids in the files that ship repeat one digit.
fn is_of_example(id: &str) -> bool {
    const LENGTH: usize = 19;
    let first = id.bytes().next();
    id.len() == LENGTH && first.is_some_and(|first| id.bytes().all(|digit| digit == first))
}

/// One of some words.
pub(super) fn one_of<T: Copy>(words: &'static [(&'static str, T)]) -> impl Fn(&Node) -> Read<T> {
    move |node| {
        let text = text(node)?;
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let found = words.iter().find(|(word, _)| *word == text);
        found
            .map(|(_, value)| *value)
            .ok_or_else(|| format!("can't be {}: {}", quoted(text), suggestion(text, &known)))
    }
}

/// A duration such as `72h`, between bounds.
pub(super) fn duration(bounds: RangeInclusive<Duration>) -> impl Fn(&Node) -> Read<Duration> {
    move |node| {
        let form = "takes a number with its unit, such as \"10m\", \"72h\" or \"90d\"";
        let Value::Text(text) = &node.content else {
            return Err(format!("{form}, in quotes, not {}", node.content.kind()));
        };
        let duration = humantime::parse_duration(text.trim())
            .map_err(|_| format!("{form}, not {}", quoted(text)))?;
        if bounds.contains(&duration) {
            return Ok(duration);
        }
        let (least, most) = (format_duration(*bounds.start()), format_duration(*bounds.end()));
        Err(format!("takes {least} to {most}, not {}", quoted(text)))
    }
}

/// A duration in whole days.
pub(super) fn days(node: &Node) -> Read<Duration> {
    const DAY: u64 = 24 * 60 * 60;
    let duration = duration(Duration::from_secs(DAY)..=Duration::from_secs(3650 * DAY))(node)?;
    if duration.as_secs().is_multiple_of(DAY) && duration.subsec_nanos() == 0 {
        return Ok(duration);
    }
    Err(format!("takes whole days, such as \"90d\", not {}", kind(node)))
}

/// As people write it; whole days stay days, where humantime would make months of them.
pub(super) fn format_duration(duration: Duration) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let seconds = duration.as_secs();
    if seconds >= DAY && seconds.is_multiple_of(DAY) {
        return format!("{}d", seconds / DAY);
    }
    humantime::format_duration(duration).to_string()
}

/// Where to listen. A name isn't taken: it would have to be looked up.
pub(super) fn listener(node: &Node) -> Read<SocketAddr> {
    let text = text(node)?;
    text.parse().map_err(|_| {
        format!("takes an address and a port, such as \"127.0.0.1:8080\", not {}", quoted(text))
    })
}

/// An `http` or `https` URL of scheme, host and port alone.
pub(super) fn origin(node: &Node) -> Read<Url> {
    let text = text(node)?;
    let wrong = "takes a URL of scheme, host and port alone, such as \"http://127.0.0.1:3000\"";
    let url = Url::parse(text).map_err(|_| wrong.to_owned())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let open = url.username().is_empty() && url.password().is_none();
    if bare && open && url.has_host() && matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(wrong.to_owned())
    }
}

/// 32 bytes in hexadecimal digits.
pub(super) fn bytes32(node: &Node) -> Read<[u8; 32]> {
    let text = text(node)?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| "takes 64 hexadecimal digits".to_owned())?;
    Ok(bytes)
}

/// A network, such as `10.0.0.0/8`.
pub(super) fn network(node: &Node) -> Read<IpNet> {
    let text = text(node)?;
    let form = "\"127.0.0.1/32\" or \"fd00::/8\"";
    text.parse().map_err(|_| format!("takes a network such as {form}, not {}", quoted(text)))
}

/// A pointer into JSON (RFC 6901).
pub(super) fn pointer(node: &Node) -> Read<JsonPointer> {
    let text = text(node)?;
    let starts = text.is_empty() || text.starts_with('/');
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if starts && escapes {
        return Ok(JsonPointer(text.to_owned()));
    }
    Err(format!("takes a JSON pointer such as \"/data/id\", not {}", quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(content: Value) -> Node {
        Node { place: Place::File("a".into(), Some(1)), content }
    }

    fn words(text: &str) -> Node {
        node(Value::Text(text.to_owned()))
    }

    #[test]
    fn quotes_are_short_and_clean() {
        assert_eq!(quoted("a\nb"), r#""a\nb""#);
        assert_eq!(quoted(&"é".repeat(99)).chars().count(), 63);
    }

    #[test]
    fn variables_alone_hold_numbers_as_text() {
        let variable = |text: &str| Node {
            place: Place::Variable("V".into()),
            content: Value::Text(text.into()),
        };
        assert_eq!(integer::<u8>(2..=20)(&variable("3")), Ok(3));
        assert!(integer::<u8>(2..=20)(&words("3")).is_err());
        assert_eq!(truth(&variable("false")), Ok(false));
        assert!(truth(&words("false")).is_err());
    }

    #[test]
    fn days_are_whole() {
        assert_eq!(days(&words("90d")).map(format_duration), Ok("90d".into()));
        assert_eq!(days(&words("48h")).map(format_duration), Ok("2d".into()));
        for wrong in ["1y", "36h", "90", "0d", "-1d", "4000d", "", "99999999999999999999d"] {
            assert!(days(&words(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn names_that_look_alike_have_one_key() {
        for alike in [
            "Impact.com (agency)",
            "impact.com (AGENCY)",
            " impact.com\u{3000}(agency)",
            "impact.com(agency)",
            "ｉｍｐａｃｔ．ｃｏｍ （agency）",
            "im\u{200B}pact.com \u{2066}(agency)\u{2069}",
            "impact.com (agency)\u{FE0F}",
            "imp\u{AD}act.com (agency)",
        ] {
            assert_eq!(as_seen(alike), "impact.com(agency)", "{alike:?}");
        }
        assert_ne!(as_seen("impact.com (agency)"), as_seen("impact.com (brand)"));
        assert_eq!(as_seen("Straße"), as_seen("STRASSE"));
    }

    #[test]
    fn origins_are_bare() {
        assert!(origin(&words("http://127.0.0.1:3000")).is_ok());
        for wrong in ["127.0.0.1:3000", "ftp://a", "http://a/b", "http://u:p@a", "http://a?b", ""] {
            assert!(origin(&words(wrong)).is_err(), "{wrong:?}");
        }
    }
}
