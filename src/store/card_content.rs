//! What a card shows, read by one statement, so that all of it is of the same moment.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::approvals::ApprovalRow;
use super::convert_number;
use super::deliveries::DeliveryRow;
use super::requests::RequestRow;
use super::tokens::TokenRow;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{EventId, RequestId};
use crate::domain::issuer::IssuerKind;
use crate::domain::request::{Approval, Request, RequestState, RequesterHistory};
use crate::domain::request_kind::RequestKind;
use crate::domain::scope::ResolvedScope;
use crate::domain::token::{Token, TokenState};

/// A request, with what every card of it shows.
#[derive(Debug)]
pub struct CardContent {
    /// The request.
    pub request: Request,
    /// What its requester has already, while it waits for approvals.
    pub history: Option<RequesterHistory>,
    /// All approvals that were ever given to it, in their order.
    pub approvals: Vec<Approval>,
    /// Its token: the one that it changes or made.
    pub token: Option<Token>,
    /// The delivery of the secret that was made for it.
    pub delivery: Option<Delivery>,
    /// The last time that the request failed; see [`find_last_failure`](super::events::find_last_failure).
    pub failure: Option<EventId>,
    /// The last event since which it waited for admins, where that is not its submission; see
    /// [`find_last_wait`](super::calls::find_last_wait).
    pub wait: Option<EventId>,
    /// The primary contact's name, if they were seen before.
    pub contact_name: Option<String>,
}

/// The row of a request, with the rows of its token and its delivery. The columns of one that does not exist are
/// all missing.
struct CardRow {
    id: i64,
    number: i64,
    state: RequestState,
    requester: i64,
    approvals_required: i16,
    requester_approval_counts: bool,
    content: String,
    digest: Vec<u8>,
    revision: i64,
    submitted_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    ended_by: Option<i64>,
    reason: Option<String>,
    other_tokens: i64,
    had_these_scopes: bool,
    approvals: Json<Vec<ApprovalRow>>,
    failure: Option<EventId>,
    wait: Option<EventId>,
    contact_name: Option<String>,
    token: Option<i64>,
    token_provider: Option<String>,
    token_issuer: Option<IssuerKind>,
    token_request: Option<i64>,
    token_change: Option<i64>,
    token_account_sid: Option<String>,
    token_name: Option<String>,
    token_description: Option<String>,
    token_api_version: Option<i32>,
    token_owner: Option<i64>,
    token_contact: Option<i64>,
    token_developer_emails: Option<Vec<String>>,
    token_scopes: Option<Json<Vec<ResolvedScope>>>,
    token_lifetime_days: Option<i32>,
    token_state: Option<TokenState>,
    token_revision: Option<i64>,
    token_created_at: Option<DateTime<Utc>>,
    token_collected_at: Option<DateTime<Utc>>,
    token_expires_at: Option<DateTime<Utc>>,
    delivery: Option<i64>,
    delivery_token: Option<i64>,
    delivery_secret: Option<i64>,
    delivery_request: Option<i64>,
    delivery_owner: Option<i64>,
    delivery_state: Option<DeliveryState>,
    delivery_created_at: Option<DateTime<Utc>>,
    delivery_expires_at: Option<DateTime<Utc>>,
    delivery_channel: Option<i64>,
    delivery_message: Option<i64>,
    delivery_refused_at: Option<DateTime<Utc>>,
    delivery_pressed_at: Option<DateTime<Utc>>,
    delivery_accepted_at: Option<DateTime<Utc>>,
}

impl CardRow {
    fn take_token(&mut self) -> Option<TokenRow> {
        Some(TokenRow {
            id: self.token?,
            provider: self.token_provider.take()?,
            issuer: self.token_issuer?,
            request_id: self.token_request?,
            change_id: self.token_change,
            account_sid: self.token_account_sid.take()?,
            name: self.token_name.take()?,
            description: self.token_description.take()?,
            api_version: self.token_api_version?,
            owner: self.token_owner?,
            contact: self.token_contact?,
            developer_emails: self.token_developer_emails.take()?,
            scopes: self.token_scopes.take()?,
            lifetime_days: self.token_lifetime_days?,
            state: self.token_state?,
            revision: self.token_revision?,
            created_at: self.token_created_at?,
            collected_at: self.token_collected_at,
            expires_at: self.token_expires_at,
        })
    }

    fn get_delivery(&self) -> Option<DeliveryRow> {
        Some(DeliveryRow {
            id: self.delivery?,
            token_id: self.delivery_token?,
            secret_id: self.delivery_secret?,
            request_id: self.delivery_request?,
            owner: self.delivery_owner?,
            state: self.delivery_state?,
            created_at: self.delivery_created_at?,
            expires_at: self.delivery_expires_at?,
            dm_channel: self.delivery_channel,
            dm_message: self.delivery_message,
            dm_refused_at: self.delivery_refused_at,
            first_pressed_at: self.delivery_pressed_at,
            accepted_at: self.delivery_accepted_at,
        })
    }
}

