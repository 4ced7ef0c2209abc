//! The gateway's session, so that the next process can resume it.

use sqlx::PgPool;

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

/// Saves the session; the last one wins.
pub async fn save(pool: &PgPool, session: &SavedSession) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into gateway_session (session_id, resume_url, sequence) values ($1, $2, $3)
         on conflict (singleton) do update
         set session_id = excluded.session_id, resume_url = excluded.resume_url,
             sequence = excluded.sequence, saved_at = now()",
        session.session_id,
        session.resume_url,
        super::convert_number::<i64, _>(session.sequence)?
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The saved session, if there is one.
pub async fn load(pool: &PgPool) -> sqlx::Result<Option<SavedSession>> {
    let row = sqlx::query!("select session_id, resume_url, sequence from gateway_session")
        .fetch_optional(pool)
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
