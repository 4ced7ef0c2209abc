//! From `/token request` to a submitted request.

use discord_sim::Options;
use discord_sim::standard::ADMINS;

use super::Scene;
use testkit::scene::DEVELOPER;

#[tokio::test]
async fn the_form_is_steps_one_and_two() {
    let scene = Scene::start("form").await;
    let modal = scene.rin.types("/token request provider:impact-brand").await;
    assert!(modal.is_err(), "a provider that is not configured is not offered");
    let modal = scene.rin.types("/token request provider:impact-agency").await;
    let modal = modal.unwrap().modal().unwrap();
    assert_eq!(modal.title(), "Request an API token");
    let labels =
        ["Token name", "Description", "API version", "Primary contact", "Developer emails"];
    assert_eq!(modal.labels(), labels);
    assert_eq!(modal.value("Primary contact").unwrap(), [scene.rin.id().to_string()]);
    assert_eq!(modal.options("API version").unwrap(), ["Version 3 (recommended)"]);
    assert_eq!(modal.value("API version").unwrap(), ["3"]);
    scene.ends().await;
}

#[tokio::test]
async fn one_provider_need_not_be_named() {
    let scene = Scene::with("one provider", Options::standard(), |config| {
        config.providers.truncate(1);
    })
    .await;
    let modal = scene.rin.types("/token request").await.unwrap().modal().unwrap();
    assert_eq!(modal.title(), "Request an API token");
    scene.ends().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    let scene = Scene::start("problems").await;
    let mut modal = scene.form(&scene.rin, "orchard", "  \u{3000} ").await;
    modal.fill("Developer emails", "dev@orchard, ok@orchard.example").unwrap();
    modal.choose_user("Primary contact", &scene.stage.person("countersign").unwrap()).unwrap();
    let wrong = modal.submit().await.unwrap().private().unwrap();
    for said in ["Token name", "It is empty", "Primary contact", "is a bot", "dev@orchard"] {
        assert!(wrong.contains(said), "{said} is not in:\n{wrong}");
    }
    assert!(!wrong.offers("Create"));

    let mut modal = scene.rin.clicks(&wrong, "Correct").await.unwrap().modal().unwrap();
    assert_eq!(modal.value("Description").unwrap(), ["Reads harvests every night"]);
    assert_eq!(modal.value("Developer emails").unwrap(), ["dev@orchard, ok@orchard.example"]);
    modal.fill("Token name", "Reports").unwrap();
    modal.fill("Developer emails", DEVELOPER).unwrap();
    modal.choose_user("Primary contact", &scene.rin).unwrap();
    let panel = modal.submit().await.unwrap().message().unwrap();
    assert!(panel.contains("Reports") && !panel.offers("Create"), "{panel}");
    assert_eq!(panel.id(), wrong.id(), "the panel takes the problems' place");
    scene.ends().await;
}

#[tokio::test]
async fn a_draft_is_shown_again_and_can_be_started_over() {
    let scene = Scene::start("drafts").await;
    scene.panel(&scene.rin, "orchard", "Reports").await;
    let again = scene.rin.types("/token request provider:orchard").await.unwrap();
    let again = again.private().unwrap();
    assert!(again.contains("Reports") && again.contains("started this request earlier"), "{again}");
    assert_eq!(scene.count("select count(*) from countersign.drafts").await, 1);
    let modal = scene.rin.clicks(&again, "Start over").await.unwrap().modal().unwrap();
    assert!(modal.value("Token name").unwrap().is_empty());
    assert_eq!(scene.count("select count(*) from countersign.drafts").await, 0);
    let gone = scene.rin.clicks(&again, "Create").await.unwrap().private().unwrap();
    assert!(gone.contains("is no longer available"), "{gone}");
    scene.ends().await;
}

