//! The conversation with a mail server, stage by stage: what a refusal means hangs on the stage at which it
//! comes ([`super::refusal`]).

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, Tls, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout, timeout_at};
use url::{Host, Url};

use super::login::{Login, LoginFailure};
use super::refusal::Stage;
use crate::config::{HelloName, MailOauth};
use crate::issuer::NoToken;
use crate::network::Network;

/// For one email, from the connection to the server's last word.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// For a connection, and for a goodbye.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a connection is kept for the next email, and how many of them.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
const IDLE_CONNECTIONS: usize = 2;

/// Why a server did not take an email.
#[derive(Debug)]
pub(super) enum SendFailure {
    /// The server said no, or the connection ended.
    At(Stage, Error),
    /// The server did not answer in time.
    Silent(Stage),
    /// The server can't carry such an email, or takes no login of ours.
    Unable(Stage, Cow<'static, str>),
    /// There is no access token to log in with.
    NoToken(NoToken),
}

impl SendFailure {
    pub(super) fn at(stage: Stage) -> impl Fn(Error) -> Self {
        move |error| Self::At(stage, error)
    }

    /// Whether the server no longer knows the login of a connection: its access token has ended.
    fn is_logged_out(&self) -> bool {
        let Self::At(Stage::Sender, error) = self else { return false };
        error.status().is_some_and(|code| matches!(u16::from(code), 530 | 535))
    }
}

/// A mail server, with the connections that wait for the next email.
pub(super) struct Server {
    host: String,
    port: u16,
    /// The name that we give; by default that of the machine.
    hello: Option<ClientId>,
    tls: Tls,
    pub(super) login: Login,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Server {
    /// Reads lettre's form of URL. Errors never repeat it, since it holds the login.
    pub(super) fn new(
        url: &SecretString,
        (ca_file, hello): (Option<&Path>, Option<&HelloName>),
        oauth: Option<&MailOauth>,
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
        // In lettre's form the path names us towards the server.
        let hello = match (hello, url.path().trim_matches('/')) {
            (Some(HelloName::Name(name)), _) => Some(ClientId::Domain(name.clone())),
            (Some(HelloName::Address(IpAddr::V4(address))), _) => Some(ClientId::Ipv4(*address)),
            (Some(HelloName::Address(IpAddr::V6(address))), _) => Some(ClientId::Ipv6(*address)),
            (None, "") => None,
            (None, name) => Some(ClientId::Domain(name.to_owned())),
        };
        let login = Login::new(&url, oauth, network)?;
        let port = url.port().unwrap_or(port);
        Ok(Self { host, port, hello, tls, login, idle: Mutex::default() })
    }

    /// Connects, logs in, and asks whether the sender may send, without sending: to itself, since many servers
    /// keep what they have against a sender until a recipient is named.
    pub(super) async fn check(&self, from: &Address) -> Result<(), SendFailure> {
        let deadline = Instant::now() + SEND_TIMEOUT;
        let connection = timeout_at(deadline, self.connect()).await;
        let mut connection = connection.map_err(|_| SendFailure::Silent(Stage::Connect))??;
        let asking = async {
            name_sender(&mut connection, (from, from), b"").await?;
            let recipient = Rcpt::new(from.clone(), Vec::new());
            let answer = connection.command(recipient).await;
            answer.map(drop).map_err(SendFailure::at(Stage::Recipient))
        };
        let result = timeout_at(deadline, asking).await;
        hang_up(connection).await;
        result.map_err(|_| SendFailure::Silent(Stage::Sender))?
    }

    /// Hands over one email.
    pub(super) async fn send(
        &self,
        (from, to): (&Address, &Address),
        email: &[u8],
    ) -> Result<Response, SendFailure> {
        let deadline = Instant::now() + SEND_TIMEOUT;
        let kept = timeout_at(deadline, self.find_kept()).await;
        if let Some(connection) = kept.map_err(|_| SendFailure::Silent(Stage::Connect))? {
            match self.hand_over((connection, deadline), (from, to), email).await {
                Err(failure) if failure.is_logged_out() => {}
                result => return result,
            }
        }
        let connection = timeout_at(deadline, self.connect()).await;
        let connection = connection.map_err(|_| SendFailure::Silent(Stage::Connect))??;
        self.hand_over((connection, deadline), (from, to), email).await
    }

    async fn hand_over(
        &self,
        (mut connection, deadline): (AsyncSmtpConnection, Instant),
        (from, to): (&Address, &Address),
        email: &[u8],
    ) -> Result<Response, SendFailure> {
        let result = timeout_at(deadline, converse(&mut connection, (from, to), email)).await;
        let result = result.map_err(|_| SendFailure::Silent(Stage::Message))?;
        match result {
            Ok(_) => self.keep(connection),
            Err(_) => hang_up(connection).await,
        }
        result
    }

    /// A connection that waits and still answers.
    async fn find_kept(&self) -> Option<AsyncSmtpConnection> {
        while let Some((mut connection, since)) = self.take() {
            if since.elapsed() < IDLE_TIMEOUT && connection.test_connected().await {
                return Some(connection);
            }
            hang_up(connection).await;
        }
        None
    }

    /// A new connection that is logged in. If the server refuses an access token, it gets another one, once.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SendFailure> {
        let mut refused = None;
        loop {
            let greeted = self.greet().await.map_err(SendFailure::at(Stage::Connect));
            let (mut connection, hello) = greeted?;
            let logged_in = self.login.log_in(&mut connection, &hello, refused.as_ref()).await;
            let Err(LoginFailure { failure, refused: token }) = logged_in else {
                return Ok(connection);
            };
            hang_up(connection).await;
            match token {
                Some(token) if refused.is_none() => refused = Some(token),
                _ => return Err(failure),
            }
        }
    }

