//! Changes of a token that are impossible, whatever is pressed or written, and those that become
//! impossible.

use std::sync::Arc;
use std::time::Duration;

use countersign::domain::form::{ContactFacts, Form};
use countersign::domain::ids::{DraftId, TokenId};
use countersign::domain::request::{Request, RequestState};
use countersign::domain::request_kind::RequestKind;
use countersign::store::requests;
use countersign::workflow::delivery::{deliver, reveal};
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::confirm::{self, ConfirmOutcome};
use countersign::workflow::request::draft::{self, SubmittedForm};
use countersign::workflow::request::edit_draft::DraftEdit;
use countersign::workflow::request::{begin_change, issue, review};
use secrecy::SecretString;

use crate::support::{AKI, BEN, Fixture, RIN};
use crate::{people, refused};

/// Rin's token, in use.
async fn create_token(fixture: &Fixture) -> TokenId {
    let request = fixture.submit(RIN, "Reports").await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    fixture.approve(BEN, &request, request.digest).await.unwrap();
    let both = people(&[AKI, BEN]);
    confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    issue::carry_out(&fixture.workflow, request.id, &mut |_| true).await.unwrap();
    let (delivery, press) = (fixture.delivery().await, SecretString::from("interaction-token"));
    reveal::open_secret(&fixture.workflow, &fixture.member(RIN), delivery, &press).await.unwrap();
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
    TokenId::new(fixture.count("select id from tokens").await).unwrap()
}

async fn begin(fixture: &Fixture, token: TokenId, kind: RequestKind) -> DraftId {
    begin_change::open_draft(&fixture.workflow, &fixture.member(RIN), token, kind, None)
        .await
        .unwrap()
        .draft
        .id
}

async fn extend_token(fixture: &Fixture, token: TokenId, days: u16) -> Request {
    let draft = begin(fixture, token, RequestKind::Extend).await;
    draft::edit(&fixture.workflow, &fixture.member(RIN), draft, DraftEdit::Expires(Some(days)))
        .await
        .unwrap();
    fixture.submit_for_approvals(&fixture.member(RIN), draft).await.unwrap().request
}

async fn again(fixture: &Fixture, request: &Request) -> Request {
    let mut connection = fixture.workflow.pool.acquire().await.unwrap();
    requests::get(&mut connection, request.id).await.unwrap().unwrap()
}

/// Another version than the draft's.
async fn write(fixture: &Fixture, draft: DraftId, version: &str) -> Result<(), Refusal> {
    let form = draft::get(&fixture.workflow, &fixture.member(RIN), draft).await.unwrap().0.form;
    let filled = SubmittedForm {
        form: Form { api_version: version.parse().unwrap(), ..form },
        contact: ContactFacts { is_bot: false, is_member: true },
        contact_name: None,
    };
    match draft::change_details(&fixture.workflow, &fixture.member(RIN), draft, filled).await {
        Ok(_) => Ok(()),
        outcome => Err(refused(outcome)),
    }
}

#[tokio::test]
async fn what_a_kinds_panel_does_not_have_cannot_be_pressed() {
    let fixture = Fixture::new("steps").await;
    let token = create_token(&fixture).await;
    let category = fixture.workflow.config.providers[0].catalogue.newest().categories[1].id.clone();
    let scopes = [DraftEdit::WholeCategory(category), DraftEdit::ClearAll];
    for (kind, others) in [
        (RequestKind::Reset, vec![DraftEdit::Expires(Some(30)), DraftEdit::Expires(None)]),
        (RequestKind::Extend, vec![DraftEdit::Expires(None), DraftEdit::Overlap(3600)]),
    ] {
        let draft = begin(&fixture, token, kind).await;
        for step in others.into_iter().chain(scopes.clone()) {
            let pressed =
                draft::edit(&fixture.workflow, &fixture.member(RIN), draft, step.clone()).await;
            assert_eq!(refused(pressed), Refusal::NotUnderstood, "{kind:?}: {step:?}");
        }
        assert_eq!(write(&fixture, draft, "1").await, Err(Refusal::NotUnderstood), "{kind:?}");
    }
    let draft = begin(&fixture, token, RequestKind::Edit).await;
    let pressed =
        draft::edit(&fixture.workflow, &fixture.member(RIN), draft, DraftEdit::Overlap(3600)).await;
    assert_eq!(refused(pressed), Refusal::NotUnderstood);
}

#[tokio::test]
async fn an_upgrade_takes_a_newer_version() {
    let fixture = Fixture::new("upgrade").await;
    let token = create_token(&fixture).await;
    let scopes = "jsonb_build_array(scopes -> 0)";
    fixture.as_owner("tokens", &format!("api_version = 1, scopes = {scopes}")).await;
    let draft = begin(&fixture, token, RequestKind::Upgrade).await;
    write(&fixture, draft, "1").await.unwrap();
    let submitted = fixture.press_create(&fixture.member(RIN), draft).await;
    assert_eq!(refused(submitted), Refusal::NotNewer);
}

#[tokio::test]
async fn an_extension_is_withdrawn_if_the_token_expires_later_already() {
    let fixture = Fixture::new("not later").await;
    let token = create_token(&fixture).await;
    let request = extend_token(&fixture, token, 180).await;
    review::recheck_request(&fixture.workflow, request.id).await.unwrap();
    assert_eq!(again(&fixture, &request).await.state, RequestState::Pending);
    fixture.as_owner("tokens", "expires_at = now() + interval '200 days'").await;
    review::recheck_request(&fixture.workflow, request.id).await.unwrap();
    let request = again(&fixture, &request).await;
    assert_eq!(
        (request.state, request.reason.as_deref()),
        (RequestState::Withdrawn, Some("not_later"))
    );
}

#[tokio::test]
async fn no_token_exceeds_the_maximum_lifetime() {
    let mut fixture = Fixture::new("too long").await;
    let token = create_token(&fixture).await;
    let draft = begin(&fixture, token, RequestKind::Extend).await;
    sqlx::query("update drafts set lifetime_days = 366")
        .execute(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap();
    let submitted = fixture.press_create(&fixture.member(RIN), draft).await;
    assert_eq!(refused(submitted), Refusal::LivesTooLong { most: 365 });

    // The policy became stricter after the approvals: they were for something else.
    let request = extend_token(&fixture, token, 365).await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    fixture.approve(BEN, &request, request.digest).await.unwrap();
    let config = Arc::get_mut(&mut fixture.workflow.config).unwrap();
    config.policy.max_lifetime = Duration::from_secs(180 * 24 * 60 * 60);
    let both = people(&[AKI, BEN]);
    let confirmed =
        confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    assert_eq!(confirmed, ConfirmOutcome::Returned);
    assert_eq!(again(&fixture, &request).await.content.lifetime_days, 180);
}
