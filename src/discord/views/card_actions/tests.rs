use std::collections::BTreeMap;

use insta::assert_snapshot;
use secrecy::ExposeSecret as _;

use super::*;
use crate::discord::interaction::FieldValue;
use crate::discord::views::card::testing::{check, check_modal, print_text, provider, shortest};
use crate::domain::ids::{RequestNumber, UserId};
use crate::domain::issuer::IssuerKind;
use crate::domain::policy::Tally;
use crate::domain::request_kind::RequestKind;

/// The number is as long as it can be.
fn request(issuer: &str, state: RequestState) -> Request {
    let number = RequestNumber::new(i64::MAX).unwrap();
    Request { state, number, ..shortest(provider(issuer)) }
}

fn submission(fields: &[(&str, &str)]) -> Submission {
    let fields = fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), FieldValue::Text((*text).to_owned())));
    Submission {
        custom_id: String::new(),
        fields: fields.collect(),
        users: BTreeMap::new(),
        message: None,
    }
}

fn answers(language: Language) -> String {
    let approve = |issuer: &str, have, need| {
        let request = request(issuer, RequestState::Pending);
        render_approved(&ApproveOutcome { request, tally: Tally { have, need } }, language)
    };
    let pending = request("orchard", RequestState::Pending);
    let again = request("orchard", RequestState::Approved);
    let mut narrows = request("orchard", RequestState::Withdrawn);
    narrows.content.kind = RequestKind::Narrow;
    narrows.content.issuer = IssuerKind::Http;
    let of_reason = |reason: &str| Request { reason: Some(reason.to_owned()), ..narrows.clone() };
    let (in_doubt, begun) = (of_reason("maybe_changed"), of_reason("maybe_done"));
    let asked_again = Request { state: RequestState::Issuing, ..narrows.clone() };
    let messages = [
        approve("orchard", 1, 2),
        approve("orchard", 1, 3),
        approve("orchard", 2, 2),
        approve("brand", 2, 2),
        render_denied(&pending, language),
        render_withdrawn(&pending, None, language),
        render_withdrawn(&pending, Some("countersign-1-ab"), language),
        render_withdrawn(&narrows, None, language),
        render_withdrawn(&in_doubt, None, language),
        render_withdrawn(&begun, None, language),
        render_fulfilled(&pending, language),
        render_retried(&again, language),
        render_retried(&pending, language),
        render_retried(&asked_again, language),
        render_done(&pending, language),
    ];
    messages.iter().for_each(check);
    assert!(messages.iter().all(|message| message.ephemeral));
    let read = messages.iter().map(|message| print_text(message).replace("\n(ephemeral)", ""));
    read.collect::<Vec<_>>().join("\n").replace("9223372036854775807", "…807")
}

/// What the answer to the last *Approve* becomes, in each state.
fn checked(language: Language) -> String {
    let outcome = |issuer: &str, state, struck: &[i64]| {
        let struck = struck.iter().map(|id| UserId::new(*id).unwrap()).collect();
        let have = if state == RequestState::Pending { 1 } else { 2 };
        let (request, tally) = (request(issuer, state), Tally { have, need: 2 });
        render_checked(&CheckedRequest { request, struck, tally }, language)
    };
    let messages = [
        outcome("orchard", RequestState::Issuing, &[]),
        outcome("brand", RequestState::Issuing, &[]),
        outcome("orchard", RequestState::Done, &[]),
        outcome("orchard", RequestState::Pending, &[1]),
        outcome("orchard", RequestState::Pending, &[1, 2]),
        outcome("orchard", RequestState::Pending, &[]),
        outcome("orchard", RequestState::Failed, &[]),
        outcome("orchard", RequestState::Denied, &[]),
        outcome("orchard", RequestState::Withdrawn, &[]),
        outcome("orchard", RequestState::Expired, &[]),
    ];
    messages.iter().for_each(check);
    let read = messages.iter().map(|message| print_text(message).replace("\n(ephemeral)", ""));
    read.collect::<Vec<_>>().join("\n").replace("9223372036854775807", "…807")
}

