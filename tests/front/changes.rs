//! A change is requested for the token as it is now, not as it was when the draft was begun or submitted.

use discord_sim::{MessageView, Person};
use testkit::team::{press_button, show_token};

use super::Team;
use super::token_life::create_token;

/// Leaves the token only its first scope; returns the answer.
async fn narrow_token(team: &Team, person: &Person) -> MessageView {
    let panel = press_button(person, "Reports", "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = person.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = person.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("was reduced"), "{said}");
    team.rin.wait_for_dm("was reduced").await.unwrap();
    said
}

async fn choose_expiry(person: &Person, panel: &MessageView, when: &str) -> MessageView {
    person.select(panel, "Expires", &[when]).await.unwrap().message().unwrap()
}

/// The panel after the form was submitted with another description.
async fn fill_description(person: &Person, panel: &MessageView, as_this: &str) -> MessageView {
    let mut form = person.click(panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", as_this).unwrap();
    form.submit().await.unwrap().message().unwrap()
}

#[tokio::test]
async fn an_extension_begun_before_a_reduction_restores_nothing() {
    let team = Team::start("stale extend").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Extend").await;
    let panel = choose_expiry(&team.rin, &panel, "Expires after 365 days").await;
    narrow_token(&team, &team.aki).await;
    let again = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(again.contains("Nothing was submitted"), "{again}");
    assert!(again.contains("Scopes (1)") && !again.contains("DELETE"), "{again}");
    let said = team.rin.click(&again, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "{said}");
    let card = team.card("requests more time").await;
    assert!(!card.contains("Added") && !card.contains("DELETE"), "{card}");
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("was changed").await.unwrap();
    team.last_card("**Extended:**").await;
    let one = "select count(*) from countersign.tokens
               where jsonb_array_length(scopes) = 1 and expires_at > now() + interval '364 days'";
    assert_eq!(team.count(one).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn an_outdated_edit_is_shown_again_with_typed_text() {
    let team = Team::start("stale edit").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Edit").await;
    let panel = fill_description(&team.rin, &panel, "Reads and fells").await;
    narrow_token(&team, &team.aki).await;
    let again = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(again.contains("The token has changed since you started"), "{again}");
    assert!(again.contains("Reads and fells") && again.contains("Scopes (1)"), "{again}");
    assert_eq!(team.count("select count(*) from countersign.requests").await, 1, "none of it");
    let said = team.rin.click(&again, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "{said}");
    let card = team.card("requests a change to this token").await;
    assert!(card.contains("Reads and fells") && !card.contains("Added"), "{card}");
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn a_pending_edit_can_become_a_reduction_but_not_empty() {
    let team = Team::start("edit becomes less").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Edit").await;
    let panel = fill_description(&team.rin, &panel, "Reads and fells").await;
    let said = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    team.card("1 of 2 approvals").await;

    let panel = team.rin.click(&said, "Edit").await.unwrap().message().unwrap();
    let panel = fill_description(&team.rin, &panel, "Reads harvests every night").await;
    assert!(!panel.offers("Save") && panel.contains("would not change the token"), "{panel}");
    let save = team.rin.click_outdated(&panel, "Save").await.unwrap();
    let refused = save.private().unwrap();
    assert!(refused.contains("would not change the token at all"), "{refused}");
    let waits = "select count(*) from countersign.requests where state = 'pending'";
    assert_eq!(team.count(waits).await, 1);

    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = team.rin.click(&panel, "Save").await.unwrap().message().unwrap();
    assert!(said.contains("was reduced") && said.contains("With that, #2 is withdrawn"), "{said}");
    team.last_card("only reduced the token’s access").await;
    assert_eq!(team.count(waits).await, 0);
    let one = "select count(*) from countersign.tokens where jsonb_array_length(scopes) = 1";
    assert_eq!(team.count(one).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn an_extension_ends_later_than_the_token_does() {
    let team = Team::start("extend earlier").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Extend").await;
    // Shorter times than the token has left are not offered, nor taken from a forged press.
    let offered = panel.options("Expires").unwrap();
    assert_eq!(offered[0], "Expires after 90 days", "{offered:?}");
    assert!(panel.offers("Submit"), "{panel}");
    let select = panel.custom_id("Submit").unwrap();
    let select = format!("expires:{}", select.split(':').nth(1).unwrap());
    let forged = team.rin.forge_press(&panel, &select, 3, &["30"]).await.unwrap();
    let panel = forged.message().unwrap();
    assert!(!panel.offers("Submit"), "{panel}");
    assert!(panel.contains("already works until"), "{panel}");
    let refused = team.rin.click_outdated(&panel, "Submit").await.unwrap().private().unwrap();
    assert!(refused.contains("would not extend it"), "{refused}");
    assert_eq!(team.count("select count(*) from countersign.requests").await, 1, "none of it");
    let panel = choose_expiry(&team.rin, &panel, "Expires after 180 days").await;
    assert!(panel.offers("Submit"), "{panel}");
    team.last_card("Issued").await;
    team.finish().await;
}

/// Rin's token of version 1, with a scope that version 2 doesn't have.
pub async fn create_old_token(team: &Team) {
    let rin = &team.rin;
    let panel = team.panel(rin, "orchard", "Reports").await;
    let mut form = rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.choose("API version", "Version 1").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let panel = rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    rin.click(&panel, "Create").await.unwrap().message().unwrap();
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;
    let ready = rin.wait_for_dm("is ready").await.unwrap();
    team.card("Issued").await;
    team.collect_secret(rin, &ready).await;
}

#[tokio::test]
async fn an_upgrade_tells_what_has_no_equal_and_what_is_another_path() {
    let team = Team::start("upgrade").await;
    create_old_token(&team).await;
    let panel = press_button(&team.rin, "Reports", "Upgrade version").await;
    let pruned = "POST /v1/Orchards/{AccountSID}/Trees/{TreeId}/Prune";
    assert!(panel.contains("does not have these scopes"), "{panel}");
    assert!(panel.contains("trees:pruneTree") || panel.contains(pruned), "{panel}");
    let form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    assert_eq!(form.options("API version").unwrap(), ["Version 2 (recommended)"]);
    let said = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "{said}");

    let card = team.card("requests to upgrade this token").await;
    for shown in [
        "No equal in version 2",
        pruned,
        "Changed",
        "GET /v1/Orchards/{AccountSID}/Trees",
        "GET /Orchards/{AccountSID}/Trees",
        "1 → 2",
    ] {
        assert!(card.contains(shown), "{shown} is not on\n{card}");
    }
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("was changed").await.unwrap();
    team.last_card("**Upgraded:**").await;
    let panel = show_token(&team.rin, "Reports").await;
    assert!(panel.contains("version 2") && panel.contains("2 scopes"), "{panel}");
    let two = "select count(*) from countersign.tokens
               where api_version = 2 and not scopes @> '[{\"id\": \"trees:pruneTree\"}]'";
    assert_eq!(team.count(two).await, 1);
    team.finish().await;
}
