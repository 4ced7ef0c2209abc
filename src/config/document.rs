//! A TOML document whose every value has its place in the file, with the environment applied over it.
//!
//! serde would stop at the first error, and figment, beside that, forgets lines and guesses the
//! types of variables (a token of digits becomes a number). So the tree is walked by hand:
//! a [`Section`] reads keys, collects errors, and continues.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Problems};
use super::sections::why_not_taken;

/// A value and its place in the file.
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) content: Value,
}

/// What a value is.
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Truth(bool),
    List(Vec<Node>),
    Table(Table),
    /// A kind of value that no key takes, by its name.
    Other(&'static str),
}

/// Keys, each with the place where it is written, and their values.
pub(super) type Table = BTreeMap<String, (Place, Node)>;

impl Value {
    /// For people: "it takes …, not TEXT".
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::Truth(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// Turns positions into lines.
struct Lines {
    file: Arc<str>,
    starts: Vec<usize>,
}

impl Lines {
    fn place(&self, position: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= position);
        Place::File(Arc::clone(&self.file), Some(line))
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let content = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Value::Other("a number that large"), Value::Whole),
            DeValue::Boolean(truth) => Value::Truth(*truth),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| self.node(item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
            DeValue::Float(_) => Value::Other("a fraction"),
            DeValue::Datetime(_) => Value::Other("a date"),
        };
        Node { place: self.place(value.span().start), content }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let entry = |(key, value): (&Spanned<_>, _)| {
            let name: &std::borrow::Cow<'_, str> = key.get_ref();
            (name.clone().into_owned(), (self.place(key.span().start), self.node(value)))
        };
        table.iter().map(entry).collect()
    }
}

/// Reads TOML; what isn't, is noted.
pub(super) fn parse(text: &str, file: &Arc<str>, problems: &Problems) -> Option<Table> {
    let after_ends = text.match_indices('\n').map(|(end, _)| end + 1);
    let starts = std::iter::once(0).chain(after_ends).collect();
    let lines = Lines { file: Arc::clone(file), starts };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = error
            .span()
            .map_or(Place::File(Arc::clone(file), None), |span| lines.place(span.start));
        problems.add(&place, format!("this isn't TOML: {}", error.message()));
    }
    errors.is_empty().then(|| lines.table(table.get_ref()))
}

/// A table that is being read.
pub(super) struct Section<'a> {
    path: String,
    place: Place,
    table: Option<&'a Table>,
    problems: &'a Problems,
}

/// What a reader makes of a value: itself, or what is wrong with it, for people.
pub(super) type Read<T> = Result<T, String>;

impl<'a> Section<'a> {
    /// A whole document.
    pub(super) fn root(
        table: &'a Table,
        file: &Arc<str>,
        keys: &[&str],
        problems: &'a Problems,
    ) -> Self {
        let place = Place::File(Arc::clone(file), None);
        let root = Self { path: String::new(), place, table: Some(table), problems };
        root.refuse_unknown_keys(keys);
        root
    }

