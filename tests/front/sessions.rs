//! What others do to the database's sessions: stored settings that outlast an intrusion, locks that are
//! kept, and commands that run at the same time.

use std::time::Duration;

use countersign::network::Network;
use countersign::store::{locks, pool};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::Team;
use super::owner_login::{Fixture, runs};
use super::token_life::{create_token, open_panel};

/// Settings that the role may store for itself, and would have in each later session.
const LEFT_BEHIND: &[&str] = &[
    "search_path = pg_temp",
    "quote_all_identifiers = on",
    "default_transaction_isolation = serializable",
    "default_transaction_read_only = on",
    "default_transaction_deferrable = on",
    "timezone = 'Pacific/Kiritimati'",
    "datestyle = 'German'",
    "intervalstyle = 'sql_standard'",
    "bytea_output = 'escape'",
    "extra_float_digits = -3",
    "standard_conforming_strings = off",
    "transform_null_equals = on",
    "array_nulls = off",
    "row_security = off",
    "exit_on_error = on",
    "synchronous_commit = off",
    "statement_timeout = '1ms'",
    "lock_timeout = '1ms'",
    "idle_in_transaction_session_timeout = '1ms'",
    "idle_session_timeout = '1ms'",
];

async fn as_admin(fixture: &Fixture, statements: &str) {
    let mut admin = PgConnection::connect(&fixture.database.admin_url).await.unwrap();
    let statements = statements.replace("{database}", &fixture.database.name);
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut admin).await.unwrap();
}

#[tokio::test]
async fn session_settings_of_a_role_have_no_effect() {
    let fixture = Fixture::start("left behind").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let role = "alter role countersign in database \"{database}\" set";
    let set: String = LEFT_BEHIND.iter().map(|setting| format!("{role} {setting};")).collect();
    // Servers from version 17 on have one more limit.
    let newer = format!(
        "do $$ begin if current_setting('server_version_num')::int >= 170000 then
             {role} transaction_timeout = '300ms';
         end if; end $$"
    );
    as_admin(&fixture, &format!("{set}{newer}")).await;
    let (code, said) = runs(&bot, &["check"]).await;
    assert!(said.contains("rules: functions, triggers"), "{code}: {said}");
    for setting in LEFT_BEHIND {
        let name = setting.split(' ').next().unwrap();
        let named = format!("told to begin each session with {name} = ");
        assert!(said.to_lowercase().contains(&named), "{name}: {said}");
    }
    assert!(said.contains("RESET"), "{said}");
    bot.serve().await.unwrap();
    // Longer than any of these limits, and than the pause between two polls of the queue.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(bot.stop().await.unwrap().success(), "{}", bot.log());
    assert!(!bot.log().contains("ERROR"), "{}", bot.log());
    assert!(bot.log().contains("each session with exit_on_error"), "{}", bot.log());
    let (code, said) = runs(&bot, &["audit", "export"]).await;
    assert_eq!(code, 0, "{said}");
}

#[tokio::test]
async fn serve_refuses_a_database_whose_triggers_do_not_fire() {
    let fixture = Fixture::start("replica").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    for of in ["role countersign in database \"{database}\"", "database \"{database}\""] {
        as_admin(&fixture, &format!("alter {of} set session_replication_role = replica")).await;
        let refused = bot.serve().await.unwrap_err().to_string();
        assert!(refused.contains("no trigger fires"), "{refused}");
        let (code, said) = runs(&bot, &["check"]).await;
        assert!(code == 1 && said.contains("session_replication_role = replica of"), "{said}");
        let (code, said) = runs(&bot, &["migrate"]).await;
        assert!(code == 1 && said.contains("session_replication_role = replica of"), "{said}");
        as_admin(&fixture, &format!("alter {of} reset session_replication_role")).await;
    }
}

#[tokio::test]
async fn a_role_that_owns_nothing_must_have_exactly_its_grants() {
    let fixture = Fixture::start("not single").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    // This needs `single_role = true`.
    let bot = fixture.bot(|config| config.owner_url = None).await;
    bot.serve().await.unwrap();
    assert!(bot.log().contains("owns nothing"), "{}", bot.log());
    bot.stop().await.unwrap();
    as_admin(&fixture, "grant delete on countersign.events to countersign").await;
    let refused = bot.serve().await.unwrap_err().to_string();
    assert!(refused.contains("grant on table events: the role may DELETE"), "{refused}");
}

/// A session that keeps a lock, with this login. Returns its process.
async fn keep_session(url: &str, statement: &'static str) -> (PgConnection, i32) {
    let mut session = PgConnection::connect(url).await.unwrap();
    let process =
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut session).await.unwrap();
    sqlx::raw_sql("begin").execute(&mut session).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut session).await.unwrap();
    (session, process)
}

fn names(said: &str, process: i32, role: &str) {
    let end = format!("select pg_terminate_backend({process})");
    assert!(said.contains("keeps a lock") && said.contains(&end) && said.contains(role), "{said}");
}

#[tokio::test]
async fn migrate_names_the_blocking_session_and_releases_its_locks() {
    let fixture = Fixture::start("locked").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    as_admin(&fixture, "alter table countersign.approvals disable trigger guard").await;
    let (session, process) =
        keep_session(&fixture.database.url, "select from countersign.tokens limit 1").await;
    let (code, said) = runs(&bot, &["migrate"]).await;
    assert_eq!(code, 1, "{said}");
    names(&said, process, "countersign");
    session.close().await.unwrap();
    let (code, said) = runs(&bot, &["migrate"]).await;
    assert!(code == 0 && said.contains("Put right"), "{said}");
}

