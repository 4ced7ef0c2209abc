//! Presses that no real client would send.

use super::Team;
use super::manual_issuer::{at_the_steps, fulfil};
use testkit::team::{code_blocks, show_token};

/// Discord's numbers of buttons and selects.
const BUTTON: u64 = 2;
const SELECT: u64 = 3;

#[tokio::test]
async fn other_peoples_drafts_and_deliveries_stay_theirs() {
    let team = Team::start("theirs").await;
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    for button in ["Create", "Cancel", "Clear all", "Whole category", "Edit details"] {
        let id = panel.custom_id(button).unwrap();
        let refused = team.aki.forge_press(&panel, &id, BUTTON, &[]).await.unwrap();
        let refused = refused.private().unwrap();
        assert!(refused.contains("belongs to someone else"), "{button}: {refused}");
    }
    let created = team.rin.click(&panel, "Create").await.unwrap().message().unwrap();
    assert!(created.contains("#1"), "{created}");
    team.card("0 of 2 approvals").await;
    team.finish().await;
}

#[tokio::test]
async fn a_forged_press_never_takes_a_cards_place() {
    let team = Team::start("card").await;
    team.ask(&team.aki, "Reports").await;
    let card = team.card("1 of 2 approvals").await;
    let panel = team.panel(&team.ben, "orchard", "Other").await;
    for button in ["Clear all", "Cancel"] {
        let id = panel.custom_id(button).unwrap();
        let answer = team.ben.forge_press(&card, &id, BUTTON, &[]).await.unwrap();
        answer.private().unwrap();
    }
    let now = team.aki.refresh(&card).unwrap();
    assert!(now.contains("1 of 2 approvals"), "{now}");
    team.finish().await;
}

#[tokio::test]
async fn nonsense_in_custom_ids_is_refused() {
    let team = Team::start("nonsense").await;
    team.ask(&team.aki, "Reports").await;
    let card = team.card("1 of 2 approvals").await;
    let request = card.custom_id("Approve").unwrap().split(':').nth(1).unwrap().to_owned();
    for id in [
        "approve:ID:000000000000",
        "approve:ID:0000000000000000000000000000000000000000000000000000000000000000",
        "approve:9223372036854775807:0123456789ab",
        "approve:0:0123456789ab",
        "approve:-1:x",
        "approve",
        "reveal:ID",
        "reveal:9223372036854775808",
        "stored:ID",
        "not-me:ID",
        "fulfil:ID:0123456789ab",
        "try-again:ID",
        "done:ID",
        "create:ID",
        "scopes:ID:trees:65535",
        "try-again:ID:1",
        "done:ID:0000000000000000000000000000000000000000000000000000000000000000",
        "create:ID:0000000000000000000000000000000000000000000000000000000000000000",
        "\u{202E}",
    ] {
        let id = id.replace("ID", &request);
        let answer =
            team.ben.forge_press(&card, &id, BUTTON, &[]).await.unwrap().private().unwrap();
        assert!(code_blocks(&answer).is_empty(), "{id}: {answer}");
    }
    for values in [&["x"][..], &["trees:listTrees", "trees:none"], &[]] {
        for id in ["scopes:ID:trees:0", "category:ID", "expires:ID"] {
            let id = id.replace("ID", &request);
            team.ben.forge_press(&card, &id, SELECT, values).await.unwrap();
        }
    }
    let deny = format!("deny-form:{request}");
    let answer = team.ben.forge_modal(&deny, &[]).await.unwrap().private().unwrap();
    assert!(answer.is_ephemeral());
    let empty = team.ben.forge_modal(&deny, &[("reason", " ")]).await.unwrap();
    assert!(empty.private().unwrap().contains("give a reason"));
    for form in ["new-form:orchard", "new-form:none", "details-form:ID", "fulfil-form:ID:x"] {
        let form = form.replace("ID", &request);
        team.ben.forge_modal(&form, &[("name", "x")]).await.unwrap().private().unwrap();
    }
    assert_eq!(team.count("select count(*) from countersign.approvals").await, 1);
    assert_eq!(
        team.count("select count(*) from countersign.requests where state = 'pending'").await,
        1
    );
    team.finish().await;
}

/// A task needs no approvals, so that nobody may fill one in, and a panel creates no token out of nothing.
#[tokio::test]
async fn an_owner_begins_no_change_that_no_panel_offers() {
    let team = Team::start("own task").await;
    let card = at_the_steps(&team).await;
    fulfil(&team.ben, &card, "IRexampleAGENCYsid0000000001", "example.token-0").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.collect_secret(&team.aki, &ready).await;
    let panel = show_token(&team.aki, "Dashboard").await;
    let edit = panel.custom_id("Edit").unwrap();
    for kind in ["narrow", "disable", "delete", "create"] {
        let id = edit.replace(":edit", &format!(":{kind}"));
        assert_ne!(id, edit);
        let refused = team.aki.forge_press(&panel, &id, BUTTON, &[]).await.unwrap();
        let refused = refused.private().unwrap();
        assert!(refused.contains("belongs to another version of the bot"), "{kind}: {refused}");
    }
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 0);
    team.finish().await;
}
