//! Two things at once, over two replicas: whichever comes first, there is one outcome, and the request's
//! state, its approvals and events, the card and the direct messages agree on it.
//!
//! Each pair runs a few dozen times; with `COUNTERSIGN_CHAOS=all` a thousand times.

mod announcements;
mod consistency;
mod reveals;
mod support;
mod tally;

use std::time::Duration;

use discord_sim::{MessageView, Modal, Person, Seen};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};

use consistency::stories;
use support::{Asked, Fixture, race};
use tally::{Tally, all, batches};

/// How many requests race before the outcomes are checked.
const BATCH: usize = 200;

/// A private answer to one person.
fn told(seen: anyhow::Result<Seen>) -> String {
    seen.and_then(Seen::message).unwrap().to_string()
}

async fn approve(admin: &Person, card: &MessageView) -> bool {
    told(admin.click_outdated(card, "Approve").await).contains("You approved")
}

/// Waits for some milliseconds, in half of the races on one side and in half on the other, so that either
/// wins.
async fn head_start(name: &str, side: u64) {
    let number: u64 = name.chars().filter_map(|c| c.to_digit(10)).map(u64::from).sum();
    let wait = if number % 2 == side { number / 2 % 7 } else { 0 };
    tokio::time::sleep(Duration::from_millis(wait)).await;
}

/// One of two things happens to each request, and not the other.
async fn one_of_two<P>(
    label: &str,
    prepare: impl AsyncFn(&Fixture, &Asked) -> P,
    other: impl AsyncFn(&Fixture, &Asked, P) -> bool,
    ended: &str,
) {
    let fixture = Fixture::open(label, "").await;
    let mut tally = Tally::of(&format!("Approve against {label}"));
    for (size, label) in batches(label, BATCH) {
        let asked = fixture.asked(size, &label).await;
        let won = race(&asked, async |asked| {
            let prepared = prepare(&fixture, asked).await;
            let approve = async {
                head_start(&asked.name, 0).await;
                approve(&fixture.ben, &asked.card).await
            };
            let other = async {
                head_start(&asked.name, 1).await;
                other(&fixture, asked, prepared).await
            };
            tokio::join!(approve, other)
        })
        .await;
        let stories = stories(&fixture, &asked).await;
        for (asked, (approved, other)) in asked.iter().zip(won) {
            let story = &stories[&asked.name];
            assert_ne!(approved, other, "{}: {story:#?}", asked.name);
            let state = if approved { "done" } else { ended };
            assert_eq!(state, story.state, "{}: {story:#?}", asked.name);
            tally.counts(if approved { "won by Approve" } else { "by the other" });
        }
    }
    fixture.close().await;
    tally.print_tally();
}

#[tokio::test]
async fn two_admins_at_once() {
    let second =
        async |fixture: &Fixture, asked: &Asked, ()| approve(&fixture.dan, &asked.card).await;
    one_of_two("Approve", async |_, _| (), second, "done").await;
}

/// If two more are needed, both approvals count, and nothing is made twice.
#[tokio::test]
async fn two_approvals_at_once() {
    let fixture = Fixture::open("Approvals", "approvals = 3").await;
    let mut tally = Tally::of("Two approvals of two that are needed");
    for (size, label) in batches("Approvals", BATCH) {
        let asked = fixture.asked(size, &label).await;
        let put = race(&asked, async |asked| {
            tokio::join!(approve(&fixture.ben, &asked.card), approve(&fixture.dan, &asked.card))
        })
        .await;
        assert!(put.iter().all(|put| *put == (true, true)));
        let stories = stories(&fixture, &asked).await;
        for asked in &asked {
            let story = &stories[&asked.name];
            assert_eq!((story.state.as_str(), story.approvals), ("done", 3), "{story:#?}");
            tally.counts("both put");
        }
    }
    fixture.close().await;
    tally.print_tally();
}

#[tokio::test]
async fn approve_against_deny() {
    let prepare = async |fixture: &Fixture, asked: &Asked| -> Modal {
        let form = fixture.dan.click_outdated(&asked.card, "Deny").await;
        let mut form = form.unwrap().modal().unwrap();
        form.fill("Reason", "Not now").unwrap();
        form
    };
    let deny =
        async |_: &Fixture, _: &Asked, form: Modal| told(form.submit().await).contains("is denied");
    one_of_two("Deny", prepare, deny, "denied").await;
}

#[tokio::test]
async fn approve_against_withdraw() {
    let withdraw = async |_: &Fixture, asked: &Asked, ()| {
        let seen = asked.requester.click_outdated(&asked.submitted, "Withdraw").await;
        told(seen).contains("is withdrawn")
    };
    one_of_two("Withdraw", async |_, _| (), withdraw, "withdrawn").await;
}

