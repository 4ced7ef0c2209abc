//! What happens when a deadline passes.

use std::time::Duration;

use super::Team;

#[tokio::test]
async fn admins_are_reminded_once_and_the_request_lapses() {
    let settings = "[policy]\nremind_after = \"1s\"\nrequest_ttl = \"4s\"";
    let team = Team::configured("lapse", settings).await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let aki = team.aki.patient(Duration::from_secs(40));
    let reminder = aki.wait_for_message("approvals", "still needs").await.unwrap();
    assert!(reminder.contains("#1") && reminder.pings(), "it is noticed: {reminder}");
    let told = team.rin.patient(Duration::from_secs(40)).wait_for_dm("expired").await.unwrap();
    assert!(told.contains("submit a new one"), "{told}");
    let expired = team.card("did not get enough approvals in time").await;
    assert_eq!(expired.id(), card.id(), "one card per request");
    let late = team.ben.click_outdated(&card, "Approve").await.unwrap().private().unwrap();
    assert!(late.contains("expired before"), "{late}");
    team.aki.wait_until_gone(&reminder).await.unwrap();
    let reminders = "select count(*) from countersign.events where kind = 'request_reminded'";
    assert_eq!(team.count(reminders).await, 1);
    assert_eq!(team.count("select count(*) from countersign.reserved_names").await, 0);
    team.finish().await;
}

#[tokio::test]
async fn the_bot_was_away_and_catches_up() {
    let settings = "[policy]\nremind_after = \"1s\"\nrequest_ttl = \"3s\"";
    let team = Team::configured("away", settings).await;
    team.ask(&team.rin, "Reports").await;
    team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();
    team.setup.bot.kill().await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    team.setup.bot.serve().await.unwrap();
    team.rin.patient(Duration::from_secs(40)).wait_for_dm("expired").await.unwrap();
    team.last_card("did not get enough approvals in time").await;
    team.finish().await;
}
