### 承認チャンネルのカード、「詳細」、カードのボタンへの返答の文言。入力された内容は、
### 呼び出し側で無害にしてある。$requester、$owner、$personはメンション。日時はDiscordの書式で、
### 相対的な表示を括弧に入れて添えてある。

## ボタン

card-button-approve = 承認
card-button-deny = 却下
card-button-all-scopes = 詳細
card-button-edit = 編集
card-button-withdraw = 取り下げ
card-button-fulfil = 認証情報を登録
card-button-try-again = 再試行
card-button-done = 完了

## カードの上：いま何が起きているか

card-pending = { $kind ->
    [edit] { $requester }さんが、このトークン（{ $provider }、バージョン{ $version }）の変更を申請しました。
    [reset] { $requester }さんが、このトークン（{ $provider }、バージョン{ $version }）の新しいシークレットを申請しました。
    [upgrade] { $requester }さんが、このトークン（{ $provider }）のAPIバージョン{ $version }へのアップグレードを申請しました。
    [enable] { $requester }さんが、このトークン（{ $provider }、バージョン{ $version }）の有効化と新しいシークレットを申請しました。
    [extend] { $requester }さんが、このトークン（{ $provider }、バージョン{ $version }）の延長を申請しました。
    [duplicate] { $requester }さんが、既存のAPIトークンの複製（{ $provider }、バージョン{ $version }）を申請しました。
   *[create] { $requester }さんの申請：{ $provider }、バージョン{ $version }のAPIトークン
}
card-changed = ⚠️ 申請後に内容が変わりました。変更前の内容への承認は数に入りません。
# 管理者が手作業で行うもの。$state: 申請の状態。
card-undo-there = ⚠️ すでにプロバイダーで{ $state ->
    [pending] 変更前の内容の手続き
   *[denied] 手続き
}を行った管理者は、元に戻してください。
# $field: 変わった項目。$beforeと$after: その値。
card-change = **{ $field }：**{ $before } → { $after }
# $items: スコープまたはアドレス。
card-change-added = **追加：**{ $items }
card-change-removed = **除外：**{ $items }
# $before、$after: スコープの内容。
card-change-scope = **変更：**{ $before } → { $after }
# $call: 設定にある呼び出しの名前。$beforeと$after: 呼び出し先。
card-change-call = **プロバイダーのAPIの呼び出し「{ $call }」：**{ $before } → { $after }
card-change-token = 申請された後に、トークンの内容が変わりました。
card-approved = **#{ $number }の承認がそろいました。**承認した全員が今も管理者であることを、Discordに確認しています。
card-issuing = **#{ $number }は承認されました。**{ $kind ->
    [edit] 変更を反映しています。
    [upgrade] 変更を反映しています。
    [extend] 変更を反映しています。
    [reset] 新しいシークレットを作成しています。
    [enable] 新しいシークレットを作成しています。
   *[create] トークンを作成しています。
}
card-issuing-manual = **#{ $number }は承認されました。**{ $kind ->
    [edit] 管理者は、以下の手順で{ $provider }のトークンを変更し、「完了」を押してください。
    [upgrade] 管理者は、以下の手順で{ $provider }のトークンを変更し、「完了」を押してください。
    [extend] 管理者は、以下の手順で{ $provider }のトークンを変更し、「完了」を押してください。
    [reset] 管理者は、以下の手順で{ $provider }の新しいシークレットを作成し、「認証情報を登録」を押してください。
    [enable] 管理者は、以下の手順で{ $provider }の新しいシークレットを作成し、「認証情報を登録」を押してください。
   *[create] 管理者は、以下の手順で{ $provider }のトークンを作成し、「認証情報を登録」を押してください。
}
# $kind: 作業の種類。承認は不要。$requester: 申請者。
card-task = { $kind ->
    [disable] **#{ $number }：管理者は、すぐに{ $provider }でこのトークンを無効化してください。**以下の手順で行い、「完了」を押してください。それまでは使える可能性があります。申請者：{ $requester }
    [delete] **#{ $number }：管理者は、すぐに{ $provider }でこのトークンを削除してください。**以下の手順で行い、「完了」を押してください。それまでは使える可能性があります。申請者：{ $requester }
   *[narrow] **#{ $number }：管理者は、すぐに{ $provider }でこのトークンのアクセスを縮小してください。**以下の手順で行い、「完了」を押してください。承認は不要です。申請者：{ $requester }
}
card-task-upstream = { $kind ->
    [delete] **#{ $number }：管理者は、{ $provider }でこのトークンを削除してください。**APIではまだ削除できておらず、Countersignが再試行を続けています。プロバイダーの画面で削除してから、「完了」を押してください。それまでは使える可能性があります。
   *[disable] **#{ $number }：管理者は、{ $provider }でこのトークンを無効化してください。**APIではまだ無効化できておらず、Countersignが再試行を続けています。プロバイダーの画面で無効化してから、「完了」を押してください。それまでは使える可能性があります。
}
card-task-no-call = { $kind ->
    [delete] **#{ $number }：管理者は、{ $provider }でこのトークンを削除してください。**削除するためのAPIの呼び出しが設定にありません。プロバイダーの画面で削除してから、「完了」を押してください。それまでは使える可能性があります。
   *[disable] **#{ $number }：管理者は、{ $provider }でこのトークンを無効化してください。**無効化するためのAPIの呼び出しが設定にありません。プロバイダーの画面で無効化してから、「完了」を押してください。それまでは使える可能性があります。
}
card-steps-missing = ⚠️ 手順を読み込めません。設定にないか、誤りがあります。以下の内容のとおりに作業してください。
# 手順の上に、変更前と変更後を示す。
card-work = 変更する内容
card-withdrawn = **#{ $number }は、**{ $requester }さんが**取り下げました。**
# $reason: 申請者によらずに取り下げられた理由、または補足。
card-withdrawn-itself = **#{ $number }は取り下げられました。**{ $reason ->
    [token_deleted] 申請の後に、トークンが削除されたためです。
    [token_deleting] 申請の後に、トークンの削除が始まったためです。
    [token_disabling] 申請の後に、トークンの無効化が始まったためです。
    [token_changed] 申請の後に、トークンまたはプロバイダーの内容が変わったためです。
    [restored] Countersignのデータベースが、バックアップから復元されたためです。
    [not_later] トークンの有効期限が、すでにこの申請より後になっているためです。
    [narrowed] 申請者が、承認の要らないアクセスの縮小だけに切り替えたためです。
    [token_expired] 申請の後に、トークンが失効したためです。
    [superseded] 代わりに、トークンを削除することになったためです。
    [done_upstream] プロバイダー側で処理が完了したためです。
    [maybe_done] 申請者が取り下げました。すでにプロバイダーで手続きを行った管理者は、元に戻してください。
    [maybe_changed] 申請者が取り下げました。プロバイダーのAPIから明確な応答がなかったため、トークンが変更された可能性があります。管理者は、トークンで何ができるかをプロバイダーで確認してください。
   *[token_disabled] 申請の後に、トークンが無効化されたためです。
}
card-expired = **#{ $number }は失効しました。**期限までに必要な承認がそろいませんでした。
card-denied = **{ $person }さんが却下しました：**
card-failed = **#{ $number }は失敗しました。**再開するには管理者の対応が必要です。
# $provider: プロバイダーのID。
card-failed-provider-gone = プロバイダー「{ $provider }」、そのAPIバージョン、またはスコープのいずれかが、設定からなくなっています。設定を戻してCountersignを再起動してから、「再試行」を押してください。戻さない場合は、申請者が`/トークン 対応待ち`で「取り下げ」を押せます。
card-failed-refused = プロバイダーのAPIに拒否され、何も{ $what ->
    [change] 変更
   *[token] 作成
}されていません。原因を解消してから「再試行」を押してください。APIの応答：
# $marker: トークンの目印（コード）。
card-stray = ⚠️ トークンの作成について、プロバイダーのAPIから明確な応答がなかったため、トークンが存在する可能性があります。プロバイダーで{ $marker }という目印のトークンを探し、あれば削除してください。
card-failed-unsure = プロバイダーのAPIから明確な応答がなかったため、トークンが存在する可能性があります。プロバイダーで{ $marker }という目印のトークンを探し、あれば削除してください。その後で「再試行」を押してください。
card-failed-repeated = プロバイダーのAPIから明確な応答がない状態が続きました。作成されたものは削除済みです。Countersignの運用担当者にプロバイダーの設定の確認を依頼してから、「再試行」を押してください。最後の結果：
card-failed-renewing = プロバイダーのAPIから明確な応答がなかったため、以前のシークレットは使えなくなっている可能性があります。「再試行」を押すと、新しいシークレットをもう一度作成します。経緯：
card-failed-away = プロバイダーのAPIに接続できないか、応答が遅すぎるか、待つように求められています。今は何も{ $what ->
    [change] 変更
   *[token] 作成
}されていません。APIが復旧したら「再試行」を押してください。
card-failed-unknown = 詳しいことは分かりません。発生した日時はログで確認できます。

