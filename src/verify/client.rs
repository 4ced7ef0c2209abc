//! The address that a request's failures are counted for.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// The client's address: the peer's, unless that is a trusted proxy; then the right-most one of
/// `X-Forwarded-For` that is none. Anything further left may have been written by the client.
#[must_use]
pub fn address<'a>(
    peer: IpAddr,
    forwarded_for: impl DoubleEndedIterator<Item = &'a [u8]>,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut client = peer.to_canonical();
    let entries = forwarded_for.rev().flat_map(|value| value.rsplit(|byte| *byte == b','));
    for entry in entries {
        if !is_trusted(client) {
            break;
        }
        match parse(entry) {
            Some(address) => client = address,
            // Entries further left are not trusted.
            None => break,
        }
    }
    client
}

/// An address, as some proxies write it with a port.
fn parse(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim_matches([' ', '\t']);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(peer: &str, headers: &[&str]) -> String {
        let trusted = ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
        let headers = headers.iter().map(|value| value.as_bytes());
        address(peer.parse().unwrap(), headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        for (peer, headers, expected) in [
            ("192.0.2.1", &["198.51.100.1"][..], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.1,10.1.2.3"], "198.51.100.1"),
            ("127.0.0.1", &["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
            ("127.0.0.1", &["198.51.100.1, nonsense"], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1, nonsense, 10.1.2.3"], "10.1.2.3"),
            ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("fd00::1", &["2001:db8::1"], "2001:db8::1"),
            ("::ffff:127.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
        ] {
            assert_eq!(client(peer, headers), expected, "{peer} {headers:?}");
        }
    }

    proptest! {
        #[test]
        fn an_arbitrary_header_is_handled(value in prop::collection::vec(any::<u8>(), 0..60)) {
            let everybody = ["0.0.0.0/0".parse().unwrap()];
            let client = address("127.0.0.1".parse().unwrap(), [&value[..]].into_iter(), &everybody);
            prop_assert_eq!(client, client.to_canonical());
        }
    }
}
