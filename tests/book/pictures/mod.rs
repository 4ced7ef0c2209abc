//! The pictures in the book: what people see in Discord, and what developers get by email.
//!
//! They are drawn as SVG from the messages of the real bot, in each language. Set `COUNTERSIGN_WRITE_DRAWINGS` to
//! draw them into the book instead of comparing them, and look at them.

mod controls;
mod flow;
mod form;
mod mail;
mod markdown;
mod menu;
mod message;
mod names;
mod play;
mod svg;
mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::drawings::WRITE;
use super::pages::{LANGUAGES, Page, folder, pages};

/// The pictures of a language.
fn drawn(language: &str) -> PathBuf {
    folder(language).join("pictures")
}

async fn compare(language: &'static str) {
    let pictures = play::play(language).await;
    let mut outdated = Vec::new();
    for (name, picture) in &pictures {
        let file = drawn(language).join(format!("{name}.svg"));
        if std::env::var_os(WRITE).is_some() {
            std::fs::create_dir_all(drawn(language)).unwrap();
            std::fs::write(&file, picture).unwrap();
        } else if std::fs::read_to_string(&file).ok().as_ref() != Some(picture) {
            outdated.push(file);
        }
    }
    let hint = format!("run {WRITE}=1 cargo test --test book drawn, and look at them");
    assert!(outdated.is_empty(), "these pictures aren't what is seen now; {hint}: {outdated:#?}");
    let names: BTreeSet<String> = pictures.iter().map(|(name, _)| format!("{name}.svg")).collect();
    assert_eq!(files(language), names, "{language} has a file that nothing draws");
}

fn files(language: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(drawn(language)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn english_pictures_are_drawn_from_messages() {
    compare("en").await;
}

#[tokio::test]
async fn japanese_pictures_are_drawn_from_messages() {
    compare("ja").await;
}

/// The pictures of a page, by file, with their texts for those who don't see them and the heading above.
fn shown(page: &Page) -> Vec<(String, String, usize)> {
    let mut headings = 0;
    let mut found = Vec::new();
    for line in page.prose().lines() {
        headings += usize::from(line.starts_with('#'));
        for part in line.split("![").skip(1) {
            let (text, rest) = part.split_once("](").expect("a picture has its address");
            let file = rest.split(')').next().unwrap();
            found.push((file.to_owned(), text.to_owned(), headings));
        }
    }
    found
}

#[test]
fn each_picture_is_on_one_page_at_the_same_place_in_each_language() {
    let places = LANGUAGES.map(|language| {
        let mut places = Vec::new();
        for page in pages(language) {
            for (file, text, heading) in shown(&page) {
                assert!(text.chars().count() > 20, "{language}/{}: {file} {text:?}", page.name);
                places.push((page.name.clone(), heading, file));
            }
        }
        let named: Vec<String> = places.iter().map(|(.., file)| file.clone()).collect();
        let once: BTreeSet<String> = named.iter().cloned().collect();
        assert_eq!(once.len(), named.len(), "{language} shows a picture twice");
        let there: BTreeSet<String> =
            files(language).into_iter().map(|file| format!("pictures/{file}")).collect();
        assert_eq!(once, there, "{language}");
        places
    });
    assert_eq!(places[0], places[1]);
}
