//! What calls send and how they are read, each at an API that is so.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::press_button;
use testkit::tls::Authority;

use super::Fixture;
use super::shapes::{answers, play_whole_life, set};

/// A body of fields.
#[tokio::test]
async fn a_call_may_send_a_form() {
    let form = |issuer: &mut toml::Table| {
        issuer["create"].as_table_mut().unwrap().remove("body");
        let form = toml::toml! {
            comment = "{{ marker }}"
            ttl = "{{ lifetime_seconds }}"
            rights = "{{ scopes | join(' ') }} & more"
        };
        set(issuer, "create", "form", form);
    };
    let fixture = Fixture::with("form", form).await;
    let secret = fixture.create_token("Reports").await;
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    assert_eq!(sent["ttl"], (90 * 24 * 60 * 60).to_string());
    assert!(sent["rights"].as_str().unwrap().ends_with(" & more"), "{sent}");
    fixture.one_lives(&secret).await;
    fixture.is_deleted("Reports").await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn an_id_may_stand_in_a_header() {
    let header = |issuer: &mut toml::Table| answers(issuer, "create", "id", "header:location");
    play_whole_life("header", header, |upstream| {
        upstream.change_manner(|manner| manner.id_in_header = true);
    })
    .await;
}

#[tokio::test]
async fn a_secret_may_come_in_parts() {
    let parts = |issuer: &mut toml::Table| {
        answers(issuer, "create", "secret", vec!["/public", "/token"]);
        answers(issuer, "create", "secret_joined_by", "-");
    };
    play_whole_life("parts", parts, |upstream| {
        upstream.change_manner(|manner| manner.secret_in_parts = true);
    })
    .await;
}

/// A 200 may be a no.
#[tokio::test]
async fn a_refusal_may_come_with_200() {
    let refused_if = |issuer: &mut toml::Table| {
        for call in ["create", "revoke"] {
            set(issuer, call, "refused_if", toml::toml! { at = "/ok" is = false });
            issuer[call]["response"].as_table_mut().unwrap().remove("error");
        }
    };
    let fixture = Fixture::with("refused if", refused_if).await;
    let no = Fault { does: false, answers: Answers::Status(200) };
    fixture.upstream.fail(Call::Create, [no]);
    fixture.approved("Reports").await;
    let card = fixture.team.card("An admin has to act before").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.attempts().await, "refused");
    let secret = fixture.press_try_again(&card).await;
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn times_and_texts_are_sent_in_the_form_that_an_api_takes() {
    let filters = |issuer: &mut toml::Table| {
        let body = r#"{"comment": {{ marker }}, "ttl": {{ lifetime_seconds }}, "rights": {{ scopes }},
            "as": [{{ expires_at }}, {{ expires_at | rfc3339 }}, {{ expires_at | unix }},
                   {{ expires_at | unix_ms }}, {{ expires_at | date }}, {{ expires_at | last_day }},
                   {{ name | b64encode }}, {{ name | urlencode }}]}"#;
        set(issuer, "create", "body", body);
    };
    let fixture = Fixture::with("filters", filters).await;
    fixture.create_token("Reports and more").await;
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    let text = |index: usize| sent["as"][index].as_str().unwrap().to_owned();
    let end = DateTime::parse_from_rfc3339(&text(0)).unwrap();
    assert_eq!(DateTime::parse_from_rfc3339(&text(1)).unwrap(), end);
    assert_eq!(sent["as"][2], end.timestamp());
    assert_eq!(sent["as"][3], end.timestamp_millis());
    assert_eq!(text(4), end.format("%Y-%m-%d").to_string());
    assert_eq!(text(5), (end - chrono::TimeDelta::days(1)).format("%Y-%m-%d").to_string());
    assert_eq!(text(6), STANDARD.encode("Reports and more"));
    assert_eq!(text(7), "Reports%20and%20more");
    fixture.team.finish().await;
}

