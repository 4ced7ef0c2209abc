//! Hands emails to a mail server, or writes them into a directory.

mod smtp;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use crate::config::{MailSettings, MailTransport};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{ApplicationId, NoticeId};
use crate::locale::Language;
use crate::network::{self, Network};
use crate::redaction::Secrets;

use super::compose::EmailText;
use smtp::{Enhanced, SendFailure, Server};

/// For one email, from the connection to the server's last word.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// How much of what a server says is kept.
const REPLY_LIMIT: usize = 300;

/// One message to one person.
#[derive(Debug, Clone)]
pub struct Email {
    /// To whom.
    pub to: EmailAddress,
    /// Makes the Message-ID, with `date`: the same notice sent twice is the same message.
    pub notice: NoticeId,
    /// When the notice was due; the message's `Date`, the same on each try.
    pub date: DateTime<Utc>,
    /// The language that it is written in.
    pub language: Language,
    /// What it says.
    pub written: EmailText,
}

/// The server took an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// With its angle brackets.
    pub message_id: String,
    /// What the server said, on one line; for a directory the file's name.
    pub reply: String,
}

/// The server did not take an email. The texts are on one line, short, and without login.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again later may help: the server is away, busy, or set up wrong. It is about us or the
    /// server, so that every email waits.
    #[error("not sent for now: {0}")]
    Temporary(String),
    /// Trying again later may help: the server does not want this message, or this recipient's, yet.
    #[error("put off: {0}")]
    PutOff(String),
    /// This message, or this recipient, was refused for good.
    #[error("refused: {0}")]
    Permanent(String),
}

/// Sends emails. Share one: it holds connections.
pub struct Mailer {
    way: Transport,
    from: Mailbox,
    /// The bot that sends.
    application: ApplicationId,
    /// What must never be repeated from a server's answer.
    secrets: Secrets,
}

enum Transport {
    Smtp(Box<Server>),
    Directory(PathBuf),
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// A mailer; connects when it first sends. Errors name the setting, never the login.
    pub fn new(
        settings: &MailSettings,
        network: &Network,
        application: ApplicationId,
    ) -> anyhow::Result<Self> {
        let mut from = settings.from.clone();
        from.email = on_the_wire(&from.email);
        match &settings.transport {
            MailTransport::Directory(path) => {
                let way = Transport::Directory(path.clone());
                Ok(Self { way, from, application, secrets: Secrets::default() })
            }
            MailTransport::Smtp { url, ca_file } => {
                let server = Server::new(url, ca_file.as_deref(), network)?;
                let way = Transport::Smtp(Box::new(server));
                Ok(Self { way, from, application, secrets: password(url) })
            }
        }
    }

