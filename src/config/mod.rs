//! The configuration: one file, its overrides from the environment, the files that it names, and
//! their checks.
//!
//! The result is plain data that was checked completely; later code doesn't check it again.
//! All errors are reported at once, each with its place and what to do. Whether the outside
//! (database, Discord, mail server) agrees is `check`'s business.

pub(crate) mod answers;
mod catalogue;
mod document;
mod environment;
mod http_filters;
mod http_issuer;
mod http_settings;
mod http_template;
mod http_values;
mod issuer;
mod mail;
mod mail_oauth;
mod network;
mod plaintext;
mod problem;
mod provider;
mod secrets;
mod sections;
mod settings;
mod steps;
mod values;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use document::{Section, Table};
pub(crate) use environment::OWNER_URL;
use environment::Variables;
pub use http_settings::*;
pub use http_template::{Outside, RenderError, Template};
pub use http_values::UpstreamValues;
pub use mail::HelloName;
pub use plaintext::{Unencrypted, is_exposed};
use problem::Problems;
pub use problem::{CatalogueErrors, ConfigErrors, Place, Problem};
use provider::Surroundings;
use secrets::Base;
use sections::SECTIONS;
pub(crate) use sections::why_no_database_url;
pub use settings::*;
pub use steps::{StepCategory, StepScope, StepTemplates, StepValues};

impl Config {
    /// Reads a configuration, with the environment of this process over it.
    pub fn load(file: &Path) -> Result<Self, ConfigErrors> {
        Self::load_with(file, environment::read_of_process()?)
    }

    /// Reads a configuration, with these variables over it.
    pub fn load_with(
        file: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let (name, problems) = (Arc::from(file.display().to_string()), Problems::default());
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => {
                let message =
                    format!("the configuration can't be read: {}", secrets::reason(&error));
                problems.add(&Place::File(name, None), message);
                return problems.conclude(None);
            }
        };
        let table = document::parse(&text, &name, &problems);
        let config = table.and_then(|mut table| {
            let variables: Variables = variables.into_iter().collect();
            environment::apply(&mut table, &variables, &problems);
            read(file, &name, (&table, &variables), &problems)
        });
        problems.conclude(config)
    }
}

fn read(
    file: &Path,
    name: &Arc<str>,
    (table, variables): (&Table, &Variables),
    problems: &Problems,
) -> Option<Config> {
    let secret_files = RefCell::default();
    let base = Base { folder: file.parent().unwrap_or(Path::new("")), secret_files: &secret_files };
    let mut names: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
    names.push("providers");
    let root = Section::root(table, name, &names, problems);

    let discord = sections::discord(&root, base);
    let database = sections::database(&root, base);
    let http = sections::http(&root);
    let verify = sections::verify(&root, &http);
    let keys = sections::keys(&root, base);
    let mail = mail::mail(&root, base);
    let network = network::network(&root, base, variables);
    let log = sections::log(&root);
    let policy = sections::policy(&root);
    let guild = discord.as_ref().map(|discord| discord.guild_id);
    let around = Surroundings { base, policy: &policy, guild, variables };
    let providers = provider::providers(&root, around);
    Some(Config {
        file: file.to_owned(),
        secret_files: secret_files.take(),
        discord: discord?,
        database: database?,
        http,
        verify,
        keys: keys?,
        mail: mail?,
        network: network?,
        log,
        policy,
        providers: providers?,
    })
}

#[cfg(test)]
mod tests;
