//! Connections without encryption, which anyone on the way can read.

use secrecy::ExposeSecret as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

use super::settings::Config;

/// One thing that goes unencrypted, though the configuration is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unencrypted {
    /// The key that sets it, such as `discord.proxy`.
    pub key: String,
    /// What is open to read.
    pub what: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

/// Whether what is sent to this URL can be read on its way: it goes over plain HTTP, and leaves this
/// machine.
#[must_use]
pub fn is_exposed(url: &Url) -> bool {
    url.scheme() == "http" && !url.host().is_some_and(|host| is_this_machine(&host))
}

/// Loopback: 127.0.0.0/8 and `::1` (RFC 6890), and the name `localhost` (RFC 6761).
fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
    }
}

impl Config {
    /// Everything that goes unencrypted to another machine.
    #[must_use]
    pub fn unencrypted(&self) -> Vec<Unencrypted> {
        let mut found = Vec::new();
        let mut add = |key: &str, what, cure| {
            found.push(Unencrypted { key: key.to_owned(), what, cure });
        };
        if self.discord.proxy.as_ref().is_some_and(is_exposed) {
            let what = "the bot's token and what is shown to people go there";
            add("discord.proxy", what, "let the proxy run on this machine, or take https");
        }
        if database_is_exposed(self) {
            let what = "everything in the database may go there";
            add("database.url", what, "end the URL with ?sslmode=verify-full (or require)");
        }
        for provider in &self.providers {
            if provider.issuer.http().is_some_and(|issuer| issuer.allow_plaintext) {
                let what = "with allow_plaintext, credentials and new secrets may go there";
                let key = format!("the issuer of {}", provider.id);
                add(&key, what, "take https, and allow_plaintext away");
            }
        }
        found
    }
}

/// Postgres' default is to encrypt only where the server offers it.
fn database_is_exposed(config: &Config) -> bool {
    let url = config.database.url.expose_secret();
    let Ok(options) = url.parse::<PgConnectOptions>() else { return false };
    let encrypts = matches!(
        options.get_ssl_mode(),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
    );
    let host = options.get_host();
    let is_socket = options.get_socket().is_some() || host.starts_with('/');
    let host = Host::parse(host).ok();
    let local = host.is_some_and(|host| match &host {
        Host::Domain(name) => is_this_machine(&Host::Domain(name)),
        Host::Ipv4(address) => is_this_machine(&Host::Ipv4(*address)),
        Host::Ipv6(address) => is_this_machine(&Host::Ipv6(*address)),
    });
    !encrypts && !is_socket && !local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_be_asked_in_the_clear() {
        for open in [
            "http://127.0.0.1:3000/",
            "http://127.9.9.9",
            "http://127.1/",
            "http://localhost:8080/a?b",
            "http://LOCALHOST",
            "http://[::1]:80/",
            "http://[::ffff:127.0.0.1]/",
            "https://api.example.com/",
            "https://192.0.2.1/",
        ] {
            assert!(!is_exposed(&open.parse().unwrap()), "{open}");
        }
        for exposed in [
            "http://api.example.com",
            "http://registry:4873/",
            "http://localhost.example.com/",
            "http://notlocalhost/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1@example.com/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
            "http://128.0.0.1/",
            "http://[::]/",
            "http://[2001:db8::1]/",
            "HTTP://api.example.com",
        ] {
            assert!(is_exposed(&exposed.parse().unwrap()), "{exposed}");
        }
    }
}
