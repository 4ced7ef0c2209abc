//! Buttons and selects, cut to Discord's limits, over serenity's builders.

pub use serenity::model::application::ButtonStyle;

use serenity::builder::{
    CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};

use super::{limit, truncate};

/// One thing that autocomplete proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What people see.
    pub name: String,
    /// What the command gets; at most [`limit::OPTION_TEXT`].
    pub value: String,
}

/// A button. `custom_id` takes at most [`limit::CUSTOM_ID`] and is unique in its message.
pub fn button(custom_id: impl Into<String>, label: &str, style: ButtonStyle) -> CreateButton {
    CreateButton::new(custom_id).label(truncate(label, limit::BUTTON_LABEL)).style(style)
}

/// A row of at most [`limit::BUTTONS`] buttons; more are dropped.
pub fn buttons(buttons: impl IntoIterator<Item = CreateButton>) -> CreateActionRow {
    CreateActionRow::Buttons(buttons.into_iter().take(limit::BUTTONS).collect())
}

/// One option of a select. `value` takes at most [`limit::OPTION_TEXT`] and is unique in its select.
pub fn option(
    label: &str,
    value: impl Into<String>,
    description: Option<&str>,
    selected: bool,
) -> CreateSelectMenuOption {
    let option = CreateSelectMenuOption::new(truncate(label, limit::OPTION_TEXT), value)
        .default_selection(selected);
    match description.filter(|text| !text.is_empty()) {
        Some(text) => option.description(truncate(text, limit::OPTION_TEXT)),
        None => option,
    }
}

/// A row with a select of 1 to 25 options, of which `least` to `most` can be chosen.
pub fn select(
    custom_id: impl Into<String>,
    placeholder: &str,
    options: Vec<CreateSelectMenuOption>,
    (least, most): (usize, usize),
) -> CreateActionRow {
    let options: Vec<_> = options.into_iter().take(limit::OPTIONS).collect();
    let most = most.clamp(1, options.len().max(1));
    let count = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
    CreateActionRow::SelectMenu(
        CreateSelectMenu::new(custom_id, CreateSelectMenuKind::String { options })
            .placeholder(truncate(placeholder, limit::SELECT_PLACEHOLDER))
            .min_values(count(least.min(most)))
            .max_values(count(most)),
    )
}

/// The slice of `all` that page `page` (from 0) of a select holds, and how many pages there are.
pub fn page_of_options<T>(all: &[T], page: usize) -> (&[T], usize) {
    let pages = all.len().div_ceil(limit::OPTIONS).max(1);
    let start = page.min(pages - 1) * limit::OPTIONS;
    (&all[start..all.len().min(start + limit::OPTIONS)], pages)
}
