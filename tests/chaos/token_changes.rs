//! What people do with a token whatever happens in the meantime: a new secret, a change with approvals,
//! an end.

use anyhow::{Context, Result};
use discord_sim::MessageView;
use testkit::team::DEVELOPER;

use super::people::{PATIENCE, People, check_says_one_of, newest_card, retry, title_of};

/// What an edit makes of the description.
pub const DESCRIPTION: &str = "Reads harvests every hour";

impl People<'_> {
    /// The token's own panel.
    async fn look_at(&self, name: &str) -> Result<MessageView> {
        self.rin.type_command(&format!("/token show token:{name}")).await?.private()
    }

    /// Rin requests a new secret, and tries until the request exists.
    pub async fn ask_for_reset(&self, name: &str) -> Result<()> {
        retry("the reset", async || {
            let Some(panel) = self.begin(name, "Reset").await? else { return Ok(()) };
            self.submit(&panel).await
        })
        .await
    }

    /// Rin requests another description, and tries until the request exists.
    pub async fn ask_for_edit(&self, name: &str) -> Result<()> {
        retry("the edit", async || {
            let Some(panel) = self.begin(name, "Edit").await? else { return Ok(()) };
            let mut form = self.rin.click(&panel, "Edit details").await?.modal()?;
            form.fill("Description", DESCRIPTION)?;
            let panel = form.submit().await?.message()?;
            self.submit(&panel).await
        })
        .await
    }

    /// The panel of a change; none if the change was requested before.
    async fn begin(&self, name: &str, button: &str) -> Result<Option<MessageView>> {
        let panel = self.look_at(name).await?;
        if panel.contains("It has an open request") {
            return Ok(None);
        }
        let said = self.rin.click(&panel, button).await?.message()?;
        Ok((!said.contains("can be only one")).then_some(said))
    }

    async fn submit(&self, panel: &MessageView) -> Result<()> {
        let said = self.rin.click(panel, "Submit").await?.message()?;
        check_says_one_of(&said, &["is submitted", "was already done"])
    }

    /// The title of the card that is not the token's first. Numbers of requests that were not committed may
    /// be missing.
    pub async fn second_card(&self, name: &str) -> Result<String> {
        retry("another card", async || {
            let cards = self.aki.channel("approvals")?;
            let mut titles = cards.iter().filter_map(title_of);
            let is_second =
                |title: &&str| title.ends_with(&format!("· {name}")) && !title.starts_with("#1 ");
            let title = titles.rfind(is_second);
            title.map(str::to_owned).context("there is no other card yet")
        })
        .await
    }

    /// The developer was told what happened to the token, in these words, and a card shows the result.
    pub async fn have_heard_that(
        &self,
        name: &str,
        happened: &str,
        card: (&str, &str),
    ) -> Result<()> {
        let (title, end) = card;
        let subject = format!("{name}” {happened}");
        self.setup.mailbox.wait_for_within(PATIENCE, DEVELOPER, &subject).await?;
        self.card_says(title, end).await
    }

    /// Rin disables a token that only an admin can disable at the provider.
    pub async fn disable_token(&self, name: &str) -> Result<()> {
        retry("the end", async || {
            let panel = self.look_at(name).await?;
            if panel.contains("It is being disabled") {
                return Ok(());
            }
            let question = self.rin.click(&panel, "Disable").await?.message()?;
            let said = self.rin.click(&question, "Disable").await?.message()?;
            check_says_one_of(&said, &["It is being disabled", "was already done"])
        })
        .await
    }

    /// An admin switches it off at the provider and confirms it.
    pub async fn switch_off(&self, card: &str) -> Result<()> {
        retry("the word that it is done", async || {
            let task = newest_card(&self.chiyo, card)?;
            if !task.offers("Done") {
                return Ok(());
            }
            let said = self.chiyo.click(&task, "Done").await?.private()?;
            check_says_one_of(&said, &["Thank you", "was already done", "This request is done"])
        })
        .await
    }

    /// Rin deletes a token by typing its name.
    pub async fn delete_token(&self, name: &str) -> Result<()> {
        retry("the end", async || {
            let panel = self.look_at(name).await?;
            let goes = ["It is being disabled", "There is no token called", "It is deleted"];
            if goes.iter().any(|words| panel.contains(words)) {
                return Ok(());
            }
            let mut form = self.rin.click(&panel, "Delete").await?.modal()?;
            form.fill("Type its name", name)?;
            let said = form.submit().await?.private()?;
            check_says_one_of(&said, &["is being disabled", "was already done"])
        })
        .await
    }
}
