//! Lays variables of the environment over a document: `COUNTERSIGN_POLICY__APPROVALS=3` is
//! `approvals = 3` in `[policy]`.

use std::collections::BTreeMap;

use super::document::{Node, Table, Value, suggestion};
use super::problem::{ConfigErrors, Place, Problems};
use super::sections::{SECTIONS, keys_of, why_not_taken};

/// The environment.
pub(super) type Variables = BTreeMap<String, String>;

/// What our variables start with.
pub(super) const PREFIX: &str = "COUNTERSIGN_";

/// Holds the login of the database's owner, for `migrate` alone.
pub(crate) const OWNER_URL: &str = "COUNTERSIGN_OWNER_URL";

/// The environment of this process.
pub(super) fn read_of_process() -> Result<Variables, ConfigErrors> {
    let mut variables = Variables::new();
    for (name, value) in std::env::vars_os() {
        // What isn't Unicode is none of our names.
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => drop(variables.insert(name, value)),
            Err(_) if name.starts_with(PREFIX) => {
                let problems = Problems::default();
                problems.add(&Place::Variable(name), "takes text in UTF-8");
                return problems.conclude(None);
            }
            Err(_) => {}
        }
    }
    Ok(variables)
}

/// Sets what the variables say. Variables of ours without `__` are left alone: Kubernetes, for one,
/// sets `COUNTERSIGN_PORT` beside a service of that name.
pub(super) fn apply(table: &mut Table, variables: &Variables, problems: &Problems) {
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let place = Place::Variable(name.clone());
        let Some((section, key)) = rest.split_once("__") else {
            if name != OWNER_URL && rest.contains("OWNER_URL") {
                // A key that holds the owner's login by mistake would stay unnoticed in the bot's environment.
                let cure =
                    format!("`countersign migrate` takes {OWNER_URL} or --owner-url-file FILE");
                problems.add(&place, format!("sets nothing: {cure}"));
            } else if let Some(meant) = with_one_line_too_few(rest) {
                problems.add(&place, format!("sets nothing: did you mean {meant}?"));
            }
            continue;
        };
        let (section, key) = (section.to_ascii_lowercase(), key.to_ascii_lowercase());
        if section == "providers" {
            problems.add(&place, "sets nothing: providers are a list, change them in the file");
        } else if let Some(why) = why_not_taken(&section) {
            problems.add(&place, format!("{section} {why}"));
        } else if keys_of(&section).is_empty() {
            let sections: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
            let cure = suggestion(&section, &sections);
            problems.add(&place, format!("sets nothing, {section} is no section: {cure}"));
        } else {
            set(
                table,
                section,
                key,
                Node { place: place.clone(), content: Value::Text(value.clone()) },
                place,
            );
        }
    }
}

/// Unknown keys are found where the sections are read.
fn set(table: &mut Table, section: String, key: String, node: Node, place: Place) {
    let empty = || Node { place: place.clone(), content: Value::Table(Table::new()) };
    let (_, found) = table.entry(section).or_insert_with(|| (place.clone(), empty()));
    // A section that is no table is refused where it is read.
    if let Value::Table(keys) = &mut found.content {
        keys.insert(key, (place, node));
    }
}

/// `DISCORD_TOKEN` is nearly always a slip.
fn with_one_line_too_few(rest: &str) -> Option<String> {
    let rest = rest.to_ascii_lowercase();
    SECTIONS.iter().find_map(|(section, keys)| {
        let key = rest.strip_prefix(section)?.strip_prefix('_')?;
        keys.contains(&key)
            .then(|| format!("{PREFIX}{}__{}", section.to_uppercase(), key.to_uppercase()))
    })
}