#[test]
fn what_came_of_a_check() {
    assert_snapshot!(checked(Language::EnglishUs), @"
    The approvals of #…807 still count. The request is being carried out.
    The approvals of #…807 still count. Its card now shows the steps for an admin to take at the provider.
    The approvals of #…807 still count, and the request was carried out.
    <@1> is no longer an admin, so one more approval of #…807 is needed.
    <@1>, <@2> are no longer admins, so one more approval of #…807 is needed.
    #…807 needs approvals again: the configuration or the token changed after the request was submitted. Its card shows what it is now.
    #…807 could not be carried out. Its card says what an admin has to do.
    #…807 was denied in the meantime. Its card says why.
    #…807 was withdrawn in the meantime. Its card says why.
    #…807 has expired: it did not get enough approvals in time.
    ");
    assert_snapshot!(checked(Language::Japanese), @"
    #…807の承認を確認しました。申請の処理を進めています。
    #…807の承認を確認しました。管理者がプロバイダーで行う手順をカードに載せました。
    #…807の承認を確認し、申請の処理が完了しました。
    管理者ではなくなったメンバー（1人）：<@1>。#…807には、あと1人の承認が必要です。
    管理者ではなくなったメンバー（2人）：<@1>、<@2>。#…807には、あと1人の承認が必要です。
    #…807には、改めて承認が必要です。申請の後に、設定またはトークンが変更されました。現在の内容は、カードで確認できます。
    #…807を処理できませんでした。管理者が行うことは、カードに載っています。
    #…807は却下されました。理由はカードに載っています。
    #…807は取り下げられました。理由はカードに載っています。
    #…807は、期間内に承認がそろわず、失効しました。
    ");
}

#[test]
fn in_english() {
    assert_snapshot!(answers(Language::EnglishUs), @"
    You approved #…807 (1 of 2). One more approval is needed.
    You approved #…807 (1 of 3). 2 more approvals are needed.
    You approved #…807 (2 of 2). Checking that all approvers are still admins; then the request will be carried out.
    You approved #…807 (2 of 2). Checking that all approvers are still admins; then the card will show the steps for an admin to take at the provider.
    #…807 is denied. <@100> will be told who denied it and why.
    #…807 is withdrawn. Nothing was created.
    #…807 is withdrawn. No clear answer came from the provider’s API, so a token marked `countersign-1-ab` may have been created. Countersign looks for it and deletes it where it can; the card says if an admin has to.
    #…807 is withdrawn. The token is unchanged.
    #…807 is withdrawn. No clear answer came from the provider’s API, so the token may have been changed there all the same. Its card tells the admins to check at the provider what the token can do.
    #…807 is withdrawn. An admin may have carried it out at the provider already; its card tells admins to undo that.
    Thank you. The secret of #…807 is stored encrypted, and <@100> can collect it now. Please empty your clipboard.
    #…807 is being tried again. Checking that all approvers are still admins.
    #…807 needs approvals again: too few of those it had still count.
    #…807 is being tried again. Its card will show what the provider’s API answers.
    Thank you. #…807 is marked as done, and its card shows it.
    ");
}

#[test]
fn in_japanese() {
    assert_snapshot!(answers(Language::Japanese), @"
    #…807を承認しました（2人中1人が承認）。あと1人の承認が必要です。
    #…807を承認しました（3人中1人が承認）。あと2人の承認が必要です。
    #…807を承認しました（2人中2人が承認）。承認した全員が今も管理者であることを確認してから、申請の処理を進めます。
    #…807を承認しました（2人中2人が承認）。承認した全員が今も管理者であることを確認してから、管理者がプロバイダーで行う手順をカードに載せます。
    #…807を却下しました。却下した人と理由は、<@100>さんに通知されます。
    #…807を取り下げました。何も作成されていません。
    #…807を取り下げました。プロバイダーのAPIから明確な応答がなかったため、`countersign-1-ab`という目印のトークンが作成された可能性があります。Countersignが可能な限り探して削除します。管理者の確認が必要な場合は、カードに載ります。
    #…807を取り下げました。トークンに変更はありません。
    #…807を取り下げました。プロバイダーのAPIから明確な応答がなかったため、トークンが変更された可能性があります。トークンで何ができるかをプロバイダーで確認するよう、カードで管理者に依頼しています。
    #…807を取り下げました。管理者がすでにプロバイダーで手続きを行っている場合は元に戻すよう、カードで管理者に依頼しています。
    ありがとうございます。#…807のシークレットを暗号化して保管しました。<@100>さんが受け取れます。クリップボードを空にしてください。
    #…807を再試行しています。承認した全員が今も管理者であることを確認しています。
    #…807には、改めて承認が必要です。これまでの承認のうち、数に入るものが足りません。
    #…807を再試行しています。プロバイダーのAPIの応答は、カードに載ります。
    ありがとうございます。#…807を完了として記録し、カードに反映しました。
    ");
}

#[test]
fn forms_are_within_the_limits() {
    let request = request("brand", RequestState::Issuing);
    for language in Language::ALL {
        check_modal(&render_deny_form(&request, Place::Pending(u8::MAX), language));
        check_modal(&render_fulfil_form(&request, Place::Pending(u8::MAX), language));
    }
}

#[test]
fn forms_ask_for_what_is_read() {
    let request = shortest(provider("brand"));
    let body = |modal: Modal| serde_json::to_string_pretty(&modal.body()).unwrap();
    assert_snapshot!(body(render_deny_form(&request, Place::Alone, Language::EnglishUs)), @r#"
    {
      "components": [
        {
          "component": {
            "custom_id": "reason",
            "max_length": 500,
            "min_length": 1,
            "required": true,
            "style": 2,
            "type": 4
          },
          "description": "The requester and everyone who sees the card can read it.",
          "label": "Reason",
          "type": 18
        }
      ],
      "custom_id": "deny-form:1",
      "title": "Deny #7"
    }
    "#);
    assert_snapshot!(body(render_fulfil_form(&request, Place::Alone, Language::Japanese)), @r##"
    {
      "components": [
        {
          "component": {
            "custom_id": "account-sid",
            "max_length": 128,
            "min_length": 1,
            "required": true,
            "style": 1,
            "type": 4
          },
          "label": "Account SID",
          "type": 18
        },
        {
          "component": {
            "custom_id": "secret",
            "max_length": 512,
            "min_length": 1,
            "required": true,
            "style": 1,
            "type": 4
          },
          "description": "すぐに暗号化されます。内容を見られるのは申請者だけです。",
          "label": "Auth Token",
          "type": 18
        }
      ],
      "custom_id": "fulfil-form:1:dce25a1397a25d85c2e323eadca2a0d740e280906dc8ff08809942cbeea2009a",
      "title": "#7の認証情報を登録"
    }
    "##);
}

#[test]
fn what_was_typed_is_read_and_a_secret_is_not_printed() {
    assert_eq!(parse_reason(&submission(&[("reason", " No.\n")])), Some("No."));
    assert_eq!(parse_reason(&submission(&[])), None);
    let pasted = submission(&[("account-sid", "CS1"), ("secret", "hush")]);
    let (sid, secret) = parse_credentials(&pasted).unwrap();
    assert_eq!((sid, secret.expose_secret()), ("CS1", "hush"));
    assert!(!format!("{pasted:?} {secret:?}").contains("hush"));
    assert!(parse_credentials(&submission(&[("account-sid", "CS1")])).is_none());
}
