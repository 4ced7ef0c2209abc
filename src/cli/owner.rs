//! The login of the role that owns the database's schema.
//!
//! This login can disable every rule in the database. So only the subcommands that change the schema read
//! it, from outside of the configuration, and all others refuse to run if they find it: a process that runs
//! for weeks never holds it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::ask;
use crate::config::{Config, OWNER_URL, why_no_database_url};
use crate::keyring::is_open_to_others;
use crate::store::pool;

/// The source of the login, unless it is `COUNTERSIGN_OWNER_URL` or the terminal.
#[derive(Debug, Clone, Args)]
pub struct OwnerArguments {
    /// A file that holds the login of the database's owner, as a URL on one line
    ///
    /// Without it, COUNTERSIGN_OWNER_URL is taken, or the terminal is asked.
    #[arg(long, value_name = "FILE")]
    owner_url_file: Option<PathBuf>,
}

impl OwnerArguments {
    /// Whether the login is there without asking for it.
    pub(super) fn is_given(&self) -> bool {
        self.owner_url_file.is_some() || is_at_hand()
    }
}

/// The login of the schema's owner.
pub struct OwnerLogin {
    url: SecretString,
    /// The name of the source in error messages.
    source: String,
}

impl OwnerLogin {
    /// Where to connect.
    #[must_use]
    pub fn url(&self) -> &SecretString {
        &self.url
    }

    /// The name of the source for people; no part of the login.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The role in the login.
    ///
    /// # Errors
    /// An invalid URL.
    pub fn role(&self) -> anyhow::Result<String> {
        pool::role(&self.url).with_context(|| format!("{} is not usable", self.source))
    }
}

/// Reads the owner's login for a subcommand that changes the schema. Asks at the terminal if no other
/// source has it.
///
/// # Errors
/// There is no login, or more than one; it is not a Postgres URL; or it is the bot's own role without
/// `single_role`.
pub fn login(config: &Config, arguments: &OwnerArguments) -> anyhow::Result<OwnerLogin> {
    let given = read_given(arguments.owner_url_file.as_deref())?;
    let database = &config.database;
    let login = match given {
        Some(login) if database.single_role => bail!(
            "[database] single_role = true makes `url` the owner's login, and {} holds another one: \
             take one of them away",
            login.source
        ),
        Some(login) => login,
        None if database.single_role => {
            let source = "[database] url".to_owned();
            return Ok(OwnerLogin { url: database.url.clone(), source });
        }
        None => prompt()?,
    };
    check(config, login)
}

/// Asks at the terminal; none where nothing was typed. The inner error is about what was typed.
pub(super) fn ask_at_terminal(
    config: &Config,
) -> anyhow::Result<Option<anyhow::Result<OwnerLogin>>> {
    let typed = ask::ask_hidden(QUESTION)?;
    let typed = typed.expose_secret();
    let login = || check(config, one_line(typed, TYPED.to_owned())?);
    Ok((!typed.is_empty()).then(login))
}

fn check(config: &Config, login: OwnerLogin) -> anyhow::Result<OwnerLogin> {
    let database = &config.database;
    if let Some(why) = why_no_database_url(&login.url) {
        bail!("{} {why}", login.source);
    }
    let role = login.role()?;
    ensure!(
        pool::role(&database.url).context("[database] url is not usable")? != role,
        "{} logs in as {role}, which is the bot's role as well ([database] url). Give `url` a role \
         that owns nothing: README.md, \"Install it\". Where one role is to do both, set \
         single_role = true in [database]; `countersign check` says what that gives up",
        login.source
    );
    Ok(login)
}

/// Refuses to go on if the environment holds the owner's login.
///
/// # Errors
/// It does.
pub fn check_not_at_hand() -> anyhow::Result<()> {
    ensure!(!is_at_hand(), "{}: {CURE}", AT_HAND);
    Ok(())
}

/// Whether the environment holds the owner's login; an empty variable does not.
pub(super) fn is_at_hand() -> bool {
    std::env::var_os(OWNER_URL).is_some_and(|value| !value.is_empty())
}

/// What is wrong where [`is_at_hand`].
pub(super) const AT_HAND: &str = "COUNTERSIGN_OWNER_URL holds the login of the database's owner, which \
     can switch off the rules that hold two approvals for each token";

/// What to do about it.
pub(super) const CURE: &str = "unset it here, and set it for `countersign migrate` alone";

/// The login from the file or the variable.
fn read_given(file: Option<&Path>) -> anyhow::Result<Option<OwnerLogin>> {
    match (file, is_at_hand()) {
        (Some(_), true) => {
            bail!("--owner-url-file is given and {OWNER_URL} is set: keep one of them")
        }
        (Some(file), false) => from_file(file).map(Some),
        (None, true) => {
            let value = std::env::var(OWNER_URL).ok().map(Zeroizing::new);
            let value = value.with_context(|| format!("{OWNER_URL} takes text in UTF-8"))?;
            one_line(&value, OWNER_URL.to_owned()).map(Some)
        }
        (None, false) => Ok(None),
    }
}

fn from_file(file: &Path) -> anyhow::Result<OwnerLogin> {
    let name = file.display();
    let cannot = || format!("--owner-url-file: {name} can't be read");
    let text = Zeroizing::new(std::fs::read_to_string(file).with_context(cannot)?);
    if is_open_to_others(file).with_context(cannot)? {
        eprintln!("{name} can be read by others than its owner: keep them out with chmod 600");
    }
    one_line(&text, name.to_string())
}

fn prompt() -> anyhow::Result<OwnerLogin> {
    ensure!(
        ask::is_at_terminal(),
        "the login of the role that owns the database is needed: set {OWNER_URL} for this command, \
         name a file that holds it with --owner-url-file FILE, or run this at a terminal, which asks \
         for it. Where one role is to do both, set single_role = true in [database]"
    );
    one_line(ask::ask_hidden(QUESTION)?.expose_secret(), TYPED.to_owned())
}

const QUESTION: &str = "The owner's login, postgres://USER:PASSWORD@HOST/DATABASE (not shown): ";

/// The source of a login that was typed.
const TYPED: &str = "what was typed";

/// No error may quote the login.
fn one_line(text: &str, source: String) -> anyhow::Result<OwnerLogin> {
    let text = text.trim();
    ensure!(!text.is_empty(), "{source} is empty: it takes the login of the database's owner");
    ensure!(
        !text.chars().any(char::is_control),
        "{source} takes the owner's login on a single line"
    );
    Ok(OwnerLogin { url: SecretString::from(text), source })
}
