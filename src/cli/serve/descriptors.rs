//! How many connections each listener accepts, computed from the limit of descriptors of the process.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use rustix::process::{Resource, getrlimit, setrlimit};

use crate::config::Config;
use crate::web::connections::Limits;

/// Descriptors that are reserved for everything else: 27 connections to Postgres,
/// requests to Discord and to issuers (one for each interaction and job that runs), mail, files. An idle
/// bot has about 30 open.
const RESERVE: u64 = 256;

/// The most that `[http]` needs. Its clients are Discord or a proxy, and monitoring.
const MAX_HTTP: u64 = 1_024;

/// The most that `[verify]` needs. Each worker of a proxy keeps some connections open.
const MAX_VERIFY: u64 = 4_096;

/// One address may have one in so many of a listener's connections.
const ADDRESS_PART: usize = 4;

/// The limits of both listeners.
pub(super) struct ListenerLimits {
    pub http: Limits,
    pub verify: Limits,
}

impl ListenerLimits {
    /// Raises the process' limit of descriptors as far as possible, and divides them. The log shows the
    /// result.
    pub(super) fn of_this_process(config: &Config) -> Self {
        let descriptors = raise();
        let verify = config.verify.as_ref();
        let limits = Self::of(descriptors, verify.map(|verify| &*verify.trusted_proxies));
        let verify = verify.map(|_| &limits.verify);
        tracing::info!(
            descriptors,
            http = limits.http.connections,
            http_per_address = limits.http.per_address,
            verify = verify.map(|limits| limits.connections),
            verify_per_address = verify.map(|limits| limits.per_address),
            "limits of connections"
        );
        limits
    }

    /// `trusted` are the `trusted_proxies` of `[verify]`; `None` without that section.
    fn of(descriptors: Option<u64>, trusted: Option<&[IpNet]>) -> Self {
        let mut exempt = loopback().to_vec();
        exempt.extend_from_slice(trusted.unwrap_or_default());
        let limits_of = |connections: u64| {
            let connections = usize::try_from(connections).unwrap_or(usize::MAX).max(1);
            Limits {
                connections,
                per_address: connections.div_ceil(ADDRESS_PART),
                exempt: exempt.clone(),
            }
        };
        let left = descriptors.map_or(u64::MAX, |all| all - RESERVE.min(all / 2));
        let http = if trusted.is_some() { left / 4 } else { left }.min(MAX_HTTP);
        Self { http: limits_of(http), verify: limits_of((left - http).min(MAX_VERIFY)) }
    }
}

/// Raises the soft limit to the hard one; if there is no hard limit, as far as it is useful. `None` if
/// there is no limit.
fn raise() -> Option<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(RESERVE + MAX_HTTP + MAX_VERIFY);
    if limit.current.is_some_and(|current| current < wanted) {
        let before = limit.current;
        limit.current = Some(wanted);
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of descriptors (RLIMIT_NOFILE) can't be raised");
            return before;
        }
    }
    limit.current
}

fn loopback() -> [IpNet; 2] {
    [
        IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8)),
        IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
    ]
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn both_listeners_leave_room_for_everything_else() {
        let limits = |descriptors, trusted| {
            let ListenerLimits { http, verify } = ListenerLimits::of(descriptors, trusted);
            (http.connections, http.per_address, verify.connections, verify.per_address)
        };
        let proxies: &[IpNet] = &[];
        assert_eq!(limits(Some(256), Some(proxies)), (32, 8, 96, 24));
        assert_eq!(limits(Some(1_024), Some(proxies)), (192, 48, 576, 144));
        assert_eq!(limits(Some(1_024), None).0, 768);
        assert_eq!(limits(Some(20_000), Some(proxies)), (1_024, 256, 4_096, 1_024));
        assert_eq!(limits(None, Some(proxies)), (1_024, 256, 4_096, 1_024));
        for descriptors in 0..5_000 {
            let (http, http_one, verify, verify_one) = limits(Some(descriptors), Some(proxies));
            assert!(http_one >= 1 && verify_one >= 1);
            let left = descriptors.saturating_sub((http + verify) as u64);
            assert!(left >= RESERVE.min(descriptors / 2).saturating_sub(2), "{descriptors}");
        }
    }

    #[test]
    fn local_processes_and_trusted_proxies_are_exempt() {
        let proxies: &[IpNet] = &["10.0.0.0/8".parse().unwrap()];
        let exempt = ListenerLimits::of(None, Some(proxies)).http.exempt;
        let limited = |address: &str| {
            let address: IpAddr = address.parse().unwrap();
            !exempt.iter().any(|network| network.contains(&address))
        };
        assert!(["127.0.0.1", "127.8.9.1", "::1", "10.1.2.3"].iter().all(|one| !limited(one)));
        assert!(["192.0.2.1", "2001:db8::1", "128.0.0.1"].iter().all(|one| limited(one)));
    }
}