#[tokio::test]
async fn approve_against_edit() {
    let prepare = async |_: &Fixture, asked: &Asked| -> MessageView {
        let panel = asked.requester.click_outdated(&asked.submitted, "Edit").await;
        let panel = panel.unwrap().message().unwrap();
        let form = asked.requester.click(&panel, "Edit details").await;
        let mut form = form.unwrap().modal().unwrap();
        form.fill("Description", "Reads and fells").unwrap();
        form.submit().await.unwrap().message().unwrap()
    };
    let save = async |_: &Fixture, asked: &Asked, panel: MessageView| {
        told(asked.requester.click_outdated(&panel, "Save").await).contains("is changed")
    };
    one_of_two("Edit", prepare, save, "pending").await;
}

#[tokio::test]
async fn approve_against_expiry() {
    // All of a batch are requested before the first of them expires, also if that is slow.
    let (most, ttl) = if all() { (50, 20) } else { (32, 16) };
    let policy = format!("request_ttl = \"{ttl}s\"\nremind_after = \"{}s\"", ttl - 1);
    let fixture = Fixture::open("Expiry", &policy).await;
    let mut tally = Tally::of("Approve against expiry");
    let rows = "select extract(epoch from expires_at - clock_timestamp())::float8
                from countersign.requests where content::jsonb ->> 'name' = $1";
    let pool = sqlx::PgPool::connect(&fixture.setup.database.admin_url).await.unwrap();
    for (size, label) in batches("Expiry", most) {
        let asked = fixture.asked(size, &label).await;
        let clicks = asked.iter().map(async |asked| {
            let left = sqlx::query_scalar::<_, f64>(rows).bind(&asked.name).fetch_one(&pool).await;
            // A click takes some milliseconds until it counts.
            tokio::time::sleep(Duration::from_secs_f64((left.unwrap() - 0.02).max(0.0))).await;
            head_start(&asked.name, 0).await;
            approve(&fixture.ben, &asked.card).await
        });
        let won = join_all(clicks).await;
        // Undecided requests expire by a job.
        let pending = "select count(*) from countersign.requests where state = 'pending'";
        fixture.setup.wait_for_count(pending, 0).await.unwrap();
        let stories = stories(&fixture, &asked).await;
        for (asked, approved) in asked.iter().zip(won) {
            let state = if approved { "done" } else { "expired" };
            assert_eq!(stories[&asked.name].state, state, "{}", asked.name);
            tally.counts(if approved { "won by Approve" } else { "expired" });
        }
    }
    pool.close().await;
    fixture.close().await;
    tally.print_tally();
}

/// One replica already requires three approvals, the other one still two: what two approvals allowed is done,
/// and everything else waits for three.
#[tokio::test]
async fn approve_against_a_reload() {
    let fixture = Fixture::open("Reload", "").await;
    let mut tally = Tally::of("Approve against a reload");
    for (size, label) in batches("Reload", 32) {
        let asked = fixture.asked(size, &label).await;
        let clicks = race(&asked, async |asked| {
            let approved = approve(&fixture.ben, &asked.card).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            approved
        });
        let (won, ()) = tokio::join!(clicks, fixture.reload(3));
        assert!(won.iter().all(|approved| *approved), "nothing else came between");
        let stories = stories(&fixture, &asked).await;
        for asked in &asked {
            let story = &stories[&asked.name];
            let outcome =
                match (story.state.as_str(), story.required, story.approvals, story.struck) {
                    ("done", 2, 2, 0) => "done by two approvals",
                    // The content is the same, so the approvals stay, and one more is needed.
                    ("pending", 3, 2, 0) => "waits for a third",
                    _ => panic!("{story:#?}"),
                };
            tally.counts(outcome);
        }
        fixture.reload(2).await;
    }
    fixture.close().await;
    tally.print_tally();
}

/// The same admin clicks a thousand times, and each click is answered. So many at a time: signing and
/// sending all at once takes a busy machine too long.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clicks_are_one_approval() {
    let (fixture, mut tally) = (Fixture::open("Clicks", "").await, Tally::of("A thousand clicks"));
    for round in 0..if all() { 20 } else { 1 } {
        let name = format!("Clicks{round:02}");
        let submitted = fixture.ask(&fixture.rin, &name).await;
        let card = fixture.ben.wait_for_message("approvals", &name).await.unwrap();
        let clicks = (0..1_000).map(|_| fixture.ben.click_outdated(&card, "Approve"));
        let answers: Vec<_> = stream::iter(clicks).buffer_unordered(64).map(told).collect().await;
        let saying = |said: &str| answers.iter().filter(|answer| answer.contains(said)).count();
        let counts = ["You approved", "already approved this request", "this one changed nothing"];
        let [put, already, refused] = counts.map(saying);
        assert_eq!((put, put + already + refused), (1, 1_000));
        let asked = Asked { name: name.clone(), requester: fixture.rin.clone(), card, submitted };
        let story = &stories(&fixture, &[asked]).await[&name];
        assert_eq!((story.approvals, story.state.as_str()), (1, "pending"));
        tally.counts("with one approval");
    }
    fixture.close().await;
    tally.print_tally();
}
