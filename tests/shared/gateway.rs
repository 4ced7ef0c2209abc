//! The test as another process that takes the gateway: the lock, a turn, and a session of its own.

use sqlx::PgConnection;

/// How that process' session is saved.
pub const SAVED: &str =
    "select count(*) from countersign.gateway_session where session_id = 'of another process'";

/// Takes the gateway as soon as it is free. The lock ends with the connection.
pub async fn take(connection: &mut PgConnection) {
    sqlx::raw_sql(
        "select pg_advisory_lock(x'6373676e'::int, 3);
         update countersign.gateway_session set turn = gen_random_uuid(), session_id = 'of another process',
             resume_url = 'wss://127.0.0.1:1', sequence = 1000000",
    )
    .execute(connection)
    .await
    .unwrap();
}
