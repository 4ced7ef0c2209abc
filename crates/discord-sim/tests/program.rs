//! The program: what it prints is enough to point a bot at it, and people act by its console and by its
//! control interface.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

/// Ended even where the test fails.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An endpoint that takes interactions, and what came there.
async fn endpoint() -> (String, mpsc::UnboundedReceiver<Value>) {
    let (sender, interactions) = mpsc::unbounded_channel();
    let take = async move |body: Bytes| {
        sender.send(serde_json::from_slice(&body).unwrap()).unwrap();
        StatusCode::ACCEPTED
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/interactions", listener.local_addr().unwrap());
    let routes = Router::new().route("/interactions", post(take));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    (url, interactions)
}

/// The REST API, called as the bot.
struct Rest {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Rest {
    async fn call(&self, method: &str, path: &str, body: Value) -> u16 {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base));
        let request = request.header("authorization", format!("Bot {}", self.token)).json(&body);
        request.send().await.unwrap().status().as_u16()
    }

    async fn answer(&self, interaction: &Value, content: &str) {
        let text = |key: &str| interaction[key].as_str().unwrap().to_owned();
        let path = format!("/interactions/{}/{}/callback", text("id"), text("token"));
        let button = json!({ "type": 2, "style": 1, "label": "More", "custom_id": "more" });
        let row = json!({ "type": 1, "components": [button] });
        let data = json!({ "content": content, "components": [row] });
        assert_eq!(self.call("POST", &path, json!({ "type": 4, "data": data })).await, 204);
    }
}

#[tokio::test]
async fn people_use_a_bot_that_is_pointed_at_it() {
    let (url, mut interactions) = endpoint().await;
    let child = Command::new(env!("CARGO_BIN_EXE_discord-sim"))
        .args(["--port", "0", "--control-port", "0", "--bot", "Brewer", "--interactions-url", &url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut program = Program(child);
    let mut keys = program.0.stdin.take().unwrap();
    let mut output = BufReader::new(program.0.stdout.take().unwrap());
    let mut word_after = |said: &str| loop {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended before {said:?}");
        if let Some((_, rest)) = line.split_once(said) {
            break rest.trim().split([' ', ';']).next().unwrap().to_owned();
        }
    };

    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let rest = Rest { http, base: word_after("API base"), token: word_after("bot token") };
    let application = word_after("application id");
    assert_eq!(word_after("public key").len(), 64);
    let guild = word_after("guild id");
    let general = word_after("#general");
    let control = word_after("control interface is");
    let commands = json!([{ "name": "brew", "description": "Brews", "options": [
        { "type": 3, "name": "what", "description": "What", "required": true },
    ]}]);
    let path = format!("/applications/{application}/guilds/{guild}/commands");
    assert_eq!(rest.call("PUT", &path, commands).await, 200);

    writeln!(keys, "rin: /brew what:tea").unwrap();
    let typed = interactions.recv().await.unwrap();
    assert_eq!(typed["data"]["options"][0]["value"], "tea");
    rest.answer(&typed, "Brewing tea").await;
    assert_eq!(word_after("rin sees a new"), "message:");
    assert_eq!(word_after("Brewing"), "tea");

    writeln!(keys, "aki: press More").unwrap();
    let pressed = interactions.recv().await.unwrap();
    assert_eq!(pressed["data"]["custom_id"], "more");
    rest.answer(&pressed, "Brewing more").await;
    assert_eq!(word_after("Brewing"), "more");

    let sent = json!({ "channel": general, "path": ["brew"], "options": [["what", "coffee"]] });
    let sent = rest.http.post(format!("{control}/people/ben/commands")).json(&sent).send();
    let (sent, _) = tokio::join!(sent, async {
        let interaction = interactions.recv().await.unwrap();
        rest.answer(&interaction, "Brewing coffee").await;
    });
    assert_eq!(sent.unwrap().json::<Value>().await.unwrap()["outcome"], "taken");
    let view = rest.http.get(format!("{control}/people/chiyo/view?channel={general}"));
    let view: Value = view.send().await.unwrap().json().await.unwrap();
    assert_eq!(view["messages"][2]["body"]["content"], "Brewing coffee");
    let foreign =
        rest.http.get(format!("{control}/people/rin/view")).header("host", "evil.example");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
}
