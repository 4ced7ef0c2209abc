//! The job queue on a real Postgres, with the two roles that Countersign uses.

mod hand_over;
mod recorder;

use std::sync::Arc;
use std::time::Duration;

use countersign::domain::ids::{DeliveryId, NoticeId, RequestId};
use countersign::domain::job::Job;
use countersign::network::Network;
use countersign::queue::Workers;
use countersign::store::pool::{self, Pool};
use countersign::store::{jobs, migrate};
use secrecy::SecretString;
use sqlx::Connection as _;
use testkit::postgres::{APPLICATION, Database, Postgres};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use recorder::HandlerEvent::{Begun, Ended};
use recorder::Recorder;

/// How long a job may take here.
const LIMIT: Duration = Duration::from_secs(5);

/// A process with four places.
async fn start_workers(
    pool: &Pool,
) -> (Arc<Recorder>, CancellationToken, tokio::task::JoinHandle<()>) {
    let (recorder, stop) = (Arc::new(Recorder::default()), CancellationToken::new());
    let (running, mut ready) = watch::channel(false);
    let workers = Workers {
        pool: pool.clone(),
        handler: recorder.clone(),
        concurrency: 4,
        limit: LIMIT,
        shutdown: stop.clone(),
        running,
    };
    let workers = tokio::spawn(workers.run());
    ready.wait_for(|ready| *ready).await.unwrap();
    (recorder, stop, workers)
}

struct Fixture {
    application: Pool,
    recorder: Arc<Recorder>,
    stop: CancellationToken,
    workers: tokio::task::JoinHandle<()>,
    database: Database,
}

impl Fixture {
    async fn new(label: &str) -> Self {
        let database = Postgres::shared().await.unwrap().database(label).await.unwrap();
        let owner_url = SecretString::from(database.owner_url.as_str());
        let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
        migrate::run(&mut owner, APPLICATION, false).await.unwrap();
        owner.close().await.unwrap();

        let application =
            pool::build_lazy_pool(&SecretString::from(database.url.as_str()), &Network::default())
                .unwrap();
        let (recorder, stop, workers) = start_workers(&application).await;
        Self { application, recorder, stop, workers, database }
    }

    async fn ask(&self, job: Job) {
        let mut connection = self.application.acquire().await.unwrap();
        jobs::enqueue(&mut connection, job, None).await.unwrap();
    }

    /// Until it runs, and goes on doing so.
    async fn begin_and_hold(&self, card: Job) {
        self.recorder.hold_cards();
        self.ask(card).await;
        self.recorder.wait_for(Begun(card), 1).await;
    }

    async fn ask_if_lost(&self, job: Job) {
        let mut connection = self.application.acquire().await.unwrap();
        jobs::enqueue_due(&mut connection, job).await.unwrap();
    }

    /// Jobs that are left, except the sweep, which is always requested.
    async fn left(&self) -> i64 {
        self.count("select count(*) from jobs where kind <> 'sweep'").await
    }

    /// Until nothing is left to be run.
    async fn is_idle(&self) {
        while self.left().await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&mut *self.application.acquire().await.unwrap())
            .await
            .unwrap()
    }

    /// Until a query counts so many.
    async fn wait_for_count(&self, query: &'static str, number: i64) {
        let there = async {
            while self.count(query).await != number {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), there).await;
        assert!(waited.is_ok(), "{} and not {number}: {query}", self.count(query).await);
    }

    async fn end(self) -> Arc<Recorder> {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), self.workers).await.unwrap().unwrap();
        self.recorder
    }
}

