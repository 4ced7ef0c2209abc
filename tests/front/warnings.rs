//! Warnings of tokens that end soon, in a Postgres whose clock the test moves.

use testkit::clock::Clock;
use testkit::team::{DEVELOPER, Team, disable_token, show_token};

use super::expiry::{DAY, by_the_clock, heard, is_off_until, is_shared, mailed};
use super::token_life::create_token;

const WARNED: &str = "select count(*) from countersign.notices where kind = 'expiring'";

/// How many emails to the developer have this in their subject.
fn mails(team: &Team, what: &str) -> usize {
    let all = team.setup.mailbox.all().unwrap();
    let says = |subject: &str| subject.contains(what);
    all.iter()
        .filter(|mail| mail.is_to(DEVELOPER) && mail.header("Subject").is_some_and(says))
        .count()
}

#[tokio::test]
async fn each_person_is_warned_once_a_day_of_all_that_ends_soon() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("warned", &clock).await;
    for name in ["Reports", "Dashboard"] {
        is_shared(&team, name).await;
    }
    // It is disabled in the meantime, so there is no warning.
    is_shared(&team, "Disabled").await;
    let panel = show_token(&team.rin, "Disabled").await;
    disable_token(&team.rin, &panel).await;
    team.chiyo.wait_for_dm("was disabled").await.unwrap();
    mailed(&team, "was disabled").await;
    team.last_card("It is disabled").await;
    team.setup.settle().await.unwrap();
    assert_eq!(team.count(WARNED).await, 0);

    for (times, left) in [(1, 30), (2, 7), (3, 1)] {
        // By the calendar: so many days before, at any hour.
        is_off_until(&team, &clock, (90 - left) * DAY).await;
        let message = team.rin.wait_for_dm("2 of your tokens expire soon").await.unwrap();
        assert!(message.contains("Reports") && message.contains("Dashboard"), "{message}");
        assert!(!message.contains("Disabled"), "{message}");
        team.chiyo.wait_for_dm("2 of your tokens expire soon").await.unwrap();
        let text = mailed(&team, "2 API tokens expire soon").await;
        let when = if left == 1 { "tomorrow".to_owned() } else { format!("in {left} days") };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.matches(&when).count(), 2, "{text}");
        let by = "requested by Rin; approved by Aki, Ben; primary contact: Chiyo";
        assert_eq!(text.matches(by).count(), 2, "{text}");
        // The same day, and the next.
        is_off_until(&team, &clock, (90 - left) * DAY + 60).await;
        assert_eq!(team.count(WARNED).await, 3 * times, "owner, contact, developer");
        if left > 1 {
            is_off_until(&team, &clock, (91 - left) * DAY).await;
            assert_eq!(team.count(WARNED).await, 3 * times);
        }
    }
    let outcomes = "select count(*) from countersign.events join countersign.notices
        on notices.id = (detail ->> 'notice')::bigint
        where events.kind = 'notice_sent' and notices.kind = 'expiring'";
    assert_eq!(team.count(outcomes).await, 18, "3 times, 3 people, 2 tokens");
    team.finish().await;
}

#[tokio::test]
async fn after_a_week_of_downtime_only_the_nearest_warning_is_sent() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("warned late", &clock).await;
    is_shared(&team, "Reports").await;
    is_off_until(&team, &clock, 84 * DAY).await;
    assert_eq!(heard(&team.rin, "One of your tokens expires soon"), 1);
    assert_eq!(mails(&team, "expires soon"), 1);
    let nearest = "select count(*) from countersign.warnings where days = 7";
    assert_eq!(team.count(nearest).await, 1);
    assert_eq!(team.count("select count(*) from countersign.warnings").await, 1);
    // Disabled past its end: it has expired, without a warning.
    is_off_until(&team, &clock, 97 * DAY).await;
    assert_eq!(heard(&team.rin, "expires soon"), 1);
    assert_eq!(heard(&team.rin, "has expired"), 1);
    assert_eq!(heard(&team.chiyo, "has expired"), 1);
    mailed(&team, "expires soon").await;
    mailed(&team, "has expired").await;
    team.last_card("has expired").await;
    team.finish().await;
}

#[tokio::test]
async fn a_moved_expiry_is_warned_of_again() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("warned anew", &clock).await;
    create_token(&team, "Reports").await;
    is_off_until(&team, &clock, 62 * DAY).await;
    team.rin.wait_for_dm("One of your tokens expires soon").await.unwrap();
    let panel = show_token(&team.rin, "Reports").await;
    let panel = team.rin.click(&panel, "Extend").await.unwrap().message().unwrap();
    let ends = ["Expires after 90 days"];
    let panel = team.rin.select(&panel, "Expires", &ends).await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("requests more time").await;
    team.approve_twice(&card).await;
    let changed = team.rin.wait_for_dm("was changed").await.unwrap();
    assert!(changed.contains("**Expires:** <t:"), "{changed}");
    team.last_card("**Extended:**").await;
    is_off_until(&team, &clock, 90 * DAY).await;
    assert_eq!(heard(&team.rin, "One of your tokens expires soon"), 1);
    is_off_until(&team, &clock, (62 + 61) * DAY).await;
    assert_eq!(heard(&team.rin, "One of your tokens expires soon"), 2);
    let thirty = "select count(*) from countersign.warnings where days = 30";
    assert_eq!(team.count(thirty).await, 2);
    team.finish().await;
}

#[tokio::test]
async fn two_processes_warn_once() {
    let clock = Clock::new().unwrap();
    let team = by_the_clock("warned twice", &clock).await;
    for name in ["One", "Two"] {
        create_token(&team, name).await;
    }
    let second = team.setup.bot.replica("2");
    assert!(team.setup.bot.stop().await.unwrap().success());
    clock.step(83 * DAY).unwrap();
    team.setup.bot.launch().await.unwrap();
    second.launch().await.unwrap();
    team.setup.bot.wait_ready().await.unwrap();
    team.wait_for_sweep().await;
    assert_eq!(team.count(WARNED).await, 1);
    assert_eq!(heard(&team.rin, "2 of your tokens expire soon"), 1);
    assert!(second.stop().await.unwrap().success());
    team.finish().await;
}
