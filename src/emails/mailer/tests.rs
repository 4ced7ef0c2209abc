use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::config::HelloName;

mod tokens;

fn email(subject: &str) -> Email {
    Email {
        to: "dev@example.com".parse().unwrap(),
        about: Subject::Notice(NoticeId::new(7).unwrap()),
        date: "2026-11-24T09:30:00Z".parse().unwrap(),
        language: Language::Japanese,
        written: EmailText {
            subject: subject.into(),
            text: "Hello 日本".into(),
            html: "<p>Hello</p>".into(),
        },
    }
}

fn mailer(transport: MailTransport) -> Mailer {
    let from = "Countersign <tokens@example.com>".parse().unwrap();
    let settings = MailSettings { transport, from, time_zone: chrono_tz::Tz::UTC };
    Mailer::new(&settings, &Network::default(), ApplicationId::new(11).unwrap()).unwrap()
}

fn smtp_at(address: &str) -> Mailer {
    let url = SecretString::from(format!("smtp://{address}"));
    mailer(MailTransport::Smtp { url, ca_file: None, hello: None, oauth: None })
}

/// A server that answers a command's first word with a line of the script, and what it heard.
async fn server(script: &'static [(&str, &str)]) -> (Mailer, Arc<Mutex<String>>) {
    let (address, heard) = server_at(script).await;
    (smtp_at(&address), heard)
}

async fn server_at(script: &'static [(&str, &str)]) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(String::new()));
    let log = heard.clone();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let answer = |command: &str| {
            let found = script.iter().find(|(name, _)| *name == command);
            found.map_or("250 ok", |(_, answer)| answer)
        };
        let mut send = async |text: &str| write.write_all(format!("{text}\r\n").as_bytes()).await;
        send(answer("CONNECT")).await.unwrap();
        let mut in_data = false;
        while let Ok(Some(line)) = lines.next_line().await {
            log.lock().unwrap().push_str(&format!("{line}\n"));
            let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            if in_data {
                if line == "." {
                    in_data = false;
                    send(answer(".")).await.unwrap();
                }
            } else if command == "DATA" {
                in_data = answer("DATA").starts_with('3');
                send(answer("DATA")).await.unwrap();
            } else {
                send(answer(&command)).await.unwrap();
            }
        }
    });
    (address.to_string(), heard)
}

const POLITE: (&str, &str) = ("CONNECT", "220 mail.example.com");
const GO_ON: (&str, &str) = ("DATA", "354 go on");

#[tokio::test]
async fn an_email_bears_its_headers_and_both_parts() {
    let (mailer, heard) = server(&[POLITE, GO_ON, (".", "250 queued as 42")]).await;
    let accepted = mailer.send(&email("レポート")).await.unwrap();
    assert_eq!(accepted.message_id, "<notice-7.1795512600000000.11@example.com>");
    assert_eq!(accepted.reply, "250 queued as 42");
    let heard = heard.lock().unwrap();
    for line in [
        "Message-ID: <notice-7.1795512600000000.11@example.com>",
        "Auto-Submitted: auto-generated",
        "List-Id: <countersign.example.com>",
        "Content-Language: ja",
        "Date: Tue, 24 Nov 2026 09:30:00 +0000",
        "From: Countersign <tokens@example.com>",
        "To: dev@example.com",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(heard.lines().any(|heard| heard == line), "{line}\n{heard}");
    }
    assert!(heard.contains("Content-Type: multipart/alternative"), "{heard}");
}

