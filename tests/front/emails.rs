//! The developers hear of it by mail.

use discord_sim::{MessageView, Options};
use testkit::mailbox::Mailbox;
use testkit::smtp::Smtp;

use super::Scene;
use testkit::scene::{DEVELOPER, code_blocks};

const OTHER: &str = "ops+keys@orchard.example";

/// Rin's request that names two developers, at the DM with *Reveal*.
async fn is_ready(scene: &Scene) -> MessageView {
    let mut modal = scene.form(&scene.rin, "orchard", "Reports").await;
    modal.fill("Developer emails", &format!("{DEVELOPER}; {OTHER}\n{DEVELOPER}")).unwrap();
    modal.choose_user("Primary contact", &scene.chiyo).unwrap();
    let panel = modal.submit().await.unwrap().private().unwrap();
    let panel = scene.rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    scene.rin.clicks(&panel, "Create").await.unwrap();
    let card = scene.card("0 of 2 approvals").await;
    scene.is_approved(&card).await;
    scene.rin.sees_dm("is ready").await.unwrap()
}

#[tokio::test]
async fn developers_are_mailed_and_the_contact_is_told() {
    let scene = Scene::start("mail").await;
    let ready = is_ready(&scene).await;
    for address in [DEVELOPER, OTHER] {
        let mail = scene.stage.mailbox.wait_for(address, "was created").await.unwrap();
        let text = mail.text.as_deref().unwrap();
        for said in ["Reports", "Rin", "Aki, Ben", "Chiyo", "GET", "90 days after", "Token makers"]
        {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
        assert!(mail.html.is_some());
        assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    }
    scene.chiyo.sees_dm("was created").await.unwrap();
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    let secret = code_blocks(&shown)[1].clone();
    for address in [DEVELOPER, OTHER] {
        scene.stage.mailbox.wait_for(address, "was collected").await.unwrap();
    }
    scene.chiyo.sees_dm("was collected").await.unwrap();
    for mail in scene.stage.mailbox.all().unwrap() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains(&secret));
    }
    scene.is_collected().await;
    let outcomes = "select count(*) from countersign.events where kind = 'notice_sent'";
    assert_eq!(scene.count(outcomes).await, 7, "2 × (2 mails and the contact), and the requester");
    scene.ends().await;
}

#[tokio::test]
async fn a_real_server_that_wants_starttls_and_a_login_gets_them() {
    let smtp = Smtp::start().await.unwrap();
    let scene = Scene::with("smtp", Options::standard(), |config| {
        config.mail_url = smtp.url();
        config.mail_ca_file = Some(smtp.ca_file());
    })
    .await;
    let received: &Mailbox = smtp.mailbox();
    is_ready(&scene).await;
    for address in [DEVELOPER, OTHER] {
        received.wait_for(address, "was created").await.unwrap();
    }
    scene.chiyo.sees_dm("was created").await.unwrap();
    scene.last_card("Issued").await;
    assert!(received.unread().unwrap().is_empty());
    scene.ends().await;
}
