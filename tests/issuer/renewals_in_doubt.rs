//! *Reset* and *Enable* whose calls did more than the API says. The test asks the service whether it takes the
//! secret, not the bot.

use std::time::Duration;

use discord_sim::MessageView;
use testkit::clock::Clock;
use testkit::mock_upstream::{Answers, Call, EndsAs, Fault};
use testkit::team::{delete_token, press_button, show_token, withdraw_request};

use super::clock::{DAY, is_off_until};
use super::expiry::by_the_clock;
use super::shapes::{Issuer, answers, configure_no_end, configure_unique_look_up, set};
use super::{Fixture, PATIENCE};

const NEVER_ANSWERED: Fault = Fault::done(Answers::Silence);

/// A new secret comes with a new id, and the answer says so.
fn configure_move(issuer: &mut toml::Table) {
    answers(issuer, "reset", "id", "/id");
}

/// The same, where nothing is listed: a token is looked up by its id.
fn configure_unseen_move(issuer: &mut toml::Table) {
    configure_move(issuer);
    configure_unique_look_up(issuer);
    issuer.remove("find");
    for call in ["get", "revoke"] {
        answers(issuer, call, "gone", vec!["no such token"]);
    }
}

/// A disabled token; its secret, which nobody has any more.
async fn disabled(fixture: &Fixture) -> String {
    let secret = fixture.create_token("Reports").await;
    fixture.is_disabled("Reports").await;
    assert!(!fixture.upstream.open_panel(&secret));
    fixture.upstream.forget_calls();
    secret
}

/// *Enable* or *Reset*, with both approvals.
async fn ask(fixture: &Fixture, button: &str) {
    let panel = press_button(&fixture.team.rin, "Reports", button).await;
    fixture.submit(&panel).await;
}

/// The request failed; its card, which claims nothing.
async fn fail_in_doubt(fixture: &Fixture, says: &str) -> MessageView {
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", says).await.unwrap();
    assert!(!card.contains("nothing was created"), "{card}");
    fixture.team.rin.patient(PATIENCE).wait_for_dm("could not be carried out").await.unwrap();
    card
}

/// The service takes the token, and nobody reads that it is disabled.
async fn may_work(fixture: &Fixture, secret: &str) {
    assert!(fixture.upstream.open_panel(secret), "it is off after all");
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("being disabled"), "{panel}");
}

/// It is off at the service, and only now that is said.
async fn is_off_at_last(fixture: &Fixture) {
    fixture.team.rin.patient(PATIENCE).wait_for_dm("was disabled").await.unwrap();
    let on = fixture.upstream.tokens().into_iter().find(|token| token.enabled);
    assert_eq!(on, None);
    fixture.team.last_card("It is disabled").await;
}

/// The process ends while this call is on its way, and goes on after that.
async fn is_killed_during(fixture: &Fixture, call: Call) {
    fixture.wait_for_call(call).await;
    fixture.team.setup.bot.kill().await.unwrap();
    fixture.team.setup.bot.serve().await.unwrap();
}

#[tokio::test]
async fn a_secret_that_was_known_before_enables_nothing() {
    let same: Issuer = |issuer| answers(issuer, "enable", "secret", "/token");
    let fixture = Fixture::with("enabled with the same", same).await;
    let secret = disabled(&fixture).await;
    fixture.upstream.fail(Call::Disable, [Fault::not_done(Answers::Status(503)); 3]);
    ask(&fixture, "Enable").await;
    fail_in_doubt(&fixture, "handed out before").await;
    may_work(&fixture, &secret).await;
    is_off_at_last(&fixture).await;
    fixture.team.finish().await;
}

/// The call that enables it names the id that it has by then.
#[tokio::test]
async fn what_is_enabled_has_the_id_that_its_reset_gave() {
    let fixture = Fixture::with("enabled by its new id", configure_move).await;
    fixture.upstream.change_manner(|manner| manner.reset_gives_new_id = true);
    disabled(&fixture).await;
    ask(&fixture, "Enable").await;
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    fixture.one_lives(&secret).await;
    let id = fixture.upstream.newest().id.to_string();
    assert_eq!(fixture.upstream.last_sent(Call::Enable).unwrap(), id);
    fixture.is_deleted("Reports").await;
    assert!(!fixture.upstream.open_panel(&secret));
    fixture.team.finish().await;
}

#[tokio::test]
async fn what_its_reset_enabled_is_disabled_by_its_new_id() {
    let fixture = Fixture::with("reset enables", configure_move).await;
    fixture.upstream.change_manner(|manner| {
        manner.reset_gives_new_id = true;
        manner.reset_enables = true;
    });
    disabled(&fixture).await;
    fixture.upstream.say("no such token");
    fixture.upstream.fail(Call::Enable, [Fault::not_done(Answers::Status(404))]);
    fixture.upstream.fail(Call::Disable, [Fault::not_done(Answers::Status(503)); 3]);
    ask(&fixture, "Enable").await;
    fail_in_doubt(&fixture, "no such token").await;
    may_work(&fixture, &fixture.upstream.newest().secret).await;
    is_off_at_last(&fixture).await;
    let id = fixture.upstream.newest().id.to_string();
    assert_eq!(fixture.upstream.last_sent(Call::Disable).unwrap(), id);
    fixture.team.finish().await;
}