#[tokio::test]
async fn a_subject_cannot_add_a_header() {
    let (mailer, heard) = server(&[POLITE, GO_ON]).await;
    mailer.send(&email("hi\r\nBcc: mallory@example.com\r\n\r\nbody")).await.unwrap();
    let heard = heard.lock().unwrap();
    assert!(!heard.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{heard}");
    assert_eq!(heard.matches("RCPT TO").count(), 1);
}

async fn refused(script: &'static [(&str, &str)]) -> SendError {
    server(script).await.0.send(&email("hi")).await.unwrap_err()
}

/// That a refusal is read at its stage, out of what is on the wire; the table's own tests have every row.
#[tokio::test]
async fn a_refusal_counts_by_its_stage() {
    for (script, fault, is_for_all, cure) in [
        (&[("CONNECT", "421 busy")][..], Fault::Temporary, true, "hello in [mail]"),
        (&[("CONNECT", "nonsense")], Fault::Temporary, true, "right server"),
        (&[("CONNECT", "554 5.7.1 you are on a list")], Fault::Ours, true, "hello in [mail]"),
        (&[POLITE, ("EHLO", "550 5.1.1 not you")], Fault::Ours, true, "hello in [mail]"),
        (&[POLITE, ("MAIL", "530 authentication required")], Fault::Ours, true, "password"),
        (&[POLITE, ("MAIL", "550 5.1.0 Sender address rejected")], Fault::Ours, true, "from"),
        (&[POLITE, ("RCPT", "550 no such\tuser")], Fault::Mailbox, false, ""),
        (
            &[POLITE, ("RCPT", "550-5.2.1 off\r\n550 5.2.1 see elsewhere")],
            Fault::Mailbox,
            false,
            "",
        ),
        (&[POLITE, ("RCPT", "421 shutting down")], Fault::Temporary, false, ""),
        (&[POLITE, ("RCPT", "450 greylisted")], Fault::Temporary, false, ""),
        (&[POLITE, ("RCPT", "550 5.7.1 relaying denied")], Fault::Ours, false, "other domains"),
        (&[POLITE, ("DATA", "554 no")], Fault::Ours, false, "SPF"),
        (&[POLITE, GO_ON, (".", "451 later")], Fault::Temporary, false, ""),
        (&[POLITE, GO_ON, (".", "554 rejected")], Fault::Ours, false, "SPF"),
        (&[POLITE, GO_ON, (".", "554 5.2.252 SendAsDenied")], Fault::Ours, false, "change from"),
        (&[POLITE, GO_ON, (".", "552 5.3.4 too big")], Fault::Ours, false, "limit or filter"),
        (&[POLITE, GO_ON, (".", "550 5.1.1 nobody here")], Fault::Mailbox, false, ""),
    ] {
        let error = refused(script).await;
        assert_eq!((error.fault, error.is_for_all()), (fault, is_for_all), "{script:?}: {error}");
        assert!(error.cure().contains(cure), "{script:?}: {}", error.cure());
        assert!(!error.to_string().contains(char::is_control), "{error}");
        let is_put_off =
            fault == Fault::Temporary && script.iter().any(|(_, answer)| answer.starts_with("45"));
        assert_eq!(error.is_put_off(), is_put_off, "{script:?}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = smtp_at(&closed.to_string()).send(&email("hi")).await.unwrap_err();
    assert_eq!((error.fault, error.is_for_all()), (Fault::Temporary, true), "{error}");
}

#[tokio::test]
async fn a_check_asks_for_the_sender_and_sends_nothing() {
    for (script, fault) in [
        (&[POLITE][..], None),
        (&[POLITE, ("EHLO", "550 5.7.1 not you")], Some(Fault::Ours)),
        (&[POLITE, ("MAIL", "451 later")], Some(Fault::Temporary)),
        (&[POLITE, ("MAIL", "550 5.1.0 Sender address rejected")], Some(Fault::Ours)),
        (&[POLITE, ("RCPT", "553 5.7.1 Sender address rejected: not owned")], Some(Fault::Ours)),
        (&[POLITE, ("RCPT", "550 5.1.1 nobody reads what comes here")], None),
        (&[POLITE, ("RCPT", "450 greylisted")], None),
    ] {
        let (mailer, heard) = server(script).await;
        let found = mailer.check().await.err().map(|error| error.fault);
        assert_eq!(found, fault, "{script:?}");
        assert!(!heard.lock().unwrap().contains("DATA"), "{script:?}");
    }
}

#[tokio::test]
async fn a_server_hears_a_name_that_means_something_to_it() {
    let named = HelloName::Name("bot.example.com".to_owned());
    let address = HelloName::Address("2001:db8::1".parse().unwrap());
    for (path, hello, heard_name) in [
        ("", Some(named), "bot.example.com"),
        ("", Some(address), "[IPv6:2001:db8::1]"),
        ("/other.example.com", None, "other.example.com"),
    ] {
        let (server, heard) = server_at(&[POLITE, GO_ON]).await;
        let url = SecretString::from(format!("smtp://{server}{path}"));
        let mailer = mailer(MailTransport::Smtp { url, ca_file: None, hello, oauth: None });
        mailer.send(&email("hi")).await.unwrap();
        let line = format!("EHLO {heard_name}");
        assert!(heard.lock().unwrap().lines().any(|heard| heard == line), "{line}");
    }
    let (mailer, heard) = server(&[POLITE, GO_ON]).await;
    mailer.send(&email("hi")).await.unwrap();
    let heard = heard.lock().unwrap();
    let name = heard.lines().find_map(|line| line.strip_prefix("EHLO ")).unwrap();
    assert!(name == "[127.0.0.1]" || HelloName::is_full_name(name), "{name}");
}

#[test]
fn whom_an_email_was_for_is_not_told() {
    let said = "550 5.7.1 <dev@example.com>: <Tokens@example.com> may not send to dev@example.com";
    assert_eq!(
        hide_addresses(said, "tokens@example.com"),
        "550 5.7.1 ••• <Tokens@example.com> may not send to •••"
    );
}

#[tokio::test]
async fn a_server_without_what_we_need_is_waited_for() {
    for login in ["smtp://{}?tls=required", "smtp://ops:password@{}"] {
        let (address, heard) = server_at(&[POLITE, GO_ON]).await;
        let url = SecretString::from(login.replace("{}", &address));
        let mailer = mailer(MailTransport::Smtp { url, ca_file: None, hello: None, oauth: None });
        let error = mailer.send(&email("hi")).await.unwrap_err();
        assert_eq!((error.fault, error.is_for_all()), (Fault::Ours, true), "{login}: {error}");
        assert!(!heard.lock().unwrap().contains("MAIL FROM"), "{login}");
    }
}

#[tokio::test]
async fn a_connection_carries_one_email_after_the_other() {
    // It takes one connection only.
    let (mailer, heard) = server(&[POLITE, GO_ON]).await;
    for subject in ["one", "two"] {
        mailer.send(&email(subject)).await.unwrap();
    }
    let heard = heard.lock().unwrap();
    assert_eq!(heard.matches("EHLO").count(), 1, "{heard}");
    assert_eq!(heard.matches("RCPT TO").count(), 2, "{heard}");
}

#[tokio::test]
async fn an_international_address_needs_a_server_that_takes_it() {
    let international = Email { to: "日本@example.jp".parse().unwrap(), ..email("hi") };
    let (mailer, _) = server(&[POLITE, GO_ON]).await;
    let error = mailer.send(&international).await.unwrap_err();
    assert_eq!((error.fault, error.is_for_all()), (Fault::Ours, false), "{error}");
    let (mailer, heard) =
        server(&[POLITE, GO_ON, ("EHLO", "250-mail.example.com\r\n250-8BITMIME\r\n250 SMTPUTF8")])
            .await;
    mailer.send(&international).await.unwrap();
    assert!(heard.lock().unwrap().contains("RCPT TO:<日本@example.jp>"));
}

#[tokio::test]
async fn every_address_reaches_its_server_as_it_is() {
    for (address, on_the_wire) in [
        ("o'brien+keys@example.com", "o'brien+keys@example.com"),
        ("\"a@b\"@example.com", "\"a@b\"@example.com"),
        ("dev@bücher.example", "dev@xn--bcher-kva.example"),
        ("dev@例え.jp", "dev@xn--r8jz45g.jp"),
    ] {
        let email = Email { to: address.parse().unwrap(), ..email("hi") };
        let (mailer, heard) = server(&[POLITE, GO_ON]).await;
        mailer.send(&email).await.unwrap_or_else(|error| panic!("{address}: {error}"));
        let heard = heard.lock().unwrap();
        let recipient = format!("RCPT TO:<{on_the_wire}>");
        assert!(heard.lines().any(|line| line.starts_with(&recipient)), "{recipient}\n{heard}");
        assert!(heard.lines().any(|line| line == format!("To: {on_the_wire}")), "{heard}");
        assert_eq!(heard.matches("RCPT TO").count(), 1, "one message to one person");
    }
}

#[tokio::test]
async fn what_is_sent_again_is_the_same_message() {
    let mut copies = Vec::new();
    for _ in 0..2 {
        let (mailer, heard) = server(&[POLITE, GO_ON]).await;
        mailer.send(&email("again")).await.unwrap();
        let heard = heard.lock().unwrap().clone();
        let identity = |line: &&str| line.starts_with("Message-ID:") || line.starts_with("Date:");
        copies.push(heard.lines().filter(identity).map(str::to_owned).collect::<Vec<_>>());
    }
    assert_eq!(copies[0].len(), 2, "{copies:?}");
    assert_eq!(copies[0], copies[1]);
}

#[test]
fn a_message_id_is_no_other_emails() {
    let at = |application| {
        let transport = MailTransport::Directory("emails".into());
        let from = "tokens@example.com".parse().unwrap();
        let application = ApplicationId::new(application).unwrap();
        let settings = MailSettings { transport, from, time_zone: chrono_tz::Tz::UTC };
        Mailer::new(&settings, &Network::default(), application).unwrap()
    };
    let first = email("hi");
    let anew = Email { date: first.date + chrono::TimeDelta::microseconds(1), ..first.clone() };
    let same = at(11).message_id(&first);
    assert_eq!(at(11).message_id(&email("other words")), same);
    assert_ne!(at(11).message_id(&anew), same, "of a database that began anew");
    assert_ne!(at(12).message_id(&first), same, "of another bot at the same address");
}

#[tokio::test]
async fn an_international_sender_makes_no_header_unreadable() {
    let directory = tempfile::tempdir().unwrap();
    let from = "Countersign <tokens@bücher.example>".parse().unwrap();
    let transport = MailTransport::Directory(directory.path().to_owned());
    let application = ApplicationId::new(11).unwrap();
    let settings = MailSettings { transport, from, time_zone: chrono_tz::Tz::UTC };
    let mailer = Mailer::new(&settings, &Network::default(), application).unwrap();
    let file = directory.path().join(mailer.send(&email("hi")).await.unwrap().reply);
    let content = std::fs::read_to_string(file).unwrap();
    let head = content.split("\r\n\r\n").next().unwrap();
    assert!(
        head.is_ascii() && head.contains("<notice-7.1795512600000000.11@xn--bcher-kva.example>"),
        "{head}"
    );
}

#[tokio::test]
async fn a_directory_holds_one_file_for_each_notice() {
    let directory = tempfile::tempdir().unwrap();
    let mailer = mailer(MailTransport::Directory(directory.path().to_owned()));
    mailer.check().await.unwrap();
    mailer.send(&email("first")).await.unwrap();
    let accepted = mailer.send(&email("again")).await.unwrap();
    let names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, [accepted.reply]);
    let content = std::fs::read_to_string(directory.path().join(&names[0])).unwrap();
    assert!(content.contains("Subject: again"));
    drop(directory);
    let error = mailer.send(&email("gone")).await.unwrap_err();
    assert_eq!((error.fault, error.is_for_all()), (Fault::Temporary, true));
    assert!(error.cure().contains("directory"));
}

// lettre's pool needs a runtime around it.
#[tokio::test]
async fn an_answer_never_repeats_the_login() {
    let url = SecretString::from("smtps://ops:p%40ss-word@mail.example.com");
    let mailer = mailer(MailTransport::Smtp { url, ca_file: None, hello: None, oauth: None });
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::STANDARD.encode("\0ops\0p@ss-word");
    let text = format!("535 no {plain}\r\nfor p@ss-word or p%40ss-word");
    assert_eq!(mailer.clean(&text), "535 no ••• for ••• or •••");
    assert!(!format!("{mailer:?}").contains("ss-word"));
}
