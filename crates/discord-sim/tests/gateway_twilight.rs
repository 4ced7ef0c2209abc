//! The simulated gateway, seen by a client that many bots use.

use std::time::Duration;

use discord_sim::gateway::{Gateway, GatewayOptions};
use serde_json::{Value, json};
use twilight_gateway::{ConfigBuilder, Intents, Message, Shard, ShardId};

async fn gateway() -> Gateway {
    let user = json!({"id": "200", "username": "bot", "bot": true});
    Gateway::start(GatewayOptions::new("simulated-token", "100", user)).await.unwrap()
}

fn shard(gateway: &Gateway) -> Shard {
    let config = ConfigBuilder::new("simulated-token".to_owned(), Intents::empty())
        .proxy_url(gateway.url().to_owned())
        .build();
    Shard::with_config(ShardId::ONE, config)
}

/// The next event with this name; whatever else happens is passed over.
async fn event(shard: &mut Shard, name: &str) -> Value {
    let search = async {
        loop {
            if let Ok(Message::Text(text)) = std::future::poll_fn(|cx| {
                futures_util::Stream::poll_next(std::pin::Pin::new(&mut *shard), cx)
            })
            .await
            .expect("the shard ended")
            {
                let payload: Value = serde_json::from_str(&text).unwrap();
                if payload["t"] == name {
                    return payload;
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), search).await.expect("no such event")
}

#[tokio::test]
async fn identifies_compressed_and_resumes_after_a_cut() {
    let gateway = gateway().await;
    let mut shard = shard(&gateway);
    event(&mut shard, "READY").await;
    for number in 1..=20 {
        gateway.dispatch("INTERACTION_CREATE", json!({"id": number.to_string()}));
        assert_eq!(event(&mut shard, "INTERACTION_CREATE").await["s"], number + 1);
    }
    gateway.cut();
    gateway.wait_gone(Duration::from_secs(5)).await.unwrap();
    assert_eq!(gateway.dispatch("INTERACTION_CREATE", json!({"id": "21"})), 1);
    assert_eq!(event(&mut shard, "INTERACTION_CREATE").await["d"]["id"], "21");
    event(&mut shard, "RESUMED").await;
    let counters = gateway.counters();
    assert_eq!((counters.identifies, counters.resumes), (1, 1));
    assert_eq!(counters.resumes_at_wrong_address, 0);
}

#[tokio::test]
async fn resumes_after_op_7_and_op_9_and_a_close() {
    let gateway = gateway().await;
    let mut shard = shard(&gateway);
    event(&mut shard, "READY").await;
    gateway.request_reconnect();
    event(&mut shard, "RESUMED").await;
    gateway.invalidate_sessions(true);
    event(&mut shard, "RESUMED").await;
    gateway.close(Some(4000));
    event(&mut shard, "RESUMED").await;
    gateway.invalidate_sessions(false);
    event(&mut shard, "READY").await;
    let counters = gateway.counters();
    assert_eq!((counters.identifies, counters.resumes), (2, 3));
}
