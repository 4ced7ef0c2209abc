//! The main job, by people who sometimes get no answer: they look, and try again. What they had to
//! do is recorded.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use discord_sim::{MessageView, Person, Seen, standard};
use testkit::setup::Setup;
use testkit::team::{DEVELOPER, code_blocks};

/// How long a person waits for the result of one press: a call may be tried three times.
const PATIENCE: Duration = Duration::from_secs(45);

/// How long a person keeps trying: a press keeps others from a secret for 30 s, and jobs are retried after
/// 2 s, 4 s, 8 s.
const ENDURANCE: Duration = Duration::from_secs(90);

/// How long an edit of an answer is waited for.
const LAST_ANSWER: Duration = Duration::from_secs(15);

/// How often they look.
const LOOKS: Duration = Duration::from_millis(100);

/// A step of the main job, before which something may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The requester types the command.
    Ask,
    /// The form is sent.
    Submit,
    /// *Create*.
    Create,
    /// The first admin approves.
    FirstApproval,
    /// The last admin approves.
    LastApproval,
    /// *Reveal*.
    Reveal,
    /// *I have stored it*.
    Store,
}

/// One run of the main job.
pub struct Play<'a> {
    setup: &'a Setup,
    rin: Person,
    aki: Person,
    ben: Person,
    /// The token's name, which nothing else on the setup has.
    name: String,
    /// Only one admin is left when the request is made, so that its requester must be warned.
    short_of_admins: bool,
    /// What people had to put up with.
    pub notes: Vec<String>,
    /// The secret, once it was seen.
    pub secret: Option<String>,
    breaks: (Step, &'a dyn Fn() -> Result<()>),
}

