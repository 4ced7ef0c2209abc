//! The one direct message that tells a requester how their request goes on.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::RequestId;
use crate::domain::notice::{
    self, CourseFacts, Notice, NoticeKind, Place, Recipient, ShownBy, Telling,
};
use crate::domain::request::Request;
use crate::store::{deliveries, notices, requests};

use crate::workflow::{Outcome, Workflow};

/// A direct message about a request.
#[derive(Debug, Clone, Copy)]
pub struct ShownMessage {
    /// What it shows.
    pub shown: ShownBy,
    /// Where it stands.
    pub place: Place,
    /// When what it tells happened.
    at: DateTime<Utc>,
}

/// How a notice is told; `None` where it is not of the course of the recipient's own request.
pub(super) async fn choose_telling(
    connection: &mut PgConnection,
    notice: &Notice,
    request: &Request,
) -> sqlx::Result<Option<Telling>> {
    if !notice.kind.is_of_course()
        || notice.recipient != Recipient::DirectMessage(request.requester)
    {
        return Ok(None);
    }
    let all = notices::list_course(connection, request.id, request.requester).await?;
    let is_secret_ready = notice.kind == NoticeKind::Approved
        && deliveries::get_of_request(connection, request.id).await?.is_some();
    let waits = request.waits_for_a_person();
    if notice.kind == NoticeKind::Failed && request.is_narrowed_by_upstream() && !waits {
        // It is done, withdrawn, or tried again by now.
        return Ok(Some(Telling::Outdated));
    }
    let is_told_otherwise = match (notice.kind, request.token()) {
        (NoticeKind::Withdrawn | NoticeKind::Failed, Some(token)) => {
            notices::is_told_of_token(connection, notice, token).await?
        }
        _ => false,
    };
    let facts = CourseFacts {
        waits_for_a_person: waits,
        is_secret_ready,
        is_own: notice.actor == Some(request.requester),
        is_told_otherwise,
    };
    Ok(Some(notice::choose_telling((notice.id, notice.kind), &all, facts)))
}

/// The messages to a requester that a newer one has replaced.
pub async fn list_outdated(workflow: &Workflow, id: RequestId) -> Outcome<Vec<ShownMessage>> {
    let mut connection = workflow.pool.acquire().await?;
    let Some(request) = requests::get(&mut connection, id).await? else { return Ok(Vec::new()) };
    let told = notices::list_course(&mut connection, id, request.requester).await?;
    let mut all: Vec<ShownMessage> = told
        .into_iter()
        .filter_map(|notice| {
            let (shown, at) = (ShownBy::Notice(notice.id), notice.created_at);
            Some(ShownMessage { shown, place: notice.place?, at })
        })
        .collect();
    let delivery = deliveries::get_of_request(&mut connection, id).await?;
    connection.keep();
    let mut waits = None;
    if let Some((delivery, place)) = delivery.and_then(|delivery| {
        let place = delivery.message?;
        Some((delivery, place))
    }) {
        waits = delivery.state.is_waiting().then_some(place);
        let shown = ShownBy::Delivery(delivery.id);
        all.push(ShownMessage { shown, place, at: delivery.created_at });
    }
    let newest = all.iter().max_by_key(|message| message.at).map(|message| message.place);
    all.retain(|message| ![newest, waits].contains(&Some(message.place)));
    Ok(all)
}

/// A message was deleted.
pub async fn note_deleted(workflow: &Workflow, shown: ShownBy) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    tx.forget_message(shown).await?;
    tx.commit().await?;
    Ok(())
}
