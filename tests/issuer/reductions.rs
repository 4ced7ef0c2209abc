//! Edits that only reduce a token's access, at an upstream that does not do it: an admin is asked to, it can be
//! tried again or withdrawn, and until then nobody is told that it is done.

use std::time::Duration;

use discord_sim::MessageView;
use sqlx::Executor as _;
use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::ports::find_free_port;
use testkit::team::{press_button, show_token, withdraw_request};

use super::updates::{patient_updates, remove_scopes, rights, start_updates};
use super::{Fixture, PATIENCE};

const REFUSED: Fault = Fault { does: false, answers: Answers::Status(403) };
const SCOPES: &str = "select sum(jsonb_array_length(scopes))::bigint from countersign.tokens";

/// Rin's reduction that the upstream does not carry out: the card that asks an admin to.
async fn wait_for_admin_task(fixture: &Fixture, said: &str) -> MessageView {
    let task =
        fixture.team.aki.patient(PATIENCE).wait_for_message("approvals", said).await.unwrap();
    assert!(task.contains("an admin must reduce this token’s access"), "{task}");
    assert_eq!(task.buttons(), ["Done", "Try again", "Details"]);
    let told = fixture.team.rin.wait_for_dm("needs an admin").await.unwrap();
    assert!(told.contains(said) && told.contains("press **Withdraw**"), "{told}");
    is_not_reduced(fixture).await;
    task
}

/// Nobody is told that it is reduced, and here it is not.
async fn is_not_reduced(fixture: &Fixture) {
    assert!(fixture.team.count(SCOPES).await > 1, "it is reduced here");
    assert!(!fixture.team.rin.dms().iter().any(|told| told.contains("was reduced")));
}

