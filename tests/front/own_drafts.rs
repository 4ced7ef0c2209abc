//! A draft is its owner's: begun, gone on with, started over, cancelled.

use std::time::Duration;

use discord_sim::{MessageView, Options};
use sqlx::Connection as _;

use super::Team;

/// A role that is nobody's at first.
const DEVELOPERS: &str = "1103000000000000002";

async fn click(team: &Team, message: &MessageView, button: &str) -> MessageView {
    team.rin.click(message, button).await.unwrap().message().unwrap()
}

/// A pending request is its requester's to edit, whatever role they lost meanwhile.
#[tokio::test]
async fn a_request_is_edited_by_a_requester_who_lost_their_role() {
    let team = Team::with("lost role", Options::standard(), |config| {
        config.providers[0].requester_roles = vec![DEVELOPERS.to_owned()];
    })
    .await;
    team.setup.discord.set_roles(&team.rin, &[DEVELOPERS.parse().unwrap()]).unwrap();
    let submitted = team.ask(&team.rin, "Reports").await;
    team.setup.discord.set_roles(&team.rin, &[]).unwrap();
    let refused = team.rin.type_command("/token request provider:orchard").await.unwrap();
    let refused = refused.private().unwrap();
    assert!(refused.contains("You need a certain role"), "{refused}");

    let panel = click(&team, &submitted, "Edit").await;
    let cancelled = click(&team, &panel, "Cancel").await;
    assert!(cancelled.contains("Cancelled"), "{cancelled}");
    assert_eq!(cancelled.buttons(), ["Edit", "Withdraw"], "the request is still theirs");
    let panel = click(&team, &cancelled, "Edit").await;
    let mut form = team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", "Reads and fells").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let saved = click(&team, &panel, "Save").await;
    assert!(saved.contains("is changed"), "{saved}");
    team.card("Reads and fells").await;
    team.finish().await;
}

/// A draft that its owner may no longer submit can still be cancelled, and nothing else.
#[tokio::test]
async fn whoever_lost_their_role_can_cancel_their_draft() {
    let team = Team::with("lost role, draft", Options::standard(), |config| {
        config.providers[0].requester_roles = vec![DEVELOPERS.to_owned()];
    })
    .await;
    team.setup.discord.set_roles(&team.rin, &[DEVELOPERS.parse().unwrap()]).unwrap();
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    team.setup.discord.set_roles(&team.rin, &[]).unwrap();
    for button in ["Clear all", "Create"] {
        let refused = team.rin.click(&panel, button).await.unwrap().private().unwrap();
        assert!(refused.contains("You need a certain role"), "{button}: {refused}");
    }
    let cancelled = click(&team, &panel, "Cancel").await;
    assert!(cancelled.contains("Cancelled"), "{cancelled}");
    assert_eq!(team.count("select count(*) from countersign.drafts").await, 0);
    team.finish().await;
}

