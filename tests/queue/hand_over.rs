//! Jobs that begin where they are requested.

use std::sync::Arc;

use countersign::domain::ids::UserId;
use countersign::domain::job::Job;
use countersign::store::jobs;
use countersign::store::tx::Tx;

use super::Fixture;
use super::HandlerEvent::{Begun, Ended};

/// What a transaction requests for now begins with its commit: nobody is told of it, except while a look goes on.
#[tokio::test]
async fn a_job_begins_where_it_was_requested() {
    const ROUNDS: u64 = 20;
    let fixture = Fixture::new("handed over").await;
    let mut listener = jobs::listen(&fixture.application).await.unwrap();
    for round in 1..=ROUNDS {
        let person = UserId::new(i64::try_from(round).unwrap()).unwrap();
        let mut tx = Tx::begin(&fixture.application, &Arc::default()).await.unwrap();
        tx.check_member(person);
        tx.commit().await.unwrap();
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

    // What is rolled back begins nowhere.
    let person = UserId::new(99).unwrap();
    let mut tx = Tx::begin(&fixture.application, &Arc::default()).await.unwrap();
    tx.check_member(person);
    tx.rollback().await.unwrap();
    fixture.is_idle().await;
    assert_eq!(fixture.recorder.count(Begun(Job::CheckMember { person })), 0);
    drop(listener);
    fixture.end().await;
}
