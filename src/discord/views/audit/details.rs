//! What a line of the audit log says beside when, what and who: why, to whom, from what to what.

use chrono::DateTime;
use serde_json::Value;

use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::event::Event;
use crate::domain::ids::UserId;
use crate::locale::{Language, text};

use super::super::formatting::{format_date, format_mention, ids, join_within};

/// What is shown of one text, before markdown is escaped in it.
const TEXT: usize = 120;
/// What a list of people or scopes may take.
const LIST: usize = 300;

/// All that is known, each in a few words. An event of an older version may hold less.
pub(super) fn list_details(event: &Event, language: Language) -> Vec<String> {
    let detail = &event.detail;
    // What was sent well was given a number, which proves it and says nothing.
    let is_sent = event.kind == "notice_sent";
    let parts = [
        describe_approvals(detail, language),
        describe_message_kind(detail, language),
        describe_recipient(detail, language),
        quote_server(detail).filter(|_| !is_sent),
        describe_announced(detail),
        format_became(&detail["owner_before"], &detail["owner_after"], format_person),
        format_became(&detail["expires_before"], &detail["expires_after"], format_end),
        describe_removed(detail, language),
        describe_struck(detail, language),
        describe_leak(detail, language),
        describe_operator(detail, language),
        describe_days(detail, language),
        describe_kept(detail, language),
        explain_reason(detail, language),
    ];
    parts.into_iter().flatten().collect()
}

fn format_typed(text: &str) -> String {
    sanitize::inline(&truncate(text, TEXT))
}

fn format_person(id: &Value) -> Option<String> {
    id.as_str()?.parse::<UserId>().ok().map(format_mention)
}

fn format_end(at: &Value) -> Option<String> {
    let at = DateTime::parse_from_rfc3339(at.as_str()?).ok()?;
    Some(format_date(at.to_utc()))
}

/// Nothing where it stayed as it was.
fn format_became(
    before: &Value,
    after: &Value,
    shown: fn(&Value) -> Option<String>,
) -> Option<String> {
    let or_none = |value| shown(value).unwrap_or_else(|| "—".to_owned());
    (before != after).then(|| format!("{} → {}", or_none(before), or_none(after)))
}

fn describe_approvals(detail: &Value, language: Language) -> Option<String> {
    let (have, need) = (detail["have"].as_u64()?, detail["need"].as_u64()?);
    Some(text!(language, "audit-approvals", have = have, need = need))
}

fn describe_message_kind(detail: &Value, language: Language) -> Option<String> {
    Some(text!(language, "audit-notice", kind = detail["kind"].as_str()?))
}

fn describe_recipient(detail: &Value, language: Language) -> Option<String> {
    let to = &detail["to"];
    let to =
        to["mail"].as_str().map(format_typed).or_else(|| format_person(&to["direct_message"]))?;
    Some(text!(language, "audit-to", to = to))
}

/// What the recipient's server, or Discord, answered.
fn quote_server(detail: &Value) -> Option<String> {
    detail["said"].as_str().filter(|said| !said.is_empty()).map(format_typed)
}

fn describe_announced(detail: &Value) -> Option<String> {
    detail["subject"].as_str().map(format_typed)
}

fn describe_removed(detail: &Value, language: Language) -> Option<String> {
    let scopes: Vec<&str> =
        detail["removed"].as_array()?.iter().filter_map(Value::as_str).collect();
    let shown = || ids(&scopes, LIST, language);
    (!scopes.is_empty()).then(|| text!(language, "audit-removed", scopes = shown()))
}

fn describe_struck(detail: &Value, language: Language) -> Option<String> {
    let approvals = detail["struck"].as_array()?.iter();
    let people: Vec<String> =
        approvals.filter_map(|approval| format_person(&approval["person"])).collect();
    let shown = || join_within(&people, &text!(language, "list-separator"), LIST, language);
    (!people.is_empty()).then(|| text!(language, "audit-struck", people = shown()))
}

fn describe_leak(detail: &Value, language: Language) -> Option<String> {
    (detail["reported_as_leaked"] == true).then(|| text!(language, "audit-leaked"))
}

fn describe_operator(detail: &Value, language: Language) -> Option<String> {
    let operator = detail.get("operator")?;
    let known = operator["sudo_user"].as_str().or_else(|| operator["name"].as_str());
    let user = known.map_or_else(|| format!("uid {}", operator["uid"]), format_typed);
    Some(text!(language, "audit-operator", user = user))
}

fn describe_days(detail: &Value, language: Language) -> Option<String> {
    Some(text!(language, "audit-days", days = detail["days"].as_u64()?))
}

/// A message with a secret that Discord did not delete.
fn describe_kept(detail: &Value, language: Language) -> Option<String> {
    (detail["deleted"] == false).then(|| text!(language, "audit-not-deleted"))
}

fn explain_reason(detail: &Value, language: Language) -> Option<String> {
    let said = ["reason", "because", "why"].into_iter().find_map(|key| detail[key].as_str())?;
    // What an upstream answered stands behind the kind of trouble that it was.
    let trouble = UpstreamProblem::of(said).and_then(|_| said.split_once(": "));
    let (why, words) = trouble.unwrap_or((said, said));
    Some(text!(language, "audit-why", why = why, words = format_typed(words)))
}
