//! What is asked for, on a card, as much of it as Discord lets one message hold.
//!
//! A request is read on a phone: what it takes to decide stands there in a line each, scopes that do more
//! than read by method and path, the others by their number. *Details* has the rest.

use crate::config::Provider;
use crate::discord::message::{limit, truncate, units};
use crate::discord::sanitize;
use crate::domain::request::{Request, RequestState, RequesterHistory};
use crate::domain::request_kind::RequestKind;
use crate::locale::{Language, text};

use super::super::formatting::{
    format_field, format_heading, format_mention, provider as name_of, quote,
};
use super::change::{self, LabelledText};
use super::scope_list::{self, Fitted};

/// What the description may take.
const DESCRIPTION_ROOM: usize = 700;
/// What says that *Details* comes first.
const DETAILS_ROOM: usize = 100;
/// What addresses may take.
const EMAILS_ROOM: usize = 300;
/// What the old description, and each list of addresses that come or go, may take.
const CHANGE_ROOM: usize = 300;

/// The lines, and whether something of the content is not in them.
pub struct Body {
    /// In their order.
    pub lines: Vec<String>,
    /// Whether it isn't all there.
    pub is_cut: bool,
}

/// Lays the content out. `taken`: what else stands in the message, in UTF-16 code units.
pub fn build_body(
    request: &Request,
    provider: Option<&Provider>,
    language: Language,
    taken: usize,
) -> Body {
    let content = &request.content;
    let more = |count: usize| text!(language, "card-more", count = count);
    let mut lines = Vec::new();
    let origin = describe_origin(request, provider, language);
    let mut is_cut = false;
    if content.target.is_none() {
        // Quoted, so that no line of it passes for one of the card's.
        let description = quote(&content.settings.description);
        is_cut |= units(&description) > DESCRIPTION_ROOM;
        lines.push(truncate(&description, DESCRIPTION_ROOM));
        lines.push(match request.state {
            RequestState::Pending => {
                let end = change::describe_first_end(content, language);
                format_field(&text!(language, "panel-expires"), &end, language)
            }
            _ => {
                let lifetime = change::format_expiry(content, language);
                text!(language, "card-lifetime", origin = origin, lifetime = lifetime)
            }
        });
        let contact = format_mention(content.settings.contact);
        lines.push(format_small(&text!(language, "card-field-contact"), &contact, language));
        let (emails, are_cut) = list_emails(request, language);
        is_cut |= are_cut;
        lines.push(format_small(&text!(language, "card-field-emails-short"), &emails, language));
    } else {
        // Of a pending request the headline says which API, and who.
        if request.state != RequestState::Pending {
            lines.push(origin);
        }
        let changed = change::describe_change(request, CHANGE_ROOM, language, more);
        is_cut |= changed.is_cut;
        lines.extend(changed.fields.iter().map(|field| render_field(field, language)));
    }
    let listed = scope_list::list_scopes(content, provider, language);
    // A few that stand there one by one need no heading.
    if content.target.is_some() || listed.is_counted || listed.pieces.len() > scope_list::NAMED {
        lines.push(format_heading(&format_count(request, language), language));
    }
    let length = scope_list::count_length(&lines);
    let room = limit::TEXT.saturating_sub(length + taken + DETAILS_ROOM);
    let Fitted { pieces, shown } = scope_list::fit_within(&listed.pieces, room, more);
    is_cut |= listed.is_counted || shown < listed.pieces.len();
    lines.extend(pieces);
    if is_cut && request.state == RequestState::Pending {
        lines.push(text!(language, "card-details-first"));
    }
    Body { lines, is_cut }
}

/// The number and the name of a request.
pub fn format_title(request: &Request) -> String {
    format!("#{} · {}", request.number, sanitize::inline(&request.content.settings.name))
}

/// What the requester has already, in small print.
pub(super) fn describe_requester(history: &RequesterHistory, language: Language) -> String {
    let RequesterHistory { other_tokens, had_these_scopes } = *history;
    let tokens = text!(language, "card-other-tokens", count = other_tokens);
    let scopes = had_these_scopes.map(|had| match had {
        true => text!(language, "card-scopes-had"),
        false => text!(language, "card-scopes-new"),
    });
    let said: Vec<String> = std::iter::once(tokens).chain(scopes).collect();
    format!("-# {}", said.join(" · "))
}

/// For which API, and by whom.
fn describe_origin(request: &Request, provider: Option<&Provider>, language: Language) -> String {
    let content = &request.content;
    let version = content.settings.api_version.get();
    let api =
        text!(language, "card-value-api", provider = name_of(content, provider), version = version);
    text!(language, "card-origin", api = api, requester = format_mention(request.requester))
}

/// One value on the line of its label, several below it.
pub(super) fn render_field(field: &LabelledText, language: Language) -> String {
    let LabelledText { label, value } = field;
    if value.contains('\n') {
        format!("{}\n{value}", format_heading(label, language))
    } else {
        format_field(label, value, language)
    }
}

/// In small print: a phone's screen has to hold the card.
fn format_small(label: &str, value: &str, language: Language) -> String {
    format!("-# {}", format_field(label, value, language))
}

/// How many scopes it has, and had.
pub(super) fn format_count(request: &Request, language: Language) -> String {
    let content = &request.content;
    let after = content.scopes.len();
    let before = content.target.as_ref().map_or(after, |target| target.was.scopes.len());
    if before == after || matches!(content.kind, RequestKind::Disable | RequestKind::Delete) {
        text!(language, "card-scopes", count = after)
    } else {
        text!(language, "card-scopes-before-after", before = before, count = after)
    }
}

/// As many addresses as fit, whole, and whether some don't.
fn list_emails(request: &Request, language: Language) -> (String, bool) {
    let emails = &request.content.settings.developer_emails;
    if emails.is_empty() {
        return (text!(language, "card-none"), false);
    }
    let all: Vec<String> =
        emails.iter().map(|address| sanitize::inline(&address.to_string())).collect();
    let more = |count: usize| text!(language, "card-approvals-more", count = count);
    let Fitted { pieces, shown } = scope_list::fit_within(&all, EMAILS_ROOM, more);
    (pieces.join(&text!(language, "list-separator")), shown < all.len())
}
