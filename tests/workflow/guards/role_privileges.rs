//! What the application's role may create, run and choose, read from the database's catalogue, and tried.
//! New tables and functions are covered without a change here.

use countersign::network::Network;
use countersign::store::pool;
use secrecy::SecretString;
use sqlx::AssertSqlSafe;
use testkit::postgres::APPLICATION;

use crate::support::{AKI, Fixture, RIN};

/// Statements and their refusals; 42501 is "insufficient privilege", 428C9 "generated always".
const ATTACKS: &[(&str, &str)] = &[
    // To make things of one's own.
    ("create temp table approvals (id bigint)", "42501"),
    ("create function pg_temp.now() returns int language sql as 'select 1'", "42501"),
    ("create type pg_temp.evil as (text text)", "42501"),
    ("create table public.evil (id bigint)", "42501"),
    // Choosing ids and times, and so writing the past.
    ("insert into events (id, kind, provider) values (-7, 'x', 'x')", "428C9"),
    ("insert into events (id, kind, provider) overriding system value values (-7, 'x', 'x')", "42501"),
    ("insert into events (at, kind, provider) values ('2020-01-01', 'x', 'x')", "42501"),
    (
        "insert into approvals (id, request_id, person, digest, interaction_id) overriding system value
         select 1, id, 7, digest, 9 from requests where state = 'pending'",
        "42501",
    ),
    (
        "insert into approvals (request_id, person, digest, interaction_id, given_at)
         select id, 7, digest, 9, '2020-01-01' from requests where state = 'pending'",
        "42501",
    ),
    ("insert into tokens (id) values (7)", "42501"),
    ("insert into tokens (created_at) values ('2020-01-01')", "42501"),
    ("insert into requests (id) values (7)", "42501"),
    ("insert into requests (number) values (7)", "42501"),
    ("insert into requests (submitted_at) values ('2020-01-01')", "42501"),
    ("insert into deliveries (id) values (7)", "42501"),
    ("insert into deliveries (created_at) values ('2020-01-01')", "42501"),
    ("select nextval('request_numbers')", "42501"),
    ("select setval('ids', 1)", "42501"),
    // Running functions of the owner, or trigger functions.
    ("select countersign.guard_request()", "42501"),
    ("select countersign.refuse_removal()", "42501"),
    ("select countersign.reserve_name(requests) from countersign.requests", "42501"),
];

#[tokio::test]
async fn the_application_makes_nothing_chooses_no_ids_and_no_times_and_runs_nothing_as_the_owner() {
    let fixture = Fixture::new("takeover").await;
    let waits = fixture.submit(RIN, "Waits").await;
    fixture.approve(AKI, &waits, waits.digest).await.unwrap();
    for (statements, code) in ATTACKS {
        assert_eq!(fixture.attack(statements).await.as_deref(), Some(*code), "{statements}");
    }
}

