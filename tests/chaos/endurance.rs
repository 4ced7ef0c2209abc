//! Thousands of main jobs on several lanes, while something outside fails now and then. The bot's memory,
//! descriptors and threads are measured and must not grow.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use discord_sim::{Fault, Options};
use futures_util::future::try_join_all;
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::setup::Setup;

use super::measures::{Measure, Series};
use super::people::{People, is_of};
use super::{rules, runs};

/// How many jobs there are, with and without `COUNTERSIGN_CHAOS=all`, and the variable for another number.
const JOBS: (usize, usize) = (10_000, 96);
const VARIABLE: &str = "COUNTERSIGN_CHAOS_WORKFLOWS";

/// How many jobs run at a time, each with its own people.
const LANES: usize = 32;

/// How many pairs of admins there are. One person's presses are handled four at a time.
const PAIRS: usize = 8;

/// After how many jobs something fails again. If it went by time, slow jobs would meet ever more failures.
const BETWEEN_BREAKS: usize = 10;

/// How often it checks whether the next failure is due.
const LOOKS: Duration = Duration::from_millis(50);

/// How long emails can't be written each time. They go into a folder: a real server would use most of the
/// processor, and has its own tests.
const NO_MAIL: Duration = Duration::from_secs(1);

/// How often finished things are removed, and how long an interaction may be looked up.
const CLEARS: Duration = Duration::from_secs(5);
const OLD: Duration = Duration::from_secs(90);

/// How long it may take at the end until every mail is sent.
const SETTLES: Duration = Duration::from_secs(120);

/// Each person requests one token after the other; all of them stay.
const SETTINGS: &str = "[policy]\nmax_open_requests = 100";

/// How many jobs this run has, and whether that is enough to see growth.
fn read_job_count() -> Result<(usize, bool)> {
    match std::env::var(VARIABLE) {
        Ok(number) => Ok((number.parse().with_context(|| format!("{VARIABLE}={number}"))?, true)),
        Err(_) if runs::is_whole() => Ok((JOBS.0, true)),
        Err(_) => Ok((JOBS.1, false)),
    }
}

/// Runs all jobs, prints the measurements, and fails if something grew.
pub async fn run_jobs() -> Result<()> {
    let (jobs, is_measured) = read_job_count()?;
    let fixture = fixture().await?;
    let (series, done) = (RefCell::new(Series::of(jobs)), &fixture.done);
    let start = Instant::now();
    let measure = |done: usize| -> Result<()> {
        let measure = Measure::of(fixture.setup.bot.process_id()?, fixture.proxy.address())?;
        println!("{:>6} jobs, {:>4} s: {measure}", done, start.elapsed().as_secs());
        series.borrow_mut().add(measure);
        Ok(())
    };
    measure(0)?;
    let every = (jobs / Series::LENGTH).max(1);
    let lanes = try_join_all((0..LANES).map(async |lane| {
        let people = people(&fixture, lane)?;
        // The lanes share one counter, so that none ends long before the others.
        for number in 1.. {
            if done.get() + LANES > jobs + lane {
                break;
            }
            run_one_job(&people, &format!("L{lane}N{number}x")).await?;
            done.set(done.get() + 1);
            if done.get().is_multiple_of(every) {
                measure(done.get())?;
            }
        }
        anyhow::Ok(())
    }));
    tokio::select! {
        ended = lanes => ended.map(drop)?,
        broken = break_connections(&fixture) => broken?,
        broken = clear(&fixture) => broken?,
    }
    let (played, took) = (done.get(), start.elapsed());
    finish(fixture).await?;
    let rate = played as f64 / took.as_secs_f64();
    println!("{played} jobs in {took:.0?}, {rate:.1} a second\n{}", series.borrow());
    if is_measured { series.borrow().check_growth() } else { Ok(()) }
}

/// What a run uses and measures.
struct Fixture {
    setup: Setup,
    proxy: Proxy,
    /// The proxy leads to this one.
    _postgres: Postgres,
    done: Cell<usize>,
    /// The identities of all emails.
    mails: RefCell<BTreeSet<String>>,
}

impl Fixture {
    /// Where the folder for emails is while it is missing.
    fn away(&self) -> PathBuf {
        self.setup.mail_folder().with_extension("away")
    }
}

/// The bot behind a proxy, with a terse log and people for each lane.
async fn fixture() -> Result<Fixture> {
    let mut options = Options { route_limits: false, ..Options::standard() };
    for lane in 0..LANES {
        options = options.with_member(&format!("dev{lane}"), "en-US", false);
    }
    for pair in 0..PAIRS {
        options = options.with_member(&format!("first{pair}"), "en-US", true).with_member(
            &format!("last{pair}"),
            "en-US",
            true,
        );
    }
    let postgres = Postgres::shared().await?;
    let proxy = Proxy::counting(&postgres.admin_url(), |_| false).await?;
    let setup = Setup::through(&proxy, "endurance", options, |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
        config.environment.push(("RUST_LOG".to_owned(), "error".to_owned()));
    });
    let setup = setup.await?;
    Ok(Fixture {
        setup,
        proxy,
        _postgres: postgres,
        done: Cell::default(),
        mails: RefCell::default(),
    })
}

