//! A private authority, and TLS before a service that has none.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::ensure;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_util::task::AbortOnDropHandle;

/// How a client of Postgres asks for TLS (its documentation, "Message Formats", SSLRequest), and the answer.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
const SSL_YES: u8 = b'S';

/// An authority that no system knows.
pub struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// What a connection begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    WithTls,
    AsPostgres,
}

/// A server with TLS before a service; it ends when this is dropped.
pub struct TlsServer {
    address: SocketAddr,
    _server: AbortOnDropHandle<()>,
}

impl Authority {
    /// A new one.
    pub fn new() -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("countersign-tls-")?;
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "An authority for tests");
        let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        std::fs::write(folder.path().join("ca.pem"), issuer.pem())?;
        Ok(Self { folder, issuer })
    }

    /// Its certificate.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The certificate of a client, and its key.
    pub fn client(&self) -> anyhow::Result<[PathBuf; 2]> {
        let key = KeyPair::generate()?;
        let mut client = CertificateParams::new(vec!["countersign.test".to_owned()])?;
        client.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        let client = client.signed_by(&key, &self.issuer)?;
        let files = ["client.pem", "client.key"].map(|name| self.folder.path().join(name));
        std::fs::write(&files[0], client.pem())?;
        std::fs::write(&files[1], key.serialize_pem())?;
        Ok(files)
    }

    /// TLS before this address, as a server of this name.
    pub async fn serve(&self, name: &str, target: SocketAddr) -> anyhow::Result<TlsServer> {
        let config = self.config(name, false)?;
        TlsServer::start(config, Begins::WithTls, target).await
    }

    /// The same, which accepts only clients with a certificate of this authority.
    pub async fn serve_known(&self, name: &str, target: SocketAddr) -> anyhow::Result<TlsServer> {
        let config = self.config(name, true)?;
        TlsServer::start(config, Begins::WithTls, target).await
    }

    /// The same before a Postgres, whose clients ask for TLS first.
    pub async fn serve_postgres(
        &self,
        name: &str,
        target: SocketAddr,
    ) -> anyhow::Result<TlsServer> {
        TlsServer::start(self.config(name, false)?, Begins::AsPostgres, target).await
    }

    fn config(&self, name: &str, knows_clients: bool) -> anyhow::Result<ServerConfig> {
        let key = KeyPair::generate()?;
        let server =
            CertificateParams::new(vec![name.to_owned()])?.signed_by(&key, &self.issuer)?;
        let provider = Arc::new(default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?;
        let builder = if knows_clients {
            let mut roots = RootCertStore::empty();
            roots.add(self.issuer.der().clone())?;
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build()?)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        Ok(builder.with_single_cert(vec![server.der().clone()], key)?)
    }
}

impl TlsServer {
    async fn start(
        config: ServerConfig,
        begins: Begins,
        target: SocketAddr,
    ) -> anyhow::Result<Self> {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A client that doesn't trust it, or is not known, hangs up.
                tokio::spawn(pass_on(acceptor.clone(), begins, client, target));
            }
        });
        Ok(Self { address, _server: AbortOnDropHandle::new(server) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn pass_on(
    acceptor: TlsAcceptor,
    begins: Begins,
    mut client: TcpStream,
    target: SocketAddr,
) -> anyhow::Result<()> {
    if begins == Begins::AsPostgres {
        let mut asked = [0; 8];
        client.read_exact(&mut asked).await?;
        ensure!(asked == SSL_REQUEST, "it doesn't ask for TLS");
        client.write_u8(SSL_YES).await?;
    }
    let mut client = acceptor.accept(client).await?;
    let mut service = TcpStream::connect(target).await?;
    copy_bidirectional(&mut client, &mut service).await?;
    Ok(())
}
