//! Verdaccio's tokens.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::upstreams::{Upstream, verdaccio};

use crate::calls::{Answer, Calls, set_secret, wish};

const READ: &[&str] = &["read"];
const WRITE: &[&str] = &["write"];

async fn begin() -> anyhow::Result<(Upstream, Calls)> {
    let upstream = verdaccio::start().await?;
    let calls = Calls::new(&upstream)?;
    Ok((upstream, calls))
}

/// Makes a token. Returns its id and its secret.
async fn created(calls: &Calls, marker: &str, scopes: &[&str]) -> anyhow::Result<(String, String)> {
    let answer = calls.create(&wish(marker, scopes)).await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Ok((answer.id()?.to_owned(), answer.secret()?.to_owned()))
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

async fn publish_package(calls: &Calls, secret: &str, name: &str) -> anyhow::Result<Answer> {
    let path = format!("/{name}");
    calls.send_with_token((Method::PUT, &path), secret, &package(name)).await
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
    let list = calls.list().await?.body;
    assert_eq!(list["objects"][0]["cidr"], json!(["0.0.0.0/0", "marker-1"]));
    assert_eq!(list["objects"][0]["readonly"], false);
    assert!(!list.to_string().contains(&secret));
    assert_eq!(list["urls"]["next"], "", "it has pages");

    let revoked = calls.revoke(&id).await?;
    assert_eq!((revoked.status, revoked.body), (200, json!({})));
    assert_eq!(who_am_i(&calls, &secret).await?.status, 403);
    assert_eq!(publish_package(&calls, &secret, "late").await?.status, 403);
    assert!(calls.found("marker-1").await?.is_empty());
    assert_eq!(calls.found("marker-12").await?, [other.as_str()]);
    let again = calls.revoke(&id).await?;
    assert_eq!((again.status, again.body), (200, json!({})));
    assert!(!upstream.log().contains(&secret));
    Ok(())
}

#[tokio::test]
async fn a_token_has_the_rights_of_its_scopes() -> anyhow::Result<()> {
    let (_upstream, calls) = begin().await?;
    let (_, writer) = created(&calls, "writer", WRITE).await?;
    let (_, reader) = created(&calls, "reader", READ).await?;
    let refused = publish_package(&calls, &reader, "pear").await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    let published = publish_package(&calls, &writer, "pear").await?;
    assert_eq!(published.status, 201, "{published:?}");
    for secret in [&reader, &writer] {
        let read = calls.with_token((Method::GET, "/pear"), secret).await?;
        assert_eq!((read.status, &read.body["name"]), (200, &json!("pear")));
    }
    let refused = calls.with_token((Method::DELETE, "/pear/-rev/1"), &reader).await?;
    assert_eq!(refused.status, 403, "{refused:?}");
    Ok(())
}

/// As the catalogue says: a user who may write may do that, too.
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
    let made = calls.send_with_token((Method::POST, "/-/npm/v1/tokens"), &writer, &wish).await?;
    assert_eq!(made.status, 401, "{made:?}");
    Ok(())
}

/// The marker is in the list of addresses for which a token works, and is not an address.
#[tokio::test]
async fn a_token_works_for_the_addresses_that_are_configured() -> anyhow::Result<()> {
    let (upstream, calls) = begin().await?;
    let (_, secret) = created(&calls, "countersign-0", READ).await?;
    assert_eq!(who_am_i(&calls, &secret).await?.status, 200);
    let calls = Calls::changed(&upstream, |issuer| {
        let body = issuer["create"]["body"].as_str().unwrap().replace("0.0.0.0/0", "10.0.0.0/8");
        issuer["create"]["body"] = body.into();
    })?;
    let (_, secret) = created(&calls, "countersign-1", READ).await?;
    assert_eq!(who_am_i(&calls, &secret).await?.status, 403);
    assert_eq!(calls.found("countersign-1").await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn refusals_say_why() -> anyhow::Result<()> {
    let (upstream, calls) = begin().await?;
    // Before the user's first token, there is nothing to revoke.
    let revoked = calls.revoke("unknown").await?;
    assert_eq!((revoked.status, revoked.error()?), (500, &json!("user not found")));
    created(&calls, "first", READ).await?;
    assert_eq!(calls.revoke("unknown").await?.status, 200);

    let why = json!("bad username/password, access denied");
    for secret in ["PASSWORD", "LOGIN"] {
        let calls = Calls::changed(&upstream, |issuer| set_secret(issuer, secret, "wrong"))?;
        let refused = calls.create(&wish("second", READ)).await?;
        assert_eq!((refused.status, refused.error()?), (401, &why), "{secret}");
    }
    let calls = Calls::changed(&upstream, |issuer| set_secret(issuer, "LOGIN", "wrong"))?;
    for refused in [calls.list().await?, calls.revoke("1").await?] {
        assert_eq!((refused.status, refused.error()?), (401, &json!("no credentials provided")));
    }
    assert_eq!(created_count(&upstream).await?, 1);
    Ok(())
}

/// How many tokens the user has.
async fn created_count(upstream: &Upstream) -> anyhow::Result<usize> {
    let list = Calls::new(upstream)?.list().await?;
    Ok(list.body["objects"].as_array().map_or(0, Vec::len))
}
