//! From `/token request` to a submitted request.

use discord_sim::Options;
use discord_sim::standard::ADMINS;

use super::Team;
use testkit::team::DEVELOPER;

#[tokio::test]
async fn the_form_is_steps_one_and_two() {
    let team = Team::start("form").await;
    let modal = team.rin.type_command("/token request provider:impact-brand").await;
    assert!(modal.is_err(), "a provider that is not configured is not offered");
    let modal = team.rin.type_command("/token request provider:impact-agency").await;
    let modal = modal.unwrap().modal().unwrap();
    assert_eq!(modal.title(), "Request an API token");
    let labels =
        ["Token name", "Description", "API version", "Primary contact", "Developer emails"];
    assert_eq!(modal.labels(), labels);
    assert_eq!(modal.value("Primary contact").unwrap(), [team.rin.id().to_string()]);
    assert_eq!(modal.options("API version").unwrap(), ["Version 3 (recommended)"]);
    assert_eq!(modal.value("API version").unwrap(), ["3"]);
    team.finish().await;
}

#[tokio::test]
async fn one_provider_need_not_be_named() {
    let team = Team::with("one provider", Options::standard(), |config| {
        config.providers.truncate(1);
    })
    .await;
    let modal = team.rin.type_command("/token request").await.unwrap().modal().unwrap();
    assert_eq!(modal.title(), "Request an API token");
    team.finish().await;
}

#[tokio::test]
async fn errors_are_named_and_typed_text_is_kept() {
    let team = Team::start("problems").await;
    let mut modal = team.form(&team.rin, "orchard", "  \u{3000} ").await;
    modal.fill("Developer emails", "dev@orchard, ok@orchard.example").unwrap();
    modal.choose_user("Primary contact", &team.setup.person("countersign").unwrap()).unwrap();
    let wrong = modal.submit().await.unwrap().private().unwrap();
    for said in ["Token name", "It is empty", "Primary contact", "is a bot", "dev@orchard"] {
        assert!(wrong.contains(said), "{said} is not in:\n{wrong}");
    }
    assert!(!wrong.offers("Create"));

    let mut modal = team.rin.click(&wrong, "Correct").await.unwrap().modal().unwrap();
    assert_eq!(modal.value("Description").unwrap(), ["Reads harvests every night"]);
    assert_eq!(modal.value("Developer emails").unwrap(), ["dev@orchard, ok@orchard.example"]);
    modal.fill("Token name", "Reports").unwrap();
    modal.fill("Developer emails", DEVELOPER).unwrap();
    modal.choose_user("Primary contact", &team.rin).unwrap();
    let panel = modal.submit().await.unwrap().message().unwrap();
    assert!(panel.contains("Reports") && !panel.offers("Create"), "{panel}");
    assert_eq!(panel.id(), wrong.id(), "the panel takes the problems' place");
    team.finish().await;
}

#[tokio::test]
async fn a_draft_is_shown_again_and_can_be_started_over() {
    let team = Team::start("drafts").await;
    team.panel(&team.rin, "orchard", "Reports").await;
    let again = team.rin.type_command("/token request provider:orchard").await.unwrap();
    let again = again.private().unwrap();
    assert!(again.contains("Reports") && again.contains("started this request earlier"), "{again}");
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 1);
    let modal = team.rin.click(&again, "Start over").await.unwrap().modal().unwrap();
    assert!(modal.value("Token name").unwrap().is_empty());
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 0);
    let gone = team.rin.click(&again, "Create").await.unwrap().private().unwrap();
    assert!(gone.contains("draft is no longer there"), "{gone}");
    team.finish().await;
}

#[tokio::test]
async fn cancel_ends_a_draft() {
    let team = Team::start("cancel").await;
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    let cancelled = team.rin.click(&panel, "Cancel").await.unwrap().message().unwrap();
    assert!(cancelled.contains("Cancelled") && cancelled.buttons().is_empty(), "{cancelled}");
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 0);
    team.finish().await;
}

#[tokio::test]
async fn a_request_shows_on_its_card_and_nowhere_else() {
    let team = Team::start("card").await;
    let submitted = team.ask(&team.rin, "Reports").await;
    assert!(submitted.contains("#1") && submitted.contains("0 of 2 approvals"), "{submitted}");
    assert_eq!(submitted.buttons(), ["Edit", "Withdraw"]);
    let card = team.card("0 of 2 approvals").await;
    for shown in ["@Rin", "Reports", "Reads harvests every night", "DELETE", "sensitive"] {
        assert!(card.contains(shown), "{shown} is not on:\n{card}");
    }
    assert_eq!(card.buttons(), ["Approve", "Deny", "Details"]);
    assert!(!card.pings_people());
    assert_eq!(card.pinged_roles(), [ADMINS], "the admins notice it");
    assert!(team.rin.channel("general").unwrap().iter().all(|message| message.is_ephemeral()));
    team.finish().await;
}

