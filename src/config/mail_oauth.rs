//! Reads the keys of `[mail]` that say how the bot gets an access token for the mail server (OAuth 2.0, RFC 6749).

use std::collections::BTreeMap;

use url::Url;

use super::document::{Node, Read, Section};
use super::http_settings::{
    EndAt, EndForm, HttpBody, HttpCall, HttpLogin, HttpMethod, JsonPointer, ResponsePointers,
    Source,
};
use super::http_template::{Outside, Place, Template};
use super::plaintext::is_exposed;
use super::secrets::Base;
use super::settings::MailOauth;
use super::values::{line, text};

/// The key that the others belong to.
pub(super) const TOKEN_URL: &str = "oauth_token_url";

const CLIENT_ID: &str = "oauth_client_id";
const CLIENT_SECRET: &str = "oauth_client_secret";
const REFRESH_TOKEN: &str = "oauth_refresh_token";
const SCOPE: &str = "oauth_scope";

/// All of the keys.
pub(super) const OAUTH_KEYS: [&str; 7] = [
    TOKEN_URL,
    CLIENT_ID,
    CLIENT_SECRET,
    "oauth_client_secret_file",
    REFRESH_TOKEN,
    "oauth_refresh_token_file",
    SCOPE,
];

/// The longest id or scope.
const LONGEST: usize = 2_000;

/// None where none of the keys is set, or where one of them can't be taken.
pub(super) fn oauth(section: &Section<'_>, base: Base<'_>) -> Option<MailOauth> {
    if !OAUTH_KEYS.iter().any(|key| section.has(key)) {
        return None;
    }
    let url =
        section.required(TOKEN_URL, "where the identity provider gives access tokens", token_url);
    let cure = "the id that the identity provider gave the bot's application";
    let client_id = section.required(CLIENT_ID, cure, line(LONGEST));
    let by_refresh_token =
        [REFRESH_TOKEN, "oauth_refresh_token_file"].iter().any(|key| section.has(key));
    let refresh_token = base.secret(section, REFRESH_TOKEN);
    let client_secret = if by_refresh_token {
        base.secret(section, CLIENT_SECRET)
    } else {
        let cure = "the secret of the bot's application (it takes none with oauth_refresh_token)";
        base.required_secret(section, CLIENT_SECRET, cure)
    };
    let scope = section.optional(SCOPE, line(LONGEST));
    if by_refresh_token && refresh_token.is_none() {
        return None;
    }
    let grant = if by_refresh_token { "refresh_token" } else { "client_credentials" };
    let mut outside = Outside::default();
    let secrets = [("client_secret", client_secret), ("refresh_token", refresh_token)];
    for (name, secret) in secrets {
        outside.secrets.extend(secret.map(|secret| (name.to_owned(), secret)));
    }
    let words = [("grant_type", Some(grant)), ("client_id", client_id.as_deref())];
    let words = words.into_iter().chain([("scope", scope.as_deref())]);
    let fields = words
        .filter_map(|(name, word)| Some((name, as_written(word?))))
        .chain(outside.secrets.keys().map(|name| (&**name, format!("{{{{ secret.{name} }}}}"))));
    let form: Result<BTreeMap<String, Template>, String> = fields
        .map(|(name, source)| Ok((name.to_owned(), Template::parse(&source, Place::Field)?)))
        .collect();
    let form = form.map_err(|why| section.refuse(CLIENT_ID, why)).ok()?;
    client_id?;
    let call = call(section, &url?, form)?;
    let login = HttpLogin {
        call,
        token: Source::Body(at("/access_token")),
        // "REQUIRED" is what it is not (RFC 6749, 5.1): without it a token is used until the server refuses it.
        expires_at: Some(EndAt { at: at("/expires_in"), form: EndForm::Seconds }),
    };
    Some(MailOauth { login, outside })
}

fn call(section: &Section<'_>, url: &Url, form: BTreeMap<String, Template>) -> Option<HttpCall> {
    let template = Template::parse(url.as_str(), Place::Url);
    Some(HttpCall {
        method: HttpMethod::Post,
        url: template.map_err(|why| section.refuse(TOKEN_URL, why)).ok()?,
        origin: url.origin().ascii_serialization(),
        headers: BTreeMap::new(),
        body: Some(HttpBody::Form(form)),
        response: ResponsePointers {
            secret: vec![Source::Body(at("/access_token"))],
            error: Some(at("/error")),
            detail: Some(at("/error_description")),
            ..ResponsePointers::default()
        },
        refused_if: Vec::new(),
    })
}

fn at(pointer: &str) -> JsonPointer {
    JsonPointer(pointer.to_owned())
}

/// A template that renders to this text.
fn as_written(text: &str) -> String {
    format!("{{{{ {} }}}}", serde_json::Value::from(text))
}

/// Where tokens are given, by HTTPS unless it is on this machine.
fn token_url(node: &Node) -> Read<Url> {
    let form = "takes a URL such as \
                \"https://login.microsoftonline.com/TENANT/oauth2/v2.0/token\", without a login in it";
    let url = Url::parse(text(node)?).map_err(|_| form.to_owned())?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let has_login = !url.username().is_empty() || url.password().is_some();
    if !is_web || has_login || url.as_str().contains(['{', '}']) {
        return Err(form.to_owned());
    }
    if is_exposed(&url) {
        return Err("would send the secret unencrypted to another machine: write https".to_owned());
    }
    Ok(url)
}
