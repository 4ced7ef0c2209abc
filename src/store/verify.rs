//! The queries of verification: what a presented secret opens, when it was used, and which tokens changed
//! since they were read.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::PgConnection;
use sqlx::postgres::PgListener;
use uuid::Uuid;

use super::pool;
use super::readable::Readable;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{SecretId, TokenId};
use crate::domain::scope::ResolvedScope;
use crate::domain::token::TokenState;
use crate::network::Network;

/// The channel on which the triggers of tokens and secrets report changes; a message is a token's id.
const TOKENS: &str = "countersign_tokens";

/// A secret that works.
#[derive(Debug)]
pub struct LiveSecret {
    /// The secret.
    pub id: SecretId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it works, if a newer secret replaces it.
    pub valid_until: Option<DateTime<Utc>>,
}

/// The token of a presented secret.
#[derive(Debug)]
pub struct PresentedSecret {
    /// The secret that was presented.
    pub secret: SecretId,
    /// Its token.
    pub token: TokenId,
    /// The id of its provider.
    pub provider: String,
    /// Its API version.
    pub api_version: i32,
    /// Its public id.
    pub account_sid: String,
    /// Its name.
    pub name: String,
    /// Its scopes, as they were approved.
    pub scopes: Vec<ResolvedScope>,
    /// Its state.
    pub state: TokenState,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// The current secret, if it works in the token's state.
    pub current: Option<LiveSecret>,
    /// The outgoing secret, whether its time is up or not.
    pub outgoing: Option<LiveSecret>,
    /// The database's clock.
    pub now: DateTime<Utc>,
}

struct SecretRow {
    sha256: Vec<u8>,
    secret: SecretId,
    token: TokenId,
    provider: String,
    api_version: i32,
    account_sid: String,
    name: String,
    developer_emails: Vec<String>,
    scopes: Readable<Vec<ResolvedScope>>,
    state: TokenState,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    current: Option<SecretId>,
    current_since: Option<DateTime<Utc>>,
    outgoing: Option<SecretId>,
    outgoing_since: Option<DateTime<Utc>>,
    valid_until: Option<DateTime<Utc>>,
}

impl SecretRow {
    /// The token; none if a part of it can't be read. Such a token does not work, because it couldn't be
    /// ended.
    fn read(self) -> Option<PresentedSecret> {
        let row = self;
        let can_be_told =
            row.developer_emails.iter().all(|email| email.parse::<EmailAddress>().is_ok());
        let Some(scopes) = row.scopes.0.filter(|_| can_be_told) else {
            tracing::error!(
                token = row.token.get(),
                "this token opens nothing, since its row can't be read: `countersign recover` ends it"
            );
            return None;
        };
        let live = |id: Option<SecretId>, since: Option<DateTime<Utc>>, valid_until| {
            Some(LiveSecret { id: id?, created_at: since?, valid_until })
        };
        let current = live(row.current, row.current_since, None);
        let outgoing = live(row.outgoing, row.outgoing_since, row.valid_until);
        Some(PresentedSecret {
            secret: row.secret,
            token: row.token,
            provider: row.provider,
            api_version: row.api_version,
            account_sid: row.account_sid,
            name: row.name,
            scopes,
            state: row.state,
            expires_at: row.expires_at,
            current,
            outgoing,
            now: row.now,
        })
    }
}

