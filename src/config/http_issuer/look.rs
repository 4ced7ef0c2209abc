//! Reads the calls that look for tokens: `find`, which lists them, and `get`, which looks one up.

use super::call::Reader;
use super::response::condition;
use crate::config::document::Section;
use crate::config::http_settings::{HttpFind, HttpGet, JsonPointer, Matching, Pages, Recognise};
use crate::config::http_template::Knows;
use crate::config::values::{integer, line, pointer, truth};

/// The keys of `find`.
pub(super) const FIND_KEYS: &[&str] = &[
    "method",
    "url",
    "headers",
    "body",
    "form",
    "response",
    "refused_if",
    "items",
    "by_key",
    "match",
    "contains",
    "alive",
    "pages",
];

/// The keys of `get`.
pub(super) const GET_KEYS: &[&str] = &[
    "method",
    "url",
    "headers",
    "body",
    "form",
    "response",
    "refused_if",
    "item",
    "match",
    "contains",
    "alive",
];

const PAGE_KEYS: &[&str] = &["next", "link", "number", "first", "cursor", "query"];

impl Reader<'_> {
    pub(super) fn find(&mut self, section: &Section<'_>) -> Option<HttpFind> {
        let call = self.call(section, &["id"], Knows::REQUEST);
        let cure = "where the answer holds its list, such as \"/tokens\"";
        let items = section.required("items", cure, pointer);
        let recognise = recognise(section);
        let pages = match section.optional_section("pages", PAGE_KEYS) {
            Some(pages) => Some(read_pages(&pages)?),
            None => None,
        };
        let by_key = section.or("by_key", false, truth);
        Some(HttpFind { call: call?, items: items?, by_key, recognise: recognise?, pages })
    }

    pub(super) fn get(&mut self, section: &Section<'_>) -> Option<HttpGet> {
        let call = self.call(section, &[], Knows::TOKEN);
        let item = section.or("item", JsonPointer::default(), pointer);
        let recognise = recognise(section);
        Some(HttpGet { call: call?, item, recognise: recognise? })
    }
}

fn recognise(section: &Section<'_>) -> Option<Recognise> {
    let alive = condition(section, "alive");
    let (key, how) = match section.has("contains") {
        true => ("contains", Matching::Contained),
        false => ("match", Matching::Equal),
    };
    if section.has("contains") && section.has("match") {
        section.refuse("contains", "and match are both set: keep match where it is equal");
        return None;
    }
    let at = section.required(key, "where an item holds the marker", pointer)?;
    Some(Recognise { at, how, alive })
}

fn read_pages(section: &Section<'_>) -> Option<Pages> {
    const WAYS: [&str; 4] = ["next", "link", "number", "cursor"];
    let given: Vec<&str> = WAYS.into_iter().filter(|key| section.has(key)).collect();
    let parameter = line(64);
    match given.as_slice() {
        ["next"] => section.optional("next", pointer).map(Pages::Next),
        ["link"] => section.optional("link", truth)?.then_some(Pages::Link),
        ["number"] => Some(Pages::Number {
            query: section.optional("number", parameter)?,
            first: section.or("first", 1, integer(0..=1)),
        }),
        ["cursor"] => Some(Pages::Cursor {
            at: section.optional("cursor", pointer)?,
            query: section.required("query", "the parameter that takes it", parameter)?,
        }),
        _ => {
            section.refuse("next", "has to be there alone, or one of link, number and cursor");
            None
        }
    }
}
