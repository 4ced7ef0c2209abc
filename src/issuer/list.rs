//! The list of `find`, to its last page, and the result of `get`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

use super::answer::{Answer, NotDone};
use super::call::Sender;
use super::link::next_link;
use super::reply::{Read, Reply, word};
use super::sight::Sight;
use crate::config::{
    HttpFind, HttpGet, JsonPointer, Matching, Pages, Recognise, Source, UpstreamValues,
};

/// The longest id that is kept.
const ID_LIMIT: usize = 512;

/// How many pages are read. A token on later ones is not known to be missing.
const PAGES: usize = 200;

/// For how long pages are read.
const LONGEST: Duration = Duration::from_secs(60);

/// How much of another token's name is shown.
const NAME_LIMIT: usize = 120;

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// The text in the marker's place.
    pub name: Option<String>,
    /// Whether it holds the expected marker.
    pub is_marked: bool,
    /// Whether it works.
    pub works: bool,
}

/// The list of `find`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// In its order.
    pub items: Vec<Listed>,
    /// Whether it was read to its end.
    pub is_whole: bool,
}

impl Listing {
    /// What it shows about the token with this id.
    #[must_use]
    pub fn sight(&self, id: &str, ids_are_unique: bool) -> Sight {
        let mut same_id = self.items.iter().filter(|item| item.id == id);
        let ours = same_id.clone().find(|item| item.is_marked || ids_are_unique);
        match (ours, same_id.next()) {
            (Some(ours), _) if ours.works => Sight::Alive,
            (Some(_), _) => Sight::Dead,
            (None, Some(other)) => Sight::OtherName(other.name.clone().unwrap_or_default()),
            (None, None) if !ids_are_unique && self.items.iter().any(|item| item.is_marked) => {
                Sight::OtherId
            }
            (None, None) if self.is_whole => Sight::Absent,
            (None, None) => Sight::Partial,
        }
    }

    /// The ids of the tokens that bear the marker and work.
    #[must_use]
    pub fn marked(&self) -> Vec<String> {
        let marked = self.items.iter().filter(|item| item.is_marked && item.works);
        marked.map(|item| item.id.clone()).collect()
    }
}

/// Lists tokens, to the last page.
pub(super) async fn find(
    sender: &Sender<'_>,
    find: &HttpFind,
    values: &UpstreamValues,
) -> Answer<Listing> {
    let began = Instant::now();
    let mut listing = Listing::default();
    let mut next = None;
    for page in 0..PAGES {
        let reply = sender.ask(&find.call, values, next.as_ref()).await?;
        let items = items(&reply, find, &values.marker).map_err(NotDone::doubtful)?;
        let is_empty = items.is_empty();
        listing.items.extend(items);
        let asked = sender.url(&find.call, values)?;
        let follows =
            follows(&reply, find.pages.as_ref(), (next.as_ref().unwrap_or(&asked), page), is_empty);
        match follows.map_err(NotDone::doubtful)? {
            None => {
                // A next page that is not configured counts as one.
                let has_next = reply.header_values("link").find_map(next_link).is_some();
                listing.is_whole = find.pages.is_some() || !has_next;
                return Ok(listing);
            }
            Some(url) if began.elapsed() < LONGEST => next = Some(url),
            Some(_) => return Ok(listing),
        }
    }
    Ok(listing)
}

fn items(reply: &Reply, find: &HttpFind, marker: &str) -> Read<Vec<Listed>> {
    let found = reply.json()?.pointer(find.items.as_str());
    let each = |item: &Value| listed(item, find, marker);
    match found {
        Some(Value::Array(items)) => items.iter().map(each).collect(),
        // An object is a list of its fields.
        Some(Value::Object(fields)) => {
            fields.iter().map(|(key, value)| each(&json!({ "key": key, "value": value }))).collect()
        }
        _ => Err("the answer holds no list where the configuration says"),
    }
}

fn listed(item: &Value, find: &HttpFind, marker: &str) -> Read<Listed> {
    let id = match &find.call.response.id {
        Some(Source::Body(at)) => word(item, at.as_str(), ID_LIMIT),
        _ => Ok(None),
    };
    let name = name(item, &find.recognise);
    let is_marked = is_marked(name.as_deref(), find.recognise.how, marker);
    let id = match id {
        Ok(Some(id)) => id,
        // Unreadable values of other tokens don't matter.
        _ if !is_marked => String::new(),
        id => id?.ok_or("an item of the list has no id")?,
    };
    Ok(Listed {
        id,
        is_marked,
        works: works(item, &find.recognise),
        name: name.map(|name| name.chars().take(NAME_LIMIT).collect()),
    })
}

