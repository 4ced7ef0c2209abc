//! Thousands of main jobs, one after the other on several lanes, while the outside breaks now and
//! then; the bot's memory, descriptors and threads are measured meanwhile and must not grow.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use countersign_playground::discord::{Fault, Options, Person};
use countersign_playground::kills::Watched;
use futures_util::future::try_join_all;

use super::measures::{Measure, Series};
use super::people::People;
use super::{rules, runs};

/// How many jobs there are, with and without `COUNTERSIGN_CHAOS=all`, and what asks for another
/// number.
const JOBS: (usize, usize) = (10_000, 150);
const VARIABLE: &str = "COUNTERSIGN_CHAOS_WORKFLOWS";

/// How many jobs are under way at once, each with people of its own.
const LANES: usize = 24;

/// After how many jobs something breaks again. By time it would be ever more for each job, the longer
/// one waits for what broke.
const BETWEEN_BREAKS: usize = 6;

/// How often it is looked whether it is time.
const LOOKS: Duration = Duration::from_millis(50);

/// For how long the mail server takes no connection, each time.
const NO_MAIL: Duration = Duration::from_secs(1);

/// How often what is over is cleared away, and for how long an interaction may be asked about.
const CLEARS: Duration = Duration::from_secs(2);
const OLD: Duration = Duration::from_secs(90);

/// How long it may take in the end until every mail is out.
const SETTLES: Duration = Duration::from_secs(120);

/// Each person asks for one token after the other; all of them stay.
const SETTINGS: &str = "[policy]\nmax_open_requests = 100";

/// How many jobs this run has.
fn wanted() -> Result<usize> {
    match std::env::var(VARIABLE) {
        Ok(number) => number.parse().with_context(|| format!("{VARIABLE}={number}")),
        Err(_) => Ok(if runs::is_whole() { JOBS.0 } else { JOBS.1 }),
    }
}

/// Plays all jobs, prints what was measured, and fails where something grew.
pub async fn plays() -> Result<()> {
    let jobs = wanted()?;
    let watched = stage().await?;
    let (series, done) = (RefCell::new(Series::default()), Cell::new(0));
    let start = Instant::now();
    let measure = |done: usize| -> Result<()> {
        let measure = Measure::of(watched.stage.bot.process_id()?)?;
        println!("{:>6} jobs, {:>4} s: {measure}", done, start.elapsed().as_secs());
        series.borrow_mut().add(measure);
        Ok(())
    };
    measure(0)?;
    let every = (jobs / Series::LENGTH).max(1);
    let lanes = try_join_all((0..LANES).map(async |lane| {
        let people = people(&watched, lane)?;
        // The lanes take from one heap, so that none is long ready before the others.
        for number in 1.. {
            if done.get() + LANES > jobs + lane {
                break;
            }
            plays_one(&people, &format!("L{lane}N{number}x")).await?;
            done.set(done.get() + 1);
            if done.get().is_multiple_of(every) {
                measure(done.get())?;
            }
        }
        anyhow::Ok(())
    }));
    let mails = RefCell::new(BTreeSet::new());
    tokio::select! {
        ended = lanes => ended.map(drop)?,
        broken = breaks(&watched, &done) => broken?,
        broken = clears(&watched, &mails) => broken?,
    }
    let (played, took) = (done.get(), start.elapsed());
    ends(watched, played, &mails).await?;
    let rate = played as f64 / took.as_secs_f64();
    println!("{played} jobs in {took:.0?}, {rate:.1} a second\n{}", series.borrow());
    series.borrow().has_not_grown()
}

/// The bot behind proxies, saying little, with people for each lane.
async fn stage() -> Result<Watched> {
    let mut options = Options { route_limits: false, ..Options::standard() };
    for lane in 0..LANES {
        options = options
            .with_member(&format!("dev{lane}"), "en-US", false)
            .with_member(&format!("first{lane}"), "en-US", true)
            .with_member(&format!("last{lane}"), "en-US", true);
    }
    Watched::start("endurance", options, |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
        config.environment.push(("RUST_LOG".to_owned(), "error".to_owned()));
    })
    .await
}

fn people(watched: &Watched, lane: usize) -> Result<People<'_>> {
    let stage = &watched.stage;
    let person = |name: &str| stage.person(&format!("{name}{lane}"));
    let (rin, aki, ben) = (person("dev")?, person("first")?, person("last")?);
    Ok(People { stage, rin, aki, ben, chiyo: stage.person("chiyo")? })
}

/// One main job; what is seen of it goes away when it is over, as in a channel that is kept tidy.
async fn plays_one(people: &People<'_>, name: &str) -> Result<()> {
    people.asks("orchard", name).await.with_context(|| name.to_owned())?;
    people.bring_to_collection(name).await.with_context(|| name.to_owned())?;
    people.have_seen_its_end(name).await.with_context(|| name.to_owned())?;
    let mut over = people.rin.dms();
    let cards = people.aki.channel("approvals")?;
    over.extend(cards.into_iter().filter(|card| !card.is_ephemeral() && card.contains(name)));
    over.iter().try_for_each(|message| people.stage.discord.delete_message(message))?;
    [&people.rin, &people.aki, &people.ben].into_iter().for_each(Person::restarts_client);
    Ok(())
}

/// Something of what passes breaks, in turns, for ever.
async fn breaks(watched: &Watched, done: &Cell<usize>) -> Result<()> {
    let discord = &watched.stage.discord;
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
        while done.get() < (turn + 1) * BETWEEN_BREAKS {
            tokio::time::sleep(LOOKS).await;
        }
        match turn % 12 {
            8 => gateway.cut(),
            9 => watched.proxy.cut_all(),
            10 => {
                watched.mail.refuse();
                tokio::time::sleep(NO_MAIL).await;
                watched.mail.admit();
            }
            11 => watched.mail.cut_all(),
            at => discord.fails("*", 1, strikes[at].clone())?,
        }
    }
    Ok(())
}

/// Reads the mails and throws them away, and lets the simulation forget what is over.
async fn clears(watched: &Watched, mails: &RefCell<BTreeSet<String>>) -> Result<()> {
    loop {
        tokio::time::sleep(CLEARS).await;
        reads_mails(watched, mails).await?;
        watched.stage.discord.forgets(OLD);
    }
}

async fn reads_mails(watched: &Watched, mails: &RefCell<BTreeSet<String>>) -> Result<()> {
    let mailbox = watched.stage.mailbox.clone();
    // It waits for files that may still grow.
    let there = tokio::task::spawn_blocking(move || mailbox.all()).await??;
    for mail in there {
        let id = mail.header("Message-ID").context("a mail without an identity")?;
        mails.borrow_mut().insert(id.to_owned());
        std::fs::remove_file(&mail.file)?;
    }
    Ok(())
}

/// All rules hold, as far as the database and the mailbox tell.
async fn ends(watched: Watched, jobs: usize, mails: &RefCell<BTreeSet<String>>) -> Result<()> {
    watched.stage.discord.mends();
    watched.stage.settles_within(SETTLES).await?;
    let mut connection = watched.stage.connect().await?;
    let broken = rules::broken_in_the_database(&mut connection, jobs).await?;
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    // Exim writes what it took a moment later.
    tokio::time::sleep(Duration::from_secs(2)).await;
    reads_mails(&watched, mails).await?;
    let mails = mails.borrow().len();
    ensure!(mails == 2 * jobs, "{mails} mails of {jobs} jobs");
    let violations = watched.stage.discord.violations();
    ensure!(violations.is_empty(), "{violations:?}");
    ensure!(watched.stage.bot.stop().await?.success(), "the bot did not end in order");
    Ok(())
}
