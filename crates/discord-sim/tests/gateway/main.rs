//! The simulated gateway, seen by a client that does everything by hand.

mod client;
mod sessions;

use std::time::Duration;

use client::*;
use discord_sim::gateway::{Faults, Gateway};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

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
