//! Discord refuses a card for good: its requester is told, `/readyz` says so, and nothing is tried for ever.

use std::time::{Duration, Instant};

use discord_sim::Fault;
use serde_json::Value;

use super::{Team, reword_request};

const POSTS: &str = "POST /channels/{channel_id}/messages";
const EDITS: &str = "PATCH /channels/{channel_id}/messages/{message_id}";
const TOLD: &str = "select count(*) from countersign.notices where kind = 'card_refused'";
const REFUSED: &str = "select count(*) from countersign.cards where refused_code is not null";

fn blocked() -> Fault {
    Fault::refusal(400, 200_000, "Message was blocked by automatic moderation")
}

fn no_permission() -> Fault {
    Fault::refusal(403, 50_013, "Missing Permissions")
}

/// Waits until `/readyz` says this of the cards, and `/metrics` the same; nothing: that all are shown.
async fn wait_for_health(team: &Team, words: &str) {
    let start = Instant::now();
    loop {
        let url = team.setup.bot.url().unwrap();
        let response = reqwest::get(format!("{url}/readyz")).await.unwrap();
        assert_eq!(response.status(), 200, "a load balancer keeps the bot");
        let shown: Value = response.json().await.unwrap();
        let reason = shown["cards"]["reason"].as_str().unwrap_or_default();
        if shown["cards"]["ready"] == words.is_empty() && reason.contains(words) {
            let metrics = reqwest::get(format!("{url}/metrics")).await.unwrap();
            let metrics = metrics.text().await.unwrap();
            let gauge =
                format!("countersign_part_ready{{part=\"cards\"}} {}", i32::from(words.is_empty()));
            assert!(metrics.contains(&gauge), "{gauge} is not in\n{metrics}");
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{words:?} is not in {shown}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Has a sweep run as if the card had been refused so many minutes ago.
async fn sweep_after(team: &Team, minutes: u32) {
    let mut database = team.setup.connect().await.unwrap();
    let ago = format!(
        "update countersign.cards set refused_at = now() - interval '{minutes} minutes'
         where refused_code is not null;
         insert into countersign.jobs (kind, subject, lane, urgency, due_at)
         values ('sweep', 0, 'main', 4, now())
         on conflict (kind, subject) do update set due_at = now();"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(ago)).execute(&mut database).await.unwrap();
    team.wait_for_sweep().await;
}

#[tokio::test]
async fn a_blocked_text_is_told_and_its_edit_is_shown() {
    let team = Team::start("blocked card").await;
    team.setup.discord.fail(POSTS, 1, blocked()).unwrap();
    let submitted = team.ask(&team.rin, "Reports").await;
    let told = team.rin.wait_for_dm("automatic moderation refuses the text").await.unwrap();
    assert!(told.contains("The admins may not see #1 as it is now"), "{told}");
    assert!(told.buttons().is_empty(), "{told}");
    team.setup.settle().await.unwrap();
    assert_eq!(team.setup.discord.calls(POSTS), 2, "one card, one direct message");
    wait_for_health(&team, "the card of 1 request (code 200000)").await;

    // Admins find it all the same.
    let waits = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    let details = team.aki.click(&waits, "Details").await.unwrap().private().unwrap();
    assert!(details.offers("Approve"), "{details}");

    reword_request(&team, &submitted).await;
    team.rin.wait_until_gone(&told).await.unwrap();
    wait_for_health(&team, "").await;
    assert_eq!(team.count(TOLD).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn missing_permissions_are_told_once_and_tried_again_after_an_hour_or_a_restart() {
    let team = Team::start("card without permission").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.setup.discord.fail(EDITS, usize::MAX, no_permission()).unwrap();
    team.approve(&team.aki, &card).await;
    let told = team.rin.wait_for_dm("has no access to the approval channel").await.unwrap();
    wait_for_health(&team, "let the bot view the approval channel").await;

    // The next state is tried once, and refused without a second message.
    let before = team.setup.discord.calls(EDITS);
    team.setup.wait_for_count(REFUSED, 1).await.unwrap();
    sweep_after(&team, 59).await;
    assert_eq!(team.setup.discord.calls(EDITS), before, "within the hour it is left alone");
    sweep_after(&team, 61).await;
    assert_eq!(team.setup.discord.calls(EDITS), before + 1, "tried once");
    assert_eq!(team.count(TOLD).await, 1);

    team.setup.discord.clear_faults();
    team.setup.restart_with(|_| {}).await.unwrap();
    team.card("1 of 2 approvals").await;
    team.rin.wait_until_gone(&told).await.unwrap();
    wait_for_health(&team, "").await;
    assert_eq!(team.count(TOLD).await, 1);
    team.finish().await;
}

/// The last state is tried again, too: a card of a decided request must not go on to offer *Approve*.
#[tokio::test]
async fn the_card_of_a_denied_request_is_set_right_in_the_end() {
    let team = Team::start("denied unseen").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();
    team.setup.discord.fail(EDITS, usize::MAX, no_permission()).unwrap();
    let mut modal = team.aki.click(&card, "Deny").await.unwrap().modal().unwrap();
    modal.fill("Reason", "Not this one").unwrap();
    modal.submit().await.unwrap().private().unwrap();
    team.rin.wait_for_dm("was denied").await.unwrap();
    team.setup.wait_for_count(REFUSED, 1).await.unwrap();
    wait_for_health(&team, "let the bot view the approval channel").await;
    assert_eq!(team.count(TOLD).await, 0, "nothing is left for the requester to do");
    team.setup.discord.clear_faults();
    sweep_after(&team, 61).await;
    team.card("Denied by").await;
    wait_for_health(&team, "").await;
    team.finish().await;
}

#[tokio::test]
async fn a_proxys_refusal_is_no_answer_of_discords() {
    let team = Team::start("card behind a proxy").await;
    team.setup.discord.fail(POSTS, 2, Fault::status(403)).unwrap();
    team.ask(&team.rin, "Reports").await;
    team.aki
        .patient(Duration::from_secs(20))
        .wait_for_message("approvals", "0 of 2")
        .await
        .unwrap();
    assert_eq!(team.count(TOLD).await, 0);
    wait_for_health(&team, "").await;
    team.finish().await;
}
