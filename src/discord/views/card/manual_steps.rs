//! The steps of a `manual` issuer, on the card of a request that waits for an admin to take them.
//!
//! The operator's template may be longer than a message. What gives way is the list of scopes, then the
//! addresses, then the end of the template, never within a block that is there to be copied.

use crate::config::{IssuerSettings, StepCategory, StepScope, StepTemplates, StepValues};
use crate::discord::message::{limit, units};
use crate::domain::content::Content;
use crate::domain::request_kind::RequestKind;
use crate::locale::{Language, text};

use super::super::formatting::format_heading;
use super::{CardFacts, body, change, scope_list};

/// What the settings that change may take, each list or long text among them, and the scopes.
const SETTINGS_ROOM: usize = 500;
const TEXT_ROOM: usize = 200;
const SCOPES_ROOM: usize = 700;

/// What stands between both.
const GAP: &str = "\n";

/// What an admin is to change, and the steps; none where there are no steps to show. `taken`: what else
/// stands in the message, in UTF-16 code units.
pub fn render_steps(
    facts: &CardFacts<'_>,
    language: Language,
    taken: usize,
) -> Option<Vec<String>> {
    let IssuerSettings::Manual(templates) = &facts.provider?.issuer else { return None };
    let work = list_work(facts, language);
    let taken = taken + scope_list::count_length(&work) + GAP.len();
    match fit_steps(facts, templates, language, limit::TEXT.saturating_sub(taken)) {
        Ok(steps) if work.is_empty() => Some(vec![steps]),
        Ok(steps) => Some(work.into_iter().chain([format!("{GAP}{steps}")]).collect()),
        Err(error) => {
            let provider = &facts.request.content.provider;
            tracing::error!(%provider, %error, "the steps of a provider can't be shown");
            None
        }
    }
}

/// What becomes another: the steps have the token only as it is to be, so that what goes stands nowhere
/// else.
fn list_work(facts: &CardFacts<'_>, language: Language) -> Vec<String> {
    use RequestKind::{Edit, Extend, Narrow, Upgrade};
    let content = &facts.request.content;
    if !matches!(content.kind, Edit | Upgrade | Extend | Narrow) {
        return Vec::new();
    }
    let more = |count: usize| text!(language, "card-more", count = count);
    let changed = change::describe_change(facts.request, TEXT_ROOM, language, more);
    let settings: Vec<String> =
        changed.fields.iter().map(|field| body::render_field(field, language)).collect();
    let scopes = scope_list::list_changed_scopes(content, facts.provider, language).0.pieces;
    let mut lines = vec![format_heading(&text!(language, "card-work"), language)];
    lines.extend(scope_list::fit_within(&settings, SETTINGS_ROOM, more).pieces);
    if !scopes.is_empty() {
        lines.push(format_heading(&body::format_count(facts.request, language), language));
        lines.extend(scope_list::fit_within(&scopes, SCOPES_ROOM, more).pieces);
    }
    lines
}

fn fit_steps(
    facts: &CardFacts<'_>,
    templates: &StepTemplates,
    language: Language,
    room: usize,
) -> Result<String, minijinja::Error> {
    let content = &facts.request.content;
    let scopes =
        scope_list::group_by_category(content, facts.provider, scope_list::format_method_and_path);
    let more = |count: usize| text!(language, "card-more", count = count);
    let mut values = build_values(facts);
    loop {
        let mut list_room = room;
        loop {
            let list = scope_list::fit_within(&scopes, list_room, more);
            values.scope_list = list.pieces.join("\n");
            let steps = templates.render(language, &values)?;
            let length = units(&steps);
            if length <= room {
                return Ok(steps);
            }
            if list.shown == 0 {
                break;
            }
            list_room = list_room.saturating_sub(length - room);
        }
        let instead =
            text!(language, "card-steps-emails", count = content.settings.developer_emails.len());
        let dropped = vec![instead];
        if content.settings.developer_emails.is_empty() || values.developer_emails == dropped {
            // A template of the operator's that no message holds; its end is cut.
            return Ok(cut_markup(&templates.render(language, &values)?, room));
        }
        values.developer_emails = dropped;
    }
}

fn build_values(facts: &CardFacts<'_>) -> StepValues {
    let content = &facts.request.content;
    let contact = match facts.contact_name.trim() {
        "" => content.settings.contact.to_string(),
        name => name.to_owned(),
    };
    let is_change = content.target.is_some();
    StepValues {
        kind: content.kind.as_str().to_owned(),
        name: content.settings.name.clone(),
        current_name: content.target.as_ref().map(|target| target.was.settings.name.clone()),
        account_sid: facts.token.filter(|_| is_change).map(|token| token.account_sid.clone()),
        description: content.settings.description.clone(),
        api_version: content.settings.api_version.get(),
        contact,
        developer_emails: content.settings.developer_addresses(),
        scopes_by_category: build_categories(content, facts),
        scope_list: String::new(),
        lifetime_days: Some(u64::from(content.lifetime_days)),
    }
}

fn build_categories(content: &Content, facts: &CardFacts<'_>) -> Vec<StepCategory> {
    let version =
        facts.provider.and_then(|found| found.catalogue.version(content.settings.api_version));
    let mut categories: Vec<(&str, StepCategory)> = Vec::new();
    for scope in &content.scopes {
        let id = scope.id.category();
        if categories.last().is_none_or(|(last, _)| *last != id) {
            let known = version.and_then(|version| version.category_of(&scope.id));
            let name = known.map_or(id, |category| &category.name).to_owned();
            categories.push((id, StepCategory { name, scopes: Vec::new() }));
        }
        if let Some((_, category)) = categories.last_mut() {
            category.scopes.push(StepScope {
                method: scope.method.to_string(),
                path: scope.path.to_string(),
                id: scope.id.to_string(),
            });
        }
    }
    categories.into_iter().map(|(_, category)| category).collect()
}

/// Cuts markup between lines, code blocks kept whole.
fn cut_markup(markup: &str, room: usize) -> String {
    const FENCE: &str = "```";
    let mut pieces: Vec<String> = Vec::new();
    let mut open: Option<String> = None;
    for line in markup.split('\n') {
        let turns = line.matches(FENCE).count() % 2 == 1;
        let piece = match open.take() {
            Some(block) => format!("{block}\n{line}"),
            None if turns => {
                open = Some(line.to_owned());
                continue;
            }
            None => {
                pieces.push(line.to_owned());
                continue;
            }
        };
        if turns {
            pieces.push(piece);
        } else {
            open = Some(piece);
        }
    }
    pieces.extend(open);
    scope_list::pack_parts(&pieces, room).into_iter().next().unwrap_or_default()
}
