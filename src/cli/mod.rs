//! The command line, one file for each subcommand. Results go to standard output, everything else to
//! standard error. The exit code is 0 for success, 1 for failure, and 2 for wrong usage.

mod ask;
pub mod audit;
pub mod check;
mod default_config;
pub mod init;
pub mod issuer;
pub mod keys;
mod loading;
mod lookups;
pub mod migrate;
mod not_done;
pub mod owner;
pub mod recover;
pub mod register;
pub mod rules;
mod sealed;
pub mod serve;
pub mod token;
mod unreachable;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use secrecy::SecretString;
use sqlx::Connection as _;

use crate::config::{Config, LogFormat};
use crate::discord::rest::{Rest, RestSettings, Times};
use crate::logging;
use crate::network::Network;
use crate::store::pool::{LockTimeout, Pool, SchemaVersion};
use crate::store::roles::Role;
use crate::store::{locks, pool, roles};
use crate::workflow::Failure;

/// API access tokens in Discord: two to open, one to close.
///
/// Members ask for tokens with /token request, two different admins approve each one
/// (a requester who is an admin counts as the first), and only the person who asked sees the
/// secret.
///
/// To begin, run `init`, `register` and `serve`, in this order.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, verbatim_doc_comment)]
pub struct Arguments {
    /// The configuration; files that it names are found relative to it
    ///
    /// Without it, it is config/countersign.toml here, else /etc/countersign/countersign.toml.
    /// Each key outside lists can be set in the environment as well, as
    /// COUNTERSIGN_SECTION__KEY.
    #[arg(long, global = true, value_name = "FILE", verbatim_doc_comment)]
    config: Option<PathBuf>,

    /// How the log looks, in place of `log.format`; RUST_LOG chooses what is logged
    #[arg(long, global = true, value_enum)]
    log_format: Option<LogFormatArgument>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormatArgument {
    /// For eyes
    Human,
    /// For machines: one JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set up a bot: ask for everything, write the configuration and keys, and check them
    ///
    /// Each answer is tried at once: the token and the names at Discord, the database, the
    /// mail server. An option answers its question beforehand; without a terminal all have
    /// to be there but the owner's login, without which the tables are left to migrate.
    /// Without --config it writes /etc/countersign/countersign.toml. Nothing that is there
    /// is replaced without a yes or --overwrite, and keys never are. Ends as check does.
    #[command(verbatim_doc_comment)]
    Init(Box<init::InitArguments>),

    /// Run the bot until SIGTERM or SIGINT
    ///
    /// On a signal it takes nothing new, finishes what runs (20 s at most), and leaves
    /// Discord's gateway so that the next process takes over without a gap. A second
    /// signal ends it at once.
    #[command(verbatim_doc_comment)]
    Serve,

    /// Create or update the database's tables, and grant the bot's role what it needs
    ///
    /// Connects as the role that owns the database. Its login is not in the configuration:
    /// it is taken from COUNTERSIGN_OWNER_URL, from a file, or asked for at the terminal.
    /// With database.single_role = true it is database.url.
    ///
    /// May be run again; run it before the first start and after each update.
    #[command(verbatim_doc_comment)]
    Migrate(owner::OwnerArguments),

    /// Stop everything that a database restored from an older dump would let in again
    ///
    /// Run it after a restore, before the bot is started. Disables every token that
    /// Countersign verifies, withdraws open requests, wipes secrets that wait, and lets
    /// numbers go on after any that was given out. The admins are told what to compare at
    /// each provider. Connects as the owner, as migrate does.
    #[command(verbatim_doc_comment)]
    Recover(recover::RecoverArguments),

    /// Tell Discord which slash commands there are
    ///
    /// Replaces the bot's commands in the guild. Run it after each update, and after
    /// adding or renaming a provider.
    #[command(verbatim_doc_comment)]
    Register(register::RegisterArguments),

    /// Try what the bot depends on, and say what to do about what is wrong
    ///
    /// Looks at the configuration, the keys, the database and its role, Discord with its
    /// channels and roles, the mail server, and each provider's API by one harmless call.
    /// Changes nothing, and may be run beside a running bot. Ends with 1 if anything failed; warnings alone
    /// end with 0.
    #[command(verbatim_doc_comment)]
    Check(check::CheckArguments),

    /// Try the API of a provider before anybody relies on it
    Issuer(issuer::IssuerArguments),

    /// Look at tokens and stop them, from this machine
    Token(token::TokenArguments),

    /// Read the audit log
    Audit(audit::AuditArguments),

    /// Make keys for sealing secrets
    Keys(keys::KeysArguments),
}

impl Command {
    /// Whether it works as the role that owns the schema.
    fn is_for_owners(&self) -> bool {
        matches!(self, Self::Init(_) | Self::Migrate(_) | Self::Recover(_))
    }
}

impl Arguments {
    /// Runs the command line. `--help` and wrong usage end the process here.
    pub fn run_from_environment() -> ExitCode {
        lookups::stay_built_in();
        let arguments = Self::parse();
        arguments.run().unwrap_or_else(|error| {
            eprintln!("countersign: {error:#}");
            ExitCode::FAILURE
        })
    }

