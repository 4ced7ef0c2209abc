//! The extension `pg_trgm` in another schema, or none at all; a schema that somebody else created.

use testkit::team::Team;

use super::{Place, expect, runs};

/// Whose operator class the index of names has.
const INDEX: &str = "select opcnamespace::regnamespace || '.' || opcname
    from pg_index join pg_class i on i.oid = indexrelid join pg_opclass c on c.oid = indclass[0]
    where relname = 'tokens_by_name' and pg_get_indexdef(i.oid) like '%(lower(name) %gin_trgm_ops)'";

/// The database is another's, who created our schema, and took away what everyone may do.
const BY_ANOTHER: &str = "
    alter database \"{database}\" owner to postgres;
    revoke temporary on database \"{database}\" from public;
    create schema countersign authorization countersign_owner";

const WITHOUT: &str = "warning name search: works without an index";

/// `check` in one line for each finding.
async fn checks(bot: &testkit::bot::Bot) -> String {
    let (_, said) = runs(bot, &["check"]).await;
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_extension_may_be_in_any_schema() {
    for (schema, prepare) in [
        ("public", "create extension pg_trgm schema public"),
        (
            "extensions",
            "create schema extensions; grant usage on schema extensions to public;
             create extension pg_trgm schema extensions",
        ),
        (
            "\"Odd one\"",
            "create schema \"Odd one\" authorization countersign_owner;
             create extension pg_trgm schema \"Odd one\"",
        ),
        ("countersign", "select"),
    ] {
        let place = Place::new("trigrams").await;
        place.as_admin(prepare).await;
        let bot = place.bot().await;
        let said = expect(0, runs(&bot, &["migrate"]).await);
        assert!(!said.contains("without an index"), "{schema}: {said}");
        assert_eq!(place.read(INDEX).await.unwrap(), format!("{schema}.gin_trgm_ops"));
        bot.serve().await.unwrap();
        let check = checks(&bot).await;
        assert!(check.contains("ok rules:"), "{schema}: {check}");
        assert!(check.contains("ok name search:"), "{schema}: {check}");
        assert!(bot.stop().await.unwrap().success());
        let again = expect(0, runs(&bot, &["migrate"]).await);
        assert!(again.contains("up to date") && !again.contains("Put right"), "{schema}: {again}");
    }
}

#[tokio::test]
async fn a_schema_that_somebody_else_created_is_enough() {
    let place = Place::new("by another").await;
    place.as_admin(BY_ANOTHER).await;
    let bot = place.bot().await;
    let said = expect(0, runs(&bot, &["migrate"]).await);
    assert!(said.contains("Parts of names are searched without an index"), "{said}");
    assert!(said.contains("permission denied to create extension"), "{said}");
    assert!(said.contains("CREATE EXTENSION pg_trgm in this database"), "{said}");
    assert_eq!(place.read(INDEX).await, None);
    bot.serve().await.unwrap();
    let check = checks(&bot).await;
    assert!(check.contains("ok rules:") && check.contains("0 failed"), "{check}");
    assert!(check.contains(WITHOUT), "{check}");
    // The database's owner does what was said.
    place.as_admin("create extension pg_trgm").await;
    let check = checks(&bot).await;
    assert!(check.contains(WITHOUT) && check.contains("→ run `countersign migrate`"), "{check}");
    expect(0, runs(&bot, &["migrate"]).await);
    assert_eq!(place.read(INDEX).await.unwrap(), "public.gin_trgm_ops");
    assert!(checks(&bot).await.contains("ok name search:"));
    assert!(bot.stop().await.unwrap().success());
}

#[tokio::test]
async fn without_a_schema_and_the_right_to_create_one_migrate_says_what_to_do() {
    let place = Place::new("no schema").await;
    place.as_admin("alter database \"{database}\" owner to postgres").await;
    let bot = place.bot().await;
    let said = expect(1, runs(&bot, &["migrate"]).await);
    assert!(said.contains("CREATE SCHEMA countersign AUTHORIZATION"), "{said}");
}

#[tokio::test]
async fn a_schema_that_the_owner_may_not_use_is_named() {
    let place = Place::new("hidden").await;
    place.as_admin("create schema hidden; create extension pg_trgm schema hidden").await;
    let bot = place.bot().await;
    let said = expect(0, runs(&bot, &["migrate"]).await);
    let cure = "GRANT USAGE ON SCHEMA hidden TO countersign_owner";
    assert!(said.contains("permission denied for schema hidden") && said.contains(cure), "{said}");
    let check = checks(&bot).await;
    assert!(check.contains(WITHOUT) && check.contains(cure), "{check}");
    place.as_admin("grant usage on schema hidden to countersign_owner").await;
    expect(0, runs(&bot, &["migrate"]).await);
    assert_eq!(place.read(INDEX).await.unwrap(), "hidden.gin_trgm_ops");
}

/// An index of another definition is no reason to give up: nothing is lost with it.
#[tokio::test]
async fn migrate_puts_another_index_of_that_name_right() {
    let place = Place::new("other index").await;
    let bot = place.bot().await;
    expect(0, runs(&bot, &["migrate"]).await);
    place
        .as_admin(
            "set search_path = countersign; drop index tokens_by_name;
             create index tokens_by_name on tokens using gin (lower(description) gin_trgm_ops);
             alter index tokens_by_name owner to countersign_owner",
        )
        .await;
    let check = checks(&bot).await;
    assert!(check.contains("FAILED rules: not ours: index tokens_by_name of tokens"), "{check}");
    let refused = bot.serve().await.unwrap_err().to_string();
    assert!(refused.contains("not ours: index tokens_by_name of tokens"), "{refused}");
    let said = expect(0, runs(&bot, &["migrate"]).await);
    assert!(said.contains("Put right: not ours: index tokens_by_name"), "{said}");
    assert_eq!(place.read(INDEX).await.unwrap(), "countersign.gin_trgm_ops");
    // A plain one computes nothing, but finds no parts of names either.
    for other in ["tokens (name)", "requests (requester)"] {
        place
            .as_admin(&format!(
                "set search_path = countersign; drop index tokens_by_name;
                 create index tokens_by_name on {other};
                 alter index tokens_by_name owner to countersign_owner"
            ))
            .await;
        let check = checks(&bot).await;
        assert!(check.contains(WITHOUT), "{other}: {check}");
        expect(0, runs(&bot, &["migrate"]).await);
        assert_eq!(place.read(INDEX).await.unwrap(), "countersign.gin_trgm_ops", "{other}");
    }
}

#[tokio::test]
async fn names_are_found_without_the_extension() {
    let team = Team::start("no trigrams").await;
    let mut admin = team.setup.connect().await.unwrap();
    let drop = "drop index countersign.tokens_by_name; drop extension pg_trgm";
    sqlx::raw_sql(drop).execute(&mut admin).await.unwrap();
    team.setup.bot.restart().await.unwrap();
    for name in ["Reports", "Dashboard"] {
        let form = team.form(&team.rin, "orchard", name).await;
        team.submit_and_approve(&form).await;
        team.setup.settle().await.unwrap();
        let ready = team.rin.wait_for_dm("is ready").await.unwrap();
        team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    }
    for (part, reports, dashboard) in
        [("epor", true, false), ("SHBO", false, true), ("o", true, true), ("none", false, false)]
    {
        let line = format!("/token list name:{part}");
        let list = team.rin.type_command(&line).await.unwrap().private().unwrap();
        assert_eq!(list.contains("**Reports**"), reports, "{part}: {list}");
        assert_eq!(list.contains("**Dashboard**"), dashboard, "{part}: {list}");
    }
    let proposed = team.rin.complete("/token audit token:epor").await.unwrap();
    assert_eq!(proposed.len(), 1, "{proposed:?}");
    team.setup.bot.stop().await.unwrap();
}
