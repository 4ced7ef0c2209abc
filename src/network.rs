//! How connections to the outside are made: whom TLS trusts, through which proxy, and what a failed
//! connection means for an operator. Discord's REST API and its gateway, issuers, mail servers and the
//! database all get theirs from here.
//!
//! - [`Authorities`]: certificates that TLS trusts: the built-in ones, the system's, and those of a file.
//! - [`Proxies`]: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
//! - [`find_cure`], [`describe`]: errors as sentences.

mod authorities;
mod dial;
mod failures;
mod proxies;

use std::sync::{Arc, OnceLock};

use reqwest::redirect::Policy;
use rustls::client::WantsClientCert;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};

pub use authorities::{Authorities, read_system_errors};
pub use dial::Socket;
pub use failures::{describe, find_cure, find_refusal_of_proxy};
pub use proxies::{BadProxy, Proxies};

/// How connections to the outside are made. Cheap to clone.
#[derive(Clone, Default)]
pub struct Network(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// From `[network] ca_file`.
    own: Authorities,
    proxies: Proxies,
    /// Built when it is first needed: most commands connect to few services, or to none.
    roots: OnceLock<Arc<RootCertStore>>,
}

/// What one client has beside the others.
#[derive(Default)]
pub struct ClientTls {
    /// Trusted beside the usual authorities.
    pub authorities: Authorities,
    /// A certificate chain and its key, for servers that ask for one.
    pub identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").field("proxies", &self.0.proxies).finish_non_exhaustive()
    }
}

impl Network {
    /// One that trusts these authorities beside the usual ones.
    #[must_use]
    pub fn new(own: Authorities, proxies: Proxies) -> Self {
        Self(Arc::new(Shared { own, proxies, roots: OnceLock::new() }))
    }

    /// The proxies.
    #[must_use]
    pub fn proxies(&self) -> &Proxies {
        &self.0.proxies
    }

    /// An HTTP client, which uses the proxies. It follows no redirect: that could lead credentials to another
    /// machine.
    ///
    /// # Errors
    /// A certificate and a key that don't belong together.
    pub fn http_client(&self, tls: ClientTls) -> Result<reqwest::ClientBuilder, rustls::Error> {
        let direct = self.http_client_without_proxy(tls)?;
        let proxies = self.0.proxies.for_http_client();
        Ok(proxies.into_iter().fold(direct, reqwest::ClientBuilder::proxy))
    }

    /// The same without a proxy.
    ///
    /// # Errors
    /// A certificate and a key that don't belong together.
    pub fn http_client_without_proxy(
        &self,
        tls: ClientTls,
    ) -> Result<reqwest::ClientBuilder, rustls::Error> {
        let builder = self.tls(&tls.authorities)?;
        let mut config = match tls.identity {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key)?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let client = reqwest::Client::builder().use_preconfigured_tls(config);
        // Without `no_proxy` the library would read the environment by rules of its own.
        Ok(client.no_proxy().redirect(Policy::none()))
    }

    /// The certificates that libraries with the built-in authorities have to trust as well: the system's, and
    /// those of `[network] ca_file`.
    pub fn certificates(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        authorities::SYSTEM.authorities.iter().chain(self.0.own.iter())
    }

    /// The same in PEM, behind `before`.
    #[must_use]
    pub fn certificates_in_pem(&self, before: &[u8]) -> Vec<u8> {
        authorities::write_pem(before, self.certificates())
    }

    fn tls(
        &self,
        beside: &Authorities,
    ) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error> {
        let mut roots = self.roots();
        if !beside.is_empty() {
            beside.add_to(Arc::make_mut(&mut roots));
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        Ok(builder.with_safe_default_protocol_versions()?.with_root_certificates(roots))
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let build = || {
            for error in read_system_errors() {
                tracing::warn!("some of the system's authorities can't be read: {error}");
            }
            Arc::new(authorities::build_store(&self.0.own))
        };
        Arc::clone(self.0.roots.get_or_init(build))
    }
}
