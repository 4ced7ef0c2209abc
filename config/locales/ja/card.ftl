### 承認チャンネルのカード、「すべてのスコープ」、カードのボタンへの返答の文言。入力された内容は、
### 呼び出し側で無害にしてある。$requester、$owner、$person はメンション、日時は Discord の書式。

## ボタン

card-button-approve = 承認
card-button-deny = 却下
card-button-all-scopes = すべてのスコープ
card-button-edit = 編集
card-button-withdraw = 取り下げ
card-button-fulfil = 発行内容を登録
card-button-try-again = 再試行
card-button-done = 完了

## カードの上:いま何が起きているか

# $count: 足りない承認の数。
card-pending = { $kind ->
    [edit] { $requester } さんが、このトークンの変更を申請しました。
    [reset] { $requester } さんが、このトークンの新しいシークレットを申請しました。
    [upgrade] { $requester } さんが、このトークンの API バージョンを上げる申請をしました。
    [enable] { $requester } さんが、このトークンを新しいシークレットで再び有効にする申請をしました。
    [extend] { $requester } さんが、このトークンの延長を申請しました。
    [duplicate] { $requester } さんが、既存のものと同様の API トークンを申請しました。
   *[create] { $requester } さんが API トークンを申請しました。
}**#{ $number } は、あと { $count } 人の承認を待っています。**
card-changed = ⚠️ 申請後に内容が変わりました。変更前の内容への承認は無効です。
# $field: what changed. $before and $after: its values.
card-change = **{ $field }:** { $before } → { $after }
# $items: scopes or addresses.
card-change-added = **追加:** { $items }
card-change-removed = **削除:** { $items }
# $before、$after: スコープの内容。
card-change-scope = **変更:** { $before } → { $after }
card-change-call = **提供元の API の呼び出し「{ $call }」：** { $before } → { $after }
card-change-token = トークンそのものが、申請されたときの内容から変わっています。
card-approved = **#{ $number } の承認がそろいました。** 承認した人が今も管理者であることを Discord に確認しています。
card-issuing = **#{ $number } は承認されました。** { $kind ->
    [edit] 変更を反映しています。
    [upgrade] 変更を反映しています。
    [extend] 変更を反映しています。
    [reset] 新しいシークレットを発行しています。
    [enable] 新しいシークレットを発行しています。
   *[create] トークンを発行しています。
}
card-issuing-manual = **#{ $number } は承認されました。** { $kind ->
    [edit] 管理者の方は、以下の手順で { $provider } のトークンを変更し、「完了」を押してください。
    [upgrade] 管理者の方は、以下の手順で { $provider } のトークンを変更し、「完了」を押してください。
    [extend] 管理者の方は、以下の手順で { $provider } のトークンを変更し、「完了」を押してください。
    [reset] 管理者の方は、以下の手順で { $provider } の新しいシークレットを作成し、「発行内容を登録」を押してください。
    [enable] 管理者の方は、以下の手順で { $provider } の新しいシークレットを作成し、「発行内容を登録」を押してください。
   *[create] 管理者の方は、以下の手順で { $provider } のトークンを作成し、「発行内容を登録」を押してください。
}
# $kind: 作業の種類。承認は不要。$requester: 依頼者。
card-task = { $kind ->
    [disable] **#{ $number }:管理者の方は、いますぐ { $provider } でこのトークンを無効にし**、「完了」を押してください。それまでは使える可能性があります。依頼者:{ $requester }
    [delete] **#{ $number }:管理者の方は、いますぐ { $provider } でこのトークンを削除し**、「完了」を押してください。それまでは使える可能性があります。依頼者:{ $requester }
   *[narrow] **#{ $number }:管理者の方は、{ $provider } でこのトークンの範囲を狭め**、「完了」を押してください。{ $requester } さんの依頼で、承認は不要です。
}
card-task-upstream = { $kind ->
    [delete] **#{ $number }:管理者の方は、{ $provider } でこのトークンを手作業で削除し**、「完了」を押してください。API では、まだ削除できていません。それまでは使える可能性があります。Countersign も再試行を続けます。
   *[disable] **#{ $number }:管理者の方は、{ $provider } でこのトークンを手作業で無効にし**、「完了」を押してください。API では、まだ無効にできていません。それまでは使える可能性があります。Countersign も再試行を続けます。
}
card-task-no-call = { $kind ->
    [delete] **#{ $number }:管理者の方は、{ $provider } でこのトークンを手作業で削除し**、「完了」を押してください。そのための API の呼び出しが設定にありません。それまでは使える可能性があります。
   *[disable] **#{ $number }:管理者の方は、{ $provider } でこのトークンを手作業で無効にし**、「完了」を押してください。そのための API の呼び出しが設定にありません。それまでは使える可能性があります。
}
card-steps-missing = ⚠️ 手順を表示できません。設定にないか、誤りがあります。以下の内容のとおりにトークンを作成してください。
card-withdrawn = **#{ $number } は**、{ $requester } さんが**取り下げました**。
# $reason: 自動で取り下げられた理由。
card-withdrawn-itself = **#{ $number } は取り下げられました:** { $reason ->
    [token_deleted] その間にトークンが削除されました。
    [token_changed] その間にトークンまたはプロバイダーの内容が変わりました。
    [restored] データベースがバックアップから復元されました。
    [not_later] トークンの有効期限が、この申請より長くなりました。
    [narrowed] 申請者が、トークンの範囲を狭めるだけの変更に切り替えました。承認は不要です。
    [token_expired] その間にトークンの有効期限が切れました。
    [superseded] 代わりに、トークンを削除することになりました。
    [done_upstream] プロバイダー側で処理が完了しました。
   *[token_disabled] その間にトークンが無効になりました。
}
card-expired = **#{ $number } は期限切れです。** 期限内に判断されませんでした。
card-denied = **{ $person } さんが却下しました。**
card-failed = **#{ $number } を進められません。** 先に、次の対応が必要です。
# $provider: プロバイダーの ID。
card-failed-provider-gone = プロバイダー「{ $provider }」か、その API バージョン、またはスコープのいずれかが、設定からなくなっています。設定を戻して Countersign を再起動してから、「再試行」を押してください。戻さない場合は、申請した人が「取り下げ」を押せます。
card-failed-refused = プロバイダーの API に拒否されました。何も作成されていません。原因を解消してから「再試行」を押してください。API の応答:
# $marker: トークンの目印(コード)。
card-stray = ⚠️ トークンの作成を依頼したときのプロバイダーの API の応答を確認できなかったため、トークンが作成された可能性があります。プロバイダーで { $marker } という目印のトークンを探し、あれば削除してください。
card-failed-unsure = プロバイダーの API の応答を確認できなかったため、トークンが作成された可能性があります。プロバイダーで { $marker } という目印のトークンを探し、あれば削除してください。そのあとで「再試行」を押してください。
card-failed-repeated = プロバイダーの API の結果を、何度も確認できませんでした。作成されたものは削除しました。Countersign の運用者がプロバイダーの設定を確認してから、「再試行」を押してください。最後の結果:
card-failed-renewing = プロバイダーの API の応答を確認できなかったため、以前のシークレットは使えなくなっている可能性があります。「再試行」を押すと、もう一度新しいシークレットを作ります。起きたこと:
card-failed-away = プロバイダーの API に接続できないか、応答が遅すぎるか、待つように求められています。いまは何も作成していません。API が復旧したら「再試行」を押してください。
card-failed-unknown = これ以上のことは分かりません。発生日時はログに残っています。

