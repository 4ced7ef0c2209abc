//! A token in use: changed with approvals, narrowed without, renewed, switched off, deleted.

use discord_sim::{MessageView, Person};
use testkit::scene::{presses, shows};

use super::Scene;

/// Rin's token of this name, collected and stored; its Account SID and secret.
pub async fn has_a_token(scene: &Scene, name: &str) -> [String; 2] {
    let ready = scene.is_ready(name).await;
    scene.collects(&scene.rin, &ready).await
}

async fn submits(person: &Person, panel: &MessageView) -> MessageView {
    person.clicks(panel, "Submit").await.unwrap().message().unwrap()
}

/// Whether a secret opens its token, by the rows that verification reads.
pub async fn opens(scene: &Scene, secret: &str) -> bool {
    use sha2::{Digest as _, Sha256};
    let hash = hex::encode(Sha256::digest(secret));
    let query = format!(
        "select count(*) from countersign.secrets join countersign.tokens on tokens.id = token_id
         where sha256 = decode('{hash}', 'hex') and tokens.state = 'active'
             and (secrets.state = 'current' or (secrets.state = 'outgoing' and valid_until > now()))"
    );
    scene.count(Box::leak(query.into_boxed_str())).await == 1
}

#[tokio::test]
async fn what_widens_takes_two_approvals_and_the_card_shows_before_and_after() {
    let scene = Scene::start("edit widens").await;
    let [_, secret] = has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Edit").await;
    assert!(panel.contains("Edit Reports") && panel.contains("Unchanged"), "{panel}");
    let mut form = scene.rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    assert_eq!(form.options("API version").unwrap().len(), 1, "an edit keeps the version");
    form.fill("Token name", "Reports of the night").unwrap();
    form.fill("Developer emails", "new@orchard.example").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = scene.rin.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let category =
        panel.options("API category").unwrap().into_iter().find(|name| name.contains("Harvests"));
    let picked = [category.unwrap()];
    let panel =
        scene.rin.selects(&panel, "API category", &[&picked[0]]).await.unwrap().message().unwrap();
    let panel = scene.rin.clicks(&panel, "Whole category").await.unwrap().message().unwrap();
    let said = submits(&scene.rin, &panel).await;
    assert!(said.contains("0 of 2 approvals"), "{said}");

    let card = scene.card("requests a change to this token").await;
    for shown in [
        "Reports → Reports of the night",
        "new\\@orchard.example",
        "Added",
        "PATCH /Orchards/{AccountSID}/Harvests/{HarvestId}",
        "Removed",
        "DELETE /Orchards/{AccountSID}/Trees/{TreeId}",
        "unchanged",
    ] {
        assert!(card.contains(shown), "{shown} is not on\n{card}");
    }
    // One change at a time, with a link to the first.
    let panel = shows(&scene.rin, "Reports").await;
    assert!(panel.contains("It has an open request"), "{panel}");
    let refused = scene.rin.clicks(&panel, "Reset").await.unwrap().private().unwrap();
    assert!(refused.contains("https://discord.com/channels/"), "{refused}");

    scene.is_approved(&card).await;
    scene.rin.sees_dm("was changed").await.unwrap();
    let mail = scene.stage.mailbox.wait_for("new@orchard.example", "was changed").await.unwrap();
    let text = mail.text.unwrap();
    assert!(text.contains("PATCH"), "{text}");
    scene.last_card("**Changed:**").await;
    let panel = shows(&scene.rin, "Reports of the night").await;
    assert!(panel.contains("5 scopes") && !panel.contains("It has an open request"), "{panel}");
    assert!(opens(&scene, &secret).await, "an edit leaves the secret alone");
    // The old name is free, the new one is taken.
    let names = "select count(*) from countersign.reserved_names
                 where name_key = 'reports of the night'";
    assert_eq!(scene.count(names).await, 1);
    assert_eq!(scene.count("select count(*) from countersign.reserved_names").await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn what_only_narrows_takes_one_press() {
    let scene = Scene::start("edit narrows").await;
    has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Edit").await;
    let nothing = scene.rin.clicks(&panel, "Submit").await.unwrap().private().unwrap();
    assert!(nothing.contains("nothing was submitted"), "{nothing}");
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = scene.rin.selects(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let ends = ["Expires after 30 days"];
    let panel = scene.rin.selects(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    let said = submits(&scene.rin, &panel).await;
    assert!(said.contains("was reduced"), "{said}");
    let one = "select count(*) from countersign.tokens where jsonb_array_length(scopes) = 1
               and expires_at between now() + interval '29 days' and now() + interval '30 days'";
    assert_eq!(scene.count(one).await, 1);
    assert_eq!(scene.count("select count(*) from countersign.requests").await, 1, "no request");
    scene.last_card("Issued").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_reset_swaps_secrets_when_it_is_collected_and_the_old_one_may_live_on() {
    let scene = Scene::start("reset").await;
    let [sid, old] = has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Reset").await;
    let overlap = ["The old secret works for one hour more"];
    let panel = scene.rin.selects(&panel, "Overlap", &overlap).await.unwrap().message().unwrap();
    submits(&scene.rin, &panel).await;
    let card = scene.card("requests a new secret for this token").await;
    assert!(card.contains("works for one hour more"), "{card}");
    scene.is_approved(&card).await;
    let ready = scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("New secret").await;
    assert!(opens(&scene, &old).await, "until then the old one works");

    let [same, new] = scene.collects(&scene.rin, &ready).await;
    assert_eq!(same, sid);
    assert!(opens(&scene, &new).await && opens(&scene, &old).await, "both for an hour");
    let panel = shows(&scene.rin, "Reports").await;
    assert!(panel.contains("old secret: never · works until <t:"), "{panel}");
    // The list also shows which of both is in use.
    let list = scene.rin.types("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("never used · old secret not used"), "{list}");
    let used = "update countersign.secrets set last_used_at = now() where state = 'outgoing'";
    let mut connection = scene.stage.connect().await.unwrap();
    sqlx::raw_sql(used).execute(&mut connection).await.unwrap();
    let list = scene.rin.types("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("never used · old secret last used"), "{list}");

    let said = scene.rin.clicks(&panel, "Disable").await.unwrap().private().unwrap();
    assert!(said.contains("is disabled"), "{said}");
    assert!(!opens(&scene, &new).await && !opens(&scene, &old).await, "both die on disable");
    assert_eq!(
        scene.count("select count(*) from countersign.secrets where state <> 'dead'").await,
        0
    );
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_reset_that_nobody_collects_changes_nothing() {
    let scene = Scene::configured("reset lapses", "[policy]\ndelivery_ttl = \"3s\"").await;
    let [_, old] = has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Reset").await;
    submits(&scene.rin, &panel).await;
    let card = scene.card("0 of 2 approvals").await;
    scene.is_approved(&card).await;
    scene.rin.sees_dm("is ready").await.unwrap();
    let rin = scene.rin.patient(std::time::Duration::from_secs(40));
    rin.sees_dm("was not collected").await.unwrap();
    scene.last_card("**Not collected** in time").await;
    assert!(opens(&scene, &old).await);
    assert_eq!(
        scene.count("select count(*) from countersign.secrets where state = 'dead'").await,
        1
    );
    scene.ends().await;
}

#[tokio::test]
async fn enabling_gives_a_new_secret_and_makes_whoever_asked_the_owner() {
    let scene = Scene::start("enable").await;
    let [_, old] = has_a_token(&scene, "Reports").await;
    let panel = shows(&scene.aki, "Reports").await;
    scene.aki.clicks(&panel, "Disable").await.unwrap().private().unwrap();
    scene.rin.sees_dm("was disabled").await.unwrap();
    let panel = presses(&scene.aki, "Reports", "Enable").await;
    let said = submits(&scene.aki, &panel).await;
    assert!(said.contains("1 of 2 approvals"), "an admin who asks gives the first: {said}");
    let card = scene.card("requests to enable this token").await;
    scene.approves(&scene.ben, &card).await;
    scene.aki.sees_dm("is approved").await.unwrap();
    let ready = scene.aki.sees_dm("is ready").await.unwrap();
    scene.last_card("New secret").await;
    let [_, new] = scene.collects(&scene.aki, &ready).await;
    scene.rin.sees_dm("was enabled").await.unwrap();
    assert!(opens(&scene, &new).await && !opens(&scene, &old).await);
    let panel = shows(&scene.aki, "Reports").await;
    assert!(panel.contains("It works") && panel.contains("@Aki"), "{panel}");
    scene.ends().await;
}

#[tokio::test]
async fn it_is_extended_upgraded_and_duplicated() {
    let scene = Scene::start("extend").await;
    has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Extend").await;
    let ends = ["Expires after 365 days"];
    let panel = scene.rin.selects(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    submits(&scene.rin, &panel).await;
    let card = scene.card("requests more time").await;
    scene.is_approved(&card).await;
    scene.rin.sees_dm("was changed").await.unwrap();
    scene.last_card("**Extended:**").await;
    let later = "select count(*) from countersign.tokens
                 where expires_at > now() + interval '364 days'";
    assert_eq!(scene.count(later).await, 1);

    let panel = presses(&scene.rin, "Reports", "Duplicate").await;
    assert!(panel.contains("Reports \\(2\\)"), "{panel}");
    scene.rin.clicks(&panel, "Create").await.unwrap().message().unwrap();
    let card = scene.card("requests a copy of").await;
    assert!(card.contains("Reports \\(2\\)"), "{card}");
    scene.is_approved(&card).await;
    scene.rin.sees_dm("is ready").await.unwrap();
    scene.last_card("Issued").await;
    assert_eq!(scene.count("select count(*) from countersign.tokens").await, 2);
    scene.ends().await;
}

#[tokio::test]
async fn deleting_takes_the_name_and_withdraws_the_open_change() {
    let scene = Scene::start("delete").await;
    let [_, secret] = has_a_token(&scene, "Reports").await;
    let panel = presses(&scene.rin, "Reports", "Reset").await;
    submits(&scene.rin, &panel).await;
    scene.card("0 of 2 approvals").await;

    let panel = shows(&scene.aki, "Reports").await;
    let mut form = scene.aki.clicks(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "reports").unwrap();
    let wrong = form.submit().await.unwrap().private().unwrap();
    assert!(wrong.contains("nothing was deleted"), "{wrong}");
    let mut form = scene.aki.clicks(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "Reports").unwrap();
    let said = form.submit().await.unwrap().private().unwrap();
    assert!(said.contains("is deleted"), "{said}");
    scene.rin.sees_dm("was deleted").await.unwrap();
    scene.rin.sees_dm("was withdrawn").await.unwrap();
    scene.last_card("the token was deleted in the meantime").await;
    assert!(!opens(&scene, &secret).await);
    assert_eq!(scene.count("select count(*) from countersign.reserved_names").await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn others_see_nothing_of_it_not_even_that_it_is_there() {
    let scene = Scene::start("strangers").await;
    has_a_token(&scene, "Reports").await;
    scene.stage.discord.set_roles(&scene.ben, &[]).unwrap();
    let proposed = scene.ben.completes("/token show token:Rep").await.unwrap();
    assert!(proposed.is_empty(), "{proposed:?}");
    let seen = scene.rin.completes("/token show token:Rep").await.unwrap();
    assert_eq!(seen.len(), 1, "{seen:?}");
    for named in ["Reports", "1", "999", "Nothing"] {
        let line = format!("/token show token:{named}");
        let refused = scene.ben.types(&line).await.unwrap().private().unwrap();
        assert!(refused.contains(&format!("no token called **{named}**")), "{refused}");
    }
    let panel = shows(&scene.rin, "Reports").await;
    let buttons = ["Edit", "Disable"].map(|button| panel.custom_id(button).unwrap());
    for id in buttons.into_iter().chain(["token-scopes:1".to_owned()]) {
        let refused = scene.ben.forges(&panel, &id, 2, &[]).await.unwrap().private().unwrap();
        assert!(refused.contains("is no longer available"), "{refused}");
    }
    let forged = scene.ben.forges_modal("delete-form:1", &[("name", "Reports")]).await.unwrap();
    assert!(forged.private().unwrap().contains("is no longer available"));
    assert_eq!(
        scene.count("select count(*) from countersign.tokens where state = 'active'").await,
        1
    );
    scene.ends().await;
}
