//! The panel of a token: each button on it can be pressed to some effect, and *Back* is never lost.

use discord_sim::MessageView;
use testkit::team::{disable_token, press_button, show_token};

use super::Team;
use super::changes::create_old_token;
use super::token_life::create_token;

/// A role that is nobody's at first.
const DEVELOPERS: &str = "1103000000000000002";

/// The bot restarts with a catalogue of version 2 only.
async fn drops_version_1(team: &Team) {
    let other = team.setup.bot.folder().join("newest.toml");
    let drops = |config: &mut toml::Table| {
        let name = &mut config["providers"][0]["catalogue"];
        let catalogue = std::fs::read_to_string(name.as_str().unwrap()).unwrap();
        let mut catalogue: toml::Table = toml::from_str(&catalogue).unwrap();
        let versions = catalogue["versions"].as_array_mut().unwrap();
        versions.retain(|version| version["version"].as_integer() == Some(2));
        assert_eq!(versions.len(), 1);
        std::fs::write(&other, toml::to_string(&catalogue).unwrap()).unwrap();
        *name = other.to_string_lossy().as_ref().into();
    };
    team.setup.restart_with(drops).await.unwrap();
}

#[tokio::test]
async fn a_token_whose_version_is_gone_can_only_be_upgraded() {
    let team = Team::start("version gone").await;
    create_old_token(&team).await;
    let older = show_token(&team.rin, "Reports").await;
    assert!(older.offers("Edit") && older.offers("Reset"), "{older}");
    drops_version_1(&team).await;
    let panel = show_token(&team.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Upgrade version", "Duplicate", "Disable", "Delete"], "{panel}");
    // Those that are not there would have been refused.
    for button in ["Edit", "Reset", "Extend"] {
        let refused = team.rin.click_outdated(&older, button).await.unwrap().private().unwrap();
        assert!(refused.contains("no longer offers this token’s API version"), "{refused}");
    }
    // Those that are there can be pressed.
    let panel = team.rin.click(&panel, "Upgrade version").await.unwrap().message().unwrap();
    assert!(panel.contains("Upgrade Reports"), "{panel}");
    let panel = team.rin.click(&panel, "Cancel").await.unwrap().message().unwrap();
    let panel = team.rin.click(&panel, "Duplicate").await.unwrap().message().unwrap();
    assert!(panel.offers("Correct"), "{panel}");
    team.last_card("Collected").await;
    team.finish().await;
}

#[tokio::test]
async fn an_owner_who_may_not_request_is_not_offered_a_copy() {
    let developers = vec![DEVELOPERS.to_owned()];
    let team = Team::with("no copy", discord_sim::Options::standard(), |config| {
        config.providers[0].requester_roles = developers;
    })
    .await;
    team.setup.discord.set_roles(&team.rin, &[DEVELOPERS.parse().unwrap()]).unwrap();
    create_token(&team, "Reports").await;
    let before = show_token(&team.rin, "Reports").await;
    assert!(before.offers("Duplicate"), "{before}");
    team.setup.discord.set_roles(&team.rin, &[]).unwrap();
    let panel = show_token(&team.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Edit", "Reset", "Extend", "Disable", "Delete"], "{panel}");
    let refused = team.rin.click_outdated(&before, "Duplicate").await.unwrap();
    let refused = refused.private().unwrap();
    assert!(refused.contains("You need a certain role"), "{refused}");
    team.last_card("Collected").await;
    team.finish().await;
}

async fn open_panel(team: &Team, list: &MessageView) -> MessageView {
    let opened = team.rin.select(list, "Choose a token", &["Reports"]).await.unwrap();
    opened.message().unwrap()
}

async fn click(team: &Team, message: &MessageView, button: &str) -> MessageView {
    team.rin.click(message, button).await.unwrap().message().unwrap()
}

/// Back to the list of what was searched for, on the same message.
async fn goes_back(team: &Team, panel: &MessageView, list: &MessageView) {
    let back = click(team, panel, "Back").await;
    assert!(back.contains("**Reports**") && !back.contains("Dashboard"), "{back}");
    assert_eq!(back.id(), list.id());
}

#[tokio::test]
async fn back_leads_to_the_list_after_whatever_was_done() {
    let team = Team::start("back").await;
    create_token(&team, "Reports").await;
    create_token(&team, "Dashboard").await;
    let list = team.rin.type_command("/token list name:Rep").await.unwrap().private().unwrap();

    // A change that is cancelled.
    let panel = open_panel(&team, &list).await;
    let panel = click(&team, &panel, "Edit").await;
    let panel = click(&team, &panel, "Cancel").await;
    assert!(panel.contains("Cancelled") && panel.contains("It works"), "{panel}");
    goes_back(&team, &panel, &list).await;

    // A reduction, which takes effect at once.
    let panel = open_panel(&team, &list).await;
    let panel = click(&team, &panel, "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let panel = click(&team, &panel, "Submit").await;
    assert!(panel.contains("was reduced") && panel.contains("1 scope"), "{panel}");
    goes_back(&team, &panel, &list).await;

    // A change that waits for approvals: back to the token, and then to the list.
    let panel = open_panel(&team, &list).await;
    let panel = click(&team, &panel, "Reset").await;
    let said = click(&team, &panel, "Submit").await;
    assert_eq!(said.buttons(), ["Edit", "Withdraw", "Back"], "{said}");
    let panel = click(&team, &said, "Back").await;
    assert!(panel.contains("It has an open request"), "{panel}");
    goes_back(&team, &panel, &list).await;

    // *Disable*: the question, and what is done.
    let panel = open_panel(&team, &list).await;
    let question = click(&team, &panel, "Disable").await;
    let panel = click(&team, &question, "Back").await;
    goes_back(&team, &panel, &list).await;
    let panel = open_panel(&team, &list).await;
    let panel = disable_token(&team.rin, &panel).await;
    assert!(panel.contains("is disabled"), "{panel}");
    goes_back(&team, &panel, &list).await;

    // *Delete*: the panel says so, and what is left to do with the token.
    let panel = open_panel(&team, &list).await;
    let mut form = team.rin.click(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "Reports").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    assert!(
        panel.contains("It can’t be restored") && panel.contains("⚫ It is deleted"),
        "{panel}"
    );
    assert_eq!(panel.buttons(), ["Duplicate", "Back"], "{panel}");
    let back = click(&team, &panel, "Back").await;
    assert!(back.contains("No such token"), "{back}");
    team.rin.wait_for_dm("was withdrawn").await.unwrap();
    team.last_card("It is deleted").await;
    team.finish().await;
}

/// Opened by its name, a panel has nowhere to go back to, but a change leads back to it.
#[tokio::test]
async fn a_reduction_is_said_on_the_tokens_panel() {
    let team = Team::start("reduced panel").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Edit").await;
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let panel = click(&team, &panel, "Submit").await;
    assert!(panel.contains("was reduced") && panel.offers("Edit"), "{panel}");
    assert!(!panel.offers("Back"), "{panel}");
    team.last_card("Collected").await;
    team.finish().await;
}
