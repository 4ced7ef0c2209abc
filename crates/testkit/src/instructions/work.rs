//! What one workflow, one *Approve* and one answer of `/v1/authorize` take.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use discord_sim::Options;
use reqwest::Client;

use super::{Callgrind, Part};
use crate::postgres::Postgres;
use crate::team::Team;

/// How many workflows are played, after one that warms up.
pub const WORKFLOWS: usize = 3;

/// What answers. A token is asked about for the first time only once, and that is little beside what the clock brings: of
/// it this function alone counts, with all that it calls.
const AUTHORIZE: &str = "countersign::web::authorize::authorize";

/// How often each token's secret is asked about once it is cached.
const QUESTIONS: usize = 40;

/// How long it is watched what is done while nobody does anything, the least frequent of it each five seconds.
const IDLING: Duration = Duration::from_secs(6);

/// How long people and Discord wait. The bot is some fifty times slower than else.
const PATIENCE: Duration = Duration::from_secs(60);

const SETTINGS: &str = "[verify]
    listen = \"127.0.0.1:0\"
    headers = \"forwarded\"
    trusted_proxies = [\"127.0.0.1/32\"]
    introspection_clients = []
    [policy]
    max_open_requests = 100";

/// What something took.
pub struct Work {
    /// What it is.
    pub what: &'static str,
    /// How many instructions, with what the clock brings taken off.
    pub instructions: f64,
    /// The fewest and the most that were seen.
    pub range: [f64; 2],
    /// How many each function of the bot's own took, with all that it called.
    pub functions: BTreeMap<String, f64>,
}

impl Work {
    /// The functions that took the most, that one first.
    pub fn largest(&self, count: usize) -> Vec<(&str, f64)> {
        let functions = self.functions.iter().map(|(name, count)| (name.as_str(), *count));
        let mut functions: Vec<(&str, f64)> = functions.collect();
        functions.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        functions.truncate(count);
        functions
    }
}

/// Plays workflows and asks about their tokens, and counts what each takes.
///
/// # Errors
/// Valgrind is missing, or something is not as it should be.
pub async fn measure(label: &str) -> Result<Vec<Work>> {
    let mut players = Players::start(label).await?;
    let (_, secret) = players.play("Warms up").await?;
    players.ask(&secret, 1).await?;
    players.team.wait_for_sweep().await;
    players.watch_idling().await?;
    let (mut approvals, mut workflows, mut secrets) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..WORKFLOWS {
        let (parts, secret) = players.play(&format!("Reports {number}")).await?;
        approvals.push(parts[1].clone());
        workflows.push(Sample::sum(parts));
        secrets.push(secret);
    }
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for secret in &secrets {
        first.push(players.ask(secret, 1).await?);
    }
    for secret in &secrets {
        later.push(players.ask(secret, QUESTIONS).await?);
    }
    let stopped = players.team.setup.bot.stop().await?;
    ensure!(stopped.success(), "the bot stopped with {stopped}");
    for sample in &mut first {
        let functions = sample.functions().await?;
        sample.instructions = *functions.get(AUTHORIZE).with_context(|| no_function(AUTHORIZE))?;
    }
    let median = WORKFLOWS / 2;
    Ok(vec![
        summarize("a whole workflow", workflows, median).await?,
        summarize("the first *Approve* of two, with its card", approvals, median).await?,
        // More are needed once on each connection of the database's.
        summarize("`/v1/authorize` of a token that is not cached", first, 0).await?,
        summarize("`/v1/authorize` of a token that is cached", later, median).await?,
    ])
}

fn no_function(name: &str) -> String {
    format!("{name} was not called, or has another name now")
}

/// What was counted while something was done a number of times.
#[derive(Clone)]
struct Sample {
    /// Instructions each time, without those that the clock brings.
    instructions: f64,
    times: f64,
    parts: Vec<Part>,
}

impl Sample {
    fn sum(samples: [Self; 3]) -> Self {
        let instructions = samples.iter().map(|sample| sample.instructions).sum();
        let parts = samples.into_iter().flat_map(|sample| sample.parts).collect();
        Self { instructions, times: 1.0, parts }
    }

    /// How many instructions each function of the bot's own took each time, with all that it called.
    async fn functions(&self) -> Result<BTreeMap<String, f64>> {
        let mut functions: BTreeMap<String, f64> = BTreeMap::new();
        for part in &self.parts {
            for (name, count) in part.functions().await? {
                *functions.entry(name).or_default() += count / self.times;
            }
        }
        Ok(functions)
    }
}

/// The sample with so many below it.
async fn summarize(what: &'static str, mut samples: Vec<Sample>, below: usize) -> Result<Work> {
    samples.sort_by(|a, b| a.instructions.total_cmp(&b.instructions));
    let all = samples.iter().map(|sample| sample.instructions);
    let range = [all.clone().fold(f64::INFINITY, f64::min), all.fold(0.0, f64::max)];
    let sample = samples.get(below).context("too little was counted")?;
    let (instructions, functions) = (sample.instructions, sample.functions().await?);
    Ok(Work { what, instructions, range, functions })
}

/// The people, and the bot under callgrind.
struct Players {
    team: Team,
    callgrind: Callgrind,
    process: u32,
    client: Client,
    /// How many instructions a second takes in which nobody does anything.
    idle: f64,
    /// When was counted last.
    counted: Instant,
}

impl Players {
    async fn start(label: &str) -> Result<Self> {
        let postgres = Postgres::shared().await?;
        let mut options = Options::standard();
        options.timings.answer_within = PATIENCE;
        let settings = toml::from_str(SETTINGS)?;
        let mut callgrind = None;
        let mut team = Team::on(&postgres, label, options, |config| {
            config.overrides = settings;
            // What a program logs that is not told otherwise.
            config.environment.push(("RUST_LOG".to_owned(), "info,sqlx=warn".to_owned()));
            callgrind = Some(Callgrind::of(config));
        })
        .await;
        let callgrind = callgrind.context("the bot was not configured")??;
        for person in [&mut team.rin, &mut team.aki, &mut team.ben] {
            *person = person.patient(PATIENCE);
        }
        let process = team.setup.bot.process_id()?;
        let client = Client::builder().no_proxy().build()?;
        let players = Self { team, callgrind, process, client, idle: 0.0, counted: Instant::now() };
        players.wait_for_feed().await?;
        players.callgrind.begin(process).await?;
        Ok(players)
    }

    /// Nothing is cached before changes are received.
    async fn wait_for_feed(&self) -> Result<()> {
        let url = format!("{}/metrics", self.team.setup.bot.url()?);
        loop {
            let metrics = self.client.get(&url).send().await?.text().await?;
            if metrics.contains("countersign_feed_alive 1") {
                return Ok(());
            }
            ensure!(self.counted.elapsed() < PATIENCE, "the bot never hears of changes");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn watch_idling(&mut self) -> Result<()> {
        self.sample(1).await?;
        tokio::time::sleep(IDLING).await;
        let (start, counted) = (self.counted, self.sample(1).await?);
        self.idle = counted.instructions / (self.counted - start).as_secs_f64();
        Ok(())
    }

    /// What was done so many times since the last sample.
    async fn sample(&mut self, times: usize) -> Result<Sample> {
        let part = self.callgrind.count(self.process).await?;
        let now = Instant::now();
        let idle = self.idle * (now - self.counted).as_secs_f64();
        self.counted = now;
        let times = times as f64;
        let instructions = (part.instructions - idle) / times;
        Ok(Sample { instructions, times, parts: vec![part] })
    }

    /// A request with its form and panel; an approval; another one, the secret revealed and stored, mail written. And
    /// the Account SID and the secret.
    async fn play(&mut self, name: &str) -> Result<([Sample; 3], [String; 2])> {
        self.settled_sample().await?;
        self.team.ask(&self.team.rin, name).await;
        let card = self.team.card("0 of 2 approvals").await;
        let asked = self.settled_sample().await?;
        self.team.approve(&self.team.aki, &card).await;
        let card = self.team.card("1 of 2 approvals").await;
        let approved = self.settled_sample().await?;
        let answer = self.team.approve(&self.team.ben, &card).await;
        let ready = self.team.rin.wait_for_dm("is ready").await?;
        self.team.card("Issued").await;
        self.team.ben.wait_for_text(&answer, "still count").await?;
        let secret = self.team.collect_secret(&self.team.rin, &ready).await;
        Ok(([asked, approved, self.settled_sample().await?], secret))
    }

    async fn settled_sample(&mut self) -> Result<Sample> {
        self.team.setup.settle_within(PATIENCE).await?;
        self.sample(1).await
    }

    /// Asks so many times whether the token lets a request through.
    async fn ask(&mut self, [sid, secret]: &[String; 2], times: usize) -> Result<Sample> {
        let url = format!("http://{}/v1/authorize", self.team.setup.bot.verify_address()?);
        for _ in 0..times {
            let question = self.client.get(&url).bearer_auth(secret);
            let question = question.header("X-Forwarded-Method", "GET");
            let uri = format!("/Orchards/{sid}/Trees?page=2");
            let answer = question.header("X-Forwarded-Uri", uri).send().await?;
            ensure!(answer.status() == 200, "{}", answer.status());
        }
        self.sample(times).await
    }
}
