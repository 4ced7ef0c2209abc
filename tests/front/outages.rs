//! Discord, the mail server or the configuration are not as they should be.

use std::time::Duration;

use discord_sim::Fault;
use testkit::smtp::Smtp;

use super::{Scene, only_the_first};
use testkit::scene::{DEVELOPER, code_blocks};

const POSTS: &str = "POST /channels/{channel_id}/messages";
const EDITS: &str = "PATCH /channels/{channel_id}/messages/{message_id}";
const ASKS_MEMBER: &str = "GET /guilds/{guild_id}/members/{user_id}";

#[tokio::test]
async fn a_card_is_posted_once_however_discord_answers() {
    let scene = Scene::start("post faults").await;
    for fault in [Fault::status(502), Fault::DropAfter, Fault::route_limit(0.3)] {
        scene.stage.discord.fails(POSTS, 1, fault).unwrap();
    }
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.aki.patient(Duration::from_secs(20)).sees_in("approvals", "0 of 2").await;
    scene.stage.settles().await.unwrap();
    assert_eq!(scene.aki.channel("approvals").unwrap().len(), 1, "one card");
    scene.stage.discord.fails(EDITS, 2, Fault::status(500)).unwrap();
    scene.approves(&scene.ben, &card.unwrap()).await;
    scene.aki.patient(Duration::from_secs(20)).sees_in("approvals", "1 of 2").await.unwrap();
    scene.ends().await;
}

#[tokio::test]
async fn a_card_whose_posting_was_not_seen_shows_what_happened_since() {
    let scene = Scene::start("unseen post").await;
    scene.stage.discord.fails(POSTS, usize::MAX, Fault::DropAfter).unwrap();
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    // Discord answers each repeat with the card as it was first posted.
    scene.approves(&scene.ben, &card).await;
    scene.stage.discord.mends();
    scene.aki.patient(Duration::from_secs(30)).sees(&card, "1 of 2 approvals").await.unwrap();
    assert_eq!(scene.aki.channel("approvals").unwrap().len(), 1, "one card");
    scene.ends().await;
}

#[tokio::test]
async fn a_card_that_cannot_be_edited_any_more_is_posted_anew() {
    let scene = Scene::start("lost card").await;
    scene.asks(&scene.rin, "Reports").await;
    let first = scene.card("0 of 2 approvals").await;
    scene.stage.discord.exhaust_edits(&first).unwrap();
    scene.approves(&scene.aki, &first).await;
    let second = scene.card("1 of 2 approvals").await;
    assert_ne!(second.id(), first.id());
    scene.stage.discord.delete_message(&second).unwrap();
    scene.ben.clicks_as_it_was(&second, "Approve").await.unwrap().private().unwrap();
    scene.rin.sees_dm("is approved").await.unwrap();
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_card_whose_channel_is_gone_comes_into_the_one_of_today() {
    let scene = Scene::start("lost channel").await;
    let to_nowhere = |config: &mut toml::Table| {
        config["providers"][0]["approval_channel"] = "1109999999999999999".into();
    };
    let whole = scene.stage.restarts_with(to_nowhere).await.unwrap();
    scene.asks(&scene.rin, "Reports").await;
    let tried = "select count(*) from countersign.jobs
                 where kind = 'render_card' and failures > 0";
    let failed = async {
        while scene.count(tried).await == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), failed).await.unwrap();
    scene.stage.restarts_with(|config| *config = whole).await.unwrap();
    let aki = scene.aki.patient(Duration::from_secs(40));
    let card = aki.sees_in("approvals", "0 of 2 approvals").await.unwrap();
    scene.is_approved(&card).await;
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn without_discords_answer_nothing_goes_on() {
    let scene = Scene::start("no answer").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    scene.stage.discord.fails(ASKS_MEMBER, usize::MAX, Fault::status(503)).unwrap();
    let card = scene.card("1 of 2 approvals").await;
    scene.approves(&scene.ben, &card).await;
    scene.card("Checking with Discord").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 0);
    scene.stage.discord.mends();
    let rin = scene.rin.patient(Duration::from_secs(30));
    rin.sees_dm("is approved").await.unwrap();
    rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_mail_server_that_is_away_delays_and_loses_nothing() {
    let mut smtp = Smtp::start().await.unwrap();
    let (url, ca_file, mails) = (smtp.url(), smtp.ca_file(), smtp.mailbox().clone());
    let scene = Scene::with("mail away", Default::default(), |config| {
        config.mail_url = url;
        config.mail_ca_file = Some(ca_file);
    })
    .await;
    smtp.stop().await.unwrap();
    let mut modal = scene.form(&scene.rin, "orchard", "Reports").await;
    modal.fill("Developer emails", DEVELOPER).unwrap();
    let panel = modal.submit().await.unwrap().private().unwrap();
    let panel = scene.rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    scene.rin.clicks(&panel, "Create").await.unwrap();
    let card = scene.card("0 of 2 approvals").await;
    scene.is_approved(&card).await;
    let ready = scene.rin.sees_dm("is ready").await.unwrap();
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2, "the token does not wait for mail");
    smtp.start_again().await.unwrap();
    for subject in ["was created", "was collected"] {
        mails.wait_for_within(Duration::from_secs(40), DEVELOPER, subject).await.unwrap();
    }
    scene.is_collected().await;
    scene.ends().await;
}

