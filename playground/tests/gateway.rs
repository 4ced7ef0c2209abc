//! The simulated gateway, seen by a client that does everything by hand.

use std::time::Duration;

use countersign_playground::discord::gateway::{Faults, Gateway, GatewayOptions};
use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const TOKEN: &str = "simulated-token";

fn options() -> GatewayOptions {
    let user = json!({"id": "200", "username": "countersign", "bot": true});
    let mut options = GatewayOptions::new(TOKEN, "100", user);
    options.guild_ids = vec!["300".to_owned()];
    options.identify_interval = Duration::ZERO;
    options
}

async fn gateway() -> Gateway {
    Gateway::start(options()).await.unwrap()
}

/// What a client got.
#[derive(Debug, PartialEq)]
enum Got {
    Payload(Value),
    /// A close frame with its code.
    Closed(Option<u16>),
    /// The end of the socket, without a close frame.
    Cut,
}

struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    inflate: Option<Decompress>,
}

impl Client {
    async fn connect(url: &str, query: &str) -> Self {
        let (socket, _) = connect_async(format!("{url}/?{query}")).await.unwrap();
        let inflate = query.contains("zlib-stream").then(|| Decompress::new(true));
        Self { socket, inflate }
    }

    /// Connects and takes the HELLO.
    async fn greeted(url: &str) -> Self {
        let mut client = Self::connect(url, "v=10&encoding=json").await;
        assert_eq!(client.payload().await["op"], 10);
        client
    }

    /// Connects and identifies; answers the READY too.
    async fn ready(gateway: &Gateway) -> (Self, Value) {
        let mut client = Self::greeted(gateway.url()).await;
        client.send(identify()).await;
        let ready = client.payload().await;
        assert_eq!(ready["t"], "READY");
        (client, ready["d"].clone())
    }

    async fn resume(url: &str, session: &Value, sequence: u64) -> Self {
        let mut client = Self::greeted(url).await;
        let data = json!({"token": TOKEN, "session_id": session, "seq": sequence});
        client.send(json!({"op": 6, "d": data})).await;
        client
    }

    async fn send(&mut self, payload: Value) {
        self.socket.send(Message::text(payload.to_string())).await.unwrap();
    }

    async fn next(&mut self) -> Got {
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

    async fn payload(&mut self) -> Value {
        match self.next().await {
            Got::Payload(payload) => payload,
            other => panic!("{other:?} instead of a payload"),
        }
    }

    async fn event(&mut self) -> (u64, String) {
        let payload = self.payload().await;
        (payload["s"].as_u64().unwrap(), payload["t"].as_str().unwrap().to_owned())
    }

    async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }
}

fn identify() -> Value {
    identify_with(json!({}))
}