card-issued = { $kind ->
    [edit] **変更済み：**トークンは#{ $number }の申請どおりになりました。
    [upgrade] **アップグレード済み：**トークンは#{ $number }の申請どおりになりました。
    [extend] **延長済み：**トークンは#{ $number }の申請どおりになりました。
    [narrow] **縮小済み：**トークンは#{ $number }の申請どおりになりました。
    [disable] **無効化済み：**#{ $number }は完了しました。
    [delete] **削除済み：**#{ $number }は完了しました。
    [reset] **新しいシークレット：**#{ $number }に基づいて作成しました。
    [enable] **新しいシークレット：**#{ $number }に基づいて作成しました。
   *[create] **作成済み：**トークンを#{ $number }に基づいて作成しました。
}
card-waiting = { $owner }さんは、{ $until }まで受け取れます。
card-dm-refused = { $owner }さんにダイレクトメッセージが届きませんでした。所有者がこのサーバーで`/トークン 受け取り`を使えば、{ $until }まで受け取れます。
card-pressed = { $when }に{ $owner }さんが**受け取りました。**シークレットが届いたことをDiscordでまだ確認できていないため、{ $until }までは、所有者がもう一度シークレットを表示できます。
card-collected = { $when }に{ $owner }さんが**受け取りました。**
card-unconfirmed = { $when }に{ $owner }さんが**受け取りました。**ただし、シークレットが届いたかどうかをDiscordで確認できないまま、保管していたシークレットは消去されました。所有者に届いていない場合は、シークレットのリセットか別のトークンを申請する必要があります。
card-lapsed = 期限までに**受け取りがありませんでした。**
card-lapsed-unchanged = トークンに変更はありません。
card-lapsed-old-is-dead = 新しいシークレットが作成された時点で、以前のシークレットはプロバイダーで使えなくなりました。シークレットをもう一度リセットするまで、トークンは使えません。
card-lapsed-off-again = プロバイダーではすでに有効化されていたため、再び無効化されました。
# 続けてトークンの状態を示す。
card-lapsed-was-on = プロバイダーではすでに有効化されていました。
card-voided-pressed = { $when }に{ $owner }さんが**受け取りました。**ただし、シークレットが届いたことをDiscordで確認する前に、トークンが使えなくなったか、より新しいシークレットが作成されました。
card-voided = **受け取りがないまま**、トークンが使えなくなったか、より新しいシークレットが作成されました。
card-disowned = ⚠️ { $owner }さんが**「心当たりがない」**を押しました。このトークンに覚えがないとのことです。
card-token-active = 使えます。
card-token-enabled = プロバイダーで有効化されました。新しいシークレットは受け取り待ちです。
card-token-disabling = { $provider }での無効化を、別のカードで管理者に依頼しています。完了するまでは使える可能性があります。
card-token-disabling-upstream = { $provider }で無効化の処理中です。完了するまでは使える可能性があります。APIで無効化できない場合は、別のカードで管理者に依頼します。
card-token-disabled = 無効化されています。
card-token-revoked = 使えなくなりました。
card-token-deleting = { $provider }での削除を、別のカードで管理者に依頼しています。完了するまでは使える可能性があります。
card-token-deleting-upstream = { $provider }で削除の処理中です。完了するまでは使える可能性があります。APIで削除できない場合は、別のカードで管理者に依頼します。
card-token-deleted = 削除されています。
card-token-expired = 失効しました。

