//! JupyterHub's tokens.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use countersign::domain::catalogue::Catalogue;
use countersign_playground::upstreams::{Upstream, jupyterhub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::calls::{Answer, Calls, Values};

const HUB: &[&str] = &["read:hub"];

async fn begin() -> anyhow::Result<(Upstream, Calls)> {
    let upstream = jupyterhub::start().await?;
    let calls = Calls::new(&upstream)?;
    Ok((upstream, calls))
}

/// Makes a token; its id and its secret.
async fn created(calls: &Calls, values: &Values<'_>) -> anyhow::Result<(String, String)> {
    let answer = calls.call("create", values).await?;
    assert_eq!(answer.status, 201, "{answer:?}");
    Ok((answer.text_at("id")?.to_owned(), answer.text_at("secret")?.to_owned()))
}

async fn get(calls: &Calls, path: &str, secret: &str) -> anyhow::Result<Answer> {
    calls.with_token((Method::GET, path), secret).await
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked() -> anyhow::Result<()> {
    let (upstream, calls) = begin().await?;
    let (id, secret) = created(&calls, &Values::new("marker-1", HUB)).await?;
    let (other, _) = created(&calls, &Values::new("marker-12", HUB)).await?;
    let user = get(&calls, "/hub/api/user", &secret).await?;
    assert_eq!((user.status, &user.body["name"]), (200, &json!(jupyterhub::USER)));
    assert_eq!(get(&calls, "/hub/api/info", &secret).await?.status, 200);
    assert_eq!(calls.found("marker-1").await?, [id.as_str()]);
    assert_eq!(calls.found("marker-12").await?, [other.as_str()]);
    assert!(calls.found("marker").await?.is_empty());
    let list = calls.call("find", &Values::new("marker-1", &[])).await?;
    assert!(!list.body.to_string().contains(&secret));

    let revoked = calls.call("revoke", &Values::of(&id)).await?;
    assert_eq!((revoked.status, revoked.body), (204, Value::Null));
    assert_eq!(get(&calls, "/hub/api/user", &secret).await?.status, 403);
    assert!(calls.found("marker-1").await?.is_empty());
    assert_eq!(calls.found("marker-12").await?, [other]);
    let again = calls.call("revoke", &Values::of(&id)).await?;
    let why = format!("No such token {id} for user {}", jupyterhub::USER);
    assert_eq!((again.status, again.text_at("error")?), (404, why.as_str()));
    assert!(!upstream.log().contains(&secret));
    Ok(())
}

/// Nothing in the catalogue is a word that the hub doesn't know, or hides what a token can.
#[tokio::test]
async fn a_token_can_what_its_scopes_say() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let catalogue = std::fs::read_to_string(&calls.provider.catalogue)?;
    let catalogue = Catalogue::parse(&catalogue, "catalogue").map_err(anyhow::Error::msg)?;
    for category in &catalogue.versions()[0].categories {
        for scope in &category.scopes {
            let scopes = [scope.value.as_str()];
            let answer = calls.call("create", &Values::new("one", &scopes)).await?;
            assert_eq!(answer.status, 201, "{answer:?}");
            let held = answer.body["scopes"].as_array().context("no scopes")?;
            assert!(held.contains(&json!(scope.value)), "{}: {answer:?}", scope.id);
        }
    }
    let (_, secret) = created(&calls, &Values::new("hub alone", HUB)).await?;
    assert_eq!(get(&calls, "/hub/api/info", &secret).await?.status, 200);
    for path in ["/hub/api/users", "/hub/api/groups", "/hub/api/users/automation/tokens"] {
        let refused = get(&calls, path, &secret).await?;
        assert_eq!(refused.status, 403, "{refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_lives_as_long_as_was_asked_for() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let before = Utc::now();
    let answer = calls.call("create", &Values::new("a day", HUB)).await?;
    let told = answer.text_at("expires_at")?;
    assert!(told.ends_with('Z'), "{told}");
    let lasting = told.parse::<DateTime<Utc>>()? - before;
    assert!((lasting - TimeDelta::days(1)).abs() < TimeDelta::seconds(30), "{lasting}");
    let list = calls.call("find", &Values::new("a day", &[])).await?;
    assert_eq!(list.body["api_tokens"][0]["expires_at"], told);

    let endless = Values { lifetime_seconds: None, ..Values::new("endless", HUB) };
    let answer = calls.call("create", &endless).await?;
    assert_eq!(answer.at("expires_at")?, &Value::Null);

    let brief = Values { lifetime_seconds: Some(1), ..Values::new("a second", HUB) };
    let (id, secret) = created(&calls, &brief).await?;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(get(&calls, "/hub/api/user", &secret).await?.status, 403);
    assert!(calls.found("a second").await?.is_empty());
    assert_eq!(calls.call("revoke", &Values::of(&id)).await?.status, 404);
    Ok(())
}

/// Why a token is known by its marker as well.
#[tokio::test]
async fn an_id_is_given_again() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let (first, _) = created(&calls, &Values::new("first", HUB)).await?;
    assert_eq!(calls.call("revoke", &Values::of(&first)).await?.status, 204);
    let (second, _) = created(&calls, &Values::new("second", HUB)).await?;
    assert_eq!(first, second);
    assert!(calls.found("first").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn refusals_say_why() -> anyhow::Result<()> {
    let (_upstream, mut calls) = begin().await?;
    let refused = calls.call("create", &Values::new("admin", &["admin:users"])).await?;
    assert_eq!(refused.status, 400);
    let why = refused.text_at("error")?;
    assert!(why.ends_with("not held by User automation"), "{why}");
    let refused = calls.call("create", &Values::new("unknown", &["sing"])).await?;
    assert_eq!(refused.status, 400);
    let why = refused.text_at("error")?;
    assert!(why.contains("Scope 'sing' for token does not exist"), "{why}");

    calls.change_secret("TOKEN", "wrong")?;
    let refused = calls.call("create", &Values::new("wrong", HUB)).await?;
    assert_eq!((refused.status, refused.at("error")?), (403, &Value::Null));
    let refused = calls.call("find", &Values::new("wrong", &[])).await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    let refused = calls.call("revoke", &Values::of("a1")).await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    Ok(())
}
