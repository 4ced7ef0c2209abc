//! Ports for servers that are told where to listen.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;

/// Below those that the system gives to whoever binds to port 0, from 32768 on by default: between the choice of a port and
/// the server's start nobody else is given it.
const CHOSEN_FROM: Range<u16> = 12_000..32_000;

/// How many taken ports are too many.
const TRIES: usize = 100;

/// An address of loopback at which nobody listens.
///
/// # Errors
/// A hundred ports are taken.
pub fn find_free_address() -> io::Result<SocketAddr> {
    for _ in 0..TRIES {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, rand::random_range(CHOSEN_FROM)));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

/// The port of such an address.
///
/// # Errors
/// The same.
pub fn find_free_port() -> io::Result<u16> {
    Ok(find_free_address()?.port())
}
