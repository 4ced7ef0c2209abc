use std::time::Duration;

use insta::assert_snapshot;

use super::super::card::testing::{CONFIG, hour, longest, provider, shortest, user};
use super::super::testing::{check, print_message};
use super::*;
use crate::discord::part_status::ProcessPart;
use crate::domain::ids::{RequestId, RequestNumber};

const CARD: &str = "https://discord.com/channels/1/2/3";

const PARTS: [ProcessPart; 5] = [
    ProcessPart::Database,
    ProcessPart::Gateway,
    ProcessPart::Signatures,
    ProcessPart::Workers,
    ProcessPart::Mail,
];

fn linked<T>(what: T, has_card: bool) -> Linked<T> {
    Linked { what, card: has_card.then(|| CARD.to_owned()) }
}

fn card(number: i64, code: u32) -> Linked<RefusedCard> {
    let request = RequestId::new(number).unwrap();
    let number = RequestNumber::new(number).unwrap();
    linked(RefusedCard { request, number, code }, number.get() % 2 == 0)
}

fn waiting(mut request: Request, state: RequestState, reason: Option<&str>) -> Linked<Request> {
    request.state = state;
    request.reason = reason.map(str::to_owned);
    linked(request, state != RequestState::Approved)
}

fn untold(name: &str, has_card: bool) -> Linked<UntoldSecret> {
    let request = RequestId::new(1).unwrap();
    let secret =
        UntoldSecret { name: name.to_owned(), owner: user(100), expires_at: hour(24), request };
    linked(secret, has_card)
}

fn jobs(kind: &str, count: i64) -> FailingJobs {
    FailingJobs { kind: kind.to_owned(), count }
}

fn well() -> Health {
    let providers = ["orchard", "mikan"].map(|id| id.parse().unwrap()).into();
    Health { providers, oldest_wait: Duration::from_secs(59), ..Health::default() }
}

fn ready() -> Vec<PartStatus> {
    PARTS.map(|part| PartStatus { part, trouble: None }).into()
}

fn troubled(words: &str) -> Vec<PartStatus> {
    PARTS.map(|part| PartStatus { part, trouble: Some(words.to_owned()) }).into()
}

#[test]
fn each_trouble_in_both_languages() {
    let request = || shortest(provider("registry"));
    let health = Health {
        oldest_wait: Duration::from_secs(185),
        failing: vec![jobs("render_card", 3), jobs("send_mail", 1), jobs("tidy_messages", 2)],
        cards: vec![card(3, 200_000), card(4, 50_013), card(5, 10_015)],
        upstream: vec![
            waiting(request(), RequestState::Failed, Some("upstream_refused: 403: *no* <@1>")),
            waiting(request(), RequestState::Approved, None),
            waiting(request(), RequestState::Issuing, None),
        ],
        untold: vec![untold("Reports_1", true), untold("Dashboard", false)],
        emails: Some((2, hour(1))),
        ..well()
    };
    let languages = [Language::EnglishUs, Language::Japanese];
    let seen = languages.map(|language| {
        print_message(&render_health(&health, &troubled("554 *no*; mend it"), &CONFIG, language))
    });
    assert_snapshot!(seen.join("\n"));
}

#[test]
fn what_is_well_in_both_languages() {
    let languages = [Language::EnglishUs, Language::Japanese];
    let seen = languages
        .map(|language| print_message(&render_health(&well(), &ready(), &CONFIG, language)));
    assert_snapshot!(seen.join("\n"));
    let mail = vec![PartStatus { part: ProcessPart::Mail, trouble: Some("535 no".to_owned()) }];
    let seen = print_message(&render_health(&well(), &mail, &CONFIG, Language::EnglishUs));
    assert!(!seen.contains("Everything works"), "{seen}");
}

#[test]
fn the_most_and_longest_troubles_fit_and_each_kind_is_seen() {
    let words = format!("upstream_refused: {}", "**words** ".repeat(300));
    let name = "*_".repeat(32);
    let health = Health {
        failing: (0..24).map(|kind| jobs(&format!("kind_{kind}"), 1_000_000)).collect(),
        cards: (1..=20).map(|number| card(number, 50_013)).collect(),
        upstream: (1..=20)
            .map(|_| waiting(longest(provider("registry")), RequestState::Failed, Some(&words)))
            .collect(),
        untold: (1..=20).map(|_| untold(&name, true)).collect(),
        emails: Some((1_000_000, hour(1))),
        oldest_wait: Duration::from_secs(1_000_000),
        ..well()
    };
    // Where signatures count there is no gateway.
    let mut parts = troubled("the database has no room left on its disk");
    parts.remove(2);
    parts[3].trouble = Some("said ".repeat(300));
    for language in Language::ALL {
        let message = render_health(&health, &parts, &CONFIG, language);
        check(&message);
        let seen = print_message(&message);
        for key in [
            text!(language, "health-failing"),
            text!(language, "health-cards"),
            text!(language, "health-upstream"),
            text!(language, "health-untold"),
        ] {
            let heading = format_heading(&key, language);
            let heading = crate::discord::commands::fill_mentions(&heading, None);
            let (_, below) = seen.split_once(&heading).unwrap_or_else(|| panic!("{key}: {seen}"));
            let mut lines = below.trim_start().lines().skip_while(|line| line.starts_with("-# "));
            let first = lines.next().unwrap();
            assert!(first.starts_with(['🔴', '🟡']), "{key}: {first}\n{seen}");
        }
        assert_eq!(seen.matches("\n… and ").count() + seen.matches("\n…ほか").count(), 4, "{seen}");
    }
}
