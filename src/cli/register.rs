//! `countersign register`: tells Discord which slash commands there are.

use std::io::Write;

use anyhow::Context;
use serde_json::Value;

use crate::discord::commands;
use crate::discord::rest::{ErrorCode, Rest, RestError};
use crate::domain::ids::GuildId;

/// Replaces the bot's slash commands in the guild by those of this version and configuration.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Only print what would be registered.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the commands as JSON: those that would be registered, or those that Discord now has.
    #[arg(long)]
    pub json: bool,
}

/// Registers the commands, or prints them only. Takes each provider's id and name, in the order of
/// the configuration. Doing it twice changes nothing.
pub async fn run(
    args: &Args,
    rest: &Rest,
    guild: GuildId,
    providers: &[(String, String)],
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let wanted = commands::definitions(providers);
    if args.dry_run {
        return print(args, &wanted, "Would register in", guild, out);
    }
    let registered = rest.put_guild_commands(guild, &wanted).await.map_err(explain)?;
    print(args, &registered, "Registered in", guild, out)
}

fn explain(error: RestError) -> anyhow::Error {
    let cure = match error.code() {
        Some(ErrorCode::MissingAccess) => {
            "is the bot in the guild, invited with the scope applications.commands?"
        }
        Some(ErrorCode::UnknownGuild) => "is guild_id right?",
        Some(ErrorCode::TooManyCommandsToday) => {
            "Discord takes 200 new commands a day; try tomorrow"
        }
        _ => "nothing was changed, as far as is known; try again",
    };
    anyhow::Error::new(error).context(format!("the commands can't be registered: {cure}"))
}

fn print(
    args: &Args,
    commands: &Value,
    done: &str,
    guild: GuildId,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let text = if args.json {
        serde_json::to_string_pretty(commands).context("the commands are no JSON")?
    } else {
        format!("{done} guild {guild}:\n{}", names(commands).join("\n"))
    };
    writeln!(out, "{text}").context("can't print")
}

/// A line for each command or subcommand that people can send.
fn names(commands: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for command in commands.as_array().into_iter().flatten() {
        let name = command["name"].as_str().unwrap_or_default();
        for option in command["options"].as_array().into_iter().flatten() {
            let option_name = option["name"].as_str().unwrap_or_default();
            let description = option["description"].as_str().unwrap_or_default();
            lines.push(format!("  /{name} {option_name}: {description}"));
        }
    }
    lines
}
