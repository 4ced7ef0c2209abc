//! Hands emails to a mail server, or writes them into a directory.

mod directory;
mod login;
mod refusal;
mod smtp;
mod trouble;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use tracing::Instrument as _;
use url::Host;

use crate::config::{MailSettings, MailTransport};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{ApplicationId, NoticeId};
use crate::locale::Language;
use crate::network::{self, Network};
use crate::traces;

use super::compose::EmailText;
use refusal::{Reply, Stage, TokenFault};
use smtp::{SendFailure, Server};
use trouble::{Cause, Troubles};

pub use refusal::Fault;

/// How much of what a server says is kept.
const REPLY_LIMIT: usize = 300;

/// One message to one person.
#[derive(Debug, Clone)]
pub struct Email {
    /// To whom.
    pub to: EmailAddress,
    /// Makes the Message-ID, with `date`: the same notice sent twice is the same message.
    pub about: Subject,
    /// When the notice was due; the message's `Date`, the same on each try.
    pub date: DateTime<Utc>,
    /// The language that it is written in.
    pub language: Language,
    /// What it says.
    pub written: EmailText,
}

/// What an email is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A notice.
    Notice(NoticeId),
    /// Nothing: an operator tries whether emails arrive.
    Check,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Notice(notice) => write!(f, "notice-{notice}"),
            Self::Check => f.write_str("check"),
        }
    }
}

/// The server took an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// With its angle brackets.
    pub message_id: String,
    /// What the server said, on one line; for a directory the file's name.
    pub reply: String,
}

/// The server did not take an email. Its words are on one line, short, and without login.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not sent: {said}")]
pub struct SendError {
    /// Whose fault it is.
    pub fault: Fault,
    /// Whose fault it is if the server says the same for days.
    pub fault_if_it_lasts: Fault,
    /// What the server said, or what happened.
    pub said: String,
    cause: Cause,
}

impl SendError {
    fn new(cause: Cause, (fault, fault_if_it_lasts): (Fault, Fault), said: String) -> Self {
        Self { fault, fault_if_it_lasts, said, cause }
    }

    /// What to mend where it is not the mailbox's fault.
    pub fn cure(&self) -> &'static str {
        refusal::find_cure(self.cause.stage, self.cause.code, self.cause.enhanced)
    }

    /// Whether no email is taken at all, since nothing was said of a recipient yet.
    pub fn is_for_all(&self) -> bool {
        self.cause.is_for_all()
    }

    /// Whether the server put off this one email, as greylisting does, and is not about to end (421).
    pub fn is_put_off(&self) -> bool {
        let was_answered = self.cause.code.is_some_and(|code| code != 421);
        self.fault == Fault::Temporary && !self.is_for_all() && was_answered
    }
}