/// Queries on the catalogue that must return nothing.
const NOTHING: &[(&str, &str)] = &[
    (
        "select proname::text from pg_proc
         where pronamespace = 'countersign'::regnamespace
             and has_function_privilege('public', oid, 'EXECUTE')
             and (prosecdef or probin is null or probin not in ('$libdir/pg_trgm', 'pg_trgm'))",
        "everybody may execute it",
    ),
    (
        "select proname::text from pg_proc
         where pronamespace = 'countersign'::regnamespace
             and (prosecdef or prorettype = 'trigger'::regtype)
             and has_function_privilege(current_user, oid, 'EXECUTE')",
        "the application may execute what runs as the owner, or only ever as a trigger",
    ),
    (
        "select nspname::text from pg_namespace where has_schema_privilege(current_user, oid, 'CREATE')",
        "the application may create things in this schema",
    ),
    (
        "select privilege from unnest(array['CREATE', 'TEMPORARY']) as privilege
         where has_database_privilege(current_user, current_database(), privilege)",
        "the application may do this in the database",
    ),
    (
        "select proname::text from pg_proc
         where pronamespace = 'countersign'::regnamespace
             and not coalesce(proconfig @> array['search_path=countersign, pg_temp'], false)
             and (prosecdef or prorettype = 'trigger'::regtype
                 or has_function_privilege(current_user, oid, 'EXECUTE'))
             -- Such a body was bound to its objects when it was made.
             and prosqlbody is null
             and (probin is null or probin not in ('$libdir/pg_trgm', 'pg_trgm'))",
        "it finds tables by the caller's search path, and could be shown others",
    ),
    (
        // Columns with the time or the id of their own row. Three tables on which nothing depends may change
        // such a time.
        r"select relname || '.' || attname from pg_attribute
             join pg_class on pg_class.oid = attrelid
             left join pg_attrdef on adrelid = attrelid and adnum = attnum
         where relnamespace = 'countersign'::regnamespace and relkind = 'r' and attnum > 0
             and not attisdropped and relname not in ('people', '_sqlx_migrations')
             and (attname = 'id' or attidentity <> '' or attgenerated <> ''
                 or pg_get_expr(adbin, adrelid) ~ 'now\(\)')
             and (has_column_privilege(current_user, attrelid, attnum, 'INSERT')
                 or has_column_privilege(current_user, attrelid, attnum, 'UPDATE'))
             and relname || '.' || attname
                 not in ('announcement_drafts.expires_at', 'gateway_session.saved_at', 'jobs.written_at')",
        "the application may choose the database's own id or time",
    ),
    (
        "select relname::text from pg_class
         where relnamespace = 'countersign'::regnamespace and relkind = 'S'
             and (has_sequence_privilege(current_user, oid, 'USAGE')
                 or has_sequence_privilege(current_user, oid, 'UPDATE'))",
        "the application may draw numbers",
    ),
    (
        "select relname::text from pg_class
         where relnamespace = 'countersign'::regnamespace and (pg_has_role(current_user, relowner, 'MEMBER')
             or (relkind in ('r', 'p')
                 and has_table_privilege(current_user, oid, 'TRUNCATE, REFERENCES, TRIGGER')))",
        "the application owns it, or could truncate it, refer to it, or hang triggers on it",
    ),
    (
        "select rolname::text from pg_roles where rolname = current_user
         and (rolsuper or rolcreaterole or rolbypassrls or rolreplication or rolcreatedb
             or exists (select from pg_auth_members where member = current_user::regrole))",
        "its role can do more than log in",
    ),
];

#[tokio::test]
async fn the_catalogue_of_the_database_leaves_no_way_round() {
    let fixture = Fixture::new("catalogue").await;
    for (question, why) in NOTHING {
        let found: Vec<String> = sqlx::query_scalar(*question)
            .fetch_all(&mut *fixture.workflow.pool.acquire().await.unwrap())
            .await
            .unwrap();
        assert!(found.is_empty(), "{why}: {found:?}");
    }
}

/// Rights that the role must not have, and that the guards must withstand if it had them.
async fn is_reckless(fixture: &Fixture) {
    let admin_url = SecretString::from(fixture.database.admin_url.as_str());
    let mut admin = pool::connect(&admin_url, &Network::default()).await.unwrap();
    let database = &fixture.database.name;
    let grants = format!(
        "grant temporary on database {database} to {APPLICATION};
         grant execute on all functions in schema countersign to {APPLICATION}"
    );
    sqlx::raw_sql(AssertSqlSafe(grants)).execute(&mut admin).await.unwrap();
}

/// A table of the role's own, with columns that guards read and of a type whose casts belong to the role,
/// and on it a function of ours. `{function}` and `{table}` are placeholders for both.
const HIJACK: &str = "
    create type pg_temp.evil as (word text);
    create function pg_temp.to_jsonb(pg_temp.evil) returns jsonb language plpgsql
        as $$ begin raise exception 'ran as %', current_user using errcode = 'EVIL1'; end $$;
    create function pg_temp.to_text(pg_temp.evil) returns text language plpgsql
        as $$ begin raise exception 'ran as %', current_user using errcode = 'EVIL1'; end $$;
    create cast (pg_temp.evil as jsonb) with function pg_temp.to_jsonb(pg_temp.evil) as implicit;
    create cast (pg_temp.evil as text) with function pg_temp.to_text(pg_temp.evil) as implicit;
    create temp table {table} (id bigint, number bigint, state pg_temp.evil, kind pg_temp.evil,
        content pg_temp.evil, digest bytea, name_key pg_temp.evil, provider pg_temp.evil,
        revision integer, token_id bigint, request_id bigint, change_id bigint, requester bigint,
        approvals_required smallint, requester_approval_counts boolean, owner bigint,
        account_sid pg_temp.evil, name pg_temp.evil, description pg_temp.evil, scopes pg_temp.evil,
        issuer pg_temp.evil, submitted_at timestamptz, expires_at timestamptz, collected_at timestamptz);
    insert into pg_temp.{table} (id, content, state, kind) values (1, row('x')::pg_temp.evil,
        row('pending')::pg_temp.evil, row('reset')::pg_temp.evil);
    create trigger hijack before insert or update on pg_temp.{table}
        for each row execute function countersign.{function}();";

