//! Tokens that a create without a clear answer may have left, at services where they can't be seen.

use std::time::{Duration, Instant};

use testkit::mock_upstream::{Answers, Call, Fault, Pages, Upstream};

use super::{Fixture, PATIENCE};

const LOST: Fault = Fault { does: true, answers: Answers::Cut };

/// No second token is made beside one that `find` doesn't show, and a person reads what to look for.
async fn is_left_to_a_person(label: &str, behaves: fn(&Upstream), doubt: &str) {
    let fixture = Fixture::start(label).await;
    behaves(&fixture.upstream);
    fixture.create_token("Reports").await;
    fixture.team.last_card(doubt).await;
    let before = fixture.upstream.tokens().len();
    fixture.upstream.fail(Call::Create, [LOST]);
    fixture.approved("Dashboard").await;
    let card = fixture.team.aki.patient(PATIENCE);
    let card = card.wait_for_message("approvals", "so one may still exist").await.unwrap();
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    let stray = fixture.upstream.newest();
    let marker = stray.comment.trim_start_matches("robot$");
    assert!(card.contains(marker), "{label}: {card}");
    assert_eq!(fixture.upstream.tokens().len(), before + 1, "{label}");
    assert_eq!(fixture.attempts().await, "made unresolved", "{label}");
    // An admin who has looked continues.
    fixture.upstream.end_by_hand(&stray.secret);
    fixture.press_try_again(&card).await;
    assert_eq!(fixture.upstream.tokens().len(), before + 1, "{label}");
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_renamed_stray_needs_an_admin() {
    let prefixed = |upstream: &Upstream| {
        upstream.change_manner(|manner| manner.prefix = "robot$".to_owned());
    };
    is_left_to_a_person("prefixed stray", prefixed, "under another name").await;
}

#[tokio::test]
async fn a_stray_on_an_unread_page_needs_an_admin() {
    let silent = |upstream: &Upstream| {
        upstream.change_manner(|manner| manner.pages = Pages::Silent);
        upstream.is_crowded(3);
    };
    is_left_to_a_person("stray on page two", silent, "does not show it").await;
}

/// Such a `find` has shown nothing so far.
#[tokio::test]
async fn not_there_is_not_believed_of_a_list_that_never_showed_anything() {
    let fixture = Fixture::start("never shown").await;
    fixture.upstream.fail(Call::Create, [Fault { does: false, answers: Answers::Cut }]);
    fixture.approved("Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", "so one may still exist").await.unwrap();
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    let secret = fixture.press_try_again(&card).await;
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// It would end the token that was created in the meantime under the same id.
#[tokio::test]
async fn a_late_revoke_does_not_end_a_newer_token() {
    let fixture = Fixture::with("late revoke", |issuer| {
        issuer.insert("settle".to_owned(), "6s".into());
    })
    .await;
    fixture.upstream.fail(Call::Create, [LOST]);
    let late = Answers::ArrivesLate(Duration::from_secs(5));
    fixture.upstream.fail(Call::Revoke, [Fault { does: true, answers: late }]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "gone made");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(fixture.upstream.open_panel(&secret));
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// Some services still accept a revoked token for a while: until then there would be two.
#[tokio::test]
async fn a_new_token_waits_until_the_revoked_one_stops_working() {
    let takes = Duration::from_secs(4);
    let fixture = Fixture::with("stray that is taken", |issuer| {
        issuer.insert("revoke_takes".to_owned(), "4s".into());
    })
    .await;
    fixture.upstream.fail(Call::Create, [LOST]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Revoke).await;
    let revoked = Instant::now();
    let ready = fixture.ready().await;
    assert!(revoked.elapsed() >= takes, "{:?}", revoked.elapsed());
    let secret = fixture.collect_secret(&ready).await;
    assert_eq!(fixture.attempts().await, "gone made");
    assert_eq!(fixture.upstream.count(Call::Revoke), 1);
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}
