//! A press on a private message is answered on that message, and what it used up is gone from it.

use testkit::team::code_blocks;

use super::Team;
use super::manual_issuer::at_the_steps;

#[tokio::test]
async fn an_approval_stands_above_what_was_read() {
    let team = Team::start("approved in details").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let details = team.read_details(&team.aki, &card).await.pop().unwrap();
    let told = team.aki.click(&details, "Approve").await.unwrap().message().unwrap();
    assert_eq!(told.id(), details.id());
    assert!(told.contains("You approved #1 (1 of 2)"), "{told}");
    assert!(told.contains("DELETE /Orchards") && told.buttons().is_empty(), "{told}");

    // The last approval: the same message says what came of it.
    let card = team.card("1 of 2 approvals").await;
    let details = team.read_details(&team.ben, &card).await.pop().unwrap();
    let told = team.ben.click(&details, "Approve").await.unwrap().message().unwrap();
    assert_eq!(told.id(), details.id());
    let told = team.ben.wait_for_text(&told, "still count").await.unwrap();
    assert!(told.contains("DELETE /Orchards") && told.buttons().is_empty(), "{told}");
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn a_denial_stands_above_what_was_read() {
    let team = Team::start("denied in details").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let details = team.read_details(&team.aki, &card).await.pop().unwrap();
    let mut form = team.aki.click(&details, "Deny").await.unwrap().modal().unwrap();
    form.fill("Reason", "Too much").unwrap();
    let told = form.submit().await.unwrap().message().unwrap();
    assert_eq!(told.id(), details.id());
    assert!(told.contains("#1 is denied") && told.contains("DELETE /Orchards"), "{told}");
    assert!(told.buttons().is_empty(), "{told}");
    team.rin.wait_for_dm("was denied").await.unwrap();
    team.last_card("Denied by").await;
    team.finish().await;
}

#[tokio::test]
async fn what_waits_is_shown_again_after_each_press() {
    let team = Team::start("pending again").await;
    for name in ["One", "Two", "Three"] {
        team.ask(&team.rin, name).await;
    }
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();

    // Who has not read a request can deny it here.
    let waits = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    let mut form = team.aki.click(&waits, "Deny").await.unwrap().modal().unwrap();
    form.fill("Reason", "Not now").unwrap();
    let left = form.submit().await.unwrap().message().unwrap();
    assert_eq!(left.id(), waits.id());
    assert!(left.contains("#1 is denied") && left.contains("Two"), "{left}");
    assert!(!left.contains("One"), "{left}");
    assert_eq!(left.buttons(), ["Details", "Deny", "Details", "Deny"], "{left}");
    team.rin.wait_for_dm("was denied").await.unwrap();

    // One's own: withdrawn, and edited and back.
    let mine = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    let left = team.rin.click(&mine, "Withdraw").await.unwrap().message().unwrap();
    assert_eq!(left.id(), mine.id());
    assert!(left.contains("#2 is withdrawn") && left.contains("Three"), "{left}");
    assert_eq!(left.buttons(), ["Edit", "Withdraw"], "{left}");
    let panel = team.rin.click(&left, "Edit").await.unwrap().message().unwrap();
    assert_eq!(panel.id(), mine.id());
    let left = team.rin.click(&panel, "Cancel").await.unwrap().message().unwrap();
    assert!(left.contains("Cancelled") && left.offers("Withdraw"), "{left}");
    let panel = team.rin.click(&left, "Edit").await.unwrap().message().unwrap();
    let mut form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", "Reads and fells").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let saved = team.rin.click(&panel, "Save").await.unwrap().message().unwrap();
    assert_eq!(saved.buttons(), ["Edit", "Withdraw", "Back"], "{saved}");
    let left = team.rin.click(&saved, "Back").await.unwrap().message().unwrap();
    assert!(left.contains("Three") && left.offers("Edit"), "{left}");

    // The last approval in the list, whose outcome comes to the same place.
    let card = team.card("Reads and fells").await;
    team.read_details(&team.aki, &card).await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.read_details(&team.ben, &card).await;
    let waits = team.ben.type_command("/token pending").await.unwrap().private().unwrap();
    let told = team.ben.click(&waits, "Approve").await.unwrap().message().unwrap();
    assert_eq!(told.id(), waits.id());
    assert!(!told.offers("Approve"), "{told}");
    // The page may show something else by the time that the approvals are checked.
    team.ben.wait_for_private("still count").await.unwrap();
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

/// Whoever goes on before the approvals are checked keeps what they look at.
#[tokio::test]
async fn what_comes_late_changes_no_other_page() {
    let team = Team::start("pressed on").await;
    for name in ["One", "Two"] {
        team.ask(&team.rin, name).await;
    }
    team.setup.settle().await.unwrap();
    let cards = team.aki.channel("approvals").unwrap();
    for card in &cards {
        team.read_details(&team.aki, card).await;
        team.read_details(&team.ben, card).await;
        team.approve(&team.aki, card).await;
    }
    team.setup.settle().await.unwrap();
    let members = "GET /guilds/{guild_id}/members/{user_id}";
    let down = discord_sim::Fault::refusal(500, 0, "Down");
    team.setup.discord.fail(members, usize::MAX, down).unwrap();
    let waits = team.ben.type_command("/token pending").await.unwrap().private().unwrap();
    let left = team.ben.click(&waits, "Approve").await.unwrap().message().unwrap();
    assert!(left.contains("You approved #1 (2 of 2)"), "{left}");
    let left = team.ben.click(&left, "Approve").await.unwrap().message().unwrap();
    assert!(left.contains("You approved #2 (2 of 2)"), "{left}");
    team.setup.discord.clear_faults();
    let ben = team.ben.patient(std::time::Duration::from_secs(40));
    for number in ["#1", "#2"] {
        let said = format!("The approvals of {number} still count");
        let told = ben.wait_for_private(&said).await.unwrap();
        assert_ne!(told.id(), waits.id());
    }
    assert_eq!(team.ben.refresh(&left).unwrap().revision(), left.revision(), "it is as it was");
    for name in ["One", "Two"] {
        team.rin.wait_for_dm(&format!("{name} is ready")).await.unwrap();
    }
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    team.finish().await;
}

#[tokio::test]
async fn what_an_admin_does_by_hand_is_done_in_the_list() {
    let team = Team::start("by hand in the list").await;
    at_the_steps(&team).await;
    let waits = team.ben.type_command("/token pending").await.unwrap().private().unwrap();
    assert_eq!(waits.buttons(), ["Fulfil", "Details"], "{waits}");
    let mut form = team.ben.click(&waits, "Fulfil").await.unwrap().modal().unwrap();
    form.fill("Account SID", "AC1").unwrap().fill("Auth Token", "secret-of-the-test").unwrap();
    let left = form.submit().await.unwrap().message().unwrap();
    assert_eq!(left.id(), waits.id());
    assert!(left.contains("is stored encrypted") && left.buttons().is_empty(), "{left}");
    team.aki.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn what_is_to_collect_is_revealed_beside_the_list() {
    let team = Team::start("collect in the list").await;
    for name in ["One", "Two"] {
        team.issue_token(name).await;
    }
    let waits = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    assert_eq!(waits.buttons(), ["Reveal", "Not me", "Reveal", "Not me"], "{waits}");
    // The first of them is disowned, and the list goes on.
    let left = team.rin.click(&waits, "Not me").await.unwrap().message().unwrap();
    assert_eq!(left.id(), waits.id());
    assert!(left.contains("Thank you for telling us"), "{left}");
    assert_eq!(left.buttons(), ["Reveal", "Not me"], "{left}");
    // What shows a secret is a message that no other press can edit.
    let shown = team.rin.click(&left, "Reveal").await.unwrap().private().unwrap();
    assert_ne!(shown.id(), waits.id());
    assert_eq!(code_blocks(&shown).len(), 2, "an Account SID and a secret");
    team.wait_for_collected_card().await;
    team.store_secret(&team.rin, &shown).await;
    for admin in [&team.aki, &team.ben] {
        admin.wait_for_dm("Not me").await.unwrap();
    }
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    team.rin.dms();
    team.finish().await;
}

/// Discord does not take the message with the secret: *Reveal* is still there, and its secret is left alone.
#[tokio::test]
async fn what_was_not_shown_can_be_revealed_again() {
    let team = Team::start("collect again").await;
    team.issue_token("Reports").await;
    let ready = team.rin.type_command("/token collect").await.unwrap().private().unwrap();
    let edit = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";
    team.setup.discord.fail(edit, 1, discord_sim::Fault::refusal(400, 50035, "No")).unwrap();
    let told = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(told.contains("nobody has seen it"), "{told}");
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2, "{shown}");
    assert_ne!(shown.id(), told.id());
    team.wait_for_collected_card().await;
    team.store_secret(&team.rin, &shown).await;
    team.wait_for_collected_card().await;
    team.finish().await;
}
