use insta::assert_snapshot;

use super::super::testing::{check, noon, print_message};
use super::*;
use crate::domain::request_kind::RequestKind;

fn all() -> Vec<Refusal> {
    use Action::*;
    let actions = [Ask, EditRequest, Withdraw, Approve, Deny, ReadRequest, Fulfil, Reveal, Disown];
    let states = {
        use RequestState::*;
        [Pending, Approved, Issuing, Done, Denied, Withdrawn, Expired, Failed]
    };
    let deliveries = {
        use DeliveryState::*;
        [Waiting, Pressed, Accepted, Unconfirmed, Lapsed, Disowned]
    };
    let mut all: Vec<Refusal> = actions.map(Refusal::NotAllowed).into();
    all.extend(states.map(Refusal::NotPending));
    all.extend(deliveries.map(Refusal::DeliveryEnded));
    all.extend([
        Refusal::NotYours,
        Refusal::Gone(Gone::Draft),
        Refusal::Gone(Gone::Request),
        Refusal::Gone(Gone::Token),
        Refusal::Gone(Gone::Delivery),
        Refusal::Gone(Gone::Announcement),
        Refusal::Gone(Gone::LeakReport),
        Refusal::UnknownProvider,
        Refusal::WrongGuild,
        Refusal::OutsideGuild,
        Refusal::NotUnderstood,
        Refusal::NoHistoryNamed,
        Refusal::TwoHistoriesNamed,
        Refusal::OlderContent,
        Refusal::AlreadyApproved,
        Refusal::OwnRequest,
        Refusal::ReadAllScopesFirst,
        Refusal::TooManyOpen { limit: 1 },
        Refusal::TooManyOpen { limit: 5 },
        Refusal::NameTaken { name: "**Harvest**".into() },
        Refusal::TooManyNames { until: noon() },
        Refusal::NoAnnouncements,
        Refusal::AnnouncedEnough { limit: 1, next: noon() },
        Refusal::AnnouncedEnough { limit: 5, next: noon() },
        Refusal::NoSuchToken { name: "**Harvest**".into() },
        Refusal::NoSuchRequest,
        Refusal::SeveralCalled { name: "**Harvest**".into() },
        Refusal::FormHasProblems,
        Refusal::NothingChosen,
        Refusal::NothingChanged,
        Refusal::TokenUnchanged,
        Refusal::AsksForNothing,
        Refusal::NotNewer,
        Refusal::NotLater { ends: noon() },
        Refusal::LivesTooLong { most: 1 },
        Refusal::LivesTooLong { most: 365 },
        Refusal::UnknownScopes(vec!["trees:listTrees".parse().unwrap()]),
        Refusal::BadReason { limit: 500 },
        Refusal::NothingToDo,
        Refusal::NotManual,
        Refusal::BadAccountSid,
        Refusal::BadSecret,
        Refusal::SecretKnown,
        Refusal::AlreadyRevealed { at: noon() },
        Refusal::RevealUnconfirmed { at: noon() },
        Refusal::NotShown,
        Refusal::NotHeard,
        Refusal::BeingRevealed,
        Refusal::Replayed,
        Refusal::Busy,
        Refusal::Unsure,
        Refusal::TooManyAtOnce,
        Refusal::Fault { reference: "3f9c-12".into() },
    ]);
    all.extend(list_made_in_vain());
    all
}

/// Each kind of what an admin did at the provider, in each way in which it was in vain.
fn list_made_in_vain() -> Vec<Refusal> {
    use RequestKind::{Create, Edit, Enable, Reset};
    use RequestState::{Denied, Done, Expired, Failed, Pending, Withdrawn};
    let of = |state, kinds: &[RequestKind]| -> Vec<Refusal> {
        kinds.iter().map(|kind| Refusal::MadeInVain { kind: *kind, state }).collect()
    };
    [
        of(Withdrawn, &[Create, Reset, Enable, Edit]),
        of(Denied, &[Create]),
        of(Expired, &[Create]),
        of(Pending, &[Create, Reset, Enable, Edit]),
        of(Failed, &[Create]),
        of(Done, &[Create, Reset]),
    ]
    .concat()
}

fn pictures(language: Language) -> String {
    all().iter().map(|one| render_refusal(one, language).prose() + "\n").collect()
}