/// It is unclear whether it swapped the secret: if a repeat does no harm, it swaps it once more.
#[tokio::test]
async fn a_reset_in_doubt_is_repeated_where_it_may_be() {
    let fixture = Fixture::with("reset again", |issuer| {
        issuer.insert("reset_can_be_repeated".to_owned(), true.into());
    })
    .await;
    let old = fixture.create_token("Reports").await;
    let panel = press_button(&fixture.team.rin, "Reports", "Reset").await;
    fixture.upstream.fail(Call::Reset, [Fault { does: true, answers: Answers::Cut }]);
    fixture.submit(&panel).await;
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    assert_eq!(fixture.upstream.count(Call::Reset), 2);
    assert!(!fixture.upstream.open_panel(&old));
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn no_end_is_reported_before_revoke_takes() {
    let takes = Duration::from_secs(4);
    let fixture = Fixture::with("revoke takes", |issuer| {
        issuer.insert("revoke_takes".to_owned(), "4s".into());
    })
    .await;
    fixture.create_token("Reports").await;
    let began = Instant::now();
    fixture.is_deleted("Reports").await;
    assert!(began.elapsed() >= takes, "{:?}", began.elapsed());
    fixture.team.finish().await;
}

/// The secret is Countersign's, and only the token's owner sees it.
#[tokio::test]
async fn a_secret_may_be_chosen_by_the_caller() {
    let chosen = |issuer: &mut toml::Table| {
        issuer.insert("generate".to_owned(), toml::toml! { KEY = { length = 48 } }.into());
        let body =
            r#"{"comment": {{ marker }}, "rights": {{ scopes }}, "secret": {{ generated.KEY }}}"#;
        set(issuer, "create", "body", body);
        answers(issuer, "create", "secret", "generated:KEY");
    };
    let fixture = Fixture::with("generated", chosen).await;
    let words = "not like this";
    fixture.upstream.say(words);
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Cut }]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(secret.len(), 48);
    // The secret of the lost call does not work.
    assert_eq!(fixture.attempts().await, "gone made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// Its calls show what its login gives.
pub fn configure_login(issuer: &mut toml::Table) {
    let url = issuer["create"]["url"].as_str().unwrap().replace("/tokens", "/login");
    let login = toml::toml! {
        method = "POST"
        form = { password = "{{ secret.KEY }}" }
        [response]
        token = "/access_token"
        expires_at = { at = "/expires_in", form = "seconds" }
        error = "/error"
    };
    issuer.insert("login".to_owned(), login.into());
    set(issuer, "login", "url", url);
    for (_, call) in issuer.iter_mut() {
        if let Some(headers) = call.get_mut("headers").and_then(toml::Value::as_table_mut) {
            let shown = "Bearer {{ login.token }}";
            headers.insert("authorization".to_owned(), shown.into());
        }
    }
}

/// It says who it is before it lets anybody call, and where that lapses, again.
#[tokio::test]
async fn a_login_comes_first_and_is_renewed_once() {
    let fixture = Fixture::with("login", configure_login).await;
    fixture.upstream.change_manner(|manner| manner.wants_login = true);
    fixture.create_token("Reports").await;
    assert_eq!(fixture.upstream.count(Call::Login), 1, "it is kept");
    let first = fixture.upstream.session().unwrap();
    fixture.upstream.forget_logins();
    fixture.is_deleted("Reports").await;
    assert_eq!(fixture.upstream.count(Call::Login), 2);
    let second = fixture.upstream.session().unwrap();
    // A refused one is reported, and nothing was created.
    fixture.upstream.forget_logins();
    let no = Fault { does: false, answers: Answers::Status(403) };
    fixture.upstream.fail(Call::Login, [no]);
    fixture.approved("Dashboard").await;
    let card = fixture.team.card("its login is refused").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    fixture.press_try_again(&card).await;
    for session in [first, second, fixture.upstream.session().unwrap()] {
        fixture.check_no_secret(&session).await;
    }
    fixture.team.finish().await;
}

/// A 401 without a word may be of whoever stands before the API: it is no reason to make another at once.
#[tokio::test]
async fn what_a_login_in_doubt_may_have_made_is_not_made_twice() {
    let fixture = Fixture::with("login in doubt", configure_login).await;
    fixture.upstream.change_manner(|manner| manner.wants_login = true);
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Empty(401) }]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "gone made");
    assert_eq!(fixture.upstream.count(Call::Login), 2, "it is renewed all the same");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// Who shows no certificate can't call at all.
#[tokio::test]
async fn an_api_may_know_its_client_by_a_certificate() {
    let upstream = testkit::mock_upstream::Upstream::start().await.unwrap();
    let address = upstream.address();
    let authority = Authority::new().unwrap();
    let tls = authority.serve_known("127.0.0.1", address).await.unwrap();
    let over_tls = |issuer: &mut toml::Table| {
        let [plain, secure] =
            [format!("http://{}/", address), format!("https://{}/", tls.address())];
        for (_, call) in issuer.iter_mut() {
            if let Some(url) = call.get_mut("url") {
                *url = url.as_str().unwrap().replace(&plain, &secure).into();
            }
        }
        let [certificate, key] = authority.client().unwrap();
        let files = [
            ("ca_file", authority.file()),
            ("client_certificate_file", certificate),
            ("client_key_file", key),
        ];
        for (name, file) in files {
            issuer.insert(name.to_owned(), file.display().to_string().into());
        }
    };
    let fixture = Fixture::at(upstream, "client certificate", over_tls).await;
    let secret = fixture.create_token("Reports").await;
    fixture.one_lives(&secret).await;
    // The test would prove nothing if the service accepted everyone.
    let stranger = reqwest::Client::builder().no_proxy().danger_accept_invalid_certs(true);
    let url = format!("https://{}/tokens", tls.address());
    assert!(stranger.build().unwrap().get(url).send().await.is_err());
    fixture.is_deleted("Reports").await;
    fixture.team.finish().await;
}
