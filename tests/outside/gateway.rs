//! Faults of the gateway with the bot's real binary: it is back within 5 s if Discord's documentation says so,
//! ends with a clear message otherwise, and never spins.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use discord_sim::gateway::{Faults, Gateway, GatewayOptions};
use discord_sim::{MessageView, Options, Person, Seen, standard};
use futures_util::future::join_all;
use serde_json::json;
use testkit::setup::Setup;

use super::{processor, publish, wants_all};

/// How soon the bot has to be back.
const SOON: Duration = Duration::from_secs(5);

/// How many setups exist at the same time.
const AT_ONCE: usize = 5;

/// How long the processor is watched.
const WATCHED: Duration = Duration::from_secs(4);

/// The share of one core that a fault may cost.
const SHARE: f64 = 0.05;

/// Discord takes one identify in 5 s.
const BETWEEN_IDENTIFIES: Duration = Duration::from_millis(5_200);

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Cut,
    Close(Option<u16>),
    AskedToReconnect,
    Invalidated { resumable: bool },
    NoAck,
    NoHello,
    Refused,
    ReadyAgain,
    Replayed,
}

/// The expected result.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// Back in the same session: presses in between are answered.
    Resumes,
    /// Back in a new session: presses in between are lost, and pressed again.
    Anew,
    /// The process ends.
    Ends,
    /// Nothing at all.
    Nothing,
}

/// The fault, the expected result, and whether `make test` runs it too.
type Row = (Trouble, Expected, bool);

