//! The panel's five rows: three selects, the paging buttons, and what ends a step.

use crate::discord::custom_id::CustomId;
use crate::discord::message::{
    ButtonStyle, CreateActionRow, CreateButton, button, buttons, option, page_of_options, select,
};
use crate::discord::sanitize;
use crate::domain::catalogue::{Category, Scope, Version};
use crate::domain::change::OVERLAPS;
use crate::domain::draft::Draft;
use crate::domain::request_kind::RequestKind;
use crate::locale::{Language, text};
use crate::workflow::request::edit_draft;

use super::super::formatting::grey_button;
use super::{KEEP, Panel, count_chosen, find_category, swaps_at_collection};

/// One page of a select.
#[derive(Debug)]
struct Page<'a, T> {
    shown: &'a [T],
    /// From 0, always one that there is.
    number: u16,
    last: u16,
}

fn find_page<T>(all: &[T], wanted: u16) -> Page<'_, T> {
    let (shown, pages) = page_of_options(all, wanted.into());
    let last = u16::try_from(pages - 1).unwrap_or(u16::MAX);
    Page { shown, number: wanted.min(last), last }
}

pub(super) fn build_rows(
    panel: &Panel<'_>,
    version: &Version,
    language: Language,
) -> Vec<CreateActionRow> {
    let draft = &panel.changed.draft;
    let mut rows = Vec::new();
    match draft.kind {
        RequestKind::Reset if swaps_at_collection(panel) => {
            rows.push(build_overlap_select(draft, language));
        }
        RequestKind::Extend => rows.extend(build_lifetime_select(panel, language)),
        _ => {}
    }
    if !draft.kind.keeps_settings()
        && !edit_draft::changes_details_only(draft, panel.provider)
        && let Some(category) = find_category(draft, version)
    {
        let categories = find_page(&version.categories, draft.place.category_page);
        let scopes = find_page(&category.scopes, draft.place.scope_page);
        rows.push(build_category_select(draft, category, &categories, language));
        rows.push(build_scope_select(draft, category, &scopes, language));
        if !edit_draft::keeps_end(draft, panel.provider) {
            rows.extend(build_lifetime_select(panel, language));
        }
        let mut paging = build_page_buttons(
            &categories,
            |page| CustomId::CategoryPage(draft.id, page),
            &text!(language, "panel-categories-previous"),
            &text!(language, "panel-categories-next"),
        );
        paging.extend(build_page_buttons(
            &scopes,
            |page| CustomId::ScopePage(draft.id, page),
            &text!(language, "panel-scopes-previous"),
            &text!(language, "panel-scopes-next"),
        ));
        let whole = CustomId::WholeCategory(draft.id, category.id.clone());
        let complete = count_chosen(draft, category) == category.scopes.len();
        paging
            .push(grey_button(&whole, &text!(language, "panel-whole-category")).disabled(complete));
        rows.push(buttons(paging));
    }
    rows.push(build_final_buttons(panel, language));
    rows
}

fn build_category_select(
    draft: &Draft,
    shown: &Category,
    page: &Page<'_, Category>,
    language: Language,
) -> CreateActionRow {
    let options = page.shown.iter().map(|category| {
        let (chosen, all) = (count_chosen(draft, category), category.scopes.len());
        let counter = text!(language, "panel-option-category", chosen = chosen, all = all);
        let name = sanitize::plain(&category.name);
        option(&name, category.id.as_str(), Some(&counter), category.id == shown.id)
    });
    let placeholder = text!(language, "panel-select-category");
    select(CustomId::Category(draft.id).to_string(), &placeholder, options.collect(), (1, 1))
}

fn build_scope_select(
    draft: &Draft,
    category: &Category,
    page: &Page<'_, Scope>,
    language: Language,
) -> CreateActionRow {
    let options = page.shown.iter().map(|scope| {
        let mut description = scope.id.scope().to_owned();
        if scope.sensitive {
            description = format!("{description} · {}", text!(language, "panel-sensitive"));
        }
        let chosen = draft.scopes.contains(&scope.id);
        option(&scope.to_string(), scope.id.as_str(), Some(&description), chosen)
    });
    let custom_id = CustomId::Scopes(draft.id, category.id.clone(), page.number).to_string();
    let placeholder = text!(language, "panel-select-scopes");
    select(custom_id, &placeholder, options.collect(), (0, page.shown.len()))
}

