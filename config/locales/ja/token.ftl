### トークンのパネルと、そこから申請する変更の文言。

token-state-issued = 🟡 受け取り待ちです。
token-state-active = 🟢 使えます。
token-state-old-is-dead = 🟡 プロバイダーで有効化されていますが、以前のシークレットは使えず、新しいシークレットは受け取り待ちです。
token-state-disabling = 🔴 無効化の処理中です。管理者がプロバイダーで行う必要があります。
token-state-disabled = ⚫ 無効化されています。
token-state-deleting = 🔴 削除の処理中です。管理者がプロバイダーで行う必要があります。
token-state-going-off = 🔴 プロバイダーで無効化または削除の処理中です。完了するまでは使える可能性があります。完了すると、所有者と主な連絡先にお知らせが届きます。
token-state-deleted = ⚫ 削除されています。
token-state-expired = ⚫ 失効しました。
# $count: カタログと一致しなくなったスコープの数。$before: その1つ目の、承認された内容。
# $after: 現在のカタログの内容。$refused: Countersignが検証するトークンではyes。
token-drifted = ⚠️ カタログと一致しなくなったスコープが{ $count }件あります：{ $before } → { $after }。{ $refused ->
    [yes] 「編集」が承認されるまで、このスコープへのリクエストは拒否されます。
   *[no] 「編集」が承認されるまで、承認された内容のままです。
}
# $card: リンク。
token-open-change = ✋ 処理中の申請があります：{ $card }
# カードがまだ投稿されていないとき。
token-open-change-unposted = ✋ 処理中の申請があります。

token-field-owner = 所有者
token-field-created = 作成日時
token-field-last-used = 最終使用
token-never-used = 未使用
# $when: 最終使用。$until: 日時。
token-old-secret = 以前のシークレットの最終使用：{ $when } · { $until }まで使えます

token-button-edit = 編集
token-button-reset = リセット
token-button-extend = 延長
token-button-upgrade = アップグレード
token-button-enable = 有効化
token-button-duplicate = 複製
token-button-all-scopes = すべてのスコープ
token-button-back = 戻る
token-button-disable = 無効化
token-button-delete = 削除

## 「無効化」の前の確認
disable-question-title = { $name }を無効化しますか？
disable-question-what = 無効化されると、このトークンを使うプログラムからのリクエストは拒否されます。
# $count: 必要な人数（最少）。
disable-question-way-back = もう一度有効化するには、{ $count }人の承認と新しいシークレットが必要です。
disable-question-no-way-back = このプロバイダーではトークンをもう一度有効化できないため、別のトークンの申請が必要になります。

## 「すべてのスコープ」：パネルに載らないもの

# $name: トークン名。
token-scopes-title = { $name }：すべてのメールアドレスとスコープ
token-scopes-part = { $part }/{ $parts }ページ

delete-form-title = トークンの削除
delete-form-name = トークン名を入力
delete-form-hint = 使えなくなり、元に戻せません。

# $name: トークン名。
answer-disabled = **{ $name }**を無効化しました。このトークンを使うプログラムからのリクエストは拒否されます。再び使うには「有効化」を申請してください。管理者が承認すると、新しいシークレットが作成されます。
answer-disabled-for-good = **{ $name }**を無効化しました。このトークンを使うプログラムからのリクエストは拒否されます。ここではもう一度有効化できないため、まだ必要な場合は、別のトークンを申請してください。
answer-disabling = **{ $name }**は、ここからは無効化できません。承認チャンネルのカードで、管理者にプロバイダーでの無効化を依頼しました。それまでは使える可能性があります。
answer-deleted = **{ $name }**を削除しました。このトークンを使うプログラムからのリクエストは拒否されます。元に戻すことはできません。
answer-deleting = **{ $name }**は、ここからは削除できません。承認チャンネルのカードで、管理者にプロバイダーでの削除を依頼しました。それまでは使える可能性があります。
answer-going-off = **{ $name }**は、プロバイダーで無効化または削除の処理中です。完了するまでは使える可能性があります。所有者、主な連絡先、開発者にお知らせが届きます。
answer-narrowed = **{ $name }**のアクセスを縮小しました。承認は不要です。
# $number: 申請の番号。
answer-narrowing = 管理者がプロバイダーで**{ $name }**のアクセスを縮小する必要があります。手順は、承認チャンネルの#{ $number }のカードに載っています。承認は不要です。
answer-narrowing-upstream = **{ $name }**のアクセスを縮小するよう、プロバイダーのAPIに依頼しています。完了すると、承認チャンネルの#{ $number }のカードに載ります。承認は不要です。
answer-narrowed-instead = これにより、#{ $number }は取り下げられました。

