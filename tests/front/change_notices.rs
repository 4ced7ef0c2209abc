//! What people are told of a change: the values before and after, and who is told.

use discord_sim::MessageView;
use testkit::scene::{DEVELOPER, Scene, shows};

use super::expiry::{is_shared, mailed};
use super::token_life::has_a_token;

const NEW: &str = "new+keys@orchard.example";

async fn begins(scene: &Scene, button: &str) -> MessageView {
    let panel = shows(&scene.rin, "Reports").await;
    scene.rin.clicks(&panel, button).await.unwrap().private().unwrap()
}

#[tokio::test]
async fn old_and_new_people_hear_what_changed() {
    let scene = Scene::start("told").await;
    is_shared(&scene, "Reports").await;
    let panel = begins(&scene, "Edit").await;
    let mut form = scene.rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Token name", "Nightly").unwrap();
    form.fill("Developer emails", NEW).unwrap();
    form.choose_user("Primary contact", &scene.aki).unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("0 of 2 approvals").await;
    scene.is_approved(&card).await;

    for person in [&scene.rin, &scene.chiyo, &scene.aki] {
        let told = person.sees_dm("was changed").await.unwrap();
        for part in ["Reports → Nightly", "@Chiyo → @Aki", "new+keys", "dev\\@orchard.example"]
        {
            assert!(told.contains(part), "{part} is not in {told}");
        }
    }
    for address in [DEVELOPER, NEW] {
        let mail = scene.stage.mailbox.wait_for(address, "was changed").await.unwrap();
        let text = mail.text.unwrap();
        for part in [
            "Token name: Reports → Nightly",
            "Primary contact: Chiyo → Aki",
            "Developers added: new+keys@orchard.example",
            "Developers removed: dev@orchard.example",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_last = text.contains("were listed as a developer of this token");
        assert_eq!(is_last, address == DEVELOPER, "{text}");
    }
    scene.last_card("**Changed:**").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_narrowing_names_what_was_taken() {
    let scene = Scene::start("told narrowed").await;
    is_shared(&scene, "Reports").await;
    let panel = begins(&scene, "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = scene.rin.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let told = scene.chiyo.sees_dm("was reduced").await.unwrap();
    let taken = "DELETE /Orchards/{AccountSID}/Trees/{TreeId}";
    assert!(told.contains(&format!("**Removed:** `{taken}`")), "{told}");
    assert!(!told.contains("**Expires:**"), "the end stays: {told}");
    let text = mailed(&scene, "was reduced").await;
    assert!(text.contains(&format!("Scope removed: {taken}")), "{text}");
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_reset_says_how_long_the_old_secret_works_and_the_former_owner_hears_of_it() {
    let scene = Scene::start("told reset").await;
    has_a_token(&scene, "Reports").await;
    let panel = shows(&scene.aki, "Reports").await;
    let panel = scene.aki.clicks(&panel, "Reset").await.unwrap().private().unwrap();
    let overlap = ["The old secret works for one hour more"];
    let panel = scene.aki.selects(&panel, "Overlap", &overlap).await.unwrap().message().unwrap();
    scene.aki.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("1 of 2 approvals").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    scene.aki.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    let told = scene.rin.sees_dm("has a new secret").await.unwrap();
    let until = "select floor(extract(epoch from valid_until))::bigint from countersign.secrets
        where state = 'outgoing'";
    let until = format!("works until <t:{}:f>", scene.count(until).await);
    assert!(told.contains(&until) && told.contains("@Aki"), "{until}: {told}");
    scene.last_card("**Collected**").await;
    scene.ends().await;
}
