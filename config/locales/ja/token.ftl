### トークンのパネルと、そこから申請する変更の文言。

token-state-issued = 🟡 受け取り待ちです。
token-state-active = 🟢 有効です。
token-state-old-is-dead = 🟡 プロバイダーでは有効ですが、古いシークレットは使えず、新しいものは受け取られていません。
token-state-disabling = 🔴 無効化の途中です。管理者がプロバイダーで無効にする必要があります。
token-state-disabled = ⚫ 無効です。
token-state-deleting = 🔴 削除の途中です。管理者がプロバイダーで削除する必要があります。
token-state-going-off = 🔴 プロバイダーで無効化しています。完了するとお知らせします。それまでは使える可能性があります。
token-state-deleted = ⚫ 削除済みです。
token-state-expired = ⚫ 有効期限が切れています。
# $card: リンク。
# $count: scopes that no longer agree with the catalogue. $before: the first of them as it was approved;
# $after: as the catalogue has it now. $refused: yes where Countersign verifies the token.
token-drifted = ⚠️ カタログと一致しなくなったスコープが { $count } 件あります：{ $before } → { $after }。{ $refused ->
    [yes] 「編集」が承認されるまで、使用できません。
   *[no] 「編集」が承認されるまで、承認された内容のままです。
}
# $card: a link.
token-open-change = ✋ 処理中の変更があります：{ $card }

token-field-owner = 所有者
token-field-created = 作成日時
token-field-last-used = 最終使用
token-never-used = 使用なし
# $when: 最終使用。$until: 日時。
token-old-secret = 古いシークレット：{ $when }（{ $until } まで有効）

token-button-edit = 編集
token-button-reset = リセット
token-button-extend = 延長
token-button-upgrade = バージョンを上げる
token-button-enable = 有効にする
token-button-duplicate = 複製
token-button-all-scopes = すべてのスコープ
token-button-disable = 無効にする
token-button-delete = 削除

## 「すべてのスコープ」:パネルに載らないもの

# $name: トークンの名前。
token-scopes-title = { $name }：すべてのアドレスとスコープ
token-scopes-part = { $part } / { $parts }

delete-form-title = トークンを削除
delete-form-name = 名前を入力
delete-form-hint = 二度と使えなくなり、元に戻せません。

# $name: トークンの名前。
answer-disabled = **{ $name }** を無効にしました。これより、このトークンを使うプログラムは拒否されます。「有効にする」には管理者の承認が必要で、新しいシークレットが発行されます。
answer-disabling = **{ $name }** は、ここからは無効にできません。承認チャンネルのカードで、管理者にプロバイダーでの操作を依頼しました。それまでは使える可能性があります。
answer-deleted = **{ $name }** を削除しました。これより、このトークンを使うプログラムは拒否され、元に戻せません。
answer-deleting = **{ $name }** は、ここからは削除できません。承認チャンネルのカードで、管理者にプロバイダーでの操作を依頼しました。それまでは使える可能性があります。
answer-going-off = **{ $name }** をプロバイダーで無効化しています。完了すると関係者にお知らせします。それまでは使える可能性があります。
answer-narrowed = **{ $name }** の範囲を狭めました。減るだけの変更なので、ほかの承認は不要です。
# $number: 申請の番号。
answer-narrowing = 管理者がプロバイダーで **{ $name }** の範囲を狭めます。承認チャンネルの #{ $number } のカードで依頼しました。減るだけの変更なので、承認は不要です。
answer-narrowing-upstream = **{ $name }** の権限を減らすよう、プロバイダーの API に依頼しています。完了すると、承認チャンネルの #{ $number } のカードに表示されます。減らすだけなので、承認は必要ありませんでした。
answer-narrowed-instead = これにより、承認を待っていた #{ $number } は取り下げられました。

## 変更のパネル

# $kind: 申請の種類。$name: トークンの名前。
panel-title-change = { $kind ->
    [edit] { $name } を編集
    [reset] { $name } のシークレットをリセット
    [upgrade] { $name } のバージョンを上げる
    [enable] { $name } を有効にする
    [extend] { $name } を延長
   *[duplicate] { $name } を複製
}
# $provider: 名前。
panel-lead-details = { $provider } では、既存のトークンのスコープや有効期限を変更できません。名前、説明、連絡先、メールアドレスは変更できます。
panel-lead-change = { $kind ->
    [edit] 変更したい箇所を直し、「申請する」を押してください。スコープを外すだけ、または早く終わらせるだけの変更は、すぐに反映されます。それ以外は管理者の承認が必要です。
    [reset] 受け取った時点で、新しいシークレットに切り替わります。それまでは古いシークレットが使え、受け取らなければ何も変わりません。申請した人がトークンの所有者になります。
    [upgrade] スコープは名前で引き継がれました。新しいバージョンで許可するスコープを選び、「申請する」を押してください。
    [enable] 新しいシークレットが発行され、古いものは使えないままです。受け取った時点で再び有効になり、あなたが所有者になります。
    [extend] 有効期間を選んでください。変更が反映された日から数えます。
   *[duplicate] 同じ設定のトークンをもう一つ申請します。変更したい箇所を直し、「作成」を押してください。
}
panel-reset-at-once = { $provider } では管理者が新しいシークレットを作成し、その時点で古いものは使えなくなります。申請した人が受け取り、トークンの所有者になります。
panel-reset-upstream = 承認されると { $provider } が新しいシークレットを作り、その時点で以前のシークレットは使えなくなります(並行して使える期間はありません)。依頼した人が受け取り、トークンの所有者になります。
panel-enable-at-once = { $provider } では管理者がトークンを有効にし、新しいシークレットを作成します。その時点で、トークンは再び有効になります。期限内に受け取られなければ、再び無効にします。申請した人が受け取り、トークンの所有者になります。
panel-enable-upstream = 承認されると { $provider } がトークンを有効にし、新しいシークレットを作ります。その時点で、トークンは再び有効になります。期限内に受け取られなければ、再び無効にします。申請した人が受け取り、トークンの所有者になります。
panel-submit = 申請する
panel-expires-kept = 変更なし：{ $when }
panel-option-keep = 終了日時を変えない
panel-overlap = 古いシークレット
panel-select-overlap = 猶予
panel-option-overlap = { $hours ->
    [0] 新しいものを受け取った時点で終了
   *[other] その後 { $hours } 時間は使える
}
panel-expires-anew = 変更が反映された日から { $days } 日間
