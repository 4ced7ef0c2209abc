//! A change just before it takes effect, a new secret before its owner has it, and a task that waits for a
//! person: plain SQL can't misuse them.

use countersign::domain::ids::TokenId;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::request::draft;
use countersign::workflow::request::edit_draft::DraftEdit;
use countersign::workflow::token::end;

use crate::support::{AKI, Fixture, RIN};
use crate::token_steps::{
    confirm, draft, give_approvals, is_in_use, is_issued, is_made_by_hand, renew_secret,
    reveal_secret,
};

/// Rin's token in use, and an approved edit of it that is being issued: it adds the scopes of one category.
async fn edit_is_issuing(fixture: &Fixture) -> TokenId {
    let (token, _) = is_in_use(fixture, RIN, "Reports").await;
    let edit = draft(fixture, RIN, token, RequestKind::Edit, None).await;
    let more = fixture.workflow.config.providers[0].catalogue.newest().categories[1].id.clone();
    draft::edit(&fixture.workflow, &fixture.member(RIN), edit, DraftEdit::WholeCategory(more))
        .await
        .unwrap();
    let edit = fixture.submit_for_approvals(&fixture.member(RIN), edit).await.unwrap().request;
    give_approvals(fixture, &edit).await;
    confirm(fixture, edit.id).await;
    token
}

/// The change as it was approved, with this beside it.
fn change(besides: &str) -> String {
    format!(
        "update tokens set change_id = requests.id, scopes = content::jsonb -> 'scopes'{besides}
         from requests where requests.token_id = tokens.id and requests.state = 'issuing'"
    )
}

async fn refusal(fixture: &Fixture, statements: &str) -> Option<String> {
    fixture.attack(statements).await
}

#[tokio::test]
async fn a_change_is_what_was_approved() {
    let fixture = Fixture::new("change").await;
    edit_is_issuing(&fixture).await;
    for (besides, code) in [
        (", name = 'Other'", "CS031"),
        (", description = 'Other'", "CS031"),
        (", api_version = 1", "CS031"),
        (", contact = 7", "CS031"),
        (", developer_emails = '{evil@example.com}'", "CS031"),
        (", lifetime_days = 365", "CS031"),
        // It does not work again.
        (", expires_at = tokens.expires_at + interval '1 second'", "CS032"),
        (", expires_at = null", "CS032"),
        (", state = 'disabled'", "CS034"),
        (", collected_at = null", "CS034"),
        (", owner = 7", "CS039"),
    ] {
        assert_eq!(refusal(&fixture, &change(besides)).await.as_deref(), Some(code), "{besides}");
    }
    let fewer =
        "update tokens set change_id = requests.id from requests where requests.state = 'issuing'";
    assert_eq!(refusal(&fixture, fewer).await.as_deref(), Some("CS031"), "the old scopes");
    let honest = change("");
    assert_eq!(refusal(&fixture, &honest).await, None, "the honest one");
    // Another token since, or fewer approvals.
    let other = format!("update tokens set lifetime_days = lifetime_days - 1; {honest}");
    assert_eq!(refusal(&fixture, &other).await.as_deref(), Some("CS038"));
    let struck = "update approvals set struck_at = now(), struck_because = 'not_admin'
                  where request_id in (select id from requests where state = 'issuing')";
    assert_eq!(refusal(&fixture, &format!("{struck}; {honest}")).await.as_deref(), Some("CS006"));
    let done = "update requests set state = 'done' where state = 'issuing'";
    assert_eq!(
        refusal(&fixture, done).await.as_deref(),
        Some("CS036"),
        "without what it asked for"
    );
}

