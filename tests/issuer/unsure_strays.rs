//! Lists that don't show what a call has made, though they once did: never two live tokens for one request.

use testkit::mock_upstream::{Answers, Call, Fault, Pages};

use super::shapes::{Issuer, set};
use super::{Fixture, PATIENCE};

const LOST: Fault = Fault { does: true, answers: Answers::Cut };

fn not(answers: Answers) -> Fault {
    Fault { does: false, answers }
}

/// A person looks for the lost token of this name; nothing is made beside it.
async fn a_person_looks(fixture: &Fixture, name: &str, said: &str) {
    let before = fixture.upstream.tokens().len();
    fixture.upstream.fails(Call::Create, [LOST]);
    fixture.approved(name).await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.sees_in("approvals", said).await.unwrap();
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    let marker = sent["comment"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert!(card.contains(&marker), "{said}: {card}");
    fixture.team.rin.sees_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.tokens().len(), before + 1, "{said}");
    assert_eq!(fixture.upstream.count(Call::Create), 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_list_proves_nothing() {
    let fixture = Fixture::proven("206").await;
    fixture.upstream.behaves(|manner| {
        manner.pages = Pages::Silent;
        manner.answers_206 = true;
    });
    fixture.upstream.is_crowded(3);
    a_person_looks(&fixture, "Reports", "longer than what can be read").await;
    fixture.team.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_shows_no_token_of_ours_any_more_proves_nothing() {
    let fixture = Fixture::start("empty by now").await;
    fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    fixture.upstream.behaves(|manner| manner.hides_tokens = true);
    a_person_looks(&fixture, "Dashboard", "so one may still exist").await;
    fixture.team.ends().await;
}

/// It showed what was made last, and has more by now than it shows: that is seen when the next is made.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_found_is_not_called_gone_by_a_list_that_shows_nothing_new() {
    let fixture = Fixture::proven("stale proof").await;
    fixture.upstream.behaves(|manner| manner.pages = Pages::Silent);
    fixture.upstream.is_crowded(3);
    fixture.upstream.fails(Call::Create, [LOST]);
    fixture.has_a_token("Reports").await;
    fixture.team.last_card("does not show it").await;
    let mut connection = fixture.team.setup.connect().await.unwrap();
    sqlx::raw_sql(
        "update countersign.attempts set look_again_at = now() where state = 'absent';
         update countersign.jobs set due_at = now() where kind = 'look_for_stray'",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.sees_in("approvals", "so both may exist").await.unwrap();
    let marker: String =
        sqlx::query_scalar("select marker from countersign.attempts where state = 'unresolved'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert!(card.contains(&marker), "{card}");
    assert_eq!(fixture.attempts().await, "unresolved made");
    fixture.team.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_work_yet_is_revoked_all_the_same() {
    let fixture = Fixture::proven("provisioning").await;
    fixture.upstream.behaves(|manner| manner.shows_state = Some("provisioning"));
    fixture.upstream.fails(Call::Create, [LOST]);
    fixture.approved("Reports").await;
    fixture.asks_for(Call::Revoke).await;
    fixture.upstream.behaves(|manner| manner.shows_state = None);
    let ready = fixture.ready().await;
    let secret = fixture.collects(&ready).await;
    assert_eq!(fixture.attempts().await, "gone made");
    fixture.one_lives(&secret).await;
    fixture.team.ends().await;
}

/// The list is empty once, after the API said no.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_beside_one_whose_end_was_refused() {
    let fixture = Fixture::proven("refused stray").await;
    fixture.upstream.says("you may not delete");
    fixture.upstream.fails(Call::Revoke, [not(Answers::Status(403)); 20]);
    let as_it_is = Fault { does: true, answers: Answers::None };
    fixture.upstream.fails(Call::Find, [as_it_is]);
    fixture.upstream.fails(Call::Find, [not(Answers::Says(200, r#"{"tokens":[]}"#)); 40]);
    a_person_looks(&fixture, "Reports", "you may not delete").await;
    fixture.team.setup.settles().await.unwrap();
    assert_eq!(fixture.upstream.tokens().len(), 1);
    fixture.team.ends().await;
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
    fixture.upstream.behaves(|manner| manner.cuts_names_at = Some(64));
    a_person_looks(&fixture, "Reports of all regions and years", "so one may still exist").await;
    fixture.team.ends().await;
}
