//! Reads an issuer of kind `http`: everything that could go wrong with a template, whatever is asked
//! for, is told here.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::document::{Node, Read, Section, suggestion};
use super::environment::Variables;
use super::http_template::{Outside, Place, Template};
use super::plaintext::is_exposed;
use super::secrets::{Base, secret};
use super::settings::{HttpCall, HttpFind, HttpIssuerSettings, HttpMethod, ResponsePointers};
use super::values::{duration, parsed, pointer, quoted, text, truth};

/// The keys of an `http` issuer.
pub(super) const HTTP_KEYS: &[&str] = &[
    "kind",
    "timeout",
    "ca_file",
    "settle",
    "scopes_fixed",
    "allow_unrevocable",
    "allow_plaintext",
    "ids_are_unique",
    "secrets",
    "create",
    "find",
    "revoke",
    "reset",
    "enable",
    "disable",
];
const CALL_KEYS: &[&str] = &["method", "url", "headers", "body", "response"];
const FIND_KEYS: &[&str] = &["method", "url", "headers", "body", "response", "items", "match"];
const POINTER_KEYS: &[&str] = &["id", "secret", "account_sid", "expires_at", "error"];

/// Reads the calls of one issuer.
struct Reader<'a> {
    variables: &'a Variables,
    outside: Outside,
    allow_plaintext: bool,
}

/// An issuer of kind `http`.
pub(super) fn http_issuer(
    section: &Section<'_>,
    base: Base<'_>,
    variables: &Variables,
) -> Option<HttpIssuerSettings> {
    let seconds = Duration::from_secs;
    let timeout = section.or("timeout", seconds(10), duration(seconds(1)..=seconds(120)));
    let ca_file = section.optional("ca_file", |node| base.certificates(node));
    let settle = section.or("settle", seconds(30), duration(seconds(0)..=seconds(3600)));
    let scopes_fixed = section.or("scopes_fixed", false, truth);
    let allow_unrevocable = section.or("allow_unrevocable", false, truth);
    let ids_are_unique = section.or("ids_are_unique", false, truth);
    let allow_plaintext = section.or("allow_plaintext", false, truth);
    let outside = Outside { secrets: secrets(section, base), ..Outside::default() };
    let mut reader = Reader { variables, outside, allow_plaintext };
    let create = section.section("create", CALL_KEYS);
    let made = reader.call(&create, &["id", "secret"], false);
    let made = made.filter(|call| call.body.is_some() || !create.has("body"));
    let shows = |call: &HttpCall, name: &str| {
        call.templates().any(|template| template.shown().contains(name))
    };
    if made.as_ref().is_some_and(|call| !scopes_fixed && !shows(call, "scopes")) {
        let cure = "show scopes, or set scopes_fixed = true where all tokens can the same";
        section.refuse("create", format!("makes tokens whatever scopes were approved: {cure}"));
    }
    if made.as_ref().is_some_and(|call| section.has("find") && !shows(call, "marker")) {
        section.refuse("create", "leaves no mark for find: show marker where match looks for it");
    }
    let find = section.optional_section("find", FIND_KEYS).map(|section| reader.find(&section));
    let mut optional = |key: &str, needed: &[&str]| {
        let call = reader.call(&section.optional_section(key, CALL_KEYS)?, needed, true);
        let is_sure = |call: &HttpCall| find.is_some() || ids_are_unique || shows(call, "marker");
        if call.as_ref().is_some_and(|call| !is_sure(call)) {
            let cure =
                "add find, show marker, or set ids_are_unique = true where no id is given twice";
            section.refuse(
                key,
                format!("knows a token by its id alone, which may be another's by then: {cure}"),
            );
        }
        Some(call)
    };
    let (revoke, reset) = (optional("revoke", &[]), optional("reset", &["secret"]));
    let (enable, disable) = (optional("enable", &[]), optional("disable", &[]));
    if revoke.is_none() && !allow_unrevocable {
        let cure = "add it, or set allow_unrevocable = true to accept tokens that nobody can end";
        section.refuse("revoke", format!("is missing: {cure}"));
    }
    Some(HttpIssuerSettings {
        timeout,
        ca_file,
        settle,
        allow_plaintext,
        outside: reader.outside,
        create: made?,
        find: find.map_or(Some(None), |read| read.map(Some))?,
        revoke: revoke.map_or(Some(None), |read| read.map(Some))?,
        reset: reset.map_or(Some(None), |read| read.map(Some))?,
        enable: enable.map_or(Some(None), |read| read.map(Some))?,
        disable: disable.map_or(Some(None), |read| read.map(Some))?,
    })
}

