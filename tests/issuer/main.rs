//! Tokens that an upstream makes, through Discord: whatever the upstream does, a request never has
//! more than one token that works, and what people are told is true.

mod approved_endpoint;
mod believed_ends;
mod calls;
mod cells;
mod checks;
#[path = "../shared/clock.rs"]
mod clock;
mod doubtful_calls;
mod expiry;
mod lanes;
mod parts;
mod ready;
mod reductions;
mod renewals_in_doubt;
mod secrecy;
#[path = "../shared/sections.rs"]
mod sections;
mod shapes;
mod strays;
mod token_ends;
mod token_life;
mod trial;
mod unsure_ends;
mod unsure_strays;
mod updates;
mod weak_proofs;

use std::time::Duration;

use discord_sim::{MessageView, Options};
use testkit::bot::BotConfig;
use testkit::mock_upstream::{Call, KEY, Upstream};
use testkit::postgres::Postgres;
use testkit::team::{Team, delete_token, press_button};

/// How long a test waits for a slow upstream.
const PATIENCE: Duration = Duration::from_secs(40);

/// The standard team with an upstream, as the provider `registry`.
struct Fixture {
    team: Team,
    upstream: Upstream,
    /// How many create calls there were before the test.
    before: i64,
}

impl Fixture {
    async fn start(label: &str) -> Self {
        Self::with(label, |_| {}).await
    }

    /// With another `[providers.issuer]`.
    async fn with(label: &str, issuer: impl FnOnce(&mut toml::Table)) -> Self {
        Self::at(Upstream::start().await.unwrap(), label, issuer).await
    }

    /// With an API that is there already.
    async fn at(upstream: Upstream, label: &str, issuer: impl FnOnce(&mut toml::Table)) -> Self {
        let configure = |config: &mut BotConfig| {
            let mut registry = upstream.provider(&config.providers[0]);
            issuer(&mut registry.issuer);
            config.providers.push(registry);
        };
        let postgres = Postgres::shared().await.unwrap();
        let team = Team::on(&postgres, label, Options::standard(), configure).await;
        Self { team, upstream, before: 0 }
    }

    /// One whose upstream has shown by `find` what its `create` made: a token that came and went.
    async fn proven(label: &str) -> Self {
        Self::proven_with(label, |_| {}).await
    }

    async fn proven_with(label: &str, issuer: impl FnOnce(&mut toml::Table)) -> Self {
        let fixture = Self::with(label, issuer).await;
        fixture.create_token("Proof").await;
        fixture.is_deleted("Proof").await;
        fixture.upstream.forget_calls();
        Self { before: 1, ..fixture }
    }

    /// Rin deletes the token of this name.
    async fn is_deleted(&self, name: &str) {
        delete_token(&self.team.rin, name).await;
        self.team.rin.patient(PATIENCE).wait_for_dm("was deleted").await.unwrap();
        self.team.last_card("It is deleted").await;
    }

    /// Rin's request with both approvals; the message about its approval is read.
    async fn approved(&self, name: &str) {
        self.team.ask_at("registry", &self.team.rin, name).await;
        self.approvals().await;
    }

    /// The message that a new secret is ready, however long it takes.
    async fn ready(&self) -> MessageView {
        self.team.rin.patient(PATIENCE).wait_for_dm("is ready").await.unwrap()
    }

    /// Rin's token of this name; its secret.
    async fn create_token(&self, name: &str) -> String {
        self.approved(name).await;
        let ready = self.ready().await;
        self.collect_secret(&ready).await
    }

    /// The secret, shown and stored.
    async fn collect_secret(&self, ready: &MessageView) -> String {
        let [_, secret] = self.team.collect_secret(&self.team.rin, ready).await;
        secret
    }

    /// Submits a change that Rin has filled in, and gives both approvals.
    async fn submit(&self, panel: &MessageView) {
        self.team.rin.click(panel, "Submit").await.unwrap().message().unwrap();
        self.approvals().await;
    }

    /// An admin has a failed request tried again; returns the secret.
    async fn press_try_again(&self, card: &MessageView) -> String {
        self.team.aki.click(card, "Try again").await.unwrap().private().unwrap();
        let ready = self.ready().await;
        self.collect_secret(&ready).await
    }

    /// Rin disables the token of this name.
    async fn is_disabled(&self, name: &str) {
        press_button(&self.team.rin, name, "Disable").await;
        self.team.rin.wait_for_dm("was disabled").await.unwrap();
        self.team.last_card("It is disabled").await;
    }

    /// The upstream got this call.
    async fn wait_for_call(&self, call: Call) {
        self.wait_for_calls(call, 1).await;
    }

    /// The same, so often.
    async fn wait_for_calls(&self, call: Call, times: usize) {
        let asked = async {
            while self.upstream.count(call) < times {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.unwrap();
    }

    /// It is ten minutes later for what is looked for once more.
    async fn look_again(&self) {
        let mut connection = self.team.setup.connect().await.unwrap();
        sqlx::raw_sql(
            "update countersign.attempts set look_again_at = now() where state = 'absent';
             update countersign.jobs set due_at = now() where kind = 'look_for_stray'",
        )
        .execute(&mut connection)
        .await
        .unwrap();
    }

    /// A change that Rin requested gets both approvals.
    async fn approvals(&self) {
        let card = self.team.card("0 of 2 approvals").await;
        self.team.approve_twice(&card).await;
    }

    /// The states of all calls, in their order.
    async fn attempts(&self) -> String {
        let mut connection = self.team.setup.connect().await.unwrap();
        sqlx::query_scalar(
            "select coalesce(string_agg(state, ' ' order by id), '')
             from (select * from countersign.attempts order by id offset $1) as attempts",
        )
        .bind(self.before)
        .fetch_one(&mut connection)
        .await
        .unwrap()
    }

    /// What must hold after each test: one token that works, whose owner has the secret, and the upstream's key
    /// in no message.
    async fn one_lives(&self, secret: &str) {
        let tokens = self.upstream.tokens();
        assert_eq!(tokens.len(), 1, "{tokens:?}");
        assert_eq!(tokens[0].secret, secret);
        let living = "select count(*) from countersign.tokens where state <> 'deleted'";
        assert_eq!(self.team.count(living).await, 1);
        self.check_no_secret(secret).await;
    }

    async fn check_no_secret(&self, secret: &str) {
        for hidden in [secret, KEY] {
            let tables = self.team.setup.tables_with(hidden).await.unwrap();
            assert!(tables.is_empty(), "{tables:?}");
            assert!(!self.team.setup.bot.everything_written().unwrap().contains(hidden));
        }
    }
}
