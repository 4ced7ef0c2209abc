//! The rules in the database as they ship: functions, triggers, constraints and grants.
//!
//! The statements are in `migrations/` (`before.sql`, `guards/`, `grants.sql`). [`install`] puts them in
//! place, whatever the state of the database. [`find_differences`] compares the database's own catalogue
//! with `migrations/shipped.txt`, which `make prepare` writes from a fresh database. So it compares what
//! the server does, not the statements that were run once. One index may be missing: [`name_index`].

pub mod name_index;

use std::collections::BTreeSet;
use std::fmt;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Functions that a migration needs.
const BEFORE: &str = include_str!("../../migrations/before.sql");

/// Functions and triggers, in their order.
const GUARDS: [&str; 6] = [
    include_str!("../../migrations/guards/common.sql"),
    include_str!("../../migrations/guards/requests.sql"),
    include_str!("../../migrations/guards/tokens.sql"),
    include_str!("../../migrations/guards/secrets.sql"),
    include_str!("../../migrations/guards/deliveries.sql"),
    include_str!("../../migrations/guards/notices.sql"),
];

const GRANTS: &str = include_str!("../../migrations/grants.sql");
const REMOVE: &str = include_str!("shipped/remove.sql");
const OTHERS: &str = include_str!("shipped/others.sql");

/// Settings that make a listing independent of those that the role, the database or the server stores.
/// Nothing in our schema is found by its bare name: an operator or function that someone created there could
/// match better than Postgres' own, and return anything.
const PRINTED: &str = "set local search_path = pg_catalog, pg_temp; set local quote_all_identifiers = off; \
     set local datestyle = 'ISO, MDY'; set local intervalstyle = postgres; set local timezone = 'UTC'; \
     set local bytea_output = hex; set local extra_float_digits = 1; \
     set local standard_conforming_strings = on";

/// The search path with which the rules are created.
const MADE: &str = "set local search_path = countersign, pg_temp";

/// The listing of a database in which everything is as it ships.
const SHIPPED: &str = include_str!("../../migrations/shipped.txt");

/// The prefix of lines about the role's own grants, which don't apply if the role is the owner.
const GRANT: &str = "grant ";

/// The prefixes of lines about objects that were created or changed by hand. Only a person who knows the
/// rows can repair those.
const BY_HAND: [&str; 6] = ["constraint ", "index ", "table ", "column ", "sequence ", "domain "];

/// One difference from what ships.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A line that is missing or changed.
    Missing(String),
    /// A line that does not ship.
    Foreign(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(line) => write!(f, "missing: {line}"),
            Self::Foreign(line) => write!(f, "not ours: {line}"),
        }
    }
}

impl Difference {
    /// How to repair it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        let (Self::Foreign(line) | Self::Missing(line)) = self;
        let is = |kind: &str| line.starts_with(kind);
        if is(name_index::OTHER) {
            "run `countersign migrate`, which makes that index anew"
        } else if BY_HAND.iter().any(|kind| is(kind)) {
            "somebody changed a table by hand: look at the rows since then, and bring it back to what \
             migrations/0001_schema.sql says, as the owner"
        } else if is("inheritance") {
            "look at the rows of that table, which were read among ours, and take them apart as the owner: \
             ALTER TABLE … NO INHERIT …; or drop it"
        } else if is("setting ") {
            "run as a superuser: ALTER ROLE … RESET …, or ALTER DATABASE … RESET …, or take it out of the \
             server's configuration; then look at the rows since then"
        } else if is("grant on parameter") {
            "run as a superuser: REVOKE ALL ON PARAMETER … FROM PUBLIC; and from the role"
        } else if is("grant of ") {
            "let the role belong to no other: REVOKE … FROM the role, as a superuser"
        } else if is("granted: ") && line.ends_with(" may become the role") {
            "let nobody log in as the role but the bot: REVOKE the role FROM it, as a superuser"
        } else if is("granted: ") {
            "run `countersign migrate`. Where it can't, run REVOKE … as whoever granted it, or as a superuser"
        } else if is("grant on this database: the role may TEMPORARY") {
            "run `countersign migrate` (after a restore, `countersign recover` too). Where it can't, run as the \
             database's owner: REVOKE TEMPORARY ON DATABASE … FROM PUBLIC; and from the role"
        } else if is("grant on this database") {
            "run as the database's owner: REVOKE CREATE ON DATABASE … FROM PUBLIC; and from the role"
        } else if is("grant on schema") {
            "run as that schema's owner: REVOKE CREATE ON SCHEMA … FROM PUBLIC; and from the role"
        } else if ["function ", "trigger ", "rule ", "policy ", "grant "]
            .iter()
            .any(|kind| is(kind))
        {
            "run `countersign migrate`; a function that stays then is what something else was made of by \
             hand: drop that first, as the owner"
        } else {
            "somebody made this by hand: look at what it did, and drop it, as the owner (what was made a \
             member of an extension, after ALTER EXTENSION … DROP …)"
        }
    }
}

