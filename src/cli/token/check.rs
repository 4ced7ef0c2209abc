//! `countersign token check`: whether a secret is one of ours.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use secrecy::SecretString;
use serde_json::json;
use zeroize::Zeroizing;

use super::{as_json, as_text};
use crate::cli;
use crate::config::Config;
use crate::domain::leak::{LeakSeverity, SecretCandidates};
use crate::store::pool::LockTimeout;
use crate::workflow::token::leak::{self, RecognisedSecret};

/// More than any text in which somebody would look for a secret.
const INPUT_LIMIT: u64 = 1024 * 1024;

/// Arguments of `token check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Say it as JSON
    #[arg(long)]
    json: bool,
}

/// Runs `token check`.
pub async fn run(config: &Config, arguments: &CheckArguments) -> anyhow::Result<ExitCode> {
    let presented = SecretCandidates::of(&read()?);
    let known = look_up(config, &presented).await?;
    let said = if arguments.json {
        let said = json!({
            "well_formed": presented.well_formed,
            "known": known.is_some(),
            "opens": known.as_ref().map(|known| known.opens.as_str()),
            "token": known.as_ref().map(|known| as_json(&known.token)),
            "other_tokens": known.as_ref().map(|known| known.others),
        });
        said.to_string()
    } else {
        in_words(presented.well_formed, known.as_ref(), config)
    };
    writeln!(std::io::stdout(), "{said}").context("can't print")?;
    Ok(if known.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read() -> anyhow::Result<SecretString> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!("Paste the secret, then press Enter and Ctrl-D:");
    }
    let mut text = Zeroizing::new(String::new());
    stdin
        .take(INPUT_LIMIT)
        .read_to_string(&mut text)
        // The error could quote the input.
        .map_err(|_| anyhow::anyhow!("standard input can't be read as text"))?;
    anyhow::ensure!(!text.trim().is_empty(), "nothing came in on standard input");
    Ok(SecretString::from(text.as_str()))
}

async fn look_up(
    config: &Config,
    presented: &SecretCandidates,
) -> anyhow::Result<Option<RecognisedSecret>> {
    let mut connection = cli::connect_database(config, LockTimeout::Brief).await?.acquire().await?;
    Ok(leak::recognise(&mut connection, presented).await?)
}

fn in_words(well_formed: bool, known: Option<&RecognisedSecret>, config: &Config) -> String {
    let Some(RecognisedSecret { token, opens, others, .. }) = known else {
        return match well_formed {
            true => "It has the form of a secret of ours, but no token here has it.".to_owned(),
            false => {
                "No token here has it, and it has not the form of a secret of ours.".to_owned()
            }
        };
    };
    let works = match opens {
        LeakSeverity::Yes => "The secret works.",
        LeakSeverity::NotYet => "The secret opens nothing yet: its owner has not collected it.",
        LeakSeverity::UntilSwitchedOff => {
            "The secret may work until an admin has switched the token off at the provider."
        }
        LeakSeverity::Nothing => "The secret opens nothing any more.",
    };
    let more = match others {
        0 => String::new(),
        1 => "\nIt holds the secret of one more token that works.".to_owned(),
        many => format!("\nIt holds the secrets of {many} more tokens that work."),
    };
    format!("It is a secret of {}.\n{works}{more}", as_text(token, config))
}
