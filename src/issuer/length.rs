//! How long the text is in which an upstream gets a marker: some cut what is too long for them.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::Upstream;
use crate::config::{HttpBody, HttpCall, Matching, Outside, UpstreamValues};

/// How long a text is of which nobody knows it.
const UNKNOWN: usize = i32::MAX as usize;

impl Upstream<'_> {
    /// How long the text is that `find` has to show for the marker to be seen, where that stands among others
    /// (`contains`); 0 where it stands alone, and all are as long.
    #[must_use]
    pub fn length_to_find(&self, values: &UpstreamValues) -> usize {
        let find = self.settings.find.as_ref();
        if find.is_none_or(|find| find.recognise.how == Matching::Equal) {
            return 0;
        }
        let Ok(outside) = self.minted() else { return UNKNOWN };
        // Its length is no matter.
        let outside = outside.with_login(SecretString::from("login"));
        let values = UpstreamValues {
            upstream_id: Some(values.upstream_id.clone().unwrap_or_default()),
            ..values.clone()
        };
        let calls = [&self.settings.create].into_iter().chain(&self.settings.then);
        calls.map(|call| length(call, &values, &outside)).max().unwrap_or(UNKNOWN)
    }
}

fn length(call: &HttpCall, values: &UpstreamValues, outside: &Outside) -> usize {
    let rendered = |template: &crate::config::Template| template.render(values, outside).ok();
    match &call.body {
        None => 0,
        Some(HttpBody::Json(template)) => {
            let body = rendered(template);
            let json = body.and_then(|body| serde_json::from_str(body.expose_secret()).ok());
            json.map_or(UNKNOWN, |json| longest(&json, &values.marker))
        }
        Some(HttpBody::Form(fields)) => {
            let fields = fields.values().filter_map(rendered);
            fields.map(|field| length_of(field.expose_secret(), &values.marker)).max().unwrap_or(0)
        }
    }
}

/// The longest text in it that holds the marker.
fn longest(json: &Value, marker: &str) -> usize {
    match json {
        Value::String(text) => length_of(text, marker),
        Value::Array(items) => items.iter().map(|item| longest(item, marker)).max().unwrap_or(0),
        Value::Object(fields) => {
            fields.values().map(|field| longest(field, marker)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

fn length_of(text: &str, marker: &str) -> usize {
    if text.contains(marker) { text.chars().count() } else { 0 }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_longest_text_that_holds_the_marker_counts() {
        let body = json!({ "n": "long without it, however long", "c": ["a m", { "d": "ab m" }] });
        assert_eq!(longest(&body, "m"), 4);
        assert_eq!(longest(&json!({ "n": 1 }), "m"), 0);
    }
}
