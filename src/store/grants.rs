//! What the application's role may do: as little as the workflows need, column by column.

use sqlx::{AssertSqlSafe, PgConnection};

/// In `{role}` stands the quoted role. Nothing else is granted: no removal of what must stay, no
/// change of a column that never changes.
const GRANTS: &str = "
grant usage on schema countersign to {role};
grant select on all tables in schema countersign to {role};
grant usage on sequence countersign.request_numbers to {role};
grant insert, update, delete on countersign.drafts to {role};
grant insert, update (state, approvals_required, requester_approval_counts, content, digest, name_key,
    expires_at, ended_by, reason) on countersign.requests to {role};
grant insert, update (struck_at, struck_because) on countersign.approvals to {role};
grant insert on countersign.readings to {role};
grant insert, delete on countersign.handled_interactions to {role};
grant insert, update (state, scopes, collected_at, expires_at, name, description, api_version, owner,
    contact, developer_emails, lifetime_days, account_sid, change_id) on countersign.tokens to {role};
grant insert, update (state, current_from, valid_until, last_used_at) on countersign.secrets to {role};
grant insert, update (state, sealed_secret, dm_channel, dm_message, dm_refused_at,
    first_pressed_at, reveal_ends_at, accepted_at) on countersign.deliveries to {role};
grant insert, update (sealed_interaction_token, hide_at, hidden_at) on countersign.reveals to {role};
grant insert on countersign.events to {role};
grant insert, update (state, upstream_id, ends_itself, look_again_at, trouble_since)
    on countersign.attempts to {role};
grant insert, update (state, settled_at, put_off_since) on countersign.notices to {role};
grant insert on countersign.notice_tokens to {role};
grant insert on countersign.warning_days to {role};
grant insert, update (told_at) on countersign.expiries to {role};
grant insert on countersign.warnings to {role};
grant insert on countersign.refused_mailboxes to {role};
grant insert on countersign.announcements to {role};
grant insert, update, delete on countersign.announcement_drafts to {role};
grant insert, update on countersign.cards to {role};
grant insert, update (told_at, returned_at) on countersign.departures to {role};
grant insert, delete on countersign.leak_reports to {role};
grant insert, update on countersign.people to {role};
grant insert, update, delete on countersign.gateway_session to {role};
";

/// Grants to `role` what the application needs; what was granted before and is not in the list is
/// taken back.
///
/// # Errors
/// As the server says.
pub async fn grant(connection: &mut PgConnection, role: &str) -> sqlx::Result<()> {
    let quoted = format!("\"{}\"", role.replace('"', "\"\""));
    let revoke = format!("revoke all on all tables in schema countersign from {quoted};");
    let grants = GRANTS.replace("{role}", &quoted);
    // The role's name is quoted as an identifier; the rest is ours.
    sqlx::raw_sql(AssertSqlSafe(format!("{revoke}{grants}"))).execute(connection).await?;
    Ok(())
}