#[tokio::test]
async fn cancel_ends_a_draft() {
    let scene = Scene::start("cancel").await;
    let panel = scene.panel(&scene.rin, "orchard", "Reports").await;
    let cancelled = scene.rin.clicks(&panel, "Cancel").await.unwrap().message().unwrap();
    assert!(cancelled.contains("Cancelled") && cancelled.buttons().is_empty(), "{cancelled}");
    assert_eq!(scene.count("select count(*) from countersign.drafts").await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn a_request_shows_on_its_card_and_nowhere_else() {
    let scene = Scene::start("card").await;
    let submitted = scene.asks(&scene.rin, "Reports").await;
    assert!(submitted.contains("#1") && submitted.contains("0 of 2 approvals"), "{submitted}");
    assert_eq!(submitted.buttons(), ["Edit", "Withdraw"]);
    let card = scene.card("0 of 2 approvals").await;
    for shown in ["@Rin", "Reports", "Reads harvests every night", "DELETE", "Sensitive"] {
        assert!(card.contains(shown), "{shown} is not on:\n{card}");
    }
    assert_eq!(card.buttons(), ["Approve", "Deny", "All scopes", "Edit", "Withdraw"]);
    assert!(!card.pings());
    assert!(scene.rin.channel("general").unwrap().iter().all(|message| message.is_ephemeral()));
    scene.ends().await;
}

#[tokio::test]
async fn names_are_unique_over_live_tokens_and_open_requests() {
    let scene = Scene::start("names").await;
    let submitted = scene.asks(&scene.rin, "Reports").await;
    let panel = scene.panel(&scene.aki, "orchard", "ＲＥＰＯＲＴＳ").await;
    assert!(panel.contains("is taken"), "{panel}");
    let refused = scene.aki.clicks(&panel, "Create").await.unwrap().private().unwrap();
    assert!(refused.contains("is taken"), "{refused}");
    // Another provider has names of its own.
    scene.asks_by_hand(&scene.ben, "Reports").await;
    scene.last_card("1 of 2 approvals").await;
    assert_eq!(scene.count("select count(*) from countersign.requests").await, 2);

    scene.rin.clicks(&submitted, "Withdraw").await.unwrap().private().unwrap();
    let created = scene.aki.clicks(&panel, "Create").await.unwrap().message().unwrap();
    assert!(created.contains("#3"), "{created}");
    scene.last_card("was withdrawn").await;
    scene.ends().await;
}

/// Whatever a keyboard can type is a name, and with or without what joins an emoji it is the same one.
#[tokio::test]
async fn a_name_may_hold_joined_emoji() {
    let scene = Scene::start("emoji").await;
    scene.asks(&scene.rin, "👩‍💻 Reports").await;
    scene.card("👩‍💻 Reports").await;
    let panel = scene.panel(&scene.aki, "orchard", "👩💻 reports").await;
    assert!(panel.contains("is taken"), "{panel}");
    scene.ends().await;
}

#[tokio::test]
async fn so_many_open_requests_and_no_more() {
    let scene = Scene::configured("open", "[policy]\nmax_open_requests = 2").await;
    scene.asks(&scene.rin, "One").await;
    scene.asks_by_hand(&scene.rin, "Two").await;
    let panel = scene.panel(&scene.rin, "orchard", "Three").await;
    let refused = scene.rin.clicks(&panel, "Create").await.unwrap().private().unwrap();
    assert!(refused.contains("2 open requests"), "{refused}");
    assert_eq!(scene.count("select count(*) from countersign.requests").await, 2);
    scene.last_card("Two").await;
    scene.ends().await;
}

#[tokio::test]
async fn whoever_may_not_ask_is_told() {
    let scene = Scene::with("roles", Options::standard(), |config| {
        config.providers.truncate(1);
        config.providers[0].requester_roles = vec![ADMINS.to_string()];
    })
    .await;
    let refused = scene.rin.types("/token request").await.unwrap().private().unwrap();
    assert!(refused.contains("You need a certain role"), "{refused}");
    scene.aki.types("/token request").await.unwrap().modal().unwrap();
    scene.ends().await;
}

#[tokio::test]
async fn too_few_admins_are_warned_of() {
    let scene = Scene::start("too few").await;
    for admin in [&scene.ben, &scene.chiyo] {
        scene.stage.discord.set_roles(admin, &[]).unwrap();
    }
    scene.asks(&scene.rin, "Reports").await;
    let warning = scene.rin.sees_private("can’t be approved yet").await.unwrap();
    assert!(warning.contains("only one person"), "{warning}");
    scene.card("0 of 2 approvals").await;
    scene.ends().await;
}

#[tokio::test]
async fn help_is_there_in_both_languages() {
    let scene = Scene::start("help").await;
    let help = scene.rin.types("/token help").await.unwrap().private().unwrap();
    assert!(help.contains("/token request") && help.contains("Orchard API"), "{help}");
    let japanese = scene.chiyo.types("/token help").await.unwrap().private().unwrap();
    assert!(japanese.contains("トークン"), "{japanese}");
    scene.ends().await;
}
