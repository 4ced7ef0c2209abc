//! Upstreams: other services' APIs that create tokens, called as configured. This module decides what an
//! answer means; workflows decide what happens to a request or token.
//!
//! Tokens of the issuers `builtin` and `manual` need no API, so they don't appear
//! here.

mod answer;
mod call;
mod credentials;
mod ending;
mod generate;
mod length;
mod link;
mod list;
mod login;
mod moment;
mod own_secret;
mod preview;
mod reach;
mod reply;
mod sight;
mod token_source;
mod words;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::config::{
    ClientCertificate, Config, HttpCall, HttpIssuerSettings, IssuerSettings, Outside,
    ResponsePointers, UpstreamValues,
};
use crate::domain::catalogue::ProviderId;
use crate::network::{Authorities, ClientTls, Network};

use answer::Making;
pub use answer::{Answer, Created, Later, NotDone, Renewed};
use call::Sender;
pub use ending::Ended;
pub use list::{Listed, Listing};
use login::Session;
pub use login::is_of_login;
pub use moment::End;
pub use preview::Preview;
use reply::{Read, Reply};
pub use sight::{Doubt, Known, Said, Sight, Verdict, judge, may_call};
pub use token_source::{NoToken, TokenSource};

/// Time to connect; the whole call is limited by the configuration's `timeout`.
const CONNECT: Duration = Duration::from_secs(5);

/// How many jobs call one upstream at the same time.
const PLACES: usize = 2;

/// All upstreams.
#[derive(Debug)]
pub struct Upstreams(HashMap<ProviderId, Connections>);

/// The state for one upstream.
#[derive(Debug)]
struct Connections {
    client: reqwest::Client,
    places: Arc<Semaphore>,
    session: Session,
}

/// The right to call an upstream, until it is dropped; a provider without an upstream needs none to wait
/// for.
#[derive(Debug)]
pub struct CallPlace(
    #[expect(dead_code, reason = "gives the place back when it is dropped")]
    Option<OwnedSemaphorePermit>,
);

/// One upstream.
#[derive(Debug, Clone, Copy)]
pub struct Upstream<'a> {
    sender: Sender<'a>,
    settings: &'a HttpIssuerSettings,
}

impl Upstreams {
    /// A client for each provider with an issuer of kind `http`.
    ///
    /// # Errors
    /// A `ca_file` that holds no usable certificate.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let mut clients = HashMap::new();
        for provider in &config.providers {
            if let IssuerSettings::Http(settings) = &provider.issuer {
                let client = client(settings, &config.network)
                    .with_context(|| format!("the upstream of {} can't be called", provider.id))?;
                let places = Arc::new(Semaphore::new(PLACES));
                let session = Session::default();
                clients.insert(provider.id.clone(), Connections { client, places, session });
            }
        }
        Ok(Self(clients))
    }

    /// A provider's upstream; none if its issuer has no API.
    #[must_use]
    pub fn of<'a>(&'a self, config: &'a Config, provider: &ProviderId) -> Option<Upstream<'a>> {
        let settings = config.provider(provider)?.issuer.http()?;
        let connections = self.0.get(provider)?;
        let sender = Sender {
            client: &connections.client,
            outside: &settings.outside,
            allow_plaintext: settings.allow_plaintext,
            id_is_secret: settings.id_is_secret,
            login: settings.login.as_ref().map(|login| (login, &connections.session)),
            makes: false,
            can_look: false,
            hidden: None,
        };
        Some(Upstream { sender, settings })
    }

    /// A place to call a provider's upstream; none if all are taken.
    #[must_use]
    pub fn place(&self, provider: &ProviderId) -> Option<CallPlace> {
        let Some(connections) = self.0.get(provider) else { return Some(CallPlace(None)) };
        connections.places.clone().try_acquire_owned().ok().map(|permit| CallPlace(Some(permit)))
    }
}

