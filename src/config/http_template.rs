//! The templates of an `http` issuer: they render a call from a request.
//!
//! Every value is escaped for its place, without the template's doing: as
//! JSON in a body, percent-encoded in a URL, without control characters in a header. Variables of
//! the environment and secrets are the operator's own and are not escaped, except for JSON's quotes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::document::suggestion;
use super::http_filters;
use super::http_values::{UPSTREAM_ID, UpstreamValues, VALUES, made_up};

/// RFC 3986 leaves these alone in every part of a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The operator's own values.
const OUTSIDE: [&str; 2] = ["env", "secret"];

/// The values of a call, besides the operator's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Knows {
    /// The request.
    request: bool,
    /// The upstream's id of the token.
    token: bool,
    /// The values created for this call, `generated.NAME`.
    generated: bool,
}

impl Knows {
    /// In `login`.
    pub(super) const NOTHING: Self = Self { request: false, token: false, generated: false };
    /// In `find`.
    pub(super) const REQUEST: Self = Self { request: true, ..Self::NOTHING };
    /// In `create`.
    pub(super) const NEW: Self = Self { generated: true, ..Self::REQUEST };
    /// In calls for an existing token.
    pub(super) const TOKEN: Self = Self { token: true, ..Self::REQUEST };
    /// In calls that may give a token a secret.
    pub(super) const RENEWAL: Self = Self { token: true, ..Self::NEW };
}

/// The values created for a call.
const GENERATED: &str = "generated";

/// The login's token.
pub(super) const LOGIN_TOKEN: &str = "login.token";

/// The place of a template's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Url,
    Header,
    Body,
    /// A field of a form, which is encoded as one when it is sent.
    Field,
}

/// The secret values in a template: `env.NAME`, `secret.NAME`, `generated.NAME`, `login.token`.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    pub(super) env: BTreeMap<String, SecretString>,
    pub(super) secrets: BTreeMap<String, SecretString>,
    /// Created for one call.
    pub(super) generated: BTreeMap<String, SecretString>,
    /// The login's token.
    pub(super) login: Option<SecretString>,
}

impl Outside {
    /// All secret values, to be removed where an upstream repeats them.
    pub fn values(&self) -> impl Iterator<Item = &SecretString> {
        let operators = self.env.values().chain(self.secrets.values());
        operators.chain(self.generated.values()).chain(&self.login)
    }

    /// The same with the values created for one call.
    #[must_use]
    pub fn with_generated(&self, generated: BTreeMap<String, SecretString>) -> Self {
        Self { generated, ..self.clone() }
    }

    /// The same with the login's token.
    #[must_use]
    pub fn with_login(&self, token: SecretString) -> Self {
        Self { login: Some(token), ..self.clone() }
    }

    /// A value that was created for this call.
    #[must_use]
    pub fn generated(&self, name: &str) -> Option<&SecretString> {
        self.generated.get(name)
    }
}

/// A template that was checked. It may hold a credential, so it has no `Debug`.
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

/// A value that is not escaped.
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
    /// Compiles a template's source.
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
            Place::Url | Place::Header | Place::Field => AutoEscape::Custom("upstream"),
        });
        http_filters::add(&mut environment);
        environment.set_formatter(move |output, _: &State, value| write(output, value, place));
        let sha256 = Sha256::digest(source).into();
        let added = environment.add_template_owned(NAME, source.to_owned());
        added.map_err(|error| for_people(&error))?;
        Ok(Self { environment: Arc::new(environment), place, sha256 })
    }

    /// The rendered text.
    ///
    /// # Errors
    /// A value that is not allowed in its place, such as a control character in a header.
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
        let login = outside.login.iter().map(|token| ("token".to_owned(), token.clone())).collect();
        let values = minijinja::context! {
            env => verbatim(&outside.env),
            secret => verbatim(&outside.secrets),
            generated => verbatim(&outside.generated),
            login => verbatim(&login),
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
            Place::Field => true,
        };
        if is_sound { Ok(text) } else { Err(RenderError(self.place.describe_error().to_owned())) }
    }

    /// SHA-256 of its source, in hexadecimal digits.
    pub(super) fn sha256(&self) -> String {
        hex::encode(self.sha256)
    }

    /// Everything that it uses, `env.NAME` and `secret.NAME` in full.
    pub(super) fn shown(&self) -> BTreeSet<String> {
        let template = self.environment.get_template(NAME);
        let shown = template.map(|template| template.undeclared_variables(true));
        shown.unwrap_or_default().into_iter().collect()
    }

    /// The operator's own values that it uses, `env` or `secret`.
    pub(super) fn outside(&self, of: &str) -> BTreeSet<String> {
        let name = |shown: &String| Some(shown.strip_prefix(of)?.strip_prefix('.')?.to_owned());
        self.shown().iter().filter_map(name).collect()
    }

    /// Names that it uses and that its call doesn't have, each with a suggestion.
    pub(super) fn unknown_names(&self, knows: Knows) -> Vec<String> {
        self.shown().iter().filter_map(|name| why_unknown(name, knows)).collect()
    }

    /// Renders with made-up values and each of these choices of scopes, and returns the server. What people type must
    /// not lead a call to another server.
    pub(super) fn trial(
        &self,
        outside: &Outside,
        choices: &[Vec<String>],
    ) -> Result<Option<Url>, String> {
        let mut leads_to: Option<Url> = None;
        for (index, scopes) in choices.iter().enumerate() {
            for name in ["one", "other.example"] {
                let values = made_up(name, scopes);
                let text = self.render(&values, outside).map_err(|error| match index {
                    0 => error.0,
                    _ => tried(&values, &error),
                })?;
                if self.place != Place::Url {
                    continue;
                }
                let url: Url =
                    text.expose_secret().parse().map_err(|_| self.place.describe_error())?;
                let first = leads_to.get_or_insert_with(|| url.clone());
                if origin(first) != origin(&url) {
                    let cure = "write the server's name out";
                    return Err(format!("leads where people's words say: {cure}"));
                }
            }
        }
        Ok(leads_to)
    }
}