#[test]
fn every_refusal_in_english() {
    assert_snapshot!(pictures(Language::EnglishUs), @r"
    You need a certain role to request a token of this provider, and you don’t have it. To get it, ask someone who manages this server’s roles.
    Only the requester can edit this request. If something should be different, ask the requester, or deny the request with a reason if you are an admin of its provider.
    Only the requester can withdraw this request. An admin of its provider can deny it instead.
    Only this provider’s admins can approve, and you are not one of them. The request is still waiting for them.
    Only this provider’s admins can deny a request. If it is your own, you can withdraw it.
    Only the requester and this provider’s admins can read this request in full.
    Only this provider’s admins can take this step. The request is waiting for one of them.
    Only the token’s owner can reveal this secret. It was not revealed.
    Only the token’s owner can do this. If you think that someone else has the secret, tell an admin at once.
    This request still needs approvals, so this can’t be done yet. Its card shows how many are missing.
    This request has all its approvals, and they are being checked. It can’t be changed now; its card will show the result in a moment.
    This request is approved and is being carried out, so it can no longer be changed. Its card shows the progress.
    This request is done. To request another token, use </token request:00000000000000000000000000>; to change this one, </token show:00000000000000000000000000>.
    This request was denied, so nothing more will happen. Its card says why. You can submit a new one.
    This request was withdrawn, so nothing more will happen. You can submit a new one.
    This request expired before it had enough approvals, so nothing more will happen. You can submit a new one.
    This request failed. Its card tells the admins what to check; then one of them can try again.
    This secret has not been collected yet. Press **Reveal** to see it.
    This secret is being revealed. If you don’t see it, press **Reveal** again in half a minute.
    This secret was revealed, and it is revealed only once. If you lost it, request a reset of the secret or another token.
    The time to collect this secret is over, and our copy is erased. If you never saw it, request a reset of the secret or another token.
    This secret was not collected in time, so the token no longer works. If you still need it, request it again with </token request:00000000000000000000000000>.
    **Not me** was pressed, so this secret is erased and can’t be revealed. If you need a token, request a new one.
    This belongs to someone else, so nothing was done. To request a token of your own, use </token request:00000000000000000000000000>.
    This draft is no longer there: it was submitted or cancelled, or an hour is over. This press changed nothing. To start again, use </token request:00000000000000000000000000>; for a change to a token, </token show:00000000000000000000000000>.
    There is no such request here, so nothing was changed. Your requests are in </token pending:00000000000000000000000000>.
    There is no such token that you may see, so nothing was changed. Those that you may see are in </token list:00000000000000000000000000>.
    There is no such secret here, so nothing was revealed or changed. What is waiting for you is in </token collect:00000000000000000000000000>.
    This draft is no longer there: it was sent or cancelled, or an hour is over. This press sent nothing. To write another announcement, use </token announce:00000000000000000000000000>.
    The 15 minutes are over, and nothing was disabled: **the secret may still work.** Report it again with </token leak:00000000000000000000000000>.
    This provider is no longer set up here, so nothing was done. Choose another one with </token request:00000000000000000000000000>, or ask the Countersign operator.
    This bot serves another server, so it can do nothing here.
    This works in the server only. Open the server and try again.
    This button or form belongs to another version of the bot, so nothing was done. Start again with the command, or use the newest message.
    Choose whose history you want to see: a token’s with **token**, or a request’s with **request** and its number.
    Choose either a token or a request, not both: each has its own history.
    The request has changed since this card was shown, so your press did not count. Read the card as it is now, then decide again.
    You have already approved this request, and your approval counts once. Another admin has to approve it.
    Your approval of your own request does not count. Other admins have to approve it.
    The card does not show everything that is requested. Press **Details** and read it, then press **Approve**.
    You have one open request, and one person can’t have more. Wait until one is decided, or withdraw one. Your draft is kept.
    You have 5 open requests, and one person can’t have more. Wait until one is decided, or withdraw one. Your draft is kept.
    Nothing was submitted: the name **\*\*Harvest\*\*** is taken by an existing token or an open request. Press **Edit details** and choose another name.
    You have tried too many names that are taken, so this one was not checked, and nothing was submitted. Wait until <t:1751457600:f> (<t:1751457600:R>), then try again. Your draft is kept for an hour.
    Announcements are not allowed here, so nothing was sent. If you need one, ask the Countersign operator to raise `announcements_per_day`.
    Nothing was sent. You have sent one announcement for this provider in the last 24 hours, and one admin can’t send more. You can send the next one on <t:1751457600:f> (<t:1751457600:R>). Your draft is kept for an hour.
    Nothing was sent. You have sent 5 announcements for this provider in the last 24 hours, and one admin can’t send more. You can send the next one on <t:1751457600:f> (<t:1751457600:R>). Your draft is kept for an hour.
    There is no token called **\*\*Harvest\*\*** that you may see. Check the name, or choose one from </token list:00000000000000000000000000>.
    There is no request with this number whose history you may see. Check the number; </token pending:00000000000000000000000000> lists your requests.
    Several tokens that you may see are called **\*\*Harvest\*\***, so none was opened. Type the name again and choose from the suggestions, or choose one from </token list:00000000000000000000000000>.
    Nothing was submitted: some of the details need to be corrected. Press **Edit details** or **Correct**, check them and send them again.
    No scope is chosen, and a token without scopes can do nothing. Choose at least one.
    The request is already like this, so nothing was saved, and its approvals still count. Change something, or cancel.
    The token is already like this, so nothing was submitted. Change something, or cancel.
    With this, the request would not change the token at all, so nothing was saved. Change something, or press **Withdraw** in </token pending:00000000000000000000000000>.
    An upgrade needs a newer API version than the token has, so nothing was submitted. Press **Edit details** and choose one, or cancel.
    The token already works until <t:1751457600:f> (<t:1751457600:R>), so this would not extend it, and nothing was submitted. Choose a longer time, or cancel. To make it expire earlier, press **Edit**.
    Nothing was submitted: the lifetime of a token here is at most one day. Choose a shorter time.
    Nothing was submitted: the lifetime of a token here is at most 365 days. Choose a shorter time.
    Nothing was submitted: the provider no longer offers these scopes: `trees:listTrees`. Press **Edit details** and send it once more; they are removed, and the rest is kept.
    To deny a request, give a reason of 1 to 500 characters, so that the requester knows what to change. Press **Deny** again.
    There is nothing left to do here: someone has already done it, or it is no longer needed.
    Countersign creates the token of this request itself, so there is nothing to paste. Its card shows the progress.
    This can’t be the Account SID: it is empty, too long, or contains spaces. Nothing was saved. Copy it again and press **Fulfil** again.
    This can’t be the Auth Token: it is empty, too long, or contains spaces. Nothing was saved. Copy it again and press **Fulfil** again.
    This Auth Token belongs to a token that was delivered before. Each token needs its own: create a new one, then press **Fulfil** again.
    This secret was revealed on <t:1751457600:f> (<t:1751457600:R>), and it is revealed only once. If that was not you, press **Not me** at once. If you lost it, request a reset of the secret or another token.
    You pressed **Reveal** on <t:1751457600:f> (<t:1751457600:R>). Discord never confirmed that the secret arrived, the time to collect it is over, and our copy is erased. If you never saw it, request a reset of the secret or another token.
    Discord did not accept the message with the secret, so nobody has seen it. Press **Reveal** again.
    The connection to Discord failed, so you see this message and not the secret. The secret is still kept for you: press **Reveal** again.
    This secret is being revealed right now. If you don’t see it, press **Reveal** again in half a minute.
    This was already done. It was not done twice.
    This took too long, and nothing was changed. Try again in a moment.
    This took too long, and it may have been done all the same. Look before you try again.
    You did too many things at once, and this one changed nothing. Wait until the others are answered, then try again.
    Something went wrong on our side. Try again; if it happens again, tell the Countersign operator this reference: `3f9c-12`
    This request was withdrawn before you sent this, so nothing was saved. If you have already created the token at the provider, delete it there: nobody gets its secret.
    This request was withdrawn before you sent this, so nothing was saved. If you have already created the new secret at the provider, the old one no longer works there, and nobody gets the new one: **Reset** the secret once more in </token show:00000000000000000000000000>.
    This request was withdrawn before you sent this, so nothing was saved. If you have already enabled the token at the provider, disable it there again: nobody gets its secret.
    This request was withdrawn before you sent this, so nothing was saved. If you have already changed the token at the provider, undo that there: </token show:00000000000000000000000000> shows how it was.
    This request was denied before you sent this, so nothing was saved. If you have already created the token at the provider, delete it there: nobody gets its secret.
    This request expired before you sent this, so nothing was saved. If you have already created the token at the provider, delete it there: nobody gets its secret.
    This request has changed or needs approvals again, so nothing was saved. If you have already created the token at the provider, delete it there: nobody gets its secret. Its card shows what is needed now.
    This request has changed or needs approvals again, so nothing was saved. If you have already created the new secret at the provider, the old one no longer works there, and nobody gets the new one: carry out this request as soon as its card shows the steps again. Its card shows what is needed now.
    This request has changed or needs approvals again, so nothing was saved. If you have already enabled the token at the provider, disable it there again: nobody gets its secret. Its card shows what is needed now.
    This request has changed or needs approvals again, so nothing was saved. If you have already changed the token at the provider, undo that there: </token show:00000000000000000000000000> shows how it was. Its card shows what is needed now.
    This request has failed, so nothing was saved. If you have already created the token at the provider, delete it there: nobody gets its secret. Its card shows what is needed now.
    Another admin has already carried out this request, so nothing was saved. If you have created one more token at the provider, delete it there: nobody gets its secret.
    Another admin has already carried out this request, so nothing was saved. If you have created one more secret at the provider, the one that was entered may no longer work there: ask the requester to request **Reset** in </token show:00000000000000000000000000>.
    ");
}

#[test]
fn every_refusal_in_japanese() {
    assert_snapshot!(pictures(Language::Japanese), @r"
    このプロバイダーのトークンを申請するためのロールがありません。必要な場合は、サーバーのロールを管理している人に依頼してください。
    この申請を編集できるのは、申請者だけです。変更が必要な場合は申請者に依頼してください。このプロバイダーの管理者は、理由を添えて却下することもできます。
    この申請を取り下げられるのは、申請者だけです。このプロバイダーの管理者は、却下できます。
    承認できるのは、このプロバイダーの管理者だけです。申請は引き続き管理者の承認を待っています。
    却下できるのは、このプロバイダーの管理者だけです。ご自身の申請は、取り下げることができます。
    この申請のすべての内容を確認できるのは、申請者とこのプロバイダーの管理者だけです。
    この操作ができるのは、このプロバイダーの管理者だけです。申請は管理者の対応を待っています。
    このシークレットを表示できるのは、トークンの所有者だけです。シークレットは表示されていません。
    この操作ができるのは、トークンの所有者だけです。ほかの人がシークレットを持っていると思われる場合は、すぐに管理者に知らせてください。
    この申請にはまだ承認が必要なため、この操作はできません。あと何人の承認が必要かは、カードで確認できます。
    この申請は承認がそろい、確認中です。今は変更できません。まもなくカードで結果を確認できます。
    この申請は承認され、処理が進んでいるため、変更できません。進捗はカードで確認できます。
    この申請は完了しています。別のトークンを申請するには</トークン 申請:00000000000000000000000000>、このトークンを変更するには</トークン 詳細:00000000000000000000000000>を使ってください。
    この申請は却下されたため、これ以上進みません。理由はカードで確認できます。改めて申請できます。
    この申請は取り下げられたため、これ以上進みません。改めて申請できます。
    この申請は、承認がそろわないまま失効したため、これ以上進みません。改めて申請できます。
    この申請は失敗しました。管理者は、カードに載っている内容を確認してから、再試行できます。
    このシークレットは受け取り待ちです。「表示する」を押すと確認できます。
    このシークレットを表示しています。見えない場合は、30秒ほど待ってから、もう一度「表示する」を押してください。
    このシークレットは表示されました。表示できるのは1回だけです。紛失した場合は、シークレットのリセットか別のトークンを申請してください。
    このシークレットの受け取り期限が過ぎ、保管していたシークレットは消去されました。まだ見ていない場合は、シークレットのリセットか別のトークンを申請してください。
    このシークレットは期限までに受け取りがなかったため、トークンは使えなくなりました。まだ必要な場合は、</トークン 申請:00000000000000000000000000>で改めて申請してください。
    「心当たりがない」が押されたため、このシークレットは消去され、表示できません。トークンが必要な場合は、新しく申請してください。
    ほかの人のものであるため、何も行われていません。ご自身のトークンを申請するには、</トークン 申請:00000000000000000000000000>を使ってください。
    この下書きは残っていません。送信されたか、キャンセルされたか、1時間が過ぎています。この操作では何も変更されていません。やり直すには</トークン 申請:00000000000000000000000000>、トークンを変更するには</トークン 詳細:00000000000000000000000000>を使ってください。
    該当する申請がないため、何も変更されていません。ご自身の申請は、</トークン 対応待ち:00000000000000000000000000>で確認できます。
    閲覧できるトークンの中に該当するものがないため、何も変更されていません。閲覧できるトークンは、</トークン 一覧:00000000000000000000000000>で確認できます。
    該当するシークレットがないため、何も表示も変更もされていません。受け取り待ちのものは、</トークン 受け取り:00000000000000000000000000>で確認できます。
    この下書きは残っていません。送信されたか、キャンセルされたか、1時間が過ぎています。この操作では何も送信されていません。別のお知らせを書くには、</トークン お知らせ:00000000000000000000000000>を使ってください。
    15分が過ぎたため、何も無効化されていません。**シークレットは使える可能性があります。**</トークン 漏えい:00000000000000000000000000>で、もう一度報告してください。
    このプロバイダーは設定からなくなったため、何も行われませんでした。</トークン 申請:00000000000000000000000000>で別のプロバイダーを選ぶか、Countersignの運用担当者にお問い合わせください。
    このボットは別のサーバー用のため、ここでは使えません。
    この操作はサーバー内でのみ行えます。サーバーを開いて、もう一度お試しください。
    別のバージョンのボタンまたはフォームのため、何も行われませんでした。コマンドからやり直すか、最新のメッセージを使ってください。
    履歴を確認する対象を選んでください。トークンは「トークン」、申請は「申請」（申請の番号）で指定します。
    「トークン」と「申請」のどちらか一方だけを指定してください。履歴は別々です。
    このカードが出た後に申請の内容が変わったため、操作は数に入りませんでした。現在のカードを確認して、もう一度判断してください。
    この申請は、ご自身がすでに承認しています。承認は1人につき1回だけ数えるため、ほかの管理者の承認が必要です。
    ご自身の申請を承認しても、数に入りません。ほかの管理者の承認が必要です。
    申請の内容がすべてカードに載っているわけではありません。「詳細」を押して内容を確認してから、「承認」を押してください。
    処理中の申請が1件あり、1人の上限に達しています。いずれかが判断されるのを待つか、取り下げてください。下書きは残っています。
    処理中の申請が5件あり、1人の上限に達しています。いずれかが判断されるのを待つか、取り下げてください。下書きは残っています。
    申請は行われていません。**\*\*Harvest\*\***という名前は、既存のトークンまたは処理中の申請で使われています。「詳細を編集」を押して、別の名前にしてください。
    使われている名前を何度も試したため、この名前は確認されず、申請もされていません。<t:1751457600:f>（<t:1751457600:R>）まで待ってから、もう一度お試しください。下書きは1時間残ります。
    ここではお知らせが許可されていないため、何も送信されていません。必要な場合は、`announcements_per_day`を増やすよう、Countersignの運用担当者に依頼してください。
    何も送信されていません。このプロバイダーのお知らせを、過去24時間に1件送信しました。管理者1人が送信できる上限です。次に送信できるのは<t:1751457600:f>（<t:1751457600:R>）です。下書きは1時間残ります。
    何も送信されていません。このプロバイダーのお知らせを、過去24時間に5件送信しました。管理者1人が送信できる上限です。次に送信できるのは<t:1751457600:f>（<t:1751457600:R>）です。下書きは1時間残ります。
    **\*\*Harvest\*\***という名前のトークンは、閲覧できるトークンの中にありません。名前を確認するか、</トークン 一覧:00000000000000000000000000>から選んでください。
    この番号の申請で、履歴を閲覧できるものはありません。番号を確認してください。ご自身の申請は</トークン 対応待ち:00000000000000000000000000>で確認できます。
    **\*\*Harvest\*\***という名前のトークンが複数あるため、開けませんでした。もう一度名前を入力して候補から選ぶか、</トークン 一覧:00000000000000000000000000>から選んでください。
    申請は行われていません。入力内容に修正が必要な箇所があります。「詳細を編集」または「修正」を押し、内容を確認して、もう一度送信してください。
    スコープが選ばれていません。スコープのないトークンでは何もできないため、1つ以上選んでください。
    申請はすでにこの内容のため、保存されていません。これまでの承認は数に入ったままです。内容を変更するか、キャンセルしてください。
    トークンはすでにこの内容のため、申請は行われていません。内容を変更するか、キャンセルしてください。
    この内容では、申請してもトークンに変更がないため、保存されていません。内容を変更するか、</トークン 対応待ち:00000000000000000000000000>で「取り下げ」を押してください。
    アップグレードには、現在より新しいAPIバージョンが必要なため、申請は行われていません。「詳細を編集」を押して選び直すか、キャンセルしてください。
    このトークンはすでに<t:1751457600:f>（<t:1751457600:R>）まで使えます。延長にならないため、申請は行われていません。より長い期間を選ぶか、キャンセルしてください。有効期限を早めるには、「編集」を押してください。
    申請は行われていません。ここでのトークンの有効期間は、最長1日です。より短い期間を選んでください。
    申請は行われていません。ここでのトークンの有効期間は、最長365日です。より短い期間を選んでください。
    申請は行われていません。プロバイダーが提供を終了したスコープがあります：`trees:listTrees`。「詳細を編集」を押してもう一度送信すると、これらだけが除外され、ほかは残ります。
    却下するには、申請者が何を変えればよいか分かるように、1～500文字の理由が必要です。もう一度「却下」を押してください。
    ここで行うことはもうありません。ほかの人が対応したか、対応が不要になりました。
    この申請のトークンはCountersignが作成するため、貼り付けるものはありません。進捗はカードで確認できます。
    Account SIDとして使えない値です。空か、長すぎるか、空白を含んでいます。何も保存されていません。コピーし直して、もう一度「認証情報を登録」を押してください。
    Auth Tokenとして使えない値です。空か、長すぎるか、空白を含んでいます。何も保存されていません。コピーし直して、もう一度「認証情報を登録」を押してください。
    このAuth Tokenは、すでに受け渡されたトークンのものです。トークンごとに別のものが必要です。新しく作成してから、もう一度「認証情報を登録」を押してください。
    このシークレットは<t:1751457600:f>（<t:1751457600:R>）に表示されました。表示できるのは1回だけです。ご自身の操作でない場合は、すぐに「心当たりがない」を押してください。紛失した場合は、シークレットのリセットか別のトークンを申請してください。
    <t:1751457600:f>（<t:1751457600:R>）に「表示する」を押した記録があります。シークレットが届いたかどうかをDiscordで確認できないまま受け取り期限が過ぎ、保管していたシークレットは消去されました。まだ見ていない場合は、シークレットのリセットか別のトークンを申請してください。
    シークレットのメッセージをDiscordが受け付けなかったため、まだ誰も見ていません。もう一度「表示する」を押してください。
    Discordとの通信に失敗したため、シークレットの代わりにこのメッセージが届いています。シークレットは保管されています。もう一度「表示する」を押してください。
    このシークレットを、ちょうど今表示しています。見えない場合は、30秒ほど待ってから、もう一度「表示する」を押してください。
    この操作はすでに完了しています。二重には実行されていません。
    処理が時間内に終わらず、何も変更されていません。少し待ってから、もう一度お試しください。
    処理が時間内に終わりませんでしたが、実行された可能性もあります。結果を確認してから、もう一度お試しください。
    一度に多くの操作が行われたため、この操作では何も変更されませんでした。ほかの操作の結果が出てから、もう一度お試しください。
    ボット側で問題が発生しました。もう一度お試しください。繰り返し発生する場合は、次の番号をCountersignの運用担当者に伝えてください：`3f9c-12`
    送信の前に申請が取り下げられたため、何も保存されていません。すでにプロバイダーでトークンを作成した場合は、そこで削除してください。シークレットは誰にも届きません。
    送信の前に申請が取り下げられたため、何も保存されていません。すでにプロバイダーで新しいシークレットを作成した場合、以前のシークレットは使えず、新しいシークレットは誰にも届きません。</トークン 詳細:00000000000000000000000000>で、シークレットをもう一度「リセット」してください。
    送信の前に申請が取り下げられたため、何も保存されていません。すでにプロバイダーでトークンを有効化した場合は、もう一度無効化してください。シークレットは誰にも届きません。
    送信の前に申請が取り下げられたため、何も保存されていません。すでにプロバイダーでトークンを変更した場合は、元に戻してください。元の内容は</トークン 詳細:00000000000000000000000000>で確認できます。
    送信の前に申請が却下されたため、何も保存されていません。すでにプロバイダーでトークンを作成した場合は、そこで削除してください。シークレットは誰にも届きません。
    送信の前に申請が失効したため、何も保存されていません。すでにプロバイダーでトークンを作成した場合は、そこで削除してください。シークレットは誰にも届きません。
    申請の内容が変わったか、改めて承認が必要になったため、何も保存されていません。すでにプロバイダーでトークンを作成した場合は、そこで削除してください。シークレットは誰にも届きません。今必要なことは、カードで確認できます。
    申請の内容が変わったか、改めて承認が必要になったため、何も保存されていません。すでにプロバイダーで新しいシークレットを作成した場合、以前のシークレットは使えず、新しいシークレットは誰にも届きません。カードに再び手順が載ったら、すぐにこの申請の手続きを行ってください。今必要なことは、カードで確認できます。
    申請の内容が変わったか、改めて承認が必要になったため、何も保存されていません。すでにプロバイダーでトークンを有効化した場合は、もう一度無効化してください。シークレットは誰にも届きません。今必要なことは、カードで確認できます。
    申請の内容が変わったか、改めて承認が必要になったため、何も保存されていません。すでにプロバイダーでトークンを変更した場合は、元に戻してください。元の内容は</トークン 詳細:00000000000000000000000000>で確認できます。今必要なことは、カードで確認できます。
    申請が失敗したため、何も保存されていません。すでにプロバイダーでトークンを作成した場合は、そこで削除してください。シークレットは誰にも届きません。今必要なことは、カードで確認できます。
    ほかの管理者がこの申請をすでに完了したため、何も保存されていません。プロバイダーで別のトークンを作成した場合は、そこで削除してください。シークレットは誰にも届きません。
    ほかの管理者がこの申請をすでに完了したため、何も保存されていません。プロバイダーでシークレットをさらに作成した場合、登録されたシークレットは使えなくなった可能性があります。</トークン 詳細:00000000000000000000000000>で「リセット」を申請するよう、申請者に依頼してください。
    ");
}

#[test]
fn each_is_told_to_one_person_and_no_two_are_alike() {
    for language in Language::ALL {
        let mut seen = std::collections::BTreeSet::new();
        for one in all() {
            let message = render_refusal(&one, language);
            assert!(message.ephemeral && message.parts.len() == 1);
            check(&message);
            let said = message.prose();
            assert!(said.chars().count() <= 400, "short: {said}");
            assert!(seen.insert(said.clone()), "{said}");
        }
    }
}

#[test]
fn the_longest_still_says_what_to_do() {
    let scopes = (0..200).map(|n| format!("{}:{n:0>59}", "c".repeat(40)).parse().unwrap());
    let long = [
        Refusal::UnknownScopes(scopes.collect()),
        Refusal::NameTaken { name: "*".repeat(64) },
        Refusal::NoSuchToken { name: "*".repeat(6_000) },
        Refusal::SeveralCalled { name: "*".repeat(64) },
        Refusal::Fault { reference: "`".repeat(90) },
    ];
    let tail = |refusal: &Refusal| {
        let content = super::render_refusal(refusal, Language::EnglishUs).prose();
        content.chars().skip(content.chars().count().saturating_sub(160)).collect::<String>()
    };
    assert_snapshot!(tail(&long[0]), @"00000000000000000000000000000000000000000000000000000010`, … and 189 more. Press **Edit details** and send it once more; they are removed, and the rest is kept.");
    for refusal in &long {
        for language in Language::ALL {
            print_message(&super::render_refusal(refusal, language));
            assert!(!super::render_refusal(refusal, language).fit(), "nothing is cut");
        }
    }
}

#[test]
fn what_nobody_collected_is_told_as_it_is() {
    use crate::domain::delivery::LapseEffect::{OffAgain, OldIsDead, Revoked, Unchanged};
    let all = Language::ALL.map(|language| {
        let said = [Revoked, Unchanged, OldIsDead, OffAgain].map(|lapse| {
            let told =
                |is_off| render_refusal(&Refusal::NotCollected { lapse, is_off }, language).prose();
            // What may still work is not called off.
            let ends = matches!(lapse, Revoked | OffAgain);
            assert_eq!(told(true) != told(false), ends, "{lapse:?}");
            [true, false][..1 + usize::from(ends)].iter().map(|is_off| told(*is_off)).collect()
        });
        said.map(|both: Vec<String>| both.join("\n")).join("\n")
    });
    assert_snapshot!(all.join("\n\n"));
}
