//! Two replicas that verify, the second behind a proxy before Postgres.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use discord_sim::Options;
use discord_sim::http_ingress::HttpIngress;
use ed25519_dalek::SigningKey;
use reqwest::{Client, RequestBuilder, Response};
use sha2::{Digest as _, Sha256};
use testkit::bot::{Bot, Ingress};
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::team::{Team, press_button};

/// What introspection clients present.
pub const BEARER: &str = "bearer-of-the-gateway";

/// A client whose name and secret look otherwise once they are form-encoded.
pub const ODD_CLIENT: [&str; 2] = ["Reports & more", "s+c%20r:/ t=&é"];

/// Discord's, which signs what it posts.
const KEY: [u8; 32] = [7; 32];

/// How soon a change must be effective everywhere.
pub const IN_FORCE: Duration = Duration::from_secs(2);

/// The two replicas, and the people.
pub struct Fixture {
    pub team: Team,
    pub second: Bot,
    /// Between the second replica and Postgres.
    pub proxy: Proxy,
    pub client: Client,
}

impl Fixture {
    /// With this family of headers.
    pub async fn open(label: &str, family: &str) -> Self {
        Self::on(&Postgres::shared().await.unwrap(), label, family).await
    }

    /// The same on a Postgres server that the test may change.
    pub async fn on(postgres: &Postgres, label: &str, family: &str) -> Self {
        Self::configured(postgres, label, &format!("headers = \"{family}\""), None).await
    }

    /// With these settings in `[verify]`, and another catalogue of the Orchard API.
    pub async fn configured(
        postgres: &Postgres,
        label: &str,
        verify: &str,
        catalogue: Option<&Path>,
    ) -> Self {
        let key = SigningKey::from_bytes(&KEY);
        let public_key = hex::encode(key.verifying_key().to_bytes());
        let hash = hex::encode(Sha256::digest(BEARER));
        let [odd, odd_secret] = ODD_CLIENT;
        let odd_hash = hex::encode(Sha256::digest(odd_secret));
        let settings = format!(
            "[verify]
             listen = \"127.0.0.1:0\"
             {verify}
             introspection_clients = [
                 {{ name = \"gateway\", bearer_sha256 = \"{hash}\" }},
                 {{ name = \"{odd}\", bearer_sha256 = \"{odd_hash}\" }},
             ]
             trusted_proxies = [\"127.0.0.1/32\"]"
        );
        let team = Team::on(postgres, label, Options::standard(), |config| {
            config.ingress = Ingress::Http { public_key };
            config.overrides = toml::from_str(&settings).unwrap();
            if let Some(catalogue) = catalogue {
                config.providers[0].catalogue = catalogue.to_owned();
            }
        })
        .await;
        let url = format!("{}/discord/interactions", team.setup.bot.url().unwrap());
        team.setup.discord.set_ingress(Arc::new(HttpIngress::new(url, key).unwrap()));
        let proxy = Proxy::start(&postgres.admin_url()).await.unwrap();
        let through = proxy.url(&team.setup.database.url).unwrap();
        let second =
            team.setup.bot.replica("2").with_variable("COUNTERSIGN_DATABASE__URL", &through);
        second.serve().await.unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        let fixture = Self { team, second, proxy, client };
        for bot in fixture.replicas() {
            fixture.receive(bot).await;
        }
        fixture
    }

    /// Both replicas restart with another configuration, and Discord finds the first. With two catalogues at a time
    /// approvals would count or not, depending on which replica confirms them.
    pub async fn restart_with(&self, change: impl FnOnce(&mut toml::Table)) {
        self.team.setup.settle().await.unwrap();
        self.team.setup.restart_with(change).await.unwrap();
        self.second.restart().await.unwrap();
        let key = SigningKey::from_bytes(&KEY);
        let url = format!("{}/discord/interactions", self.team.setup.bot.url().unwrap());
        self.team.setup.discord.set_ingress(Arc::new(HttpIngress::new(url, key).unwrap()));
    }

    pub fn replicas(&self) -> [&Bot; 2] {
        [&self.team.setup.bot, &self.second]
    }

    /// Waits until a replica receives changes.
    pub async fn receive(&self, bot: &Bot) {
        let start = Instant::now();
        while !self.metrics(bot).await.contains("countersign_feed_alive 1") {
            assert!(start.elapsed() < Duration::from_secs(15), "it never hears of changes");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn metrics(&self, bot: &Bot) -> String {
        let url = format!("{}/metrics", bot.url().unwrap());
        self.client.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// A request to `/v1/authorize`, with the headers of the forwarded family.
    pub fn ask(&self, bot: &Bot, method: &str, uri: &str) -> RequestBuilder {
        let url = format!("http://{}/v1/authorize", bot.verify_address().unwrap());
        let question = self.client.get(url).timeout(Duration::from_secs(10));
        question.header("X-Forwarded-Method", method).header("X-Forwarded-Uri", uri)
    }

    /// Its answer's status for a bearer.
    pub async fn status(&self, bot: &Bot, secret: &str, method: &str, uri: &str) -> u16 {
        self.answer(bot, secret, method, uri).await.status().as_u16()
    }

    pub async fn answer(&self, bot: &Bot, secret: &str, method: &str, uri: &str) -> Response {
        self.ask(bot, method, uri).bearer_auth(secret).send().await.unwrap()
    }

    /// Fails unless each replica gives this answer within [`IN_FORCE`] after `since`.
    pub async fn is_in_force(&self, since: Instant, secret: &str, uri: &str, status: u16) {
        for bot in self.replicas() {
            loop {
                let asked = Instant::now();
                let found = self.status(bot, secret, "GET", uri).await;
                if found == status {
                    break;
                }
                assert!(asked < since + IN_FORCE, "{found}, {:?} later", asked - since);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// An answer of `/v1/introspect`.
    pub async fn introspect(&self, bot: &Bot, form: &[(&str, &str)]) -> Response {
        let url = format!("http://{}/v1/introspect", bot.verify_address().unwrap());
        // With `form` reqwest would need another feature.
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(url).bearer_auth(BEARER).body(body);
        let kind = "application/x-www-form-urlencoded";
        request.header("Content-Type", kind).send().await.unwrap()
    }

    /// Rin's token with the scopes of trees, collected. Returns Account SID and secret.
    pub async fn create_token(&self, name: &str) -> [String; 2] {
        let ready = self.team.issue_token(name).await;
        self.team.collect_secret(&self.team.rin, &ready).await
    }

    /// Rin disables the token with this name. Returns the time.
    pub async fn disable_token(&self, name: &str) -> Instant {
        let said = press_button(&self.team.rin, name, "Disable").await;
        assert!(said.contains("is disabled"), "{said}");
        Instant::now()
    }

    /// Stops in order; messages that were not read don't matter here.
    pub async fn close(self) {
        let team = self.team;
        team.setup.settle().await.unwrap();
        for person in [&team.rin, &team.aki, &team.ben, &team.chiyo] {
            person.dms();
        }
        team.aki.channel("approvals").unwrap();
        self.proxy.resume();
        assert!(self.second.stop().await.unwrap().success());
        let log = self.second.log();
        let wrong =
            |line: &&str| line.contains("\"ERROR\"") && line.contains("countersign::verify");
        assert_eq!(log.lines().find(wrong), None);
        team.finish().await;
    }
}
