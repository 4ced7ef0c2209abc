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

    /// Ends the setup as [`Setup::finish`] does. A call of the admins that still stands repeats what a card says, and
    /// need not have been read.
    pub async fn finish(self) {
        must(self.setup.settle().await);
        for call in self.setup.discord.unread().iter().filter(|unread| unread.contains(CALL)) {
            for admin in [&self.aki, &self.ben] {
                // One of them may have left.
                let _ = admin.refresh(call);
            }
        }
        must(self.setup.finish().await);
    }

    /// The form of `/token request`, with only the required fields filled in.
    pub async fn form(&self, person: &Person, provider: &str, name: &str) -> Modal {
        let line = format!("/token request provider:{provider}");
        let mut modal = must(must(person.type_command(&line).await).modal());
        must(modal.fill("Token name", name));
        must(modal.fill("Description", "Reads harvests every night"));
        modal
    }

    /// The panel with one category chosen whole.
    pub async fn panel(&self, person: &Person, provider: &str, name: &str) -> MessageView {
        let panel = self.form(person, provider, name).await.submit().await;
        let panel = must(must(panel).private());
        must(must(person.click(&panel, "Whole category").await).message())
    }

    /// Submits a request for a token of the provider `orchard`; the answer.
    pub async fn ask(&self, person: &Person, name: &str) -> MessageView {
        self.ask_at("orchard", person, name).await
    }

    /// Submits a request for a token of impact.com's.
    pub async fn ask_manual(&self, person: &Person, name: &str) -> MessageView {
        self.ask_at("impact-agency", person, name).await
    }

    /// Submits a request for a token of this provider; the answer.
    pub async fn ask_at(&self, provider: &str, person: &Person, name: &str) -> MessageView {
        let panel = self.panel(person, provider, name).await;
        must(must(person.click(&panel, "Create").await).message())
    }

    /// Rin submits this form with the scopes of one category, and the request is approved.
    pub async fn submit_and_approve(&self, form: &Modal) {
        let panel = must(must(form.submit().await).private());
        let panel = must(must(self.rin.click(&panel, "Whole category").await).message());
        must(must(self.rin.click(&panel, "Create").await).message());
        let card = self.card("0 of 2 approvals").await;
        self.approve_twice(&card).await;
    }

    /// The card, once it has this text, as Aki sees it.
    pub async fn card(&self, containing: &str) -> MessageView {
        must(self.aki.wait_for_message("approvals", containing).await)
    }

    /// Presses *Approve* on the card; returns the answer.
    pub async fn approve(&self, admin: &Person, card: &MessageView) -> MessageView {
        must(must(admin.click(card, "Approve").await).private())
    }

    /// Presses *Details* for the first time; its messages, once it is recorded that all of it was read.
    pub async fn read_details(&self, admin: &Person, card: &MessageView) -> Vec<MessageView> {
        const READINGS: &str = "select count(*) from countersign.readings";
        let before = self.count(READINGS).await;
        must(must(admin.click(card, "Details").await).private());
        must(self.setup.wait_for_count(READINGS, before + 1).await);
        admin.private_messages()
    }

    /// Aki and Ben approve what is on this card, after *Details* where it comes first; the last answer.
    pub async fn approve_twice(&self, card: &MessageView) -> MessageView {
        let is_counted = card.contains("before **Approve**");
        if is_counted {
            self.read_details(&self.aki, card).await;
        }
        self.approve(&self.aki, card).await;
        let card = self.card("1 of 2 approvals").await;
        if is_counted {
            self.read_details(&self.ben, &card).await;
        }
        self.approve(&self.ben, &card).await
    }

    /// Rin's request of this name up to the DM with *Reveal*, with all messages read.
    pub async fn issue_token(&self, name: &str) -> MessageView {
        self.issue_token_at("orchard", name).await
    }

    /// The same at another provider.
    pub async fn issue_token_at(&self, provider: &str, name: &str) -> MessageView {
        self.ask_at(provider, &self.rin, name).await;
        let card = self.card("0 of 2 approvals").await;
        let answer = self.approve_twice(&card).await;
        let ready = must(self.rin.wait_for_dm("is ready").await);
        self.card("Issued").await;
        must(self.ben.wait_for_text(&answer, "still count").await);
        ready
    }

    /// Presses *Reveal* and, once that is recorded, *I have stored it*; the Account SID and the secret.
    pub async fn collect_secret(&self, owner: &Person, ready: &MessageView) -> [String; 2] {
        let shown = must(must(owner.click(ready, "Reveal").await).private());
        let blocks = must(<[String; 2]>::try_from(code_blocks(&shown)).map_err(|blocks| {
            anyhow::anyhow!("an Account SID and a secret are shown in {} blocks", blocks.len())
        }));
        self.wait_for_collected_card().await;
        self.store_secret(owner, &shown).await;
        // If another token was collected before, the first look may have been at its card.
        self.wait_for_collected_card().await;
        blocks
    }

    /// Waits for the sweep that a process begins with, and for the jobs that it requests.
    pub async fn wait_for_sweep(&self) {
        const DUE_SWEEP: &str =
            "select count(*) from countersign.jobs where kind = 'sweep' and due_at <= now()";
        for _ in 0..400 {
            must(self.setup.settle_within(SWEEP_LIMIT).await);
            if self.count(DUE_SWEEP).await == 0 {
                return must(self.setup.settle_within(SWEEP_LIMIT).await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the sweep is still due");
    }

    /// Presses *I have stored it*: the message that shows the secret goes, and another says so.
    pub async fn store_secret(&self, owner: &Person, shown: &MessageView) {
        must(must(owner.click(shown, "I have stored it").await).gone());
        must(owner.wait_for_private("The message that revealed the secret").await);
    }

    /// A number of the database's.
    pub async fn count(&self, query: &str) -> i64 {
        must(self.setup.count(query).await)
    }

    /// The card of a token whose secret was seen to arrive.
    pub async fn wait_for_collected_card(&self) -> MessageView {
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
            must(self.setup.settle().await);
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
pub async fn show_token(person: &Person, name: &str) -> MessageView {
    must(must(person.type_command(&format!("/token show token:{name}")).await).private())
}

/// Presses a button of the token's own panel; returns the answer.
pub async fn press_button(person: &Person, name: &str, button: &str) -> MessageView {
    let panel = show_token(person, name).await;
    let seen = must(must(person.click(&panel, button).await).message());
    if ["Disable", "無効化"].contains(&button) {
        // It asks for confirmation.
        return must(must(person.click(&seen, button).await).message());
    }
    seen
}

/// *Disable* on a token's panel, and its confirmation; returns the panel after that.
pub async fn disable_token(person: &Person, panel: &MessageView) -> MessageView {
    let question = must(must(person.click(panel, "Disable").await).message());
    must(must(person.click(&question, "Disable").await).message())
}

/// *Withdraw* of the oldest of their open requests; returns the answer.
pub async fn withdraw_request(person: &Person) -> MessageView {
    let mine = must(must(person.type_command("/token pending").await).private());
    must(must(person.click(&mine, "Withdraw").await).message())
}

/// Deletes the token by typing its name; returns the answer.
pub async fn delete_token(person: &Person, name: &str) -> MessageView {
    let panel = show_token(person, name).await;
    let mut form = must(must(person.click(&panel, "Delete").await).modal());
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
