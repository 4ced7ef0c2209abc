//! The standard team for tests: Rin the developer; Aki, Ben and Chiyo the admins; and
//! their common actions.
//!
//! Everything here panics where something is not as it should be, with what was seen instead: a test
//! has nothing better to do. Scenarios that continue in spite of faults use [`Setup`] and [`Person`].

use std::time::Duration;

use anyhow::Result;

use crate::bot::BotConfig;
use crate::postgres::Postgres;
use crate::setup::Setup;
use discord_sim::{MessageView, Modal, Options, Person};

/// A developer's address in forms.
pub const DEVELOPER: &str = "dev@orchard.example";

/// What a message begins with that calls the admins.
const CALL: &str = "🔔";

/// How long the jobs of a sweep may take.
const SWEEP_LIMIT: Duration = Duration::from_secs(60);

/// A setup, and the people on it.
pub struct Team {
    /// The bot, Discord, the mailbox and the database.
    pub setup: Setup,
    /// A developer.
    pub rin: Person,
    /// An admin.
    pub aki: Person,
    /// An admin.
    pub ben: Person,
    /// An admin who reads Japanese.
    pub chiyo: Person,
}

impl Team {
    /// The standard guild with the standard bot.
    pub async fn start(label: &str) -> Self {
        Self::with(label, Options::standard(), |_| {}).await
    }

    /// With these settings over the standard ones, in TOML.
    pub async fn configured(label: &str, settings: &str) -> Self {
        let settings: toml::Table = must(toml::from_str(settings).map_err(Into::into));
        Self::with(label, Options::standard(), |config| config.overrides = settings).await
    }