## カード

card-field-requester = 申請者
card-field-api = API
card-value-api = { $provider }、バージョン{ $version }
card-field-contact = 主な連絡先
card-field-issuer = 作成方法
card-value-builtin = Countersign
card-value-manual = 管理者の手作業
card-value-http = プロバイダーのAPI
card-field-lifetime = 有効期間
card-value-lifetime = { $days }日
# $before: もとの期限。
card-value-lives-anew = { $before } → 変更から{ $days }日
card-value-keeps-end = { $when }、変更なし
card-before-after = { $before } → { $after }
card-field-description-before = 変更前の説明
card-field-emails-added = 追加する開発者のメールアドレス
card-field-emails-removed = 除外する開発者のメールアドレス
card-value-swapped-at-once = 新しいシークレットが作成された時点で使えなくなります。
card-value-old-is-dead = 使えないままです。
card-scopes-added = ➕ 追加
card-scopes-changed = 🔁 変更
card-scopes-removed = ➖ 除外
# $list: カテゴリとメソッドごとの件数。
card-scopes-kept = 変更なし：{ $list }
# 「Trees：2 × GET」。$method: GET、POSTなど。
card-scopes-counted = { $category }：{ $count } × { $method }
# $before: トークンの現在の件数。
card-scopes-before-after = スコープ{ $before }件 → { $count }件
# $version: そのスコープがないAPIバージョン。
card-scopes-no-equal = ➖ バージョン{ $version }に相当するものなし
card-field-digest = ダイジェスト
card-field-expires = 申請の期限
card-field-description = 説明
card-field-emails = 開発者のメールアドレス
card-field-emails-short = メール
card-none = なし
card-field-sid = Account SID
card-field-token-expires = トークンの有効期限

