//! Signed interactions over HTTP: only what Discord signed is accepted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use countersign::discord::endpoint;
use countersign::discord::gateway::Handler;
use discord_sim::http_ingress::{BadSignature, HttpIngress};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

struct Endpoint {
    ingress: HttpIngress,
    key: SigningKey,
    url: String,
    heard: mpsc::UnboundedReceiver<Value>,
    count: Arc<AtomicUsize>,
}

impl Endpoint {
    async fn start() -> anyhow::Result<Self> {
        let key = SigningKey::from_bytes(&[7; 32]);
        let (sender, heard) = mpsc::unbounded_channel();
        let count = Arc::new(AtomicUsize::new(0));
        let counter = count.clone();
        let handler: Handler = Arc::new(move |interaction| {
            counter.fetch_add(1, Ordering::SeqCst);
            let sender = sender.clone();
            Box::pin(async move { sender.send(interaction).unwrap() })
        });
        let router = endpoint::router(key.verifying_key().to_bytes(), handler, TaskTracker::new())?;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/discord/interactions", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let ingress = HttpIngress::new(url.clone(), key.clone())?;
        Ok(Self { ingress, key, url, heard, count })
    }

    /// Posts a body with a right signature, at a time that may be wrong.
    async fn post(&self, body: String, age: i64) -> anyhow::Result<u16> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
        let timestamp = (now - age).to_string();
        let signature = self.key.sign(format!("{timestamp}{body}").as_bytes());
        let response = reqwest::Client::builder()
            .no_proxy()
            .build()?
            .post(&self.url)
            .header("x-signature-ed25519", hex::encode(signature.to_bytes()))
            .header("x-signature-timestamp", timestamp)
            .body(body)
            .send()
            .await?;
        Ok(response.status().as_u16())
    }
}

#[tokio::test]
async fn a_ping_is_answered_as_documented() -> anyhow::Result<()> {
    let endpoint = Endpoint::start().await?;
    let answer = endpoint.ingress.ping("20").await?;
    ensure!(answer.is_pong(), "{answer:?}");
    ensure!(endpoint.count.load(Ordering::SeqCst) == 0, "a ping is for nobody");
    Ok(())
}

#[tokio::test]
async fn an_interaction_is_taken_at_once_and_handed_on_whole() -> anyhow::Result<()> {
    let mut endpoint = Endpoint::start().await?;
    let interaction = json!({"type": 2, "id": "1", "data": {"name": "token"}});
    let answer = endpoint.ingress.deliver(&interaction).await?;
    ensure!(answer.status == 202 && answer.body.is_empty(), "{answer:?}");
    ensure!(endpoint.heard.recv().await.context("nothing heard")? == interaction);
    Ok(())
}

#[tokio::test]
async fn a_bad_signature_is_refused() -> anyhow::Result<()> {
    let endpoint = Endpoint::start().await?;
    for fault in BadSignature::ALL {
        let interaction = json!({"type": 2, "id": "1"});
        let answer = endpoint.ingress.deliver_badly_signed(&interaction, fault).await?;
        ensure!(answer.status == 401, "{fault:?}: {answer:?}");
    }
    ensure!(endpoint.count.load(Ordering::SeqCst) == 0, "one got through");
    Ok(())
}

#[tokio::test]
async fn an_old_signature_is_refused() -> anyhow::Result<()> {
    let endpoint = Endpoint::start().await?;
    let body = || json!({"type": 2, "id": "1"}).to_string();
    for (age, status) in [(0, 202), (200, 202), (-30, 202), (301, 401), (-90, 401)] {
        let answered = endpoint.post(body(), age).await?;
        ensure!(answered == status, "{age} s old: {answered}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_interaction_is_refused() -> anyhow::Result<()> {
    let endpoint = Endpoint::start().await?;
    ensure!(endpoint.post("not JSON".into(), 0).await? == 400);
    ensure!(endpoint.post(" ".repeat(257 << 10), 0).await? == 413);
    ensure!(endpoint.post(String::new(), 0).await? == 400);
    ensure!(endpoint.count.load(Ordering::SeqCst) == 0, "one got through");
    Ok(())
}
