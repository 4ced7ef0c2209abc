//! *Create* on a panel that shows something else than its draft: an admin's press is an approval, and they
//! approve what they see.

use discord_sim::MessageView;

use super::{Team, widen_a_scope};

const REQUESTS: &str = "select count(*) from countersign.requests";
const LIST: &str = "GET /Orchards/{AccountSID}/Trees";

/// Aki's panel, with one chosen scope.
async fn list_trees(team: &Team) -> MessageView {
    let form = team.form(&team.aki, "orchard", "Reports").await;
    let panel = form.submit().await.unwrap().private().unwrap();
    team.aki.select(&panel, "Scopes", &[LIST]).await.unwrap().message().unwrap()
}

#[tokio::test]
async fn changes_on_another_screen_are_shown_before_create() {
    let team = Team::start("two panels").await;
    let first = list_trees(&team).await;
    let second = team.aki.type_command("/token request provider:orchard").await.unwrap();
    let second = second.private().unwrap();
    team.aki.click(&second, "Whole category").await.unwrap().message().unwrap();

    let again = team.aki.click(&first, "Create").await.unwrap().message().unwrap();
    assert!(again.contains("Nothing was submitted"), "{again}");
    assert!(again.contains("DELETE /Orchards"), "{again}");
    assert_eq!(again.id(), first.id(), "it is shown in the place of what was pressed");
    assert_eq!(team.count(REQUESTS).await, 0);
    let created = team.aki.click(&again, "Create").await.unwrap().message().unwrap();
    assert!(created.contains("#1"), "{created}");
    // The first answer was lost: the same press again creates nothing more.
    let twice = team.aki.click_outdated(&again, "Create").await.unwrap().message().unwrap();
    assert!(twice.contains("#1"), "{twice}");
    let card = team.card("1 of 2 approvals").await;
    assert!(card.contains("DELETE /Orchards"), "{card}");
    assert_eq!(team.count(REQUESTS).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn changes_of_the_configuration_are_shown_before_create() {
    let team = Team::start("changed panel").await;
    let panel = list_trees(&team).await;
    widen_a_scope(&team).await;
    let again = team.aki.click(&panel, "Create").await.unwrap().message().unwrap();
    assert!(again.contains("Nothing was submitted"), "{again}");
    assert!(again.contains("GET /Orchards/{AccountSID}/All"), "{again}");
    assert_eq!(team.count(REQUESTS).await, 0);
    team.aki.click(&again, "Create").await.unwrap().message().unwrap();
    team.card("1 of 2 approvals").await;
    team.finish().await;
}
