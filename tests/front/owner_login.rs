//! The login of the database's owner: only `migrate` takes it, and long-running commands refuse it.

use std::path::PathBuf;
use std::time::Duration;

use discord_sim::{Discord, Options};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use testkit::bot::{Bot, BotConfig};
use testkit::mailbox::Mailbox;
use testkit::postgres::{Database, OWNER, Postgres};

const VARIABLE: &str = "COUNTERSIGN_OWNER_URL";

/// The terminal's question.
const QUESTION: &str = "The owner's login";

pub(super) struct Fixture {
    pub(super) discord: Discord,
    pub(super) database: Database,
    pub(super) mails: TempDir,
}

impl Fixture {
    pub(super) async fn start(label: &str) -> Self {
        Self::with(label, Options::standard()).await
    }

    pub(super) async fn with(label: &str, options: Options) -> Self {
        Self {
            discord: Discord::start(options).await.unwrap(),
            database: Postgres::shared().await.unwrap().database(label).await.unwrap(),
            mails: TempDir::new().unwrap(),
        }
    }

    pub(super) fn config(&self) -> BotConfig {
        BotConfig::standard(&self.discord, &self.database, &Mailbox::new(self.mails.path()))
    }

    pub(super) async fn bot(&self, change: impl FnOnce(&mut BotConfig)) -> Bot {
        let mut config = self.config();
        change(&mut config);
        Bot::prepare(&config).await.unwrap()
    }

    /// The process whose environment holds the owner's login.
    pub(super) async fn bot_with(&self, login: &str) -> Bot {
        self.bot_without_the_login().await.with_variable(VARIABLE, login)
    }

    /// A login that `migrate` does not get.
    async fn bot_without_the_login(&self) -> Bot {
        self.bot(|config| {
            // An empty variable is none.
            config.environment.push((VARIABLE.to_owned(), String::new()));
        })
        .await
    }

    pub(super) fn password(&self) -> String {
        let url: url::Url = self.database.owner_url.parse().unwrap();
        url.password().unwrap().to_owned()
    }

    pub(super) async fn is_migrated(&self) -> bool {
        let mut admin = PgConnection::connect(&self.database.admin_url).await.unwrap();
        let there = "select to_regclass('countersign.requests') is not null";
        sqlx::query_scalar(there).fetch_one(&mut admin).await.unwrap()
    }

