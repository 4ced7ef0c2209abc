//! Tokens that an admin makes by hand at the provider.

use std::time::Duration;

use discord_sim::{MessageView, Person};
use testkit::scene::{code_blocks, presses, shows};

use super::{Scene, only_the_first};

const SID: &str = "IRexampleAGENCYsid0000000001";
const TOKEN: &str = "example.auth-token~0123456789";

/// Aki's request with its second approval, at the card with the steps.
async fn at_the_steps(scene: &Scene) -> MessageView {
    scene.asks_by_hand(&scene.aki, "Dashboard").await;
    let card = scene.card("1 of 2 approvals").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    scene.card("Clear all").await
}

pub async fn fulfils(admin: &Person, card: &MessageView, sid: &str, token: &str) -> MessageView {
    let mut modal = admin.clicks(card, "Fulfil").await.unwrap().modal().unwrap();
    assert_eq!(modal.labels(), ["Account SID", "Auth Token"]);
    modal.fill("Account SID", sid).unwrap().fill("Auth Token", token).unwrap();
    modal.submit().await.unwrap().private().unwrap()
}

/// Aki's token, made by Ben, waits to be collected.
async fn is_ready(scene: &Scene) -> MessageView {
    let card = at_the_steps(scene).await;
    fulfils(&scene.ben, &card, SID, TOKEN).await;
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    scene.card("Issued").await;
    ready
}

/// Aki's token, made by Ben, collected and stored.
async fn has_a_token(scene: &Scene) {
    let card = at_the_steps(scene).await;
    fulfils(&scene.ben, &card, SID, TOKEN).await;
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    assert_eq!(scene.collects(&scene.aki, &ready).await, [SID, TOKEN]);
}

