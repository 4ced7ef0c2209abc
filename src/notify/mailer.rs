//! Hands letters to a mail server, or writes them into a directory.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use crate::config::{MailSettings, MailTransport};
use crate::domain::email::EmailAddress;
use crate::domain::ids::NoticeId;
use crate::locale::Language;

use super::letters::Written;

/// For each command of the conversation with the server.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(20);

/// For one letter, from the connection to the server's last word.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// How many connections to the server are held at most.
const CONNECTIONS: u32 = 4;

/// How much of what a server says is kept.
const REPLY_LIMIT: usize = 300;

/// One message to one person.
#[derive(Debug, Clone)]
pub struct Letter {
    /// To whom.
    pub to: EmailAddress,
    /// Makes the Message-ID: the same notice sent twice is the same message.
    pub notice: NoticeId,
    /// When the notice was due; the message's `Date`, the same on each try.
    pub date: DateTime<Utc>,
    /// The language that it is written in.
    pub language: Language,
    /// What it says.
    pub written: Written,
}

/// The server took a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// With its angle brackets.
    pub message_id: String,
    /// What the server said, on one line; for a directory the file's name.
    pub reply: String,
}

/// The server did not take a letter. The texts are on one line, short, and without login.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again later may help: the server is away, busy, or set up wrong.
    #[error("not sent for now: {0}")]
    Temporary(String),
    /// This message, or this recipient, was refused for good.
    #[error("refused: {0}")]
    Permanent(String),
}

/// Sends letters. Share one: it holds connections.
pub struct Mailer {
    way: Way,
    from: Mailbox,
    /// What must never be repeated from a server's answer.
    secrets: Vec<SecretString>,
}

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Directory(PathBuf),
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// A mailer; connects when it first sends. Errors name the setting, never the login.
    pub fn new(settings: &MailSettings) -> anyhow::Result<Self> {
        let mut from = settings.from.clone();
        from.email = on_the_wire(&from.email);
        match &settings.transport {
            MailTransport::Directory(path) => {
                Ok(Self { way: Way::Directory(path.clone()), from, secrets: Vec::new() })
            }
            MailTransport::Smtp { url, ca_file } => {
                let way = Way::Smtp(Box::new(smtp(url, ca_file.as_deref())?));
                Ok(Self { way, from, secrets: logins(url) })
            }
        }
    }

    /// Connects, logs in and hangs up again, or tries whether the directory takes files.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.way {
            Way::Smtp(transport) => {
                match tokio::time::timeout(SEND_TIMEOUT, transport.test_connection()).await {
                    Ok(Ok(true)) => Ok(()),
                    Ok(Ok(false)) => Err(self.temporary("the server hung up")),
                    Ok(Err(error)) => Err(self.refusal(&error)),
                    Err(_) => Err(self.temporary("the server did not answer in time")),
                }
            }
            Way::Directory(path) => {
                let probe = path.join(".countersign-check");
                let result = async {
                    tokio::fs::write(&probe, b"").await?;
                    tokio::fs::remove_file(&probe).await
                };
                result.await.map_err(|error| self.temporary(&error.to_string()))
            }
        }
    }

    /// Sends one letter. Not seeing the answer counts as temporary: the next try bears the same
    /// Message-ID.
    pub async fn send(&self, letter: &Letter) -> Result<Accepted, SendError> {
        let result = self.hand_over(letter).await;
        let outcome = match &result {
            Ok(_) => "accepted",
            Err(SendError::Temporary(_)) => "temporary",
            Err(SendError::Permanent(_)) => "refused",
        };
        metrics::counter!("countersign_mails_total", "outcome" => outcome).increment(1);
        result
    }

    async fn hand_over(&self, letter: &Letter) -> Result<Accepted, SendError> {
        let message_id = self.message_id(letter.notice);
        let message = self
            .message(letter, &message_id)
            .map_err(|error| SendError::Permanent(self.clean(&format!("{error:#}"))))?;
        let reply = match &self.way {
            Way::Smtp(transport) => {
                let sending = tokio::time::timeout(SEND_TIMEOUT, transport.send(message)).await;
                let response = sending
                    .map_err(|_| self.temporary("the server did not answer in time"))?
                    .map_err(|error| self.refusal(&error))?;
                let words: Vec<&str> = response.message().collect();
                self.clean(&format!("{} {}", response.code(), words.join(" ")))
            }
            Way::Directory(path) => {
                let name = format!("notice-{}.eml", letter.notice);
                write_whole(path, &name, &message.formatted())
                    .await
                    .map_err(|error| self.temporary(&error.to_string()))?;
                name
            }
        };
        Ok(Accepted { message_id, reply })
    }

    fn message_id(&self, notice: NoticeId) -> String {
        format!("<notice-{notice}@{}>", self.from.email.domain())
    }

    /// The message as it goes over the wire. lettre encodes what is not ASCII and folds what is
    /// long; nothing in a header can end it.
    fn message(&self, letter: &Letter, message_id: &str) -> anyhow::Result<Message> {
        let to = on_the_wire(letter.to.address());
        // lettre would read it out of the header, where it doesn't understand a quoted name.
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()])
            .context("the message has no recipient")?;
        let mut message = Message::builder()
            .envelope(envelope)
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.written.subject.clone())
            .message_id(Some(message_id.to_owned()))
            .date(std::time::SystemTime::from(letter.date))
            .multipart(MultiPart::alternative_plain_html(
                letter.written.text.clone(),
                letter.written.html.clone(),
            ))
            .context("the message can't be built")?;
        // RFC 3834: nobody's holiday reply answers it. RFC 2919: filters know it by its list.
        let list_id = format!("<countersign.{}>", self.from.email.domain());
        for (name, value) in [
            (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()),
            (HeaderName::new_from_ascii_str("List-Id"), list_id),
            (HeaderName::new_from_ascii_str("Content-Language"), letter.language.tag().to_owned()),
        ] {
            message.headers_mut().insert_raw(HeaderValue::new(name, value));
        }
        Ok(message)
    }

    /// 55x is the server's final word on a mailbox or a message (RFC 5321, 4.2.2 and 4.2.3), and
    /// lettre's own refusals (a server without SMTPUTF8 for an international address) stay the
    /// same on each try. Everything else, a refused login (535) too, is about us or the server.
    fn refusal(&self, error: &lettre::transport::smtp::Error) -> SendError {
        let text = self.clean(&with_causes(error));
        let code = error.status().map(u16::from);
        if error.is_client() || code.is_some_and(|code| (550..560).contains(&code)) {
            SendError::Permanent(text)
        } else {
            SendError::Temporary(text)
        }
    }

    fn temporary(&self, text: &str) -> SendError {
        SendError::Temporary(self.clean(text))
    }

    /// One short line without control characters and without anything of the login.
    fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            text = text.replace(secret.expose_secret(), "…");
        }
        let line = text.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = line.filter(|word| !word.is_empty()).collect();
        words.join(" ").chars().take(REPLY_LIMIT).collect()
    }
}

