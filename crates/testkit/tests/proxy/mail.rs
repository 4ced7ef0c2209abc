//! The proxy before the mail server, used by a real client.

use discord_sim::crash_points::{Outcome, When, Which};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use testkit::proxy::mail::{END_OF_MESSAGE, MailProxy};
use testkit::smtp::Smtp;

use crate::reached;

fn message() -> Message {
    Message::builder()
        .from("tokens@example.com".parse().unwrap())
        .to("dev@example.com".parse().unwrap())
        .subject("Token created")
        .body("A token was created.\n.\nQUIT\n".to_owned())
        .unwrap()
}

#[tokio::test]
async fn counts_commands_and_holds_the_end_of_a_message() {
    let smtp = Smtp::start().await.unwrap();
    let proxy = MailProxy::start(smtp.open_port()).await.unwrap();
    let client = || {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&proxy.url())
            .unwrap()
            .pool_config(lettre::transport::smtp::PoolConfig::new().max_size(1))
            .build()
    };
    client().send(message()).await.unwrap();
    let mail = smtp.mailbox().wait_for("dev@example.com", "created").await.unwrap();
    assert!(mail.text.unwrap().contains("QUIT"), "a message's lines are no commands");
    let labels: Vec<String> =
        proxy.points().arrivals().into_iter().map(|arrival| arrival.label).collect();
    assert_eq!(labels[..5], ["EHLO", "MAIL", "RCPT", "DATA", END_OF_MESSAGE]);

    for (when, outcome, mails) in
        [(When::Before, Outcome::Open, 1), (When::After, Outcome::Done, 2)]
    {
        proxy.points().count_anew();
        let which = Which::Repetition { label: END_OF_MESSAGE.to_owned(), repetition: 1 };
        let mut hold = proxy.points().hold(which, when);
        let client = client();
        let (sent, ()) = tokio::join!(client.send(message()), async {
            let held = reached(&mut hold).await;
            assert_eq!(held.arrival.outcome, outcome);
        });
        sent.unwrap_err();
        if when == When::After {
            smtp.mailbox().wait_for("dev@example.com", "created").await.unwrap();
        }
        assert_eq!(smtp.mailbox().all().unwrap().len(), mails);
    }
}
