//! The configuration of a REST API that creates tokens.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::http_template::{LOGIN_TOKEN, Outside, Template};

/// A REST API that creates tokens. Its templates have been tested.
#[derive(Debug)]
pub struct HttpIssuerSettings {
    /// The time-out of each call.
    pub timeout: Duration,
    /// A PEM file of the authority that signed the upstream's certificate, beside the usual ones.
    pub ca_file: Option<PathBuf>,
    /// The client certificate, if the upstream requires one.
    pub client_certificate: Option<ClientCertificate>,
    /// How long a call may still arrive after its time-out.
    pub settle: Duration,
    /// How long a token may still work after the upstream confirmed its end.
    pub revoke_takes: Duration,
    /// Whether calls may go to another machine over plain HTTP.
    pub allow_plaintext: bool,
    /// Whether the upstream never reuses an id.
    pub ids_are_unique: bool,
    /// Whether a token's id alone is enough to use the token.
    pub id_is_secret: bool,
    /// Whether a `reset` without a clear answer may simply be sent again.
    pub reset_can_be_repeated: bool,
    /// `env.NAME` and `secret.NAME` in the templates.
    pub outside: Outside,
    /// `generated.NAME` in the templates: values created for each call that gives a token a secret.
    pub generate: BTreeMap<String, Generated>,
    /// Returns `login.token`.
    pub login: Option<HttpLogin>,
    /// Creates a token; its response has `id`, and `secret` unless one of `then` does.
    pub create: HttpCall,
    /// Further calls that a new token needs, in their order.
    pub then: Vec<HttpCall>,
    /// Lists tokens, to find an earlier attempt's.
    pub find: Option<HttpFind>,
    /// Looks one token up by its id.
    pub get: Option<HttpGet>,
    /// Changes a token in place.
    pub update: Option<HttpUpdate>,
    /// Ends a token.
    pub revoke: Option<HttpCall>,
    /// Swaps a token's secret; its response has `secret`.
    pub reset: Option<HttpCall>,
    /// Enables a disabled token.
    pub enable: Option<HttpCall>,
    /// Disables a token.
    pub disable: Option<HttpCall>,
}

/// A client certificate, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate, and its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How a value is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// Its characters.
    pub form: GeneratedForm,
    /// Its length; a UUID has its own.
    pub length: usize,
}

/// The characters of a created value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneratedForm {
    /// Letters and digits.
    Alphanumeric,
    /// Hexadecimal digits.
    Hex,
    /// Random bytes in base64 for URLs.
    Base64Url,
    /// A random UUID (RFC 9562, version 4).
    Uuid,
}

/// The call that gets `login.token`, for other calls.
#[derive(Debug, Clone)]
pub struct HttpLogin {
    /// The call.
    pub call: HttpCall,
    /// The place of the token in its answer.
    pub token: Source,
    /// The place of its expiry; without it, it is used until the upstream refuses it.
    pub expires_at: Option<EndAt>,
}

/// The call that changes a token in place.
#[derive(Debug, Clone)]
pub struct HttpUpdate {
    /// The call.
    pub call: HttpCall,
    /// The fields that it changes.
    pub fields: Vec<UpdateField>,
}

/// The fields of a token that an upstream can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateField {
    /// Its scopes.
    Scopes,
    /// Its name.
    Name,
    /// Its description.
    Description,
    /// The primary contact.
    Contact,
    /// The developers' addresses.
    DeveloperEmails,
}

impl UpdateField {
    /// The name in templates and in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scopes => "scopes",
            Self::Name => "name",
            Self::Description => "description",
            Self::Contact => "contact",
            Self::DeveloperEmails => "developer_emails",
        }
    }
}

/// One call to an upstream.
#[derive(Debug, Clone)]
pub struct HttpCall {
    /// `GET`, `POST`, …
    pub method: HttpMethod,
    /// An absolute URL.
    pub url: Template,
    /// Its scheme, host and port, which don't depend on the request.
    pub origin: String,
    /// By name, in lower case.
    pub headers: BTreeMap<String, Template>,
    /// The body.
    pub body: Option<HttpBody>,
    /// The places of values in the answer.
    pub response: ResponsePointers,
    /// Conditions, any of which makes an answer of 200 to 299 a refusal.
    pub refused_if: Vec<Condition>,
}

/// The body of a call.
#[derive(Debug, Clone)]
pub enum HttpBody {
    /// JSON.
    Json(Template),
    /// Fields of a form, in the order of their names.
    Form(BTreeMap<String, Template>),
}

impl HttpCall {
    /// Whether it needs `login.token`.
    #[must_use]
    pub fn shows_login(&self) -> bool {
        self.templates().any(|template| template.shown().contains(LOGIN_TOKEN))
    }

