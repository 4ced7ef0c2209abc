//! Announcements: an admin chooses tokens, writes to their people, looks at a preview and sends it.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use crate::config::Provider;
use crate::domain::announcement::{AnnouncementDraft, AnnouncementText};
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Digest;
use crate::domain::event::EventKind;
use crate::domain::ids::{AnnouncementId, EventId, TokenId};
use crate::domain::notice::{NoticeKind, Recipient, list_everyone};
use crate::domain::permission::Action;
use crate::domain::token::Token;
use crate::store::announcements;
use crate::store::tx::{SharedNotices, TokenEvent, Tx};
use crate::store::{events, requests, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::{Actor, Outcome, Workflow};

/// Tokens on one page of the panel: the limit of a select in Discord.
pub const PAGE: u32 = 25;
/// How many tokens are counted; if there are more, the panel says so.
pub const COUNTED: u32 = 1_000;
/// The longest subject, in characters.
pub const SUBJECT_LIMIT: usize = 100;
/// The longest text, in characters.
pub const BODY_LIMIT: usize = 2_000;

/// The period for which the policy limits announcements.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An announcement that is being written, and what its panel shows.
#[derive(Debug)]
pub struct AnnouncementView {
    /// The draft.
    pub draft: AnnouncementDraft,
    /// One page of the provider's live tokens.
    pub page: Vec<Token>,
    /// Whether there are more.
    pub more: bool,
    /// How many tokens there are on all pages, if all are chosen; counted to one past [`COUNTED`].
    pub live: u32,
    /// The chosen tokens that are live: the preview names them.
    pub chosen: Vec<Token>,
    /// The number of readers: contacts and developers' addresses. Counted once it is written.
    pub people: u32,
    /// When this admin may send the next one; none if that is now.
    pub next: Option<DateTime<Utc>>,
    /// How many this admin may send in 24 hours.
    pub limit: u32,
    /// Whether it is shown instead of sent, because the panel that was pressed showed something else.
    pub outdated: bool,
}

/// The actions of the panel.
#[derive(Debug)]
pub enum AnnouncementEdit {
    /// Another page.
    Page(u32),
    /// The tokens that are chosen now among those on a page.
    Tokens {
        /// The page that the person saw.
        page: u32,
        /// The chosen ones among them.
        chosen: Vec<TokenId>,
    },
    /// Choose all live tokens, or only the chosen ones.
    Everything(bool),
    /// The text.
    Words(AnnouncementText),
}

/// The outcome of *Send*.
#[derive(Debug)]
pub enum SendOutcome {
    /// It is being sent.
    Sent(SentAnnouncement),
    /// Nothing was sent, because the author did not see this content. They look at it again.
    NeedsReview(Box<AnnouncementView>),
}

/// The announcement.
#[derive(Debug)]
pub struct SentAnnouncement {
    /// The number of recipients.
    pub people: usize,
    /// The number of tokens.
    pub tokens: usize,
}

/// `/token announce`: this admin's draft for a provider, as they left it.
pub async fn begin(
    workflow: &Workflow,
    actor: &Actor,
    provider: &Provider,
) -> Outcome<AnnouncementView> {
    actor.must_be_allowed(Action::Announce, Some(provider), None)?;
    let mut tx = workflow.begin(actor).await?;
    let draft = announcements::begin(&mut tx, &provider.id, actor.user).await?;
    let writing = build_view(workflow, &mut tx, draft).await?;
    tx.commit().await?;
    Ok(writing)
}

/// Applies an action of the panel.
pub async fn edit(
    workflow: &Workflow,
    actor: &Actor,
    id: AnnouncementId,
    step: AnnouncementEdit,
) -> Outcome<AnnouncementView> {
    let mut tx = workflow.begin(actor).await?;
    let mut draft = lock(workflow, &mut tx, actor, id).await?;
    match step {
        AnnouncementEdit::Page(page) => draft.page = page,
        AnnouncementEdit::Everything(everything) => draft.everything = everything,
        AnnouncementEdit::Words(words) => draft.words = check_text(words)?,
        AnnouncementEdit::Tokens { page, chosen } => {
            let shown = list_page(&mut tx, &draft.provider, page).await?.0;
            draft.tokens.retain(|token| !shown.contains(token));
            // A forged id is not a live token of this provider.
            draft.tokens.retain(|token| !chosen.contains(token));
            draft.tokens.extend(chosen);
        }
    }
    announcements::save(&mut tx, &draft).await?;
    let writing = build_view(workflow, &mut tx, draft).await?;
    tx.commit().await?;
    Ok(writing)
}

/// The draft for its form.
pub async fn get(
    workflow: &Workflow,
    actor: &Actor,
    id: AnnouncementId,
) -> Outcome<AnnouncementDraft> {
    let mut tx = workflow.tx().await?;
    lock(workflow, &mut tx, actor, id).await
}

/// *Cancel*.
pub async fn cancel(workflow: &Workflow, actor: &Actor, id: AnnouncementId) -> Outcome<()> {
    let mut tx = workflow.begin(actor).await?;
    let draft = lock(workflow, &mut tx, actor, id).await?;
    announcements::remove(&mut tx, draft.id).await?;
    tx.commit().await?;
    Ok(())
}

/// *Send* on a panel that shows what has the digest `shown`: each person of the chosen tokens gets one
/// message that names their tokens.
pub async fn send(
    workflow: &Workflow,
    actor: &Actor,
    id: AnnouncementId,
    shown: Digest,
) -> Outcome<SendOutcome> {
    let mut tx = workflow.begin(actor).await?;
    let draft = lock(workflow, &mut tx, actor, id).await?;
    // Only one announcement of this person is sent at a time.
    requests::lock_submissions(&mut tx, actor.user).await?;
    if let Some(next) = find_next_time(workflow, &mut tx, &draft).await? {
        let limit = workflow.config.policy.announcements_per_day;
        return Err(Refusal::AnnouncedEnough { limit, next }.into());
    }
    let ids = if draft.everything {
        announcements::list_live_tokens(&mut tx, &draft.provider).await?
    } else {
        announcements::filter_live_tokens(&mut tx, &draft.provider, &draft.tokens).await?
    };
    if ids.is_empty() || !draft.words.are_there() {
        return Err(Refusal::NothingToSend.into());
    }
    let tokens = tokens::get_all(&mut tx, &ids).await?;
    if draft.digest(count_readers(&tokens)) != shown {
        let writing = build_view(workflow, &mut tx, draft).await?;
        // This press is handled, whatever happens to the draft.
        tx.commit().await?;
        return Ok(SendOutcome::NeedsReview(Box::new(AnnouncementView {
            outdated: true,
            ..writing
        })));
    }
    let detail = json!({
        "tokens": ids,
        "everything": draft.everything,
        "subject": draft.words.subject,
        "body": draft.words.body,
    });
    let summary = |event: EventId| {
        json!({
            "announcement": event,
            "subject": draft.words.subject,
            "body_sha256": Digest::of(draft.words.body.as_bytes()).hex(),
        })
    };
    let what = (&draft.provider, &draft.words);
    let event = tx.announce(what, detail, &tokens, summary).await?;
    let mut notices = SharedNotices::default();
    for token in &tokens {
        let about = TokenEvent { event, request: token.latest_request(), token: token.id };
        notices.add(about, list_readers(token));
    }
    let people = tx.notify_of_several(notices, NoticeKind::Announced).await?;
    announcements::remove(&mut tx, draft.id).await?;
    tx.commit().await?;
    Ok(SendOutcome::Sent(SentAnnouncement { people, tokens: tokens.len() }))
}

/// When the author of a draft may send it; none if that is now.
async fn find_next_time(
    workflow: &Workflow,
    connection: &mut PgConnection,
    draft: &AnnouncementDraft,
) -> Outcome<Option<DateTime<Utc>>> {
    let limit = workflow.config.policy.announcements_per_day;
    if limit == 0 {
        return Err(Refusal::NoAnnouncements.into());
    }
    let what = (EventKind::Announced, &draft.provider, draft.author);
    Ok(events::find_next_allowed_time(connection, what, (limit, DAY)).await?)
}

/// Reads what the panel shows of a draft.
async fn build_view(
    workflow: &Workflow,
    connection: &mut PgConnection,
    mut draft: AnnouncementDraft,
) -> Outcome<AnnouncementView> {
    let next = find_next_time(workflow, connection, &draft).await?;
    let (mut ids, mut more) = list_page(connection, &draft.provider, draft.page).await?;
    if ids.is_empty() && draft.page > 0 {
        // Its tokens were deleted meanwhile.
        draft.page = 0;
        (ids, more) = list_page(connection, &draft.provider, 0).await?;
    }
    let page = tokens::get_all(connection, &ids).await?;
    let chosen =
        announcements::filter_live_tokens(connection, &draft.provider, &draft.tokens).await?;
    let chosen = tokens::get_all(connection, &chosen).await?;
    let live = match draft.everything {
        true => announcements::count_live(connection, &draft.provider, COUNTED + 1).await?,
        false => 0,
    };
    // Nobody is counted before the text is written, because it takes a while for many tokens.
    let people = match draft.everything {
        _ if !draft.words.are_there() => 0,
        true => announcements::count_people(connection, &draft.provider).await?,
        false => count_readers(&chosen),
    };
    let limit = workflow.config.policy.announcements_per_day;
    Ok(AnnouncementView { draft, page, more, live, chosen, people, next, limit, outdated: false })
}

/// A draft, locked, for its author, as long as they are an admin.
async fn lock(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    id: AnnouncementId,
) -> Outcome<AnnouncementDraft> {
    let draft = announcements::lock(tx, id).await?.ok_or(Refusal::Gone(Gone::Announcement))?;
    if draft.author != actor.user {
        return Err(Refusal::Gone(Gone::Announcement).into());
    }
    let provider = workflow.provider(&draft.provider)?;
    actor.must_be_allowed(Action::Announce, Some(provider), None)?;
    Ok(draft)
}

/// The tokens on a page, and whether there are more.
async fn list_page(
    connection: &mut PgConnection,
    provider: &ProviderId,
    page: u32,
) -> sqlx::Result<(Vec<TokenId>, bool)> {
    let place = (i64::from(page) * i64::from(PAGE), i64::from(PAGE) + 1);
    let mut ids = announcements::get_token_page(connection, provider, place).await?;
    let more = ids.len() > PAGE as usize;
    ids.truncate(PAGE as usize);
    Ok((ids, more))
}

/// The readers for a token: its contact and its developers. The owner is only told if they are the contact,
/// as the form says.
fn list_readers(token: &Token) -> Vec<Recipient> {
    list_everyone(token, [token.settings.contact])
}

/// How many people read an announcement to these tokens, each counted once.
fn count_readers(tokens: &[Token]) -> u32 {
    let people: HashSet<Recipient> = tokens.iter().flat_map(list_readers).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

fn check_text(words: AnnouncementText) -> Result<AnnouncementText, Refusal> {
    let subject = words.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let body = words.body.trim().to_owned();
    // An empty field is saved too, so that the other field is not lost.
    let within = |text: &str, limit| text.chars().count() <= limit;
    if within(&subject, SUBJECT_LIMIT) && within(&body, BODY_LIMIT) {
        Ok(AnnouncementText { subject, body })
    } else {
        Err(Refusal::BadWords)
    }
}
