//! What is stuck at some providers, for their admins.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::FAILING;
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{RequestId, RequestNumber, UserId};

/// The jobs of one kind that fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingJobs {
    /// Their kind.
    pub kind: String,
    /// How many.
    pub count: i64,
}

/// A card that Discord refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCard {
    /// Its request.
    pub request: RequestId,
    /// The number that people see.
    pub number: RequestNumber,
    /// Discord's code.
    pub code: u32,
}

/// A secret whose owner could not be told that it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntoldSecret {
    /// The token's name.
    pub name: String,
    /// Who may collect it.
    pub owner: UserId,
    /// When it can no longer be collected.
    pub expires_at: DateTime<Utc>,
    /// The request that it was made for.
    pub request: RequestId,
}

fn names_of(providers: &[ProviderId]) -> Vec<String> {
    providers.iter().map(ToString::to_string).collect()
}

/// The kinds of jobs that failed several times in a row and are about something of these providers, or about nothing
/// in particular.
pub async fn list_failing_jobs(
    connection: &mut PgConnection,
    providers: &[ProviderId],
) -> sqlx::Result<Vec<FailingJobs>> {
    sqlx::query_as!(
        FailingJobs,
        r#"with about as (
               select kind, case
                   when kind in ('render_card', 'confirm_approvals', 'issue', 'review_change', 'tidy_messages',
                       'remind_admins', 'call_admins', 'lapse_request')
                       then (select provider from requests where id = subject)
                   when kind in ('expire_token', 'switch_off')
                       then (select provider from tokens where id = subject)
                   when kind = 'look_for_stray'
                       then (select provider from attempts join requests on requests.id = request_id
                           where attempts.id = subject)
                   when kind in ('deliver', 'lapse_delivery', 'delete_reveal')
                       then (select provider from deliveries join tokens on tokens.id = token_id
                           where deliveries.id = subject)
                   when kind in ('send_notice', 'send_mail')
                       then (select provider from notices join events on events.id = event_id
                           where notices.id = subject)
                   when kind in ('alert_admins', 'tell_recovery', 'tell_doubt')
                       then (select provider from events where id = subject)
                   when kind = 'tell_departure'
                       then (select provider from departures where id = subject)
               end as provider
               from jobs where failures >= $2)
           select kind, count(*) as "count!" from about
           where provider is null or provider = any($1) group by kind order by 2 desc, 1"#,
        &names_of(providers),
        FAILING
    )
    .fetch_all(connection)
    .await
}

/// Up to `most` cards of these providers that Discord refuses and that are still tried, the oldest first.
pub async fn list_refused_cards(
    connection: &mut PgConnection,
    providers: &[ProviderId],
    most: u32,
) -> sqlx::Result<Vec<RefusedCard>> {
    let rows = sqlx::query!(
        r#"select requests.id as "request: RequestId", number as "number: RequestNumber",
               refused_code as "code!"
           from cards join requests on requests.id = request_id
           where refused_code is not null and provider = any($1)
             and (state in ('pending', 'approved', 'issuing', 'failed') or expires_at > now() - interval '7 days')
           order by number limit $2"#,
        &names_of(providers),
        i64::from(most)
    )
    .fetch_all(connection)
    .await?;
    let cards = rows.into_iter().map(|row| RefusedCard {
        request: row.request,
        number: row.number,
        code: row.code.unsigned_abs(),
    });
    Ok(cards.collect())
}

/// Up to `most` requests of these providers that have their approvals, and whose provider's API has not done them
/// yet, or has failed; the oldest first. What an admin has to do at the provider is none of them.
pub async fn list_waiting_for_upstream(
    connection: &mut PgConnection,
    providers: &[ProviderId],
    most: u32,
) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where provider = any($1) and content::jsonb ->> 'issuer' = 'http'
             and (state = 'failed' and reason like 'upstream\_%'
                 or state in ('approved', 'issuing') and changed_at < now() - interval '1 minute'
                     and not is_task(kind))
           order by id limit $2"#,
        &names_of(providers),
        i64::from(most)
    )
    .fetch_all(connection)
    .await
}

/// Up to `most` secrets of tokens of these providers that wait, and whose owners take no direct messages; the one
/// that ends first is the first.
pub async fn list_untold_secrets(
    connection: &mut PgConnection,
    providers: &[ProviderId],
    most: u32,
) -> sqlx::Result<Vec<UntoldSecret>> {
    sqlx::query_as!(
        UntoldSecret,
        r#"select name, deliveries.owner as "owner: UserId", deliveries.expires_at,
               secrets.request_id as "request: RequestId"
           from deliveries join tokens on tokens.id = deliveries.token_id
               join secrets on secrets.id = secret_id
           where deliveries.state in ('waiting', 'pressed') and dm_refused_at is not null
             and provider = any($1)
           order by deliveries.expires_at limit $2"#,
        &names_of(providers),
        i64::from(most)
    )
    .fetch_all(connection)
    .await
}

/// Emails about something of these providers that wait for longer than those of a token's creation may: their number,
/// and since when the first of them waits.
pub async fn count_waiting_emails(
    connection: &mut PgConnection,
    providers: &[ProviderId],
) -> sqlx::Result<Option<(i64, DateTime<Utc>)>> {
    let row = sqlx::query!(
        r#"select count(*) as "emails!", min(created_at) as "since: DateTime<Utc>"
           from notices join events on events.id = event_id
           where medium = 'mail' and state = 'waiting' and created_at < now() - interval '15 minutes'
             and provider = any($1)"#,
        &names_of(providers)
    )
    .fetch_one(connection)
    .await?;
    Ok(row.since.map(|since| (row.emails, since)))
}
