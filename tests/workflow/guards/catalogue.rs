//! Reads the schema: every table is here, with the columns that the application may change, and with
//! the guards that stand before it. A new table or column that nobody thought of fails.

use std::collections::BTreeMap;

use crate::desk::Desk;

/// A table, the columns that the application's role may update, whether it may delete rows, and the
/// triggers that guard it.
const TABLES: &[(&str, &str, bool, &str)] = &[
    // Nothing depends on a draft.
    ("announcement_drafts", "*", true, ""),
    ("announcements", "", false, "guard keep keep_all"),
    (
        "attempts",
        "ends_itself look_again_at state trouble_since upstream_id",
        false,
        "guard keep keep_all",
    ),
    ("cards", "*", false, "keep keep_all"),
    (
        "deliveries",
        "accepted_at dm_channel dm_message dm_refused_at first_pressed_at reveal_ends_at \
         sealed_secret state",
        false,
        "guard keep keep_all",
    ),
    ("departures", "returned_at told_at", false, "guard keep keep_all"),
    // Nothing depends on a draft.
    ("drafts", "*", true, ""),
    ("events", "", false, "append_only append_only_all"),
    ("expiries", "told_at", false, "guard keep keep_all"),
    // Where the gateway's session goes on: no rule speaks of it.
    ("gateway_session", "*", true, ""),
    ("handled_interactions", "", true, "keep_all keep_recent"),
    ("approvals", "struck_at struck_because", false, "guard keep keep_all"),
    ("leak_reports", "", true, "guard"),
    ("notice_tokens", "", false, "guard keep keep_all"),
    ("notices", "put_off_since settled_at state", false, "guard keep keep_all"),
    // Names and languages, to speak to people.
    ("people", "*", false, ""),
    ("readings", "", false, "keep keep_all"),
    ("refused_mailboxes", "", false, "guard keep keep_all"),
    (
        "requests",
        "approvals_required content digest ended_by expires_at name_key reason \
         requester_approval_counts state",
        false,
        "guard guard_done guard_time keep keep_all keeps_settings number",
    ),
    ("reserved_names", "", false, ""),
    ("reveals", "hidden_at hide_at sealed_interaction_token", false, "guard keep keep_all"),
    ("secrets", "current_from last_used_at state valid_until", false, "guard keep keep_all tell"),
    (
        "tokens",
        "account_sid api_version change_id collected_at contact description developer_emails \
         expires_at lifetime_days name owner scopes state",
        false,
        "end_secrets guard guard_new keep keep_all name_key tell",
    ),
    ("warning_days", "", false, "guard keep keep_all"),
    ("warnings", "", false, "guard keep keep_all"),
];

/// The tables in which the application may not insert.
const NO_INSERT: &[&str] = &["reserved_names"];

#[tokio::test]
async fn every_table_is_guarded_as_it_is_meant_to_be() {
    let desk = Desk::new("catalogue").await;
    let pool = &desk.workflow.pool;
    let rows: Vec<(String, String, bool, bool, bool)> = sqlx::query_as(
        "select c.relname::text,
             coalesce((select string_agg(a.attname::text, ' ' order by a.attname::text)
                 from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                     and has_column_privilege(c.oid, a.attnum, 'UPDATE')), ''),
             has_table_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE'),
             has_table_privilege(c.oid, 'INSERT')
         from pg_class c
         where c.relnamespace = 'countersign'::regnamespace and c.relkind in ('r', 'p')
             and c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let triggers: BTreeMap<String, String> = sqlx::query_as(
        "select c.relname::text, string_agg(t.tgname::text, ' ' order by t.tgname::text)
         from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'countersign'::regnamespace and not t.tgisinternal
             and t.tgenabled = 'O'
         group by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
    .into_iter()
    .collect();
    assert_eq!(rows.len(), TABLES.len(), "a table is missing here: {rows:?}");
    for (table, columns, whole, deletes, inserts) in rows {
        let known = TABLES.iter().find(|(name, ..)| *name == table);
        let (_, updatable, deletable, guards) =
            known.unwrap_or_else(|| panic!("say here how the new table {table} is guarded"));
        let found = if whole { "*" } else { columns.as_str() };
        assert_eq!(found, *updatable, "columns of {table} that the application may update");
        assert_eq!(deletes, *deletable, "whether the application may delete from {table}");
        assert_eq!(inserts, !NO_INSERT.contains(&table.as_str()), "inserts into {table}");
        let found = triggers.get(&table).map(String::as_str).unwrap_or_default();
        assert_eq!(found, *guards, "triggers of {table}");
    }
}

#[tokio::test]
async fn functions_of_ours_cannot_be_led_astray() {
    let desk = Desk::new("functions").await;
    // A function that finds tables by the caller's search path could be shown others. Those of an
    // extension look at no table.
    let astray: Vec<String> = sqlx::query_scalar(
        "select proname::text from pg_proc
         where pronamespace = 'countersign'::regnamespace
             and not coalesce(proconfig @> array['search_path=countersign, pg_temp'], false)
             and not exists (select from pg_depend
                 where objid = pg_proc.oid and classid = 'pg_proc'::regclass and deptype = 'e')",
    )
    .fetch_all(&desk.workflow.pool)
    .await
    .unwrap();
    assert!(astray.is_empty(), "without a search path of their own: {astray:?}");
}

#[tokio::test]
async fn the_application_owns_nothing_and_is_nothing_more() {
    let desk = Desk::new("owns").await;
    for (query, why) in [
        (
            "select count(*) from pg_class
             where relnamespace = 'countersign'::regnamespace and relowner = current_user::regrole",
            "tables of its own could lose their triggers",
        ),
        (
            "select count(*) from pg_roles where rolname = current_user
             and (rolsuper or rolcreaterole or rolbypassrls or rolreplication or rolcreatedb)",
            "its role can do more",
        ),
        (
            "select count(*) from pg_auth_members where member = current_user::regrole",
            "it is a member of another role",
        ),
        (
            "select count(*) from pg_class c
             where c.relnamespace = 'countersign'::regnamespace and c.relkind in ('r', 'p')
             and has_table_privilege(c.oid, 'TRUNCATE, REFERENCES, TRIGGER')",
            "it could truncate, refer to, or hang triggers on tables",
        ),
        (
            "select has_schema_privilege('countersign', 'CREATE')::int::bigint",
            "it could create things in our schema",
        ),
    ] {
        assert_eq!(desk.count(query).await, 0, "{why}");
    }
}