# $api: プロバイダーとAPIバージョン。
card-origin = { $api } · 申請者：{ $requester }
# $origin: APIと申請者。$lifetime: 日数。
card-lifetime = { $origin } · { $lifetime }間
# 申請者がすでに持っているもの。$count: このAPIの有効なトークンの数。
card-other-tokens = { $count ->
    [0] このAPIのほかのトークンなし
   *[other] このAPIのほかのトークン{ $count }件
}
card-scopes-had = 同じスコープは承認済み
card-scopes-new = このスコープは初めて
card-digest = ダイジェスト{ $digest }
card-expires = 申請の期限：{ $when }
card-approvals = **{ $need }人中{ $have }人が承認**
card-approval-not-admin = ✖️ ~~{ $person }~~：管理者ではなくなりました
card-approval-content-changed = ✖️ ~~{ $person }~~：内容が変わりました
# $count: ここに載っていない、数に入らない承認の数。
card-approvals-more = ほか{ $count }件

card-scopes = スコープ{ $count }件
card-scopes-sensitive = 🔴 要注意
card-scopes-writing = ✏️ GET以外
# $count: ここに載っていないものの数。
card-more = **ほか{ $count }件：**「詳細」で確認できます。
# 申請中のカードに、すべてのスコープが載っていない場合。
card-details-first = 「承認」の前に「詳細」を押してください。すべてのスコープを確認できます。
# コピー用のブロックの中に、アドレスの代わりに入れる。
card-steps-emails = （アドレス{ $count }件：「詳細」で確認してください）

# 独立したメッセージ。$count: 足りない承認の数。$until: 期限。
card-reminder = ⏰ **#{ $number } { $name }**には、あと{ $count }人の承認が必要です。申請は{ $until }に失効します。
card-call-pending = 🔔 **#{ $number } { $name }**には、改めて承認が必要です。理由はカードに載っています。申請は{ $until }に失効します。
card-call-failed = 🔔 **#{ $number } { $name }**を処理できませんでした。先に管理者が行うことがあります。内容はカードに載っています。
card-call-by-hand = 🔔 **#{ $number } { $name }**は、管理者がプロバイダーで処理するのを待っています。手順はカードに載っています。

