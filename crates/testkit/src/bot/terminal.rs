//! A subcommand at a terminal: `script` of util-linux gives it one.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

use super::Bot;

/// How long it may take to ask its question, and to end.
const LIMIT: Duration = Duration::from_secs(30);

/// What questions say if what is typed does not appear: ours, and those of Postgres' programs.
const HIDDEN: [&str; 3] = ["(not shown)", "Enter password", "Enter it again"];

/// Whether typed text must be hidden.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    Hidden,
    AsAsked,
}

/// The result of a subcommand at a terminal.
#[derive(Debug)]
pub struct AtTerminal {
    /// Whether it succeeded.
    pub succeeded: bool,
    /// Everything on the screen, with typed text if it was shown.
    pub appeared: String,
}

impl Bot {
    /// Runs a subcommand at a terminal; `typed` and Enter are sent once `question` appears.
    pub async fn run_at_terminal(
        &self,
        arguments: &[&str],
        question: &str,
        typed: &str,
    ) -> anyhow::Result<AtTerminal> {
        self.converse(arguments, &[(question, typed)], Echo::Hidden).await
    }

    /// Runs a subcommand at a terminal that asks several questions in this order. Where a question has one
    /// of `HIDDEN`, what is typed must not appear.
    pub async fn answer_at_terminal(
        &self,
        arguments: &[&str],
        answers: &[(&str, &str)],
    ) -> anyhow::Result<AtTerminal> {
        self.converse(arguments, answers, Echo::AsAsked).await
    }

    async fn converse(
        &self,
        arguments: &[&str],
        answers: &[(&str, &str)],
        echo: Echo,
    ) -> anyhow::Result<AtTerminal> {
        converse(self.command(arguments).as_std(), answers, echo).await
    }
}

/// Runs any program at a terminal, and answers its questions in this order. Where a question has
/// one of `HIDDEN`, what is typed must not appear.
pub async fn answer_at_terminal(
    program: &std::process::Command,
    answers: &[(&str, &str)],
) -> anyhow::Result<AtTerminal> {
    converse(program, answers, Echo::AsAsked).await
}

async fn converse(
    program: &std::process::Command,
    answers: &[(&str, &str)],
    echo: Echo,
) -> anyhow::Result<AtTerminal> {
    let words = [program.get_program()].into_iter().chain(program.get_args());
    let words: Option<Vec<&str>> = words.map(|word| word.to_str()).collect();
    let line: Vec<String> = words
        .context("a path that is no UTF-8")?
        .into_iter()
        .map(|word| format!("'{}'", word.replace('\'', r"'\''")))
        .collect();
    let mut command = Command::new("script");
    // Its first line is the terminal's name.
    command.args(["-qec", &format!("tty && exec {}", line.join(" ")), "/dev/null"]);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.kill_on_drop(true).spawn().context("`script`, of util-linux")?;
    let mut keys = child.stdin.take().context("no keyboard")?;
    let mut screen = child.stdout.take().context("no screen")?;
    let mut appeared = Vec::new();
    let play = async {
        let (mut answers, mut seen) = (answers.iter().peekable(), 0);
        while screen.read_buf(&mut appeared).await? > 0 {
            let text = String::from_utf8_lossy(&appeared);
            let new = text.get(seen..).unwrap_or_default();
            let next = answers.next_if(|(question, _)| new.contains(question));
            let Some((question, typed)) = next else { continue };
            seen = text.len();
            if echo == Echo::Hidden || HIDDEN.iter().any(|hidden| question.contains(hidden)) {
                let terminal = text.lines().next().unwrap_or_default().trim();
                wait_until_hidden(terminal).await?;
            }
            keys.write_all(format!("{typed}\r").as_bytes()).await?;
        }
        if let Some((question, _)) = answers.next() {
            bail!("it never asked {question:?}");
        }
        anyhow::Ok(child.wait().await?)
    };
    let ended = tokio::time::timeout(LIMIT, play).await;
    let appeared = String::from_utf8_lossy(&appeared).into_owned();
    match ended {
        Ok(Ok(status)) => Ok(AtTerminal { succeeded: status.success(), appeared }),
        Ok(Err(error)) => Err(error.context(format!("this appeared:\n{appeared}"))),
        Err(_) => bail!("it did not end within {LIMIT:?}; this appeared:\n{appeared}"),
    }
}

/// A question appears a moment before typed text is hidden.
async fn wait_until_hidden(terminal: &str) -> anyhow::Result<()> {
    loop {
        let settings = Command::new("stty").args(["-F", terminal, "-a"]).output().await?;
        let settings = String::from_utf8_lossy(&settings.stdout).into_owned();
        anyhow::ensure!(!settings.is_empty(), "`stty` knows no terminal {terminal:?}");
        if settings.split_whitespace().any(|setting| setting == "-echo") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
