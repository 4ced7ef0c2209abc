//! What the role of this login could do beyond its grants.

use std::fmt;

use sqlx::{PgConnection, PgExecutor};

/// The role of a login, as the server knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Why the database's rules can't hold the role; none if they can.
    pub above_rules: Option<GuardBypass>,
}

/// A way in which a role could disable or avoid the database's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardBypass {
    /// It is a superuser, or can become one.
    Superuser,
    /// It, or a role that it can become, is exempt from row level security.
    BypassesRowSecurity,
    /// It owns the database, or something in our schemas.
    Owner,
    /// It can become this role, which has such a way.
    MemberOf(String),
    /// It can make itself a member of the owner (in PostgreSQL 15 and older).
    CreatesRoles,
    /// It is a member of this predefined role of PostgreSQL, which can write to all tables or on the
    /// server.
    Predefined(String),
    /// It is a member of this role, whose rights no comparison covers.
    Belongs(String),
}

impl fmt::Display for GuardBypass {
    /// After the role's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Superuser => f.write_str("is a superuser, or may become one"),
            Self::BypassesRowSecurity => f.write_str("bypasses row level security"),
            Self::Owner => f.write_str("owns the database or its tables"),
            Self::MemberOf(owner) => write!(f, "is a member of {owner}, which owns the tables"),
            Self::CreatesRoles => {
                f.write_str("may create roles, and so make itself a member of the owner")
            }
            Self::Predefined(role) => write!(f, "is a member of {role}"),
            Self::Belongs(role) => {
                write!(f, "is a member of {role}, and may become it, with whatever it may do")
            }
        }
    }
}

/// The role of the login. It does not matter which role was set since: `RESET ROLE` leads back.
pub async fn get_role(database: impl PgExecutor<'_>) -> sqlx::Result<Role> {
    // From PostgreSQL 16 on, CREATEROLE gives no membership in roles that others created.
    let found = sqlx::query!(
        r#"with mine as (
               select oid, rolname, rolsuper, rolbypassrls from pg_roles
               where pg_has_role(session_user, oid, 'MEMBER')),
           owners as (
               select datdba as oid from pg_database where datname = current_database()
               union select nspowner from pg_namespace
                   where nspname = 'countersign'
               union select relowner from pg_class join pg_namespace on pg_namespace.oid = relnamespace
                   where nspname = 'countersign'
               union select proowner from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
                   where nspname = 'countersign'
               union select typowner from pg_type join pg_namespace on pg_namespace.oid = typnamespace
                   where nspname = 'countersign'
               union select oprowner from pg_operator join pg_namespace on pg_namespace.oid = oprnamespace
                   where nspname = 'countersign')
           select session_user::text as "name!",
               exists (select from mine where rolsuper) as "superuser!",
               exists (select from mine where rolbypassrls) as "bypasses!",
               exists (select from mine join owners using (oid) where rolname = session_user) as "owns!",
               (select min(rolname::text) from mine join owners using (oid)) as member_of,
               (select rolcreaterole from pg_roles where rolname = session_user)
                   and current_setting('server_version_num')::int < 160000 as "creates!",
               (select min(rolname::text) from mine where rolname in ('pg_write_all_data',
                   'pg_write_server_files', 'pg_execute_server_program')) as predefined,
               (select min(rolname::text) from pg_auth_members join pg_roles on pg_roles.oid = roleid
                where member = (select oid from pg_roles where rolname = session_user)) as belongs_to"#
    )
    .fetch_one(database)
    .await?;
    // A superuser counts as a member of every role.
    let above_rules = if found.superuser {
        Some(GuardBypass::Superuser)
    } else if found.bypasses {
        Some(GuardBypass::BypassesRowSecurity)
    } else if found.owns {
        Some(GuardBypass::Owner)
    } else if let Some(owner) = found.member_of {
        Some(GuardBypass::MemberOf(owner))
    } else if found.creates {
        Some(GuardBypass::CreatesRoles)
    } else if let Some(role) = found.predefined {
        Some(GuardBypass::Predefined(role))
    } else {
        found.belongs_to.map(GuardBypass::Belongs)
    };
    Ok(Role { name: found.name, above_rules })
}

/// The role that a login's name means. Some poolers take it with the project's name behind a dot, which the server
/// doesn't know.
pub async fn find_name(connection: &mut PgConnection, login: &str) -> sqlx::Result<String> {
    let found = sqlx::query_scalar!(
        r#"select rolname::text as "name!" from pg_roles
           where rolname = $1 or rolname = regexp_replace($1, '[.][^.]*$', '')
           order by rolname <> $1"#,
        login
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.unwrap_or_else(|| login.to_owned()))
}

/// The role of this session, if it is neither this one nor the owner of our schema: what stands between may log in as
/// another role than it is told.
pub async fn find_stranger(
    connection: &mut PgConnection,
    role: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"select session_user::text as "name!" where session_user <> $1
           and not exists (select from pg_namespace join pg_roles on pg_roles.oid = nspowner
               where nspname = 'countersign' and rolname = session_user)"#,
        role
    )
    .fetch_optional(connection)
    .await
}

/// A setting that is stored for sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSetting {
    /// The setting's name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it is stored for the role; otherwise for the database, or for all roles.
    pub is_the_roles: bool,
}

/// All settings that are stored for the sessions of this role in this database, by any role.
pub async fn list_settings(
    connection: &mut PgConnection,
    role: &str,
) -> sqlx::Result<Vec<RoleSetting>> {
    sqlx::query_as!(
        RoleSetting,
        r#"select split_part(config, '=', 1) as "name!",
               left(substr(config, length(split_part(config, '=', 1)) + 2), 100) as "value!",
               setrole <> 0::oid as "is_the_roles!"
           from pg_db_role_setting, unnest(setconfig) as config
           where setdatabase in (0::oid, (select oid from pg_database where datname = current_database()))
               and setrole in (0::oid, (select oid from pg_roles where rolname = $1))
           order by 1, 3"#,
        role
    )
    .fetch_all(connection)
    .await
}

/// The login that changes the schema, and its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaLogin {
    /// Whether it is a superuser.
    pub is_superuser: bool,
    /// The database that it is in.
    pub database: String,
    /// The owner of our tables, if they exist and this login does not own them, not even as a member of
    /// that role.
    pub other_owner: Option<String>,
}

/// The relationship of a login to the schema.
pub async fn find_schema_login(connection: &mut PgConnection) -> sqlx::Result<SchemaLogin> {
    sqlx::query_as!(
        SchemaLogin,
        r#"select (select rolsuper from pg_roles where rolname = session_user) as "is_superuser!",
               current_database()::text as "database!",
               (select min(rolname::text) from pg_namespace join pg_roles on pg_roles.oid = nspowner
                where nspname = 'countersign'
                    and not pg_has_role(session_user, nspowner, 'MEMBER')) as other_owner"#
    )
    .fetch_one(connection)
    .await
}
