//! The database is restored from an older dump. `recover` stops what would work again, and no number or id
//! is given out a second time.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Instant;

use sqlx::{Connection as _, PgConnection};
use testkit::postgres::Postgres;
use tokio::process::Command;

use super::Team;
use super::token_life::{create_token, open_panel};

/// A program of Postgres, which Debian installs beside the server's.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}

/// As the owner, as in docs/operating.md.
async fn runs(team: &Team, name: &str, arguments: &[&str]) {
    runs_at(&team.setup.database.owner_url, name, arguments).await;
}

async fn runs_at(owner_url: &str, name: &str, arguments: &[&str]) {
    let mut command = Command::new(program(name));
    command.args(arguments).arg(format!("--dbname={owner_url}"));
    let output = command.output().await.unwrap_or_else(|error| {
        panic!("{name} is missing ({error}): apt-get install postgresql-client")
    });
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

async fn dump(team: &Team, file: &Path) {
    let file = file.display().to_string();
    runs(team, "pg_dump", &["--format=custom", "--file", &file]).await;
}

async fn restore(team: &Team, file: &Path) {
    let schemas = "drop schema countersign cascade";
    runs(team, "psql", &["--quiet", "--command", schemas]).await;
    runs(team, "pg_restore", &["--exit-on-error", "--no-owner", &file.display().to_string()]).await;
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

#[tokio::test]
async fn recover_stops_what_a_restored_database_would_accept() {
    let team = Team::start("restored").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump");
    let bot = &team.setup.bot;
    let [sid, secret] = create_token(&team, "Reports").await;
    let ready = team.issue_token("Uncollected").await;
    team.ask(&team.rin, "Waits").await;
    team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();
    bot.stop().await.unwrap();
    dump(&team, &file).await;

    // What happens after the dump: a token is disabled, and a request is made that the dump doesn't have.
    bot.serve().await.unwrap();
    assert!(bot.run(&["token", "disable", &sid, "--yes"]).await.unwrap().status.success());
    assert!(!open_panel(&team, &secret).await);
    team.ask(&team.rin, "Later").await;
    let later = team.card("#4").await;
    let running = said(&bot.run(&["recover", "--yes"]).await.unwrap());
    assert!(running.contains("stop every `countersign serve` first"), "{running}");
    team.setup.settle().await.unwrap();
    bot.stop().await.unwrap();
    restore(&team, &file).await;
    assert!(open_panel(&team, &secret).await, "this is what a dump brings back");

    let declined = bot.run_with(&["recover"], "no\n").await.unwrap();
    assert!(!declined.status.success() && open_panel(&team, &secret).await, "{}", said(&declined));
    // A recovery that ends halfway, because another session locks a request's row; the next one reports what the
    // first one stopped.
    let mut keeper = PgConnection::connect(&team.setup.database.owner_url).await.unwrap();
    let keep = "begin; select from countersign.requests where state = 'pending' for update";
    sqlx::raw_sql(keep).execute(&mut keeper).await.unwrap();
    let halfway = bot.run(&["recover", "--yes"]).await.unwrap();
    assert!(!halfway.status.success() && !open_panel(&team, &secret).await, "{}", said(&halfway));
    keeper.close().await.unwrap();
    let recovered = bot.run(&["recover", "--yes"]).await.unwrap();
    let told = said(&recovered);
    assert!(recovered.status.success(), "{told}");
    // The database has three requests, and a card in Discord has the number of the fourth.
    assert!(told.contains("ends with #3") && told.contains("elsewhere is #4"), "{told}");
    assert!(told.contains("the next request is #1005"), "{told}");
    assert!(told.contains("orchard: tokens disabled: 2; requests withdrawn: 1"), "{told}");
    assert!(told.contains("compare the tokens there"), "{told}");
    assert!(!open_panel(&team, &secret).await);
    let sealed = "select count(*) from countersign.deliveries where sealed_secret is not null";
    assert_eq!(team.count(sealed).await, 0);

    // Again: it stops nothing and reports nothing false.
    let again = bot.run(&["recover", "--yes"]).await.unwrap();
    assert!(
        again.status.success() && said(&again).contains("Nothing was left to stop"),
        "{again:?}"
    );

    bot.serve().await.unwrap();
    team.card("was restored from a backup").await;
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    let refused = team.rin.click_outdated(&ready, "Reveal").await.unwrap().message().unwrap();
    assert!(!refused.json().to_string().contains("cst_"), "{refused}");
    // A request gets a new number, and the buttons of the old card don't act on the new request.
    team.ask(&team.rin, "New").await;
    let new = team.card("#1005").await;
    assert_ne!(new.custom_id("Deny").unwrap(), later.custom_id("Deny").unwrap());
    let form = team.aki.click(&later, "Deny").await.unwrap();
    assert!(form.modal().is_err(), "it denies nothing that is there now");
    let pending = "select count(*) from countersign.requests where state = 'pending'";
    assert_eq!(team.count(pending).await, 1);
    // Everything is in the audit log, with the operator.
    let events = "select count(*) from countersign.events
        where kind = 'database_restored' and detail ->> 'tokens' = '2' and detail ? 'operator'";
    assert_eq!(team.count(events).await, 1);
    for person in [&team.rin, &team.aki, &team.ben, &team.chiyo] {
        person.dms();
        person.private_messages();
    }
    let mailbox = &team.setup.mailbox;
    mailbox.unread().unwrap().iter().for_each(|mail| mailbox.mark_read(mail));
    team.finish().await;
}

/// A request of another version and a damaged token don't prevent the rest.
#[tokio::test]
async fn recover_stops_unreadable_rows() {
    let team = Team::start("unread").await;
    let bot = &team.setup.bot;
    let [_, secret] = create_token(&team, "Reports").await;
    let [_, spoilt] = create_token(&team, "Spoilt").await;
    team.setup.settle().await.unwrap();
    bot.stop().await.unwrap();
    let connect = |url: String| async move { PgConnection::connect(&url).await.unwrap() };
    let mut owner = connect(team.setup.database.owner_url.clone()).await;
    sqlx::raw_sql(
        "alter table countersign.tokens disable trigger user;
         update countersign.tokens set scopes = '[{\"id\": \"a:b\"}]' where name = 'Spoilt';
         alter table countersign.tokens enable trigger user",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    let mut application = connect(team.setup.database.url.clone()).await;
    sqlx::raw_sql(
        "insert into countersign.requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at)
         select 'orchard', 'create', 'pending', 1, 2, true, content,
             sha256(convert_to(content, 'UTF8')), 'other', now() + interval '1 hour'
         from (values ('{\"provider\":\"orchard\",\"kind\":\"create\",\"name\":\"other\",\"scopes\":[]}'))
             as wish (content)",
    )
    .execute(&mut application)
    .await
    .unwrap();
    // An unknown provider is refused before that.
    for (refused, code) in [
        (
            "update countersign.requests set provider = 'X Y' where name_key = 'other'",
            "42501",
        ),
        (
            "insert into countersign.drafts (provider, requester, kind, name, description, api_version,
                 contact, developer_emails, problems, scopes, lifetime_days, keeps_expiry, overlap_seconds,
                 expires_at)
             values ('X Y', 1, 'create', '', '', 1, 1, '', '[]', '{}', 1, false, 0, now())",
            "23514",
        ),
    ] {
        let error = sqlx::raw_sql(refused).execute(&mut application).await.unwrap_err();
        let found = error.as_database_error().and_then(|error| error.code()).unwrap();
        assert_eq!(found, code, "{refused}: {error}");
    }
    application.close().await.unwrap();
    // A recovery that was killed: nothing serves before it has ended.
    sqlx::raw_sql("insert into countersign.recoveries default values")
        .execute(&mut owner)
        .await
        .unwrap();
    let refused = bot.run(&["serve"]).await.unwrap();
    assert!(said(&refused).contains("has not ended: run `countersign recover`"), "{refused:?}");

    let recovered = bot.run(&["recover", "--yes", "--above", "9"]).await.unwrap();
    assert!(recovered.status.success(), "{}", said(&recovered));
    assert!(
        said(&recovered).contains("tokens disabled: 2; requests withdrawn: 1"),
        "{recovered:?}"
    );
    assert!(!open_panel(&team, &secret).await && !open_panel(&team, &spoilt).await);
    let unread = "select count(*) from countersign.events where detail ? 'unread'";
    assert_eq!(team.count(unread).await, 2);
}

/// The runbook "The database was restored", with a new database in the place of one that is lost.
#[tokio::test]
async fn a_dump_is_restored_into_a_new_database_in_which_the_bot_goes_on() {
    let team = Team::start("lost").await;
    let (bot, folder) = (&team.setup.bot, tempfile::tempdir().unwrap());
    let file = folder.path().join("dump");
    create_token(&team, "Reports").await;
    team.setup.settle().await.unwrap();
    bot.stop().await.unwrap();
    dump(&team, &file).await;

    let lost = Instant::now();
    let new = Postgres::shared().await.unwrap().database("in its place").await.unwrap();
    let restored = ["--exit-on-error", "--no-owner", &file.display().to_string()];
    runs_at(&new.owner_url, "pg_restore", &restored).await;
    let lead = |config: &mut toml::Table| config["database"]["url"] = new.url.clone().into();
    team.setup.configure(lead).unwrap();
    let owner = bot.replica("owner").with_variable("COUNTERSIGN_OWNER_URL", &new.owner_url);
    for arguments in [&["migrate"][..], &["recover", "--yes"]] {
        let done = owner.run(arguments).await.unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", said(&done));
    }
    let check = said(&bot.run(&["check"]).await.unwrap());
    assert!(check.contains(" 0 failed"), "{check}");
    bot.serve().await.unwrap();
    let list = team.rin.type_command("/token list").await.unwrap().private().unwrap();
    let took = lost.elapsed();
    assert!(list.contains("Reports"), "{list}");
    // Test runners hide the output of tests that pass.
    let told = format!("from the empty database to the first answer: {took:?}");
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("restore.txt"), told).unwrap();

    // What was there no longer works, and the whole way is there.
    let states = async || -> String {
        let states = "select string_agg(state, ' ' order by id) from countersign.tokens";
        let mut admin = PgConnection::connect(&new.admin_url).await.unwrap();
        sqlx::query_scalar(states).fetch_one(&mut admin).await.unwrap()
    };
    assert_eq!(states().await, "disabled");
    team.card("was restored from a backup").await;
    let ready = team.issue_token("New").await;
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(states().await, "disabled active");
    assert!(bot.stop().await.unwrap().success(), "{}", bot.log());
}
