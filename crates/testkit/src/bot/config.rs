//! The content of the configuration file.

use std::fs::Permissions;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use toml::{Table, Value};

use crate::mailbox::Mailbox;
use crate::postgres::Database;
use discord_sim::{Discord, standard};

/// The repository that this program was built from; the shipped catalogues and steps are there.
pub fn repository() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own)
}

/// How interactions arrive.
#[derive(Clone, Debug, Default)]
pub enum Ingress {
    /// Over the gateway.
    #[default]
    Gateway,
    /// As signed POSTs; the key has 64 hexadecimal digits.
    Http {
        /// The application's public key.
        public_key: String,
    },
}

/// One `[[providers]]`. Paths may be absolute.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// The language of its cards: `en-US` or `ja`.
    pub locale: String,
    /// The catalogue's file.
    pub catalogue: PathBuf,
    /// The channel of its cards.
    pub approval_channel: String,
    /// Its admin roles.
    pub admin_roles: Vec<String>,
    /// Who may request tokens; empty for everyone.
    pub requester_roles: Vec<String>,
    /// `[providers.issuer]`.
    pub issuer: Table,
}

impl Provider {
    /// A provider whose tokens Countersign creates, with the catalogue of the made-up Orchard API.
    pub fn builtin(id: &str, name: &str, approval_channel: &str, admin_role: &str) -> Self {
        let issuer = Table::from_iter([("kind".to_owned(), Value::from("builtin"))]);
        Self::shipped(id, name, "playground", approval_channel, admin_role, issuer)
    }

    /// One of impact.com's, by its shipped catalogue and steps: `impact-agency`, `impact-brand` or
    /// `impact-partner`.
    pub fn manual(id: &str, name: &str, approval_channel: &str, admin_role: &str) -> Self {
        let steps = repository().join("config/steps").join(id);
        let issuer = Table::from_iter([
            ("kind".to_owned(), Value::from("manual")),
            ("steps".to_owned(), Value::from(steps.to_string_lossy().as_ref())),
        ]);
        Self::shipped(id, name, id, approval_channel, admin_role, issuer)
    }

    fn shipped(
        id: &str,
        name: &str,
        catalogue: &str,
        approval_channel: &str,
        admin_role: &str,
        issuer: Table,
    ) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            locale: "en-US".to_owned(),
            catalogue: repository().join("config/catalogues").join(format!("{catalogue}.toml")),
            approval_channel: approval_channel.to_owned(),
            admin_roles: vec![admin_role.to_owned()],
            requester_roles: Vec::new(),
            issuer,
        }
    }

    fn table(&self) -> Table {
        table([
            ("id", Value::from(self.id.as_str())),
            ("name", Value::from(self.name.as_str())),
            ("locale", Value::from(self.locale.as_str())),
            ("catalogue", Value::from(self.catalogue.to_string_lossy().as_ref())),
            ("approval_channel", Value::from(self.approval_channel.as_str())),
            ("admin_roles", Value::from(self.admin_roles.clone())),
            ("requester_roles", Value::from(self.requester_roles.clone())),
            ("issuer", Value::Table(self.issuer.clone())),
        ])
    }
}

/// A whole configuration.
#[derive(Clone, Debug)]
pub struct BotConfig {
    /// The address for REST: the simulated Discord's. Without one it is the real one's, which only a proxy of the
    /// test's leads elsewhere.
    pub discord_url: Option<String>,
    /// The bot's token; it is written to a file of its own.
    pub token: String,
    /// The application's id.
    pub application_id: String,
    /// The guild's id.
    pub guild_id: String,
    /// How interactions arrive.
    pub ingress: Ingress,
    /// The database, for the bot.
    pub database_url: String,
    /// The login of the database's owner, which only `migrate` gets, and which is in no file; without it
    /// `database_url` is the owner's as well.
    pub owner_url: Option<String>,
    /// Where emails go.
    pub mail_url: String,
    /// The authority of the mail server's certificate.
    pub mail_ca_file: Option<PathBuf>,
    /// The providers.
    pub providers: Vec<Provider>,
    /// Laid over all of the above, table by table; lists are replaced.
    pub overrides: Table,
    /// Variables for every process.
    pub environment: Vec<(String, String)>,
    /// Where its listeners are.
    pub loopback: IpAddr,
    /// How many descriptors a process may have open, soft and hard; else as many as this program.
    pub descriptors: Option<u64>,
    /// A program with its arguments that runs the bot while it serves, in the same process; empty for none.
    pub runner: Vec<String>,
}

