use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::testing::{BRAND, ORCHARD, check_form, draft, print_form, provider, user};
use super::*;
use crate::discord::interaction::{FieldValue, ResolvedUser};
use crate::domain::form::FieldProblem;

#[test]
fn the_empty_form_has_the_newest_version_and_the_requester_chosen() {
    let provider = provider("Orchard", ORCHARD);
    let modal = render_new(&provider, user(1001), Language::EnglishUs);
    assert_snapshot!(print_form(&modal), @"
    == Request an API token <new-form:orchard>
    - Token name* (Up to 64 characters. No other token or open request of this provider may have it.)
      [line 1..64: ]
    - Description* (What the token is for. The admins read this when they decide.)
      [text 1..1000: ]
    - API version* (Versions of Orchard, newest first)
      [ 1..1 <api_version>
      [x] Version 2 (recommended) () <2>
      [ ] Version 1 () <1>]
    - Primary contact* (The person who is told what happens to the token, and about changes to the API.)
      [ 1..1 <contact> @1001]
    - Developer emails (Up to 10, separated by commas, spaces or lines. For news only, never secrets.)
      [text null..2600: ]
    ");
}

#[test]
fn the_empty_form_in_japanese() {
    let modal = render_new(&provider("果樹園", BRAND), user(1001), Language::Japanese);
    assert_snapshot!(print_form(&modal), @"
    == APIトークンの申請 <new-form:orchard>
    - トークン名* (64文字まで。同じプロバイダーのトークンや処理中の申請と同じ名前は使えません。)
      [line 1..64: ]
    - 説明* (トークンの用途です。管理者が判断するときに読みます。)
      [text 1..1000: ]
    - APIバージョン* (果樹園のバージョン（新しい順）)
      [ 1..1 <api_version>
      [x] バージョン14（推奨） () <14>]
    - 主な連絡先* (トークンの状況や、APIの変更のお知らせが届く人です。)
      [ 1..1 <contact> @1001]
    - 開発者のメールアドレス (10件まで。カンマ、スペース、改行で区切ります。お知らせ専用で、シークレットは送りません。)
      [text null..2600: ]
    ");
}

#[test]
fn a_filled_form_keeps_what_was_typed() {
    let provider = provider("Orchard", ORCHARD);
    let modal = render_filled(&draft(&provider), None, &provider, Language::EnglishUs);
    assert_snapshot!(print_form(&modal), @"
    == Edit details <details-form:7>
    - Token name* (Up to 64 characters. No other token or open request of this provider may have it.)
      [line 1..64: Harvest report]
    - Description* (What the token is for. The admins read this when they decide.)
      [text 1..1000: Sums up the harvest each night.]
    - API version* (Versions of Orchard, newest first)
      [ 1..1 <api_version>
      [x] Version 2 (recommended) () <2>
      [ ] Version 1 () <1>]
    - Primary contact* (The person who is told what happens to the token, and about changes to the API.)
      [ 1..1 <contact> @1002]
    - Developer emails (Up to 10, separated by commas, spaces or lines. For news only, never secrets.)
      [text null..2600: dev@example.com, ops@example.com]
    ");
}

#[test]
fn no_label_and_no_sentence_is_cut() {
    let provider = provider("impact.com (brand)", BRAND);
    for language in Language::ALL {
        for modal in [
            render_new(&provider, user(1001), language),
            render_filled(&draft(&provider), None, &provider, language),
        ] {
            assert!(units(&modal.title) <= limit::MODAL_TITLE);
            for field in &modal.fields {
                assert!(units(&field.label) <= limit::MODAL_TITLE, "{}", field.label);
                let sentence = &field.description;
                assert!(units(sentence) <= limit::INPUT_PLACEHOLDER, "{sentence}");
            }
        }
    }
}

/// Everything that the modal shows, sent back untouched.
fn untouched(modal: &Modal) -> Submission {
    let mut submission = Submission {
        custom_id: modal.custom_id.clone(),
        fields: Default::default(),
        users: Default::default(),
        message: None,
    };
    for component in check_form(modal)["components"].as_array().unwrap() {
        let input = &component["component"];
        let value = match input["type"].as_u64().unwrap() {
            4 => FieldValue::Text(input["value"].as_str().unwrap_or_default().into()),
            3 => {
                let options = input["options"].as_array().unwrap().iter();
                let chosen = options.filter(|option| option["default"] == true);
                FieldValue::Values(
                    chosen.map(|option| option["value"].as_str().unwrap().into()).collect(),
                )
            }
            _ => {
                FieldValue::Values(vec![input["default_values"][0]["id"].as_str().unwrap().into()])
            }
        };
        submission.fields.insert(input["custom_id"].as_str().unwrap().into(), value);
    }
    submission
}

#[test]
fn what_is_sent_back_untouched_is_what_was_there() {
    let provider = provider("Orchard", ORCHARD);
    let mut draft = draft(&provider);
    draft.form.name = "🚀".repeat(64);
    draft.form.description = "*".repeat(1000);
    draft.form.api_version = "1".parse().unwrap();
    draft.form.developer_emails = "x".repeat(3000);
    let submission = untouched(&render_filled(&draft, None, &provider, Language::Japanese));
    let (form, contact) = parse_form(&submission).unwrap();
    assert_eq!(form, draft.form);
    assert_eq!(contact, ContactFacts { is_bot: false, is_member: false });
}

#[test]
fn a_contact_is_what_discord_says() {
    let provider = provider("Orchard", ORCHARD);
    let mut submission =
        untouched(&render_filled(&draft(&provider), None, &provider, Language::EnglishUs));
    for (bot, member) in [(false, true), (true, true), (false, false)] {
        let described = ResolvedUser { display_name: "Aki".into(), bot, member };
        submission.users.insert(user(1002), described);
        let (_, contact) = parse_form(&submission).unwrap();
        assert_eq!(contact, ContactFacts { is_bot: bot, is_member: member });
    }
}

#[test]
fn what_no_client_sends_is_no_form() {
    let provider = provider("Orchard", ORCHARD);
    let whole = untouched(&render_filled(&draft(&provider), None, &provider, Language::EnglishUs));
    for field in [NAME, DESCRIPTION, API_VERSION, CONTACT, DEVELOPER_EMAILS] {
        let mut without = whole.clone();
        without.fields.remove(field);
        assert_eq!(parse_form(&without), None, "without {field}");
        let mut other = whole.clone();
        let kind = match &whole.fields[field] {
            FieldValue::Text(_) => FieldValue::Values(vec!["1".into()]),
            FieldValue::Values(_) => FieldValue::Text("1".into()),
        };
        other.fields.insert(field.into(), kind);
        assert_eq!(parse_form(&other), None, "{field} of another kind");
    }
    for (field, value) in [(API_VERSION, "newest"), (CONTACT, "somebody")] {
        let mut nonsense = whole.clone();
        nonsense.fields.insert(field.into(), FieldValue::Values(vec![value.into()]));
        assert_eq!(parse_form(&nonsense), None, "{field}: {value}");
    }
}

#[test]
fn what_cant_be_seen_in_a_name_is_shown_for_correction() {
    let provider = provider("Orchard", ORCHARD);
    let mut draft = draft(&provider);
    draft.form.name = "Har\u{200B}vest\u{202E}".into();
    draft.problems = vec![FieldProblem::NameUnreadable];
    let (form, _) =
        parse_form(&untouched(&render_filled(&draft, None, &provider, Language::EnglishUs)))
            .unwrap();
    assert_eq!(form.name, "Har\u{FFFD}vest\u{FFFD}");
}

#[test]
fn a_version_that_is_gone_gives_way_to_the_newest() {
    let provider = provider("Orchard", ORCHARD);
    let mut draft = draft(&provider);
    draft.form.api_version = "99".parse().unwrap();
    let (form, _) =
        parse_form(&untouched(&render_filled(&draft, None, &provider, Language::EnglishUs)))
            .unwrap();
    assert_eq!(form.api_version, provider.catalogue.newest().version);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_was_typed_the_form_can_be_opened_again(
        name in "\\PC{0,80}", description in "(?s).{0,1200}", emails in "(?s).{0,2700}",
        provider_name in "\\PC{1,80}",
    ) {
        let provider = provider(&provider_name, ORCHARD);
        let mut draft = draft(&provider);
        draft.form = Form { name, description, developer_emails: emails, ..draft.form };
        for language in Language::ALL {
            check_form(&render_filled(&draft, None, &provider, language));
            check_form(&render_new(&provider, user(1), language));
        }
    }
}