impl<'a> Upstream<'a> {
    /// Its configuration.
    #[must_use]
    pub fn settings(&self) -> &'a HttpIssuerSettings {
        self.settings
    }

    /// Creates a token: by one call, or by several. If the first succeeded and a later one failed, the result is
    /// doubtful whatever the answer: a token may exist.
    pub async fn create(&self, values: &UpstreamValues) -> Answer<Created> {
        let outside = self.minted()?;
        let can_look = self.settings.find.is_some();
        let sender = Sender { outside: &outside, can_look, ..self.maker() };
        let call = &self.settings.create;
        let reply = sender.send(call, values, None).await?;
        let begun = Making::begin(&reply, &call.response, &outside);
        let mut made = clear(&reply, &call.response, begun)?;
        for (index, call) in self.settings.then.iter().enumerate() {
            let values = UpstreamValues { upstream_id: Some(made.id.clone()), ..values.clone() };
            let unfinished = |not_done| unfinished(index, not_done);
            let sender = Sender { hidden: made.secret.as_ref(), ..sender };
            let reply = sender.ask(call, &values, None).await.map_err(unfinished)?;
            let read = made.go_on(&reply, &call.response, &outside);
            made = read.map_err(NotDone::doubtful).map_err(unfinished)?;
        }
        made.finish(self.settings.id_is_secret).map_err(NotDone::doubtful)
    }

    /// Swaps a token's secret.
    pub async fn reset(&self, values: &UpstreamValues) -> Answer<Renewed> {
        self.renew(must_have(self.settings.reset.as_ref(), "reset")?, values).await
    }

    /// Enables a disabled token; returns a secret if `enable` gives one.
    pub async fn enable(&self, values: &UpstreamValues) -> Answer<Option<Renewed>> {
        let call = must_have(self.settings.enable.as_ref(), "enable")?;
        if call.response.secret.is_empty() {
            let reply = self.maker().ask(call, values, None).await?;
            return ending::is_done(&reply, call).map(|()| None);
        }
        self.renew(call, values).await.map(Some)
    }

    async fn renew(&self, call: &HttpCall, values: &UpstreamValues) -> Answer<Renewed> {
        let outside = self.minted()?;
        let sender = Sender { outside: &outside, ..self.maker() };
        let reply = sender.send(call, values, None).await?;
        let renewed = answer::renewed(&reply, &call.response, &outside, self.settings.id_is_secret);
        clear(&reply, &call.response, renewed)
    }

    /// Sends what makes or changes something.
    fn maker(&self) -> Sender<'a> {
        Sender { makes: true, ..self.sender }
    }

    /// The values for templates, with those created for one call.
    fn minted(&self) -> Answer<Outside> {
        Ok(self.settings.outside.with_generated(generate::generate(&self.settings.generate)?))
    }

    /// The same upstream, in whose answers this secret is hidden: nobody reads it in their words.
    #[must_use]
    pub fn hiding(self, secret: Option<&'a SecretString>) -> Self {
        Self { sender: Sender { hidden: secret, ..self.sender }, ..self }
    }

    /// The existing tokens, and which of them bear the marker of `values`.
    pub async fn find(&self, values: &UpstreamValues) -> Answer<Listing> {
        let find = must_have(self.settings.find.as_ref(), "find")?;
        list::find(&self.sender, find, values).await
    }

    /// What can be seen of the token of `values`, which has an id. It is an error if the upstream is unreachable or
    /// asks to wait, is an error.
    pub async fn look_at(&self, values: &UpstreamValues) -> Answer<Sight> {
        match &self.settings.get {
            Some(get) if values.upstream_id.is_some() => {
                let are_unique = self.settings.ids_are_unique;
                Sight::of(list::get(&self.sender, get, values, are_unique).await)
            }
            _ => self.look_in_list(values).await,
        }
    }

    /// The same by `find` alone, which shows its marker at any id.
    pub async fn look_in_list(&self, values: &UpstreamValues) -> Answer<Sight> {
        let (Some(id), Some(find)) = (values.upstream_id.as_deref(), &self.settings.find) else {
            return Ok(Sight::Unseen);
        };
        let listing = list::find(&self.sender, find, values).await;
        Sight::of(listing.map(|listing| listing.sight(id, self.settings.ids_are_unique)))
    }

    /// Changes a token in place.
    pub async fn update(&self, values: &UpstreamValues) -> Answer<()> {
        let update = must_have(self.settings.update.as_ref(), "update")?;
        let reply = self.maker().ask(&update.call, values, None).await;
        reply.and_then(|reply| ending::is_done(&reply, &update.call))
    }

    /// Ends a token.
    pub async fn revoke(&self, values: &UpstreamValues) -> Answer<Ended> {
        let call = must_have(self.settings.revoke.as_ref(), "revoke")?;
        ending::end(&self.sender, call, values).await
    }

    /// Disables a token.
    pub async fn disable(&self, values: &UpstreamValues) -> Answer<Ended> {
        let call = must_have(self.settings.disable.as_ref(), "disable")?;
        ending::end(&self.sender, call, values).await
    }

    /// Whether there is a call that swaps secrets.
    #[must_use]
    pub fn can_reset(&self) -> bool {
        self.settings.reset.is_some()
    }

    /// Whether a token gets its new secret by a reset before it is enabled, as `enable` gives none.
    #[must_use]
    pub fn resets_before_enabling(&self) -> bool {
        let gives_one = |enable: &HttpCall| !enable.response.secret.is_empty();
        self.can_reset() && !self.settings.enable.as_ref().is_some_and(gives_one)
    }

    /// Whether there is a call that disables tokens.
    #[must_use]
    pub fn can_disable(&self) -> bool {
        self.settings.disable.is_some()
    }
}

