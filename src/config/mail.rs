//! Reads `[mail]`.

use std::net::IpAddr;

use chrono_tz::{TZ_VARIANTS, Tz};
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::document::{Node, Read, Section, suggestion};
use super::mail_oauth::{OAUTH_KEYS, TOKEN_URL, oauth};
use super::secrets::Base;
use super::sections::keys_of;
use super::settings::{MailSettings, MailTransport};
use super::values::{parsed, quoted, text};

/// `[mail]`.
pub(super) fn mail(root: &Section<'_>, base: Base<'_>) -> Option<MailSettings> {
    let section = root.section("mail", keys_of("mail"));
    let cure = "\"smtps://USER:PASSWORD@HOST\" or \"file:///DIRECTORY\"";
    let url = base.required_secret(&section, "url", cure);
    let ca_file = section.optional("ca_file", |node| base.certificates(node));
    let from = section.required("from", "\"NAME <ADDRESS>\"", sender);
    let has_oauth = OAUTH_KEYS.iter().any(|key| section.has(key));
    let oauth = oauth(&section, base);
    let means = if has_oauth { Means::Token } else { Means::Password };
    let read = |url| transport(url, means).map_err(|message| section.refuse("url", message)).ok();
    let transport = url.and_then(read);
    let hello = section.optional("hello", hello_name);
    let transport = match transport? {
        MailTransport::Smtp { url, .. } => {
            if hello.is_some() && names_us(&url) {
                section.refuse("hello", "is the path of url already: take one of them away");
            }
            MailTransport::Smtp { url, ca_file, hello, oauth: oauth.map(Box::new) }
        }
        directory @ MailTransport::Directory(_) => {
            let without_use = [
                ("ca_file", ca_file.is_some()),
                ("hello", hello.is_some()),
                (TOKEN_URL, oauth.is_some()),
            ];
            for (key, _) in without_use.into_iter().filter(|(_, is_set)| *is_set) {
                section.refuse(key, "has no use where mails go into a directory: take it away");
            }
            directory
        }
    };
    let time_zone = section.optional("time_zone", time_zone).unwrap_or(Tz::UTC);
    Some(MailSettings { transport, from: from?, time_zone })
}

/// Whom emails come from.
pub(super) fn sender(node: &Node) -> Read<Mailbox> {
    let form = "\"Countersign <tokens@example.com>\"";
    let shown = || text(node).map_or_else(|kind| kind, quoted);
    parsed(node).map_err(|_| format!("takes an address such as {form}, not {}", shown()))
}

/// A name of the IANA's list, as people write it: `Asia/Tokyo`.
fn time_zone(node: &Node) -> Read<Tz> {
    let name = text(node)?;
    name.parse::<Tz>().map_err(|_| {
        let names = TZ_VARIANTS.map(|zone| zone.name());
        format!(
            "takes the IANA's name of a time zone, such as \"Asia/Tokyo\" or \"UTC\", not {}: {}",
            quoted(name),
            suggest_time_zone(name, &names)
        )
    })
}

/// The nearest name, or where they all stand.
fn suggest_time_zone(name: &str, names: &[&str]) -> String {
    let said = suggestion(name, names);
    if said.starts_with("did you mean") {
        return said;
    }
    "the list is https://en.wikipedia.org/wiki/List_of_tz_database_time_zones".to_owned()
}

/// What the bot proves with who it is, towards a mail server that wants a login.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// The password in the URL, if there is a user in it.
    Password,
    /// An access token, which is not in the URL.
    Token,
}

/// Quotes nothing of the URL, which holds a password.
pub(super) fn transport(secret: SecretString, means: Means) -> Read<MailTransport> {
    let form = "takes \"smtps://USER:PASSWORD@HOST\", \"smtp://USER:PASSWORD@HOST?tls=required\" or \
                \"file:///DIRECTORY\", with special characters as %XX";
    let url = Url::parse(secret.expose_secret()).map_err(|_| form.to_owned())?;
    match url.scheme() {
        "file" => {
            let local = url.host().is_none();
            let path = url.to_file_path().ok().filter(|_| local);
            return path.map(MailTransport::Directory).ok_or_else(|| form.to_owned());
        }
        "smtp" | "smtps" => {}
        _ => return Err(form.to_owned()),
    }
    let login = !url.username().is_empty() || url.password().is_some();
    let has_password = url.password().is_some_and(|password| !password.is_empty());
    match means {
        Means::Password if login && !has_password => {
            let cure = "write USER:PASSWORD before the @, or set oauth_token_url to log in with an access token";
            return Err(format!("has a user and no password: {cure}"));
        }
        Means::Token if url.username().is_empty() || url.password().is_some() => {
            let cure = "write only the user before the @, such as tokens%40example.com";
            return Err(format!("takes a user and no password beside oauth_token_url: {cure}"));
        }
        Means::Password | Means::Token => {}
    }
    let encrypted = url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
    if login && url.scheme() == "smtp" && !encrypted {
        let cure = "write \"smtps://\", or end the URL with \"?tls=required\"";
        let what = if means == Means::Token { "access token" } else { "password" };
        return Err(format!("would send the {what} unencrypted, or let somebody make it: {cure}"));
    }
    if url.query_pairs().any(|(key, _)| key != "tls") {
        return Err("has more than \"tls\" after its \"?\", which would be ignored".to_owned());
    }
    let known = AsyncSmtpTransport::<Tokio1Executor>::from_url(secret.expose_secret());
    known.map_err(|_| form.to_owned())?;
    Ok(MailTransport::Smtp { url: secret, ca_file: None, hello: None, oauth: None })
}

/// Whether a server's URL has a path, which is the name that we give in lettre's form.
fn names_us(url: &SecretString) -> bool {
    Url::parse(url.expose_secret()).is_ok_and(|url| !url.path().trim_matches('/').is_empty())
}

/// The name that the bot gives to a mail server in `EHLO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelloName {
    /// A full name.
    Name(String),
    /// An address, which stands in brackets.
    Address(IpAddr),
}

impl HelloName {
    /// Whether a name is one that DNS may have: labels of letters, digits and hyphens, at least two of them.
    #[must_use]
    pub fn is_full_name(name: &str) -> bool {
        let is_label = |label: &str| {
            let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-';
            (1..=63).contains(&label.len())
                && label.chars().all(is_known)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_number = name.rsplit('.').next().is_some_and(|last| last.parse::<u64>().is_ok());
        name.len() <= 253 && name.contains('.') && !is_number && name.split('.').all(is_label)
    }
}

/// As in `EHLO`: `bot.example.com`, `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
fn hello_name(node: &Node) -> Read<HelloName> {
    let written = text(node)?;
    let address = || {
        let inside = written.strip_prefix('[')?.strip_suffix(']')?;
        match inside.strip_prefix("IPv6:") {
            Some(address) => address.parse().map(IpAddr::V6).ok(),
            None => inside.parse().map(IpAddr::V4).ok(),
        }
    };
    if HelloName::is_full_name(written) {
        return Ok(HelloName::Name(written.to_owned()));
    }
    let form = "\"bot.example.com\" or \"[192.0.2.1]\"";
    let wrong =
        || format!("takes a full name or an address such as {form}, not {}", quoted(written));
    address().map(HelloName::Address).ok_or_else(wrong)
}
