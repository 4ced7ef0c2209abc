//! Holds every text that people read to `docs/style.md`: it reads that document's tables, so that
//! the two can't part.

use std::path::PathBuf;

use unicode_properties::UnicodeEmoji as _;

use super::patterns::{PARAMETER, expand};
use super::*;

const DOCUMENT: &str = include_str!("../../../docs/style.md");

/// The tables of the document.
struct Style {
    terms: Vec<Term>,
    words: Vec<Replacement>,
    marks: Vec<Replacement>,
}

/// One idea, and its forms in each language.
struct Term {
    english: Vec<&'static str>,
    japanese: Vec<&'static str>,
    /// If the English has the term, the Japanese must.
    is_held_in_japanese: bool,
    /// If the Japanese has the term, the English must.
    is_held_in_english: bool,
}

/// What a language does not write, and what instead.
struct Replacement {
    language: Language,
    not: Vec<&'static str>,
    write: &'static str,
}

/// The rows of the table below a heading, without its head.
fn read_table(heading: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let (_, section) = DOCUMENT.split_once(&format!("\n## {heading}\n")).expect("a section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    rows.skip(2).map(|row| row.split('|').map(str::trim).collect())
}

fn read_forms(cell: &'static str) -> Vec<&'static str> {
    match cell {
        "," => vec![cell],
        _ => cell.split(',').map(str::trim).collect(),
    }
}

fn read_replacements(heading: &str) -> Vec<Replacement> {
    let replacements = read_table(heading).map(|row| {
        let [language, not, write] = row[..] else { panic!("{row:?}") };
        let language = Language::ALL.into_iter().find(|known| known.tag() == language).unwrap();
        Replacement { language, not: read_forms(not), write }
    });
    replacements.collect()
}

impl Style {
    fn read() -> Self {
        let terms = read_table("Terms").map(|row| {
            let [english, held, japanese, _] = row[..] else { panic!("{row:?}") };
            assert!(["", "=", "<", ">"].contains(&held), "{row:?}");
            Term {
                english: read_forms(english),
                japanese: read_forms(japanese),
                is_held_in_japanese: matches!(held, "=" | ">"),
                is_held_in_english: matches!(held, "=" | "<"),
            }
        });
        Self {
            terms: terms.collect(),
            words: read_replacements("Words that are not used"),
            marks: read_replacements("Punctuation"),
        }
    }

    /// What is wrong with a text alone.
    fn find_faults(&self, text: &str, language: Language) -> Vec<String> {
        let plain = hide_code(text, |_| true);
        // A key of the configuration is called what it is called; a command has a name of ours.
        let worded = hide_code(text, |code| !code.starts_with('/'));
        let of_language = |rows: &&Replacement| rows.language == language;
        let words = self.words.iter().filter(of_language).filter(|row| {
            row.not.iter().any(|form| contains(&worded, form, language)) //
        });
        let marks = self.marks.iter().filter(of_language).filter(|row| {
            row.not.iter().any(|mark| contains_mark(&plain, mark, language)) //
        });
        let mut faults: Vec<String> = words
            .chain(marks)
            .map(|row| format!("write {} for {}", row.write, row.not.join(", ")))
            .collect();
        let is_spaced_badly = match language {
            Language::EnglishUs => has_bad_space_in_english(&plain),
            Language::Japanese => has_bad_space_in_japanese(&plain),
        };
        faults.extend(is_spaced_badly.then(|| "a space".to_owned()));
        faults
    }

    /// The terms that one language has and the other lacks.
    fn compare(&self, english: &[String], japanese: &[String]) -> Vec<String> {
        let any = |texts: &[String], forms: &[&str], language| {
            texts.iter().any(|text| forms.iter().any(|form| contains(text, form, language)))
        };
        let lacking = self.terms.iter().filter_map(|term| {
            let in_english = any(english, &term.english, Language::EnglishUs);
            let in_japanese = any(japanese, &term.japanese, Language::Japanese);
            let is_lacking = (in_english && !in_japanese && term.is_held_in_japanese)
                || (in_japanese && !in_english && term.is_held_in_english);
            is_lacking
                .then(|| format!("{} is {}", term.english.join(", "), term.japanese.join(", ")))
        });
        lacking.collect()
    }
}

/// The text with a backtick for each piece of code that is hidden.
fn hide_code(text: &str, is_hidden: impl Fn(&str) -> bool) -> String {
    let parts = text.split('`').enumerate();
    let shown = parts.filter(|(at, part)| at % 2 == 0 || !is_hidden(part));
    shown.map(|(_, part)| part).collect::<Vec<_>>().join("`")
}

/// In English, whole words; `*` is any ending. In Japanese, a part of the text.
fn contains(text: &str, form: &str, language: Language) -> bool {
    if language == Language::Japanese {
        return text.contains(form);
    }
    let is_wide = |one: char| one.is_alphanumeric() || "’-".contains(one);
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|one| !is_wide(one)).filter(|word| !word.is_empty()).collect();
    let form = form.to_lowercase();
    let form: Vec<&str> = form.split(' ').collect();
    let is_word = |(word, form): (&&str, &&str)| match form.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == form,
    };
    words.windows(form.len()).any(|words| words.iter().zip(&form).all(is_word))
}

