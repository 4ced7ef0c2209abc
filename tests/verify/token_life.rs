//! A token's life, as seen by those who verify it.

use std::time::{Duration, Instant};

use discord_sim::Person;
use testkit::team::show_token;

use super::support::Fixture;

fn trees(sid: &str) -> String {
    format!("/Orchards/{sid}/Trees")
}

/// The secret of a token that waits to be collected, set in the database, so that the test knows it.
async fn refusals(fixture: &Fixture, sid: &str, secret: &str) {
    let path = trees(sid);
    for bot in fixture.replicas() {
        let status = async |method: &str, uri: &str| fixture.status(bot, secret, method, uri).await;
        assert_eq!(status("GET", &path).await, 200);
        assert_eq!(status("GET", &format!("{path}?page=2")).await, 200);
        assert_eq!(status("DELETE", &format!("{path}/7")).await, 200);
        for (method, uri, why) in [
            ("PATCH", path.clone(), "a method that the path has no scope for"),
            ("HEAD", path.clone(), "a method of its own"),
            ("get", path.clone(), "no method"),
            ("GET", format!("/Orchards/{sid}/Harvests"), "a scope that it does not hold"),
            ("GET", trees("CS000000000000000000000000"), "somebody else's account"),
            ("GET", trees(&sid.to_lowercase()), "nobody's account"),
            ("GET", format!("/Orchards/{sid}/Fields"), "nothing that the catalogue knows"),
            ("GET", format!("/v1{path}"), "another version"),
            ("GET", format!("{path}/../Harvests"), "dots"),
            ("GET", format!("{path}%2f7"), "an encoded slash"),
        ] {
            assert_eq!(status(method, &uri).await, 403, "{method} {uri}: {why}");
        }
        let basic = async |name: &str| {
            let question = fixture.ask(bot, "GET", &path).basic_auth(name, Some(secret));
            question.send().await.unwrap().status().as_u16()
        };
        assert_eq!(basic(sid).await, 200);
        assert_eq!(basic("CS000000000000000000000000").await, 401);
        assert_eq!(basic("").await, 401);
        let nothing = fixture.ask(bot, "GET", &path).send().await.unwrap();
        assert_eq!(nothing.status(), 401);
        let ways: Vec<_> = nothing.headers().get_all("www-authenticate").iter().collect();
        assert_eq!(ways.len(), 2, "{ways:?}");
    }
}

#[tokio::test]
async fn a_token_allows_its_scopes_until_it_is_disabled() {
    let fixture = Fixture::open("verify life", "forwarded").await;
    let team = &fixture.team;
    let ready = team.issue_token("Reports 🍏").await;
    // The secret was not revealed yet; only its hash is known.
    let waiting = "select count(*) from countersign.secrets where state = 'waiting'";
    assert_eq!(team.count(waiting).await, 1);
    let [sid, secret] = fixture.team.collect_secret(&fixture.team.rin, &ready).await;
    refusals(&fixture, &sid, &secret).await;

    let granted = fixture.answer(&team.setup.bot, &secret, "GET", &trees(&sid)).await;
    let header = |name: &str| granted.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-token-sid"), sid);
    assert_eq!(header("x-token-name"), "Reports%20%F0%9F%8D%8F");
    assert_eq!(header("x-token-version"), "2");
    assert_eq!(header("cache-control"), "no-store");

    // The second replica no longer receives changes, and does not know it yet.
    fixture.proxy.pause_listeners("countersign_tokens");
    let disabled = fixture.disable_token("Reports 🍏").await;
    fixture.is_in_force(disabled, &secret, &trees(&sid), 403).await;
    // It asks the database until it receives changes again.
    fixture.proxy.resume();
    fixture.receive(&fixture.second).await;
    assert_eq!(fixture.status(&fixture.second, &secret, "GET", &trees(&sid)).await, 403);
    fixture.close().await;
}

