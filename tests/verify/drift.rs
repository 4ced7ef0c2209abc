//! Editing a catalogue changes no existing token: it can do exactly what it could before, and an approved
//! edit updates it.

use std::path::Path;

use tempfile::TempDir;
use testkit::team::{press_button, show_token};

use super::support::Fixture;

/// The shipped catalogue of the playground.
fn shipped() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/catalogues/playground.toml");
    std::fs::read_to_string(file).unwrap()
}

/// listTrees becomes a scope that opens everything of every account, by mistake or by a bad admin; its
/// former path belongs to another scope.
fn edited() -> String {
    let before = "id = \"listTrees\"\nmethod = \"GET\"\npath = \"/Orchards/{AccountSID}/Trees\"";
    let after = "id = \"listTrees\"\nmethod = \"DELETE\"\npath = \"/Orchards/{AnyAccount}/Everything/{Id}\"\n\n\
                 [[versions.categories.scopes]]\n\
                 id = \"oldTrees\"\nmethod = \"GET\"\npath = \"/Orchards/{AccountSID}/Old\"";
    let shipped = shipped();
    assert!(shipped.contains(before));
    shipped.replacen(before, after, 1)
}

async fn restart(fixture: &Fixture, folder: &TempDir, catalogue: &str) {
    let file = folder.path().join("catalogue.toml");
    std::fs::write(&file, catalogue).unwrap();
    let change = |config: &mut toml::Table| {
        let provider = &mut config["providers"].as_array_mut().unwrap()[0];
        provider["catalogue"] = file.display().to_string().into();
    };
    fixture.restart_with(change).await;
}

#[tokio::test]
async fn a_catalogue_that_is_edited_moves_no_token() {
    let fixture = Fixture::open("drift", "forwarded").await;
    let (team, folder) = (&fixture.team, TempDir::new().unwrap());
    let [sid, secret] = fixture.create_token("Reports").await;
    let bot = &team.setup.bot;
    let asks = async |method: &str, uri: &str| fixture.status(bot, &secret, method, uri).await;
    let trees = format!("/Orchards/{sid}/Trees");
    let everything = "/Orchards/CS000000000000000000000000/Everything/7";
    assert_eq!(asks("GET", &trees).await, 200);

    restart(&fixture, &folder, &edited()).await;
    assert_eq!(asks("DELETE", everything).await, 403, "nobody approved it");
    assert_eq!(asks("GET", &format!("/Orchards/{sid}/Old")).await, 403, "nor this");
    assert_eq!(asks("GET", &trees).await, 403, "the catalogue no longer says what it is");
    assert_eq!(asks("GET", &format!("{trees}/7")).await, 200, "what agrees goes on");
    let check = bot.run(&["check"]).await.unwrap();
    let found = String::from_utf8_lossy(&check.stdout).into_owned();
    let says = "such as “Reports”, have trees:listTrees of version 2 as GET /Orchards/{AccountSID}/Trees; \
                the catalogue says DELETE /Orchards/{AnyAccount}/Everything/{Id} now";
    assert!(found.contains(says), "{found}");
    assert!(bot.log().contains("have trees:listTrees of version 2 as GET"), "{}", bot.log());
    let panel = show_token(&team.rin, "Reports").await;
    assert!(panel.contains("One scope no longer agrees with the catalogue"), "{panel}");
    assert!(panel.contains("GET /Orchards/{AccountSID}/Trees"), "{panel}");

    // A press alone removes something, and leaves the rest as it was approved.
    let panel = press_button(&team.rin, "Reports", "Edit").await;
    let kept: Vec<String> = panel
        .options("Scopes")
        .unwrap()
        .into_iter()
        .filter(|label| !label.contains("Old"))
        .collect();
    let kept: Vec<&str> = kept.iter().map(String::as_str).take(3).collect();
    let panel = team.rin.select(&panel, "Scopes", &kept).await.unwrap().message().unwrap();
    let said = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("was reduced"), "{said}");
    assert_eq!(asks("DELETE", everything).await, 403);
    let approved = "select count(*) from countersign.tokens
                    where scopes @> '[{\"path\": \"/Orchards/{AccountSID}/Trees\", \"method\": \"GET\"}]'";
    assert_eq!(team.count(approved).await, 1, "as it was approved");

    // With the earlier catalogue, the token is as before.
    restart(&fixture, &folder, &shipped()).await;
    assert_eq!(asks("GET", &trees).await, 200);
    assert_eq!(asks("DELETE", everything).await, 403);
    fixture.close().await;
}

#[tokio::test]
async fn an_edit_with_its_approvals_brings_a_token_to_todays_catalogue() {
    let fixture = Fixture::open("drift edit", "forwarded").await;
    let (team, folder) = (&fixture.team, TempDir::new().unwrap());
    let [_, secret] = fixture.create_token("Reports").await;
    restart(&fixture, &folder, &edited()).await;
    let bot = &team.setup.bot;
    let everything = "/Orchards/CS000000000000000000000000/Everything/7";
    assert_eq!(fixture.status(bot, &secret, "DELETE", everything).await, 403);

    let panel = press_button(&team.rin, "Reports", "Edit").await;
    let said = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("0 of 2 approvals"), "what widens takes approvals: {said}");
    let card = team.card("0 of 2 approvals").await;
    for shown in ["Changed", "GET /Orchards/{AccountSID}/Trees", "DELETE /Orchards/{AnyAccount}"] {
        assert!(card.contains(shown), "{shown}: {card}");
    }
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("was changed").await.unwrap();
    assert_eq!(fixture.status(bot, &secret, "DELETE", everything).await, 200, "two admins said so");
    fixture.close().await;
}
