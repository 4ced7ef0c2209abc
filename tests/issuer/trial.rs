//! `countersign issuer try`: what an operator runs before anyone relies on an API.

use serde_json::Value;
use testkit::mock_upstream::{Answers, Call, Fault, KEY};

use super::Fixture;
use super::shapes::{answers, set};

/// Its output, and its exit code.
async fn attempt(fixture: &Fixture, arguments: &[&str]) -> (String, i32) {
    let ([said, noted], code) = run(fixture, arguments).await;
    (said + &noted, code)
}

/// The same as JSON.
async fn run_trial_as_json(fixture: &Fixture, arguments: &[&str]) -> (Value, i32) {
    let ([said, _], code) = run(fixture, &[arguments, &["--json"]].concat()).await;
    (said.parse().unwrap(), code)
}

/// What goes to standard output, and to standard error.
async fn run(fixture: &Fixture, arguments: &[&str]) -> ([String; 2], i32) {
    let arguments = [&["issuer", "try"], arguments].concat();
    let output = fixture.team.setup.bot.run(&arguments).await.unwrap();
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    for secret in [KEY, "upstream-secret"] {
        assert!(!text.concat().contains(secret), "{text:?}");
    }
    (text, output.status.code().unwrap())
}

#[tokio::test]
async fn issuer_try_without_create_sends_nothing() {
    let fixture = Fixture::start("try").await;
    let (said, code) = attempt(&fixture, &["registry"]).await;
    assert_eq!(code, 0, "{said}");
    for call in ["create", "find", "revoke", "reset", "enable", "disable"] {
        assert!(said.contains(&format!("\n{call:8}")), "{said}");
    }
    assert!(said.contains("authorization: •••") && said.contains("countersign-try-"), "{said}");
    let (said, code) = run_trial_as_json(&fixture, &["registry"]).await;
    assert_eq!((said["calls"].as_array().unwrap().len(), code), (6, 0), "{said}");
    for (arguments, expected) in [
        (&["nowhere"][..], "no provider nowhere"),
        (&["orchard"], "no issuer of kind http"),
        (&["registry", "--scope", "none:none"], "no scope none:none"),
    ] {
        let (said, code) = attempt(&fixture, arguments).await;
        assert!(said.contains(expected) && code == 2, "{said}");
    }
    assert_eq!(fixture.upstream.count(Call::Create), 0);
    fixture.team.finish().await;
}

#[tokio::test]
async fn issuer_try_creates_and_revokes_one_token() {
    let fixture = Fixture::start("try create").await;
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 0 && said.contains("All went well. The API shows no such token"), "{said}");
    // A disabled token gets a new secret before it is enabled.
    let calls = [Call::Create, Call::Reset, Call::Disable, Call::Enable, Call::Revoke];
    assert_eq!(calls.map(|call| fixture.upstream.count(call)), [1, 2, 1, 1, 1], "{said}");
    assert_eq!(fixture.upstream.tokens(), []);
    let (said, _) = run_trial_as_json(&fixture, &["registry", "--create"]).await;
    assert_eq!(said["may_be_left"], false, "{said}");
    fixture.team.finish().await;
}

#[tokio::test]
async fn issuer_try_reports_errors_and_leftovers() {
    let fixture = Fixture::start("try in vain").await;
    let fails = |call, does, answers| fixture.upstream.fail(call, [Fault { does, answers }]);
    fails(Call::Create, false, Answers::Status(403));
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("No token was made: the API said no"), "{said}");
    assert!(said.contains("refuses create: 403: not with •••"), "{said}");
    assert!(said.contains("renew the credential"), "{said}");
    // A lost answer, and one of somebody else's: its token is found and revoked.
    for answers in [Answers::Cut, Answers::Page(403), Answers::Status(408)] {
        fails(Call::Create, true, answers);
        let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
        let ends = "Not all went well. The API shows no such token any more";
        assert!(code == 1 && said.contains(ends), "{answers:?}: {said}");
        assert_eq!(fixture.upstream.tokens(), []);
    }
    // A revoke that does nothing leaves one.
    fails(Call::Revoke, false, Answers::Garbage);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("A token may be left there"), "{said}");
    let left = fixture.upstream.tokens();
    assert!(left.len() == 1 && said.contains(&left[0].comment), "{said}");
    fixture.team.finish().await;
}

