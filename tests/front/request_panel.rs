//! `/token panel`: a button in a channel that opens the same form as `/token request`.

use super::Team;

#[tokio::test]
async fn a_button_in_a_channel_requests_a_token() {
    let team = Team::start("request panel").await;
    let posted = team.aki.type_command("/token panel provider:orchard").await.unwrap();
    let posted = posted.private().unwrap();
    assert!(posted.contains("Posted"), "{posted}");
    let panel =
        team.rin.wait_for_message("general", "Orchard API: API access tokens").await.unwrap();
    assert!(!panel.is_ephemeral() && !panel.pings(), "{panel}");
    assert_eq!(panel.buttons(), ["Request a token"]);

    let opened = team.rin.click(&panel, "Request a token").await.unwrap();
    let mut form = opened.modal().unwrap();
    form.fill("Token name", "Reports").unwrap();
    form.fill("Description", "Reads harvests every night").unwrap();
    let draft = form.submit().await.unwrap().private().unwrap();
    assert!(draft.contains("Reports") && draft.offers("Whole category"), "{draft}");
    // The one draft goes on, as with the command.
    let again = team.rin.click(&panel, "Request a token").await.unwrap().private().unwrap();
    assert!(again.contains("Reports") && again.offers("Start over"), "{again}");
    let draft = team.rin.click(&again, "Whole category").await.unwrap().message().unwrap();
    team.rin.click(&draft, "Create").await.unwrap().message().unwrap();
    team.card("0 of 2 approvals").await;
    // Many people use the same message.
    let form = team.chiyo.click(&panel, "Request a token").await.unwrap().modal().unwrap();
    assert!(form.labels().contains(&"トークン名".to_owned()), "{:?}", form.labels());
    team.finish().await;
}

#[tokio::test]
async fn only_admins_post_it_and_only_where_the_bot_can() {
    let team = Team::start("who posts a panel").await;
    let refused = team.rin.type_command("/token panel provider:orchard").await.unwrap();
    let refused = refused.private().unwrap();
    assert!(refused.contains("Only this provider’s admins can post"), "{refused}");
    assert_eq!(refused.commands(), ["token request"]);
    let route = "POST /channels/{channel_id}/messages";
    let fault = discord_sim::Fault::refusal(403, 50013, "Missing Permissions");
    team.setup.discord.fail(route, 1, fault).unwrap();
    let refused = team.aki.type_command("/token panel provider:orchard").await.unwrap();
    let refused = refused.private().unwrap();
    assert!(refused.contains("can’t post in this channel"), "{refused}");
    let shown = team.rin.channel("general").unwrap();
    assert!(shown.iter().all(|message| !message.offers("Request a token")), "{shown:?}");
    team.finish().await;
}