/// `secrets = { NAME_file = "…" }`, or `NAME = "…"`.
fn secrets(issuer: &Section<'_>, base: Base<'_>) -> BTreeMap<String, SecretString> {
    let section = issuer.section_of_any_keys("secrets");
    let mut secrets = BTreeMap::new();
    for (key, _) in section.entries() {
        let name = key.strip_suffix("_file").unwrap_or(key);
        let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !letters || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            section.refuse(key, "is no name: letters, digits and \"_\" make one");
            continue;
        }
        let value = if key.ends_with("_file") {
            section.optional(key, |node| secret(&base.file_text(node)?))
        } else {
            section.optional(key, |node| secret(text(node)?))
        };
        if let Some(value) = value
            && secrets.insert(name.to_owned(), value).is_some()
        {
            section.refuse(key, format!("sets {name} a second time: keep one of them"));
        }
    }
    secrets
}

impl Reader<'_> {
    /// A call; `about_a_token` if there is one by then.
    fn call(
        &mut self,
        section: &Section<'_>,
        needed: &[&str],
        about_a_token: bool,
    ) -> Option<HttpCall> {
        let method: Option<HttpMethod> = section.required("method", "a method of HTTP", parsed);
        let url = section.required("url", "where to send it", |node| {
            let url = self.template(node, Place::Url, about_a_token)?;
            let exposed = url.target(&self.outside).is_some_and(|target| is_exposed(&target));
            if exposed && !self.allow_plaintext {
                let cure = "write https, or set allow_plaintext = true in [providers.issuer]";
                return Err(format!(
                    "would send credentials unencrypted to another machine: {cure}"
                ));
            }
            Ok(url)
        });
        let body = section.optional("body", |node| self.template(node, Place::Body, about_a_token));
        let headers = self.headers(section, about_a_token);
        let answer = section.section("response", POINTER_KEYS);
        for key in needed.iter().filter(|key| !answer.has(key)) {
            answer.refuse(key, "is missing: set it to where the answer holds it, such as \"/id\"");
        }
        let at = |key: &str| answer.optional(key, pointer);
        let response = ResponsePointers {
            id: at("id"),
            secret: at("secret"),
            account_sid: at("account_sid"),
            expires_at: at("expires_at"),
            error: at("error"),
        };
        Some(HttpCall { method: method?, url: url?, headers, body, response })
    }

    fn headers(&mut self, call: &Section<'_>, about_a_token: bool) -> BTreeMap<String, Template> {
        let section = call.section_of_any_keys("headers");
        let mut headers = BTreeMap::new();
        for (key, _) in section.entries() {
            let Ok(name) = key.parse::<HeaderName>() else {
                section
                    .refuse(key, format!("can't be a header: {} is no name of one", quoted(key)));
                continue;
            };
            let read = |node: &Node| self.template(node, Place::Header, about_a_token);
            if let Some(value) = section.optional(key, read)
                && headers.insert(name.as_str().to_owned(), value).is_some()
            {
                section.refuse(key, "is there twice, once in other letters: keep one of them");
            }
        }
        headers
    }

    fn find(&mut self, section: &Section<'_>) -> Option<HttpFind> {
        let call = self.call(section, &["id"], false);
        let cure = "where the answer holds its list, such as \"/tokens\"";
        let items = section.required("items", cure, pointer);
        let matching = section.required("match", "where an item holds the marker", pointer);
        Some(HttpFind { call: call?, items: items?, matching: matching? })
    }

    /// A template that renders, whatever people ask for.
    fn template(&mut self, node: &Node, place: Place, about_a_token: bool) -> Read<Template> {
        let source = text(node)?;
        if source.is_empty() {
            return Err("is empty".to_owned());
        }
        let template = Template::parse(source, place)?;
        let unknown = template.unknown_names(about_a_token);
        if !unknown.is_empty() {
            return Err(unknown.join("; it "));
        }
        for name in template.outside("env") {
            let Some(value) = self.variables.get(&name) else {
                return Err(format!("shows env.{name}, which the environment doesn't set"));
            };
            let value = secret(value).map_err(|what| format!("shows env.{name}, which {what}"))?;
            self.outside.env.insert(name, value);
        }
        for name in template.outside("secret") {
            if !self.outside.secrets.contains_key(&name) {
                let known: Vec<&str> = self.outside.secrets.keys().map(String::as_str).collect();
                let cure = match known.as_slice() {
                    [] => "set it in secrets".to_owned(),
                    known => suggestion(&name, known),
                };
                return Err(format!("shows secret.{name}, which isn't there: {cure}"));
            }
        }
        template.trial(&self.outside)?;
        Ok(template)
    }
}
