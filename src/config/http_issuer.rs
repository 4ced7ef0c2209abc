//! Reads an issuer of kind `http`. Its templates are kept as they are.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::document::{Node, Read, Section};
use super::secrets::{Base, secret};
use super::settings::{
    HttpCall, HttpFind, HttpIssuerSettings, HttpMethod, ResponsePointers, Template,
};
use super::values::{duration, parsed, pointer, quoted, text, truth};

/// The keys of an `http` issuer.
pub(super) const HTTP_KEYS: &[&str] = &[
    "kind",
    "timeout",
    "ca_file",
    "settle",
    "scopes_fixed",
    "allow_unrevocable",
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

/// An issuer of kind `http`.
pub(super) fn http_issuer(section: &Section<'_>, base: Base<'_>) -> Option<HttpIssuerSettings> {
    let seconds = Duration::from_secs;
    let timeout = section.or("timeout", seconds(10), duration(seconds(1)..=seconds(120)));
    let ca_file = section.optional("ca_file", |node| base.certificates(node));
    let settle = section.or("settle", seconds(30), duration(seconds(0)..=seconds(3600)));
    let scopes_fixed = section.or("scopes_fixed", false, truth);
    let allow_unrevocable = section.or("allow_unrevocable", false, truth);
    let secrets = secrets(section, base);
    let create = call(&section.section("create", CALL_KEYS), &["id", "secret"]);
    let optional = |key: &str, needed: &[&str]| {
        section.optional_section(key, CALL_KEYS).map(|section| call(&section, needed))
    };
    let find = section.optional_section("find", FIND_KEYS).map(|section| find(&section));
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
        scopes_fixed,
        allow_unrevocable,
        secrets,
        create: create?,
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

/// A template: text that isn't empty.
fn template(node: &Node) -> Read<Template> {
    match text(node)? {
        "" => Err("is empty".to_owned()),
        text => Ok(Template(text.to_owned())),
    }
}

fn call(section: &Section<'_>, needed: &[&str]) -> Option<HttpCall> {
    let method: Option<HttpMethod> = section.required("method", "a method of HTTP", parsed);
    let url = section.required("url", "where to send it", template);
    let body = section.optional("body", template);
    let headers = headers(section);
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

fn headers(call: &Section<'_>) -> BTreeMap<String, Template> {
    let section = call.section_of_any_keys("headers");
    let mut headers = BTreeMap::new();
    for (key, _) in section.entries() {
        let Ok(name) = key.parse::<HeaderName>() else {
            section.refuse(key, format!("can't be a header: {} is no name of one", quoted(key)));
            continue;
        };
        if let Some(value) = section.optional(key, template)
            && headers.insert(name.as_str().to_owned(), value).is_some()
        {
            section.refuse(key, "is there twice, once in other letters: keep one of them");
        }
    }
    headers
}

fn find(section: &Section<'_>) -> Option<HttpFind> {
    let call = call(section, &["id"]);
    let cure = "where the answer holds its list, such as \"/tokens\"";
    let items = section.required("items", cure, pointer);
    let matching = section.required("match", "where an item holds the marker", pointer);
    Some(HttpFind { call: call?, items: items?, matching: matching? })
}
