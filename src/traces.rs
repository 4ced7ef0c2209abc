//! Traces: one of each interaction and of each job, with its transactions and its calls to Discord, to APIs and to the
//! mail server. With the feature `traces` they are sent to a collector of OpenTelemetry, by OTLP over HTTP, if a
//! standard variable names one. Otherwise nothing is recorded.
//!
//! A span says what is called, and never with what: no body, no id in an address, nobody's words.

use std::fmt;

use tracing::{Span, field::Empty};

#[cfg(feature = "traces")]
mod exporter;
#[cfg(not(feature = "traces"))]
mod no_exporter;
#[cfg(feature = "traces")]
pub use exporter::Exporter;
#[cfg(not(feature = "traces"))]
pub use no_exporter::Exporter;

/// The target of spans that are for traces only: the log does not show them.
pub const TARGET: &str = "countersign::traces::parts";

/// The standard variable that names a collector of OpenTelemetry, with its value, if one does.
#[must_use]
pub fn find_collector() -> Option<(&'static str, String)> {
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]
        .into_iter()
        .map(|name| (name, read(name)))
        .find(|(_, value)| !value.is_empty())
}

/// The value of a variable, empty where it has none.
fn read(name: &str) -> String {
    std::env::var_os(name).unwrap_or_default().to_string_lossy().trim().to_owned()
}

/// A call to Discord. Of its address only the words are recorded: the rest are ids, and tokens of interactions.
#[must_use]
pub fn call_discord(method: &str, url: &str) -> Span {
    let route = Words(url);
    tracing::info_span!(
        target: TARGET,
        "discord",
        otel.name = %format_args!("discord {method} {route}"),
        otel.kind = "client",
        http.request.method = method,
        url.template = %route,
        http.request.resend_count = Empty,
        otel.status_code = Empty,
        error.r#type = Empty,
    )
}

/// A call to a provider's API.
#[must_use]
pub fn call_upstream(method: &str, host: Option<&str>) -> Span {
    tracing::info_span!(
        target: TARGET,
        "api",
        otel.name = %format_args!("api {method}"),
        otel.kind = "client",
        http.request.method = method,
        server.address = host,
        http.response.status_code = Empty,
        otel.status_code = Empty,
        error.r#type = Empty,
    )
}

/// An email that is handed over.
#[must_use]
pub fn send_mail() -> Span {
    tracing::info_span!(
        target: TARGET,
        "mail",
        otel.kind = "client",
        otel.status_code = Empty,
        error.r#type = Empty,
    )
}

/// A transaction, from when it is wanted to its end.
#[must_use]
pub fn begin_transaction() -> Span {
    tracing::info_span!(target: TARGET, "transaction", otel.kind = "client")
}

/// Notes that a call failed. `why` is a number or a word of ours, never what somebody said.
pub fn note_failure(span: &Span, why: impl fmt::Display) {
    span.record("otel.status_code", "error");
    span.record("error.type", tracing::field::display(why));
}

/// Notes how an API answered.
pub fn note_status(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 400 {
        note_failure(span, status);
    }
}

/// The words of an address, and `*` for each part that is none.
struct Words<'a>(&'a str);

/// The longest word in Discord's addresses has 18 letters; a token has over a hundred.
const LONGEST_WORD: usize = 20;

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.split_once("://").map_or(self.0, |(_, rest)| rest);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let is_word = |part: &&str| {
            let is_letter = |letter: u8| letter.is_ascii_lowercase() || b"@-_".contains(&letter);
            *part == "v10" || (part.len() <= LONGEST_WORD && part.bytes().all(is_letter))
        };
        for part in path.split('/').skip(1) {
            write!(f, "/{}", Some(part).filter(is_word).unwrap_or("*"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_words_are_recorded() {
        for (url, expected) in [
            ("https://discord.com/api/v10/channels/123/messages", "/api/v10/channels/*/messages"),
            (
                "https://discord.com/api/v10/interactions/123/aW50ZXJhY3Rpb24/callback?with_response=true",
                "/api/v10/interactions/*/*/callback",
            ),
            (
                "https://discord.com/api/v10/webhooks/1/averylongtokenoflowercaseletters/messages/@original",
                "/api/v10/webhooks/*/*/messages/@original",
            ),
            ("http://127.0.0.1:8080/api/v10/users/@me", "/api/v10/users/@me"),
        ] {
            assert_eq!(Words(url).to_string(), expected);
        }
    }
}