fn identify_with(changes: Value) -> Value {
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

fn interaction(number: u64) -> Value {
    json!({"id": number.to_string(), "guild_id": "300"})
}

#[tokio::test]
async fn identifies_and_hears_events_in_order() {
    let gateway = gateway().await;
    let (mut client, ready) = Client::ready(&gateway).await;
    assert_eq!(ready["v"], 10);
    assert_eq!(ready["user"]["id"], "200");
    assert_eq!(ready["application"], json!({"id": "100", "flags": 0}));
    assert_eq!(ready["guilds"], json!([{"id": "300", "unavailable": true}]));
    assert_eq!(ready["resume_gateway_url"], gateway.resume_url());
    assert_ne!(gateway.url(), gateway.resume_url());
    gateway.wait_ready().await.unwrap();
    for number in 1..=3 {
        assert_eq!(gateway.dispatch("INTERACTION_CREATE", interaction(number)), 1);
    }
    for number in 1..=3 {
        let event = client.payload().await;
        assert_eq!(
            event,
            json!({"t": "INTERACTION_CREATE", "s": number + 1, "op": 0, "d": interaction(number)})
        );
    }
    assert_eq!(gateway.counters().identifies, 1);
}

#[tokio::test]
async fn compresses_the_whole_stream_in_one_context() {
    let gateway = gateway().await;
    let query = "v=10&encoding=json&compress=zlib-stream";
    let mut client = Client::connect(gateway.url(), query).await;
    assert_eq!(client.payload().await["op"], 10);
    client.send(identify()).await;
    assert_eq!(client.payload().await["t"], "READY");
    let long: String = (0..20_000).map(|i| char::from(b'a' + (i * i % 26) as u8)).collect();
    for text in ["short", &long, "short again"] {
        gateway.dispatch("INTERACTION_CREATE", json!({"text": text}));
        assert_eq!(client.payload().await["d"]["text"], text);
    }
}

#[tokio::test]
async fn compresses_single_payloads_when_asked_to() {
    let gateway = gateway().await;
    let mut client = Client::greeted(gateway.url()).await;
    client.send(identify_with(json!({"compress": true}))).await;
    assert_eq!(client.payload().await["t"], "READY");
}

#[tokio::test]
async fn acknowledges_heartbeats_and_asks_for_them() {
    let gateway = gateway().await;
    let mut client = Client::greeted(gateway.url()).await;
    client.send(json!({"op": 1, "d": null})).await;
    assert_eq!(client.payload().await, json!({"t": null, "s": null, "op": 11, "d": null}));
    gateway.request_heartbeat();
    assert_eq!(client.payload().await["op"], 1);
    client.send(json!({"op": 1, "d": 7})).await;
    assert_eq!(client.payload().await["op"], 11);
    gateway.set_faults(Faults { withhold_heartbeat_acks: true, ..Faults::default() });
    client.send(json!({"op": 1, "d": 8})).await;
    let silence = tokio::time::timeout(Duration::from_millis(200), client.socket.next());
    assert!(silence.await.is_err());
    gateway.request_reconnect();
    assert_eq!(client.payload().await["op"], 7);
    assert_eq!(gateway.counters().heartbeats, 3);
}

#[tokio::test]
async fn refuses_bad_payloads_with_their_close_codes() {
    let gateway = gateway().await;
    let huge = format!(r#"{{"op": 1, "d": null, "x": "{}"}}"#, "x".repeat(4096));
    let cases = [
        ("{".to_owned(), 4002),
        (huge, 4002),
        (json!({"op": 1, "d": "text"}).to_string(), 4002),
        (json!({"op": 2, "d": {"token": TOKEN, "intents": 0}}).to_string(), 4002),
        (json!({"op": 99}).to_string(), 4001),
        (json!({"op": 0}).to_string(), 4001),
        (json!({"op": 3, "d": {}}).to_string(), 4003),
        (identify_with(json!({"token": "wrong"})).to_string(), 4004),
        (identify_with(json!({"shard": [2, 1]})).to_string(), 4010),
        (identify_with(json!({"intents": 1u64 << 40})).to_string(), 4013),
        (identify_with(json!({"intents": 1 << 15})).to_string(), 4014),
    ];
    for (payload, code) in cases {
        let mut client = Client::greeted(gateway.url()).await;
        client.socket.send(Message::text(payload.clone())).await.unwrap();
        assert_eq!(client.next().await, Got::Closed(Some(code)), "{payload}");
    }
    let mut client = Client::connect(gateway.url(), "v=5&encoding=json").await;
    assert_eq!(client.next().await, Got::Closed(Some(4012)));
    let (mut client, _) = Client::ready(&gateway).await;
    client.send(identify()).await;
    assert_eq!(client.next().await, Got::Closed(Some(4005)));
}

#[tokio::test]
async fn limits_what_a_connection_sends() {
    let gateway = gateway().await;
    let mut client = Client::greeted(gateway.url()).await;
    for _ in 0..120 {
        client.send(json!({"op": 1, "d": null})).await;
        assert_eq!(client.payload().await["op"], 11);
    }
    client.send(json!({"op": 1, "d": null})).await;
    assert_eq!(client.next().await, Got::Closed(Some(4008)));
}

#[tokio::test]
async fn refuses_identifies_that_come_too_soon_and_counts_them() {
    let mut options = options();
    options.identify_interval = Duration::from_millis(400);
    let gateway = Gateway::start(options).await.unwrap();
    let limit = gateway.bot_info()["session_start_limit"].clone();
    assert_eq!(
        limit,
        json!({"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1})
    );
    let (_first, _) = Client::ready(&gateway).await;
    let mut second = Client::greeted(gateway.url()).await;
    second.send(identify()).await;
    assert_eq!(second.payload().await, json!({"t": null, "s": null, "op": 9, "d": false}));
    tokio::time::sleep(Duration::from_millis(450)).await;
    second.send(identify()).await;
    assert_eq!(second.payload().await["t"], "READY");
    assert_eq!(gateway.bot_info()["session_start_limit"]["remaining"], 998);
    assert_eq!(gateway.counters().identifies_too_soon, 1);
}

#[tokio::test]
async fn resets_the_token_after_a_thousand_identifies() {
    let gateway = gateway().await;
    for _ in 0..1000 {
        let (client, _) = Client::ready(&gateway).await;
        drop(client);
    }
    for _ in 0..2 {
        let mut client = Client::greeted(gateway.url()).await;
        client.send(identify()).await;
        assert_eq!(client.next().await, Got::Closed(Some(4004)));
    }
}

#[tokio::test]
async fn ends_a_session_whose_heartbeat_is_missing() {
    let mut options = options();
    options.heartbeat_interval = Duration::from_millis(100);
    let gateway = Gateway::start(options).await.unwrap();
    let (mut client, ready) = Client::ready(&gateway).await;
    assert_eq!(client.next().await, Got::Closed(Some(4009)));
    let mut again = Client::resume(gateway.resume_url(), &ready["session_id"], 1).await;
    assert_eq!(again.payload().await["op"], 9);
}

#[tokio::test]
async fn replays_what_a_client_missed() {
    let gateway = gateway().await;
    let (client, ready) = Client::ready(&gateway).await;
    gateway.dispatch("INTERACTION_CREATE", interaction(1));
    gateway.cut();
    gateway.wait_gone(Duration::from_secs(5)).await.unwrap();
    drop(client);
    assert_eq!(gateway.dispatch("INTERACTION_CREATE", interaction(2)), 1);
    let mut again = Client::resume(gateway.resume_url(), &ready["session_id"], 1).await;
    assert_eq!(again.event().await, (2, "INTERACTION_CREATE".to_owned()));
    assert_eq!(again.event().await, (3, "INTERACTION_CREATE".to_owned()));
    assert_eq!(again.event().await, (4, "RESUMED".to_owned()));
    gateway.dispatch("INTERACTION_CREATE", interaction(3));
    assert_eq!(again.event().await.0, 5);
    let counters = gateway.counters();
    assert_eq!((counters.resumes, counters.replayed), (1, 2));
    assert_eq!(counters.resumes_at_wrong_address, 0);
}

#[tokio::test]
async fn replays_events_twice_when_told_to() {
    let gateway = gateway().await;
    let (mut client, ready) = Client::ready(&gateway).await;
    gateway.dispatch("INTERACTION_CREATE", interaction(1));
    assert_eq!(client.event().await.0, 2);
    gateway.set_faults(Faults { replay_again: 1, ..Faults::default() });
    // At the first address it works as well, and is counted.
    let mut again = Client::resume(gateway.url(), &ready["session_id"], 2).await;
    assert_eq!(again.event().await, (2, "INTERACTION_CREATE".to_owned()));
    assert_eq!(again.event().await, (3, "RESUMED".to_owned()));
    assert_eq!(gateway.counters().resumes_at_wrong_address, 1);
    // The session moved: its first socket is gone.
    assert_eq!(client.next().await, Got::Cut);
}

#[tokio::test]
async fn refuses_what_cannot_be_resumed() {
    let gateway = gateway().await;
    let mut client = Client::resume(gateway.resume_url(), &json!("unknown"), 1).await;
    assert_eq!(client.payload().await, json!({"t": null, "s": null, "op": 9, "d": false}));
    // The same socket may identify.
    client.send(identify()).await;
    let ready = client.payload().await;
    drop(client);
    let session = &ready["d"]["session_id"];
    let mut ahead = Client::resume(gateway.resume_url(), session, 99).await;
    assert_eq!(ahead.next().await, Got::Closed(Some(4007)));
    let mut gone = Client::resume(gateway.resume_url(), session, 1).await;
    assert_eq!(gone.payload().await["op"], 9);
    assert_eq!(gateway.counters().resumes_refused, 3);
    let mut stranger = Client::greeted(gateway.resume_url()).await;
    let data = json!({"token": "wrong", "session_id": session, "seq": 1});
    stranger.send(json!({"op": 6, "d": data})).await;
    assert_eq!(stranger.next().await, Got::Closed(Some(4004)));
}

#[tokio::test]
async fn a_clients_close_code_decides_over_its_session() {
    let gateway = gateway().await;
    for (code, resumable) in [(1000, false), (1001, false), (4000, true), (1012, true)] {
        let (client, ready) = Client::ready(&gateway).await;
        client.close(code).await;
        gateway.wait_gone(Duration::from_secs(5)).await.unwrap();
        let held = gateway.dispatch("INTERACTION_CREATE", interaction(1));
        assert_eq!(held, usize::from(resumable), "{code}");
        let mut again = Client::resume(gateway.resume_url(), &ready["session_id"], 1).await;
        assert_eq!(again.payload().await["op"], if resumable { 0 } else { 9 }, "{code}");
        gateway.forget_sessions();
    }
    assert_eq!(
        gateway.client_closes()[..1],
        [Some(1000)],
        "a client's close is remembered with its code"
    );
}

#[tokio::test]
async fn a_session_lapses() {
    let mut options = options();
    options.session_ttl = Duration::from_millis(50);
    let gateway = Gateway::start(options).await.unwrap();
    let (client, ready) = Client::ready(&gateway).await;
    drop(client);
    gateway.wait_gone(Duration::from_secs(5)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(gateway.dispatch("INTERACTION_CREATE", interaction(1)), 0);
    let mut again = Client::resume(gateway.resume_url(), &ready["session_id"], 1).await;
    assert_eq!(again.payload().await["op"], 9);
}

#[tokio::test]
async fn closes_and_cuts_on_demand() {
    let gateway = gateway().await;
    let (mut client, _) = Client::ready(&gateway).await;
    gateway.close(Some(4000));
    assert_eq!(client.next().await, Got::Closed(Some(4000)));
    let (mut client, _) = Client::ready(&gateway).await;
    gateway.close(None);
    assert_eq!(client.next().await, Got::Closed(None));
    let (mut client, _) = Client::ready(&gateway).await;
    gateway.cut();
    assert_eq!(client.next().await, Got::Cut);
}

#[tokio::test]
async fn invalidates_sessions() {
    let gateway = gateway().await;
    let (mut client, ready) = Client::ready(&gateway).await;
    gateway.invalidate_sessions(true);
    assert_eq!(client.payload().await, json!({"t": null, "s": null, "op": 9, "d": true}));
    let mut client = Client::resume(gateway.resume_url(), &ready["session_id"], 1).await;
    assert_eq!(client.event().await.1, "RESUMED");
    gateway.invalidate_sessions(false);
    assert_eq!(client.payload().await["d"], false);
    let mut client = Client::resume(gateway.resume_url(), &ready["session_id"], 2).await;
    assert_eq!(client.payload().await["op"], 9);
}

#[tokio::test]
async fn faults_before_a_session_begins() {
    let gateway = gateway().await;
    gateway.set_faults(Faults { refuse_connections: true, ..Faults::default() });
    assert!(connect_async(format!("{}/?v=10&encoding=json", gateway.url())).await.is_err());
    gateway.set_faults(Faults { withhold_hello: true, ..Faults::default() });
    let mut client = Client::connect(gateway.url(), "v=10&encoding=json").await;
    let silence = tokio::time::timeout(Duration::from_millis(200), client.socket.next());
    assert!(silence.await.is_err());
    gateway.set_faults(Faults { refuse_identify: Some(4011), ..Faults::default() });
    let mut client = Client::greeted(gateway.url()).await;
    client.send(identify()).await;
    assert_eq!(client.next().await, Got::Closed(Some(4011)));
    gateway.set_faults(Faults::default());
    Client::ready(&gateway).await;
}

#[tokio::test]
async fn repeats_ready_and_delays_events() {
    let gateway = gateway().await;
    let (mut client, ready) = Client::ready(&gateway).await;
    gateway.repeat_ready();
    let again = client.payload().await;
    assert_eq!((&again["t"], &again["s"], &again["d"]), (&json!("READY"), &json!(2), &ready));
    let delay = Duration::from_millis(300);
    gateway.set_faults(Faults { dispatch_delay: delay, ..Faults::default() });
    let before = std::time::Instant::now();
    gateway.dispatch("INTERACTION_CREATE", interaction(1));
    gateway.set_faults(Faults::default());
    gateway.dispatch("INTERACTION_CREATE", interaction(2));
    // Other payloads are not held up, and events keep their order.
    client.send(json!({"op": 1, "d": 2})).await;
    assert_eq!(client.payload().await["op"], 11);
    assert_eq!(client.event().await.0, 3);
    assert!(before.elapsed() >= delay);
    assert_eq!(client.event().await.0, 4);
}

#[tokio::test]
async fn sends_only_what_the_intents_and_the_shard_ask_for() {
    let gateway = gateway().await;
    let (_client, _) = Client::ready(&gateway).await;
    let in_guild = json!({"guild_id": "300"});
    assert_eq!(gateway.dispatch("MESSAGE_CREATE", in_guild.clone()), 0);
    assert_eq!(gateway.dispatch("GUILD_MEMBER_UPDATE", in_guild.clone()), 0);
    assert_eq!(gateway.dispatch("INTERACTION_CREATE", in_guild.clone()), 1);
    let mut direct = Client::greeted(gateway.url()).await;
    direct.send(identify_with(json!({"intents": 1 << 12, "shard": [1, 2]}))).await;
    let ready = direct.payload().await;
    assert_eq!(ready["d"]["shard"], json!([1, 2]));
    assert_eq!(ready["d"]["guilds"], json!([]));
    assert_eq!(gateway.dispatch("MESSAGE_CREATE", json!({})), 0, "shard 0 alone has DMs");
    assert_eq!(gateway.dispatch("INTERACTION_CREATE", in_guild), 1);
}
