//! A real mail server that takes access tokens alone (XOAUTH2), and an identity provider that gives them.

use std::time::Duration;

use discord_sim::Options;
use serde_json::json;
use testkit::ports::find_free_address;
use testkit::smtp::Smtp;
use testkit::team::{DEVELOPER, Team};
use testkit::token_endpoint::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN, TokenEndpoint};
use toml::{Table, Value};

use super::mail::{DELAY, UNSETTLED};
use super::mail_faults::{check_mail, wait_for_mail_health};

struct Fixture {
    team: Team,
    smtp: Smtp,
    endpoint: TokenEndpoint,
}

impl Fixture {
    async fn start(label: &str, settings: impl Fn(&TokenEndpoint) -> Table) -> Self {
        let smtp = Smtp::start().await.unwrap();
        smtp.take_no_passwords().unwrap();
        let endpoint = TokenEndpoint::start().await.unwrap();
        let team = Team::with(label, Options::standard(), |config| {
            config.mail_url = smtp.url_for_tokens();
            config.mail_ca_file = Some(smtp.ca_file());
            let settings = Value::Table(settings(&endpoint));
            config.overrides = Table::from_iter([("mail".to_owned(), settings)]);
        })
        .await;
        Self { team, smtp, endpoint }
    }

    fn take(&self, numbers: &[usize]) {
        let tokens: Vec<String> =
            numbers.iter().map(|number| self.endpoint.token(*number)).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        self.smtp.take_tokens(&tokens).unwrap();
    }

    /// A token with a developer, who gets an email of it.
    async fn issue(&self, name: &str) {
        let team = &self.team;
        let mut form = team.form(&team.rin, "orchard", name).await;
        form.fill("Developer emails", DEVELOPER).unwrap();
        team.submit_and_approve(&form).await;
        team.rin.wait_for_dm("is ready").await.unwrap();
        team.last_card("Issued").await;
        team.setup.send_mails_now().await.unwrap();
    }

    async fn wait_for_email(&self, name: &str) {
        let mailbox = self.smtp.mailbox();
        mailbox.wait_for_within(DELAY, DEVELOPER, name).await.unwrap();
    }

