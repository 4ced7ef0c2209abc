//! Whoever fails too often is told to wait; a token that opens something is never kept waiting for it.

use serde_json::Value;

use super::house::House;

#[tokio::test]
async fn only_failures_are_limited_and_only_where_they_come_from() {
    let house = House::open("verify limits", "forwarded").await;
    let [sid, secret] = house.has_a_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let bot = &house.second;
    let asks = async |secret: &str, from: &str| {
        let question = house.asks(bot, "GET", &path).header("X-Forwarded-For", from);
        question.bearer_auth(secret).send().await.unwrap()
    };
    let unknown = countersign::domain::secret::mint().unwrap();
    let unknown = secrecy::ExposeSecret::expose_secret(&unknown).to_owned();
    // What stands further left was written by whoever asks, and changes nothing.
    for number in 0..30 {
        let guess = if number % 2 == 0 { "guess" } else { unknown.as_str() };
        let from = format!("198.51.100.{number}, 192.0.2.1");
        assert_eq!(asks(guess, &from).await.status(), 401, "{number}");
    }
    let mut refused = 0;
    for _ in 0..10 {
        let answer = asks(&unknown, "192.0.2.1").await;
        if answer.status() == 429 {
            let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=2).contains(&wait), "{wait}");
            refused += 1;
        }
    }
    assert!(refused > 5, "{refused} of 10 refused");
    assert_eq!(asks("guess", "192.0.2.2").await.status(), 401, "another address");
    // Nobody presented it to this replica before, so that the database is asked.
    assert_eq!(asks(&secret, "192.0.2.1").await.status(), 200);
    assert_eq!(asks(&secret, "192.0.2.1").await.status(), 200);
    let nothing = house.asks(bot, "GET", &path).header("X-Forwarded-For", "192.0.2.1");
    assert_eq!(nothing.send().await.unwrap().status(), 401, "presenting nothing is no failure");

    let metrics = house.metrics(bot).await;
    for line in [
        "countersign_verifications_total{endpoint=\"authorize\",outcome=\"granted\"} 2",
        "countersign_verifications_total{endpoint=\"authorize\",outcome=\"missing\"} 1",
        "countersign_token_reads_total{source=\"cache\"} 1",
        "countersign_feed_alive 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains(&secret) && !metrics.contains(&sid));
    for log in house.replicas().map(|bot| bot.log()) {
        assert!(!log.contains(&secret) && !log.contains(&unknown));
    }
    house.closes().await;
}

#[tokio::test]
async fn check_looks_at_verification() {
    let house = House::open("verify check", "forwarded").await;
    let output = house.scene.stage.bot.run(&["check", "--json"]).await.unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let about = |found: &&Value| found["subject"] == "verify";
    let findings = found["findings"].as_array().unwrap().iter().filter(about);
    let findings: Vec<_> = findings.map(|one| (&one["outcome"], &one["message"])).collect();
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.iter().all(|(outcome, _)| *outcome == "ok"), "{findings:?}");
    assert_eq!(findings[1].1, "the database tells of changes");
    house.closes().await;
}
