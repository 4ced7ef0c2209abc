//! The developers get emails.

use discord_sim::{MessageView, Options};
use testkit::mailbox::Mailbox;
use testkit::smtp::Smtp;

use super::Team;
use testkit::team::{DEVELOPER, code_blocks};

const OTHER: &str = "ops+keys@orchard.example";

/// Rin's request that names two developers, at the DM with *Reveal*.
async fn is_ready(team: &Team) -> MessageView {
    let mut modal = team.form(&team.rin, "orchard", "Reports").await;
    modal.fill("Developer emails", &format!("{DEVELOPER}; {OTHER}\n{DEVELOPER}")).unwrap();
    modal.choose_user("Primary contact", &team.chiyo).unwrap();
    team.submit_and_approve(&modal).await;
    team.rin.sees_dm("is ready").await.unwrap()
}

#[tokio::test]
async fn developers_are_mailed_and_the_contact_is_told() {
    let team = Team::start("mail").await;
    let ready = is_ready(&team).await;
    for address in [DEVELOPER, OTHER] {
        let mail = team.setup.mailbox.wait_for(address, "was created").await.unwrap();
        let text = mail.text.as_deref().unwrap();
        for said in ["Reports", "Rin", "Aki, Ben", "Chiyo", "GET", "90 days after", "Token makers"]
        {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
        assert!(mail.html.is_some());
        assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    }
    team.chiyo.sees_dm("was created").await.unwrap();
    let shown = team.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    let secret = code_blocks(&shown)[1].clone();
    for address in [DEVELOPER, OTHER] {
        team.setup.mailbox.wait_for(address, "was collected").await.unwrap();
    }
    team.chiyo.sees_dm("was collected").await.unwrap();
    for mail in team.setup.mailbox.all().unwrap() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains(&secret));
    }
    team.is_collected().await;
    let outcomes = "select count(*) from countersign.events where kind = 'notice_sent'";
    assert_eq!(team.count(outcomes).await, 7, "2 × (2 mails and the contact), and the requester");
    team.ends().await;
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
    for address in [DEVELOPER, OTHER] {
        received.wait_for(address, "was created").await.unwrap();
    }
    team.chiyo.sees_dm("was created").await.unwrap();
    team.last_card("Issued").await;
    assert!(received.unread().unwrap().is_empty());
    team.ends().await;
}
