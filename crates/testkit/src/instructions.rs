//! How many instructions the bot executes, counted by callgrind, a tool of Valgrind. That needs no counters of the
//! processor, which virtual machines often lack, and the same work counts the same on a slow or a busy machine.
//!
//! - [`Callgrind`]: counts those of one process.
//! - [`Part`]: what it counted in one part of the time.
//! - [`work`]: what a workflow and answers of `/v1/authorize` take.

pub mod work;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::bot::BotConfig;

/// What callgrind writes before the number of instructions.
const TOTAL: &str = "totals: ";

/// What functions of the bot's own begin with, and their implementations of traits.
const OURS: [&str; 2] = ["countersign::", "<countersign::"];

/// The body of an asynchronous function is one, and so is what runs in it.
const CLOSURE: &str = "::{{closure}}";

/// Counts the instructions of one process.
pub struct Callgrind {
    folder: TempDir,
    /// How often it wrote what it had counted.
    parts: usize,
}

/// What was counted from one moment to the next.
#[derive(Clone, Debug)]
pub struct Part {
    /// How many instructions were executed.
    pub instructions: f64,
    file: PathBuf,
}

impl Callgrind {
    /// Has the bot of this configuration serve under callgrind. Nothing is counted yet, so that the start doesn't take
    /// long.
    ///
    /// # Errors
    /// Valgrind is not installed.
    pub fn of(config: &mut BotConfig) -> Result<Self> {
        let found = std::process::Command::new("valgrind").arg("--version").output();
        found.context("Valgrind is missing. To install it: apt-get install valgrind")?;
        let folder = TempDir::with_prefix("countersign-callgrind-")?;
        let callgrind = Self { folder, parts: 0 };
        config.runner = [
            "valgrind".to_owned(),
            "--quiet".to_owned(),
            "--tool=callgrind".to_owned(),
            "--instr-atstart=no".to_owned(),
            format!("--callgrind-out-file={}", callgrind.path("counts")),
            format!("--vgdb-prefix={}", callgrind.path("vgdb")),
        ]
        .into();
        // With more than one, a worker without work looks for some at the others', and how often is chance.
        config.environment.push(("TOKIO_WORKER_THREADS".to_owned(), "1".to_owned()));
        Ok(callgrind)
    }

    /// Begins to count.
    ///
    /// # Errors
    /// The process does not run under callgrind.
    pub async fn begin(&self, process: u32) -> Result<()> {
        self.tell(process, &["instrumentation", "on"]).await
    }

    /// What was executed since the last time, or since it began.
    ///
    /// # Errors
    /// The process does not run under callgrind.
    pub async fn count(&mut self, process: u32) -> Result<Part> {
        self.tell(process, &["dump"]).await?;
        self.parts += 1;
        let file = PathBuf::from(self.path(&format!("counts.{}", self.parts)));
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let total = text.lines().find_map(|line| line.strip_prefix(TOTAL));
        let instructions = total.context("callgrind wrote no sum")?.trim().parse()?;
        Ok(Part { instructions, file })
    }

    async fn tell(&self, process: u32, words: &[&str]) -> Result<()> {
        let mut command = Command::new("vgdb");
        command.arg(format!("--vgdb-prefix={}", self.path("vgdb"))).arg(format!("--pid={process}"));
        let output = command.args(words).kill_on_drop(true).output().await.context("vgdb")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "callgrind could not be told {words:?}: {said}");
        Ok(())
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

impl Part {
    /// How many instructions each function of the bot's own took, with all that it called. Those that have no name of
    /// their own in the binary, since they were compiled into their callers, are missing.
    ///
    /// # Errors
    /// callgrind's file cannot be read.
    pub async fn functions(&self) -> Result<BTreeMap<String, f64>> {
        let mut command = Command::new("callgrind_annotate");
        command.args(["--inclusive=yes", "--threshold=100", "--auto=no"]).arg(&self.file);
        let output = command.kill_on_drop(true).output().await.context("callgrind_annotate")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "callgrind_annotate failed: {said}");
        let mut functions = BTreeMap::new();
        for (name, count) in String::from_utf8_lossy(&output.stdout).lines().filter_map(function) {
            // A function appears once for each way in which its source's file is named.
            let most: &mut f64 = functions.entry(name).or_default();
            *most = most.max(count);
        }
        Ok(functions)
    }
}

/// The function of a line of callgrind's table, if it is one of ours: `COUNT (SHARE)  FILE:FUNCTION [BINARY]`.
fn function(line: &str) -> Option<(String, f64)> {
    let (count, rest) = line.trim_start().split_once(' ')?;
    let count = count.replace(',', "").parse().ok()?;
    let (_, name) = rest.split_once(')')?.1.split_once(':')?;
    let name = name.split(" [").next()?;
    // A recursive call is counted in the first one.
    let name = name.split('\'').next()?.replace(CLOSURE, "");
    OURS.iter().any(|ours| name.starts_with(ours)).then_some((name, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_of_ours_is_read_from_its_line() {
        let line = " 41,445 (15.02%)  src/a.rs:countersign::web::serve::{{closure}}::{{closure}}'2 [/bin/x]";
        assert_eq!(function(line), Some(("countersign::web::serve".to_owned(), 41_445.0)));
        let line = "1 ( 0.00%)  /x/b.rs:<countersign::web::Connection as tower::Service<R>>::call";
        let name = "<countersign::web::Connection as tower::Service<R>>::call";
        assert_eq!(function(line), Some((name.to_owned(), 1.0)));
        assert_eq!(function("275,921 (100.0%)  ???:tokio::runtime::run [/bin/countersign]"), None);
        assert_eq!(function("275,921 (100.0%)  PROGRAM TOTALS"), None);
    }
}
