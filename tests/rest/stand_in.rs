//! A stand-in for Discord: a socket server that follows a script. An HTTP server would not allow the faults
//! here (a cut connection, a truncated body).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::discord::rest::{Rest, RestSettings, Times};
use countersign::domain::ids::ApplicationId;
use countersign::network::Network;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The stand-in's reaction to one request.
#[derive(Clone)]
pub enum Step {
    /// Answers.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// Closes the connection without a word.
    Cut,
    /// Announces more than it sends, then closes.
    Truncate,
    /// Sends nothing for a minute.
    Silence,
}

pub fn answer(status: u16, body: Value) -> Step {
    Step::Answer { status, headers: Vec::new(), body: body.to_string() }
}

pub fn message() -> Step {
    answer(200, json!({"id": "70", "channel_id": "40", "content": "x"}))
}

/// A 429.
pub fn too_many(seconds: f64, global: bool) -> Step {
    let body = json!({"message": "slow down", "retry_after": seconds, "global": global});
    answer(429, body)
}

pub fn limits(limit: u32, remaining: u32, reset_after: f64) -> Step {
    Step::Answer {
        status: 200,
        headers: vec![
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-reset-after", reset_after.to_string()),
        ],
        body: json!({"id": "70", "channel_id": "40"}).to_string(),
    }
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    pub line: String,
    pub head: String,
    pub body: Value,
}

#[derive(Default)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    requests: Mutex<Vec<Request>>,
}

/// A stand-in for Discord: takes the steps in order, and repeats the last one.
pub struct StandIn {
    script: Arc<Script>,
    pub rest: Rest,
}

pub const BOT_TOKEN: &str = "canary-bot-token";
pub const INTERACTION_TOKEN: &str = "canary-interaction-token";

impl StandIn {
    pub async fn start(steps: impl IntoIterator<Item = Step>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let proxy = format!("http://{}/", listener.local_addr()?);
        let script = Arc::new(Script::default());
        script.steps.lock().unwrap().extend(steps);
        let shared = script.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move { serve(socket, &shared).await });
            }
        });
        Ok(Self { script, rest: client(proxy)? })
    }

    pub fn requests(&self) -> Vec<Request> {
        self.script.requests.lock().unwrap().clone()
    }
}

pub fn client(proxy: String) -> anyhow::Result<Rest> {
    Ok(Rest::new(RestSettings {
        token: SecretString::from(BOT_TOKEN),
        application_id: ApplicationId::new(20)?,
        proxy: Some(proxy),
        network: Network::default(),
        times: Times {
            connect: Duration::from_millis(300),
            total: Duration::from_millis(300),
            wait: Duration::from_millis(1500),
            backoff: Duration::from_millis(10),
            callback: Duration::from_millis(700),
            callback_try: Duration::from_millis(200),
        },
    })?)
}

async fn serve(mut socket: TcpStream, script: &Script) -> Option<()> {
    loop {
        let request = read_request(&mut socket).await?;
        script.requests.lock().unwrap().push(request);
        let step = {
            let mut steps = script.steps.lock().unwrap();
            if steps.len() > 1 { steps.pop_front()? } else { steps.front()?.clone() }
        };
        match step {
            Step::Cut => return None,
            Step::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
            Step::Truncate => {
                socket
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{\"id")
                    .await
                    .ok()?;
                return None;
            }
            Step::Answer { status, headers, body } => {
                let mut text = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    text += &format!("{name}: {value}\r\n");
                }
                socket.write_all(format!("{text}\r\n{body}").as_bytes()).await.ok()?;
            }
        }
    }
}

async fn read_request(socket: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(Some(0), |length| length.parse().ok())?;
            if body.len() >= length {
                let body = serde_json::from_str(body).unwrap_or_default();
                let line = head.lines().next()?.to_owned();
                return Some(Request { line, head: lower, body });
            }
        }
        let mut chunk = [0; 4096];
        let count = socket.read(&mut chunk).await.ok()?;
        bytes.extend_from_slice(&chunk[..(count > 0).then_some(count)?]);
    }
}
