use super::*;

fn facts() -> TokenFacts {
    let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    TokenFacts {
        token_name: "Reports".into(),
        provider_name: "impact.com (agency)".into(),
        api_version: 3,
        account_sid: Some("IRabc123".into()),
        description: "Nightly export of actions into the warehouse.\nOwned by the data team."
            .into(),
        requester_name: "Rin".into(),
        approver_names: vec!["Aki".into(), "Noor".into()],
        contact_name: "Mei".into(),
        scopes: vec![
            ("GET".into(), "/Agencies/{AccountSID}/Jobs".into()),
            ("DELETE".into(), "/Agencies/{AccountSID}/Jobs/{JobId}".into()),
        ],
        expires: Some(time("2027-02-22T09:30:00Z")),
        at: time("2026-11-24T09:30:00Z"),
        actor_name: None,
        guild_name: Some("Growth".into()),
    }
}

fn text_of(kind: LetterKind, language: Language) -> String {
    let written = write(kind, &facts(), language).unwrap();
    format!("Subject: {}\n\n{}", written.subject, written.text)
}

#[test]
fn created_in_english() {
    insta::assert_snapshot!(text_of(LetterKind::Created, Language::EnglishUs), @"");
}

#[test]
fn created_in_japanese() {
    insta::assert_snapshot!(text_of(LetterKind::Created, Language::Japanese), @"");
}

#[test]
fn collected_in_english() {
    insta::assert_snapshot!(text_of(LetterKind::Collected, Language::EnglishUs), @"");
}

#[test]
fn collected_in_japanese() {
    insta::assert_snapshot!(text_of(LetterKind::Collected, Language::Japanese), @"");
}

#[test]
fn lapsed_and_disabled_in_english() {
    insta::assert_snapshot!(text_of(LetterKind::Lapsed, Language::EnglishUs), @"");
    let facts = TokenFacts {
        actor_name: Some("Rin".into()),
        account_sid: None,
        expires: None,
        guild_name: None,
        scopes: vec![],
        ..facts()
    };
    let written = write(LetterKind::Disabled, &facts, Language::EnglishUs).unwrap();
    insta::assert_snapshot!(written.text, @"");
}

#[test]
fn the_html_part() {
    let html = write(LetterKind::Created, &facts(), Language::EnglishUs).unwrap().html;
    insta::assert_snapshot!(html, @"");
}

#[test]
fn what_people_typed_stays_text() {
    let facts = TokenFacts {
        token_name: "a\r\nBcc: x@y.z\u{202e}<b>&".into(),
        description: "one\n\n<script>alert('1')</script>\u{0}".into(),
        requester_name: "{{ secret }}\nApproved by: Mallory".into(),
        ..facts()
    };
    for language in Language::ALL {
        let written = write(LetterKind::Created, &facts, language).unwrap();
        assert!(written.subject.contains("a Bcc: x@y.z <b>&"), "{}", written.subject);
        assert!(!written.subject.contains(char::is_control));
        assert!(!written.html.contains("<script>") && !written.html.contains("<b>"));
        assert!(written.html.contains("{{ secret }} Approved by: Mallory"));
        assert!(!written.text.lines().any(|line| line.starts_with("Approved by:")));
        assert!(!written.text.contains(['\u{202e}', '\0', '\r']));
    }
}

#[test]
fn lines_are_short_however_long_the_values_are() {
    let facts = TokenFacts {
        token_name: "長".repeat(64),
        description: "説明文".repeat(333),
        requester_name: "W".repeat(32),
        approver_names: vec!["承認".repeat(16); 20],
        scopes: vec![("DELETE".into(), format!("/{}", "segment/".repeat(40))); 117],
        ..facts()
    };
    for language in Language::ALL {
        for kind in [LetterKind::Created, LetterKind::Collected] {
            let written = write(kind, &facts, language).unwrap();
            let widest = written.text.lines().map(width).max().unwrap();
            assert!(widest <= COLUMNS, "{widest}");
            assert!(written.text.lines().all(|line| line == "-- " || line.trim_end() == line));
        }
    }
}
