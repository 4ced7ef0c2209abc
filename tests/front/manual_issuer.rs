//! Tokens that an admin makes by hand at the provider.

use std::time::Duration;

use discord_sim::{MessageView, Modal, Person};
use testkit::team::{code_blocks, disable_token, press_button, show_token, withdraw_request};

use super::{Team, only_the_first};

const SID: &str = "IRexampleAGENCYsid0000000001";
const TOKEN: &str = "example.auth-token~0123456789";

/// Aki's request with its second approval, at the card with the steps.
pub async fn at_the_steps(team: &Team) -> MessageView {
    team.ask_manual(&team.aki, "Dashboard").await;
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    team.card("Clear all").await
}

pub async fn fulfil(admin: &Person, card: &MessageView, sid: &str, token: &str) -> MessageView {
    fill_fulfil_form(admin, card, sid, token).await.submit().await.unwrap().private().unwrap()
}

/// The form behind *Fulfil*, filled in.
pub async fn fill_fulfil_form(admin: &Person, card: &MessageView, sid: &str, token: &str) -> Modal {
    let mut form = admin.click(card, "Fulfil").await.unwrap().modal().unwrap();
    assert_eq!(form.labels(), ["Account SID", "Auth Token"]);
    form.fill("Account SID", sid).unwrap().fill("Auth Token", token).unwrap();
    form
}

/// Aki's token, made by Ben, waits to be collected.
async fn is_ready(team: &Team) -> MessageView {
    let card = at_the_steps(team).await;
    fulfil(&team.ben, &card, SID, TOKEN).await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.card("Issued").await;
    ready
}

/// Aki's token, made by Ben, collected and stored.
async fn create_token(team: &Team) {
    let card = at_the_steps(team).await;
    fulfil(&team.ben, &card, SID, TOKEN).await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    assert_eq!(team.collect_secret(&team.aki, &ready).await, [SID, TOKEN]);
}

