//! The playground's default: everything that the page needs, started and ended in order.

use std::{os::unix::process::ExitStatusExt as _, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use discord_sim::{Discord, Options};
use tempfile::TempDir;
use testkit::{
    bot::{Bot, BotConfig},
    mailbox::Mailbox,
    mock_upstream::Upstream,
    postgres::{Database, Durability, Postgres},
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::page::{PEOPLE, Page};

/// How long the bot may run: without a limit in this program.
const FOR_EVER: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Tokens of the provider `orchard` can be tried.
const VERIFIES: &str = "[verify]\nlisten = \"127.0.0.1:0\"\nheaders = \"forwarded\"";

/// Everything beside the page, in the order in which it ends.
struct Environment {
    bot: Bot,
    discord: Arc<Discord>,
    /// The API that makes the tokens of the provider `registry`.
    _upstream: Upstream,
    mailbox: Mailbox,
    /// Holds the emails; deleted with this value.
    _mails: TempDir,
    /// The last handle on the server, which ends with it.
    _database: Database,
}

/// Serves the page until Ctrl-C or SIGTERM. If the bot is killed, it is started again, as by a service
/// manager would.
///
/// # Errors
/// Something is missing, which the error names, or the bot ended by itself.
pub async fn run(port: u16) -> Result<()> {
    // Before anything else, so that a signal always leads to a clean-up.
    let mut signals = Signals::listen()?;
    let starting = Environment::start();
    let environment = tokio::select! {
        environment = starting => environment?,
        () = signals.next() => return Ok(()),
    };
    let page = start_page(&environment, port).await?;
    greet(&page);
    let ended = tokio::select! {
        () = signals.next() => Ok(()),
        ended = keep_running(&environment.bot) => ended,
    };
    page.stop().await;
    ended?;
    environment.end().await
}

/// Returns when the bot ended by itself, or can't start.
async fn keep_running(bot: &Bot) -> Result<()> {
    loop {
        print_bot(bot)?;
        let status = bot.wait_for_end(FOR_EVER).await?;
        if status.signal().is_none() {
            bail!("the bot ended by itself ({status}); its log:\n{}", bot.log());
        }
        println!("\nThe bot was killed. Starting it again …");
        bot.serve().await?;
    }
}

impl Environment {
    async fn start() -> Result<Self> {
        println!("Starting a temporary Postgres …");
        let postgres = Postgres::start(Durability::Fast).await?;
        postgres.leave_terminal().await?;
        let database = postgres.database("play").await?;
        println!("Starting the simulated Discord and the bot …");
        let discord = Discord::start(Options::standard().for_bot("Countersign")).await?;
        let mails = TempDir::with_prefix("countersign-mails-").context("a folder for mails")?;
        let mailbox = Mailbox::new(mails.path());
        let upstream = Upstream::start().await?;
        let mut config = BotConfig::standard(&discord, &database, &mailbox);
        config.providers.push(upstream.provider(&config.providers[0]));
        config.overrides = toml::from_str(VERIFIES)?;
        let bot = Bot::start(&config).await.context("the bot did not start")?.keeping_its_address();
        let (discord, _upstream) = (Arc::new(discord), upstream);
        Ok(Self { bot, discord, _upstream, mailbox, _mails: mails, _database: database })
    }

    async fn end(self) -> Result<()> {
        println!("\nStopping the bot …");
        let status = self.bot.stop().await?;
        if !status.success() {
            bail!("the bot stopped with {status}; its log:\n{}", self.bot.log());
        }
        println!("Stopping Postgres …");
        // Dropping a server waits for its processes.
        tokio::task::spawn_blocking(move || drop(self)).await.context("the end")?;
        println!("Everything has ended, and nothing is left behind.");
        Ok(())
    }
}

/// The page, on another port if that one is taken.
async fn start_page(environment: &Environment, port: u16) -> Result<Page> {
    let start =
        |port| Page::start(Arc::clone(&environment.discord), environment.mailbox.clone(), port);
    match start(port).await {
        Ok(page) => Ok(page),
        Err(error) => {
            println!("{error:#}; taking a free one.");
            start(0).await
        }
    }
}

fn greet(page: &Page) {
    println!("\nOpen {} in a browser. There you are, in turn:", page.url());
    for (name, about) in PEOPLE {
        println!("  {name:<6} {about}");
    }
    println!("Begin as rin with /token request. Ctrl-C ends everything.");
}

/// The data that differs at each start.
fn print_bot(bot: &Bot) -> Result<()> {
    println!(
        "\nThe bot is process {}. Kill it at a bad moment: it starts again.",
        bot.process_id()?
    );
    println!("What a token of the provider orchard opens:");
    let address = bot.verify_address()?;
    println!("  curl -i http://{address}/v1/authorize -H 'Authorization: Bearer AUTH_TOKEN' \\");
    println!("    -H 'X-Forwarded-Method: GET' -H 'X-Forwarded-Uri: /Orchards/ACCOUNT_SID/Trees'");
    Ok(())
}

/// The signals that end the program.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("signals can't be listened for");
        let interrupt = listen(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: listen(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
