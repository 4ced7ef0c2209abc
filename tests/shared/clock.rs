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
    team.wait_for_sweep().await;
}
