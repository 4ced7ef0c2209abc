//! `/token health`: each kind of trouble is made, seen by the admins whom it concerns, and by nobody else.

use std::time::Duration;

use discord_sim::{DirectMessages, Fault, MessageView, Options, Person};
use testkit::mock_upstream::{Answers, Call, Fault as UpstreamFault, Upstream};
use testkit::ports::find_free_address;
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::setup::Setup;
use testkit::team::DEVELOPER;

use super::{Team, reword_request};

/// How long an answer may take that needs a database which is away.
const PATIENCE: Duration = Duration::from_secs(40);

const POSTS: &str = "POST /channels/{channel_id}/messages";

async fn ask(person: &Person) -> MessageView {
    person.type_command("/token health").await.unwrap().private().unwrap()
}

/// Asks until the answer says this.
async fn wait_for(person: &Person, words: &str) -> MessageView {
    for _ in 0..200 {
        let seen = ask(person).await;
        if seen.contains(words) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{words:?} is not in {}", ask(person).await);
}

/// As the superuser, whom the guards don't watch.
async fn change(team: &Team, sql: &'static str) {
    let mut database = team.setup.connect().await.unwrap();
    let sql = format!("set session_replication_role = replica; {sql}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
}

#[tokio::test]
async fn all_is_well_and_only_admins_are_told() {
    let team = Team::start("healthy").await;
    let seen = ask(&team.aki).await;
    assert!(seen.contains("Everything works, and nothing is stuck."), "{seen}");
    for part in ["Database", "Discord gateway", "Queue", "Email"] {
        assert!(seen.contains(&format!("🟢 {part}")), "{seen}");
    }
    assert!(seen.contains("Orchard API") && seen.contains("impact.com"), "{seen}");
    assert_eq!(seen.commands(), ["token pending"]);
    let seen = ask(&team.chiyo).await;
    assert!(seen.contains("滞っているものはありません"), "{seen}");
    let refused = ask(&team.rin).await;
    assert!(refused.contains("Only admins of a provider can see what is stuck"), "{refused}");
    assert!(!refused.contains("Database"), "{refused}");
    team.finish().await;
}

#[tokio::test]
async fn a_refused_card_is_told_with_its_cure() {
    let team = Team::start("health of cards").await;
    let fault = Fault::refusal(400, 200_000, "Message was blocked by automatic moderation");
    team.setup.discord.fail(POSTS, 1, fault).unwrap();
    let submitted = team.ask(&team.rin, "Reports").await;
    let told = team.rin.wait_for_dm("automatic moderation refuses the text").await.unwrap();
    let seen = wait_for(&team.aki, "Cards that Discord refuses").await;
    assert!(
        seen.contains("#1 (code 200000)") && seen.contains("Have the requester edit"),
        "{seen}"
    );
    assert!(!seen.contains("Everything works"), "{seen}");

    reword_request(&team, &submitted).await;
    team.rin.wait_until_gone(&told).await.unwrap();
    wait_for(&team.aki, "Everything works").await;
    team.finish().await;
}

#[tokio::test]
async fn a_secret_whose_owner_takes_no_messages_is_told() {
    let team = Team::start("health of secrets").await;
    team.setup.discord.set_direct_messages(&team.rin, DirectMessages::Closed).unwrap();
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;
    let seen = wait_for(&team.aki, "Secrets whose owner can’t be told").await;
    assert!(seen.contains("Reports") && seen.contains("@Rin"), "{seen}");
    assert!(seen.contains("https://discord.com/channels/"), "{seen}");
    assert!(seen.commands().contains(&"token collect".to_owned()), "{seen}");
    assert!(!seen.contains("cst_"), "{seen}");
}

#[tokio::test]
async fn a_request_that_waits_for_an_api_is_told_with_its_words() {
    let upstream = Upstream::start().await.unwrap();
    let team = Team::with("health of requests", Options::standard(), |config| {
        let registry = upstream.provider(&config.providers[0]);
        config.providers.push(registry);
    })
    .await;
    upstream.say("the quota is used up");
    upstream.fail(Call::Create, [UpstreamFault { does: false, answers: Answers::Status(403) }]);
    team.ask_at("registry", &team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;
    team.card("An admin has to act before").await;
    let seen = wait_for(&team.aki, "Approved requests that wait for a provider’s API").await;
    assert!(seen.contains("the quota is used up") && seen.contains("Try again"), "{seen}");
    assert!(
        seen.contains("[#1](https://discord.com/channels/") && seen.contains("Reports"),
        "{seen}"
    );
}

#[tokio::test]
async fn emails_that_wait_are_told_with_what_the_server_says() {
    let closed = find_free_address().unwrap();
    let team = Team::with("health of emails", Options::standard(), |config| {
        config.mail_url = format!("smtp://tokens:not-to-be-shown-5@{closed}?tls=required");
    })
    .await;
    let mut form = team.form(&team.rin, "orchard", "Reports").await;
    form.fill("Developer emails", DEVELOPER).unwrap();
    team.submit_and_approve(&form).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.setup.send_mails_now().await.unwrap();
    let seen = wait_for(&team.aki, "emails wait, and none is lost").await;
    assert!(seen.contains("1 email waits") && seen.contains("see that url in"), "{seen}");
    change(&team, "update countersign.notices set created_at = now() - interval '20 minutes'")
        .await;
    let seen = wait_for(&team.aki, "One email waits, since").await;
    for secret in ["not-to-be-shown", DEVELOPER, "cst_"] {
        assert!(!seen.contains(secret), "{seen}");
    }
}

/// Whoever can't press anything learns why.
#[tokio::test]
async fn a_database_that_is_away_is_told() {
    let postgres = Postgres::shared().await.unwrap();
    let proxy = Proxy::start(&postgres.admin_url()).await.unwrap();
    let setup = Setup::through(&proxy, "health of the database", Options::standard(), |_| {})
        .await
        .unwrap();
    let aki = setup.person("aki").unwrap().patient(PATIENCE);
    proxy.refuse();
    proxy.cut_all();
    let seen = ask(&aki).await;
    assert!(seen.contains("🔴 **Database**: what you press may not be carried out"), "{seen}");
    let seen = wait_for(&aki, "> the database does not answer").await;
    assert!(!seen.contains("Everything works"), "{seen}");
    let refused = ask(&setup.person("rin").unwrap().patient(PATIENCE)).await;
    assert!(refused.contains("Only admins of a provider"), "{refused}");
    proxy.admit();
    wait_for(&aki, "Everything works").await;
}

#[tokio::test]
async fn jobs_that_fail_or_find_no_process_are_told() {
    let team = Team::start("health of jobs").await;
    team.ask(&team.rin, "Reports").await;
    team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();
    change(
        &team,
        "update countersign.jobs set failures = 3 where kind = 'remind_admins';
         insert into countersign.jobs (kind, subject, lane, urgency, due_at)
         values ('of_a_newer_version', 7, 'main', 0, now() - interval '5 minutes');",
    )
    .await;
    let seen = ask(&team.aki).await;
    assert!(seen.contains("🔴 reminding admins: one job"), "{seen}");
    assert!(seen.contains("due for 5 minutes"), "{seen}");
    change(
        &team,
        "update countersign.jobs set failures = 0;
         delete from countersign.jobs where kind = 'of_a_newer_version'",
    )
    .await;
    let seen = ask(&team.aki).await;
    assert!(seen.contains("Everything works"), "{seen}");
}

#[tokio::test]
async fn admins_of_one_provider_see_nothing_of_another() {
    let team = Team::with("health of others", Options::standard(), |config| {
        let everyone = discord_sim::standard::ADMINS.to_string();
        for provider in &mut config.providers {
            let is_theirs = provider.id == "impact-agency";
            provider.admin_roles = vec![if is_theirs {
                everyone.clone()
            } else {
                discord_sim::standard::BOT_ROLE.to_string()
            }];
        }
    })
    .await;
    let fault = Fault::refusal(400, 200_000, "Message was blocked by automatic moderation");
    team.setup.discord.fail(POSTS, 1, fault).unwrap();
    team.ask(&team.rin, "Reports").await;
    team.rin.wait_for_dm("automatic moderation refuses the text").await.unwrap();
    change(&team, "update countersign.jobs set failures = 3 where kind = 'remind_admins'").await;
    assert_eq!(team.count("select count(*) from countersign.jobs where failures = 3").await, 1);
    let seen = ask(&team.aki).await;
    assert!(seen.contains("Everything works"), "{seen}");
    assert!(seen.contains("impact.com") && !seen.contains("Orchard"), "{seen}");
}
