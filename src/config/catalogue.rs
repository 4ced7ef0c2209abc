//! Reads catalogues.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::domain::catalogue::{
    ACCOUNT_SID, ApiVersion, CATEGORY_NAME_LIMIT, Catalogue, Category, CategoryId, Method,
    PathTemplate, SCOPE_VALUE_LIMIT, Scope, ScopeId, VERSION_COUNT_LIMIT, Version,
};

use super::document::{self, Section};
use super::problem::{CatalogueErrors, Place, Problems};
use super::values::{APPROVALS, as_seen, integer, line, parsed, quoted, text, truth};

const VERSION_KEYS: &[&str] = &["version", "recommended", "categories"];
const CATEGORY_KEYS: &[&str] = &["id", "name", "scopes"];
const SCOPE_KEYS: &[&str] = &["id", "method", "path", "value", "sensitive", "approvals"];

impl Catalogue {
    /// Reads a catalogue's file; `file` is its name in errors. All errors are reported at once.
    pub fn parse(text: &str, file: &str) -> Result<Self, CatalogueErrors> {
        let (file, problems) = (Arc::from(file), Problems::default());
        let table = document::parse(text, &file, &problems);
        let catalogue = table.and_then(|table| {
            read_catalogue(&Section::root(&table, &file, &["versions"], &problems))
        });
        problems.conclude(catalogue)
    }
}

/// Ids that were seen, and where.
struct SeenIds<T>(HashMap<T, Place>);

impl<T: Eq + Hash> SeenIds<T> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    /// Records an id that is there twice.
    fn check(&mut self, section: &Section<'_>, key: &str, id: T, name: &str) {
        let place = section.place_of(key).clone();
        if let Some(Place::File(_, Some(line))) = self.0.get(&id) {
            section.refuse(
                key,
                format!("is {name}, as on line {line} already: one of them has to go"),
            );
        } else {
            self.0.insert(id, place);
        }
    }
}

fn read_catalogue(root: &Section<'_>) -> Option<Catalogue> {
    let sections = root.sections("versions", VERSION_KEYS);
    if !root.has("versions") || sections.is_empty() {
        root.refuse("versions", "is empty: a catalogue has at least one [[versions]]");
    }
    if sections.len() > VERSION_COUNT_LIMIT {
        let most = format!("{VERSION_COUNT_LIMIT} are the most: drop the oldest");
        root.refuse("versions", format!("has {} versions, {most}", sections.len()));
    }
    let (mut numbers, mut recommended) = (SeenIds::new(), SeenIds::new());
    let versions: Vec<Option<Version>> = sections
        .iter()
        .map(|section| {
            let version = read_version(section, &mut numbers)?;
            if version.recommended {
                recommended.check(section, "recommended", (), "true");
            }
            Some(version)
        })
        .collect();
    Catalogue::new(versions.into_iter().collect::<Option<_>>()?)
}

fn read_version(section: &Section<'_>, numbers: &mut SeenIds<ApiVersion>) -> Option<Version> {
    let number = section.required("version", "the API's version, a whole number", |node| {
        let number = integer::<u32>(1..=i32::MAX.into())(node)?;
        ApiVersion::new(number).map_err(|error| error.to_string())
    });
    if let Some(number) = number {
        numbers.check(section, "version", number, &format!("version {number}"));
    }
    let recommended = section.or("recommended", false, truth);
    let sections = section.sections("categories", CATEGORY_KEYS);
    if sections.is_empty() {
        section
            .refuse("categories", "is empty: a version has at least one [[versions.categories]]");
    }
    let mut seen =
        SeenInVersion { ids: SeenIds::new(), names: SeenIds::new(), routes: Routes::default() };
    let categories: Vec<_> =
        sections.iter().map(|section| read_category(section, &mut seen)).collect();
    let categories = categories.into_iter().collect::<Option<_>>()?;
    Some(Version { version: number?, recommended, categories })
}

/// What one version has so far.
struct SeenInVersion {
    ids: SeenIds<CategoryId>,
    /// Names of categories, [as people see them](as_seen): the form shows nothing else of them.
    names: SeenIds<String>,
    routes: Routes,
}