#[tokio::test]
async fn the_steps_have_each_value_ready_to_copy_and_fulfil_hands_over() {
    let team = Team::start("fulfil").await;
    let card = at_the_steps(&team).await;
    let blocks = code_blocks(&card);
    for value in ["Dashboard", "Reads harvests every night", "Aki"] {
        assert!(blocks.iter().any(|block| block == value), "{value} is not in {blocks:?}");
    }
    assert_eq!(card.buttons(), ["Fulfil", "Details", "Deny"]);
    let no_admin = team.rin.click_outdated(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(no_admin.contains("Only this provider’s admins"), "{no_admin}");

    let wrong = fulfil(&team.ben, &card, "two words", TOKEN).await;
    assert!(wrong.contains("can’t be the Account SID"), "{wrong}");
    let done = fulfil(&team.ben, &card, SID, TOKEN).await;
    assert!(done.contains("Thank you"), "{done}");
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.card("Issued").await;
    let late = team.chiyo.click_outdated(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(late.is_ephemeral());
    let shown = team.aki.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown), [SID, TOKEN]);
    team.wait_for_collected_card().await;
    assert!(team.setup.tables_with(TOKEN).await.unwrap().is_empty());
    assert!(!team.setup.bot.everything_written().unwrap().contains(TOKEN));
    // Its lifetime begins now, because impact.com has no expiry.
    let expiry = "select count(*) from countersign.tokens
                  where expires_at between now() + interval '89 days' and now() + interval '90 days'";
    assert_eq!(team.count(expiry).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn one_secret_is_accepted_once() {
    let team = Team::start("same secret").await;
    let card = at_the_steps(&team).await;
    fulfil(&team.ben, &card, SID, TOKEN).await;
    team.aki.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.ask_manual(&team.ben, "Other").await;
    let card = team.card("#2").await;
    team.approve(&team.chiyo, &card).await;
    team.ben.wait_for_dm("is approved").await.unwrap();
    let card = team.card("Clear all").await;
    let refused = fulfil(&team.aki, &card, SID, TOKEN).await;
    assert!(refused.contains("was delivered before"), "{refused}");
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 1);
    team.card("#2 Other** is waiting for an admin").await;
    team.finish().await;
}

#[tokio::test]
async fn a_request_waiting_for_fulfil_can_still_be_ended() {
    let team = Team::start("deny by hand").await;
    let card = at_the_steps(&team).await;
    withdraw_request(&team.aki).await;
    team.card("was withdrawn").await;
    let late = team.ben.click_outdated(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(late.contains("was withdrawn"), "{late}");
    team.finish().await;
}

#[tokio::test]
async fn an_admin_who_created_it_too_late_is_told_to_undo_it() {
    let team = Team::start("in vain").await;
    let card = at_the_steps(&team).await;
    let form = fill_fulfil_form(&team.ben, &card, SID, TOKEN).await;
    withdraw_request(&team.aki).await;
    team.card("was withdrawn").await;
    let late = form.submit().await.unwrap().private().unwrap();
    assert!(late.contains("delete it there: nobody gets its secret"), "{late}");
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 0);
    assert_eq!(team.setup.tables_with(TOKEN).await.unwrap(), Vec::<String>::new());
    team.finish().await;
}

#[tokio::test]
async fn a_task_is_shown_once_its_provider_is_back() {
    let team = Team::start("back by hand").await;
    let ready = is_ready(&team).await;
    let whole = team.setup.restart_with(only_the_first).await.unwrap();
    team.aki.click(&ready, "Not me").await.unwrap().private().unwrap();
    team.ben.wait_for_dm("Not me: the token").await.unwrap();
    team.card("It is being disabled").await;
    team.setup.settle().await.unwrap();
    assert_eq!(team.count("select count(*) from countersign.cards").await, 1);

    team.setup.restart_with(|config| *config = whole).await.unwrap();
    let task = team.card("must disable this token").await;
    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was disabled").await.unwrap();
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn an_admin_disables_a_manual_token() {
    let team = Team::start("done").await;
    let ready = is_ready(&team).await;
    let said = team.aki.click(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("Until then it may still work"), "{said}");
    team.ben.wait_for_dm("Not me: the token").await.unwrap();
    team.card("Not me: the token").await;
    team.card("It is being disabled").await;
    let task = team.card("must disable this token").await;
    assert!(code_blocks(&task).contains(&SID.to_owned()), "{task}");
    assert_eq!(task.buttons(), ["Done", "Details"]);
    let done = team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    assert!(done.is_ephemeral());
    team.card("Disabled:").await;
    team.aki.wait_for_dm("was disabled").await.unwrap();
    let card = team.card("It is disabled").await;
    let twice = team.ben.click_outdated(&card, "Details").await.unwrap();
    twice.private().unwrap();
    team.finish().await;
}

#[tokio::test]
async fn an_uncollected_manual_token_is_deleted_by_an_admin() {
    let team = Team::configured("lapse by hand", "[policy]\ndelivery_ttl = \"2s\"").await;
    let card = at_the_steps(&team).await;
    fulfil(&team.ben, &card, SID, TOKEN).await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    let aki = team.aki.patient(Duration::from_secs(40));
    aki.wait_for_dm("was not collected").await.unwrap();
    team.card("It is being deleted").await;
    let card = team.card("must delete this token").await;
    // Nobody is told that it is off before it is.
    let late = team.aki.click_outdated(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(late.contains("until that is done it may still work"), "{late}");
    team.chiyo.click(&card, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was deleted").await.unwrap();
    team.card("**Deleted:**").await;
    team.card("It is deleted").await;
    team.finish().await;
}

#[tokio::test]
async fn a_manual_reduction_takes_one_press_and_an_admin() {
    let team = Team::start("narrow by hand").await;
    create_token(&team).await;
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    let panel = show_token(&team.aki, "Dashboard").await;
    let panel = team.aki.click(&panel, "Edit").await.unwrap().message().unwrap();
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.aki.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("An admin has to reduce"), "{said}");
    let task = team.card("must reduce this token").await;
    assert_eq!(task.buttons(), ["Done", "Details"]);
    // The steps have the token as it is to be: what goes stands above them.
    assert!(task.contains("What to change") && task.contains("➖ Removed"), "{task}");
    let scopes = "select sum(jsonb_array_length(scopes))::bigint from countersign.tokens";
    assert_eq!(team.count(scopes).await, 2, "nothing is narrowed before somebody did it");
    // Until then no other change can be requested.
    let panel = show_token(&team.aki, "Dashboard").await;
    assert!(panel.contains("It has an open request") && !panel.offers("Extend"), "{panel}");
    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was reduced").await.unwrap();
    team.last_card("**Reduced:**").await;
    assert_eq!(team.count(scopes).await, 1);

    // That took no approvals; the approvers of the token are told when it leaks.
    let mut form = team.rin.type_command("/token leak").await.unwrap().modal().unwrap();
    let line = format!("AUTH_TOKEN=\"{TOKEN}\"");
    form.enter_all([("found".to_owned(), vec![line])].into()).unwrap();
    let told = form.submit().await.unwrap().private().unwrap();
    team.rin.click(&told, "Disable").await.unwrap().message().unwrap();
    for person in [&team.aki, &team.ben] {
        person.wait_for_dm("leaked").await.unwrap();
    }
    let task = team.card("must disable this token").await;
    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was disabled").await.unwrap();
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn an_admin_who_requested_an_end_is_told_of_it() {
    let team = Team::start("end for another").await;
    create_token(&team).await;
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    press_button(&team.chiyo, "Dashboard", "無効化").await;
    let task = team.card("must disable this token").await;
    team.ben.click(&task, "Done").await.unwrap().private().unwrap();
    for person in [&team.aki, &team.chiyo] {
        person
            .wait_for_dm(if person.name() == "Aki" { "was disabled" } else { "Dashboard" })
            .await
            .unwrap();
    }
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn an_edit_and_a_reset_by_hand_take_approvals_and_then_a_person() {
    let team = Team::start("change by hand").await;
    create_token(&team).await;
    let panel = show_token(&team.aki, "Dashboard").await;
    let panel = team.aki.click(&panel, "Extend").await.unwrap().message().unwrap();
    team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests more time").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let card = team.card("An admin must now change the token").await;
    team.ben.click(&card, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was changed").await.unwrap();
    team.last_card("**Extended:**").await;

    let panel = show_token(&team.aki, "Dashboard").await;
    let panel = team.aki.click(&panel, "Reset").await.unwrap().message().unwrap();
    assert!(panel.options("Overlap").is_none() && panel.contains("there is no overlap"), "{panel}");
    team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests a new secret").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let card = team.card("An admin must now create a new secret").await;
    assert!(code_blocks(&card).contains(&SID.to_owned()), "{card}");
    fulfil(&team.ben, &card, SID, "example.new-token").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    assert_eq!(team.collect_secret(&team.aki, &ready).await, [SID, "example.new-token"]);
    team.finish().await;
}

#[tokio::test]
async fn a_manually_enabled_token_works_at_the_provider_before_it_is_collected() {
    let team = Team::start("enable by hand").await;
    create_token(&team).await;
    let panel = show_token(&team.aki, "Dashboard").await;
    disable_token(&team.aki, &panel).await;
    let task = team.card("must disable this token").await;
    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was disabled").await.unwrap();
    let panel = press_button(&team.aki, "Dashboard", "Enable").await;
    team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests to enable this token").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let card = team.card("An admin must now").await;
    fulfil(&team.ben, &card, SID, "example.new-token").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.card("It is enabled at the provider").await;

    let said = team.aki.click(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("Until then it may still work"), "{said}");
    let told = team.ben.wait_for_dm("Not me: the token").await.unwrap();
    assert!(told.contains("Disable it at the provider now"), "{told}");
    team.card("It is being disabled").await;
    let task = team.card("must disable this token").await;
    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was disabled").await.unwrap();
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn an_uncollected_manual_reset_leaves_no_usable_secret() {
    let ttl = "[policy]\ndelivery_ttl = \"8s\"";
    let team = Team::configured("lapsed reset by hand", ttl).await;
    create_token(&team).await;
    let panel = press_button(&team.aki, "Dashboard", "Reset").await;
    team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests a new secret").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let card = team.card("An admin must now create a new secret").await;
    fulfil(&team.ben, &card, SID, "example.new-token").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    assert!(ready.contains("The old secret no longer works"), "{ready}");

    let aki = team.aki.patient(Duration::from_secs(40));
    let told = aki.wait_for_dm("was not collected").await.unwrap();
    assert!(told.contains("nobody can use the token now"), "{told}");
    assert!(!told.contains("is unchanged"), "{told}");
    let late = team.aki.click_outdated(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(late.contains("nobody can use the token now"), "{late}");
    let panel = show_token(&team.aki, "Dashboard").await;
    assert!(panel.contains("nobody has collected the new one"), "{panel}");
    assert!(panel.buttons().contains(&"Reset".to_owned()), "{panel}");
    team.last_card("can’t be used until its secret is reset").await;
    team.finish().await;
}
