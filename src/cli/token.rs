//! `countersign token`: tokens, for an operator at the machine.

mod check;
mod disable;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::config::Config;
use crate::domain::token::Token;

pub(super) use disable::operator;

/// Arguments of `token`.
#[derive(Debug, Args)]
pub struct TokenArguments {
    #[command(subcommand)]
    action: TokenAction,
}

#[derive(Debug, Subcommand)]
enum TokenAction {
    /// Say whether a secret is one of a token here, and whether it opens something
    ///
    /// Reads it from standard input, never from the command line, which others on this
    /// machine can see. A line that holds it will do. Nothing is written down.
    ///
    /// Ends with 0 if a token has it, with 1 if none has, or if that could not be told.
    #[command(verbatim_doc_comment)]
    Check(check::CheckArguments),

    /// Disable a token
    ///
    /// For when nobody in Discord can. Its people are told, as when an admin does it. Where
    /// its issuer is a person, a card asks an admin to do it at the provider. It comes into
    /// force without the bot running; the messages wait until it does.
    ///
    /// Ends with 1 if nothing was disabled.
    #[command(verbatim_doc_comment)]
    Disable(disable::DisableArguments),
}

/// Runs `token`.
pub async fn run(config: Config, arguments: &TokenArguments) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        TokenAction::Check(arguments) => check::run(&config, arguments).await,
        TokenAction::Disable(arguments) => disable::run(config, arguments).await,
    }
}

/// A token as JSON.
fn as_json(token: &Token) -> Value {
    json!({
        "account_sid": token.account_sid,
        "name": token.settings.name,
        "provider": token.provider,
        "state": token.state,
        "owner": token.owner,
        "expires_at": token.expires_at,
    })
}

/// A token as text, without control characters: a name must not control the terminal.
fn as_text(token: &Token, config: &Config) -> String {
    let provider = config.provider_name(&token.provider);
    let line = format!("{} ({}) for {provider}", token.settings.name, token.account_sid);
    line.chars().filter(|c| !c.is_control()).collect()
}
