//! A token after it was collected: changed with approvals, reduced without, renewed, disabled, deleted.

use discord_sim::{MessageView, Person};
use testkit::team::{disable_token, press_button, show_token};

use super::Team;

/// Rin's token of this name, collected and stored; its Account SID and secret.
pub async fn create_token(team: &Team, name: &str) -> [String; 2] {
    let ready = team.issue_token(name).await;
    team.collect_secret(&team.rin, &ready).await
}

async fn submit(person: &Person, panel: &MessageView) -> MessageView {
    person.click(panel, "Submit").await.unwrap().message().unwrap()
}

/// Whether a secret works, by the rows that verification reads.
pub async fn open_panel(team: &Team, secret: &str) -> bool {
    use sha2::{Digest as _, Sha256};
    let hash = hex::encode(Sha256::digest(secret));
    let query = format!(
        "select count(*) from countersign.secrets join countersign.tokens on tokens.id = token_id
         where sha256 = decode('{hash}', 'hex') and tokens.state = 'active'
             and (secrets.state = 'current' or (secrets.state = 'outgoing' and valid_until > now()))"
    );
    team.count(Box::leak(query.into_boxed_str())).await == 1
}

#[tokio::test]
async fn a_change_that_adds_takes_two_approvals_and_shows_before_and_after() {
    let team = Team::start("edit widens").await;
    let [_, secret] = create_token(&team, "Reports").await;
    let older = show_token(&team.rin, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Edit").await;
    assert!(panel.contains("Edit Reports") && panel.contains(", unchanged"), "{panel}");
    let mut form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    assert_eq!(form.options("API version").unwrap().len(), 1, "an edit keeps the version");
    form.fill("Token name", "Reports of the night").unwrap();
    form.fill("Developer emails", "new@orchard.example").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let category =
        panel.options("API category").unwrap().into_iter().find(|name| name.contains("Harvests"));
    let picked = [category.unwrap()];
    let panel =
        team.rin.select(&panel, "API category", &[&picked[0]]).await.unwrap().message().unwrap();
    let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    let said = submit(&team.rin, &panel).await;
    assert!(said.contains("0 of 2 approvals"), "{said}");

    let card = team.card("requests a change to this token").await;
    for shown in [
        "Reports → Reports of the night",
        "new\\@orchard.example",
        "Added",
        "PATCH /Orchards/{AccountSID}/Harvests/{HarvestId}",
        "Removed",
        "DELETE /Orchards/{AccountSID}/Trees/{TreeId}",
        "Unchanged",
    ] {
        assert!(card.contains(shown), "{shown} is not on\n{card}");
    }
    // One change at a time, with a link to the first; an older panel still has the buttons.
    let panel = show_token(&team.rin, "Reports").await;
    assert!(panel.contains("It has an open request"), "{panel}");
    assert_eq!(panel.buttons(), ["Duplicate", "Disable", "Delete"], "{panel}");
    let refused = team.rin.click_outdated(&older, "Reset").await.unwrap().message().unwrap();
    assert!(refused.contains("https://discord.com/channels/"), "{refused}");

    team.approve_twice(&card).await;
    team.rin.wait_for_dm("was changed").await.unwrap();
    let mail = team.setup.mailbox.wait_for("new@orchard.example", "was changed").await.unwrap();
    let text = mail.text.unwrap();
    assert!(text.contains("PATCH"), "{text}");
    team.last_card("**Changed:**").await;
    let panel = show_token(&team.rin, "Reports of the night").await;
    assert!(panel.contains("5 scopes") && !panel.contains("It has an open request"), "{panel}");
    assert!(open_panel(&team, &secret).await, "an edit leaves the secret alone");
    // The old name is free, the new one is taken.
    let names = "select count(*) from countersign.reserved_names
                 where name_key = 'reports of the night'";
    assert_eq!(team.count(names).await, 1);
    assert_eq!(team.count("select count(*) from countersign.reserved_names").await, 1);
    team.finish().await;
}

#[tokio::test]
async fn a_change_that_only_removes_takes_one_press() {
    let team = Team::start("edit narrows").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Edit").await;
    assert!(!panel.offers("Submit") && panel.contains("Nothing is changed yet"), "{panel}");
    let nothing = team.rin.click_outdated(&panel, "Submit").await.unwrap().private().unwrap();
    assert!(nothing.contains("nothing was submitted"), "{nothing}");
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    let ends = ["Expires after 30 days"];
    let panel = team.rin.select(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    let said = submit(&team.rin, &panel).await;
    assert!(said.contains("was reduced"), "{said}");
    let one = "select count(*) from countersign.tokens where jsonb_array_length(scopes) = 1
               and expires_at between now() + interval '29 days' and now() + interval '30 days'";
    assert_eq!(team.count(one).await, 1);
    assert_eq!(team.count("select count(*) from countersign.requests").await, 1, "no request");
    team.last_card("Issued").await;
    team.finish().await;
}

#[tokio::test]
async fn a_reset_takes_effect_when_collected_with_an_optional_overlap() {
    let team = Team::start("reset").await;
    let [sid, old] = create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Reset").await;
    let overlap = ["The old secret works for one hour more"];
    let panel = team.rin.select(&panel, "Overlap", &overlap).await.unwrap().message().unwrap();
    submit(&team.rin, &panel).await;
    let card = team.card("requests a new secret for this token").await;
    assert!(card.contains("works for one hour more"), "{card}");
    team.approve_twice(&card).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("New secret").await;
    assert!(open_panel(&team, &old).await, "until then the old one works");

    let [same, new] = team.collect_secret(&team.rin, &ready).await;
    assert_eq!(same, sid);
    assert!(open_panel(&team, &new).await && open_panel(&team, &old).await, "both for an hour");
    let panel = show_token(&team.rin, "Reports").await;
    assert!(panel.contains("old secret last used: never · works until <t:"), "{panel}");
    // The list also shows which of both is in use.
    let list = team.rin.type_command("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("never used · old secret not used"), "{list}");
    let used = "update countersign.secrets set last_used_at = now() where state = 'outgoing'";
    let mut connection = team.setup.connect().await.unwrap();
    sqlx::raw_sql(used).execute(&mut connection).await.unwrap();
    let list = team.rin.type_command("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("never used · old secret last used"), "{list}");

    let said = disable_token(&team.rin, &panel).await;
    assert!(said.contains("is disabled"), "{said}");
    assert!(
        !open_panel(&team, &new).await && !open_panel(&team, &old).await,
        "both die on disable"
    );
    assert_eq!(
        team.count("select count(*) from countersign.secrets where state <> 'dead'").await,
        0
    );
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn an_uncollected_reset_changes_nothing() {
    let team = Team::configured("reset lapses", "[policy]\ndelivery_ttl = \"3s\"").await;
    let [_, old] = create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Reset").await;
    submit(&team.rin, &panel).await;
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    let rin = team.rin.patient(std::time::Duration::from_secs(40));
    rin.wait_for_dm("was not collected").await.unwrap();
    team.last_card("**Not collected** in time").await;
    assert!(open_panel(&team, &old).await);
    assert_eq!(
        team.count("select count(*) from countersign.secrets where state = 'dead'").await,
        1
    );
    team.finish().await;
}

#[tokio::test]
async fn a_second_reset_shows_on_the_card_of_the_first() {
    let team = Team::start("second reset").await;
    create_token(&team, "Reports").await;
    for _ in 0..2 {
        let panel = press_button(&team.rin, "Reports", "Reset").await;
        submit(&team.rin, &panel).await;
        let card = team.card("0 of 2 approvals").await;
        team.approve_twice(&card).await;
        team.rin.wait_for_dm("is ready").await.unwrap();
    }
    team.card("**Not collected** before the token stopped working or got a newer secret").await;
    team.card("can collect it until").await;
    team.finish().await;
}

#[tokio::test]
async fn enabling_gives_a_new_secret_and_a_new_owner() {
    let team = Team::start("enable").await;
    let [_, old] = create_token(&team, "Reports").await;
    let panel = show_token(&team.aki, "Reports").await;
    disable_token(&team.aki, &panel).await;
    team.rin.wait_for_dm("was disabled").await.unwrap();
    let panel = press_button(&team.aki, "Reports", "Enable").await;
    let said = submit(&team.aki, &panel).await;
    assert!(said.contains("1 of 2 approvals"), "an admin who asks gives the first: {said}");
    let card = team.card("requests to enable this token").await;
    team.approve(&team.ben, &card).await;
    let ready = team.aki.wait_for_dm("is ready").await.unwrap();
    team.last_card("New secret").await;
    let [_, new] = team.collect_secret(&team.aki, &ready).await;
    team.rin.wait_for_dm("was enabled").await.unwrap();
    assert!(open_panel(&team, &new).await && !open_panel(&team, &old).await);
    let panel = show_token(&team.aki, "Reports").await;
    assert!(panel.contains("It works") && panel.contains("@Aki"), "{panel}");
    team.finish().await;
}

#[tokio::test]
async fn it_is_extended_upgraded_and_duplicated() {
    let team = Team::start("extend").await;
    create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Extend").await;
    let ends = ["Expires after 365 days"];
    let panel = team.rin.select(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    submit(&team.rin, &panel).await;
    let card = team.card("requests more time").await;
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("was changed").await.unwrap();
    team.last_card("**Extended:**").await;
    let later = "select count(*) from countersign.tokens
                 where expires_at > now() + interval '364 days'";
    assert_eq!(team.count(later).await, 1);

    let panel = press_button(&team.rin, "Reports", "Duplicate").await;
    assert!(panel.contains("Reports \\(2\\)"), "{panel}");
    team.rin.click(&panel, "Create").await.unwrap().message().unwrap();
    let card = team.card("requests a copy of").await;
    assert!(card.contains("Reports \\(2\\)"), "{card}");
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    assert_eq!(team.count("select count(*) from countersign.tokens").await, 2);
    team.finish().await;
}

#[tokio::test]
async fn deleting_takes_the_name_and_withdraws_the_open_change() {
    let team = Team::start("delete").await;
    let [_, secret] = create_token(&team, "Reports").await;
    let panel = press_button(&team.rin, "Reports", "Reset").await;
    submit(&team.rin, &panel).await;
    team.card("0 of 2 approvals").await;

    let panel = show_token(&team.aki, "Reports").await;
    let mut form = team.aki.click(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "reports").unwrap();
    let wrong = form.submit().await.unwrap().message().unwrap();
    assert!(wrong.contains("nothing was deleted"), "{wrong}");
    let mut form = team.aki.click(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "Reports").unwrap();
    let said = form.submit().await.unwrap().message().unwrap();
    assert!(said.contains("is deleted"), "{said}");
    team.rin.wait_for_dm("Reports was deleted").await.unwrap();
    team.rin.wait_for_dm("was withdrawn").await.unwrap();
    team.last_card("the token was deleted in the meantime").await;
    assert!(!open_panel(&team, &secret).await);
    assert_eq!(team.count("select count(*) from countersign.reserved_names").await, 0);
    team.finish().await;
}

#[tokio::test]
async fn others_see_nothing_of_a_token() {
    let team = Team::start("strangers").await;
    create_token(&team, "Reports").await;
    team.setup.discord.set_roles(&team.ben, &[]).unwrap();
    let proposed = team.ben.complete("/token show token:Rep").await.unwrap();
    assert!(proposed.is_empty(), "{proposed:?}");
    let seen = team.rin.complete("/token show token:Rep").await.unwrap();
    assert_eq!(seen.len(), 1, "{seen:?}");
    for named in ["Reports", "1", "999", "Nothing"] {
        let line = format!("/token show token:{named}");
        let refused = team.ben.type_command(&line).await.unwrap().private().unwrap();
        assert!(refused.contains(&format!("no token called **{named}**")), "{refused}");
    }
    let panel = show_token(&team.rin, "Reports").await;
    let buttons = ["Edit", "Disable"].map(|button| panel.custom_id(button).unwrap());
    for id in buttons.into_iter().chain(["token-scopes:1".to_owned()]) {
        let refused = team.ben.forge_press(&panel, &id, 2, &[]).await.unwrap().private().unwrap();
        assert!(refused.contains("no such token that you may see"), "{refused}");
    }
    let forged = team.ben.forge_modal("delete-form:1", &[("name", "Reports")]).await.unwrap();
    assert!(forged.private().unwrap().contains("no such token that you may see"));
    assert_eq!(
        team.count("select count(*) from countersign.tokens where state = 'active'").await,
        1
    );
    team.finish().await;
}