    /// Whether an answer says no, as the configuration tells.
    #[must_use]
    pub fn refuses(&self, answer: &Value) -> bool {
        self.refused_if.iter().any(|no| no.holds(answer))
    }

    /// All of its templates.
    pub(super) fn templates(&self) -> impl Iterator<Item = &Template> {
        [&self.url].into_iter().chain(self.headers.values()).chain(self.body_templates())
    }

    fn body_templates(&self) -> Vec<&Template> {
        match &self.body {
            None => Vec::new(),
            Some(HttpBody::Json(template)) => vec![template],
            Some(HttpBody::Form(fields)) => fields.values().collect(),
        }
    }
}

/// The call that lists tokens.
#[derive(Debug, Clone)]
pub struct HttpFind {
    /// The call; its response's pointers start at an item.
    pub call: HttpCall,
    /// The place of its items in the answer; `""` if it is the list itself.
    pub items: JsonPointer,
    /// Whether that is an object, whose fields are the items, and not an array.
    pub by_key: bool,
    /// How an item is recognised, and whether it works.
    pub recognise: Recognise,
    /// How one page leads to the next; none if one answer holds all.
    pub pages: Option<Pages>,
}

/// The call that looks one token up by its id.
#[derive(Debug, Clone)]
pub struct HttpGet {
    /// The call; its response's pointers start at the item.
    pub call: HttpCall,
    /// The place of the token in the answer; `""` if it is the token itself.
    pub item: JsonPointer,
    /// How it is recognised, and whether it works.
    pub recognise: Recognise,
}

/// How an item is known to be a certain token, and to work.
#[derive(Debug, Clone)]
pub struct Recognise {
    /// The place of the marker in an item.
    pub at: JsonPointer,
    /// How an item holds the marker.
    pub how: Matching,
    /// The conditions of a token that works; without any all that are listed do.
    pub alive: Option<Condition>,
}

/// How an item holds a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// As it was sent.
    Equal,
    /// Somewhere in it: the upstream adds to the marker.
    Contained,
}

/// How one page of a list leads to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// The answer holds the next page's URL, or its path.
    Next(JsonPointer),
    /// The header `Link` holds it, under `rel="next"` (RFC 8288).
    Link,
    /// Pages are counted in this parameter of the query; one without items is the last.
    Number {
        /// The parameter.
        query: String,
        /// The number of the page that comes without the parameter.
        first: u32,
    },
    /// The answer holds the value of this parameter of the query.
    Cursor {
        /// Its place in the file.
        at: JsonPointer,
        /// The parameter.
        query: String,
    },
}

/// A condition on JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The place.
    pub at: JsonPointer,
    /// The expected value.
    pub is: Expected,
}

/// The expectation of a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// One of these.
    OneOf(Vec<Value>),
    /// None of these.
    NoneOf(Vec<Value>),
    /// Anything, or nothing: null and missing values are nothing.
    Present(bool),
}

impl Condition {
    /// Whether it is met.
    #[must_use]
    pub fn holds(&self, of: &Value) -> bool {
        let found = of.pointer(self.at.as_str()).unwrap_or(&Value::Null);
        match &self.is {
            Expected::OneOf(values) => values.contains(found),
            Expected::NoneOf(values) => !values.contains(found),
            Expected::Present(is_there) => found.is_null() != *is_there,
        }
    }
}

/// The places of values in an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponsePointers {
    /// The upstream's id of the token.
    pub id: Option<Source>,
    /// The token's secret, in parts that are joined.
    pub secret: Vec<Source>,
    /// The separator between its parts.
    pub secret_joined_by: String,
    /// The token's public id, if it isn't `id`.
    pub account_sid: Option<Source>,
    /// When the token ends.
    pub expires_at: Option<EndAt>,
    /// The text of a refusal.
    pub error: Option<JsonPointer>,
    /// What is said beside that text.
    pub detail: Option<JsonPointer>,
    /// What stands there, with 404 or 410, where it is this token that isn't there; any of them.
    pub gone: Vec<String>,
}

/// A place in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In its JSON.
    Body(JsonPointer),
    /// In a header: the last part of the path, if that is a URL.
    Header(String),
    /// Not in the answer: it is the value that was created for the call under this name.
    Generated(String),
}

/// Where and how an answer gives a token's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndAt {
    /// The place.
    pub at: JsonPointer,
    /// The form.
    pub form: EndForm,
}

/// How an answer gives a token's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndForm {
    /// Recognised by its form: RFC 3339, a date, seconds or milliseconds since 1970.
    Any,
    /// Seconds from now.
    Seconds,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMilliseconds,
}

/// A pointer into JSON as RFC 6901 has it: empty, or starting with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JsonPointer(pub(super) String);

impl JsonPointer {
    /// As [`serde_json::Value::pointer`] takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The method of a call to an upstream.
pub use crate::domain::catalogue::Method as HttpMethod;
