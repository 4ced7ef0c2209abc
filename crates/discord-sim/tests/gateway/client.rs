//! A client that does everything by hand.

use std::time::Duration;

use discord_sim::gateway::{Gateway, GatewayOptions};
use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub const TOKEN: &str = "simulated-token";

pub fn options() -> GatewayOptions {
    let user = json!({"id": "200", "username": "bot", "bot": true});
    let mut options = GatewayOptions::new(TOKEN, "100", user);
    options.guild_ids = vec!["300".to_owned()];
    options.identify_interval = Duration::ZERO;
    options
}

pub async fn gateway() -> Gateway {
    Gateway::start(options()).await.unwrap()
}

/// What a client got.
#[derive(Debug, PartialEq)]
pub enum Got {
    Payload(Value),
    /// A close frame with its code.
    Closed(Option<u16>),
    /// The end of the socket, without a close frame.
    Cut,
}

pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    inflate: Option<Decompress>,
}

impl Client {
    pub async fn connect(url: &str, query: &str) -> Self {
        let (socket, _) = connect_async(format!("{url}/?{query}")).await.unwrap();
        let inflate = query.contains("zlib-stream").then(|| Decompress::new(true));
        Self { socket, inflate }
    }

    /// Connects and takes the HELLO.
    pub async fn greeted(url: &str) -> Self {
        let mut client = Self::connect(url, "v=10&encoding=json").await;
        assert_eq!(client.payload().await["op"], 10);
        client
    }

    /// Connects and identifies; answers the READY too.
    pub async fn ready(gateway: &Gateway) -> (Self, Value) {
        let mut client = Self::greeted(gateway.url()).await;
        client.send(identify()).await;
        let ready = client.payload().await;
        assert_eq!(ready["t"], "READY");
        (client, ready["d"].clone())
    }

    pub async fn resume(url: &str, session: &Value, sequence: u64) -> Self {
        let mut client = Self::greeted(url).await;
        let data = json!({"token": TOKEN, "session_id": session, "seq": sequence});
        client.send(json!({"op": 6, "d": data})).await;
        client
    }

    pub async fn send(&mut self, payload: Value) {
        self.socket.send(Message::text(payload.to_string())).await.unwrap();
    }

    pub async fn next(&mut self) -> Got {
        let next = tokio::time::timeout(Duration::from_secs(5), self.socket.next());
        match next.await.expect("nothing came") {
            Some(Ok(Message::Text(text))) => Got::Payload(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Binary(bytes))) => Got::Payload(self.inflate(&bytes)),
            Some(Ok(Message::Close(frame))) => Got::Closed(frame.map(|frame| frame.code.into())),
            Some(Ok(other)) => panic!("unexpected {other:?}"),
            Some(Err(_)) | None => Got::Cut,
        }
    }

    fn inflate(&mut self, bytes: &[u8]) -> Value {
        let Some(inflate) = &mut self.inflate else {
            return serde_json::from_reader(flate2::read::ZlibDecoder::new(bytes)).unwrap();
        };
        assert!(bytes.ends_with(&[0, 0, 0xff, 0xff]));
        let mut text = Vec::with_capacity(1 << 20);
        inflate.decompress_vec(bytes, &mut text, FlushDecompress::Sync).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    pub async fn payload(&mut self) -> Value {
        match self.next().await {
            Got::Payload(payload) => payload,
            other => panic!("{other:?} instead of a payload"),
        }
    }

    pub async fn event(&mut self) -> (u64, String) {
        let payload = self.payload().await;
        (payload["s"].as_u64().unwrap(), payload["t"].as_str().unwrap().to_owned())
    }

    pub async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }
}

pub fn identify() -> Value {
    identify_with(json!({}))
}

pub fn identify_with(changes: Value) -> Value {
    let mut data = json!({
        "token": TOKEN,
        "intents": 0,
        "properties": {"os": "linux", "browser": "test", "device": "test"},
    });
    for (key, value) in changes.as_object().unwrap() {
        data[key] = value.clone();
    }
    json!({"op": 2, "d": data})
}

pub fn interaction(number: u64) -> Value {
    json!({"id": number.to_string(), "guild_id": "300"})
}
