//! Discord, the mail server or the configuration are not as they should be.

use std::time::Duration;

use discord_sim::Fault;
use testkit::smtp::Smtp;

use super::{Team, only_the_first, widen_a_scope};
use testkit::team::{DEVELOPER, code_blocks};

const POSTS: &str = "POST /channels/{channel_id}/messages";
const EDITS: &str = "PATCH /channels/{channel_id}/messages/{message_id}";
const ASKS_MEMBER: &str = "GET /guilds/{guild_id}/members/{user_id}";

#[tokio::test]
async fn a_card_is_posted_once_however_discord_answers() {
    let team = Team::start("post faults").await;
    for fault in [Fault::status(502), Fault::DropAfter, Fault::route_limit(0.3)] {
        team.setup.discord.fail(POSTS, 1, fault).unwrap();
    }
    team.ask(&team.rin, "Reports").await;
    let card =
        team.aki.patient(Duration::from_secs(20)).wait_for_message("approvals", "0 of 2").await;
    team.setup.settle().await.unwrap();
    assert_eq!(team.aki.channel("approvals").unwrap().len(), 1, "one card");
    team.setup.discord.fail(EDITS, 2, Fault::status(500)).unwrap();
    team.approve(&team.ben, &card.unwrap()).await;
    team.aki
        .patient(Duration::from_secs(20))
        .wait_for_message("approvals", "1 of 2")
        .await
        .unwrap();
    team.finish().await;
}

#[tokio::test]
async fn a_card_whose_posting_was_not_seen_shows_what_happened_since() {
    let team = Team::start("unseen post").await;
    team.setup.discord.fail(POSTS, usize::MAX, Fault::DropAfter).unwrap();
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    // Discord answers each repeat with the card as it was first posted.
    team.approve(&team.ben, &card).await;
    team.setup.discord.clear_faults();
    team.aki
        .patient(Duration::from_secs(30))
        .wait_for_text(&card, "1 of 2 approvals")
        .await
        .unwrap();
    assert_eq!(team.aki.channel("approvals").unwrap().len(), 1, "one card");
    team.finish().await;
}

