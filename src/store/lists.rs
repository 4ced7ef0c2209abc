//! Tokens as people look them up.

use sqlx::PgConnection;

use super::{number, tokens};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{TokenId, UserId};
use crate::domain::token::Token;

/// Whose tokens somebody sees: their own, those that they are contact of, and all of some providers.
#[derive(Debug)]
pub struct Viewer {
    /// Who looks.
    pub user: UserId,
    /// The providers whose admin they are.
    pub admin_of: Vec<ProviderId>,
}

/// Tokens whose name holds `typed`, whatever its case, the newest first.
///
/// # Errors
/// As the database says.
pub async fn like(
    connection: &mut PgConnection,
    viewer: &Viewer,
    typed: &str,
    most: usize,
) -> sqlx::Result<Vec<Token>> {
    let providers: Vec<String> = viewer.admin_of.iter().map(ToString::to_string).collect();
    let ids = sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where (owner = $1 or contact = $1 or provider = any($2))
               and position(lower($3) in lower(name)) > 0
           order by id desc limit $4"#,
        viewer.user.get(),
        &providers,
        typed,
        number::<i64, _>(most)?
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(tokens::get(connection, id).await?);
    }
    Ok(found)
}
