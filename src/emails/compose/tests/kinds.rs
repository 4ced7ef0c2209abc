//! Each email of what happens to a token after its creation, in both languages.

use super::*;

/// What happened, as the email of it is told.
fn of(kind: EmailKind) -> TokenFacts {
    let facts = facts();
    let noor = Some("Noor".to_owned());
    match kind {
        EmailKind::Changed => TokenFacts {
            former_contact_name: Some("Rin".into()),
            changes: vec![
                Change::Name("Report".into(), "Reports".into()),
                Change::Contact("1".parse().unwrap(), "2".parse().unwrap()),
                Change::DevelopersAdded(vec!["ops@example.com".parse().unwrap()]),
                Change::ScopesAdded(vec!["DELETE /Agencies/{AccountSID}/Jobs/{JobId}".into()]),
            ],
            ..facts
        },
        EmailKind::Narrowed => TokenFacts {
            actor_name: noor,
            changes: vec![
                Change::ScopesRemoved(vec!["GET /Agencies/{AccountSID}/Ads".into()]),
                Change::End(None, Some(facts.at)),
            ],
            ..facts
        },
        EmailKind::Reset => {
            TokenFacts { old_secret_until: Some(facts.at + chrono::Duration::hours(1)), ..facts }
        }
        EmailKind::Disabled | EmailKind::Deleted | EmailKind::Leaked => {
            TokenFacts { actor_name: noor, ..facts }
        }
        EmailKind::Created
        | EmailKind::Collected
        | EmailKind::CreatedAndCollected
        | EmailKind::Lapsed
        | EmailKind::Renewed
        | EmailKind::SecretUnsure
        | EmailKind::RenewalLapsed
        | EmailKind::Enabled
        | EmailKind::Expired => facts,
    }
}

#[test]
fn what_happens_to_a_token_in_both_languages() {
    for language in Language::ALL {
        let emails = [
            EmailKind::CreatedAndCollected,
            EmailKind::Changed,
            EmailKind::Narrowed,
            EmailKind::Reset,
            EmailKind::Disabled,
            EmailKind::Enabled,
            EmailKind::Deleted,
            EmailKind::Expired,
            EmailKind::Lapsed,
        ]
        .map(|kind| {
            let written = write_email(kind, &of(kind), language).unwrap();
            format!("== {kind:?}\nSubject: {}\n\n{}", written.subject, written.text)
        });
        insta::assert_snapshot!(format!("{}", language.tag()), emails.join("\n"));
    }
}