card-issued = { $kind ->
    [edit] **変更済み:** トークンは #{ $number } のとおりになりました。
    [upgrade] **アップグレード済み:** トークンは #{ $number } のとおりになりました。
    [extend] **延長済み:** トークンは #{ $number } のとおりになりました。
    [narrow] **縮小済み:** トークンは #{ $number } のとおりになりました。
    [disable] **無効化済み:** #{ $number } は完了しました。
    [delete] **削除済み:** #{ $number } は完了しました。
    [reset] **新しいシークレット:** #{ $number } のために発行されました。
    [enable] **新しいシークレット:** #{ $number } のために発行されました。
   *[create] **発行済み:** #{ $number } のトークン
}
card-waiting = { $owner } さんが受け取るのを待っています(期限:{ $until })。
card-dm-refused = { $owner } さんはダイレクトメッセージを受け付けていません。このサーバーで `/トークン 受け取り` を使えば、{ $until } まで受け取れます。
card-pressed = { $owner } さんが**受け取りました**({ $when })。シークレットが届いたことを Discord がまだ確認していません。{ $until } までは、もう一度表示できます。
card-collected = { $owner } さんが**受け取りました**({ $when })。
card-unconfirmed = { $owner } さんが**受け取りました**({ $when })。ただし、シークレットが届いたことを Discord が確認しないまま、封印した控えは消去されました。手元にない場合は、トークンを改めて申請する必要があります。
card-lapsed = 期限内に**受け取られませんでした**。
card-lapsed-unchanged = トークンは以前のままです。
card-lapsed-old-is-dead = 新しいシークレットの作成時に、古いものはプロバイダーで使えなくなりました。もう一度「リセット」するまで、誰もこのトークンを使えません。
card-lapsed-off-again = プロバイダーではすでに有効になっていたため、再び無効にします。
card-voided-pressed = { $owner } さんが**受け取りました**({ $when })。ただし、トークンが無効になるか、より新しいシークレットが発行された時点で、シークレットが届いたことを Discord はまだ確認していませんでした。
card-voided = トークンが無効になるか、より新しいシークレットが発行されるまでに**受け取られませんでした**。
card-disowned = ⚠️ { $owner } さんが「**心当たりがない**」を押しました。このトークンに覚えがないとのことです。
card-token-active = 有効です。
card-token-enabled = プロバイダーで有効になりました。新しいシークレットの受け取りを待っています。
card-token-disabling = 無効化の途中です。別のカードで、管理者に { $provider } での操作を依頼しています。それまでは使える可能性があります。
card-token-disabling-upstream = { $provider } で無効化しています。完了するまでは使える可能性があります。API で無効にできない場合は、別のカードで管理者に依頼します。
card-token-disabled = 無効になっています。
card-token-revoked = 取り消されました。
card-token-deleting = 削除の途中です。別のカードで、管理者に { $provider } での操作を依頼しています。それまでは使える可能性があります。
card-token-deleting-upstream = { $provider } で削除しています。完了するまでは使える可能性があります。API で削除できない場合は、別のカードで管理者に依頼します。
card-token-deleted = 削除されました。
card-token-expired = 有効期限が切れました。

