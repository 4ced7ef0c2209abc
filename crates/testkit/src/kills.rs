//! Kills the bot at each point at which it does something to the outside, and starts it again.
//!
//! 1. [`Watched`]: a setup on which the bot reaches Postgres and the mail server through proxies.
//! 2. [`Kills::points`] runs the scenario once, and lists every commit, every call of Discord or of
//!    the API that creates tokens, and every command to the mail server, each before and after its
//!    effect.
//! 3. [`Kills::kill_at`] runs it on a new setup; at that point the bot is killed with SIGKILL
//!    and restarted while the scenario continues. So a scenario must do what people do when nothing
//!    happens: look, and try again.
//!
//! Between two runs the order may differ, since things happen at the same time. So a point is identified
//! by its label and its number among those, and [`Killed::reached`] says whether the run
//! reached it. If it did not, a caller may run it again.

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::time::error::Elapsed;

use crate::bot::{Bot, BotConfig};
use crate::mock_upstream::Upstream;
use crate::postgres::Postgres;
use crate::proxy::Proxy;
use crate::proxy::mail::MailProxy;
use crate::setup::Setup;
use crate::smtp::Smtp;
use discord_sim::Options;
use discord_sim::crash_points::{Arrival, Hold, Points, When, Which};

/// How long one run may take, unless [`Kills::within`] sets another limit.
const RUN_LIMIT: Duration = Duration::from_secs(120);

/// The kind of event at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A commit in Postgres.
    Commit,
    /// A call of Discord.
    Discord,
    /// A command to the mail server, or the end of a message.
    Mail,
    /// A call of the API that creates tokens.
    Upstream,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Commit, Self::Discord, Self::Mail, Self::Upstream];
}

/// A point at which the bot may be killed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// The kind.
    pub kind: Kind,
    /// Its number among those of its kind in the first run, from 1.
    pub number: usize,
    /// Its label, without values.
    pub label: String,
    /// Its number among those of the same kind and label, from 1.
    pub repetition: usize,
    /// Before or after its effect.
    pub when: When,
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, number, label, repetition, when } = self;
        write!(out, "{when:?} {kind:?} {number}, {label} ({repetition})")
    }
}

/// A setup in which every point is counted.
pub struct Watched {
    /// The setup; its mailbox is the mail server's.
    pub setup: Setup,
    /// In front of Postgres. Counts commits that may have written, except the job queue's bookkeeping.
    pub proxy: Proxy,
    /// In front of the mail server.
    pub mail: MailProxy,
    /// The mail server.
    pub smtp: Smtp,
    /// The API behind the provider `registry`.
    pub upstream: Upstream,
    upstream_points: Points,
}

