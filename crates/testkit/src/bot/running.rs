//! The process that serves.

use std::net::SocketAddr;

use tokio::process::Child;

use crate::watchdog::Watchdog;

/// A process, its ports, and what ends it if this program dies.
pub(super) struct Running {
    pub child: Child,
    pub address: SocketAddr,
    /// Where it verifies tokens, if it does.
    pub verify_address: Option<SocketAddr>,
    pub watchdog: Watchdog,
}

impl Running {
    /// Whether this process, and not another one that was quicker, listens on its port: proc(5).
    pub fn listens(&self) -> anyhow::Result<bool> {
        let Some(id) = self.child.id() else { return Ok(false) };
        // The table is long where many connections were, and mostly nobody listens yet.
        if std::net::TcpStream::connect(self.address).is_err() {
            return Ok(false);
        }
        // In hexadecimal digits, with the state "listening", and the socket's number in field 9.
        let port = format!(":{:04X}", self.address.port());
        let table = std::fs::read_to_string("/proc/net/tcp")?;
        let lines = table.lines().filter(|line| line.contains(&port));
        let fields = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
        let sockets = fields.filter(|fields| {
            fields.get(1).is_some_and(|local| local.ends_with(&port))
                && fields.get(3) == Some(&"0A")
        });
        let sockets: Vec<String> =
            sockets.filter_map(|fields| Some(format!("socket:[{}]", fields.get(9)?))).collect();
        // It may end meanwhile.
        let Ok(open) = std::fs::read_dir(format!("/proc/{id}/fd")) else { return Ok(false) };
        let targets = open.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
        let mut targets = targets.map(|target| target.to_string_lossy().into_owned());
        Ok(targets.any(|target| sockets.contains(&target)))
    }
}
