//! What is counted, and what is held.

use discord_sim::crash_points::{Outcome, When, Which};
use rand::Rng;
use sqlx::{Connection, PgConnection};

use crate::{Fixture, arrival, bind, reached, run};

const INSERT: &str = "INSERT INTO t VALUES ($1)";

#[tokio::test]
async fn numbers_explicit_and_implicit_commits_and_nothing_else() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    let mut transaction = connection.begin().await.unwrap();
    bind(&mut transaction, INSERT, 1).await.unwrap();
    bind(&mut transaction, "UPDATE t SET n = n WHERE n = $1", 1).await.unwrap();
    transaction.commit().await.unwrap();
    bind(&mut connection, INSERT, 2).await.unwrap();
    run(&mut connection, "INSERT INTO t VALUES (3); INSERT INTO t VALUES (-- no;\n 4)").await;
    run(&mut connection, "BEGIN; INSERT INTO t VALUES (5); COMMIT").await;
    // None of these.
    let mut transaction = connection.begin().await.unwrap();
    bind(&mut transaction, INSERT, 6).await.unwrap();
    transaction.rollback().await.unwrap();
    drop(connection.begin().await.unwrap());
    run(&mut connection, "BEGIN; INSERT INTO t VALUES (7); ROLLBACK").await;
    run(&mut connection, "COMMIT").await;
    run(&mut connection, "SELECT count(*) FROM t; SHOW work_mem; SET work_mem = '1MB'").await;
    run(&mut connection, "WITH a AS (SELECT 1) SELECT n, 'insert into' FROM t FOR UPDATE").await;
    bind(&mut connection, "SELECT coalesce(max(n), $1) FROM t WHERE n IN (1, 2)", 1).await.unwrap();
    run(&mut connection, "SELECT a FROM (VALUES (1)) one(a); SELECT a FROM (SELECT 1) AS one(a)")
        .await;
    assert_eq!(fixture.rows().await, 5);
    assert_eq!(
        fixture.proxy.points().arrivals(),
        [
            arrival(
                1,
                "INSERT INTO t VALUES ($1); UPDATE t SET n = n WHERE n = $1; COMMIT",
                1,
                Outcome::Done
            ),
            arrival(2, "INSERT INTO t VALUES ($1)", 1, Outcome::Done),
            arrival(3, "INSERT INTO t VALUES (?); INSERT INTO t VALUES ( ?)", 1, Outcome::Done),
            arrival(4, "INSERT INTO t VALUES (?); COMMIT", 1, Outcome::Done),
        ]
    );
}

#[tokio::test]
async fn numbers_what_a_select_may_write() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    run(&mut fixture.past().await, "CREATE SEQUENCE s").await;
    run(
        &mut connection,
        "CREATE FUNCTION add(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC \
         INSERT INTO t VALUES (n) RETURNING n; SELECT CASE WHEN n > 0 THEN 1 END; END",
    )
    .await;
    bind(&mut connection, "SELECT add($1)", 1).await.unwrap();
    bind(&mut connection, "WITH i AS (INSERT INTO t VALUES ($1) RETURNING n) SELECT * FROM i", 2)
        .await
        .unwrap();
    run(&mut connection, "SELECT nextval('s')").await;
    run(&mut connection, "SELECT 1 AS n INTO copied").await;
    let missing = "SELECT public.count($$;$$) FROM (SELECT 1) AS one(n)";
    sqlx::raw_sql(missing).execute(&mut connection).await.unwrap_err();
    run(&mut connection, "DO $do$ BEGIN INSERT INTO t VALUES (3); END $do$").await;
    let labels = fixture.labels();
    assert_eq!(labels.len(), 7, "{labels:#?}");
    assert_eq!(fixture.done(), 6);
    assert_eq!(fixture.rows().await, 3);
}

#[tokio::test]
async fn tells_commits_that_were_refused() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    bind(&mut connection, INSERT, 1).await.unwrap();
    // Deferred: it is the commit that fails.
    let mut transaction = connection.begin().await.unwrap();
    bind(&mut transaction, INSERT, 1).await.unwrap();
    transaction.commit().await.unwrap_err();
    bind(&mut connection, INSERT, 1).await.unwrap_err();
    // A block that has failed is rolled back by its COMMIT.
    run(&mut connection, "BEGIN").await;
    bind(&mut connection, "INSERT INTO t VALUES ($1 / 0)", 2).await.unwrap_err();
    run(&mut connection, "COMMIT").await;
    // A block with a savepoint continues.
    let mut transaction = connection.begin().await.unwrap();
    let mut inner = transaction.begin().await.unwrap();
    bind(&mut inner, "INSERT INTO t VALUES ($1 / 0)", 3).await.unwrap_err();
    inner.rollback().await.unwrap();
    bind(&mut transaction, INSERT, 4).await.unwrap();
    transaction.commit().await.unwrap();
    let outcomes: Vec<Outcome> =
        fixture.proxy.points().arrivals().iter().map(|arrival| arrival.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Refused, Outcome::Refused, Outcome::Done]);
    assert_eq!(fixture.rows().await, 2);
}

