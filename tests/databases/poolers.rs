//! PgBouncer as Debian ships it, in each of its modes.

use discord_sim::Options;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use testkit::bot::Bot;
use testkit::pgbouncer::PgBouncer;
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::team::Team;

use super::{Place, expect, gateway, moved, runs};

/// What everyone reads of a pooler in transaction mode.
const SHARED: &str =
    "a pooler stands before Postgres and gives each transaction another connection";

/// A migrated database, its pooler, and a bot behind that.
async fn behind(label: &str, settings: &str) -> (Place, PgBouncer, Bot) {
    let place = Place::new(label).await;
    expect(0, runs(&place.bot().await, &["migrate"]).await);
    let pooler = PgBouncer::start(&place.database, settings).await.unwrap();
    let [url, owner_url] =
        [&place.database.url, &place.database.owner_url].map(|url| pooler.url(url).unwrap());
    let bot = place.bot_at(&url, &owner_url).await;
    (place, pooler, bot)
}

/// As it ships it refuses what it doesn't know in a session's first message; with that ignored, it loses it.
#[tokio::test]
async fn everything_works_by_sessions_of_a_pooler() {
    for settings in ["", "ignore_startup_parameters = extra_float_digits,options"] {
        let (_place, _pooler, bot) = behind("sessions", settings).await;
        expect(0, runs(&bot, &["migrate"]).await);
        let check = expect(0, runs(&bot, &["check"]).await);
        assert!(check.contains("connected as countersign to PostgreSQL"), "{check}");
        bot.serve().await.unwrap();
        assert!(bot.stop().await.unwrap().success(), "{}", bot.log());
        assert!(!bot.log().contains("ERROR"), "{}", bot.log());
        expect(0, runs(&bot, &["audit", "export"]).await);
    }
}

/// A role's stored settings have no effect behind a pooler either.
#[tokio::test]
async fn stored_settings_have_no_effect_behind_a_pooler() {
    let (place, _pooler, bot) = behind("stored behind", "").await;
    let role = "alter role countersign in database \"{database}\" set";
    place
        .as_admin(&format!(
            "{role} search_path = pg_temp; {role} default_transaction_read_only = on;
             {role} datestyle = 'German'; {role} lock_timeout = '1ms'"
        ))
        .await;
    bot.serve().await.unwrap();
    assert!(bot.stop().await.unwrap().success(), "{}", bot.log());
    assert!(!bot.log().contains("ERROR"), "{}", bot.log());
}

/// People do the main job.
#[tokio::test]
async fn a_token_is_created_by_sessions_of_a_pooler() {
    let postgres = Postgres::shared().await.unwrap();
    let team = Team::on(&postgres, "pooled", Options::standard(), |_| {}).await;
    let pooler = PgBouncer::start(&team.setup.database, "").await.unwrap();
    let url = pooler.url(&team.setup.database.url).unwrap();
    let lead = |config: &mut toml::Table| config["database"]["url"] = url.into();
    team.setup.restart_with(lead).await.unwrap();
    let form = team.form(&team.rin, "orchard", "Reports").await;
    team.submit_and_approve(&form).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.setup.settle().await.unwrap();
    team.setup.bot.stop().await.unwrap();
}

