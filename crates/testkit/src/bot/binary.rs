//! Finds the bot's binary, and makes the command that runs it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;
use tokio::process::Command;

use super::config::repository;

/// Names the binary to run.
const VARIABLE: &str = "COUNTERSIGN_BIN";

/// The binary that `COUNTERSIGN_BIN` names, else the one beside this program, else a fresh one. A program
/// that `cargo run` started gets a fresh one at once: the one beside it may be older.
pub async fn find() -> anyhow::Result<PathBuf> {
    if let Some(program) = std::env::var_os(VARIABLE) {
        let program = PathBuf::from(program);
        anyhow::ensure!(program.is_file(), "{VARIABLE} names no file: {}", program.display());
        return Ok(program);
    }
    let own = std::env::current_exe()?;
    let is_test = own.parent().is_some_and(|folder| folder.ends_with("deps"));
    match beside(&own) {
        Some(program) if is_test || std::env::var_os("CARGO").is_none() => Ok(program),
        _ => build().await,
    }
}

/// The program, by a runner if there is one, with so many descriptors at most, soft and hard; else with as many as
/// this process.
pub(super) fn command(runner: &[String], program: &Path, descriptors: Option<u64>) -> Command {
    let mut words = runner.iter().map(OsStr::new).chain([program.as_os_str()]);
    let Some(descriptors) = descriptors else {
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        return command;
    };
    let mut command = Command::new("sh");
    // The shell becomes the program, so that the process is the same.
    command.args(["-c", r#"ulimit -n "$1" && shift && exec "$@""#, "sh"]);
    command.arg(descriptors.to_string()).args(words);
    command
}

/// Identifies a build of the binary: its size and time, as a word.
pub async fn identity() -> anyhow::Result<String> {
    let program = find().await?;
    let facts = std::fs::metadata(&program).context("the bot's binary")?;
    let written = facts.modified()?.duration_since(std::time::UNIX_EPOCH)?;
    Ok(format!("{:x}_{:x}", facts.len(), written.as_nanos()))
}

/// A program is in the target folder, a test in `deps` below it.
fn beside(own: &Path) -> Option<PathBuf> {
    let name = format!("countersign{}", std::env::consts::EXE_SUFFIX);
    let folders = own.ancestors().skip(1).take(2);
    folders.map(|folder| folder.join(&name)).find(|program| program.is_file())
}

async fn build() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        // The features of the whole workspace, so that nothing is built twice.
        .args(["build", "--workspace", "--bin", "countersign"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(repository())
        .stderr(std::process::Stdio::inherit())
        .output()
        .await
        .context("the bot's binary is not there, and cargo could not be started to build it")?;
    anyhow::ensure!(output.status.success(), "the bot does not build; cargo says why above");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
        .context("cargo built the bot and did not say where")
}
