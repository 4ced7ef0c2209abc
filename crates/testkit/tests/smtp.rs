//! The SMTP server, used by a real client.

use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use testkit::smtp::Smtp;

fn client(smtp: &Smtp, url: &str) -> AsyncSmtpTransport<Tokio1Executor> {
    let certificate = std::fs::read(smtp.ca_file()).unwrap();
    let parameters = TlsParameters::builder("localhost".to_owned())
        .add_root_certificate(Certificate::from_pem(&certificate).unwrap())
        .build_rustls()
        .unwrap();
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
        .unwrap()
        .tls(Tls::Required(parameters))
        .build()
}

fn message(to: &str) -> Message {
    Message::builder()
        .from("tokens@example.com".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("Token created")
        .body("A token was created.\nIts name: Reports\n".to_owned())
        .unwrap()
}

#[tokio::test]
async fn delivers_after_starttls_and_login() {
    let mut smtp = Smtp::start().await.unwrap();
    let client = client(&smtp, &smtp.url());
    for to in ["dev@example.com", "other@example.org"] {
        client.send(message(to)).await.unwrap();
        let mail = smtp.mailbox().wait_for(to, "Token created").await.unwrap();
        assert_eq!(
            mail.text.as_deref().unwrap().trim_end(),
            "A token was created.\nIts name: Reports"
        );
        let received = mail.header("Received").unwrap();
        // "esmtpsa": over TLS and authenticated.
        assert!(received.contains("esmtpsa"), "{received}");
    }
    assert!(smtp.mailbox().unread().unwrap().is_empty());
    let port = smtp.port();
    smtp.stop().await.unwrap();
    assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err());
}

#[tokio::test]
async fn refuses_clear_text_and_wrong_logins() {
    let smtp = Smtp::start().await.unwrap();
    let wrong = client(&smtp, &smtp.url_with_password("wrong"));
    let refusal = wrong.send(message("dev@example.com")).await.unwrap_err();
    assert!(refusal.to_string().contains("535"), "{refusal}");
    let clear = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(smtp.port())
        .build();
    let refusal = clear.send(message("dev@example.com")).await.unwrap_err();
    assert!(refusal.to_string().contains("530"), "{refusal}");
    let parameters = TlsParameters::new("localhost".to_owned()).unwrap();
    let encrypted = AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp.url())
        .unwrap()
        .tls(Tls::Required(parameters))
        .build();
    let untrusted = encrypted.send(message("dev@example.com")).await.unwrap_err();
    assert!(format!("{untrusted:?}").contains("UnknownIssuer"), "{untrusted:?}");
    assert!(smtp.mailbox().all().unwrap().is_empty());
    assert!(smtp.log().contains("authenticator failed"), "{}", smtp.log());
}