/// The tokens of `builtin` issuers whose secrets have these hashes, in one snapshot, each with its hash.
/// Unknown hashes and unreadable tokens are left out.
pub async fn find(
    connection: &mut PgConnection,
    hashes: &[[u8; 32]],
) -> sqlx::Result<Vec<(Vec<u8>, PresentedSecret)>> {
    let rows = sqlx::query_as!(
        SecretRow,
        r#"select secrets.sha256, secrets.id as "secret: SecretId", tokens.id as "token: TokenId",
               provider, api_version, tokens.account_sid, name,
               developer_emails, scopes as "scopes: Readable<Vec<ResolvedScope>>", tokens.state as "state: TokenState",
               tokens.expires_at, now() as "now!",
               current.id as "current?: SecretId", current.created_at as "current_since?",
               outgoing.id as "outgoing?: SecretId", outgoing.created_at as "outgoing_since?",
               outgoing.valid_until as "valid_until?"
           from secrets join tokens on tokens.id = secrets.token_id
           left join secrets current
               on current.token_id = tokens.id and current.state = 'current'
           left join secrets outgoing
               on outgoing.token_id = tokens.id and outgoing.state = 'outgoing'
           where secrets.sha256 = any($1) and issuer = 'builtin'"#,
        hashes as &[[u8; 32]]
    )
    .fetch_all(connection)
    .await?;
    let read = |mut row: SecretRow| Some((std::mem::take(&mut row.sha256), row.read()?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A secret that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretUse {
    /// The secret.
    pub secret: SecretId,
    /// When, by the database's clock.
    pub at: DateTime<Utc>,
}

/// Stores uses, at most one a minute for each secret. Rows that someone has locked are skipped and
/// returned, so that this never waits; the caller stores them later.
pub async fn note_uses(
    connection: &mut PgConnection,
    uses: &[SecretUse],
) -> sqlx::Result<Vec<SecretUse>> {
    let ids: Vec<i64> = uses.iter().map(|used| used.secret.get()).collect();
    let times: Vec<DateTime<Utc>> = uses.iter().map(|used| used.at).collect();
    let seen: Vec<i64> = sqlx::query_scalar!(
        r#"with used as (select * from unnest($1::bigint[], $2::timestamptz[]) as used (id, at)),
           free as (select id from secrets where id = any($1) for no key update skip locked),
           noted as (
               update secrets set last_used_at = least(used.at, now())
               from used join free on free.id = used.id
               where secrets.id = used.id and (last_used_at is null
                   or last_used_at <= least(used.at, now()) - interval '1 minute'))
           select id as "id!" from free"#,
        &ids,
        &times
    )
    .fetch_all(connection)
    .await?;
    let seen: std::collections::HashSet<i64> = seen.into_iter().collect();
    Ok(uses.iter().filter(|used| !seen.contains(&used.secret.get())).copied().collect())
}

/// A message of [`ChangeListener`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeMessage {
    /// This token changed, and the change is committed.
    Token(TokenId),
    /// A beat of ours came back, and with it everything that was committed before it was sent.
    Beat(u64),
    /// A message that can't be read: anything may have changed.
    Unknown,
}

/// A connection that receives which tokens change. Changes between two such connections are lost.
pub struct ChangeListener {
    listener: PgListener,
    beats: String,
}

impl ChangeListener {
    /// Connects and begins to listen: everything that is committed after this returned is received.
    pub async fn listen(
        url: &SecretString,
        network: &Network,
        limit: Duration,
    ) -> sqlx::Result<Self> {
        // A pool of its own, so that a connection that hangs blocks no others.
        let pool = pool::build_pool_of_size(url, network, 1, limit)?;
        let mut listener = pool.listen().await?;
        listener.eager_reconnect(false);
        let beats = format!("countersign_beat_{}", Uuid::new_v4().simple());
        listener.listen_all([TOKENS, beats.as_str()]).await?;
        Ok(Self { listener, beats })
    }

    /// Sends a beat on the channel of the changes, behind all that was committed before. Returns the
    /// database's time.
    pub async fn send_beat(&mut self, number: u64) -> sqlx::Result<DateTime<Utc>> {
        let (_, now): ((), DateTime<Utc>) =
            sqlx::query_as("select pg_notify($1, $2), clock_timestamp()")
                .bind(&self.beats)
                .bind(number.to_string())
                .fetch_one(&mut self.listener)
                .await?;
        Ok(now)
    }

    /// Waits for the next message. It is cancel-safe.
    ///
    /// # Errors
    /// The connection ended; it can no longer be used.
    pub async fn receive(&mut self) -> sqlx::Result<ChangeMessage> {
        let Some(heard) = self.listener.try_recv().await? else {
            return Err(sqlx::Error::Protocol("the connection that listens ended".into()));
        };
        let payload = heard.payload();
        let change = if heard.channel() == self.beats {
            payload.parse().map(ChangeMessage::Beat).ok()
        } else {
            payload.parse().map(ChangeMessage::Token).ok()
        };
        Ok(change.unwrap_or(ChangeMessage::Unknown))
    }
}
