//! Networks as people have them: a private authority, an HTTP proxy as the only way out, IPv6 alone.

mod authorities;
mod ipv6;
mod proxy;

use std::path::{Path, PathBuf};

use discord_sim::{Discord, Options};
use tempfile::TempDir;
use testkit::bot::{Bot, BotConfig};
use testkit::http_proxy::HttpProxy;
use testkit::mailbox::Mailbox;
use testkit::mock_upstream::Upstream;
use testkit::postgres::{Database, Postgres};
use testkit::setup::migrated;
use testkit::smtp::Smtp;
use testkit::tls::{Authority, TlsServer};

/// The proxy's password.
const PASSWORD: &str = "proxy-password-that-nobody-may-log";

/// The hosts behind the proxy, which exist nowhere else.
const DISCORD: &str = "discord.com";
const GATEWAY: &str = "gateway.discord.test";
const RESUME: &str = "resume.discord.test";
const UPSTREAM: &str = "api.registry.test";
const COLLECTOR: &str = "collector.test";

/// What everyone reads of a certificate whose authority is unknown.
const UNKNOWN: &str =
    "its certificate is signed by an authority that is not known here: set [network] ca_file";

/// A company's network: everything outside is reached through a proxy that wants a login, and has a certificate of
/// the company's own authority.
struct Company {
    discord: Discord,
    upstream: Upstream,
    smtp: Smtp,
    database: Database,
    authority: Authority,
    proxy: HttpProxy,
    folder: TempDir,
    _servers: Vec<TlsServer>,
}

impl Company {
    async fn start(label: &str) -> Self {
        let postgres = Postgres::shared().await.unwrap();
        let template = migrated(&postgres).await.unwrap();
        let database = postgres.database_from(label, &template).await.unwrap();
        let options = Options { checks_user_agent: true, ..Options::standard() };
        let discord = Discord::start(options).await.unwrap();
        let (upstream, smtp) = (Upstream::start().await.unwrap(), Smtp::start().await.unwrap());
        let (authority, proxy) =
            (Authority::new().unwrap(), HttpProxy::start(PASSWORD).await.unwrap());
        let gateway = discord.gateway().unwrap();
        let address = |url: &str| url.rsplit('/').next().unwrap().parse().unwrap();
        let mut servers = Vec::new();
        for (host, target) in [
            (DISCORD, address(&discord.base_url())),
            (GATEWAY, address(gateway.url())),
            (RESUME, address(gateway.resume_url())),
            (UPSTREAM, upstream.address()),
        ] {
            let server = authority.serve(host, target).await.unwrap();
            proxy.lead_to(&format!("{host}:443"), server.address());
            servers.push(server);
        }
        gateway.is_reached_at(&format!("wss://{GATEWAY}"), &format!("wss://{RESUME}"));
        let folder = TempDir::new().unwrap();
        Self { discord, upstream, smtp, database, authority, proxy, folder, _servers: servers }
    }

    /// A bot that knows of no proxy and no authority yet.
    fn config(&self) -> BotConfig {
        let mailbox = Mailbox::new(self.folder.path());
        let mut config = BotConfig::standard(&self.discord, &self.database, &mailbox);
        config.discord_url = None;
        config.mail_url = self.smtp.url();
        let mut registry = self.upstream.provider(&config.providers[0]);
        let plain = format!("http://{}/", self.upstream.address());
        let secure = format!("https://{UPSTREAM}/");
        redirect_issuer(&mut registry.issuer, &plain, &secure);
        config.providers.push(registry);
        config
    }

    /// The company's authority and the mail server's, in one file.
    fn authorities(&self) -> PathBuf {
        let read = |file: PathBuf| std::fs::read_to_string(file).unwrap();
        let all = [read(self.authority.file()), read(self.smtp.ca_file())].join("\n");
        let file = self.folder.path().join("authorities.pem");
        std::fs::write(&file, all).unwrap();
        file
    }

    fn tunnels(&self, host: &str) -> usize {
        self.proxy.tunnels(&format!("{host}:443"))
    }
}

/// Lets each call of an issuer go to another server.
fn redirect_issuer(issuer: &mut toml::Table, from: &str, to: &str) {
    for (_, call) in issuer.iter_mut() {
        if let Some(url) = call.get_mut("url") {
            *url = url.as_str().unwrap().replace(from, to).into();
        }
    }
}

fn trust_file(config: &mut BotConfig, file: &Path) {
    let network = toml::Table::from_iter([("ca_file".to_owned(), shown(file).into())]);
    config.overrides.insert("network".to_owned(), network.into());
}

fn set_value(config: &mut BotConfig, name: &str, value: &str) {
    config.environment.push((name.to_owned(), value.to_owned()));
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// What `check` says.
async fn checks(bot: &Bot) -> String {
    let output = bot.run(&["check"]).await.unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Finds a line of `check` with this beginning and this text.
#[track_caller]
fn say(check: &str, begins: &str, text: &str) {
    let found = check.lines().any(|line| {
        let line: Vec<&str> = line.split_whitespace().collect();
        line.join(" ").starts_with(begins) && line.join(" ").contains(text)
    });
    assert!(found, "no line of {begins:?} with {text:?} in\n{check}");
}
