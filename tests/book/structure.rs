//! Every page can be reached, and both languages have the same.

use std::collections::BTreeSet;

use super::pages::{LANGUAGES, folder, pages, read};

/// The pages that a language's list names, in its order.
fn listed(language: &str) -> Vec<String> {
    let list = std::fs::read_to_string(folder(language).join("SUMMARY.md")).unwrap();
    let targets = list.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}

#[test]
fn every_page_is_listed_once() {
    for language in LANGUAGES {
        let listed = listed(language);
        let once: BTreeSet<String> = listed.iter().cloned().collect();
        assert_eq!(once.len(), listed.len(), "{language} lists a page twice");
        let there: BTreeSet<String> = pages(language).into_iter().map(|page| page.name).collect();
        assert_eq!(once, there, "{language}");
    }
}

#[test]
fn both_languages_have_the_same_pages_in_the_same_order() {
    let [english, japanese] = LANGUAGES.map(listed);
    assert_eq!(english, japanese);
}

#[test]
fn both_languages_have_the_same_headings() {
    let shape = |language| {
        let levels = |page: super::pages::Page| {
            let levels: Vec<usize> = page.headings().iter().map(|heading| heading.level).collect();
            (page.name, levels)
        };
        pages(language).into_iter().map(levels).collect::<Vec<_>>()
    };
    let [english, japanese] = LANGUAGES.map(shape);
    for (english, japanese) in english.iter().zip(&japanese) {
        assert_eq!(english, japanese, "the depths of the headings of a page");
    }
}

#[test]
fn a_page_begins_with_its_title() {
    for language in LANGUAGES {
        for page in pages(language) {
            let headings = page.headings();
            let titles = headings.iter().filter(|heading| heading.level == 1).count();
            assert_eq!((headings[0].level, titles), (1, 1), "{language}/{}", page.name);
        }
    }
}

#[test]
fn the_first_page_of_the_project_leads_to_the_book() {
    assert!(read("README.md").contains("](docs/book"));
}

/// Whoever lacks the program has to learn what to install.
#[test]
fn make_book_names_what_it_needs() {
    let makefile = read("Makefile");
    let (_, rule) = makefile.split_once("\nbook:").expect("a rule");
    let rule = rule.split("\n\n").next().unwrap();
    assert!(rule.contains("cargo install mdbook"), "{rule}");
    for language in LANGUAGES {
        assert!(rule.contains(&format!("docs/book/{language}")), "{rule}");
    }
}