    /// Connects, logs in and hangs up again, or tries whether the directory takes files.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.way {
            Transport::Smtp(server) => {
                match tokio::time::timeout(SEND_TIMEOUT, server.check()).await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(self.refusal(&SendFailure::Server(error))),
                    Err(_) => Err(self.temporary("the server did not answer in time")),
                }
            }
            Transport::Directory(path) => {
                let probe = path.join(".countersign-check");
                let result = async {
                    tokio::fs::write(&probe, b"").await?;
                    tokio::fs::remove_file(&probe).await
                };
                result.await.map_err(|error| self.temporary(&error.to_string()))
            }
        }
    }

    /// Sends one email. Not seeing the answer counts as temporary: the next try bears the same
    /// Message-ID.
    pub async fn send(&self, email: &Email) -> Result<Accepted, SendError> {
        let result = self.hand_over(email).await;
        let outcome = match &result {
            Ok(_) => "accepted",
            Err(SendError::Temporary(_) | SendError::PutOff(_)) => "temporary",
            Err(SendError::Permanent(_)) => "refused",
        };
        metrics::counter!("countersign_mails_total", "outcome" => outcome).increment(1);
        result
    }

    async fn hand_over(&self, email: &Email) -> Result<Accepted, SendError> {
        let message_id = self.message_id(email);
        let message = self
            .message(email, &message_id)
            .map_err(|error| SendError::Permanent(self.clean(&format!("{error:#}"))))?;
        let reply = match &self.way {
            Transport::Smtp(server) => {
                let to = on_the_wire(email.to.address());
                let formatted = message.formatted();
                let sending = server.send((&self.from.email, &to), &formatted);
                let sending = tokio::time::timeout(SEND_TIMEOUT, sending).await;
                let response = sending
                    .map_err(|_| self.temporary("the server did not answer in time"))?
                    .map_err(|error| self.refusal(&error))?;
                let words: Vec<&str> = response.message().collect();
                self.clean(&format!("{} {}", response.code(), words.join(" ")))
            }
            Transport::Directory(path) => {
                let name = format!("notice-{}.eml", email.notice);
                write_whole(path, &name, &message.formatted())
                    .await
                    .map_err(|error| self.temporary(&error.to_string()))?;
                name
            }
        };
        Ok(Accepted { message_id, reply })
    }

    /// The same on each try, and no other email's: another bot may send as the same address, and a
    /// database that begins again counts its notices from 1 again.
    fn message_id(&self, email: &Email) -> String {
        let (notice, due) = (email.notice, email.date.timestamp_micros());
        let (application, domain) = (self.application, self.from.email.domain());
        format!("<notice-{notice}.{due}.{application}@{domain}>")
    }

    /// The message as it goes over the wire. lettre encodes what is not ASCII and folds what is
    /// long; nothing in a header can end it.
    fn message(&self, email: &Email, message_id: &str) -> anyhow::Result<Message> {
        let to = on_the_wire(email.to.address());
        // lettre would read it out of the header, where it doesn't understand a quoted name.
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()])
            .context("the message has no recipient")?;
        let mut message = Message::builder()
            .envelope(envelope)
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(email.written.subject.clone())
            .message_id(Some(message_id.to_owned()))
            .date(std::time::SystemTime::from(email.date))
            .multipart(MultiPart::alternative_plain_html(
                email.written.text.clone(),
                email.written.html.clone(),
            ))
            .context("the message can't be built")?;
        // RFC 3834: nobody's holiday reply answers it. RFC 2919: filters know it by its list.
        let list_id = format!("<countersign.{}>", self.from.email.domain());
        for (name, value) in [
            (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()),
            (HeaderName::new_from_ascii_str("List-Id"), list_id),
            (HeaderName::new_from_ascii_str("Content-Language"), email.language.tag().to_owned()),
        ] {
            message.headers_mut().insert_raw(HeaderValue::new(name, value));
        }
        Ok(message)
    }

    /// What is said before the recipient is named is about us or the server: a name on a blocklist,
    /// a sender that isn't wanted, a moment without STARTTLS or logins. From then on 55x is the final
    /// word on a mailbox or a message (RFC 5321, 4.2.2 and 4.2.3), unless the enhanced code says that
    /// it is about us after all: many servers keep what they have against a client until then.
    fn refusal(&self, failure: &SendFailure) -> SendError {
        let error = match failure {
            SendFailure::Server(error) => return self.temporary(&with_causes(error)),
            SendFailure::Email(error) => error,
            SendFailure::Unable(why) => return SendError::Permanent((*why).to_owned()),
        };
        let text = self.clean(&with_causes(error));
        // The connection ended, or the server is about to (421).
        let Some(code) = error.status().map(u16::from).filter(|code| *code != 421) else {
            return SendError::Temporary(text);
        };
        let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        let is_final = match Enhanced::of(&words) {
            Some(enhanced) => code >= 500 && enhanced.is_about_the_mailbox(),
            None => (550..560).contains(&code),
        };
        if is_final { SendError::Permanent(text) } else { SendError::PutOff(text) }
    }

    fn temporary(&self, text: &str) -> SendError {
        SendError::Temporary(self.clean(text))
    }

    /// One short line without control characters and without anything of the login.
    fn clean(&self, text: &str) -> String {
        let text = self.secrets.take_out_of(text);
        let line = text.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = line.filter(|word| !word.is_empty()).collect();
        words.join(" ").chars().take(REPLY_LIMIT).collect()
    }
}

/// The password of the URL. In whatever form it goes over the wire, it is recognised there.
fn password(url: &SecretString) -> Secrets {
    let mut secrets = Secrets::default();
    if let Ok(url) = Url::parse(url.expose_secret())
        && let Some(password) = url.password()
    {
        secrets.add_word(&percent_encoding::percent_decode_str(password).decode_utf8_lossy());
    }
    secrets
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

/// An error with what caused it: lettre shows only the outermost. A known cause is told with its cure.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    if let Some(sentence) = network::find_cure(error) {
        return format!("the server can't be trusted: {sentence}");
    }
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
