//! Tokens expire, in a Postgres whose clock the test moves.

use discord_sim::{Options, Person};
use testkit::clock::Clock;
use testkit::postgres::{Durability, Postgres};
use testkit::scene::{DEVELOPER, Scene, shows};

use super::token_life::has_a_token;

use super::clock::noon;
pub use super::clock::{DAY, caught_up, is_off_until};

/// The standard guild with a bot and a Postgres that go by this clock.
pub async fn by_the_clock(label: &str, clock: &Clock) -> Scene {
    clock.step(noon()).unwrap();
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    postgres.goes_by(clock).await.unwrap();
    Scene::on(&postgres, label, Options::standard(), |config| {
        config.environment.extend(clock.environment());
    })
    .await
}

/// Rin's token with a developer and with Chiyo as its contact, up to the DM with *Reveal*.
pub async fn is_shared(scene: &Scene, name: &str) {
    let mut modal = scene.form(&scene.rin, "orchard", name).await;
    modal.fill("Developer emails", DEVELOPER).unwrap();
    modal.choose_user("Primary contact", &scene.chiyo).unwrap();
    let panel = modal.submit().await.unwrap().private().unwrap();
    let panel = scene.rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    scene.rin.clicks(&panel, "Create").await.unwrap();
    let card = scene.card("0 of 2 approvals").await;
    scene.is_approved(&card).await;
    let ready = scene.rin.sees_dm("is ready").await.unwrap();
    mailed(scene, "was created").await;
    scene.chiyo.sees_dm("was created").await.unwrap();
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    scene.rin.clicks(&shown, "I have stored it").await.unwrap().gone().unwrap();
    mailed(scene, "was collected").await;
    scene.chiyo.sees_dm("was collected").await.unwrap();
    scene.is_collected().await;
}

pub async fn mailed(scene: &Scene, subject: &str) -> String {
    scene.stage.mailbox.wait_for(DEVELOPER, subject).await.unwrap().text.unwrap()
}

/// How many direct messages of a person contain this.
pub fn heard(person: &Person, what: &str) -> usize {
    person.dms().iter().filter(|message| message.contains(what)).count()
}

