//! Who is at fault when a real mail server refuses: what is about us loses no email and is told to operators; what
//! the server says of a mailbox is told to the token's contact.

use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::clock::Clock;
use testkit::postgres::{Durability, Postgres};
use testkit::smtp::Refuses;
use testkit::team::{DEVELOPER, Team};

use super::mail::{CHECK_SUBJECT, DAY, DELAY, Fixture, OTHER, SENT, TROUBLE, UNSETTLED, all_once};

/// What says that an email will never arrive.
const BLAMED: &str =
    "select (select count(*) from countersign.events where kind = 'notice_refused')
    + (select count(*) from countersign.notices where kind like 'mailbox_refused%')";

/// Microsoft's answer where the login may not send as the sender.
const SEND_AS_DENIED: &str =
    "554 5.2.252 SendAsDenied; ops@example.com not allowed to send as tokens@example.com";

impl Fixture {
    async fn mail_health(&self) -> Value {
        read_mail_health(&self.team).await
    }

    async fn show_token(&self, words: &[&str]) {
        wait_for_mail_health(&self.team, words).await;
    }

    async fn checks(&self, arguments: &[&str]) -> (i32, String) {
        check_mail(&self.team, arguments).await
    }

    fn count_in_log(&self, words: &str) -> usize {
        self.team.setup.bot.log().lines().filter(|line| line.contains(words)).count()
    }
}

async fn read_mail_health(team: &Team) -> Value {
    let url = team.setup.bot.url().unwrap();
    let response = reqwest::get(format!("{url}/readyz")).await.unwrap();
    assert_eq!(response.status(), 200, "a load balancer keeps the bot");
    let shown: Value = response.json().await.unwrap();
    assert_eq!(shown["ready"], true);
    shown["mail"].clone()
}