fn people(fixture: &Fixture, lane: usize) -> Result<People<'_>> {
    let setup = &fixture.setup;
    let person = |name: &str, number: usize| setup.person(&format!("{name}{number}"));
    let pair = lane % PAIRS;
    let (rin, aki, ben) = (person("dev", lane)?, person("first", pair)?, person("last", pair)?);
    Ok(People { setup, rin, aki, ben, chiyo: setup.person("chiyo")? })
}

/// One main job; its messages are deleted afterwards, as in a channel that is kept tidy.
async fn run_one_job(people: &People<'_>, name: &str) -> Result<()> {
    people.ask("orchard", name).await.with_context(|| name.to_owned())?;
    people.bring_to_collection(name).await.with_context(|| name.to_owned())?;
    people.have_seen_its_end(name).await.with_context(|| name.to_owned())?;
    let mut over = people.rin.dms();
    let cards = people.aki.channel("approvals")?;
    over.extend(cards.into_iter().filter(|card| is_of(card, name)));
    over.iter().try_for_each(|message| people.setup.discord.delete_message(message))?;
    people.rin.restart_client();
    Ok(())
}

/// Breaks one connection after another, for ever.
async fn break_connections(fixture: &Fixture) -> Result<()> {
    let discord = &fixture.setup.discord;
    let gateway = discord.gateway().context("no gateway")?;
    let strikes = [
        Fault::status(500),
        Fault::DropBefore,
        Fault::status(503),
        Fault::DropAfter,
        Fault::route_limit(0.3),
        Fault::Truncate,
        Fault::DelayAnswer(Duration::from_secs(1)),
        Fault::status(502),
    ];
    for turn in 0.. {
        while fixture.done.get() < (turn + 1) * BETWEEN_BREAKS {
            tokio::time::sleep(LOOKS).await;
        }
        match turn % 11 {
            8 => gateway.cut(),
            9 => fixture.proxy.cut_all(),
            10 => {
                std::fs::rename(fixture.setup.mail_folder(), fixture.away())?;
                tokio::time::sleep(NO_MAIL).await;
                std::fs::rename(fixture.away(), fixture.setup.mail_folder())?;
            }
            at => discord.fail("*", 1, strikes[at].clone())?,
        }
    }
    Ok(())
}

/// Reads and deletes the emails, makes the simulation forget what is over, and vacuums as a real Postgres
/// does: otherwise the queue's table is soon full of dead rows.
async fn clear(fixture: &Fixture) -> Result<()> {
    let mut connection = fixture.setup.connect().await?;
    loop {
        sqlx::raw_sql("vacuum analyze").execute(&mut connection).await?;
        tokio::time::sleep(CLEARS).await;
        read_mails(fixture).await?;
        // A person whose press was not answered presses again.
        for pair in 0..PAIRS {
            people(fixture, pair)?.aki.restart_client();
            people(fixture, pair)?.ben.restart_client();
        }
        fixture.setup.discord.forget(OLD);
    }
}

async fn read_mails(fixture: &Fixture) -> Result<()> {
    let mailbox = fixture.setup.mailbox.clone();
    // It waits for files that may still grow.
    let there = tokio::task::spawn_blocking(move || mailbox.all()).await?;
    // Nothing is read while the folder is missing.
    for mail in there.unwrap_or_default() {
        let id = mail.header("Message-ID").context("a mail without an identity")?;
        fixture.mails.borrow_mut().insert(id.to_owned());
        // If the folder is missing, it is read the next time.
        let _ = std::fs::remove_file(&mail.file);
    }
    Ok(())
}

/// All rules hold, as far as database and mailbox show.
async fn finish(fixture: Fixture) -> Result<()> {
    let jobs = fixture.done.get();
    fixture.setup.discord.clear_faults();
    // The last job may have ended while the folder was missing.
    if fixture.away().exists() {
        std::fs::rename(fixture.away(), fixture.setup.mail_folder())?;
    }
    if let Err(error) = fixture.setup.settle_within(SETTLES).await {
        return Err(error.context(still_due(&fixture.setup).await?));
    }
    let mut connection = fixture.setup.connect().await?;
    let broken = rules::broken_in_the_database(&mut connection, jobs).await?;
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    read_mails(&fixture).await?;
    let mails = fixture.mails.borrow().len();
    // One of the creation and the collection.
    ensure!(mails == jobs, "{mails} mails of {jobs} jobs");
    let violations = fixture.setup.discord.violations();
    ensure!(violations.is_empty(), "{violations:?}");
    ensure!(fixture.setup.bot.stop().await?.success(), "the bot did not end in order");
    Ok(())
}

/// What was not done in time, to find out why.
async fn still_due(setup: &Setup) -> Result<String> {
    let query = "select concat_ws(' ', 'job', kind, subject, due_at - now(), failures, leased_until - now())
        from countersign.jobs where due_at < now() + interval '1 minute'
        union all select concat_ws(' ', 'card of', request_id, wanted, shown, rendering_until - now())
        from countersign.cards where shown < wanted
        union all select concat_ws(' ', 'notice', id, kind, medium, now() - created_at)
        from countersign.notices where state = 'waiting'";
    let mut connection = setup.connect().await?;
    let rows: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut connection).await?;
    Ok(rows.join("\n"))
}
