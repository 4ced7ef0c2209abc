//! What comes into the panel's place.

use insta::assert_snapshot;

use super::super::super::testing::{ORCHARD, check, draft, noon, print_message, provider, user};
use crate::config::Provider;
use crate::discord::views::panel::{render_cancelled, render_submitted, render_too_few_admins};
use crate::domain::content::{Content, UnresolvedContent};
use crate::domain::form::ContactFacts;
use crate::domain::ids::{RequestId, RequestNumber};
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
    Submitted { request, first_approval: false, edited: false }
}

#[test]
fn an_admins_request_has_its_first_approval() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.first_approval = true;
    assert_snapshot!(print_message(&render_submitted(&done, &provider, Language::EnglishUs)), @"
    (only you can see this)
    == Request #1234 is on its way
    **Harvest report** for Orchard
    **1 of 2 approvals.** Your own is counted, since you are an admin. One more admin has to approve.
    The admins see it in their channel now. You will hear of each step by direct message, and a new secret waits for you there. If your direct messages are closed, use `/token collect`.
    Without enough approvals it lapses on <t:1751457600:f> (<t:1751457600:R>).
    [Edit <edit:3>] [Withdraw <withdraw:3>]
    ");
    assert_snapshot!(print_message(&render_submitted(&done, &provider, Language::Japanese)), @"
    (only you can see this)
    == 申請 #1234 を送信しました
    **Harvest report**（Orchard）
    **承認 1/2** 管理者であるため、ご自身の承認が 1 件目に数えられています。ほかの管理者 1 人の承認が必要です。
    管理者のチャンネルに通知しました。進捗はダイレクトメッセージでお知らせし、新しいシークレットもそこで受け取れます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り` をお使いください。
    <t:1751457600:f>（<t:1751457600:R>）までに必要な承認が揃わない場合、申請は失効します。
    [編集 <edit:3>] [取り下げ <withdraw:3>]
    ");
}

#[test]
fn another_persons_request_has_none() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.request.approvals_required = 3;
    assert_snapshot!(print_message(&render_submitted(&done, &provider, Language::EnglishUs)), @"
    (only you can see this)
    == Request #1234 is on its way
    **Harvest report** for Orchard
    **0 of 3 approvals.** 3 different admins have to approve.
    The admins see it in their channel now. You will hear of each step by direct message, and a new secret waits for you there. If your direct messages are closed, use `/token collect`.
    Without enough approvals it lapses on <t:1751457600:f> (<t:1751457600:R>).
    [Edit <edit:3>] [Withdraw <withdraw:3>]
    ");
}

#[test]
fn an_edited_request_begins_again() {
    let provider = provider("果樹園", ORCHARD);
    let mut done = submission(&provider, &"*".repeat(64));
    (done.edited, done.request.requester_approval_counts) = (true, false);
    assert_snapshot!(print_message(&render_submitted(&done, &provider, Language::EnglishUs)), @r"
    (only you can see this)
    == Request #1234 is changed
    **\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*** for 果樹園
    **0 of 2 approvals.** 2 different admins have to approve.
    On your own request, your approval doesn’t count.
    Approvals of the earlier content no longer count.
    The admins see it in their channel now. You will hear of each step by direct message, and a new secret waits for you there. If your direct messages are closed, use `/token collect`.
    Without enough approvals it lapses on <t:1751457600:f> (<t:1751457600:R>).
    [Edit <edit:3>] [Withdraw <withdraw:3>]
    ");
    assert_snapshot!(print_message(&render_submitted(&done, &provider, Language::Japanese)), @r"
    (only you can see this)
    == 申請 #1234 を変更しました
    **\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\***（果樹園）
    **承認 0/2** 管理者 2 人の承認が必要です。
    ご自身の申請を、ご自身で承認することはできません。
    変更前の内容に対する承認は無効になりました。
    管理者のチャンネルに通知しました。進捗はダイレクトメッセージでお知らせし、新しいシークレットもそこで受け取れます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り` をお使いください。
    <t:1751457600:f>（<t:1751457600:R>）までに必要な承認が揃わない場合、申請は失効します。
    [編集 <edit:3>] [取り下げ <withdraw:3>]
    ");
}

#[test]
fn what_has_nothing_to_edit_can_only_be_withdrawn() {
    let provider = provider("Orchard", ORCHARD);
    let mut done = submission(&provider, "Harvest report");
    done.request.content.kind = RequestKind::Enable;
    let shown = print_message(&render_submitted(&done, &provider, Language::EnglishUs));
    assert!(shown.contains("withdraw:3") && !shown.contains("edit:3"), "{shown}");
}

#[test]
fn a_cancelled_draft() {
    assert_snapshot!(print_message(&render_cancelled(Language::EnglishUs)), @"
    (only you can see this)
    Cancelled. What you entered is gone, and nothing was submitted. A request that was already waiting stays as it was. To start again, use `/token request`.
    ");
    assert_snapshot!(print_message(&render_cancelled(Language::Japanese)), @"
    (only you can see this)
    キャンセルしました。入力内容は破棄され、何も送信されていません。すでに承認待ちの申請がある場合、その申請はそのまま残ります。もう一度始めるには `/トークン 申請` をお使いください。
    ");
}

#[test]
fn too_few_admins_says_whom_to_ask() {
    let texts = |language| {
        [0, 1, 2].map(|have| render_too_few_admins(have, 3, language).content).join("\n")
    };
    assert_snapshot!(texts(Language::EnglishUs), @"
    **This request can’t be approved yet.** It takes 3 approvals, and nobody here can give one. Please ask whoever manages this server’s roles to make more members admins of this provider. The request waits meanwhile.
    **This request can’t be approved yet.** It takes 3 approvals, and only one person here can give one. Please ask whoever manages this server’s roles to make more members admins of this provider. The request waits meanwhile.
    **This request can’t be approved yet.** It takes 3 approvals, and only 2 people here can give one. Please ask whoever manages this server’s roles to make more members admins of this provider. The request waits meanwhile.
    ");
    assert_snapshot!(texts(Language::Japanese), @"
    **このままでは、この申請は承認されません。**3 人の承認が必要ですが、承認できる方がいません。このサーバーのロールを管理している方に、このプロバイダーの管理者を増やすよう依頼してください。申請はそのまま承認を待ちます。
    **このままでは、この申請は承認されません。**3 人の承認が必要ですが、承認できる方は 1 人だけです。このサーバーのロールを管理している方に、このプロバイダーの管理者を増やすよう依頼してください。申請はそのまま承認を待ちます。
    **このままでは、この申請は承認されません。**3 人の承認が必要ですが、承認できる方は 2 人だけです。このサーバーのロールを管理している方に、このプロバイダーの管理者を増やすよう依頼してください。申請はそのまま承認を待ちます。
    ");
    check(&render_too_few_admins(u64::MAX, u8::MAX, Language::Japanese));
}