## 変更のパネル

# $kind: 申請の種類。$name: トークン名。
panel-title-change = { $kind ->
    [edit] { $name }の編集
    [reset] { $name }のシークレットのリセット
    [upgrade] { $name }のアップグレード
    [enable] { $name }の有効化
    [extend] { $name }の延長
   *[duplicate] { $name }の複製
}
# $provider: 名前。
panel-lead-details = { $provider }では、トークンのスコープと有効期限を変更できません。トークン名、説明、主な連絡先、開発者のメールアドレスは、Countersignで編集できます。
panel-lead-change = { $kind ->
    [edit] 変更する箇所を編集し、「申請する」を押してください。スコープの除外と、有効期限を早める変更だけなら、すぐに反映されます。ほかの変更には管理者の承認が必要です。
    [reset] 受け取った時点で、新しいシークレットに切り替わります。それまでは以前のシークレットを使えます。受け取らなければ、何も変わりません。受け取ると、ご自身がトークンの所有者になります。
    [upgrade] 新しいバージョンに同じ名前で存在するスコープが選ばれています。許可する操作を選び、「申請する」を押してください。
    [enable] 新しいシークレットが作成されます。以前のシークレットは使えないままです。新しいシークレットを受け取るとトークンが使えるようになり、ご自身が所有者になります。
    [extend] 有効期限を選んでください。変更が反映された日から数えます。
   *[duplicate] 同じ設定の別のトークンを申請します。変更する箇所を編集し、「作成」を押してください。
}
panel-reset-at-once = 管理者が{ $provider }で新しいシークレットを作成し、その時点で以前のシークレットは使えなくなります。並行して使える期間はありません。ご自身が新しいシークレットを受け取り、トークンの所有者になります。
panel-reset-upstream = 承認されると{ $provider }が新しいシークレットを作成し、その時点で以前のシークレットは使えなくなります。並行して使える期間はありません。ご自身が新しいシークレットを受け取り、トークンの所有者になります。
panel-enable-at-once = 管理者が{ $provider }でトークンを有効化して新しいシークレットを作成し、その時点でトークンが使えるようになります。期限までに受け取りがない場合は、再び無効化されます。ご自身が新しいシークレットを受け取り、トークンの所有者になります。
panel-enable-upstream = 承認されると{ $provider }がトークンを有効化して新しいシークレットを作成し、その時点でトークンが使えるようになります。期限までに受け取りがない場合は、再び無効化されます。ご自身が新しいシークレットを受け取り、トークンの所有者になります。
panel-submit = 申請する
panel-expires-kept = { $when }、変更なし
panel-option-keep = 有効期限を変更しない
panel-overlap = 以前のシークレット
panel-select-overlap = 並行して使える期間
panel-option-overlap = { $hours ->
    [0] 以前のシークレットは、新しいシークレットの受け取りで使えなくなります
   *[other] 以前のシークレットは、受け取りから{ $hours }時間使えます
}
# 同じ内容を「以前のシークレット」の値として示すもの。
panel-value-overlap = { $hours ->
    [0] 新しいシークレットの受け取りで使えなくなります。
   *[other] 新しいシークレットの受け取りから{ $hours }時間使えます。
}
panel-expires-anew = 変更の反映から{ $days }日間
