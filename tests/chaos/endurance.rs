//! Thousands of main jobs, one after the other on several lanes, while the outside breaks now and
//! then; the bot's memory, descriptors and threads are measured meanwhile and must not grow.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use discord_sim::{Fault, Options};
use futures_util::future::try_join_all;
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::stage::Stage;

use super::measures::{Measure, Series};
use super::people::{People, is_of};
use super::{rules, runs};

/// How many jobs there are, with and without `COUNTERSIGN_CHAOS=all`, and what asks for another
/// number.
const JOBS: (usize, usize) = (10_000, 96);
const VARIABLE: &str = "COUNTERSIGN_CHAOS_WORKFLOWS";

/// How many jobs are under way at once, each with people of its own.
const LANES: usize = 32;

/// How many pairs of admins there are. One person's presses are worked on four at a time.
const PAIRS: usize = 8;

/// After how many jobs something breaks again. By time it would be ever more for each job, the longer
/// one waits for what broke.
const BETWEEN_BREAKS: usize = 10;

/// How often it is looked whether it is time.
const LOOKS: Duration = Duration::from_millis(50);

/// For how long no mail can be written, each time. They go into a folder: a real server would take most
/// of the processor, and has tests of its own.
const NO_MAIL: Duration = Duration::from_secs(1);

/// How often what is over is cleared away, and for how long an interaction may be asked about.
const CLEARS: Duration = Duration::from_secs(5);
const OLD: Duration = Duration::from_secs(90);

/// How long it may take in the end until every mail is out.
const SETTLES: Duration = Duration::from_secs(120);

/// Each person asks for one token after the other; all of them stay.
const SETTINGS: &str = "[policy]\nmax_open_requests = 100";

/// How many jobs this run has, and whether that is enough for what grows to show.
fn wanted() -> Result<(usize, bool)> {
    match std::env::var(VARIABLE) {
        Ok(number) => Ok((number.parse().with_context(|| format!("{VARIABLE}={number}"))?, true)),
        Err(_) if runs::is_whole() => Ok((JOBS.0, true)),
        Err(_) => Ok((JOBS.1, false)),
    }
}

/// Plays all jobs, prints what was measured, and fails where something grew.
pub async fn plays() -> Result<()> {
    let (jobs, is_measured) = wanted()?;
    let fixture = fixture().await?;
    let (series, done) = (RefCell::new(Series::default()), &fixture.done);
    let start = Instant::now();
    let measure = |done: usize| -> Result<()> {
        let measure = Measure::of(fixture.stage.bot.process_id()?)?;
        println!("{:>6} jobs, {:>4} s: {measure}", done, start.elapsed().as_secs());
        series.borrow_mut().add(measure);
        Ok(())
    };
    measure(0)?;
    let every = (jobs / Series::LENGTH).max(1);
    let lanes = try_join_all((0..LANES).map(async |lane| {
        let people = people(&fixture, lane)?;
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
    tokio::select! {
        ended = lanes => ended.map(drop)?,
        broken = breaks(&fixture) => broken?,
        broken = clears(&fixture) => broken?,
    }
    let (played, took) = (done.get(), start.elapsed());
    ends(fixture).await?;
    let rate = played as f64 / took.as_secs_f64();
    println!("{played} jobs in {took:.0?}, {rate:.1} a second\n{}", series.borrow());
    if is_measured { series.borrow().has_not_grown() } else { Ok(()) }
}

/// What is played on, and what is read of it.
struct Fixture {
    stage: Stage,
    proxy: Proxy,
    /// The proxy leads to this one.
    _postgres: Postgres,
    done: Cell<usize>,
    /// The identities of all mails.
    mails: RefCell<BTreeSet<String>>,
}

impl Fixture {
    /// Where the folder for mails is when it is away.
    fn away(&self) -> PathBuf {
        self.stage.mail_folder().with_extension("away")
    }
}

/// The bot behind a proxy, saying little, with people for each lane.
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
    let stage = Stage::through(&proxy, "endurance", options, |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
        config.environment.push(("RUST_LOG".to_owned(), "error".to_owned()));
    });
    let stage = stage.await?;
    Ok(Fixture {
        stage,
        proxy,
        _postgres: postgres,
        done: Cell::default(),
        mails: RefCell::default(),
    })
}

fn people(fixture: &Fixture, lane: usize) -> Result<People<'_>> {
    let stage = &fixture.stage;
    let person = |name: &str, number: usize| stage.person(&format!("{name}{number}"));
    let pair = lane % PAIRS;
    let (rin, aki, ben) = (person("dev", lane)?, person("first", pair)?, person("last", pair)?);
    Ok(People { stage, rin, aki, ben, chiyo: stage.person("chiyo")? })
}

