//! What is left at a table, without ids and moments.

use countersign::domain::ids::TokenId;

use crate::desk::Desk;

/// The token, its requests, hands, secrets, deliveries, drafts, names, and the events in their order.
const LEFT: &str = "
with theirs as (
    select id from requests where token_id = $1
        or id = (select request_id from tokens where id = $1)
)
select concat_ws(E'\\n',
    (select concat_ws(' ', 'token', state, api_version, cardinality(scopes), lifetime_days,
         expires_at < now() + interval '60 days', change_id is not null, 'revision', revision)
     from tokens where id = $1),
    (select string_agg(concat_ws(' ', 'request', kind, state, 'content', revision, reason,
         (select count(*) from hands where request_id = requests.id and struck_at is null)),
         E'\\n' order by id)
     from requests where id in (select id from theirs)),
    (select string_agg(concat_ws(' ', 'secret', state), E'\\n' order by id)
     from secrets where token_id = $1),
    (select string_agg(concat_ws(' ', 'delivery', state), E'\\n' order by id)
     from deliveries where token_id = $1),
    (select 'names ' || count(*) from reserved_names
     where request_id in (select id from theirs)),
    (select 'events ' || string_agg(kind, ' ' order by id) from events
     where token_id = $1 or request_id in (select id from theirs))
)";

pub async fn left(desk: &Desk, token: TokenId) -> String {
    sqlx::query_scalar(LEFT).bind(token.get()).fetch_one(&desk.workflow.pool).await.unwrap()
}
