//! A draft is its owner's: begun, gone on with, started over, cancelled.

use discord_sim::{MessageView, Options};

use super::Team;

/// A role that is nobody's at first.
const DEVELOPERS: &str = "1103000000000000002";

async fn click(team: &Team, message: &MessageView, button: &str) -> MessageView {
    team.rin.click(message, button).await.unwrap().message().unwrap()
}

/// A pending request is its requester's to edit, whatever role they lost meanwhile.
#[tokio::test]
async fn a_request_is_edited_by_a_requester_who_lost_their_role() {
    let team = Team::with("lost role", Options::standard(), |config| {
        config.providers[0].requester_roles = vec![DEVELOPERS.to_owned()];
    })
    .await;
    team.setup.discord.set_roles(&team.rin, &[DEVELOPERS.parse().unwrap()]).unwrap();
    let submitted = team.ask(&team.rin, "Reports").await;
    team.setup.discord.set_roles(&team.rin, &[]).unwrap();
    let refused = team.rin.type_command("/token request provider:orchard").await.unwrap();
    let refused = refused.private().unwrap();
    assert!(refused.contains("You need a certain role"), "{refused}");

    let panel = click(&team, &submitted, "Edit").await;
    let cancelled = click(&team, &panel, "Cancel").await;
    assert!(cancelled.contains("Cancelled"), "{cancelled}");
    assert_eq!(cancelled.buttons(), ["Edit", "Withdraw"], "the request is still theirs");
    let panel = click(&team, &cancelled, "Edit").await;
    let mut form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", "Reads and fells").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let saved = click(&team, &panel, "Save").await;
    assert!(saved.contains("is changed"), "{saved}");
    team.card("Reads and fells").await;
    team.finish().await;
}

/// A draft that its owner may no longer submit can still be cancelled, and nothing else.
#[tokio::test]
async fn whoever_lost_their_role_can_cancel_their_draft() {
    let team = Team::with("lost role, draft", Options::standard(), |config| {
        config.providers[0].requester_roles = vec![DEVELOPERS.to_owned()];
    })
    .await;
    team.setup.discord.set_roles(&team.rin, &[DEVELOPERS.parse().unwrap()]).unwrap();
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    team.setup.discord.set_roles(&team.rin, &[]).unwrap();
    for button in ["Clear all", "Create"] {
        let refused = team.rin.click(&panel, button).await.unwrap().private().unwrap();
        assert!(refused.contains("You need a certain role"), "{button}: {refused}");
    }
    let cancelled = click(&team, &panel, "Cancel").await;
    assert!(cancelled.contains("Cancelled"), "{cancelled}");
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 0);
    team.finish().await;
}

#[tokio::test]
async fn start_over_stays_until_it_is_pressed() {
    let team = Team::start("start over").await;
    let first = team.panel(&team.rin, "orchard", "Reports").await;
    assert!(!first.offers("Start over"), "{first}");
    let again = team.rin.type_command("/token request provider:orchard").await.unwrap();
    let again = again.private().unwrap();
    assert!(
        again.offers("Start over") && again.contains("started this request earlier"),
        "{again}"
    );
    let cleared = click(&team, &again, "Clear all").await;
    assert!(cleared.offers("Start over"), "{cleared}");
    let mut form = team.rin.click(&cleared, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Developer emails", "nobody").unwrap();
    let wrong = form.submit().await.unwrap().message().unwrap();
    assert!(wrong.offers("Correct") && wrong.offers("Start over"), "{wrong}");

    // The new panel takes the place of the one that it began on.
    let mut form = team.rin.click(&wrong, "Start over").await.unwrap().modal().unwrap();
    form.fill("Token name", "Dashboard").unwrap().fill("Description", "Shows trees").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    assert_eq!(panel.id(), again.id());
    assert!(panel.contains("Dashboard") && !panel.offers("Start over"), "{panel}");
    team.finish().await;
}