/// Waits until `/readyz` says all this, or that emails are taken.
pub(super) async fn wait_for_mail_health(team: &Team, words: &[&str]) {
    let begun = Instant::now();
    loop {
        let shown = read_mail_health(team).await;
        let reason = shown["reason"].as_str().unwrap_or_default();
        let is_ready = shown["ready"].as_bool().unwrap();
        let is_there = words.iter().all(|words| reason.contains(words));
        if is_ready == words.is_empty() && is_there {
            return;
        }
        assert!(begun.elapsed() < DELAY, "{words:?} is not in {shown}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// How `check` ends, and the lines about emails.
pub(super) async fn check_mail(team: &Team, arguments: &[&str]) -> (i32, String) {
    let arguments = [&["check"], arguments].concat();
    let output = team.setup.bot.run(&arguments).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let from = text.find("  mail: ").map_or(text.as_str(), |at| &text[at..]);
    (output.status.code().unwrap(), from.to_owned())
}

#[tokio::test]
async fn a_sender_that_is_refused_for_everybody_loses_no_email() {
    let fixture = Fixture::start("mail send as denied").await;
    fixture.smtp.refuse(Refuses::Message, "*", Some(SEND_AS_DENIED)).unwrap();
    for name in ["Reports", "Dashboard"] {
        fixture.is_collected_as(name).await;
    }
    let told = ["4 emails wait", "5.2.252 SendAsDenied", "change from", "tokens@example.com"];
    fixture.show_token(&told).await;
    tokio::time::sleep(TROUBLE).await;
    assert!(!fixture.mail_health().await.to_string().contains("ops@"), "addresses of others");
    assert_eq!(fixture.notices(UNSETTLED).await, 4);
    assert_eq!(fixture.notices(BLAMED).await, 0);
    assert_eq!(fixture.count_in_log("emails are not taken"), 1, "once, not for each email");

    let (code, said) = fixture.checks(&[]).await;
    assert!(code == 0 && said.contains("without sending one"), "{said}");
    let (code, said) = fixture.checks(&["--mail", DEVELOPER]).await;
    assert!(code == 1 && said.contains("5.2.252") && said.contains("change from"), "{said}");

    // A new process knows it at once, however long the pause was.
    fixture.team.setup.bot.restart().await.unwrap();
    fixture.show_token(&told).await;
    fixture.smtp.refuse(Refuses::Message, "*", None).unwrap();
    fixture.team.setup.wait_for_count_within(UNSETTLED, 0, DELAY).await.unwrap();
    fixture.show_token(&[]).await;
    assert_eq!(fixture.count_in_log("no email waits any longer"), 1);
    let (code, said) = fixture.checks(&["--mail", DEVELOPER]).await;
    assert!(code == 0 && said.contains("was taken"), "{said}");
    fixture.smtp.mailbox().wait_for(DEVELOPER, CHECK_SUBJECT).await.unwrap();

    assert_eq!(fixture.notices(BLAMED).await, 0);
    let got = fixture.finish().await;
    assert!(got.len() == 4 && got.values().all(|times| *times == 1), "{got:?}");
}

#[tokio::test]
async fn what_is_about_us_waits_and_is_told_at_every_stage() {
    for (step, words, cure) in [
        (
            "EHLO",
            "550 5.7.1 <3f2a91c07d11>: Helo command rejected: Host not found",
            "hello in [mail]",
        ),
        ("MAIL", "550 5.1.0 Sender address rejected", "change from"),
        // Postfix keeps until then what it has against a name or a sender.
        (
            "RCPT",
            "504 5.5.2 <3f2a91c07d11>: Helo command rejected: need a full name",
            "hello in [mail]",
        ),
        ("RCPT", "550 5.7.1 Relaying denied", "other domains"),
        ("RCPT", "550 relay not permitted", "other domains"),
        ("DATA", "554 Transaction failed", "SPF"),
    ] {
        let fixture = Fixture::start("mail against us").await;
        fixture.proxy.answers(step, Some(words));
        fixture.wait_for_collected_card().await;
        fixture.show_token(&["2 emails wait", words.split(' ').next_back().unwrap(), cure]).await;
        tokio::time::sleep(TROUBLE).await;
        assert_eq!(fixture.notices(UNSETTLED).await, 2, "{words}");
        assert_eq!(fixture.notices(BLAMED).await, 0, "{words}");
        assert_eq!(fixture.count_in_log("emails are not taken"), 1, "{words}");
        if step != "DATA" {
            let (code, said) = fixture.checks(&[]).await;
            let (outcome, is_for_all) = if step == "RCPT" { ("warning", 0) } else { ("FAILED", 1) };
            assert_eq!(code, is_for_all, "{outcome}: {said}");
            assert!(said.contains(cure), "{said}");
        }
        fixture.proxy.answers(step, None);
        all_once(&fixture.finish().await);
    }
}

#[tokio::test]
async fn one_email_that_is_refused_because_of_us_keeps_no_other() {
    for (when, words) in [
        (Refuses::Message, "554 Rejected"),
        (Refuses::Message, "554 5.6.0 Not this content"),
        (Refuses::Recipient, "550 5.7.1 Not from you"),
    ] {
        let fixture = Fixture::start("mail against one").await;
        fixture.smtp.refuse(when, OTHER, Some(words)).unwrap();
        for (name, sent) in [("Reports", 1), ("Dashboard", 2)] {
            fixture.is_collected_as(name).await;
            fixture.team.setup.wait_for_count(SENT, sent).await.unwrap();
        }
        fixture.show_token(&["2 emails wait", words]).await;
        assert_eq!(fixture.notices(UNSETTLED).await, 2, "{words}");
        assert_eq!(fixture.notices(BLAMED).await, 0, "{words}");
        assert_eq!(fixture.count_in_log("emails are not taken"), 1, "{words}");
        fixture.smtp.refuse(when, OTHER, None).unwrap();
        fixture.team.setup.wait_for_count_within(UNSETTLED, 0, DELAY).await.unwrap();
        fixture.show_token(&[]).await;
        let got = fixture.finish().await;
        assert!(got.len() == 4 && got.values().all(|times| *times == 1), "{got:?}");
    }
}

#[tokio::test]
async fn what_is_about_us_waits_longer_than_a_mailbox_may_put_off() {
    let clock = Clock::new().unwrap();
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    postgres.follow_clock(&clock).await.unwrap();
    let fixture = Fixture::on(&postgres, "mail against us for days").await;
    let refuses = |words| fixture.smtp.refuse(Refuses::Recipient, OTHER, words).unwrap();
    let put_off = "select count(*) from countersign.notices where put_off_since is not null";
    refuses(Some("450 4.7.1 Not from you for now"));
    fixture.wait_for_collected_card().await;
    fixture.team.setup.wait_for_count(put_off, 1).await.unwrap();
    fixture.show_token(&[]).await;
    clock.step(6 * DAY).unwrap();
    fixture.show_token(&["1 email waits", "4.7.1 Not from you for now"]).await;

    let (_, said) = fixture.checks(&[]).await;
    assert!(said.contains("1 email waits, the oldest since "), "{said}");

    // Meanwhile nobody asks the mailbox, so its days begin again.
    refuses(Some("550 5.7.1 Never from you"));
    fixture.show_token(&["1 email waits", "5.7.1 Never from you"]).await;
    fixture.team.setup.wait_for_count(put_off, 0).await.unwrap();
    refuses(Some("450 4.2.0 Greylisted"));
    fixture.team.setup.wait_for_count_within(put_off, 1, DELAY).await.unwrap();
    fixture.show_token(&[]).await;
    assert_eq!(fixture.notices(UNSETTLED).await, 1);
    assert_eq!(fixture.notices(BLAMED).await, 0);
    refuses(None);
    all_once(&fixture.finish().await);
}
