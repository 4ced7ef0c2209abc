//! What a replica keeps, when it believes it, and what it writes down.

use std::time::{Duration, Instant};

use testkit::postgres::{Durability, Postgres, Shutdown};
use testkit::scene::shows;

use super::support::{House, IN_FORCE};

#[tokio::test]
async fn what_is_kept_is_answered_without_the_database_while_changes_are_heard_of() {
    let house = House::open("verify kept", "forwarded").await;
    let [sid, secret] = house.has_a_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let second = &house.second;
    assert_eq!(house.status(second, &secret, "GET", &path).await, 200);
    // Not a byte passes between the replica and Postgres.
    house.proxy.pause();
    let paused = Instant::now();
    let mut answered = 0;
    while paused.elapsed() < Duration::from_millis(500) {
        assert_eq!(house.status(second, &secret, "GET", &path).await, 200);
        answered += 1;
    }
    assert!(answered > 20, "{answered} answers in half a second");
    // A second after the last beat it believes itself no more, and can't ask either.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let late = house.answer(second, &secret, "GET", &path).await;
    assert_eq!(late.status(), 503);
    assert_eq!(late.headers()["retry-after"], "1");
    house.proxy.resume();
    house.hears(second).await;
    assert_eq!(house.status(second, &secret, "GET", &path).await, 200);
    house.closes().await;
}

#[tokio::test]
async fn a_disable_that_a_hanging_replica_missed_is_in_force_when_it_comes_back() {
    let house = House::open("verify hangs", "forwarded").await;
    let [sid, secret] = house.has_a_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    assert_eq!(house.status(&house.second, &secret, "GET", &path).await, 200);
    house.proxy.pause();
    house.disables("Reports").await;
    tokio::time::sleep(IN_FORCE).await;
    assert_ne!(house.status(&house.second, &secret, "GET", &path).await, 200);
    house.proxy.resume();
    for _ in 0..40 {
        assert_ne!(house.status(&house.second, &secret, "GET", &path).await, 200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    house.hears(&house.second).await;
    assert_eq!(house.status(&house.second, &secret, "GET", &path).await, 403);
    house.closes().await;
}

#[tokio::test]
async fn a_change_that_nobody_was_connected_to_hear_is_in_force() {
    let house = House::open("verify cut", "forwarded").await;
    let [sid, secret] = house.has_a_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    assert_eq!(house.status(&house.second, &secret, "GET", &path).await, 200);
    house.proxy.refuse();
    house.proxy.cut_all();
    let cut = Instant::now();
    while !house.metrics(&house.second).await.contains("countersign_feed_alive 0") {
        assert!(cut.elapsed() < Duration::from_secs(5), "it does not notice");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    house.disables("Reports").await;
    house.proxy.admit();
    house.hears(&house.second).await;
    assert_eq!(house.status(&house.second, &secret, "GET", &path).await, 403);
    house.closes().await;
}

#[tokio::test]
async fn a_database_that_restarts_loses_no_change() {
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    let house = House::on(&postgres, "verify restart", "forwarded").await;
    let [sid, secret] = house.has_a_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    for bot in house.replicas() {
        assert_eq!(house.status(bot, &secret, "GET", &path).await, 200);
    }
    postgres.restart(Shutdown::Immediate).await.unwrap();
    let restarted = Instant::now();
    for bot in house.replicas() {
        while house.status(bot, &secret, "GET", &path).await != 200 {
            assert!(restarted.elapsed() < Duration::from_secs(10), "it never comes back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        house.hears(bot).await;
    }
    let disabled = house.disables("Reports").await;
    house.is_in_force(disabled, &secret, &path, 403).await;
    house.closes().await;
}

#[tokio::test]
async fn the_last_use_is_shown_and_written_once_a_minute() {
    let house = House::open("verify use", "forwarded").await;
    let [sid, secret] = house.has_a_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let panel = shows(&house.scene.rin, "Reports").await;
    assert!(panel.contains("never"), "{panel}");
    for _ in 0..50 {
        assert_eq!(house.status(&house.second, &secret, "GET", &path).await, 200);
        assert_eq!(house.status(&house.second, &secret, "PUT", &path).await, 403);
    }
    // What waits is written at the end.
    assert!(house.second.stop().await.unwrap().success());
    let noted = "select count(*) from countersign.secrets
                 where last_used_at between now() - interval '1 minute' and now()";
    assert_eq!(house.scene.count(noted).await, 1);
    let panel = shows(&house.scene.rin, "Reports").await;
    assert!(!panel.contains("never"), "{panel}");
    let at = "select (extract(epoch from last_used_at) * 1000000)::bigint from countersign.secrets";
    let before = house.scene.count(at).await;
    // Another process knows nothing of the first one's notes, but the database does.
    assert_eq!(house.status(&house.scene.stage.bot, &secret, "GET", &path).await, 200);
    house.scene.stage.bot.restart().await.unwrap();
    assert_eq!(house.scene.count(at).await, before);
    house.second.serve().await.unwrap();
    house.closes().await;
}
