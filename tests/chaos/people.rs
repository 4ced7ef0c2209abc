//! What people do when nothing happens: look at what they see, press again, type the command again, wait.
//! The code here only uses what people can see.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use discord_sim::{MessageView, Person, Seen};
use serde_json::Value;
use testkit::setup::Setup;
use testkit::team::DEVELOPER;

/// After this time even patient people give up.
pub const PATIENCE: Duration = Duration::from_secs(110);

/// How long people look at the screen before they try again.
const PAUSE: Duration = Duration::from_millis(400);

/// How long an owner waits for a direct message before they type `/token collect`.
const DM_PATIENCE: Duration = Duration::from_secs(8);

/// All people in the scenario.
pub struct People<'a> {
    pub setup: &'a Setup,
    pub rin: Person,
    pub aki: Person,
    pub ben: Person,
    pub chiyo: Person,
}

impl<'a> People<'a> {
    pub fn of(setup: &'a Setup) -> Result<Self> {
        let person = |name| setup.person(name);
        let (rin, aki) = (person("rin")?, person("aki")?);
        Ok(Self { setup, rin, aki, ben: person("ben")?, chiyo: person("chiyo")? })
    }

    /// One main job, from the card to the end.
    pub async fn bring_to_its_end(&self, name: &str) -> Result<()> {
        self.bring_to_collection(name).await?;
        self.have_heard(name).await
    }

    /// The same up to *I have stored it*.
    pub async fn bring_to_collection(&self, name: &str) -> Result<()> {
        self.approve(name).await?;
        self.collect_secret(name).await
    }

    /// Two admins approve the card of this title.
    pub async fn approve(&self, title: &str) -> Result<()> {
        self.approve_once(&self.aki, title).await?;
        self.approve_once(&self.ben, title).await
    }

    /// Rin requests a token, and tries until the request exists.
    pub async fn ask(&self, provider: &str, name: &str) -> Result<()> {
        retry("the request", async || {
            let Some(panel) = self.panel(provider, name).await? else { return Ok(()) };
            if panel.offers("Whole category") && !panel.offers("Create") {
                self.rin.click(&panel, "Whole category").await?;
            }
            let panel = self.rin.refresh(&panel)?;
            if panel.contains("is submitted") {
                return Ok(());
            }
            let said = self.rin.click(&panel, "Create").await?.message()?;
            check_says_one_of(&said, &["is submitted", "was already done"])
        })
        .await
    }

    /// The panel with what Rin fills in; none if the name is taken by Rin's earlier request.
    async fn panel(&self, provider: &str, name: &str) -> Result<Option<MessageView>> {
        let said = self.rin.type_command(&format!("/token request provider:{provider}")).await?;
        let panel = match said {
            Seen::Modal(mut modal) => {
                modal.fill("Token name", name)?;
                modal.fill("Description", "Reads harvests every night")?;
                modal.fill("Developer emails", DEVELOPER)?;
                modal.submit().await?.message()?
            }
            other => other.private()?,
        };
        if panel.contains("is taken") {
            self.rin.click(&panel, "Cancel").await?;
            return Ok(None);
        }
        check_says_one_of(&panel, &["Choose what the token may do", "You started this request"])?;
        Ok(Some(panel))
    }

    /// An admin approves the request, and tries until the approval is there.
    pub async fn approve_once(&self, admin: &Person, name: &str) -> Result<()> {
        retry("an approval", async || {
            let card = newest_card(admin, name)?;
            let sources = card.sources().join("\n");
            let tally =
                sources.lines().find(|line| line.contains(" approvals**")).unwrap_or_default();
            let is_enough = card.contains("2 of 2 approvals") && !card.offers("Approve");
            if is_enough || tally.contains(&admin.mention()) {
                return Ok(());
            }
            let said = admin.click(&card, "Approve").await?.private()?;
            check_says_one_of(&said, &["You approved", "was already done", "all its approvals"])
        })
        .await
    }

    /// Chiyo makes the token by hand and pastes what the provider shows.
    pub async fn fulfil(&self, name: &str, sid: &str, secret: &str) -> Result<()> {
        retry("what was pasted", async || {
            let card = newest_card(&self.chiyo, name)?;
            if ["**Issued", "**Collected"].iter().any(|end| card.contains(end)) {
                return Ok(());
            }
            let mut modal = match self.chiyo.click(&card, "Fulfil").await? {
                Seen::Modal(modal) => modal,
                other => return check_says_one_of(&other.private()?, &["This request is done"]),
            };
            modal.fill("Account SID", sid)?.fill("Auth Token", secret)?;
            let said = modal.submit().await?.private()?;
            let done = ["Thank you", "was already done", "This request is done"];
            check_says_one_of(&said, &done)
        })
        .await
    }

