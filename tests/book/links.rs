//! Links and their anchors.

use super::pages::{LANGUAGES, Page, folder, pages};

/// The targets of the links and pictures in a page's prose.
fn targets(page: &Page) -> Vec<String> {
    let prose = page.prose();
    // What stands in code is no link.
    let plain: String =
        prose.split('`').enumerate().filter(|(at, _)| at % 2 == 0).map(|(_, part)| part).collect();
    let targets = plain.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}

fn find_fault(language: &str, page: &Page, target: &str, all: &[Page]) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    if target.ends_with(".svg") {
        let is_there = folder(language).join(target).is_file();
        return (!is_there).then(|| format!("{target} is no picture of this language"));
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(f, a)| (f, Some(a)));
    let there = match file {
        "" => page,
        file => match all.iter().find(|page| page.name == file) {
            Some(page) => page,
            None => return Some(format!("{target} is no page of the book")),
        },
    };
    let anchor = anchor?;
    let is_there = there.headings().iter().any(|heading| heading.anchor == anchor);
    (!is_there).then(|| format!("{target} has no such heading"))
}

#[test]
fn links_lead_to_pages_and_headings() {
    let mut faults = Vec::new();
    for language in LANGUAGES {
        let all = pages(language);
        for page in &all {
            let find = |to: String| find_fault(language, page, &to, &all);
            let of_page = targets(page).into_iter().filter_map(find);
            faults.extend(of_page.map(|fault| format!("{language}/{}: {fault}", page.name)));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// A reader of one language stays in it.
#[test]
fn no_link_leads_to_the_folders_of_the_sources() {
    for language in LANGUAGES {
        assert!(folder(language).join("SUMMARY.md").is_file());
        for page in pages(language) {
            for target in targets(&page) {
                assert!(!target.contains("../"), "{language}/{}: {target}", page.name);
            }
        }
    }
}
