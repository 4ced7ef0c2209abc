//! Unleash's tokens.

use std::time::Duration;

use countersign::config::HttpIssuerSettings;
use serde_json::{Value, json};
use testkit::upstreams::{Upstream, unleash};

use crate::calls::{Calls, set_secret, wish};
use crate::through_discord::Fixture;

/// The service's answer to an application with this token.
async fn ask(upstream: &Upstream, path: &str, token: &str) -> anyhow::Result<u16> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let request = client.get(format!("{}{path}", upstream.url()));
    Ok(request.header("authorization", token).send().await?.status().as_u16())
}

/// It answers 200 to every delete, and still accepts the token: so only the list is believed, and only
/// after `revoke_takes`.
#[tokio::test]
async fn a_deleted_token_works_no_longer_than_configured() -> anyhow::Result<()> {
    let upstream = unleash::start().await?;
    let calls = Calls::new(&upstream)?;
    let answer = calls.create(&wish("countersign-1-00", &["client"])).await?;
    assert_eq!(answer.status, 201, "{answer:?}");
    let secret = answer.secret()?.to_owned();
    assert_eq!(ask(&upstream, "/api/client/features", &secret).await?, 200);
    assert_eq!(calls.found("countersign-1-00").await?, [secret.as_str()]);
    for id in ["*:development.nobodys", &secret] {
        let revoked = calls.revoke(id).await?;
        assert_eq!((revoked.status, revoked.body), (200, Value::Null));
    }
    assert!(calls.found("countersign-1-00").await?.is_empty());
    let settings = calls.config.providers[0].issuer.http();
    let takes = settings.map(|HttpIssuerSettings { revoke_takes, .. }| *revoke_takes).unwrap();
    tokio::time::sleep(takes).await;
    assert_eq!(ask(&upstream, "/api/client/features", &secret).await?, 401);
    assert!(takes < Duration::from_secs(90), "{takes:?}");
    Ok(())
}

#[tokio::test]
async fn refusals_say_why() -> anyhow::Result<()> {
    let upstream = unleash::start().await?;
    let calls = Calls::new(&upstream)?;
    let refused = calls.create(&wish("one", &["emperor"])).await?;
    assert_eq!(refused.status, 400);
    let why = refused.error()?.as_str().unwrap_or_default();
    assert!(why.contains("`type`") || why.contains("/type"), "{why}");
    let calls = Calls::changed(&upstream, |issuer| set_secret(issuer, "TOKEN", "*:*.wrong"))?;
    let refused = calls.list().await?;
    let words = json!("You must log in to use Unleash.");
    assert_eq!((refused.status, refused.error()?), (401, &words));
    Ok(())
}

/// A token whose create had no clear answer, and a deleted one: no one is told too early that they have ended.
#[tokio::test]
async fn a_token_works_until_its_deletion_is_reported() -> anyhow::Result<()> {
    let fixture = Fixture::start("unleash", unleash::start().await?).await?;
    let secret = fixture.create_token_despite_lost_answer("Reports").await?;
    assert_eq!(ask(&fixture.upstream, "/api/client/features", &secret).await?, 200);
    fixture.is_deleted("Reports").await?;
    assert_eq!(ask(&fixture.upstream, "/api/client/features", &secret).await?, 401);
    fixture.finish(&[&secret]).await
}
