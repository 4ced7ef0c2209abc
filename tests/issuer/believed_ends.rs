//! No one is told that a token has ended while the service still accepts it: the test asks the service, not the bot.
//! Each of these services hides a token, or does something that looks like its end.

use testkit::mock_upstream::{Answers, Call, Fault, Pages, Upstream};
use testkit::team::{delete_token, press_button, show_token};

use super::shapes::answers;
use super::{Fixture, PATIENCE};

/// How a token is to end.
#[derive(Clone, Copy, Debug)]
enum Way {
    Disable,
    Delete,
    NotMe,
}

/// What a service does, and what the admins are told about a token that must end there.
pub struct Service {
    pub label: &'static str,
    pub issuer: fn(&mut toml::Table),
    /// Before the token is made.
    pub at_first: fn(&Upstream),
    /// What the admins are told when it was created.
    pub doubt: Option<&'static str>,
    /// Once it is there.
    pub then: fn(&Upstream),
    /// The text of the card.
    pub task: &'static str,
}

fn as_it_is(_: &mut toml::Table) {}

fn nothing(_: &Upstream) {}

/// A token goes by its id alone, and nothing lists it.
pub fn by_id_alone(issuer: &mut toml::Table) {
    issuer.remove("find");
    issuer.insert("ids_are_unique".to_owned(), true.into());
}

/// Ends and swaps that fail twenty times like this, whichever call is theirs.
fn no_end(upstream: &Upstream, answers: Answers) {
    for call in [Call::Revoke, Call::Disable, Call::Reset] {
        upstream.fail(call, [Fault { does: false, answers }; 20]);
    }
}

pub const SERVICES: [Service; 8] = [
    Service {
        label: "renamed",
        issuer: as_it_is,
        at_first: nothing,
        doubt: None,
        then: |upstream| upstream.rename(1, "nightly export"),
        task: "another name there",
    },
    Service {
        label: "page two",
        issuer: as_it_is,
        at_first: |upstream| {
            upstream.change_manner(|manner| manner.pages = Pages::Silent);
            upstream.is_crowded(4);
        },
        doubt: Some("does not show it"),
        then: nothing,
        task: "can’t find this token there",
    },
    Service {
        label: "prefixed",
        issuer: as_it_is,
        at_first: |upstream| upstream.change_manner(|manner| manner.prefix = "robot$".to_owned()),
        doubt: Some("under another name"),
        then: nothing,
        task: "another name there",
    },
    Service {
        label: "hidden",
        issuer: as_it_is,
        at_first: nothing,
        doubt: None,
        then: |upstream| upstream.change_manner(|manner| manner.hides_tokens = true),
        task: "can’t find this token there",
    },
    Service {
        label: "error in a 200",
        issuer: as_it_is,
        at_first: nothing,
        doubt: None,
        then: |upstream| no_end(upstream, Answers::Status(200)),
        task: "The API refused",
    },
    Service {
        label: "error in a 200, by id",
        issuer: by_id_alone,
        at_first: nothing,
        doubt: None,
        then: |upstream| no_end(upstream, Answers::Status(200)),
        task: "The API refused",
    },
    Service {
        label: "a proxy's 404, by id",
        issuer: by_id_alone,
        at_first: nothing,
        doubt: None,
        then: |upstream| no_end(upstream, Answers::Page(404)),
        task: "This is not the address of the API",
    },
    Service {
        label: "a proxy's 404",
        issuer: as_it_is,
        at_first: nothing,
        doubt: None,
        then: |upstream| no_end(upstream, Answers::Page(404)),
        task: "This is not the address of the API",
    },
];

