//! Tests through Discord: people type, fill in, click and read in the simulated Discord, the bot as
//! shipped answers, with a real Postgres and a mailbox. Each test ends with [`Team::finish`], which fails if
//! a message or mail was left unread, a job undone, or a body was sent that Discord would refuse.

mod announcements;
mod answers_in_place;
mod approvals;
mod calls;
mod card_edits;
mod change_notices;
mod changes;
#[path = "../shared/clock.rs"]
mod clock;
mod command_mentions;
mod deadlines;
mod deliveries;
mod departures;
mod digest_collisions;
mod emails;
mod expiry;
mod field_limits;
mod flooding;
mod forged_interactions;
mod forged_presses;
#[path = "../shared/gateway.rs"]
mod gateway;
mod health;
mod history;
mod init;
mod installation;
mod leak_reports;
mod lists;
mod manual_issuer;
mod manual_work_in_vain;
mod name_probing;
mod operator_commands;
mod outages;
mod outdated_panels;
mod own_drafts;
mod owner_login;
#[path = "../shared/pair.rs"]
mod pair;
mod panel;
mod pending;
mod presses;
mod recovery;
mod refused_cards;
mod request_panel;
mod requests;
mod sessions;
mod signed_ingress;
mod silent_database;
mod standby;
mod token_life;
mod token_panels;
mod warnings;
mod wrong_settings;

use discord_sim::MessageView;
use testkit::team::Team;

/// Rin describes their request in other words, from the answer to *Create*; its card shows them.
async fn reword_request(team: &Team, submitted: &MessageView) {
    let panel = team.rin.click(submitted, "Edit").await.unwrap().message().unwrap();
    let mut modal = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    modal.fill("Description", "Reads in other words").unwrap();
    let panel = modal.submit().await.unwrap().message().unwrap();
    team.rin.click(&panel, "Save").await.unwrap().message().unwrap();
    team.card("Reads in other words").await;
}

/// The catalogue gives the listing of trees another path; the bot restarts with it.
async fn widen_a_scope(team: &Team) {
    let other = team.setup.bot.folder().join("other.toml");
    let widens = |config: &mut toml::Table| {
        let name = &mut config["providers"][0]["catalogue"];
        let catalogue = std::fs::read_to_string(name.as_str().unwrap()).unwrap();
        let (trees, all) = ("/Orchards/{AccountSID}/Trees\"", "/Orchards/{AccountSID}/All\"");
        std::fs::write(&other, catalogue.replace(trees, all)).unwrap();
        *name = other.to_string_lossy().as_ref().into();
    };
    team.setup.restart_with(widens).await.unwrap();
}

/// A configuration that has lost all providers but `orchard`.
fn only_the_first(config: &mut toml::Table) {
    config["providers"].as_array_mut().unwrap().truncate(1);
}