#[tokio::test]
async fn a_card_that_can_no_longer_be_edited_is_posted_again() {
    let team = Team::start("lost card").await;
    team.ask(&team.rin, "Reports").await;
    let first = team.card("0 of 2 approvals").await;
    team.setup.discord.exhaust_edits(&first).unwrap();
    team.approve(&team.aki, &first).await;
    let second = team.card("1 of 2 approvals").await;
    assert_ne!(second.id(), first.id());
    team.setup.discord.delete_message(&second).unwrap();
    team.ben.click_outdated(&second, "Approve").await.unwrap().private().unwrap();
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn a_card_whose_channel_is_gone_comes_into_the_one_of_today() {
    let team = Team::start("lost channel").await;
    let to_nowhere = |config: &mut toml::Table| {
        config["providers"][0]["approval_channel"] = "1109999999999999999".into();
    };
    let whole = team.setup.restart_with(to_nowhere).await.unwrap();
    team.ask(&team.rin, "Reports").await;
    team.rin.wait_for_dm("has no access to the approval channel").await.unwrap();
    team.setup.restart_with(|config| *config = whole).await.unwrap();
    let aki = team.aki.patient(Duration::from_secs(40));
    let card = aki.wait_for_message("approvals", "0 of 2 approvals").await.unwrap();
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn without_discords_answer_nothing_goes_on() {
    let team = Team::start("no answer").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    team.setup.discord.fail(ASKS_MEMBER, usize::MAX, Fault::status(503)).unwrap();
    let card = team.card("1 of 2 approvals").await;
    let answer = team.approve(&team.ben, &card).await;
    team.card("Checking with Discord").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 0);
    let waiting = team.ben.refresh(&answer).unwrap();
    assert!(waiting.contains("Checking that all approvers"), "{waiting}");
    team.setup.discord.clear_faults();
    let rin = team.rin.patient(Duration::from_secs(30));
    rin.wait_for_dm("is ready").await.unwrap();
    let ben = team.ben.patient(Duration::from_secs(30));
    ben.wait_for_text(&answer, "The approvals of #1 still count").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn a_mail_server_that_is_away_delays_and_loses_nothing() {
    let mut smtp = Smtp::start().await.unwrap();
    let (url, ca_file, mails) = (smtp.url(), smtp.ca_file(), smtp.mailbox().clone());
    let team = Team::with("mail away", Default::default(), |config| {
        config.mail_url = url;
        config.mail_ca_file = Some(ca_file);
    })
    .await;
    smtp.stop().await.unwrap();
    let mut modal = team.form(&team.rin, "orchard", "Reports").await;
    modal.fill("Developer emails", DEVELOPER).unwrap();
    team.submit_and_approve(&modal).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2, "the token does not wait for mail");
    smtp.start_again().await.unwrap();
    let subject = "was created and collected";
    mails.wait_for_within(Duration::from_secs(40), DEVELOPER, subject).await.unwrap();
    team.wait_for_collected_card().await;
    team.finish().await;
}

#[tokio::test]
async fn a_provider_that_is_gone_fails_its_request_and_comes_back() {
    let team = Team::start("gone").await;
    let submitted = team.ask_manual(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.fail(ASKS_MEMBER, usize::MAX, Fault::status(503)).unwrap();
    team.approve(&team.ben, &card).await;
    team.card("Checking with Discord").await;

    let whole = team.setup.restart_with(only_the_first).await.unwrap();
    team.setup.discord.clear_faults();
    let rin = team.rin.patient(Duration::from_secs(40));
    rin.wait_for_dm("could not be carried out").await.unwrap();
    let failed = team.card("is no longer in the configuration").await;
    assert_eq!(failed.buttons(), ["Details"], "nobody is admin of a provider that is gone");

    team.setup.restart_with(|config| *config = whole).await.unwrap();
    team.setup.settle().await.unwrap();
    let failed = team.aki.wait_for_text(&failed, "no longer in the configuration").await.unwrap();
    assert_eq!(failed.buttons(), ["Try again", "Details", "Deny"]);
    let again = team.aki.click(&failed, "Try again").await.unwrap().private().unwrap();
    assert!(again.contains("being tried again"), "{again}");
    team.aki.wait_for_text(&again, "Its card now shows the steps").await.unwrap();
    team.rin.wait_for_dm("is approved").await.unwrap();
    team.last_card("Clear all").await;
    team.rin.click(&submitted, "Withdraw").await.unwrap().message().unwrap();
    team.last_card("was withdrawn").await;
    team.finish().await;
}

/// Nobody could approve it, or say why it waits.
#[tokio::test]
async fn a_request_that_waits_for_approvals_fails_with_its_provider() {
    let team = Team::start("gone early").await;
    team.ask_manual(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    team.card("1 of 2 approvals").await;
    let whole = team.setup.restart_with(only_the_first).await.unwrap();
    team.rin.wait_for_dm("could not be carried out").await.unwrap();
    let failed = team.last_card("is no longer in the configuration").await;
    assert_eq!(failed.buttons(), ["Details"]);
    let early = team.aki.click_outdated(&card, "Approve").await.unwrap().private().unwrap();
    assert!(early.contains("is no longer set up here"), "{early}");

    team.setup.restart_with(|config| *config = whole).await.unwrap();
    team.setup.settle().await.unwrap();
    let failed = team.aki.wait_for_text(&failed, "no longer in the configuration").await.unwrap();
    let again = team.aki.click(&failed, "Try again").await.unwrap().private().unwrap();
    assert!(again.contains("needs approvals again"), "{again}");
    team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = team.last_card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("is approved").await.unwrap();
    team.last_card("Clear all").await;
    team.finish().await;
}

#[tokio::test]
async fn a_content_that_the_configuration_changed_loses_its_approvals() {
    let team = Team::start("changed").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    team.card("1 of 2 approvals").await;
    widen_a_scope(&team).await;

    let card = team.last_card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = team.card("0 of 2 approvals").await;
    assert!(card.contains("/Orchards/{AccountSID}/All"), "{card}");
    let call = team.card("needs approvals again. Its card says why").await;
    assert!(call.pings(), "it is noticed: {call}");
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 0);
    team.finish().await;
}
