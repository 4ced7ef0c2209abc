//! The ways in which real APIs differ.

use chrono::{DateTime, Duration, FixedOffset, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// The behaviour of an API.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// The prefix that it adds to names (Harbor: `robot$`).
    pub prefix: String,
    /// How many characters of a name it keeps.
    pub cuts_names_at: Option<usize>,
    /// What it says of the state of each token, whatever that is.
    pub shows_state: Option<&'static str>,
    /// Whether each token is listed twice, first as one that was superseded.
    pub lists_twice: bool,
    /// Whether its lists are answered with 206.
    pub answers_206: bool,
    /// How it shows long lists.
    pub pages: Pages,
    /// Whether its lists hide existing tokens.
    pub hides_tokens: bool,
    /// Whether revoked tokens stay listed (GitLab).
    pub lists_revoked: bool,
    /// Whether a list is an object by id (CKAN, Vault).
    pub lists_objects: bool,
    /// Whether it never reuses an id.
    pub ids_are_unique: bool,
    /// Whether a token's id is its secret (Unleash, Node-RED).
    pub id_is_secret: bool,
    /// Whether a new secret comes with a new id (GitLab, Unkey).
    pub reset_gives_new_id: bool,
    /// Whether a new secret makes a token work that was disabled.
    pub reset_enables: bool,
    /// For how many seconds a token works from its new secret on.
    pub renewed_for: Option<i64>,
    /// Whether it refuses with 200 and an `error` (Zabbix).
    pub refuses_with_200: bool,
    /// The form of a token's end in its answers.
    pub ends_as: EndsAs,
    /// Whether it requires its login's token, which changes with each login.
    pub wants_login: bool,
    /// Whether a new token works only after it got its rights, and its secret comes with a separate call
    /// (Grafana).
    pub makes_in_parts: bool,
    /// Whether a new token's id is only in the header `Location` (Keycloak).
    pub id_in_header: bool,
    /// Whether its secrets are of 16 characters: too few to be known by their length.
    pub secrets_are_short: bool,
    /// Whether it makes a token, and says that it did not, in words that show its secret.
    pub denies_what_it_made: bool,
    /// Whether a secret comes in two parts, joined by `-`.
    pub secret_in_parts: bool,
}

/// How it pages long lists, two at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pages {
    /// All at once.
    #[default]
    None,
    /// The first page, without a sign of others.
    Silent,
    /// `next` holds the next page's path.
    Next,
    /// A header `Link`.
    Link,
    /// The same with spaces, capitals, and a title.
    SpacedLink,
    /// A parameter `page`, from 1.
    Number,
    /// `cursor` goes into a parameter of that name.
    Cursor,
}

/// The form of a token's end in its answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EndsAs {
    /// Seconds since 1970.
    #[default]
    Unix,
    /// Milliseconds since 1970.
    UnixMilliseconds,
    /// RFC 3339.
    Rfc3339,
    /// With an offset that has no colon.
    OffsetWithoutColon,
    /// A day.
    Date,
    /// Seconds from now.
    Seconds,
    /// Never, as a number.
    MinusOne,
    /// Words.
    Words,
}

/// How many items are on a page.
const PAGE: usize = 2;

impl EndsAs {
    pub(super) fn of(self, now: DateTime<Utc>, ttl: i64) -> Value {
        let end = now + Duration::seconds(ttl);
        match self {
            Self::Unix => end.timestamp().into(),
            Self::UnixMilliseconds => end.timestamp_millis().into(),
            Self::Rfc3339 => end.to_rfc3339_opts(SecondsFormat::Millis, true).into(),
            Self::OffsetWithoutColon => {
                let east = FixedOffset::east_opt(2 * 60 * 60).map(|zone| end.with_timezone(&zone));
                east.map(|end| end.format("%Y-%m-%dT%H:%M:%S%z").to_string()).into()
            }
            Self::Date => end.format("%Y-%m-%d").to_string().into(),
            Self::Seconds => ttl.into(),
            Self::MinusOne => (-1).into(),
            Self::Words => "in a while".into(),
        }
    }
}

impl Manner {
    /// What it keeps of a name that it is given.
    pub(super) fn kept(&self, name: &str) -> String {
        let name = format!("{}{name}", self.prefix);
        name.chars().take(self.cuts_names_at.unwrap_or(usize::MAX)).collect()
    }

    /// A page of a list.
    pub(super) fn page(
        &self,
        tokens: Vec<Value>,
        page: Option<usize>,
        cursor: Option<usize>,
    ) -> Value {
        let start = match self.pages {
            Pages::None => return json!({ "tokens": self.listed(tokens) }),
            Pages::Silent => 0,
            Pages::Cursor => cursor.unwrap_or(0),
            Pages::Next | Pages::Link | Pages::SpacedLink | Pages::Number => {
                (page.unwrap_or(1).max(1) - 1) * PAGE
            }
        };
        let is_last = start + PAGE >= tokens.len();
        let part = tokens.into_iter().skip(start).take(PAGE).collect();
        let mut answer = json!({ "tokens": self.listed(part) });
        match self.pages {
            Pages::Next if !is_last => {
                answer["next"] = format!("/tokens?page={}", page.unwrap_or(1) + 1).into();
            }
            Pages::Cursor if !is_last => answer["cursor"] = (start + PAGE).into(),
            _ => {}
        }
        answer
    }

    /// The header `Link` of a page; there is always a next one until that is empty.
    pub(super) fn link(&self, page: Option<usize>) -> Option<String> {
        let page = page.unwrap_or(1);
        let first = "</tokens?page=1>; rel=\"first\"";
        let next = match self.pages {
            Pages::Link => "rel=\"next\"",
            Pages::SpacedLink => "title = \"more, <and> more\" ; REL = \"start Next\"",
            _ => return None,
        };
        (page < 20).then(|| format!("{first}, </tokens?page={}>; {next}", page + 1))
    }

    fn listed(&self, tokens: Vec<Value>) -> Value {
        if !self.lists_objects {
            return tokens.into();
        }
        let by_id = |token: Value| {
            let id = token["id"].as_str().map_or_else(|| token["id"].to_string(), str::to_owned);
            (id, token)
        };
        tokens.into_iter().map(by_id).collect::<Map<_, _>>().into()
    }
}
