//! Who may introspect: by a bearer or by HTTP Basic, as libraries send them; strangers, and those who present
//! two things at once.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use testkit::upstreams;
use tokio::process::Command;

use super::raw_requests::answers;
use super::support::{BEARER, Fixture, ODD_CLIENT};

const FORM: &str = "application/x-www-form-urlencoded";

fn url(fixture: &Fixture) -> String {
    format!("http://{}/v1/introspect", fixture.team.setup.bot.verify_address().unwrap())
}

/// A question with this body, whose caller is still to be named.
fn post_body(fixture: &Fixture, body: &str) -> RequestBuilder {
    fixture.client.post(url(fixture)).header("Content-Type", FORM).body(body.to_owned())
}

fn basic(pair: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[tokio::test]
async fn unknown_callers_get_only_the_ways_to_authenticate() {
    let fixture = Fixture::open("verify strangers", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let body = format!("token={secret}");
    let with = |value: &str| post_body(&fixture, &body).header("Authorization", value);
    let [odd, odd_secret] = ODD_CLIENT;
    let latin1: Vec<u8> = format!("{odd}:{odd_secret}").chars().map(|char| char as u8).collect();
    let utf16: Vec<u8> =
        format!("gateway:{BEARER}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    for request in [
        post_body(&fixture, &body),
        with("Bearer another"),
        with(&format!("Bearer {secret}")),
        with(&format!("Bearer {}", STANDARD.encode(BEARER))),
        with(&format!("Digest {BEARER}")),
        with(BEARER),
        with(&basic(BEARER.as_bytes())),
        with(&basic(format!("{odd}:{BEARER}").as_bytes())), // another's
        with(&basic(format!("{sid}:{secret}").as_bytes())), // a token's own
        with(&basic(format!("GATEWAY:{BEARER}").as_bytes())),
        with(&basic(format!("gateway:{BEARER}\n").as_bytes())),
        with(&basic(&latin1)),
        with(&basic(&utf16)),
        with(&format!("Basic gateway:{BEARER}")),
        with(&format!("Bearer {BEARER}")).header("Authorization", "Bearer x"),
        with(&format!("Bearer {BEARER}")).bearer_auth(BEARER),
        with(&format!("Bearer {BEARER}")).header("Authorization", basic(b"x:y")),
        post_body(&fixture, &format!("{body}&client_id=gateway&client_secret={BEARER}")),
        post_body(&fixture, &format!("{body}&access_token={BEARER}")),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        let challenges: Vec<_> = answer.headers().get_all("www-authenticate").iter().collect();
        assert_eq!(challenges.len(), 2);
        assert!(challenges[0].to_str().unwrap().starts_with("Bearer "));
        assert!(challenges[1].to_str().unwrap().starts_with("Basic "));
        assert_eq!(answer.text().await.unwrap(), "");
    }
    fixture.close().await;
}

#[tokio::test]
async fn malformed_requests_get_only_their_error() {
    let fixture = Fixture::open("verify malformed", "forwarded").await;
    let [_, secret] = fixture.create_token("Reports").await;
    let body = format!("token={secret}");
    let long = format!("token={}", "x".repeat(64 * 1024));
    let known = |kind: &str, body: &str| {
        let request = fixture.client.post(url(&fixture)).bearer_auth(BEARER);
        request.header("Content-Type", kind).body(body.to_owned())
    };
    let wide: Vec<u8> = body.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (request, status) in [
        (known(FORM, ""), 400),
        (known(FORM, &format!("{body}&{body}")), 400),
        (known("application/json", &body), 400),
        (known("text/plain", &body), 400),
        (known(&format!("{FORM}; charset=UTF-16"), "").body(wide), 400),
        // In two ways at once, be they right or wrong.
        (known(FORM, &format!("{body}&client_id=gateway&client_secret={BEARER}")), 400),
        (known(FORM, &format!("client_secret=x&{body}")), 400),
        (known(FORM, &format!("{body}&client_assertion=x")), 400),
        (
            post_body(&fixture, &format!("{body}&client_secret=x"))
                .basic_auth("gateway", Some(BEARER)),
            400,
        ),
        (known(FORM, &long), 413),
        (fixture.client.get(url(&fixture)).bearer_auth(BEARER), 405),
    ] {
        let answer = match request.send().await {
            // The server does not read that much: the connection may be closed before the answer is seen.
            Err(_) if status == 413 => continue,
            answer => answer.unwrap(),
        };
        assert_eq!(answer.status(), status);
        let told = answer.text().await.unwrap();
        assert!(!told.contains("active") && !told.contains(&secret) && !told.contains(BEARER));
    }
    assert_eq!(known(&format!("{FORM}; charset=utf-8"), &body).send().await.unwrap().status(), 200);
    // Headers as large as they may be, and larger.
    let address = fixture.team.setup.bot.verify_address().unwrap();
    for (length, expected) in [(1_000, 401), (60_000, 401), (90_000, 431)] {
        for value in [basic(&b"a:"[..].repeat(length / 3)), format!("Basic {}", "=".repeat(length))]
        {
            let request = format!(
                "POST /v1/introspect HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                 Authorization: {value}\r\nContent-Type: {FORM}\r\nContent-Length: 0\r\n\r\n"
            );
            assert_eq!(answers(address, request.as_bytes()).await, [expected], "{length}");
        }
    }
    fixture.close().await;
}

#[tokio::test]
async fn a_name_and_its_secret_are_a_caller_and_guesses_are_slowed_down() {
    let fixture = Fixture::open("verify basic", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let body = format!("token={secret}");
    let [odd, odd_secret] = ODD_CLIENT;
    let form =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let encoded = format!("{}:{}", form(odd), form(odd_secret));
    let known =
        |pair: &str| post_body(&fixture, &body).header("Authorization", basic(pair.as_bytes()));
    for request in [
        known(&format!("gateway:{BEARER}")),
        known(&format!("{odd}:{odd_secret}")),
        known(&encoded),
        post_body(&fixture, &format!("{body}&client_id=gateway"))
            .basic_auth("gateway", Some(BEARER)),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let told: Value = answer.json().await.unwrap();
        assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!(sid)));
    }
    let mut last = 0;
    for _ in 0..40 {
        let guess = post_body(&fixture, &body).basic_auth("gateway", Some("guess"));
        last = guess.send().await.unwrap().status().as_u16();
    }
    assert_eq!(last, 429);
    assert_eq!(known(&encoded).send().await.unwrap().status(), 200);
    let log = fixture.team.setup.bot.log();
    for told in [BEARER, odd_secret, "guess", &STANDARD.encode(&encoded), &secret] {
        assert!(!log.contains(told), "{told} is in the log");
    }
    fixture.close().await;
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

/// What a program that reads introspections prints.
async fn read_by(command: &mut Command) -> Value {
    let output = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn client_libraries_read_it() {
    let fixture = Fixture::open("verify libraries", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let tests = testkit::bot::repository().join("tests/verify");
    let mut command = Command::new(authlib().await);
    command.arg(tests.join("authlib_reads.py")).args([&url(&fixture), "gateway", BEARER, &secret]);
    let expected = json!({
        "client_id": sid,
        "held": true,
        "not_held": "insufficient_scope",
        "unknown": "invalid_token",
        "session": true,
        "basic": true,
    });
    assert_eq!(read_by(&mut command).await, expected);

    let (node, packages) = upstreams::node().unwrap();
    let [odd, odd_secret] = ODD_CLIENT;
    let mut command = Command::new(node);
    command.arg(tests.join("oauth4webapi_reads.mjs")).arg(packages.join("oauth4webapi"));
    command.args([&url(&fixture), odd, odd_secret, &secret]);
    let expected = json!({
        "active": true,
        "client_id": sid,
        "aud": "orchard",
        "refused": "WWWAuthenticateChallengeError",
    });
    assert_eq!(read_by(&mut command).await, expected);
    fixture.close().await;
}
