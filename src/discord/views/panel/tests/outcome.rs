//! What comes into the panel's place.

use insta::assert_snapshot;

use super::super::super::testing::{ORCHARD, check, draft, noon, print_message, provider, user};
use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::views::panel::{
    render_cancelled, render_edit_cancelled, render_submitted, render_too_few_admins,
};
use crate::domain::content::{Content, UnresolvedContent};
use crate::domain::draft::Draft;
use crate::domain::form::ContactFacts;
use crate::domain::ids::{RequestId, RequestNumber, TokenId};
use crate::domain::policy::TooFewAdmins;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::locale::Language;
use crate::workflow::request::submit::Submitted;

fn submission(provider: &Provider, name: &str) -> Submitted {
    let mut form = draft(provider).form;
    form.name = name.into();
    let contact = ContactFacts { is_bot: false, is_member: true };
    let settings = form.check(&provider.catalogue, contact).unwrap();
    let (version, id) = (provider.catalogue.newest(), provider.id.clone());
    let scopes = ["trees:listTrees".parse().unwrap()];
    let unresolved = UnresolvedContent {
        provider: id,
        issuer: provider.issuer.facts(),
        kind: RequestKind::Create,
        settings,
        lifetime_days: 90,
        target: None,
    };
    let content = Content::new(unresolved, version, &scopes).unwrap();
    let request = Request {
        id: RequestId::new(3).unwrap(),
        number: RequestNumber::new(1234).unwrap(),
        state: RequestState::Pending,
        requester: user(1001),
        approvals_required: 2,
        requester_approval_counts: true,
        digest: content.digest(),
        content,
        revision: 1,
        submitted_at: noon(),
        expires_at: noon(),
        ended_by: None,
        reason: None,
    };
    let (first_approval, edited, own_never_counts) = (false, false, false);
    Submitted { request, first_approval, edited, own_never_counts, opened_from: None }
}

#[test]
fn an_admins_request_has_its_first_approval() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.first_approval = true;
    assert_snapshot!(print_message(&render_submitted(&done, &provider, None, Language::EnglishUs)), @"
    (only you can see this)
    ┌
    ### Request #1234 is submitted
    **Harvest report** for Orchard
    **1 of 2 approvals.** As an admin, you gave the first one by submitting. One more admin has to approve it.
    The admins can see it in their channel. You will be told by direct message how it goes on, and can reveal the secret there. If you don’t accept direct messages, use `/token collect`.
    Without enough approvals, the request expires on <t:1751457600:f> (<t:1751457600:R>).
    [Edit <edit:3>] [Withdraw <withdraw:3>]
    ");
    assert_snapshot!(print_message(&render_submitted(&done, &provider, None, Language::Japanese)), @"
    (only you can see this)
    ┌
    ### 申請#1234を受け付けました
    **Harvest report**（Orchard）
    **2人中1人が承認しています。**管理者として申請したため、申請が1人目の承認になりました。あと1人の管理者の承認が必要です。
    管理者のチャンネルに通知しました。進捗はダイレクトメッセージで届き、シークレットもそこから表示できます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り`を使ってください。
    必要な承認がそろわない場合、申請は<t:1751457600:f>（<t:1751457600:R>）に失効します。
    [編集 <edit:3>] [取り下げ <withdraw:3>]
    ");
}

#[test]
fn another_persons_request_has_none() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.request.approvals_required = 3;
    assert_snapshot!(print_message(&render_submitted(&done, &provider, None, Language::EnglishUs)), @"
    (only you can see this)
    ┌
    ### Request #1234 is submitted
    **Harvest report** for Orchard
    **0 of 3 approvals.** 3 different admins have to approve it.
    The admins can see it in their channel. You will be told by direct message how it goes on, and can reveal the secret there. If you don’t accept direct messages, use `/token collect`.
    Without enough approvals, the request expires on <t:1751457600:f> (<t:1751457600:R>).
    [Edit <edit:3>] [Withdraw <withdraw:3>]
    ");
}

#[test]
fn an_edited_request_begins_again() {
    let provider = provider("果樹園", ORCHARD);
    let mut done = submission(&provider, &"*".repeat(64));
    (done.edited, done.own_never_counts) = (true, true);
    done.request.requester_approval_counts = false;
    assert_snapshot!(print_message(&render_submitted(&done, &provider, None, Language::EnglishUs)), @r"
    (only you can see this)
    ┌
    ### Request #1234 is changed
    **\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*** for 果樹園
    **0 of 2 approvals.** 2 different admins have to approve it.
    Your approval of your own request does not count.
    Approvals of the earlier content no longer count.
    The admins can see it in their channel. You will be told by direct message how it goes on, and can reveal the secret there. If you don’t accept direct messages, use `/token collect`.
    Without enough approvals, the request expires on <t:1751457600:f> (<t:1751457600:R>).
    [Edit <edit:3>] [Withdraw <withdraw:3>]
    ");
    assert_snapshot!(print_message(&render_submitted(&done, &provider, None, Language::Japanese)), @r"
    (only you can see this)
    ┌
    ### 申請#1234を変更しました
    **\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\***（果樹園）
    **2人中0人が承認しています。**管理者2人の承認が必要です。
    ご自身の申請を承認しても、数に入りません。
    変更前の内容への承認は数に入りません。
    管理者のチャンネルに通知しました。進捗はダイレクトメッセージで届き、シークレットもそこから表示できます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り`を使ってください。
    必要な承認がそろわない場合、申請は<t:1751457600:f>（<t:1751457600:R>）に失効します。
    [編集 <edit:3>] [取り下げ <withdraw:3>]
    ");
}

#[test]
fn what_has_nothing_to_edit_can_only_be_withdrawn() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.request.content.kind = RequestKind::Enable;
    let shown = print_message(&render_submitted(&done, &provider, None, Language::EnglishUs));
    assert!(shown.contains("withdraw:3") && !shown.contains("edit:3"), "{shown}");
    assert!(shown.contains("can reveal the new secret there"), "{shown}");
}

