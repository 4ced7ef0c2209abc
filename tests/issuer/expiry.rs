//! Expiry, by a clock that the test moves, at services that don't expire tokens themselves.

use discord_sim::Options;
use testkit::bot::BotConfig;
use testkit::clock::Clock;
use testkit::mock_upstream::{Call, EndsAs, Upstream};
use testkit::postgres::{Durability, Postgres};
use testkit::team::Team;

use super::believed_ends::{SERVICES, Service};
use super::clock::{DAY, is_off_until, noon};
use super::{Fixture, PATIENCE};

/// A bot and a Postgres with this clock, and an upstream that ends nothing by itself.
pub async fn by_the_clock(label: &str, clock: &Clock, issuer: fn(&mut toml::Table)) -> Fixture {
    clock.step(noon()).unwrap();
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    postgres.follow_clock(clock).await.unwrap();
    let upstream = Upstream::start().await.unwrap();
    upstream.change_manner(|manner| manner.ends_as = EndsAs::MinusOne);
    let configure = |config: &mut BotConfig| {
        config.environment.extend(clock.environment());
        let mut registry = upstream.provider(&config.providers[0]);
        issuer(&mut registry.issuer);
        config.providers.push(registry);
    };
    let team = Team::on(&postgres, label, Options::standard(), configure).await;
    Fixture { team, upstream, before: 0 }
}

#[tokio::test]
async fn an_expired_token_is_ended_at_its_service() {
    let clock = Clock::new().unwrap();
    let fixture = by_the_clock("upstream expiry", &clock, |_| {}).await;
    let secret = fixture.create_token("Reports").await;
    is_off_until(&fixture.team, &clock, 91 * DAY).await;
    fixture.team.rin.patient(PATIENCE).wait_for_dm("Reports has expired").await.unwrap();
    fixture.team.last_card("has expired").await;
    assert!(!fixture.upstream.open_panel(&secret));
    assert_eq!(fixture.upstream.count(Call::Disable), 1);
    fixture.team.finish().await;
}

/// One service, from the making of its token to the admin who saw to its end.
async fn play(service: &Service) {
    let clock = Clock::new().unwrap();
    let label = format!("{}, expiry", service.label);
    let fixture = by_the_clock(&label, &clock, service.issuer).await;
    (service.at_first)(&fixture.upstream);
    let secret = fixture.create_token("Reports").await;
    if let Some(doubt) = service.doubt {
        fixture.team.last_card(doubt).await;
    }
    (service.then)(&fixture.upstream);
    is_off_until(&fixture.team, &clock, 91 * DAY).await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.wait_for_message("approvals", service.task).await.unwrap();
    assert!(fixture.upstream.open_panel(&secret), "{label}: it ended after all");
    let expired = fixture.team.rin.dms().iter().filter(|one| one.contains("has expired")).count();
    assert_eq!(expired, 0, "{label}");
    fixture.upstream.end_by_hand(&secret);
    fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.patient(PATIENCE).wait_for_dm("Reports has expired").await.unwrap();
    fixture.team.last_card("has expired").await;
    fixture.team.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_expiry_is_reported_while_the_service_accepts_the_token() {
    for pair in SERVICES.chunks(2) {
        let [one, other] = pair else { panic!("an odd one") };
        tokio::join!(play(one), play(other));
    }
}
