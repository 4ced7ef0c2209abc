//! Upstreams: the APIs of others that make tokens, called as the configuration says. What an answer
//! means is told here; what becomes of a request or token, the workflows decide.
//!
//! Tokens of the issuers `builtin` and `manual` need nobody outside, so that there is nothing for
//! them here.

mod answer;
mod call;

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::redirect::Policy;

use crate::config::{Config, HttpIssuerSettings, IssuerSettings, UpstreamValues};
use crate::domain::catalogue::ProviderId;

pub use answer::{Answer, Created, Renewed};
use call::Sender;

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
        Some(Upstream { sender: Sender { client, outside: &settings.outside }, settings })
    }
}

impl Upstream<'_> {
    /// Makes a token.
    pub async fn create(&self, values: &UpstreamValues) -> Answer<Created> {
        let call = &self.settings.create;
        self.sender.send(call, values).await.and_then(|body| answer::created(&body, &call.response))
    }

    /// Swaps a token's secret.
    pub async fn reset(&self, values: &UpstreamValues) -> Answer<Renewed> {
        let Some(call) = &self.settings.reset else { return Answer::unsupported("reset") };
        self.sender.send(call, values).await.and_then(|body| answer::renewed(&body, &call.response))
    }

    /// Lets a disabled token work again; with a secret where `enable` gives one.
    pub async fn enable(&self, values: &UpstreamValues) -> Answer<Option<Renewed>> {
        let Some(call) = &self.settings.enable else { return Answer::unsupported("enable") };
        let answered = self.sender.send(call, values).await;
        if call.response.secret.is_none() {
            return answered.and_then(|_| Answer::Done(None));
        }
        answered.and_then(|body| answer::renewed(&body, &call.response)).map(Some)
    }

    /// The ids of the tokens that bear the marker of `values`.
    pub async fn find(&self, values: &UpstreamValues) -> Answer<Vec<String>> {
        let Some(find) = &self.settings.find else { return Answer::unsupported("find") };
        let answered = self.sender.send(&find.call, values).await;
        answered.and_then(|body| answer::found(&body, find, &values.marker))
    }

    /// Whether the token of `values` is there, known by marker and id together; true where nothing
    /// can be found.
    pub async fn has(&self, values: &UpstreamValues) -> Answer<bool> {
        if !self.can_find() {
            return Answer::Done(true);
        }
        self.find(values)
            .await
            .map(|ids| values.upstream_id.as_ref().is_some_and(|id| ids.contains(id)))
    }

    /// Ends a token: whatever the answer holds.
    pub async fn revoke(&self, values: &UpstreamValues) -> Answer<()> {
        let Some(call) = &self.settings.revoke else { return Answer::unsupported("revoke") };
        self.sender.send(call, values).await.map(drop)
    }

    /// Stops a token for now: whatever the answer holds.
    pub async fn disable(&self, values: &UpstreamValues) -> Answer<()> {
        let Some(call) = &self.settings.disable else { return Answer::unsupported("disable") };
        self.sender.send(call, values).await.map(drop)
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
