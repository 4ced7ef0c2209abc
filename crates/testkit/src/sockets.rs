//! The descriptors of a process on this machine, and which of them are TCP sockets: proc(5).

use std::collections::HashSet;
use std::net::SocketAddr;

use anyhow::Result;

/// States of a socket as the kernel writes them: `include/net/tcp_states.h`.
const ESTABLISHED: &str = "01";
const LISTEN: &str = "0A";

/// Whether this process listens on the port of an address. A process that has ended does not.
pub fn is_listening(process: u32, address: SocketAddr) -> Result<bool> {
    let listening = find_in_table(|row| row.state == LISTEN && row.local == port(address))?;
    Ok(count_open(process, &listening) > 0)
}

/// How many descriptors this process has open.
pub fn count_descriptors(process: u32) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{process}/fd"))?.count())
}

/// How many connections this process has to the port of an address.
pub fn count_connections(process: u32, address: SocketAddr) -> Result<usize> {
    let connected = find_in_table(|row| row.state == ESTABLISHED && row.remote == port(address))?;
    Ok(count_open(process, &connected))
}

/// A row of the kernel's table; ports in hexadecimal digits.
struct Row<'a> {
    local: &'a str,
    remote: &'a str,
    state: &'a str,
}

fn port(address: SocketAddr) -> String {
    format!("{:04X}", address.port())
}

/// The sockets whose row matches, as the links in `/proc/PID/fd` name them.
fn find_in_table(fits: impl Fn(&Row) -> bool) -> Result<HashSet<String>> {
    // A machine without IPv6 lacks the second table.
    let second = std::fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    let table = std::fs::read_to_string("/proc/net/tcp")? + &second;
    let rows = table.lines().filter_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let port_of = |field: usize| Some(fields.get(field)?.rsplit_once(':')?.1);
        let row = Row { local: port_of(1)?, remote: port_of(2)?, state: fields.get(3)? };
        fits(&row).then(|| format!("socket:[{}]", fields.get(9).copied().unwrap_or_default()))
    });
    Ok(rows.collect())
}

fn count_open(process: u32, sockets: &HashSet<String>) -> usize {
    let Ok(open) = std::fs::read_dir(format!("/proc/{process}/fd")) else { return 0 };
    let links = open.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
    links.filter(|link| sockets.contains(link.to_string_lossy().as_ref())).count()
}
