//! Admins are called to what waits for them: once, by a message that notifies them, and that goes when nothing is
//! left to do. Whoever did something is not alerted of it.

use discord_sim::{MessageView, Person};
use testkit::team::{disable_token, press_button, show_token};

use super::Team;
use super::manual_issuer::{at_the_steps, fulfil};

fn count_calls(admin: &Person) -> usize {
    let seen = admin.channel("approvals").unwrap();
    seen.iter().filter(|message| message.contains("🔔")).count()
}

fn notified(person: &Person, words: &str) -> Vec<MessageView> {
    let all = person.take_notifications().into_iter();
    all.filter(|message| message.contains(words)).collect()
}

#[tokio::test]
async fn what_an_admin_has_to_carry_out_calls_them_until_it_is_done() {
    let team = Team::start("called by hand").await;
    let card = at_the_steps(&team).await;
    let call = team.card("is waiting for an admin to carry it out").await;
    assert!(call.pings() && call.contains("**#1 Dashboard**"), "{call}");
    assert_eq!(notified(&team.chiyo, "is waiting for an admin").len(), 1);

    fulfil(&team.ben, &card, "IRexampleAGENCYsid0000000001", "example.token-0").await;
    team.aki.wait_for_dm("is ready").await.unwrap();
    team.card("Issued").await;
    team.aki.wait_until_gone(&call).await.unwrap();
    team.finish().await;
}

#[tokio::test]
async fn approvals_that_are_struck_call_the_admins_again_and_one_call_stands() {
    let team = Team::configured("called again", "[policy]\nremind_after = \"1s\"").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let reminder = team.card("still needs").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.remove_member(&team.aki).unwrap();
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let call = team
        .ben
        .wait_for_message("approvals", "needs approvals again. Its card says why")
        .await
        .unwrap();
    assert!(call.pings(), "{call}");
    team.ben.wait_until_gone(&reminder).await.unwrap();

    // Chiyo does not see what answers Ben, which names the same reason.
    let card = team.chiyo.wait_for_message("approvals", "is no longer an admin").await.unwrap();
    team.approve(&team.chiyo, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.ben.wait_until_gone(&call).await.unwrap();
    team.setup.settle().await.unwrap();
    assert_eq!(count_calls(&team.ben), 0);
    team.finish().await;
}

#[tokio::test]
async fn not_me_alerts_the_admins_but_not_the_person_who_pressed() {
    let team = Team::start("alert").await;
    let ready = team.issue_token("Reports").await;
    for person in [&team.aki, &team.ben, &team.chiyo] {
        person.take_notifications();
    }
    team.rin.click(&ready, "Not me").await.unwrap().private().unwrap();
    let alert = team.card("Not me: the token Reports").await;
    assert!(alert.pings() && alert.contains("@Rin pressed **Not me**"), "{alert}");
    assert!(alert.contains("It is disabled"), "{alert}");
    assert_eq!(notified(&team.chiyo, "Not me: the token").len(), 1, "who did not approve it");
    for admin in [&team.aki, &team.ben] {
        admin.wait_for_dm("Not me: the token").await.unwrap();
    }
    assert!(notified(&team.rin, "Not me: the token").is_empty());
    team.rin.dms();
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn a_withdrawal_shows_in_the_message_that_stands_and_notifies_nobody() {
    let team = Team::start("withdrawn by hand").await;
    at_the_steps(&team).await;
    let call = team.card("is waiting for an admin to carry it out").await;
    let dms = team.aki.dms().len();
    team.aki.take_notifications();
    let mine = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    team.aki.click(&mine, "Withdraw").await.unwrap();
    team.aki.wait_for_dm("#1 was withdrawn").await.unwrap();
    assert_eq!(team.aki.dms().len(), dms, "no second message");
    assert!(notified(&team.aki, "was withdrawn").is_empty());
    team.aki.wait_until_gone(&call).await.unwrap();
    team.last_card("was withdrawn").await;
    team.finish().await;
}

/// The change can no longer be made because the token is off: one notification tells of both.
#[tokio::test]
async fn a_token_that_ends_beside_an_open_change_notifies_once() {
    let team = Team::start("ended beside").await;
    let ready = team.issue_token("Reports").await;
    team.collect_secret(&team.rin, &ready).await;
    let panel = press_button(&team.rin, "Reports", "Reset").await;
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();
    team.rin.take_notifications();
    let panel = show_token(&team.aki, "Reports").await;
    disable_token(&team.aki, &panel).await;
    team.rin.wait_for_dm("was disabled").await.unwrap();
    team.rin.wait_for_dm("#2 was withdrawn").await.unwrap();
    let seen = notified(&team.rin, "Reports");
    assert_eq!(seen.len(), 1, "{seen:?}");
    team.last_card("was withdrawn").await;
    team.finish().await;
}
