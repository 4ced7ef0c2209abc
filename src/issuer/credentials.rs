//! The credentials of a call, to be removed from the upstream's answer: the operator's
//! values, and those in the configuration itself.

use reqwest::Request;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, USER_AGENT,
};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::config::{Outside, UpstreamValues};
use crate::redaction::Secrets;

/// Headers that hold no credential.
const HARMLESS: [HeaderName; 5] =
    [ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT];

/// From this length on a header's value may be a credential, whatever its name is.
const SHORTEST_UNNAMED: usize = 8;

/// The operator's own values.
pub(super) fn of_operator(outside: &Outside) -> Secrets {
    let mut secrets = Secrets::default();
    outside.values().for_each(|value| secrets.add(value.expose_secret()));
    secrets
}

/// Those, and the credentials of a request itself: in its URL, its headers and its JSON. People may read the
/// request's own values (`values`).
pub(super) fn of_call(
    outside: &Outside,
    request: &Request,
    values: &UpstreamValues,
    id_is_secret: bool,
) -> Secrets {
    let mut secrets = of_operator(outside);
    let id = values.upstream_id.as_deref();
    if let Some(id) = id.filter(|_| id_is_secret) {
        secrets.add(id);
    }
    let mut add = |name: &str, value: &str, shortest_unnamed: Option<usize>| {
        let is_long = shortest_unnamed.is_some_and(|shortest| value.len() >= shortest);
        if (is_long || names_a_credential(name))
            && !values.words().chain(id).any(|word| word == value)
        {
            secrets.add(value);
        }
    };
    for (name, value) in request.headers() {
        if let Ok(value) = value.to_str()
            && !HARMLESS.contains(name)
        {
            add(name.as_str(), value, Some(SHORTEST_UNNAMED));
        }
    }
    for (name, value) in request.url().query_pairs() {
        add(&name, &value, None);
    }
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if is_form {
        for (name, value) in url::form_urlencoded::parse(body) {
            add(&name, &value, None);
        }
    } else if let Ok(body) = serde_json::from_slice(body) {
        each_text("", &body, &mut |name, value| add(name, value, None));
    }
    let url = request.url();
    if url.password().is_some() || !url.username().is_empty() {
        let mut login = url.clone();
        login.set_query(None);
        login.set_path("");
        secrets.add(login.as_str());
    }
    secrets
}

/// Calls `found` with each text in a JSON value, and its key.
fn each_text(name: &str, value: &Value, found: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => found(name, text),
        Value::Array(values) => values.iter().for_each(|value| each_text(name, value, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| each_text(name, value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether something is called as credentials are.
pub(super) fn names_a_credential(name: &str) -> bool {
    const WORDS: [&str; 11] = [
        "auth",
        "cookie",
        "credential",
        "key",
        "login",
        "pass",
        "pwd",
        "secret",
        "session",
        "signature",
        "token",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> UpstreamValues {
        UpstreamValues {
            name: "Reports-and-keys".to_owned(),
            description: "For the night".to_owned(),
            marker: "countersign-1-2".to_owned(),
            api_version: 1,
            scopes: vec!["trees.read".to_owned()],
            requester: "1".to_owned(),
            contact: "2".to_owned(),
            developer_emails: Vec::new(),
            lifetime_seconds: 86_400,
            expires_at: "2026-01-01T00:00:00Z".to_owned(),
            upstream_id: None,
        }
    }

    #[test]
    fn credentials_in_the_configuration_itself_are_recognised() {
        let client = reqwest::Client::new();
        let request = client
            .post("https://bot:u-p4ss@api.example.com/tokens?api_key=u-k3y-1&page=first-page")
            .header("authorization", "Bearer h-bearer-1")
            .header("x-tenant", "h-tenant-12")
            .header("accept", "application/json")
            .header("x-note", "Reports-and-keys")
            .body(
                r#"{"login": {"user": "ops-x", "password": "b-p4ss"}, "name": "Reports-and-keys",
                    "tokens": ["b-t0ken-2"], "rights": ["trees.read"], "kind": "of-anything"}"#,
            );
        let secrets = of_call(&Outside::default(), &request.build().unwrap(), &values(), false);
        for secret in ["u-p4ss", "u-k3y-1", "h-bearer-1", "h-tenant-12", "b-p4ss", "b-t0ken-2"] {
            let cleaned = secrets.take_out_of(&format!("not <{secret}>"));
            assert_eq!(cleaned, "not <•••>", "{secret}");
        }
        let own = "Reports-and-keys with trees.read of application/json, first-page, of-anything";
        assert_eq!(secrets.take_out_of(own), own);
    }
}
