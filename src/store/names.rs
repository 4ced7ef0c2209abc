//! Names that are in use, and what has them.

use sqlx::PgConnection;

use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::form::name_key;
use crate::domain::ids::{RequestId, TokenId, UserId};

/// What has a name, for a person who wants to use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameHolder {
    /// No one: it is free.
    Nobody,
    /// The request or the token that would get the name.
    Itself,
    /// Another token or open request that this person may see, because it is their own.
    Theirs,
    /// A token or an open request of someone else.
    Others,
}

/// What has a name at a provider. `wanted_for` is the pending request that is edited and the token that is
/// changed.
pub async fn find_holder(
    connection: &mut PgConnection,
    (provider, name): (&ProviderId, &str),
    person: UserId,
    (request, token): (Option<RequestId>, Option<TokenId>),
) -> sqlx::Result<NameHolder> {
    // A person who requested a token that now has another owner no longer sees it.
    let found = sqlx::query!(
        r#"select requests.id = $4 or requests.id = (select request_id from tokens where id = $5)
                   as itself,
               case when tokens.id is not null then $3 in (tokens.owner, tokens.contact)
                   else $3 in (requests.requester, changed.owner, changed.contact)
               end as theirs
           from reserved_names join requests on requests.id = reserved_names.request_id
           left join tokens on tokens.request_id = requests.id
           left join tokens changed on changed.id = requests.token_id
           where reserved_names.provider = $1 and reserved_names.name_key = $2"#,
        provider.as_str(),
        name_key(name),
        person.get(),
        request.map(RequestId::get),
        token.map(TokenId::get)
    )
    .fetch_optional(connection)
    .await?;
    Ok(match found {
        None => NameHolder::Nobody,
        Some(row) if row.itself == Some(true) => NameHolder::Itself,
        Some(row) if row.theirs == Some(true) => NameHolder::Theirs,
        Some(_) => NameHolder::Others,
    })
}

/// Whether a person was told within the last hour that this name is taken by someone else.
pub async fn was_told_recently(
    connection: &mut PgConnection,
    (provider, name): (&ProviderId, &str),
    person: UserId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from events
               where provider = $1 and kind = $2 and actor = $3 and token_id is null
                   and request_id is null and at > now() - interval '1 hour'
                   and detail ->> 'name_key' = $4) as "told!""#,
        provider.as_str(),
        EventKind::NameRefused as EventKind,
        person.get(),
        name_key(name)
    )
    .fetch_one(connection)
    .await
}
