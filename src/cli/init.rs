//! `countersign init`: asks what a configuration needs, tries each answer, writes the files, and ends in `check`.

mod discord;
mod document;
mod outside;
mod questions;
mod shipped;
mod write;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use secrecy::SecretString;
use zeroize::Zeroizing;

use self::discord::Way;
use self::document::Content;
use self::outside::GivenMail;
use self::questions::{Choice, Pick, Question, ask_choice, choose};
pub(super) use self::shipped::CONFIGURATION;
use self::shipped::{ReadyProvider, describe, list_ready_providers};
use self::write::Place;
use super::check::Expected;
use super::owner::{self, OwnerArguments};
use super::{ask, check, default_config, is_migrated, migrate};
use crate::config::{Config, answers};

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// A file that holds the bot's token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The server, by its name or its id
    #[arg(long, value_name = "NAME|ID")]
    guild: Option<String>,
    /// The approval channel, by its name or its id
    #[arg(long, value_name = "NAME|ID")]
    channel: Option<String>,
    /// The role whose members approve, by its name or its id
    #[arg(long, value_name = "NAME|ID")]
    admin_role: Option<String>,
    /// What the first tokens are for: own-api for an API of your own, or a ready provider
    ///
    /// There are own-api, impact-agency, impact-brand and impact-partner. Others
    /// take an address and credentials: append their file in providers/ to the configuration.
    #[arg(long, value_name = "NAME", verbatim_doc_comment)]
    provider: Option<String>,
    /// A file that holds the login of the bot's role in the database, as a URL on one line
    #[arg(long, value_name = "FILE")]
    database_url_file: Option<PathBuf>,
    /// Let the login in the database be the owner's as well, which gives up what the database refuses
    #[arg(long)]
    single_role: bool,
    #[command(flatten)]
    owner: OwnerArguments,
    /// A file that holds the URL of the mail server with its login, on one line
    #[arg(long, value_name = "FILE", conflicts_with = "mail_directory")]
    mail_url_file: Option<PathBuf>,
    /// A directory into which emails are written, in place of a mail server
    #[arg(long, value_name = "DIRECTORY")]
    mail_directory: Option<PathBuf>,
    /// Whom emails come from: a name, and the address in angle brackets
    #[arg(long, value_name = "SENDER")]
    mail_from: Option<String>,
    /// Replace a configuration and secrets that are there; keys are kept in any case
    #[arg(long)]
    overwrite: bool,
}

/// Runs `init`.
pub async fn run(file: &Path, arguments: InitArguments) -> anyhow::Result<ExitCode> {
    let at_terminal = ask::is_at_terminal();
    let missing = arguments.list_missing();
    if !at_terminal && !missing.is_empty() {
        eprintln!(
            "countersign: nobody is there to ask, and these are missing: {}",
            missing.join(", ")
        );
        return Ok(ExitCode::from(2));
    }
    let place = Place::new(file);
    place.check_writable()?;
    let overwrite = arguments.overwrite || may_replace(&place, at_terminal)?;
    let owner = arguments.owner.clone();
    let single_role = arguments.single_role;
    let answers = arguments.ask(&place, at_terminal).await?;
    let config = answers.write(&place, single_role, overwrite, at_terminal)?;
    println!("Wrote {}, and its secrets beside it.", place.file.display());
    if !is_migrated(&config).await? {
        migrate_with(&config, &owner, at_terminal).await?;
    }
    println!();
    let done = check::run_expecting(&place.file, Expected::OwnerAtHand).await?;
    say_what_is_next(&place, is_migrated(&config).await?)?;
    Ok(done)
}

impl InitArguments {
    /// The options without which nobody can be spared a question.
    fn list_missing(&self) -> Vec<&'static str> {
        let has_mail = self.mail_url_file.is_some() || self.mail_directory.is_some();
        let options = [
            ("--token-file", self.token_file.is_some()),
            ("--guild", self.guild.is_some()),
            ("--channel", self.channel.is_some()),
            ("--admin-role", self.admin_role.is_some()),
            ("--provider", self.provider.is_some()),
            ("--database-url-file", self.database_url_file.is_some()),
            ("--mail-url-file or --mail-directory", has_mail),
            ("--mail-from", self.mail_from.is_some()),
        ];
        options.iter().filter(|(_, is_there)| !is_there).map(|(option, _)| *option).collect()
    }

    async fn ask(self, place: &Place, at_terminal: bool) -> anyhow::Result<Answers> {
        let about = |option| Question { option, at_terminal };
        let (proxy, network) = answers::read_network(place.folder())?;
        let way = Way { proxy, network };
        let token = read_secret("--token-file", self.token_file.as_deref())?;
        let account = discord::ask_for_account(&about("--token-file"), token, &way).await?;
        eprintln!("Logged in as the bot of {}.", account.application.name);
        let guild = account.ask_for_guild(&about("--guild"), self.guild).await?;
        eprintln!("In {}.", guild.name);
        let channel = account.ask_for_channel(&about("--channel"), &guild, self.channel).await?;
        let role = account.ask_for_role(&about("--admin-role"), &guild, self.admin_role).await?;
        let provider = ask_for_provider(&about("--provider"), self.provider).await?;
        let given = read_secret("--database-url-file", self.database_url_file.as_deref())?;
        let question = about("--database-url-file");
        let database =
            outside::ask_for_database(&question, given, &way.network, self.single_role).await?;
        let given = GivenMail {
            url: read_secret("--mail-url-file", self.mail_url_file.as_deref())?,
            directory: self.mail_directory,
            from: self.mail_from,
        };
        let application = account.application.id;
        let mail = outside::ask_for_mail(at_terminal, given, application, &way.network).await?;
        Ok(Answers { account, guild, channel, role, provider, database, mail })
    }
}

