//! Which process has Discord's gateway, and its session, so that the next one can resume it.
//!
//! The lock (`locks::take_gateway`) keeps two processes from having it. It ends with its session of the database, which
//! its holder may notice late. So each that takes it begins a turn, and what it saves counts only during that turn.

use sqlx::PgConnection;
use uuid::Uuid;

/// A session as Discord knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSession {
    /// Discord's id of the session.
    pub session_id: String,
    /// The address for resuming it.
    pub resume_url: String,
    /// The sequence number of the last event that was handled.
    pub sequence: u64,
}

/// The time from when a process takes the gateway until another one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn(Uuid);

/// Begins the turn of the process that has the lock, and thereby ends the one before.
pub async fn begin_turn(connection: &mut PgConnection) -> sqlx::Result<Turn> {
    let turn = Uuid::new_v4();
    sqlx::query!(
        "insert into gateway_session (turn) values ($1)
         on conflict (singleton) do update set turn = excluded.turn",
        turn
    )
    .execute(connection)
    .await?;
    Ok(Turn(turn))
}

/// Whether no other process began a turn since.
pub async fn is_current(connection: &mut PgConnection, turn: Turn) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from gateway_session where turn = $1) as "is_current!""#,
        turn.0
    )
    .fetch_one(connection)
    .await
}

/// Saves the session; false, and nothing is saved, if another process began a turn in the meantime.
pub async fn save(
    connection: &mut PgConnection,
    turn: Turn,
    session: &SavedSession,
) -> sqlx::Result<bool> {
    let saved = sqlx::query!(
        "update gateway_session
         set session_id = $2, resume_url = $3, sequence = $4, saved_at = now()
         where turn = $1",
        turn.0,
        session.session_id,
        session.resume_url,
        super::convert_number::<i64, _>(session.sequence)?
    )
    .execute(connection)
    .await?;
    Ok(saved.rows_affected() > 0)
}

/// The saved session, if there is one.
pub async fn load(connection: &mut PgConnection) -> sqlx::Result<Option<SavedSession>> {
    let row = sqlx::query!(
        r#"select session_id as "session_id!", resume_url as "resume_url!", sequence as "sequence!"
           from gateway_session where session_id is not null"#
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(SavedSession {
            session_id: row.session_id,
            resume_url: row.resume_url,
            sequence: super::convert_number(row.sequence)?,
        })
    })
    .transpose()
}