    /// Connects, encrypts, and says who we are.
    async fn greet(&self) -> Result<(AsyncSmtpConnection, ClientId), Error> {
        let wrapper = match &self.tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let hello = match &self.hello {
            Some(hello) => hello.clone(),
            None => find_own_name(address).await,
        };
        let patience = Some(CONNECT_TIMEOUT);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, patience, &hello, wrapper, None).await?;
        match &self.tls {
            Tls::Opportunistic(_) if !connection.can_starttls() => {}
            Tls::Opportunistic(parameters) | Tls::Required(parameters) => {
                connection.starttls(parameters.clone(), &hello).await?;
            }
            Tls::None | Tls::Wrapper(_) => {}
        }
        Ok((connection, hello))
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
    name_sender(connection, (from, to), email).await?;
    let recipient = Rcpt::new(to.clone(), Vec::new());
    connection.command(recipient).await.map_err(SendFailure::at(Stage::Recipient))?;
    connection.command(Data).await.map_err(SendFailure::at(Stage::Message))?;
    connection.message(email).await.map_err(SendFailure::at(Stage::Message))
}

async fn name_sender(
    connection: &mut AsyncSmtpConnection,
    (from, to): (&Address, &Address),
    email: &[u8],
) -> Result<(), SendFailure> {
    let mut parameters = Vec::new();
    let server = connection.server_info();
    if !is_ascii(from) || !is_ascii(to) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            let whose = if is_ascii(from) { Stage::Recipient } else { Stage::Sender };
            let why = "the server takes no international addresses (SMTPUTF8)";
            return Err(SendFailure::Unable(whose, why.into()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !email.is_ascii() {
        if !server.supports_feature(Extension::EightBitMime) {
            let why = "the server takes no emails beyond ASCII (8BITMIME)";
            return Err(SendFailure::Unable(Stage::Message, why.into()));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = Mail::new(Some(from.clone()), parameters);
    connection.command(sender).await.map(drop).map_err(SendFailure::at(Stage::Sender))
}

/// The machine's name if it is a full one, else the address from which it reaches the server (RFC 5321, 4.1.4): a
/// container's own name means nothing to others, and many servers refuse it.
async fn find_own_name(server: (&str, u16)) -> ClientId {
    match ClientId::default() {
        ClientId::Domain(name) if HelloName::is_full_name(&name) => ClientId::Domain(name),
        _ => match find_own_address(server).await {
            Some(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Some(IpAddr::V6(address)) => ClientId::Ipv6(address),
            None => ClientId::Ipv4(Ipv4Addr::LOCALHOST),
        },
    }
}

/// A datagram socket knows it without sending anything.
async fn find_own_address(server: (&str, u16)) -> Option<IpAddr> {
    let server = tokio::net::lookup_host(server).await.ok()?.next()?;
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await.ok()?;
    socket.connect(server).await.ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn is_ascii(address: &Address) -> bool {
    address.user().is_ascii() && address.domain().is_ascii()
}

async fn hang_up(mut connection: AsyncSmtpConnection) {
    // It is over in any case; a server that hangs must not keep us.
    let _: Result<(), _> = timeout(QUIT_TIMEOUT, connection.abort()).await;
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
