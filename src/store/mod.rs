//! All SQL, one file for each group of tables; no other module holds a query.
//!
//! Functions take the caller's connection, so that a workflow's transaction can span them. Each change of
//! state checks the state that it starts from. What the guards in `migrations/` refuse is a database error
//! with a code of class `CS`. Errors are those of the database, the server or the network; functions
//! document only others.

pub mod announcements;
pub mod approvals;
mod at_commit;
pub mod attempts;
pub mod calls;
pub mod card_content;
pub mod cards;
pub mod deliveries;
pub mod departures;
pub mod disk_space;
pub mod drafts;
pub mod events;
pub mod expiries;
pub mod gateway;
pub mod hand_over;
pub mod health;
pub mod interactions;
pub mod jobs;
pub mod leaks;
pub mod lists;
pub mod live_scopes;
pub mod locks;
mod lookups;
pub mod migrate;
pub mod names;
pub mod notices;
pub mod people;
pub mod pool;
mod readable;
pub mod recovery;
pub mod requests;
pub mod reveals;
pub mod roles;
pub mod sealed;
pub mod secrets;
pub mod shipped;
pub mod tokens;
pub mod tx;
pub mod verify;
pub mod warnings;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;

use crate::domain::content::Digest;

/// The name of the constraint that a statement broke, if that is why it failed.
#[must_use]
pub fn broken_constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|error| error.constraint())
}

/// The time at which the transaction began, by the database's clock.
pub async fn now(connection: &mut PgConnection) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select now() as "now!""#).fetch_one(connection).await
}

/// The error for a row that holds an invalid value.
fn undecodable(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}

/// Checks that a statement changed exactly one row; otherwise the row was in another state.
fn one_changed(changed: &PgQueryResult) -> sqlx::Result<()> {
    if changed.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

fn parse_digest(bytes: &[u8]) -> sqlx::Result<Digest> {
    Digest::from_bytes(bytes).ok_or_else(|| undecodable("a digest has 32 bytes"))
}

/// Converts a number from the database into a smaller or unsigned type.
fn convert_number<To: TryFrom<From>, From>(from: From) -> sqlx::Result<To>
where
    To::Error: std::error::Error + Send + Sync + 'static,
{
    To::try_from(from).map_err(undecodable)
}
