//! The real services: they are set up as their ready configuration describes, and leave nothing behind.

use std::path::Path;
use std::time::Duration;

use testkit::upstreams::{Upstream, jupyterhub, verdaccio};
use tokio::net::TcpStream;

async fn finish(upstream: Upstream) {
    let (port, folder) = (upstream.port(), upstream.folder().to_owned());
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    drop(upstream);
    assert!(!folder.exists());
    // A killed process may take a moment to end.
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it still listens");
}

#[tokio::test]
async fn verdaccio_is_configured_and_ends() {
    let upstream = verdaccio::start().await.unwrap();
    let provider = upstream.provider("http://proxy:1", "1", "2").unwrap();
    assert_eq!((provider.id.as_str(), provider.approval_channel.as_str()), ("npm", "1"));
    assert!(provider.catalogue.is_file());
    let issuer = provider.issuer.to_string();
    assert_eq!(issuer.matches("http://proxy:1/-/npm/v1/tokens").count(), 3, "{issuer}");
    assert!(!issuer.contains("example.com") && !issuer.contains("_file"), "{issuer}");
    assert!(upstream.secrets().all(|secret| issuer.contains(secret)));
    finish(upstream).await;
}

#[tokio::test]
async fn jupyterhub_is_configured_and_ends() {
    let upstream = jupyterhub::start().await.unwrap();
    let provider = upstream.provider(&upstream.url(), "1", "2").unwrap();
    let issuer = provider.issuer.to_string();
    assert_eq!(issuer.matches(&upstream.url()).count(), 3, "{issuer}");
    assert!(!issuer.contains("example.com") && !issuer.contains("_file"), "{issuer}");
    // What the operator reads is what the service here was given.
    let ready =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/providers/jupyterhub.toml");
    let advice = std::fs::read_to_string(ready).unwrap();
    let given = include_str!("../upstreams/jupyterhub_config.py");
    assert_eq!(scopes_of_the_user(&advice), scopes_of_the_user(given));
    finish(upstream).await;
}

/// The scopes of the role whose user is `automation`, sorted.
fn scopes_of_the_user(text: &str) -> Vec<&str> {
    let role = text.split("\"users\": [\"automation\"]").nth(1).unwrap();
    let list = role.split_once("\"scopes\": [").unwrap().1.split_once(']').unwrap().0;
    let mut scopes: Vec<_> = list.split('"').skip(1).step_by(2).collect();
    assert!(scopes.len() > 1);
    scopes.sort_unstable();
    scopes
}
