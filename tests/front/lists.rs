//! What people look up: tokens, what waits, and what happened.

use countersign_playground::discord::{MessageView, Person};
use countersign_playground::scene::shows;

use super::Scene;
use super::life::has_a_token;

#[tokio::test]
async fn everybody_finds_what_is_theirs_and_admins_find_all() {
    let scene = Scene::start("list").await;
    has_a_token(&scene, "Reports").await;
    has_a_token(&scene, "Dashboard").await;
    let list = scene.rin.types("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("🟢 **Reports**") && list.contains("🟢 **Dashboard**"), "{list}");
    let opened = scene.rin.selects(&list, "Open a token", &["Dashboard"]).await.unwrap();
    assert!(opened.private().unwrap().contains("It works"));

    let panel = shows(&scene.aki, "Dashboard").await;
    scene.aki.clicks(&panel, "Disable").await.unwrap().private().unwrap();
    scene.rin.sees_dm("was disabled").await.unwrap();
    for (line, reports, dashboard) in [
        ("/token list name:REP", true, false),
        ("/token list state:enabled", true, false),
        ("/token list state:disabled", false, true),
        ("/token list created:within the last 7 days", true, true),
        ("/token list created:more than 30 days ago", false, false),
        ("/token list name:100%", false, false),
        ("/token list state:enabled created:within the last 7 days", true, false),
        ("/token list name:d state:disabled created:within the last 30 days", false, true),
        ("/token list state:disabled created:more than 30 days ago", false, false),
        ("/token list name:rep state:disabled", false, false),
    ] {
        let list = scene.aki.types(line).await.unwrap().private().unwrap();
        assert_eq!(list.contains("Reports"), reports, "{line}: {list}");
        assert_eq!(list.contains("Dashboard"), dashboard, "{line}: {list}");
    }
    // Somebody else finds nothing, and no name is proposed to them.
    scene.stage.discord.set_roles(&scene.ben, &[]).unwrap();
    let nothing = scene.ben.types("/token list").await.unwrap().private().unwrap();
    assert!(nothing.contains("no such token"), "{nothing}");
    assert!(scene.ben.completes("/token audit token:Rep").await.unwrap().is_empty());
    // Nor do the names of buttons help, whoever sends them.
    forges_everything(&scene.ben, &nothing).await;
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn lists_have_pages() {
    let scene = Scene::configured("pages", "[policy]\nmax_open_requests = 20").await;
    for number in 0..11 {
        has_a_token(&scene, &format!("Report {number}")).await;
    }
    let first = scene.rin.types("/token list").await.unwrap().private().unwrap();
    assert!(first.contains("Report 10") && !first.contains("**Report 0**"), "{first}");
    assert_eq!(first.buttons(), ["Next"]);
    let second = scene.rin.clicks(&first, "Next").await.unwrap().message().unwrap();
    assert!(second.contains("**Report 0**") && !second.contains("Report 10"), "{second}");
    assert_eq!(second.buttons(), ["Previous"]);
    let back = scene.rin.clicks(&second, "Previous").await.unwrap().message().unwrap();
    assert!(back.contains("Report 10"), "{back}");
    scene.ends().await;
}

#[tokio::test]
async fn each_sees_what_waits_for_them() {
    let scene = Scene::start("pending").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 hands").await;
    scene.stage.settles().await.unwrap();
    let waits = scene.aki.types("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("For your hand") && waits.contains("Reports"), "{waits}");
    assert!(waits.contains(&format!("/{})", card.id())), "a link to the card: {waits}");
    scene.approves(&scene.aki, &card).await;
    let waits = scene.aki.types("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("Nothing waits for you"), "{waits}");
    let mine = scene.rin.types("/token pending").await.unwrap().private().unwrap();
    assert!(mine.contains("Your requests") && !mine.contains("For your hand"), "{mine}");
    let card = scene.card("1 of 2 hands").await;
    scene.approves(&scene.ben, &card).await;
    scene.rin.sees_dm("is approved").await.unwrap();
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    let mine = scene.rin.types("/token pending").await.unwrap().private().unwrap();
    assert!(mine.contains("For you to collect"), "{mine}");
    scene.asks_by_hand(&scene.aki, "Dashboard").await;
    let card = scene.card("1 of 2 hands").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    scene.card("Clear all").await;
    let waits = scene.ben.types("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("For an admin to do") && waits.contains("Dashboard"), "{waits}");
    scene.ends().await;
}

#[tokio::test]
async fn admins_read_what_happened_and_nobody_else_does() {
    let scene = Scene::start("audit").await;
    has_a_token(&scene, "Reports").await;
    let panel = shows(&scene.rin, "Reports").await;
    scene.rin.clicks(&panel, "Disable").await.unwrap().private().unwrap();
    scene.last_card("It is disabled").await;
    let history = scene.aki.types("/token audit token:Reports").await.unwrap().private().unwrap();
    for line in ["token disabled** · @Rin", "secret collected** · @Rin", "hand put** · @Ben"] {
        assert!(history.contains(line), "{line} is not in {history}");
    }
    let of_request = scene.aki.types("/token audit request:1").await.unwrap().private().unwrap();
    assert!(of_request.contains("request submitted** · @Rin"), "{of_request}");
    let refused = scene.rin.types("/token audit request:1").await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let refused = scene.rin.types("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let gone = scene.aki.types("/token audit request:99").await.unwrap().private().unwrap();
    assert!(gone.contains("isn’t there any more"), "{gone}");
    // A deleted token is in no list, and its history stays.
    let panel = shows(&scene.aki, "Reports").await;
    let mut form = scene.aki.clicks(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "Reports").unwrap();
    form.submit().await.unwrap().private().unwrap();
    scene.rin.sees_dm("was deleted").await.unwrap();
    scene.last_card("It is deleted").await;
    let list = scene.aki.types("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("no such token"), "{list}");
    let history = scene.aki.types("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(history.contains("token deleted** · @Aki"), "{history}");
    scene.ends().await;
}

/// Every button and select of lists and of the audit log, sent by somebody who sees no token.
async fn forges_everything(person: &Person, message: &MessageView) {
    for (id, kind, values) in [
        ("open-token", 3, &["1"][..]),
        ("open-token", 3, &["id:1"]),
        ("list:0:::", 2, &[]),
        ("list:0::enabled:Rep", 2, &[]),
        ("pending:0", 2, &[]),
        ("token-audit:1:999999", 2, &[]),
        ("request-audit:1:999999", 2, &[]),
    ] {
        let seen = person.forges(message, id, kind, values).await.unwrap().message().unwrap();
        for told in ["Reports", "Dashboard", "collected", "request submitted", "hand put"] {
            assert!(!seen.contains(told), "{id} tells {told}: {seen}");
        }
    }
}
