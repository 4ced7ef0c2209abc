use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::*;
use crate::discord::views::card::testing::{check, hour, long_address, print_text, user};
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, InteractionId, RequestId, RequestNumber, TokenId};
use crate::domain::request_kind::RequestKind;

/// Lines of one page, as the workflow gives them.
const PAGE: usize = 15;

fn event(id: i64, kind: &str, detail: Value) -> Event {
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
        detail,
    }
}

fn history(events: &[Event], more: bool) -> History {
    History {
        about: HistorySubject::Token(TokenId::new(3).unwrap()),
        name: "*Reports*".into(),
        events: events.to_vec(),
        more,
        before: None,
        kinds: [(RequestNumber::new(7).unwrap(), RequestKind::Create)].into(),
    }
}

fn page(events: &[Event], more: bool, language: Language) -> Message {
    render_history(&history(events, more), language)
}

/// Pages as people see them.
fn pages(events: &[Event], language: Language) -> String {
    let mut shown = String::new();
    for events in events.chunks(PAGE) {
        let message = page(events, true, language);
        check(&message);
        shown += &print_text(&message);
        shown += "\n";
    }
    shown
}

#[test]
fn every_kind_in_both_languages() {
    let names = EventKind::ALL.iter().map(|kind| json!(kind).as_str().unwrap().to_owned());
    let names = names.chain(["something_newer".to_owned()]);
    let events: Vec<Event> =
        (1..).zip(names).map(|(id, kind)| event(id, &kind, json!({}))).collect();
    for language in Language::ALL {
        for event in &events[..events.len() - 1] {
            let line = render_step(event, language);
            assert!(!line.contains(&event.kind), "{} has no words: {line}", event.kind);
        }
    }
    assert_snapshot!(Language::ALL.map(|language| pages(&events, language)).join("\n==\n"));
}

/// What events hold, one of each sort.
fn details() -> Vec<(&'static str, Value)> {
    let later = "2026-12-24T09:30:00Z";
    vec![
        ("approval_given", json!({ "approval": "1", "have": 1, "need": 2 })),
        (
            "approval_struck",
            json!({
                "struck": [{ "approval": "1", "person": "300" }, { "approval": "2", "person": "400" }],
                "because": "not_admin",
            }),
        ),
        ("approval_struck", json!({ "struck": ["1"] })),
        (
            "request_edited",
            json!({
                "struck": [{ "approval": "1", "person": "300" }], "because": "content_changed",
            }),
        ),
        ("request_denied", json!({ "reason": "*No*, ask @everyone" })),
        ("request_failed", json!({ "reason": "upstream_refused: 403: *no*" })),
        ("request_failed", json!({ "reason": "upstream_unsure: countersign-7" })),
        ("request_failed", json!({ "reason": "upstream_repeated: it does not answer" })),
        ("request_failed", json!({ "reason": "upstream_renewing: it does not answer" })),
        ("request_failed", json!({ "reason": "upstream_enabling: it does not answer" })),
        ("token_disabling", json!({ "because": "may_be_enabled" })),
        ("attempt_ended", json!({ "attempt": "1", "became": "absent", "why": "not there so far" })),
        (
            "token_narrowed",
            json!({
                "removed": ["trees:listTrees"], "expires_before": null, "expires_after": later,
            }),
        ),
        ("token_changed", json!({ "expires_before": later, "expires_after": later })),
        ("token_reset", json!({ "owner_before": "100", "owner_after": "300" })),
        ("token_disabled", json!({ "reported_as_leaked": true })),
        (
            "token_disabled",
            json!({
                "by": "operator", "operator": { "uid": 1000, "name": "root", "sudo_user": "alice" },
            }),
        ),
        (
            "token_disabled",
            json!({
                "by": "operator", "operator": { "uid": 1000, "name": null, "sudo_user": null },
            }),
        ),
        ("token_expiring", json!({ "days": 7, "expires_at": later })),
        ("token_expiring", json!({ "days": 1, "expires_at": later })),
        ("delivery_replaced", json!({ "delivery": "1", "replaced_by": "9" })),
        ("secret_hidden", json!({ "delivery": "1", "deleted": false })),
        ("announced", json!({ "announcement": "5", "subject": "New *version*" })),
        (
            "notice_refused",
            json!({
                "kind": "created", "to": { "mail": "dev@example.com" }, "said": "550 no such *user*",
            }),
        ),
    ]
}

/// Each reason and each message that has words of its own.
fn reasons_and_messages() -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    let reasons = [
        "token_deleted",
        "token_changed",
        "not_later",
        "narrowed",
        "token_expired",
        "token_disabled",
        "superseded",
        "done_upstream",
        "maybe_changed",
        "maybe_done",
        "token_deleting",
        "token_disabling",
    ];
    all.extend(reasons.map(|reason| ("request_withdrawn", json!({ "reason": reason }))));
    all.push(("request_failed", json!({ "reason": "provider_gone" })));
    all.extend(
        ["expired", "never_collected"].map(|why| ("token_deleted", json!({ "because": why }))),
    );
    let notices = [
        "approved",
        "returned",
        "denied",
        "expired",
        "failed",
        "collected",
        "lapsed",
        "disabled",
        "leaked",
        "disowned",
        "withdrawn",
        "changed",
        "narrowed",
        "reset",
        "enabled",
        "deleted",
        "token_expired",
        "renewal_lapsed",
        "replaced",
        "expiring",
        "announced",
        "mailbox_refused",
        "mailbox_refused_for_several",
        "several_expired",
        "renewed",
        "secret_unsure",
        "voided",
        "something_newer",
    ];
    all.extend(notices.map(|kind| {
        ("notice_sent", json!({ "kind": kind, "to": { "direct_message": "300" }, "said": "" }))
    }));
    all
}

