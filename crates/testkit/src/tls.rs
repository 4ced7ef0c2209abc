//! A TLS proxy for a service that speaks plain HTTP. It only accepts clients with a certificate of its
//! authority.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair,
};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A server; it ends when this is dropped.
pub struct TlsServer {
    address: SocketAddr,
    folder: TempDir,
    server: JoinHandle<()>,
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl TlsServer {
    /// Passes on to that address.
    pub async fn before(target: SocketAddr) -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("countersign-tls-")?;
        let acceptor = TlsAcceptor::from(Arc::new(make_certificates(folder.path())?));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who shows no certificate is cut off.
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let Ok(mut service) = TcpStream::connect(target).await else { return };
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut service).await;
                });
            }
        });
        Ok(Self { address, folder, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority's certificate.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A client's certificate, and its key.
    pub fn client(&self) -> [PathBuf; 2] {
        ["client.pem", "client.key"].map(|name| self.folder.path().join(name))
    }
}

/// An authority, and certificates of a server and a client that it signed.
fn make_certificates(folder: &Path) -> anyhow::Result<ServerConfig> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "An authority for tests");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    std::fs::write(folder.join("ca.pem"), authority.pem())?;

    let key = KeyPair::generate()?;
    let mut client = CertificateParams::new(vec!["countersign.test".to_owned()])?;
    client.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    let client = client.signed_by(&key, &authority)?;
    std::fs::write(folder.join("client.pem"), client.pem())?;
    std::fs::write(folder.join("client.key"), key.serialize_pem())?;

    let key = KeyPair::generate()?;
    let server =
        CertificateParams::new(vec!["127.0.0.1".to_owned()])?.signed_by(&key, &authority)?;
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone())?;
    let provider = Arc::new(default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    Ok(ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![server.der().clone()], key)?)
}
