//! Reads `generate`: values that are created for each call that gives a token a secret.

use std::collections::BTreeMap;

use crate::config::document::Section;
use crate::config::http_settings::{Generated, GeneratedForm};
use crate::config::values::{integer, one_of};

const KEYS: &[&str] = &["form", "length"];

const FORMS: &[(&str, GeneratedForm)] = &[
    ("alphanumeric", GeneratedForm::Alphanumeric),
    ("hex", GeneratedForm::Hex),
    ("base64url", GeneratedForm::Base64Url),
    ("uuid", GeneratedForm::Uuid),
];

/// The usual length, in characters.
const LENGTH: usize = 40;

/// `generate = { NAME = { form = "hex", length = 64 } }`.
pub(super) fn generate(issuer: &Section<'_>) -> BTreeMap<String, Generated> {
    let section = issuer.section_of_any_keys("generate");
    let mut generate = BTreeMap::new();
    for (key, _) in section.entries() {
        if !super::is_name(key) {
            section.refuse(key, super::NO_NAME);
            continue;
        }
        let one = section.section(key, KEYS);
        let form = one.or("form", GeneratedForm::Alphanumeric, one_of(FORMS));
        if form == GeneratedForm::Uuid && one.has("length") {
            one.refuse("length", "is a UUID's own: take it away");
        }
        let length = one.or("length", LENGTH, integer(shortest(form)..=512));
        generate.insert(key.to_owned(), Generated { form, length });
    }
    generate
}

/// How many characters hold 128 bits.
fn shortest(form: GeneratedForm) -> i64 {
    match form {
        GeneratedForm::Alphanumeric | GeneratedForm::Base64Url => 22,
        GeneratedForm::Hex => 32,
        GeneratedForm::Uuid => 1,
    }
}
