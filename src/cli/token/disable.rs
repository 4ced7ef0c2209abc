//! `countersign token disable`: one person disables a token, even if Discord does not answer.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use sqlx::PgConnection;

use super::{as_json, as_text};
use crate::cli::{self, ask};
use crate::config::Config;
use crate::domain::ids::RequestNumber;
use crate::domain::issuer::IssuerKind;
use crate::domain::operator::Operator;
use crate::domain::token::{Token, TokenState};
use crate::keyring::Keyring;
use crate::store::pool::LockTimeout;
use crate::store::{requests, tokens};
use crate::workflow::refusal::Refusal;
use crate::workflow::token::end;
use crate::workflow::{Failure, Workflow};

/// Arguments of `token disable`.
#[derive(Debug, Args)]
pub struct DisableArguments {
    /// Its Account SID, or the number of a request that made or changes it: #7
    #[arg(value_name = "SID|#NUMBER")]
    token: String,
    /// Don't ask whether it is the right one
    #[arg(long)]
    yes: bool,
    /// Print the token as JSON once it is disabled
    #[arg(long)]
    json: bool,
}

/// Runs `token disable`.
pub async fn run(config: Config, arguments: &DisableArguments) -> anyhow::Result<ExitCode> {
    let (url, network) = (config.database.url.clone(), config.network.clone());
    match disable(config, arguments).await {
        Err(error) => Err(cli::name_blocking_sessions(error, &url, &network).await),
        done => done,
    }
}

async fn disable(config: Config, arguments: &DisableArguments) -> anyhow::Result<ExitCode> {
    let pool = cli::connect_database(&config, LockTimeout::Brief).await?;
    let token = {
        let mut connection = pool.acquire().await?;
        named(&mut connection, arguments.token.trim()).await?
    };
    let called = as_text(&token, &config);
    let question = format!("Disable {called}? Programs that use it are refused then.");
    if !arguments.yes && !ask::confirm(&question)? {
        eprintln!("Nothing was disabled.");
        return Ok(ExitCode::FAILURE);
    }
    let keyring = Keyring::load(&config.keys.file).context("[keys] file is not usable")?;
    let workflow = Workflow::new(pool, Arc::new(config), Arc::new(keyring));
    let token = match end::disable_by_operator(&workflow, token.id, &operator(), None).await {
        Ok(token) => token,
        Err(Failure::Refused(Refusal::TokenIs(state))) => {
            bail!("{called} is {} already; nothing was changed", name_of(state))
        }
        Err(failure) => return Err(failure.into()),
    };
    let said = match arguments.json {
        true => as_json(&token).to_string(),
        false => became(&called, token.state, token.issuer),
    };
    writeln!(std::io::stdout(), "{said}").context("can't print")?;
    Ok(ExitCode::SUCCESS)
}

/// What happened to the token, and who completes it if it is not done yet.
fn became(called: &str, state: TokenState, issuer: IssuerKind) -> String {
    match (state, issuer) {
        (TokenState::Disabled, _) => format!("{called} is disabled."),
        (_, IssuerKind::Http) => format!(
            "{called} is being disabled at its provider. Until that is done it may still \
             work. If the API there does not do it, a card in the approval channel asks an admin \
             to."
        ),
        _ => format!(
            "{called} can't be disabled from here: a card in the approval channel asks an \
             admin to do it at the provider. Until then it may still work."
        ),
    }
}

/// The user who runs this, for the audit log. The name is that of the system's user database.
pub(in crate::cli) fn operator() -> Operator {
    // SAFETY: it takes nothing, changes nothing and can't fail.
    let uid = unsafe { libc::getuid() };
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let sudo_user = std::env::var("SUDO_USER").ok().filter(|name| !name.is_empty());
    Operator { uid, name: name_in(&users, uid), sudo_user }
}

/// The name of a user in a file with lines like `name:password:uid:…`.
fn name_in(users: &str, uid: u32) -> Option<String> {
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut of_uid =
        fields.filter(|fields| fields.get(2).and_then(|id| id.parse().ok()) == Some(uid));
    Some((*of_uid.next()?.first()?).to_owned())
}

/// The states of a token that has ended or is about to.
fn name_of(state: TokenState) -> &'static str {
    match state {
        TokenState::Issued | TokenState::Active => "on",
        TokenState::Disabling => "being disabled",
        TokenState::Disabled => "disabled",
        TokenState::Deleting => "being deleted",
        TokenState::Deleted => "deleted",
        TokenState::Expired => "expired",
    }
}

/// The one token with this name. Providers may use an Account SID that looks like a number.
async fn named(connection: &mut PgConnection, name: &str) -> anyhow::Result<Token> {
    let mut found = tokens::find_by_account_sid(connection, name).await?;
    let number = name.strip_prefix('#').unwrap_or(name);
    if found.is_empty()
        && let Ok(number) = number.parse::<RequestNumber>()
        && let Some(id) = requests::find_by_number(connection, number).await?
    {
        let request = requests::get(connection, id).await?.context("the request is not there")?;
        found.extend(match request.token() {
            Some(token) => tokens::get(connection, token).await?,
            None => tokens::get_of_request(connection, id).await?,
        });
        ensure!(!found.is_empty(), "#{number} has made no token");
    }
    ensure!(
        found.len() < 2,
        "{} tokens have this Account SID; name one by its request: {}",
        { found.len() },
        numbers(connection, &found).await?
    );
    found.pop().context("there is no token with this Account SID, and no request of this number")
}

async fn numbers(connection: &mut PgConnection, tokens: &[Token]) -> sqlx::Result<String> {
    let mut numbers = Vec::new();
    for token in tokens {
        let request = requests::get(connection, token.request).await?;
        numbers.extend(request.map(|request| format!("#{}", request.number)));
    }
    Ok(numbers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_is_asked_at_once_only_where_no_api_is() {
        let said = |state, issuer| became("Reports", state, issuer);
        let asked = "asks an admin to do it";
        assert_eq!(said(TokenState::Disabled, IssuerKind::Builtin), "Reports is disabled.");
        assert!(said(TokenState::Disabling, IssuerKind::Manual).contains(asked));
        let by_upstream = said(TokenState::Disabling, IssuerKind::Http);
        assert!(
            !by_upstream.contains(asked) && by_upstream.contains("If the API"),
            "{by_upstream}"
        );
    }

    #[test]
    fn a_user_is_called_as_the_machine_says() {
        let users =
            "root:x:0:0:root:/root:/bin/sh\nbroken\nalice:x:1000:1000::/home/alice:/bin/sh\n";
        assert_eq!(name_in(users, 1000).as_deref(), Some("alice"));
        assert_eq!(name_in(users, 1001), None);
    }
}
