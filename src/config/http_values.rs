//! The values of a request that the calls of an `http` issuer can use.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// The values of a request and its token for templates, besides `env` and `secret`.
#[derive(Debug, Clone, Serialize)]
pub struct UpstreamValues {
    /// The token's name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What identifies the token at the upstream, besides its id.
    pub marker: String,
    /// The API version's number.
    pub api_version: u32,
    /// The value that the catalogue sets for each scope.
    pub scopes: Vec<String>,
    /// The requester: a Discord user's id.
    pub requester: String,
    /// The primary contact: a Discord user's id.
    pub contact: String,
    /// The developers' addresses; may be empty.
    pub developer_emails: Vec<String>,
    /// Its lifetime.
    pub lifetime_seconds: u64,
    /// Its expiry, in RFC 3339.
    pub expires_at: String,
    /// The upstream's id of the token; unset before there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_id: Option<String>,
}

impl UpstreamValues {
    /// What people typed and chose, and what Countersign created from it: none of it is secret.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.description, &self.marker, &self.requester, &self.contact]
            .into_iter()
            .chain(&self.scopes)
            .chain(&self.developer_emails)
            .map(String::as_str)
    }
}

/// The fields of [`UpstreamValues`] that every call has.
pub(super) const VALUES: &[&str] = &[
    "name",
    "description",
    "marker",
    "api_version",
    "scopes",
    "requester",
    "contact",
    "developer_emails",
    "lifetime_seconds",
    "expires_at",
];

/// The fields that only calls for an existing token have.
pub(super) const UPSTREAM_ID: &str = "upstream_id";

impl UpstreamValues {
    /// Of no request: to look for a token that does not exist.
    #[must_use]
    pub fn of_nothing() -> Self {
        Self { upstream_id: None, ..made_up("check", &[]) }
    }

    /// When a lifetime that begins now ends, in the form of `expires_at`.
    #[must_use]
    pub fn end_of(lifetime_seconds: u64, now: DateTime<Utc>) -> String {
        let lifetime =
            i64::try_from(lifetime_seconds).ok().and_then(chrono::TimeDelta::try_seconds);
        let end = lifetime.and_then(|lifetime| now.checked_add_signed(lifetime));
        end.unwrap_or(DateTime::<Utc>::MAX_UTC).to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

/// Values for testing templates: what people may type, with scopes of the catalogue.
pub(super) fn made_up(name: &str, scopes: &[String]) -> UpstreamValues {
    const DAY: u64 = 24 * 60 * 60;
    UpstreamValues {
        name: name.to_owned(),
        description: name.to_owned(),
        marker: format!("countersign-1-{name}"),
        api_version: 1,
        scopes: scopes.to_vec(),
        requester: "1".to_owned(),
        contact: "1".to_owned(),
        developer_emails: vec!["developer@example.com".to_owned(); scopes.len() % 3],
        lifetime_seconds: DAY,
        expires_at: UpstreamValues::end_of(DAY, Utc::now()),
        upstream_id: Some(name.to_owned()),
    }
}
