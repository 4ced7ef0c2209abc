//! The operator's credentials for an upstream: no one sees them in the upstream's answers, and nothing
//! sends them to another server.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use testkit::mock_upstream::{Answers, Call, Fault};

use super::Fixture;
use super::shapes::answers;

/// A login in base64, as operators configure it, its user alone, and the value in the configuration.
const LOGIN: &str = "countersign:hunter2pass";
const IN_HEADER: &str = "hd-Key-77";
const IN_BODY: &str = "b0dyp4ss";

/// An issuer that sends all of them.
fn with_credentials(issuer: &mut toml::Table) {
    let secrets = issuer["secrets"].as_table_mut().unwrap();
    secrets.insert("USER".to_owned(), "countersign".into());
    secrets.insert("LOGIN".to_owned(), STANDARD.encode(LOGIN).into());
    let create = issuer["create"].as_table_mut().unwrap();
    let headers = create["headers"].as_table_mut().unwrap();
    headers.insert("x-login".to_owned(), "Basic {{ secret.LOGIN }}".into());
    headers.insert("x-user".to_owned(), "{{ secret.USER }}".into());
    headers.insert("x-api-key".to_owned(), IN_HEADER.into());
    let body = create["body"].as_str().unwrap();
    let body = body.replacen('{', &format!("{{\"password\": \"{IN_BODY}\", "), 1);
    create.insert("body".to_owned(), body.into());
}

#[tokio::test]
async fn a_refusal_that_repeats_credentials_in_any_form_shows_none() {
    let fixture = Fixture::with("refused, repeating", with_credentials).await;
    let (login, url_safe) = (STANDARD.encode(LOGIN), URL_SAFE_NO_PAD.encode(LOGIN));
    let (percent, hex) = ("countersign%3Ahunter2pass", hex::encode("hunter2pass"));
    let words = format!(
        "Reports: {LOGIN} or hunter2pass or {login} or {url_safe} or {percent} or {hex} or \
         {IN_HEADER} or {IN_BODY} or HUNTER2PASS or hunter2p, and that is all"
    );
    fixture.upstream.say(&words);
    let fault = Fault { does: false, answers: Answers::Status(403) };
    fixture.upstream.fail(Call::Create, [fault]);
    fixture.approved("Reports").await;
    let card = fixture.team.card("An admin has to act before").await;
    // What follows a part that is cut out may be cut too.
    assert!(card.contains(&"••• or ".repeat(9)) && card.contains("that is all"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    for hidden in ["hunter2", "HUNTER2", &login[12..20], &hex[..12], "hd-Key", "b0dy"] {
        assert!(!card.contains(hidden), "{hidden} is in {card}");
        let tables = fixture.team.setup.tables_with(hidden).await.unwrap();
        assert!(tables.is_empty(), "{hidden}: {tables:?}");
        let written = fixture.team.setup.bot.everything_written().unwrap();
        assert!(!written.contains(hidden), "{hidden} was logged");
    }
    fixture.team.finish().await;
}

#[tokio::test]
async fn credentials_follow_no_redirect() {
    let fixture = Fixture::proven("redirected").await;
    let redirect = |status| Fault { does: false, answers: Answers::Status(status) };
    fixture.upstream.fail(Call::Create, [redirect(307)]);
    fixture.upstream.fail(Call::Find, [redirect(302), redirect(308)]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "absent made");
    assert_eq!(fixture.upstream.followed(), 0);
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// A template that leads to another server with a value that the check of the configuration did not expect.
#[tokio::test]
async fn a_call_that_would_go_unencrypted_to_another_machine_is_not_made() {
    let fixture = Fixture::with("unencrypted", |issuer| {
        let create = issuer["create"].as_table_mut().unwrap();
        let here = create["url"].as_str().unwrap();
        // An address that is not in use (RFC 5737).
        let url =
            format!("{{% if name == 'Leaks' %}}http://192.0.2.1/{{% else %}}{here}{{% endif %}}");
        create.insert("url".to_owned(), url.into());
    })
    .await;
    fixture.approved("Leaks").await;
    let card = fixture.team.card("An admin has to act before").await;
    assert!(card.contains("send credentials unencrypted to another machine"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.count(Call::Create), 0);
    fixture.team.finish().await;
}

/// What an answer gives stands nowhere but where its owner reads it, whatever else the answer says.
async fn play_repeated_secret(label: &str, issuer: fn(&mut toml::Table)) {
    let fixture = Fixture::with(label, issuer).await;
    fixture.upstream.change_manner(|manner| {
        manner.secrets_are_short = true;
        manner.denies_what_it_made = true;
    });
    // It can't be ended at once: its secret is worth something.
    fixture.upstream.fail(Call::Revoke, [Fault { does: false, answers: Answers::Status(500) }]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Revoke).await;
    let secret = fixture.upstream.newest().secret;
    assert_eq!(secret.len(), 16);
    fixture.check_no_secret(&secret).await;
    let aki = fixture.team.aki.patient(super::PATIENCE);
    let card =
        aki.wait_for_message("approvals", "gave no clear answer several times").await.unwrap();
    assert!(card.contains("made •••, but the mail was not sent"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.attempts().await, "gone gone gone");
    // All secrets of the play begin so, and nothing else does.
    fixture.check_no_secret("kX9qpLm3").await;
    let tried = fixture.team.setup.bot.run(&["issuer", "try", "registry", "--create"]).await;
    let tried = tried.unwrap();
    let text = String::from_utf8([tried.stdout, tried.stderr].concat()).unwrap();
    assert!(text.contains("made •••, but") && !text.contains("kX9qpLm3"), "{text}");
    assert_eq!(tried.status.code(), Some(1));
    fixture.team.finish().await;
}

#[tokio::test]
async fn an_answer_that_repeats_its_own_secret_shows_it_to_nobody() {
    play_repeated_secret("own secret", |_| {}).await;
}

/// The configuration looks for it elsewhere.
#[tokio::test]
async fn nor_does_one_whose_secret_stands_where_nobody_expects_it() {
    let elsewhere = |issuer: &mut toml::Table| answers(issuer, "create", "secret", "/secret/value");
    play_repeated_secret("own secret elsewhere", elsewhere).await;
}
