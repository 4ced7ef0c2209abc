use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::discord::views::card::testing::{check, hour, read, user};
use crate::domain::ids::{EventId, RequestNumber, TokenId};

/// Everything that the audit log can hold.
const KINDS: [&str; 39] = [
    "request_submitted",
    "request_edited",
    "request_withdrawn",
    "request_denied",
    "request_expired",
    "request_approved",
    "request_confirmed",
    "request_returned",
    "request_failed",
    "request_retried",
    "request_reminded",
    "hand_put",
    "hand_struck",
    "attempt_begun",
    "attempt_ended",
    "upstream_trouble",
    "token_issued",
    "token_collected",
    "token_changed",
    "token_narrowed",
    "secret_renewed",
    "token_reset",
    "token_enabled",
    "token_expired",
    "token_disabled",
    "token_disabling",
    "token_deleted",
    "token_deleting",
    "delivery_announced",
    "delivery_refused",
    "delivery_accepted",
    "delivery_unconfirmed",
    "delivery_lapsed",
    "delivery_disowned",
    "secret_hidden",
    "notice_sent",
    "notice_refused",
    "something_newer",
    "delivery_replaced",
];

fn event(id: i64, kind: &str) -> Event {
    Event {
        id: EventId::new(id).unwrap(),
        at: hour(id),
        kind: kind.into(),
        provider: "orchard".into(),
        request: RequestNumber::new(7).ok(),
        token: TokenId::new(3).ok(),
        actor: Some(user(100)).filter(|_| id % 2 == 0),
        on_behalf_of: Some(user(200)).filter(|_| id % 3 == 0),
        interaction: None,
        digest_before: Some("a".repeat(64)).filter(|_| id % 5 == 0),
        digest_after: Some("b".repeat(64)).filter(|_| id % 4 == 0),
        detail: json!({}),
    }
}

#[test]
fn every_kind_in_both_languages() {
    let all = Language::ALL.map(|language| {
        let events = (1..).zip(KINDS).map(|(id, kind)| event(id, kind)).collect();
        let about = About::Token(TokenId::new(3).unwrap());
        let message =
            history(&History { about, name: "*Reports*".into(), events, more: true }, language);
        check(&message);
        read(&message)
    });
    assert_snapshot!(all.join("\n==\n"));
}
