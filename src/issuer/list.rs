//! The list of `find`, to its last page, and the result of `get`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

use super::answer::{Answer, NotDone};
use super::call::Sender;
use super::ending::says_not_there;
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

/// How often a list of several pages is read until two readings are the same.
const PASSES: usize = 3;

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
    /// What it shows of the token with this id. Of several items with its id or marker, one that works says that
    /// it does.
    #[must_use]
    pub fn sight(&self, id: &str, ids_are_unique: bool) -> Sight {
        let is_ours = |item: &&Listed| item.id == id && (item.is_marked || ids_are_unique);
        let mut ours = self.items.iter().filter(is_ours).peekable();
        let is_there = ours.peek().is_some();
        if ours.any(|item| item.works) {
            return Sight::Alive;
        }
        let mut others = self.items.iter().filter(|item| item.id == id && !is_ours(item));
        if let Some(other) = others.find(|item| item.works || !is_there) {
            return Sight::OtherName(other.name.clone().unwrap_or_default());
        }
        let mut marked = self.items.iter().filter(|item| item.is_marked && item.id != id);
        let matters = |item: &Listed| item.works || !(is_there || ids_are_unique);
        match (marked.any(matters), is_there) {
            (true, _) => Sight::OtherId,
            (false, true) => Sight::Dead,
            (false, false) if self.is_whole => Sight::Absent,
            (false, false) => Sight::Partial,
        }
    }

    /// The ids of the tokens that bear the marker, whether they work (by now) or not.
    #[must_use]
    pub fn marked(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for item in self.items.iter().filter(|item| item.is_marked) {
            if !ids.contains(&item.id) {
                ids.push(item.id.clone());
            }
        }
        ids
    }

    /// Whether something that bears the marker works.
    #[must_use]
    pub fn has_alive(&self) -> bool {
        self.items.iter().any(|item| item.is_marked && item.works)
    }

    /// Whether it shows what is looked for, so that nothing hangs on what it doesn't show.
    fn shows(&self, id: Option<&str>) -> bool {
        self.items.iter().any(|item| item.is_marked || Some(&*item.id) == id)
    }

    /// Whether it holds the same as another, in whatever order.
    fn is_same(&self, other: &Self) -> bool {
        let sorted = |listing: &Self| {
            let mut items: Vec<(String, Option<String>)> =
                listing.items.iter().map(|item| (item.id.clone(), item.name.clone())).collect();
            items.sort();
            items.dedup();
            items
        };
        sorted(self) == sorted(other)
    }
}

/// Lists tokens, to the last page. What somebody deletes while pages are read moves the rest up, and what stood at
/// the top of a page may be on none that was read: so what isn't there counts as that only where two times, one
/// right after the other, all pages hold the same.
pub(super) async fn find(
    sender: &Sender<'_>,
    find: &HttpFind,
    values: &UpstreamValues,
) -> Answer<Listing> {
    let mut listing = read_all(sender, find, values).await?;
    let id = values.upstream_id.as_deref();
    if find.pages.is_none() {
        return Ok(listing);
    }
    for _ in 1..PASSES {
        if !listing.is_whole || listing.shows(id) {
            return Ok(listing);
        }
        let again = read_all(sender, find, values).await?;
        if again.is_same(&listing) {
            return Ok(again);
        }
        listing = again;
    }
    match listing.shows(id) {
        true => Ok(listing),
        false => Err(NotDone::doubtful("the list changed each time that it was read")),
    }
}

/// Reads the list once, to the last page.
async fn read_all(
    sender: &Sender<'_>,
    find: &HttpFind,
    values: &UpstreamValues,
) -> Answer<Listing> {
    let began = Instant::now();
    let mut listing = Listing::default();
    let mut next = None;
    let mut is_partial = false;
    for page in 0..PAGES {
        let reply = sender.ask(&find.call, values, next.as_ref()).await?;
        // 206 is a part of a list, and 202 and 207 are none that was read.
        is_partial |= matches!(reply.status, 202 | 206 | 207);
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
                listing.is_whole = !is_partial && (find.pages.is_some() || !has_next);
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
        Some(Value::Array(items)) if !find.by_key => items.iter().map(each).collect(),
        Some(Value::Object(fields)) if find.by_key => {
            let fields = fields.iter().map(|(key, value)| json!({ "key": key, "value": value }));
            fields.map(|item| each(&item)).collect()
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
    if is_another_kind(item, find) || (name.is_none() && !matches!(id, Ok(Some(_)))) {
        // It may be the one that is looked for.
        return Err("an item of the list has neither the id nor the name that it should");
    }
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

/// Whether a field of an object can't be an item: its value has no inside, and what is looked for is there, or the
/// object is the whole answer, as `{"detail": "at work"}` is.
fn is_another_kind(item: &Value, find: &HttpFind) -> bool {
    let is_inside = find.recognise.at.as_str().starts_with("/value/");
    let is_whole = find.items.as_str().is_empty();
    let has_inside = |value: &Value| value.is_object() || value.is_array();
    find.by_key && (is_inside || is_whole) && !item.get("value").is_some_and(has_inside)
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
        Err(not_done) if says_not_there(&not_done, &get.call.response) => return Ok(Sight::Absent),
        // The API's own form, not a proxy's page; of what, nobody knows.
        Err(NotDone::Refused { status: status @ Some(404 | 410), words: words @ Some(_) }) => {
            return Ok(Sight::Missing(super::describe_refusal(status, words)));
        }
        answer => answer?,
    };
    let item = reply.json().map_err(NotDone::doubtful)?.pointer(get.item.as_str());
    let item = item.filter(|item| item.is_object());
    let item = item.ok_or_else(|| {
        NotDone::doubtful("the answer holds no token where the configuration says")
    })?;
    // What is no token of theirs has no name: a page that says that they are at work on it, for one.
    let Some(name) = name(item, &get.recognise) else {
        return Err(NotDone::doubtful("the answer holds no name where the configuration says"));
    };
    let is_marked = is_marked(Some(&name), get.recognise.how, &values.marker);
    let is_known = match read_id(&reply, item, get) {
        Some(id) => Some(&id) == values.upstream_id.as_ref() && (is_marked || ids_are_unique),
        // Whatever has a name passes for a renamed token.
        None => is_marked,
    };
    if !is_known {
        return Ok(Sight::OtherName(name.chars().take(NAME_LIMIT).collect()));
    }
    Ok(if works(item, &get.recognise) { Sight::Alive } else { Sight::Dead })
}

/// The id in an answer to `get`, if the configuration says where it is.
fn read_id(reply: &Reply, item: &Value, get: &HttpGet) -> Option<String> {
    match get.call.response.id.as_ref()? {
        Source::Body(at) => word(item, at.as_str(), ID_LIMIT).ok()?,
        header => reply.word(header, ID_LIMIT).ok()?,
    }
}

#[cfg(test)]
mod more_tests;

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