/// Everything that was asked.
struct Answers {
    account: discord::Account,
    guild: crate::discord::rest::OwnGuild,
    channel: crate::discord::rest::Channel,
    role: crate::discord::rest::Role,
    provider: ReadyProvider,
    database: SecretString,
    mail: outside::Mail,
}

impl Answers {
    fn write(
        &self,
        place: &Place,
        single_role: bool,
        overwrite: bool,
        at_terminal: bool,
    ) -> anyhow::Result<Config> {
        let application = &self.account.application;
        let content = Content {
            application: (application.id, &application.name),
            guild: (self.guild.id, &self.guild.name),
            channel: (self.channel.id, self.channel.name.as_deref().unwrap_or_default()),
            role: (self.role.id, &self.role.name),
            mail_from: &self.mail.from,
            single_role,
            provider: self.provider,
        };
        let secrets = [
            ("discord-token", &self.account.token),
            ("database-url", &self.database),
            ("mail-url", &self.mail.url),
        ];
        let others = place.list_other_secrets(&secrets);
        if !overwrite && !others.is_empty() {
            let names: Vec<String> = others.iter().map(|file| file.display().to_string()).collect();
            let question = format!("{} would get another content.", names.join(", "));
            ask_to_replace(&question, at_terminal)?;
        }
        place.write(&content.write()?, &secrets)
    }
}

/// Asks before a configuration is replaced that is not the one that ships; returns whether that was wanted.
fn may_replace(place: &Place, at_terminal: bool) -> anyhow::Result<bool> {
    let old = match std::fs::read_to_string(&place.file) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => {
            return Err(error).with_context(|| format!("{} can't be read", place.file.display()));
        }
    };
    if old == CONFIGURATION {
        return Ok(false);
    }
    ask_to_replace(&format!("{} is there already.", place.file.display()), at_terminal)?;
    Ok(true)
}

fn ask_to_replace(what: &str, at_terminal: bool) -> anyhow::Result<()> {
    if !at_terminal {
        bail!("{what} Nothing was written. To replace it, add --overwrite");
    }
    let answer = ask::ask(&format!("{what} Replace it? Type yes: "))?;
    if !matches!(answer.as_deref(), Some("yes" | "y")) {
        bail!("nothing was written");
    }
    Ok(())
}

async fn ask_for_provider(
    question: &Question<'_>,
    given: Option<String>,
) -> anyhow::Result<ReadyProvider> {
    let choices = || {
        let choice = |ready: ReadyProvider| Choice {
            id: ready.file.to_owned(),
            name: ready.file.to_owned(),
            note: describe(ready.block),
            value: ready,
        };
        list_ready_providers().into_iter().map(choice).collect::<Vec<_>>()
    };
    let ask = async || {
        eprintln!("More services stand in providers/, to be appended later.");
        ask_choice("What the first tokens are for", "", &choices())
    };
    let read = async |pick: Pick| {
        choose(&pick, "provider that is ready without an address", ' ', choices())
    };
    question.answer(given.map(Pick::Named), ask, read).await
}

fn read_secret(option: &str, file: Option<&Path>) -> anyhow::Result<Option<SecretString>> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file).map(Zeroizing::new);
    let text = text.with_context(|| format!("{option}: {} can't be read", file.display()))?;
    Ok(Some(SecretString::from(text.trim())))
}

/// Creates the tables, if the owner's login is there; at a terminal until it is right.
async fn migrate_with(
    config: &Config,
    given: &OwnerArguments,
    at_terminal: bool,
) -> anyhow::Result<()> {
    let is_given = given.is_given() || config.database.single_role;
    if !is_given && !at_terminal {
        println!("The tables are not there yet: run `countersign migrate`.");
        return Ok(());
    }
    if !is_given {
        eprintln!(
            "The tables are created as the role that owns the database; its login is stored nowhere. Press Enter to \
             do that later with `countersign migrate`."
        );
    }
    let mut tries_given = is_given;
    loop {
        let login = match tries_given {
            true => owner::login(config, given),
            false => match owner::ask_at_terminal(config)? {
                Some(login) => login,
                None => return Ok(()),
            },
        };
        let migrated = match login {
            Ok(login) => migrate::run(config, &login).await,
            Err(error) => Err(error),
        };
        match migrated {
            Ok(_) => return Ok(()),
            Err(error) if at_terminal => eprintln!("  That can't be taken: {error:#}"),
            Err(error) => return Err(error),
        }
        tries_given = false;
    }
}

fn say_what_is_next(place: &Place, is_migrated: bool) -> anyhow::Result<()> {
    let is_usual = default_config::find(None).is_ok_and(|found| found.path == place.file);
    let option =
        if is_usual { String::new() } else { format!(" --config {}", place.file.display()) };
    let first =
        if is_migrated { String::new() } else { format!("countersign{option} migrate, then ") };
    println!(
        "\nNext: {first}countersign{option} register, then countersign{option} serve (or systemctl enable --now countersign)."
    );
    println!("Keep a copy of {} in a safe place.", place.folder().join("secrets/keys").display());
    let variables = answers::list_variables()?;
    if !variables.is_empty() {
        println!("Set for this command alone, and in no file: {}.", variables.join(", "));
    }
    Ok(())
}