/// One main job; what is seen of it goes away when it is over, as in a channel that is kept tidy.
async fn plays_one(people: &People<'_>, name: &str) -> Result<()> {
    people.asks("orchard", name).await.with_context(|| name.to_owned())?;
    people.bring_to_collection(name).await.with_context(|| name.to_owned())?;
    people.have_seen_its_end(name).await.with_context(|| name.to_owned())?;
    let mut over = people.rin.dms();
    let cards = people.aki.channel("approvals")?;
    over.extend(cards.into_iter().filter(|card| is_of(card, name)));
    over.iter().try_for_each(|message| people.stage.discord.delete_message(message))?;
    people.rin.restarts_client();
    Ok(())
}

/// Something of what passes breaks, in turns, for ever.
async fn breaks(fixture: &Fixture) -> Result<()> {
    let discord = &fixture.stage.discord;
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
                std::fs::rename(fixture.stage.mail_folder(), fixture.away())?;
                tokio::time::sleep(NO_MAIL).await;
                std::fs::rename(fixture.away(), fixture.stage.mail_folder())?;
            }
            at => discord.fails("*", 1, strikes[at].clone())?,
        }
    }
    Ok(())
}

/// Reads the mails and throws them away, lets the simulation forget what is over, and does what a
/// real Postgres does by itself: without it, the queue's table is soon full of dead rows.
async fn clears(fixture: &Fixture) -> Result<()> {
    let mut connection = fixture.stage.connect().await?;
    loop {
        sqlx::raw_sql("vacuum analyze").execute(&mut connection).await?;
        tokio::time::sleep(CLEARS).await;
        reads_mails(fixture).await?;
        // Whose press was not answered yet presses again.
        for pair in 0..PAIRS {
            people(fixture, pair)?.aki.restarts_client();
            people(fixture, pair)?.ben.restarts_client();
        }
        fixture.stage.discord.forgets(OLD);
    }
}

async fn reads_mails(fixture: &Fixture) -> Result<()> {
    let mailbox = fixture.stage.mailbox.clone();
    // It waits for files that may still grow.
    let there = tokio::task::spawn_blocking(move || mailbox.all()).await?;
    // Nothing is read while the folder is away.
    for mail in there.unwrap_or_default() {
        let id = mail.header("Message-ID").context("a mail without an identity")?;
        fixture.mails.borrow_mut().insert(id.to_owned());
        // Where the folder is away, it is read and thrown away the next time.
        let _ = std::fs::remove_file(&mail.file);
    }
    Ok(())
}

/// All rules hold, as far as the database and the mailbox tell.
async fn ends(fixture: Fixture) -> Result<()> {
    let jobs = fixture.done.get();
    fixture.stage.discord.mends();
    // The last job may have ended while it was away.
    if fixture.away().exists() {
        std::fs::rename(fixture.away(), fixture.stage.mail_folder())?;
    }
    if let Err(error) = fixture.stage.settles_within(SETTLES).await {
        return Err(error.context(still_due(&fixture.stage).await?));
    }
    let mut connection = fixture.stage.connect().await?;
    let broken = rules::broken_in_the_database(&mut connection, jobs).await?;
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    reads_mails(&fixture).await?;
    let mails = fixture.mails.borrow().len();
    ensure!(mails == 2 * jobs, "{mails} mails of {jobs} jobs");
    let violations = fixture.stage.discord.violations();
    ensure!(violations.is_empty(), "{violations:?}");
    ensure!(fixture.stage.bot.stop().await?.success(), "the bot did not end in order");
    Ok(())
}

/// What was not done in time, for whoever has to find out why.
async fn still_due(stage: &Stage) -> Result<String> {
    let query = "select concat_ws(' ', 'job', id, payload, run_at - now(), attempts, locked_by,
            case when locked_by in (select id from graphile_worker._private_workers)
                then 'who lives' end)
        from graphile_worker._private_jobs where run_at < now() + interval '1 minute'
        union all select concat_ws(' ', 'card of', request_id, wanted, shown, rendering_until - now())
        from countersign.cards where shown < wanted
        union all select concat_ws(' ', 'notice', id, kind, medium, now() - created_at)
        from countersign.notices where state = 'waiting'";
    let mut connection = stage.connect().await?;
    let rows: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut connection).await?;
    Ok(rows.join("\n"))
}
