//! What an admin has done at the provider for a request that no longer waits for it: they are told to undo it.

use testkit::team::{disable_token, show_token};

use super::Team;
use super::manual_issuer::{at_the_steps, fill_fulfil_form, fulfil};

const SID: &str = "IRexampleAGENCYsid0000000001";
const TOKEN: &str = "example.auth-token~0123456789";
const OTHER: &str = "example.other-token~0123456789";

#[tokio::test]
async fn an_admin_who_created_it_before_it_needed_approvals_again() {
    let team = Team::start("in vain, stricter").await;
    let card = at_the_steps(&team).await;
    let form = fill_fulfil_form(&team.ben, &card, SID, TOKEN).await;
    let stricter = |config: &mut toml::Table| {
        for provider in config["providers"].as_array_mut().unwrap() {
            provider.as_table_mut().unwrap().insert("approvals".to_owned(), 3.into());
        }
    };
    team.setup.restart_with(stricter).await.unwrap();
    let late = form.submit().await.unwrap().private().unwrap();
    assert!(late.contains("needs approvals again, so nothing was saved"), "{late}");
    assert!(late.contains("delete it there: nobody gets its secret"), "{late}");
    assert_eq!(team.setup.tables_with(TOKEN).await.unwrap(), Vec::<String>::new());
    team.aki.wait_for_dm("needs approvals again").await.unwrap();
    team.last_card("of 3 approvals").await;
    // The same for who only comes to press the button after the work.
    let late = team.chiyo.click_outdated(&card, "Fulfil").await.unwrap().private().unwrap();
    assert!(late.contains("削除してください"), "{late}");
    team.finish().await;
}

#[tokio::test]
async fn an_admin_who_created_another_one() {
    let team = Team::start("in vain, twice").await;
    let card = at_the_steps(&team).await;
    let form = fill_fulfil_form(&team.ben, &card, SID, OTHER).await;
    fulfil(&team.chiyo, &card, SID, TOKEN).await;
    team.aki.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    let late = form.submit().await.unwrap().private().unwrap();
    assert!(late.contains("Another admin has already carried out this request"), "{late}");
    assert!(late.contains("created one more token at the provider, delete it there"), "{late}");
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 1);
    assert_eq!(team.setup.tables_with(OTHER).await.unwrap(), Vec::<String>::new());
    team.finish().await;
}

#[tokio::test]
async fn an_admin_who_changed_a_token_that_is_to_be_disabled() {
    let team = Team::start("in vain, disabled").await;
    let card = at_the_steps(&team).await;
    fulfil(&team.ben, &card, SID, TOKEN).await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.collect_secret(&team.aki, &ready).await;
    let panel = show_token(&team.aki, "Dashboard").await;
    let panel = team.aki.click(&panel, "Extend").await.unwrap().message().unwrap();
    team.aki.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests more time").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let work = team.card("An admin must now change the token").await;
    assert!(work.contains("What to change") && work.contains("after the change"), "{work}");

    let panel = show_token(&team.aki, "Dashboard").await;
    disable_token(&team.aki, &panel).await;
    let told = team.aki.wait_for_dm("was withdrawn").await.unwrap();
    assert!(told.contains("Until that is done the token may still work"), "{told}");
    team.card("disabling the token began in the meantime").await;
    let late = team.ben.click_outdated(&work, "Done").await.unwrap().private().unwrap();
    assert!(late.contains("was withdrawn before you sent this"), "{late}");
    assert!(late.contains("already changed the token at the provider, undo that there"), "{late}");
    let task = team.card("must disable this token").await;
    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was disabled").await.unwrap();
    team.last_card("It is disabled").await;
    team.finish().await;
}