impl TryFrom<CardRow> for CardContent {
    type Error = sqlx::Error;
    fn try_from(mut row: CardRow) -> sqlx::Result<Self> {
        let token = row.take_token().map(Token::try_from).transpose()?;
        let delivery = row.get_delivery().map(Delivery::try_from).transpose()?;
        let request = RequestRow {
            id: row.id,
            number: row.number,
            state: row.state,
            requester: row.requester,
            approvals_required: row.approvals_required,
            requester_approval_counts: row.requester_approval_counts,
            content: row.content,
            digest: row.digest,
            revision: row.revision,
            submitted_at: row.submitted_at,
            expires_at: row.expires_at,
            ended_by: row.ended_by,
            reason: row.reason,
        };
        let request = Request::try_from(request)?;
        let leaves_scopes = matches!(
            request.content.kind,
            RequestKind::Reset | RequestKind::Enable | RequestKind::Extend
        );
        let history = RequesterHistory {
            other_tokens: convert_number(row.other_tokens)?,
            had_these_scopes: (!leaves_scopes).then_some(row.had_these_scopes),
        };
        let approvals = row.approvals.0.into_iter().map(Approval::try_from);
        Ok(Self {
            history: (request.state == RequestState::Pending).then_some(history),
            request,
            approvals: approvals.collect::<sqlx::Result<_>>()?,
            token,
            delivery,
            failure: row.failure,
            wait: row.wait,
            contact_name: row.contact_name,
        })
    }
}

/// What the card of a request shows.
pub async fn read(
    connection: &mut PgConnection,
    id: RequestId,
) -> sqlx::Result<Option<CardContent>> {
    let row = sqlx::query_as!(
        CardRow,
        r#"select requests.id, number, requests.state as "state: RequestState", requester,
               approvals_required, requester_approval_counts, content, digest, requests.revision,
               submitted_at, requests.expires_at, ended_by, reason,
               history.enabled as "other_tokens!", history.had as "had_these_scopes!",
               (select coalesce(jsonb_agg(jsonb_build_object('id', approvals.id, 'person', person,
                       'digest', encode(approvals.digest, 'hex'), 'interaction', interaction_id,
                       'given_at', given_at, 'struck', struck_because) order by approvals.id), '[]')
                   from approvals where approvals.request_id = requests.id)
                   as "approvals!: Json<Vec<ApprovalRow>>",
               (select events.id from events
                   where events.request_id = requests.id and events.kind = 'request_failed'
                   order by events.id desc limit 1) as "failure: EventId",
               (select events.id from events
                   where events.request_id = requests.id and events.kind in
                       ('request_failed', 'request_returned', 'request_confirmed', 'request_retried')
                   order by events.id desc limit 1) as "wait: EventId",
               (select people.name from people
                   where people.id = (content::jsonb ->> 'contact')::bigint) as contact_name,
               tokens.id as "token?", tokens.provider as "token_provider?",
               tokens.issuer as "token_issuer?: IssuerKind", tokens.request_id as "token_request?",
               tokens.change_id as "token_change?", tokens.account_sid as "token_account_sid?",
               tokens.name as "token_name?", tokens.description as "token_description?",
               tokens.api_version as "token_api_version?", tokens.owner as "token_owner?",
               tokens.contact as "token_contact?", developer_emails as "token_developer_emails?",
               tokens.scopes as "token_scopes?: Json<Vec<ResolvedScope>>", lifetime_days as "token_lifetime_days?",
               tokens.state as "token_state?: TokenState", tokens.revision as "token_revision?",
               tokens.created_at as "token_created_at?", collected_at as "token_collected_at?",
               tokens.expires_at as "token_expires_at?",
               deliveries.id as "delivery?", deliveries.token_id as "delivery_token?",
               secret_id as "delivery_secret?",
               case when deliveries.id is not null then requests.id end as "delivery_request?", deliveries.owner as "delivery_owner?",
               deliveries.state as "delivery_state?: DeliveryState",
               deliveries.created_at as "delivery_created_at?",
               deliveries.expires_at as "delivery_expires_at?", dm_channel as "delivery_channel?",
               dm_message as "delivery_message?", dm_refused_at as "delivery_refused_at?",
               first_pressed_at as "delivery_pressed_at?", accepted_at as "delivery_accepted_at?"
           from requests
           -- A join would read all of a small table.
           left join lateral (
               select * from tokens where tokens.id = coalesce(requests.token_id,
                   (select made.id from tokens as made where made.request_id = requests.id))
               limit 1) as tokens on true
           left join deliveries on secret_id =
               (select secrets.id from secrets where secrets.request_id = requests.id)
           -- What a scope allows is its method, path and value, whatever its id.
           cross join lateral (
               select jsonb_agg(jsonb_build_object('method', scope -> 'method', 'path', scope -> 'path',
                   'value', scope -> 'value')) as scopes
               from jsonb_array_elements(content::jsonb -> 'scopes') as scope) as asked
           -- What the requester has at the provider, without the token that the request makes or changes.
           cross join lateral (
               select count(*) filter (where standing = 'enabled') as enabled,
                   coalesce(bool_or(owned.scopes @> asked.scopes), false) as had
               from tokens as owned
               where requests.state = 'pending' and owned.owner = requester and owned.provider = requests.provider
                   and owned.request_id <> requests.id and owned.id <> coalesce(requests.token_id, 0)) as history
           where requests.id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(CardContent::try_from).transpose()
}
