//! What a call would send, for people: without secrets.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Serialize;

use super::answer::{Answer, NotDone};
use super::call::Sender;
use super::{Upstream, credentials};
use crate::config::{HttpCall, UpstreamValues};

/// A redacted call before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// `create`, `find`, …
    pub call: String,
    /// The HTTP method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// By name.
    pub headers: BTreeMap<String, String>,
    /// The body, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl Upstream<'_> {
    /// Every call of the configuration as it would be sent, or why it can't be. Nothing is sent.
    #[must_use]
    pub fn previews(&self, values: &UpstreamValues) -> Vec<(String, Answer<Preview>)> {
        let calls = self.settings.all_calls().into_iter();
        calls
            .map(|(name, call)| {
                let preview = self.preview(&name, call, values);
                (name, preview)
            })
            .collect()
    }

    fn preview(&self, name: &str, call: &HttpCall, values: &UpstreamValues) -> Answer<Preview> {
        let outside = self.minted()?.with_login(SecretString::from("what-login-will-give"));
        let sender = Sender { outside: &outside, ..self.sender };
        let request =
            sender.request(call, values, None).map_err(|error| sender.not_sent(&error))?;
        let id_is_secret = self.settings.id_is_secret;
        let secrets = credentials::of_call(&outside, &request, values, id_is_secret);
        let header = |(name, value): (&reqwest::header::HeaderName, _)| {
            let value = String::from_utf8_lossy(reqwest::header::HeaderValue::as_bytes(value));
            (name.to_string(), secrets.take_out_of(&value))
        };
        let body = request.body().and_then(reqwest::Body::as_bytes);
        Ok(Preview {
            call: name.to_owned(),
            method: request.method().to_string(),
            url: secrets.take_out_of(request.url().as_str()),
            headers: request.headers().iter().map(header).collect(),
            body: body.map(|body| secrets.take_out_of(&String::from_utf8_lossy(body))),
        })
    }
}

impl NotDone {
    /// Why, for people.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Refused { status, words } => super::describe_refusal(status, words),
            Self::NotNow(None) => "it can't be reached".to_owned(),
            Self::NotNow(Some(later)) => format!("it asks us to wait: {}", later.said),
            Self::Doubtful(why) => why,
        }
    }
}
