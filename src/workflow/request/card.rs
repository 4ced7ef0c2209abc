//! The data for the card of a request, and notes that it was shown.

use std::time::Duration;

use serde_json::json;
use sqlx::PgConnection;

use crate::domain::card::Rendering;
use crate::domain::content::Content;
use crate::domain::delivery::Delivery;
use crate::domain::ids::{EventId, MessageId, RequestId, UserId};
use crate::domain::notice::{NoticeKind, Place, ShownBy};
use crate::domain::request::{Approval, Request, RequestState, RequesterHistory};
use crate::domain::token::Token;
use crate::domain::transitions::RequestTransition;
use crate::store::card_content::{self, CardContent};
use crate::store::cards::{self, CardClaim};
use crate::store::tx::Cause;
use crate::store::{attempts, events, notices, requests};

use crate::workflow::{Outcome, Workflow};

/// How long one process keeps others from rendering a card. The queue gives the job of a card to no other
/// process while its process lives. So a process that finds the card taken follows one that died or was
/// frozen, and should not wait long: if the frozen one continues, it learns that it lost the right, and the
/// card is rendered again.
const LEASE: Duration = Duration::from_secs(5);

/// The state that a card shows.
#[derive(Debug)]
pub struct CardState {
    /// The request.
    pub request: Request,
    /// Its previous content, if it was changed.
    pub before: Option<Content>,
    /// What its requester has already, while it waits for approvals.
    pub history: Option<RequesterHistory>,
    /// All approvals that were ever given to it.
    pub approvals: Vec<Approval>,
    /// Its token: the one that it changes or made.
    pub token: Option<Token>,
    /// The delivery of the secret that was made for it.
    pub delivery: Option<Delivery>,
    /// Who disabled its token with a found secret, if that is why it is off.
    pub leak_found_by: Option<UserId>,
    /// The marker of a token that may have been made for it, and that nobody has found to be gone.
    pub stray: Option<String>,
    /// Why its token could not be ended at the provider so far, where it asks an admin to.
    pub trouble: Option<String>,
    /// The last time that the request failed.
    pub failure: Option<EventId>,
    /// The event since which the request waits for admins, where that is not its submission. Only of a card that is
    /// posted.
    pub wait: Option<EventId>,
    /// The primary contact's name.
    pub contact_name: String,
}

/// The task for a card's job.
#[derive(Debug)]
pub enum CardTask {
    /// Render this; no other process will for a while.
    Render(Box<CardState>, Rendering),
    /// Another process renders it.
    Wait,
    /// Discord shows the current state.
    Nothing,
}

/// Takes the right to render a request's card, with the state to show.
pub async fn take(workflow: &Workflow, id: RequestId) -> Outcome<CardTask> {
    // The state is read after `wanted`, so that the card never shows an older state than it notes.
    let mut connection = workflow.pool.acquire().await?;
    let mut rendering = match cards::claim(&mut connection, id, LEASE).await? {
        CardClaim::Rendering(rendering) => rendering,
        CardClaim::Busy => return Ok(CardTask::Wait),
        CardClaim::UpToDate => return Ok(CardTask::Nothing),
    };
    let is_new = rendering.message.is_none();
    let state = read_state(&mut connection, id, is_new).await?;
    connection.keep();
    let Some(state) = state else { return Ok(CardTask::Nothing) };
    // The channel that was configured at submission may be gone.
    if let (None, Some(provider)) =
        (rendering.message, workflow.config.provider(&state.request.content.provider))
    {
        rendering.channel = provider.approval_channel;
    }
    Ok(CardTask::Render(Box::new(state), rendering))
}

/// Notes that the card has no room for all of this content, so that approvers must read *Details* first.
/// False if another process renders the card meanwhile.
pub async fn note_cut(
    workflow: &Workflow,
    request: &Request,
    rendering: &Rendering,
) -> Outcome<bool> {
    let mut connection = workflow.pool.acquire().await?;
    let (id, digest) = (request.id, request.digest);
    let noted = cards::note_cut(&mut connection, id, digest, rendering.until).await?;
    connection.keep();
    Ok(noted)
}

