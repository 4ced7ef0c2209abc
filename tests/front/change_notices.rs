//! Notices of a change: the values before and after, and the recipients.

use discord_sim::MessageView;
use testkit::team::{DEVELOPER, Team, show_token};

use super::expiry::{is_shared, mailed};
use super::token_life::create_token;

const NEW: &str = "new+keys@orchard.example";

async fn begin(team: &Team, button: &str) -> MessageView {
    let panel = show_token(&team.rin, "Reports").await;
    team.rin.click(&panel, button).await.unwrap().message().unwrap()
}

#[tokio::test]
async fn old_and_new_people_are_told_what_changed() {
    let team = Team::start("told").await;
    is_shared(&team, "Reports").await;
    let panel = begin(&team, "Edit").await;
    let mut form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Token name", "Nightly").unwrap();
    form.fill("Developer emails", NEW).unwrap();
    form.choose_user("Primary contact", &team.aki).unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;

    for person in [&team.rin, &team.chiyo, &team.aki] {
        let told = person.wait_for_dm("was changed").await.unwrap();
        for part in ["Reports → Nightly", "@Chiyo → @Aki", "new+keys", "dev\\@orchard.example"]
        {
            assert!(told.contains(part), "{part} is not in {told}");
        }
    }
    for address in [DEVELOPER, NEW] {
        let mail = team.setup.mailbox.wait_for(address, "was changed").await.unwrap();
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
    team.last_card("**Changed:**").await;
    team.finish().await;
}

#[tokio::test]
async fn a_reduction_names_the_removed_scopes() {
    let team = Team::start("told narrowed").await;
    is_shared(&team, "Reports").await;
    let panel = begin(&team, "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    let told = team.chiyo.wait_for_dm("was reduced").await.unwrap();
    let taken = "DELETE /Orchards/{AccountSID}/Trees/{TreeId}";
    assert!(told.contains(&format!("**Scope removed:** `{taken}`")), "{told}");
    assert!(!told.contains("**Expires:**"), "the end stays: {told}");
    let text = mailed(&team, "was reduced").await;
    assert!(text.contains(&format!("Scope removed: {taken}")), "{text}");
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn a_reset_says_how_long_the_old_secret_works_and_tells_the_former_owner() {
    let team = Team::start("told reset").await;
    create_token(&team, "Reports").await;
    let panel = show_token(&team.aki, "Reports").await;
    let panel = team.aki.click(&panel, "Reset").await.unwrap().message().unwrap();
    let overlap = ["The old secret works for one hour more"];
    let panel = team.aki.select(&panel, "Overlap", &overlap).await.unwrap().message().unwrap();
    team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    let ready = team.aki.wait_for_dm("The new secret of Reports is ready").await.unwrap();
    assert!(ready.contains("The old secret works for 1 hour more after you reveal"), "{ready}");
    team.aki.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let told = team.rin.wait_for_dm("has a new secret").await.unwrap();
    let until = "select floor(extract(epoch from valid_until))::bigint from countersign.secrets
        where state = 'outgoing'";
    let until = format!("works until <t:{}:f>", team.count(until).await);
    assert!(told.contains(&until) && told.contains("@Aki"), "{until}: {told}");
    team.last_card("**Collected**").await;
    team.finish().await;
}
