//! How many presses it takes from `/token request` to the secret.

use testkit::team::{Team, code_blocks};

/// Opening a select is a press, and so is each of its options.
const fn chosen(options: usize) -> usize {
    1 + options
}

/// The requester, and two admins who read the card and nothing else.
#[tokio::test]
async fn a_token_with_two_scopes_takes_twelve_presses_at_most() {
    let team = Team::start("presses").await;
    let (rin, mut presses) = (&team.rin, 0);
    let mut pressed = |times: usize| presses += times;

    pressed(1);
    let form = team.form(rin, "orchard", "Reports").await;
    pressed(1);
    let panel = form.submit().await.unwrap().private().unwrap();
    // The first category is open already.
    let scopes = ["GET /Orchards/{AccountSID}/Trees", "POST /Orchards/{AccountSID}/Trees"];
    pressed(chosen(scopes.len()));
    let panel = rin.select(&panel, "Scopes", &scopes).await.unwrap().message().unwrap();
    pressed(1);
    rin.click(&panel, "Create").await.unwrap().message().unwrap();

    let card = team.card("0 of 2 approvals").await;
    assert!(scopes.iter().all(|scope| card.contains(scope)), "no other message is needed: {card}");
    pressed(2);
    team.approve_twice(&card).await;

    let ready = rin.wait_for_dm("is ready").await.unwrap();
    team.card("Issued").await;
    pressed(1);
    let shown = rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2, "the Account SID and the secret");
    team.wait_for_collected_card().await;
    assert!(presses <= 12, "{presses} presses");
    team.finish().await;
}