    /// Rin reveals the secret, stores it, and presses *I have stored it*.
    pub async fn collect_secret(&self, name: &str) -> Result<()> {
        let start = Instant::now();
        let shown = retry("the secret", async || {
            if let Some(shown) = self.secret_on_screen(name) {
                return Ok(shown);
            }
            let dms = self.rin.dms();
            let has_button = |message: &&MessageView| {
                message.contains(name) && message.custom_id("Reveal").is_ok()
            };
            let ready = match dms.iter().rev().find(has_button) {
                Some(ready) => ready.clone(),
                None if start.elapsed() < DM_PATIENCE => bail!("no direct message yet"),
                None => {
                    let said = self.rin.type_command("/token collect").await?.private()?;
                    said.custom_id("Reveal").with_context(|| said.to_string())?;
                    said
                }
            };
            let said = self.rin.click(&ready, "Reveal").await?.message()?;
            let told = said.to_string();
            self.secret_on_screen(name).with_context(|| told)
        })
        .await?;
        retry("that it is stored", async || {
            if !self.rin.still_sees(&shown) {
                return Ok(());
            }
            self.rin.click(&shown, "I have stored it").await?.gone()
        })
        .await
    }

    /// The message with the secret that Rin sees now.
    fn secret_on_screen(&self, name: &str) -> Option<MessageView> {
        let holds = |message: &MessageView| {
            message.contains(name) && code_blocks(message.json()).len() == 2
        };
        self.rin.private_messages().into_iter().rev().find(holds)
    }

    /// Rin, the developer and a reader of the card have all messages.
    pub async fn have_heard(&self, name: &str) -> Result<()> {
        let subject = format!("{name}” was created and collected");
        self.setup.mailbox.wait_for_within(PATIENCE, DEVELOPER, &subject).await?;
        self.have_seen_its_end(name).await
    }

    /// Rin and a reader of the card have all messages.
    pub async fn have_seen_its_end(&self, name: &str) -> Result<()> {
        retry("the receipt", async || {
            let dms = self.rin.dms();
            let stale =
                |dm: &&MessageView| !dm.is_ephemeral() && dm.contains(name) && dm.offers("Reveal");
            anyhow::ensure!(!dms.iter().any(|dm| stale(&dm)), "Rin's message is no receipt");
            Ok(())
        })
        .await?;
        self.card_says(name, "**Collected**").await
    }

    /// A card, found by its title, shows the result.
    pub async fn card_says(&self, title: &str, end: &str) -> Result<()> {
        retry("the card's end", async || {
            let card = newest_card(&self.aki, title)?;
            let is_over = card.contains(end) && !card.contains("has not confirmed");
            anyhow::ensure!(is_over, "the card does not say that it is over:\n{card}");
            Ok(())
        })
        .await
    }

    /// All people read all messages.
    pub fn read_everything(&self) -> Result<()> {
        for person in [&self.rin, &self.aki, &self.ben, &self.chiyo] {
            person.dms();
            person.private_messages();
        }
        self.aki.channel("approvals")?;
        for mail in self.setup.mailbox.all()? {
            self.setup.mailbox.mark_read(&mail);
        }
        Ok(())
    }
}

/// Tries until it succeeds; an error means one more try.
pub async fn retry<T>(what: &str, mut attempt: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    loop {
        match attempt().await {
            Ok(done) => return Ok(done),
            Err(error) if start.elapsed() > PATIENCE => {
                return Err(error.context(format!("{what} never came")));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// The current card of the request with this name, as a person sees it.
pub fn newest_card(person: &Person, name: &str) -> Result<MessageView> {
    let cards = person.channel("approvals")?;
    cards.into_iter().rev().find(|card| is_of(card, name)).context("there is no card yet")
}

/// Whether a message is the card of the request with this name, by its title: reading many cards in full
/// would take long.
pub fn is_of(message: &MessageView, name: &str) -> bool {
    !message.is_ephemeral() && title_of(message).is_some_and(|title| title.contains(name))
}

/// The heading of a message.
pub fn title_of(message: &MessageView) -> Option<&str> {
    message.sources().first()?.lines().next()?.strip_prefix("### ")
}

/// Fails unless the message contains one of these texts.
pub fn check_says_one_of(message: &MessageView, expected: &[&str]) -> Result<()> {
    let says = expected.iter().any(|text| message.contains(text));
    anyhow::ensure!(says, "expected one of {expected:?}, but:\n{message}");
    Ok(())
}

/// The code blocks anywhere in a message, in their order.
pub fn code_blocks(message: &Value) -> Vec<String> {
    let mut blocks = Vec::new();
    collect(&message["content"], &mut blocks);
    collect(&message["components"], &mut blocks);
    blocks
}

fn collect(value: &Value, blocks: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let inside = text.split("```").skip(1).step_by(2);
            blocks.extend(inside.map(|block| block.trim().to_owned()));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, blocks)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, blocks)),
        _ => {}
    }
}