/// A mark in a language where it doesn't belong. In Japanese, Latin words and numbers keep
/// theirs.
fn contains_mark(text: &str, mark: &str, language: Language) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or('\n');
        let after = text[at + mark.len()..].chars().next().unwrap_or('\n');
        let is_latin = before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
        let is_number = mark == "." && before.is_ascii_digit() && after == ' ';
        language == Language::EnglishUs || !(is_latin || is_number)
    })
}

fn has_bad_space_in_english(text: &str) -> bool {
    let before_mark = [" ,", " .", " ;", " :", " !", " ?", " )", "( ", "  "];
    before_mark.into_iter().any(|bad| text.contains(bad)) || text.contains(is_japanese)
}

/// A space beside a Japanese word, unless what separates or a picture is on its other side.
fn has_bad_space_in_japanese(text: &str) -> bool {
    let stands_apart = |one: char| {
        "·→.".contains(one) || one == '\u{FE0F}' || (one.is_emoji_char() && !one.is_ascii())
    };
    let characters: Vec<char> = format!("\n{text}\n").chars().collect();
    characters.windows(3).any(|three| {
        let (before, after) = (three[0], three[2]);
        three[1] == ' '
            && (is_japanese(before) || is_japanese(after))
            && !(stands_apart(before) || stands_apart(after))
    })
}

