//! A change is requested for the token as it is now, not as it was when the draft was begun or submitted.

use discord_sim::{MessageView, Person};
use testkit::scene::{presses, shows};

use super::Scene;
use super::token_life::has_a_token;

/// Leaves the token only its first scope; returns what people are told.
async fn narrows(scene: &Scene, person: &Person) -> MessageView {
    let panel = presses(person, "Reports", "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = person.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = person.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("was reduced"), "{said}");
    scene.rin.sees_dm("was reduced").await.unwrap();
    said
}

async fn expires(person: &Person, panel: &MessageView, when: &str) -> MessageView {
    person.selects(panel, "Expires", &[when]).await.unwrap().message().unwrap()
}

/// The panel after the form was submitted with another description.
async fn describes(person: &Person, panel: &MessageView, as_this: &str) -> MessageView {
    let mut form = person.clicks(panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", as_this).unwrap();
    form.submit().await.unwrap().message().unwrap()
}

#[tokio::test]
async fn an_extension_begun_before_a_narrowing_brings_nothing_back() {
    let scene = Scene::start("stale extend").await;
    has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Extend").await;
    let panel = expires(&scene.rin, &panel, "Expires after 365 days").await;
    narrows(&scene, &scene.aki).await;
    let again = scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(again.contains("Nothing was submitted"), "{again}");
    assert!(again.contains("Scopes (1)") && !again.contains("DELETE"), "{again}");
    let said = scene.rin.clicks(&again, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "{said}");
    let card = scene.card("requests more time").await;
    assert!(!card.contains("Added") && !card.contains("DELETE"), "{card}");
    scene.is_approved(&card).await;
    scene.rin.sees_dm("was changed").await.unwrap();
    scene.last_card("**Extended:**").await;
    let one = "select count(*) from countersign.tokens
               where jsonb_array_length(scopes) = 1 and expires_at > now() + interval '364 days'";
    assert_eq!(scene.count(one).await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn an_edit_of_what_the_token_was_is_shown_again_and_keeps_what_was_typed() {
    let scene = Scene::start("stale edit").await;
    has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Edit").await;
    let panel = describes(&scene.rin, &panel, "Reads and fells").await;
    narrows(&scene, &scene.aki).await;
    let again = scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(again.contains("The token has changed since you started"), "{again}");
    assert!(again.contains("Reads and fells") && again.contains("Scopes (1)"), "{again}");
    assert_eq!(scene.count("select count(*) from countersign.requests").await, 1, "none of it");
    let said = scene.rin.clicks(&again, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "{said}");
    let card = scene.card("requests a change to this token").await;
    assert!(card.contains("Reads and fells") && !card.contains("Added"), "{card}");
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_pending_edit_can_become_a_narrowing_but_not_nothing() {
    let scene = Scene::start("edit becomes less").await;
    has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Edit").await;
    let panel = describes(&scene.rin, &panel, "Reads and fells").await;
    let said = scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    scene.card("1 of 2 approvals").await;

    let panel = scene.rin.clicks(&said, "Edit").await.unwrap().private().unwrap();
    let panel = describes(&scene.rin, &panel, "Reads harvests every night").await;
    let refused = scene.rin.clicks(&panel, "Save").await.unwrap().private().unwrap();
    assert!(refused.contains("would not change the token at all"), "{refused}");
    let waits = "select count(*) from countersign.requests where state = 'pending'";
    assert_eq!(scene.count(waits).await, 1);

    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = scene.rin.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = scene.rin.clicks(&panel, "Save").await.unwrap().message().unwrap();
    assert!(said.contains("was reduced") && said.contains("With that, #2 is withdrawn"), "{said}");
    scene.last_card("only reduced the token’s access").await;
    assert_eq!(scene.count(waits).await, 0);
    let one = "select count(*) from countersign.tokens where jsonb_array_length(scopes) = 1";
    assert_eq!(scene.count(one).await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn an_extension_ends_later_than_the_token_does() {
    let scene = Scene::start("extend earlier").await;
    has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Extend").await;
    let panel = expires(&scene.rin, &panel, "Expires after 30 days").await;
    let refused = scene.rin.clicks(&panel, "Submit").await.unwrap().private().unwrap();
    assert!(refused.contains("would not extend it"), "{refused}");
    assert_eq!(scene.count("select count(*) from countersign.requests").await, 1, "none of it");
    scene.last_card("Issued").await;
    scene.ends().await;
}

/// Rin's token of version 1, with a scope that version 2 doesn't have.
async fn has_an_old_token(scene: &Scene) {
    let rin = &scene.rin;
    let panel = scene.panel(rin, "orchard", "Reports").await;
    let mut form = rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.choose("API version", "Version 1").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let panel = rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    rin.clicks(&panel, "Create").await.unwrap().message().unwrap();
    let card = scene.card("0 of 2 approvals").await;
    scene.is_approved(&card).await;
    let ready = rin.sees_dm("is ready").await.unwrap();
    scene.card("Issued").await;
    scene.collects(rin, &ready).await;
}

#[tokio::test]
async fn an_upgrade_tells_what_has_no_equal_and_what_is_another_path() {
    let scene = Scene::start("upgrade").await;
    has_an_old_token(&scene).await;
    let panel = presses(&scene.rin, "Reports", "Upgrade version").await;
    let pruned = "POST /v1/Orchards/{AccountSID}/Trees/{TreeId}/Prune";
    assert!(panel.contains("does not have these scopes"), "{panel}");
    assert!(panel.contains("trees:pruneTree") || panel.contains(pruned), "{panel}");
    let form = scene.rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    assert_eq!(form.options("API version").unwrap(), ["Version 2 (recommended)"]);
    let said = scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "{said}");

    let card = scene.card("requests to upgrade this token").await;
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
    scene.is_approved(&card).await;
    scene.rin.sees_dm("was changed").await.unwrap();
    scene.last_card("**Upgraded:**").await;
    let panel = shows(&scene.rin, "Reports").await;
    assert!(panel.contains("version 2") && panel.contains("2 scopes"), "{panel}");
    let two = "select count(*) from countersign.tokens
               where api_version = 2 and not scopes @> '[{\"id\": \"trees:pruneTree\"}]'";
    assert_eq!(scene.count(two).await, 1);
    scene.ends().await;
}