    /// Waits until `/readyz` says all this. The pause between two tries is as long as an email has waited, which a
    /// slow machine makes longer than anybody waits here.
    async fn wait_for_health(&self, words: &[&str]) {
        let try_often = async {
            loop {
                self.team.setup.send_mails_now().await.unwrap();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! {
            () = wait_for_mail_health(&self.team, words) => {}
            () = try_often => {}
        }
    }

    /// The server closes all connections, as it does after a while.
    async fn close_connections(&mut self) {
        self.smtp.stop().await.unwrap();
        self.smtp.start_again().await.unwrap();
    }

    /// Nothing of the login is anywhere, whatever the bot and its commands have said.
    async fn finish(self, said: &str) {
        let url = self.team.setup.bot.url().unwrap();
        let health = reqwest::get(format!("{url}/readyz")).await.unwrap().text().await.unwrap();
        let written = self.team.setup.bot.everything_written().unwrap();
        for secret in [ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN] {
            for (place, text) in [("/readyz", &*health), ("the log", &written), ("a command", said)]
            {
                assert!(!text.contains(&secret[..16]), "{secret} is in {place}: {text}");
            }
            let tables = self.team.setup.tables_with(secret).await.unwrap();
            assert!(tables.is_empty(), "{secret}: {tables:?}");
        }
        self.team.finish().await;
    }
}

#[tokio::test]
async fn emails_go_with_an_access_token_that_is_renewed() {
    let mut fixture = Fixture::start("mail tokens", TokenEndpoint::settings).await;
    fixture.take(&[1]);
    for name in ["Reports", "Dashboard"] {
        fixture.issue(name).await;
        fixture.wait_for_email(name).await;
        fixture.close_connections().await;
    }
    assert_eq!(fixture.endpoint.count(), 1, "it is kept");
    assert!(fixture.smtp.log().contains("A=xoauth2:tokens@example.com"), "{}", fixture.smtp.log());

    // It is withdrawn before its end: nobody notices.
    fixture.take(&[2]);
    fixture.issue("Withdrawn").await;
    fixture.wait_for_email("Withdrawn").await;
    assert_eq!(fixture.endpoint.count(), 2);
    fixture.close_connections().await;

    // Its end comes, and the server still takes it.
    fixture.take(&[3, 4]);
    fixture.endpoint.lasts(1);
    fixture.issue("Short").await;
    fixture.wait_for_email("Short").await;
    fixture.close_connections().await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    fixture.issue("Shorter").await;
    fixture.wait_for_email("Shorter").await;
    assert_eq!(fixture.endpoint.count(), 4);
    assert!(!fixture.team.setup.bot.log().contains("emails are not taken"));
    fixture.finish("").await;
}

#[tokio::test]
async fn a_refresh_token_gives_access_tokens() {
    let settings = TokenEndpoint::settings_with_refresh_token;
    let fixture = Fixture::start("mail refresh token", settings).await;
    fixture.take(&[1, 2]);
    fixture.issue("Reports").await;
    fixture.wait_for_email("Reports").await;
    let (code, said) = check_mail(&fixture.team, &["--mail", DEVELOPER]).await;
    assert!(code == 0 && said.contains("was taken"), "{said}");
    fixture.finish(&said).await;
}

#[tokio::test]
async fn each_fault_of_the_login_is_told_with_its_cure() {
    let fixture = Fixture::start("mail token faults", TokenEndpoint::settings).await;
    fixture.issue("Reports").await;
    let refused = ["1 email waits", "535", "SMTP.SendAsApp"];
    fixture.wait_for_health(&refused).await;
    assert!(fixture.endpoint.count() >= 2, "another one was tried");

    let mut all = String::new();
    let own = fixture.endpoint.settings()["oauth_token_url"].as_str().unwrap().to_owned();
    let repeated = format!("AADSTS7000215: {CLIENT_SECRET} is not the secret of this application");
    for (status, body, said_words, cure) in [
        (
            401,
            json!({ "error": "invalid_client", "error_description": repeated }),
            "401: invalid_client: AADSTS7000215: ••• is not the secret",
            "oauth_client_secret",
        ),
        (400, json!({ "error": "unauthorized_client" }), "unauthorized_client", "in this way"),
        (400, json!({ "error": "invalid_scope" }), "invalid_scope", "correct oauth_scope"),
        (400, json!({ "error": "invalid_grant" }), "invalid_grant", "new oauth_refresh_token"),
        (400, json!({ "error": "invalid_request" }), "invalid_request", "oauth_token_url"),
        (404, json!({ "message": "no such tenant" }), "refuses: 404", "oauth_token_url"),
        (200, json!({ "token": ACCESS_TOKEN }), "it holds no token", "documentation"),
        (200, json!({ "error": "invalid_client" }), "invalid_client", "oauth_client_secret"),
        (503, json!({ "error": "try later" }), "no token just now: the answer was 503", "again"),
        (429, json!({ "error": "slow_down" }), "no token just now: 429: slow_down", "again"),
    ] {
        fixture.endpoint.answers(Some((status, body)));
        for arguments in [&[][..], &["--mail", DEVELOPER]] {
            let (code, said) = check_mail(&fixture.team, arguments).await;
            let is_told = said.contains(said_words) && said.contains(cure);
            assert!(code == 1 && is_told, "{status} {cure}: {said}");
            all.push_str(&said);
        }
    }
    fixture.wait_for_health(&["1 email waits", "429: slow_down"]).await;

    fixture.take(&(1..40).collect::<Vec<_>>());
    fixture.endpoint.answers(None);
    fixture.wait_for_health(&[]).await;
    fixture.team.setup.wait_for_count_within(UNSETTLED, 0, DELAY).await.unwrap();
    fixture.wait_for_email("Reports").await;
    let (code, said) = check_mail(&fixture.team, &[]).await;
    assert!(code == 0 && said.contains("without sending one"), "{said}");

    // Nobody is there, and another server that offers no such login.
    let closed = find_free_address().unwrap();
    let unreachable = own.replace(own.split('/').nth(2).unwrap(), &closed.to_string());
    let set = |key: &'static str, value: String| {
        move |config: &mut Table| {
            let mail = config["mail"].as_table_mut().unwrap();
            mail.insert(key.to_owned(), value.into());
        }
    };
    fixture.team.setup.configure(set("oauth_token_url", unreachable)).unwrap();
    let (code, said) = check_mail(&fixture.team, &[]).await;
    let is_told = said.contains("the token endpoint can't be reached: ")
        && said.contains("see that oauth_token_url in [mail] is right");
    assert!(code == 1 && is_told, "{said}");
    fixture.team.setup.configure(set("oauth_token_url", own)).unwrap();
    let plain = format!("smtp://tokens@localhost:{}", fixture.smtp.open_port());
    fixture.team.setup.configure(set("url", plain)).unwrap();
    let (_, refusal) = check_mail(&fixture.team, &[]).await;
    assert!(refusal.contains("would send the access token unencrypted"), "{refusal}");
    fixture.finish(&format!("{all}{said}{refusal}")).await;
}

/// Exchange Online, once it takes no passwords.
#[tokio::test]
async fn a_server_that_takes_no_passwords_says_what_it_takes() {
    let smtp = Smtp::start().await.unwrap();
    let team = Team::with("mail no passwords", Options::standard(), |config| {
        config.mail_url = smtp.url();
        config.mail_ca_file = Some(smtp.ca_file());
    })
    .await;
    let (code, said) = check_mail(&team, &[]).await;
    assert!(code == 0, "{said}");
    smtp.take_no_passwords().unwrap();
    let (code, said) = check_mail(&team, &[]).await;
    let told = "the server offers XOAUTH2, and we can log in with PLAIN or LOGIN";
    assert!(code == 1 && said.contains(told) && said.contains("oauth_token_url"), "{said}");
    team.finish().await;
}