/// The call that enables it may repeat the secret that its reset has just given, which is too short to look like one.
#[tokio::test]
async fn a_refused_enabling_shows_no_secret() {
    let fixture = Fixture::start("enabling repeats").await;
    fixture.upstream.change_manner(|manner| manner.secrets_are_short = true);
    disabled(&fixture).await;
    fixture.upstream.fail(Call::Enable, [Fault::not_done(Answers::Repeats(403))]);
    ask(&fixture, "Enable").await;
    let card = fail_in_doubt(&fixture, "no look at").await;
    let secret = fixture.upstream.newest().secret;
    assert!(card.contains("•••") && !card.contains(&secret), "{card}");
    assert!(fixture.team.setup.tables_with(&secret).await.unwrap().is_empty());
    assert!(!fixture.team.setup.bot.everything_written().unwrap().contains(&secret));
    is_off_at_last(&fixture).await;
    fixture.team.finish().await;
}

/// How the answer to *Enable* is lost.
const LOST: [(&str, &[Fault], bool); 4] = [
    ("500", &[Fault::done(Answers::Status(500))], false),
    ("cut", &[Fault::done(Answers::Cut)], false),
    ("429", &[Fault::done(Answers::Status(429)), Fault::not_done(Answers::Status(409))], false),
    ("killed", &[NEVER_ANSWERED, Fault::not_done(Answers::Status(409))], true),
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_disabled_of_a_token_that_may_be_enabled() {
    for (label, faults, is_killed) in LOST {
        let fixture = Fixture::start(&format!("enabled in doubt, {label}")).await;
        disabled(&fixture).await;
        fixture.upstream.say("you may not");
        fixture.upstream.fail(Call::Enable, faults.iter().copied());
        fixture.upstream.fail(Call::Disable, [Fault::not_done(Answers::Status(403)); 40]);
        ask(&fixture, "Enable").await;
        if is_killed {
            is_killed_during(&fixture, Call::Enable).await;
        }
        let failed = fail_in_doubt(&fixture, "may work there again").await;
        let secret = fixture.upstream.newest().secret;
        let aki = fixture.team.aki.patient(PATIENCE);
        let task = aki.wait_for_message("approvals", "The API refused").await.unwrap();
        may_work(&fixture, &secret).await;
        // What becomes of the request changes nothing about that.
        if is_killed {
            withdraw_request(&fixture.team.rin).await;
            fixture.team.rin.wait_for_dm("You withdrew it").await.unwrap();
            fixture.team.last_card("was withdrawn").await;
        } else {
            let pressed = fixture.team.ben.click(&failed, "Deny").await.unwrap();
            let mut modal = pressed.modal().unwrap();
            modal.fill("Reason", "Not now").unwrap();
            modal.submit().await.unwrap().private().unwrap();
            fixture.team.rin.wait_for_dm("was denied").await.unwrap();
        }
        may_work(&fixture, &secret).await;
        fixture.upstream.end_by_hand(&secret);
        fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
        is_off_at_last(&fixture).await;
        fixture.team.finish().await;
    }
}

/// Whoever approved it saw a token that changed since: it is enabled once it is off, and approved again.
#[tokio::test]
async fn an_enabling_in_doubt_can_be_approved_again() {
    let fixture = Fixture::start("enabled again").await;
    disabled(&fixture).await;
    fixture.upstream.fail(Call::Enable, [Fault::done(Answers::Cut)]);
    ask(&fixture, "Enable").await;
    let failed = fail_in_doubt(&fixture, "may work there again").await;
    is_off_at_last(&fixture).await;
    assert!(failed.contains("needs its approvals again"), "{failed}");
    fixture.team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = fixture.team.last_card("0 of 2 approvals").await;
    fixture.team.approve_twice(&card).await;
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    fixture.one_lives(&secret).await;
    assert!(fixture.upstream.open_panel(&secret));
    fixture.team.finish().await;
}

/// A refusal that nothing came before is one: the token is as it was.
#[tokio::test]
async fn a_refused_enabling_leaves_the_token_disabled() {
    let alone: Issuer = |issuer| answers(issuer, "enable", "secret", "/token");
    let fixture = Fixture::with("enabling refused", alone).await;
    let secret = disabled(&fixture).await;
    fixture.upstream.fail(Call::Enable, [Fault::not_done(Answers::Status(403))]);
    ask(&fixture, "Enable").await;
    fixture.team.card("nothing was created").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(!panel.contains("being disabled"), "{panel}");
    assert!(!fixture.upstream.open_panel(&secret) && fixture.upstream.count(Call::Disable) == 0);
    fixture.team.finish().await;
}

/// The request has to be approved again while its call is on its way, and nobody will see that answered.
#[tokio::test]
async fn an_enabling_that_is_no_longer_approved_is_switched_off() {
    let slow: Issuer = |issuer| {
        issuer.insert("settle".to_owned(), "8s".into());
    };
    let fixture = Fixture::with("enabling, stricter", slow).await;
    disabled(&fixture).await;
    fixture.upstream.fail(Call::Enable, [NEVER_ANSWERED]);
    ask(&fixture, "Enable").await;
    is_killed_during(&fixture, Call::Enable).await;
    assert!(fixture.upstream.open_panel(&fixture.upstream.newest().secret));
    let stricter = |config: &mut toml::Table| {
        let providers = config["providers"].as_array_mut().unwrap();
        let registry = providers.last_mut().unwrap().as_table_mut().unwrap();
        registry.insert("approvals".to_owned(), 3.into());
    };
    fixture.team.setup.restart_with(stricter).await.unwrap();
    fixture.team.rin.patient(PATIENCE).wait_for_dm("needs approvals again").await.unwrap();
    is_off_at_last(&fixture).await;
    fixture.team.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_an_earlier_call_may_have_ended_is_said_to_be_unsure() {
    let repeats: Issuer = |issuer| {
        issuer.insert("reset_can_be_repeated".to_owned(), true.into());
    };
    let once: Issuer = |_| {};
    for (label, issuer, first) in [
        ("reset again, refused", repeats, Fault::done(Answers::Status(500))),
        ("reset killed, refused", once, NEVER_ANSWERED),
    ] {
        let fixture = Fixture::with(label, issuer).await;
        let secret = fixture.create_token("Reports").await;
        fixture.upstream.forget_calls();
        fixture.upstream.say("already reset");
        fixture.upstream.fail(Call::Reset, [first, Fault::not_done(Answers::Status(409))]);
        ask(&fixture, "Reset").await;
        if first == NEVER_ANSWERED {
            is_killed_during(&fixture, Call::Reset).await;
        }
        fail_in_doubt(&fixture, "already reset").await;
        assert!(!fixture.upstream.open_panel(&secret));
        fixture.team.rin.wait_for_dm("Reports may no longer work").await.unwrap();
        fixture.team.finish().await;
    }
}

/// An API that makes another token of it, as GitLab does.
#[tokio::test]
async fn a_token_that_moved_unseen_is_said_to_be_unsure() {
    let fixture = Fixture::with("moved unseen", configure_move).await;
    fixture.upstream.change_manner(|manner| manner.reset_gives_new_id = true);
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    fixture.upstream.fail(Call::Reset, [NEVER_ANSWERED]);
    ask(&fixture, "Reset").await;
    is_killed_during(&fixture, Call::Reset).await;
    fail_in_doubt(&fixture, "under another id").await;
    assert!(!fixture.upstream.open_panel(&secret));
    fixture.team.rin.wait_for_dm("Reports may no longer work").await.unwrap();
    fixture.team.finish().await;
}

/// That the old id is gone says nothing of a token that may have a new one.
#[tokio::test]
async fn a_token_that_may_have_another_id_is_looked_for_by_a_person() {
    let fixture = Fixture::with("rotated, by id", configure_unseen_move).await;
    fixture.upstream.change_manner(|manner| {
        manner.ids_are_unique = true;
        manner.reset_gives_new_id = true;
    });
    fixture.upstream.say("no such token");
    fixture.create_token("Reports").await;
    fixture.upstream.fail(Call::Reset, [Fault::done(Answers::Cut)]);
    ask(&fixture, "Reset").await;
    fail_in_doubt(&fixture, "old secret may no longer work").await;
    fixture.team.rin.wait_for_dm("Reports may no longer work").await.unwrap();
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.team.rin.wait_for_dm("was withdrawn").await.unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.wait_for_message("approvals", "find this token there").await.unwrap();
    let lives = fixture.upstream.newest().secret;
    may_work(&fixture, &lives).await;
    fixture.upstream.end_by_hand(&lives);
    fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("Reports was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    fixture.team.finish().await;
}

/// A new secret that lives for longer than the token was to: it is ended by a call.
#[tokio::test]
async fn a_renewed_token_ends_when_the_api_says_so_now() {
    let clock = Clock::new().unwrap();
    let fixture = by_the_clock("renewed for longer", &clock, |issuer| {
        set(
            issuer,
            "reset",
            "response",
            toml::toml! {
                secret = "/token"
                expires_at = "/ends"
                error = "/error"
            },
        );
        configure_no_end(issuer);
    })
    .await;
    fixture.upstream.change_manner(|manner| {
        manner.ends_as = EndsAs::Unix;
        manner.renewed_for = Some(400 * DAY);
    });
    fixture.create_token("Reports").await;
    ask(&fixture, "Reset").await;
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    is_off_until(&fixture.team, &clock, 91 * DAY).await;
    let aki = fixture.team.aki.patient(Duration::from_secs(60));
    let task = aki.wait_for_message("approvals", "must disable this token").await.unwrap();
    let expired = fixture.team.rin.dms().iter().filter(|one| one.contains("has expired")).count();
    assert!(fixture.upstream.open_panel(&secret) && expired == 0);
    fixture.upstream.end_by_hand(&secret);
    fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.patient(PATIENCE).wait_for_dm("Reports has expired").await.unwrap();
    fixture.team.last_card("has expired").await;
    fixture.team.finish().await;
}
