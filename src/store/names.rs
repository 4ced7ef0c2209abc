//! Names that are in use, and what has them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::catalogue::ProviderId;
use crate::domain::draft::Draft;
use crate::domain::event::EventKind;
use crate::domain::form::name_key;
use crate::domain::ids::{DraftId, RequestId, TokenId, UserId};

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

/// What has a name, and when the person is told of the next one; none if that is now.
#[derive(Debug, Clone, Copy)]
pub struct NameFacts {
    /// What has it.
    pub holder: NameHolder,
    /// As [`find_next_allowed_time`](super::events::find_next_allowed_time) says, without its lock.
    pub untold_until: Option<DateTime<Utc>>,
}

/// How many names of others a person is told of, and in which time.
pub type NameLimit = (u32, Duration);

/// A draft, and the facts about its name.
pub(super) struct NamedDraftRow {
    pub(super) id: DraftId,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) is_held: bool,
    pub(super) itself: Option<bool>,
    pub(super) theirs: Option<bool>,
    pub(super) untold_until: Option<DateTime<Utc>>,
}

impl NamedDraftRow {
    pub(super) fn name_facts(&self) -> NameFacts {
        let holder = match self.is_held {
            false => NameHolder::Nobody,
            true if self.itself == Some(true) => NameHolder::Itself,
            true if self.theirs == Some(true) => NameHolder::Theirs,
            true => NameHolder::Others,
        };
        NameFacts { holder, untold_until: self.untold_until }
    }
}

/// A query that finds or saves a draft by `$text`, whose parameters begin with `$8`, and finds the facts about the name of
/// `$draft`.
macro_rules! query_named_draft {
    ($text:literal, $draft:expr, $limit:expr, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            NamedDraftRow,
            "with draft as (" + $text + r#"),
           -- A person who requested a token that now has another owner no longer sees it.
           held as (
               select requests.id = $4 or requests.id = (select request_id from tokens where id = $5)
                       as itself,
                   case when tokens.id is not null then $3 in (tokens.owner, tokens.contact)
                       else $3 in (requests.requester, changed.owner, changed.contact)
                   end as theirs
               from reserved_names join requests on requests.id = reserved_names.request_id
               left join tokens on tokens.request_id = requests.id
               left join tokens changed on changed.id = requests.token_id
               where reserved_names.provider = $1 and reserved_names.name_key = $2),
           told as (
               select at from events
               where provider = $1 and kind = 'name_refused' and actor = $3 and token_id is null
                   and request_id is null and at > now() - make_interval(secs => $6)
               order by at desc offset $7 limit 1)
           select id as "id!: DraftId", expires_at as "expires_at!", exists (select from held) as "is_held!",
               (select itself from held), (select theirs from held),
               (select at from told) + make_interval(secs => $6) as untold_until
           from draft"#,
            $draft.provider.as_str(),
            name_key($draft.form.name.trim()),
            $draft.requester.get(),
            $draft.request.map(RequestId::get),
            $draft.token.filter(|_| !$draft.kind.makes_a_token()).map(TokenId::get),
            $limit.1.as_secs_f64(),
            i64::from($limit.0.saturating_sub(1)),
            $($value),*
        )
    };
}
pub(super) use query_named_draft;

/// What has the name of a draft. A person is told of so many names of others in a time.
pub async fn find_facts(
    connection: &mut PgConnection,
    draft: &Draft,
    limit: NameLimit,
) -> sqlx::Result<NameFacts> {
    let found = query_named_draft!(
        "select id, expires_at from drafts where id = $8",
        draft,
        limit,
        draft.id.get()
    );
    Ok(found.fetch_one(connection).await?.name_facts())
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
