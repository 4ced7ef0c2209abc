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
        card_refusal: Some(50_013),
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
    ### #7 is approved
    Request #7: the token **Reports** for Orchard API.
    The admins approved your request, and it is being carried out. You will get a message here when there is news.
    ┌ f0b232
    ### #7 needs approvals again
    Request #7: the token **Reports** for Orchard API.
    Your request had all its approvals, but someone who approved it is no longer an admin, or the configuration has changed. It is waiting for other admins. You don’t need to do anything.
    ┌ da373c
    ### #7 was denied
    Request #7: the token **Reports** for Orchard API.
    <@300> denied your request:
    > Too \*broad\*.
    > \@everyone
    Talk to this admin, or submit a new request.
    ┌ 80848e
    ### #7 expired
    Request #7: the token **Reports** for Orchard API.
    Your request did not get enough approvals in time. If you still need it, submit a new one.
    ┌ f0b232
    ### #7 failed
    Request #7: the token **Reports** for Orchard API.
    Your request could not be carried out. An admin has to do something before it can continue; the card in the approval channel says what. You don’t need to do anything.
    ┌ 23a55a
    ### The token Reports was created
    Request #7: the token **Reports** for Orchard API.
    <@100> requested it, and the admins approved it. You are its primary contact. <@100> has not collected it yet; there is nothing for you to do.
    ┌ 23a55a
    ### The token Reports was collected
    Request #7: the token **Reports** for Orchard API.
    <@100> has collected it, and it works now. You are its primary contact, so you will be told what happens to it.
    ┌ 80848e
    ### The token Reports was not collected
    Request #7: the token **Reports** for Orchard API.
    <@100> did not collect it in time, so it no longer works. Nobody has used it.
    There is nothing for you to do. If it is still needed, <@100> can request it again.
    ┌ 80848e
    ### The token Reports was disabled
    Request #7: the token **Reports** for Orchard API.
    <@300> did this.
    Programs that use it are refused. Remove it from every program that still uses it.
    ┌ da373c
    ### ⚠️ Not me: the token Reports
    Request #7: the token **Reports** for Orchard API.
    <@100> pressed **Not me**: this token was not expected. Someone may have requested it in that name.
    It is disabled. Find out who requested it, and whether that account is safe.
    ┌ 5865f2
    ### The token Reports was changed
    Request #7: the token **Reports** for Orchard API.
    <@100> requested the change, and the admins approved it. It has taken effect.
    **Token name:** Reports → \*Reports\*
    **Description:** Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **API version:** 1 → 2
    **Primary contact:** <@200> → <@300>
    **Developer added:** new\@example.com
    **Developer removed:** old\@example.com
    **Scope added:** `GET /Trees`
    **Scope added:** `POST /Trees`
    **Scope removed:** `DELETE /Trees/{TreeId}`
    **Expires:** — → <t:1800086400:f>
    `/token show` shows the token as it is now.
    ┌ 5865f2
    ### The access of the token Reports was reduced
    Request #7: the token **Reports** for Orchard API.
    Countersign did this automatically.
    **Token name:** Reports → \*Reports\*
    **Description:** Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **API version:** 1 → 2
    **Primary contact:** <@200> → <@300>
    **Developer added:** new\@example.com
    **Developer removed:** old\@example.com
    **Scope added:** `GET /Trees`
    **Scope added:** `POST /Trees`
    **Scope removed:** `DELETE /Trees/{TreeId}`
    **Expires:** — → <t:1800086400:f>
    `/token show` shows the token as it is now.
    ┌ 5865f2
    ### The token Reports has a new secret
    Request #7: the token **Reports** for Orchard API.
    <@100> requested it, and the admins approved it. <@100> has collected it and is now the token’s owner. Programs need the new secret.
    The old secret works until <t:1800003600:f> (<t:1800003600:R>).
    ┌ 23a55a
    ### The token Reports was enabled
    Request #7: the token **Reports** for Orchard API.
    <@100> requested it, and the admins approved it. <@100> has collected the new secret and is now the token’s owner. The old secret will not work again.
    ┌ f0b232
    ### Email about the token Reports is not arriving
    Request #7: the token **Reports** for Orchard API.
    The mail server refuses every message to the developer dev+\*x\*\@example.com. It said:
    > 550 5.1.1 \@everyone, \*nobody\* here
    That developer gets no news of this token. Correct or remove the address with **Edit** in `/token show`. This is the only message about it.
    ┌ 23a55a
    ### The token Reports was created
    Request #7: the token **Reports** for Orchard API.
    You requested it, and the admins approved it. You are its primary contact too. You can reveal the secret from a separate message.
    ┌ 23a55a
    ### The token Reports was collected
    Request #7: the token **Reports** for Orchard API.
    You have collected it, and it works now. If that was not you, tell the admins at once.
    ┌ 80848e
    ### The token Reports was not collected
    Request #7: the token **Reports** for Orchard API.
    <@100> did not collect it in time. It is being deleted at its provider, and you will be told when that is done.
    If you still need it, request it again with `/token request`.
    ┌ da373c
    ### ⚠️ Not me: the token Reports
    Request #7: the token **Reports** for Orchard API.
    <@100> pressed **Not me**: this token was not expected. Someone may have requested it in that name.
    **Disable it at the provider now:** the card in the approval channel has its Account SID and the button **Done**. Then find out who requested it, and whether that account is safe.
    ");
}

