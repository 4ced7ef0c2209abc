//! Why the database can't be worked with, as one sentence with what to do about it.

use std::fmt;
use std::io::ErrorKind;

use secrecy::SecretString;
use sqlx::PgConnection;
use sqlx::postgres::PgDatabaseError;

use crate::network::{self, Network};
use crate::store::pool::{self, Unfit};

/// The database can't be worked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Unreachable {
    /// What happened.
    pub what: String,
    /// What to do about it, unless that is said already.
    pub cure: Option<&'static str>,
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.cure.map_or(Ok(()), |cure| write!(f, ": {cure}"))
    }
}

/// Connects, without the lock of those who work in the database.
///
/// # Errors
/// Why that failed, and what to do.
pub async fn connect(url: &SecretString, network: &Network) -> Result<PgConnection, Unreachable> {
    pool::connect_first(url, network).await.map_err(|error| explain(&error))
}

/// What an error of a connection means. Its text holds nothing of the URL but names.
pub fn explain(error: &sqlx::Error) -> Unreachable {
    if let Some(unfit) = Unfit::within(error) {
        return Unreachable { what: unfit.to_string(), cure: Some(unfit.cure()) };
    }
    if let Some(sentence) = network::find_cure(error) {
        return Unreachable { what: sentence.to_owned(), cure: None };
    }
    let (what, cure) = match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            let hint = error.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::hint);
            let said = match hint {
                Some(hint) => format!("{} ({hint})", error.message()),
                None => error.message().to_owned(),
            };
            (format!("the server says: {said}"), find_cure(&code, &said))
        }
        sqlx::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => (
                "nothing listens at that host and port".to_owned(),
                "start Postgres, or correct the host and the port in the URL",
            ),
            ErrorKind::TimedOut => (
                "the server doesn't answer in time".to_owned(),
                "see that the host and the port in the URL are right, and that no firewall is in between",
            ),
            ErrorKind::NotFound => (
                "there is no such socket".to_owned(),
                "start Postgres, or correct the folder of its socket in the URL",
            ),
            _ if is_unknown_name(error) => (
                "the name of the server is not known".to_owned(),
                "correct the host in the URL, or see that this machine can look names up",
            ),
            _ => (
                error.to_string(),
                "see that the server runs, and that this machine reaches its host and port",
            ),
        },
        sqlx::Error::PoolTimedOut => (
            "the server gives no connection in time".to_owned(),
            "see that it runs, and that max_connections leaves room",
        ),
        sqlx::Error::Tls(error) => (
            format!("TLS fails: {error}"),
            "let sslmode in the URL be what the server offers, and sslrootcert its authority",
        ),
        error => {
            (error.to_string(), "see that the URL is right, and that the server is a PostgreSQL")
        }
    };
    Unreachable { what, cure: Some(cure) }
}

/// The system's resolver has no kind of error of its own.
fn is_unknown_name(error: &std::io::Error) -> bool {
    error.to_string().contains("lookup address")
}

/// By the codes of PostgreSQL's documentation, appendix A.
fn find_cure(code: &str, said: &str) -> &'static str {
    match code {
        "28P01" => "correct the user and the password in the URL, special characters as %XX",
        "28000" if said.contains("pg_hba.conf") => {
            "let pg_hba.conf of the server allow this role from this machine (with TLS, if it asks for that)"
        }
        "28000" => "correct the user in the URL, or create that role: README.md, \"Install it\"",
        "3D000" => "correct the database in the URL, or create it: README.md, \"Install it\"",
        "42501" => "let this role connect to the database: grant connect on database … to …",
        "53300" => {
            "let max_connections of the server leave room for 27 connections of each process, 9 more with [verify]"
        }
        "57P03" => "wait until it has started",
        _ => "see that the URL is right, and what the server's log says",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain_io(kind: ErrorKind) -> String {
        explain(&sqlx::Error::Io(kind.into())).to_string()
    }

    #[test]
    fn each_failure_is_one_sentence_with_what_to_do() {
        let refused = explain_io(ErrorKind::ConnectionRefused);
        assert_eq!(
            refused,
            "nothing listens at that host and port: start Postgres, or correct the host and the \
             port in the URL"
        );
        assert!(explain_io(ErrorKind::NotFound).contains("socket"));
        assert!(explain_io(ErrorKind::TimedOut).contains("firewall"));
        let unknown = std::io::Error::other("failed to lookup address information: nothing");
        assert!(explain(&sqlx::Error::Io(unknown)).what.contains("name of the server"));
    }
}