impl BotConfig {
    /// The standard guild's bot, over the gateway: a provider of its own, `orchard`, and
    /// impact.com's agency accounts. Emails go to the mailbox as files.
    pub fn standard(discord: &Discord, database: &Database, mailbox: &Mailbox) -> Self {
        let channel = standard::APPROVALS.to_string();
        let admins = standard::ADMINS.to_string();
        Self {
            discord_url: Some(discord.base_url()),
            token: standard::TOKEN.to_owned(),
            application_id: standard::APPLICATION.to_string(),
            guild_id: standard::GUILD.to_string(),
            ingress: Ingress::Gateway,
            database_url: database.url.clone(),
            owner_url: Some(database.owner_url.clone()),
            mail_url: format!("file://{}", mailbox.folder().display()),
            mail_ca_file: None,
            providers: vec![
                Provider::builtin("orchard", "Orchard API", &channel, &admins),
                Provider::manual("impact-agency", "impact.com (agency)", &channel, &admins),
            ],
            overrides: Table::new(),
            environment: Vec::new(),
            loopback: Ipv4Addr::LOCALHOST.into(),
            descriptors: None,
            runner: Vec::new(),
        }
    }

    /// The file's content.
    pub fn table(&self) -> Table {
        let text = |text: &str| Value::from(text);
        let mut discord = table([
            ("token_file", text("secrets/discord-token")),
            ("application_id", text(&self.application_id)),
            ("guild_id", text(&self.guild_id)),
        ]);
        if let Some(url) = &self.discord_url {
            discord.insert("proxy".to_owned(), text(url));
        }
        match &self.ingress {
            Ingress::Gateway => discord.insert("ingress".to_owned(), text("gateway")),
            Ingress::Http { public_key } => {
                discord.insert("public_key".to_owned(), text(public_key));
                discord.insert("ingress".to_owned(), text("http"))
            }
        };
        let mut database = table([("url", text(&self.database_url))]);
        if self.owner_url.is_none() {
            database.insert("single_role".to_owned(), Value::from(true));
        }
        let mut mail = table([
            ("url", text(&self.mail_url)),
            ("from", text("Countersign <tokens@example.com>")),
        ]);
        if let Some(file) = &self.mail_ca_file {
            mail.insert("ca_file".to_owned(), Value::from(file.to_string_lossy().as_ref()));
        }
        let providers: Vec<Value> =
            self.providers.iter().map(|provider| Value::Table(provider.table())).collect();
        let mut whole = table([
            ("discord", Value::Table(discord)),
            ("database", Value::Table(database)),
            ("mail", Value::Table(mail)),
            ("keys", Value::Table(table([("file", text("secrets/keys"))]))),
            ("log", Value::Table(table([("format", text("json"))]))),
            ("providers", Value::Array(providers)),
        ]);
        merge(&mut whole, &self.overrides);
        whole
    }

    /// Writes the file, and the files that it names, into `folder`.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir(folder.join("secrets"))?;
        write_closed(&folder.join("secrets/discord-token"), &self.token)?;
        let file = toml::to_string(&self.table()).context("the configuration")?;
        write_closed(&folder.join("countersign.toml"), &file)?;
        Ok(())
    }
}

/// A file with a secret, which is for its owner alone.
fn write_closed(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text)?;
    Ok(std::fs::set_permissions(file, Permissions::from_mode(0o600))?)
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn merge(base: &mut Table, over: &Table) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}
