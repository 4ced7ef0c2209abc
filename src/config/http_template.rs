//! The templates of an `http` issuer: what a call sends, over what a request holds.
//!
//! Whatever a template shows is escaped for its place, whether or not the template asks for it: as
//! JSON in a body, percent-encoded in a URL, without control characters in a header. Variables of
//! the environment and secrets are the operator's own and stand as they are, but for JSON's quotes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::document::suggestion;

/// RFC 3986 leaves these alone in every part of a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a template can show of a request and its token, beside `env` and `secret`.
#[derive(Debug, Clone, Serialize)]
pub struct UpstreamValues {
    /// The token's name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What the token is known by at the upstream, whatever id that gives it.
    pub marker: String,
    /// The API version's number.
    pub api_version: u32,
    /// What the catalogue has the upstream told of each scope.
    pub scopes: Vec<String>,
    /// Who asked: a Discord user's id.
    pub requester: String,
    /// The primary contact: a Discord user's id.
    pub contact: String,
    /// The developers' addresses; may be empty.
    pub developer_emails: Vec<String>,
    /// How long it lives; none for ever.
    pub lifetime_seconds: Option<u64>,
    /// The upstream's id of the token; unset before there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_id: Option<String>,
}

impl UpstreamValues {
    /// What people typed and chose, and what Countersign made of it: no secret, wherever it stands.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.description, &self.marker, &self.requester, &self.contact]
            .into_iter()
            .chain(&self.scopes)
            .chain(&self.developer_emails)
            .chain(&self.upstream_id)
            .map(String::as_str)
    }
}

/// The fields of [`UpstreamValues`] that every call has.
const VALUES: &[&str] = &[
    "name",
    "description",
    "marker",
    "api_version",
    "scopes",
    "requester",
    "contact",
    "developer_emails",
    "lifetime_seconds",
];

/// What only calls have that are about a token which is there.
const UPSTREAM_ID: &str = "upstream_id";

/// The operator's own values.
const OUTSIDE: [&str; 2] = ["env", "secret"];

/// Where a template's text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Url,
    Header,
    Body,
}

/// `env.NAME` and `secret.NAME`.
#[derive(Debug, Default)]
pub struct Outside {
    pub(super) env: BTreeMap<String, SecretString>,
    pub(super) secrets: BTreeMap<String, SecretString>,
}

impl Outside {
    /// Everything that nobody may read, wherever an upstream repeats it.
    pub fn values(&self) -> impl Iterator<Item = &SecretString> {
        self.env.values().chain(self.secrets.values())
    }
}

/// A template that was checked. It may hold a credential, so that it doesn't show itself.
#[derive(Clone)]
pub struct Template {
    environment: Arc<Environment<'static>>,
    place: Place,
    sha256: [u8; 32],
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template(…)")
    }
}

const NAME: &str = "template";

/// A value that stands as it is.
#[derive(Debug)]
struct Verbatim(SecretString);

impl Object for Verbatim {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expose_secret())
    }
}