async fn is_done_by_hand(fixture: &Fixture, task: &MessageView) {
    fixture.team.chiyo.click(task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!(fixture.team.count(SCOPES).await, 1);
}

/// The token's next change is not held up: it gets all scopes of a category.
async fn is_extended(fixture: &Fixture) {
    let rin = &fixture.team.rin;
    let panel = press_button(rin, "Reports", "Edit").await;
    let panel = rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    fixture.submit(&panel).await;
    rin.wait_for_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    assert!(fixture.team.count(SCOPES).await > 1);
    assert!(rights(fixture).len() > 1);
}

/// The request began long ago. Its next call comes when it would have come anyway.
async fn began_long_ago(fixture: &Fixture) {
    let past = "set session_replication_role = replica;
                update countersign.requests set changed_at = now() - interval '1 day'
                where kind = 'narrow' and state = 'issuing'";
    fixture.team.setup.connect().await.unwrap().execute(past).await.unwrap();
}

#[tokio::test]
async fn a_refused_reduction_is_a_task_that_an_admin_has_done() {
    let fixture = start_updates("reduction refused").await;
    let secret = fixture.create_token("Reports").await;
    let all = rights(&fixture);
    // It repeats its caller's credential, which nobody reads.
    fixture.upstream.fail(Call::Rights, [REFUSED]);
    remove_scopes(&fixture).await;
    let task = wait_for_admin_task(&fixture, "not with").await;
    assert!(task.contains("Removed"), "{task}");
    let rin = &fixture.team.rin;
    let panel = show_token(rin, "Reports").await;
    assert!(panel.contains("It has an open request") && !panel.offers("Edit"), "{panel}");
    let no_admin = rin.click_outdated(&task, "Done").await.unwrap().private().unwrap();
    assert!(no_admin.contains("Only this provider’s admins"), "{no_admin}");
    assert_eq!(rights(&fixture), all);
    is_done_by_hand(&fixture, &task).await;
    assert_eq!(fixture.upstream.count(Call::Rights), 1, "nobody calls it in the admin's place");
    is_extended(&fixture).await;
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_reduction_that_is_refused_twice_can_still_be_done() {
    let fixture = start_updates("reduction refused twice").await;
    fixture.create_token("Reports").await;
    let no = Fault { does: false, answers: Answers::Status(409) };
    fixture.upstream.say("a job holds these rights");
    fixture.upstream.fail(Call::Rights, [no]);
    remove_scopes(&fixture).await;
    let first = wait_for_admin_task(&fixture, "a job holds these rights").await;
    fixture.upstream.say("they are held again");
    fixture.upstream.fail(Call::Rights, [no]);
    let aki = &fixture.team.aki;
    let said = aki.click(&first, "Try again").await.unwrap().private().unwrap();
    assert!(said.contains("is being tried again"), "{said}");
    let second = wait_for_admin_task(&fixture, "they are held again").await;
    // That card's failure is not this one.
    let late = aki.click_outdated(&first, "Try again").await.unwrap().private().unwrap();
    assert!(late.contains("has changed since this card was shown"), "{late}");
    assert_eq!(fixture.upstream.count(Call::Rights), 2);
    is_done_by_hand(&fixture, &second).await;
    let late = aki.click_outdated(&second, "Try again").await.unwrap().private().unwrap();
    assert!(late.contains("is done"), "{late}");
    is_extended(&fixture).await;
    fixture.team.finish().await;
}

/// While the API is asked again, nobody does it in its place, nor takes it back.
#[tokio::test]
async fn a_refused_reduction_succeeds_when_it_is_tried_again() {
    let fixture = patient_updates("reduction again", "15s").await;
    fixture.create_token("Reports").await;
    let slow = Answers::Late(Duration::from_secs(4));
    fixture.upstream.fail(Call::Rights, [REFUSED, Fault { does: true, answers: slow }]);
    remove_scopes(&fixture).await;
    let task = wait_for_admin_task(&fixture, "403").await;
    let rin = &fixture.team.rin;
    let mine = rin.type_command("/token pending").await.unwrap().private().unwrap();
    fixture.team.aki.click(&task, "Try again").await.unwrap().private().unwrap();
    let early = fixture.team.ben.click_outdated(&task, "Done").await.unwrap();
    let early = early.private().unwrap();
    assert!(early.contains("has changed since this card was shown"), "{early}");
    let early = rin.click_outdated(&mine, "Withdraw").await.unwrap().private().unwrap();
    assert!(early.contains("is being carried out"), "{early}");
    rin.patient(PATIENCE).wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!((rights(&fixture).len(), fixture.upstream.count(Call::Rights)), (1, 2));
    assert_eq!(fixture.team.count(SCOPES).await, 1);
    is_extended(&fixture).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_refused_reduction_can_be_withdrawn() {
    let fixture = start_updates("reduction withdrawn").await;
    fixture.create_token("Reports").await;
    let all = rights(&fixture);
    fixture.upstream.fail(Call::Rights, [REFUSED]);
    remove_scopes(&fixture).await;
    let task = wait_for_admin_task(&fixture, "403").await;
    let said = withdraw_request(&fixture.team.rin).await;
    assert!(said.contains("may have carried it out at the provider already"), "{said}");
    let card = fixture.team.card("was withdrawn").await;
    assert!(card.contains("has to undo that there"), "{card}");
    let aki = &fixture.team.aki;
    for button in ["Done", "Try again"] {
        let late = aki.click_outdated(&task, button).await.unwrap().private().unwrap();
        assert!(late.contains("was withdrawn"), "{late}");
    }
    assert_eq!(rights(&fixture), all);
    is_not_reduced(&fixture).await;
    // The same once more, at an API that does it now.
    remove_scopes(&fixture).await;
    fixture.team.rin.wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!(rights(&fixture).len(), 1);
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_reduction_at_an_api_that_is_away_for_long_is_an_admins() {
    let fixture = start_updates("reduction away").await;
    fixture.create_token("Reports").await;
    // Nobody listens there any more once it is dropped.
    let port = find_free_port().unwrap();
    let moved = |config: &mut toml::Table| {
        let provider = config["providers"].as_array_mut().unwrap().last_mut().unwrap();
        let update = provider["issuer"]["update"].as_table_mut().unwrap();
        update.insert("url".to_owned(), format!("http://127.0.0.1:{port}/rights").into());
    };
    let whole = fixture.team.setup.restart_with(moved).await.unwrap();
    remove_scopes(&fixture).await;
    began_long_ago(&fixture).await;
    let task = wait_for_admin_task(&fixture, "could not be reached").await;
    let back = fixture.team.setup.restart_with(|config| *config = whole).await;
    back.unwrap();
    assert_eq!(fixture.upstream.count(Call::Rights), 0);
    is_done_by_hand(&fixture, &task).await;
    is_extended(&fixture).await;
    fixture.team.finish().await;
}

/// It may be reduced there: who takes it back reads that, and so does who reads the API's refusal of the
/// second call.
#[tokio::test]
async fn a_reduction_in_doubt_for_long_is_never_said_to_be_undone() {
    let fixture = start_updates("reduction in doubt").await;
    fixture.create_token("Reports").await;
    let cut = Fault { does: true, answers: Answers::Cut };
    fixture.upstream.fail(Call::Rights, [cut, cut]);
    remove_scopes(&fixture).await;
    fixture.wait_for_call(Call::Rights).await;
    began_long_ago(&fixture).await;
    let card = wait_for_admin_task(&fixture, "was cut").await;
    assert!(card.contains("It is unclear whether the access is already reduced there"), "{card}");
    let said = withdraw_request(&fixture.team.rin).await;
    assert!(said.contains("may have been changed there all the same"), "{said}");
    let card = fixture.team.card("was withdrawn").await;
    assert!(card.contains("may have been changed there all the same"), "{card}");
    assert_eq!((rights(&fixture).len(), fixture.upstream.count(Call::Rights)), (1, 2));

    fixture.upstream.say("nothing to change");
    let no = Fault { does: false, answers: Answers::Status(409) };
    fixture.upstream.fail(Call::Rights, [cut, no]);
    remove_scopes(&fixture).await;
    let card = wait_for_admin_task(&fixture, "nothing to change").await;
    assert!(card.contains("It is unclear whether the access is already reduced there"), "{card}");
    is_done_by_hand(&fixture, &card).await;
    fixture.team.finish().await;
}

/// Two processes may take the same job for theirs, where one was stopped for so long that it lost it: the other was
/// refused, and has asked an admin.
#[tokio::test]
async fn a_call_that_succeeds_after_another_was_refused_settles_it() {
    let fixture = patient_updates("reduction late", "15s").await;
    fixture.create_token("Reports").await;
    let slow = Answers::Late(Duration::from_secs(4));
    fixture.upstream.fail(Call::Rights, [Fault { does: true, answers: slow }]);
    remove_scopes(&fixture).await;
    fixture.wait_for_call(Call::Rights).await;
    let other = "set session_replication_role = replica;
                 update countersign.requests set reason = 'upstream_refused: 403'
                 where kind = 'narrow' and state = 'issuing'";
    fixture.team.setup.connect().await.unwrap().execute(other).await.unwrap();
    let waits = "select count(*) from countersign.requests where reason is not null";
    assert_eq!(fixture.team.count(waits).await, 1, "the answer is not there yet");
    fixture.team.rin.patient(PATIENCE).wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    assert_eq!((rights(&fixture).len(), fixture.upstream.count(Call::Rights)), (1, 1));
    assert_eq!(fixture.team.count(SCOPES).await, 1);
    is_extended(&fixture).await;
    fixture.team.finish().await;
}
