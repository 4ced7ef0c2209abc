use super::*;

fn sights() -> Vec<Sight> {
    vec![
        Sight::Alive,
        Sight::Dead,
        Sight::OtherName("robot$x".to_owned()),
        Sight::OtherId,
        Sight::Absent,
        Sight::Partial,
        Sight::Unclear("the answer was no JSON".to_owned()),
        Sight::Refused("403".to_owned()),
        Sight::Unseen,
    ]
}

fn answers() -> Vec<Said> {
    vec![
        Said::Done,
        Said::Gone,
        Said::Refused("403: no".to_owned()),
        Said::Doubtful("no answer came in time".to_owned()),
        Said::NotCalled,
    ]
}

fn all_known() -> Vec<Known> {
    let bit = |bits: u8, at: u8| bits & (1 << at) != 0;
    (0..16)
        .map(|bits| Known {
            ids_are_unique: bit(bits, 0),
            was_seen: bit(bits, 1),
            has_ended_itself: bit(bits, 2),
            for_good: bit(bits, 3),
        })
        .collect()
}

/// Every possible cell: a call is made only where `may_call` allows it, and without a call nothing changes.
fn cells() -> Vec<(Sight, Said, Sight, Known)> {
    let mut cells = Vec::new();
    for known in all_known() {
        for before in sights() {
            if !may_call(&before, known) {
                cells.push((before.clone(), Said::NotCalled, before.clone(), known));
                continue;
            }
            for said in answers().into_iter().filter(|said| *said != Said::NotCalled) {
                for after in sights() {
                    cells.push((before.clone(), said.clone(), after, known));
                }
            }
        }
    }
    cells
}

#[test]
fn no_end_is_believed_that_the_upstream_does_not_show() {
    for (before, said, after, known) in cells() {
        if judge(&before, &said, &after, known) != Verdict::Off {
            continue;
        }
        let cell = format!("{before:?}, {said:?}, {after:?}, {known:?}");
        assert_ne!(after, Sight::Alive, "{cell}");
        let seen_to_go = matches!(before, Sight::Alive | Sight::Dead)
            && matches!(after, Sight::Absent | Sight::Dead);
        let seen_before = before == Sight::Absent
            && after == Sight::Absent
            && (known.was_seen || known.has_ended_itself);
        let told = known.ids_are_unique && matches!(said, Said::Done | Said::Gone);
        assert!(seen_to_go || seen_before || told, "{cell}");
    }
}

#[test]
fn a_token_that_was_seen_to_disappear_has_ended() {
    for (before, said, after, known) in cells() {
        let is_gone = before == Sight::Alive && after == Sight::Absent;
        if is_gone {
            assert_eq!(judge(&before, &said, &after, known), Verdict::Off, "{said:?} {known:?}");
        }
    }
}

#[test]
fn a_token_that_was_missing_before_the_call_needs_a_person() {
    let known = Known { for_good: true, ..Known::default() };
    assert!(!may_call(&Sight::Absent, known));
    let verdict = judge(&Sight::Absent, &Said::NotCalled, &Sight::Absent, known);
    assert_eq!(verdict, Verdict::Person(Doubt::NotThere));
    for sight in [Sight::OtherName("x".to_owned()), Sight::OtherId, Sight::Partial] {
        assert!(!may_call(&sight, known), "{sight:?} may be another's");
        assert!(matches!(judge(&sight, &Said::NotCalled, &sight, known), Verdict::Person(_)));
    }
}

