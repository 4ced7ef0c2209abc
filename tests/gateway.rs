//! The gateway client against the simulated gateway: what Discord's documentation requires after each kind
//! of end, and what no client may do.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use async_trait::async_trait;
use axum::routing::get;
use axum::{Json, Router};
use countersign::discord::gateway::{
    Gateway, GatewayError, Handler, SavedSession, SessionStore, Status, Timing,
};
use countersign::discord::rest::{Rest, RestSettings, Times};
use countersign::domain::ids::ApplicationId;
use countersign::network::Network;
use discord_sim::gateway::{Faults, Gateway as Simulated, GatewayOptions as SimulatedOptions};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The longest time that anything in these tests may take.
const LIMIT: Duration = Duration::from_secs(8);

#[derive(Default)]
struct Memory(Mutex<Option<SavedSession>>);

#[async_trait]
impl SessionStore for Memory {
    async fn load(&self) -> anyhow::Result<Option<SavedSession>> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn save(&self, session: Option<&SavedSession>) -> anyhow::Result<()> {
        *self.0.lock().unwrap() = session.cloned();
        Ok(())
    }
}

/// The simulated gateway, and the route that returns its address.
struct Discord {
    gateway: Simulated,
    proxy: String,
}

impl Discord {
    async fn start() -> anyhow::Result<Self> {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut SimulatedOptions)) -> anyhow::Result<Self> {
        let user = json!({"id": "20", "username": "countersign", "bot": true});
        let mut options = SimulatedOptions::new("secret-token", "20", user);
        options.identify_interval = Duration::ZERO;
        change(&mut options);
        let gateway = Simulated::start(options).await?;
        let simulated = gateway.clone();
        let info = move || {
            let info = simulated.bot_info();
            async move { Json(info) }
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let proxy = format!("http://{}", listener.local_addr()?);
        let app = Router::new().route("/api/v10/gateway/bot", get(info));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { gateway, proxy })
    }

    fn interaction(&self, id: &str) -> anyhow::Result<()> {
        let heard = self.gateway.dispatch("INTERACTION_CREATE", json!({"id": id, "token": "t"}));
        ensure!(heard == 1, "{heard} sessions hear of it");
        Ok(())
    }
}

/// One process of the bot.
struct Bot {
    stop: CancellationToken,
    status: watch::Receiver<Status>,
    heard: mpsc::UnboundedReceiver<Value>,
    running: JoinHandle<Result<(), GatewayError>>,
}

impl Bot {
    async fn start(discord: &Discord, sessions: Arc<Memory>) -> anyhow::Result<Self> {
        let rest = Rest::new(RestSettings {
            token: SecretString::from("secret-token"),
            application_id: ApplicationId::new(20)?,
            proxy: Some(discord.proxy.clone()),
            network: Network::default(),
            times: Times { backoff: Duration::from_millis(10), ..Times::default() },
        })?;
        let (sender, heard) = mpsc::unbounded_channel();
        let handler: Handler = Arc::new(move |interaction| {
            let sender = sender.clone();
            Box::pin(async move { sender.send(interaction).unwrap() })
        });
        let (status, status_seen) = watch::channel(Status::default());
        let gateway = Gateway {
            token: SecretString::from("secret-token"),
            rest: Arc::new(rest),
            network: Network::default(),
            handler,
            tasks: TaskTracker::new(),
            status,
            timing: Timing {
                backoff: Duration::from_millis(50),
                longest: Duration::from_millis(400),
                silence: Duration::from_millis(400),
                ..Timing::default()
            },
        };
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let running = tokio::spawn(async move { gateway.run(&*sessions, stopped).await });
        Ok(Self { stop, status: status_seen, heard, running })
    }

    async fn ready(&mut self, ready: bool) -> anyhow::Result<()> {
        let seen = self.status.wait_for(|status| status.ready == ready);
        tokio::time::timeout(LIMIT, seen).await.context("the status doesn't change")??;
        Ok(())
    }

    async fn receive(&mut self, id: &str) -> anyhow::Result<()> {
        let heard = tokio::time::timeout(LIMIT, self.heard.recv()).await?;
        let heard = heard.context("the bot is gone")?;
        ensure!(heard["id"] == id, "{heard}");
        Ok(())
    }

    async fn stops(self) -> anyhow::Result<()> {
        self.stop.cancel();
        tokio::time::timeout(LIMIT, self.running).await???;
        Ok(())
    }
}

