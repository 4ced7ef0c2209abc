//! The mailbox: watches the folder, and shows each mail's parts.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json,
    extract::{Path as Segments, State},
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::IntoResponse,
};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::PageState;
use discord_sim::control::Problem;
use testkit::mailbox::{Mail, Mailbox};

/// How often the folder is checked: new files cause no event.
const LOOK: Duration = Duration::from_secs(1);

/// An email may have styles and nothing else: no script, no form, no outside resources.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The emails so far, and which of them were opened.
pub(super) struct Mails {
    known: watch::Receiver<Arc<Vec<Mail>>>,
    opened: Mutex<HashSet<String>>,
}

impl Mails {
    /// Watches the folder until the end.
    pub(super) fn watch(mailbox: Mailbox, ending: CancellationToken) -> Self {
        let (sender, known) = watch::channel(Arc::default());
        tokio::spawn(ending.run_until_cancelled_owned(look(mailbox, sender)));
        Self { known, opened: Mutex::default() }
    }

    /// Adds new files.
    pub(super) fn changes(&self) -> watch::Receiver<Arc<Vec<Mail>>> {
        self.known.clone()
    }

    /// All emails without their text, oldest first.
    pub(super) fn list(&self) -> Vec<Value> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.borrow();
        let listed = known.iter().map(|mail| {
            let mut head = head(mail);
            head["unread"] = json!(!opened.contains(&id(mail)));
            head
        });
        listed.collect()
    }

    fn open(&self, wanted: &str) -> Result<Mail, Problem> {
        let known = Arc::clone(&self.known.borrow());
        let mail = known.iter().find(|mail| id(mail) == wanted).cloned();
        mail.ok_or_else(|| Problem::Missing("there is no such mail".to_owned()))
    }
}

async fn look(mailbox: Mailbox, sender: watch::Sender<Arc<Vec<Mail>>>) {
    let mut read = 0;
    let mut interval = tokio::time::interval(LOOK);
    loop {
        interval.tick().await;
        let files = count(mailbox.folder());
        if files == read {
            continue;
        }
        let mailbox = mailbox.clone();
        match tokio::task::spawn_blocking(move || mailbox.all()).await {
            Ok(Ok(mails)) => {
                // A file that is no email yet is read again.
                read = mails.len();
                if read != sender.borrow().len() {
                    sender.send_replace(Arc::new(mails));
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "the mailbox can't be read"),
            Err(error) => tracing::warn!(%error, "the mailbox can't be read"),
        }
    }
}

/// The number of emails; none if the folder doesn't exist yet.
fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "eml")).count()
}

fn id(mail: &Mail) -> String {
    mail.file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn head(mail: &Mail) -> Value {
    json!({
        "id": id(mail),
        "subject": mail.subject,
        "from": mail.from,
        "to": mail.to,
        "date": mail.header("date"),
    })
}

/// One email with its plain text; it counts as read.
pub(super) async fn text(
    State(state): State<Arc<PageState>>,
    Segments(id): Segments<String>,
) -> Result<Json<Value>, Problem> {
    let mail = state.mails.open(&id)?;
    state.mails.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    let mut shown = head(&mail);
    shown["text"] = json!(mail.text);
    shown["html"] = json!(mail.html.is_some());
    let headers = mail.headers.iter().map(|(name, value)| json!([name, value]));
    shown["headers"] = headers.collect();
    Ok(Json(shown))
}

/// One email's HTML part, for a sandboxed frame.
pub(super) async fn html(
    State(state): State<Arc<PageState>>,
    Segments(id): Segments<String>,
) -> Result<impl IntoResponse, Problem> {
    let mail = state.mails.open(&id)?;
    let html = mail.html.ok_or_else(|| Problem::Missing("this mail has no HTML".to_owned()))?;
    let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
    Ok(([kind, (CONTENT_SECURITY_POLICY, POLICY)], html))
}