## カード

card-field-requester = 申請者
card-field-api = API
card-value-api = { $provider }、バージョン { $version }
card-field-contact = 主担当
card-field-issuer = 発行方法
card-value-builtin = Countersign
card-value-manual = 管理者の手作業
card-value-http = プロバイダーの API
card-field-lifetime = 有効期間
card-value-lifetime = { $days } 日
# $before: もとの期限。
card-value-lives-anew = { $before } → 変更から { $days } 日
card-value-keeps-end = { $when }(変更なし)
card-before-after = { $before } → { $after }
card-field-description-before = 変更前の説明
card-field-emails-added = 追加する開発者のメールアドレス
card-field-emails-removed = 外す開発者のメールアドレス
card-value-swapped-at-once = 新しいものを作成した時点で終了します。
card-value-old-is-dead = 使えないままです。
# $heading: スコープの種類。
card-scopes-added = ➕ 追加 · { $heading }
card-scopes-changed = 🔁 変更 · { $heading }
card-scopes-removed = ➖ 削除
# $version: そのスコープがない API バージョン。
card-scopes-no-equal = ➖ バージョン { $version } に相当するものなし
card-field-digest = ダイジェスト
card-field-expires = 申請の期限
card-field-description = 説明
card-field-emails = 開発者のメールアドレス
card-field-emails-continued = 開発者のメールアドレス(続き)
card-none = なし
card-field-sid = Account SID
card-field-token-expires = トークンの有効期限

