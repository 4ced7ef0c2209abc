//! Sends notices: what a notice is about, who gets it, and its outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::PgConnection;

use crate::domain::announcement::AnnouncementText;
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{ChannelId, NoticeId, RequestId, TokenId, UserId};
use crate::domain::notice::{Notice, NoticeKind, NoticeOutcome, Place, Recipient, Telling};
use crate::domain::policy;
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::store::announcements;
use crate::store::approvals::{self, RequestWithApprovals};
use crate::store::jobs;
use crate::store::notices;
use crate::store::people::{self, Person};
use crate::store::tx::{SharedNotices, TokenEvent};
use crate::store::{tokens, warnings};

use crate::workflow::notice::course;
use crate::workflow::{Outcome, Workflow};

/// A notice that is due.
#[derive(Debug)]
pub enum DueNotice {
    /// An event of a request or a token.
    Happened(Box<SingleNotice>),
    /// One message about several tokens.
    Bundled(Box<SharedNotice>),
}

/// A notice about several tokens.
#[derive(Debug)]
pub struct SharedNotice {
    /// The notice.
    pub notice: Notice,
    /// The tokens in the message, as they are now; empty if nothing is left to tell.
    pub tokens: Vec<Token>,
    /// The text of an admin, for an announcement.
    pub words: Option<AnnouncementText>,
    /// Who opened each of them, if the message says so.
    pub opened: BTreeMap<TokenId, OpenedBy>,
    /// What is known of the people in it.
    pub people: KnownPeople,
}

/// Who opened a token.
#[derive(Debug)]
pub struct OpenedBy {
    /// The person who asked for it.
    pub requester: UserId,
    /// The people whose approvals count.
    pub approvers: Vec<UserId>,
}

/// A notice about one event, with all that it may mention.
#[derive(Debug)]
pub struct SingleNotice {
    /// The notice.
    pub notice: Notice,
    /// The request that it is about.
    pub request: Request,
    /// The token, where there is one.
    pub token: Option<Token>,
    /// The people whose approvals count.
    pub approvers: Vec<UserId>,
    /// What is known of the people in it.
    pub people: KnownPeople,
    /// Whether it is the first that its recipient hears of the token.
    pub is_first: bool,
    /// How its recipient is told of the course of their own request; `None` of anything else.
    pub telling: Option<Telling>,
}

/// What is known of people.
#[derive(Debug)]
pub struct KnownPeople(BTreeMap<UserId, Person>);

impl KnownPeople {
    /// The name of a person, or the id if the person was never seen.
    #[must_use]
    pub fn name(&self, person: UserId) -> String {
        self.0.get(&person).map_or_else(|| person.to_string(), |known| known.name.clone())
    }

    /// Discord's code of a person's language, if it is known.
    #[must_use]
    pub fn locale(&self, person: UserId) -> Option<&str> {
        self.0.get(&person)?.locale.as_deref()
    }
}

/// A notice that was not sent yet.
pub async fn get_due_notice(workflow: &Workflow, id: NoticeId) -> Outcome<Option<DueNotice>> {
    let mut connection = workflow.pool.acquire().await?;
    let Some(notice) = notices::find_waiting(&mut connection, id).await? else { return Ok(None) };
    if notice.kind.is_of_many() {
        let bundle = build_shared_notice(&mut connection, notice).await?;
        return Ok(Some(DueNotice::Bundled(Box::new(bundle))));
    }
    let telling = build_single_notice(&mut connection, notice).await?;
    connection.keep();
    Ok(telling.map(|telling| DueNotice::Happened(Box::new(telling))))
}

/// Ends a notice. The history of each of its tokens shows it. If a developer's server refuses the message,
/// the token's contact is told, once for each address.
pub async fn end_notice(
    workflow: &Workflow,
    notice: &Notice,
    outcome: NoticeOutcome<'_>,
) -> Outcome<()> {
    end_notice_at(workflow, notice, outcome, None).await
}

