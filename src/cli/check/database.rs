//! Checks the database: whether it can be reached, with which roles, and whether it has this version's
//! schema.

use sqlx::Connection as _;

use super::{Findings, mail};
use crate::cli::rules::SchemaIsChanging;
use crate::cli::unreachable::{self, Unreachable};
use crate::cli::{self, owner, rules, sealed};
use crate::config::Config;
use crate::keyring::Keyring;
use crate::store::pool::SchemaVersion;
use crate::store::pool::{self, Pool};
use crate::store::roles::{self, Role};
use crate::store::shipped::name_index;

const SUBJECT: &str = "database";

/// Whether the environment holds the login of the owner.
pub(super) fn check_owner(findings: &mut Findings) {
    if owner::is_at_hand() {
        findings.failed(SUBJECT, owner::AT_HAND, owner::CURE);
    }
}

pub(super) async fn check_database(
    config: &Config,
    keyring: Option<&Keyring>,
    findings: &mut Findings,
) {
    let (pool, (role, version)) = match connect(config).await {
        Ok(connected) => connected,
        Err(Unreachable { what, cure }) => {
            let cure =
                cure.unwrap_or("change this in [database] url, [network] or the environment");
            return findings.failed(SUBJECT, format!("can't connect: {what}"), cure);
        }
    };
    findings.ok(SUBJECT, format!("connected as {} to PostgreSQL {version}", role.name));
    check_role(config, &role, findings);
    if check_migrations(&pool, findings).await {
        check_rules(config, &pool, findings).await;
        check_name_index(&pool, findings).await;
        check_settings(config, &pool, findings).await;
        check_scopes(config, &pool, findings).await;
        if let Some(keyring) = keyring {
            check_sealed(keyring, &pool, findings).await;
        }
        mail::check_waiting(&pool, findings).await;
    }
    pool.close().await;
}

/// A pool, our role, and the server's version.
async fn connect(config: &Config) -> Result<(Pool, (Role, String)), Unreachable> {
    let (url, network) = (&config.database.url, &config.network);
    // A pool keeps the reason to itself.
    let connection = unreachable::connect(url, network).await?;
    drop(connection.close().await);
    let state = async {
        let pool = pool::build_pool_without_work_lock(url, network)?;
        let state = state(&pool).await?;
        Ok((pool, state))
    };
    state.await.map_err(|error| unreachable::explain(&error))
}

/// Our role, and the server's version.
async fn state(pool: &Pool) -> sqlx::Result<(Role, String)> {
    let mut connection = pool.acquire().await?;
    let role = roles::get_role(&mut *connection).await?;
    Ok((role, pool::server_version(&mut connection).await?))
}

fn check_role(config: &Config, role: &Role, findings: &mut Findings) {
    let (name, single) = (&role.name, config.database.single_role);
    match &role.above_rules {
        None if single => findings.warning(
            SUBJECT,
            format!(
                "single_role is set, but {name} owns nothing, so that `migrate` can't work as it"
            ),
            "take single_role out of [database], and give `countersign migrate` the owner's login",
        ),
        None => {
            findings.ok(SUBJECT, format!("{name} owns nothing and can't switch off the rules"));
        }
        Some(reason) => {
            let message = format!(
                "{name} {reason}: a program that logs in as this role could switch off the rules \
                 that hold two approvals for each token, and rewrite the audit log"
            );
            let cure = "let another role own the database, and url in [database] name one that owns \
                 nothing: README.md, \"Install it\"; then run `countersign migrate`";
            match single {
                true => findings.warning(SUBJECT, message, cure),
                false => findings.failed(
                    SUBJECT,
                    message,
                    format!("{cure}. To accept it, set single_role = true in [database]"),
                ),
            }
        }
    }
}

