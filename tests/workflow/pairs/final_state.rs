//! The state after two actions, without ids and times.

use countersign::domain::ids::TokenId;

use crate::support::Fixture;

/// The token, its requests with their approvals, secrets, deliveries, drafts, names, the events in their
/// order, and who gets which notice. A duplicate is a separate token, so its events have no fixed order
/// relative to this one's.
const LEFT: &str = "
with theirs as (
    select id from requests where token_id = $1
        or id = (select request_id from tokens where id = $1)
)
select concat_ws(E'\\n',
    (select concat_ws(' ', 'token', state, api_version, jsonb_array_length(scopes), lifetime_days,
         expires_at < now() + interval '60 days', change_id is not null, 'revision', revision,
         case when owner = $2 then 'its owner''s' else 'another''s' end, collected_at is not null)
     from tokens where id = $1),
    (select string_agg(concat_ws(' ', 'request', kind, state, 'content', revision, reason,
         (select count(*) from approvals where request_id = requests.id and struck_at is null)),
         E'\\n' order by id)
     from requests where id in (select id from theirs)),
    (select string_agg(concat_ws(' ', 'secret', state, valid_until is not null), E'\\n' order by id)
     from secrets where token_id = $1),
    (select string_agg(concat_ws(' ', 'delivery', state), E'\\n' order by id)
     from deliveries where token_id = $1),
    (select string_agg(concat_ws(' ', 'duplicate', state,
         (select count(*) from reserved_names where request_id = requests.id),
         (select string_agg(kind, ' ' order by id) from events where request_id = requests.id)), E'\\n')
     from requests where kind = 'duplicate' and name_key like 'token of ' || $2 || ' %'),
    (select 'drafts ' || count(*) from drafts where token_id = $1),
    (select 'names ' || count(*) from reserved_names
     where request_id in (select id from theirs)),
    (select 'events ' || string_agg(kind, ' ' order by id) from events
     where token_id = $1 or request_id in (select id from theirs)),
    (select 'told ' || string_agg(concat_ws(' ', kind, medium), ', ' order by kind, medium)
     from notices where token_id = $1 or request_id in (select id from theirs))
)";

pub async fn left(fixture: &Fixture, token: TokenId, owner: i64) -> String {
    sqlx::query_scalar(LEFT)
        .bind(token.get())
        .bind(owner)
        .fetch_one(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap()
}