fn request(id: i64) -> RequestId {
    RequestId::new(id).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_exists_only_if_its_transaction_commits() {
    let fixture = Fixture::new("queue").await;
    let (never, once) =
        (Job::LapseRequest { request: request(1) }, Job::LapseRequest { request: request(2) });
    let mut transaction = fixture.application.begin().await.unwrap();
    jobs::enqueue(&mut transaction, never, None).await.unwrap();
    transaction.rollback().await.unwrap();

    let mut transaction = fixture.application.begin().await.unwrap();
    jobs::enqueue(&mut transaction, once, None).await.unwrap();
    jobs::enqueue(&mut transaction, once, None).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(fixture.recorder.of(once), [], "it began before the commit");
    transaction.commit().await.unwrap();

    fixture.recorder.wait_for(Ended(once), 1).await;
    fixture.is_idle().await;
    let recorder = fixture.end().await;
    assert_eq!(recorder.of(once), [Begun(once), Ended(once)]);
    assert_eq!(recorder.of(never), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_requested_while_it_runs_runs_once_more() {
    let fixture = Fixture::new("queue").await;
    let card = Job::RenderCard { request: request(3) };
    fixture.begin_and_hold(card).await;
    for _ in 0..5 {
        fixture.ask(card).await;
    }
    fixture.recorder.release_cards();
    fixture.recorder.wait_for(Ended(card), 2).await;
    fixture.is_idle().await;
    let runs = fixture.end().await.of(card);
    // One after the other. A hint may come twice: of five, the last can come when the second run has begun.
    assert!(runs.chunks(2).all(|run| run == [Begun(card), Ended(card)]), "{runs:?}");
    assert!((2..=3).contains(&(runs.len() / 2)), "{runs:?}");
}

/// A job that is requested at the very moment at which its end is written waits for no lease.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_requested_as_it_ends_runs_at_once() {
    const ROUNDS: usize = 300;
    const LESS_THAN_A_LEASE: Duration = Duration::from_secs(8);
    let fixture = Fixture::new("as it ends").await;
    let card = Job::RenderCard { request: request(9) };
    for round in 0..ROUNDS {
        fixture.ask(card).await;
        let runs = async {
            while fixture.recorder.count(Ended(card)) <= round {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(LESS_THAN_A_LEASE, runs).await;
        assert!(waited.is_ok(), "the request of round {round} waits");
    }
    fixture.is_idle().await;
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_and_early_jobs_are_retried() {
    let fixture = Fixture::new("queue").await;
    let jobs = [
        Job::Issue { request: request(4) },
        Job::Deliver { delivery: DeliveryId::new(5).unwrap() },
        Job::SendNotice { notice: NoticeId::new(6).unwrap() },
    ];
    for job in jobs {
        fixture.ask(job).await;
    }
    for job in jobs {
        fixture.recorder.wait_for(Ended(job), 1).await;
    }
    // The first sweep is requested at the start.
    fixture.recorder.wait_for(Ended(Job::Sweep), 1).await;
    fixture.is_idle().await;
    let recorder = fixture.end().await;
    for job in jobs {
        assert_eq!(recorder.of(job), [Begun(job), Begun(job), Ended(job)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_lost_jobs_are_requested_again() {
    let fixture = Fixture::new("queue").await;
    let mail = Job::SendMail { notice: NoticeId::new(7).unwrap() };
    fixture.ask(mail).await;
    fixture.recorder.wait_for(Begun(mail), 1).await;
    let put_back = "select count(*) from jobs where kind = 'send_mail' and subject = 7
        and taken_by is null and due_at > now() + interval '59 minutes'";
    fixture.wait_for_count(put_back, 1).await;
    fixture.ask_if_lost(mail).await;
    assert_eq!(fixture.count(put_back).await, 1, "what was put back for later is not hurried");

    sqlx::query("delete from jobs where kind = 'send_mail'")
        .execute(&mut *fixture.application.acquire().await.unwrap())
        .await
        .unwrap();
    fixture.ask_if_lost(mail).await;
    fixture.recorder.wait_for(Ended(mail), 1).await;

    // A running job is not lost either, and does not run again.
    let card = Job::RenderCard { request: request(7) };
    fixture.begin_and_hold(card).await;
    fixture.ask_if_lost(card).await;
    fixture.recorder.release_cards();
    fixture.recorder.wait_for(Ended(card), 1).await;
    fixture.is_idle().await;
    let recorder = fixture.end().await;
    assert_eq!(recorder.of(card), [Begun(card), Ended(card)]);
    assert_eq!(recorder.of(mail), [Begun(mail), Begun(mail), Ended(mail)]);
}

/// Ends are written together: one that has to wait keeps nothing else waiting.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_waits_for_whoever_has_locked_its_job() {
    let fixture = Fixture::new("locked end").await;
    let card = Job::RenderCard { request: request(8) };
    fixture.begin_and_hold(card).await;
    let mut lock = fixture.application.begin().await.unwrap();
    let locked = "select from jobs where kind = 'render_card' for no key update";
    sqlx::query(locked).execute(&mut *lock).await.unwrap();
    fixture.recorder.release_cards();
    fixture.recorder.wait_for(Ended(card), 1).await;
    let others = async {
        for id in 20..30 {
            let job = Job::SendNotice { notice: NoticeId::new(id).unwrap() };
            fixture.ask(job).await;
            fixture.wait_for_count("select count(*) from jobs where kind = 'send_notice'", 0).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(8), others).await.expect("they wait for a lease");
    assert_eq!(fixture.left().await, 1);
    lock.rollback().await.unwrap();
    fixture.is_idle().await;
    assert_eq!(fixture.end().await.of(card).len(), 2, "it ran once");
}

/// As one whose connection leads to a server that vanished.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_never_ends_is_tried_again() {
    let fixture = Fixture::new("endless").await;
    let card = Job::RenderCard { request: request(12) };
    fixture.recorder.hold_cards();
    fixture.ask(card).await;
    fixture.recorder.wait_for(Begun(card), 2).await;
    assert_eq!(fixture.recorder.count(Ended(card)), 0);
    fixture.recorder.release_cards();
    fixture.is_idle().await;
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_what_runs() {
    let fixture = Fixture::new("queue").await;
    let card = Job::RenderCard { request: request(7) };
    fixture.begin_and_hold(card).await;
    fixture.stop.cancel();
    assert_eq!(fixture.recorder.of(card), [Begun(card)]);
    fixture.recorder.release_cards();
    let recorder = fixture.end().await;
    assert_eq!(recorder.of(card), [Begun(card), Ended(card)]);
}

#[tokio::test]
async fn jobs_of_a_clock_that_was_ahead_do_not_wait() {
    let fixture = Fixture::new("ahead").await;
    let (card, reminder) =
        (Job::RenderCard { request: request(1) }, Job::RemindAdmins { request: request(2) });
    let left_behind = Job::SendNotice { notice: NoticeId::new(8).unwrap() };
    let mut transaction = fixture.application.begin().await.unwrap();
    jobs::enqueue(&mut transaction, card, None).await.unwrap();
    let tomorrow = chrono::Utc::now() + chrono::Duration::days(1);
    jobs::enqueue(&mut transaction, reminder, Some(tomorrow)).await.unwrap();
    // As if the clock had been an hour ahead then, for the card and for a process that ended with an email.
    sqlx::raw_sql(
        "update jobs set due_at = due_at + interval '1 hour', written_at = now() + interval '1 hour'
             where kind = 'render_card';
         insert into jobs (kind, subject, lane, urgency, due_at) values ('send_notice', 8, 'main', 3, now());
         update jobs set taken_by = gen_random_uuid(), leased_until = now() + interval '1 hour'
             where kind = 'send_notice'",
    )
    .execute(&mut *transaction)
    .await
    .unwrap();
    transaction.commit().await.unwrap();
    fixture.recorder.wait_for(Ended(card), 1).await;
    fixture.recorder.wait_for(Ended(left_behind), 1).await;
    // A job that is meant for later stays so. A job's row is deleted a moment after the job has ended.
    fixture.wait_for_count("select count(*) from jobs where kind <> 'sweep'", 1).await;
    assert_eq!(fixture.left().await, 1);
    assert_eq!(fixture.end().await.of(reminder), []);
}

#[tokio::test]
async fn what_piled_up_is_worked_off_without_a_pause() {
    const JOBS: i64 = 120;
    let fixture = Fixture::new("pile").await;
    let mut transaction = fixture.application.begin().await.unwrap();
    let jobs =
        (1..=JOBS).map(|number| Job::ConfirmApprovals { request: RequestId::new(number).unwrap() });
    for job in jobs {
        jobs::enqueue(&mut transaction, job, None).await.unwrap();
    }
    // One notification for all of them; after an outage there is none at all.
    transaction.commit().await.unwrap();
    let last = Job::ConfirmApprovals { request: RequestId::new(JOBS).unwrap() };
    // At four in a second it would take half a minute.
    fixture.recorder.wait_for(Ended(last), 1).await;
    fixture.end().await;
}