/// Whether they are this version's.
async fn check_migrations(pool: &Pool, findings: &mut Findings) -> bool {
    let version = pool.run(pool::schema_version).await;
    match &version {
        Ok(SchemaVersion::Current) => findings.ok("migrations", "all applied"),
        Ok(version) => {
            findings.failed(
                "migrations",
                cli::describe_version(*version),
                cli::find_cure(*version),
            );
        }
        Err(error) => findings.failed(
            "migrations",
            format!("the state of the tables can't be read: {error}"),
            "run `countersign migrate`, which also grants what the role needs",
        ),
    }
    matches!(version, Ok(SchemaVersion::Current))
}

/// Functions, triggers, constraints and grants.
async fn check_rules(config: &Config, pool: &Pool, findings: &mut Findings) {
    const SUBJECT: &str = "rules";
    match rules::find_differences(config, pool).await {
        Ok(found) if found.is_empty() => {
            findings.ok(SUBJECT, "functions, triggers, constraints and grants are as they ship")
        }
        Ok(found) => {
            for difference in found {
                findings.failed(SUBJECT, difference.to_string(), difference.cure());
            }
        }
        Err(error) => {
            let cure = match error.downcast_ref::<SchemaIsChanging>() {
                Some(_) => "run `countersign check` again when it has ended",
                None => "run `countersign migrate`",
            };
            findings.failed(SUBJECT, format!("{error:#}"), cure);
        }
    }
}

/// Whether parts of names are found by an index.
async fn check_name_index(pool: &Pool, findings: &mut Findings) {
    const SUBJECT: &str = "name search";
    let found = async { name_index::find_obstacle(&mut *pool.acquire().await?).await }.await;
    match found {
        Ok(None) => findings.ok(SUBJECT, "parts of names are found by an index"),
        Ok(Some(obstacle)) => findings.warning(
            SUBJECT,
            format!("works without an index, more slowly where there are many tokens: {obstacle}"),
            obstacle.cure(),
        ),
        Err(error) => findings.failed(SUBJECT, error.to_string(), "run `countersign migrate`"),
    }
}

/// Checks stored settings of sessions, which outlast the role that stored them.
async fn check_settings(config: &Config, pool: &Pool, findings: &mut Findings) {
    const SUBJECT: &str = "settings";
    match rules::describe_settings(config, pool).await {
        Ok(told) if told.is_empty() => {
            findings.ok(SUBJECT, "neither the role nor the database was told any of its own");
        }
        Ok(told) => {
            for (what, cure) in told {
                findings.warning(SUBJECT, what, cure);
            }
        }
        Err(error) => findings.failed(SUBJECT, format!("{error:#}"), "run `countersign migrate`"),
    }
}

/// Whether the key file opens what is encrypted.
async fn check_sealed(keyring: &Keyring, pool: &Pool, findings: &mut Findings) {
    const SUBJECT: &str = "keys";
    let found = async { sealed::find_missing_keys(keyring, &mut *pool.acquire().await?).await };
    match found.await {
        Ok(missing) if missing.is_empty() => {
            findings.ok(SUBJECT, "they open all that is encrypted in the database");
        }
        Ok(missing) => {
            for missing in missing {
                findings.failed(SUBJECT, missing.to_string(), sealed::CURE);
            }
        }
        Err(error) => findings.failed(SUBJECT, error.to_string(), "run `countersign migrate`"),
    }
}

/// Compares the scopes of live tokens with today's catalogues.
async fn check_scopes(config: &Config, pool: &Pool, findings: &mut Findings) {
    const SUBJECT: &str = "scopes";
    let cure = "Countersign refuses what no longer agrees (403): put the catalogue back, or let the tokens be \
                edited, which takes approvals; a provider's own page or API goes by what it was told";
    match rules::find_drifts(config, pool).await {
        Ok(found) if found.is_empty() => {
            findings.ok(SUBJECT, "all live tokens agree with their catalogues");
        }
        Ok(found) => {
            for (provider, what) in found {
                findings.warning(&format!("provider {provider}"), what, cure);
            }
        }
        Err(error) => findings.failed(SUBJECT, format!("{error:#}"), "run `countersign migrate`"),
    }
}