    fn run(self) -> anyhow::Result<ExitCode> {
        let load = || loading::load(self.config.as_deref(), self.log_format);
        // `check` reports it as a finding.
        let for_owners = self.command.is_for_owners();
        if !for_owners && !matches!(self.command, Command::Check(_)) {
            owner::check_not_at_hand()?;
        }
        match self.command {
            Command::Keys(arguments) => keys::run(arguments),
            Command::Init(arguments) => {
                logging::init(loading::choose_format(self.log_format, LogFormat::Human));
                let file = self.config.as_deref().unwrap_or(Path::new(default_config::INSTALLED));
                block_on(init::run(file, *arguments))
            }
            Command::Check(arguments) => {
                logging::init(loading::choose_format(self.log_format, LogFormat::Human));
                let file = default_config::find(self.config.as_deref())?;
                block_on(check::run(&file.path, &arguments))
            }
            Command::Serve => {
                let (config, _traces) =
                    loading::load_traced(self.config.as_deref(), self.log_format)?;
                block_on(serve::run(config))
            }
            Command::Issuer(arguments) => block_on(issuer::run(&load()?, &arguments)),
            Command::Token(arguments) => block_on(token::run(load()?, &arguments)),
            Command::Audit(arguments) => block_on(audit::run(&load()?, &arguments)),
            Command::Migrate(arguments) => {
                let config = load()?;
                let owner = owner::login(&config, &arguments)?;
                block_on(migrate::run(&config, &owner))
            }
            Command::Recover(arguments) => {
                let config = load()?;
                let owner = owner::login(&config, arguments.owner())?;
                block_on(recover::run(config, &arguments, &owner))
            }
            Command::Register(arguments) => block_on(register_commands(&load()?, &arguments)),
        }
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Runtime::new().context("no threads can be started")?.block_on(work)
}

async fn register_commands(
    config: &Config,
    arguments: &register::RegisterArguments,
) -> anyhow::Result<ExitCode> {
    let providers: Vec<(String, String)> = config
        .providers
        .iter()
        .map(|provider| (provider.id.to_string(), provider.name.clone()))
        .collect();
    let guild = config.discord.guild_id;
    register::run(arguments, &build_rest(config)?, guild, &providers, &mut std::io::stdout())
        .await?;
    Ok(ExitCode::SUCCESS)
}

/// Connects as the application's role, and checks that the rules can hold that role and that the schema is
/// this version's.
async fn connect_database(config: &Config, patience: LockTimeout) -> anyhow::Result<Pool> {
    let (url, network) = (&config.database.url, &config.network);
    check_not_recovering(url, network).await?;
    let pool = match patience {
        LockTimeout::Endless => pool::build_lazy_pool(url, network),
        LockTimeout::Brief => pool::build_brief_pool(url, network),
    };
    let pool = pool.context("[database] url is not usable")?;
    let asked = pool
        .run(async |connection| roles::get_role(connection).await)
        .await
        .map_err(|error| unreachable::explain(&error));
    let role = asked.context("the database can't be asked for its roles")?;
    check_guards_hold(config, &role)?;
    if config.database.single_role {
        match &role.above_rules {
            Some(reason) => tracing::warn!(
                role = role.name,
                "one role owns the database and runs the bot: whoever takes over this process can \
                 switch off the rules that hold two approvals ({reason})"
            ),
            None => tracing::warn!(
                role = role.name,
                "single_role is set, but this role owns nothing: it is held by its grants all the same"
            ),
        }
    }
    check_migrated(&pool).await?;
    Ok(pool)
}

/// Refuses a role that the database's rules can't hold, unless the configuration accepts that.
fn check_guards_hold(config: &Config, role: &Role) -> anyhow::Result<()> {
    match &role.above_rules {
        Some(reason) if !config.database.single_role => anyhow::bail!(
            "[database] url logs in as {}, which {reason}: the database could refuse it nothing, not \
             even a token without two approvals. Name a role there that owns nothing (README.md, \
             \"Install it\"), or set single_role = true in [database] to accept that",
            role.name
        ),
        _ => Ok(()),
    }
}

/// The pool checks the same, but without a readable message.
async fn check_not_recovering(url: &SecretString, network: &Network) -> anyhow::Result<()> {
    let connected = unreachable::connect(url, network).await;
    let mut connection = connected.context("can't connect to the database ([database] url)")?;
    let is_free = locks::join_work(&mut connection).await.context("the database can't be asked")?;
    if !is_free {
        let others = locks::list_working_sessions(&mut connection)
            .await
            .context("the database can't be asked")?;
        let names: String = others.iter().map(|one| format!("; if not, {one}")).collect();
        anyhow::bail!(
            "`countersign recover` runs on this database, or asks somebody: begin again when it has \
             ended{names}"
        );
    }
    recover::check_has_ended(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Adds which sessions block, if something failed because it waited too long for a lock.
async fn name_blocking_sessions(
    error: anyhow::Error,
    url: &SecretString,
    network: &Network,
) -> anyhow::Error {
    let error = match error.downcast::<Failure>() {
        Ok(Failure::Fault(fault)) => fault,
        Ok(refused) => refused.into(),
        Err(error) => error,
    };
    if !locks::is_lock_timeout(error.as_ref()) {
        return error;
    }
    let found =
        async { locks::list_blocking_sessions(&mut pool::connect(url, network).await?).await }
            .await;
    let names: Vec<String> = found.unwrap_or_default().iter().map(ToString::to_string).collect();
    match names.is_empty() {
        true => error.context("somebody kept a lock for too long, and has let go of it: try again"),
        false => {
            error.context(format!("nothing was changed any further, since\n{}\n", names.join("\n")))
        }
    }
}

/// Whether the tables are there, of this version, and the bot's role may see them.
async fn is_migrated(config: &Config) -> anyhow::Result<bool> {
    let pool = pool::build_pool_without_work_lock(&config.database.url, &config.network)
        .context("[database] url is not usable")?;
    let version = pool.run(pool::schema_version).await;
    pool.close().await;
    Ok(matches!(version, Ok(SchemaVersion::Current)))
}

/// Refuses to go on with another version's tables.
async fn check_migrated(pool: &Pool) -> anyhow::Result<()> {
    let version = pool
        .run(pool::schema_version)
        .await
        .context("the database can't be asked for its state")?;
    match version {
        SchemaVersion::Current => Ok(()),
        version => anyhow::bail!("{}: {}", describe_version(version), find_cure(version)),
    }
}

/// The message about tables of another version.
fn describe_version(version: SchemaVersion) -> &'static str {
    match version {
        SchemaVersion::Newer => "the tables are those of a newer version of Countersign",
        _ => "the tables are not at this version's state",
    }
}

/// What to do about it.
fn find_cure(version: SchemaVersion) -> &'static str {
    match version {
        SchemaVersion::Newer => {
            "install that version again, or restore a backup of before the update: tables don't go back"
        }
        _ => "run `countersign migrate`",
    }
}

/// A client for Discord's REST API, from the configuration.
fn build_rest(config: &Config) -> anyhow::Result<Rest> {
    let discord = &config.discord;
    Ok(Rest::new(RestSettings {
        token: discord.token.clone(),
        application_id: discord.application_id,
        proxy: discord.proxy.as_ref().map(ToString::to_string),
        network: config.network.clone(),
        times: Times::default(),
    })?)
}
