//! Tokens expire, in a Postgres whose clock the test moves.

use discord_sim::{MessageView, Options, Person};
use testkit::clock::Clock;
use testkit::postgres::{Durability, Postgres};
use testkit::team::{DEVELOPER, Team, show_token};

use super::token_life::create_token;

use super::clock::noon;
pub use super::clock::{DAY, is_off_until};

/// The standard guild with a bot and a Postgres that go by this clock.
pub async fn by_the_clock(label: &str, clock: &Clock) -> Team {
    clock.step(noon()).unwrap();
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    postgres.follow_clock(clock).await.unwrap();
    Team::on(&postgres, label, Options::standard(), |config| {
        config.environment.extend(clock.environment());
    })
    .await
}

/// Rin's token with a developer and with Chiyo as its contact, up to the DM with *Reveal*.
pub async fn is_shared(team: &Team, name: &str) {
    let mut modal = team.form(&team.rin, "orchard", name).await;
    modal.fill("Developer emails", DEVELOPER).unwrap();
    modal.choose_user("Primary contact", &team.chiyo).unwrap();
    team.submit_and_approve(&modal).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    team.chiyo.wait_for_dm("was created").await.unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.store_secret(&team.rin, &shown).await;
    mailed(team, "was created and collected").await;
    team.chiyo.wait_for_dm("was collected").await.unwrap();
    team.wait_for_collected_card().await;
}

pub async fn mailed(team: &Team, subject: &str) -> String {
    team.setup.mailbox.wait_for(DEVELOPER, subject).await.unwrap().text.unwrap()
}

/// How many direct messages of a person contain this, beside receipts, which say it without ringing.
pub fn heard(person: &Person, what: &str) -> usize {
    let is_receipt = |message: &MessageView| message.contains("The secret of ");
    let all = person.dms();
    all.iter().filter(|message| !is_receipt(message) && message.contains(what)).count()
}

#[tokio::test]
async fn an_expiry_is_reported_once_and_ends_the_secrets() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("expires", &clock).await;
    is_shared(&team, "Reports").await;
    // A change is under way.
    let panel = show_token(&team.rin, "Reports").await;
    let panel = team.rin.click(&panel, "Extend").await.unwrap().message().unwrap();
    let ends = ["Expires after 365 days"];
    let panel = team.rin.select(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    team.card("requests more time").await;
    team.setup.settle().await.unwrap();

    // Half a day is left, and then none.
    let last_day = 90 * DAY - DAY / 2;
    is_off_until(&team, &clock, last_day).await;
    let live = "select count(*) from countersign.secrets where state = 'current'";
    assert_eq!(team.count(live).await, 1);
    assert_eq!(heard(&team.rin, "has expired"), 0);
    is_off_until(&team, &clock, last_day + 7 * DAY).await;
    // Again, to find repeated messages.
    is_off_until(&team, &clock, last_day + 8 * DAY).await;
    assert_eq!(heard(&team.rin, "has expired"), 1);
    assert_eq!(heard(&team.chiyo, "has expired"), 1);
    let mails = team.setup.mailbox.all().unwrap();
    let of_expiry = |mail: &&testkit::mailbox::Mail| {
        mail.header("Subject").is_some_and(|subject| subject.contains("has expired"))
    };
    assert_eq!(mails.iter().filter(of_expiry).count(), 1);
    let dead = "select count(*) from countersign.secrets where state = 'dead'";
    assert_eq!(team.count(dead).await, 1);
    assert_eq!(team.count("select count(*) from countersign.reserved_names").await, 0);
    team.last_card("has expired").await;
    for person in [&team.rin, &team.chiyo] {
        let panel = show_token(person, "Reports").await;
        assert!(!panel.buttons().iter().any(|button| button == "Extend"), "{panel}");
    }
    // The name is free.
    team.ask(&team.rin, "Reports").await;
    team.card("0 of 2 approvals").await;
    let all = team.setup.mailbox.unread().unwrap();
    all.iter().for_each(|mail| team.setup.mailbox.mark_read(mail));
    team.finish().await;
}