#[tokio::test]
async fn functions_of_the_owner_refuse_other_tables() {
    let fixture = Fixture::new("hijack").await;
    is_reckless(&fixture).await;
    let functions: Vec<String> = sqlx::query_scalar(
        "select proname::text from pg_proc
         where pronamespace = 'countersign'::regnamespace and prosecdef order by 1",
    )
    .fetch_all(&mut *fixture.workflow.pool.acquire().await.unwrap())
    .await
    .unwrap();
    assert_eq!(functions, ["assign_id", "guard_request", "guard_token"], "fewer is better");
    let fires = [
        "insert into pg_temp.{table} (content) values (row('y')::pg_temp.evil)",
        "update pg_temp.{table} set content = row('y')::pg_temp.evil",
    ];
    for function in functions {
        // Also under the names of tables that it serves.
        for (table, fires) in ["mine", "requests", "tokens"].into_iter().zip(fires.iter().cycle()) {
            let hijack = format!("{HIJACK}{fires}").replace("{function}", &function);
            let hijack = hijack.replace("{table}", table);
            let refusal = fixture.attack(&hijack).await;
            assert_eq!(refusal.as_deref(), Some("CS022"), "{function} on {table}");
        }
    }
}

/// The role's own tables under our names, and other search paths, don't affect the guards, even if it may
/// create them.
#[tokio::test]
async fn shadowing_tables_and_functions_are_ignored() {
    let fixture = Fixture::new("shadows").await;
    let waits = fixture.submit(RIN, "Waits").await;
    fixture.approve(AKI, &waits, waits.digest).await.unwrap();
    is_reckless(&fixture).await;
    for (statements, code) in [
        (
            "create temp table approvals (request_id bigint, person bigint, digest bytea,
                 struck_at timestamptz);
             insert into pg_temp.approvals select id, person, digest, null
                 from countersign.requests, (values (7), (8)) as people (person);
             set search_path = pg_temp, countersign;
             update countersign.requests set state = 'approved' where state = 'pending'",
            "CS006",
        ),
        (
            "create temp table requests (like countersign.requests);
             set search_path = pg_temp;
             insert into countersign.approvals (request_id, person, digest, interaction_id)
             select id, 7, sha256('x'), 9 from countersign.requests where state = 'pending'",
            "CS011",
        ),
        (
            "create function pg_temp.now() returns timestamptz language sql as
                 'select timestamptz ''2100-01-01''';
             set search_path = pg_temp, countersign, pg_catalog;
             update countersign.requests set expires_at = timestamptz '2100-01-01'",
            "CS015",
        ),
    ] {
        assert_eq!(fixture.attack(statements).await.as_deref(), Some(code), "{statements}");
    }
}

/// A transaction that began long ago can't write the past into the audit log; the guard here waits one
/// second instead of five minutes.
#[tokio::test]
async fn an_event_is_written_when_it_happens() {
    let fixture = Fixture::new("old transaction").await;
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let trigger = "select pg_get_triggerdef(oid) from pg_trigger
        where tgrelid = 'countersign.events'::regclass and tgname = 'guard_time'";
    let guard: String = sqlx::query_scalar(trigger).fetch_one(&mut owner).await.unwrap();
    assert!(guard.contains("'00:05:00'::interval"), "{guard}");
    let hasty = guard.replace("00:05:00", "00:00:01").replace("CREATE", "CREATE OR REPLACE");
    sqlx::raw_sql(AssertSqlSafe(hasty)).execute(&mut owner).await.unwrap();

    let mut transaction = fixture.workflow.pool.begin().await.unwrap();
    let insert = "insert into events (kind, provider) values ('x', 'orchard')";
    sqlx::query(insert).execute(&mut *transaction).await.unwrap();
    sqlx::query("select pg_sleep(1.1)").execute(&mut *transaction).await.unwrap();
    let refused = sqlx::query(insert).execute(&mut *transaction).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("CS054"));
}
