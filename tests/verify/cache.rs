//! What a replica caches, when it trusts the cache, and what it stores.

use std::time::{Duration, Instant};

use testkit::postgres::{Durability, Postgres, Shutdown};
use testkit::team::show_token;

use super::support::{Fixture, IN_FORCE};

#[tokio::test]
async fn cached_tokens_are_answered_without_the_database() {
    let fixture = Fixture::open("verify kept", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let second = &fixture.second;
    assert_eq!(fixture.status(second, &secret, "GET", &path).await, 200);
    // No byte passes between the replica and Postgres.
    fixture.proxy.pause();
    let paused = Instant::now();
    let mut answered = 0;
    while paused.elapsed() < Duration::from_millis(500) {
        assert_eq!(fixture.status(second, &secret, "GET", &path).await, 200);
        answered += 1;
    }
    assert!(answered > 20, "{answered} answers in half a second");
    // A second after the last beat it no longer trusts its cache, and can't query either.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let late = fixture.answer(second, &secret, "GET", &path).await;
    assert_eq!(late.status(), 503);
    assert_eq!(late.headers()["retry-after"], "1");
    fixture.proxy.resume();
    fixture.receive(second).await;
    assert_eq!(fixture.status(second, &secret, "GET", &path).await, 200);
    fixture.close().await;
}

#[tokio::test]
async fn a_missed_disable_takes_effect_after_a_hang() {
    let fixture = Fixture::open("verify hangs", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    assert_eq!(fixture.status(&fixture.second, &secret, "GET", &path).await, 200);
    fixture.proxy.pause();
    fixture.disable_token("Reports").await;
    tokio::time::sleep(IN_FORCE).await;
    assert_ne!(fixture.status(&fixture.second, &secret, "GET", &path).await, 200);
    fixture.proxy.resume();
    for _ in 0..40 {
        assert_ne!(fixture.status(&fixture.second, &secret, "GET", &path).await, 200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    fixture.receive(&fixture.second).await;
    assert_eq!(fixture.status(&fixture.second, &secret, "GET", &path).await, 403);
    fixture.close().await;
}

#[tokio::test]
async fn a_change_during_a_lost_connection_takes_effect() {
    let fixture = Fixture::open("verify cut", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    assert_eq!(fixture.status(&fixture.second, &secret, "GET", &path).await, 200);
    fixture.proxy.refuse();
    fixture.proxy.cut_all();
    let cut = Instant::now();
    while !fixture.metrics(&fixture.second).await.contains("countersign_feed_alive 0") {
        assert!(cut.elapsed() < Duration::from_secs(5), "it does not notice");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    fixture.disable_token("Reports").await;
    fixture.proxy.admit();
    fixture.receive(&fixture.second).await;
    assert_eq!(fixture.status(&fixture.second, &secret, "GET", &path).await, 403);
    fixture.close().await;
}

#[tokio::test]
async fn a_database_that_restarts_loses_no_change() {
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    let fixture = Fixture::on(&postgres, "verify restart", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    for bot in fixture.replicas() {
        assert_eq!(fixture.status(bot, &secret, "GET", &path).await, 200);
    }
    postgres.restart(Shutdown::Immediate).await.unwrap();
    let restarted = Instant::now();
    for bot in fixture.replicas() {
        while fixture.status(bot, &secret, "GET", &path).await != 200 {
            assert!(restarted.elapsed() < Duration::from_secs(10), "it never comes back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        fixture.receive(bot).await;
    }
    let disabled = fixture.disable_token("Reports").await;
    fixture.is_in_force(disabled, &secret, &path, 403).await;
    fixture.close().await;
}

#[tokio::test]
async fn the_last_use_is_shown_and_written_once_a_minute() {
    let fixture = Fixture::open("verify use", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("never"), "{panel}");
    for _ in 0..50 {
        assert_eq!(fixture.status(&fixture.second, &secret, "GET", &path).await, 200);
        assert_eq!(fixture.status(&fixture.second, &secret, "PUT", &path).await, 403);
    }
    // What waits is written at the end.
    assert!(fixture.second.stop().await.unwrap().success());
    let noted = "select count(*) from countersign.secrets
                 where last_used_at between now() - interval '1 minute' and now()";
    assert_eq!(fixture.team.count(noted).await, 1);
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(!panel.contains("never"), "{panel}");
    let at = "select (extract(epoch from last_used_at) * 1000000)::bigint from countersign.secrets";
    let before = fixture.team.count(at).await;
    // Another process does not have the first one's cache, but the database has the use.
    assert_eq!(fixture.status(&fixture.team.setup.bot, &secret, "GET", &path).await, 200);
    fixture.team.setup.bot.restart().await.unwrap();
    assert_eq!(fixture.team.count(at).await, before);
    fixture.second.serve().await.unwrap();
    fixture.close().await;
}
