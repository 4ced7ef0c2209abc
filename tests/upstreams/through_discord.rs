//! Through Discord: what two admins approve, a real service makes, honours and ends.

use std::time::Duration;

use discord_sim::{MessageView, Options};
use reqwest::Method;
use testkit::bot::BotConfig;
use testkit::postgres::Postgres;
use testkit::team::{Team, code_blocks, delete_token, press_button, show_token};
use testkit::upstreams::{Upstream, jupyterhub, verdaccio};

use crate::calls::Calls;
use crate::relay::Relay;

/// How long a test waits for something that is polled, or that a service still accepts for a while.
const PATIENCE: Duration = Duration::from_secs(180);

/// The standard team with a real service behind a relay.
pub struct Fixture {
    pub team: Team,
    pub upstream: Upstream,
    relay: Relay,
    /// The provider's id.
    pub provider: String,
    /// The calls of its configuration, made by hand.
    calls: Calls,
}

impl Fixture {
    pub async fn start(label: &str, upstream: Upstream) -> anyhow::Result<Self> {
        Self::made_by("POST /", label, upstream).await
    }

    /// With a service that makes a token by a call that begins so.
    pub async fn made_by(
        makes: &'static str,
        label: &str,
        upstream: Upstream,
    ) -> anyhow::Result<Self> {
        let relay = Relay::start(upstream.port(), makes).await?;
        let calls = Calls::new(&upstream)?;
        let mut provider = String::new();
        let configure = |config: &mut BotConfig| {
            let ours = &config.providers[0];
            let (channel, role) = (&ours.approval_channel, &ours.admin_roles[0]);
            let mut theirs = upstream.provider(&relay.url(), channel, role).unwrap();
            theirs.issuer.insert("settle".to_owned(), "1s".into());
            provider.clone_from(&theirs.id);
            config.providers.push(theirs);
        };
        let postgres = Postgres::shared().await?;
        let team = Team::on(&postgres, label, Options::standard(), configure).await;
        Ok(Self { team, upstream, relay, provider, calls })
    }

    /// Rin requests a token with this name and gets it. Returns its secret.
    pub async fn create_token(&self, name: &str) -> String {
        let ready = self.team.issue_token_at(&self.provider, name).await;
        self.collect_secret(&ready).await
    }

    pub async fn collect_secret(&self, ready: &MessageView) -> String {
        let [_, secret] = self.team.collect_secret(&self.team.rin, ready).await;
        secret
    }

    /// The service makes a token, and its answer is lost; Rin gets another one, which is the only one.
    pub async fn create_token_despite_lost_answer(&self, name: &str) -> anyhow::Result<String> {
        Ok(self.collect_secret(&self.is_ready_in_spite_of_a_lost_answer(name).await?).await)
    }

    pub async fn is_ready_in_spite_of_a_lost_answer(
        &self,
        name: &str,
    ) -> anyhow::Result<MessageView> {
        let team = &self.team;
        self.relay.lose_answer();
        team.ask_at(&self.provider, &team.rin, name).await;
        let card = team.card("0 of 2 approvals").await;
        team.approve_twice(&card).await;
        let ready = team.rin.patient(PATIENCE).wait_for_dm("is ready").await?;
        team.card("Issued").await;
        assert_eq!(self.relay.to_lose(), 0);
        let states = "select count(*) from countersign.attempts where state in ('made', 'gone')";
        assert_eq!(
            team.count(states).await,
            2,
            "one that was lost and revoked, and one that is kept"
        );
        Ok(ready)
    }

    /// Both approve what Rin submits; the new secret.
    pub async fn is_renewed(&self, panel: &MessageView) -> anyhow::Result<String> {
        let team = &self.team;
        team.rin.click(panel, "Submit").await?.message()?;
        let card = team.card("0 of 2 approvals").await;
        team.approve_twice(&card).await;
        let ready = team.rin.patient(PATIENCE).wait_for_dm("is ready").await?;
        Ok(self.collect_secret(&ready).await)
    }

    /// Rin deletes the token with this name, and is told so.
    pub async fn is_deleted(&self, name: &str) -> anyhow::Result<()> {
        let said = delete_token(&self.team.rin, name).await;
        assert!(said.contains("is being disabled"), "{said}");
        self.team.rin.patient(PATIENCE).wait_for_dm("was deleted").await?;
        self.team.last_card("It is deleted").await;
        Ok(())
    }

    /// Stops, and checks that neither the secrets of people nor the operator's are written anywhere.
    pub async fn finish(self, secrets: &[&str]) -> anyhow::Result<()> {
        let setup = &self.team.setup;
        for hidden in secrets.iter().copied().chain(self.upstream.secrets()) {
            assert!(setup.tables_with(hidden).await?.is_empty());
            assert!(!setup.bot.everything_written()?.contains(hidden));
        }
        self.team.finish().await;
        Ok(())
    }

