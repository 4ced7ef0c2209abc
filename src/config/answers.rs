//! Single answers, read as the keys of the configuration are: `countersign init` asks for one after the other.
//!
//! An error says what the key takes, after its name.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use lettre::message::Mailbox;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::document::{Node, Read, Section, Table, Value};
use super::environment;
use super::problem::{ConfigErrors, Place, Problems};
use super::secrets::{Base, secret};
use super::sections::{SECTIONS, keys_of, why_no_database_url, why_no_token};
use super::settings::MailTransport;
use super::values::origin;
use super::{mail, network};
use crate::network::Network;

/// The bot's token.
pub(crate) fn read_token(text: &str) -> Read<SecretString> {
    let token = secret(text)?;
    why_no_token(&token).map_or(Ok(token), |why| Err(why.to_owned()))
}

/// The URL of the database.
pub(crate) fn read_database_url(text: &str) -> Read<SecretString> {
    let url = secret(text)?;
    why_no_database_url(&url).map_or(Ok(url), Err)
}

/// Where emails go, as a URL.
pub(crate) fn read_mail_url(url: &SecretString) -> Read<MailTransport> {
    mail::transport(secret(url.expose_secret())?, mail::Means::Password)
}

/// Whom emails come from.
pub(crate) fn read_sender(text: &str) -> Read<Mailbox> {
    let place = Place::File(Arc::from(""), None);
    mail::sender(&Node { place, content: Value::Text(text.to_owned()) })
}

/// What the environment says of how Discord is reached: what REST calls in its place, and the network's settings.
pub(crate) fn read_network(folder: &Path) -> Result<(Option<Url>, Network), ConfigErrors> {
    let (variables, problems) = (environment::read_of_process()?, Problems::default());
    let mut table = Table::new();
    environment::apply(&mut table, &variables, &problems);
    let names: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
    let read = {
        let root = Section::root(&table, &Arc::from(""), &names, &problems);
        let secret_files = RefCell::default();
        let base = Base { folder, secret_files: &secret_files };
        let proxy = root.section("discord", keys_of("discord")).optional("proxy", origin);
        network::network(&root, base, &variables).map(|network| (proxy, network))
    };
    problems.conclude(read)
}

/// The variables of the environment that set keys of the configuration.
pub(crate) fn list_variables() -> Result<Vec<String>, ConfigErrors> {
    let names = environment::read_of_process()?.into_keys();
    let sets = |name: &String| {
        name.strip_prefix(environment::PREFIX).is_some_and(|rest| rest.contains("__"))
    };
    Ok(names.filter(sets).collect())
}