/// Presents the secret of a waiting delivery, which the test knows because it set it.
#[tokio::test]
async fn an_uncollected_token_does_not_work() {
    let fixture = Fixture::open("verify waiting", "forwarded").await;
    let ready = fixture.team.issue_token("Reports").await;
    let mut connection = fixture.team.setup.connect().await.unwrap();
    let minted = countersign::domain::secret::mint().unwrap();
    let known = secrecy::ExposeSecret::expose_secret(&minted).to_owned();
    let hash = hex::encode(countersign::domain::secret::sha256(&minted));
    let change = format!(
        "set search_path = countersign; alter table secrets disable trigger guard;
         update secrets set sha256 = '\\x{hash}'; alter table secrets enable trigger guard"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(change)).execute(&mut connection).await.unwrap();
    let sid: String = sqlx::query_scalar("select account_sid from countersign.tokens")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    for bot in fixture.replicas() {
        for _ in 0..3 {
            assert_eq!(fixture.status(bot, &known, "GET", &trees(&sid)).await, 401);
        }
    }
    fixture.team.collect_secret(&fixture.team.rin, &ready).await;
    let collected = Instant::now();
    fixture.is_in_force(collected, &known, &trees(&sid), 200).await;
    fixture.close().await;
}

#[tokio::test]
async fn after_a_reset_both_secrets_open_for_as_long_as_was_asked() {
    let fixture = Fixture::open("verify reset", "forwarded").await;
    let team = &fixture.team;
    let [sid, old] = fixture.create_token("Reports").await;
    let path = trees(&sid);
    let panel = show_token(&team.rin, "Reports").await;
    let panel = team.rin.click(&panel, "Reset").await.unwrap().message().unwrap();
    let overlap = ["The old secret works for one hour more"];
    let panel = team.rin.select(&panel, "Overlap", &overlap).await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests a new secret for this token").await;
    team.approve_twice(&card).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("New secret").await;
    for bot in fixture.replicas() {
        assert_eq!(fixture.status(bot, &old, "GET", &path).await, 200);
    }
    let [_, new] = fixture.team.collect_secret(&fixture.team.rin, &ready).await;
    let collected = Instant::now();
    fixture.is_in_force(collected, &new, &path, 200).await;
    for bot in fixture.replicas() {
        assert_eq!(fixture.status(bot, &old, "GET", &path).await, 200, "for an hour");
    }
    // The hour is over: there is no message of that, only the clock.
    let ends = "set search_path = countersign; alter table secrets disable trigger guard;
                update secrets set valid_until = clock_timestamp() + interval '2 seconds'
                where state = 'outgoing'; alter table secrets enable trigger guard";
    let mut connection = team.setup.connect().await.unwrap();
    let begun = Instant::now();
    sqlx::raw_sql(ends).execute(&mut connection).await.unwrap();
    let set = Instant::now();
    for bot in fixture.replicas() {
        while fixture.status(bot, &old, "GET", &path).await == 200 {
            assert!(set.elapsed() < Duration::from_secs(4), "it still opens");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(begun.elapsed() >= Duration::from_secs(2), "it ended {:?} later", begun.elapsed());
        assert_eq!(fixture.status(bot, &old, "GET", &path).await, 401);
        assert_eq!(fixture.status(bot, &new, "GET", &path).await, 200);
    }
    fixture.close().await;
}

/// Pastes a text into `/token leak` and presses *Disable*.
async fn report_and_disable(person: &Person, text: &str) {
    let mut form = person.type_command("/token leak").await.unwrap().modal().unwrap();
    form.fill("What you found", text).unwrap();
    let told = form.submit().await.unwrap().private().unwrap();
    person.click(&told, "Disable").await.unwrap().message().unwrap();
}

#[tokio::test]
async fn a_leaked_token_is_disabled_on_every_replica() {
    let fixture = Fixture::open("verify leak", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    for bot in fixture.replicas() {
        assert_eq!(fixture.status(bot, &secret, "GET", &trees(&sid)).await, 200);
    }
    report_and_disable(&fixture.team.ben, &secret).await;
    fixture.is_in_force(Instant::now(), &secret, &trees(&sid), 403).await;
    fixture.close().await;
}
