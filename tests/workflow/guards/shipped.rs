//! What ships is listed in migrations/shipped.txt, each difference is found, and `migrate` repairs it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign::network::Network;
use countersign::store::{migrate, pool, shipped};
use secrecy::SecretString;
use sqlx::AssertSqlSafe;
use testkit::postgres::APPLICATION;

use crate::support::Fixture;

/// Set by `make prepare`: the file is written instead of compared.
const WRITE: &str = "COUNTERSIGN_WRITE_SHIPPED";

#[tokio::test]
async fn the_shipped_listing_is_current() {
    let fixture = Fixture::new("shipped").await;
    let mut connection = fixture.workflow.pool.acquire().await.unwrap();
    let lines = shipped::list_schema(&mut connection, APPLICATION).await.unwrap();
    let text = lines.join("\n") + "\n";
    let file = migrations().join("shipped.txt");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file, text).unwrap();
        return;
    }
    assert!(
        text == std::fs::read_to_string(file).unwrap(),
        "run `make prepare`, and read the difference"
    );
}

/// The folder of the schema.
fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

/// The codes of class CS in a text, each with its object.
fn codes(text: &str) -> BTreeSet<&str> {
    let starts = text.match_indices("CS0").map(|(at, _)| at);
    starts.filter_map(|at| text.get(at..at + 5)).collect()
}

#[test]
fn the_index_of_codes_has_each_code_with_its_file() {
    let index = std::fs::read_to_string(migrations().join("README.md")).unwrap();
    let mut listed = BTreeSet::new();
    for row in index.lines().filter_map(|line| line.strip_prefix("| CS0")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        for file in cells[1].split(", ") {
            listed.insert((format!("CS0{}", cells[0]), file.to_owned()));
        }
    }
    let mut raised = BTreeSet::new();
    for entry in std::fs::read_dir(migrations().join("guards")).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let guards = std::fs::read_to_string(&path).unwrap();
        raised.extend(codes(&guards).into_iter().map(|code| (code.to_owned(), file.clone())));
    }
    assert_eq!(listed, raised);
}

/// The length of a day depends on the session's time zone, and that of a year on the calendar: so guards
/// use hours.
#[test]
fn guards_count_in_hours() {
    for entry in std::fs::read_dir(migrations().join("guards")).unwrap() {
        let guards = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in guards.lines().filter(|line| !line.trim_start().starts_with("--")) {
            let counts = ["days =>", "months =>", "years =>", " day'", " days'", " month", " year"];
            assert!(!counts.iter().any(|words| line.contains(words)), "{line}");
        }
    }
}

/// What an attacker with the owner's login may have left, what `check` and `serve` report of it, and that
/// `migrate` repairs it.
#[tokio::test]
async fn every_difference_from_what_ships_is_found_and_fixed() {
    let fixture = Fixture::new("not as it ships").await;
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    for (spoilt, found) in [
        ("alter table tokens disable trigger guard", "trigger guard of tokens: NOT ENABLED"),
        ("alter table approvals disable trigger user", "trigger guard of approvals: NOT ENABLED"),
        ("drop trigger keep on requests", "missing: trigger keep of requests"),
        (
            "create trigger evil before insert on events execute function refuse_removal()",
            "not ours: trigger evil of events",
        ),
        (
            "create or replace function is_narrower(was tokens, becomes tokens) returns boolean
             language sql immutable set search_path = countersign, pg_temp as 'select true'",
            "function is_narrower",
        ),
        (
            "alter function guard_approval() security definer",
            "function guard_approval(): runs as its owner",
        ),
        ("alter function guard_token() reset search_path", "function guard_token()"),
        (
            "create function evil() returns int language sql as 'select 1'",
            "not ours: function evil()",
        ),
        ("create rule evil as on insert to approvals do instead nothing", "rule evil of approvals"),
        (
            "create function countersign.become(t text) returns text language plpgsql security definer as
                 'begin execute t; return t; end';
             grant execute on function countersign.become(text) to countersign;
             alter extension pg_trgm add function countersign.become(text)",
            "not ours: function become(t text): runs as its owner",
        ),
        (
            "create policy evil on jobs using (true)",
            "not ours: policy evil of jobs",
        ),
        (
            "grant insert on _sqlx_migrations to countersign",
            "grant on table _sqlx_migrations: the role may INSERT",
        ),
        ("grant delete on events to countersign", "the role may DELETE, SELECT"),
        ("grant update (at) on events to public", "EVERYBODY may UPDATE"),
        ("grant insert (id) on events to countersign", "grant on columns of events"),
        ("revoke insert on events from countersign", "missing: grant on columns of events"),
        (
            "grant execute on function guard_request() to countersign",
            "guard_request(): the role may execute",
        ),
        (
            "grant execute on function is_task(text) to public",
            "EVERYBODY may EXECUTE on function countersign.is_task",
        ),
        ("grant usage on sequence ids to countersign", "grant on sequence ids"),
        ("grant create on schema countersign to countersign", "the role may CREATE in it"),
        ("grant temporary on database {database} to public", "the role may TEMPORARY"),
        (
            "drop index tokens_by_name;
             create index tokens_by_name on tokens using gin (lower(description) gin_trgm_ops)",
            "not ours: index tokens_by_name of tokens",
        ),
    ] {
        let spoilt = spoilt.replace("{database}", &fixture.database.name);
        sqlx::raw_sql(AssertSqlSafe(spoilt.clone())).execute(&mut owner).await.unwrap();
        let mut connection = fixture.workflow.pool.acquire().await.unwrap();
        let seen = shipped::find_differences(&mut connection, APPLICATION, false).await.unwrap();
        let told = seen.iter().any(|difference| difference.to_string().contains(found));
        assert!(told, "{spoilt}: {seen:#?}");
        let done = migrate::run(&mut owner, APPLICATION, false).await.unwrap();
        assert!(done.left.is_empty() && !done.restored.is_empty(), "{spoilt}: {done:#?}");
        let after = shipped::find_differences(&mut connection, APPLICATION, false).await.unwrap();
        assert!(after.is_empty(), "{spoilt}: {after:#?}");
    }
    // Unchanged objects are left alone.
    let again = migrate::run(&mut owner, APPLICATION, false).await.unwrap();
    assert!(again.restored.is_empty() && again.applied == 0, "{again:#?}");
}

/// A constraint is different: `migrate` can't know whether the rows still fulfil it, so it reports that and
/// fails.
#[tokio::test]
async fn a_missing_constraint_is_reported() {
    let fixture = Fixture::new("constraint").await;
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let dropped = "alter table requests drop constraint two_approvals; drop index approvals_once";
    sqlx::raw_sql(dropped).execute(&mut owner).await.unwrap();
    let done = migrate::run(&mut owner, APPLICATION, false).await.unwrap();
    let left: Vec<String> = done.left.iter().map(ToString::to_string).collect();
    assert_eq!(left.len(), 2, "{left:#?}");
    assert!(
        left[0].contains("constraint two_approvals") && left[1].contains("index approvals_once")
    );
}
