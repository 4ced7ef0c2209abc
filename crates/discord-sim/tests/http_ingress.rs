//! Signed deliveries, received by an endpoint that checks them as Discord's documentation demands.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use discord_sim::http_ingress::{BadSignature, HttpIngress};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;

fn is_genuine(key: &VerifyingKey, headers: &HeaderMap, body: &[u8]) -> Option<()> {
    let header = |name| headers.get(name)?.to_str().ok();
    let signature = hex::decode(header("x-signature-ed25519")?).ok()?;
    let mut signed = header("x-signature-timestamp")?.as_bytes().to_vec();
    signed.extend_from_slice(body);
    let agent = header("user-agent")?;
    assert_eq!(agent, "Discord-Interactions/1.0 (+https://discord.com)");
    key.verify_strict(&signed, &Signature::from_slice(&signature).ok()?).ok()
}

async fn endpoint(key: VerifyingKey) -> String {
    let answer = async move |headers: HeaderMap, body: Bytes| {
        if is_genuine(&key, &headers, &body).is_none() {
            return (StatusCode::UNAUTHORIZED, axum::Json(Value::Null));
        }
        let interaction: Value = serde_json::from_slice(&body).unwrap();
        match interaction["type"].as_u64() {
            Some(1) => (StatusCode::OK, axum::Json(json!({"type": 1}))),
            _ => (StatusCode::ACCEPTED, axum::Json(interaction)),
        }
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/discord/interactions", post(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    format!("http://{address}/discord/interactions")
}

#[tokio::test]
async fn delivers_what_an_endpoint_accepts_and_what_it_must_refuse() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let url = endpoint(key.verifying_key()).await;
    let ingress = HttpIngress::new(url, key.clone()).unwrap();
    assert_eq!(ingress.public_key(), hex::encode(key.verifying_key().as_bytes()));
    assert!(ingress.ping("100").await.unwrap().is_pong());
    let interaction = json!({"type": 2, "id": "1", "text": "日本語"});
    let answer = ingress.deliver(&interaction).await.unwrap();
    assert_eq!((answer.status, answer.is_pong()), (202, false));
    assert_eq!(answer.body, interaction.to_string());
    for fault in BadSignature::ALL {
        let answer = ingress.deliver_badly_signed(&interaction, fault).await.unwrap();
        assert_eq!(answer.status, 401, "{fault:?}");
    }
}
