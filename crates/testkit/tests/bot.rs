//! The bot as a child process: its real binary on a temporary Postgres and the simulated Discord.

use std::time::{Duration, Instant};

use discord_sim::{Discord, Options};
use tempfile::TempDir;
use testkit::bot::{Bot, BotConfig, succeeded};
use testkit::mailbox::Mailbox;
use testkit::postgres::{Database, Postgres};

struct Fixture {
    discord: Discord,
    database: Database,
    mails: TempDir,
}

impl Fixture {
    async fn start() -> Self {
        let postgres = Postgres::shared().await.unwrap();
        Self {
            discord: Discord::start(Options::standard()).await.unwrap(),
            database: postgres.database("bot").await.unwrap(),
            mails: TempDir::new().unwrap(),
        }
    }

    fn config(&self) -> BotConfig {
        BotConfig::standard(&self.discord, &self.database, &Mailbox::new(self.mails.path()))
    }
}

#[tokio::test]
async fn starts_restarts_and_dies() {
    let fixture = Fixture::start().await;
    let bot = Bot::start(&fixture.config()).await.unwrap();
    let gateway = fixture.discord.gateway().unwrap();
    gateway.wait_ready().await.unwrap();
    assert!(!fixture.discord.commands().is_empty(), "it registers its commands");
    let first = bot.process_id().unwrap();

    bot.restart().await.unwrap();
    gateway.wait_ready().await.unwrap();
    assert_ne!(bot.process_id().unwrap(), first);
    assert_eq!(gateway.counters().identifies, 1, "the next process goes on with the session");

    bot.kill().await.unwrap();
    assert!(bot.process_id().is_err());
    gateway.wait_gone(Duration::from_secs(5)).await.unwrap();
    bot.serve().await.unwrap();
    gateway.wait_ready().await.unwrap();

    let written = bot.everything_written().unwrap();
    assert!(written.lines().any(|line| line.contains("\"started\"")), "{written}");
    let passwords = [&fixture.database.url, &fixture.database.owner_url]
        .map(|url| reqwest::Url::parse(url).unwrap().password().unwrap().to_owned());
    let token = discord_sim::standard::TOKEN.to_owned();
    for secret in passwords.into_iter().chain([token]) {
        assert!(!written.contains(&secret), "{secret} was written");
    }
    let id = bot.process_id().unwrap();
    drop(bot);
    assert!(!std::path::Path::new(&format!("/proc/{id}")).exists(), "it ends with its handle");
}

#[tokio::test]
async fn says_why_it_does_not_start() {
    let fixture = Fixture::start().await;
    let mut config = fixture.config();
    config.overrides = toml::from_str("[policy]\napprovals = 1").unwrap();
    let bot = Bot::prepare(&config).await.unwrap();
    let error = succeeded("migrate", &bot.run(&["migrate"]).await.unwrap()).unwrap_err();
    assert!(error.to_string().contains("policy.approvals"), "{error}");

    let unmigrated = Bot::prepare(&fixture.config()).await.unwrap();
    let start = Instant::now();
    let error = unmigrated.serve().await.unwrap_err();
    assert!(error.to_string().contains("countersign migrate"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
}