/// The same; `place` is where the message about a request's course stands.
pub async fn end_notice_at(
    workflow: &Workflow,
    notice: &Notice,
    outcome: NoticeOutcome<'_>,
    place: Option<Place>,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    if tx.end_notice(notice, outcome, place).await? {
        let is_refused = matches!(outcome, NoticeOutcome::Refused(_));
        let mut refused = SharedNotices::default();
        for subject in list_subjects(&mut tx, notice, is_refused).await? {
            let about = (&subject.provider, subject.request, subject.token);
            let (Recipient::Mail(to), Some(token)) = (&notice.recipient, subject.refused) else {
                tx.log_notice(notice, outcome, about);
                continue;
            };
            let event = tx.log_notice_now(notice, outcome, about).await?;
            let whose = (token.id, token.settings.contact);
            if warnings::note_refused_mailbox(&mut tx, whose, to, event).await? {
                let about = TokenEvent { event, request: token.latest_request(), token: token.id };
                refused.add(about, vec![Recipient::DirectMessage(token.settings.contact)]);
            }
        }
        let kinds = (NoticeKind::MailboxRefused, NoticeKind::MailboxRefusedForSeveral);
        tx.notify_of_one_or_several(refused, kinds).await?;
        if let (true, Recipient::DirectMessage(person)) = (is_refused, &notice.recipient) {
            tx.check_member(*person);
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Notes that a mailbox asked to try later. Returns how long it has done so.
pub async fn postpone_notice(workflow: &Workflow, notice: &Notice) -> Outcome<Duration> {
    let mut tx = workflow.tx().await?;
    let lasts = notices::postpone(&mut tx, notice.id).await?;
    tx.commit().await?;
    Ok(lasts)
}

/// Forgets since when a mailbox asked to try later, because something else keeps the notice now.
pub async fn forget_postponement(workflow: &Workflow, notice: &Notice) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    notices::forget_postponement(&mut tx, notice.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Has emails that wait to be tried again tried now, but for those that were tried within `pause`.
pub async fn retry_emails(workflow: &Workflow, pause: Duration) -> Outcome<()> {
    Ok(workflow.pool.run(async |connection| jobs::retry_emails(connection, pause).await).await?)
}

/// The channel of direct messages with a person, if it was opened before.
pub async fn get_direct_channel(workflow: &Workflow, person: UserId) -> Outcome<Option<ChannelId>> {
    Ok(workflow
        .pool
        .run(async |connection| people::get_direct_channel(connection, person).await)
        .await?)
}

/// Stores the channel of direct messages with a person, or that it is gone.
pub async fn set_direct_channel(
    workflow: &Workflow,
    person: UserId,
    channel: Option<ChannelId>,
) -> Outcome<()> {
    Ok(workflow
        .pool
        .run(async |connection| people::set_direct_channel(connection, person, channel).await)
        .await?)
}

/// The subject of a notice.
struct NoticeSubject {
    provider: ProviderId,
    request: RequestId,
    token: Option<TokenId>,
    /// The token, if the notice was refused.
    refused: Option<Token>,
}

/// What a notice is about; several tokens, if it is of several.
async fn list_subjects(
    connection: &mut PgConnection,
    notice: &Notice,
    is_refused: bool,
) -> sqlx::Result<Vec<NoticeSubject>> {
    if notice.kind.is_of_many() {
        let ids = warnings::list_tokens_of(connection, notice.id).await?;
        let tokens = tokens::get_all(connection, &ids).await?.into_iter();
        return Ok(tokens
            .map(|token| NoticeSubject {
                provider: token.provider.clone(),
                request: token.request,
                token: Some(token.id),
                refused: Some(token).filter(|_| is_refused),
            })
            .collect());
    }
    let Some(request) = notice.request else { return Ok(Vec::new()) };
    let refused = match notice.token.filter(|_| is_refused) {
        Some(token) => tokens::get(connection, token).await?,
        None => None,
    };
    let provider = notice.provider.clone();
    Ok(vec![NoticeSubject { provider, request, token: notice.token, refused }])
}

async fn build_single_notice(
    connection: &mut PgConnection,
    notice: Notice,
) -> sqlx::Result<Option<SingleNotice>> {
    let Some(request) = notice.request else { return Ok(None) };
    let read = approvals::get_request(connection, request).await?;
    let Some(RequestWithApprovals { request, approvals, .. }) = read else { return Ok(None) };
    let token = match notice.token {
        Some(token) => tokens::get(connection, token).await?,
        None => None,
    };
    let approvers: Vec<UserId> =
        policy::people_whose_approvals_count(&request, &approvals).into_iter().collect();
    let mut all = vec![request.requester, request.content.settings.contact];
    all.extend(request.content.target.as_ref().map(|target| target.was.settings.contact));
    all.extend(&approvers);
    all.extend(notice.actor);
    if let Recipient::DirectMessage(person) = notice.recipient {
        all.push(person);
    }
    let people = KnownPeople(people::get(connection, &all).await?);
    let telling = course::choose_telling(connection, &notice, &request).await?;
    let is_first = notice.kind == NoticeKind::Collected && !notice.knows_of_creation;
    Ok(Some(SingleNotice { notice, request, token, approvers, people, is_first, telling }))
}

async fn build_shared_notice(
    connection: &mut PgConnection,
    notice: Notice,
) -> sqlx::Result<SharedNotice> {
    let ids = match notice.kind {
        NoticeKind::Expiring => warnings::list_still_ending(connection, notice.id).await?,
        _ => warnings::list_tokens_of(connection, notice.id).await?,
    };
    let words = match notice.kind {
        NoticeKind::Announced => announcements::get(connection, notice.event).await?,
        _ => None,
    };
    let mut tokens = tokens::get_all(connection, &ids).await?;
    if notice.kind == NoticeKind::SeveralExpired {
        tokens.sort_by_key(|token| token.expires_at);
    }
    let opened = if notice.recipient.is_mail() {
        list_opened_by(connection, &tokens).await?
    } else {
        BTreeMap::new()
    };
    let mut all: Vec<UserId> = tokens.iter().map(|token| token.settings.contact).collect();
    all.extend(opened.values().flat_map(|by| by.approvers.iter().copied().chain([by.requester])));
    all.extend(notice.actor);
    if let Recipient::DirectMessage(person) = notice.recipient {
        all.push(person);
    }
    let people = KnownPeople(people::get(connection, &all).await?);
    Ok(SharedNotice { notice, tokens, words, opened, people })
}

/// Who opened these tokens.
async fn list_opened_by(
    connection: &mut PgConnection,
    tokens: &[Token],
) -> sqlx::Result<BTreeMap<TokenId, OpenedBy>> {
    let mut opened = BTreeMap::new();
    for token in tokens {
        let read = approvals::get_request(connection, token.request).await?;
        let Some(RequestWithApprovals { request, approvals, .. }) = read else { continue };
        let approvers =
            policy::people_whose_approvals_count(&request, &approvals).into_iter().collect();
        opened.insert(token.id, OpenedBy { requester: request.requester, approvers });
    }
    Ok(opened)
}
