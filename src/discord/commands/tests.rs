use serde_json::Value;

use super::definition::{COMMAND_LENGTH, provider_choices};
use super::*;

fn providers(count: usize, length: usize) -> Vec<(String, String)> {
    let name = |at: usize| format!("{at:03}{}", "n".repeat(length.saturating_sub(3)));
    (0..count).map(|at| (format!("id-{at:03}"), name(at))).collect()
}

/// What Discord counts: of each text the longest translation.
fn count_characters(value: &Value) -> usize {
    let longest = |text: &str, others: &Value| {
        let others = others.as_object().into_iter().flatten();
        let others = others.filter_map(|(_, text)| text.as_str());
        others.chain([text]).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let mut total = 0;
    for key in ["name", "description", "value"] {
        let text = value[key].as_str().unwrap_or_default();
        total += longest(text, &value[format!("{key}_localizations")]);
    }
    for list in ["options", "choices"] {
        total += value[list].as_array().into_iter().flatten().map(count_characters).sum::<usize>();
    }
    total
}

/// Discord's rules for a name: `^[-_'\p{L}\p{N}]{1,32}$`, in lower case where there is one.
fn check_names(definition: &Value) {
    for key in ["name", "description"] {
        let default = definition[key].as_str().unwrap();
        let japanese = definition[format!("{key}_localizations")]["ja"].as_str().unwrap();
        for text in [default, japanese] {
            let length = text.chars().count();
            if key == "name" {
                assert!((1..=32).contains(&length), "{text}");
                assert!(text.chars().all(|c| c.is_alphanumeric() || "-_'".contains(c)));
                assert_eq!(text, text.to_lowercase());
            } else {
                assert!((1..=100).contains(&length), "{text}");
            }
        }
    }
    definition["options"].as_array().into_iter().flatten().for_each(check_names);
}

#[test]
fn names_and_lengths_are_what_discord_takes() {
    for (count, name) in [(1, 10), (2, 10), (25, 10), (25, 100), (25, 500), (26, 10)] {
        let all = definitions(&providers(count, name));
        for command in all.as_array().unwrap() {
            check_names(command);
            assert!(count_characters(command) <= COMMAND_LENGTH, "{count} of {name}");
        }
    }
}

/// What Discord is told changes only on purpose: people's clients show it within the hour.
#[test]
fn registered_json() {
    let all = [1, 2, 26].map(|count| definitions(&providers(count, 12)));
    insta::assert_snapshot!(serde_json::to_string_pretty(&all).unwrap());
}

#[test]
fn one_provider_need_not_be_named_and_many_are_proposed() {
    let option = |count| definitions(&providers(count, 5))[0]["options"][0]["options"][0].clone();
    assert_eq!(option(1)["required"], false);
    assert_eq!(option(2)["required"], true);
    assert_eq!(option(25)["choices"].as_array().map(Vec::len), Some(25));
    assert_eq!(option(26)["autocomplete"], true);
    assert!(option(26).get("choices").is_none());
}

#[test]
fn equal_names_are_told_apart() {
    let twice = [("a".to_owned(), "API".to_owned()), ("b".to_owned(), "API".to_owned())];
    let names: Vec<Value> = provider_choices(&twice).map(|choice| choice["name"].clone()).collect();
    assert_eq!(names, ["a: API", "b: API"]);
}

/// What a change of a row changes, beside the JSON.
#[test]
fn all_rows() {
    let row = |row: &CommandRow| {
        let options: Vec<&str> = row.options.iter().map(|option| option.name).collect();
        let CommandRow { name, handler, route: Route { location, deferral, .. }, .. } = row;
        format!("{name} {options:?} {location:?} {deferral:?} {handler}")
    };
    insta::assert_snapshot!(ROWS.iter().map(row).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_command_is_found_by_its_whole_name_only() {
    let find = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|&name| name.to_owned()).collect();
        find(&path).map(|row| row.name)
    };
    for row in ROWS {
        assert_eq!(find(&[PARENT, row.name]), Some(row.name));
        for other in [&[row.name][..], &[PARENT, PARENT, row.name], &["other", row.name]] {
            assert_eq!(find(other), None);
        }
    }
    assert_eq!(find(&[PARENT]), None);
    assert_eq!(find(&[]), None);
}

#[test]
fn no_two_options_of_a_command_have_the_same_name() {
    for row in ROWS {
        let names: std::collections::BTreeSet<&str> =
            row.options.iter().map(|option| option.name).collect();
        assert_eq!(names.len(), row.options.len(), "{}", row.name);
    }
}