#[tokio::test]
async fn a_pooler_that_mixes_sessions_is_refused() {
    for settings in [
        "pool_mode = transaction\nignore_startup_parameters = extra_float_digits,options",
        "pool_mode = transaction",
        "pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 5",
        "pool_mode = transaction\nmin_pool_size = 10",
        "pool_mode = statement",
    ] {
        let (_place, _pooler, bot) = behind("mixed", settings).await;
        let mut said = vec![expect(1, runs(&bot, &["check"]).await)];
        said.push(bot.serve().await.unwrap_err().to_string());
        said.push(expect(1, runs(&bot, &["migrate"]).await));
        said.push(expect(1, runs(&bot, &["audit", "export"]).await));
        for said in said {
            assert!(said.contains(SHARED) && said.contains("pool_mode = session"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_pooler_with_one_connection_is_refused() {
    let (_place, _pooler, bot) = behind("crowded", "default_pool_size = 1").await;
    let check = expect(1, runs(&bot, &["check"]).await);
    assert!(check.contains("gives out no more than 1 at a time"), "{check}");
    assert!(check.contains("raise the pooler's default_pool_size"), "{check}");
}

/// A pooler that takes any login, and logs in as this role.
fn log_in_as(place: &Place, role: &str) -> String {
    let url: url::Url = place.database.url.parse().unwrap();
    let (port, password) = (url.port().unwrap(), url.password().unwrap());
    format!(
        "auth_type = any\n[databases]\n* = host=127.0.0.1 port={port} user={role} password={password}"
    )
}

/// Supabase's pooler knows the project by the login's name.
#[tokio::test]
async fn a_login_may_name_its_project_behind_a_dot() {
    let place = Place::new("dot").await;
    let pooler =
        PgBouncer::start(&place.database, &log_in_as(&place, "countersign")).await.unwrap();
    let url = moved(&pooler.url(&place.database.url).unwrap(), |url| {
        url.set_username("countersign.project").unwrap();
    });
    let bot = place.bot_at(&url, &place.database.owner_url).await;
    let said = expect(0, runs(&bot, &["migrate"]).await);
    assert!(said.contains("Granted countersign what the bot needs"), "{said}");
    let check = expect(0, runs(&bot, &["check"]).await);
    assert!(check.contains("connected as countersign to") && check.contains("rules: "), "{check}");
    bot.serve().await.unwrap();
    assert!(bot.stop().await.unwrap().success());
}

/// What is compared is what the role of the URL may do.
#[tokio::test]
async fn a_pooler_that_logs_in_as_somebody_else_is_refused() {
    let place = Place::new("somebody else").await;
    expect(0, runs(&place.bot().await, &["migrate"]).await);
    let role = format!("third_{}", place.database.name);
    let pooler = PgBouncer::start(&place.database, &log_in_as(&place, &role)).await.unwrap();
    let url: url::Url = place.database.url.parse().unwrap();
    let password = url.password().unwrap();
    place
        .as_admin(&format!(
            "create role {role} login password '{password}'; grant usage on schema countersign to {role};
             grant select on all tables in schema countersign to {role}"
        ))
        .await;
    let url = pooler.url(&place.database.url).unwrap();
    let bot = place.bot_at(&url, &place.database.owner_url).await;
    let check = expect(1, runs(&bot, &["check"]).await);
    let serve = bot.serve().await.unwrap_err().to_string();
    place.as_admin(&format!("drop owned by {role}; drop role {role}")).await;
    for said in [check, serve] {
        assert!(said.contains("logs in as countersign, and the session is third_"), "{said}");
    }
}

/// The server's process of the session that has the gateway.
const HOLDER: &str = "select pid::bigint from pg_locks where locktype = 'advisory' and granted
    and classid = x'6373676e'::int::oid and objid = 3
    and database = (select oid from pg_database where datname = current_database())";

/// The sessions of the database that have the gateway's lock.
const HOLDERS: &str = "select count(*) from pg_locks where locktype = 'advisory' and granted
    and classid = x'6373676e'::int::oid and objid = 3
    and database = (select oid from pg_database where datname = current_database())";

/// A pooler gives one connection to the server to one process after the other, so that its process id, and since when
/// it is there, tell nothing about who has the gateway.
#[tokio::test]
async fn two_processes_on_one_connection_of_a_pooler_are_told_apart() {
    let postgres = Postgres::shared().await.unwrap();
    let team = Team::on(&postgres, "same process", Options::standard(), |_| {}).await;
    let pooler = PgBouncer::start(&team.setup.database, "default_pool_size = 60").await.unwrap();
    let pooled = pooler.url(&team.setup.database.url).unwrap();
    let proxy = Proxy::start(&pooled).await.unwrap();
    let url = proxy.url(&pooled).unwrap();
    let lead = |config: &mut toml::Table| config["database"]["url"] = url.into();
    team.setup.restart_with(lead).await.unwrap();
    let holder = team.count(HOLDER).await;
    proxy.refuse();
    proxy.cut_all();
    team.setup.wait_for_count(HOLDERS, 0).await.unwrap();
    let options: PgConnectOptions = pooled.parse().unwrap();
    let options = options.extra_float_digits(None::<i8>);
    let mut others = Vec::new();
    let mut other = loop {
        let mut other = PgConnection::connect_with(&options).await.unwrap();
        let process: i32 =
            sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut other).await.unwrap();
        if i64::from(process) == holder {
            break other;
        }
        assert!(others.len() < 60, "the pooler closed the connection");
        others.push(other);
    };
    gateway::take(&mut other).await;
    assert_eq!(team.count(HOLDER).await, holder);
    drop(others);
    proxy.admit();
    team.setup.bot.wait_standby().await.unwrap();
    team.setup.bot.stop().await.unwrap();
    assert_eq!(team.count(gateway::SAVED).await, 1, "{}", team.setup.bot.log());
}
