//! All steps of a token through Discord, at a real service that supports all of them: Synapse, where an
//! account is a token.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::team::{delete_token, press_button, show_token};
use testkit::upstreams::{Upstream, synapse};

use crate::through_discord::Fixture;

/// How the call begins that makes an account.
const MAKES: &str = "PUT /";

/// An access token that this password gives; none where it is refused.
async fn configure_login(upstream: &Upstream, account: &str, password: &str) -> Option<String> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let login = json!({
        "type": "m.login.password",
        "identifier": { "type": "m.id.user", "user": account },
        "password": password,
    });
    let request = client.post(format!("{}/_matrix/client/v3/login", upstream.url()));
    let answer = request.json(&login).send().await.unwrap();
    if answer.status() == StatusCode::FORBIDDEN {
        return None;
    }
    let answer: Value = answer.error_for_status().unwrap().json().await.unwrap();
    answer["access_token"].as_str().map(str::to_owned)
}

/// Whether it takes an access token.
async fn takes(upstream: &Upstream, access: &str) -> bool {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/_matrix/client/v3/account/whoami", upstream.url());
    let status = client.get(url).bearer_auth(access).send().await.unwrap().status();
    assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&status), "{status}");
    status == StatusCode::OK
}

/// Rin reveals a secret; the service accepts it, and no earlier one.
async fn is_the_only_one(
    fixture: &Fixture,
    account: &str,
    (old, new): (&[(String, String)], &str),
) -> (String, String) {
    let access = configure_login(&fixture.upstream, account, new).await.unwrap();
    for (password, access) in old {
        assert!(!takes(&fixture.upstream, access).await);
        assert_eq!(configure_login(&fixture.upstream, account, password).await, None);
    }
    (new.to_owned(), access)
}

#[tokio::test]
async fn an_account_is_created_used_and_ended_at_its_homeserver() -> anyhow::Result<()> {
    let fixture = Fixture::made_by(MAKES, "synapse", synapse::start().await?).await?;
    let team = &fixture.team;
    let ready = team.issue_token_at(&fixture.provider, "Reports").await;
    let [account, secret] = team.collect_secret(&team.rin, &ready).await;
    assert!(account.starts_with("@countersign-1-") && account.ends_with(":example.com"));
    assert_eq!(
        show_token(&team.rin, "Reports").await.buttons(),
        ["Edit", "Reset", "Duplicate", "Disable", "Delete"]
    );
    let mut known = vec![is_the_only_one(&fixture, &account, (&[], &secret)).await];

    let reset = press_button(&team.rin, "Reports", "Reset").await;
    let secret = fixture.is_renewed(&reset).await?;
    let now = is_the_only_one(&fixture, &account, (&known, &secret)).await;
    known.push(now);

    press_button(&team.rin, "Reports", "Disable").await;
    team.rin.wait_for_dm("was disabled").await?;
    team.last_card("It is disabled").await;
    for (password, access) in &known {
        assert!(!takes(&fixture.upstream, access).await);
        assert_eq!(configure_login(&fixture.upstream, &account, password).await, None);
    }
    let enable = press_button(&team.rin, "Reports", "Enable").await;
    let secret = fixture.is_renewed(&enable).await?;
    let now = is_the_only_one(&fixture, &account, (&known, &secret)).await;
    known.push(now);

    delete_token(&team.rin, "Reports").await;
    team.rin.wait_for_dm("was deleted").await?;
    team.last_card("It is deleted").await;
    for (password, access) in &known {
        assert!(!takes(&fixture.upstream, access).await);
        assert_eq!(configure_login(&fixture.upstream, &account, password).await, None);
    }
    let secrets: Vec<&str> = known.iter().map(|(password, _)| password.as_str()).collect();
    fixture.finish(&secrets).await
}

#[tokio::test]
async fn a_homeserver_whose_answer_is_lost_has_one_account() -> anyhow::Result<()> {
    let fixture = Fixture::made_by(MAKES, "synapse doubt", synapse::start().await?).await?;
    let ready = fixture.is_ready_in_spite_of_a_lost_answer("Reports").await?;
    let [account, secret] = fixture.team.collect_secret(&fixture.team.rin, &ready).await;
    let admin = configure_login(
        &fixture.upstream,
        "countersign",
        fixture.upstream.secrets().next().unwrap(),
    );
    let url = format!("{}/_synapse/admin/v2/users?deactivated=true", fixture.upstream.url());
    let client = reqwest::Client::builder().no_proxy().build()?;
    let list = client.get(url).bearer_auth(admin.await.unwrap()).send().await?;
    let list: Value = list.error_for_status()?.json().await?;
    let users = list["users"].as_array().unwrap().iter();
    let made: Vec<&Value> = users.filter(|user| user["user_type"] == "bot").collect();
    let alive = |user: &&&Value| user["deactivated"] == false;
    assert_eq!((made.len(), made.iter().filter(alive).count()), (2, 1), "{list}");
    assert!(configure_login(&fixture.upstream, &account, &secret).await.is_some());
    fixture.finish(&[&secret]).await
}