/// Notes that Discord shows the card; a new message called the admins for `called_for`. Returns whether it must be
/// rendered again.
pub async fn note_shown(
    workflow: &Workflow,
    id: RequestId,
    rendering: &Rendering,
    message: MessageId,
    called_for: Option<EventId>,
) -> Outcome<bool> {
    Ok(workflow
        .pool
        .run(async |connection| {
            cards::note_shown(connection, id, rendering, message, called_for).await
        })
        .await?)
}

/// The direct messages that told the requester that the card was refused.
pub async fn list_refusal_messages(
    workflow: &Workflow,
    request: &Request,
) -> Outcome<Vec<(ShownBy, Place)>> {
    let mut connection = workflow.pool.acquire().await?;
    let told = notices::list_course(&mut connection, request.id, request.requester).await?;
    connection.keep();
    let refusals = told.into_iter().filter(|told| told.kind == NoticeKind::CardRefused);
    Ok(refusals.filter_map(|told| Some((ShownBy::Notice(told.id), told.place?))).collect())
}

/// Discord refused the card for good: the requester is told once for each content, while they can do something
/// about it. The same state is tried again only by [`retry_refused`].
pub async fn note_refused(
    workflow: &Workflow,
    id: RequestId,
    rendering: &Rendering,
    code: u32,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
    let is_untold = cards::note_refused(&mut tx, &request, rendering, code).await?;
    if is_untold == Some(true) && request.state == RequestState::Pending {
        let cause = Cause::detail(json!({ "code": code }));
        tx.move_request(&mut request, RequestTransition::RefuseCard, cause).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Has refused cards tried again that were refused longer than `pause` ago.
pub async fn retry_refused(workflow: &Workflow, pause: Duration) -> Outcome<()> {
    let mut connection = workflow.pool.acquire().await?;
    if cards::count_refused(&mut connection).await?.is_some() {
        cards::retry_refused(&mut connection, pause).await?;
    }
    Ok(())
}

/// The card could not be rendered for now.
pub async fn release(workflow: &Workflow, id: RequestId, rendering: &Rendering) -> Outcome<()> {
    Ok(workflow
        .pool
        .run(async |connection| cards::release(connection, id, rendering).await)
        .await?)
}

/// The card's message can no longer be edited; the next rendering posts a new one.
pub async fn note_lost(workflow: &Workflow, id: RequestId, rendering: &Rendering) -> Outcome<()> {
    Ok(workflow
        .pool
        .run(async |connection| cards::lose_message(connection, id, rendering).await)
        .await?)
}

/// The state that a card shows; with `is_new`, also since when it waits for admins, whom a posting calls.
pub(super) async fn read_state(
    connection: &mut PgConnection,
    id: RequestId,
    is_new: bool,
) -> Outcome<Option<CardState>> {
    let Some(shown) = card_content::read(connection, id).await? else { return Ok(None) };
    let CardContent { request, history, approvals, token, delivery, failure, wait, contact_name } =
        shown;
    let wait = wait.filter(|_| is_new && request.awaits_admins());
    // What follows is of a later moment, and only adds to the card.
    let before = match request.revision {
        1 => None,
        _ => events::find_content_before(connection, id, request.digest).await?,
    };
    let leak_found_by = match &token {
        Some(token) if token.state.is_off_for_now() => {
            events::find_leak_reporter(connection, token.id).await?
        }
        _ => None,
    };
    let stray = match request.state {
        RequestState::Denied | RequestState::Withdrawn | RequestState::Failed => {
            attempts::find_unresolved_marker(connection, id).await?
        }
        _ => None,
    };
    let trouble = match &token {
        Some(token) if request.content.kind.is_task() => {
            events::last_trouble(connection, token.id).await?
        }
        _ => None,
    };
    let contact_name = contact_name.unwrap_or_else(|| request.content.settings.contact.to_string());
    Ok(Some(CardState {
        request,
        before,
        history,
        approvals,
        token,
        delivery,
        leak_found_by,
        stray,
        trouble,
        failure,
        wait,
        contact_name,
    }))
}

/// A link to a request's card, once it is posted.
pub(in crate::workflow) async fn find_link(
    workflow: &Workflow,
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<String>> {
    let place = cards::find_message(connection, request).await?;
    let discord = &workflow.config.discord;
    Ok(place.map(|(channel, message)| discord.message_link(channel, message)))
}