/// Why a call can't use this name, if it can't.
fn why_unknown(name: &str, knows: Knows) -> Option<String> {
    let mut known = if knows.request { VALUES.to_vec() } else { Vec::new() };
    known.extend(knows.token.then_some(UPSTREAM_ID));
    let is_late = VALUES.contains(&name) || [UPSTREAM_ID, LOGIN_TOKEN].contains(&name);
    match name.split_once('.') {
        Some((first, _)) if OUTSIDE.contains(&first) => None,
        Some((GENERATED, _)) if knows.generated => None,
        Some((GENERATED, _)) => {
            Some(format!("shows {name}, which is only there for create, then, reset and enable"))
        }
        _ if knows.request && name == LOGIN_TOKEN => None,
        _ if known.contains(&name) => None,
        _ if is_late => Some(format!("shows {name}, which this call comes too early for")),
        _ if OUTSIDE.contains(&name) || name == GENERATED => {
            Some(format!("shows {name} whole: name one of its values, {name}.NAME"))
        }
        _ if known.is_empty() => {
            Some(format!("shows {name}, which is no value: there are env.NAME and secret.NAME"))
        }
        _ => Some(format!("shows {name}, which is no value: {}", suggestion(name, &known))),
    }
}

impl Place {
    fn describe_error(self) -> &'static str {
        match self {
            Self::Url => "renders to no URL of http or https that stays on its path",
            Self::Header => "renders to what can't stand in a header",
            Self::Body => {
                "doesn't render to JSON: show values without quotes around them, {{ name }}"
            }
            Self::Field => "can't stand in a form",
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

/// The error if it can't be rendered with these scopes, though it can with others.
fn tried(values: &UpstreamValues, error: &RenderError) -> String {
    match values.scopes.as_slice() {
        [one] => format!("{}, with the scope {one} alone", error.0),
        _ => format!("{}, with all scopes together", error.0),
    }
}

fn origin(url: &Url) -> (String, String) {
    (url.origin().ascii_serialization(), url.username().to_owned())
}

/// An absolute URL of HTTP without segments that lead elsewhere: parsers read `%2e%2e` as `..`.
fn is_sound_url(text: &str) -> bool {
    let Ok(url) = text.parse::<Url>() else { return false };
    let path = text.split(['?', '#']).next().unwrap_or_default().replace("%2e", ".");
    let leads_elsewhere =
        path.replace("%2E", ".").split('/').any(|part| matches!(part, "." | ".."));
    let written_out = text.chars().all(|char| char.is_ascii_graphic() && char != '\\');
    matches!(url.scheme(), "http" | "https") && url.has_host() && !leads_elsewhere && written_out
}

/// Whether a template uses a filter that disables escaping; such a filter isn't defined either.
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
        Place::Url | Place::Header | Place::Field => {
            let verbatim = value.downcast_object_ref::<Verbatim>().is_some();
            let is_truth = value.kind() == ValueKind::Bool;
            let is_one = value.as_str().is_some() || value.is_number() || is_truth || verbatim;
            if !is_one {
                let what =
                    "a list, or nothing, can't stand here: join lists, and ask whether it is set";
                return Err(Error::new(ErrorKind::InvalidOperation, what));
            }
            if place != Place::Url || verbatim {
                value.to_string()
            } else {
                utf8_percent_encode(&value.to_string(), RESERVED).to_string()
            }
        }
    };
    output.write_str(&text).map_err(Error::from)
}

/// The result of a macro, or of the filter `tojson`, is JSON already.
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
