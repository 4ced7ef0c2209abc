//! The rules of the two approvals, from the point of view of people.

use discord_sim::standard::ADMINS;

use super::Team;

#[tokio::test]
async fn two_different_admins_approve_and_one_is_never_enough() {
    let team = Team::start("two approvals").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let one = team.approve(&team.aki, &card).await;
    assert!(one.contains("1 of 2"), "{one}");
    let card = team.card("1 of 2 approvals").await;
    assert!(card.contains("@Aki"), "{card}");
    let twice = team.approve(&team.aki, &card).await;
    assert!(twice.contains("counts once"), "{twice}");
    team.setup.settle().await.unwrap();
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 0);

    let two = team.approve(&team.ben, &card).await;
    assert!(two.contains("2 of 2"), "{two}");
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.ben.wait_for_text(&two, "The approvals of #1 still count").await.unwrap();
    team.last_card("Issued").await;
    let late = team.chiyo.click_outdated(&card, "Approve").await.unwrap().private().unwrap();
    assert!(late.contains("完了") || late.contains("トークン"), "{late}");
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 1);
    team.finish().await;
}

#[tokio::test]
async fn members_are_no_admins_and_admins_no_requesters() {
    let team = Team::start("standing").await;
    let submitted = team.ask(&team.aki, "Reports").await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.set_roles(&team.ben, &[]).unwrap();
    for (button, said) in [
        ("Approve", "Only this provider’s admins can approve"),
        ("Deny", "Only this provider’s admins can deny"),
    ] {
        let refused = team.ben.click_outdated(&card, button).await.unwrap().private().unwrap();
        assert!(refused.contains(said), "{refused}");
    }
    team.setup.discord.set_roles(&team.ben, &[ADMINS]).unwrap();
    for (button, said) in
        [("Edit", "Only the requester can edit"), ("Withdraw", "Only the requester can withdraw")]
    {
        // The card has no such button, since nearly everyone who sees it would be refused.
        let own = submitted.custom_id(button).unwrap();
        let refused = team.ben.forge_press(&card, &own, 2, &[]).await.unwrap().private().unwrap();
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(team.count("select count(*) from countersign.approvals").await, 1);
    team.finish().await;
}

#[tokio::test]
async fn a_requesters_own_approval_may_not_count() {
    let settings = "[policy]\ncount_requester = false";
    let team = Team::configured("own approval", settings).await;
    let submitted = team.ask(&team.aki, "Reports").await;
    assert!(submitted.contains("approval of your own request does not count"), "{submitted}");
    let card = team.card("0 of 2 approvals").await;
    let refused = team.approve(&team.aki, &card).await;
    assert!(refused.contains("approval of your own request does not count"), "{refused}");
    team.approve(&team.ben, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.chiyo, &card).await;
    team.aki.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn more_approvals_than_two_can_be_asked_for() {
    let team = Team::configured("three approvals", "[policy]\napprovals = 3").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 3 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 3 approvals").await;
    team.approve(&team.ben, &card).await;
    let card = team.card("2 of 3 approvals").await;
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 0);
    team.approve(&team.chiyo, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn an_edit_voids_the_approvals_and_shows_what_changed() {
    let team = Team::start("edit").await;
    let submitted = team.ask(&team.rin, "Reports").await;
    let old = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &old).await;
    let old = team.card("1 of 2 approvals").await;

    // A requester who is not an admin doesn't see the card: the answer to their request has the same
    // buttons.
    let panel = team.rin.click(&submitted, "Edit").await.unwrap().message().unwrap();
    assert!(!panel.offers("Save") && panel.contains("Nothing is changed yet"), "{panel}");
    let save = team.rin.click_outdated(&panel, "Save").await.unwrap();
    let unchanged = save.private().unwrap();
    assert!(unchanged.contains("is already like this"), "{unchanged}");
    let mut modal = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    modal.fill("Description", "Reads and fells").unwrap();
    let panel = modal.submit().await.unwrap().message().unwrap();
    let saved = team.rin.click(&panel, "Save").await.unwrap().message().unwrap();
    assert!(saved.contains("is changed"), "{saved}");

    let card = team.card("Reads and fells").await;
    assert!(card.contains("0 of 2 approvals") && card.contains("the content changed"), "{card}");
    let refused = team.ben.click_outdated(&old, "Approve").await.unwrap().private().unwrap();
    assert!(refused.contains("has changed since this card was shown"), "{refused}");
    assert_eq!(
        team.count("select count(*) from countersign.approvals where struck_at is null").await,
        0
    );
    team.approve(&team.aki, &card).await;
    team.card("1 of 2 approvals").await;
    team.finish().await;
}

#[tokio::test]
async fn an_approval_is_struck_when_its_admin_lost_the_role() {
    let team = Team::start("lost role").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.remove_member(&team.aki).unwrap();
    let answer = team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let lost = "@Aki is no longer an admin, so one more approval of #1 is needed";
    team.ben.wait_for_text(&answer, lost).await.unwrap();
    // Chiyo does not see what answers Ben, which names the same reason.
    let card = team.chiyo.wait_for_message("approvals", "is no longer an admin").await.unwrap();
    assert!(card.contains("1 of 2 approvals"), "{card}");
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 0);

    team.approve(&team.chiyo, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.setup.settle().await.unwrap();
    team.ben.channel("approvals").unwrap();
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 1);
    team.finish().await;
}

#[tokio::test]
async fn a_denial_needs_one_and_says_why() {
    let team = Team::start("deny").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let mut modal = team.ben.click(&card, "Deny").await.unwrap().modal().unwrap();
    modal.fill("Reason", "Ask for *one* category, @everyone").unwrap();
    let denied = modal.submit().await.unwrap().private().unwrap();
    assert!(denied.contains("is denied"), "{denied}");
    let told = team.rin.wait_for_dm("was denied").await.unwrap();
    assert!(told.contains("@Ben") && told.contains("one") && !told.pings(), "{told}");
    let card = team.card("Denied by").await;
    assert!(card.contains("@Ben") && !card.pings(), "{card}");
    assert_eq!(card.buttons(), ["Details"]);
    let late = team.aki.click_outdated(&card, "Details").await.unwrap();
    late.private().unwrap();
    team.finish().await;
}

#[tokio::test]
async fn a_request_can_be_withdrawn_by_its_requester() {
    let team = Team::start("withdraw").await;
    let submitted = team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    let withdrawn = team.rin.click(&submitted, "Withdraw").await.unwrap();
    let withdrawn = withdrawn.message().unwrap();
    assert!(withdrawn.contains("is withdrawn") && withdrawn.buttons().is_empty(), "{withdrawn}");
    assert_eq!(withdrawn.id(), submitted.id(), "in its place");
    team.card("was withdrawn").await;
    let late = team.aki.click_outdated(&card, "Approve").await.unwrap().private().unwrap();
    assert!(late.contains("was withdrawn"), "{late}");
    assert_eq!(team.count("select count(*) from countersign.reserved_names").await, 0);
    team.finish().await;
}