#[tokio::test]
async fn holds_before_and_after() {
    let fixture = Fixture::start().await;
    let points = fixture.proxy.points();
    let insert = async |number: i32, explicit: bool| {
        let mut connection = fixture.through().await;
        if explicit {
            let mut transaction = connection.begin().await?;
            bind(&mut transaction, INSERT, number).await?;
            transaction.commit().await
        } else {
            bind(&mut connection, INSERT, number).await
        }
    };
    for (number, explicit) in [(1, true), (2, false)] {
        points.count_anew();
        let rows = fixture.rows().await;
        let mut hold = fixture.proxy.hold_before(1);
        let look = async {
            let held = reached(&mut hold).await;
            assert_eq!(held.arrival.number, 1);
            assert_eq!(fixture.rows().await, rows, "it is not carried out");
        };
        let (outcome, ()) = tokio::join!(insert(number, explicit), look);
        outcome.unwrap_err();
        assert_eq!(fixture.rows().await, rows, "nor is it later");
        assert_eq!(points.arrivals()[0].outcome, Outcome::Open);

        let mut hold = fixture.proxy.hold_after(2);
        let look = async {
            let held = reached(&mut hold).await;
            assert_eq!(held.arrival.outcome, Outcome::Done);
            assert_eq!(fixture.rows().await, rows + 1, "it is carried out");
        };
        let (outcome, ()) = tokio::join!(insert(number, explicit), look);
        outcome.unwrap_err();
        assert_eq!(fixture.rows().await, rows + 1);
    }
    // Held, then released.
    let label = INSERT.to_owned();
    let which = Which::Repetition { label, repetition: 3 };
    let mut hold = points.hold(which, When::Before);
    let (outcome, ()) =
        tokio::join!(insert(3, false), async { reached(&mut hold).await.proceed() });
    outcome.unwrap();
    // Called off.
    drop(fixture.proxy.hold_before(points.count() + 1));
    insert(4, false).await.unwrap();
    assert_eq!(fixture.rows().await, 4);
}

#[tokio::test]
async fn counts_only_what_it_is_told_to() {
    let fixture = Fixture::start().await;
    let proxy = testkit::proxy::Proxy::counting(&fixture.database.owner_url, |commit| {
        commit.writes && !commit.statements.iter().any(|text| text.starts_with("UPDATE"))
    })
    .await
    .unwrap();
    let url = proxy.url(&fixture.database.owner_url).unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    bind(&mut connection, INSERT, 1).await.unwrap();
    bind(&mut connection, "UPDATE t SET n = $1", 2).await.unwrap();
    run(&mut connection, "BEGIN; SELECT * FROM t; COMMIT").await;
    assert_eq!(proxy.points().count(), 1);
}

/// A thousand transactions of every form: the proxy's count is the table's.
#[tokio::test]
async fn counts_a_thousand_transactions() {
    let fixture = Fixture::start().await;
    let workers = (0..8).map(async |worker: i32| {
        let mut connection = fixture.through().await;
        let mut expected = 0;
        for at in 0..125 {
            let number = worker * 1_000 + at;
            expected += usize::from(play(&mut connection, number).await);
        }
        connection.close().await.unwrap();
        expected
    });
    let expected: usize = futures_util::future::join_all(workers).await.into_iter().sum();
    assert_eq!(fixture.done(), expected);
    assert_eq!(fixture.proxy.points().count(), expected);
    assert_eq!(fixture.rows().await, i64::try_from(expected).unwrap());
    let mut held = fixture.proxy.points().arrivals().into_iter();
    assert!(held.all(|arrival| arrival.outcome == Outcome::Done));
    assert!(expected > 300, "{expected}");
}

/// One transaction that adds one row or none; whether it did.
async fn play(connection: &mut PgConnection, number: i32) -> bool {
    let form = rand::rng().random_range(0..8);
    match form {
        0 => bind(connection, INSERT, number).await.is_ok(),
        1 => {
            let sql = format!("BEGIN; SELECT 1; INSERT INTO t VALUES ({number}); END");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.is_ok()
        }
        2 | 3 => {
            let mut transaction = connection.begin().await.unwrap();
            bind(&mut transaction, INSERT, -number - 1).await.unwrap();
            bind(&mut transaction, "UPDATE t SET n = $1 WHERE n = -$1 - 1", number).await.unwrap();
            if form == 2 {
                transaction.commit().await.is_ok()
            } else {
                transaction.rollback().await.unwrap();
                false
            }
        }
        4 => {
            let mut transaction = connection.begin().await.unwrap();
            let mut inner = transaction.begin().await.unwrap();
            bind(&mut inner, INSERT, -1).await.unwrap();
            // The pool's way: the rollback is sent with the next statement.
            drop(inner);
            bind(&mut transaction, INSERT, number).await.unwrap();
            transaction.commit().await.is_ok()
        }
        5 => {
            let mut transaction = connection.begin().await.unwrap();
            bind(&mut transaction, "SELECT $1 / 0", number).await.unwrap_err();
            transaction.commit().await.unwrap();
            false
        }
        6 => {
            drop(connection.begin().await.unwrap());
            false
        }
        _ => {
            bind(connection, "SELECT n FROM t WHERE n = $1", number).await.unwrap();
            false
        }
    }
}
