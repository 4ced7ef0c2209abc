//! `countersign check` calls the API before anyone relies on it.

use testkit::mock_upstream::{Answers, Call, Fault, KEY};

use super::Fixture;
use super::calls::configure_login;
use super::shapes::{answers, set};

/// The result of `check` for the issuer.
async fn say(fixture: &Fixture) -> String {
    let output = fixture.team.setup.bot.run(&["check"]).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.contains("issuer of registry"));
    let at = at.unwrap_or_else(|| panic!("nothing of the issuer: {text}"));
    assert!(!text.contains(KEY), "{text}");
    lines[at..(at + 2).min(lines.len())].join("\n")
}

#[tokio::test]
async fn check_asks_the_api_once_and_makes_nothing() {
    let fixture = Fixture::start("check").await;
    fixture.upstream.is_crowded(3);
    let said = say(&fixture).await;
    assert!(said.contains("ok") && said.contains("lists 3 tokens"), "{said}");
    let answers = [
        (Answers::Status(401), "renew the credential"),
        (Answers::Page(404), "404, with no words where error points"),
        (Answers::OtherShape, "leaves find in doubt: the answer holds no list"),
        (Answers::Silence, "no answer came in time"),
    ];
    for (answers, expected) in answers {
        fixture.upstream.fail(Call::Find, [Fault { does: false, answers }]);
        let said = say(&fixture).await;
        assert!(said.contains("FAILED") && said.contains(expected), "{answers:?}: {said}");
    }
    assert_eq!(
        (fixture.upstream.count(Call::Create), fixture.upstream.count(Call::Revoke)),
        (0, 0)
    );
    fixture.team.finish().await;
}

/// What is wrong with the login is not put right in another call.
#[tokio::test]
async fn check_names_the_login_where_that_is_wrong() {
    let fixture = Fixture::with("check login", configure_login).await;
    fixture.upstream.change_manner(|manner| manner.wants_login = true);
    let page = (Answers::Page(200), "can't be used", "correct login in the configuration");
    let no = (Answers::Status(403), "its login is refused", "correct login in the configuration");
    for (answers, expected, cure) in [page, no] {
        fixture.upstream.fail(Call::Login, [Fault { does: false, answers }]);
        let said = say(&fixture).await;
        assert!(said.contains(expected) && said.contains(cure), "{answers:?}: {said}");
    }
    assert!(say(&fixture).await.contains("lists 0 tokens"));
    let away = |config: &mut toml::Table| {
        let provider = config["providers"].as_array_mut().unwrap().last_mut().unwrap();
        let login = provider["issuer"]["login"].as_table_mut().unwrap();
        login.insert("url".to_owned(), "http://127.0.0.1:1/login".into());
    };
    fixture.team.setup.configure(away).unwrap();
    let said = say(&fixture).await;
    assert!(said.contains("can't be reached") && said.contains("login's url leads"), "{said}");
    assert_eq!(fixture.upstream.count(Call::Create), 0);
    fixture.team.finish().await;
}

/// What could be neither seen nor ended is said before there is any.
#[tokio::test]
async fn check_says_where_what_is_listed_has_no_id_or_no_name() {
    for (key, at, expected) in [
        ("id", "/number", "lists 3 tokens, and 3 have no id"),
        ("match", "/label", "lists 3 tokens, and none has a text where match points"),
    ] {
        let fixture = Fixture::with("check items", |issuer| match key {
            "id" => answers(issuer, "find", key, at),
            _ => set(issuer, "find", key, at),
        })
        .await;
        fixture.upstream.is_crowded(3);
        let said = say(&fixture).await;
        assert!(said.contains("warning") && said.contains(expected), "{said}");
        fixture.team.finish().await;
    }
}