    /// The table under a key. Where it is missing it is empty, so that each key that had to be
    /// there is named.
    pub(super) fn section(&self, key: &str, keys: &[&str]) -> Section<'a> {
        let section = self.section_of_any_keys(key);
        section.refuse_unknown_keys(keys);
        section
    }

    /// A [`Self::section`] whose keys are still to be checked, or are the operator's own.
    pub(super) fn section_of_any_keys(&self, key: &str) -> Section<'a> {
        let found = self.find(key);
        let place = found.map_or(&self.place, |(place, _)| place).clone();
        let table = found.and_then(|(_, node)| self.expect_table(&self.path_of(key), node));
        Section { path: self.path_of(key), place, table, problems: self.problems }
    }

    /// The table under a key, if it is there.
    pub(super) fn optional_section(&self, key: &str, keys: &[&str]) -> Option<Section<'a>> {
        self.has(key).then(|| self.section(key, keys))
    }

    /// The tables of a list.
    pub(super) fn sections(&self, key: &str, keys: &[&str]) -> Vec<Section<'a>> {
        let items = match self.find(key) {
            None => return Vec::new(),
            Some((_, Node { content: Value::List(items), .. })) => items,
            Some((_, node)) => {
                let kind = node.content.kind();
                let path = self.path_of(key);
                self.problems
                    .add(&node.place, format!("{path} takes tables, [[{path}]], not {kind}"));
                return Vec::new();
            }
        };
        let section = |(index, node): (usize, &'a Node)| {
            let path = format!("{}[{}]", self.path_of(key), index + 1);
            let table = self.expect_table(&path, node)?;
            let section = Section {
                path,
                place: node.place.clone(),
                table: Some(table),
                problems: self.problems,
            };
            section.refuse_unknown_keys(keys);
            Some(section)
        };
        items.iter().enumerate().filter_map(section).collect()
    }

    fn expect_table(&self, path: &str, node: &'a Node) -> Option<&'a Table> {
        match &node.content {
            Value::Table(table) => Some(table),
            other => {
                self.problems
                    .add(&node.place, format!("{path} takes a table, not {}", other.kind()));
                None
            }
        }
    }

    /// Notes keys that have no meaning.
    pub(super) fn refuse_unknown_keys(&self, keys: &[&str]) {
        for (key, (place, _)) in self.table.into_iter().flatten() {
            if keys.contains(&key.as_str()) {
                continue;
            }
            let path = self.path_of(key);
            let why = match why_not_taken(&path) {
                Some(why) => why.to_owned(),
                None => format!("is no key: {}", suggestion(key, keys)),
            };
            self.problems.add(place, format!("{path} {why}"));
        }
    }

    /// As people call a key: `policy.approvals`.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Whether a key is set.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// Whether a list is missing or empty; a value that is no list is reported elsewhere.
    pub(super) fn is_empty_list(&self, key: &str) -> bool {
        match self.find(key) {
            None => true,
            Some((_, node)) => matches!(&node.content, Value::List(items) if items.is_empty()),
        }
    }

    /// Where a key is set; the section, if it isn't.
    pub(super) fn place_of(&self, key: &str) -> &Place {
        self.find(key).map_or(&self.place, |(place, _)| place)
    }

    fn find(&self, key: &str) -> Option<&'a (Place, Node)> {
        self.table?.get(key)
    }

    /// Every key with its value, for tables whose keys are the operator's.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.table.into_iter().flatten().map(|(key, (_, node))| (key.as_str(), node))
    }

    /// Records that a key is wrong: "KEY MESSAGE".
    pub(super) fn refuse(&self, key: &str, message: impl AsRef<str>) {
        let message = format!("{} {}", self.path_of(key), message.as_ref());
        self.problems.add(self.place_of(key), message);
    }

    /// A key that may be missing. A value that is wrong is noted, and then missing too.
    pub(super) fn optional<T>(&self, key: &str, read: impl FnOnce(&Node) -> Read<T>) -> Option<T> {
        let (_, node) = self.find(key)?;
        read(node).map_err(|message| self.refuse(key, message)).ok()
    }

    /// A key with a default.
    pub(super) fn or<T>(&self, key: &str, default: T, read: impl FnOnce(&Node) -> Read<T>) -> T {
        self.optional(key, read).unwrap_or(default)
    }

    /// A required key; `cure` says what to set it to.
    pub(super) fn required<T>(
        &self,
        key: &str,
        cure: &str,
        read: impl FnOnce(&Node) -> Read<T>,
    ) -> Option<T> {
        if !self.has(key) {
            self.refuse(key, format!("is missing: set it to {cure}"));
        }
        self.optional(key, read)
    }

    /// A list of values, empty where the key is missing.
    pub(super) fn list<T>(&self, key: &str, read: impl Fn(&Node) -> Read<T>) -> Vec<T> {
        let items = match self.find(key) {
            None => return Vec::new(),
            Some((_, Node { content: Value::List(items), .. })) => items,
            Some((place, Node { content, .. })) => {
                let cure = match place {
                    Place::Variable(_) => {
                        "set it in the file, a variable can't hold one".to_owned()
                    }
                    Place::File(..) => format!("not {}", content.kind()),
                };
                self.refuse(key, format!("takes a list: {cure}"));
                return Vec::new();
            }
        };
        let mut values = Vec::new();
        for (index, node) in items.iter().enumerate() {
            match read(node) {
                Ok(value) => values.push(value),
                Err(message) => {
                    let path = format!("{}[{}]", self.path_of(key), index + 1);
                    self.problems.add(&node.place, format!("{path} {message}"));
                }
            }
        }
        values
    }

    /// Where problems go.
    pub(super) fn problems(&self) -> &'a Problems {
        self.problems
    }
}

/// "did you mean X?", or what there is.
pub(super) fn suggestion(word: &str, known: &[&str]) -> String {
    let distance = |candidate: &&&str| strsim::damerau_levenshtein(&word.to_lowercase(), candidate);
    match known.iter().min_by_key(distance) {
        // Half the word may be wrong; more, and it was another word.
        Some(nearest) if distance(&nearest) * 2 <= nearest.len().max(2) => {
            format!("did you mean {nearest}?")
        }
        _ if known.len() == 1 => format!("there is {} alone", known.concat()),
        _ => format!("there are {}", known.join(", ")),
    }
}