/// A call that the configuration may have.
fn must_have<'c, T>(call: Option<&'c T>, name: &str) -> Answer<&'c T> {
    call.ok_or_else(|| NotDone::unsupported(name))
}

/// What was read of an answer. One that says no, and gives nothing, is a refusal; one that says no and gives
/// any of what was asked for, nobody can tell.
fn clear<T>(reply: &Reply, at: &ResponsePointers, read: Read<T>) -> Answer<T> {
    match (&reply.says_no, read) {
        (None, read) => read.map_err(NotDone::doubtful),
        (Some(words), Err(_)) if !answer::gives(reply, at) => {
            Err(NotDone::Refused { status: Some(200), words: Some(words.clone()) })
        }
        (Some(words), _) => Err(NotDone::made_and_refused(Some(words))),
    }
}

/// A further call that makes a token was not seen to do so: what came before it is there.
fn unfinished(index: usize, not_done: NotDone) -> NotDone {
    NotDone::Doubtful(format!("call {} of then: {}", index + 1, not_done.describe()))
}

/// An upstream's refusal, as people read it.
#[must_use]
pub fn describe_refusal(status: Option<u16>, words: Option<String>) -> String {
    match (status, words) {
        (Some(status), Some(words)) => format!("{status}: {words}"),
        (Some(status), None) => status.to_string(),
        (None, words) => words.unwrap_or_default(),
    }
}

/// Some APIs refuse clients that don't say who they are.
const AGENT: &str = concat!("Countersign/", env!("CARGO_PKG_VERSION"));

fn client(settings: &HttpIssuerSettings, network: &Network) -> anyhow::Result<reqwest::Client> {
    let mut tls = ClientTls::default();
    if let Some(file) = &settings.ca_file {
        let found = Authorities::from_pem(&read(file)?);
        tls.authorities = found.map_err(|why| anyhow::anyhow!("{} {why}", file.display()))?;
    }
    if let Some(ours) = &settings.client_certificate {
        let wrong = || format!("{} is no certificate with a key", ours.certificate.display());
        tls.identity = Some(identity(ours)?.with_context(wrong)?);
    }
    build_client(tls, settings.timeout, network)
}

fn build_client(
    tls: ClientTls,
    timeout: Duration,
    network: &Network,
) -> anyhow::Result<reqwest::Client> {
    let client = network.http_client(tls).context("TLS can't be set up")?;
    let client = client
        .referer(false)
        .user_agent(AGENT)
        .connect_timeout(CONNECT.min(timeout))
        .timeout(timeout);
    Ok(client.build()?)
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The client's certificate and its key; none if the files hold something else.
fn identity(files: &ClientCertificate) -> anyhow::Result<Option<Identity>> {
    let mut pem = read(&files.key)?;
    pem.push(b'\n');
    pem.extend_from_slice(&read(&files.certificate)?);
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    Ok(chain.zip(PrivateKeyDer::from_pem_slice(&pem).ok()))
}

fn read(file: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(std::fs::read(file).with_context(|| format!("{}", file.display()))?))
}