#[tokio::test]
async fn expiries_during_downtime_are_reported_in_one_message() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("expire together", &clock).await;
    for name in ["Reports", "Dashboard", "Archive"] {
        is_shared(&team, name).await;
    }
    // Only Rin's, so that Chiyo and the developer are told of the three.
    create_token(&team, "Alone").await;
    is_off_until(&team, &clock, 97 * DAY).await;
    // Again, to find repeated messages.
    is_off_until(&team, &clock, 98 * DAY).await;
    let message = team.rin.wait_for_dm("4 of your tokens have expired").await.unwrap();
    assert!(message.contains("Reports") && message.contains("Alone"), "{message}");
    let message = team.chiyo.wait_for_dm("3 of your tokens have expired").await.unwrap();
    assert!(message.contains("Archive") && !message.contains("Alone"), "{message}");
    let text = mailed(&team, "3 API tokens have expired, “Reports” first").await;
    assert!(text.contains("“Dashboard” for Orchard API"), "{text}");
    for person in [&team.rin, &team.chiyo] {
        assert_eq!(heard(person, "expired"), 1);
    }
    // Each token's history has each message.
    let told = "select count(*) from countersign.events join countersign.notices
        on notices.id = (detail ->> 'notice')::bigint
        where events.kind = 'notice_sent' and notices.kind = 'several_expired'";
    assert_eq!(team.count(told).await, 3 * 3 + 1);
    let untold = "select count(*) from countersign.expiries where told_at is null";
    assert_eq!(team.count(untold).await, 0);
    let cards = team.aki.channel("approvals").unwrap();
    assert_eq!(cards.iter().filter(|card| card.contains("It has expired")).count(), 4);
    team.finish().await;
}

#[tokio::test]
async fn a_manual_token_is_not_reported_expired_before_done() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("expires by hand", &clock).await;
    team.ask_manual(&team.aki, "Dashboard").await;
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let card = team.card("Clear all").await;
    super::manual_issuer::fulfil(&team.ben, &card, "IRexampleAGENCYsid0000000001", "a-token").await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.aki.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.wait_for_collected_card().await;

    is_off_until(&team, &clock, 97 * DAY).await;
    // Again, to find repeated questions.
    is_off_until(&team, &clock, 98 * DAY).await;
    let task = team.card("must disable this token").await;
    let tasks = "select count(*) from countersign.requests where kind = 'disable'";
    assert_eq!(team.count(tasks).await, 1);
    let waits = "select count(*) from countersign.tokens where state = 'disabling'";
    assert_eq!(team.count(waits).await, 1);
    let told = "select count(*) from countersign.notices
        where kind in ('disabled', 'token_expired', 'deleted')";
    assert_eq!(team.count(told).await, 0, "nobody is told that it is off");

    team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("The token Dashboard has expired").await.unwrap();
    team.last_card("Disabled:").await;
    let expired = "select count(*) from countersign.tokens where state = 'expired'";
    assert_eq!(team.count(expired).await, 1);
    assert_eq!(team.count(told).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn two_processes_end_a_token_once() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("expires twice", &clock).await;
    for name in ["One", "Two", "Three"] {
        create_token(&team, name).await;
    }
    let second = team.setup.bot.replica("2");
    assert!(team.setup.bot.stop().await.unwrap().success());
    clock.step(91 * DAY).unwrap();
    team.setup.bot.launch().await.unwrap();
    second.launch().await.unwrap();
    team.setup.bot.wait_ready().await.unwrap();
    team.wait_for_sweep().await;
    for query in [
        "select count(*) from countersign.events where kind = 'token_expired'",
        "select count(*) from countersign.expiries where told_at is not null",
        "select count(*) from countersign.notices join countersign.notice_tokens
             on notice_id = notices.id where kind = 'several_expired' and state = 'sent'",
        "select count(*) from countersign.tokens where state = 'expired'",
    ] {
        assert_eq!(team.count(query).await, 3, "{query}");
    }
    assert_eq!(heard(&team.rin, "3 of your tokens have expired"), 1);
    assert_eq!(heard(&team.rin, "expired"), 1);
    assert!(second.stop().await.unwrap().success());
    team.last_card("has expired").await;
    team.finish().await;
}
