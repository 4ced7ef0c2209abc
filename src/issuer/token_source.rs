//! Gets access tokens for what is no upstream, such as a mail server: the same login as an upstream's.

use std::time::Duration;

use secrecy::SecretString;

use super::answer::Later;
use super::build_client;
use super::call::Sender;
use super::credentials;
use super::login::{NoLogin, Session};
use crate::config::{MailOauth, UpstreamValues};
use crate::network::{ClientTls, Network};
use crate::redaction::Secrets;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Gets tokens from one endpoint, and keeps the last until shortly before its end.
#[derive(Debug)]
pub struct TokenSource {
    client: reqwest::Client,
    settings: MailOauth,
    session: Session,
}

/// Why there is no token, for an operator: without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoToken {
    /// The endpoint refuses; its words begin with the code of RFC 6749, 5.2, if it gives one.
    #[error("the token endpoint refuses: {0}")]
    Refused(String),
    /// It can't be called.
    #[error("the token endpoint can't be reached: {0}")]
    Unreachable(String),
    /// It is not able to answer now.
    #[error("the token endpoint gives no token just now: {0}")]
    NotNow(String),
    /// It answers with something else.
    #[error("the token endpoint's answer can't be used: {0}")]
    Unreadable(&'static str),
}

impl TokenSource {
    /// Calls nothing yet.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(settings: &MailOauth, network: &Network) -> anyhow::Result<Self> {
        let client = build_client(ClientTls::default(), TIMEOUT, network)?;
        Ok(Self { client, settings: settings.clone(), session: Session::default() })
    }

    /// The current token, or a new one. One that was `refused` is dropped.
    ///
    /// # Errors
    /// There is no token, and why.
    pub async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, NoToken> {
        let (sender, login) = (self.sender(), &self.settings.login);
        match self.session.token(&sender, login, refused).await {
            Ok(token) => Ok(token),
            Err(NoLogin::Refused(status, words)) => {
                Err(NoToken::Refused(super::describe_refusal(status, words)))
            }
            Err(NoLogin::Unreadable(why)) => Err(NoToken::Unreadable(why)),
            Err(NoLogin::NotNow(Some(Later { said, .. }))) => Err(NoToken::NotNow(said)),
            Err(NoLogin::Doubtful(why)) => Err(NoToken::NotNow(why)),
            Err(NoLogin::NotNow(None)) => {
                let nothing = UpstreamValues::of_nothing();
                let why = sender.why_unreachable(&login.call, &nothing).await;
                let why = why.unwrap_or_else(|| "it did not answer just now".to_owned());
                Err(NoToken::Unreachable(why))
            }
        }
    }

    /// What nobody may read of its calls.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        credentials::of_operator(&self.settings.outside)
    }

    fn sender(&self) -> Sender<'_> {
        Sender {
            client: &self.client,
            outside: &self.settings.outside,
            // The configuration takes no such URL.
            allow_plaintext: false,
            id_is_secret: false,
            login: None,
            makes: false,
            can_look: false,
            hidden: None,
        }
    }
}