fn smtp(
    url: &SecretString,
    ca_file: Option<&Path>,
) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    // lettre's and the parser's errors might repeat the URL, and with it the login.
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
        .map_err(|_| anyhow::anyhow!("[mail] url is not one of a mail server"))?;
    if let Some(path) = ca_file {
        let parsed =
            Url::parse(url.expose_secret()).map_err(|_| anyhow::anyhow!("[mail] url is no URL"))?;
        let host = parsed.host_str().unwrap_or_default().to_owned();
        let parameters = trusting(host, path)?;
        let wanted = parsed.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value);
        builder = match (parsed.scheme(), wanted.as_deref()) {
            ("smtps", _) => builder.tls(Tls::Wrapper(parameters)),
            (_, Some("required")) => builder.tls(Tls::Required(parameters)),
            (_, Some(_)) => builder.tls(Tls::Opportunistic(parameters)),
            (_, None) => builder,
        };
    }
    let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(Duration::from_secs(60));
    Ok(builder.timeout(Some(COMMAND_TIMEOUT)).pool_config(pool).build())
}

fn trusting(host: String, ca_file: &Path) -> anyhow::Result<TlsParameters> {
    let shown = ca_file.display();
    let pem = std::fs::read(ca_file)
        .with_context(|| format!("[mail] ca_file {shown} could not be read"))?;
    let authority = Certificate::from_pem(&pem)
        .with_context(|| format!("[mail] ca_file {shown} holds no certificate in PEM form"))?;
    TlsParameters::builder(host)
        .add_root_certificate(authority)
        .build()
        .context("TLS for the mail server could not be set up")
}

/// The password as it stands in the URL, decoded, and as it goes over the wire.
fn logins(url: &SecretString) -> Vec<SecretString> {
    let Ok(url) = Url::parse(url.expose_secret()) else { return Vec::new() };
    let Some(password) = url.password().filter(|password| !password.is_empty()) else {
        return Vec::new();
    };
    let decode =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, clear) = (decode(url.username()), decode(password));
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let plain = base64(&format!("\0{user}\0{clear}"));
    let encoded = base64(&clear);
    [plain, encoded, clear, password.to_owned()].into_iter().map(SecretString::from).collect()
}

/// An address with its domain in the ASCII form that every server takes (RFC 5891). Where what stands
/// before the @ is international, the server needs SMTPUTF8 in any case.
fn on_the_wire(address: &Address) -> Address {
    match Host::parse(address.domain()) {
        Ok(Host::Domain(domain)) if !address.domain().is_ascii() => {
            Address::new(address.user(), domain).unwrap_or_else(|_| address.clone())
        }
        _ => address.clone(),
    }
}

/// An error with what caused it: lettre shows only the outermost.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = inner.source();
    }
    text
}

/// Writes a file so that whoever looks sees all of it or nothing; the same name again replaces it.
async fn write_whole(directory: &Path, name: &str, content: &[u8]) -> std::io::Result<()> {
    let unfinished = directory.join(format!(".{name}.part"));
    tokio::fs::write(&unfinished, content).await?;
    tokio::fs::rename(&unfinished, directory.join(name)).await
}

#[cfg(test)]
mod tests;
