//! Each change of what the database accepts is detected, by any role, in any way, and with any
//! settings of the session that checks.
//!
//! Each attack is tried in a superuser's transaction that is rolled back, so that nothing is left in the
//! server, which other tests share.

use countersign::network::Network;
use countersign::store::{migrate, pool, shipped};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use testkit::postgres::{APPLICATION, OWNER};

use crate::support::Fixture;

mod changes;

use changes::CHANGES;

async fn admin(fixture: &Fixture) -> PgConnection {
    let url = SecretString::from(fixture.database.admin_url.as_str());
    let mut admin = pool::connect(&url, &Network::default()).await.unwrap();
    let third = format!("create role {}", third(fixture));
    sqlx::raw_sql(AssertSqlSafe(third)).execute(&mut admin).await.unwrap();
    admin
}

fn third(fixture: &Fixture) -> String {
    format!("third_{}", fixture.database.name)
}

/// The differences that are reported after these statements; then they are rolled back.
async fn said_of(fixture: &Fixture, admin: &mut PgConnection, statements: &str) -> Vec<String> {
    let mut transaction = admin.begin().await.unwrap();
    let statements = filled(fixture, statements);
    if let Err(error) =
        sqlx::raw_sql(AssertSqlSafe(statements.clone())).execute(&mut *transaction).await
    {
        return vec![format!("refused: {error}")];
    }
    let seen = shipped::find_differences(&mut transaction, APPLICATION, false).await.unwrap();
    transaction.rollback().await.unwrap();
    seen.iter().map(ToString::to_string).collect()
}

fn filled(fixture: &Fixture, text: &str) -> String {
    text.replace("{database}", &fixture.database.name).replace("{third}", &third(fixture))
}

#[tokio::test]
async fn every_change_of_accepted_data_is_detected() {
    let fixture = Fixture::new("seen").await;
    let mut admin = admin(&fixture).await;
    assert_eq!(said_of(&fixture, &mut admin, "select").await, Vec::<String>::new());
    let mut unseen = Vec::new();
    for (statements, found) in CHANGES {
        let seen = said_of(&fixture, &mut admin, statements).await;
        let refused = seen.first().is_some_and(|line| line.starts_with("refused: "));
        let found = filled(&fixture, found);
        let told = seen.iter().any(|line| line.contains(&found));
        if (found.is_empty() && !refused) || (!found.is_empty() && (refused || !told)) {
            unseen.push(format!("{statements}: {seen:?}"));
        }
    }
    assert!(unseen.is_empty(), "{} of {}: {unseen:#?}", unseen.len(), CHANGES.len());
}

/// The index of names may be missing, and the extension that it needs may be in another schema.
#[tokio::test]
async fn a_server_without_the_extension_is_as_it_ships() {
    let fixture = Fixture::new("no extension").await;
    let mut admin = admin(&fixture).await;
    for accepted in [
        "drop index tokens_by_name",
        "drop index tokens_by_name; drop extension pg_trgm",
        "create schema elsewhere; alter extension pg_trgm set schema elsewhere",
        "alter extension pg_trgm set schema pg_catalog",
    ] {
        let seen = said_of(&fixture, &mut admin, accepted).await;
        assert_eq!(seen, Vec::<String>::new(), "{accepted}");
    }
}

/// A role that owns nothing must have exactly its grants, whatever is configured.
#[tokio::test]
async fn one_role_for_both_is_only_believed_of_the_owner() {
    let fixture = Fixture::new("no single role").await;
    let mut admin = admin(&fixture).await;
    let mut transaction = admin.begin().await.unwrap();
    sqlx::raw_sql("grant delete on events to countersign")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let seen = shipped::find_differences(&mut transaction, APPLICATION, true).await.unwrap();
    assert!(seen.iter().any(|line| line.to_string().contains("DELETE")), "{seen:#?}");
    transaction.rollback().await.unwrap();
    let of_owner = shipped::find_differences(&mut admin, OWNER, true).await.unwrap();
    assert!(!of_owner.iter().any(|line| line.to_string().contains(": grant ")), "{of_owner:#?}");
}

/// Stored settings of a role or a database outlast the session that stored them. The listing is the same.
#[tokio::test]
async fn the_settings_of_a_session_change_nothing_of_what_is_seen() {
    let fixture = Fixture::new("settings").await;
    let mut admin = admin(&fixture).await;
    for setting in [
        "quote_all_identifiers = on",
        "search_path = pg_temp, public",
        "search_path = ''",
        "datestyle = 'German'",
        "timezone = 'Pacific/Kiritimati'",
        "intervalstyle = 'sql_standard'",
        "bytea_output = 'escape'",
        "standard_conforming_strings = off",
        "extra_float_digits = -3",
        "transform_null_equals = on",
    ] {
        let seen = said_of(&fixture, &mut admin, &format!("set local {setting}")).await;
        assert_eq!(seen, Vec::<String>::new(), "{setting}");
    }
}

/// `migrate` as the owner removes grants to others, and objects that don't belong.
#[tokio::test]
async fn migrate_revokes_grants_of_other_roles() {
    let fixture = Fixture::new("taken away").await;
    let mut admin = admin(&fixture).await;
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let given = "
        grant create on schema countersign to {third} with grant option;
        grant all on tokens to {third};
        grant select (id) on tokens to {third};
        grant execute on function is_task(text) to {third};
        grant usage on sequence ids to {third};
        grant usage on schema countersign to {third};
        grant update on jobs to {third}, public;
        alter default privileges in schema countersign grant insert on tables to {third};
        alter function require_approvals(requests) strict;
        create function evil() returns trigger language plpgsql as 'begin return new; end';
        create or replace trigger guard_new before insert on tokens for each row
            execute function evil()";
    sqlx::raw_sql(AssertSqlSafe(filled(&fixture, given))).execute(&mut owner).await.unwrap();
    let done = migrate::run(&mut owner, APPLICATION, false).await.unwrap();
    assert!(done.left.is_empty() && done.restored.len() >= 10, "{done:#?}");
    let seen = shipped::find_differences(&mut admin, APPLICATION, false).await.unwrap();
    assert!(seen.is_empty(), "{seen:#?}");
    let drop = filled(&fixture, "drop owned by {third}; drop role {third}");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
}
