//! Another address for a service that listens on one of IPv4.

use std::net::{Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// A port of `[::1]` that leads to another address; it ends when this is dropped.
pub struct Forward {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    _server: AbortOnDropHandle<()>,
}

impl Forward {
    /// Leads there.
    pub async fn to(target: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let target = Arc::new(Mutex::new(target));
        let current = Arc::clone(&target);
        let server = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let target = *current.lock().unwrap_or_else(PoisonError::into_inner);
                tokio::spawn(async move {
                    let mut service = TcpStream::connect(target).await?;
                    copy_bidirectional(&mut client, &mut service).await
                });
            }
        });
        Ok(Self { address, target, _server: AbortOnDropHandle::new(server) })
    }

    /// Leads new connections to another address.
    pub fn lead_to(&self, target: SocketAddr) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }

    /// Where it listens: `[::1]:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
