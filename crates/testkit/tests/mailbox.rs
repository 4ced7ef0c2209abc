//! The mailbox, filled by a mailer that writes to files.

use std::time::Duration;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox as Address, MultiPart};
use lettre::{AsyncFileTransport, AsyncTransport, Message, Tokio1Executor};
use testkit::mailbox::Mailbox;

/// A header with the form of those that mailing lists use.
#[derive(Clone)]
struct ListId(String);

impl Header for ListId {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Id")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

fn message(to: &str, subject: &str, text: &str) -> Message {
    Message::builder()
        .from("カウンターサイン <tokens@example.com>".parse::<Address>().unwrap())
        .to(to.parse().unwrap())
        .subject(subject)
        .header(ListId("tokens <tokens.example.com>".to_owned()))
        .message_id(Some("<1@example.com>".to_owned()))
        .multipart(MultiPart::alternative_plain_html(text.to_owned(), format!("<p>{text}</p>")))
        .unwrap()
}

#[tokio::test]
async fn decodes_what_was_mailed() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::new(folder.path());
    assert!(mailbox.all().unwrap().is_empty());
    let mailer = AsyncFileTransport::<Tokio1Executor>::new(folder.path());
    let subject =
        "トークン「月次レポート」が作成されました: a subject that is too long for one line";
    mailer.send(message("Mika <mika@example.com>", subject, "本文です。\n日本語")).await.unwrap();
    let mail = mailbox.wait_for("MIKA@example.com", "月次レポート").await.unwrap();
    assert_eq!(mail.subject, subject);
    assert_eq!(mail.from, "カウンターサイン <tokens@example.com>");
    assert_eq!(mail.to, ["mika@example.com"]);
    assert_eq!(mail.text.as_deref().unwrap().trim_end(), "本文です。\n日本語");
    assert_eq!(mail.html.as_deref().unwrap().trim_end(), "<p>本文です。\n日本語</p>");
    assert_eq!(mail.header("list-id"), Some("tokens <tokens.example.com>"));
    assert_eq!(mail.header("message-id"), Some("1@example.com"));
    assert_eq!(mail.header("none"), None);
    assert_eq!(
        mail.to_string(),
        format!(
            "From: カウンターサイン <tokens@example.com>\nTo: mika@example.com\nSubject: {subject}\n\n\
             本文です。\n日本語\n"
        )
    );
}

#[tokio::test]
async fn tells_read_mails_from_unread_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::new(folder.path());
    let mailer = AsyncFileTransport::<Tokio1Executor>::new(folder.path());
    for text in ["first", "second"] {
        mailer.send(message("dev@example.com", "Created", text)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    mailer.send(message("other@example.com", "Created", "third")).await.unwrap();
    for text in ["first", "second"] {
        let mail = mailbox.wait_for("dev@example.com", "Created").await.unwrap();
        assert_eq!(mail.text.unwrap().trim_end(), text);
    }
    assert_eq!(mailbox.unread().unwrap().len(), 1);
    let limit = Duration::from_millis(100);
    let missing = mailbox.wait_for_within(limit, "dev@example.com", "Created").await.unwrap_err();
    assert!(missing.to_string().contains("to other@example.com: Created"), "{missing}");
    mailbox.mark_read(&mailbox.unread().unwrap()[0]);
    assert!(mailbox.unread().unwrap().is_empty());
    assert_eq!(mailbox.all().unwrap().len(), 3);
}
