//! *Details*: everything that a request asks for, in private, on as many messages as it takes.

use crate::config::Provider;
use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::domain::change as changes;
use crate::domain::request::{Request, RequestState};
use crate::domain::scope::ResolvedScope;
use crate::locale::{Language, text};

use super::card::{change, scope_list};
use super::formatting::{format_mention, format_moment, provider as name_of, quote};

/// What stands on one message, in UTF-16 code units: beside a title and small print.
const PART: usize = 3_700;

/// The complete content; at least one message, nothing cut.
#[must_use]
pub fn render_all(
    request: &Request,
    provider: Option<&Provider>,
    language: Language,
) -> Vec<Message> {
    let number = request.number.to_string();
    let mut pieces = render_settings(request, provider, language);
    let changed = change::describe_change(request, usize::MAX, language, |_| String::new()).fields;
    for field in changed {
        pieces.push(text!(language, "field-heading", label = field.label));
        pieces.extend(field.value.lines().map(str::to_owned));
    }
    pieces.extend(change::list_removed(&request.content, provider, language));
    let content = &request.content;
    let added = changes::compare_scopes(content).added;
    let scopes = scope_list::group_by_category(content, provider, |scope| {
        let plus = if added.contains(&scope.id) { "➕ " } else { "" };
        let line = format!("{plus}{}", render_scope(scope, language));
        match scope_list::find_before(scope, content) {
            Some(had) => {
                let had = sanitize::code(&had.to_string());
                format!("{line} · {}", text!(language, "scopes-before", before = had))
            }
            None => line,
        }
    });
    let title = text!(language, "card-scopes", count = scopes.len());
    let legend = scope_list::build_legend(language);
    pieces.push(format!(
        "\n{}",
        text!(language, "heading-with-legend", title = title, legend = legend)
    ));
    pieces.extend(scopes);

    let name = sanitize::inline(&request.content.settings.name);
    let title = text!(language, "scopes-title", number = number.as_str(), name = name);
    pack_messages(&pieces, title, |part, parts| {
        text!(language, "scopes-part", number = number.as_str(), part = part, parts = parts)
    })
}

/// The last page of *Details* after its buttons were used: what came of it stands above.
#[must_use]
pub fn render_decided(
    request: &Request,
    said: Message,
    provider: Option<&Provider>,
    language: Language,
) -> Message {
    let last = render_all(request, provider, language).pop().unwrap_or_default();
    let mut message = said.separator();
    message.parts.extend(last.parts);
    message.ephemeral()
}

/// On as many messages as it takes, the title on the first; where there are several, `counted` is told
/// below each.
pub(super) fn pack_messages(
    pieces: &[String],
    title: String,
    counted: impl Fn(usize, usize) -> String,
) -> Vec<Message> {
    let parts = scope_list::pack_parts(pieces, PART);
    let messages = parts.len();
    let parts = parts.into_iter().enumerate().map(|(at, part)| {
        let message = if at == 0 { Message::titled(&title) } else { Message::default() };
        let counted = (messages > 1).then(|| format!("-# {}", counted(at + 1, messages)));
        message.line(part).lines(counted).ephemeral()
    });
    parts.collect()
}

/// Everything but the scopes, a piece for each line or paragraph.
fn render_settings(
    request: &Request,
    provider: Option<&Provider>,
    language: Language,
) -> Vec<String> {
    let content = &request.content;
    let labelled = |label: String, value: String| {
        text!(language, "field-with-value", label = label, value = value)
    };
    let provider = name_of(content, provider);
    let version = content.settings.api_version.get();
    let api = text!(language, "card-value-api", provider = provider, version = version);
    let (label, ends) = match content.target {
        Some(_) => {
            (change::name_expiry(content, language), change::format_expiry(content, language))
        }
        None => (text!(language, "panel-expires"), change::describe_first_end(content, language)),
    };
    let approvals = request.approvals_required.to_string();
    let none = text!(language, "card-none");
    let emails = content
        .settings
        .developer_emails
        .iter()
        .map(|address| sanitize::inline(&address.to_string()));
    let mut pieces = vec![
        labelled(
            text!(language, "card-field-digest"),
            sanitize::code(&request.digest.short().to_string()),
        ),
        labelled(text!(language, "card-field-requester"), format_mention(request.requester)),
        labelled(text!(language, "card-field-api"), api),
        labelled(text!(language, "card-field-contact"), format_mention(content.settings.contact)),
        labelled(label, ends),
        labelled(text!(language, "scopes-approvals-required"), approvals),
    ];
    if request.state == RequestState::Pending {
        let when = format_moment(request.expires_at, language);
        pieces.push(labelled(text!(language, "card-field-expires"), when));
    }
    let label = text!(language, "card-field-description");
    pieces.push(text!(language, "field-heading", label = label));
    pieces.extend(quote(&content.settings.description).lines().map(str::to_owned));
    let label = text!(language, "card-field-emails");
    if content.settings.developer_emails.is_empty() {
        pieces.push(labelled(label, none));
    } else {
        pieces.push(text!(language, "field-heading", label = label));
        pieces.extend(emails);
    }
    pieces
}

/// A scope with all that is approved.
pub(super) fn render_scope(scope: &ResolvedScope, language: Language) -> String {
    let mut line = format!(
        "{} · {}",
        scope_list::format_method_and_path(scope),
        sanitize::code(scope.id.as_str())
    );
    line.insert_str(0, scope_list::choose_mark(scope));
    if scope.value != scope.id.as_str() {
        let value = sanitize::code(&scope.value);
        line = format!("{line} · {}", text!(language, "scopes-value", value = value));
    }
    if let Some(count) = scope.approvals {
        line = format!("{line} · {}", text!(language, "scopes-approvals", count = count));
    }
    line
}

#[cfg(test)]
mod tests;