/// It is tried as it would be: nobody could be given a secret that was handed out before.
#[tokio::test]
async fn an_enabling_that_would_fail_fails_in_a_trial() {
    let same = |issuer: &mut toml::Table| answers(issuer, "enable", "secret", "/token");
    let fixture = Fixture::with("try enable", same).await;
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("a secret that it gave before"), "{said}");
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;

    let moves = |issuer: &mut toml::Table| answers(issuer, "reset", "id", "/id");
    let fixture = Fixture::with("try new id", moves).await;
    fixture.upstream.change_manner(|manner| manner.reset_gives_new_id = true);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 0 && said.contains("All went well"), "{said}");
    let no = Fault { does: false, answers: Answers::Status(404) };
    fixture.upstream.fail(Call::Enable, [no]);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("refuses enable"), "{said}");
    fixture.team.finish().await;
}

/// A new token is revoked even if it can't be seen.
#[tokio::test]
async fn a_token_that_no_list_shows_is_revoked_all_the_same() {
    let fixture = Fixture::start("try unseen").await;
    fixture.upstream.change_manner(|manner| manner.hides_tokens = true);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("A token may be left there"), "{said}");
    assert!(said.contains("it was answered as done, and nobody can see it"), "{said}");
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

/// What was accepted is not what was done.
#[tokio::test]
async fn an_end_that_nobody_saw_is_not_said_to_be_one() {
    let unseen = |issuer: &mut toml::Table| {
        issuer.remove("find");
        issuer.insert("ids_are_unique".to_owned(), true.into());
    };
    let fixture = Fixture::with("try accepted", unseen).await;
    let accepted = Fault { does: false, answers: Answers::Empty(202) };
    fixture.upstream.fail(Call::Revoke, [accepted]);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("A token may be left there"), "{said}");
    assert!(!said.contains("the API shows it") && !said.contains("All went well"), "{said}");
    let left = fixture.upstream.tokens();
    assert!(left.len() == 1 && said.contains(&left[0].comment), "{said}");
    assert!(said.contains(&format!("(id {})", left[0].id)), "{said}");
    fixture.team.finish().await;
}

/// One empty list is no end, where the API refused it.
#[tokio::test]
async fn an_end_that_was_refused_is_not_said_to_be_one() {
    let fixture = Fixture::start("try refused end").await;
    let no = Fault { does: false, answers: Answers::Hides(403) };
    fixture.upstream.fail(Call::Revoke, [no]);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("A token may be left there"), "{said}");
    assert_eq!(fixture.upstream.tokens().len(), 1);
    fixture.team.finish().await;
}

/// Each call that there is.
#[tokio::test]
async fn a_change_in_place_is_tried_too() {
    let fixture = super::updates::start_updates("try update").await;
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 0 && said.contains("update: it is there, and works"), "{said}");
    assert_eq!(fixture.upstream.count(Call::Rights), 1);
    let no = Fault { does: false, answers: Answers::Status(422) };
    fixture.upstream.fail(Call::Rights, [no]);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("refuses update: 422"), "{said}");
    assert!(said.contains("The API shows no such token any more"), "{said}");
    fixture.team.finish().await;
}

#[tokio::test]
async fn issuer_try_explains_an_unreachable_api() {
    let nowhere = |issuer: &mut toml::Table| {
        // No service listens on the port of tcpmux.
        set(issuer, "create", "url", "http://127.0.0.1:1/tokens");
    };
    let fixture = Fixture::with("try nowhere", nowhere).await;
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("can't be reached: Connection refused"), "{said}");
    assert!(said.contains("see that it runs") && said.contains("No token was made"), "{said}");
    fixture.team.finish().await;
}

/// Without `id_is_secret` it would be shown, here as well as on cards.
#[tokio::test]
async fn an_id_that_is_the_secret_is_shown_nowhere() {
    let other_sid = |issuer: &mut toml::Table| answers(issuer, "create", "account_sid", "/ends");
    let fixture = Fixture::with("try secret id", other_sid).await;
    fixture.upstream.change_manner(|manner| manner.id_is_secret = true);
    let (said, code) = attempt(&fixture, &["registry", "--create"]).await;
    assert!(code == 1 && said.contains("the id in the answer is the secret"), "{said}");
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}