    /// Another guild, or another configuration.
    pub async fn with(
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Self {
        Self::on(&must(Postgres::shared().await), label, options, configure).await
    }

    /// The same on a server that the test may change.
    pub async fn on(
        postgres: &Postgres,
        label: &str,
        mut options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Self {
        // The story and one test here keep Discord's limits; in the others they would only cost
        // time.
        options.route_limits = false;
        let setup = must(Setup::on(postgres, label, options, configure).await);
        let person = |name| must(setup.person(name));
        let (rin, aki, ben, chiyo) = (person("rin"), person("aki"), person("ben"), person("chiyo"));
        Self { setup, rin, aki, ben, chiyo }
    }

    /// Ends the setup as [`Setup::ends`] does. A call of the admins that still stands repeats what a card says, and
    /// need not have been read.
    pub async fn ends(self) {
        must(self.setup.settles().await);
        for call in self.setup.discord.unread().iter().filter(|unread| unread.contains(CALL)) {
            for admin in [&self.aki, &self.ben] {
                // One of them may have left.
                let _ = admin.refreshes(call);
            }
        }
        must(self.setup.ends().await);
    }

    /// The form of `/token request`, with only the required fields filled in.
    pub async fn form(&self, person: &Person, provider: &str, name: &str) -> Modal {
        let line = format!("/token request provider:{provider}");
        let mut modal = must(must(person.types(&line).await).modal());
        must(modal.fill("Token name", name));
        must(modal.fill("Description", "Reads harvests every night"));
        modal
    }

    /// The panel with one category chosen whole.
    pub async fn panel(&self, person: &Person, provider: &str, name: &str) -> MessageView {
        let panel = self.form(person, provider, name).await.submit().await;
        let panel = must(must(panel).private());
        must(must(person.clicks(&panel, "Whole category").await).message())
    }

    /// Submits a request for a token of the provider `orchard`; the answer.
    pub async fn asks(&self, person: &Person, name: &str) -> MessageView {
        self.asks_at("orchard", person, name).await
    }

    /// Submits a request for a token of impact.com's.
    pub async fn asks_by_hand(&self, person: &Person, name: &str) -> MessageView {
        self.asks_at("impact-agency", person, name).await
    }

    /// Submits a request for a token of this provider; the answer.
    pub async fn asks_at(&self, provider: &str, person: &Person, name: &str) -> MessageView {
        let panel = self.panel(person, provider, name).await;
        must(must(person.clicks(&panel, "Create").await).message())
    }

    /// Rin submits this form with the scopes of one category, and the request is approved.
    pub async fn submit_and_approve(&self, form: &Modal) {
        let panel = must(must(form.submit().await).private());
        let panel = must(must(self.rin.clicks(&panel, "Whole category").await).message());
        must(must(self.rin.clicks(&panel, "Create").await).message());
        let card = self.card("0 of 2 approvals").await;
        self.is_approved(&card).await;
    }

    /// The card, once it has this text, as Aki sees it.
    pub async fn card(&self, containing: &str) -> MessageView {
        must(self.aki.sees_in("approvals", containing).await)
    }

    /// Presses *Approve* on the card; returns the answer.
    pub async fn approves(&self, admin: &Person, card: &MessageView) -> MessageView {
        must(must(admin.clicks(card, "Approve").await).private())
    }

    /// Presses *Details* for the first time; its messages, once it is recorded that all of it was read.
    pub async fn reads_all(&self, admin: &Person, card: &MessageView) -> Vec<MessageView> {
        const READINGS: &str = "select count(*) from countersign.readings";
        let before = self.count(READINGS).await;
        must(must(admin.clicks(card, "Details").await).private());
        must(self.setup.becomes(READINGS, before + 1).await);
        admin.private_messages()
    }

    /// Aki and Ben approve what is on this card, after *Details* where it comes first; the last answer.
    pub async fn is_approved(&self, card: &MessageView) -> MessageView {
        let is_counted = card.contains("before **Approve**");
        if is_counted {
            self.reads_all(&self.aki, card).await;
        }
        self.approves(&self.aki, card).await;
        let card = self.card("1 of 2 approvals").await;
        if is_counted {
            self.reads_all(&self.ben, &card).await;
        }
        self.approves(&self.ben, &card).await
    }

    /// Rin's request of this name up to the DM with *Reveal*, with all messages read.
    pub async fn is_ready(&self, name: &str) -> MessageView {
        self.is_ready_at("orchard", name).await
    }

    /// The same at another provider.
    pub async fn is_ready_at(&self, provider: &str, name: &str) -> MessageView {
        self.asks_at(provider, &self.rin, name).await;
        let card = self.card("0 of 2 approvals").await;
        let answer = self.is_approved(&card).await;
        let ready = must(self.rin.sees_dm("is ready").await);
        self.card("Issued").await;
        must(self.ben.sees(&answer, "still count").await);
        ready
    }

    /// Presses *Reveal* and, once that is recorded, *I have stored it*; the Account SID and the secret.
    pub async fn collects(&self, owner: &Person, ready: &MessageView) -> [String; 2] {
        let shown = must(must(owner.clicks(ready, "Reveal").await).private());
        let blocks = must(<[String; 2]>::try_from(code_blocks(&shown)).map_err(|blocks| {
            anyhow::anyhow!("an Account SID and a secret are shown in {} blocks", blocks.len())
        }));
        self.is_collected().await;
        self.stores(owner, &shown).await;
        // If another token was collected before, the first look may have been at its card.
        self.is_collected().await;
        blocks
    }

    /// Waits for the sweep that a process begins with, and for the jobs that it requests.
    pub async fn wait_for_sweep(&self) {
        const DUE_SWEEP: &str =
            "select count(*) from countersign.jobs where kind = 'sweep' and due_at <= now()";
        for _ in 0..400 {
            must(self.setup.settles_within(SWEEP_LIMIT).await);
            if self.count(DUE_SWEEP).await == 0 {
                return must(self.setup.settles_within(SWEEP_LIMIT).await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the sweep is still due");
    }

    /// Presses *I have stored it*: the message that shows the secret goes, and another says so.
    pub async fn stores(&self, owner: &Person, shown: &MessageView) {
        must(must(owner.clicks(shown, "I have stored it").await).gone());
        must(owner.sees_private("The message that revealed the secret").await);
    }

    /// A number of the database's.
    pub async fn count(&self, query: &str) -> i64 {
        must(self.setup.count(query).await)
    }

    /// The card of a token whose secret was seen to arrive.
    pub async fn is_collected(&self) -> MessageView {
        self.last_card_with(|card| {
            card.contains("**Collected**") && !card.contains("has not confirmed yet")
        })
        .await
    }

    /// The card with this text once no job is due: its final version.
    pub async fn last_card(&self, containing: &str) -> MessageView {
        self.last_card_with(|card| card.contains(containing)).await
    }

    async fn last_card_with(&self, is_last: impl Fn(&MessageView) -> bool) -> MessageView {
        for _ in 0..100 {
            must(self.setup.settles().await);
            let cards = must(self.aki.channel("approvals"));
            if let Some(card) = cards.into_iter().rev().find(&is_last) {
                return card;
            }
            // A press that was answered may still be recording that it was.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no card is as it should be: {:?}", must(self.aki.channel("approvals")))
    }
}

/// The token's own panel.
pub async fn shows(person: &Person, name: &str) -> MessageView {
    must(must(person.types(&format!("/token show token:{name}")).await).private())
}

/// Presses a button of the token's own panel; returns the answer.
pub async fn presses(person: &Person, name: &str, button: &str) -> MessageView {
    let panel = shows(person, name).await;
    let seen = must(must(person.clicks(&panel, button).await).message());
    if ["Disable", "無効化"].contains(&button) {
        // It asks for confirmation.
        return must(must(person.clicks(&seen, button).await).message());
    }
    seen
}

/// *Disable* on a token's panel, and its confirmation; returns the panel after that.
pub async fn disables(person: &Person, panel: &MessageView) -> MessageView {
    let question = must(must(person.clicks(panel, "Disable").await).message());
    must(must(person.clicks(&question, "Disable").await).message())
}

/// *Withdraw* of the oldest of their open requests; returns the answer.
pub async fn withdraws(person: &Person) -> MessageView {
    let mine = must(must(person.types("/token pending").await).private());
    must(must(person.clicks(&mine, "Withdraw").await).message())
}

/// Deletes the token by typing its name; returns the answer.
pub async fn deletes(person: &Person, name: &str) -> MessageView {
    let panel = shows(person, name).await;
    let mut form = must(must(person.clicks(&panel, "Delete").await).modal());
    let label = form.labels().remove(0);
    must(form.fill(&label, name));
    must(must(form.submit().await).message())
}

/// What it came to; panics with all causes where it failed.
#[track_caller]
fn must<T>(outcome: Result<T>) -> T {
    outcome.unwrap_or_else(|error| panic!("{error:?}"))
}

/// The code blocks of a message, in their order.
pub fn code_blocks(message: &MessageView) -> Vec<String> {
    // Apart from each other, so that a block of one text never meets a block of the next.
    let text = message.sources().join("\n");
    text.split("```").skip(1).step_by(2).map(|block| block.trim().to_owned()).collect()
}
