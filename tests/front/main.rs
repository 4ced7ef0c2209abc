//! Through the front door: people type, fill, click and read in the simulated Discord, the bot as
//! shipped answers, and a real Postgres and a mailbox hold what came of it. Each test ends with
//! [`Scene::ends`], which fails where a message or mail was left unread, a job undone, or a body was
//! sent that Discord would refuse.

mod announce;
mod approvals;
mod changes;
mod collisions;
mod delivery;
mod expiry;
mod flood;
mod forgeries;
mod ingress;
mod input;
mod leak;
mod leaving;
mod liars;
mod life;
mod lists;
mod mail;
mod manual;
mod names;
mod operator;
mod owner;
#[path = "../shared/pair.rs"]
mod pair;
mod panel;
mod recovery;
mod request;
mod sessions;
mod stale;
mod time;
mod told;
mod trouble;
mod warnings;

use testkit::scene::Scene;

/// A configuration that has lost all providers but `orchard`.
fn only_the_first(config: &mut toml::Table) {
    config["providers"].as_array_mut().unwrap().truncate(1);
}