fn read_category(section: &Section<'_>, seen: &mut SeenInVersion) -> Option<Category> {
    let id: Option<CategoryId> = section.required("id", "a short name, such as \"jobs\"", parsed);
    if let Some(id) = &id {
        seen.ids.check(section, "id", id.clone(), &format!("category {id}"));
    }
    let name: Option<String> =
        section.required("name", "what people see", line(CATEGORY_NAME_LIMIT));
    if let Some(name) = &name {
        let key = as_seen(name);
        let told = format!("{} (read as {key:?})", quoted(name));
        seen.names.check(section, "name", key, &told);
    }
    let sections = section.sections("scopes", SCOPE_KEYS);
    if sections.is_empty() {
        let cure = "a category has at least one [[versions.categories.scopes]]";
        section.refuse("scopes", format!("is empty: {cure}"));
    }
    let mut scope_ids = SeenIds::new();
    let scopes: Vec<_> = sections
        .iter()
        .map(|section| read_scope(section, id.as_ref(), &mut scope_ids, &mut seen.routes))
        .collect();
    Some(Category { id: id?, name: name?, scopes: scopes.into_iter().collect::<Option<_>>()? })
}

fn read_scope(
    section: &Section<'_>,
    category: Option<&CategoryId>,
    ids: &mut SeenIds<String>,
    routes: &mut Routes,
) -> Option<Scope> {
    let id = section.required("id", "a short name, such as \"listJobs\"", |node| {
        // The category may be wrong; that is reported at its own place.
        let text = text(node)?;
        let category = category.cloned().or_else(|| "c".parse().ok()).ok_or("has no category")?;
        ScopeId::new(&category, text).map_err(|error| format!("can't be {}: {error}", quoted(text)))
    });
    if let Some(id) = &id {
        ids.check(section, "id", id.scope().to_owned(), &format!("scope {}", id.scope()));
    }
    let method =
        section.required("method", "GET, POST or another method of HTTP", parsed::<Method>);
    let path: Option<PathTemplate> =
        section.required("path", "a path such as \"/Agencies/{AccountSID}/Jobs\"", parsed);
    if let Some(other) = path.as_ref().and_then(PathTemplate::misspelled_account_sid) {
        let cure = format!("write {{{ACCOUNT_SID}}}, or another name where no account is meant");
        let what = format!("names {{{other}}}, which would open every account's path");
        section.refuse("path", format!("{what}: {cure}"));
    }
    if let (Some(method), Some(path)) = (method, &path) {
        routes.check(section, method, path);
    }
    let value = section.optional("value", line(SCOPE_VALUE_LIMIT));
    let sensitive = section.or("sensitive", false, truth);
    let approvals = section.optional("approvals", integer(APPROVALS));
    let id = id?;
    let value = value.unwrap_or_else(|| id.to_string());
    Some(Scope { id, method: method?, path: path?, value, sensitive, approvals })
}

/// The paths of one version, as a request's path will be matched against them.
#[derive(Default)]
struct Routes {
    routers: HashMap<Method, matchit::Router<()>>,
    places: HashMap<(Method, String), Place>,
}

impl Routes {
    /// Records a path that an earlier one of its method leaves no room for.
    fn check(&mut self, section: &Section<'_>, method: Method, path: &PathTemplate) {
        match self.routers.entry(method).or_default().insert(path.as_str(), ()) {
            Ok(()) => {
                let place = section.place_of("path").clone();
                self.places.insert((method, path.to_string()), place);
            }
            Err(matchit::InsertError::Conflict { with }) => {
                let line = match self.places.get(&(method, with.clone())) {
                    Some(Place::File(_, Some(line))) => format!(" on line {line}"),
                    _ => String::new(),
                };
                let why = "whatever parameters are called, one path is one scope's";
                section.refuse("path", format!("is taken by {method} {with}{line}: {why}"));
            }
            Err(error) => section.refuse("path", format!("can't be matched: {error}")),
        }
    }
}

#[cfg(test)]
mod tests;
