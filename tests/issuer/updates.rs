//! Tokens that their upstream changes in place: extended with approvals, reduced by one person.

use serde_json::Value;
use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::presses;

use super::{Fixture, PATIENCE};

/// An upstream that can change scopes and the name.
pub async fn updates(label: &str) -> Fixture {
    Fixture::with(label, |issuer| {
        let mut update = issuer["reset"].as_table().unwrap().clone();
        let url = update["url"].as_str().unwrap().replace("/reset", "/rights");
        update.insert("url".to_owned(), url.into());
        update.insert("body".to_owned(), r#"{"rights": {{ scopes }}, "name": {{ name }}}"#.into());
        update.insert("fields".to_owned(), vec!["scopes", "name"].into());
        update.insert("response".to_owned(), toml::toml! { error = "/error" }.into());
        issuer.insert("update".to_owned(), update.into());
    })
    .await
}

pub fn rights(fixture: &Fixture) -> Vec<Value> {
    fixture.upstream.newest().rights.as_array().unwrap().clone()
}

/// Leaves the token only its first scope.
pub async fn takes_scopes(fixture: &Fixture) {
    let rin = &fixture.team.rin;
    let panel = presses(rin, "Reports", "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = rin.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = rin.clicks(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("API is asked to reduce"), "{said}");
}

#[tokio::test]
async fn a_token_is_reduced_and_extended_in_place() {
    let fixture = updates("update").await;
    let secret = fixture.has_a_token("Reports").await;
    let all = rights(&fixture);
    takes_scopes(&fixture).await;
    fixture.team.rin.sees_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!(rights(&fixture).len(), 1);

    let rin = &fixture.team.rin;
    let panel = presses(rin, "Reports", "Edit").await;
    assert!(panel.options("Expires").is_none(), "{panel}");
    let panel = rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    fixture.submits(&panel).await;
    rin.sees_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert_eq!(rights(&fixture), all);
    assert_eq!(fixture.upstream.count(Call::Rights), 2);
    fixture.one_lives(&secret).await;
    fixture.is_deleted("Reports").await;
    fixture.team.ends().await;
}

#[tokio::test]
async fn a_doubtful_change_is_repeated_and_a_refused_one_is_reported() {
    let fixture = updates("update in doubt").await;
    let secret = fixture.has_a_token("Reports").await;
    let fault = |does, answers| Fault { does, answers };
    fixture.upstream.fails(Call::Rights, [fault(true, Answers::Cut)]);
    takes_scopes(&fixture).await;
    fixture.team.rin.patient(PATIENCE).sees_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!(fixture.upstream.count(Call::Rights), 2);

    let rin = &fixture.team.rin;
    fixture.upstream.says("no such right");
    fixture.upstream.fails(Call::Rights, [fault(false, Answers::Status(422))]);
    let panel = presses(rin, "Reports", "Edit").await;
    let panel = rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    fixture.submits(&panel).await;
    let card = fixture.team.card("no such right").await;
    rin.sees_dm("could not be carried out").await.unwrap();
    assert_eq!(rights(&fixture).len(), 1, "it is what it was");
    fixture.team.aki.clicks(&card, "Try again").await.unwrap().private().unwrap();
    rin.sees_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert!(rights(&fixture).len() > 1);
    fixture.one_lives(&secret).await;
    fixture.team.ends().await;
}

/// What the API doesn't hold is changed here alone.
#[tokio::test]
async fn changes_of_countersigns_own_fields_make_no_call() {
    let fixture = updates("update nothing").await;
    fixture.has_a_token("Reports").await;
    let rin = &fixture.team.rin;
    let panel = presses(rin, "Reports", "Edit").await;
    let mut form = rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", "Reads harvests by day").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    fixture.submits(&panel).await;
    rin.sees_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert_eq!(fixture.upstream.count(Call::Rights), 0);
    fixture.team.ends().await;
}