#[test]
fn every_detail_in_both_languages() {
    let events: Vec<Event> = (1..)
        .zip(details().into_iter().chain(reasons_and_messages()))
        .map(|(id, (kind, detail))| event(id, kind, detail))
        .collect();
    assert_snapshot!(Language::ALL.map(|language| pages(&events, language)).join("\n==\n"));
}

#[test]
fn what_does_not_fit_stands_on_the_next_page() {
    let approvals: Vec<Value> = (1..40)
        .map(|approval| json!({ "approval": approval, "person": "1103000000000000002" }))
        .collect();
    let scopes: Vec<String> = (0..117).map(|scope| format!("{}:{scope}", "s".repeat(60))).collect();
    let longest = json!({
        "reason": "*_~`".repeat(125), "struck": approvals, "removed": scopes,
        "to": { "mail": long_address(1) }, "said": "*".repeat(2000), "subject": "_".repeat(100),
        "kind": "*".repeat(100), "have": 15, "need": 15, "reported_as_leaked": true, "days": 30,
        "operator": { "uid": 1, "name": "~".repeat(500) }, "deleted": false, "replaced_by": 999_999,
        "owner_before": "1103000000000000002", "owner_after": "1103000000000000003",
        "expires_before": "2026-12-24T09:30:00Z", "expires_after": "2026-12-25T09:30:00Z",
    });
    let events: Vec<Event> =
        (1..=15).map(|id| event(100 - id, "notice_refused", longest.clone())).collect();
    for language in Language::ALL {
        let (mut rest, mut seen) = (&events[..], BTreeSet::new());
        while !rest.is_empty() {
            let message = page(rest, false, language);
            check(&message);
            let (_, shown) = group_steps(&history(rest, false), language);
            let shown = &rest[..shown];
            seen.extend(shown.iter().map(|event| event.id));
            rest = &rest[shown.len()..];
            let older = format!("token-audit:3:{}", shown.last().unwrap().id);
            assert_eq!(print_text(&message).contains(&older), !rest.is_empty(), "{older}");
        }
        assert_eq!(seen.len(), events.len());
    }
}

#[test]
fn steps_are_grouped_by_request_and_what_proves_them_stands_apart() {
    let of = |id: i64, kind: &str, request: Option<i64>| Event {
        request: request.map(|number| RequestNumber::new(number).unwrap()),
        interaction: InteractionId::new(900 + id).ok(),
        ..event(id, kind, json!({ "delivery": "5" }))
    };
    let events = [
        of(20, "approval_given", Some(8)),
        of(15, "token_disabled", None),
        of(12, "request_submitted", Some(8)),
        of(8, "token_issued", Some(7)),
    ];
    let shown = Language::ALL.map(|language| {
        let about = HistorySubject::Request(RequestId::new(9).unwrap());
        let history = History { about, before: EventId::new(21).ok(), ..history(&events, true) };
        let both = [render_history(&history, language), render_evidence(&history, language)];
        both.map(|message| print_text(&message)).join("\n")
    });
    assert_snapshot!(shown.join("\n==\n"));
    let digest = "b".repeat(64);
    assert!(!shown[0].split("[Older]").next().unwrap().contains(&digest));
    assert!(shown[0].contains(&digest));
}

#[test]
fn the_longest_evidence_stands_on_several_pages() {
    let long = json!({ "said": "`".repeat(2_000) });
    let events: Vec<Event> = (0..15)
        .map(|at| Event {
            actor: Some(user(i64::MAX)),
            interaction: InteractionId::new(i64::MAX).ok(),
            digest_before: Some("a".repeat(64)),
            digest_after: Some("b".repeat(64)),
            ..event(100 - at, &"x".repeat(300), long.clone())
        })
        .collect();
    for language in Language::ALL {
        let message = render_evidence(&history(&events, false), language);
        check(&message);
        let lines = message.parts.len() - 2;
        assert!((5..15).contains(&lines), "{lines}");
        let oldest = &events[lines - 1];
        assert!(print_text(&message).contains(&format!("token-evidence:3:{}", oldest.id)));
    }
}

#[test]
fn a_file_comes_with_what_it_is_called() {
    for is_cut in [false, true] {
        let about = HistorySubject::Request(RequestId::new(i64::MAX).unwrap());
        let exported = HistoryExport { lines: "{}\n".into(), is_cut };
        let message = render_export(about, exported, Language::EnglishUs);
        assert!(message.ephemeral);
        let body = message.reply_body();
        let name = format!("request-{}.jsonl", i64::MAX);
        assert_eq!(body["attachments"], json!([{ "id": "0", "filename": name }]));
        let parts = body["components"][0]["components"].as_array().unwrap();
        let file = json!({ "type": 13, "file": { "url": format!("attachment://{name}") } });
        assert_eq!(parts.last(), Some(&file));
        assert_eq!(message.prose().contains("no room"), is_cut);
        let sent = message.file.unwrap().build_multipart(b"{\"a\":1}", "b");
        assert_eq!(
            String::from_utf8(sent).unwrap(),
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
                 Content-Type: application/json\r\n\r\n{{\"a\":1}}\r\n--b\r\n\
                 Content-Disposition: form-data; name=\"files[0]\"; filename=\"{name}\"\r\n\
                 Content-Type: text/plain; charset=utf-8\r\n\r\n{{}}\n\r\n--b--\r\n"
            )
        );
    }
}
