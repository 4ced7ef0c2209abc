//! A bot of a few lines: takes interactions out of a channel, calls REST.

use std::sync::Arc;

use discord_sim::{
    Discord, Options,
    ingress::ChannelIngress,
    standard::{APPLICATION, GUILD, TOKEN},
};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};

pub struct Bot {
    pub http: reqwest::Client,
    pub base: String,
    events: Mutex<mpsc::UnboundedReceiver<(String, Value)>>,
}

/// The service, and a bot with the command `/ask` registered.
pub async fn start(mut options: Options) -> (Discord, Arc<Bot>) {
    let (ingress, events) = ChannelIngress::new();
    options.ingress = Some(Arc::new(ingress));
    options.checks_itself = true;
    let discord = Discord::start(options).await.unwrap();
    let http = reqwest::Client::builder()
        .user_agent("DiscordBot (https://example.com, 1)")
        .no_proxy()
        .build()
        .unwrap();
    let base = format!("{}/api/v10", discord.base_url());
    let bot = Arc::new(Bot { http, base, events: Mutex::new(events) });
    let commands = json!([{ "name": "ask", "description": "Asks", "options": [
        { "type": 1, "name": "for", "description": "For what", "options": [
            { "type": 3, "name": "what", "description": "What", "required": true },
            { "type": 3, "name": "how", "description": "How", "autocomplete": true },
            { "type": 6, "name": "whom", "description": "Whom" },
        ]},
    ]}]);
    let path = format!("/applications/{APPLICATION}/guilds/{GUILD}/commands");
    assert_eq!(bot.call("PUT", &path, commands).await.0, 200);
    (discord, bot)
}

impl Bot {
    /// Calls REST; answers status and body.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = method.parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request.header("authorization", format!("Bot {TOKEN}"));
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// The next interaction.
    pub async fn next(&self) -> Value {
        let event = self.events.lock().await.recv().await.unwrap();
        assert_eq!(event.0, "INTERACTION_CREATE");
        event.1
    }

    pub async fn respond(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let (id, token) = (text(&interaction["id"]), text(&interaction["token"]));
        self.call("POST", &format!("/interactions/{id}/{token}/callback"), body).await
    }

    /// A call on the interaction's webhook; `tail` is empty or begins with `/messages`.
    pub async fn webhook(&self, m: &str, i: &Value, tail: &str, body: Value) -> (u16, Value) {
        let token = text(&i["token"]);
        self.call(m, &format!("/webhooks/{APPLICATION}/{token}{tail}"), body).await
    }

    pub async fn post(&self, channel: u64, body: Value) -> (u16, Value) {
        self.call("POST", &format!("/channels/{channel}/messages"), body).await
    }

    pub async fn direct(&self, person: u64) -> u64 {
        let body = json!({ "recipient_id": person.to_string() });
        let (status, channel) = self.call("POST", "/users/@me/channels", body).await;
        assert_eq!(status, 200);
        text(&channel["id"]).parse().unwrap()
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Status and JSON error code of a refusal.
pub fn code((status, body): (u16, Value)) -> (u16, u64) {
    (status, body["code"].as_u64().unwrap_or(u64::MAX))
}

pub fn button(label: &str, custom_id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": label, "custom_id": custom_id })
}

pub fn row(inside: Value) -> Value {
    json!({ "type": 1, "components": inside })
}