impl<'a> Play<'a> {
    /// On this setup, for a token with this name; `breaks` is called before each step.
    pub fn new(
        setup: &'a Setup,
        name: &str,
        breaks: (Step, &'a dyn Fn() -> Result<()>),
    ) -> Result<Self> {
        let person = |name| anyhow::Ok(setup.person(name)?.patient(PATIENCE));
        Ok(Self {
            setup,
            rin: person("rin")?,
            aki: person("aki")?,
            ben: person("ben")?,
            name: name.to_owned(),
            short_of_admins: false,
            notes: Vec::new(),
            secret: None,
            breaks,
        })
    }

    /// The same with too few admins at first.
    pub fn short_of_admins(mut self) -> Self {
        self.short_of_admins = true;
        self
    }

    /// From the command to the deleted message with the secret.
    pub async fn run(&mut self) -> Result<()> {
        let panel = self.fill().await.context("the form")?;
        self.begin(Step::Create)?;
        self.admins(!self.short_of_admins)?;
        self.create(&panel).await.context("Create")?;
        self.admins(true)?;
        self.wait_for_card("of 2 approvals").await?;
        self.begin(Step::FirstApproval)?;
        self.approve(&self.aki.clone(), "1 of 2 approvals").await.context("the first approval")?;
        self.begin(Step::LastApproval)?;
        self.approve(&self.ben.clone(), "**Issued").await.context("the last approval")?;
        let ready = self.receive().await.context("what is ready")?;
        self.wait_for_last_answer().await;
        self.begin(Step::Reveal)?;
        let shown = self.reveal_secret(&ready).await.context("Reveal")?;
        self.begin(Step::Store)?;
        self.store_secret(&shown).await.context("I have stored it")
    }

    /// The answer to the last *Approve* is edited over the route by which a secret is shown. Where Discord is in
    /// trouble, the edit may be given up.
    async fn wait_for_last_answer(&self) {
        let start = Instant::now();
        let is_open = |message: &MessageView| message.contains("Checking that all approvers");
        while start.elapsed() < LAST_ANSWER && self.ben.private_messages().iter().any(is_open) {
            tokio::time::sleep(LOOKS).await;
        }
    }

    fn begin(&self, step: Step) -> Result<()> {
        if self.breaks.0 == step { (self.breaks.1)() } else { Ok(()) }
    }

    fn note(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.notes.contains(&what) {
            self.notes.push(what);
        }
    }

    /// Notes why a press brought nothing.
    fn nothing(&mut self, what: &str, error: &anyhow::Error) {
        let text = error.to_string();
        let short = text.lines().next().unwrap_or_default();
        let short = short.strip_prefix("The application ").unwrap_or(short);
        self.note(format!("{what}: {short}; pressed again"));
    }

    fn admins(&self, all: bool) -> Result<()> {
        for name in ["aki", "chiyo"] {
            let roles: &[_] = if all { &[standard::ADMINS] } else { &[] };
            self.setup.discord.set_roles(&self.setup.person(name)?, roles)?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<MessageView> {
        let start = Instant::now();
        self.begin(Step::Ask)?;
        while start.elapsed() < ENDURANCE {
            let panel = match self.rin.type_command("/token request provider:orchard").await {
                Ok(Seen::Modal(mut modal)) => {
                    modal.fill("Token name", &self.name)?;
                    modal.fill("Description", "Reads harvests every night")?;
                    modal.fill("Developer emails", DEVELOPER)?;
                    self.begin(Step::Submit)?;
                    modal.submit().await.and_then(Seen::private)
                }
                Ok(seen) => seen.private(),
                Err(error) => Err(error),
            };
            match panel {
                Ok(panel) if panel.offers("Whole category") => {
                    let chosen = self.rin.click(&panel, "Whole category").await;
                    match chosen.and_then(Seen::message) {
                        Ok(panel) => return Ok(panel),
                        Err(error) => self.nothing("Whole category", &error),
                    }
                }
                Ok(other) => bail!("this is no panel:\n{other}"),
                Err(error) => self.nothing("form", &error),
            }
        }
        bail!("the form can't be sent: {:?}", self.notes)
    }

    async fn create(&mut self, panel: &MessageView) -> Result<()> {
        // Late messages of an earlier run are not an answer to this one.
        self.rin.private_messages();
        let start = Instant::now();
        while start.elapsed() < ENDURANCE {
            match self.rin.click(panel, "Create").await.and_then(Seen::message) {
                Ok(told) if told.contains("#") => break,
                Ok(told) => bail!("Create is answered with:\n{told}"),
                Err(error) => self.nothing("Create", &error),
            }
        }
        if self.short_of_admins {
            let rin = self.rin.patient(Duration::from_secs(20));
            if rin.wait_for_private("can’t be approved yet").await.is_err() {
                self.note("the warning of too few admins was lost");
            }
        }
        Ok(())
    }

    /// The newest version of the card, once it contains this.
    async fn card(&self, containing: &str) -> Result<MessageView> {
        let start = Instant::now();
        loop {
            let card = self.cards()?.pop();
            match card {
                Some(card) if card.contains(containing) => return Ok(card),
                last if start.elapsed() > ENDURANCE => {
                    let last = last.map_or_else(String::new, |card| card.to_string());
                    bail!("no card with {containing:?}, but:\n{last}")
                }
                _ => tokio::time::sleep(LOOKS).await,
            }
        }
    }

    /// The messages that are a card of this request.
    pub fn cards(&self) -> Result<Vec<MessageView>> {
        let mut cards = self.aki.channel("approvals")?;
        cards.retain(|card| card.contains(&self.name) && card.offers("Details"));
        Ok(cards)
    }

    /// The requester's direct messages about this token.
    pub fn direct_messages(&self) -> Vec<MessageView> {
        let mut direct = self.rin.dms();
        direct.retain(|message| message.contains(&self.name));
        direct
    }

    async fn approve(&mut self, admin: &Person, until: &str) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < ENDURANCE {
            let card = self.card("").await?;
            if !card.offers("Approve") {
                break;
            }
            match admin.click(&card, "Approve").await.and_then(Seen::private) {
                Ok(told) => {
                    if told.contains("counts once") || told.contains("has all its approvals") {
                        self.note(format!("told: {}", sentence(&told)));
                    }
                    break;
                }
                // The card may have changed between the look and the press.
                Err(error) if error.to_string().contains("there is no button") => break,
                Err(error) => self.nothing("Approve", &error),
            }
        }
        self.wait_for_card(until).await
    }

    /// The same as [`Self::card`]; where Discord refused the card for good, the requester was told, and somebody
    /// mends it and restarts the bot.
    async fn wait_for_card(&mut self, containing: &str) -> Result<()> {
        let start = Instant::now();
        let is_refused = |told: &MessageView| told.contains("may not see #");
        while start.elapsed() < ENDURANCE {
            if self.cards()?.pop().is_some_and(|card| card.contains(containing)) {
                return Ok(());
            }
            if self.rin.dms().iter().any(is_refused) {
                self.note("told: the admins may not see it; restarted");
                self.setup.bot.restart().await?;
                break;
            }
            tokio::time::sleep(LOOKS).await;
        }
        self.card(containing).await.map(drop)
    }

    /// The message with *Reveal*: the direct message or, if the card says so, the answer to the command.
    async fn receive(&mut self) -> Result<MessageView> {
        let start = Instant::now();
        while start.elapsed() < ENDURANCE {
            let told = self.direct_messages();
            if let Some(ready) = told.iter().find(|message| message.offers("Reveal")) {
                return Ok(ready.clone());
            }
            if self.card("").await?.contains("/token collect") {
                self.note("card: /token collect");
                match self.rin.type_command("/token collect").await.and_then(Seen::private) {
                    Ok(ready) if ready.offers("Reveal") => return Ok(ready),
                    Ok(other) => bail!("nothing to collect:\n{other}"),
                    Err(error) => self.nothing("collect", &error),
                }
            }
            tokio::time::sleep(LOOKS).await;
        }
        bail!("nobody tells that the token is ready")
    }

    async fn reveal_secret(&mut self, ready: &MessageView) -> Result<MessageView> {
        let start = Instant::now();
        while start.elapsed() < ENDURANCE {
            match self.rin.click(ready, "Reveal").await.and_then(Seen::message) {
                Ok(shown) => {
                    if let [_, secret] = code_blocks(&shown).as_slice() {
                        self.secret = Some(secret.clone());
                        return Ok(shown);
                    }
                    self.note(format!("told: {}", sentence(&shown)));
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
                Err(error) => self.nothing("Reveal", &error),
            }
        }
        bail!("the secret is not shown: {:?}", self.notes)
    }

    async fn store_secret(&mut self, shown: &MessageView) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < ENDURANCE {
            let rin = self.rin.patient(Duration::from_secs(5));
            if let Err(error) = rin.click(shown, "I have stored it").await
                && rin.still_sees(shown)
            {
                self.nothing("Stored", &error);
            }
            let rin = self.rin.patient(Duration::from_secs(20));
            if rin.wait_until_gone(shown).await.is_ok() {
                return Ok(());
            }
            self.note("the secret still stood after 20 s");
        }
        bail!("the message with the secret still stands")
    }
}

/// The first sentence of a message.
fn sentence(message: &MessageView) -> String {
    let text = message.sources().join("\n");
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    text[..end].to_owned()
}
