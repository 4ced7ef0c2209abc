//! The rules of the two approvals, from the point of view of people.

use discord_sim::standard::ADMINS;

use super::Scene;

#[tokio::test]
async fn two_different_admins_open_and_one_never_does() {
    let scene = Scene::start("two approvals").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    let one = scene.approves(&scene.aki, &card).await;
    assert!(one.contains("1 of 2"), "{one}");
    let card = scene.card("1 of 2 approvals").await;
    assert!(card.contains("@Aki"), "{card}");
    let twice = scene.approves(&scene.aki, &card).await;
    assert!(twice.contains("counts once"), "{twice}");
    scene.stage.settles().await.unwrap();
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 0);

    let two = scene.approves(&scene.ben, &card).await;
    assert!(two.contains("2 of 2"), "{two}");
    scene.rin.sees_dm("is approved").await.unwrap();
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    let late = scene.chiyo.clicks_as_it_was(&card, "Approve").await.unwrap().private().unwrap();
    assert!(late.contains("完了") || late.contains("トークン"), "{late}");
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn members_are_no_admins_and_admins_no_requesters() {
    let scene = Scene::start("standing").await;
    scene.asks(&scene.aki, "Reports").await;
    let card = scene.card("1 of 2 approvals").await;
    scene.stage.discord.set_roles(&scene.ben, &[]).unwrap();
    for (button, said) in [
        ("Approve", "Only this provider’s admins can approve"),
        ("Deny", "Only this provider’s admins can deny"),
    ] {
        let refused = scene.ben.clicks_as_it_was(&card, button).await.unwrap().private().unwrap();
        assert!(refused.contains(said), "{refused}");
    }
    scene.stage.discord.set_roles(&scene.ben, &[ADMINS]).unwrap();
    for (button, said) in
        [("Edit", "Only the requester can edit"), ("Withdraw", "Only the requester can withdraw")]
    {
        let refused = scene.ben.clicks(&card, button).await.unwrap().private().unwrap();
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(scene.count("select count(*) from countersign.approvals").await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn a_requesters_own_approval_may_not_count() {
    let settings = "[policy]\ncount_requester = false";
    let scene = Scene::configured("own approval", settings).await;
    let submitted = scene.asks(&scene.aki, "Reports").await;
    assert!(submitted.contains("approval of your own request does not count"), "{submitted}");
    let card = scene.card("0 of 2 approvals").await;
    let refused = scene.approves(&scene.aki, &card).await;
    assert!(refused.contains("approval of your own request does not count"), "{refused}");
    scene.approves(&scene.ben, &card).await;
    let card = scene.card("1 of 2 approvals").await;
    scene.approves(&scene.chiyo, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    scene.aki.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn more_approvals_than_two_can_be_asked_for() {
    let scene = Scene::configured("three approvals", "[policy]\napprovals = 3").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 3 approvals").await;
    scene.approves(&scene.aki, &card).await;
    let card = scene.card("1 of 3 approvals").await;
    scene.approves(&scene.ben, &card).await;
    let card = scene.card("2 of 3 approvals").await;
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 0);
    scene.approves(&scene.chiyo, &card).await;
    scene.rin.sees_dm("is approved").await.unwrap();
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn an_edit_voids_the_approvals_and_shows_what_changed() {
    let scene = Scene::start("edit").await;
    let submitted = scene.asks(&scene.rin, "Reports").await;
    let old = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &old).await;
    let old = scene.card("1 of 2 approvals").await;

    // A requester who is not an admin doesn't see the card: the answer to their request has the same
    // buttons.
    let panel = scene.rin.clicks(&submitted, "Edit").await.unwrap().private().unwrap();
    let unchanged = scene.rin.clicks(&panel, "Save").await.unwrap().private().unwrap();
    assert!(unchanged.contains("is already like this"), "{unchanged}");
    let mut modal = scene.rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    modal.fill("Description", "Reads and fells").unwrap();
    let panel = modal.submit().await.unwrap().message().unwrap();
    let saved = scene.rin.clicks(&panel, "Save").await.unwrap().message().unwrap();
    assert!(saved.contains("is changed"), "{saved}");

    let card = scene.card("Reads and fells").await;
    assert!(card.contains("0 of 2 approvals") && card.contains("the content changed"), "{card}");
    let refused = scene.ben.clicks_as_it_was(&old, "Approve").await.unwrap().private().unwrap();
    assert!(refused.contains("has changed since this card was shown"), "{refused}");
    assert_eq!(
        scene.count("select count(*) from countersign.approvals where struck_at is null").await,
        0
    );
    scene.approves(&scene.aki, &card).await;
    scene.card("1 of 2 approvals").await;
    scene.ends().await;
}

#[tokio::test]
async fn the_approval_of_somebody_who_lost_the_role_is_struck() {
    let scene = Scene::start("lost role").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    let card = scene.card("1 of 2 approvals").await;
    scene.stage.discord.remove_member(&scene.aki).unwrap();
    scene.approves(&scene.ben, &card).await;
    scene.rin.sees_dm("needs approvals again").await.unwrap();
    let card = scene.ben.sees_in("approvals", "is no longer an admin").await.unwrap();
    assert!(card.contains("1 of 2 approvals"), "{card}");
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 0);

    scene.approves(&scene.chiyo, &card).await;
    scene.rin.sees_dm("is approved").await.unwrap();
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.stage.settles().await.unwrap();
    scene.ben.channel("approvals").unwrap();
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn a_denial_needs_one_and_says_why() {
    let scene = Scene::start("deny").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    let mut modal = scene.ben.clicks(&card, "Deny").await.unwrap().modal().unwrap();
    modal.fill("Reason", "Ask for *one* category, @everyone").unwrap();
    let denied = modal.submit().await.unwrap().private().unwrap();
    assert!(denied.contains("is denied"), "{denied}");
    let told = scene.rin.sees_dm("was denied").await.unwrap();
    assert!(told.contains("@Ben") && told.contains("one") && !told.pings(), "{told}");
    let card = scene.card("Denied by").await;
    assert!(card.contains("@Ben") && !card.pings(), "{card}");
    assert_eq!(card.buttons(), ["All scopes"]);
    let late = scene.aki.clicks_as_it_was(&card, "All scopes").await.unwrap();
    late.private().unwrap();
    scene.ends().await;
}

#[tokio::test]
async fn a_request_can_be_withdrawn_by_whoever_made_it() {
    let scene = Scene::start("withdraw").await;
    let submitted = scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    let withdrawn = scene.rin.clicks(&submitted, "Withdraw").await.unwrap();
    assert!(withdrawn.private().unwrap().contains("is withdrawn"));
    scene.card("was withdrawn").await;
    let late = scene.aki.clicks_as_it_was(&card, "Approve").await.unwrap().private().unwrap();
    assert!(late.contains("was withdrawn"), "{late}");
    assert_eq!(scene.count("select count(*) from countersign.reserved_names").await, 0);
    scene.ends().await;
}