/// The table: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway>.
fn rows() -> Vec<Row> {
    let close = |code| Trouble::Close(Some(code));
    let mut rows = vec![
        (Trouble::Cut, Expected::Resumes, true),
        (Trouble::Close(None), Expected::Resumes, true),
        (Trouble::AskedToReconnect, Expected::Resumes, true),
        (Trouble::Invalidated { resumable: true }, Expected::Resumes, true),
        (Trouble::Invalidated { resumable: false }, Expected::Anew, true),
        (Trouble::NoAck, Expected::Resumes, true),
        (Trouble::NoHello, Expected::Resumes, true),
        (Trouble::Refused, Expected::Resumes, false),
        (Trouble::ReadyAgain, Expected::Nothing, true),
        (Trouble::Replayed, Expected::Resumes, true),
    ];
    rows.extend(
        [4000, 4001, 4002, 4003, 4005, 4008].map(|code| (close(code), Expected::Resumes, false)),
    );
    rows.extend([4007, 4009].map(|code| (close(code), Expected::Anew, code == 4009)));
    let finals = [4004, 4010, 4011, 4012, 4013, 4014];
    rows.extend(finals.map(|code| (close(code), Expected::Ends, code == 4004)));
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_is_back_in_five_seconds_or_ends_with_a_message() {
    let mut rows = rows();
    rows.retain(|(_, _, quick)| *quick || wants_all());
    let rows = Mutex::new(rows.into_iter().enumerate().collect::<VecDeque<_>>());
    let told: Vec<_> = join_all((0..AT_ONCE).map(|_| take_turns(&rows))).await;
    let mut told: Vec<(usize, String, bool)> = told.into_iter().flatten().collect();
    told.sort();
    let lines: Vec<&str> = told.iter().map(|(_, line, _)| line.as_str()).collect();
    let table = lines.join("\n");
    publish("outside-gateway.txt", &table);
    assert!(told.iter().all(|(_, _, fine)| *fine), "\n{table}");
}

async fn take_turns(rows: &Mutex<VecDeque<(usize, Row)>>) -> Vec<(usize, String, bool)> {
    let next = || rows.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let mut told = Vec::new();
    while let Some((number, (trouble, then, _))) = next() {
        let played = play(trouble, then).await;
        let fine = played.is_ok();
        let said = played.unwrap_or_else(|error| format!("BROKEN: {error:#}"));
        told.push((
            number,
            format!("{:<38} {:<8} {said}", format!("{trouble:?}"), format!("{then:?}")),
            fine,
        ));
    }
    told
}

/// Who is there, and a card that waits for approvals.
struct Play {
    setup: Setup,
    gateway: Gateway,
    aki: Person,
    ben: Person,
    card: MessageView,
}

impl Play {
    async fn start(trouble: Trouble) -> Result<Self> {
        let user = json!({ "id": standard::APPLICATION.to_string(), "username": "countersign", "bot": true });
        let mut options =
            GatewayOptions::new(standard::TOKEN, standard::APPLICATION.to_string(), user);
        options.guild_ids = vec![standard::GUILD.to_string()];
        if let Trouble::NoAck = trouble {
            // Discord's own is 41 s, in which nothing else would happen.
            options.heartbeat_interval = Duration::from_secs(1);
        }
        let options =
            Options { gateway: Some(options), route_limits: false, ..Options::standard() };
        let setup = Setup::with("outside gateway", options, |_| {}).await?;
        let gateway = setup.discord.gateway().context("no gateway")?.clone();
        let (rin, aki, ben) = (setup.person("rin")?, setup.person("aki")?, setup.person("ben")?);
        let mut form = rin.type_command("/token request provider:orchard").await?.modal()?;
        form.fill("Token name", "Reports")?.fill("Description", "Reads harvests")?;
        let panel = form.submit().await?.private()?;
        let panel = rin.click(&panel, "Whole category").await?.message()?;
        rin.click(&panel, "Create").await?.message()?;
        let card = aki.wait_for_message("approvals", "0 of 2 approvals").await?;
        setup.settle().await?;
        Ok(Self { setup, gateway, aki, ben, card })
    }

    fn break_connections(&self, trouble: Trouble) {
        let gateway = &self.gateway;
        match trouble {
            Trouble::Cut => gateway.cut(),
            Trouble::Close(code) => gateway.close(code),
            Trouble::AskedToReconnect => gateway.request_reconnect(),
            Trouble::Invalidated { resumable } => gateway.invalidate_sessions(resumable),
            Trouble::NoAck => {
                gateway.set_faults(Faults { withhold_heartbeat_acks: true, ..Faults::default() });
            }
            Trouble::NoHello => {
                gateway.set_faults(Faults { withhold_hello: true, ..Faults::default() });
                gateway.cut();
            }
            Trouble::Refused => {
                gateway.set_faults(Faults { refuse_connections: true, ..Faults::default() });
                gateway.cut();
            }
            Trouble::ReadyAgain => gateway.repeat_ready(),
            Trouble::Replayed => {
                gateway.set_faults(Faults { replay_again: 50, ..Faults::default() });
                gateway.cut();
            }
        }
    }

    /// How often sessions were begun or resumed so far.
    fn entries(&self) -> u64 {
        let counters = self.gateway.counters();
        counters.identifies + counters.resumes
    }

    /// Waits until the bot is back.
    async fn is_back(&self, before: u64) -> Result<Duration> {
        let start = Instant::now();
        while self.entries() == before {
            ensure!(
                start.elapsed() < 2 * SOON,
                "it doesn't come back; its log:\n{}",
                self.setup.bot.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(start.elapsed())
    }

    async fn approvals(&self) -> Result<i64> {
        self.setup.count("select count(*) from countersign.approvals").await
    }

    async fn share(&self) -> Result<f64> {
        processor::share(self.setup.bot.process_id()?, WATCHED).await
    }
}

/// Whether this fault lasts until it is repaired.
fn stay(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::NoAck | Trouble::NoHello | Trouble::Refused)
}

async fn play(trouble: Trouble, then: Expected) -> Result<String> {
    let play = Play::start(trouble).await?;
    if then == Expected::Anew {
        tokio::time::sleep(BETWEEN_IDENTIFIES).await;
    }
    let outcome = match then {
        Expected::Ends => finish(&play, trouble).await,
        Expected::Nothing => {
            play.break_connections(trouble);
            let share = play.share().await?;
            ensure!(play.entries() == 1, "it came back though it was there");
            proceed(&play, false).await.map(|()| format!("goes on, {}", percent(share)))
        }
        Expected::Resumes | Expected::Anew => reconnect(&play, trouble, then).await,
    };
    let outcome = match outcome {
        Ok(said) if then != Expected::Ends => play.setup.bot.stop().await.map(|_| said),
        outcome => outcome,
    };
    // Dropping a database blocks, which must not delay other runs.
    tokio::task::spawn_blocking(move || drop(play)).await?;
    outcome
}

async fn reconnect(play: &Play, trouble: Trouble, then: Expected) -> Result<String> {
    let before = play.entries();
    let first = match trouble {
        // An event that can be received twice.
        Trouble::Replayed => play.aki.click(&play.card, "Approve").await,
        _ => Ok(Seen::Nothing),
    };
    first?;
    play.break_connections(trouble);
    let mut meanwhile = None;
    if stay(trouble) {
        let share = play.share().await?;
        ensure!(share < SHARE, "{} while it is away", percent(share));
        meanwhile = Some(share);
        play.gateway.set_faults(Faults::default());
    }
    let pressed = async {
        if stay(trouble) || matches!(trouble, Trouble::Replayed) {
            return None;
        }
        // Without a connection, or over the socket that Discord told the bot to leave.
        Some(play.aki.click(&play.card, "Approve").await)
    };
    let (back, pressed) = tokio::join!(play.is_back(before), pressed);
    let back = back?;
    // Without acknowledged heartbeats it came back before the repair.
    ensure!(back < SOON, "back after {back:?}");
    match (pressed, then) {
        (Some(Err(error)), Expected::Resumes) => return Err(error.context("pressed meanwhile")),
        (None | Some(Err(_)), _) => {}
        (Some(Ok(_)), _) => ensure!(play.approvals().await? == 1, "the press is lost"),
    }
    let counters = play.gateway.counters();
    match then {
        Expected::Resumes => ensure!(counters.identifies == 1, "not resumed: {counters:?}"),
        _ => ensure!(counters.identifies == 2, "not anew: {counters:?}"),
    }
    ensure!(counters.identifies_too_soon == 0, "{counters:?}");
    play.setup.bot.wait_ready().await?;
    proceed(play, matches!(trouble, Trouble::Replayed)).await?;
    let after = play.share().await?;
    ensure!(after < SHARE, "{} afterwards", percent(after));
    let meanwhile =
        meanwhile.map_or_else(String::new, |share| format!("{} meanwhile, ", percent(share)));
    Ok(format!("back after {:.1} s, {meanwhile}{} afterwards", back.as_secs_f64(), percent(after)))
}

/// Both admins' approvals are on the request, once each.
async fn proceed(play: &Play, replayed: bool) -> Result<()> {
    if replayed {
        // A repeat is answered only after a second; Discord refuses it.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        ensure!(play.approvals().await? == 1, "a repeat counted");
        ensure!(play.aki.private_messages().len() == 1, "a repeat was answered");
    } else if play.approvals().await? == 0 {
        play.aki.click(&play.card, "Approve").await?.private()?;
    }
    let ben = play.ben.patient(Duration::from_secs(20));
    ben.wait_for_text(&play.card, "1 of 2 approvals").await?;
    ben.click(&play.card, "Approve").await?.private()?;
    ben.wait_for_text(&play.card, "Issued").await?;
    ensure!(play.approvals().await? == 2, "{} approvals", play.approvals().await?);
    play.setup.settle().await
}

async fn finish(play: &Play, trouble: Trouble) -> Result<String> {
    let Trouble::Close(Some(code)) = trouble else { bail!("only a code ends it") };
    play.break_connections(trouble);
    let status = play.setup.bot.wait_for_end(2 * SOON).await?;
    ensure!(status.code() == Some(1), "it ended with {status}");
    let log = play.setup.bot.log();
    let words = format!("Discord closed the gateway with code {code}: ");
    let said = log.lines().rev().find_map(|line| line.split_once(&words)).map(|(_, said)| said);
    let said = said.with_context(|| format!("no word of why:\n{log}"))?;
    ensure!(play.gateway.counters().connections == 1, "it came back");
    Ok(format!("ends: {}", said.trim_end_matches(['"', '}', '\n'])))
}

fn percent(share: f64) -> String {
    format!("{:.1} % CPU", share * 100.0)
}
