### 一覧の文言：トークン、待っているもの、監査ログ。

list-title = トークン
list-empty = 確認できるトークンの中に、該当するものはありません。`/トークン 申請` で申請できます。
# $page: 1 からの番号。
list-page = { $page } ページ
list-open = トークンを開く
list-previous = 前へ
list-next = 次へ
# $mark: 色つきの丸。$name、$provider: 名前。$owner: メンション。$ends: 終了日時。
list-line = { $mark } **{ $name }** · { $provider } · { $owner } · { $ends }
# $when: 日時。
list-expires = 期限：{ $when }
list-uncollected = 受け取り待ち
list-expired = 期限切れ：{ $when }
list-used = 最終使用：{ $when }
list-unused = 未使用
list-old-used = 旧シークレットの最終使用：{ $when }
list-old-unused = 旧シークレットは未使用
# $standing: トークンの状態。
list-standing = { $standing ->
    [enabled] 有効
    [disabled] 無効
    [expired] 期限切れ
   *[deleted] 削除済み
}

pending-title = 待っているもの
pending-nothing = あなたを待っているものはありません。
pending-approval = あなたの承認待ち
pending-admin = 管理者の作業待ち
pending-mine = あなたの申請
pending-collect = あなたの受け取り待ち
# $number: リンク。$kind: 申請の種類。
pending-request = { $number } { $kind ->
    [edit] 変更
    [reset] リセット
    [upgrade] バージョンアップ
    [enable] 有効化
    [extend] 延長
    [narrow] 縮小
    [disable] 無効化
    [delete] 削除
   *[create] 新規
}：**{ $name }** · { $provider } · { $requester }
# $name: トークンの名前。
pending-token = **{ $name }**：`/トークン 受け取り`

