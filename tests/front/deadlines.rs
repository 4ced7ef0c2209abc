//! What happens when nobody does anything.

use std::time::Duration;

use super::Scene;

#[tokio::test]
async fn admins_are_reminded_once_and_the_request_lapses() {
    let settings = "[policy]\nremind_after = \"1s\"\nrequest_ttl = \"4s\"";
    let scene = Scene::configured("lapse", settings).await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    let aki = scene.aki.patient(Duration::from_secs(40));
    let reminder = aki.sees_in("approvals", "still needs").await.unwrap();
    assert!(reminder.contains("#1") && !reminder.pings(), "{reminder}");
    let told = scene.rin.patient(Duration::from_secs(40)).sees_dm("expired").await.unwrap();
    assert!(told.contains("submit a new one"), "{told}");
    let expired = scene.card("did not get enough approvals in time").await;
    assert_eq!(expired.id(), card.id(), "one card per request");
    let late = scene.ben.clicks_as_it_was(&card, "Approve").await.unwrap().private().unwrap();
    assert!(late.contains("expired before"), "{late}");
    let reminders = "select count(*) from countersign.events where kind = 'request_reminded'";
    assert_eq!(scene.count(reminders).await, 1);
    assert_eq!(scene.count("select count(*) from countersign.reserved_names").await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn the_bot_was_away_and_catches_up() {
    let settings = "[policy]\nremind_after = \"1s\"\nrequest_ttl = \"3s\"";
    let scene = Scene::configured("away", settings).await;
    scene.asks(&scene.rin, "Reports").await;
    scene.card("0 of 2 approvals").await;
    scene.stage.settles().await.unwrap();
    scene.stage.bot.kill().await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    scene.stage.bot.serve().await.unwrap();
    scene.rin.patient(Duration::from_secs(40)).sees_dm("expired").await.unwrap();
    scene.last_card("did not get enough approvals in time").await;
    scene.ends().await;
}
