//! Tokens that their upstream changes in place: extended with approvals, reduced by one person.

use serde_json::Value;
use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::press_button;

use super::{Fixture, PATIENCE};

/// An upstream that can change scopes and the name.
pub async fn start_updates(label: &str) -> Fixture {
    patient_updates(label, "1s").await
}

/// The same, called with so much patience.
pub async fn patient_updates(label: &str, timeout: &str) -> Fixture {
    Fixture::with(label, |issuer| {
        issuer.insert("timeout".to_owned(), timeout.into());
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

/// The rights of the newest token there.
pub fn rights(fixture: &Fixture) -> Vec<Value> {
    fixture.upstream.newest().rights.as_array().unwrap().clone()
}

/// Leaves the token only its first scope.
pub async fn remove_scopes(fixture: &Fixture) {
    let rin = &fixture.team.rin;
    let panel = press_button(rin, "Reports", "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let said = rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("API is asked to reduce"), "{said}");
}

#[tokio::test]
async fn a_token_is_reduced_and_extended_in_place() {
    let fixture = start_updates("update").await;
    let secret = fixture.create_token("Reports").await;
    let all = rights(&fixture);
    remove_scopes(&fixture).await;
    fixture.team.rin.wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!(rights(&fixture).len(), 1);

    let rin = &fixture.team.rin;
    let panel = press_button(rin, "Reports", "Edit").await;
    assert!(panel.options("Expires").is_none(), "{panel}");
    let panel = rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    fixture.submit(&panel).await;
    rin.wait_for_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert_eq!(rights(&fixture), all);
    assert_eq!(fixture.upstream.count(Call::Rights), 2);
    fixture.one_lives(&secret).await;
    fixture.is_deleted("Reports").await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_doubtful_change_is_repeated_and_a_refused_one_is_reported() {
    let fixture = start_updates("update in doubt").await;
    let secret = fixture.create_token("Reports").await;
    let fault = |does, answers| Fault { does, answers };
    fixture.upstream.fail(Call::Rights, [fault(true, Answers::Cut)]);
    remove_scopes(&fixture).await;
    fixture.team.rin.patient(PATIENCE).wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!(fixture.upstream.count(Call::Rights), 2);

    let rin = &fixture.team.rin;
    fixture.upstream.say("no such right");
    fixture.upstream.fail(Call::Rights, [fault(false, Answers::Status(422))]);
    let panel = press_button(rin, "Reports", "Edit").await;
    let panel = rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    fixture.submit(&panel).await;
    let card = fixture.team.card("no such right").await;
    rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(rights(&fixture).len(), 1, "it is what it was");
    fixture.team.aki.click(&card, "Try again").await.unwrap().private().unwrap();
    rin.wait_for_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert!(rights(&fixture).len() > 1);
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// The first call was carried out, and nobody saw it answered: the refusal of the second doesn't say that nothing was
/// changed.
#[tokio::test]
async fn a_change_in_doubt_that_is_refused_then_stays_in_doubt() {
    let fixture = start_updates("update, then refused").await;
    fixture.create_token("Reports").await;
    let all = rights(&fixture).len();
    remove_scopes(&fixture).await;
    fixture.team.rin.wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    let fault = |does, answers| Fault { does, answers };
    fixture.upstream.say("nothing to change");
    let faults = [fault(true, Answers::Status(500)), fault(false, Answers::Status(409))];
    fixture.upstream.fail(Call::Rights, faults);
    let rin = &fixture.team.rin;
    let panel = press_button(rin, "Reports", "Edit").await;
    let panel = rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    fixture.submit(&panel).await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let card =
        aki.wait_for_message("approvals", "unclear whether the token was changed").await.unwrap();
    assert!(card.contains("nothing to change"), "{card}");
    rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(rights(&fixture).len(), all);
    fixture.team.finish().await;
}

/// What the API doesn't hold is changed here alone.
#[tokio::test]
async fn changes_of_countersigns_own_fields_make_no_call() {
    let fixture = start_updates("update nothing").await;
    fixture.create_token("Reports").await;
    let rin = &fixture.team.rin;
    let panel = press_button(rin, "Reports", "Edit").await;
    let mut form = rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", "Reads harvests by day").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    fixture.submit(&panel).await;
    rin.wait_for_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert_eq!(fixture.upstream.count(Call::Rights), 0);
    fixture.team.finish().await;
}