#[tokio::test]
async fn a_token_expires_with_one_word_to_everyone_and_all_of_it_ends() {
    let clock = Clock::new().unwrap();
    let scene = by_the_clock("expires", &clock).await;
    is_shared(&scene, "Reports").await;
    // A change is under way.
    let panel = shows(&scene.rin, "Reports").await;
    let panel = scene.rin.clicks(&panel, "Extend").await.unwrap().private().unwrap();
    let ends = ["Expires after 365 days"];
    let panel = scene.rin.selects(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    scene.rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    scene.card("requests more time").await;
    scene.stage.settles().await.unwrap();

    // Half a day is left, and then none.
    let last_day = 90 * DAY - DAY / 2;
    is_off_until(&scene, &clock, last_day).await;
    let live = "select count(*) from countersign.secrets where state = 'current'";
    assert_eq!(scene.count(live).await, 1);
    assert_eq!(heard(&scene.rin, "has expired"), 0);
    is_off_until(&scene, &clock, last_day + 7 * DAY).await;
    // Again, to find what would be said twice.
    is_off_until(&scene, &clock, last_day + 8 * DAY).await;
    assert_eq!(heard(&scene.rin, "has expired"), 1);
    assert_eq!(heard(&scene.chiyo, "has expired"), 1);
    let mails = scene.stage.mailbox.all().unwrap();
    let of_expiry = |mail: &&testkit::mailbox::Mail| {
        mail.header("Subject").is_some_and(|subject| subject.contains("has expired"))
    };
    assert_eq!(mails.iter().filter(of_expiry).count(), 1);
    let dead = "select count(*) from countersign.secrets where state = 'dead'";
    assert_eq!(scene.count(dead).await, 1);
    assert_eq!(scene.count("select count(*) from countersign.reserved_names").await, 0);
    scene.last_card("has expired").await;
    for person in [&scene.rin, &scene.chiyo] {
        let panel = shows(person, "Reports").await;
        assert!(!panel.buttons().iter().any(|button| button == "Extend"), "{panel}");
    }
    // The name is free.
    scene.asks(&scene.rin, "Reports").await;
    scene.card("0 of 2 approvals").await;
    let all = scene.stage.mailbox.unread().unwrap();
    all.iter().for_each(|mail| scene.stage.mailbox.mark_read(mail));
    scene.ends().await;
}

#[tokio::test]
async fn what_expired_meanwhile_is_told_in_one_message_to_each() {
    let clock = Clock::new().unwrap();
    let scene = by_the_clock("expire together", &clock).await;
    for name in ["Reports", "Dashboard", "Archive"] {
        is_shared(&scene, name).await;
    }
    // Only Rin's, so that Chiyo and the developer hear of the three.
    has_a_token(&scene, "Alone").await;
    is_off_until(&scene, &clock, 97 * DAY).await;
    // Again, to find what would be said twice.
    is_off_until(&scene, &clock, 98 * DAY).await;
    let message = scene.rin.sees_dm("4 of your tokens have expired").await.unwrap();
    assert!(message.contains("Reports") && message.contains("Alone"), "{message}");
    let message = scene.chiyo.sees_dm("3 of your tokens have expired").await.unwrap();
    assert!(message.contains("Archive") && !message.contains("Alone"), "{message}");
    let text = mailed(&scene, "3 API tokens have expired, “Reports” first").await;
    assert!(text.contains("“Dashboard” for Orchard API"), "{text}");
    for person in [&scene.rin, &scene.chiyo] {
        assert_eq!(heard(person, "expired"), 1);
    }
    // Each token's history tells of each message.
    let told = "select count(*) from countersign.events join countersign.notices
        on notices.id = (detail ->> 'notice')::bigint
        where events.kind = 'notice_sent' and notices.kind = 'several_expired'";
    assert_eq!(scene.count(told).await, 3 * 3 + 1);
    let untold = "select count(*) from countersign.expiries where told_at is null";
    assert_eq!(scene.count(untold).await, 0);
    let cards = scene.aki.channel("approvals").unwrap();
    assert_eq!(cards.iter().filter(|card| card.contains("It has expired")).count(), 4);
    scene.ends().await;
}

#[tokio::test]
async fn what_we_cannot_switch_off_is_not_called_expired_before_a_person_did_it() {
    let clock = Clock::new().unwrap();
    let scene = by_the_clock("expires by hand", &clock).await;
    scene.asks_by_hand(&scene.aki, "Dashboard").await;
    let card = scene.card("1 of 2 approvals").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let card = scene.card("Clear all").await;
    super::manual_issuer::fulfils(&scene.ben, &card, "IRexampleAGENCYsid0000000001", "a-token")
        .await;
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    scene.aki.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    scene.is_collected().await;

    is_off_until(&scene, &clock, 97 * DAY).await;
    // Again, to find what would be asked twice.
    is_off_until(&scene, &clock, 98 * DAY).await;
    let task = scene.card("must disable this token").await;
    let tasks = "select count(*) from countersign.requests where kind = 'disable'";
    assert_eq!(scene.count(tasks).await, 1);
    let waits = "select count(*) from countersign.tokens where state = 'disabling'";
    assert_eq!(scene.count(waits).await, 1);
    let told = "select count(*) from countersign.notices
        where kind in ('disabled', 'token_expired', 'deleted')";
    assert_eq!(scene.count(told).await, 0, "nobody is told that it is off");

    scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    scene.aki.sees_dm("has expired").await.unwrap();
    scene.last_card("Disabled:").await;
    let expired = "select count(*) from countersign.tokens where state = 'expired'";
    assert_eq!(scene.count(expired).await, 1);
    assert_eq!(scene.count(told).await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn two_processes_end_a_token_once() {
    let clock = Clock::new().unwrap();
    let scene = by_the_clock("expires twice", &clock).await;
    for name in ["One", "Two", "Three"] {
        has_a_token(&scene, name).await;
    }
    let second = scene.stage.bot.replica("2");
    assert!(scene.stage.bot.stop().await.unwrap().success());
    clock.step(91 * DAY).unwrap();
    scene.stage.bot.launch().await.unwrap();
    second.launch().await.unwrap();
    scene.stage.bot.wait_ready().await.unwrap();
    caught_up(&scene).await;
    for query in [
        "select count(*) from countersign.events where kind = 'token_expired'",
        "select count(*) from countersign.expiries where told_at is not null",
        "select count(*) from countersign.notices join countersign.notice_tokens
             on notice_id = notices.id where kind = 'several_expired' and state = 'sent'",
        "select count(*) from countersign.tokens where state = 'expired'",
    ] {
        assert_eq!(scene.count(query).await, 3, "{query}");
    }
    assert_eq!(heard(&scene.rin, "3 of your tokens have expired"), 1);
    assert_eq!(heard(&scene.rin, "expired"), 1);
    assert!(second.stop().await.unwrap().success());
    scene.last_card("has expired").await;
    scene.ends().await;
}
