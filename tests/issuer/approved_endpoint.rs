//! The address at which an API is called is part of what was approved.

use testkit::mock_upstream::{Call, Upstream};

use super::Fixture;

#[tokio::test]
async fn an_api_that_is_called_elsewhere_takes_approvals_again() {
    let fixture = Fixture::start("moved").await;
    let team = &fixture.team;
    team.ask_at("registry", &team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    team.card("1 of 2 approvals").await;
    team.setup.settle().await.unwrap();

    // The same configuration, but its `create` goes to another server.
    let other = Upstream::start().await.unwrap();
    let elsewhere = other.issuer();
    let moves = |config: &mut toml::Table| {
        let providers = config["providers"].as_array_mut().unwrap();
        let registry =
            providers.iter_mut().find(|one| one["id"].as_str() == Some("registry")).unwrap();
        registry["issuer"]["create"]["url"] = elsewhere["create"]["url"].clone();
    };
    team.setup.restart_with(moves).await.unwrap();
    let card = team.last_card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = team.card("0 of 2 approvals").await;
    assert!(card.contains("Call “create” to the provider’s API"), "{card}");
    assert_eq!((fixture.upstream.count(Call::Create), other.count(Call::Create)), (0, 0));
    fixture.team.finish().await;
}
