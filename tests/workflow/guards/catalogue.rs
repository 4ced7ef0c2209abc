//! Reads the schema: every table is listed here, with the columns that the application may change, and its
//! guards. A new table or column that is not listed fails.

use std::collections::BTreeMap;

use crate::support::Fixture;

/// A table, the columns that the application's role may update, whether it may delete rows, and the
/// triggers that guard it.
const TABLES: &[(&str, &str, bool, &str)] = &[
    // Nothing depends on a draft.
    ("announcement_drafts", "body everything expires_at page subject tokens", true, "assign_id"),
    ("announcements", "", false, "guard keep keep_all"),
    ("approvals", "struck_at struck_because", false, "current_snapshot guard keep keep_all"),
    (
        "attempts",
        "accepted_at ends_itself in_flight_until look_again_at off_since renewal_doubt renewal_sent \
         sealed_upstream_id seen_at state trouble_since upstream_id",
        false,
        "current_snapshot guard keep keep_all",
    ),
    (
        "cards",
        "call_message called_at called_for channel message posted refused_at refused_code refused_revision \
         reminded_at rendering_until shown wanted",
        false,
        "keep keep_all",
    ),
    ("cut_contents", "", false, "keep keep_all"),
    (
        "deliveries",
        "accepted_at dm_channel dm_message dm_refused_at first_pressed_at reveal_ends_at \
         sealed_secret state",
        false,
        "assign_id guard keep keep_all",
    ),
    ("departures", "channel message returned_at told_at", false, "assign_id guard keep keep_all"),
    // Nothing depends on a draft.
    (
        "drafts",
        "api_version begun_from category category_page contact description developer_emails \
         expires_at is_resumed keeps_expiry kind lifetime_days name opened_from overlap_seconds \
         problems scope_page scopes",
        true,
        "assign_id",
    ),
    ("events", "", false, "append_only append_only_all guard guard_time"),
    ("expiries", "told_at", false, "guard keep keep_all"),
    ("find_proofs", "longest shows", false, "keep keep_all"),
    // Where the gateway's session goes on: no rule speaks of it.
    ("gateway_session", "resume_url saved_at sequence session_id turn", true, ""),
    ("handled_interactions", "", true, "keep_all keep_recent"),
    // Its times are defaults, which the application can't set.
    ("leak_reports", "", true, "assign_id"),
    // A job has no power: it reads the state of its subject.
    ("jobs", "again_at due_at failures is_put_back leased_until taken_by written_at", true, ""),
    ("notice_tokens", "", false, "guard keep keep_all"),
    (
        "notices",
        "dm_channel dm_message put_off_since settled_at state",
        false,
        "assign_id guard keep keep_all",
    ),
    // Names and languages, to speak to people.
    ("people", "dm_channel locale name", false, ""),
    ("readings", "", false, "keep keep_all"),
    // The owner alone writes here.
    ("recoveries", "", false, ""),
    ("refused_mailboxes", "", false, "guard keep keep_all"),
    (
        "requests",
        "approvals_required content digest ended_by expires_at name_key reason \
         requester_approval_counts state",
        false,
        "assign_id current_snapshot guard guard_done guard_time keep keep_all",
    ),
    ("reserved_names", "", false, ""),
    ("reveals", "hidden_at hide_at sealed_interaction_token", false, "guard keep keep_all"),
    (
        "secrets",
        "current_from last_used_at state valid_until",
        false,
        "current_snapshot guard guard_new keep keep_all tell",
    ),
    (
        "tokens",
        "account_sid api_version change_id collected_at contact description developer_emails \
         expires_at lifetime_days name owner scopes state",
        false,
        "assign_id current_snapshot end_secrets guard guard_new keep keep_all name_key tell",
    ),
    ("warning_days", "", false, "guard keep keep_all"),
    ("warnings", "", false, "guard keep keep_all"),
];

/// The tables in which the application may not insert.
const NO_INSERT: &[&str] = &["recoveries", "reserved_names"];

#[tokio::test]
async fn every_table_is_guarded_as_it_is_meant_to_be() {
    let fixture = Fixture::new("catalogue").await;
    let pool = &fixture.workflow.pool;
    let rows: Vec<(String, String, bool, bool)> = sqlx::query_as(
        "select c.relname::text,
             coalesce((select string_agg(a.attname::text, ' ' order by a.attname::text)
                 from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                     and has_column_privilege(c.oid, a.attnum, 'UPDATE')), ''),
             has_table_privilege(c.oid, 'DELETE'),
             has_any_column_privilege(c.oid, 'INSERT')
         from pg_class c
         where c.relnamespace = 'countersign'::regnamespace and c.relkind in ('r', 'p')
             and c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *pool.acquire().await.unwrap())
    .await
    .unwrap();
    let triggers: BTreeMap<String, String> = sqlx::query_as(
        "select c.relname::text, string_agg(t.tgname::text, ' ' order by t.tgname::text)
         from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'countersign'::regnamespace and not t.tgisinternal
             and t.tgenabled = 'O'
         group by 1",
    )
    .fetch_all(&mut *pool.acquire().await.unwrap())
    .await
    .unwrap()
    .into_iter()
    .collect();
    assert_eq!(rows.len(), TABLES.len(), "a table is missing here: {rows:?}");
    for (table, columns, deletes, inserts) in rows {
        let known = TABLES.iter().find(|(name, ..)| *name == table);
        let (_, updatable, deletable, guards) =
            known.unwrap_or_else(|| panic!("say here how the new table {table} is guarded"));
        assert_eq!(columns, *updatable, "columns of {table} that the application may update");
        assert_eq!(deletes, *deletable, "whether the application may delete from {table}");
        assert_eq!(inserts, !NO_INSERT.contains(&table.as_str()), "inserts into {table}");
        let found = triggers.get(&table).map(String::as_str).unwrap_or_default();
        assert_eq!(found, *guards, "triggers of {table}");
    }
}

/// 'infinity' in one row would stop every program that reads it, so times have a type without it.
#[tokio::test]
async fn every_time_is_one_that_programs_can_count_with() {
    let fixture = Fixture::new("moments").await;
    let others: Vec<String> = sqlx::query_scalar(
        "select format('%s.%s', attrelid::regclass, attname) from pg_attribute
             join pg_class on pg_class.oid = attrelid
         where relnamespace = 'countersign'::regnamespace and relkind in ('r', 'p') and attnum > 0
             and not attisdropped and atttypid in ('timestamptz'::regtype, 'timestamp'::regtype)
             and relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *fixture.workflow.pool.acquire().await.unwrap())
    .await
    .unwrap();
    assert!(others.is_empty(), "declare these as moment: {others:?}");
}
