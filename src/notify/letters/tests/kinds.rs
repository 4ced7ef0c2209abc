//! Each letter of what happens to a token after its creation, in both languages.

use super::*;

/// What happened, as the letter of it is told.
fn of(kind: LetterKind) -> TokenFacts {
    let facts = facts();
    let noor = Some("Noor".to_owned());
    match kind {
        LetterKind::Changed => TokenFacts {
            former_contact_name: Some("Rin".into()),
            changes: vec![
                Change::Name("Report".into(), "Reports".into()),
                Change::Contact("1".parse().unwrap(), "2".parse().unwrap()),
                Change::DevelopersAdded(vec!["ops@example.com".parse().unwrap()]),
                Change::ScopesAdded(vec!["DELETE /Agencies/{AccountSID}/Jobs/{JobId}".into()]),
            ],
            ..facts
        },
        LetterKind::Narrowed => TokenFacts {
            actor_name: noor,
            changes: vec![
                Change::ScopesRemoved(vec!["GET /Agencies/{AccountSID}/Ads".into()]),
                Change::End(None, Some(facts.at)),
            ],
            ..facts
        },
        LetterKind::Reset => {
            TokenFacts { old_secret_until: Some(facts.at + chrono::Duration::hours(1)), ..facts }
        }
        LetterKind::Disabled | LetterKind::Deleted | LetterKind::Leaked => {
            TokenFacts { actor_name: noor, ..facts }
        }
        LetterKind::Created
        | LetterKind::Collected
        | LetterKind::Lapsed
        | LetterKind::Renewed
        | LetterKind::SecretUnsure
        | LetterKind::RenewalLapsed
        | LetterKind::Enabled
        | LetterKind::Expired => facts,
    }
}

#[test]
fn what_happens_to_a_token_in_both_languages() {
    for language in Language::ALL {
        let letters = [
            LetterKind::Changed,
            LetterKind::Narrowed,
            LetterKind::Reset,
            LetterKind::Disabled,
            LetterKind::Enabled,
            LetterKind::Deleted,
            LetterKind::Expired,
            LetterKind::Lapsed,
        ]
        .map(|kind| {
            let written = write(kind, &of(kind), language).unwrap();
            format!("== {kind:?}\nSubject: {}\n\n{}", written.subject, written.text)
        });
        insta::assert_snapshot!(format!("{}", language.tag()), letters.join("\n"));
    }
}
