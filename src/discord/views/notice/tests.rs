use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{
    check, hour, longest, print_text, provider, shortest, token, user,
};

mod more;

const KINDS: [NoticeKind; 15] = [
    NoticeKind::Approved,
    NoticeKind::Returned,
    NoticeKind::Denied,
    NoticeKind::Expired,
    NoticeKind::Failed,
    NoticeKind::Created,
    NoticeKind::Collected,
    NoticeKind::Lapsed,
    NoticeKind::Disabled,
    NoticeKind::Disowned,
    NoticeKind::Changed,
    NoticeKind::Narrowed,
    NoticeKind::Reset,
    NoticeKind::Enabled,
    NoticeKind::MailboxRefused,
];

fn every_change() -> Vec<Change> {
    let addresses = |text: &str| vec![text.parse().unwrap()];
    vec![
        Change::Name("Reports".into(), "*Reports*".into()),
        Change::Description("Old\nlines".into(), "x".repeat(1_000)),
        Change::ApiVersion(1.try_into().unwrap(), 2.try_into().unwrap()),
        Change::Contact(user(200), user(300)),
        Change::DevelopersAdded(addresses("new@example.com")),
        Change::DevelopersRemoved(addresses("old@example.com")),
        Change::ScopesAdded(vec!["GET /Trees".into(), "POST /Trees".into()]),
        Change::ScopesRemoved(vec!["DELETE /Trees/{TreeId}".into()]),
        Change::End(None, Some(hour(24))),
    ]
}

fn about(kind: NoticeKind, request: &Request, token: Option<&Token>, recipient: i64) -> Message {
    let actor = matches!(kind, NoticeKind::Denied | NoticeKind::Disabled).then(|| user(300));
    let address = "dev+*x*@example.com".parse().unwrap();
    let changes = every_change();
    let by_operator = false;
    NoticeFacts {
        kind,
        request,
        token,
        provider: "Orchard API",
        can_enable: true,
        actor,
        recipient: user(recipient),
        changes: &changes,
        old_secret_until: Some(hour(1)),
        refused: Some((&address, "550 5.1.1 @everyone, *nobody* here")),
        by_operator,
    }
    .shown()
}

impl NoticeFacts<'_> {
    /// In English where the request's provider speaks it, else in Japanese.
    fn shown(&self) -> Message {
        let japanese = self.request.content.provider.as_str() == "mikan";
        let language = if japanese { Language::Japanese } else { Language::EnglishUs };
        let message = render_notice(self, language);
        check(&message);
        message
    }
}

/// Each kind, once more to the owner where that reads otherwise, and where a person must act.
fn all(provider_id: &str) -> String {
    let reason = Some("Too *broad*.\n@everyone".to_owned());
    let request = Request { reason, ..shortest(provider(provider_id)) };
    let off = token(&request, TokenState::Disabled);
    let asked = token(&request, TokenState::Disabling);
    let mut messages: Vec<String> =
        KINDS.iter().map(|kind| print_text(&about(*kind, &request, Some(&off), 200))).collect();
    for kind in [NoticeKind::Created, NoticeKind::Collected, NoticeKind::Lapsed] {
        messages.push(print_text(&about(kind, &request, Some(&asked), 100)));
    }
    messages.push(print_text(&about(NoticeKind::Disowned, &request, Some(&asked), 200)));
    messages.join("\n")
}

