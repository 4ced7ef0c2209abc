//! The index that finds parts of names. It needs the extension `pg_trgm`, which a server may lack or refuse, and
//! which may be in any schema. Without it the same tokens are found, only more slowly.

use std::fmt;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{Difference, PRINTED};

/// The beginning of the listing's line about an index of that name that isn't the one that ships.
pub(super) const OTHER: &str = "index tokens_by_name of ";

/// Postgres' classes of errors that are no answer to what was asked: resources, locks, an operator, the system.
const NO_ANSWERS: [&str; 4] = ["53", "55", "57", "XX"];

/// Why there is no index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The server doesn't have the extension, or doesn't offer it.
    NotOffered,
    /// It has it, and this database doesn't; the owner may not create it.
    NotInstalled,
    /// The owner may not use the schema in which the extension is.
    NotUsable {
        /// That schema.
        schema: String,
        /// The owner of ours.
        owner: String,
    },
    /// What is there under the extension's name isn't what ships with Postgres.
    NotRecognised,
    /// Nothing is in its way.
    NotMade,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOffered => f.write_str("this server offers no extension pg_trgm"),
            Self::NotInstalled => f.write_str("this database has no extension pg_trgm"),
            Self::NotUsable { schema, owner } => {
                write!(
                    f,
                    "{owner} may not use the schema {schema}, in which the extension pg_trgm is"
                )
            }
            Self::NotRecognised => {
                f.write_str("the extension pg_trgm in this database isn't what ships with Postgres")
            }
            Self::NotMade => f.write_str("the index tokens_by_name is missing"),
        }
    }
}

impl Obstacle {
    /// How to get the index.
    #[must_use]
    pub fn cure(&self) -> String {
        const CREATE: &str =
            "let the database's owner or a superuser run CREATE EXTENSION pg_trgm in this database";
        let first = match self {
            Self::NotOffered => format!(
                "let the server offer pg_trgm (its contrib package; or the service's list of allowed \
                 extensions: docs/postgres.md); {CREATE}"
            ),
            Self::NotInstalled => CREATE.to_owned(),
            Self::NotUsable { schema, owner } => {
                format!("let the owner of {schema} run GRANT USAGE ON SCHEMA {schema} TO {owner}")
            }
            Self::NotRecognised => {
                "let a superuser drop that extension, or ALTER EXTENSION pg_trgm UPDATE it"
                    .to_owned()
            }
            Self::NotMade => return "run `countersign migrate`".to_owned(),
        };
        format!(
            "{first}; then run `countersign migrate`. Nothing depends on it but the time that searches take"
        )
    }
}

/// Why `migrate` made no index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What is in its way.
    pub obstacle: Obstacle,
    /// What the server said to the attempt.
    pub answer: Option<String>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Some(answer) => write!(f, "{} ({answer})", self.obstacle),
            None => self.obstacle.fmt(f),
        }
    }
}

/// Makes the index if it is missing or, by these differences, isn't the one that ships; and the extension if there is
/// none. Run by the owner.
///
/// # Errors
/// Those that are no answer, such as a lock that took too long.
pub async fn make(
    owner: &mut PgConnection,
    differences: &[Difference],
) -> sqlx::Result<Option<Missing>> {
    let is_other = differences
        .iter()
        .any(|one| matches!(one, Difference::Foreign(line) if line.starts_with(OTHER)));
    if !is_other && find_obstacle(owner).await?.is_none() {
        return Ok(None);
    }
    let mut answer = attempt(owner, "drop index if exists countersign.tokens_by_name").await?;
    let mut schema = find_schema(owner).await?;
    if schema.is_none() && find_obstacle(owner).await? != Some(Obstacle::NotRecognised) {
        // In our schema, where the listing knows each of its parts.
        answer = attempt(owner, "create extension pg_trgm schema countersign").await?;
        schema = find_schema(owner).await?;
    }
    if let Some(schema) = schema {
        let statement = format!(
            "create index tokens_by_name on countersign.tokens
                 using gin (pg_catalog.lower(name) {schema}.gin_trgm_ops)"
        );
        answer = attempt(owner, &statement).await?;
    }
    let obstacle = find_obstacle(owner).await?;
    Ok(obstacle.map(|obstacle| Missing { obstacle, answer }))
}

/// Carries out all of this or nothing; the server's words if it refuses.
async fn attempt(owner: &mut PgConnection, statement: &str) -> sqlx::Result<Option<String>> {
    let mut transaction = owner.begin().await?;
    // The schema's name is quoted by the server; all other text is ours.
    match sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *transaction).await {
        Ok(_) => transaction.commit().await.map(|()| None),
        Err(sqlx::Error::Database(error))
            if !error
                .code()
                .is_some_and(|code| NO_ANSWERS.iter().any(|one| code.starts_with(one))) =>
        {
            transaction.rollback().await?;
            Ok(Some(error.message().to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// The schema, quoted, with an operator class that is the extension's own.
async fn find_schema(connection: &mut PgConnection) -> sqlx::Result<Option<String>> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(PRINTED).execute(&mut *transaction).await?;
    let found = sqlx::query_file_scalar!("src/store/shipped/trigrams.sql")
        .fetch_all(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    Ok(found.into_iter().next())
}

/// Why there is no index with the extension's operator class; none if there is one. Whether all of it is as it ships
/// is the listing's to say.
pub async fn find_obstacle(connection: &mut PgConnection) -> sqlx::Result<Option<Obstacle>> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(PRINTED).execute(&mut *transaction).await?;
    let found = sqlx::query!(
        r#"select exists (select from pg_index join pg_class i on i.oid = indexrelid
                       join pg_class t on t.oid = indrelid join pg_opclass c on c.oid = indclass[0]
                   where i.relname = 'tokens_by_name' and i.relnamespace = n.oid and t.relname = 'tokens'
                       and opcname = 'gin_trgm_ops') as "is_there!",
               exists (select from pg_available_extensions where name = 'pg_trgm') as "is_offered!",
               quote_ident(pg_get_userbyid(n.nspowner)) as "owner!", quote_ident(lies.nspname) as schema,
               has_schema_privilege(n.nspowner, lies.oid, 'USAGE') as is_usable
           from pg_namespace n
               left join pg_extension on extname = 'pg_trgm'
               left join pg_namespace lies on lies.oid = extnamespace
           where n.nspname = 'countersign'"#
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.rollback().await?;
    let is_recognised = find_schema(connection).await?.is_some();
    Ok(match (found.schema, found.is_usable) {
        _ if found.is_there => None,
        (None, _) if !found.is_offered => Some(Obstacle::NotOffered),
        (None, _) => Some(Obstacle::NotInstalled),
        (Some(schema), Some(false)) => Some(Obstacle::NotUsable { schema, owner: found.owner }),
        _ if !is_recognised => Some(Obstacle::NotRecognised),
        _ => Some(Obstacle::NotMade),
    })
}

#[cfg(test)]
mod tests {
    /// The listing accepts an index by what `migrate` chooses the operator class by.
    #[test]
    fn the_listing_knows_the_extension_by_the_same() {
        let text = include_str!("trigrams.sql");
        let from = text.find("of_pg_trgm as (").unwrap();
        let to = text.find("\n)\nselect").unwrap();
        assert!(include_str!("listing.sql").contains(&text[from..to]));
    }
}
