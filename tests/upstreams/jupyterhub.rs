//! JupyterHub's tokens.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use countersign::config::UpstreamValues;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::upstreams::{Upstream, jupyterhub};

use crate::calls::{Answer, Calls, set_secret, wish};

const HUB: &[&str] = &["read:hub"];

async fn begin() -> anyhow::Result<(Upstream, Calls)> {
    let upstream = jupyterhub::start().await?;
    let calls = Calls::new(&upstream)?;
    Ok((upstream, calls))
}

/// Makes a token. Returns its id and its secret.
async fn created(calls: &Calls, values: &UpstreamValues) -> anyhow::Result<(String, String)> {
    let answer = calls.create(values).await?;
    assert_eq!(answer.status, 201, "{answer:?}");
    Ok((answer.id()?.to_owned(), answer.secret()?.to_owned()))
}

async fn get(calls: &Calls, path: &str, secret: &str) -> anyhow::Result<Answer> {
    calls.with_token((Method::GET, path), secret).await
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked() -> anyhow::Result<()> {
    let (upstream, calls) = begin().await?;
    let (other, _) = created(&calls, &wish("marker-12", HUB)).await?;
    let (id, secret) = created(&calls, &wish("marker-1", HUB)).await?;
    let user = get(&calls, "/hub/api/user", &secret).await?;
    assert_eq!((user.status, &user.body["name"]), (200, &json!(jupyterhub::USER)));
    assert_eq!(get(&calls, "/hub/api/info", &secret).await?.status, 200);
    assert_eq!(calls.found("marker-1").await?, [id.as_str()]);
    assert_eq!(calls.found("marker-12").await?, [other.as_str()]);
    assert!(calls.found("marker").await?.is_empty());
    let list = calls.list().await?;
    assert!(!list.body.to_string().contains(&secret));

    let revoked = calls.revoke(&id).await?;
    assert_eq!((revoked.status, revoked.body), (204, Value::Null));
    assert_eq!(get(&calls, "/hub/api/user", &secret).await?.status, 403);
    assert!(calls.found("marker-1").await?.is_empty());
    assert_eq!(calls.found("marker-12").await?, [other]);
    let again = calls.revoke(&id).await?;
    let why = format!("No such token {id} for user {}", jupyterhub::USER);
    assert_eq!((again.status, again.error()?), (404, &json!(why)));
    assert!(!upstream.log().contains(&secret));

    // Why a token is also recognised by its marker: ids are given again.
    let (next, _) = created(&calls, &wish("marker-2", HUB)).await?;
    assert_eq!(next, id);
    assert!(calls.found("marker-1").await?.is_empty());
    Ok(())
}

/// The hub knows every scope in the catalogue, and none hides what a token can do.
#[tokio::test]
async fn a_token_has_the_rights_of_its_scopes() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    for category in &calls.config.providers[0].catalogue.versions()[0].categories {
        for scope in &category.scopes {
            let scopes = [scope.value.as_str()];
            let answer = calls.create(&wish("one", &scopes)).await?;
            assert_eq!(answer.status, 201, "{answer:?}");
            let held = answer.body["scopes"].as_array().context("no scopes")?;
            assert!(held.contains(&json!(scope.value)), "{}: {answer:?}", scope.id);
        }
    }
    let (_, secret) = created(&calls, &wish("hub alone", HUB)).await?;
    assert_eq!(get(&calls, "/hub/api/info", &secret).await?.status, 200);
    for path in ["/hub/api/users", "/hub/api/groups", "/hub/api/users/automation/tokens"] {
        let refused = get(&calls, path, &secret).await?;
        assert_eq!(refused.status, 403, "{refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_expires_as_requested() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let before = Utc::now();
    let answer = calls.create(&wish("a day", HUB)).await?;
    let told = answer.expires_at()?.as_str().context("no time")?;
    assert!(told.ends_with('Z'), "{told}");
    let lasting = told.parse::<DateTime<Utc>>()? - before;
    assert!((lasting - TimeDelta::days(1)).abs() < TimeDelta::seconds(30), "{lasting}");
    let list = calls.list().await?;
    assert_eq!(list.body["api_tokens"][0]["expires_at"], told);

    let brief = UpstreamValues { lifetime_seconds: 1, ..wish("a second", HUB) };
    let (id, secret) = created(&calls, &brief).await?;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(get(&calls, "/hub/api/user", &secret).await?.status, 403);
    assert!(calls.found("a second").await?.is_empty());
    assert_eq!(calls.revoke(&id).await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn refusals_say_why() -> anyhow::Result<()> {
    let (upstream, calls) = begin().await?;
    let refused = calls.create(&wish("admin", &["admin:users"])).await?;
    assert_eq!(refused.status, 400);
    let why = refused.error()?.as_str().context("no words")?;
    assert!(why.ends_with("not held by User automation"), "{why}");
    let refused = calls.create(&wish("unknown", &["sing"])).await?;
    assert_eq!(refused.status, 400);
    let why = refused.error()?.as_str().context("no words")?;
    assert!(why.contains("Scope 'sing' for token does not exist"), "{why}");

    let calls = Calls::changed(&upstream, |issuer| set_secret(issuer, "TOKEN", "wrong"))?;
    let refused = calls.create(&wish("wrong", HUB)).await?;
    assert_eq!((refused.status, refused.error()?), (403, &Value::Null));
    let refused = calls.list().await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    let refused = calls.revoke("a1").await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    Ok(())
}