#[test]
fn in_english() {
    assert_snapshot!(all("orchard"), @r"
    ┌ 23a55a
    #7 is approved
    Request #7: the token **Reports** for Orchard API.

    The admins approved your request, and it is being carried out. You are told here how it goes on.
    ┌ f0b232
    #7 waits again
    Request #7: the token **Reports** for Orchard API.

    Your request had enough approvals and needs more again: somebody who approved is no longer an admin, or the configuration has changed. It waits for others, and you need not do anything.
    ┌ da373c
    #7 was denied
    Request #7: the token **Reports** for Orchard API.

    <@300> denied your request:
    > Too \*broad\*.
    > \@everyone
    Talk to them, or ask anew.
    ┌ 80848e
    #7 expired
    Request #7: the token **Reports** for Orchard API.

    Nobody decided on your request in time. If you still need it, ask again.
    ┌ f0b232
    #7 can’t go on
    Request #7: the token **Reports** for Orchard API.

    Your request is approved, but it can’t be carried out before an admin has done something. The card in the approval channel says what; you need not do anything.
    ┌ 23a55a
    The token Reports was created
    Request #7: the token **Reports** for Orchard API.

    <@100> asked for it, and the admins approved. You are its primary contact. It waits for <@100> to collect it; there is nothing to do yet.
    ┌ 23a55a
    The token Reports is in use
    Request #7: the token **Reports** for Orchard API.

    <@100> has collected it, and it works from now on. You are its primary contact: you hear of what happens to it.
    ┌ 80848e
    The token Reports was never collected
    Request #7: the token **Reports** for Orchard API.

    <@100> did not collect it in time, so it was revoked. It never came into use.
    There is nothing to do. If it is still needed, <@100> can ask for it again.
    ┌ 80848e
    The token Reports was disabled
    Request #7: the token **Reports** for Orchard API.

    <@300> did it.
    Programs that use it are refused from now on. Remove it from whatever still does.
    ┌ da373c
    ⚠️ Not me: the token Reports
    Request #7: the token **Reports** for Orchard API.

    <@100> says that they did not expect this token, which you approved. Somebody may have asked for it in their name.
    It is disabled already. Find out who asked for it, and whether that account is safe.
    ┌ 5865f2
    The token Reports was changed
    Request #7: the token **Reports** for Orchard API.

    <@100> asked for the change, and the admins approved. It is in force.
    **Token name:** Reports → \*Reports\*
    **Description:** Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **API version:** 1 → 2
    **Primary contact:** <@200> → <@300>
    **Added:** new\@example.com
    **Removed:** old\@example.com
    **Added:** `GET /Trees`
    **Added:** `POST /Trees`
    **Removed:** `DELETE /Trees/{TreeId}`
    **Expires:** — → <t:1800086400:f>
    `/token show` shows the token as it is now.
    ┌ 5865f2
    The token Reports may do less
    Request #7: the token **Reports** for Orchard API.

    Countersign did it.
    **Token name:** Reports → \*Reports\*
    **Description:** Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **API version:** 1 → 2
    **Primary contact:** <@200> → <@300>
    **Added:** new\@example.com
    **Removed:** old\@example.com
    **Added:** `GET /Trees`
    **Added:** `POST /Trees`
    **Removed:** `DELETE /Trees/{TreeId}`
    **Expires:** — → <t:1800086400:f>
    `/token show` shows the token as it is now.
    ┌ 5865f2
    The token Reports has a new secret
    Request #7: the token **Reports** for Orchard API.

    <@100> asked for it, the admins approved, and <@100> has collected it and owns the token now. Programs need the new secret.
    The old secret works until <t:1800003600:f>, and then no more.
    ┌ 23a55a
    The token Reports works again
    Request #7: the token **Reports** for Orchard API.

    <@100> asked for it, the admins approved, and <@100> has collected the new secret and owns the token now. The old secret opens nothing any more.
    ┌ f0b232
    Mail about the token Reports does not arrive
    Request #7: the token **Reports** for Orchard API.

    The mail server of the developer dev+\*x\*\@example.com refuses messages for good. It said:
    > 550 5.1.1 \@everyone, \*nobody\* here
    Whoever reads that mailbox hears nothing of this token. Correct the address with *Edit* in `/token show`, or take it off. You are told this once.
    ┌ 23a55a
    The token Reports was created
    Request #7: the token **Reports** for Orchard API.

    You asked for it, and the admins approved. You are its primary contact too. The secret comes in a message of its own.
    ┌ 23a55a
    The token Reports is in use
    Request #7: the token **Reports** for Orchard API.

    You have collected it, and it works from now on. If you did not, tell the admins at once.
    ┌ 80848e
    The token Reports was never collected
    Request #7: the token **Reports** for Orchard API.

    <@100> did not collect it in time. It is being deleted at its provider, and you are told when it is gone.
    If you still need it, ask again with `/token request`.
    ┌ da373c
    ⚠️ Not me: the token Reports
    Request #7: the token **Reports** for Orchard API.

    <@100> says that they did not expect this token, which you approved. Somebody may have asked for it in their name.
    **Switch it off at the provider now**: the card in the approval channel has its Account SID and a button *Done*. Then find out who asked for it, and whether that account is safe.
    ");
}

#[test]
fn in_japanese() {
    assert_snapshot!(all("mikan"), @r"
    ┌ 23a55a
    #7 が承認されました
    申請 #7:Orchard API のトークン **Reports**

    管理者があなたの申請を承認しました。処理を進めています。経過はここでお知らせします。
    ┌ f0b232
    #7 は再び承認を待っています
    申請 #7:Orchard API のトークン **Reports**

    承認はそろっていましたが、承認した人が管理者でなくなったか、設定が変わったため、承認が再び必要になりました。ほかの管理者の承認を待っています。必要な作業はありません。
    ┌ da373c
    #7 は却下されました
    申請 #7:Orchard API のトークン **Reports**

    <@300> さんがあなたの申請を却下しました。理由は次のとおりです。
    > Too \*broad\*.
    > \@everyone
    却下した方に相談するか、改めて申請してください。
    ┌ 80848e
    #7 は期限切れになりました
    申請 #7:Orchard API のトークン **Reports**

    期限内に判断されませんでした。まだ必要な場合は、改めて申請してください。
    ┌ f0b232
    #7 を進められません
    申請 #7:Orchard API のトークン **Reports**

    申請は承認されましたが、管理者が対応するまで進められません。対応の内容は、承認チャンネルのカードに表示されています。あなたに必要な作業はありません。
    ┌ 23a55a
    トークン Reports が発行されました
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが申請し、管理者が承認しました。あなたは主担当です。<@100> さんが受け取るのを待っています。今の時点で必要な作業はありません。
    ┌ 23a55a
    トークン Reports が使えるようになりました
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが受け取りました。これより利用できます。あなたは主担当として、このトークンに関するお知らせを受け取ります。
    ┌ 80848e
    トークン Reports は受け取られませんでした
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが期限内に受け取らなかったため、取り消されました。このトークンは一度も使われていません。
    必要な作業はありません。まだ必要な場合は、<@100> さんが改めて申請できます。
    ┌ 80848e
    トークン Reports が無効になりました
    申請 #7:Orchard API のトークン **Reports**

    <@300> さんの操作です。
    これより、このトークンを使うプログラムは拒否されます。まだ使っている箇所があれば、このトークンを取り除いてください。
    ┌ da373c
    ⚠️ 心当たりがない:トークン Reports
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが、あなたの承認したこのトークンに覚えがないとのことです。誰かが本人になりすまして申請した可能性があります。
    トークンはすでに無効になっています。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
    ┌ 5865f2
    トークン Reports が変更されました
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが申請し、管理者が承認しました。変更は反映されています。
    **トークン名:** Reports → \*Reports\*
    **説明:** Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **API バージョン:** 1 → 2
    **主担当:** <@200> → <@300>
    **追加:** new\@example.com
    **削除:** old\@example.com
    **追加:** `GET /Trees`
    **追加:** `POST /Trees`
    **削除:** `DELETE /Trees/{TreeId}`
    **有効期限:** — → <t:1800086400:f>
    `/トークン 表示` で現在の内容を確認できます。
    ┌ 5865f2
    トークン Reports の範囲が狭まりました
    申請 #7:Orchard API のトークン **Reports**

    Countersign による自動の処理です。
    **トークン名:** Reports → \*Reports\*
    **説明:** Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **API バージョン:** 1 → 2
    **主担当:** <@200> → <@300>
    **追加:** new\@example.com
    **削除:** old\@example.com
    **追加:** `GET /Trees`
    **追加:** `POST /Trees`
    **削除:** `DELETE /Trees/{TreeId}`
    **有効期限:** — → <t:1800086400:f>
    `/トークン 表示` で現在の内容を確認できます。
    ┌ 5865f2
    トークン Reports のシークレットが新しくなりました
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが申請し、管理者が承認し、<@100> さんが受け取って所有者になりました。プログラムには新しいシークレットが必要です。
    古いシークレットは <t:1800003600:f> まで使えます。それ以降は使えません。
    ┌ 23a55a
    トークン Reports が再び有効になりました
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが申請し、管理者が承認し、<@100> さんが新しいシークレットを受け取って所有者になりました。古いシークレットは使えません。
    ┌ f0b232
    トークン Reports のメールが届いていません
    申請 #7:Orchard API のトークン **Reports**

    開発者 dev+\*x\*\@example.com のメールサーバーが受信を拒否しています。サーバーの応答は次のとおりです。
    > 550 5.1.1 \@everyone, \*nobody\* here
    この宛先には、このトークンのお知らせが届きません。`/トークン 表示` の「編集」でアドレスを直すか、外してください。このお知らせは一度だけです。
    ┌ 23a55a
    トークン Reports が発行されました
    申請 #7:Orchard API のトークン **Reports**

    あなたが申請し、管理者が承認しました。主担当もあなたです。シークレットは別のメッセージで届きます。
    ┌ 23a55a
    トークン Reports が使えるようになりました
    申請 #7:Orchard API のトークン **Reports**

    あなたが受け取りました。これより利用できます。受け取った覚えがない場合は、すぐに管理者にお知らせください。
    ┌ 80848e
    トークン Reports は受け取られませんでした
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが期限内に受け取りませんでした。プロバイダー側で削除を進めており、完了したらお知らせします。
    まだ必要な場合は、`/トークン 申請` で改めて申請してください。
    ┌ da373c
    ⚠️ 心当たりがない:トークン Reports
    申請 #7:Orchard API のトークン **Reports**

    <@100> さんが、あなたの承認したこのトークンに覚えがないとのことです。誰かが本人になりすまして申請した可能性があります。
    **いますぐプロバイダーで無効にしてください。** 承認チャンネルのカードに、Account SID と「完了」ボタンがあります。その後、誰が申請したのか、そのアカウントが安全かどうかを確認してください。
    ");
}