impl Template {
    /// Takes a template's source.
    pub(super) fn parse(source: &str, place: Place) -> Result<Self, String> {
        if asks_to_be_trusted(source) {
            let cure = "take |safe away; the operator's own values are env.NAME and secret.NAME";
            return Err(format!("switches escaping off, which nothing may: {cure}"));
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.remove_filter("safe");
        environment.set_auto_escape_callback(move |_| match place {
            Place::Body => AutoEscape::Json,
            Place::Url | Place::Header => AutoEscape::Custom("upstream"),
        });
        environment.set_formatter(move |output, _: &State, value| write(output, value, place));
        let sha256 = Sha256::digest(source).into();
        let added = environment.add_template_owned(NAME, source.to_owned());
        added.map_err(|error| for_people(&error))?;
        Ok(Self { environment: Arc::new(environment), place, sha256 })
    }

    /// The text that a call sends.
    ///
    /// # Errors
    /// What can't stand in its place, such as a control character in a header.
    pub fn render(
        &self,
        values: &UpstreamValues,
        outside: &Outside,
    ) -> Result<SecretString, RenderError> {
        let verbatim = |values: &BTreeMap<String, SecretString>| -> Value {
            let verbatim = |(name, value): (&String, &SecretString)| {
                (name.clone(), Value::from_object(Verbatim(value.clone())))
            };
            values.iter().map(verbatim).collect()
        };
        let values = minijinja::context! {
            env => verbatim(&outside.env),
            secret => verbatim(&outside.secrets),
            ..Value::from_serialize(values)
        };
        let template = self.environment.get_template(NAME).map_err(|error| failed(&error))?;
        let text = SecretString::from(template.render(values).map_err(|error| failed(&error))?);
        let is_sound = match self.place {
            Place::Url => is_sound_url(text.expose_secret()),
            Place::Header => HeaderValue::from_bytes(text.expose_secret().as_bytes()).is_ok(),
            Place::Body => {
                serde_json::from_str::<serde::de::IgnoredAny>(text.expose_secret()).is_ok()
            }
        };
        if is_sound { Ok(text) } else { Err(RenderError(self.place.trouble().to_owned())) }
    }

    /// SHA-256 of its source, in hexadecimal digits.
    pub(super) fn sha256(&self) -> String {
        hex::encode(self.sha256)
    }

    /// Scheme, host and port of a URL, whatever a request says; empty where it can't be rendered, which
    /// [`trial`](Self::trial) has refused before.
    pub(super) fn origin(&self, outside: &Outside) -> String {
        let text = self.render(&made_up("one", 1), outside).ok();
        let origin = text.and_then(|text| origin(&text));
        origin.map(|(origin, _)| origin).unwrap_or_default()
    }

    /// Everything that it shows, `env.NAME` and `secret.NAME` in full.
    pub(super) fn shown(&self) -> BTreeSet<String> {
        let template = self.environment.get_template(NAME);
        let shown = template.map(|template| template.undeclared_variables(true));
        shown.unwrap_or_default().into_iter().collect()
    }

    /// The operator's own values that it shows, `env` or `secret`.
    pub(super) fn outside(&self, of: &str) -> BTreeSet<String> {
        let name = |shown: &String| Some(shown.strip_prefix(of)?.strip_prefix('.')?.to_owned());
        self.shown().iter().filter_map(name).collect()
    }

    /// Names that it shows and that are none of its call's, each with what it may mean.
    pub(super) fn unknown_names(&self, about_a_token: bool) -> Vec<String> {
        let mut known = VALUES.to_vec();
        known.extend(about_a_token.then_some(UPSTREAM_ID));
        let mut unknown = Vec::new();
        for name in self.shown() {
            match name.split_once('.') {
                Some((first, _)) if OUTSIDE.contains(&first) => {}
                _ if OUTSIDE.contains(&name.as_str()) => {
                    unknown
                        .push(format!("shows {name} whole: name one of its values, {name}.NAME"));
                }
                _ if known.contains(&name.as_str()) => {}
                _ if name == UPSTREAM_ID => unknown
                    .push("shows upstream_id, which this call comes too early for".to_owned()),
                _ => {
                    let cure = suggestion(&name, &known);
                    unknown.push(format!("shows {name}, which is no value: {cure}"));
                }
            }
        }
        unknown
    }

    /// Where a URL leads, whatever people ask for; none where it renders to no URL.
    pub(super) fn target(&self, outside: &Outside) -> Option<Url> {
        self.render(&made_up("one", 1), outside).ok()?.expose_secret().parse().ok()
    }

    /// Renders with made-up values. What people type must not lead a call to another server.
    pub(super) fn trial(&self, outside: &Outside) -> Result<(), String> {
        let one = self.render(&made_up("one", 1), outside).map_err(|error| error.0)?;
        let other = self.render(&made_up("other.example", 2), outside).map_err(|error| error.0)?;
        match self.place {
            Place::Url if origin(&one) != origin(&other) => {
                Err("leads where people's words say: write the server's name out".to_owned())
            }
            Place::Body => {
                let endless = UpstreamValues { lifetime_seconds: None, ..made_up("one", 0) };
                self.render(&endless, outside).map(drop).map_err(|error| error.0)
            }
            Place::Url | Place::Header => Ok(()),
        }
    }
}

impl Place {
    fn trouble(self) -> &'static str {
        match self {
            Self::Url => "renders to no URL of http or https that stays on its path",
            Self::Header => "renders to what can't stand in a header",
            Self::Body => {
                "doesn't render to JSON: show values without quotes around them, {{ name }}"
            }
        }
    }
}