#[tokio::test]
async fn the_steps_have_each_value_ready_to_copy_and_fulfil_hands_over() {
    let scene = Scene::start("fulfil").await;
    let card = at_the_steps(&scene).await;
    let blocks = code_blocks(&card);
    for value in ["Dashboard", "Reads harvests every night", "Aki"] {
        assert!(blocks.iter().any(|block| block == value), "{value} is not in {blocks:?}");
    }
    assert_eq!(card.buttons(), ["Fulfil", "All scopes", "Deny", "Withdraw"]);
    let no_admin = scene.rin.clicks_as_it_was(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(no_admin.contains("Only this provider’s admins"), "{no_admin}");

    let wrong = fulfils(&scene.ben, &card, "two words", TOKEN).await;
    assert!(wrong.contains("can’t be the Account SID"), "{wrong}");
    let done = fulfils(&scene.ben, &card, SID, TOKEN).await;
    assert!(done.contains("Thank you"), "{done}");
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    scene.card("Issued").await;
    let late = scene.chiyo.clicks_as_it_was(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(late.is_ephemeral());
    let shown = scene.aki.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown), [SID, TOKEN]);
    scene.is_collected().await;
    assert!(scene.stage.tables_with(TOKEN).await.unwrap().is_empty());
    assert!(!scene.stage.bot.everything_written().unwrap().contains(TOKEN));
    // Its lifetime begins now, because impact.com has no expiry.
    let expiry = "select count(*) from countersign.tokens
                  where expires_at between now() + interval '89 days' and now() + interval '90 days'";
    assert_eq!(scene.count(expiry).await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn one_secret_is_handed_out_once() {
    let scene = Scene::start("same secret").await;
    let card = at_the_steps(&scene).await;
    fulfils(&scene.ben, &card, SID, TOKEN).await;
    scene.aki.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    scene.asks_by_hand(&scene.ben, "Other").await;
    let card = scene.card("#2").await;
    scene.approves(&scene.chiyo, &card).await;
    scene.ben.sees_dm("is approved").await.unwrap();
    let card = scene.card("Clear all").await;
    let refused = fulfils(&scene.aki, &card, SID, TOKEN).await;
    assert!(refused.contains("was delivered before"), "{refused}");
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn while_it_waits_to_be_made_it_can_still_be_ended() {
    let scene = Scene::start("deny by hand").await;
    let card = at_the_steps(&scene).await;
    scene.aki.clicks(&card, "Withdraw").await.unwrap().private().unwrap();
    scene.card("was withdrawn").await;
    let late = scene.ben.clicks_as_it_was(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(late.contains("was withdrawn"), "{late}");
    scene.ends().await;
}

#[tokio::test]
async fn whoever_made_it_in_vain_is_told_to_undo_it() {
    let scene = Scene::start("in vain").await;
    let card = at_the_steps(&scene).await;
    let mut form = scene.ben.clicks(&card, "Fulfil").await.unwrap().modal().unwrap();
    form.fill("Account SID", SID).unwrap().fill("Auth Token", TOKEN).unwrap();
    scene.aki.clicks(&card, "Withdraw").await.unwrap().private().unwrap();
    scene.card("was withdrawn").await;
    let late = form.submit().await.unwrap().private().unwrap();
    assert!(late.contains("delete it there: nobody gets its secret"), "{late}");
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 0);
    assert_eq!(scene.stage.tables_with(TOKEN).await.unwrap(), Vec::<String>::new());
    scene.ends().await;
}

#[tokio::test]
async fn what_a_person_must_do_is_asked_once_its_provider_is_back() {
    let scene = Scene::start("back by hand").await;
    let ready = is_ready(&scene).await;
    let whole = scene.stage.restarts_with(only_the_first).await.unwrap();
    scene.aki.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    scene.aki.sees_dm("Not me").await.unwrap();
    scene.ben.sees_dm("Not me").await.unwrap();
    scene.card("It is being disabled").await;
    scene.stage.settles().await.unwrap();
    assert_eq!(scene.count("select count(*) from countersign.cards").await, 1);

    scene.stage.restarts_with(|config| *config = whole).await.unwrap();
    let task = scene.card("must disable this token").await;
    scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was disabled").await.unwrap();
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_person_switches_off_what_we_cannot() {
    let scene = Scene::start("done").await;
    let ready = is_ready(&scene).await;
    let said = scene.aki.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("Until then it may still work"), "{said}");
    scene.aki.sees_dm("Not me").await.unwrap();
    scene.ben.sees_dm("Not me").await.unwrap();
    scene.card("It is being disabled").await;
    let task = scene.card("must disable this token").await;
    assert!(code_blocks(&task).contains(&SID.to_owned()), "{task}");
    assert_eq!(task.buttons(), ["Done", "All scopes"]);
    let done = scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    assert!(done.is_ephemeral());
    scene.card("Disabled:").await;
    scene.aki.sees_dm("was disabled").await.unwrap();
    let card = scene.card("It is disabled").await;
    let twice = scene.ben.clicks_as_it_was(&card, "All scopes").await.unwrap();
    twice.private().unwrap();
    scene.ends().await;
}

#[tokio::test]
async fn what_nobody_collects_is_deleted_by_a_person() {
    let scene = Scene::configured("lapse by hand", "[policy]\ndelivery_ttl = \"2s\"").await;
    let card = at_the_steps(&scene).await;
    fulfils(&scene.ben, &card, SID, TOKEN).await;
    scene.aki.sees_dm("is ready").await.unwrap();
    let aki = scene.aki.patient(Duration::from_secs(40));
    aki.sees_dm("was not collected").await.unwrap();
    scene.card("It is being deleted").await;
    let card = scene.card("must delete this token").await;
    scene.chiyo.clicks(&card, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was deleted").await.unwrap();
    scene.card("**Deleted:**").await;
    scene.card("It is deleted").await;
    scene.ends().await;
}

#[tokio::test]
async fn what_narrows_takes_one_press_and_a_person() {
    let scene = Scene::start("narrow by hand").await;
    has_a_token(&scene).await;
    scene.stage.settles().await.unwrap();
    scene.aki.channel("approvals").unwrap();
    let panel = shows(&scene.aki, "Dashboard").await;
    let panel = scene.aki.clicks(&panel, "Edit").await.unwrap().private().unwrap();
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = scene.aki.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = scene.aki.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("An admin has to reduce"), "{said}");
    let task = scene.card("must reduce this token").await;
    assert_eq!(task.buttons(), ["Done", "All scopes", "Withdraw"]);
    let scopes = "select sum(jsonb_array_length(scopes))::bigint from countersign.tokens";
    assert_eq!(scene.count(scopes).await, 2, "nothing is narrowed before somebody did it");
    // Until then no other change can be requested.
    let panel = shows(&scene.aki, "Dashboard").await;
    let refused = scene.aki.clicks(&panel, "Extend").await.unwrap().private().unwrap();
    assert!(refused.contains("Another change"), "{refused}");
    scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was reduced").await.unwrap();
    scene.last_card("**Reduced:**").await;
    assert_eq!(scene.count(scopes).await, 1);

    // That took no approvals; the people who approved the token are told when it leaks.
    let mut form = scene.rin.types("/token leak").await.unwrap().modal().unwrap();
    let line = format!("AUTH_TOKEN=\"{TOKEN}\"");
    form.enters([("found".to_owned(), vec![line])].into()).unwrap();
    let told = form.submit().await.unwrap().private().unwrap();
    scene.rin.clicks(&told, "Disable").await.unwrap().message().unwrap();
    for person in [&scene.aki, &scene.ben] {
        person.sees_dm("leaked").await.unwrap();
    }
    let task = scene.card("must disable this token").await;
    scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was disabled").await.unwrap();
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn an_admin_who_asked_for_an_end_hears_of_it() {
    let scene = Scene::start("end for another").await;
    has_a_token(&scene).await;
    scene.stage.settles().await.unwrap();
    scene.aki.channel("approvals").unwrap();
    presses(&scene.chiyo, "Dashboard", "無効化").await;
    let task = scene.card("must disable this token").await;
    scene.ben.clicks(&task, "Done").await.unwrap().private().unwrap();
    for person in [&scene.aki, &scene.chiyo] {
        person.sees_dm("Dashboard").await.unwrap();
    }
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn an_edit_and_a_reset_by_hand_take_approvals_and_then_a_person() {
    let scene = Scene::start("change by hand").await;
    has_a_token(&scene).await;
    let panel = shows(&scene.aki, "Dashboard").await;
    let panel = scene.aki.clicks(&panel, "Extend").await.unwrap().private().unwrap();
    scene.aki.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("requests more time").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let card = scene.card("An admin must now change the token").await;
    scene.ben.clicks(&card, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was changed").await.unwrap();
    scene.last_card("**Extended:**").await;

    let panel = shows(&scene.aki, "Dashboard").await;
    let panel = scene.aki.clicks(&panel, "Reset").await.unwrap().private().unwrap();
    assert!(panel.options("Overlap").is_none() && panel.contains("there is no overlap"), "{panel}");
    scene.aki.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("requests a new secret").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let card = scene.card("An admin must now create a new secret").await;
    assert!(code_blocks(&card).contains(&SID.to_owned()), "{card}");
    fulfils(&scene.ben, &card, SID, "example.new-token").await;
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    assert_eq!(scene.collects(&scene.aki, &ready).await, [SID, "example.new-token"]);
    scene.ends().await;
}

#[tokio::test]
async fn what_is_enabled_by_hand_works_there_before_it_is_collected() {
    let scene = Scene::start("enable by hand").await;
    has_a_token(&scene).await;
    let panel = shows(&scene.aki, "Dashboard").await;
    scene.aki.clicks(&panel, "Disable").await.unwrap().private().unwrap();
    let task = scene.card("must disable this token").await;
    scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was disabled").await.unwrap();
    let panel = presses(&scene.aki, "Dashboard", "Enable").await;
    scene.aki.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("requests to enable this token").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let card = scene.card("An admin must now").await;
    fulfils(&scene.ben, &card, SID, "example.new-token").await;
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    scene.card("It is enabled at the provider").await;

    let said = scene.aki.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("Until then it may still work"), "{said}");
    for admin in [&scene.aki, &scene.ben] {
        let told = admin.sees_dm("Not me").await.unwrap();
        assert!(told.contains("Disable it at the provider now"), "{told}");
    }
    scene.card("It is being disabled").await;
    let task = scene.card("must disable this token").await;
    scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("was disabled").await.unwrap();
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_reset_by_hand_that_nobody_collects_leaves_nobody_a_secret() {
    let ttl = "[policy]\ndelivery_ttl = \"8s\"";
    let scene = Scene::configured("lapsed reset by hand", ttl).await;
    has_a_token(&scene).await;
    let panel = presses(&scene.aki, "Dashboard", "Reset").await;
    scene.aki.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    let card = scene.card("requests a new secret").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let card = scene.card("An admin must now create a new secret").await;
    fulfils(&scene.ben, &card, SID, "example.new-token").await;
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    assert!(ready.contains("The old secret no longer works"), "{ready}");

    let aki = scene.aki.patient(Duration::from_secs(40));
    let told = aki.sees_dm("was not collected").await.unwrap();
    assert!(told.contains("nobody can use the token now"), "{told}");
    assert!(!told.contains("is unchanged"), "{told}");
    let late = scene.aki.clicks_as_it_was(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(late.contains("nobody can use the token now"), "{late}");
    let panel = shows(&scene.aki, "Dashboard").await;
    assert!(panel.contains("nobody has collected the new one"), "{panel}");
    assert!(panel.buttons().contains(&"Reset".to_owned()), "{panel}");
    scene.last_card("can’t be used until its secret is reset").await;
    scene.ends().await;
}
