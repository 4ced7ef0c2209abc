//! Postgres as people have it: managed, set up by somebody else, behind a pooler, with a standby.

mod connections;
mod extension;
mod failover;
#[path = "../shared/gateway.rs"]
mod gateway;
mod managed;
mod poolers;
mod servers;

use std::time::Duration;

use discord_sim::{Discord, Options};
use sqlx::{AssertSqlSafe, PgConnection};
use tempfile::TempDir;
use testkit::bot::{Bot, BotConfig};
use testkit::mailbox::Mailbox;
use testkit::postgres::{Database, Postgres};
use url::Url;

/// An empty database, and what a bot needs besides.
struct Place {
    discord: Discord,
    database: Database,
    mails: TempDir,
}

impl Place {
    async fn new(label: &str) -> Self {
        Self::on(&Postgres::shared().await.unwrap(), label).await
    }

    async fn on(postgres: &Postgres, label: &str) -> Self {
        Self {
            discord: Discord::start(Options::standard()).await.unwrap(),
            database: postgres.database(label).await.unwrap(),
            mails: TempDir::new().unwrap(),
        }
    }

    async fn bot(&self) -> Bot {
        self.bot_at(&self.database.url, &self.database.owner_url).await
    }

    /// A bot with these URLs, for itself and for `migrate`.
    async fn bot_at(&self, url: &str, owner_url: &str) -> Bot {
        let mailbox = Mailbox::new(self.mails.path());
        let mut config = BotConfig::standard(&self.discord, &self.database, &mailbox);
        config.database_url = url.to_owned();
        config.owner_url = Some(owner_url.to_owned());
        Bot::prepare(&config).await.unwrap()
    }

    /// What somebody does who may do anything.
    async fn as_admin(&self, statements: &str) {
        let mut admin = self.admin().await;
        let statements = statements.replace("{database}", &self.database.name);
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut admin).await.unwrap();
    }

    async fn admin(&self) -> PgConnection {
        use sqlx::Connection as _;
        PgConnection::connect(&self.database.admin_url).await.unwrap()
    }

    /// One text that the superuser asks for.
    async fn read(&self, query: &'static str) -> Option<String> {
        sqlx::query_scalar(query).fetch_optional(&mut self.admin().await).await.unwrap()
    }
}

/// The exit code, and all output.
async fn runs(bot: &Bot, arguments: &[&str]) -> (i32, String) {
    // `serve` would run for ever if nothing refused.
    let output = tokio::time::timeout(Duration::from_secs(30), bot.run(arguments)).await;
    let output = output.unwrap_or_else(|_| panic!("{arguments:?} did not end")).unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), said)
}

/// Runs it, and expects this code.
#[track_caller]
fn expect(code: i32, (found, said): (i32, String)) -> String {
    assert_eq!(found, code, "{said}");
    said
}

/// A URL with another address.
fn moved(url: &str, change: impl FnOnce(&mut Url)) -> String {
    let mut url: Url = url.parse().unwrap();
    change(&mut url);
    url.into()
}
