//! One member sends too many interactions, and the others notice nothing.

use std::time::Duration;

use discord_sim::{Options, Person};
use futures_util::future::join_all;
use sqlx::Connection as _;

use super::Team;
use testkit::team::code_blocks;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_forms_are_one_draft() {
    let team = Team::start("forms").await;
    let form = team.form(&team.rin, "orchard", "Reports").await;
    for _ in 0..50 {
        // One client's, as fast as they go.
        join_all((0..20).map(|_| form.submit())).await;
    }
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 1);
    assert_eq!(team.count("select count(*) from countersign.requests").await, 0);
    let panel = form.submit().await.unwrap().private().unwrap();
    let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    team.rin.click(&panel, "Create").await.unwrap().message().unwrap();
    team.card("0 of 2 approvals").await;
    team.rin.private_messages();
    team.finish().await;
}

/// The worst case: another session holds the row that all the clicks need.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_one_member_delays_no_one_else() {
    let options = Options::standard().with_member("mori", "en-US", false);
    let team = Team::with("flood", options, |_| {}).await;
    let submitted = team.ask(&team.rin, "Flooded").await;
    team.card("0 of 2 approvals").await;
    let rin = team.rin.patient(Duration::from_secs(30));
    let mut holder = team.setup.connect().await.unwrap();
    let mut held = holder.begin().await.unwrap();
    sqlx::query("select from countersign.requests for update").execute(&mut *held).await.unwrap();
    let clicks = (0..200).map(|_| rin.click_outdated(&submitted, "Withdraw"));
    let job = async {
        // Each press is answered within Discord's 3 s, or this fails.
        get_token(&team, &team.setup.person("mori").unwrap()).await;
        held.rollback().await.unwrap();
    };
    let (answers, ()) = tokio::join!(join_all(clicks), job);
    let answers: Vec<_> =
        answers.into_iter().map(|seen| seen.unwrap().message().unwrap()).collect();
    let saying = |said: &str| answers.iter().filter(|answer| answer.contains(said)).count();
    // One press changes the message that was pressed. The others that waited for the row are refused beside it, and
    // see one of the two first.
    assert!(saying("is withdrawn") > 0);
    assert_eq!(saying("is withdrawn") + saying("was withdrawn"), 16);
    assert_eq!(saying("this one changed nothing"), 184);
    let refused = async {
        let told =
            || rin.private_messages().into_iter().filter(|told| told.contains("was withdrawn"));
        while told().count() < 15 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        told().count()
    };
    let refused = tokio::time::timeout(Duration::from_secs(20), refused).await;
    assert_eq!(refused.ok(), Some(15));
    team.last_card("was withdrawn").await;
    let errors = team.setup.bot.log();
    assert!(!errors.contains("\"ERROR\""), "{errors}");
    team.finish().await;
}

/// From the request to the secret.
async fn get_token(team: &Team, mori: &Person) {
    team.ask(mori, "Reports").await;
    let card = team.aki.wait_for_message("approvals", "Reports").await.unwrap();
    team.approve(&team.aki, &card).await;
    let card = team.aki.wait_for_message("approvals", "1 of 2 approvals").await.unwrap();
    team.approve(&team.ben, &card).await;
    let ready = mori.wait_for_dm("is ready").await.unwrap();
    let shown = mori.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
}