#[test]
fn no_secret_is_promised_where_none_is_created() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.request.content.kind = RequestKind::Extend;
    for (language, secret) in
        [(Language::EnglishUs, "secret"), (Language::Japanese, "シークレット")]
    {
        let shown = print_message(&render_submitted(&done, &provider, None, language));
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Of a new request, of a change on its token's panel, and of the edit of a request.
#[test]
fn a_cancelled_draft() {
    let new = draft(&provider("Orchard", ORCHARD));
    let change = Draft { token: Some(TokenId::new(3).unwrap()), ..new.clone() };
    let edit = Draft { request: Some(RequestId::new(3).unwrap()), ..new.clone() };
    let shown = Language::ALL.map(|language| {
        [&new, &change, &edit].map(|draft| render_cancelled(draft, language).prose()).join("\n")
    });
    assert_snapshot!(shown.join("\n"), @"
    Cancelled. What you entered is gone, and nothing was submitted. To start again, use </token request:00000000000000000000000000>.
    Cancelled. What you entered is gone, and nothing was submitted.
    Cancelled. What you entered is gone, and your request stays as it is. To edit it again, use </token pending:00000000000000000000000000>.
    キャンセルしました。入力内容は破棄され、何も申請されていません。やり直すには、</トークン 申請:00000000000000000000000000>を使ってください。
    キャンセルしました。入力内容は破棄され、何も申請されていません。
    キャンセルしました。入力内容は破棄され、申請はそのまま残っています。もう一度編集するには、</トークン 対応待ち:00000000000000000000000000>を使ってください。
    ");
}

/// A request that was to be edited stays, and so do its buttons.
#[test]
fn a_cancelled_edit() {
    let request = submission(&provider("Orchard", ORCHARD), "Harvest report").request;
    let edit = Draft { request: Some(request.id), ..draft(&provider("Orchard", ORCHARD)) };
    let shown = print_message(&render_edit_cancelled(&request, &edit, Language::EnglishUs));
    assert!(shown.contains("Cancelled") && shown.contains("edit:3"), "{shown}");
    assert!(shown.contains("withdraw:3"), "{shown}");
}

#[test]
fn a_change_leads_back_to_where_its_panel_was_opened() {
    let provider = provider("Orchard", ORCHARD);
    let done = submission(&provider, "Harvest report");
    let back = CustomId::Pending(2);
    let message = render_submitted(&done, &provider, Some(&back), Language::EnglishUs);
    let shown = print_message(&message);
    assert!(
        shown.contains("[Edit <edit:3>] [Withdraw <withdraw:3>] [Back <pending:2>]"),
        "{shown}"
    );
}

#[test]
fn too_few_admins_says_whom_to_ask() {
    let texts = |language| {
        let certain = [0, 1, 2].map(|have| TooFewAdmins::Certain { have });
        let maybe = TooFewAdmins::Possible { least: 2, most: 4 };
        let all = certain.into_iter().chain([maybe]);
        let all = all.map(|found| render_too_few_admins(found, 3, language).prose());
        all.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(texts(Language::EnglishUs), @"
    **This request can’t be approved yet.** It needs 3 approvals, and nobody here can give one. Ask the people who manage this server’s roles for more admins of this provider. The request waits in the meantime.
    **This request can’t be approved yet.** It needs 3 approvals, and only one person here can give one. Ask the people who manage this server’s roles for more admins of this provider. The request waits in the meantime.
    **This request can’t be approved yet.** It needs 3 approvals, and only 2 people here can give one. Ask the people who manage this server’s roles for more admins of this provider. The request waits in the meantime.
    **Maybe this request can’t be approved yet.** It needs 3 approvals, and 2 to 4 people here can give one: it is not known how many of them hold more than one admin role. If there are too few, ask the people who manage this server’s roles for more admins of this provider. The request waits in the meantime.
    ");
    assert_snapshot!(texts(Language::Japanese), @"
    **このままでは、この申請は承認されません。**3人の承認が必要ですが、ここには承認できる人がいません。このプロバイダーの管理者を増やすよう、サーバーのロールを管理している人に依頼してください。申請はその間も承認を待ちます。
    **このままでは、この申請は承認されません。**3人の承認が必要ですが、ここで承認できる人は1人だけです。このプロバイダーの管理者を増やすよう、サーバーのロールを管理している人に依頼してください。申請はその間も承認を待ちます。
    **このままでは、この申請は承認されません。**3人の承認が必要ですが、ここで承認できる人は2人だけです。このプロバイダーの管理者を増やすよう、サーバーのロールを管理している人に依頼してください。申請はその間も承認を待ちます。
    **このままでは、この申請は承認されないかもしれません。**3人の承認が必要ですが、ここで承認できる人は2～4人です。管理者のロールを複数持つ人の数は分からないためです。足りない場合は、このプロバイダーの管理者を増やすよう、サーバーのロールを管理している人に依頼してください。申請はその間も承認を待ちます。
    ");
    let most = TooFewAdmins::Possible { least: u64::MAX, most: u64::MAX };
    check(&render_too_few_admins(most, u8::MAX, Language::Japanese));
}
