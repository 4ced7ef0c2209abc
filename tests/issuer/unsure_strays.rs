//! Lists that don't show what a call has made, though they once did: never two live tokens for one request.

use testkit::mock_upstream::{Answers, Call, Fault, Pages};

use super::shapes::{Issuer, set};
use super::{Fixture, PATIENCE};

const LOST: Fault = Fault::done(Answers::Cut);

/// A person looks for the lost token of this name; nothing is made beside it.
async fn a_person_looks(fixture: &Fixture, name: &str, said: &str) {
    let before = fixture.upstream.tokens().len();
    fixture.upstream.fail(Call::Create, [LOST]);
    fixture.approved(name).await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", said).await.unwrap();
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    let marker = sent["comment"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert!(card.contains(&marker), "{said}: {card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.tokens().len(), before + 1, "{said}");
    assert_eq!(fixture.upstream.count(Call::Create), 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_list_proves_nothing() {
    let fixture = Fixture::proven("206").await;
    fixture.upstream.change_manner(|manner| {
        manner.pages = Pages::Silent;
        manner.answers_206 = true;
    });
    fixture.upstream.is_crowded(3);
    a_person_looks(&fixture, "Reports", "longer than what can be read").await;
    fixture.team.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_shows_no_token_of_ours_any_more_proves_nothing() {
    let fixture = Fixture::start("empty by now").await;
    fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    fixture.upstream.change_manner(|manner| manner.hides_tokens = true);
    a_person_looks(&fixture, "Dashboard", "so one may still exist").await;
    fixture.team.finish().await;
}

/// It showed what was made last, and has more by now than it shows: that is seen when the next is made.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_found_is_not_called_gone_by_a_list_that_shows_nothing_new() {
    let fixture = Fixture::proven("stale proof").await;
    fixture.upstream.change_manner(|manner| manner.pages = Pages::Silent);
    fixture.upstream.is_crowded(3);
    fixture.upstream.fail(Call::Create, [LOST]);
    fixture.create_token("Reports").await;
    fixture.team.last_card("does not show it").await;
    fixture.look_again().await;
    let mut connection = fixture.team.setup.connect().await.unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", "so both may exist").await.unwrap();
    let marker: String =
        sqlx::query_scalar("select marker from countersign.attempts where state = 'unresolved'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert!(card.contains(&marker), "{card}");
    assert_eq!(fixture.attempts().await, "unresolved made");
    fixture.team.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_work_yet_is_revoked_all_the_same() {
    let fixture = Fixture::proven("provisioning").await;
    fixture.upstream.change_manner(|manner| manner.shows_state = Some("provisioning"));
    fixture.upstream.fail(Call::Create, [LOST]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Revoke).await;
    fixture.upstream.change_manner(|manner| manner.shows_state = None);
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    assert_eq!(fixture.attempts().await, "gone made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// The list is empty once, after the API said no.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_beside_one_whose_end_was_refused() {
    let fixture = Fixture::proven("refused stray").await;
    fixture.upstream.say("you may not delete");
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Status(403)); 20]);
    let as_it_is = Fault::done(Answers::None);
    fixture.upstream.fail(Call::Find, [as_it_is]);
    fixture
        .upstream
        .fail(Call::Find, [Fault::not_done(Answers::Says(200, r#"{"tokens":[]}"#)); 40]);
    a_person_looks(&fixture, "Reports", "you may not delete").await;
    fixture.team.setup.settle().await.unwrap();
    assert_eq!(fixture.upstream.tokens().len(), 1);
    fixture.team.finish().await;
}

/// The API cuts names: that it showed a short one says nothing of a long one.
#[tokio::test(flavor = "multi_thread")]
async fn a_marker_that_may_be_cut_off_is_looked_for_by_a_person() {
    let with_name: Issuer = |issuer| {
        let body = r#"{"comment": {{ name ~ " " ~ marker }}, "ttl": {{ lifetime_seconds }}, "rights": {{ scopes }}}"#;
        set(issuer, "create", "body", body);
        let find = issuer["find"].as_table_mut().unwrap();
        let at = find.remove("match").unwrap();
        find.insert("contains".to_owned(), at);
    };
    let fixture = Fixture::proven_with("cut", with_name).await;
    fixture.upstream.change_manner(|manner| manner.cuts_names_at = Some(64));
    a_person_looks(&fixture, "Reports of all regions and years", "so one may still exist").await;
    fixture.team.finish().await;
}