/// A reduction needs no approvals, so it must not allow anything else.
#[tokio::test]
async fn what_needs_no_approvals_widens_nothing() {
    let fixture = Fixture::new("forged narrowing").await;
    edit_is_issuing(&fixture).await;
    let wide = "jsonb_set(content::jsonb, '{kind}', '\"narrow\"')";
    let forged = |content: &str, change: &str| {
        format!(
            "update requests set state = 'withdrawn' where state = 'issuing';
             insert into requests (provider, kind, state, requester, approvals_required,
                 requester_approval_counts, content, digest, name_key, expires_at, token_id)
             select provider, 'narrow', 'issuing', requester, 0, true, ({content})::text,
                 sha256(convert_to(({content})::text, 'UTF8')), name_key, now(), token_id
             from requests where state = 'withdrawn'; {change}"
        )
    };
    assert_eq!(refusal(&fixture, &forged(wide, &change(""))).await.as_deref(), Some("CS033"));
    // A content with missing fields is not a reduction either.
    let silent = format!("{wide} - 'description'");
    assert_eq!(refusal(&fixture, &forged(&silent, &change(""))).await.as_deref(), Some("CS031"));
    let anew = format!("jsonb_set({wide} - 'lifetime_days', '{{target,lives_anew}}', 'true')");
    let endless = change(", lifetime_days = 365, expires_at = now() + interval '365 days'");
    assert_eq!(refusal(&fixture, &forged(&anew, &endless)).await.as_deref(), Some("CS031"));
}

#[tokio::test]
async fn what_is_collected_has_an_end() {
    let fixture = Fixture::new("collected without end").await;
    is_issued(&fixture, RIN, "Reports").await;
    let collects = |besides: &str| {
        format!(
            "update deliveries set state = 'pressed', first_pressed_at = now();
             update secrets set state = 'current', current_from = now();
             update tokens set state = 'active'{besides}"
        )
    };
    for (besides, code) in [
        ("", "23514"),
        (", collected_at = now()", "23514"),
        (", collected_at = now(), expires_at = now() + interval '91 days'", "CS032"),
    ] {
        assert_eq!(refusal(&fixture, &collects(besides)).await.as_deref(), Some(code), "{besides}");
    }
    let honest = ", collected_at = now(), expires_at = now() + interval '90 days'";
    assert_eq!(refusal(&fixture, &collects(honest)).await, None, "the honest one");
}

#[tokio::test]
async fn a_secret_is_for_its_own_token_and_opens_it_once_its_owner_asked() {
    let fixture = Fixture::new("secrets").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    renew_secret(&fixture, RIN, token, RequestKind::Reset).await;
    let early = "update secrets set state = 'dead' where state = 'current';
                 update secrets set state = 'current' where state = 'waiting'";
    assert_eq!(refusal(&fixture, early).await.as_deref(), Some("CS064"));

    let other = fixture.submit(RIN, "Other").await;
    give_approvals(&fixture, &other).await;
    confirm(&fixture, other.id).await;
    let others = "insert into secrets (token_id, request_id, account_sid, sha256)
                  select tokens.id, requests.id, account_sid, sha256('mine') from tokens, requests
                  where requests.state = 'issuing'";
    assert_eq!(refusal(&fixture, others).await.as_deref(), Some("CS061"));
}

#[tokio::test]
async fn a_task_stands_while_its_token_waits_for_it() {
    let fixture = Fixture::by_hand("task stands").await;
    let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    let withdraws = "update requests set state = 'withdrawn' where state = 'issuing'";
    end::disable(&fixture.workflow, &fixture.member(AKI), token).await.unwrap();
    assert_eq!(fixture.attack(withdraws).await.as_deref(), Some("CS004"), "disabling");
    end::delete(&fixture.workflow, &fixture.member(AKI), token, "Reports").await.unwrap();
    assert_eq!(fixture.attack(withdraws).await.as_deref(), Some("CS004"), "deleting");
    let denies = "update requests set state = 'denied' where state = 'issuing'";
    assert_eq!(fixture.attack(denies).await.as_deref(), Some("CS004"));
    let names = "select count(*) from reserved_names";
    assert_eq!(fixture.count(names).await, 1, "a task holds no name");
}
