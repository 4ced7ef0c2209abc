//! The floors: programs of the same libraries that do nothing else. They are this program with another first
//! argument, so that nothing more has to be built.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use discord_sim::{Discord, Options, standard};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_gateway::{ConfigBuilder, Intents, Message, Shard, ShardId};

/// Where the simulated Discord has its REST API.
const API: &str = "/api/v10";

/// As Discord asks bots to name themselves.
const AGENT: &str = "DiscordBot (https://example.com, 1)";

/// Answers 200 to every request: the floor of verification.
pub async fn serve_ok(address: SocketAddr) -> anyhow::Result<()> {
    use axum::serve::ListenerExt as _;
    let routes = axum::Router::new()
        .route("/v1/authorize", axum::routing::any(async || axum::http::StatusCode::OK));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    axum::serve(listener, routes).await.context("the floor stopped")
}

/// An event of the gateway, as far as it matters here.
#[derive(Deserialize)]
struct Event {
    t: Option<String>,
    d: Option<Value>,
}

/// Answers every interaction with a constant: the floor of the bot.
pub async fn respond(discord: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().user_agent(AGENT).build()?;
    let api = format!("{discord}{API}");
    let token = format!("Bot {}", standard::TOKEN);
    let (application, guild) = (standard::APPLICATION, standard::GUILD);
    let commands = format!("{api}/applications/{application}/guilds/{guild}/commands");
    let command = json!([{ "name": "floor", "description": "Answers" }]);
    let set = client.put(commands).header("authorization", &token).json(&command).send().await?;
    set.error_for_status().context("the command")?;
    let gateway = client.get(format!("{api}/gateway/bot")).header("authorization", &token);
    let gateway: Value = gateway.send().await?.error_for_status()?.json().await?;
    let address = gateway["url"].as_str().context("no address")?.to_owned();
    let config = ConfigBuilder::new(token, Intents::empty()).proxy_url(address).build();
    let mut shard = Shard::with_config(ShardId::ONE, config);
    while let Some(message) = shard.next().await {
        let Message::Text(text) = message? else { continue };
        let event: Event = serde_json::from_str(&text)?;
        if event.t.as_deref() == Some("INTERACTION_CREATE")
            && let Some(interaction) = event.d
        {
            tokio::spawn(answer(client.clone(), api.clone(), interaction));
        }
    }
    Ok(())
}

async fn answer(client: reqwest::Client, api: String, interaction: Value) -> anyhow::Result<()> {
    let part = |key: &str| interaction[key].as_str().unwrap_or_default();
    let url = format!("{api}/interactions/{}/{}/callback", part("id"), part("token"));
    let constant = json!({ "type": 4, "data": { "content": "Answered.", "flags": 64 } });
    client.post(url).json(&constant).send().await?.error_for_status()?;
    Ok(())
}

/// The responder on a simulated Discord of its own.
pub struct Responder {
    pub discord: Discord,
    pub start_time: Duration,
    child: Child,
}

impl Responder {
    /// Starts it; it is ready when this returns.
    pub async fn start() -> anyhow::Result<Self> {
        let options =
            Options { route_limits: false, checks_document: false, ..Options::standard() };
        let discord = Discord::start(options).await?;
        let start = std::time::Instant::now();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["responder", &discord.base_url()]).stdin(Stdio::null());
        let child = command.spawn().context("the responder")?;
        let mut responder = Self { discord, child, start_time: Duration::ZERO };
        responder.discord.gateway().context("no gateway")?.wait_ready().await?;
        responder.start_time = start.elapsed();
        Ok(responder)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
