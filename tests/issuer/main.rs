//! Tokens that an upstream makes, through the front door: whatever the upstream does, there is never
//! more than one live token for a request, and what people are told is so.

mod doubt;
mod ends;
mod life;

use std::time::Duration;

use countersign_playground::bot::{BotConfig, Provider};
use countersign_playground::discord::{MessageView, Options};
use countersign_playground::postgres::Postgres;
use countersign_playground::scene::{Scene, code_blocks};
use countersign_playground::upstream::{KEY, Upstream};

/// How long a play waits for what an upstream holds up.
const PATIENCE: Duration = Duration::from_secs(40);

/// The standard scene with an upstream, as the provider `registry`.
struct House {
    scene: Scene,
    upstream: Upstream,
}

impl House {
    async fn start(label: &str) -> Self {
        Self::with(label, |_| {}).await
    }

    /// With another `[providers.issuer]`.
    async fn with(label: &str, issuer: impl FnOnce(&mut toml::Table)) -> Self {
        let upstream = Upstream::start().await.unwrap();
        let mut table = upstream.issuer();
        issuer(&mut table);
        let configure = |config: &mut BotConfig| add(config, table);
        let postgres = Postgres::shared().await.unwrap();
        let scene = Scene::on(&postgres, label, Options::standard(), configure).await;
        Self { scene, upstream }
    }

    /// Rin's request with both hands; its approval is read.
    async fn approved(&self, name: &str) {
        let rin = &self.scene.rin;
        let panel = self.scene.panel(rin, "registry", name).await;
        rin.clicks(&panel, "Create").await.unwrap().message().unwrap();
        self.hands().await;
    }

    /// The message that a new secret is ready, however long it takes.
    async fn ready(&self) -> MessageView {
        self.scene.rin.patient(PATIENCE).sees_dm("is ready").await.unwrap()
    }

    /// The secret, revealed and stored.
    async fn reveals(&self, ready: &MessageView) -> String {
        let rin = &self.scene.rin;
        let shown = rin.clicks(ready, "Reveal").await.unwrap().private().unwrap();
        let [_, secret] = <[String; 2]>::try_from(code_blocks(&shown)).unwrap();
        self.scene.is_collected().await;
        rin.clicks(&shown, "I have stored it").await.unwrap().gone().unwrap();
        self.scene.stage.settles().await.unwrap();
        secret
    }

    /// Rin's token of this name; its secret.
    async fn has_a_token(&self, name: &str) -> String {
        self.approved(name).await;
        let ready = self.ready().await;
        self.reveals(&ready).await
    }

    /// The token's own panel, as Rin sees it.
    async fn panel(&self, name: &str) -> MessageView {
        let line = format!("/token show token:{name}");
        self.scene.rin.types(&line).await.unwrap().private().unwrap()
    }

    /// Presses a button of the token's panel; what Rin is told.
    async fn presses(&self, name: &str, button: &str) -> MessageView {
        let panel = self.panel(name).await;
        self.scene.rin.clicks(&panel, button).await.unwrap().private().unwrap()
    }

    /// A change that Rin asked for has both hands.
    async fn hands(&self) {
        let card = self.scene.card("0 of 2 hands").await;
        self.scene.approves(&self.scene.aki, &card).await;
        let card = self.scene.card("1 of 2 hands").await;
        self.scene.approves(&self.scene.ben, &card).await;
        self.scene.rin.sees_dm("is approved").await.unwrap();
    }

    /// The states of all calls, in their order.
    async fn attempts(&self) -> String {
        let mut connection = self.scene.stage.connect().await.unwrap();
        sqlx::query_scalar(
            "select coalesce(string_agg(state, ' ' order by id), '') from countersign.attempts",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap()
    }

    /// What every play comes to: one live token that its owner knows the secret of, and the key of
    /// the upstream nowhere.
    async fn one_lives(&self, secret: &str) {
        let tokens = self.upstream.tokens();
        assert_eq!(tokens.len(), 1, "{tokens:?}");
        assert_eq!(tokens[0].secret, secret);
        assert_eq!(self.scene.count("select count(*) from countersign.tokens").await, 1);
        self.holds_no_secret(secret).await;
    }

    async fn holds_no_secret(&self, secret: &str) {
        for hidden in [secret, KEY] {
            let tables = self.scene.stage.tables_with(hidden).await.unwrap();
            assert!(tables.is_empty(), "{tables:?}");
            assert!(!self.scene.stage.bot.everything_written().unwrap().contains(hidden));
        }
    }
}

fn add(config: &mut BotConfig, issuer: toml::Table) {
    let template = config.providers[0].clone();
    config.providers.push(Provider {
        id: "registry".to_owned(),
        name: "Registry".to_owned(),
        issuer,
        ..template
    });
}
