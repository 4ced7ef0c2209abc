//! Interactions over HTTP: the signed POSTs that Discord sends to an application's endpoint.
//!
//! <https://discord.com/developers/docs/interactions/overview#preparing-for-interactions>

use std::time::Duration;

use anyhow::Context;
use chrono::Utc;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

/// Discord's User-Agent.
const USER_AGENT: &str = "Discord-Interactions/1.0 (+https://discord.com)";

/// Discord gives up after this time.
const ANSWER_LIMIT: Duration = Duration::from_secs(3);

/// Sends interactions to one endpoint.
#[derive(Clone)]
pub struct HttpIngress {
    url: String,
    key: SigningKey,
    client: reqwest::Client,
}

/// The endpoint's answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`, empty if there is none.
    pub content_type: String,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// Whether this is a valid answer to a PING.
    pub fn is_pong(&self) -> bool {
        let body: Option<Value> = serde_json::from_str(&self.body).ok();
        self.status == 200
            && self.content_type.starts_with("application/json")
            && body.is_some_and(|body| body.get("type") == Some(&json!(1)))
    }
}

/// What is wrong with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSignature {
    /// It was made with another key.
    OtherKey,
    /// It was made for another body.
    OtherBody,
    /// It was made for another timestamp.
    OtherTimestamp,
    /// It is no hexadecimal number.
    Garbage,
    /// The signature's header is missing.
    NoSignature,
    /// The timestamp's header is missing.
    NoTimestamp,
}

impl BadSignature {
    /// All kinds of wrong signatures.
    pub const ALL: [Self; 6] = [
        Self::OtherKey,
        Self::OtherBody,
        Self::OtherTimestamp,
        Self::Garbage,
        Self::NoSignature,
        Self::NoTimestamp,
    ];
}

impl HttpIngress {
    /// Signs for the endpoint at `url` with `key`.
    pub fn new(url: impl Into<String>, key: SigningKey) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .timeout(ANSWER_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .context("no HTTP client")?;
        Ok(Self { url: url.into(), key, client })
    }

    /// The key that the application's page shows as its public key: 64 hexadecimal digits.
    pub fn public_key(&self) -> String {
        hex::encode(self.key.verifying_key().as_bytes())
    }

    /// Delivers one interaction.
    pub async fn deliver(&self, payload: &Value) -> anyhow::Result<Answer> {
        let body = payload.to_string();
        let timestamp = now();
        let signature = sign(&self.key, &timestamp, &body);
        self.post(body, Some(signature), Some(timestamp)).await
    }

    /// Sends a PING, as Discord does when an endpoint is saved.
    pub async fn ping(&self, application_id: &str) -> anyhow::Result<Answer> {
        self.deliver(&ping(application_id)).await
    }

    /// Delivers one interaction with a signature that must be refused with 401.
    pub async fn deliver_badly_signed(
        &self,
        payload: &Value,
        fault: BadSignature,
    ) -> anyhow::Result<Answer> {
        let body = payload.to_string();
        let timestamp = now();
        let good = sign(&self.key, &timestamp, &body);
        let signature = match fault {
            BadSignature::OtherKey => Some(sign(&other_key(), &timestamp, &body)),
            BadSignature::OtherBody => Some(sign(&self.key, &timestamp, &format!("{body} "))),
            BadSignature::OtherTimestamp => Some(sign(&self.key, "1", &body)),
            BadSignature::Garbage => Some("not hexadecimal".to_owned()),
            BadSignature::NoSignature => None,
            BadSignature::NoTimestamp => Some(good),
        };
        let timestamp = (fault != BadSignature::NoTimestamp).then_some(timestamp);
        self.post(body, signature, timestamp).await
    }

    async fn post(
        &self,
        body: String,
        signature: Option<String>,
        timestamp: Option<String>,
    ) -> anyhow::Result<Answer> {
        let mut request = self.client.post(&self.url).header("Content-Type", "application/json");
        if let Some(signature) = signature {
            request = request.header("X-Signature-Ed25519", signature);
        }
        if let Some(timestamp) = timestamp {
            request = request.header("X-Signature-Timestamp", timestamp);
        }
        let response = request.body(body).send().await.context("the endpoint did not answer")?;
        let content_type = response.headers().get("Content-Type");
        Ok(Answer {
            status: response.status().as_u16(),
            content_type: content_type
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .unwrap_or_default(),
            body: response.text().await.context("the endpoint's answer was cut")?,
        })
    }
}

fn now() -> String {
    Utc::now().timestamp().to_string()
}

fn sign(key: &SigningKey, timestamp: &str, body: &str) -> String {
    hex::encode(key.sign(format!("{timestamp}{body}").as_bytes()).to_bytes())
}

fn other_key() -> SigningKey {
    SigningKey::from_bytes(&rand::random())
}

fn ping(application_id: &str) -> Value {
    json!({
        "id": rand::random::<u32>().to_string(),
        "application_id": application_id,
        "type": 1,
        "token": hex::encode(rand::random::<[u8; 16]>()),
        "version": 1,
        "entitlements": [],
        "authorizing_integration_owners": {},
    })
}