async fn connected() -> anyhow::Result<(Discord, Bot, Arc<Memory>)> {
    let discord = Discord::start().await?;
    let sessions = Arc::new(Memory::default());
    let mut bot = Bot::start(&discord, sessions.clone()).await?;
    bot.ready(true).await?;
    Ok((discord, bot, sessions))
}

#[tokio::test]
async fn interactions_come_in_as_they_are() -> anyhow::Result<()> {
    let (discord, mut bot, _) = connected().await?;
    discord.interaction("1")?;
    bot.receive("1").await?;
    bot.stops().await
}

/// Cuts the connection in some way, and checks that the bot resumes the session.
async fn resume_after(cut: impl FnOnce(&Simulated)) -> anyhow::Result<()> {
    let (discord, mut bot, _) = connected().await?;
    let before = discord.gateway.counters();
    cut(&discord.gateway);
    tokio::time::timeout(LIMIT, async {
        while discord.gateway.counters().resumes == before.resumes {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .context("no resume")?;
    bot.ready(true).await?;
    discord.interaction("2")?;
    bot.receive("2").await?;
    let after = discord.gateway.counters();
    ensure!(after.identifies == before.identifies, "identified anew: {after:?}");
    ensure!(after.resumes_at_wrong_address == 0, "at the wrong address: {after:?}");
    ensure!(after.connections <= before.connections + 2, "a storm: {after:?}");
    bot.stops().await
}

#[tokio::test]
async fn resumes_after_a_cut_socket() -> anyhow::Result<()> {
    resume_after(Simulated::cut).await
}

#[tokio::test]
async fn resumes_after_a_close_without_a_code() -> anyhow::Result<()> {
    resume_after(|gateway| gateway.close(None)).await
}

#[tokio::test]
async fn resumes_after_a_close_that_allows_it() -> anyhow::Result<()> {
    for code in [4000, 4001, 4002, 4005, 4008] {
        resume_after(|gateway| gateway.close(Some(code))).await.context(code)?;
    }
    Ok(())
}

#[tokio::test]
async fn resumes_when_told_to_reconnect() -> anyhow::Result<()> {
    resume_after(Simulated::request_reconnect).await?;
    resume_after(|gateway| gateway.invalidate_sessions(true)).await
}

#[test]
fn an_event_sent_with_op_7_arrives_once() -> anyhow::Result<()> {
    // Discord on its own threads, so that it sends while the bot can't read.
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let words: [fn(&Simulated); 2] =
        [Simulated::request_reconnect, |gateway| gateway.invalidate_sessions(true)];
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        for word in words {
            let discord = threads.spawn(Discord::start()).await??;
            let mut bot = Bot::start(&discord, Arc::default()).await?;
            bot.ready(true).await?;
            word(&discord.gateway);
            for id in ["1", "2", "3"] {
                discord.interaction(id)?;
            }
            // The bot shares this thread: afterwards it finds everything at once.
            std::thread::sleep(Duration::from_millis(50));
            for id in ["1", "2", "3"] {
                bot.receive(id).await?;
            }
            bot.ready(true).await?;
            discord.interaction("4")?;
            bot.receive("4").await?;
            let counters = discord.gateway.counters();
            ensure!(counters.identifies == 1 && counters.resumes == 1, "{counters:?}");
            bot.stops().await?;
        }
        Ok(())
    })
}

#[tokio::test]
async fn identifies_again_when_the_session_is_gone() -> anyhow::Result<()> {
    let ends: [fn(&Simulated); 3] = [
        |gateway| gateway.invalidate_sessions(false),
        |gateway| gateway.close(Some(4009)),
        |gateway| {
            gateway.forget_sessions();
            gateway.cut();
        },
    ];
    for end in ends {
        let (discord, mut bot, _) = connected().await?;
        end(&discord.gateway);
        // Discord allows one identify in 5 s, and the first was just sent.
        tokio::time::timeout(LIMIT, async {
            while discord.gateway.counters().identifies < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .context("no second identify")?;
        bot.ready(true).await?;
        bot.stops().await?;
    }
    Ok(())
}

#[tokio::test]
async fn never_comes_back_after_a_final_code() -> anyhow::Result<()> {
    for code in [4004, 4010, 4011, 4012, 4013, 4014] {
        let (discord, bot, sessions) = connected().await?;
        discord.gateway.close(Some(code));
        let end = tokio::time::timeout(LIMIT, bot.running).await??;
        ensure!(end == Err(GatewayError::Closed { code }), "{end:?}");
        ensure!(bot.status.borrow().trouble.is_some(), "nobody is told");
        ensure!(sessions.load().await?.is_none(), "the session is kept");
        ensure!(discord.gateway.counters().connections == 1, "it came back");
    }
    Ok(())
}

#[tokio::test]
async fn the_next_process_resumes_and_gets_missed_events() -> anyhow::Result<()> {
    let (discord, bot, sessions) = connected().await?;
    bot.stops().await?;
    discord.gateway.wait_gone(LIMIT).await?;
    let closes = discord.gateway.client_closes();
    ensure!(closes == [Some(4000)], "{closes:?}: such a session can't be resumed");
    discord.interaction("3")?;
    let mut next = Bot::start(&discord, sessions).await?;
    next.receive("3").await?;
    next.ready(true).await?;
    let counters = discord.gateway.counters();
    ensure!(counters.identifies == 1 && counters.resumes == 1, "{counters:?}");
    next.stops().await
}

#[tokio::test]
async fn a_silent_server_is_left_and_tried_again_slowly() -> anyhow::Result<()> {
    let (discord, mut bot, _) = connected().await?;
    discord.gateway.set_faults(Faults { withhold_hello: true, ..Faults::default() });
    discord.gateway.cut();
    bot.ready(false).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let connections = discord.gateway.counters().connections;
    ensure!((3..=7).contains(&connections), "{connections} connections in 2 s");
    discord.gateway.set_faults(Faults::default());
    bot.ready(true).await?;
    bot.stops().await
}

#[tokio::test]
async fn a_dead_connection_is_noticed_by_its_heartbeats() -> anyhow::Result<()> {
    let beat = Duration::from_millis(200);
    let discord = Discord::with(|options| options.heartbeat_interval = beat).await?;
    let mut bot = Bot::start(&discord, Arc::default()).await?;
    bot.ready(true).await?;
    discord.gateway.set_faults(Faults { withhold_heartbeat_acks: true, ..Faults::default() });
    bot.ready(false).await?;
    discord.gateway.set_faults(Faults::default());
    bot.ready(true).await?;
    ensure!(discord.gateway.counters().identifies == 1, "not resumed");
    bot.stops().await
}

#[tokio::test]
async fn an_unreachable_gateway_is_tried_again_without_a_storm() -> anyhow::Result<()> {
    let (discord, mut bot, _) = connected().await?;
    discord.gateway.set_faults(Faults { refuse_connections: true, ..Faults::default() });
    discord.gateway.cut();
    bot.ready(false).await?;
    let (started, before) = (Instant::now(), cpu_time()?);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let used = cpu_time()?.saturating_sub(before).as_secs_f64() / started.elapsed().as_secs_f64();
    // Other tests of this process may run at the same time under `cargo test`.
    ensure!(used < 0.5, "{:.0} % of a core", used * 100.0);
    ensure!(bot.status.borrow().trouble.is_some(), "nobody is told");
    discord.gateway.set_faults(Faults::default());
    bot.ready(true).await?;
    bot.stops().await
}

#[tokio::test]
async fn a_session_that_ends_at_once_slows_down() -> anyhow::Result<()> {
    let discord = Discord::start().await?;
    discord.gateway.set_faults(Faults { refuse_identify: Some(4000), ..Faults::default() });
    let bot = Bot::start(&discord, Arc::default()).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let connections = discord.gateway.counters().connections;
    ensure!((1..=10).contains(&connections), "{connections} connections in 2 s");
    bot.stops().await
}

#[tokio::test]
async fn stopping_is_quick_whatever_it_waits_for() -> anyhow::Result<()> {
    let discord = Discord::start().await?;
    discord.gateway.set_faults(Faults { withhold_hello: true, ..Faults::default() });
    let bot = Bot::start(&discord, Arc::default()).await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    bot.stops().await?;
    ensure!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    Ok(())
}

/// This process's processor time so far.
fn cpu_time() -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("an unknown format")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    // In hundredths of a second, as on every Linux; fields 14 and 15 of proc(5), two of which are
    // before the parenthesis.
    let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(Duration::from_millis(ticks * 10))
}
