//! Introspection, field by field after RFC 7662, and as a client library reads it.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::process::Command;

use super::support::{BEARER, Fixture};

#[tokio::test]
async fn every_field_is_what_the_standard_says() {
    let fixture = Fixture::open("verify fields", "forwarded").await;
    let [sid, secret] = fixture.has_a_token("Reports").await;
    let bot = &fixture.scene.stage.bot;
    let answer = fixture
        .introspects(bot, &[("token", &secret), ("token_type_hint", "refresh_token"), ("x", "y")])
        .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let told: Value = answer.json().await.unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
    let (iat, exp) = (told["iat"].as_i64().unwrap(), told["exp"].as_i64().unwrap());
    assert!((now - 60..=now).contains(&iat), "iat {iat}, now {now}");
    let days = (exp - iat) as f64 / 86_400.0;
    assert!((90.0..90.01).contains(&days), "{days} days");
    let expected = json!({
        "active": true,
        "scope": "trees:listTrees trees:getTree trees:plantTree trees:fellTree",
        "client_id": sid,
        "sub": sid,
        "token_type": "Bearer",
        "aud": "orchard",
        "iat": iat,
        "exp": exp,
        "token_name": "Reports",
        "api_version": 2,
    });
    assert_eq!(told, expected);

    let unknown = countersign::domain::secret::mint().unwrap();
    let unknown = secrecy::ExposeSecret::expose_secret(&unknown).to_owned();
    fixture.disables("Reports").await;
    for token in [unknown.as_str(), "", "nonsense", sid.as_str()] {
        let answer = fixture.introspects(bot, &[("token", token)]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.text().await.unwrap(), "{\"active\":false}", "{token}");
    }
    let start = std::time::Instant::now();
    while fixture.introspects(bot, &[("token", &secret)]).await.text().await.unwrap()
        != "{\"active\":false}"
    {
        assert!(start.elapsed() < super::support::IN_FORCE);
    }
    fixture.closes().await;
}

#[tokio::test]
async fn strangers_and_malformed_questions_are_told_nothing() {
    let fixture = Fixture::open("verify strangers", "forwarded").await;
    let [_, secret] = fixture.has_a_token("Reports").await;
    let url = format!("http://{}/v1/introspect", fixture.scene.stage.bot.verify_address().unwrap());
    let form = "application/x-www-form-urlencoded";
    let body = format!("token={secret}");
    let post = || fixture.client.post(&url).header("Content-Type", form).body(body.clone());
    for request in [
        post(),
        post().bearer_auth("another"),
        post().bearer_auth(&secret),
        post().basic_auth("gateway", Some(BEARER)),
        post().bearer_auth(BEARER).header("Authorization", "Bearer x"),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer "));
        assert_eq!(answer.text().await.unwrap(), "");
    }
    let known = || fixture.client.post(&url).bearer_auth(BEARER);
    let long = format!("token={}", "x".repeat(64 * 1024));
    for (request, status) in [
        (known().header("Content-Type", form).body(""), 400),
        (known().header("Content-Type", form).body(format!("{body}&{body}")), 400),
        (known().header("Content-Type", "application/json").body(body.clone()), 400),
        (known().body(body.clone()), 400),
        (known().header("Content-Type", form).body(long), 413),
        (fixture.client.get(&url).bearer_auth(BEARER), 405),
    ] {
        let answer = match request.send().await {
            // Nobody reads so much: the connection may be gone before the answer is seen.
            Err(_) if status == 413 => continue,
            answer => answer.unwrap(),
        };
        assert_eq!(answer.status(), status);
        assert!(!answer.text().await.unwrap().contains("true"));
    }
    fixture.closes().await;
}

/// A Python with Authlib, kept under `target/`.
async fn authlib() -> PathBuf {
    let folder = testkit::bot::repository().join("target/authlib");
    let python = folder.join("bin/python");
    let works = Command::new(&python).args(["-c", "import authlib, requests"]).output().await;
    if works.is_ok_and(|output| output.status.success()) {
        return python;
    }
    for arguments in [
        vec!["python3", "-m", "venv", folder.to_str().unwrap()],
        vec![
            python.to_str().unwrap(),
            "-m",
            "pip",
            "install",
            "-q",
            "authlib==1.6.5",
            "requests==2.32.5",
        ],
    ] {
        let output = Command::new(arguments[0]).args(&arguments[1..]).output().await;
        let output = output.expect("python3: run scripts/install-dependencies test");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
    }
    python
}

#[tokio::test]
async fn a_client_library_reads_it() {
    let fixture = Fixture::open("verify authlib", "forwarded").await;
    let [sid, secret] = fixture.has_a_token("Reports").await;
    let url = format!("http://{}/v1/introspect", fixture.scene.stage.bot.verify_address().unwrap());
    let script = testkit::bot::repository().join("tests/verify/authlib_reads.py");
    let mut command = Command::new(authlib().await);
    command.arg(script).args([&url, BEARER, &secret]);
    let output = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        read,
        json!({
            "client_id": sid,
            "held": true,
            "not_held": "insufficient_scope",
            "unknown": "invalid_token",
            "session": true,
        })
    );
    fixture.closes().await;
}
