//! Reads `[network]`, and the variables that name proxies.

use super::document::{Node, Read, Section};
use super::environment::Variables;
use super::problem::Place;
use super::secrets::{Base, cannot_read};
use super::sections::keys_of;
use super::values::{quoted, text};
use crate::network::{Authorities, Network, Proxies};

/// `[network]`.
pub(super) fn network(
    root: &Section<'_>,
    base: Base<'_>,
    variables: &Variables,
) -> Option<Network> {
    let section = root.section("network", keys_of("network"));
    let own = section.optional("ca_file", |node| authorities(base, node)).unwrap_or_default();
    let proxies = Proxies::from_variables(|name| variables.get(name).cloned()).map_err(|all| {
        for bad in all {
            root.problems().add(&Place::Variable(bad.variable), bad.message);
        }
    });
    Some(Network::new(own, proxies.ok()?))
}

fn authorities(base: Base<'_>, node: &Node) -> Read<Authorities> {
    let path = base.path(node)?;
    let pem = std::fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
    Authorities::from_pem(&pem).map_err(|why| {
        format!("takes a PEM file, and {} {why}", text(node).map_or_else(|kind| kind, quoted))
    })
}
