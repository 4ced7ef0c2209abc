//! The developers get emails.

use discord_sim::{MessageView, Options};
use testkit::clock::Clock;
use testkit::mailbox::Mailbox;
use testkit::smtp::Smtp;

use super::Team;
use super::clock::noon;
use super::expiry::by_the_clock;
use testkit::team::{DEVELOPER, code_blocks, press_button};

const OTHER: &str = "ops+keys@orchard.example";

/// Rin's request that names two developers, at the DM with *Reveal*.
async fn is_ready(team: &Team) -> MessageView {
    let mut modal = team.form(&team.rin, "orchard", "Reports").await;
    modal.fill("Developer emails", &format!("{DEVELOPER}; {OTHER}\n{DEVELOPER}")).unwrap();
    modal.choose_user("Primary contact", &team.chiyo).unwrap();
    team.submit_and_approve(&modal).await;
    team.rin.wait_for_dm("is ready").await.unwrap()
}

#[tokio::test]
async fn developers_are_mailed_and_the_contact_is_told() {
    let team = Team::start("mail").await;
    let ready = is_ready(&team).await;
    team.chiyo.wait_for_dm("was created").await.unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let secret = code_blocks(&shown)[1].clone();
    for address in [DEVELOPER, OTHER] {
        let mail = team.setup.mailbox.wait_for(address, "was created and collected").await.unwrap();
        let text = mail.text.as_deref().unwrap();
        for said in ["Reports", "Rin", "Aki, Ben", "Chiyo", "GET", "works now", "Token makers"] {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
        assert!(mail.html.is_some());
        assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    }
    team.chiyo.wait_for_dm("was collected").await.unwrap();
    for mail in team.setup.mailbox.all().unwrap() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains(&secret));
    }
    team.wait_for_collected_card().await;
    let outcomes = "select count(*) from countersign.events where kind = 'notice_sent'";
    assert_eq!(
        team.count(outcomes).await,
        4,
        "a mail to each of two, and two messages to the contact"
    );
    let dropped = "select count(*) from countersign.events where kind = 'notice_dropped'";
    assert_eq!(team.count(dropped).await, 2, "what the mails tell along");
    team.finish().await;
}

#[tokio::test]
async fn who_collects_late_is_told_of_in_a_mail_of_its_own() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("late", &clock).await;
    let ready = is_ready(&team).await;
    team.chiyo.wait_for_dm("was created").await.unwrap();
    team.last_card("Issued").await;
    assert!(team.setup.mailbox.all().unwrap().is_empty(), "it waits for the collection");
    clock.step(noon() + 10 * 60 + 1).unwrap();
    for address in [DEVELOPER, OTHER] {
        let mail = team.setup.mailbox.wait_for(address, "was created").await.unwrap();
        assert!(!mail.subject.contains("collected"), "{mail}");
    }
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    for address in [DEVELOPER, OTHER] {
        let mail = team.setup.mailbox.wait_for(address, "was collected").await.unwrap();
        assert!(!mail.subject.contains("created"), "{mail}");
    }
    team.chiyo.wait_for_dm("was collected").await.unwrap();
    team.wait_for_collected_card().await;
    team.finish().await;
}

#[tokio::test]
async fn what_ends_before_it_is_collected_is_told_at_once() {
    let team = Team::start("mail at once").await;
    is_ready(&team).await;
    team.chiyo.wait_for_dm("was created").await.unwrap();
    press_button(&team.aki, "Reports", "Disable").await;
    for (address, subject) in [DEVELOPER, OTHER]
        .into_iter()
        .flat_map(|address| ["was created", "was disabled"].map(|subject| (address, subject)))
    {
        team.setup.mailbox.wait_for(address, subject).await.unwrap();
    }
    for person in [&team.rin, &team.chiyo] {
        person.wait_for_dm("was disabled").await.unwrap();
    }
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn a_real_server_that_wants_starttls_and_a_login_gets_them() {
    let smtp = Smtp::start().await.unwrap();
    let team = Team::with("smtp", Options::standard(), |config| {
        config.mail_url = smtp.url();
        config.mail_ca_file = Some(smtp.ca_file());
    })
    .await;
    let received: &Mailbox = smtp.mailbox();
    is_ready(&team).await;
    team.setup.send_mails_now().await.unwrap();
    for address in [DEVELOPER, OTHER] {
        received.wait_for(address, "was created").await.unwrap();
    }
    team.chiyo.wait_for_dm("was created").await.unwrap();
    team.last_card("Issued").await;
    assert!(received.unread().unwrap().is_empty());
    team.finish().await;
}
