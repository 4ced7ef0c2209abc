//! `countersign check`: tries what the bot depends on, and says how to repair what is wrong. It changes
//! nothing.

mod database;
pub(super) mod discord;
mod files;
mod issuers;
mod mail;
mod network;
pub(super) mod permissions;
pub(super) mod providers;
mod verification;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;

use crate::config::Config;
use crate::domain::email::EmailAddress;
use crate::keyring::Keyring;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArguments {
    /// Also send an email there: some servers look at who sends only when they get one
    #[arg(long, value_name = "ADDRESS")]
    mail: Option<EmailAddress>,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok,
    /// It works, with a drawback.
    Warning,
    /// It doesn't work.
    Failed,
}

/// The result of one check, with its subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    outcome: Outcome,
    /// The subject of the check: `database`, `provider impact-agency`, …
    subject: String,
    /// The finding.
    message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cure: Option<String>,
}

/// The findings, in order.
#[derive(Debug, Default, Serialize)]
pub(super) struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    fn ok(&mut self, subject: &str, message: impl Into<String>) {
        self.add(Outcome::Ok, subject, message.into(), None);
    }

    fn warning(&mut self, subject: &str, message: impl Into<String>, cure: impl Into<String>) {
        self.add(Outcome::Warning, subject, message.into(), Some(cure.into()));
    }

    pub(super) fn failed(
        &mut self,
        subject: &str,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) {
        self.add(Outcome::Failed, subject, message.into(), Some(cure.into()));
    }

    fn add(&mut self, outcome: Outcome, subject: &str, message: String, cure: Option<String>) {
        self.findings.push(Finding { outcome, subject: subject.to_owned(), message, cure });
    }

    /// What failed, into the log.
    pub(super) fn log_failures(&self) {
        let failed = self.findings.iter().filter(|finding| finding.outcome == Outcome::Failed);
        for Finding { subject, message, cure, .. } in failed {
            tracing::error!(%subject, cure, "{message}");
        }
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.findings.iter().filter(|finding| finding.outcome == outcome).count()
    }

    fn has_failed(&self) -> bool {
        self.count(Outcome::Failed) > 0
    }

    /// The output: a line for each finding, its cure below it, a summary at the end.
    fn as_text(&self) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            let outcome = match finding.outcome {
                Outcome::Ok => "ok     ",
                Outcome::Warning => "warning",
                Outcome::Failed => "FAILED ",
            };
            text.push_str(&format!("{outcome}  {}: {}\n", finding.subject, finding.message));
            if let Some(cure) = &finding.cure {
                text.push_str(&format!("         → {cure}\n"));
            }
        }
        let [ok, warnings, failed] =
            [Outcome::Ok, Outcome::Warning, Outcome::Failed].map(|outcome| self.count(outcome));
        text.push_str(&format!("\n{ok} ok, {warnings} to think about, {failed} failed\n"));
        text
    }
}

/// What a command that ends in the checks did on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Nothing.
    Nothing,
    /// It may have got the owner's login by the environment.
    OwnerAtHand,
}

/// Runs all checks that are possible, and prints their findings.
pub async fn run(file: &Path, arguments: &CheckArguments) -> anyhow::Result<ExitCode> {
    let findings = check_all(file, arguments.mail.as_ref(), Expected::Nothing).await;
    print(&findings, arguments.json)
}

/// The same for another command.
pub(super) async fn run_expecting(file: &Path, expected: Expected) -> anyhow::Result<ExitCode> {
    print(&check_all(file, None, expected).await, false)
}

fn print(findings: &Findings, json: bool) -> anyhow::Result<ExitCode> {
    let text = if json {
        serde_json::to_string_pretty(&findings).context("the findings are no JSON")? + "\n"
    } else {
        findings.as_text()
    };
    std::io::stdout().write_all(text.as_bytes()).context("can't print")?;
    Ok(if findings.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn check_all(file: &Path, mail_to: Option<&EmailAddress>, expected: Expected) -> Findings {
    let mut findings = Findings::default();
    let Some(config) = check_config(file, &mut findings) else { return findings };
    check_encryption(&config, &mut findings);
    network::check_network(&config, &mut findings);
    files::check_modes(&config, &mut findings);
    let keyring = check_keys(&config, &mut findings);
    if expected == Expected::Nothing {
        database::check_owner(&mut findings);
    }
    database::check_database(&config, keyring.as_ref(), &mut findings).await;
    verification::check_verification(&config, &mut findings).await;
    issuers::check_issuers(&config, &mut findings).await;
    discord::check_discord(&config, &mut findings).await;
    mail::check_mail(&config, mail_to, &mut findings).await;
    findings
}

fn check_config(file: &Path, findings: &mut Findings) -> Option<Config> {
    match Config::load(file) {
        Ok(config) => {
            let providers = config.providers.len();
            let noun = if providers == 1 { "provider" } else { "providers" };
            findings.ok("config", format!("{} names {providers} {noun}", file.display()));
            Some(config)
        }
        Err(errors) => {
            for problem in errors.problems() {
                findings.failed(
                    "config",
                    problem.to_string(),
                    "correct this and run `countersign check` again; nothing else was looked at",
                );
            }
            None
        }
    }
}

/// Warns of connections that others on the network can read.
fn check_encryption(config: &Config, findings: &mut Findings) {
    for found in config.unencrypted() {
        let message = format!("{} leads to another machine unencrypted: {}", found.key, found.what);
        findings.warning("config", message, found.cure);
    }
}

fn check_keys(config: &Config, findings: &mut Findings) -> Option<Keyring> {
    match Keyring::load(&config.keys.file) {
        Ok(keyring) => {
            let ids: Vec<&str> = keyring.key_ids().collect();
            findings.ok("keys", format!("sealing with {}", ids.join(", opening also with ")));
            if let Some(warning) = keyring.warning() {
                let cure = format!("chmod 600 {}", warning.file.display());
                findings.warning("keys", warning.to_string(), cure);
            }
            Some(keyring)
        }
        Err(error) => {
            findings.failed("keys", error.what(), error.cure());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stand_with_their_cures_under_them() {
        let mut findings = Findings::default();
        findings.ok("keys", "sealing with a");
        findings.warning("database", "one role for all", "create a second");
        insta::assert_snapshot!(findings.as_text(), @r#"
    ok       keys: sealing with a
    warning  database: one role for all
             → create a second

    1 ok, 1 to think about, 0 failed
    "#);
        assert!(!findings.has_failed());
        findings.failed("mail", "connection refused", "start it");
        assert!(findings.has_failed());
    }
}