#[tokio::test]
async fn token_disable_names_the_blocking_session() {
    let team = Team::start("locked rows").await;
    let [sid, secret] = create_token(&team, "Reports").await;
    let bot = &team.setup.bot;
    let (session, process) =
        keep_session(&team.setup.database.url, "select from countersign.tokens for update").await;
    let (code, said) = runs(bot, &["token", "disable", &sid, "--yes"]).await;
    assert_eq!(code, 1, "{said}");
    names(&said, process, "countersign");
    session.close().await.unwrap();

    team.setup.settle().await.unwrap();
    bot.stop().await.unwrap();
    let (session, process) =
        keep_session(&team.setup.database.admin_url, "select from countersign.tokens for update")
            .await;
    let (code, said) = runs(bot, &["recover", "--yes", "--above", "1"]).await;
    assert_eq!(code, 1, "{said}");
    names(&said, process, "keeps a lock");
    session.close().await.unwrap();
    assert!(open_panel(&team, &secret).await);
    // It continues where it stopped, and nothing serves before.
    let refused = bot.serve().await.unwrap_err().to_string();
    assert!(refused.contains("has not ended"), "{refused}");
    let (code, said) = runs(bot, &["recover", "--yes", "--above", "1"]).await;
    assert_eq!(code, 0, "{said}");
    assert!(!open_panel(&team, &secret).await);
}

#[tokio::test]
async fn three_migrations_at_once_wait_for_each_other() {
    for round in 0..3 {
        let fixture = Fixture::start(&format!("three {round}")).await;
        let bot = fixture.bot(|_| {}).await;
        let (one, two, three) = tokio::join!(
            runs(&bot, &["migrate"]),
            runs(&bot, &["migrate"]),
            runs(&bot, &["migrate"])
        );
        for (code, said) in [one, two, three] {
            assert_eq!(code, 0, "{said}");
        }
    }
}

/// Functions come and go while it runs, and a check would find half of them.
#[tokio::test]
async fn check_does_not_compare_rules_during_a_migration() {
    let fixture = Fixture::start("changing").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    locks::take_schema(&mut owner).await.unwrap();
    sqlx::raw_sql("begin; drop function countersign.is_narrower")
        .execute(&mut owner)
        .await
        .unwrap();
    let (code, said) = runs(&bot, &["check"]).await;
    assert!(code == 1 && said.contains("a `countersign migrate` changes them"), "{said}");
    assert!(said.contains("again when it has ended"), "{said}");
    let refused = bot.serve().await.unwrap_err().to_string();
    assert!(refused.contains("a `countersign migrate` changes them"), "{refused}");
    owner.close().await.unwrap();
    bot.serve().await.unwrap();
    bot.stop().await.unwrap();
}

#[tokio::test]
async fn neither_recover_nor_serve_starts_beside_the_other() {
    let fixture = Fixture::start("beside").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let recover = ["recover", "--above", "1"];
    let beside = bot.replica("2");
    let (output, refused) = bot
        .run_beside(&recover, "Type yes", "yes\n", async {
            let serve = beside.serve().await.map_err(|error| error.to_string());
            let (code, said) = runs(&beside, &["token", "disable", "#1", "--yes"]).await;
            assert!(code == 1 && said.contains("`countersign recover` runs"), "{said}");
            serve
        })
        .await
        .unwrap();
    let refused = refused.expect_err("it served beside it");
    assert!(refused.contains("`countersign recover` runs"), "{refused}");
    assert!(output.status.success(), "{output:?}");
    // Once it has ended, nothing blocks.
    bot.serve().await.unwrap();
    let (code, said) = runs(&bot, &["recover", "--yes", "--above", "1"]).await;
    assert!(code == 1 && said.contains("stop every `countersign serve` first"), "{said}");
    // The role may only look.
    let (_, said) = runs(&bot, &["check"]).await;
    assert!(said.contains("rules: functions, triggers"), "{said}");
    bot.stop().await.unwrap();
}

/// Every role may take our locks; a session that does so for no reason is named.
#[tokio::test]
async fn the_session_that_keeps_the_work_lock_is_named() {
    let fixture = Fixture::start("the work").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let admin = SecretString::from(fixture.database.admin_url.as_str());
    for (shared, arguments) in [
        (false, ["token", "disable", "#1", "--yes"].as_slice()),
        (true, ["recover", "--yes", "--above", "1"].as_slice()),
    ] {
        let mut session = pool::connect(&admin, &Network::default()).await.unwrap();
        let got = match shared {
            true => locks::join_work(&mut session).await.unwrap(),
            false => locks::stop_work(&mut session).await.unwrap(),
        };
        assert!(got, "somebody has it");
        let process: i32 =
            sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut session).await.unwrap();
        let (code, said) = runs(&bot, arguments).await;
        assert_eq!(code, 1, "{said}");
        names(&said, process, "keeps a lock on the work");
        session.close().await.unwrap();
    }
}

/// The library would log a parameter that it doesn't know, with its value.
#[tokio::test]
async fn a_parameter_that_is_unknown_is_refused_without_its_value() {
    let fixture = Fixture::start("parameter").await;
    let with = |url: &str| format!("{url}?passwort=TOPSECRET");
    let url = with(&fixture.database.url);
    let bot = fixture.bot(|config| config.database_url = url).await;
    for arguments in [["serve"], ["check"], ["migrate"]] {
        let (code, said) = runs(&bot, &arguments).await;
        assert!(code == 1 && said.contains("passwort") && !said.contains("TOPSECRET"), "{said}");
    }
    let bot = fixture.bot_with(&with(&fixture.database.owner_url)).await;
    let (code, said) = runs(&bot, &["migrate"]).await;
    assert!(code == 1 && said.contains("passwort") && !said.contains("TOPSECRET"), "{said}");
}