#[test]
fn a_page_of_a_proxy_is_no_proof() {
    let html = Err(NotDone::Refused { status: Some(404), words: None });
    let own = Err(NotDone::Refused { status: Some(404), words: Some("no such token".to_owned()) });
    assert_eq!(Said::of(html), Said::Refused("404".to_owned()));
    assert_eq!(Said::of(own), Said::Gone);
    let unique = Known { ids_are_unique: true, for_good: true, ..Known::default() };
    let judged = |said: &Said| judge(&Sight::Unseen, said, &Sight::Unseen, unique);
    assert_eq!(judged(&Said::Gone), Verdict::Off);
    assert_eq!(
        judged(&Said::Refused("404".to_owned())),
        Verdict::Person(Doubt::Refused("404".to_owned()))
    );
    // If ids are reused, not even the upstream's own 404 is: the list may be stale.
    let again = Known { for_good: true, ..Known::default() };
    assert_eq!(
        judge(&Sight::Alive, &Said::Gone, &Sight::Alive, again),
        Verdict::Again("it is still there".to_owned())
    );
}

#[test]
fn a_disabled_token_is_not_deleted_by_a_doubtful_call() {
    let doubtful = Said::Doubtful("the connection was cut".to_owned());
    let judged = |for_good| {
        let known = Known { for_good, ..Known::default() };
        judge(&Sight::Dead, &doubtful, &Sight::Dead, known)
    };
    assert_eq!(judged(false), Verdict::Off);
    assert_eq!(judged(true), Verdict::Again("the connection was cut".to_owned()));
}

/// docs/http-issuer.md has the rule as a table, a row for each sight.
#[test]
fn the_table_in_the_documents_is_the_rule() {
    let documents = include_str!("../../../docs/http-issuer.md");
    let begin = "<!-- drawn from src/issuer/sight.rs: begin -->\n";
    let (before, rest) = documents.split_once(begin).expect("where the table begins");
    let (table, after) = rest.split_once("<!-- end -->").expect("where the table ends");
    let drawn = drawn_table();
    if std::env::var_os("COUNTERSIGN_WRITE_DRAWINGS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/http-issuer.md");
        std::fs::write(path, format!("{before}{begin}{drawn}<!-- end -->{after}")).unwrap();
        return;
    }
    assert_eq!(table, drawn, "COUNTERSIGN_WRITE_DRAWINGS=1 draws it anew");
}

fn drawn_table() -> String {
    let mut table = String::from(
        "| before the call | the call | after it: not listed | still listed | not readable | with unique ids: 2xx, or the API's own 404 |\n\
         |---|---|---|---|---|---|\n",
    );
    for before in sights() {
        let known = Known { for_good: true, ..Known::default() };
        let unique = Known { ids_are_unique: true, ..known };
        let is_called = may_call(&before, known);
        let cell = |after: &Sight| match is_called {
            true => shown(&judge(&before, &Said::Done, after, known)),
            false => shown(&judge(&before, &Said::NotCalled, &before, known)),
        };
        let cells = [Sight::Absent, Sight::Alive, Sight::Unclear("why".to_owned())];
        let cells: Vec<&str> = cells.iter().map(cell).collect();
        let unique_cell = shown(&judge(&before, &Said::Gone, &before_or_unseen(&before), unique));
        let call = if is_called { "made" } else { "none" };
        let row =
            format!("| {} | {call} | {} | {unique_cell} |\n", name(&before), cells.join(" | "));
        table.push_str(&row);
    }
    table
}

/// After a call nothing is seen to work, or nothing can be seen.
fn before_or_unseen(before: &Sight) -> Sight {
    if *before == Sight::Alive { Sight::Absent } else { before.clone() }
}

fn name(sight: &Sight) -> &'static str {
    match sight {
        Sight::Alive => "listed, works",
        Sight::Dead => "listed as not working (`alive`)",
        Sight::OtherName(_) => "its id, with another marker",
        Sight::OtherId => "its marker, with another id",
        Sight::Absent => "not listed, all pages read",
        Sight::Partial => "not listed, and there are more pages",
        Sight::Unclear(_) => "no readable answer",
        Sight::Refused(_) => "the look-up is refused",
        Sight::Unseen => "there is no look-up call",
    }
}

fn shown(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Off => "**ended**",
        Verdict::Again(_) => "tried again",
        Verdict::Person(_) => "an admin decides",
    }
}
