//! Access tokens, towards servers that a real one of the tests is not like.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::config::{Config, MailOauth};

/// `[mail]` is read as in a file, and the rest is there because it has to be.
fn oauth(endpoint: &str) -> Box<MailOauth> {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = "[[versions]]\nversion = 1\n[[versions.categories]]\nid = \"a\"\nname = \"A\"\n\
                     [[versions.categories.scopes]]\nid = \"b\"\nmethod = \"GET\"\npath = \"/b\"\n";
    std::fs::write(folder.path().join("catalogue.toml"), catalogue).unwrap();
    let config = format!(
        "[discord]\ntoken = \"t\"\napplication_id = 1\nguild_id = 2\n[keys]\nfile = \"keys\"\n\
         [database]\nurl = \"postgres://a@localhost/a\"\n[mail]\nurl = \"smtps://tokens@localhost\"\n\
         from = \"tokens@example.com\"\noauth_token_url = \"http://{endpoint}/\"\n\
         oauth_client_id = \"bot \\\"of\\\" {{{{ours}}}}\"\noauth_client_secret = \"s3cret-of-ours\"\n\
         [[providers]]\nid = \"a\"\nname = \"A\"\ncatalogue = \"catalogue.toml\"\n\
         approval_channel = 4\nadmin_roles = [5]\nissuer = {{ kind = \"builtin\" }}\n"
    );
    let file = folder.path().join("countersign.toml");
    std::fs::write(&file, config).unwrap();
    match Config::load_with(&file, []).unwrap().mail.transport {
        MailTransport::Smtp { oauth, .. } => oauth.unwrap(),
        directory @ MailTransport::Directory(_) => panic!("{directory:?}"),
    }
}

/// Gives `token-1`, `token-2`, …; and what it was sent.
async fn endpoint() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (given, asked) = (AtomicUsize::new(0), Arc::new(Mutex::new(String::new())));
    let log = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !String::from_utf8_lossy(&request).contains("grant_type=") {
                tokio::io::AsyncReadExt::read_buf(&mut stream, &mut request).await.unwrap();
            }
            log.lock().unwrap().push_str(&String::from_utf8_lossy(&request));
            let number = given.fetch_add(1, Ordering::Relaxed) + 1;
            let body =
                format!("{{\"access_token\":\"token-{number}-of-ours\",\"expires_in\":3600}}");
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, asked)
}

async fn mailer_with_tokens(server: &str) -> (Mailer, Arc<Mutex<String>>) {
    let (endpoint, asked) = endpoint().await;
    let url = SecretString::from(format!("smtp://tokens%40example.com@{server}"));
    let oauth = Some(oauth(&endpoint));
    (mailer(MailTransport::Smtp { url, ca_file: None, hello: None, oauth }), asked)
}

const OFFER: (&str, &str) = ("EHLO", "250-mail.example.com\r\n250 AUTH XOAUTH2 OAUTHBEARER");

