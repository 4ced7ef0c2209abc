//! Upstreams: the APIs of others that make tokens, called as the configuration says. What an answer
//! means is told here; what becomes of a request or token, the workflows decide.
//!
//! Tokens of the issuers `builtin` and `manual` need nobody outside, so that there is nothing for
//! them here.

mod answer;
mod call;
mod credentials;

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::redirect::Policy;

use crate::config::{Config, HttpCall, HttpIssuerSettings, IssuerSettings, UpstreamValues};
use crate::domain::catalogue::ProviderId;

pub use answer::{Answer, Created, NotDone, Renewed};
use call::{Body, Sender};

/// Until a connection stands; a call's own limit is the configuration's `timeout`.
const CONNECT: Duration = Duration::from_secs(5);

/// All upstreams, each with the connections that it keeps.
#[derive(Debug)]
pub struct Upstreams(HashMap<ProviderId, reqwest::Client>);

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
                let client = client(settings)
                    .with_context(|| format!("the upstream of {} can't be called", provider.id))?;
                clients.insert(provider.id.clone(), client);
            }
        }
        Ok(Self(clients))
    }

    /// A provider's upstream; none where its tokens are made otherwise.
    #[must_use]
    pub fn of<'a>(&'a self, config: &'a Config, provider: &ProviderId) -> Option<Upstream<'a>> {
        let settings = config.provider(provider)?.issuer.http()?;
        let client = self.0.get(provider)?;
        let sender = Sender {
            client,
            outside: &settings.outside,
            allow_plaintext: settings.allow_plaintext,
        };
        Some(Upstream { sender, settings })
    }
}

impl Upstream<'_> {
    /// Makes a token.
    pub async fn create(&self, values: &UpstreamValues) -> Answer<Created> {
        let call = &self.settings.create;
        let body = self.sender.send(call, values).await?;
        answer::created(&body, &call.response).map_err(NotDone::doubtful)
    }

    /// Swaps a token's secret.
    pub async fn reset(&self, values: &UpstreamValues) -> Answer<Renewed> {
        let (call, body) = self.send(self.settings.reset.as_ref(), "reset", values).await?;
        answer::renewed(&body, &call.response).map_err(NotDone::doubtful)
    }

    /// Lets a disabled token work again; with a secret where `enable` gives one.
    pub async fn enable(&self, values: &UpstreamValues) -> Answer<Option<Renewed>> {
        let (call, body) = self.send(self.settings.enable.as_ref(), "enable", values).await?;
        let gives_secret = call.response.secret.is_some();
        let renewed = gives_secret.then(|| answer::renewed(&body, &call.response));
        renewed.transpose().map_err(NotDone::doubtful)
    }

    /// The ids of the tokens that bear the marker of `values`.
    pub async fn find(&self, values: &UpstreamValues) -> Answer<Vec<String>> {
        let find = self.settings.find.as_ref().ok_or_else(|| NotDone::unsupported("find"))?;
        let body = self.sender.send(&find.call, values).await?;
        answer::found(&body, find, &values.marker).map_err(NotDone::doubtful)
    }

    /// Whether the token of `values` is there, known by marker and id together; true where nothing
    /// can be found.
    pub async fn has(&self, values: &UpstreamValues) -> Answer<bool> {
        if !self.can_find() {
            return Ok(true);
        }
        let ids = self.find(values).await?;
        Ok(values.upstream_id.as_ref().is_some_and(|id| ids.contains(id)))
    }

    /// Ends a token: whatever the answer holds.
    pub async fn revoke(&self, values: &UpstreamValues) -> Answer<()> {
        self.send(self.settings.revoke.as_ref(), "revoke", values).await.map(drop)
    }

    /// Stops a token for now: whatever the answer holds.
    pub async fn disable(&self, values: &UpstreamValues) -> Answer<()> {
        self.send(self.settings.disable.as_ref(), "disable", values).await.map(drop)
    }

    /// A call that the configuration may have.
    async fn send<'c>(
        &self,
        call: Option<&'c HttpCall>,
        name: &str,
        values: &UpstreamValues,
    ) -> Answer<(&'c HttpCall, Body)> {
        let call = call.ok_or_else(|| NotDone::unsupported(name))?;
        Ok((call, self.sender.send(call, values).await?))
    }

    /// Whether there is a call that lists tokens.
    #[must_use]
    pub fn can_find(&self) -> bool {
        self.settings.find.is_some()
    }

    /// Whether there is a call that swaps secrets.
    #[must_use]
    pub fn can_reset(&self) -> bool {
        self.settings.reset.is_some()
    }

    /// Whether there is a call that stops tokens for now.
    #[must_use]
    pub fn can_disable(&self) -> bool {
        self.settings.disable.is_some()
    }
}

fn client(settings: &HttpIssuerSettings) -> anyhow::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        // A redirect could lead credentials to another machine, or over plain HTTP.
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT.min(settings.timeout))
        .timeout(settings.timeout);
    if let Some(file) = &settings.ca_file {
        let pem = std::fs::read(file).with_context(|| format!("{}", file.display()))?;
        builder = builder.tls_built_in_root_certs(false);
        for certificate in reqwest::Certificate::from_pem_bundle(&pem)? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    Ok(builder.build()?)
}
