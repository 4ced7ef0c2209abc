//! A disk becomes full while many main jobs run: that of Postgres, with and without its write-ahead log on
//! it, or the bot's own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use discord_sim::{Options, Person, Seen};
use testkit::disk::Disk;
use testkit::postgres::{Postgres, Wal};
use testkit::setup::Setup;

use super::outage::{self, SETTINGS};
use super::processor;

/// Enough for Postgres and its databases, with little to spare.
const SIZE: u64 = 120 << 20;

/// What is left when the jobs have begun: less than the bot accepts.
const ROOM: u64 = 192 << 10;

/// How long until it is full, and until the bot must have noticed.
const BEFORE: Duration = Duration::from_millis(1_500);
const NOTICED: Duration = Duration::from_secs(40);

/// How long it stays full after the bot has noticed.
const FULL: Duration = Duration::from_secs(8);

/// How much of a core the bot may use while the people of sixteen jobs press again and again.
const SHARE: f64 = 0.5;

/// More than the reserved space of the write-ahead log.
const MESSAGES: usize = 60;

/// How much of people's answers is shown.
const TOLD: usize = 160;

/// What may be incomplete at the end of a file on a full disk.
const PAGE: usize = 4 << 10;

/// How many lines it may log in a second.
const LINES: f64 = 60.0;

/// Postgres refuses what needs more space, and keeps running.
pub async fn data() -> Result<()> {
    play(Wal::Elsewhere).await
}

/// Postgres stops, and starts again when there is space.
pub async fn data_and_log() -> Result<()> {
    play(Wal::Beside).await
}

async fn play(wal: Wal) -> Result<()> {
    let disk = Arc::new(Disk::new(SIZE)?);
    let postgres = Postgres::start_on(disk.clone(), wal).await?;
    let setup = Setup::on(&postgres, "full", options(), |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
    })
    .await?;
    let process = setup.bot.process_id()?;
    let outage = async |setup: &Setup| {
        tokio::time::sleep(BEFORE).await;
        disk.leave(ROOM)?;
        is_told(setup, wal).await?;
        // Now really nothing.
        disk.leave(0)?;
        match wal {
            Wal::Elsewhere => refuse(setup).await?,
            Wal::Beside => stops(setup).await?,
        }
        is_full(setup).await?;
        disk.clear()?;
        if postgres.process_id().is_err() {
            println!("Postgres had stopped, and is started again");
            postgres.start_again().await?;
        }
        let ready = setup.bot.wait_ready().await;
        ensure!(setup.bot.process_id()? == process, "the bot was started anew");
        ready
    };
    outage::play(setup, outage).await
}

fn options() -> Options {
    Options { route_limits: false, ..Options::standard() }
}

/// There is no room for more.
async fn refuse(setup: &Setup) -> Result<()> {
    let mut connection = setup.connect().await?;
    let writes = "create table filler as select repeat('x', 2000) from generate_series(1, 1000)";
    let refused = sqlx::query(writes).execute(&mut connection).await.err();
    let refused = refused.context("it was not full")?.to_string();
    ensure!(refused.contains("No space left"), "{refused}");
    Ok(())
}

/// Others write to the log too, until it needs more space and Postgres stops.
async fn stops(setup: &Setup) -> Result<()> {
    let mut connection = setup.connect().await?;
    let writes = "select pg_logical_emit_message(true, 'filler', repeat('x', 500000))";
    for _ in 0..MESSAGES {
        if sqlx::query(writes).execute(&mut connection).await.is_err() {
            return Ok(());
        }
    }
    bail!("its log found room")
}

/// The bot reports that it can't work, and why.
async fn is_told(setup: &Setup, wal: Wal) -> Result<()> {
    let start = Instant::now();
    let said = loop {
        let (status, said) = readiness(setup).await?;
        if status == 503 {
            break said;
        }
        ensure!(start.elapsed() < NOTICED, "it never says that it is not ready: {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let why = if wal == Wal::Elsewhere { "no room" } else { "the database" };
    ensure!(said.contains(why), "{said}");
    println!("noticed after {:.1?}: {said}", start.elapsed());
    Ok(())
}

/// It answers every press, and neither spins nor floods the log.
async fn is_full(setup: &Setup) -> Result<()> {
    let before = lines(setup);
    let (since, process) = (Instant::now(), setup.bot.process_id()?);
    let (share, pressed) = tokio::join!(
        processor::share(process, FULL),
        is_answered(setup.person("ben")?.patient(Duration::from_secs(20)))
    );
    let written = (lines(setup) - before) as f64 / since.elapsed().as_secs_f64();
    let (share, pressed) = (share?, pressed?);
    println!(
        "full: {:.0} % of a core, {written:.0} lines a second; told: {pressed:#?}",
        share * 100.0
    );
    ensure!(share < SHARE, "it uses {share:.2} of a core");
    ensure!(written < LINES, "it logs {written:.0} lines a second");
    Ok(())
}

/// Requests a token in the meantime, three times; returns the answers, one a line.
async fn is_answered(person: Person) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for _ in 0..3 {
        let text = match person.type_command("/token request provider:orchard").await? {
            // If no token can be requested, only the form shows it.
            Seen::Modal(form) if form.labels().is_empty() => format!("{} {:?}", form, form.json()),
            Seen::Modal(mut form) => {
                form.fill("Token name", "Meanwhile")?.fill("Description", "Reads harvests")?;
                form.submit().await?.message()?.to_string()
            }
            other => other.private()?.to_string(),
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        told.push(words.join(" ").chars().take(TOLD).collect());
    }
    Ok(told)
}

async fn readiness(setup: &Setup) -> Result<(u16, String)> {
    let response = reqwest::get(format!("{}/readyz", setup.bot.url()?)).await?;
    Ok((response.status().as_u16(), response.text().await?))
}

fn lines(setup: &Setup) -> usize {
    setup.bot.log().lines().count()
}

/// Emails go into a folder on the full disk, and so does the log.
pub async fn the_bots_own() -> Result<()> {
    let disk = Disk::new(4 << 20)?;
    let mails = disk.folder().join("mails");
    std::fs::create_dir(&mails)?;
    let setup = Setup::with("own disk", options(), |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
        config.mail_url = format!("file://{}", mails.display());
    });
    let mut setup = setup.await?;
    setup.mailbox = testkit::mailbox::Mailbox::new(&mails);
    let (log, there) = (setup.bot.folder().join("log/serve-1.log"), disk.folder().join("log"));
    setup.bot.stop().await?;
    std::fs::copy(&log, &there)?;
    std::fs::remove_file(&log)?;
    std::os::unix::fs::symlink(&there, &log)?;
    setup.bot.serve().await?;
    let process = setup.bot.process_id()?;
    let full = async |setup: &Setup| {
        tokio::time::sleep(BEFORE).await;
        disk.leave(0)?;
        let (mails, written) = (setup.mailbox.all()?.len(), setup.bot.log().len());
        is_answered(setup.person("ben")?).await?;
        tokio::time::sleep(FULL).await;
        let collected = "select count(*) from countersign.tokens where state = 'active'";
        ensure!(setup.count(collected).await? > 0, "tokens wait for mails, or for the log");
        let (mails_now, written_now) = (setup.mailbox.all()?.len(), setup.bot.log().len());
        ensure!(mails_now <= mails + 1, "{} mails found room", mails_now - mails);
        ensure!(written_now <= written + PAGE, "{} bytes found room", written_now - written);
        disk.clear()?;
        ensure!(setup.bot.process_id()? == process, "the bot was started anew");
        Ok(())
    };
    outage::play(setup, full).await?;
    Ok(())
}