/// Sends emails. Share one: it holds connections.
pub struct Mailer {
    way: Transport,
    from: Mailbox,
    /// The bot that sends.
    application: ApplicationId,
    troubles: Troubles,
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
        let way = match &settings.transport {
            MailTransport::Directory(path) => Transport::Directory(path.clone()),
            MailTransport::Smtp { url, ca_file, hello, oauth } => {
                let surroundings = (ca_file.as_deref(), hello.as_ref());
                let server = Server::new(url, surroundings, oauth.as_deref(), network)?;
                Transport::Smtp(Box::new(server))
            }
        };
        Ok(Self { way, from, application, troubles: Troubles::default() })
    }

    /// Connects, logs in and asks whether the sender may send, without sending; or tries whether the directory
    /// takes files.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.way {
            Transport::Smtp(server) => {
                let asked = server.check(&self.from.email).await;
                // What the server thinks of the sender's own mailbox is of no interest.
                asked.map_err(|failure| self.refusal(&failure)).or_else(|error| match error.fault {
                    Fault::Mailbox | Fault::Temporary if !error.is_for_all() => Ok(()),
                    _ => Err(error),
                })
            }
            Transport::Directory(path) => {
                let folder = path.clone();
                let probed =
                    tokio::task::spawn_blocking(move || directory::new_file(&folder)?.close());
                let probed = probed.await.unwrap_or_else(|error| Err(error.into()));
                probed.map_err(|error| self.unwritable(&error))
            }
        }
    }

    /// Sends one email. Not seeing the answer counts as temporary: the next try bears the same
    /// Message-ID.
    pub async fn send(&self, email: &Email) -> Result<Accepted, SendError> {
        let span = traces::send_mail();
        let result = self.hand_over(email).instrument(span.clone()).await;
        let outcome = match result.as_ref().map_err(|error| error.fault) {
            Ok(_) => "accepted",
            Err(Fault::Temporary) => "temporary",
            Err(Fault::Ours) => "ours",
            Err(Fault::Mailbox) => "refused",
        };
        if result.is_err() {
            traces::note_failure(&span, outcome);
        }
        metrics::counter!("countersign_mails_total", "outcome" => outcome).increment(1);
        result
    }

    /// Notes that an email waits until something is mended, for [`describe_trouble`](Self::describe_trouble) and the
    /// log. Returns for how long it should wait, more each time.
    pub fn wait(&self, notice: NoticeId, error: &SendError) -> Duration {
        let said = hide_addresses(&error.said, self.from.email.as_ref());
        self.troubles.add(notice, error.cause, (&said, error.cure()))
    }

    /// Notes that an email was taken, or will never be sent. Returns whether that shows that something was mended:
    /// then others that wait should be tried.
    pub fn end_wait(&self, notice: NoticeId, was_taken: bool) -> bool {
        self.troubles.end(notice, was_taken)
    }

    /// Why emails wait, and what to mend, as this process has seen it; nothing where none waits.
    pub fn describe_trouble(&self) -> Option<String> {
        self.troubles.describe()
    }

    /// The same without what a server said, which may be about anybody's email.
    pub fn describe_cures(&self) -> Option<String> {
        self.troubles.describe_cures()
    }

    async fn hand_over(&self, email: &Email) -> Result<Accepted, SendError> {
        let message_id = self.message_id(email);
        let message = self
            .message(email, &message_id)
            .map_err(|error| self.unable(Stage::Message, &format!("{error:#}")))?;
        let reply = match &self.way {
            Transport::Smtp(server) => {
                let to = on_the_wire(email.to.address());
                let formatted = message.formatted();
                let sent = server.send((&self.from.email, &to), &formatted).await;
                let response = sent.map_err(|failure| self.refusal(&failure))?;
                let words: Vec<&str> = response.message().collect();
                self.clean(&format!("{} {}", response.code(), words.join(" ")))
            }
            Transport::Directory(path) => {
                let name = format!("{}.eml", email.about);
                directory::write_whole(path, &name, &message.formatted())
                    .await
                    .map_err(|error| self.unwritable(&error))?;
                name
            }
        };
        Ok(Accepted { message_id, reply })
    }

    /// The same on each try, and no other email's: another bot may send as the same address, and a
    /// database that begins again counts its notices from 1 again.
    fn message_id(&self, email: &Email) -> String {
        let (about, due) = (email.about, email.date.timestamp_micros());
        let (application, domain) = (self.application, self.from.email.domain());
        format!("<{about}.{due}.{application}@{domain}>")
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

    fn refusal(&self, failure: &SendFailure) -> SendError {
        let (stage, error) = match failure {
            SendFailure::At(stage, error) => (*stage, error),
            SendFailure::Silent(stage) => return self.silence(*stage),
            SendFailure::Unable(stage, why) => return self.unable(*stage, why),
            SendFailure::NoToken(why) => {
                let fault = TokenFault::of(why);
                let cause = Cause { stage: Stage::Token(fault), code: None, enhanced: None };
                let faults = (fault.whose(), Fault::Ours);
                return SendError::new(cause, faults, self.clean(&why.to_string()));
            }
        };
        let Some(code) = error.status().map(u16::from) else {
            let said = self.clean(&with_causes(error));
            let cause = Cause { stage, code: None, enhanced: None };
            // Without a certificate that we trust, STARTTLS or a login, time alone helps nobody.
            let is_set_up_wrong = error.is_tls() || error.is_client();
            let fault = if is_set_up_wrong { Fault::Ours } else { Fault::Temporary };
            return SendError::new(cause, (fault, Fault::Ours), said);
        };
        let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        let said = self.clean(&format!("{code} {words}"));
        let reply = Reply::new(code, &words);
        let faults =
            (refusal::find_fault(stage, &reply), refusal::find_fault_of_lasting(stage, &reply));
        SendError::new(Cause { stage, code: Some(code), enhanced: reply.enhanced }, faults, said)
    }

    /// Neither we nor the server can carry such an email.
    fn unable(&self, stage: Stage, why: &str) -> SendError {
        let cause = Cause { stage, code: None, enhanced: None };
        SendError::new(cause, (Fault::Ours, Fault::Ours), self.clean(why))
    }

    fn silence(&self, stage: Stage) -> SendError {
        let cause = Cause { stage, code: None, enhanced: None };
        let said = self.clean("the server did not answer in time");
        SendError::new(cause, (Fault::Temporary, Fault::Ours), said)
    }

    fn unwritable(&self, error: &std::io::Error) -> SendError {
        let cause = Cause { stage: Stage::Directory, code: None, enhanced: None };
        let said = match error.kind() {
            ErrorKind::NotFound => "the directory for emails is not there".to_owned(),
            ErrorKind::PermissionDenied => {
                "this user can't write into the directory for emails".to_owned()
            }
            _ => self.clean(&error.to_string()),
        };
        SendError::new(cause, (Fault::Temporary, Fault::Ours), said)
    }

    /// One short line without control characters and without anything of the login.
    fn clean(&self, text: &str) -> String {
        let text = match &self.way {
            Transport::Smtp(server) => server.login.take_out_of(text),
            Transport::Directory(_) => text.to_owned(),
        };
        let line = text.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = line.filter(|word| !word.is_empty()).collect();
        words.join(" ").chars().take(REPLY_LIMIT).collect()
    }
}

/// A server's words without the addresses in them, but for the sender's: whom an email was for is nobody's business
/// where it waits.
fn hide_addresses(said: &str, from: &str) -> String {
    let from = from.to_lowercase();
    let words = said.split(' ').map(|word| {
        let bare = word.trim_matches(|letter: char| "<>()\"':;,.".contains(letter));
        let is_shown = !word.contains('@') || bare.to_lowercase() == from;
        if is_shown { word } else { "•••" }
    });
    words.collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests;