impl Watched {
    /// Creates a setup as [`Setup::with`] does. `configure` must leave the addresses of the database
    /// and of the mail server as they are.
    pub async fn start(
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Result<Self> {
        let postgres = Postgres::shared().await?;
        let counts = |commit: &crate::proxy::Commit| commit.writes && !commit.is_bookkeeping();
        let proxy = Proxy::counting(&postgres.admin_url(), counts).await?;
        let smtp = Smtp::start().await?;
        let mail = MailProxy::start(smtp.open_port()).await?;
        let upstream = Upstream::start().await?;
        let mut setup = Setup::through(&proxy, label, options, |config| {
            config.mail_url = mail.url();
            config.providers.push(upstream.provider(&config.providers[0]));
            configure(config);
        })
        .await?;
        setup.mailbox = smtp.mailbox().clone();
        Ok(Self { setup, proxy, mail, smtp, upstream_points: upstream.points(), upstream })
    }

    /// The points of a kind.
    pub fn points(&self, kind: Kind) -> &Points {
        match kind {
            Kind::Commit => self.proxy.points(),
            Kind::Discord => self.setup.discord.points(),
            Kind::Mail => self.mail.points(),
            Kind::Upstream => &self.upstream_points,
        }
    }

    /// Counts from here on.
    pub fn count_anew(&self) {
        Kind::ALL.iter().for_each(|kind| self.points(*kind).count_anew());
    }

    fn hold(&self, point: &Point) -> Hold {
        let which = Which::Repetition { label: point.label.clone(), repetition: point.repetition };
        self.points(point.kind).hold(which, point.when)
    }

    fn arrived(&self) -> Vec<Point> {
        let of_kind = |kind: Kind| {
            let arrivals = self.points(kind).arrivals().into_iter();
            arrivals.flat_map(move |arrival| {
                [When::Before, When::After].map(|when| Point {
                    kind,
                    number: arrival.number,
                    label: arrival.label.clone(),
                    repetition: arrival.repetition,
                    when,
                })
            })
        };
        Kind::ALL.into_iter().flat_map(of_kind).collect()
    }
}

/// A scenario, and the setups that it runs on.
pub struct Kills<Make, Play> {
    make: Make,
    play: Play,
    limit: Duration,
}

/// A finished run in which the bot was to be killed.
pub struct Killed {
    /// The setup as it was left, for checks.
    pub watched: Watched,
    /// Where the bot was killed; none if the run did not reach the point.
    pub reached: Option<Arrival>,
}

impl<Make, Play> Kills<Make, Play>
where
    Make: AsyncFn() -> Result<Watched>,
    Play: AsyncFn(&Watched) -> Result<()>,
{
    /// `make` creates a new setup, always the same; `play` runs on it, whether the bot is killed in the meantime
    /// or not, and returns when people have what they need.
    pub fn new(make: Make, play: Play) -> Self {
        Self { make, play, limit: RUN_LIMIT }
    }

    /// Limits each run to this time, from its beginning until no job is due.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs once without a fault and lists the points, from the moment that the bot is ready until
    /// no job is due. Returns the setup as it is then.
    ///
    /// # Errors
    /// An error of the scenario, or it took too long.
    pub async fn points(&self) -> Result<(Vec<Point>, Watched)> {
        let watched = (self.make)().await.context("no setup")?;
        watched.count_anew();
        let run = tokio::time::timeout(self.limit, self.to_the_end(&watched)).await;
        self.judged(run).with_context(|| {
            format!("no fault yet; the bot's log:\n{}", watched.setup.bot.log())
        })?;
        Ok((watched.arrived(), watched))
    }

    /// Runs once more, kills the bot at the point, and starts it again.
    ///
    /// # Errors
    /// An error of the scenario, it took too long, or the bot did not start again; all with the point and
    /// with the bot's log.
    pub async fn kill_at(&self, point: &Point) -> Result<Killed> {
        let watched = (self.make)().await.context("no setup")?;
        watched.count_anew();
        let run = tokio::time::timeout(self.limit, self.play_and_kill(&watched, point)).await;
        let reached = self.judged(run).with_context(|| {
            format!("killed at: {point}; the bot's log:\n{}", watched.setup.bot.log())
        })?;
        Ok(Killed { watched, reached })
    }

    fn judged<T>(&self, run: Result<Result<T>, Elapsed>) -> Result<T> {
        run.unwrap_or_else(|_| bail!("not done within {:?}", self.limit))
    }

    async fn to_the_end(&self, watched: &Watched) -> Result<()> {
        (self.play)(watched).await?;
        watched.setup.settle_within(self.limit).await
    }

    async fn play_and_kill(&self, watched: &Watched, point: &Point) -> Result<Option<Arrival>> {
        let hold = watched.hold(point);
        let reached = Cell::new(None);
        let mut play = std::pin::pin!(self.to_the_end(watched));
        let mut kill = std::pin::pin!(kill(&watched.setup.bot, hold, &reached));
        tokio::select! {
            played = &mut play => {
                played?;
                // The point may be among the last that happened.
                let arrival = reached.take();
                if arrival.is_some() {
                    reached.set(arrival);
                    kill.await?;
                    watched.setup.settle_within(self.limit).await?;
                }
            }
            killed = &mut kill => {
                killed?;
                play.await?;
            }
        }
        Ok(reached.take())
    }
}

/// Waits for the point, kills the bot there, and starts it again.
async fn kill(bot: &Bot, mut hold: Hold, reached: &Cell<Option<Arrival>>) -> Result<()> {
    let held = hold.reached().await?;
    reached.set(Some(held.arrival.clone()));
    bot.kill().await?;
    // Only now: the held request must not reach a running bot, nor the outside.
    drop(held);
    ensure!(bot.process_id().is_err(), "the bot outlived its SIGKILL");
    bot.serve().await.context("the bot did not start again")
}
