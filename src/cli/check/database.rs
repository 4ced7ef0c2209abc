//! Looks at the database: can it be reached, in which roles, and is it at this version's state?

use secrecy::SecretString;
use sqlx::PgPool;

use super::Findings;
use crate::cli::rules;
use crate::config::Config;
use crate::queue;
use crate::store::pool;

const SUBJECT: &str = "database";

pub(super) async fn look(config: &Config, findings: &mut Findings) {
    let connected = match pool::lazy(&config.database.url) {
        Ok(pool) => state(&pool).await.map(|state| (pool, state)),
        Err(error) => Err(error),
    };
    let (pool, state) = match connected {
        Ok(connected) => connected,
        Err(error) => {
            return findings.failed(
                SUBJECT,
                format!("can't connect: {error}"),
                "see that url in [database] is right, the server runs, and its pg_hba.conf lets \
                 this role in",
            );
        }
    };
    findings.ok(SUBJECT, format!("connected as {} to PostgreSQL {}", state.role, state.version));
    look_at_roles(config, &state, findings).await;
    if look_at_migrations(&pool, findings).await {
        look_at_rules(config, &pool, findings).await;
        look_at_scopes(config, &pool, findings).await;
    }
    pool.close().await;
}

/// What the server says of itself and of the role that we are.
struct State {
    role: String,
    version: String,
    /// Above all rules: a superuser, or one whom row level security doesn't hold.
    is_above_rules: bool,
    owns_tables: bool,
}

async fn state(pool: &PgPool) -> sqlx::Result<State> {
    let (role, version, is_above_rules, owns_tables) = sqlx::query_as(
        "SELECT current_user::text, current_setting('server_version'), \
         (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user), \
         EXISTS (SELECT FROM pg_tables WHERE schemaname = 'countersign' \
                 AND pg_has_role(current_user, tableowner, 'USAGE'))",
    )
    .fetch_one(pool)
    .await?;
    Ok(State { role, version, is_above_rules, owns_tables })
}

async fn look_at_roles(config: &Config, state: &State, findings: &mut Findings) {
    let role = &state.role;
    let cure = "create a role that owns the database (`CREATE ROLE countersign_owner LOGIN`, `ALTER \
         DATABASE … OWNER TO countersign_owner`), name it in owner_url of [database], let url name \
         a plain role, and run `countersign migrate`";
    if state.is_above_rules {
        findings.warning(
            SUBJECT,
            format!(
                "{role} is a superuser, or bypasses row level security: the database can't \
                     refuse it anything, not even a token without two approvals"
            ),
            cure,
        );
    } else if state.owns_tables {
        findings.warning(
            SUBJECT,
            format!(
                "{role} owns the tables: a program that logs in as this role could switch off \
                     the rules that hold two approvals for each token, and rewrite the audit log"
            ),
            cure,
        );
    } else if let Some(owner_url) = &config.database.owner_url {
        look_at_owner(owner_url, role, findings).await;
    } else {
        findings.ok(SUBJECT, format!("{role} owns nothing and can't switch off the rules"));
    }
}

/// The owner's login is needed only where `migrate` runs, so that its failing isn't the bot's.
async fn look_at_owner(owner_url: &SecretString, role: &str, findings: &mut Findings) {
    match pool::connect(owner_url).await {
        Ok(_) => findings.ok(
            SUBJECT,
            format!("{role} can't switch off the rules; the owner's login works as well"),
        ),
        Err(error) => findings.warning(
            SUBJECT,
            format!("the owner can't log in from here: {error}"),
            "see that owner_url in [database] is right, if `countersign migrate` is to run here",
        ),
    }
}

/// Whether they are this version's.
async fn look_at_migrations(pool: &PgPool, findings: &mut Findings) -> bool {
    let migrated = match pool::is_migrated(pool).await {
        Ok(true) => queue::is_migrated(pool).await,
        otherwise => otherwise,
    };
    match &migrated {
        Ok(true) => findings.ok("migrations", "all applied"),
        Ok(false) => findings.failed(
            "migrations",
            "the tables are not those of this version",
            "run `countersign migrate` of this version",
        ),
        Err(error) => findings.failed(
            "migrations",
            format!("the state of the tables can't be read: {error}"),
            "run `countersign migrate`, which also grants what the role needs",
        ),
    }
    matches!(migrated, Ok(true))
}

/// Functions, triggers, constraints and grants.
async fn look_at_rules(config: &Config, pool: &PgPool, findings: &mut Findings) {
    const SUBJECT: &str = "rules";
    match rules::differences(config, pool).await {
        Ok(found) if found.is_empty() => {
            findings.ok(SUBJECT, "functions, triggers, constraints and grants are as they ship")
        }
        Ok(found) => {
            for difference in found {
                findings.failed(SUBJECT, difference.to_string(), difference.cure());
            }
        }
        Err(error) => {
            findings.failed(SUBJECT, format!("{error:#}"), "run `countersign migrate`");
        }
    }
}

/// What live tokens may do, beside what their catalogues say today.
async fn look_at_scopes(config: &Config, pool: &PgPool, findings: &mut Findings) {
    const SUBJECT: &str = "scopes";
    let cure = "Countersign refuses what no longer agrees (403): put the catalogue back, or let the tokens be \
                edited, which takes approvals; a provider's own page or API goes by what it was told";
    match rules::drifts(config, pool).await {
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
