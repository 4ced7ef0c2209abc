//! Reads `update`, the call that changes a token in place.

use super::call::Reader;
use crate::config::document::Section;
use crate::config::http_settings::{HttpUpdate, UpdateField};
use crate::config::http_template::Knows;
use crate::config::values::one_of;

/// The keys of `update`.
pub(super) const UPDATE_KEYS: &[&str] =
    &["method", "url", "headers", "body", "form", "response", "refused_if", "fields"];

const FIELDS: &[(&str, UpdateField)] = &[
    ("scopes", UpdateField::Scopes),
    ("name", UpdateField::Name),
    ("description", UpdateField::Description),
    ("contact", UpdateField::Contact),
    ("developer_emails", UpdateField::DeveloperEmails),
];

impl Reader<'_> {
    pub(super) fn update(&mut self, section: &Section<'_>) -> Option<HttpUpdate> {
        let call = self.call(section, &[], Knows::TOKEN);
        let fields: Vec<UpdateField> = section.list("fields", one_of(FIELDS));
        if section.is_empty_list("fields") {
            section.refuse("fields", "is missing: name what the call changes, such as \"scopes\"");
        }
        let call = call?;
        for field in &fields {
            let name = field.as_str();
            if !call.templates().any(|template| template.shown().contains(name)) {
                section.refuse("fields", format!("names {name}, which the call doesn't show"));
            }
        }
        Some(HttpUpdate { call, fields })
    }
}