#[tokio::test]
async fn a_provider_that_is_gone_fails_its_request_and_comes_back() {
    let scene = Scene::start("gone").await;
    let submitted = scene.asks_by_hand(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    let card = scene.card("1 of 2 approvals").await;
    scene.stage.discord.fails(ASKS_MEMBER, usize::MAX, Fault::status(503)).unwrap();
    scene.approves(&scene.ben, &card).await;
    scene.card("Checking with Discord").await;

    let whole = scene.stage.restarts_with(only_the_first).await.unwrap();
    scene.stage.discord.mends();
    let rin = scene.rin.patient(Duration::from_secs(40));
    rin.sees_dm("could not be carried out").await.unwrap();
    let failed = scene.card("is no longer in the configuration").await;
    assert_eq!(failed.buttons(), ["Try again", "All scopes", "Deny", "Withdraw"]);
    let early = scene.aki.clicks(&failed, "Try again").await.unwrap().private().unwrap();
    assert!(early.contains("is no longer set up here"), "{early}");

    scene.stage.restarts_with(|config| *config = whole).await.unwrap();
    let again = scene.aki.clicks(&failed, "Try again").await.unwrap().private().unwrap();
    assert!(again.contains("being tried again"), "{again}");
    scene.rin.sees_dm("is approved").await.unwrap();
    scene.last_card("Clear all").await;
    scene.rin.clicks(&submitted, "Withdraw").await.unwrap().private().unwrap();
    scene.last_card("was withdrawn").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_content_that_the_configuration_changed_loses_its_approvals() {
    let scene = Scene::start("changed").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    scene.card("1 of 2 approvals").await;
    let other = scene.stage.bot.folder().join("other.toml");
    let widens = |config: &mut toml::Table| {
        let name = &mut config["providers"][0]["catalogue"];
        let catalogue = std::fs::read_to_string(name.as_str().unwrap()).unwrap();
        let (trees, all) = ("/Orchards/{AccountSID}/Trees\"", "/Orchards/{AccountSID}/All\"");
        std::fs::write(&other, catalogue.replace(trees, all)).unwrap();
        *name = other.to_string_lossy().as_ref().into();
    };
    scene.stage.restarts_with(widens).await.unwrap();

    let card = scene.last_card("1 of 2 approvals").await;
    scene.approves(&scene.ben, &card).await;
    scene.rin.sees_dm("needs approvals again").await.unwrap();
    let card = scene.card("0 of 2 approvals").await;
    assert!(card.contains("/Orchards/{AccountSID}/All"), "{card}");
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 0);
    scene.ends().await;
}