    /// The output of npm with this token, and whether it succeeded.
    async fn npm(&self, token: &str, arguments: &[&str]) -> anyhow::Result<(bool, String)> {
        let output = verdaccio::npm(&self.upstream, token, arguments).await?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }

    /// The hub's answer to a client with this token.
    async fn hub(&self, token: &str) -> anyhow::Result<u16> {
        Ok(self.calls.with_token((Method::GET, "/hub/api/user"), token).await?.status)
    }

    /// How many tokens the service has.
    async fn tokens(&self, at: &str) -> anyhow::Result<usize> {
        let list = self.calls.list().await?;
        Ok(list.body.pointer(at).unwrap().as_array().unwrap().len())
    }
}

#[tokio::test]
async fn npm_accepts_a_token_until_it_is_deleted() -> anyhow::Result<()> {
    let fixture = Fixture::start("npm", verdaccio::start().await?).await?;
    let secret = fixture.create_token("Reports").await;
    let (well, said) = fixture.npm(&secret, &["whoami"]).await?;
    assert!(well && said.trim() == verdaccio::USER, "{said}");
    let (well, said) = fixture.npm(&secret, &["publish"]).await?;
    assert!(well, "{said}");
    assert_eq!(
        show_token(&fixture.team.rin, "Reports").await.buttons(),
        ["Edit", "Duplicate", "Delete"]
    );

    fixture.is_deleted("Reports").await?;
    let (well, said) = fixture.npm(&secret, &["whoami"]).await?;
    assert!(!well && said.contains("E403"), "{said}");
    let (well, said) = fixture.npm(&secret, &["unpublish", verdaccio::PACKAGE, "--force"]).await?;
    assert!(!well, "{said}");
    let (well, said) = fixture.npm(&secret, &["view", verdaccio::PACKAGE, "version"]).await?;
    assert!(!well || said.trim() == "1.0.0", "{said}");
    assert_eq!(fixture.tokens("/objects").await?, 0);
    fixture.finish(&[&secret]).await
}

#[tokio::test]
async fn npm_refuses_a_token_after_not_me() -> anyhow::Result<()> {
    let fixture = Fixture::start("npm not me", verdaccio::start().await?).await?;
    let team = &fixture.team;
    let ready = team.issue_token_at(&fixture.provider, "Reports").await;
    let shown = team.rin.click(&ready, "Reveal").await?.private()?;
    let secret = code_blocks(&shown).remove(1);
    let (well, said) = fixture.npm(&secret, &["whoami"]).await?;
    assert!(well, "{said}");
    team.rin.click(&shown, "Not me").await?;
    for person in [&team.aki, &team.ben] {
        person.wait_for_dm("Not me").await?;
    }
    // It can't be disabled there, so it is gone.
    team.rin.wait_for_dm("was deleted").await?;
    let (well, said) = fixture.npm(&secret, &["whoami"]).await?;
    assert!(!well && said.contains("E403"), "{said}");
    team.last_card("It is deleted").await;
    fixture.finish(&[&secret]).await
}

#[tokio::test]
async fn a_registry_whose_answer_is_lost_has_one_token() -> anyhow::Result<()> {
    let fixture = Fixture::start("npm doubt", verdaccio::start().await?).await?;
    let secret = fixture.create_token_despite_lost_answer("Reports").await?;
    assert_eq!(fixture.tokens("/objects").await?, 1);
    let (well, said) = fixture.npm(&secret, &["whoami"]).await?;
    assert!(well && said.trim() == verdaccio::USER, "{said}");
    fixture.finish(&[&secret]).await
}

#[tokio::test]
async fn a_hub_accepts_a_token_until_it_is_deleted() -> anyhow::Result<()> {
    let fixture = Fixture::start("hub", jupyterhub::start().await?).await?;
    let secret = fixture.create_token_despite_lost_answer("Reports").await?;
    assert_eq!(fixture.hub(&secret).await?, 200);
    assert_eq!(fixture.tokens("/api_tokens").await?, 1);
    // The hub gives its id to the next token.
    let other = fixture.create_token("Harvests").await;
    fixture.is_deleted("Reports").await?;
    assert_eq!(fixture.hub(&secret).await?, 403);
    let third = fixture.create_token("Weather").await;
    let asks = press_button(&fixture.team.rin, "Harvests", "Edit").await;
    assert!(asks.contains("can’t change the scopes or the expiry"), "{asks}");
    fixture.is_deleted("Harvests").await?;
    assert_eq!((fixture.hub(&other).await?, fixture.hub(&third).await?), (403, 200));
    fixture.finish(&[&secret, &other, &third]).await
}
