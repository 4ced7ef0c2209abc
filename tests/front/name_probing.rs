//! Names are unique among all people. A person who tries names learns of a few taken ones an hour, and then
//! of none.

use discord_sim::{MessageView, Options, Person};
use testkit::team::Team;

/// How many names of others were refused.
const TOLD: &str = "select count(*) from countersign.events where kind = 'name_refused'";

/// The answer about a name after too many.
const UNSAID: &str = "You have tried too many names that are taken";

async fn team(label: &str) -> Team {
    let options = Options::standard().with_member("kai", "en-US", false);
    let settings = toml::from_str("[policy]\nmax_open_requests = 20").unwrap();
    Team::with(label, options, |config| config.overrides = settings).await
}

/// Names it otherwise in the panel's form.
async fn attempt(person: &Person, panel: &MessageView, name: &str) -> MessageView {
    let mut form = person.click(panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Token name", name).unwrap();
    form.submit().await.unwrap().message().unwrap()
}

/// The refusal of *Create*.
async fn is_refused(person: &Person, panel: &MessageView) -> String {
    assert!(!panel.offers("Create"), "{panel}");
    person.click_outdated(panel, "Create").await.unwrap().private().unwrap().to_string()
}

/// So many names of Aki's tokens, and Rin's panel after trying the first five.
async fn five_were_tried(team: &Team) -> MessageView {
    for number in 1..=7 {
        team.ask(&team.aki, &format!("Secret {number}")).await;
    }
    let mut panel = team.panel(&team.rin, "orchard", "Harmless").await;
    for number in 1..=5 {
        panel = attempt(&team.rin, &panel, &format!("ＳＥＣＲＥＴ  {number}")).await;
        assert!(panel.contains("is taken") && !panel.contains(UNSAID), "{panel}");
        // It is shown with every step, and counted once.
        panel = team.rin.click(&panel, "Clear all").await.unwrap().message().unwrap();
        panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    }
    assert_eq!(team.count(TOLD).await, 5);
    panel
}

#[tokio::test]
async fn after_five_names_of_others_none_is_answered() {
    let team = team("probed").await;
    team.ask(&team.rin, "Mine").await;
    let panel = five_were_tried(&team).await;
    // One that is taken, one that is free, and one that they may see: the answers are the same.
    let mut said = Vec::new();
    for name in ["Secret 6", "Nobody’s", "Secret 1"] {
        let panel = attempt(&team.rin, &panel, name).await;
        assert!(panel.contains(UNSAID) && !panel.contains("is taken"), "{panel}");
        let shown = panel.sources().join("\n").replace(name, "NAME");
        said.push((shown, is_refused(&team.rin, &panel).await));
    }
    // The draft lapses at another time after each step.
    let without_times = |text: &str| {
        let parts = text.split("<t:").map(|part| part.split_once('>').map_or(part, |rest| rest.1));
        parts.collect::<String>()
    };
    let texts: Vec<_> = said
        .iter()
        .map(|(shown, refused)| (without_times(shown), without_times(refused)))
        .collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "{said:#?}");
    assert!(said[0].1.contains("nothing was submitted. Wait until <t:"), "{said:#?}");
    assert_eq!(team.count(TOLD).await, 5, "what was not told is not counted");
    assert_eq!(team.count("select count(*) from countersign.requests").await, 8);
    // Their own names are still reported as taken.
    let panel = attempt(&team.rin, &panel, "mine").await;
    assert!(panel.contains("is taken") && !panel.contains(UNSAID), "{panel}");
    let refused = is_refused(&team.rin, &panel).await;
    assert!(refused.contains("is taken"), "{refused}");

    // Another provider is counted apart, and so is another person.
    team.ask_at("impact-agency", &team.rin, "Secret 1").await;
    let kai = team.setup.person("kai").unwrap();
    let panel_of_kai = team.panel(&kai, "orchard", "Secret 6").await;
    assert!(panel_of_kai.contains("is taken"), "{panel_of_kai}");
    team.last_card("Secret 7").await;

    // An hour after the first of them, one more is answered.
    let mut connection = team.setup.connect().await.unwrap();
    let later = "set session_replication_role = replica;
        update countersign.events set at = at - interval '1 hour'
        where id = (select min(id) from countersign.events where kind = 'name_refused')";
    sqlx::raw_sql(later).execute(&mut connection).await.unwrap();
    let panel = attempt(&team.rin, &panel, "Nobody’s").await;
    assert!(!panel.contains(UNSAID), "{panel}");
    let created = team.rin.click(&panel, "Create").await.unwrap().message().unwrap();
    assert!(created.contains("is submitted"), "{created}");
    team.last_card("Nobody’s").await;
    team.finish().await;
}

#[tokio::test]
async fn after_too_many_names_a_member_can_still_use_their_own() {
    let team = team("probed, own").await;
    let mine = team.ask(&team.rin, "Mine").await;
    five_were_tried(&team).await;
    let panel = team.rin.click(&mine, "Edit").await.unwrap().message().unwrap();
    assert!(!panel.contains(UNSAID) && !panel.contains("is taken"), "{panel}");
    let panel = team.rin.click(&panel, "Clear all").await.unwrap().message().unwrap();
    let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    let panel = attempt(&team.rin, &panel, "Secret 6").await;
    assert!(panel.contains(UNSAID), "{panel}");
    assert!(!panel.offers("Save"), "{panel}");
    let refused = team.rin.click_outdated(&panel, "Save").await.unwrap().private().unwrap();
    assert!(refused.contains(UNSAID), "{refused}");
    let mut form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Token name", "MINE").unwrap().fill("Description", "Reads harvests twice").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    assert!(!panel.contains(UNSAID), "{panel}");
    let saved = team.rin.click(&panel, "Save").await.unwrap().message().unwrap();
    assert!(saved.contains("is changed"), "{saved}");
    team.last_card("Reads harvests twice").await;
    team.finish().await;
}

#[tokio::test]
async fn admins_see_every_name_in_lists_and_may_try_as_many() {
    let team = team("admin tries").await;
    for number in 1..=7 {
        team.ask(&team.rin, &format!("Secret {number}")).await;
    }
    let mut panel = team.panel(&team.aki, "orchard", "Harmless").await;
    for number in 1..=7 {
        panel = attempt(&team.aki, &panel, &format!("Secret {number}")).await;
        assert!(panel.contains("is taken"), "{panel}");
    }
    assert_eq!(team.count(TOLD).await, 0);
    team.last_card("Secret 7").await;
    team.finish().await;
}

/// Only *Create* shows that another person was faster, and that counts as well.
#[tokio::test]
async fn a_name_taken_in_the_meantime_counts() {
    let team = team("taken meanwhile").await;
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    assert!(!panel.contains("is taken"), "{panel}");
    team.ask(&team.aki, "Reports").await;
    // The panel was shown before that.
    let refused = team.rin.click(&panel, "Create").await.unwrap().private().unwrap();
    assert!(refused.contains("is taken"), "{refused}");
    assert_eq!(team.count(TOLD).await, 1);
    // The audit log shows who was told which.
    let noted = "select count(*) from countersign.events where kind = 'name_refused'
        and actor is not null and interaction_id is not null and detail ->> 'name_key' = 'reports'";
    assert_eq!(team.count(noted).await, 1);
    team.last_card("Reports").await;
    team.finish().await;
}
