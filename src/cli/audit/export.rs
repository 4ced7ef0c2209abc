//! `countersign audit export`: all events in their order, as JSON Lines.

use std::io::{BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use clap::Args;
use sqlx::PgConnection;

use crate::cli;
use crate::config::Config;
use crate::domain::ids::TokenId;
use crate::store::events::{self, EventFilter};
use crate::store::pool::{self, LockTimeout};
use crate::store::tokens;

/// Events that are held in memory at a time.
const PAGE: i64 = 1_000;

/// Arguments of `audit export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// Only what happened then or later, such as 2026-11-24T09:30:00Z
    #[arg(long, value_name = "RFC3339", value_parser = parse_moment)]
    since: Option<DateTime<Utc>>,
    /// Only what happened to the tokens with this Account SID, and to their requests
    #[arg(long, value_name = "SID")]
    token: Option<String>,
}

fn parse_moment(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .map_err(|error| format!("{error}; it takes a moment such as 2026-11-24T09:30:00Z"))
}

/// Runs `audit export`.
pub async fn run(config: &Config, arguments: &ExportArguments) -> anyhow::Result<ExitCode> {
    let pool = cli::connect_database(config, LockTimeout::Brief).await?;
    let mut transaction = pool::begin_snapshot(&pool).await?;
    // The pages of one token come by its own index, those of all by another.
    pool::plan_by_arguments(&mut transaction).await?;
    let tokens = match &arguments.token {
        Some(sid) => Some(find_tokens_by_sid(&mut transaction, sid.trim()).await?),
        None => None,
    };
    let wanted = EventFilter { since: arguments.since, tokens };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut last = 0;
    loop {
        let page = events::list_after(&mut transaction, last, &wanted, PAGE).await?;
        let Some(newest) = page.last() else { break };
        last = newest.id.get();
        for event in &page {
            let line = serde_json::to_string(event).context("an event is no JSON")?;
            if !is_read_on(writeln!(out, "{line}"))? {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    is_read_on(out.flush())?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the reader is still there; `head` ends early, which is no failure.
fn is_read_on(written: std::io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error).context("can't print"),
    }
}

async fn find_tokens_by_sid(
    connection: &mut PgConnection,
    sid: &str,
) -> anyhow::Result<Vec<TokenId>> {
    let tokens = tokens::find_by_account_sid(connection, sid).await?;
    ensure!(!tokens.is_empty(), "there is no token with this Account SID");
    Ok(tokens.into_iter().map(|token| token.id).collect())
}