async fn play(service: &Service, way: Way) {
    let fixture = Fixture::with(service.label, service.issuer).await;
    let cell = format!("{}, {way:?}", service.label);
    (service.at_first)(&fixture.upstream);
    fixture.approved("Reports").await;
    let ready = fixture.ready().await;
    if let Some(doubt) = service.doubt {
        fixture.team.aki.patient(PATIENCE).wait_for_message("approvals", doubt).await.unwrap();
    }
    let secret = fixture.upstream.newest().secret;
    (service.then)(&fixture.upstream);
    match way {
        Way::Disable => {
            fixture.collect_secret(&ready).await;
            press_button(&fixture.team.rin, "Reports", "Disable").await;
        }
        Way::Delete => {
            fixture.collect_secret(&ready).await;
            delete_token(&fixture.team.rin, "Reports").await;
        }
        Way::NotMe => {
            fixture.team.rin.click(&ready, "Not me").await.unwrap().private().unwrap();
            for admin in [&fixture.team.aki, &fixture.team.ben] {
                admin.wait_for_dm("Not me").await.unwrap();
            }
        }
    }
    let task = fixture
        .team
        .aki
        .patient(PATIENCE)
        .wait_for_message("approvals", service.task)
        .await
        .unwrap();
    assert!(fixture.upstream.open_panel(&secret), "{cell}: it ended after all");
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("being disabled"), "{cell}: {panel}");
    // A person has seen to it.
    fixture.upstream.end_by_hand(&secret);
    fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    let told = if matches!(way, Way::Delete) { "was deleted" } else { "was disabled" };
    fixture.team.rin.wait_for_dm(told).await.unwrap();
    fixture.team.last_card(&told.replace("was", "It is")).await;
    assert!(!fixture.upstream.open_panel(&secret), "{cell}");
    fixture.team.finish().await;
}

async fn play_way(way: Way) {
    for pair in SERVICES.chunks(2) {
        let [one, other] = pair else { panic!("an odd one") };
        tokio::join!(play(one, way), play(other, way));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_deletion_is_reported_while_the_service_accepts_the_token() {
    play_way(Way::Delete).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_disable_is_reported_while_the_service_accepts_the_token() {
    play_way(Way::Disable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_not_me_is_reported_as_done_while_the_service_accepts_the_token() {
    play_way(Way::NotMe).await;
}

/// The API's own words for that, by a unique id, are the end.
#[tokio::test]
async fn a_token_unknown_to_the_api_itself_has_ended() {
    let fixture = Fixture::with("own 404", |issuer| {
        by_id_alone(issuer);
        answers(issuer, "revoke", "gone", "no such token");
    })
    .await;
    fixture.upstream.say("no such token");
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.end_by_hand(&secret);
    fixture.is_deleted("Reports").await;
    assert_eq!(fixture.upstream.count(Call::Revoke), 1);
    fixture.team.finish().await;
}

/// What was seen to be there before a call that nobody saw answered is asked for again, by the API's own words gone.
#[tokio::test]
async fn an_end_whose_answer_was_lost_is_seen() {
    let named = |issuer: &mut toml::Table| answers(issuer, "revoke", "gone", "no such token");
    let fixture = Fixture::with("lost end", named).await;
    fixture.upstream.say("no such token");
    let secret = fixture.create_token("Reports").await;
    let lost = Fault { does: true, answers: Answers::Cut };
    fixture.upstream.fail(Call::Revoke, [lost]);
    let unseen = Fault { does: false, answers: Answers::Garbage };
    // The look before the call is right, that after it is not.
    fixture.upstream.fail(Call::Find, [Fault { does: true, answers: Answers::None }, unseen]);
    fixture.is_deleted("Reports").await;
    assert!(!fixture.upstream.open_panel(&secret));
    assert_eq!(fixture.upstream.count(Call::Revoke), 2);
    fixture.team.finish().await;
}

/// What was accepted, and not seen at once, is not asked for again.
#[tokio::test]
async fn an_end_that_was_accepted_is_seen_later() {
    let fixture = Fixture::start("seen later").await;
    let secret = fixture.create_token("Reports").await;
    let unseen = Fault { does: false, answers: Answers::Garbage };
    fixture.upstream.fail(Call::Find, [Fault { does: true, answers: Answers::None }, unseen]);
    fixture.is_deleted("Reports").await;
    assert!(!fixture.upstream.open_panel(&secret));
    assert_eq!(fixture.upstream.count(Call::Revoke), 1);
    fixture.team.finish().await;
}