/// Creates the functions that tables need. Run by the owner.
pub async fn install_table_functions(owner: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(BEFORE).execute(owner).await?;
    Ok(())
}

/// Replaces functions, triggers and the grants of `role` by those that ship, and removes others, all in one
/// transaction. Run by the owner; `role` is `None` if the owner is also the application's role, which needs
/// no grants.
///
/// # Errors
/// If one statement fails, nothing is changed.
pub async fn install(owner: &mut PgConnection, role: Option<&str>) -> sqlx::Result<()> {
    let mut statements = vec![PRINTED, REMOVE, MADE, BEFORE];
    statements.extend(GUARDS);
    statements.extend([PRINTED, OTHERS, MADE]);
    let grants = role.map(|role| GRANTS.replace("{role}", &quote(role)));
    statements.extend(grants.as_deref());
    let mut transaction = owner.begin().await?;
    sqlx::query("select set_config('countersign.role', $1, true)")
        .bind(role.unwrap_or_default())
        .execute(&mut *transaction)
        .await?;
    // The role's name is quoted as an identifier; all other text is ours.
    sqlx::raw_sql(AssertSqlSafe(statements.join(";\n"))).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// Forbids temporary objects in this database, which every role may create by default. If the schema's
/// owner does not own the database, the server only warns; [`find_differences`] reports it.
pub async fn refuse_temporary_objects(owner: &mut PgConnection, role: &str) -> sqlx::Result<()> {
    let database: String =
        sqlx::query_scalar("select current_database()::text").fetch_one(&mut *owner).await?;
    let (database, role) = (quote(&database), quote(role));
    let statement = format!("revoke temporary, create on database {database} from public, {role}");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(owner).await?;
    Ok(())
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// All rules, one line each, with the grants of `role`.
pub async fn list_schema(connection: &mut PgConnection, role: &str) -> sqlx::Result<Vec<String>> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(PRINTED).execute(&mut *transaction).await?;
    let lines = sqlx::query_file_scalar!("src/store/shipped/listing.sql", role)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    Ok(lines)
}

/// All differences from what ships. With `single_role`, the role's own grants are left out if the role is
/// the owner, who may do everything; any other role must have exactly its grants.
pub async fn find_differences(
    connection: &mut PgConnection,
    role: &str,
    single_role: bool,
) -> sqlx::Result<Vec<Difference>> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(PRINTED).execute(&mut *transaction).await?;
    let is_owner = single_role && is_owner(&mut transaction, role).await?;
    let found = list_schema(&mut transaction, role).await?;
    transaction.rollback().await?;
    let matters = |line: &&str| !(is_owner && line.starts_with(GRANT));
    let found: BTreeSet<&str> = found.iter().map(String::as_str).filter(matters).collect();
    let shipped: BTreeSet<&str> = SHIPPED.lines().filter(matters).collect();
    let missing = shipped.difference(&found).map(|line| Difference::Missing((*line).to_owned()));
    let foreign = found.difference(&shipped).map(|line| Difference::Foreign((*line).to_owned()));
    Ok(foreign.chain(missing).collect())
}

/// Whether the role owns our schema.
async fn is_owner(connection: &mut PgConnection, role: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from pg_namespace join pg_roles on pg_roles.oid = nspowner
               where nspname = 'countersign' and rolname = $1) as "owner!""#,
        role
    )
    .fetch_one(connection)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_cannot_break_out_of_its_quotes() {
        assert_eq!(quote("a\"; DROP"), "\"a\"\"; DROP\"");
    }

    #[test]
    fn every_difference_has_a_cure() {
        let temporary = "grant on this database: the role may TEMPORARY".to_owned();
        assert!(Difference::Foreign(temporary).cure().contains("REVOKE TEMPORARY"));
        assert!(Difference::Missing("trigger guard".to_owned()).cure().contains("migrate"));
    }
}
