//! `countersign register`: registers the slash commands with Discord.

use std::io::Write;

use anyhow::Context;
use serde_json::Value;

use super::check::discord::explain_login;
use crate::discord::commands;
use crate::discord::rest::{ErrorCode, Rest, RestError};
use crate::domain::ids::GuildId;

/// Replaces the bot's slash commands in the guild by those of this version and configuration.
#[derive(Debug, Clone, clap::Args)]
pub struct RegisterArguments {
    /// Only print what would be registered.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the commands as JSON: those that would be registered, or those that Discord now has.
    #[arg(long)]
    pub json: bool,
}

/// Registers the commands, or only prints them. Takes the id and name of each provider, in the order of the
/// configuration. It may be repeated.
pub async fn run(
    args: &RegisterArguments,
    rest: &Rest,
    guild: GuildId,
    providers: &[(String, String)],
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let wanted = commands::definitions(providers);
    if args.dry_run {
        return print(args, &wanted, "Would register in", guild, out);
    }
    let registered = rest.put_guild_commands(guild, &wanted).await.map_err(explain_error)?;
    print(args, &registered, "Registered in", guild, out)
}

fn explain_error(error: RestError) -> anyhow::Error {
    if matches!(error, RestError::Refused { status: 401, .. }) {
        let (message, cure) = explain_login(&error);
        return anyhow::anyhow!("the commands can't be registered: {message}: {cure}");
    }
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
    args: &RegisterArguments,
    commands: &Value,
    done: &str,
    guild: GuildId,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let text = if args.json {
        serde_json::to_string_pretty(commands).context("the commands are no JSON")?
    } else {
        format!("{done} guild {guild}:\n{}", list_names(commands).join("\n"))
    };
    writeln!(out, "{text}").context("can't print")
}

/// A line for each command or subcommand.
fn list_names(commands: &Value) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::rest::{RestSettings, Times};
    use crate::domain::ids::ApplicationId;
    use crate::network::Network;
    use secrecy::SecretString;

    async fn print_dry_run(json: bool) -> String {
        let rest = Rest::new(RestSettings {
            token: SecretString::from("token"),
            application_id: ApplicationId::new(1).unwrap(),
            // Nobody listens there: a dry run must call nobody.
            proxy: Some("http://127.0.0.1:1".to_owned()),
            network: Network::default(),
            times: Times::default(),
        });
        let providers = [("a".to_owned(), "API".to_owned())];
        let mut out = Vec::new();
        let args = RegisterArguments { dry_run: true, json };
        let guild = GuildId::new(5).unwrap();
        run(&args, &rest.unwrap(), guild, &providers, &mut out).await.unwrap();
        String::from_utf8(out).unwrap()
    }

    #[tokio::test]
    async fn a_dry_run_prints_and_asks_nobody() {
        let text = print_dry_run(false).await;
        assert!(text.starts_with("Would register in guild 5:\n  /token request: "), "{text}");
        let commands: Value = serde_json::from_str(&print_dry_run(true).await).unwrap();
        assert_eq!(commands[0]["name"], "token");
    }
}
