//! Reads one call of an `http` issuer.

use std::collections::BTreeMap;

use reqwest::header::HeaderName;

use crate::config::document::{Node, Read, Section, suggestion};
use crate::config::environment::Variables;
use crate::config::http_settings::{HttpBody, HttpCall, HttpMethod, ResponsePointers};
use crate::config::http_template::{Knows, LOGIN_TOKEN, Outside, Place, Template};
use crate::config::plaintext::is_exposed;
use crate::config::secrets::secret;
use crate::config::values::{parsed, quoted, text};

/// The keys of a call.
pub(super) const CALL_KEYS: &[&str] =
    &["method", "url", "headers", "body", "form", "response", "refused_if"];

/// Reads the calls of one issuer.
pub(super) struct Reader<'a> {
    pub(super) variables: &'a Variables,
    pub(super) outside: Outside,
    pub(super) allow_plaintext: bool,
    /// The values that templates are tested with: each scope of the catalogue alone, and all of them.
    pub(super) choices: Vec<Vec<String>>,
}

impl Reader<'_> {
    /// A call, and the places of values in its answer.
    pub(super) fn call(
        &mut self,
        section: &Section<'_>,
        needed: &[&str],
        knows: Knows,
    ) -> Option<HttpCall> {
        let response = super::response::response(section, needed);
        Some(HttpCall { response, ..self.request(section, knows)? })
    }

    /// The request; the caller reads the places in its answer.
    pub(super) fn request(&mut self, section: &Section<'_>, knows: Knows) -> Option<HttpCall> {
        let method: Option<HttpMethod> = section.required("method", "a method of HTTP", parsed);
        let url = section.required("url", "where to send it", |node| self.url(node, knows));
        let body = self.body(section, knows);
        let headers = self.headers(section, knows);
        let refused_if = super::response::conditions(section, "refused_if");
        let (url, origin) = url?;
        let response = ResponsePointers::default();
        Some(HttpCall { method: method?, url, origin, headers, body, response, refused_if })
    }

    /// The template of a URL, and the server that it leads to.
    fn url(&mut self, node: &Node, knows: Knows) -> Read<(Template, String)> {
        let template = self.known(node, Place::Url, knows)?;
        if template.shown().contains(LOGIN_TOKEN) {
            return Err(format!("shows {LOGIN_TOKEN}: put it into a header or the body"));
        }
        let target = template.trial(&self.outside, &self.choices)?;
        let target = target.ok_or("renders to no URL")?;
        if is_exposed(&target) && !self.allow_plaintext {
            let cure = "write https, or set allow_plaintext = true in [providers.issuer]";
            return Err(format!("would send credentials unencrypted to another machine: {cure}"));
        }
        Ok((template, target.origin().ascii_serialization()))
    }

    /// `body`, which is JSON, or `form`, which is a table of fields.
    fn body(&mut self, section: &Section<'_>, knows: Knows) -> Option<HttpBody> {
        if section.has("body") && section.has("form") {
            section.refuse("form", "and body are both set: keep one of them");
            return None;
        }
        if !section.has("form") {
            let read = |node: &Node| self.template(node, Place::Body, knows);
            return section.optional("body", read).map(HttpBody::Json);
        }
        let form = section.section_of_any_keys("form");
        let mut fields = BTreeMap::new();
        for (key, _) in form.entries() {
            let read = |node: &Node| self.template(node, Place::Field, knows);
            fields.insert(key.to_owned(), form.optional(key, read)?);
        }
        Some(HttpBody::Form(fields))
    }

    fn headers(&mut self, call: &Section<'_>, knows: Knows) -> BTreeMap<String, Template> {
        let section = call.section_of_any_keys("headers");
        let mut headers = BTreeMap::new();
        for (key, _) in section.entries() {
            let Ok(name) = key.parse::<HeaderName>() else {
                section
                    .refuse(key, format!("can't be a header: {} is no name of one", quoted(key)));
                continue;
            };
            let read = |node: &Node| self.template(node, Place::Header, knows);
            if let Some(value) = section.optional(key, read)
                && headers.insert(name.as_str().to_owned(), value).is_some()
            {
                section.refuse(key, "is there twice, once in other letters: keep one of them");
            }
        }
        headers
    }

    /// A template that renders for any request.
    fn template(&mut self, node: &Node, place: Place, knows: Knows) -> Read<Template> {
        let template = self.known(node, place, knows)?;
        template.trial(&self.outside, &self.choices)?;
        Ok(template)
    }

    /// A template that uses only known names.
    fn known(&mut self, node: &Node, place: Place, knows: Knows) -> Read<Template> {
        let source = text(node)?;
        if source.is_empty() {
            return Err("is empty".to_owned());
        }
        let template = Template::parse(source, place)?;
        let unknown = template.unknown_names(knows);
        if !unknown.is_empty() {
            return Err(unknown.join("; it "));
        }
        for name in template.outside("env") {
            let Some(value) = self.variables.get(&name) else {
                return Err(format!("shows env.{name}, which the environment doesn't set"));
            };
            let value = secret(value).map_err(|what| format!("shows env.{name}, which {what}"))?;
            self.outside.env.insert(name, value);
        }
        let (secrets, generated) = (&self.outside.secrets, &self.outside.generated);
        for (of, there, key) in
            [("secret", secrets, "secrets"), ("generated", generated, "generate")]
        {
            let shown = template.outside(of);
            if let Some(name) = shown.iter().find(|name| !there.contains_key(*name)) {
                let known: Vec<&str> = there.keys().map(String::as_str).collect();
                let cure = match known.as_slice() {
                    [] => format!("set it in {key}"),
                    known => suggestion(name, known),
                };
                return Err(format!("shows {of}.{name}, which isn't there: {cure}"));
            }
        }
        if self.outside.login.is_none() && template.shown().contains(LOGIN_TOKEN) {
            return Err(format!("shows {LOGIN_TOKEN}, and there is no login: add it"));
        }
        Ok(template)
    }
}