fn build_overlap_select(draft: &Draft, language: Language) -> CreateActionRow {
    let options = OVERLAPS.into_iter().map(|seconds| {
        let label = text!(language, "panel-option-overlap", hours = seconds / 3600);
        option(&label, seconds.to_string(), None, seconds == draft.overlap_seconds)
    });
    let placeholder = text!(language, "panel-select-overlap");
    select(CustomId::Overlap(draft.id).to_string(), &placeholder, options.collect(), (1, 1))
}

/// None where nothing can be chosen, since a select has at least one option.
fn build_lifetime_select(panel: &Panel<'_>, language: Language) -> Option<CreateActionRow> {
    let draft = &panel.changed.draft;
    let keeps = draft.keeps_expiry;
    let keep = || option(&text!(language, "panel-option-keep"), KEEP, None, keeps);
    let may_keep = matches!(draft.kind, RequestKind::Edit | RequestKind::Upgrade);
    let mut options: Vec<_> = may_keep.then(keep).into_iter().collect();
    options.extend(panel.changed.lifetimes.iter().map(|&days| {
        let label = text!(language, "panel-option-lifetime", days = days);
        let chosen = !keeps && days == u64::from(draft.lifetime_days);
        option(&label, days.to_string(), None, chosen)
    }));
    let placeholder = text!(language, "panel-select-expires");
    let custom_id = CustomId::Expires(draft.id).to_string();
    (!options.is_empty()).then(|| select(custom_id, &placeholder, options, (1, 1)))
}

/// The buttons that lead to the pages before and after, as far as there are any.
fn build_page_buttons<T>(
    page: &Page<'_, T>,
    custom_id: impl Fn(u16) -> CustomId,
    previous: &str,
    next: &str,
) -> Vec<CreateButton> {
    let before = page.number.checked_sub(1).map(|number| (number, previous));
    let after = (page.number < page.last).then(|| (page.number + 1, next));
    let both = before.into_iter().chain(after);
    both.map(|(number, label)| grey_button(&custom_id(number), label)).collect()
}

fn build_final_buttons(panel: &Panel<'_>, language: Language) -> CreateActionRow {
    let draft = &panel.changed.draft;
    let clear = CustomId::ClearAll(draft.id);
    let edit = CustomId::EditDetails(draft.id);
    let create = if draft.request.is_some() {
        text!(language, "panel-save")
    } else if draft.kind.makes_a_token() {
        text!(language, "panel-create")
    } else {
        text!(language, "panel-submit")
    };
    let mut row = Vec::new();
    if !draft.kind.keeps_settings() {
        if !edit_draft::changes_details_only(draft, panel.provider) {
            let clear = grey_button(&clear, &text!(language, "panel-clear-all"));
            row.push(clear.disabled(draft.scopes.is_empty()));
        }
        row.push(grey_button(&edit, &text!(language, "panel-edit-details")));
    }
    row.extend(build_exit_buttons(panel, language));
    let custom_id = match panel.changed.asks_for {
        Some(digest) => CustomId::Create(draft.id, digest),
        None => CustomId::CreateIncomplete(draft.id),
    }
    .to_string();
    let is_refused = panel.changed.refusal.is_some();
    row.push(button(custom_id, &create, ButtonStyle::Success).disabled(is_refused));
    buttons(row)
}

/// *Start over*, where the person came back to the draft, and *Cancel*.
pub(super) fn build_exit_buttons(panel: &Panel<'_>, language: Language) -> Vec<CreateButton> {
    let (draft, is_resumed) = (panel.changed.draft.id, panel.changed.draft.is_resumed);
    let again = is_resumed
        .then(|| grey_button(&CustomId::StartOver(draft), &text!(language, "panel-start-over")));
    let cancel = grey_button(&CustomId::Cancel(draft), &text!(language, "panel-cancel"));
    again.into_iter().chain([cancel]).collect()
}
