//! The temporary Postgres: roles, databases, restarts, and what stays behind: nothing.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use testkit::postgres::{Durability, Postgres, Shutdown};

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn run(url: &str, statement: &'static str) -> Result<(), String> {
    let mut connection = connect(url).await;
    let done = sqlx::raw_sql(statement).execute(&mut connection).await;
    done.map(|_| ()).map_err(|error| error.to_string())
}

async fn fetch<T>(url: &str, query: &'static str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    sqlx::query_scalar(query).fetch_one(&mut connect(url).await).await.unwrap()
}

#[tokio::test]
async fn has_two_roles_of_which_one_may_nothing() {
    let postgres = Postgres::shared().await.unwrap();
    let database = postgres.database("two roles").await.unwrap();
    assert_eq!(fetch::<String>(&database.url, "SELECT current_user::text").await, "countersign");
    let owner: String = fetch(&database.owner_url, "SELECT current_user::text").await;
    assert_eq!(owner, "countersign_owner");
    assert!(
        fetch::<bool>(
            &database.admin_url,
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        .await
    );
    run(&database.owner_url, "CREATE SCHEMA own; CREATE TABLE own.t (n int)").await.unwrap();
    for statement in [
        "CREATE SCHEMA other",
        "CREATE TABLE public.t (n int)",
        "SELECT * FROM own.t",
        "CREATE ROLE other",
        "CREATE DATABASE other",
        "SET ROLE countersign_owner",
    ] {
        let refusal = run(&database.url, statement).await.unwrap_err();
        assert!(refusal.contains("permission denied"), "{statement}: {refusal}");
    }
    // A wrong password does not open anything.
    assert!(PgConnection::connect(&database.url.replace("-log@", "-x@")).await.is_err());
}

#[tokio::test]
async fn copies_a_template_that_is_made_once() {
    let postgres = Postgres::shared().await.unwrap();
    let key = format!("once {}", std::process::id());
    let prepared = std::sync::atomic::AtomicUsize::new(0);
    let template = || {
        postgres.template(&key, async |database| {
            prepared.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let statement = "CREATE TABLE t AS SELECT 7 AS n; GRANT SELECT ON t TO countersign";
            run(&database.owner_url, statement).await.map_err(anyhow::Error::msg)
        })
    };
    let (first, second, third) = tokio::join!(template(), template(), template());
    assert_eq!(prepared.into_inner(), 1);
    let (first, second) = (first.unwrap(), second.unwrap());
    third.unwrap();
    let (one, two) =
        tokio::join!(postgres.database_from("one", &first), postgres.database_from("two", &second));
    let (one, two) = (one.unwrap(), two.unwrap());
    run(&one.owner_url, "UPDATE t SET n = 8").await.unwrap();
    assert_eq!(fetch::<i32>(&one.url, "SELECT n FROM t").await, 8);
    assert_eq!(fetch::<i32>(&two.url, "SELECT n FROM t").await, 7);
}

#[tokio::test]
async fn drops_its_databases_on_a_shared_server() {
    let owner = Postgres::start(Durability::Fast).await.unwrap();
    let guest = Postgres::attach(&owner.admin_url()).unwrap();
    let database = guest.database("guest").await.unwrap();
    let _connected = connect(&database.url).await;
    let count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'guest%'";
    assert_eq!(fetch::<i64>(&owner.admin_url(), count).await, 1);
    drop(database);
    assert_eq!(fetch::<i64>(&owner.admin_url(), count).await, 0);
}

#[tokio::test]
async fn keeps_what_was_committed_over_restarts() {
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    let database = postgres.database("restarts").await.unwrap();
    run(&database.owner_url, "CREATE TABLE t (n int)").await.unwrap();
    for shutdown in [Shutdown::Fast, Shutdown::Immediate] {
        run(&database.owner_url, "INSERT INTO t VALUES (1)").await.unwrap();
        let mut connected = connect(&database.url).await;
        let before = postgres.process_id().unwrap();
        postgres.restart(shutdown).await.unwrap();
        assert_ne!(postgres.process_id().unwrap(), before);
        assert!(connected.ping().await.is_err());
    }
    assert_eq!(fetch::<i64>(&database.owner_url, "SELECT count(*) FROM t").await, 2);
    postgres.stop(Shutdown::Fast).await.unwrap();
    assert!(PgConnection::connect(&database.url).await.is_err());
    postgres.start_again().await.unwrap();
    assert_eq!(fetch::<i64>(&database.owner_url, "SELECT count(*) FROM t").await, 2);
}

#[tokio::test]
async fn is_durable_when_asked_to_be() {
    let postgres = Postgres::start(Durability::Safe).await.unwrap();
    let database = postgres.database("safe").await.unwrap();
    for setting in ["SHOW fsync", "SHOW full_page_writes", "SHOW synchronous_commit"] {
        assert_eq!(fetch::<String>(&database.url, setting).await, "on", "{setting}");
    }
    drop(database);
    let id = postgres.process_id().unwrap();
    drop(postgres);
    assert!(!runs(id), "it stops with its last handle");
}

/// `with-postgres` is killed without a chance to clean up.
#[tokio::test]
async fn leaves_nothing_behind_when_its_parent_is_killed() {
    let mut parent = tokio::process::Command::new(env!("CARGO_BIN_EXE_with-postgres"))
        .args(["sh", "-c", "echo $COUNTERSIGN_TEST_POSTGRES; read -r _"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines =
        tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(parent.stdout.take().unwrap()));
    let url = lines.next_line().await.unwrap().unwrap();
    let folder: String = fetch(&url, "SHOW data_directory").await;
    let file = std::path::Path::new(&folder).join("postmaster.pid");
    let id = std::fs::read_to_string(&file).unwrap().lines().next().unwrap().parse().unwrap();
    assert!(runs(id));
    parent.start_kill().unwrap();
    parent.wait().await.unwrap();
    let start = Instant::now();
    while runs(id) || std::path::Path::new(&folder).exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "{id} or {folder} outlives its parent");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn runs(id: u32) -> bool {
    std::path::Path::new(&format!("/proc/{id}")).exists()
}
