use super::*;
use EmailKind::{
    Changed, Collected, Created, CreatedAndCollected, Deleted, Disabled, Enabled, Expired, Lapsed,
    Leaked, Narrowed, RenewalLapsed, Renewed, Reset, SecretUnsure,
};

const KINDS: [EmailKind; 15] = [
    Created,
    Collected,
    CreatedAndCollected,
    Lapsed,
    Disabled,
    Leaked,
    Changed,
    Narrowed,
    Renewed,
    SecretUnsure,
    RenewalLapsed,
    Reset,
    Enabled,
    Deleted,
    Expired,
];

/// What stands in front of the heading in the subject.
#[track_caller]
fn before_the_heading(written: &EmailText) -> String {
    let heading = written.text.split("\n\n").next().unwrap().replace('\n', " ");
    let (subject, lower) = (&written.subject, written.subject.to_lowercase());
    let rest = lower.strip_suffix(&heading.to_lowercase());
    let rest = rest.unwrap_or_else(|| panic!("{subject:?} is not {heading:?}"));
    subject.chars().take(rest.chars().count()).collect()
}

/// A letter about one provider names it in the subject, before what is the heading.
#[test]
fn a_subject_and_its_heading_say_the_same() {
    for (language, named) in [
        (Language::EnglishUs, "impact.com (agency): "),
        (Language::Japanese, "impact.com (agency)："),
    ] {
        for kind in KINDS {
            let written = write_email(kind, &facts(), language).unwrap();
            assert_eq!(before_the_heading(&written), named, "{kind:?}");
        }
        let facts = AnnouncementFacts {
            subject: "Version 15".into(),
            body: "It is there.".into(),
            author_name: "Aki".into(),
            provider_name: "impact.com (agency)".into(),
            tokens: Vec::new(),
            guild_name: None,
        };
        assert_eq!(before_the_heading(&announcement(&facts, language).unwrap()), named);
        for several in [false, true] {
            let facts = ends_soon(several);
            assert_eq!(before_the_heading(&ending(&facts, language).unwrap()), "");
            assert_eq!(before_the_heading(&expired(&facts, language).unwrap()), "");
        }
    }
}

fn ends_soon(several: bool) -> EndingFacts {
    let token = EndingToken {
        name: "Reports".into(),
        provider_name: "Orchard".into(),
        requester_name: "Rin".into(),
        approver_names: vec!["Aki".into()],
        contact_name: "Mei".into(),
        expires_at: facts().at + chrono::TimeDelta::hours(30),
    };
    let tokens = if several { vec![token.clone(), token] } else { vec![token] };
    EndingFacts { tokens, at: facts().at, time_zone: Tz::UTC, guild_name: None }
}

#[test]
fn times_are_those_of_the_zone_that_is_named() {
    let in_language = |zone: &str, language| moment(facts().at, zone.parse().unwrap(), language);
    let at = |zone: &str| in_language(zone, Language::EnglishUs);
    assert_eq!(at("UTC"), "2026-11-24 09:30 UTC");
    assert_eq!(at("Asia/Tokyo"), "2026-11-24 18:30 (Asia/Tokyo)");
    assert_eq!(in_language("Asia/Tokyo", Language::Japanese), "2026-11-24 18:30（Asia/Tokyo）");
    assert_eq!(at("America/New_York"), "2026-11-24 04:30 (America/New_York)");
    let facts = TokenFacts { time_zone: Tz::Asia__Tokyo, ..facts() };
    let written = write_email(Created, &facts, Language::Japanese).unwrap();
    assert!(written.text.contains("2026-11-24 18:30（Asia/Tokyo）"), "{}", written.text);
    assert!(!written.text.contains("UTC"), "{}", written.text);
}

/// The 30 hours from 18:30 in Tokyo end on the day after tomorrow there, and tomorrow by UTC.
#[test]
fn days_are_counted_as_the_zone_counts_them() {
    let days = |time_zone| {
        let facts = EndingFacts { time_zone, ..ends_soon(false) };
        ending(&facts, Language::EnglishUs).unwrap().text
    };
    assert!(days(Tz::UTC).contains("tomorrow, 2026-11-25 15:30 UTC;"), "{}", days(Tz::UTC));
    let tokyo = days(Tz::Asia__Tokyo);
    assert!(tokyo.contains("in 2 days, 2026-11-26 00:30 (Asia/Tokyo);"), "{tokyo}");
}
