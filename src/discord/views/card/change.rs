//! What a change does to its token: what it was, and what it becomes.
//!
//! What doesn't fit is cut, and said to be, so that *Details* comes first.

use crate::config::Provider;
use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::catalogue::ScopeId;
use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::email::EmailAddress;
use crate::domain::issuer::IssuerKind;
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::settings::TokenSettings;
use crate::locale::{Language, text};

use super::super::formatting::{format_date, format_mention, format_moment};
use super::scope_list::{self, Fitted};

/// When the token ends: so many days after it is collected or changed, or as before.
pub fn format_expiry(content: &Content, language: Language) -> String {
    let days = text!(language, "card-value-lifetime", days = content.lifetime_days);
    let Some(target) = &content.target else { return days };
    let (end, none) = (target.was.expires_at, || "—".to_owned());
    if target.lives_anew {
        let was = end.map_or_else(none, format_date);
        text!(language, "card-value-lives-anew", before = was, days = content.lifetime_days)
    } else {
        let when = end.map_or_else(none, |at| format_moment(at, language));
        text!(language, "card-value-keeps-end", when = when)
    }
}

/// When a token that is requested will end.
pub fn describe_first_end(content: &Content, language: Language) -> String {
    let days = content.lifetime_days;
    match content.issuer {
        IssuerKind::Builtin => text!(language, "panel-expires-collected", days = days),
        IssuerKind::Manual | IssuerKind::Http => {
            text!(language, "panel-expires-issued", days = days)
        }
    }
}

/// What `format_expiry` is the value of: a token that exists has an end, a new one a lifetime.
pub fn name_expiry(content: &Content, language: Language) -> String {
    match content.target {
        Some(_) => text!(language, "card-field-token-expires"),
        None => text!(language, "card-field-lifetime"),
    }
}

/// What something is, and its value, which may take several lines.
pub struct LabelledText {
    pub label: String,
    pub value: String,
}

/// What changes, and whether something of that is left out.
pub struct ChangeFields {
    pub fields: Vec<LabelledText>,
    pub is_cut: bool,
}

/// A field for each setting that becomes another one; those of lists and long texts take at most
/// `room` each; `more` tells of what is left out.
pub fn describe_change(
    request: &Request,
    room: usize,
    language: Language,
    more: impl Fn(usize) -> String,
) -> ChangeFields {
    let content = &request.content;
    let Some(target) = &content.target else {
        return ChangeFields { fields: Vec::new(), is_cut: false };
    };
    let was = &target.was;
    let (mut fields, mut is_cut) = (Vec::new(), false);
    let mut add_field = |name: String, before: String, after: String| {
        if before != after {
            let value = text!(language, "card-before-after", before = before, after = after);
            fields.push(LabelledText { label: name, value });
        }
    };
    let name = |name: &str| sanitize::inline(name);
    add_field(text!(language, "form-name"), name(&was.settings.name), name(&content.settings.name));
    let version = |version: u32| version.to_string();
    add_field(
        text!(language, "form-version"),
        version(was.settings.api_version.get()),
        version(content.settings.api_version.get()),
    );
    if content.kind.renews_the_secret() {
        // The secret goes to the one who asks for it.
        let (before, after) = (format_mention(was.owner), format_mention(request.requester));
        add_field(text!(language, "token-field-owner"), before, after);
    }
    add_field(
        text!(language, "card-field-contact"),
        format_mention(was.settings.contact),
        format_mention(content.settings.contact),
    );
    let missing = |from: &[EmailAddress], among: &[EmailAddress]| -> Vec<String> {
        let gone = from.iter().filter(|address| !among.contains(address));
        gone.map(|address| sanitize::inline(&address.to_string())).collect()
    };
    let (old, new) = (&was.settings.developer_emails, &content.settings.developer_emails);
    let is_other = was.settings.description != content.settings.description;
    let described = |settings: &TokenSettings| -> Vec<String> {
        is_other.then(|| sanitize::block(&settings.description)).into_iter().collect()
    };
    for (name, listed) in [
        (text!(language, "card-field-description"), described(&content.settings)),
        (text!(language, "card-field-description-before"), described(&was.settings)),
        (text!(language, "card-field-emails-added"), missing(new, old)),
        (text!(language, "card-field-emails-removed"), missing(old, new)),
    ] {
        if listed.is_empty() {
            continue;
        }
        let Fitted { pieces, shown } = scope_list::fit_within(&listed, room, &more);
        is_cut |= shown < listed.len();
        // The beginning of a long text says more than that it is there.
        let value = match &listed[..] {
            [only] if shown == 0 => truncate(only, room),
            _ => pieces.join("\n"),
        };
        fields.push(LabelledText { label: name, value });
    }
    if target.lives_anew {
        let label = name_expiry(content, language);
        fields.push(LabelledText { label, value: format_expiry(content, language) });
    }
    let renewed = describe_renewal(content, language);
    fields.extend(
        renewed.map(|value| LabelledText { label: text!(language, "panel-overlap"), value }),
    );
    ChangeFields { fields, is_cut }
}

/// What a new secret does to the old one.
pub(super) fn describe_renewal(content: &Content, language: Language) -> Option<String> {
    let target = content.target.as_ref()?;
    Some(match content.kind {
        RequestKind::Reset if content.issuer.swaps_at_collection() => {
            text!(language, "panel-value-overlap", hours = target.overlap_seconds / 3600)
        }
        RequestKind::Reset => text!(language, "card-value-swapped-at-once"),
        RequestKind::Enable => text!(language, "card-value-old-is-dead"),
        _ => return None,
    })
}

/// A piece for each scope that the token loses, under headings: those that its new version does not have,
/// and those that it could have there. What is switched off or
/// deleted loses all, which its card says in a word.
pub fn list_removed(
    content: &Content,
    provider: Option<&Provider>,
    language: Language,
) -> Vec<String> {
    if matches!(content.kind, RequestKind::Disable | RequestKind::Delete) {
        return Vec::new();
    }
    let Some(target) = &content.target else { return Vec::new() };
    let of = |version| provider.and_then(|found| found.catalogue.version(version));
    let becomes = of(content.settings.api_version)
        .filter(|_| target.was.settings.api_version != content.settings.api_version);
    let shown = |id: &ScopeId| {
        let had = target.was.scope(id).map(ToString::to_string);
        format!("~~{}~~", sanitize::code(&had.unwrap_or_else(|| id.to_string())))
    };
    let is_gone = |id: &ScopeId| becomes.is_some_and(|version| version.scope(id).is_none());
    let (gone, unticked): (Vec<ScopeId>, Vec<ScopeId>) =
        change::compare_scopes(content).removed.into_iter().partition(is_gone);
    let no_equal =
        text!(language, "card-scopes-no-equal", version = content.settings.api_version.get());
    let mut pieces = Vec::new();
    for (heading, ids) in [(no_equal, gone), (text!(language, "card-scopes-removed"), unticked)] {
        let mut listed: Vec<String> = ids.iter().map(shown).collect();
        if let Some(first) = listed.first_mut() {
            *first = format!("**{heading}**\n{first}");
        }
        pieces.extend(listed);
    }
    pieces
}
