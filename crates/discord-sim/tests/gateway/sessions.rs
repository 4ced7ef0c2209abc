//! Sessions: how they are lost, found again, and what goes wrong with them on demand.

use std::time::Duration;

use discord_sim::gateway::{Faults, Gateway};
use futures_util::StreamExt;
use serde_json::json;
use tokio_tungstenite::connect_async;

use super::client::*;

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
