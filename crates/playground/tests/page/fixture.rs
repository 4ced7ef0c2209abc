//! The page with a bot of a few lines behind it, called as a browser does.

use std::sync::Arc;

use discord_sim::{
    Discord, Options,
    standard::{GENERAL, RIN},
};
use playground::page::Page;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::mailbox::Mailbox;

use crate::minimal_bot::{Bot, button, row, start};

pub struct Fixture {
    pub bot: Arc<Bot>,
    pub discord: Arc<Discord>,
    pub page: Page,
    pub mails: TempDir,
    pub http: reqwest::Client,
}

impl Fixture {
    pub async fn start() -> Self {
        Self::start_with(Options::standard()).await
    }

    pub async fn start_with(options: Options) -> Self {
        let (discord, bot) = start(options).await;
        let discord = Arc::new(discord);
        let mails = TempDir::new().unwrap();
        let page = Page::start(discord.clone(), Mailbox::new(mails.path()), 0).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { bot, discord, page, mails, http }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let response =
            self.http.get(format!("{}/api{path}", self.page.url())).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.post(format!("{}/api{path}", self.page.url())).json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn view(&self, person: &str, channel: u64) -> Value {
        self.get(&format!("/people/{person}/view?channel={channel}")).await.1
    }

    /// The messages that a person sees in a channel.
    pub async fn messages(&self, person: &str, channel: u64) -> Vec<Value> {
        let view = self.view(person, channel).await;
        view["messages"].as_array().cloned().unwrap_or_default()
    }

    /// Sends `/ask for what:tea` as rin; the bot answers with this.
    pub async fn ask(&self, answer: Value) -> (u16, Value) {
        let body = json!({ "channel": GENERAL.to_string(), "path": ["ask", "for"],
            "options": [["what", "tea"]] });
        let (answered, _) = tokio::join!(self.post("/people/rin/commands", body), async {
            let interaction = self.bot.next().await;
            assert_eq!(interaction["data"]["options"][0]["options"][0]["value"], "tea");
            assert_eq!(self.bot.respond(&interaction, answer).await.0, 204);
        });
        answered
    }

    pub async fn press(&self, person: &str, message: &Value, custom_id: &str) -> (u16, Value) {
        let body = json!({ "message": message["id"], "custom_id": custom_id });
        self.post(&format!("/people/{person}/components"), body).await
    }
}

pub fn form() -> Value {
    json!({ "type": 9, "data": { "custom_id": "form", "title": "A form", "components": [
        { "type": 18, "label": "Name", "component":
            { "type": 4, "custom_id": "name", "style": 1, "min_length": 2, "max_length": 8 } },
        { "type": 18, "label": "Version", "component":
            { "type": 3, "custom_id": "version", "options": [
                { "label": "3", "value": "v3", "default": true }, { "label": "2", "value": "v2" },
            ] } },
        { "type": 18, "label": "Contact", "component":
            { "type": 5, "custom_id": "contact", "default_values": [
                { "type": "user", "id": RIN.to_string() },
            ] } },
    ]}})
}

pub fn card() -> Value {
    let mut off = button("Off", "off");
    off["disabled"] = json!(true);
    json!({ "content": "a card", "components": [row(json!([button("Open", "open"), off]))] })
}
