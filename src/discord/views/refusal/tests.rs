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
        Refusal::Gone,
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
        Refusal::MadeInVain(RequestKind::Create),
        Refusal::MadeInVain(RequestKind::Reset),
        Refusal::MadeInVain(RequestKind::Enable),
        Refusal::AlreadyRevealed { at: noon() },
        Refusal::NotShown,
        Refusal::NotHeard,
        Refusal::BeingRevealed,
        Refusal::Replayed,
        Refusal::Busy,
        Refusal::TooManyAtOnce,
        Refusal::Fault { reference: "3f9c-12".into() },
    ]);
    all
}

fn pictures(language: Language) -> String {
    all().iter().map(|one| render_refusal(one, language).content + "\n").collect()
}

#[test]
fn every_refusal_in_english() {
    assert_snapshot!(pictures(Language::EnglishUs), @r"
    Asking for a token of this provider takes a role that you don’t have. If you need one, ask an admin of this server for the role.
    Only the person who made this request can edit it. If something should be different, ask them, or deny the request with a reason if you are an admin.
    Only the person who made this request can withdraw it. Admins can deny it instead.
    Only this provider’s admins can approve, and your roles don’t make you one. The request still waits for them.
    Only this provider’s admins can deny a request. If it is your own, you can withdraw it.
    Only the person who asked and this provider’s admins can read this request in full.
    Only this provider’s admins can do this step. The request waits until one of them does.
    Only the token’s owner can see this secret: the person who asked for it. It was not shown.
    Only the token’s owner can do this. If you think that somebody else has the token, tell an admin at once.
    This request still waits for approvals, so this step isn’t due. Its card shows how many are missing.
    This request has all of its approvals, and they are being checked one last time. Nothing can be changed now; its card shows in a moment how it goes on.
    This request is approved, and it is being carried out. That can’t be changed any more; its card shows how it goes on.
    This request is done. To ask for another token, use `/token request`; to change one, `/token show`.
    This request was denied, and nothing came of it. Its card says why. You can ask anew.
    This request was withdrawn, and nothing came of it. You can ask anew.
    This request lapsed before it had enough approvals, and nothing came of it. You can ask anew.
    Carrying this request out failed. Its card tells the admins what to check; then one of them can try again.
    This secret still waits for you. Press **Reveal** to see it.
    This secret is being shown. If you don’t see it, press **Reveal** again in half a minute.
    This secret was shown, and it is shown only once. If you lost it, ask for a new token.
    The time for this secret is over, and its copy is erased. If you never saw it, ask for a new token.
    Nobody revealed this secret in time, so the token never came into use and is revoked. If you still need it, ask again with `/token request`.
    You said **Not me**, so its secret was erased and the token is taken out of use. If you need one, ask for a new token.
    This belongs to somebody else, so nothing was done. To ask for a token of your own, use `/token request`.
    This isn’t there any more: its time ran out, or it was ended elsewhere. Nothing was changed. `/token request` starts anew.
    This provider isn’t set up here any more, so nothing can be done for it. Choose another one with `/token request`, or ask an admin.
    This bot serves another server, so it can do nothing here.
    This works in the server only. Open it there and try again.
    This button or form is of another version of the bot, so nothing was done. Please start again with the command, or use the newest message.
    Name what you want the history of: a token with **token**, or a request with **request** and its number.
    Name either a token or a request, not both: each has a history of its own.
    The request was changed since this card was drawn, so your press didn’t count. Read the card as it is now, then decide again.
    You have approved this request already, and an approval counts once. Another admin has to approve it.
    On your own request, your approval doesn’t count. Other admins have to approve it.
    The card is too small for everything that is asked for. Press **All scopes** and read it, then **Approve**.
    You have one open request, as many as one person may have. Wait until one is decided, or withdraw one; your draft stays.
    You have 5 open requests, as many as one person may have. Wait until one is decided, or withdraw one; your draft stays.
    The name **\*\*Harvest\*\*** is taken by a live token or an open request, so nothing was submitted. Press **Edit details** and choose another one.
    You have tried too many names that are taken, so it is not said whether this one is free, and nothing was submitted. Wait until <t:1751457600:f> (<t:1751457600:R>), then try again; your draft stays for an hour.
    Nobody may send announcements here, so nothing was sent. If one is needed, ask whoever runs Countersign to raise `announcements_per_day`.
    You have sent one announcement for this provider in the last 24 hours, as many as one admin may, so nothing was sent. The next may go out on <t:1751457600:f> (<t:1751457600:R>); your draft stays for an hour.
    You have sent 5 announcements for this provider in the last 24 hours, as many as one admin may, so nothing was sent. The next may go out on <t:1751457600:f> (<t:1751457600:R>); your draft stays for an hour.
    More than one token that you may see is called **\*\*Harvest\*\***, so none was opened. Type the name again and choose among what is proposed, or open one from `/token list`.
    Some of the details can’t be used as they are, so nothing was submitted. Press **Edit details** or **Correct**, check them and send them again.
    No scope is chosen, and a token without any could do nothing. Choose at least one first.
    This is what the request asks for already, so nothing was saved and its approvals still count. Change something first, or cancel.
    The token is like this already, so nothing was submitted. Change something first, or cancel.
    Saved like this, the request would ask for what the token is already, so nothing was saved. Change something, or press **Withdraw** where the request stands.
    An upgrade takes a newer API version than the token has, so nothing was submitted. Press **Edit details** and choose one, or cancel.
    The token lives until <t:1751457600:f> (<t:1751457600:R>) already, so this would not be longer, and nothing was submitted. Choose a longer time, or cancel. To end it earlier, press **Edit**.
    No token may live for more than one day here, so nothing was submitted. Choose a shorter time.
    No token may live for more than 365 days here, so nothing was submitted. Choose a shorter time.
    The provider no longer offers these scopes, so nothing was submitted: `trees:listTrees`. Press **Edit details** and send it once more: they are dropped, and the rest stays.
    A denial takes a reason of 1 to 500 characters, so that the requester knows what to change. Please press **Deny** again.
    There is nothing left to do here: somebody was faster, or it isn’t needed any more.
    The tokens of this request are made by the bot, so there is nothing to paste. Its card shows how it goes on.
    This can’t be the *Account SID*: it is empty, too long, or holds blanks. Nothing was saved. Copy it again and press **Fulfil** once more.
    This can’t be the *Auth Token*: it is empty, too long, or holds blanks. Nothing was saved. Copy it again and press **Fulfil** once more.
    This *Auth Token* was handed out before. Each token takes a secret of its own: make a new one, then press **Fulfil** again.
    This request was withdrawn or denied before you sent this, so that nothing of it was kept. If you made the token at the provider already, delete it there: nobody gets its secret.
    This request was withdrawn or denied before you sent this, so that nothing of it was kept. If you made the new secret at the provider already, the old one is dead there, and nobody gets the new one: *Reset* the token once more in `/token show`.
    This request was withdrawn or denied before you sent this, so that nothing of it was kept. If you switched the token on at the provider already, switch it off there again: nobody gets its secret.
    This secret was revealed on <t:1751457600:f> (<t:1751457600:R>), and it is shown only once. If that was not you, press **Not me** at once. If you lost it, ask for a new token.
    Discord did not take the message with the secret, so nobody saw it. Press **Reveal** again.
    The connection to Discord failed just now, so this message stands in place of the secret. It is still kept for you: press **Reveal** again.
    This secret is being shown right now. If you don’t see it, press **Reveal** again in half a minute.
    This was done already, and it was not done twice.
    It took too long just now, and nothing was changed. Please try again in a moment.
    You have pressed too much at once, and this changed nothing. Wait until the rest is answered, then press again.
    Something went wrong on our side. Please try again; if it happens again, give an admin this reference: `3f9c-12`
    ");
}

#[test]
fn every_refusal_in_japanese() {
    assert_snapshot!(pictures(Language::Japanese), @r"
    このプロバイダーのトークンを申請するには、専用のロールが必要です。必要な場合は、このサーバーの管理者にロールの付与を依頼してください。
    この申請を編集できるのは、申請したご本人だけです。変更が必要な場合は申請者に依頼してください。管理者の方は、理由を添えて却下することもできます。
    この申請を取り下げられるのは、申請したご本人だけです。管理者の方は、却下することができます。
    承認できるのは、このプロバイダーの管理者だけです。申請は引き続き管理者の承認を待っています。
    却下できるのは、このプロバイダーの管理者だけです。ご自身の申請であれば、取り下げることができます。
    この申請の全内容を確認できるのは、申請者とこのプロバイダーの管理者だけです。
    この操作ができるのは、このプロバイダーの管理者だけです。申請は管理者の対応を待っています。
    このシークレットを表示できるのは、トークンの所有者（申請したご本人）だけです。シークレットは表示されていません。
    この操作ができるのは、トークンの所有者だけです。トークンが不正に使われている可能性がある場合は、すぐに管理者に知らせてください。
    この申請はまだ承認待ちのため、この操作は行えません。あと何人の承認が必要かは、申請カードで確認できます。
    この申請は必要な承認が揃い、最終確認中です。現在は変更できません。まもなく申請カードに結果が表示されます。
    この申請は承認され、処理が進んでいるため、変更できません。進捗は申請カードで確認できます。
    この申請は完了しています。別のトークンは `/トークン 申請`、変更は `/トークン 表示` をお使いください。
    この申請は却下され、何も行われていません。理由は申請カードで確認できます。改めて申請できます。
    この申請は取り下げられ、何も行われていません。改めて申請できます。
    この申請は必要な承認が揃わないまま期限が切れ、何も行われていません。改めて申請できます。
    この申請の処理に失敗しました。管理者の方は、申請カードに表示されている内容を確認してから、再試行してください。
    このシークレットは受け取り待ちです。「表示する」を押すと確認できます。
    このシークレットは表示処理中です。表示されない場合は、30 秒ほど待ってから、もう一度「表示する」を押してください。
    このシークレットは表示済みで、表示できるのは 1 回だけです。紛失した場合は、新しいトークンを申請してください。
    このシークレットの受け取り期限が過ぎ、控えは消去されました。まだ確認していない場合は、新しいトークンを申請してください。
    期限内に受け取られなかったため、トークンは一度も使われないまま取り消されました。まだ必要な場合は `/トークン 申請` で改めて申請してください。
    「心当たりがない」が押されたため、シークレットは消去され、このトークンは使えなくなります。必要な場合は、新しいトークンを申請してください。
    ほかの方のものなので、何も行われませんでした。ご自身のトークンを申請するには `/トークン 申請` をお使いください。
    期限が切れたか、すでに終了しているため、見つかりませんでした。何も変更されていません。`/トークン 申請` で新しく始められます。
    このプロバイダーは現在利用できないため、操作できませんでした。`/トークン 申請` で別のプロバイダーを選ぶか、管理者にお問い合わせください。
    このボットは別のサーバー用のため、ここでは利用できません。
    この操作はサーバー内でのみ行えます。サーバーを開いて、もう一度お試しください。
    別のバージョンのボタンまたはフォームのため、何も行われませんでした。最新のメッセージを使うか、コマンドからやり直してください。
    履歴を確認する対象を、「トークン」または「申請」（申請の番号）で指定してください。
    「トークン」と「申請」は、どちらか一方だけを指定してください。履歴はそれぞれ別に表示されます。
    このカードが表示された後に申請の内容が変更されたため、操作は反映されませんでした。最新のカードを確認して、もう一度判断してください。
    この申請はすでに承認いただいています。お一人の承認は 1 回だけ数えられるため、ほかの管理者の承認が必要です。
    ご自身の申請を承認することはできません。ほかの管理者の承認が必要です。
    内容が多く、カードにすべてを表示できていません。「すべてのスコープ」を押して内容を確認してから、「承認」を押してください。
    処理中の申請が上限の 1 件に達しています。いずれかの結果を待つか、取り下げてから、もう一度お試しください。下書きは残っています。
    処理中の申請が上限の 5 件に達しています。いずれかの結果を待つか、取り下げてから、もう一度お試しください。下書きは残っています。
    **\*\*Harvest\*\*** という名前は、有効なトークンまたは処理中の申請で使われているため、送信されませんでした。「詳細を編集」から別の名前にしてください。
    使われている名前を何度も試したため、この名前が使えるかどうかは表示されず、送信もされませんでした。<t:1751457600:f>（<t:1751457600:R>）まで待ってから、もう一度お試しください。下書きは 1 時間残ります。
    ここではお知らせを送信できない設定のため、何も送信されませんでした。必要な場合は、Countersign の運用担当者に `announcements_per_day` の変更を依頼してください。
    このプロバイダーのお知らせを、過去 24 時間に 1 件送信しました（管理者 1 名の上限です）。今回は何も送信されませんでした。次に送信できるのは <t:1751457600:f>（<t:1751457600:R>）です。下書きは 1 時間残ります。
    このプロバイダーのお知らせを、過去 24 時間に 5 件送信しました（管理者 1 名の上限です）。今回は何も送信されませんでした。次に送信できるのは <t:1751457600:f>（<t:1751457600:R>）です。下書きは 1 時間残ります。
    **\*\*Harvest\*\*** という名前のトークンが複数あるため、開いていません。もう一度名前を入力して候補から選ぶか、`/トークン 一覧` から開いてください。
    入力内容に確認が必要な箇所があるため、送信されませんでした。「詳細を編集」または「修正」から内容を確認し、もう一度送信してください。
    スコープが選択されていません。スコープのないトークンでは何もできないため、1 つ以上選んでください。
    現在の申請と同じ内容のため、保存されませんでした。これまでの承認は有効なままです。内容を変更するか、キャンセルしてください。
    トークンはすでにこの内容のため、申請されませんでした。内容を変更するか、キャンセルしてください。
    この内容ではトークンの現在の状態と同じになるため、保存されませんでした。内容を変更するか、申請のメッセージの「取り下げ」を押してください。
    アップグレードでは、現在より新しい API バージョンを選ぶ必要があるため、申請されませんでした。「詳細を編集」から選び直すか、キャンセルしてください。
    このトークンはすでに <t:1751457600:f>（<t:1751457600:R>）まで有効で、延長にならないため、申請されませんでした。より長い期間を選ぶか、キャンセルしてください。早く終わらせるには「編集」をお使いください。
    ここでは、トークンの有効期間は最長 1 日のため、申請されませんでした。より短い期間を選んでください。
    ここでは、トークンの有効期間は最長 365 日のため、申請されませんでした。より短い期間を選んでください。
    次のスコープは提供が終了しているため、送信されませんでした：`trees:listTrees`。「詳細を編集」をもう一度送信すると、これらだけが外れ、ほかの選択は残ります。
    却下には、申請者が次に何をすればよいか分かるよう、1〜500 文字の理由が必要です。もう一度「却下」を押してください。
    必要な作業はもうありません。ほかの方が対応済みか、対応が不要になりました。
    この申請のトークンはボットが自動で発行するため、貼り付けは不要です。進捗は申請カードで確認できます。
    *Account SID* として使えない値です（空、長すぎる、または空白を含んでいます）。何も保存されていません。コピーし直して、もう一度「発行内容を登録」を押してください。
    *Auth Token* として使えない値です（空、長すぎる、または空白を含んでいます）。何も保存されていません。コピーし直して、もう一度「発行内容を登録」を押してください。
    この *Auth Token* は、以前に受け渡されたものです。トークンごとに別のシークレットが必要です。新しく作成してから、もう一度「発行内容を登録」を押してください。
    送信の前に、この申請は取り下げられたか却下されたため、内容は保存されていません。すでにプロバイダーでトークンを作った場合は、そこで削除してください。シークレットは誰にも渡りません。
    送信の前に、この申請は取り下げられたか却下されたため、内容は保存されていません。すでにプロバイダーで新しいシークレットを作った場合、以前のものはもう使えず、新しいものは誰にも渡りません。`/トークン 表示` の「リセット」から、改めて申請してください。
    送信の前に、この申請は取り下げられたか却下されたため、内容は保存されていません。すでにプロバイダーでトークンを有効にした場合は、もう一度無効にしてください。シークレットは誰にも渡りません。
    このシークレットは <t:1751457600:f>（<t:1751457600:R>）に表示済みで、表示できるのは 1 回だけです。ご自身の操作でない場合は、すぐに「心当たりがない」を押してください。紛失した場合は、新しいトークンを申請してください。
    シークレットのメッセージを Discord が受け付けなかったため、まだ誰にも表示されていません。もう一度「表示する」を押してください。
    Discord との通信に失敗したため、シークレットの代わりにこのメッセージを表示しています。シークレットは引き続き保管されています。もう一度「表示する」を押してください。
    このシークレットは現在表示処理中です。表示されない場合は、30 秒ほど待ってから、もう一度「表示する」を押してください。
    この操作はすでに完了しています。二重には実行されていません。
    処理に時間がかかったため、何も変更されませんでした。少し待ってから、もう一度お試しください。
    一度に多くの操作を受け付けたため、この操作では何も変更していません。ほかの操作の結果が表示されてから、もう一度お試しください。
    ボット側で問題が発生しました。もう一度お試しください。繰り返し発生する場合は、次の番号を管理者にお伝えください：`3f9c-12`
    ");
}

#[test]
fn each_is_told_to_one_person_and_no_two_are_alike() {
    for language in Language::ALL {
        let mut seen = std::collections::BTreeSet::new();
        for one in all() {
            let message = render_refusal(&one, language);
            assert!(message.ephemeral && message.embeds.is_empty() && message.rows.is_empty());
            check(&message);
            assert!(message.content.chars().count() <= 400, "short: {}", message.content);
            assert!(seen.insert(message.content.clone()), "{}", message.content);
        }
    }
}

#[test]
fn the_longest_still_says_what_to_do() {
    let scopes = (0..200).map(|n| format!("{}:{n:0>59}", "c".repeat(40)).parse().unwrap());
    let long = [
        Refusal::UnknownScopes(scopes.collect()),
        Refusal::NameTaken { name: "*".repeat(64) },
        Refusal::SeveralCalled { name: "*".repeat(64) },
        Refusal::Fault { reference: "`".repeat(90) },
    ];
    let tail = |refusal: &Refusal| {
        let content = super::render_refusal(refusal, Language::EnglishUs).content;
        content.chars().skip(content.chars().count().saturating_sub(160)).collect::<String>()
    };
    assert_snapshot!(tail(&long[0]), @"0000000000000000000000000000000000000000000000000000000010`, … and 189 more. Press **Edit details** and send it once more: they are dropped, and the rest stays.");
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
        let said = [Revoked, Unchanged, OldIsDead, OffAgain].map(Refusal::NotCollected);
        said.map(|one| render_refusal(&one, language).content).join("\n")
    });
    assert_snapshot!(all.join("\n\n"));
}
