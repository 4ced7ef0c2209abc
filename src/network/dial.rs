//! A connection of bytes, for what speaks another protocol than HTTP from its first answer on.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tower::{Service, ServiceExt as _};

use super::{Authorities, Network, describe};

/// An open connection, with TLS in it where its URL says so.
pub trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

impl Network {
    /// Connects to the server of a URL of `https` or `http`, through its proxy where it has one: by `CONNECT`, with
    /// `http` as well.
    ///
    /// # Errors
    /// Why it can't be reached, for an operator.
    pub async fn dial(&self, target: &Uri, within: Duration) -> Result<Box<dyn Socket>, String> {
        let target = with_port(target).ok_or("its address is none")?;
        let tls = self.tls(&Authorities::default()).map_err(|error| error.to_string())?;
        let tls = Arc::new(tls.with_no_client_auth());
        let connecting = async {
            match self.0.proxies.find(&target) {
                None => connect(HttpsConnector::from((tcp(), tls)), target).await,
                Some(proxy) => {
                    let to_proxy = HttpsConnector::from((tcp(), Arc::clone(&tls)));
                    let mut tunnel = Tunnel::new(proxy.uri().clone(), to_proxy);
                    if let Some(login) = proxy.basic_auth() {
                        tunnel = tunnel.with_auth(login.clone());
                    }
                    connect(HttpsConnector::from((tunnel, tls)), target).await
                }
            }
        };
        let connected = timeout(within, connecting).await;
        connected.map_err(|_| "it didn't answer in time".to_owned())?
    }
}

fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp
}

async fn connect<C>(connector: HttpsConnector<C>, target: Uri) -> Result<Box<dyn Socket>, String>
where
    HttpsConnector<C>: Service<Uri, Error = Box<dyn Error + Send + Sync>>,
    <HttpsConnector<C> as Service<Uri>>::Response:
        hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
{
    let connected = connector.oneshot(target).await;
    let stream = connected.map_err(|error| describe(&*error))?;
    Ok(Box::new(TokioIo::new(stream)))
}

/// A tunnel leads to port 443 where its target names none.
fn with_port(target: &Uri) -> Option<Uri> {
    let port = match (target.port_u16(), target.scheme_str()) {
        (Some(port), _) => port,
        (None, Some("https")) => 443,
        (None, _) => 80,
    };
    let authority = format!("{}:{port}", target.host()?);
    let uri = Uri::builder().scheme(target.scheme_str()?).authority(authority).path_and_query("/");
    uri.build().ok()
}
