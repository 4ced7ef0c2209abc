//! Choosing scopes, page by page, without losing what was chosen.

use discord_sim::{Options, standard};
use testkit::bot::Provider;

use super::Team;

/// A team with impact.com's brand catalogue, whose 29 categories fill more than one page.
async fn brand() -> Team {
    let (channel, admins) = (standard::APPROVALS.to_string(), standard::ADMINS.to_string());
    Team::with("brand", Options::standard(), |config| {
        let brand = Provider::manual("impact-brand", "impact.com (brand)", &channel, &admins);
        config.providers.push(brand);
    })
    .await
}

#[tokio::test]
async fn scopes_are_chosen_over_categories_and_pages() {
    let team = brand().await;
    let rin = &team.rin;
    let panel = team.form(rin, "impact-brand", "Everything").await.submit().await;
    let panel = panel.unwrap().private().unwrap();
    assert_eq!(panel.options("API category").unwrap().len(), 25);
    assert!(!panel.offers("Create"), "nothing is chosen yet");

    let first = panel.options("Scopes").unwrap()[0].clone();
    let chosen = rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    assert_eq!(chosen.chosen("Scopes").unwrap(), [first.as_str()]);
    assert!(chosen.offers("Create"));

    let next = rin.click(&chosen, "Next categories").await.unwrap().message().unwrap();
    assert_eq!(next.options("API category").unwrap().len(), 4);
    let last = next.options("API category").unwrap()[3].clone();
    let category = rin.select(&next, "API category", &[&last]).await.unwrap().message().unwrap();
    let whole = rin.click(&category, "Whole category").await.unwrap().message().unwrap();
    assert_eq!(whole.chosen("Scopes"), whole.options("Scopes"));
    let back = rin.click(&whole, "Previous categories").await.unwrap().message().unwrap();
    let name = back.options("API category").unwrap()[0].clone();
    let back = rin.select(&back, "API category", &[&name]).await.unwrap().message().unwrap();
    assert_eq!(back.chosen("Scopes").unwrap(), [first.as_str()], "one page never clears another");

    // Deselecting here touches nothing there.
    let none = rin.select(&back, "Scopes", &[]).await.unwrap().message().unwrap();
    assert!(none.offers("Create"), "the last category’s scopes are still chosen");
    let cleared = rin.click(&none, "Clear all").await.unwrap().message().unwrap();
    assert!(!cleared.offers("Create"));
    team.finish().await;
}

#[tokio::test]
async fn all_117_scopes_make_a_card_that_was_cut() {
    let team = brand().await;
    let rin = &team.rin;
    let mut panel = team.form(rin, "impact-brand", "Everything").await.submit().await;
    for page in 0..2 {
        let now = panel.unwrap().message().unwrap();
        for name in now.options("API category").unwrap() {
            let shown = rin.select(&now, "API category", &[&name]).await.unwrap();
            rin.click(&shown.message().unwrap(), "Whole category").await.unwrap();
        }
        panel = match page {
            0 => rin.click(&now, "Next categories").await,
            _ => rin.click(&now, "Create").await,
        };
    }
    panel.unwrap().message().unwrap();
    let card = team.card("0 of 2 approvals").await;
    assert!(card.contains("before **Approve**"), "{card}");
    let refused = team.approve(&team.aki, &card).await;
    assert!(refused.contains("Details"), "{refused}");
    assert_eq!(team.count("select count(*) from countersign.approvals").await, 0);

    let all = team.read_details(&team.aki, &card).await;
    let all: String = all.iter().map(ToString::to_string).collect();
    let catalogue = testkit::bot::repository().join("config/catalogues");
    let catalogue = std::fs::read_to_string(catalogue.join("impact-brand.toml")).unwrap();
    let paths: Vec<&str> = catalogue
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'))
        .collect();
    assert_eq!(paths.len(), 117);
    for path in paths {
        assert!(all.contains(path), "{path} is not in the complete list");
    }
    let put = team.approve(&team.aki, &card).await;
    assert!(put.contains("1 of 2"), "{put}");
    let refused = team.approve(&team.ben, &team.card("1 of 2 approvals").await).await;
    assert!(refused.contains("Details"), "another admin must read it, too: {refused}");
    team.finish().await;
}

#[tokio::test]
async fn another_version_keeps_what_exists_there() {
    let team = Team::start("versions").await;
    let rin = &team.rin;
    let panel = team.panel(rin, "orchard", "Reports").await;
    let mut modal = rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    let options = modal.options("API version").unwrap();
    assert_eq!(options, ["Version 2 (recommended)", "Version 1"]);
    modal.choose("API version", "Version 1").unwrap();
    let older = modal.submit().await.unwrap().message().unwrap();
    assert!(older.contains("does not have these scopes"), "{older}");
    assert!(older.contains("DELETE /Orchards/{AccountSID}/Trees/{TreeId}"), "{older}");
    let created = rin.click(&older, "Create").await.unwrap().message().unwrap();
    assert!(created.contains("#1"), "{created}");
    let card = team.card("version 1").await;
    assert!(!card.contains("DELETE"), "{card}");
    team.finish().await;
}

#[tokio::test]
async fn the_lifetime_is_within_the_policy() {
    let settings = "[policy]\ndefault_lifetime = \"30d\"\nmax_lifetime = \"100d\"";
    let team = Team::configured("lifetimes", settings).await;
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    let offered = panel.options("Expires").unwrap();
    assert_eq!(offered, ["Expires after 30 days", "Expires after 90 days"]);
    let chosen = team.rin.select(&panel, "Expires", &["Expires after 90 days"]).await.unwrap();
    team.rin.click(&chosen.message().unwrap(), "Create").await.unwrap();
    assert_eq!(
        team.count("select (content::jsonb ->> 'lifetime_days')::bigint from countersign.requests")
            .await,
        90
    );
    team.card("90 days").await;
    team.finish().await;
}