fn presented(heard: &str) -> Vec<String> {
    let presented = heard.lines().filter_map(|line| line.strip_prefix("AUTH XOAUTH2 "));
    presented.map(|base64| String::from_utf8(STANDARD.decode(base64).unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn a_token_is_presented_as_the_mechanism_has_it() {
    let (address, heard) = server_at(&[POLITE, GO_ON, OFFER, ("AUTH", "235 welcome")]).await;
    let (mailer, asked) = mailer_with_tokens(&address).await;
    mailer.send(&email("hi")).await.unwrap();
    let expected = "user=tokens@example.com\u{1}auth=Bearer token-1-of-ours\u{1}\u{1}";
    assert_eq!(presented(&heard.lock().unwrap()), [expected]);
    let asked = asked.lock().unwrap();
    // The id is sent as it is written, whatever a template would make of it.
    let id = "client_id=bot+%22of%22+%7B%7Bours%7D%7D";
    assert!(asked.starts_with("POST / HTTP/1.1") && asked.contains(id), "{asked}");
    assert!(asked.contains("client_secret=s3cret-of-ours"), "{asked}");
}

/// As Google does.
#[tokio::test]
async fn a_refusal_in_a_challenge_is_read_after_an_empty_answer() {
    const SCRIPT: &[(&str, &str)] = &[
        POLITE,
        OFFER,
        ("AUTH", "334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0="),
        ("", "535-5.7.8 not accepted\r\n535 5.7.8 token-1-of-ours"),
    ];
    let (address, heard) = server_at(SCRIPT).await;
    let (mailer, _) = mailer_with_tokens(&address).await;
    let error = mailer.send(&email("hi")).await.unwrap_err();
    // Another token is tried on another connection, which this server does not take.
    assert_eq!(error.fault, Fault::Temporary, "{error}");
    assert_eq!(heard.lock().unwrap().lines().last(), Some("QUIT"));
    assert!(heard.lock().unwrap().contains("\n\n"), "{heard:?}");
}

#[tokio::test]
async fn a_token_is_nowhere_in_what_a_server_says() {
    let base64 = STANDARD.encode("user=tokens\u{1}auth=Bearer token-1-of-ours\u{1}\u{1}");
    let said = format!("454 4.7.0 token-1-of-ours or {base64} or s3cret-of-ours");
    let script: &'static [(&str, &str)] =
        Box::leak(Box::new([POLITE, OFFER, ("AUTH", String::leak(said))]));
    let (address, _) = server_at(script).await;
    let (mailer, _) = mailer_with_tokens(&address).await;
    let error = mailer.send(&email("hi")).await.unwrap_err();
    assert_eq!(error.to_string(), "not sent: 454 4.7.0 ••• or ••• or •••");
    assert!(error.cure().contains("SMTP.SendAsApp"), "{}", error.cure());
    let shown = format!("{mailer:?} {:?}", oauth("127.0.0.1:1"));
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn a_server_that_takes_no_tokens_is_not_asked_with_one() {
    for (offer, told) in [
        (
            ("EHLO", "250-mail.example.com\r\n250 AUTH CRAM-MD5 PLAIN"),
            "offers CRAM-MD5, PLAIN, and",
        ),
        (("EHLO", "250 mail.example.com"), "offers no login, and"),
    ] {
        let (address, heard) = server_at(Box::leak(Box::new([POLITE, GO_ON, offer]))).await;
        let (mailer, asked) = mailer_with_tokens(&address).await;
        let error = mailer.send(&email("hi")).await.unwrap_err();
        assert_eq!((error.fault, error.is_for_all()), (Fault::Ours, true), "{error}");
        assert!(error.to_string().contains(told), "{error}");
        assert!(error.cure().contains("as the server offers"), "{}", error.cure());
        assert!(asked.lock().unwrap().is_empty());
        assert!(!heard.lock().unwrap().contains("AUTH"));
    }
}

/// A connection that waited longer than its token was good for.
#[tokio::test]
async fn a_connection_that_is_logged_out_is_made_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let logins = Arc::new(AtomicUsize::new(0));
    let counted = logins.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counted = counted.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 hello\r\n").await.unwrap();
                let (mut sent, mut in_data) = (0, false);
                while let Ok(Some(line)) = lines.next_line().await {
                    let word = line.split([' ', ':']).next().unwrap_or_default();
                    let answer = match word {
                        "." => {
                            in_data = false;
                            "250 ok"
                        }
                        _ if in_data => continue,
                        "EHLO" => "250-hello\r\n250 AUTH XOAUTH2",
                        "AUTH" => {
                            counted.fetch_add(1, Ordering::Relaxed);
                            "235 welcome"
                        }
                        "MAIL" if sent > 0 => "530 5.7.57 not authenticated to send",
                        "DATA" => {
                            (sent, in_data) = (sent + 1, true);
                            "354 go on"
                        }
                        _ => "250 ok",
                    };
                    write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
                }
            });
        }
    });
    let (mailer, _) = mailer_with_tokens(&address).await;
    for subject in ["one", "two", "three"] {
        mailer.send(&email(subject)).await.unwrap();
    }
    assert_eq!(logins.load(Ordering::Relaxed), 3);
}
