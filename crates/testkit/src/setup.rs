//! The whole setup: a database, the simulated Discord, a mailbox and the real bot, for the story and
//! for tests through Discord.
//!
//! A test ends with [`Setup::finish`], which fails if something was left: an unseen message,
//! an unread email, a due job, a body that Discord would refuse.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tempfile::TempDir;

use crate::bot::{Bot, BotConfig, succeeded};
use crate::mailbox::Mailbox;
use crate::postgres::{Database, Postgres, Template};
use crate::proxy::Proxy;
use discord_sim::{Discord, Options, Person};

/// How long the bot may take for due work.
const SETTLE_LIMIT: Duration = Duration::from_secs(20);

/// The pauses between two queries: many setups wait at once, and each query costs them all.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// Work that is left: jobs that are due, or due in a moment since they were put back;
/// outdated cards, waiting notices.
const DUE: &str = "select
    (select count(*) from countersign.jobs
     where (taken_by is not null or due_at <= now() + interval '3 seconds') and kind <> 'sweep')
    + (select count(*) from countersign.cards where shown < wanted)
    + (select count(*) from countersign.notices where state = 'waiting' and not exists (
        -- What waits to be told together with something else is not due.
        select from countersign.jobs where kind = 'send_mail' and subject = notices.id
            and taken_by is null and not is_put_back and due_at > now() + interval '3 seconds'))";

/// Everything that a test needs.
pub struct Setup {
    /// The serving bot.
    pub bot: Bot,
    /// Discord, with its people.
    pub discord: Discord,
    /// The received emails.
    pub mailbox: Mailbox,
    /// The bot's database.
    pub database: Database,
    mails: TempDir,
    /// For the queries below, since connecting takes longer than most of them.
    pool: PgPool,
}

impl Setup {
    /// The standard guild with the standard bot.
    pub async fn start(label: &str) -> Result<Self> {
        Self::with(label, Options::standard(), |_| {}).await
    }

