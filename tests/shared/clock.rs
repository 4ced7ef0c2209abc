//! A bot and a Postgres that go by a clock which the test moves.

use testkit::clock::Clock;
use testkit::team::Team;

pub const DAY: i64 = 24 * 60 * 60;

/// How far away noon is, in UTC: days are counted by the calendar, and no day ends within a test.
pub fn noon() -> i64 {
    DAY / 2 - chrono::Utc::now().timestamp().rem_euclid(DAY)
}

/// The bot is stopped until so many seconds after the first day's noon, and catches up.
pub async fn is_off_until(team: &Team, clock: &Clock, seconds: i64) {
    assert!(team.setup.bot.stop().await.unwrap().success());
    clock.step(noon() + seconds).unwrap();
    team.setup.bot.serve().await.unwrap();
    caught_up(team).await;
}

/// Everything due was done by what a process checks when it starts.
pub async fn caught_up(team: &Team) {
    let swept = "select count(*) from countersign.jobs where kind = 'sweep' and due_at <= now()";
    for _ in 0..400 {
        team.setup.settles().await.unwrap();
        if team.count(swept).await == 0 {
            return team.setup.settles().await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nobody sweeps");
}