## 詳細

scopes-title = #{ $number } { $name }：すべての内容
scopes-part = #{ $number } · { $part }/{ $parts }ページ
scopes-approvals-required = 必要な承認の人数
# $count: カタログが求める数。
scopes-approvals = { $count }人の承認が必要
scopes-value = 送信値：{ $value }
# $before: これまでのバージョンでのメソッドとパス。
scopes-before = 変更前：{ $before }

## ボタンを押した結果

deny-form-title = #{ $number }を却下
deny-form-reason = 理由
deny-form-hint = 申請者と、カードを見られる全員が読めます。
fulfil-form-title = #{ $number }の認証情報を登録
fulfil-form-sid = Account SID
fulfil-form-secret = Auth Token
fulfil-form-hint = すぐに暗号化されます。内容を見られるのは申請者だけです。

answer-approved = #{ $number }を承認しました（{ $need }人中{ $have }人が承認）。あと{ $missing }人の承認が必要です。
answer-approved-enough = #{ $number }を承認しました（{ $need }人中{ $have }人が承認）。承認した全員が今も管理者であることを確認してから、申請の処理を進めます。
answer-approved-enough-manual = #{ $number }を承認しました（{ $need }人中{ $have }人が承認）。承認した全員が今も管理者であることを確認してから、管理者がプロバイダーで行う手順をカードに載せます。
# 承認者の確認が済んだ後の文。
answer-checked = #{ $number }の承認を確認しました。申請の処理を進めています。
answer-checked-manual = #{ $number }の承認を確認しました。管理者がプロバイダーで行う手順をカードに載せました。
answer-checked-done = #{ $number }の承認を確認し、申請の処理が完了しました。
# $people: メンション。
answer-checked-struck = 管理者ではなくなったメンバー（{ $count }人）：{ $people }。#{ $number }には、あと{ $missing }人の承認が必要です。
answer-checked-changed = #{ $number }には、改めて承認が必要です。申請の後に、設定またはトークンが変更されました。現在の内容は、カードで確認できます。
answer-checked-failed = #{ $number }を処理できませんでした。管理者が行うことは、カードに載っています。
answer-checked-denied = #{ $number }は却下されました。理由はカードに載っています。
answer-checked-withdrawn = #{ $number }は取り下げられました。理由はカードに載っています。
answer-checked-expired = #{ $number }は、期間内に承認がそろわず、失効しました。
answer-denied = #{ $number }を却下しました。却下した人と理由は、{ $requester }さんに通知されます。
answer-withdrawn = #{ $number }を取り下げました。{ $what ->
    [change] トークンに変更はありません。
   *[token] 何も作成されていません。
}
answer-withdrawn-maybe-done = #{ $number }を取り下げました。管理者がすでにプロバイダーで手続きを行っている場合は元に戻すよう、カードで管理者に依頼しています。
answer-withdrawn-maybe-changed = #{ $number }を取り下げました。プロバイダーのAPIから明確な応答がなかったため、トークンが変更された可能性があります。トークンで何ができるかをプロバイダーで確認するよう、カードで管理者に依頼しています。
# $marker: what the token would be known by, as code.
answer-withdrawn-stray = #{ $number }を取り下げました。プロバイダーのAPIから明確な応答がなかったため、{ $marker }という目印のトークンが作成された可能性があります。Countersignが可能な限り探して削除します。管理者の確認が必要な場合は、カードに載ります。
answer-fulfilled = ありがとうございます。#{ $number }のシークレットを暗号化して保管しました。{ $requester }さんが受け取れます。クリップボードを空にしてください。
answer-retried = #{ $number }を再試行しています。承認した全員が今も管理者であることを確認しています。
answer-retried-upstream = #{ $number }を再試行しています。プロバイダーのAPIの応答は、カードに載ります。
answer-retried-pending = #{ $number }には、改めて承認が必要です。これまでの承認のうち、数に入るものが足りません。
answer-done = ありがとうございます。#{ $number }を完了として記録し、カードに反映しました。
