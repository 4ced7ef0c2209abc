//! Jobs that begin where they are requested.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::domain::ids::UserId;
use countersign::domain::job::Job;
use countersign::network::Network;
use countersign::store::hand_over::begin_jobs_after;
use countersign::store::jobs;
use countersign::store::pool;
use countersign::store::tx::Tx;
use secrecy::SecretString;
use sqlx::Connection as _;

use super::recorder::HandlerEvent::{Begun, Ended};
use super::{Fixture, start_workers};

/// A process takes jobs for so long.
const LEASE: Duration = Duration::from_secs(12);

fn person(number: i64) -> UserId {
    UserId::new(number).unwrap()
}

/// A transaction that requests a check of a person.
async fn request(fixture: &Fixture, person: UserId) -> Tx {
    let mut tx = Tx::begin(&fixture.application, &Arc::default()).await.unwrap();
    tx.check_member(person);
    tx
}

/// What a transaction requests for now begins with its commit: nobody is told of it, except while a look goes on.
#[tokio::test]
async fn a_job_begins_where_it_was_requested() {
    const ROUNDS: u64 = 20;
    let fixture = Fixture::new("handed over").await;
    let mut listener = jobs::listen(&fixture.application).await.unwrap();
    for round in 1..=ROUNDS {
        let person = person(i64::try_from(round).unwrap());
        request(&fixture, person).await.commit().await.unwrap();
        fixture.recorder.wait_for(Ended(Job::CheckMember { person }), 1).await;
    }
    fixture.is_idle().await;
    let mut connection = fixture.application.acquire().await.unwrap();
    sqlx::query("select pg_notify('countersign_jobs', 'last')")
        .execute(&mut *connection)
        .await
        .unwrap();
    drop(connection);
    let mut told = 0;
    while listener.recv().await.unwrap().payload() != "last" {
        told += 1;
    }
    assert!(told < ROUNDS / 2, "{told} of {ROUNDS} were announced");

    drop(listener);
    fixture.end().await;
}

/// Somebody who waits is answered first; but if that takes long, others may wait for the job.
#[tokio::test]
async fn a_job_of_a_press_begins_after_the_answer() {
    let fixture = Fixture::new("answered first").await;
    let mut waited = 0;
    for number in 10..20 {
        let job = Job::CheckMember { person: person(number) };
        let answer = async {
            request(&fixture, person(number)).await.commit().await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            fixture.recorder.count(Begun(job))
        };
        waited += i32::from(begin_jobs_after(answer).await == 0);
        fixture.recorder.wait_for(Ended(job), 1).await;
    }
    // What is requested while a look goes on is looked for.
    assert!(waited >= 6, "{waited} of 10 waited for the answer");

    let job = Job::CheckMember { person: person(2) };
    let answer = async {
        request(&fixture, person(2)).await.commit().await.unwrap();
        fixture.recorder.wait_for(Ended(job), 1).await;
    };
    let start = Instant::now();
    begin_jobs_after(answer).await;
    assert!(start.elapsed() < LEASE / 3, "{:?}", start.elapsed());
    fixture.end().await;
}

/// A commit that fails begins nothing, and keeps no place.
#[tokio::test]
async fn a_commit_that_fails_begins_nothing() {
    let fixture = Fixture::new("commit fails").await;
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let refuse = "create function refuse() returns trigger language plpgsql as
            $$ begin raise exception 'not at the commit'; end $$;
        grant execute on function refuse() to public;
        create constraint trigger refuse after insert on jobs deferrable initially deferred
            for each row when (new.kind = 'check_member') execute function refuse();";
    sqlx::raw_sql(refuse).execute(&mut owner).await.unwrap();
    for number in 1..=8 {
        let refused = request(&fixture, person(number)).await.commit().await.unwrap_err();
        assert!(refused.to_string().contains("not at the commit"), "{refused}");
    }
    sqlx::raw_sql("drop trigger refuse on jobs").execute(&mut owner).await.unwrap();
    owner.close().await.unwrap();
    fixture.is_idle().await;
    for number in 1..=8 {
        let job = Job::CheckMember { person: person(number) };
        assert_eq!(fixture.recorder.count(Begun(job)), 0, "{number}");
    }
    let job = Job::CheckMember { person: person(9) };
    request(&fixture, person(9)).await.commit().await.unwrap();
    fixture.recorder.wait_for(Ended(job), 1).await;
    fixture.end().await;
}

/// Whoever waited for a commit may be gone when it comes: its jobs begin soon all the same, and what was not
/// committed doesn't.
#[tokio::test]
async fn jobs_of_a_commit_that_nobody_heard_of_begin_soon() {
    const ROUNDS: i64 = 200;
    let fixture = Fixture::new("commit unheard").await;
    let mut unheard = 0;
    for number in 1..=ROUNDS {
        let tx = request(&fixture, person(number)).await;
        let patience = Duration::from_micros(300 + number.unsigned_abs() * 15);
        unheard += i32::from(tokio::time::timeout(patience, tx.commit()).await.is_err());
    }
    assert!(unheard > 0, "all commits were quicker than that");
    let start = Instant::now();
    while fixture.left().await > 0 {
        assert!(start.elapsed() < LEASE / 2, "{} wait for their lease", fixture.left().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    fixture.end().await;
}

/// A transaction takes longer than a lease: what it takes isn't free for others as it commits.
#[tokio::test]
async fn a_long_transaction_takes_its_jobs_for_itself() {
    let fixture = Fixture::new("long transaction").await;
    let url = SecretString::from(fixture.database.url.as_str());
    let pool = pool::build_lazy_pool(&url, &Network::default()).unwrap();
    let (second, stop, workers) = start_workers(&pool).await;
    let job = Job::CheckMember { person: person(1) };
    let mut tx = request(&fixture, person(1)).await;
    sqlx::query("select now()").execute(&mut *tx).await.unwrap();
    tokio::time::sleep(LEASE + Duration::from_millis(500)).await;
    tx.commit().await.unwrap();
    let leased =
        "select leased_until > now() + interval '6 seconds' from jobs where kind = 'check_member'";
    let mut connection = fixture.application.acquire().await.unwrap();
    let leased: Option<bool> =
        sqlx::query_scalar(leased).fetch_optional(&mut *connection).await.unwrap();
    drop(connection);
    fixture.recorder.wait_for(Ended(job), 1).await;
    assert_ne!(leased, Some(false), "others may take it at once");
    assert_eq!(second.count(Begun(job)), 0);
    stop.cancel();
    workers.await.unwrap();
    fixture.end().await;
}