fn name(item: &Value, recognise: &Recognise) -> Option<String> {
    match item.pointer(recognise.at.as_str())? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        // Such as a list of labels, one of which is the marker.
        Value::Array(labels) => {
            let labels: Vec<&str> = labels.iter().filter_map(Value::as_str).collect();
            Some(labels.join(", "))
        }
        _ => None,
    }
}

fn is_marked(name: Option<&str>, how: Matching, marker: &str) -> bool {
    name.is_some_and(|name| match how {
        Matching::Equal => name == marker,
        Matching::Contained => name.contains(marker),
    })
}

fn works(item: &Value, recognise: &Recognise) -> bool {
    recognise.alive.as_ref().is_none_or(|alive| alive.holds(item))
}

/// The next page's URL; none after the last.
fn follows(
    reply: &Reply,
    pages: Option<&Pages>,
    (asked, page): (&Url, usize),
    is_empty: bool,
) -> Read<Option<Url>> {
    let with = |query: &str, value: &str| {
        let mut next = asked.clone();
        let kept: Vec<(String, String)> =
            asked.query_pairs().into_owned().filter(|(name, _)| name != query).collect();
        next.query_pairs_mut().clear().extend_pairs(kept).append_pair(query, value);
        next
    };
    let text_at = |at: &JsonPointer| match reply.json()?.pointer(at.as_str()) {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err("the answer holds something else where the next page should be"),
    };
    let next = match pages {
        None => return Ok(None),
        Some(Pages::Number { .. }) if is_empty => return Ok(None),
        Some(Pages::Number { query, first }) => {
            let number = u64::from(*first) + page as u64 + 1;
            return Ok(Some(with(query, &number.to_string())));
        }
        Some(Pages::Cursor { at, query }) => {
            return Ok(text_at(at)?.map(|cursor| with(query, &cursor)));
        }
        Some(Pages::Next(at)) => text_at(at)?,
        Some(Pages::Link) => reply.header_values("link").find_map(next_link),
    };
    let Some(next) = next else { return Ok(None) };
    let next = asked.join(&next).map_err(|_| "the next page's URL is none")?;
    // The call's credentials are sent with it.
    if next.origin() != asked.origin() {
        return Err("the next page is on another server");
    }
    Ok(Some(next))
}

/// Looks one token up.
pub(super) async fn get(
    sender: &Sender<'_>,
    get: &HttpGet,
    values: &UpstreamValues,
    ids_are_unique: bool,
) -> Answer<Sight> {
    let reply = match sender.ask(&get.call, values, None).await {
        // The API's own form, not a proxy's page.
        Err(NotDone::Refused { status: Some(404 | 410), words: Some(_) }) => {
            return Ok(Sight::Absent);
        }
        answer => answer?,
    };
    let item = reply.json().map_err(NotDone::doubtful)?.pointer(get.item.as_str());
    let item = item.filter(|item| item.is_object());
    let item = item.ok_or_else(|| {
        NotDone::doubtful("the answer holds no token where the configuration says")
    })?;
    let name = name(item, &get.recognise);
    if !ids_are_unique && !is_marked(name.as_deref(), get.recognise.how, &values.marker) {
        let name: String = name.unwrap_or_default().chars().take(NAME_LIMIT).collect();
        return Ok(Sight::OtherName(name));
    }
    Ok(if works(item, &get.recognise) { Sight::Alive } else { Sight::Dead })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(items: &[(&str, bool, bool)], is_whole: bool) -> Listing {
        let listed = |(id, is_marked, works): &(&str, bool, bool)| Listed {
            id: (*id).to_owned(),
            name: Some(if *is_marked { "ours" } else { "theirs" }.to_owned()),
            is_marked: *is_marked,
            works: *works,
        };
        Listing { items: items.iter().map(listed).collect(), is_whole }
    }

    #[test]
    fn a_token_is_known_by_marker_and_id_or_by_a_unique_id() {
        let seen = |items: &[(&str, bool, bool)], whole| listing(items, whole).sight("7", false);
        assert_eq!(seen(&[("6", false, true), ("7", true, true)], true), Sight::Alive);
        assert_eq!(seen(&[("7", true, false)], true), Sight::Dead);
        assert_eq!(seen(&[("7", false, true)], true), Sight::OtherName("theirs".to_owned()));
        assert_eq!(seen(&[("8", true, true)], true), Sight::OtherId);
        assert_eq!(seen(&[("8", false, true)], true), Sight::Absent);
        assert_eq!(seen(&[("8", false, true)], false), Sight::Partial);
        let unique = listing(&[("7", false, true)], true);
        assert_eq!(unique.sight("7", true), Sight::Alive, "renamed");
        assert_eq!(unique.sight("8", true), Sight::Absent);
    }
}
