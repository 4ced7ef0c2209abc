//! The standard scene: Rin the developer; Aki, Ben and Chiyo the admins; and what they do all the
//! time.

use countersign_playground::bot::BotConfig;
use countersign_playground::discord::{MessageView, Modal, Options, Person};
use countersign_playground::stage::Stage;

/// What developers are called in forms.
pub const DEVELOPER: &str = "dev@orchard.example";

pub struct Scene {
    pub stage: Stage,
    pub rin: Person,
    pub aki: Person,
    pub ben: Person,
    pub chiyo: Person,
}

impl Scene {
    pub async fn start(label: &str) -> Self {
        Self::with(label, Options::standard(), |_| {}).await
    }

    /// With these settings over the standard ones, in TOML.
    pub async fn configured(label: &str, settings: &str) -> Self {
        let settings: toml::Table = toml::from_str(settings).unwrap();
        Self::with(label, Options::standard(), |config| config.overrides = settings).await
    }

    pub async fn with(
        label: &str,
        options: Options,
        configure: impl FnOnce(&mut BotConfig),
    ) -> Self {
        let stage = Stage::with(label, options, configure).await.unwrap();
        let person = |name| stage.person(name).unwrap();
        let (rin, aki, ben, chiyo) = (person("rin"), person("aki"), person("ben"), person("chiyo"));
        Self { stage, rin, aki, ben, chiyo }
    }

    pub async fn ends(self) {
        self.stage.ends().await.unwrap();
    }

    /// The form of `/token request`, filled in but for what nobody must fill in.
    pub async fn form(&self, person: &Person, provider: &str, name: &str) -> Modal {
        let line = format!("/token request provider:{provider}");
        let mut modal = person.types(&line).await.unwrap().modal().unwrap();
        modal.fill("Token name", name).unwrap();
        modal.fill("Description", "Reads harvests every night").unwrap();
        modal
    }

    /// The panel with one category chosen whole.
    pub async fn panel(&self, person: &Person, provider: &str, name: &str) -> MessageView {
        let panel = self.form(person, provider, name).await.submit().await;
        let panel = panel.unwrap().private().unwrap();
        person.clicks(&panel, "Whole category").await.unwrap().message().unwrap()
    }

    /// Submits a request for a token of the provider `orchard`; the answer.
    pub async fn asks(&self, person: &Person, name: &str) -> MessageView {
        let panel = self.panel(person, "orchard", name).await;
        person.clicks(&panel, "Create").await.unwrap().message().unwrap()
    }

    /// Submits a request for a token of impact.com's.
    pub async fn asks_by_hand(&self, person: &Person, name: &str) -> MessageView {
        let panel = self.panel(person, "impact-agency", name).await;
        person.clicks(&panel, "Create").await.unwrap().message().unwrap()
    }

    /// The card, once it says this, as Aki sees it.
    pub async fn card(&self, containing: &str) -> MessageView {
        self.aki.sees_in("approvals", containing).await.unwrap()
    }

    /// Presses *Approve* on the card as it stands; what they are told.
    pub async fn approves(&self, admin: &Person, card: &MessageView) -> MessageView {
        admin.clicks(card, "Approve").await.unwrap().private().unwrap()
    }

    /// Rin's request of this name up to the DM with *Reveal*, everything read on the way.
    pub async fn is_ready(&self, name: &str) -> MessageView {
        self.asks(&self.rin, name).await;
        let card = self.card("0 of 2 hands").await;
        self.approves(&self.aki, &card).await;
        let card = self.card("1 of 2 hands").await;
        self.approves(&self.ben, &card).await;
        self.rin.sees_dm("is approved").await.unwrap();
        let ready = self.rin.sees_dm("is ready").await.unwrap();
        self.card("Issued").await;
        ready
    }

    /// A number of the database's.
    pub async fn count(&self, query: &'static str) -> i64 {
        self.stage.count(query).await.unwrap()
    }

    /// The card once nothing is due any more: its last word.
    pub async fn last_card(&self, containing: &str) -> MessageView {
        self.stage.settles().await.unwrap();
        let cards = self.aki.channel("approvals").unwrap();
        let card = cards.into_iter().rev().find(|card| card.contains(containing));
        card.unwrap_or_else(|| panic!("no card says {containing:?}"))
    }
}

/// The code blocks of a message, in their order.
pub fn code_blocks(message: &MessageView) -> Vec<String> {
    let content = message.json()["content"].as_str().unwrap_or_default();
    let embeds = message.json()["embeds"].as_array().into_iter().flatten();
    let mut text = content.to_owned();
    for embed in embeds {
        text.push_str(embed["description"].as_str().unwrap_or_default());
        for field in embed["fields"].as_array().into_iter().flatten() {
            text.push_str(field["value"].as_str().unwrap_or_default());
        }
    }
    text.split("```").skip(1).step_by(2).map(|block| block.trim().to_owned()).collect()
}