audit-title = 履歴：{ $name }
audit-nothing = 記録はありません。
audit-older = さらに前
audit-itself = Countersign
# $person: メンション。
audit-for = { $person } さんのため
# $kind: what the audit log calls it.
audit-event = { $kind ->
    [request_submitted] 申請
    [request_edited] 申請の編集
    [request_withdrawn] 申請の取り下げ
    [request_denied] 申請の却下
    [request_expired] 申請の期限切れ
    [request_approved] 承認がそろう
    [request_confirmed] 承認の確認
    [request_returned] 再び承認待ち
    [request_failed] 申請の失敗
    [request_retried] 再試行
    [request_reminded] 管理者への催促
    [request_read] 全内容の閲覧
    [approval_given] 承認
    [approval_struck] 承認の無効化
    [attempt_begun] プロバイダーの API の呼び出し
    [attempt_ended] 呼び出しの結果
    [upstream_trouble] プロバイダーの API で無効化できず
    [upstream_doubted] プロバイダーの API と設定の不一致
    [token_issued] トークンの発行
    [token_collected] シークレットの受け取り
    [reveal_repeated] シークレットの再表示
    [token_changed] 変更の反映
    [token_narrowed] トークンの縮小
    [secret_renewed] 新しいシークレットの発行
    [secret_unsure] 新しいシークレット未着
    [token_reset] 新しいシークレットの受け取り
    [token_enabled] トークンの有効化
    [token_expiring] 期限前のお知らせ
    [token_expired] トークンの期限切れ
    [token_disabled] トークンの無効化
    [token_disabling] 無効化の依頼
    [token_deleted] トークンの削除
    [token_deleting] 削除の依頼
    [delivery_announced] 所有者への通知
    [delivery_refused] DM の拒否
    [delivery_accepted] シークレットの表示
    [delivery_unconfirmed] 到着を確認できず
    [delivery_stored] 保管済みの報告
    [delivery_lapsed] 受け取られず
    [delivery_replaced] 新しいシークレットに置き換え
    [delivery_disowned] 心当たりがない
    [secret_hidden] 表示したシークレットの削除
    [leak_reported] 見つかったシークレットの照会
    [member_left] メンバーの退出
    [departure_told] 退出を管理者に通知
    [member_returned] メンバーの復帰
    [notice_sent] お知らせの送信
    [notice_refused] お知らせの拒否
    [notice_dropped] お知らせの取りやめ
    [announced] 管理者からのお知らせの送信
    [database_restored] バックアップからの復元
    [name_refused] 名前が使われていることの表示
   *[other] { $kind }
}
# $have: 集まった承認の数。$need: 必要な数。
audit-approvals = { $have }/{ $need } 件
# $kind: データベースでのお知らせの種類。
audit-notice = { $kind ->
    [approved] 「承認」
    [returned] 「再び承認待ち」
    [denied] 「却下」
    [expired] 「申請の期限切れ」
    [failed] 「申請の失敗」
    [created] 「トークンの作成」
    [collected] 「シークレットの受け取り」
    [lapsed] 「受け取られず失効」
    [disabled] 「無効化」
    [leaked] 「シークレットの漏えい」
    [disowned] 「心当たりがない」
    [withdrawn] 「取り下げ」
    [changed] 「変更」
    [narrowed] 「縮小」
    [reset] 「新しいシークレットの受け取り」
    [enabled] 「有効化」
    [deleted] 「削除」
    [token_expired] 「期限切れ」
    [renewal_lapsed] 「新しいシークレットが受け取られず失効」
    [replaced] 「新しいシークレットに置き換え」
    [renewed] 「新しいシークレットの発行」
    [secret_unsure] 「シークレット未確認」
    [voided] 「シークレットの受け取り不可」
    [expiring] 「期限前のお知らせ」
    [announced] 管理者からのお知らせ
    [mailbox_refused] 「メールの受信拒否」
    [mailbox_refused_for_several] 「メールの受信拒否」
    [several_expired] 「期限切れ」
   *[other] { $kind }
}
# $to: メンションまたはメールアドレス。
audit-to = 宛先：{ $to }
# $scopes: 一覧。
audit-removed = 外したスコープ：{ $scopes }
# $people: メンション。
audit-struck = 無効になった承認：{ $people }
audit-leaked = シークレットが見つかったため
# $user: OS でのユーザー名。
audit-operator = サーバー上で { $user } が実行
audit-days = { $days } 日前
audit-not-deleted = Discord で削除できず
# $why: 監査ログでの理由。$words: 入力された文章、または API の応答。
audit-why = { $why ->
    [token_deleted] トークンが削除されたため
    [token_changed] トークンまたはプロバイダーの内容が変わったため
    [restored] データベースがバックアップから復元されたため
    [not_later] トークンの期限が申請よりも長いため
    [narrowed] 申請者が縮小に切り替えたため
    [token_expired] トークンの期限が切れたため
    [token_disabled] トークンが無効になったため
    [superseded] 別の終了方法が選ばれたため
    [done_upstream] プロバイダー側で完了したため
    [provider_gone] 設定からなくなったため
    [not_admin] 管理者ではなくなったため
    [content_changed] 内容が変わったため
    [expired] 期限になったため
    [never_collected] 受け取られなかったため
    [upstream_refused] プロバイダーの API の応答：{ $words }
    [upstream_unsure] プロバイダーの API で作成されたか不明：{ $words }
    [upstream_repeated] 試行の上限に達したため：{ $words }
    [upstream_unproven] プロバイダーの API が { $words } を作成したか不明
    [upstream_stray] プロバイダーの API が { $words } を作成したか不明
    [upstream_not_there] はじめから見つからず：{ $words }
    [upstream_renamed] ID に別の名前：{ $words }
    [upstream_moved] 目印が別の ID に：{ $words }
    [upstream_too_long] 一覧が長すぎて未確認：{ $words }
    [upstream_unclear] 使用できなくなったか不明：{ $words }
    [upstream_changing] トークンが変更されたか不明：{ $words }
    [upstream_renewing] 以前のシークレットが使えるか不明：{ $words }
   *[other] 「{ $words }」
}