card-field-approvals = 承認
card-approvals = **承認 { $have } / { $need }**
card-approval = ✅ { $person } { $when }
card-approval-not-admin = ✖️ ~~{ $person }~~ 管理者ではなくなりました
card-approval-content-changed = ✖️ ~~{ $person }~~ 内容が変わりました
# $count: ここに載っていない無効な承認の数。
card-approvals-more = ほか { $count } 件

card-scopes = スコープ { $count } 件
card-scopes-sensitive = 🔴 要注意
card-scopes-writing = ✏️ GET 以外
card-scopes-reading = GET
# $count: ここに載っていないものの数。
card-more = **ほか { $count } 件:**「すべてのスコープ」で確認できます。
card-more-first = **ほか { $count } 件:**「すべてのスコープ」で確認できます。確認するまで「承認」は押せません。
# コピー用のブロックの中で、アドレスの代わりに表示する。
card-steps-emails = (アドレス { $count } 件:「すべてのスコープ」で確認してください)

# 独立したメッセージ。$count: 足りない承認の数。$until: 期限。
card-reminder = ⏰ **#{ $number } { $name }** は、あと { $count } 人の承認を待っています。期限は { $until } です。

## すべてのスコープ

scopes-title = #{ $number } { $name }:すべての内容
scopes-part = #{ $number } · { $part } / { $parts }
scopes-approvals-required = 必要な承認の数
# $count: カタログが求める数。
scopes-approvals = 承認 { $count } 人
scopes-value = 送信値 { $value }
# $before: これまでのバージョンでのメソッドとパス。
scopes-before = 変更前 { $before }

## ボタンを押した結果

deny-form-title = #{ $number } を却下
deny-form-reason = 理由
deny-form-hint = 申請者と、カードを見られる全員に表示されます。
fulfil-form-title = #{ $number } の発行内容を登録
fulfil-form-sid = Account SID
fulfil-form-secret = Auth Token
fulfil-form-hint = すぐに封印され、申請した人だけに表示されます。

answer-approved = #{ $number } を承認しました({ $have } / { $need })。あと { $missing } 人の承認が必要です。
answer-approved-enough = #{ $number } を承認しました({ $have } / { $need })。承認がそろいました。承認した全員が今も管理者であることを Discord に確認してから、処理を進めます。
answer-approved-enough-manual = #{ $number } を承認しました({ $have } / { $need })。承認がそろいました。承認した全員が今も管理者であることを Discord に確認してから、管理者がプロバイダーで行う手順をカードに表示します。
answer-denied = #{ $number } を却下しました。{ $requester } さんに、却下した人と理由をお知らせします。
answer-withdrawn = #{ $number } を取り下げました。何も発行されていません。
# $marker: what the token would be known by, as code.
answer-withdrawn-stray = #{ $number } を取り下げました。プロバイダーの API の応答を確認できなかったため、{ $marker } という目印のトークンが作成された可能性があります。Countersign が可能な限り探して失効させます。人の確認が必要な場合は、カードに表示されます。
answer-fulfilled = ありがとうございます。#{ $number } のシークレットを封印しました。{ $requester } さんが受け取れます。クリップボードの内容を消去してください。
answer-retried = #{ $number } の処理を再開しました。承認した全員が今も管理者であることを Discord に確認しています。
answer-retried-pending = #{ $number } は、有効な承認が足りないため、再び承認を待っています。
answer-done = ありがとうございます。完了として記録し、#{ $number } のカードに反映しました。
