//! Reads emails: a folder of `.eml` files, one message each, as a mailer that writes to
//! files or the SMTP server leaves them.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use mail_parser::{Address, HeaderValue, Message, MessageParser, PartType};

/// The limit of [`Mailbox::wait_for`].
const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// How often the folder is read.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// A file that was touched this recently may still grow.
const SETTLE: Duration = Duration::from_millis(15);

/// A folder of emails. Clones share which were read.
#[derive(Clone)]
pub struct Mailbox {
    folder: PathBuf,
    read: Arc<Mutex<HashSet<PathBuf>>>,
}

/// One message, decoded.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The file that holds it.
    pub file: PathBuf,
    /// The subject, on one line.
    pub subject: String,
    /// The sender, as `Name <address>` or the address alone.
    pub from: String,
    /// The recipients' addresses.
    pub to: Vec<String>,
    /// Every header: its name as written, and its value decoded.
    pub headers: Vec<(String, String)>,
    /// The part `text/plain`, with `\n` at the end of each line.
    pub text: Option<String>,
    /// The part `text/html`, likewise.
    pub html: Option<String>,
    /// The whole message as it was sent, to search it for what must not be in it.
    pub raw: Vec<u8>,
    written: SystemTime,
}

impl Mailbox {
    /// The emails in `folder`, which may still be empty or missing.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), read: Arc::default() }
    }

    /// The folder of the emails.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every mail, the oldest first.
    pub fn all(&self) -> anyhow::Result<Vec<Mail>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("{}", self.folder.display())),
        };
        let mut mails = Vec::new();
        for entry in entries {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "eml")
                && let Some(mail) = Mail::read(&file)?
            {
                mails.push(mail);
            }
        }
        mails.sort_by(|a, b| (a.written, &a.file).cmp(&(b.written, &b.file)));
        Ok(mails)
    }

    /// The emails that were not yet returned by [`wait_for`](Self::wait_for) or marked by
    /// [`mark_read`](Self::mark_read).
    pub fn unread(&self) -> anyhow::Result<Vec<Mail>> {
        let mut mails = self.all()?;
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        mails.retain(|mail| !read.contains(&mail.file));
        Ok(mails)
    }

    /// Marks an email as read.
    pub fn mark_read(&self, mail: &Mail) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(mail.file.clone());
    }

    /// The oldest unread email to this address whose subject contains this text; it is then read.
    /// Waits for it, and fails with a list of the others.
    pub async fn wait_for(&self, to: &str, subject: &str) -> anyhow::Result<Mail> {
        self.wait_for_within(WAIT_LIMIT, to, subject).await
    }

    /// As [`wait_for`](Self::wait_for), with another limit.
    pub async fn wait_for_within(
        &self,
        limit: Duration,
        to: &str,
        subject: &str,
    ) -> anyhow::Result<Mail> {
        let start = Instant::now();
        loop {
            let unread = self.unread()?;
            if let Some(mail) =
                unread.iter().find(|mail| mail.is_to(to) && mail.subject.contains(subject))
            {
                self.mark_read(mail);
                return Ok(mail.clone());
            }
            if start.elapsed() > limit {
                let there: Vec<String> = unread.iter().map(Mail::summary).collect();
                anyhow::bail!(
                    "no unread mail to {to} about {subject:?} within {limit:?}; unread are {there:#?}"
                );
            }
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
    }
}

impl Mail {
    /// `None` where the file holds no mail.
    fn read(file: &Path) -> anyhow::Result<Option<Self>> {
        let about = || format!("the mail {}", file.display());
        let modified = || std::fs::metadata(file).and_then(|data| data.modified());
        let mut written = modified().with_context(about)?;
        // Not every mailer moves a finished file into place, so wait until it is complete.
        while written.elapsed().is_ok_and(|age| age < SETTLE) {
            std::thread::sleep(SETTLE);
            written = modified().with_context(about)?;
        }
        let raw = std::fs::read(file).with_context(about)?;
        let Some(message) = MessageParser::default().parse(&raw) else { return Ok(None) };
        Ok(Some(Self {
            file: file.to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            from: message.from().map(display_address).unwrap_or_default(),
            to: message.to().map(addresses).unwrap_or_default(),
            headers: message
                .headers()
                .iter()
                .map(|header| (header.name().to_owned(), header_text(&message, header)))
                .collect(),
            text: part(&message, |body| matches!(body, PartType::Text(_))),
            html: part(&message, |body| matches!(body, PartType::Html(_))),
            written,
            raw,
        }))
    }

    /// The decoded value of a header; its name is compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }

    fn summary(&self) -> String {
        format!("to {}: {}", self.to.join(", "), self.subject)
    }
}

/// As an email program would show it: who, to whom, about what, and the plain text.
impl fmt::Display for Mail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "From: {}", self.from)?;
        writeln!(out, "To: {}", self.to.join(", "))?;
        writeln!(out, "Subject: {}", self.subject)?;
        writeln!(out)?;
        let text = self.text.as_deref().unwrap_or("(no plain text)");
        for line in text.trim_end().lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// The first part of this kind, attachments aside.
fn part(message: &Message<'_>, wanted: fn(&PartType<'_>) -> bool) -> Option<String> {
    let mut bodies = message.text_bodies().chain(message.html_bodies());
    bodies.find(|part| wanted(&part.body)).and_then(|part| match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.replace("\r\n", "\n")),
        _ => None,
    })
}

/// Texts decoded, addresses in words, everything else as written but unfolded.
fn header_text(message: &Message<'_>, header: &mail_parser::Header<'_>) -> String {
    match header.value() {
        HeaderValue::Text(text) => text.clone().into_owned(),
        HeaderValue::TextList(texts) => texts.join(", "),
        HeaderValue::Address(address) => display_address(address),
        _ => {
            let range = header.offset_start() as usize..header.offset_end() as usize;
            let raw = message.raw_message().get(range).unwrap_or_default();
            let text = String::from_utf8_lossy(raw);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }
}

fn addresses(address: &Address<'_>) -> Vec<String> {
    address.iter().filter_map(|one| one.address()).map(str::to_owned).collect()
}

fn display_address(address: &Address<'_>) -> String {
    let all: Vec<String> = address
        .iter()
        .map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (name, address) => name.or(address).unwrap_or_default().to_owned(),
        })
        .collect();
    all.join(", ")
}
