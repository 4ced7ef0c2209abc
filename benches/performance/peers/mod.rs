//! The bot beside its peers: other programs that do the same, in turns in one run.
//!
//! - `twin`: a bot of discord.js that does the main job; `workflows`: both, played by people.
//! - `services`: an OAuth server that introspects tokens, and nginx.
//!
//! They are in `benches/peers`, and `scripts/install-peers` puts them into the target folder.

mod services;
mod twin;
mod workflows;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};
use testkit::bot::repository;

use crate::figures::{Times, ratio, show};
use crate::report::{Row, Section};

/// Where the peers were installed, and what runs them.
struct Peers {
    node: PathBuf,
    folder: PathBuf,
}

impl Peers {
    /// Installs what is missing; what can't be installed is named in what the script says.
    fn install() -> anyhow::Result<Self> {
        let script = "scripts/install-peers";
        let mut install = Command::new(repository().join(script));
        ensure!(install.status().context(script)?.success(), "{script} failed, as it says above");
        let (node, _) = testkit::upstreams::node()?;
        let own = std::env::current_exe()?;
        let folder =
            own.ancestors().map(|folder| folder.join("peers")).find(|peers| peers.is_dir());
        Ok(Self { node, folder: folder.context("the target folder has no peers")? })
    }

    /// Starts one of them, as it is run in production.
    fn command(&self, peer: &str) -> Command {
        let mut command = Command::new(&self.node);
        command
            .arg("src/main.js")
            .current_dir(self.folder.join(peer))
            .env("NODE_ENV", "production");
        command
    }
}

pub async fn section() -> anyhow::Result<Section> {
    let peers = Peers::install()?;
    let mut rows = workflows::rows(&peers).await.context("the bot of discord.js")?;
    rows.extend(services::rows(&peers).await.context("introspection and nginx")?);
    let how = format!(
        "Programs that do the same, on this machine in this run; behind each figure, how many times the peer's it is. \
         The peers\nare described in benches/peers. *discord.js* is a bot for the main job, played by the same people in \
         a simulated Discord\nof its own, on the same Postgres; it does less: it writes no mails, and what a crash \
         interrupts it doesn't take up again.\n{}\n*oidc-provider* introspects as many tokens as the bot, and has them in \
         memory; nginx, one process, answers 204 and looks\nnothing up. {}",
        workflows::describe_turns(),
        services::describe_turns()
    );
    Ok(Section { title: "Beside its peers", how, rows, below: String::new() })
}

/// Our times beside a peer's.
fn compare_times(what: &str, peer: &str, ours: &Times, theirs: &Times) -> Row {
    let both = |times: &Times| format!("{}, {}", show(times.p50()), show(times.p99()));
    let ratios = [ratio(ours.p50(), theirs.p50()), ratio(ours.p99(), theirs.p99())];
    let figure = format!("{}; {:.2} ×, {:.2} ×", both(ours), ratios[0], ratios[1]);
    let met = ratios.iter().all(|ratio| *ratio < 1.0);
    Row::new(what, figure, format!("{peer}: {}", both(theirs)), "< 1 ×".to_owned(), met)
}

/// Our memory beside a peer's, in megabytes.
fn compare_memory(what: &str, peer: &str, ours: f64, theirs: f64) -> Row {
    let figure = format!("{ours:.1} MB; {:.2} ×", ours / theirs);
    let beside = format!("{peer}: {theirs:.1} MB");
    Row::new(what, figure, beside, "< 1 ×".to_owned(), ours < theirs)
}

/// How many a second there are of ours, and of a peer's.
fn compare_rates(what: &str, peer: &str, ours: f64, theirs: f64) -> Row {
    let show = |rate: f64| if rate < 1e3 { format!("{rate:.1}") } else { format!("{rate:.0}") };
    let figure = format!("{}; {:.2} ×", show(ours), ours / theirs);
    let beside = format!("{peer}: {}", show(theirs));
    Row::new(what, figure, beside, "> 1 ×".to_owned(), ours > theirs)
}
