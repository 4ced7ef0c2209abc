//! A requester searches for two contents with the same short digest, shows one, and submits the other.

use std::time::Instant;

use countersign::domain::catalogue::ScopeId;
use countersign::domain::form::{ContactFacts, Form};
use countersign::domain::ids::{DraftId, UserId};
use countersign::domain::request::Request;
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::draft::{self, SubmittedForm};
use countersign::workflow::request::edit_draft::DraftEdit;
use discord_sim::standard;
use testkit::collisions;

use super::pair::{HARMLESS, NAME, POWERFUL, SEARCH_ANEW};
use super::refused;
use super::support::{AKI, BEN, Fixture, RIN};

/// What the harmless content opens.
const LIST: &[&str] = &["trees:listTrees"];
/// What the powerful one does.
const ALL: &[&str] = &["trees:listTrees", "trees:getTree", "trees:plantTree", "trees:fellTree"];

/// The same content as that of the test through Discord.
fn filled(fixture: &Fixture, description: &str) -> SubmittedForm {
    let form = Form {
        name: NAME.into(),
        description: description.into(),
        api_version: fixture.workflow.config.providers[0].catalogue.newest().version,
        contact: UserId::new(i64::try_from(standard::RIN).unwrap()).unwrap(),
        developer_emails: String::new(),
    };
    let contact = ContactFacts { is_bot: false, is_member: true };
    SubmittedForm { form, contact, contact_name: None }
}

async fn choose(fixture: &Fixture, draft: DraftId, scopes: &[&str]) {
    let ids = |ids: &[&str]| -> Vec<ScopeId> { ids.iter().map(|id| id.parse().unwrap()).collect() };
    let step = DraftEdit::Scopes { shown: ids(ALL), chosen: ids(scopes) };
    draft::edit(&fixture.workflow, &fixture.member(RIN), draft, step).await.unwrap();
}

async fn submit(fixture: &Fixture, description: &str, scopes: &[&str]) -> Request {
    let provider = "orchard".parse().unwrap();
    let filled = filled(fixture, description);
    let begun = draft::submit_form(&fixture.workflow, &fixture.member(RIN), &provider, filled)
        .await
        .unwrap();
    choose(fixture, begun.draft.id, scopes).await;
    fixture.submit_for_approvals(&fixture.member(RIN), begun.draft.id).await.unwrap().request
}

async fn edit_draft(
    fixture: &Fixture,
    request: &Request,
    description: &str,
    scopes: &[&str],
) -> Request {
    let (rin, filled) = (|| fixture.member(RIN), filled(fixture, description));
    let draft =
        draft::begin_edit(&fixture.workflow, &rin(), request.id, None).await.unwrap().draft.id;
    draft::change_details(&fixture.workflow, &rin(), draft, filled).await.unwrap();
    choose(fixture, draft, scopes).await;
    fixture.submit_for_approvals(&rin(), draft).await.unwrap().request
}

#[tokio::test]
async fn the_same_short_digest_is_not_the_same_content() {
    let fixture = Fixture::new("collision").await;
    let harmless = submit(&fixture, HARMLESS, LIST).await;
    fixture.approve(AKI, &harmless, harmless.digest).await.unwrap();
    let powerful = edit_draft(&fixture, &harmless, POWERFUL, ALL).await;
    let short = |request: &Request| request.digest.short().to_string();
    assert_eq!(short(&harmless), short(&powerful), "{SEARCH_ANEW}");
    assert_ne!(harmless.digest, powerful.digest);

    // Both press what they saw before the edit.
    for admin in [BEN, AKI] {
        let pressed = fixture.approve(admin, &powerful, harmless.digest).await;
        assert_eq!(refused(pressed), Refusal::OlderContent);
    }
    let counting = "select count(*) from approvals where struck_at is null";
    assert_eq!(fixture.count(counting).await, 0);
    assert_eq!(fixture.count("select count(*) from requests where state = 'pending'").await, 1);
}

/// Not a test: searches for the pair in `tests/shared/pair.rs`, and prints it.
#[tokio::test]
#[ignore = "looks for a new pair when what a content holds has changed; takes a minute or two"]
async fn find_a_colliding_pair() {
    let fixture = Fixture::new("search").await;
    let marked = |description: &str| {
        let (words, _) = description.rsplit_once(' ').unwrap();
        format!("{words} {}", collisions::MARK)
    };
    let descriptions = [marked(HARMLESS), marked(POWERFUL)];
    let harmless = submit(&fixture, &descriptions[0], LIST).await;
    let powerful = edit_draft(&fixture, &harmless, &descriptions[1], ALL).await;
    let started = Instant::now();
    let texts = [harmless.content.canonical(), powerful.content.canonical()];
    let digits = collisions::find([&texts[0], &texts[1]], 12);
    println!("found in {:.1?}:", started.elapsed());
    for (name, description, digits) in
        [("HARMLESS", &descriptions[0], &digits[0]), ("POWERFUL", &descriptions[1], &digits[1])]
    {
        let description = description.replace(collisions::MARK, digits);
        println!("pub const {name}: &str = {description:?};");
    }
}
