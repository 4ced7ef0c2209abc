//! `countersign audit`: the audit log, outside of Discord.

mod export;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::Config;

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArguments {
    #[command(subcommand)]
    action: AuditAction,
}

#[derive(Debug, Subcommand)]
enum AuditAction {
    /// Print the events as JSON, one a line, the oldest first
    ///
    /// As they are at one moment, however long it takes. No secret is among them.
    Export(export::ExportArguments),
}

/// Runs `audit`.
pub async fn run(config: &Config, arguments: &AuditArguments) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        AuditAction::Export(arguments) => export::run(config, arguments).await,
    }
}