    /// Another guild, or another configuration.
    pub async fn with(
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Result<Self> {
        Self::on(&Postgres::shared().await?, label, options, configure).await
    }

    /// The same on a server that the test may stop.
    pub async fn on(
        postgres: &Postgres,
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Result<Self> {
        let configure = |config: &mut BotConfig| {
            configure(config);
            Ok(())
        };
        Self::set(postgres, label, options, configure).await
    }

    /// The same with the bot behind a proxy, which must be created before [`Postgres::shared`].
    /// Migrations and the test's own queries bypass it.
    pub async fn through(
        proxy: &Proxy,
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Result<Self> {
        let configure = |config: &mut BotConfig| {
            config.database_url = proxy.url(&config.database_url)?;
            configure(config);
            Ok(())
        };
        Self::set(&Postgres::shared().await?, label, options, configure).await
    }

    async fn set(
        postgres: &Postgres,
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig) -> Result<()>,
    ) -> Result<Self> {
        let template = migrated(postgres).await?;
        let database = postgres.database_from(label, &template).await?;
        let mails = TempDir::with_prefix("countersign-mails-").context("a folder for mails")?;
        let discord = Discord::start(options.for_bot("Countersign")).await?;
        let mailbox = Mailbox::new(mails.path());
        let mut config = BotConfig::standard(&discord, &database, &mailbox);
        configure(&mut config)?;
        let bot = Bot::start_migrated(&config).await.context("the bot did not start")?;
        let pool = PgPoolOptions::new().max_connections(2).connect_lazy(&database.admin_url)?;
        Ok(Self { bot, discord, mailbox, database, mails, pool })
    }

    /// A person by their unique name.
    pub fn person(&self, name: &str) -> Result<Person> {
        self.discord.person(name)
    }

    /// The database, as the superuser.
    pub async fn connect(&self) -> Result<PgConnection> {
        PgConnection::connect(&self.database.admin_url).await.context("the bot's database")
    }

    /// Restarts the bot with another configuration; returns the previous one.
    pub async fn restart_with(&self, change: impl FnOnce(&mut toml::Table)) -> Result<toml::Table> {
        let before = self.configure(change)?;
        self.bot.restart().await?;
        Ok(before)
    }

    /// Writes another configuration, for later starts; returns the previous one.
    pub fn configure(&self, change: impl FnOnce(&mut toml::Table)) -> Result<toml::Table> {
        let file = self.bot.config_file();
        let before: toml::Table = toml::from_str(&std::fs::read_to_string(&file)?)?;
        let mut after = before.clone();
        change(&mut after);
        std::fs::write(&file, toml::to_string(&after)?)?;
        Ok(before)
    }

    /// One number from the database.
    pub async fn count(&self, query: &str) -> Result<i64> {
        let query = AssertSqlSafe(query.to_owned());
        Ok(sqlx::query_scalar(query).fetch_one(&self.pool).await?)
    }

    /// The tables in which some row contains this text, in any column.
    pub async fn tables_with(&self, text: &str) -> Result<Vec<String>> {
        let tables: Vec<String> = sqlx::query_scalar(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables
             where table_schema = 'countersign' and table_type = 'BASE TABLE'",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut found = Vec::new();
        for table in tables {
            // Bytes are shown as hexadecimal digits.
            let query = format!(
                "select exists (select from {table} row where row::text like $1 or row::text like $2)"
            );
            let holds: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
                .bind(format!("%{text}%"))
                .bind(format!("%{}%", hex::encode(text)))
                .fetch_one(&self.pool)
                .await?;
            if holds {
                found.push(table);
            }
        }
        Ok(found)
    }

    /// Waits until a query of the database returns this number.
    pub async fn wait_for_count(&self, query: &str, number: i64) -> Result<()> {
        self.wait_for_count_within(query, number, SETTLE_LIMIT).await
    }

    /// The same with another limit.
    pub async fn wait_for_count_within(
        &self,
        query: &str,
        number: i64,
        limit: Duration,
    ) -> Result<()> {
        let (start, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            let found = self.count(query).await?;
            if found == number {
                return Ok(());
            }
            if start.elapsed() > limit {
                bail!("{found}, not {number}; the bot's log:\n{}", self.bot.log());
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits until the bot has no due work left.
    pub async fn settle(&self) -> Result<()> {
        self.settle_within(SETTLE_LIMIT).await
    }

    /// The same with another limit: the jobs of a killed bot are taken over when its lease has ended, 15 s
    /// later at most.
    pub async fn settle_within(&self, limit: Duration) -> Result<()> {
        self.wait_for_count_within(DUE, 0, limit).await.context("things are still due")
    }

    /// Has the mails go out now that wait to be told together with something else.
    pub async fn send_mails_now(&self) -> Result<()> {
        let now = "update countersign.jobs set due_at = now()
                   where kind = 'send_mail' and taken_by is null";
        sqlx::query(now).execute(&self.pool).await?;
        Ok(())
    }

    /// Ends the test's setup, and fails if something is undone, unread, or wrong.
    pub async fn finish(self) -> Result<()> {
        self.settle().await?;
        let mut left: Vec<String> = Vec::new();
        left.extend(self.discord.unread().iter().map(|unread| format!("nobody read:\n{unread}")));
        left.extend(self.mailbox.unread()?.iter().map(|mail| format!("nobody read:\n{mail}")));
        left.extend(self.discord.violations().iter().map(|wrong| format!("{wrong:?}")));
        let status = self.bot.stop().await?;
        // No fault from outside makes the database refuse its own application.
        let log = self.bot.log();
        left.extend(
            log.lines().filter(|line| line.contains("permission denied for")).map(str::to_owned),
        );
        if !status.success() {
            left.push(format!("the bot stopped with {status}"));
        }
        // Dropping a database blocks; a client that is just connecting through
        // a proxy of this thread could not continue in the meantime.
        tokio::task::spawn_blocking(move || drop(self)).await?;
        if left.is_empty() {
            return Ok(());
        }
        bail!("{}\nthe bot's log:\n{log}", left.join("\n\n"))
    }

    /// The folder for emails, beside the mailbox.
    pub fn mail_folder(&self) -> &std::path::Path {
        self.mails.path()
    }
}

/// A database on which the bot's `migrate` ran, to copy.
pub async fn migrated(postgres: &Postgres) -> Result<Template> {
    let binary = crate::bot::binary_identity().await?;
    let prepare = async |database: &Database| {
        let mails = TempDir::new()?;
        let discord = Discord::start(Options::standard()).await?;
        let mailbox = Mailbox::new(mails.path());
        let bot = Bot::prepare(&BotConfig::standard(&discord, database, &mailbox)).await?;
        succeeded("migrate", &bot.run(&["migrate"]).await?)
    };
    postgres.template(&format!("migrated_{binary}"), prepare).await
}
