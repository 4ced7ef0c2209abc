use super::*;

fn sights() -> Vec<Sight> {
    vec![
        Sight::Alive,
        Sight::Dead,
        Sight::OtherName("robot$x".to_owned()),
        Sight::OtherId,
        Sight::Absent,
        Sight::Missing("404: no such realm".to_owned()),
        Sight::Partial,
        Sight::Unclear("the answer was no JSON".to_owned()),
        Sight::Refused("403".to_owned()),
        Sight::Unseen,
    ]
}

fn answers() -> Vec<Said> {
    vec![
        Said::Done,
        Said::Accepted,
        Said::NotThere,
        Said::Gone("404: no such token".to_owned()),
        Said::Refused("403: no".to_owned()),
        Said::Doubtful("no answer came in time".to_owned()),
        Said::NotCalled,
    ]
}

fn all_known() -> Vec<Known> {
    let bit = |bits: u8, at: u8| bits & (1 << at) != 0;
    (0..64)
        .map(|bits| Known {
            ids_are_unique: bit(bits, 0),
            was_seen: bit(bits, 1),
            has_ended_itself: bit(bits, 2),
            for_good: bit(bits, 3),
            was_accepted: bit(bits, 4),
            is_off: bit(bits, 5),
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
        assert!(!matches!(said, Said::Refused(_) | Said::Doubtful(_)), "{cell}");
        let is_gone = |sight: &Sight| matches!(sight, Sight::Absent | Sight::Missing(_));
        let was_shown = before.is_there() || (is_gone(&before) && known.was_seen);
        let seen_to_go = was_shown && (is_gone(&after) || after == Sight::Dead);
        let stays_off = known.is_off && (!known.for_good || known.was_accepted);
        let is_brought_about = known.was_accepted || known.has_ended_itself;
        let is_over = said == Said::NotCalled
            && ((after == Sight::Absent && is_brought_about)
                || ((is_gone(&after) || after == Sight::Dead) && stays_off));
        let told = known.ids_are_unique && matches!(said, Said::Done | Said::NotThere);
        assert!(seen_to_go || is_over || told, "{cell}");
        if matches!(said, Said::Gone(_)) {
            assert!(before.is_there() && after == Sight::Absent, "{cell}");
        }
        if said == Said::Accepted {
            assert_eq!(after, Sight::Absent, "{cell}");
        }
        if said == Said::NotThere {
            assert!(!matches!(after, Sight::OtherId | Sight::OtherName(_)), "{cell}");
        }
    }
}

#[test]
fn what_was_seen_to_go_after_a_yes_is_called_off() {
    for (before, said, after, known) in cells() {
        let is_gone = before == Sight::Alive && after == Sight::Absent;
        if is_gone && matches!(said, Said::Done | Said::Accepted | Said::NotThere | Said::Gone(_)) {
            assert_eq!(judge(&before, &said, &after, known), Verdict::Off, "{said:?} {known:?}");
        }
    }
}

/// One empty list outweighs no refusal: the call goes out again, and only a look after a yes counts.
#[test]
fn what_was_refused_counts_as_alive() {
    let known = Known { for_good: true, ..Known::default() };
    let no = Said::Refused("403: no".to_owned());
    let unknown = Said::Doubtful("the answer was 503".to_owned());
    let judged = |said: &Said| judge(&Sight::Alive, said, &Sight::Absent, known);
    assert_eq!(judged(&no), Verdict::Person(Doubt::Refused("403: no".to_owned())));
    assert_eq!(judged(&unknown), Verdict::Again("the answer was 503".to_owned()));
    let seen = Known { was_seen: true, ..known };
    assert!(may_call(&Sight::Absent, seen));
    assert_eq!(judge(&Sight::Absent, &Said::Done, &Sight::Absent, seen), Verdict::Off);
    let gone = Said::Gone("404: no route".to_owned());
    assert!(matches!(judge(&Sight::Absent, &gone, &Sight::Absent, seen), Verdict::Person(_)));
    let accepted = Known { was_accepted: true, ..seen };
    assert!(!may_call(&Sight::Absent, accepted));
    assert_eq!(judge(&Sight::Absent, &Said::NotCalled, &Sight::Absent, accepted), Verdict::Off);
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
    let gone = Said::Gone("404: no such token".to_owned());
    assert_eq!(Said::of(own), gone);
    let unique = Known { ids_are_unique: true, for_good: true, ..Known::default() };
    let judged = |said: &Said| judge(&Sight::Unseen, said, &Sight::Unseen, unique);
    assert_eq!(judged(&Said::NotThere), Verdict::Off);
    // It may speak of a realm, or of a route.
    assert!(matches!(judged(&gone), Verdict::Person(Doubt::Refused(_))));
    assert_eq!(
        judged(&Said::Refused("404".to_owned())),
        Verdict::Person(Doubt::Refused("404".to_owned()))
    );
    // If ids are reused, not even the upstream's own 404 is: the list may be stale.
    let again = Known { for_good: true, ..Known::default() };
    assert_eq!(
        judge(&Sight::Alive, &gone, &Sight::Alive, again),
        Verdict::Again("it is still there".to_owned())
    );
}

/// A call that says no the second time is not sent while the API may take a token for a while longer.
#[test]
fn what_was_seen_to_be_off_is_not_called_again() {
    let off = Known { is_off: true, ..Known::default() };
    assert!(!may_call(&Sight::Dead, off));
    assert_eq!(judge(&Sight::Dead, &Said::NotCalled, &Sight::Dead, off), Verdict::Off);
    assert!(may_call(&Sight::Alive, off), "it is on again");
    let disabled = Known { for_good: true, ..off };
    assert!(may_call(&Sight::Dead, disabled), "it was only disabled");
    assert!(!may_call(&Sight::Dead, Known { was_accepted: true, ..disabled }));
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
        "| seen before | the call | yes, and gone after | yes, and still there | yes, and can't be read | no, or no answer, and gone after | ids are unique: yes, and nobody can look | ids are unique: a 404 that `gone` doesn't name |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let known = Known { for_good: true, ..Known::default() };
    let unique = Known { ids_are_unique: true, ..known };
    let unknown = Said::Doubtful("why".to_owned());
    let gone = Said::Gone("404".to_owned());
    let unclear = Sight::Unclear("why".to_owned());
    for before in sights() {
        let is_called = may_call(&before, known);
        let cell = |said: &Said, after: &Sight| match is_called {
            true => shown(&judge(&before, said, after, known)),
            false => shown(&judge(&before, &Said::NotCalled, &before, known)),
        };
        let cells = [
            if is_called { "goes out" } else { "none" },
            cell(&Said::Done, &Sight::Absent),
            cell(&Said::Done, &Sight::Alive),
            cell(&Said::Done, &unclear),
            cell(&unknown, &Sight::Absent),
            shown(&judge(&before, &Said::Done, &Sight::Unseen, unique)),
            shown(&judge(&before, &gone, &Sight::Unseen, unique)),
        ];
        table.push_str(&format!("| {} | {} |\n", name(&before), cells.join(" | ")));
    }
    table
}

fn name(sight: &Sight) -> &'static str {
    match sight {
        Sight::Alive => "there, and works",
        Sight::Dead => "there, as one that doesn't work (`alive`)",
        Sight::OtherName(_) => "its id, under another name",
        Sight::OtherId => "its marker, at another id",
        Sight::Absent => "not there, all pages read",
        Sight::Missing(_) => "404 by its id, of which nobody knows what it is about",
        Sight::Partial => "not on the pages that were read, and there are more",
        Sight::Unclear(_) => "an answer that can't be read, or none",
        Sight::Refused(_) => "the look is refused",
        Sight::Unseen => "there is no call that looks",
    }
}

fn shown(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Off => "**ended**",
        Verdict::Again(_) => "tried again",
        Verdict::Person(_) => "an admin decides",
    }
}
