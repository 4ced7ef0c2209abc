//! Verdaccio's tokens.

use countersign_playground::upstreams::{Upstream, verdaccio};
use reqwest::Method;
use serde_json::{Value, json};

use crate::calls::{Answer, Calls, Values};

const READ: &[&str] = &["read"];
const WRITE: &[&str] = &["write"];

async fn begin() -> anyhow::Result<(Upstream, Calls)> {
    let upstream = verdaccio::start().await?;
    let calls = Calls::new(&upstream)?;
    Ok((upstream, calls))
}

/// Makes a token; its id and its secret.
async fn created(calls: &Calls, marker: &str, scopes: &[&str]) -> anyhow::Result<(String, String)> {
    let answer = calls.call("create", &Values::new(marker, scopes)).await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Ok((answer.text_at("id")?.to_owned(), answer.text_at("secret")?.to_owned()))
}

async fn who_am_i(calls: &Calls, secret: &str) -> anyhow::Result<Answer> {
    calls.with_token((Method::GET, "/-/whoami"), secret).await
}

/// A package as npm sends it, with one version.
fn package(name: &str) -> Value {
    let tarball = format!("{name}-1.0.0.tgz");
    json!({
        "_id": name,
        "name": name,
        "dist-tags": { "latest": "1.0.0" },
        "versions": {
            "1.0.0": {
                "name": name,
                "version": "1.0.0",
                "dist": { "tarball": format!("http://127.0.0.1/{name}/-/{tarball}") },
            },
        },
        "_attachments": {
            tarball: { "content_type": "application/octet-stream", "data": "AA==", "length": 1 },
        },
    })
}

async fn publishes(calls: &Calls, secret: &str, name: &str) -> anyhow::Result<Answer> {
    let path = format!("/{name}");
    calls.sends_with_token((Method::PUT, &path), secret, &package(name)).await
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked() -> anyhow::Result<()> {
    let (upstream, calls) = begin().await?;
    let (id, secret) = created(&calls, "marker-1", &["read", "write"]).await?;
    let (other, _) = created(&calls, "marker-12", WRITE).await?;
    assert_eq!(who_am_i(&calls, &secret).await?.body["username"], verdaccio::USER);
    assert_eq!(calls.found("marker-1").await?, [id.as_str()]);
    assert_eq!(calls.found("marker-12").await?, [other.as_str()]);
    assert!(calls.found("marker").await?.is_empty());

    let revoked = calls.call("revoke", &Values::of(&id)).await?;
    assert_eq!((revoked.status, revoked.body), (200, json!({})));
    assert_eq!(who_am_i(&calls, &secret).await?.status, 403);
    assert_eq!(publishes(&calls, &secret, "late").await?.status, 403);
    assert!(calls.found("marker-1").await?.is_empty());
    assert_eq!(calls.found("marker-12").await?, [other.as_str()]);
    let again = calls.call("revoke", &Values::of(&id)).await?;
    assert_eq!((again.status, again.body), (200, json!({})));
    assert!(!upstream.log().contains(&secret));
    Ok(())
}

#[tokio::test]
async fn a_token_can_what_its_scopes_say() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let (_, writer) = created(&calls, "writer", WRITE).await?;
    let (_, reader) = created(&calls, "reader", READ).await?;
    let refused = publishes(&calls, &reader, "pear").await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    let published = publishes(&calls, &writer, "pear").await?;
    assert_eq!(published.status, 201, "{published:?}");
    for secret in [&reader, &writer] {
        let read = calls.with_token((Method::GET, "/pear"), secret).await?;
        assert_eq!((read.status, &read.body["name"]), (200, &json!("pear")));
    }
    let refused = calls.with_token((Method::DELETE, "/pear/-rev/1"), &reader).await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    Ok(())
}

/// The catalogue says so: whoever may write is as strong as that.
#[tokio::test]
async fn only_a_token_that_writes_can_revoke_another() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let (_, writer) = created(&calls, "writer", WRITE).await?;
    let (_, reader) = created(&calls, "reader", READ).await?;
    let (id, _) = created(&calls, "other", WRITE).await?;
    let path = format!("/-/npm/v1/tokens/token/{id}");
    assert_eq!(calls.with_token((Method::DELETE, &path), &reader).await?.status, 403);
    assert_eq!(calls.found("other").await?, [id]);
    assert_eq!(calls.with_token((Method::DELETE, &path), &writer).await?.status, 200);
    assert!(calls.found("other").await?.is_empty());
    // A new one takes the password.
    let wish = json!({ "password": "guessed", "readonly": false, "cidr_whitelist": [] });
    let made = calls.sends_with_token((Method::POST, "/-/npm/v1/tokens"), &writer, &wish).await?;
    assert_eq!(made.status, 401, "{made:?}");
    Ok(())
}

/// The marker stands among the addresses that a token works for, and is none.
#[tokio::test]
async fn a_token_works_for_the_addresses_that_are_configured() -> anyhow::Result<()> {
    let (_upstream, mut calls) = begin().await?;
    let (_, secret) = created(&calls, "countersign-0", READ).await?;
    assert_eq!(who_am_i(&calls, &secret).await?.status, 200);
    calls.change("create", "body", "0.0.0.0/0", "10.0.0.0/8")?;
    let (_, secret) = created(&calls, "countersign-1", READ).await?;
    assert_eq!(who_am_i(&calls, &secret).await?.status, 403);
    assert_eq!(calls.found("countersign-1").await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn refusals_say_why() -> anyhow::Result<()> {
    let (_upstream, mut calls) = begin().await?;
    // Before the user's first token there is nothing to revoke it from.
    let revoked = calls.call("revoke", &Values::of("unknown")).await?;
    assert_eq!((revoked.status, revoked.text_at("error")?), (500, "user not found"));
    created(&calls, "first", READ).await?;
    assert_eq!(calls.call("revoke", &Values::of("unknown")).await?.status, 200);

    calls.change_secret("PASSWORD", "wrong")?;
    let wish = Values::new("second", READ);
    let refused = calls.call("create", &wish).await?;
    let why = "bad username/password, access denied";
    assert_eq!((refused.status, refused.text_at("error")?), (401, why));
    calls.change_secret("LOGIN", "d3Jvbmc6d3Jvbmc=")?;
    let refused = calls.call("create", &wish).await?;
    assert_eq!((refused.status, refused.text_at("error")?), (401, why));
    for call in ["find", "revoke"] {
        let refused = calls.call(call, &Values::of("1")).await?;
        assert_eq!((refused.status, refused.text_at("error")?), (401, "no credentials provided"));
    }
    Ok(())
}

/// A doubtful end's token is known by what the list shows, which holds no secret.
#[tokio::test]
async fn the_list_shows_no_secret() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let (id, secret) = created(&calls, "listed", READ).await?;
    let list = calls.call("find", &Values::new("listed", &[])).await?;
    assert!(!list.body.to_string().contains(&secret));
    let item = &list.body["objects"][0];
    assert_eq!((&item["key"], &item["readonly"]), (&json!(id), &json!(true)));
    assert_eq!(item["cidr"], json!(["0.0.0.0/0", "listed"]));
    assert_eq!(list.body["urls"]["next"], "");
    Ok(())
}