#[tokio::test]
async fn names_are_unique_over_live_tokens_and_open_requests() {
    let team = Team::start("names").await;
    let submitted = team.ask(&team.rin, "Reports").await;
    let panel = team.panel(&team.aki, "orchard", "ＲＥＰＯＲＴＳ").await;
    assert!(panel.contains("is taken"), "{panel}");
    assert!(!panel.offers("Create"), "{panel}");
    let refused = team.aki.click_outdated(&panel, "Create").await.unwrap().private().unwrap();
    assert!(refused.contains("is taken"), "{refused}");
    // Another provider has names of its own.
    team.ask_manual(&team.ben, "Reports").await;
    team.last_card("1 of 2 approvals").await;
    assert_eq!(team.count("select count(*) from countersign.requests").await, 2);

    team.rin.click(&submitted, "Withdraw").await.unwrap().message().unwrap();
    let form = team.aki.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let created = team.aki.click(&panel, "Create").await.unwrap().message().unwrap();
    assert!(created.contains("#3"), "{created}");
    team.last_card("was withdrawn").await;
    team.finish().await;
}

/// Whatever a keyboard can type is a name, and with or without what joins an emoji it is the same one.
#[tokio::test]
async fn a_name_may_hold_joined_emoji() {
    let team = Team::start("emoji").await;
    team.ask(&team.rin, "👩‍💻 Reports").await;
    team.card("👩‍💻 Reports").await;
    let panel = team.panel(&team.aki, "orchard", "👩💻 reports").await;
    assert!(panel.contains("is taken"), "{panel}");
    team.finish().await;
}

#[tokio::test]
async fn open_requests_are_limited() {
    let team = Team::configured("open", "[policy]\nmax_open_requests = 2").await;
    team.ask(&team.rin, "One").await;
    team.ask_manual(&team.rin, "Two").await;
    let panel = team.panel(&team.rin, "orchard", "Three").await;
    let refused = team.rin.click(&panel, "Create").await.unwrap().private().unwrap();
    assert!(refused.contains("2 open requests"), "{refused}");
    assert_eq!(team.count("select count(*) from countersign.requests").await, 2);
    team.last_card("Two").await;
    team.finish().await;
}

#[tokio::test]
async fn a_refused_requester_is_told() {
    let team = Team::with("roles", Options::standard(), |config| {
        config.providers.truncate(1);
        config.providers[0].requester_roles = vec![ADMINS.to_string()];
    })
    .await;
    let refused = team.rin.type_command("/token request").await.unwrap().private().unwrap();
    assert!(refused.contains("You need a certain role"), "{refused}");
    team.aki.type_command("/token request").await.unwrap().modal().unwrap();
    team.finish().await;
}

#[tokio::test]
async fn too_few_admins_are_warned_of() {
    let team = Team::start("too few").await;
    for admin in [&team.ben, &team.chiyo] {
        team.setup.discord.set_roles(admin, &[]).unwrap();
    }
    team.ask(&team.rin, "Reports").await;
    let warning = team.rin.wait_for_private("can’t be approved yet").await.unwrap();
    assert!(warning.contains("only one person"), "{warning}");
    team.card("0 of 2 approvals").await;
    team.finish().await;
}

/// Who holds both roles counts once, and nobody knows who does: so it is said that there may be too few. The bot
/// holds one of them, too.
#[tokio::test]
async fn admins_who_may_hold_several_roles_are_warned_of() {
    const OTHERS: &str = "1103000000000000002";
    let settings = toml::from_str("[policy]\napprovals = 4").unwrap();
    let team = Team::with("maybe too few", Options::standard(), |config| {
        config.overrides = settings;
        config.providers[0].admin_roles.push(OTHERS.to_owned());
    })
    .await;
    let both = [ADMINS, OTHERS.parse().unwrap()];
    for admin in [&team.aki, &team.ben] {
        team.setup.discord.set_roles(admin, &both).unwrap();
    }
    team.setup.discord.set_roles(&team.chiyo, &[]).unwrap();
    team.ask(&team.rin, "Reports").await;
    let warning =
        team.rin.wait_for_private("Maybe this request can’t be approved yet").await.unwrap();
    assert!(warning.contains("needs 4 approvals, and 3 to 5 people"), "{warning}");
    team.card("0 of 4 approvals").await;
    team.finish().await;
}

#[tokio::test]
async fn help_is_there_in_both_languages() {
    let team = Team::start("help").await;
    let help = team.rin.type_command("/token help").await.unwrap().private().unwrap();
    assert!(help.contains("/token request") && help.contains("Orchard API"), "{help}");
    let japanese = team.chiyo.type_command("/token help").await.unwrap().private().unwrap();
    assert!(japanese.contains("トークン"), "{japanese}");
    team.finish().await;
}

/// Who approves sees whether the requester has had the same before, at this provider, and in other tokens than the request's.
#[tokio::test]
async fn a_card_says_what_its_requester_has() {
    let team = Team::start("what rin has").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("Has no other token of this API").await;
    assert!(card.text().contains("these scopes for the first time"), "{}", card.text());
    team.approve_twice(&card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.card("Issued").await;

    team.ask(&team.rin, "More reports").await;
    let card = team.card("Has 1 other token of this API").await;
    assert!(card.text().contains("same scopes approved before"), "{}", card.text());
    team.ask(&team.aki, "Reports of others").await;
    let card = team.card("Has no other token of this API").await;
    assert!(card.text().contains("these scopes for the first time"), "{}", card.text());
    team.finish().await;
}
