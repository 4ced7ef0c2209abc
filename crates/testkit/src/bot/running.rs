//! The process that serves.

use std::net::SocketAddr;

use tokio::process::Child;

use crate::sockets;
use crate::watchdog::Watchdog;

/// A process, its ports, and a guard that ends it if this program ends.
pub(super) struct Running {
    pub child: Child,
    pub address: SocketAddr,
    /// The address that it verifies tokens on, if any.
    pub verify_address: Option<SocketAddr>,
    pub watchdog: Watchdog,
}

impl Running {
    /// Whether this process, and not another one, listens on its port.
    pub fn listens(&self) -> anyhow::Result<bool> {
        let Some(id) = self.child.id() else { return Ok(false) };
        // The table is long after many connections, and mostly there is no listener yet.
        if std::net::TcpStream::connect(self.address).is_err() {
            return Ok(false);
        }
        sockets::is_listening(id, self.address)
    }
}
