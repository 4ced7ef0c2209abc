//! What is asked for, in the embeds of a card, as much of it as Discord lets one message hold.
//!
//! Everything but developer addresses and scopes is always there. The room that is left is shared:
//! addresses keep a little of it where both don't fit, scopes have the rest, the strongest first.

use crate::config::Provider;
use crate::discord::message::{Embed, Field, limit, units};
use crate::discord::sanitize;
use crate::domain::request::Request;
use crate::locale::{Language, text};

use super::super::formatting::{format_mention, format_moment, provider as name_of};
use super::{change, scope_list};

/// What addresses keep where they don't fit beside the scopes: three of the longest, or dozens.
const EMAILS_ROOM: usize = 1_000;

/// What the old description, and each list of addresses that come or go, may take.
const CHANGE_ROOM: usize = 400;

/// What else stands in the card.
pub struct CardExtras {
    /// Fields of the first embed, after those of the content.
    pub fields: Vec<Field>,
    /// What they take of the room, in UTF-16 code units.
    pub room: usize,
    /// Whether the request still waits for approvals.
    pub is_pending: bool,
}

impl CardExtras {
    /// A pending card's: what its approvals take at most.
    pub fn pending(room: usize) -> Self {
        Self { fields: Vec::new(), room, is_pending: true }
    }

    /// A decided card's.
    pub fn later(fields: Vec<Field>) -> Self {
        Self { room: count_fields_length(&fields), fields, is_pending: false }
    }
}

/// The embeds, and whether something of the content is not in them.
pub struct Body {
    /// In their order.
    pub embeds: Vec<Embed>,
    /// Whether addresses or scopes are missing.
    pub is_cut: bool,
}

/// Lays the content out.
pub fn build_body(
    request: &Request,
    provider: Option<&Provider>,
    language: Language,
    around: CardExtras,
) -> Body {
    let content = &request.content;
    let mut first = build_fields(request, provider, language, around.is_pending);
    let more = |count: usize| {
        if around.is_pending {
            text!(language, "card-more-first", count = count)
        } else {
            text!(language, "card-more", count = count)
        }
    };
    let changed = change::describe_change(request, CHANGE_ROOM, language, more);
    first.fields.extend(changed.fields);
    let room = limit::EMBED_TOTAL.saturating_sub(count_length(&first) + around.room);
    let mut scopes = change::list_removed(content, provider, language);
    scopes.extend(scope_list::sort_by_power(content, provider, language));
    let title = text!(language, "card-scopes", count = content.scopes.len());
    let scopes_need = units(&title) + scope_list::count_length(&scopes);
    let emails_room = room.saturating_sub(scopes_need).max(EMAILS_ROOM.min(room));
    let emails: Vec<String> = content
        .settings
        .developer_emails
        .iter()
        .map(|address| sanitize::inline(&address.to_string()))
        .collect();
    let (email_fields, emails_shown) = build_email_fields(&emails, emails_room, language, more);
    let scopes_room = room.saturating_sub(count_fields_length(&email_fields) + units(&title));
    let scope_list::Fitted { pieces, shown } = scope_list::fit_within(&scopes, scopes_room, more);

    first.fields.extend(around.fields);
    first.fields.extend(email_fields);
    let mut embeds = vec![first];
    for (part, listed) in
        scope_list::pack_parts(&pieces, limit::EMBED_DESCRIPTION).into_iter().enumerate()
    {
        let title = if part == 0 { title.clone() } else { String::new() };
        embeds.push(Embed::new(title, listed));
    }
    Body { embeds, is_cut: changed.is_cut || emails_shown < emails.len() || shown < scopes.len() }
}

/// What of an embed counts against the total, in UTF-16 code units.
pub fn count_length(embed: &Embed) -> usize {
    let texts = [&embed.title, &embed.description, &embed.footer];
    texts.into_iter().map(|text| units(text)).sum::<usize>() + count_fields_length(&embed.fields)
}

fn count_fields_length(fields: &[Field]) -> usize {
    fields.iter().map(|field| units(&field.name) + units(&field.value)).sum()
}

/// The number and the name of a request.
pub fn format_title(request: &Request) -> String {
    format!("#{} · {}", request.number, sanitize::inline(&request.content.settings.name))
}

/// Everything but approvals, addresses and scopes.
fn build_fields(
    request: &Request,
    provider: Option<&Provider>,
    language: Language,
    is_pending: bool,
) -> Embed {
    let content = &request.content;
    let version = content.settings.api_version.get();
    let api =
        text!(language, "card-value-api", provider = name_of(content, provider), version = version);
    let mut embed =
        Embed::new(format_title(request), sanitize::block(&content.settings.description))
            .field(Field::inline(
                text!(language, "card-field-requester"),
                format_mention(request.requester),
            ))
            .field(Field::inline(text!(language, "card-field-api"), api))
            .field(Field::inline(
                text!(language, "card-field-contact"),
                format_mention(content.settings.contact),
            ))
            .field(Field::inline(
                text!(language, "card-field-lifetime"),
                change::format_expiry(content, language),
            ))
            .field(build_digest_field(request, language));
    if is_pending {
        let name = text!(language, "card-field-expires");
        embed = embed.field(Field::inline(name, format_moment(request.expires_at, language)));
    }
    embed
}

/// The short digest.
pub fn build_digest_field(request: &Request, language: Language) -> Field {
    let digest = sanitize::code(&request.digest.short().to_string());
    Field::inline(text!(language, "card-field-digest"), digest)
}

/// As many addresses as fit, whole, and how many that are.
fn build_email_fields(
    all: &[String],
    room: usize,
    language: Language,
    more: impl Fn(usize) -> String,
) -> (Vec<Field>, usize) {
    let name = text!(language, "card-field-emails");
    if all.is_empty() {
        return (vec![Field::inline(name, text!(language, "card-none"))], 0);
    }
    for shown in (0..=all.len()).rev() {
        let rest = all.len() - shown;
        let more = (rest > 0).then(|| more(rest));
        let fields: Vec<Field> =
            scope_list::pack_parts(all[..shown].iter().chain(&more), limit::EMBED_VALUE)
                .into_iter()
                .enumerate()
                .map(|(part, value)| match part {
                    0 => Field::new(name.clone(), value),
                    _ => Field::new(text!(language, "card-field-emails-continued"), value),
                })
                .collect();
        if count_fields_length(&fields) <= room || shown == 0 {
            return (fields, shown);
        }
    }
    (Vec::new(), 0)
}