#[test]
fn in_japanese() {
    assert_snapshot!(all("mikan"), @r"
    ┌ 23a55a
    ### #7が承認されました
    申請#7：Orchard APIのトークン**Reports**
    管理者が申請を承認し、処理を進めています。進捗はここでお知らせします。
    ┌ f0b232
    ### #7に改めて承認が必要です
    申請#7：Orchard APIのトークン**Reports**
    申請の承認はそろっていましたが、承認した人が管理者でなくなったか、設定が変わりました。ほかの管理者の承認を待っています。必要な作業はありません。
    ┌ da373c
    ### #7は却下されました
    申請#7：Orchard APIのトークン**Reports**
    <@300>さんが申請を却下しました：
    > Too \*broad\*.
    > \@everyone
    この管理者に相談するか、改めて申請してください。
    ┌ 80848e
    ### #7は失効しました
    申請#7：Orchard APIのトークン**Reports**
    期限までに必要な承認がそろいませんでした。まだ必要な場合は、改めて申請してください。
    ┌ f0b232
    ### #7は失敗しました
    申請#7：Orchard APIのトークン**Reports**
    申請を処理できませんでした。再開するには管理者の対応が必要です。対応の内容は、承認チャンネルのカードに載っています。申請者に必要な作業はありません。
    ┌ 23a55a
    ### トークンReportsが作成されました
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが申請し、管理者が承認しました。このトークンの主な連絡先として登録されています。<@100>さんはまだ受け取っていません。必要な作業はありません。
    ┌ 23a55a
    ### トークンReportsの受け取りが完了しました
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが受け取り、トークンが使えるようになりました。主な連絡先として、このトークンのお知らせが届きます。
    ┌ 80848e
    ### トークンReportsの受け取りがありませんでした
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが期限までに受け取らなかったため、使えなくなりました。一度も使われていません。
    必要な作業はありません。まだ必要な場合は、<@100>さんが改めて申請できます。
    ┌ 80848e
    ### トークンReportsが無効化されました
    申請#7：Orchard APIのトークン**Reports**
    <@300>さんの操作です。
    このトークンを使うプログラムからのリクエストは拒否されます。まだ使っているプログラムがあれば、トークンを取り除いてください。
    ┌ da373c
    ### ⚠️ 心当たりがない：トークンReports
    申請#7：Orchard APIのトークン**Reports**
    このトークンについて、<@100>さんは覚えがないとのことです。誰かが<@100>さんの名前で申請した可能性があります。
    トークンは無効化されています。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
    ┌ 5865f2
    ### トークンReportsが変更されました
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが変更を申請し、管理者が承認しました。変更は反映されています。
    **トークン名：**Reports → \*Reports\*
    **説明：**Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **APIバージョン：**1 → 2
    **主な連絡先：**<@200> → <@300>
    **追加された開発者：**new\@example.com
    **除外された開発者：**old\@example.com
    **追加されたスコープ：**`GET /Trees`
    **追加されたスコープ：**`POST /Trees`
    **除外されたスコープ：**`DELETE /Trees/{TreeId}`
    **有効期限：**— → <t:1800086400:f>
    現在の内容は`/トークン 詳細`で確認できます。
    ┌ 5865f2
    ### トークンReportsのアクセスが縮小されました
    申請#7：Orchard APIのトークン**Reports**
    Countersignによる自動の処理です。
    **トークン名：**Reports → \*Reports\*
    **説明：**Old lines → xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    **APIバージョン：**1 → 2
    **主な連絡先：**<@200> → <@300>
    **追加された開発者：**new\@example.com
    **除外された開発者：**old\@example.com
    **追加されたスコープ：**`GET /Trees`
    **追加されたスコープ：**`POST /Trees`
    **除外されたスコープ：**`DELETE /Trees/{TreeId}`
    **有効期限：**— → <t:1800086400:f>
    現在の内容は`/トークン 詳細`で確認できます。
    ┌ 5865f2
    ### トークンReportsのシークレットが新しくなりました
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが申請し、管理者が承認しました。<@100>さんが受け取り、トークンの所有者になりました。プログラムには新しいシークレットが必要です。
    以前のシークレットは<t:1800003600:f>（<t:1800003600:R>）まで使えます。
    ┌ 23a55a
    ### トークンReportsが有効化されました
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが申請し、管理者が承認しました。<@100>さんが新しいシークレットを受け取り、トークンの所有者になりました。以前のシークレットは使えないままです。
    ┌ f0b232
    ### トークンReportsのメールが届いていません
    申請#7：Orchard APIのトークン**Reports**
    開発者dev+\*x\*\@example.comあてのメールが、すべて拒否されています。メールサーバーの応答：
    > 550 5.1.1 \@everyone, \*nobody\* here
    この開発者には、このトークンのお知らせが届きません。`/トークン 詳細`の「編集」で、アドレスを修正または除外してください。このお知らせは1回だけです。
    ┌ 23a55a
    ### トークンReportsが作成されました
    申請#7：Orchard APIのトークン**Reports**
    ご自身の申請を、管理者が承認しました。主な連絡先もご自身です。シークレットは別のメッセージから表示できます。
    ┌ 23a55a
    ### トークンReportsの受け取りが完了しました
    申請#7：Orchard APIのトークン**Reports**
    受け取りが完了し、トークンが使えるようになりました。ご自身の操作でない場合は、すぐに管理者に知らせてください。
    ┌ 80848e
    ### トークンReportsの受け取りがありませんでした
    申請#7：Orchard APIのトークン**Reports**
    <@100>さんが期限までに受け取りませんでした。トークンはプロバイダーで削除の処理中です。完了するとお知らせが届きます。
    まだ必要な場合は、`/トークン 申請`で改めて申請してください。
    ┌ da373c
    ### ⚠️ 心当たりがない：トークンReports
    申請#7：Orchard APIのトークン**Reports**
    このトークンについて、<@100>さんは覚えがないとのことです。誰かが<@100>さんの名前で申請した可能性があります。
    **今すぐプロバイダーで無効化してください。**承認チャンネルのカードに、Account SIDと「完了」ボタンがあります。その後、誰が申請したのか、そのアカウントが安全かどうかを確認してください。
    ");
}