#[tokio::test]
async fn start_over_stays_until_it_is_pressed() {
    let team = Team::start("start over").await;
    let first = team.panel(&team.rin, "orchard", "Reports").await;
    assert!(!first.offers("Start over"), "{first}");
    let again = team.rin.type_command("/token request provider:orchard").await.unwrap();
    let again = again.private().unwrap();
    assert!(
        again.offers("Start over") && again.contains("started this request earlier"),
        "{again}"
    );
    let cleared = click(&team, &again, "Clear all").await;
    assert!(cleared.offers("Start over"), "{cleared}");
    let mut form = team.rin.click(&cleared, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Developer emails", "nobody").unwrap();
    let wrong = form.submit().await.unwrap().message().unwrap();
    assert!(wrong.offers("Correct") && wrong.offers("Start over"), "{wrong}");

    // The new panel takes the place of the one that it began on.
    let mut form = team.rin.click(&wrong, "Start over").await.unwrap().modal().unwrap();
    form.fill("Token name", "Dashboard").unwrap().fill("Description", "Shows trees").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    assert_eq!(panel.id(), again.id());
    assert!(panel.contains("Dashboard") && !panel.offers("Start over"), "{panel}");
    team.finish().await;
}

/// A step that Discord sends twice waits for itself, and is taken once; so is one that comes when everything is over.
#[tokio::test]
async fn a_repeated_step_is_taken_once() {
    let team = Team::start("repeated step").await;
    let (rin, discord) = (&team.rin, &team.setup.discord);
    let panel = team.panel(rin, "orchard", "Reports").await;
    let mut holder = team.setup.connect().await.unwrap();
    let mut held = holder.begin().await.unwrap();
    let change = "update countersign.drafts set description = 'Changed first'";
    sqlx::query(change).execute(&mut *held).await.unwrap();
    let repeating = async {
        wait_for_locked(&team, 1).await;
        discord.replay(&discord.last_interaction(rin).unwrap());
        wait_for_locked(&team, 2).await;
        held.commit().await.unwrap();
    };
    let (none, ()) = tokio::join!(click(&team, &panel, "Clear all"), repeating);
    assert!(none.contains("Changed first"), "it goes on with what it waited for: {none}");
    let cleared = discord.last_interaction(rin).unwrap();
    let all = click(&team, &none, "Whole category").await;
    discord.replay(&cleared);
    team.setup.settle().await.unwrap();
    let scopes = "select cardinality(scopes)::bigint from countersign.drafts";
    assert_eq!(team.count(scopes).await, 4);

    click(&team, &all, "Create").await;
    discord.replay(&discord.last_interaction(rin).unwrap());
    team.setup.settle().await.unwrap();
    assert_eq!(team.count("select count(*) from countersign.requests").await, 1);
    let log = team.setup.bot.log();
    assert!(
        !log.contains("refused") && !log.contains("ERROR"),
        "a repeat is no other press: {log}"
    );
    team.card("0 of 2 approvals").await;
    team.finish().await;
}

/// The second press finds no draft any more, and is told what became of it.
#[tokio::test]
async fn two_presses_on_create_make_one_request() {
    let team = Team::start("two presses").await;
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    let mut holder = team.setup.connect().await.unwrap();
    let mut held = holder.begin().await.unwrap();
    sqlx::query("select from countersign.drafts for update").execute(&mut *held).await.unwrap();
    let letting_go = async {
        wait_for_locked(&team, 2).await;
        held.rollback().await.unwrap();
    };
    let create = || team.rin.click_outdated(&panel, "Create");
    let (one, other, ()) = tokio::join!(create(), create(), letting_go);
    for answer in [one, other] {
        let answer = answer.unwrap().message().unwrap();
        assert!(answer.contains("is submitted"), "{answer}");
    }
    assert_eq!(team.count("select count(*) from countersign.requests").await, 1);
    team.card("0 of 2 approvals").await;
    team.finish().await;
}

/// Waits until so many sessions wait for a lock.
async fn wait_for_locked(team: &Team, sessions: i64) {
    let waiting = "select count(*) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()";
    while team.count(waiting).await < sessions {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whoever counts for a person waits until others have done so, and then sees what they left.
#[tokio::test]
async fn open_requests_are_counted_after_waiting() {
    let team = Team::configured("in turn", "[policy]\nmax_open_requests = 1").await;
    team.ask(&team.rin, "One").await;
    let panel = team.panel(&team.rin, "orchard", "Two").await;
    let mut other = team.setup.connect().await.unwrap();
    let mut held = other.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock($1)")
        .bind(i64::try_from(team.rin.id()).unwrap())
        .execute(&mut *held)
        .await
        .unwrap();
    let withdrawing = async {
        wait_for_locked(&team, 1).await;
        let withdraw = "update countersign.requests set state = 'withdrawn'";
        sqlx::query(withdraw).execute(&mut *held).await.unwrap();
        held.commit().await.unwrap();
    };
    let (created, ()) = tokio::join!(click(&team, &panel, "Create"), withdrawing);
    assert!(created.contains("Two"), "{created}");
    assert_eq!(team.count("select count(*) from countersign.requests").await, 2);
    team.last_card("Two").await;
    team.finish().await;
}

/// A step in the panel is a sign of a person who had left, like every press.
#[tokio::test]
async fn whoever_goes_on_with_a_draft_is_back() {
    let team = Team::start("back").await;
    let panel = team.panel(&team.rin, "orchard", "Reports").await;
    let mut connection = team.setup.connect().await.unwrap();
    sqlx::query("insert into countersign.departures (person, provider) values ($1, 'orchard')")
        .bind(i64::try_from(team.rin.id()).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    click(&team, &panel, "Clear all").await;
    let away = "select count(*) from countersign.departures where returned_at is null";
    assert_eq!(team.count(away).await, 0);
    team.finish().await;
}
