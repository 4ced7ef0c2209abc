//! The steps that an admin takes by hand where a provider has no API for it.
//!
//! A template of the operator's, one for each language. What people typed reaches it as values:
//! plain `{{ name }}` shows it with Discord's markup escaped, `{{ name | copy }}` puts it into a
//! code block of its own, ready to copy. Neither lets it leave its place.

use std::collections::HashMap;

use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};
use serde::Serialize;

use super::document::suggestion;
use super::problem::{Place, Problem};
use crate::domain::request_kind::RequestKind;
use crate::locale::Language;

/// The steps of one provider, in every language.
#[derive(Debug, Default)]
pub struct StepTemplates {
    templates: HashMap<Language, Environment<'static>>,
}

/// What a template can show.
#[derive(Debug, Clone, Serialize)]
pub struct StepValues {
    /// The request's kind: `create`, `edit`, `reset`, …
    pub kind: String,
    /// The token's name, as it is to be.
    pub name: String,
    /// For a change: the token's name as it is.
    pub current_name: Option<String>,
    /// For a change: the token's public id.
    pub account_sid: Option<String>,
    /// The token's description; may have several lines.
    pub description: String,
    /// The API version's number.
    pub api_version: u32,
    /// The primary contact, as text: who they are, not a mention.
    pub contact: String,
    /// The developers' addresses; may be empty.
    pub developer_emails: Vec<String>,
    /// The chosen scopes.
    pub scopes_by_category: Vec<StepCategory>,
    /// The chosen scopes as finished markup, cut or not as its place demands.
    pub scope_list: String,
    /// The lifetime in days; none for a token without end.
    pub lifetime_days: Option<u64>,
}

/// The chosen scopes of one category.
#[derive(Debug, Clone, Serialize)]
pub struct StepCategory {
    /// The category's name.
    pub name: String,
    /// In the order of the catalogue.
    pub scopes: Vec<StepScope>,
}

/// One chosen scope.
#[derive(Debug, Clone, Serialize)]
pub struct StepScope {
    /// `GET`, …
    pub method: String,
    /// The path template.
    pub path: String,
    /// The full id.
    pub id: String,
}

const NAME: &str = "steps";

/// The fields of [`StepValues`].
const VALUES: &[&str] = &[
    "kind",
    "name",
    "current_name",
    "account_sid",
    "description",
    "api_version",
    "contact",
    "developer_emails",
    "scopes_by_category",
    "scope_list",
    "lifetime_days",
];

impl StepTemplates {
    /// Takes the source of one language.
    pub(super) fn add(&mut self, language: Language, source: String) -> Result<(), Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Custom("discord"));
        environment.set_formatter(format_escaped);
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.add_filter("copy", copy);
        environment.add_template_owned(NAME, source)?;
        self.templates.insert(language, environment);
        Ok(())
    }

    /// Names that the template shows and [`StepValues`] hasn't, each with what it may mean.
    pub(super) fn unknown_names(&self, language: Language) -> Vec<String> {
        let template =
            self.templates.get(&language).and_then(|known| known.get_template(NAME).ok());
        let shown =
            template.map(|template| template.undeclared_variables(false)).unwrap_or_default();
        let mut unknown: Vec<String> = shown
            .into_iter()
            .filter(|name| !VALUES.contains(&name.as_str()))
            .map(|name| format!("{name} is no value: {}", suggestion(&name, VALUES)))
            .collect();
        unknown.sort();
        unknown
    }

    /// The steps as Discord's markup.
    pub fn render(&self, language: Language, values: &StepValues) -> Result<String, Error> {
        let missing = || Error::new(minijinja::ErrorKind::TemplateNotFound, language.tag());
        let environment = self.templates.get(&language).ok_or_else(missing)?;
        let mut values = Value::from_serialize(values);
        if let Ok(list) = values.get_attr("scope_list") {
            let list = Value::from_safe_string(list.to_string());
            values = minijinja::context! { scope_list => list, ..values };
        }
        Ok(environment.get_template(NAME)?.render(values)?.trim().to_owned())
    }
}

/// Renders with made-up values, with and without what may be missing, for every kind of request.
pub(super) fn trial(templates: &StepTemplates, language: Language) -> Result<(), Error> {
    let scope = StepScope { method: "GET".into(), path: "/a/{B}".into(), id: "a:b".into() };
    let category = StepCategory { name: "A".into(), scopes: vec![scope] };
    for kind in RequestKind::ALL {
        let mut values = StepValues {
            kind: kind.as_str().to_owned(),
            name: "Name".to_owned(),
            current_name: None,
            account_sid: None,
            description: "Description".to_owned(),
            api_version: 1,
            contact: "Contact".to_owned(),
            developer_emails: Vec::new(),
            scopes_by_category: vec![category.clone()],
            scope_list: "List".to_owned(),
            lifetime_days: None,
        };
        templates.render(language, &values)?;
        values.developer_emails.push("a@example.com".to_owned());
        values.lifetime_days = Some(90);
        values.current_name = Some("Name".to_owned());
        values.account_sid = Some("Id".to_owned());
        templates.render(language, &values)?;
    }
    Ok(())
}

/// A template's error, for people.
pub(super) fn problem(file: &str, error: &Error) -> Problem {
    let place = Place::File(file.into(), error.line());
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    Problem { place, message: format!("the template has an error, {}{detail}", error.kind()) }
}

/// Every value that isn't finished markup is escaped.
fn format_escaped(output: &mut Output, _: &State, value: &Value) -> Result<(), Error> {
    let written = if value.is_safe() || value.is_number() {
        output.write_str(&value.to_string())
    } else {
        output.write_str(&escape(&value.to_string()))
    };
    written.map_err(Error::from)
}

/// Discord shows any punctuation after a backslash as itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// Puts a text, or a list of them with one on each line, into a code block of its own.
fn copy(value: &Value) -> Value {
    let lines = match value.kind() {
        minijinja::value::ValueKind::Seq => value
            .try_iter()
            .map(|items| items.map(|item| item.to_string()).collect::<Vec<_>>().join("\n"))
            .unwrap_or_default(),
        _ => value.to_string(),
    };
    // Three backticks end a block. A zero-width space after each keeps them apart, unseen.
    let lines = lines.replace("```", "`\u{200b}`\u{200b}`\u{200b}");
    Value::from_safe_string(format!("```\n{lines}\n```"))
}

#[cfg(test)]
mod tests;
