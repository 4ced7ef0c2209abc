//! The database and the mail server: each answer is tried at once.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::Connection as _;
use url::Url;

use super::questions::{Question, ask_line};
use crate::cli::{ask, unreachable};
use crate::config::MailSettings;
use crate::config::answers::{read_database_url, read_mail_url, read_sender};
use crate::domain::ids::ApplicationId;
use crate::emails::Mailer;
use crate::network::Network;
use crate::store::roles;

/// Where the installed unit may write.
const DIRECTORY: &str = "/var/lib/countersign";

/// Asks for the login that the bot works with.
pub(super) async fn ask_for_database(
    question: &Question<'_>,
    given: Option<SecretString>,
    network: &Network,
    single_role: bool,
) -> anyhow::Result<SecretString> {
    let ask = async || {
        eprintln!(
            "The database, as the bot's role: postgres://countersign:PASSWORD@localhost/countersign, special \
             characters as %XX."
        );
        ask::ask_hidden("URL (not shown): ")
    };
    question.answer(given, ask, async |url| try_database(url, network, single_role).await).await
}

async fn try_database(
    url: SecretString,
    network: &Network,
    single_role: bool,
) -> Result<SecretString, String> {
    let url = read_database_url(url.expose_secret()).map_err(|why| format!("it {why}"))?;
    let mut connection =
        unreachable::connect(&url, network).await.map_err(|error| error.to_string())?;
    let role = roles::get_role(&mut connection).await;
    // What was asked is known.
    drop(connection.close().await);
    let role = role.map_err(|error| unreachable::explain(&error).to_string())?;
    match &role.above_rules {
        Some(reason) if !single_role => Err(format!(
            "{} {reason}, so that the database could refuse the bot nothing. Give the login of a role that owns \
             nothing (README.md, \"Install it\"); to accept this one, begin again with --single-role",
            role.name
        )),
        _ => Ok(url),
    }
}

/// Where emails go and whom they come from.
pub(super) struct Mail {
    pub(super) url: SecretString,
    /// As it was written: `NAME <ADDRESS>`.
    pub(super) from: String,
}

/// What options say of emails.
pub(super) struct GivenMail {
    pub(super) url: Option<SecretString>,
    pub(super) directory: Option<PathBuf>,
    pub(super) from: Option<String>,
}

/// Asks for both.
pub(super) async fn ask_for_mail(
    at_terminal: bool,
    given: GivenMail,
    application: ApplicationId,
    network: &Network,
) -> anyhow::Result<Mail> {
    let ask = async || ask_line("Whom emails come from, as in Countersign <tokens@example.com>: ");
    let read = async |text: String| {
        let sender = read_sender(&text).map_err(|why| format!("it {why}"))?;
        Ok((text, sender))
    };
    let question = Question { option: "--mail-from", at_terminal };
    let (from, sender) = question.answer(given.from, ask, read).await?;
    let option = if given.directory.is_some() { "--mail-directory" } else { "--mail-url-file" };
    let url = match (given.url, given.directory) {
        (Some(url), _) => Some(Ok(url)),
        (None, Some(directory)) => Some(as_url(&directory)),
        (None, None) => None,
    };
    let read = async |url: Result<SecretString, String>| {
        let url = url?;
        let transport = read_mail_url(&url).map_err(|why| format!("it {why}"))?;
        let settings =
            MailSettings { transport, from: sender.clone(), time_zone: chrono_tz::Tz::UTC };
        let mailer =
            Mailer::new(&settings, network, application).map_err(|error| format!("{error:#}"))?;
        match mailer.check().await {
            Err(error) if error.is_for_all() => Err(format!("{error}; {}", error.cure())),
            _ => Ok(url),
        }
    };
    let question = Question { option, at_terminal };
    let url = question.answer(url, async || ask_for_transport(), read).await?;
    Ok(Mail { url, from })
}

fn ask_for_transport() -> anyhow::Result<Result<SecretString, String>> {
    eprintln!("Where emails go:\n   1  a mail server\n   2  a directory, one file for each email");
    let answer = ask_line("Number: ")?;
    Ok(match answer.as_str() {
        "1" => {
            eprintln!(
                "smtps://USER:PASSWORD@HOST, or smtp://USER:PASSWORD@HOST:587?tls=required; special characters as %XX."
            );
            Ok(ask::ask_hidden("URL (not shown): ")?)
        }
        "2" => {
            let typed = ask_line(&format!("Directory [{DIRECTORY}]: "))?;
            as_url(Path::new(if typed.is_empty() { DIRECTORY } else { &typed }))
        }
        _ => Err("type 1 or 2".to_owned()),
    })
}

fn as_url(directory: &Path) -> Result<SecretString, String> {
    if !directory.is_dir() {
        return Err(format!(
            "there is no directory {}: make it first, writable for the user that runs `serve`",
            directory.display()
        ));
    }
    let directory = std::path::absolute(directory).map_err(|error| error.to_string())?;
    let url = Url::from_file_path(&directory)
        .map_err(|()| format!("{} can't be written as a URL", directory.display()))?;
    Ok(SecretString::from(String::from(url)))
}
