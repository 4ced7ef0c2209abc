//! The text of the configuration: the one that ships, with answers in the place of its examples.

use anyhow::Context as _;
use toml::Value;

use super::shipped::{CONFIGURATION, ReadyProvider};
use crate::domain::ids::{ApplicationId, ChannelId, GuildId, RoleId};

/// What goes into the file. Secrets are in files of their own.
pub(super) struct Content<'a> {
    pub(super) application: (ApplicationId, &'a str),
    pub(super) guild: (GuildId, &'a str),
    pub(super) channel: (ChannelId, &'a str),
    pub(super) role: (RoleId, &'a str),
    pub(super) mail_from: &'a str,
    pub(super) single_role: bool,
    pub(super) provider: ReadyProvider,
}

impl Content<'_> {
    /// The whole file.
    pub(super) fn write(&self) -> anyhow::Result<String> {
        let text = |text: &str| Value::from(text).to_string();
        let mut document = Document(CONFIGURATION.to_owned());
        document.set("application_id = \"1", id("application_id", self.application))?;
        document.set("guild_id = \"2", id("guild_id", self.guild))?;
        let url = "url_file = \"secrets/database-url\"".to_owned();
        document.set("url = \"postgres://", url)?;
        if self.single_role {
            document.set("# single_role = true", "single_role = true".to_owned())?;
        }
        document.set("url = \"file://", "url_file = \"secrets/mail-url\"".to_owned())?;
        document.set("from = ", format!("from = {}", text(self.mail_from)))?;
        let mut provider = Document(self.provider.block.to_owned());
        provider.set("approval_channel = ", id("approval_channel", self.channel))?;
        let (role, name) = self.role;
        let roles = format!("admin_roles = [\"{role}\"]{}", comment(name));
        provider.set("admin_roles = ", roles)?;
        Ok(format!("{}\n{}", document.0, provider.0))
    }
}

fn id(key: &str, (id, name): (impl std::fmt::Display, &str)) -> String {
    format!("{key} = \"{id}\"{}", comment(name))
}

/// A name, which is somebody else's, must not end its comment.
fn comment(name: &str) -> String {
    let name: String = name.chars().filter(|char| !char.is_control()).collect();
    format!("  # {name}")
}

struct Document(String);

impl Document {
    /// Replaces the one line that begins like this.
    fn set(&mut self, begin: &str, line: String) -> anyhow::Result<()> {
        let mut found = self.0.lines().filter(|line| line.starts_with(begin));
        let old = found.next().filter(|_| found.next().is_none());
        let old = old.with_context(|| format!("the shipped configuration has no line {begin}…"))?;
        self.0 = self.0.replacen(&format!("{old}\n"), &format!("{line}\n"), 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use super::*;
    use crate::cli::init::shipped::list_ready_providers;

    fn content(provider: ReadyProvider, single_role: bool) -> String {
        let content = Content {
            application: (ApplicationId::new(11).unwrap(), "Bot"),
            guild: (GuildId::new(22).unwrap(), "A \"guild\"\nurl = 1"),
            channel: (ChannelId::new(44).unwrap(), "approvals"),
            role: (RoleId::new(55).unwrap(), "Admins"),
            mail_from: "\"T, o\" <a@example.com>",
            single_role,
            provider,
        };
        content.write().unwrap()
    }

    #[test]
    fn every_example_is_replaced_and_the_comments_stay() {
        for provider in list_ready_providers() {
            let text = content(provider, false);
            for example in ["1111", "2222", "4444", "5555", "/var/mail", "postgres://countersign@"]
            {
                assert!(!text.contains(example), "{example}: {text}");
            }
            assert!(text.contains("guild_id = \"22\"  # A \"guild\"url = 1\n"), "{text}");
            assert!(
                text.contains("# Keys") || text.contains("# Made by `countersign keys generate")
            );
            let table: Table = toml::from_str(&text).unwrap();
            assert_eq!(table["discord"]["application_id"].as_str(), Some("11"));
            assert_eq!(table["database"]["url_file"].as_str(), Some("secrets/database-url"));
            assert!(table["database"].get("single_role").is_none());
            assert_eq!(table["mail"]["from"].as_str(), Some("\"T, o\" <a@example.com>"));
            let block = &table["providers"][0];
            assert_eq!(block["approval_channel"].as_str(), Some("44"));
            assert_eq!(block["admin_roles"][0].as_str(), Some("55"));
        }
        let text = content(list_ready_providers()[0], true);
        let table: Table = toml::from_str(&text).unwrap();
        assert_eq!(table["database"]["single_role"].as_bool(), Some(true));
    }
}