/// Why a template could not be rendered, without any value.
#[derive(Debug, thiserror::Error)]
#[error("a template {0}")]
pub struct RenderError(String);

fn failed(error: &Error) -> RenderError {
    RenderError(for_people(error))
}

fn for_people(error: &Error) -> String {
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("has an error, {}{detail}", error.kind())
}

fn made_up(name: &str, count: usize) -> UpstreamValues {
    let several = |text: &str| vec![text.to_owned(); count];
    UpstreamValues {
        name: name.to_owned(),
        description: name.to_owned(),
        marker: format!("countersign-{name}"),
        api_version: 1,
        scopes: vec![name.to_owned(); count.max(1)],
        requester: "1".to_owned(),
        contact: "1".to_owned(),
        developer_emails: several("developer@example.com"),
        lifetime_seconds: Some(86_400),
        upstream_id: Some(name.to_owned()),
    }
}

fn origin(url: &SecretString) -> Option<(String, String)> {
    let url: Url = url.expose_secret().parse().ok()?;
    Some((url.origin().ascii_serialization(), url.username().to_owned()))
}

/// An absolute URL of HTTP none of whose segments leads elsewhere: parsers take `%2e%2e` for `..`.
fn is_sound_url(text: &str) -> bool {
    let Ok(url) = text.parse::<Url>() else { return false };
    let path = text.split(['?', '#']).next().unwrap_or_default().replace("%2e", ".");
    let leads_elsewhere =
        path.replace("%2E", ".").split('/').any(|part| matches!(part, "." | ".."));
    let written_out = text.chars().all(|char| char.is_ascii_graphic() && char != '\\');
    matches!(url.scheme(), "http" | "https") && url.has_host() && !leads_elsewhere && written_out
}

/// Whether a template asks for what escapes nothing; such a filter isn't there either.
fn asks_to_be_trusted(source: &str) -> bool {
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let tags = source.split('{').skip(1).filter(|part| part.starts_with('%') || part.contains('}'));
    tags.flat_map(|tag| tag.split('|').skip(1))
        .any(|filter| filter.trim_start().split(|char| !is_name(char)).next() == Some("safe"))
}

fn write(output: &mut Output<'_>, value: &Value, place: Place) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "a value is not set"));
    }
    let text = match place {
        Place::Body => json(value)?,
        Place::Url | Place::Header => {
            let verbatim = value.downcast_object_ref::<Verbatim>().is_some();
            let is_one = value.as_str().is_some() || value.is_number() || verbatim;
            if !is_one {
                let what =
                    "a list, or nothing, can't stand here: join lists, and ask whether it is set";
                return Err(Error::new(ErrorKind::InvalidOperation, what));
            }
            if place == Place::Header || verbatim {
                value.to_string()
            } else {
                utf8_percent_encode(&value.to_string(), RESERVED).to_string()
            }
        }
    };
    output.write_str(&text).map_err(Error::from)
}

/// What was captured in a macro, or by the filter `tojson`, is JSON already.
fn json(value: &Value) -> Result<String, Error> {
    if value.downcast_object_ref::<Verbatim>().is_some() {
        return Ok(serde_json::Value::String(value.to_string()).to_string());
    }
    if value.is_safe() {
        let text = value.to_string();
        if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
            return Ok(text);
        }
    }
    serde_json::to_string(value)
        .map_err(|_| Error::new(ErrorKind::BadSerialization, "a value has no form in JSON"))
}

#[cfg(test)]
mod tests;
