//! Every field at its limit, over it, and full of deceptive characters.

use super::Team;
use discord_sim::standard::ADMINS;

/// What people must not be able to do with text in names and descriptions.
const MISCHIEF: &str = "**bold** @everyone <@1105000000000000002> [x](https://evil.example) ||hid|| \
                        `code` # head\n> quote\n-# small\n```block``` {{ name }} $name <t:0:R>";

#[tokio::test]
async fn text_is_shown_as_typed_and_does_nothing() {
    let team = Team::start("mischief").await;
    let mut modal = team.form(&team.rin, "orchard", "**Re** @here <#1>").await;
    modal.fill("Description", MISCHIEF).unwrap();
    let panel = modal.submit().await.unwrap().private().unwrap();
    let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    team.rin.click(&panel, "Create").await.unwrap();
    let card = team.card("0 of 2 approvals").await;
    assert!(!card.pings_people() && card.pinged_roles() == [ADMINS], "{card}");
    let source = card.json().to_string();
    for live in ["**bold**", "<@1105000000000000002> [", "](https://evil", "||hid||"] {
        assert!(!source.contains(live), "{live} is live in {source}");
    }
    team.finish().await;
}

#[tokio::test]
async fn names_that_deceive_are_refused_and_kept() {
    let team = Team::start("deceive").await;
    for name in ["Re\u{202E}ports", "Re\u{200B}ports", "Re\u{0007}ports"] {
        let mut modal = team.form(&team.rin, "orchard", "x").await;
        modal.fill("Token name", name).unwrap();
        let wrong = modal.submit().await.unwrap().private().unwrap();
        assert!(wrong.contains("can’t be seen"), "{wrong}");
        let again = team.rin.click(&wrong, "Start over").await;
        assert!(again.is_err(), "a new form was submitted, so nothing is resumed");
        team.rin.click(&wrong, "Cancel").await.unwrap().message().unwrap();
    }
    team.finish().await;
}

#[tokio::test]
async fn the_longest_of_everything_goes_through() {
    let team = Team::start("longest").await;
    let mut modal = team.form(&team.rin, "orchard", &"🚀".repeat(64)).await;
    modal.fill("Description", &"*_~`|>#".repeat(142)).unwrap();
    let address = |at: usize| format!("{at}{}@{}.example", "d".repeat(62), "e".repeat(60));
    let addresses: Vec<String> = (0..10).map(address).collect();
    modal.fill("Developer emails", &addresses.join("\n")).unwrap();
    let panel = modal.submit().await.unwrap().private().unwrap();
    let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    team.rin.click(&panel, "Create").await.unwrap().message().unwrap();
    let card = team.card("0 of 2 approvals").await;
    team.read_details(&team.aki, &card).await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.read_details(&team.ben, &card).await;
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.setup.send_mails_now().await.unwrap();
    for address in &addresses {
        team.setup.mailbox.wait_for(address, "was created").await.unwrap();
    }
    team.finish().await;
}

#[tokio::test]
async fn what_no_client_sends_is_refused() {
    let team = Team::start("unchecked").await;
    for (text, said) in [
        ("x".repeat(64 << 10), "65536 characters"),
        ("nul \u{0} byte".to_owned(), "nul ␀ byte"),
        (String::new(), "It is empty"),
    ] {
        let mut modal = team.form(&team.rin, "orchard", "x").await;
        modal.fill_unchecked("Token name", &text).unwrap();
        let wrong = modal.submit_unchecked().await.unwrap().private().unwrap();
        assert!(wrong.contains(said), "{wrong}");
        team.rin.click(&wrong, "Cancel").await.unwrap().message().unwrap();
    }
    let mut modal = team.form(&team.rin, "orchard", "x").await;
    modal.fill_unchecked("Description", &"y".repeat(64 << 10)).unwrap();
    let wrong = modal.submit_unchecked().await.unwrap().private().unwrap();
    assert!(wrong.contains("65536 characters"), "{wrong}");
    assert_eq!(team.count("select count(*) from countersign.requests").await, 0);
    team.finish().await;
}