/// Kana, kanji, and full-width marks.
fn is_japanese(one: char) -> bool {
    matches!(one, '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// Each key with all ways in which it reads.
fn texts_of(language: Language) -> BTreeMap<String, Vec<String>> {
    let keys = language.sources().iter().flat_map(|(_, source)| split(source));
    keys.map(|(key, text)| (key, expand(&text))).collect()
}

/// The descriptions and the names of the choices that Discord shows of a command and its options.
fn collect_descriptions(command: &serde_json::Value, texts: &mut Vec<(String, String)>) {
    let lists = ["options", "choices"].map(|list| command[list].as_array());
    for part in lists.into_iter().flatten().flatten() {
        let field = if part["description"].is_string() { "description" } else { "name" };
        let japanese = part[format!("{field}_localizations")]["ja"].as_str().unwrap();
        texts.push((part[field].as_str().unwrap().to_owned(), japanese.to_owned()));
        collect_descriptions(part, texts);
    }
}

/// A file of steps in one language, a text for each line.
fn read_steps(path: &Path) -> Vec<String> {
    let mut source = std::fs::read_to_string(path).unwrap();
    for (start, end, instead) in [("{{", "}}", PARAMETER), ("{%", "%}", '\n'), ("{#", "#}", '\n')] {
        while let Some((before, (_, after))) =
            source.split_once(start).and_then(|(a, b)| Some((a, b.split_once(end)?)))
        {
            source = format!("{before}{instead}{after}");
        }
    }
    source.lines().map(|line| line.trim().to_owned()).collect()
}

/// What is wrong, each with its place and its text.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn note(&mut self, place: &str, found: Vec<String>, text: &str) {
        self.0.extend(found.iter().map(|fault| format!("{place}: {fault}\n    {text}")));
    }

    fn assert_none(&self) {
        assert!(self.0.is_empty(), "{} faults\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn all_texts_keep_to_the_style() {
    let (style, mut faults) = (Style::read(), Faults::default());
    let [english, japanese] = Language::ALL.map(texts_of);
    for (key, texts) in &english {
        faults.note(key, style.compare(texts, &japanese[key]), &texts.join(" / "));
    }
    for (language, keys) in [(Language::EnglishUs, &english), (Language::Japanese, &japanese)] {
        for (key, texts) in keys {
            for text in texts {
                faults.note(key, style.find_faults(text, language), text);
            }
        }
    }
    faults.assert_none();
}

#[test]
fn all_commands_keep_to_the_style() {
    let (style, mut faults) = (Style::read(), Faults::default());
    let commands = serde_json::json!({"options": crate::discord::commands::definitions(&[])});
    let mut described = Vec::new();
    collect_descriptions(&commands, &mut described);
    assert!(described.len() > 20);
    for (english, japanese) in &described {
        faults.note("a command", style.find_faults(english, Language::EnglishUs), english);
        faults.note("a command", style.find_faults(japanese, Language::Japanese), japanese);
        let (english, japanese) = (std::slice::from_ref(english), std::slice::from_ref(japanese));
        faults.note("a command", style.compare(english, japanese), &english[0]);
    }
    faults.assert_none();
}

#[test]
fn all_steps_keep_to_the_style() {
    let (style, mut faults) = (Style::read(), Faults::default());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/steps");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let language = Language::of(name.rsplit('.').nth(1).unwrap_or_default());
        for line in read_steps(&path) {
            faults.note(&name, style.find_faults(&line, language), &line);
        }
        read += 1;
    }
    assert!(read > 2);
    faults.assert_none();
}

/// A table that is empty, or not found, would let everything pass.
#[test]
fn the_tables_of_the_style_are_read_completely() {
    let style = Style::read();
    assert!(style.terms.len() > 40 && style.words.len() > 40 && style.marks.len() > 15);
    let forms = style.words.iter().chain(&style.marks).flat_map(|row| &row.not);
    assert!(
        forms.chain(style.terms.iter().flat_map(|term| &term.english)).all(|one| !one.is_empty())
    );
}

#[test]
fn what_breaks_the_style_is_found() {
    let style = Style::read();
    for (text, fault) in [
        ("It takes two Hands.", "write approval for hand, hands"),
        ("Its secret was switched off.", "write disable for off, out of use, in use"),
        ("Sent by e-mail.", "write email for e-mail*, mailed"),
        ("It lapsed.", "write expires; was not collected in time for lapse*"),
        ("It works until it is put to #1.", "write submit for put to"),
        ("It isn't open.", "write ’ for '"),
        ("Press Done .", "a space"),
        ("Press 完了.", "a space"),
        ("Type `/token alive`.", "write works, expires for live, lives, life, alive"),
    ] {
        assert_eq!(style.find_faults(text, Language::EnglishUs), [fault], "{text}");
    }
    for (text, fault) in [
        ("主担当の変更", "write 主な連絡先 for 主担当"),
        ("あなたの申請", "write ご自身；書かない for あなた"),
        ("変更:完了", "write ： for :"),
        ("変更(完了)", "write （ for ( write ） for )"),
        ("終わりました.", "write 。 for ."),
        ("API バージョン", "a space"),
        ("\u{E000} さん", "a space"),
        ("`/トークン 申請` を使う", "a space"),
        ("**24** 時間", "a space"),
    ] {
        assert_eq!(style.find_faults(text, Language::Japanese).join(" "), fault, "{text}");
    }
    let compare = |english: &str, japanese: &str| {
        style.compare(&[english.to_owned()], &[japanese.to_owned()]).join(" ")
    };
    assert_eq!(compare("It was denied.", "取り下げられました。").matches(" is ").count(), 2);
    assert_eq!(compare("Reveal", "詳細"), "reveal* is 表示");
    assert_eq!(compare("Details", "表示"), "reveal* is 表示");
    assert_eq!(compare("It has expired.", "失効しました。"), "");
}

#[test]
fn what_keeps_to_the_style_passes() {
    let style = Style::read();
    for text in
        ["Offers, handles and deadlines", "Use `/a  b :` (now): “x”, isn’t it?", "Set `alive`."]
    {
        assert_eq!(style.find_faults(text, Language::EnglishUs), [""; 0], "{text}");
    }
    for text in [
        "⚠️ APIは2,000件まで。",
        "1. name@example.comを入力",
        "**名前** · 申請 → 承認",
        "`/トークン 申請`を使う",
    ] {
        assert_eq!(style.find_faults(text, Language::Japanese), [""; 0], "{text}");
    }
}

#[test]
fn a_subject_says_what_its_heading_says() {
    let mut compared = 0;
    for language in Language::ALL {
        let texts = texts_of(language);
        let of_emails = texts.iter().filter(|(key, _)| key.contains("mail-"));
        for (key, subjects) in of_emails {
            let heading = key.strip_suffix("-subject").map(|start| format!("{start}-title"));
            let Some(headings) = heading.and_then(|heading| texts.get(&heading)) else { continue };
            let tail = |text: &String| text.to_lowercase();
            let says =
                |(subject, heading): (&String, &String)| tail(subject).ends_with(&tail(heading));
            assert!(subjects.iter().zip(headings).all(says), "{key}: {subjects:?} {headings:?}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

/// "until in 3 hours" is impossible: one function writes distances, always after the date.
#[test]
fn a_distance_never_stands_alone() {
    for language in Language::ALL {
        let keys = keys(language);
        let with = keys.iter().filter(|(_, variables)| variables.contains("relative"));
        assert_eq!(with.map(|(key, _)| key).collect::<Vec<_>>(), ["time-and-distance"]);
    }
    let views = concat!(env!("CARGO_MANIFEST_DIR"), "/src/discord");
    let mut sources = vec![PathBuf::from(views)];
    let mut found = Vec::new();
    while let Some(path) = sources.pop() {
        if path.is_dir() {
            sources.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.to_string_lossy().contains("tests")
            && path.extension() == Some("rs".as_ref())
        {
            let writes = std::fs::read_to_string(&path).unwrap().contains(":R>");
            found.extend(writes.then_some(path));
        }
    }
    assert!(matches!(&found[..], [path] if path.ends_with("views/formatting.rs")), "{found:?}");
}
