//! How the bot logs in to a mail server: with a password, or with an access token (XOAUTH2).
//!
//! XOAUTH2: <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Auth, Ehlo};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::refusal::Stage;
use super::smtp::SendFailure;
use crate::config::MailOauth;
use crate::issuer::TokenSource;
use crate::network::Network;
use crate::redaction::Secrets;

/// The reply to a login that is not accepted (RFC 4954, 6).
const NOT_ACCEPTED: u16 = 535;

/// How many tokens are known, so that nobody reads them in an answer: one may be renewed while another connection
/// still waits for its answer.
const KNOWN_TOKENS: usize = 4;

/// A login, if there is one.
pub(super) struct Login {
    way: Way,
    /// What nobody may read, but the access tokens.
    secrets: Secrets,
    tokens: Mutex<VecDeque<SecretString>>,
}

enum Way {
    /// The server wants none.
    Nothing,
    Password(Credentials),
    Token {
        user: String,
        source: Box<TokenSource>,
    },
}

/// A login that failed.
pub(super) struct LoginFailure {
    pub(super) failure: SendFailure,
    /// The access token that was not accepted: it may have ended before its time.
    pub(super) refused: Option<SecretString>,
}

impl From<SendFailure> for LoginFailure {
    fn from(failure: SendFailure) -> Self {
        Self { failure, refused: None }
    }
}

impl Login {
    /// Reads the server's URL. Errors never repeat it.
    pub(super) fn new(
        url: &Url,
        oauth: Option<&MailOauth>,
        network: &Network,
    ) -> anyhow::Result<Self> {
        let decode = |text: &str| {
            let decoded = percent_decode_str(text).decode_utf8().map(Cow::into_owned);
            decoded.map_err(|_| anyhow::anyhow!("[mail] url holds a login that is not UTF-8"))
        };
        let user = decode(url.username())?;
        let mut secrets = Secrets::default();
        let way = match (oauth, url.password()) {
            (Some(oauth), _) => {
                let source = Box::new(TokenSource::new(oauth, network)?);
                secrets = source.secrets();
                Way::Token { user, source }
            }
            (None, Some(password)) => {
                let password = decode(password)?;
                // In whatever form it goes over the wire, it is recognised there.
                secrets.add_word(&password);
                Way::Password(Credentials::new(user, password))
            }
            (None, None) => Way::Nothing,
        };
        Ok(Self { way, secrets, tokens: Mutex::default() })
    }

    /// Logs in on a new connection. An access token that was `refused` before is not used again.
    pub(super) async fn log_in(
        &self,
        connection: &mut AsyncSmtpConnection,
        hello: &ClientId,
        refused: Option<&SecretString>,
    ) -> Result<(), LoginFailure> {
        match &self.way {
            Way::Nothing => Ok(()),
            Way::Password(credentials) => {
                expect_offer(connection, hello, DEFAULT_MECHANISMS).await?;
                let answer = connection.auth(DEFAULT_MECHANISMS, credentials).await;
                answer.map_err(SendFailure::at(Stage::Login))?;
                Ok(())
            }
            Way::Token { user, source } => {
                // A server that takes none needs none.
                expect_offer(connection, hello, &[Mechanism::Xoauth2]).await?;
                let token = source.token(refused).await.map_err(SendFailure::NoToken)?;
                self.remember(&token);
                let answer = present(connection, user, &token).await;
                answer.map_err(|error| {
                    let is_refused =
                        error.status().is_some_and(|code| u16::from(code) == NOT_ACCEPTED);
                    let failure = SendFailure::At(Stage::TokenLogin, error);
                    LoginFailure { failure, refused: is_refused.then_some(token) }
                })
            }
        }
    }

    /// A text without the secrets of the login.
    pub(super) fn take_out_of(&self, text: &str) -> String {
        // All at once: what is left of one could no longer be recognised after another.
        let mut secrets = self.secrets.clone();
        let known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().for_each(|token| secrets.add_word(token.expose_secret()));
        drop(known);
        secrets.take_out_of(text)
    }

    fn remember(&self, token: &SecretString) {
        let mut known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if known.iter().any(|known| known.expose_secret() == token.expose_secret()) {
            return;
        }
        known.truncate(KNOWN_TOKENS - 1);
        known.push_front(token.clone());
    }
}

/// `AUTH XOAUTH2`.
async fn present(
    connection: &mut AsyncSmtpConnection,
    user: &str,
    token: &SecretString,
) -> Result<(), Error> {
    let credentials = Credentials::new(user.to_owned(), token.expose_secret().to_owned());
    let answer = connection.command(Auth::new(Mechanism::Xoauth2, credentials, None)?).await?;
    if answer.has_code(334) {
        // Google says in a challenge that it refuses, and the refusal itself only after an empty answer. An answer
        // other than a refusal would be no login, either: then the server refuses what comes next.
        connection.command("\r\n").await?;
    }
    Ok(())
}

/// Whether the server offers one of these, with all that it offers if not.
async fn expect_offer(
    connection: &mut AsyncSmtpConnection,
    hello: &ClientId,
    mechanisms: &[Mechanism],
) -> Result<(), SendFailure> {
    if connection.server_info().get_auth_mechanism(mechanisms).is_some() {
        return Ok(());
    }
    // The library keeps only the names that it knows.
    let answer = connection.command(Ehlo::new(hello.clone())).await;
    let answer = answer.map_err(SendFailure::at(Stage::Connect))?;
    let offered: Vec<&str> = answer
        .message()
        .map(|line| line.split_whitespace())
        .filter_map(|mut words| words.next().filter(|word| *word == "AUTH").map(|_| words))
        .flatten()
        .collect();
    let names: Vec<String> = mechanisms.iter().map(ToString::to_string).collect();
    let offered = if offered.is_empty() { "no login".to_owned() } else { offered.join(", ") };
    let why = format!("the server offers {offered}, and we can log in with {}", names.join(" or "));
    Err(SendFailure::Unable(Stage::Offer, Cow::Owned(why)))
}