    /// Another role of this cluster, created with these options, and the URL for its login.
    async fn role(&self, label: &str, by: &str) -> String {
        let name = format!("{label}_{}", &self.database.name);
        let mut admin = PgConnection::connect(&self.database.admin_url).await.unwrap();
        let create = format!("create role {name} login password 'word' {by}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
        let mut url: url::Url = self.database.url.parse().unwrap();
        url.set_username(&name).unwrap();
        url.set_password(Some("word")).unwrap();
        url.into()
    }

    async fn drop_all(&self, label: &str) {
        let name = format!("{label}_{}", &self.database.name);
        let mut admin = PgConnection::connect(&self.database.admin_url).await.unwrap();
        let drop = format!("drop owned by {name}; drop role {name}");
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
    }
}

/// The exit code, and all output.
pub(super) async fn runs(bot: &Bot, arguments: &[&str]) -> (i32, String) {
    // `serve` would run for ever if nothing refused.
    let output = tokio::time::timeout(Duration::from_secs(30), bot.run(arguments)).await;
    let output = output.unwrap_or_else(|_| panic!("{arguments:?} did not end")).unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn file_with(bot: &Bot, text: &str) -> PathBuf {
    let file = bot.folder().join("owner-url");
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test]
async fn only_migrate_and_recover_accept_the_owners_login() {
    let fixture = Fixture::start("owner refused").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let bot = bot.with_variable(VARIABLE, &fixture.database.owner_url);
    for arguments in [
        &["serve"][..],
        &["register"],
        &["register", "--dry-run", "--json"],
        &["token", "check"],
        &["token", "disable", "#1", "--yes"],
        &["audit", "export"],
        &["keys", "generate"],
    ] {
        let (code, said) = runs(&bot, arguments).await;
        assert!(code == 1 && said.contains("COUNTERSIGN_OWNER_URL holds the login"), "{said}");
        assert!(said.contains("unset it here"), "{said}");
    }
    assert!(fixture.discord.commands().is_empty(), "nothing was registered");
    let (code, said) = runs(&bot, &["check"]).await;
    assert!(code == 1 && said.contains("FAILED   database: COUNTERSIGN_OWNER_URL holds"), "{said}");
    // All other checks are done too.
    assert!(said.contains("owns nothing and can't switch off the rules"), "{said}");
    assert!(!bot.everything_written().unwrap().contains(&fixture.password()));
}

#[tokio::test]
async fn a_configuration_with_it_is_refused() {
    let fixture = Fixture::start("owner in file").await;
    let bot = fixture
        .bot(|config| {
            let url = format!("[database]\nowner_url = \"{}\"", fixture.database.owner_url);
            config.overrides = toml::from_str(&url).unwrap();
        })
        .await;
    for arguments in [["serve"], ["check"], ["migrate"]] {
        let (code, said) = runs(&bot, &arguments).await;
        assert!(code == 1 && said.contains("database.owner_url is not taken"), "{said}");
        assert!(said.contains("COUNTERSIGN_OWNER_URL") && said.contains("--owner-url-file"));
    }
    assert!(!fixture.is_migrated().await);
    assert!(!bot.everything_written().unwrap().contains(&fixture.password()));
}

#[tokio::test]
async fn migrate_takes_it_from_a_file_or_a_variable_and_not_from_both() {
    let fixture = Fixture::start("owner given").await;
    let bot = fixture.bot_without_the_login().await;
    let (code, said) = runs(&bot, &["migrate"]).await;
    assert!(code == 1 && said.contains("set COUNTERSIGN_OWNER_URL for this command"), "{said}");

    let file = file_with(&bot, "");
    let name = file.to_str().unwrap().to_owned();
    let with_file = ["migrate", "--owner-url-file", &name];
    for (wrong, refusal) in [
        ("", "is empty"),
        ("a\nb", "on a single line"),
        ("mysql://owner:s3cret@localhost/a", "takes a URL such as"),
        ("s3cret", "takes a URL such as"),
    ] {
        file_with(&bot, wrong);
        let (code, said) = runs(&bot, &with_file).await;
        assert!(code == 1 && said.contains(refusal) && !said.contains("s3cret"), "{said}");
    }
    file_with(&bot, &fixture.database.url);
    let (code, said) = runs(&bot, &with_file).await;
    assert!(code == 1 && said.contains("the bot's role as well"), "{said}");
    assert!(said.contains("single_role = true"), "{said}");
    assert!(!fixture.is_migrated().await);

    file_with(&bot, &format!("{}\n", fixture.database.owner_url));
    let (code, said) = runs(&bot, &with_file).await;
    assert!(code == 0 && said.contains("can be read by others"), "{said}");
    assert!(fixture.is_migrated().await);
    let both = bot.with_variable(VARIABLE, &fixture.database.owner_url);
    let (code, said) = runs(&both, &with_file).await;
    assert!(code == 1 && said.contains("keep one of them"), "{said}");
    let (code, said) = runs(&both, &["migrate", "--owner-url-file", "/nowhere"]).await;
    assert!(code == 1 && said.contains("keep one of them"), "{said}");
    assert_eq!(runs(&both, &["migrate"]).await.0, 0);
    assert!(!both.everything_written().unwrap().contains(&fixture.password()));
}

/// What `migrate` creates belongs to the role of the login, so that must be the owner, in the bot's
/// database.
#[tokio::test]
async fn migrate_takes_the_owners_login_and_no_other() {
    let fixture = Fixture::start("owner wrong").await;
    let as_superuser = fixture.bot_with(&fixture.database.admin_url).await;
    let (code, said) = runs(&as_superuser, &["migrate"]).await;
    assert!(code == 1 && said.contains("is a superuser"), "{said}");
    let elsewhere = fixture.database.owner_url.replace(&fixture.database.name, "postgres");
    let (code, said) = runs(&fixture.bot_with(&elsewhere).await, &["migrate"]).await;
    assert!(code == 1 && said.contains("name the same one"), "{said}");
    assert!(!fixture.is_migrated().await);

    // Restored as another role, which `pg_restore --no-owner` does silently.
    let mut admin = PgConnection::connect(&fixture.database.admin_url).await.unwrap();
    sqlx::raw_sql("create schema countersign").execute(&mut admin).await.unwrap();
    let as_owner = fixture.bot_with(&fixture.database.owner_url).await;
    let (code, said) = runs(&as_owner, &["migrate"]).await;
    assert!(code == 1 && said.contains("the tables belong to"), "{said}");
    sqlx::raw_sql("drop schema countersign").execute(&mut admin).await.unwrap();
    let (code, said) = runs(&as_owner, &["migrate"]).await;
    assert!(code == 0 && said.contains("in the database"), "{said}");

    // A newer version's tables are no reason to migrate.
    sqlx::raw_sql(
        "insert into countersign._sqlx_migrations
             select 9999, 'newer', now(), true, checksum, 1 from countersign._sqlx_migrations limit 1",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    let bot = fixture.bot_without_the_login().await;
    for command in ["serve", "check"] {
        let (code, said) = runs(&bot, &[command]).await;
        assert!(code == 1 && said.contains("a newer version of Countersign"), "{said}");
    }
}

#[tokio::test]
async fn a_terminal_is_asked_and_shows_nothing_of_it() {
    let fixture = Fixture::start("owner typed").await;
    let bot = fixture.bot_without_the_login().await;
    let seen = bot.run_at_terminal(&["migrate"], QUESTION, "postgres//wrong").await.unwrap();
    assert!(!seen.succeeded && seen.appeared.contains("what was typed takes a URL"), "{seen:?}");
    let url = &fixture.database.owner_url;
    let seen = bot.run_at_terminal(&["migrate"], QUESTION, url).await.unwrap();
    assert!(seen.succeeded && seen.appeared.contains("Granted"), "{seen:?}");
    assert!(!seen.appeared.contains(&fixture.password()), "{seen:?}");
    assert!(fixture.is_migrated().await);
}

#[tokio::test]
async fn a_role_that_no_rule_holds_may_not_serve() {
    let fixture = Fixture::start("owner serves").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let member = format!("noinherit in role {OWNER}");
    // Its own rights don't show this: SET ROLE leads there.
    let helper = format!("helper_{}", fixture.database.name);
    let mut admin = PgConnection::connect(&fixture.database.admin_url).await.unwrap();
    let helps = format!("create role {helper}; grant update on countersign.tokens to {helper}");
    sqlx::raw_sql(AssertSqlSafe(helps)).execute(&mut admin).await.unwrap();
    let helped = format!("noinherit in role {helper}");
    let roles = [
        ("superuser", "superuser", "is a superuser"),
        ("bypasses", "bypassrls", "bypasses row level security"),
        ("member", member.as_str(), "is a member of"),
        ("helped", helped.as_str(), "is a member of helper_"),
        ("monitor", "in role pg_monitor", "is a member of pg_monitor"),
        ("writer", "in role pg_write_all_data", "is a member of pg_write_all_data"),
    ];
    for (label, by, reason) in roles {
        let url = fixture.role(label, by).await;
        let bot = fixture.bot(|config| config.database_url = url).await;
        let refused = bot.serve().await.unwrap_err().to_string();
        assert!(refused.contains(reason) && refused.contains("single_role = true"), "{refused}");
        for arguments in [&["audit", "export"][..], &["token", "disable", "#1", "--yes"]] {
            let (code, said) = runs(&bot, arguments).await;
            assert!(code == 1 && said.contains(reason), "{said}");
        }
        let (code, said) = runs(&bot, &["check"]).await;
        assert!(code == 1 && said.contains("FAILED   database: "), "{said}");
        assert!(said.contains(reason) && said.contains("rewrite the audit log"), "{said}");
        fixture.drop_all(label).await;
    }
    let ends = format!("drop owned by {helper}; drop role {helper}");
    sqlx::raw_sql(AssertSqlSafe(ends)).execute(&mut admin).await.unwrap();
    let owner =
        fixture.bot(|config| config.database_url = fixture.database.owner_url.clone()).await;
    let refused = owner.serve().await.unwrap_err().to_string();
    assert!(refused.contains("owns the database or its tables"), "{refused}");
}

/// The owner of a domain can drop its constraint, and the owner of an operator can make it answer anything.
#[tokio::test]
async fn a_role_that_owns_a_type_or_an_operator_of_ours_may_not_serve() {
    let fixture = Fixture::start("owns a type").await;
    let bot = fixture.bot(|_| {}).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    let mut admin = PgConnection::connect(&fixture.database.admin_url).await.unwrap();
    for (label, given) in [
        ("typed", "alter domain countersign.moment owner to "),
        (
            "operates",
            "create operator countersign.=== (function = texteq, leftarg = text, rightarg = text);
             alter operator countersign.=== (text, text) owner to ",
        ),
    ] {
        let url = fixture.role(label, "").await;
        let given = format!("{given}{label}_{}", fixture.database.name);
        sqlx::raw_sql(AssertSqlSafe(given)).execute(&mut admin).await.unwrap();
        let bot = fixture.bot(|config| config.database_url = url).await;
        let refused = bot.serve().await.unwrap_err().to_string();
        assert!(refused.contains("owns the database or its tables"), "{refused}");
        let back = format!("reassign owned by {label}_{} to {OWNER}", fixture.database.name);
        sqlx::raw_sql(AssertSqlSafe(back)).execute(&mut admin).await.unwrap();
        fixture.drop_all(label).await;
    }
}

#[tokio::test]
async fn one_role_for_both_works_where_it_is_asked_for() {
    let fixture = Fixture::start("single role").await;
    let bot = fixture
        .bot(|config| {
            config.database_url = fixture.database.owner_url.clone();
            config.owner_url = None;
        })
        .await;
    let (code, said) = runs(&bot, &["migrate"]).await;
    assert!(code == 0 && said.contains("owns the tables and runs the bot"), "{said}");
    let (code, said) = runs(&bot, &["register"]).await;
    assert_eq!(code, 0, "{said}");
    bot.serve().await.unwrap();
    assert!(bot.log().contains("one role owns the database and runs the bot"), "{}", bot.log());
    let (_, said) = runs(&bot, &["check"]).await;
    assert!(said.contains("warning  database: "), "{said}");
    assert!(said.contains("could switch off the rules"), "{said}");
    bot.stop().await.unwrap();
    let (code, said) = runs(&bot, &["recover", "--yes", "--above", "1"]).await;
    assert_eq!(code, 0, "{said}");
    let both = bot.with_variable(VARIABLE, &fixture.database.owner_url);
    let (code, said) = runs(&both, &["migrate"]).await;
    assert!(code == 1 && said.contains("take one of them away"), "{said}");

    // The login is requested and not there: nothing happens, and `migrate` can't work like that.
    let plain = fixture.bot(|config| config.owner_url = None).await;
    let (_, said) = runs(&plain, &["check"]).await;
    assert!(said.contains("owns nothing, so that `migrate` can't work as it"), "{said}");
}
