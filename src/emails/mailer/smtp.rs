//! The conversation with a mail server, step by step: what a refusal means hangs on the step at which
//! it comes, and only the step tells whether it is about us, the server, or the email.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, Tls, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout};
use url::{Host, Url};

use crate::network::Network;

/// For a connection, and for a goodbye.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a connection is kept for the next email, and how many of them.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
const IDLE_CONNECTIONS: usize = 2;

/// Why a server did not take an email.
#[derive(Debug)]
pub(super) enum SendFailure {
    /// Before the recipient was named: it is about us or the server, and every email would fail.
    Server(Error),
    /// The server said no to this recipient or this email, or the connection ended meanwhile.
    Email(Error),
    /// The server can't carry such an email.
    Unable(&'static str),
}

/// A mail server, with the connections that wait for the next email.
pub(super) struct Server {
    host: String,
    port: u16,
    hello: ClientId,
    tls: Tls,
    credentials: Option<Credentials>,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Server {
    /// Reads lettre's form of URL. Errors never repeat it, since it holds the login.
    pub(super) fn new(
        url: &SecretString,
        ca_file: Option<&Path>,
        network: &Network,
    ) -> anyhow::Result<Self> {
        let url = Url::parse(url.expose_secret())
            .map_err(|_| anyhow::anyhow!("[mail] url is not one of a mail server"))?;
        let host = match url.host().context("[mail] url names no host")? {
            // Only a URL has brackets around it.
            Host::Ipv6(address) => address.to_string(),
            host => host.to_string(),
        };
        let wanted = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value);
        let parameters = || trusting(host.clone(), ca_file, network);
        let (port, tls) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", _) => (SUBMISSIONS_PORT, Tls::Wrapper(parameters()?)),
            ("smtp", Some("required")) => (SUBMISSION_PORT, Tls::Required(parameters()?)),
            ("smtp", Some("opportunistic")) => (SUBMISSION_PORT, Tls::Opportunistic(parameters()?)),
            ("smtp", None) => (SMTP_PORT, Tls::None),
            _ => anyhow::bail!("[mail] url is not one of a mail server"),
        };
        // The path names us towards the server.
        let name = url.path().trim_matches('/');
        let hello = match name {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let credentials = credentials(&url)?;
        let port = url.port().unwrap_or(port);
        Ok(Self { host, port, hello, tls, credentials, idle: Mutex::default() })
    }

    /// Connects, logs in and hangs up again.
    pub(super) async fn check(&self) -> Result<(), Error> {
        let connection = self.connect().await?;
        hang_up(connection).await;
        Ok(())
    }

    /// Hands over one email.
    pub(super) async fn send(
        &self,
        (from, to): (&Address, &Address),
        email: &[u8],
    ) -> Result<Response, SendFailure> {
        let mut connection = self.connection().await.map_err(SendFailure::Server)?;
        let result = converse(&mut connection, (from, to), email).await;
        match result {
            Ok(_) => self.keep(connection),
            Err(_) => hang_up(connection).await,
        }
        result
    }

    /// One that waits, if it still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Error> {
        while let Some((mut connection, since)) = self.take() {
            if since.elapsed() < IDLE_TIMEOUT && connection.test_connected().await {
                return Ok(connection);
            }
            hang_up(connection).await;
        }
        self.connect().await
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = match &self.tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let patience = Some(CONNECT_TIMEOUT);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, patience, &self.hello, wrapper, None)
                .await?;
        match &self.tls {
            Tls::Opportunistic(_) if !connection.can_starttls() => {}
            Tls::Opportunistic(parameters) | Tls::Required(parameters) => {
                connection.starttls(parameters.clone(), &self.hello).await?;
            }
            Tls::None | Tls::Wrapper(_) => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.waiting();
        if idle.len() < IDLE_CONNECTIONS {
            idle.push((connection, Instant::now()));
        }
    }

    fn take(&self) -> Option<(AsyncSmtpConnection, Instant)> {
        self.waiting().pop()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    (from, to): (&Address, &Address),
    email: &[u8],
) -> Result<Response, SendFailure> {
    let mut parameters = Vec::new();
    let server = connection.server_info();
    if !is_ascii(from) || !is_ascii(to) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            return Err(SendFailure::Unable(
                "the server takes no international addresses (SMTPUTF8)",
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !email.is_ascii() {
        if !server.supports_feature(Extension::EightBitMime) {
            return Err(SendFailure::Unable("the server takes no emails beyond ASCII (8BITMIME)"));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = Mail::new(Some(from.clone()), parameters);
    connection.command(sender).await.map_err(SendFailure::Server)?;
    let recipient = Rcpt::new(to.clone(), Vec::new());
    connection.command(recipient).await.map_err(SendFailure::Email)?;
    connection.command(Data).await.map_err(SendFailure::Email)?;
    connection.message(email).await.map_err(SendFailure::Email)
}

fn is_ascii(address: &Address) -> bool {
    address.user().is_ascii() && address.domain().is_ascii()
}

async fn hang_up(mut connection: AsyncSmtpConnection) {
    // It is over in any case; a server that hangs must not keep us.
    let _: Result<(), _> = timeout(QUIT_TIMEOUT, connection.abort()).await;
}

fn credentials(url: &Url) -> anyhow::Result<Option<Credentials>> {
    let Some(password) = url.password() else { return Ok(None) };
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
        decoded.map_err(|_| anyhow::anyhow!("[mail] url holds a login that is not UTF-8"))
    };
    Ok(Some(Credentials::new(decode(url.username())?, decode(password)?)))
}

/// The library has the built-in authorities.
fn trusting(
    host: String,
    ca_file: Option<&Path>,
    network: &Network,
) -> anyhow::Result<TlsParameters> {
    const NO_TLS: &str = "TLS for the mail server could not be set up";
    let mut builder = TlsParameters::builder(host).certificate_store(CertificateStore::WebpkiRoots);
    for certificate in network.certificates() {
        let certificate = Certificate::from_der(certificate.to_vec()).context(NO_TLS)?;
        builder = builder.add_root_certificate(certificate);
    }
    if let Some(path) = ca_file {
        let shown = path.display();
        let pem = std::fs::read(path)
            .with_context(|| format!("[mail] ca_file {shown} could not be read"))?;
        let authority = Certificate::from_pem(&pem)
            .with_context(|| format!("[mail] ca_file {shown} holds no certificate in PEM form"))?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build().context(NO_TLS)
}

/// The enhanced status code (RFC 3463) with which a server's words begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Enhanced {
    subject: u16,
    detail: u16,
}

impl Enhanced {
    /// Out of words such as `5.1.1 Nobody here`.
    pub(super) fn of(words: &str) -> Option<Self> {
        let mut parts = words.split_whitespace().next()?.split('.');
        let _class = parts.next().filter(|class| matches!(*class, "4" | "5"))?;
        let mut number = || parts.next()?.parse::<u16>().ok();
        let found = Self { subject: number()?, detail: number()? };
        parts.next().is_none().then_some(found)
    }

    /// Whether a refusal with it is the mailbox's or the email's own and stays: the recipient's
    /// address (X.1, but for the sender's in X.1.7 and X.1.8), the mailbox (X.2, but for one that is
    /// full, which may be emptied), or an email too big for the system (X.3.4). The others are about
    /// us: policy, protocol, routes.
    pub(super) fn is_about_the_mailbox(self) -> bool {
        match (self.subject, self.detail) {
            (1, 7 | 8) | (2, 2) => false,
            (1 | 2, _) | (3, 4) => true,
            _ => false,
        }
    }
}
