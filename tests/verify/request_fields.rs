//! Introspection, field by field after RFC 7662.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::support::Fixture;

#[tokio::test]
async fn every_field_follows_the_standard() {
    let fixture = Fixture::open("verify fields", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let bot = &fixture.team.setup.bot;
    let answer = fixture
        .introspect(bot, &[("token", &secret), ("token_type_hint", "refresh_token"), ("x", "y")])
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
    fixture.disable_token("Reports").await;
    for token in [unknown.as_str(), "", "nonsense", sid.as_str()] {
        let answer = fixture.introspect(bot, &[("token", token)]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.text().await.unwrap(), "{\"active\":false}", "{token}");
    }
    let start = std::time::Instant::now();
    while fixture.introspect(bot, &[("token", &secret)]).await.text().await.unwrap()
        != "{\"active\":false}"
    {
        assert!(start.elapsed() < super::support::IN_FORCE);
    }
    fixture.close().await;
}
