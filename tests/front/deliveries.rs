//! A secret reaches one person, once, and is left nowhere.

use std::time::Duration;

use discord_sim::{Fault, MessageView, standard};

use super::Team;
use super::manual_issuer::{at_the_steps, fulfil};
use testkit::team::{code_blocks, delete_token, press_button};

/// The answer that shows the secret, after it was deferred.
const OPENS: &str = "POST /users/@me/channels";
const SHOWS: &str = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";

#[tokio::test]
async fn one_press_shows_the_secret_to_its_owner_alone() {
    let team = Team::start("reveal").await;
    let ready = team.issue_token("Reports").await;
    assert_eq!(ready.buttons(), ["Reveal", "Not me"]);
    let reveal = ready.custom_id("Reveal").unwrap();
    for other in [&team.aki, &team.chiyo] {
        let refused = other.forge_press(&ready, &reveal, 2, &[]).await.unwrap().private().unwrap();
        assert!(code_blocks(&refused).is_empty(), "{refused}");
    }
    assert_eq!(
        team.count("select count(*) from countersign.tokens where state = 'active'").await,
        0
    );

    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let [sid, secret] = <[String; 2]>::try_from(code_blocks(&shown)).unwrap();
    assert!(countersign::domain::secret::is_well_formed(&secret));
    assert!(sid.starts_with("CS"), "{sid}");
    assert_eq!(shown.buttons(), ["I have stored it", "Not me"]);
    team.wait_for_collected_card().await;
    let receipt = team.rin.wait_for_text(&ready, "revealed it on").await.unwrap();
    assert!(receipt.contains("@Rin") && receipt.buttons() == ["Not me"], "{receipt}");
    let again = team.rin.click_outdated(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(again.contains("was revealed on") && !again.contains(&secret), "{again}");

    team.store_secret(&team.rin, &shown).await;
    team.setup.settle().await.unwrap();
    assert!(!team.rin.still_sees(&shown));
    assert!(team.setup.tables_with(&secret).await.unwrap().is_empty());
    assert!(!team.setup.bot.everything_written().unwrap().contains(&secret));
    let wiped = "select count(*) from countersign.reveals
                 where sealed_interaction_token is not null or hidden_at is null";
    assert_eq!(team.count(wiped).await, 0);
    assert_eq!(
        team.count("select count(*) from countersign.deliveries where sealed_secret is not null")
            .await,
        0
    );
    team.finish().await;
}

/// Discord's documents leave open whether a direct message can be private.
#[tokio::test]
async fn a_secret_that_stands_openly_in_direct_messages_is_deleted_by_its_button() {
    let team = Team::start("open secret").await;
    team.setup.discord.honour_ephemeral_in_dms(false);
    let ready = team.issue_token("Reports").await;
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().message().unwrap();
    let [_, secret] = <[String; 2]>::try_from(code_blocks(&shown)).unwrap();
    assert!(!shown.is_ephemeral(), "{shown}");
    team.wait_for_collected_card().await;
    team.rin.wait_for_text(&ready, "revealed it on").await.unwrap();
    team.rin.click(&shown, "I have stored it").await.unwrap().gone().unwrap();
    team.rin.wait_for_dm("The message that revealed the secret").await.unwrap();
    team.rin.wait_until_gone(&shown).await.unwrap();
    team.setup.settle().await.unwrap();
    assert!(team.setup.tables_with(&secret).await.unwrap().is_empty());
    team.finish().await;
}

#[tokio::test]
async fn a_revealed_secret_disappears_by_itself() {
    let team = Team::configured("hide", "[policy]\nreveal_visible_for = \"2s\"").await;
    let ready = team.issue_token("Reports").await;
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.rin.patient(Duration::from_secs(8)).wait_until_gone(&shown).await.unwrap();
    team.wait_for_collected_card().await;
    team.finish().await;
}

#[tokio::test]
async fn closed_direct_messages_leave_token_collect() {
    for refusal in [discord_sim::DirectMessages::Closed, discord_sim::DirectMessages::Blocked] {
        let team = Team::start("closed").await;
        team.setup.discord.set_direct_messages(&team.rin, refusal).unwrap();
        let nothing = team.rin.type_command("/token collect").await.unwrap().private().unwrap();
        assert!(nothing.contains("nothing to collect"), "{nothing}");
        team.ask(&team.rin, "Reports").await;
        let card = team.card("0 of 2 approvals").await;
        team.approve(&team.aki, &card).await;
        let card = team.card("1 of 2 approvals").await;
        team.approve(&team.ben, &card).await;
        let card = team.card("/token collect").await;
        assert!(card.contains("could not be delivered"), "{card}");

        let none = team.aki.type_command("/token collect").await.unwrap().private().unwrap();
        assert!(none.contains("nothing to collect"), "{none}");
        let ready = team.rin.type_command("/token collect").await.unwrap().private().unwrap();
        let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
        assert_eq!(shown.buttons(), ["I have stored it", "Not me"], "{shown}");
        assert_eq!(code_blocks(&shown).len(), 2, "{shown}");
        team.wait_for_collected_card().await;
        team.finish().await;
    }
}

/// Discord lets no direct message be opened, whoever it is for: the owner is told later, and the card says at
/// once how they get their secret.
#[tokio::test]
async fn a_quarantined_bot_leaves_token_collect_and_tries_on() {
    let team = Team::start("quarantined").await;
    let quarantine = Fault::refusal(403, 20_026, "This application has been quarantined");
    team.setup.discord.fail(OPENS, usize::MAX, quarantine).unwrap();
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;
    let card = team.card("could not be delivered").await;
    assert!(card.contains("/token collect"), "{card}");
    let ready = team.rin.type_command("/token collect").await.unwrap().private().unwrap();
    assert!(ready.offers("Reveal"), "{ready}");

    // Within the hour nobody knocks again.
    assert_eq!(team.setup.discord.calls(OPENS), 1);
    team.setup.discord.clear_faults();
    let put_back =
        "select count(*) from countersign.jobs where kind = 'deliver' and taken_by is null";
    team.setup.wait_for_count(put_back, 1).await.unwrap();
    let now = "update countersign.jobs set due_at = now() where kind = 'deliver'";
    let mut database = team.setup.connect().await.unwrap();
    assert_eq!(sqlx::query(now).execute(&mut database).await.unwrap().rows_affected(), 1);
    team.rin.wait_for_dm("is ready").await.unwrap();
    let card = team.last_card("Issued").await;
    assert!(!card.contains("could not be delivered"), "{card}");
    team.finish().await;
}

#[tokio::test]
async fn not_me_disables_and_alerts() {
    let team = Team::start("not me").await;
    let ready = team.issue_token("Reports").await;
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.wait_for_collected_card().await;
    let said = team.rin.click(&shown, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("is disabled"), "{said}");
    team.rin.wait_until_gone(&shown).await.unwrap();
    for admin in [&team.aki, &team.ben] {
        let alert = admin.wait_for_dm("Not me").await.unwrap();
        assert!(alert.contains("@Rin"), "{alert}");
    }
    team.last_card("It is disabled").await;
    assert_eq!(
        team.count("select count(*) from countersign.tokens where state = 'disabled'").await,
        1
    );
    let receipt = team.rin.wait_for_text(&ready, "The token is disabled").await.unwrap();
    assert!(receipt.contains("You pressed **Not me**") && receipt.buttons().is_empty());
    let again = team.rin.click_outdated(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(again.contains("was pressed, so this secret is erased"), "{again}");
    team.finish().await;
}

#[tokio::test]
async fn not_me_works_before_any_press() {
    let team = Team::start("not me at once").await;
    let ready = team.issue_token("Reports").await;
    team.rin.click(&ready, "Not me").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("Not me").await.unwrap();
    team.ben.wait_for_dm("Not me").await.unwrap();
    let late = team.rin.click_outdated(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(
        late.contains("was pressed, so this secret is erased") && code_blocks(&late).is_empty(),
        "{late}"
    );
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn an_uncollected_token_is_revoked() {
    let team = Team::configured("lapse", "[policy]\ndelivery_ttl = \"2s\"").await;
    let ready = team.issue_token("Reports").await;
    let rin = team.rin.patient(Duration::from_secs(40));
    let told = rin.wait_for_dm("was not collected").await.unwrap();
    assert!(told.contains("no longer works"), "{told}");
    team.card("Not collected").await;
    let late = team.rin.click_outdated(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(late.contains("no longer works") && code_blocks(&late).is_empty(), "{late}");
    assert_eq!(
        team.count("select count(*) from countersign.tokens where state = 'deleted'").await,
        1
    );
    // Its name is free again.
    let submitted = team.ask(&team.rin, "Reports").await;
    assert!(submitted.contains("#2"), "{submitted}");
    team.last_card("#2").await;
    team.finish().await;
}

#[tokio::test]
async fn a_secret_that_discord_refused_can_be_revealed_again() {
    let team = Team::start("refused reveal").await;
    let ready = team.issue_token("Reports").await;
    let refusal = Fault::refusal(400, 50035, "Invalid Form Body");
    team.setup.discord.fail(SHOWS, 1, refusal).unwrap();
    let told = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(told.contains("Discord did not accept") && code_blocks(&told).is_empty(), "{told}");
    let sealed = "select count(*) from countersign.deliveries where sealed_secret is not null";
    assert_eq!(team.count(sealed).await, 1);
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
    team.wait_for_collected_card().await;
    assert_eq!(team.count(sealed).await, 0);
    team.finish().await;
}

#[tokio::test]
async fn a_secret_whose_arrival_was_not_seen_is_taken_back_and_can_be_revealed_again() {
    let team = Team::start("unseen reveal").await;
    let ready = team.issue_token("Reports").await;
    // The message exists, but all three answers that confirm it are lost.
    team.setup.discord.fail(SHOWS, 3, Fault::DropAfter).unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let first = code_blocks(&shown);
    assert_eq!(first.len(), 2, "{shown}");
    let told = team.rin.wait_for_text(&shown, "The connection to Discord failed").await.unwrap();
    assert!(code_blocks(&told).is_empty() && told.buttons().is_empty(), "{told}");
    let sealed = "select count(*) from countersign.deliveries where sealed_secret is not null";
    assert_eq!(team.count(sealed).await, 1);
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown), first);
    team.wait_for_collected_card().await;
    assert_eq!(team.count(sealed).await, 0);
    team.finish().await;
}

#[tokio::test]
async fn an_inbox_never_holds_a_reveal_that_reveals_nothing() {
    let team = Team::start("receipts").await;
    for (name, state) in [("One", "disabled"), ("Two", "deleted")] {
        let ready = team.issue_token(name).await;
        match state {
            "disabled" => drop(press_button(&team.aki, name, "Disable").await),
            _ => drop(delete_token(&team.aki, name).await),
        }
        let receipt =
            team.rin.wait_for_text(&ready, &format!("The token is {state}")).await.unwrap();
        assert!(receipt.contains("It can’t be revealed") && receipt.buttons().is_empty());
        team.rin.wait_for_dm(&format!("was {state}")).await.unwrap();
        team.last_card(&format!("It is {state}")).await;
    }
    assert!(team.rin.dms().iter().all(|message| message.buttons().is_empty()));
    team.finish().await;
}

#[tokio::test]
async fn a_message_that_was_never_noted_becomes_a_receipt_under_its_nonce() {
    let team = Team::start("lost message").await;
    let ready = team.issue_token("Reports").await;
    team.setup.settle().await.unwrap();
    // As after a kill between Discord's answer and the commit.
    sqlx::query("update countersign.deliveries set dm_channel = null, dm_message = null")
        .execute(&mut team.setup.connect().await.unwrap())
        .await
        .unwrap();
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let receipt = team.rin.wait_for_text(&ready, "revealed it on").await.unwrap();
    assert!(receipt.custom_id("Reveal").is_err(), "{receipt}");
    team.wait_for_collected_card().await;
    team.setup.settle().await.unwrap();
    // The other is the one that only the owner sees, with the secret.
    let dms = team.rin.dms();
    let stand: Vec<_> = dms.iter().filter(|dm| !dm.is_ephemeral()).map(MessageView::id).collect();
    assert_eq!(stand, [ready.id()]);
    team.finish().await;
}

#[tokio::test]
async fn a_notice_that_was_never_noted_is_deleted_once_it_is_outdated() {
    let team = Team::start("lost notice").await;
    let card = at_the_steps(&team).await;
    let approved = team.aki.dms().pop().unwrap();
    team.setup.settle().await.unwrap();
    // As after a kill between Discord's answer and the commit, until another process takes the job over.
    let lost =
        "update countersign.notices set state = 'waiting', settled_at = null, dm_channel = null,
        dm_message = null, created_at = created_at - interval '15 seconds' where kind = 'approved'";
    let mut database = team.setup.connect().await.unwrap();
    // A guard lets no notice wait again.
    for change in ["set session_replication_role = replica", lost, "reset session_replication_role"]
    {
        sqlx::query(change).execute(&mut database).await.unwrap();
    }
    fulfil(&team.ben, &card, "IRexample", "example.auth-token~0123456789").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    assert_eq!(team.aki.dms().len(), 2);
    let taken_over = "insert into countersign.jobs (kind, subject, lane, urgency, due_at)
        select 'send_notice', id, 'main', 0, now() from countersign.notices where kind = 'approved'";
    sqlx::query(taken_over).execute(&mut database).await.unwrap();
    team.aki.wait_until_gone(&approved).await.unwrap();
    team.setup.settle().await.unwrap();
    assert_eq!(team.aki.dms().iter().map(MessageView::id).collect::<Vec<_>>(), [ready.id()]);
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn each_request_has_one_message_and_each_news_rings_once() {
    let team = Team::start("one message").await;
    // A person must act before the secret is there, so its requester hears that.
    let card = at_the_steps(&team).await;
    let approved = team.aki.dms().pop().unwrap();
    assert!(approved.contains("An admin will carry it out at the provider"), "{approved}");
    fulfil(&team.ben, &card, "IRexample", "example.auth-token~0123456789").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.aki.wait_until_gone(&approved).await.unwrap();
    assert_eq!(team.aki.dms().len(), 1);
    team.last_card("Issued").await;
    team.aki.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.wait_for_collected_card().await;

    // Countersign makes it at once, so only that it is ready is told.
    let ready = team.issue_token("Reports").await;
    team.setup.settle().await.unwrap();
    let stands: Vec<_> = team.rin.dms().iter().map(MessageView::id).collect();
    assert_eq!(stands, [ready.id()]);

    // What is said later takes the place of what was said before.
    team.ask(&team.rin, "Other").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.remove_member(&team.aki).unwrap();
    team.approve(&team.ben, &card).await;
    let returned = team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = team.ben.wait_for_message("approvals", "✖️").await.unwrap();
    let mut form = team.ben.click(&card, "Deny").await.unwrap().modal().unwrap();
    form.fill("Reason", "Not needed").unwrap();
    form.submit().await.unwrap().private().unwrap();
    team.rin.wait_for_dm("was denied").await.unwrap();
    team.rin.wait_until_gone(&returned).await.unwrap();
    team.setup.settle().await.unwrap();
    team.ben.channel("approvals").unwrap();
    assert_eq!(team.rin.dms().len(), 2);
    team.finish().await;
}

#[tokio::test]
async fn a_press_outside_of_the_guild_is_the_owners_alone() {
    let team = Team::start("outside").await;
    let ready = team.issue_token("Reports").await;
    team.setup.discord.remove_member(&team.rin).unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
    team.wait_for_collected_card().await;
    let interaction = team.setup.discord.last_interaction(&team.rin).unwrap();
    assert!(interaction["guild_id"].is_null() && standard::GUILD > 0);
    team.finish().await;
}
