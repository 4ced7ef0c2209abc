### 一覧の文言：トークン、対応待ち、監査ログ。

list-title = トークン
list-empty = 閲覧できるトークンの中に、該当するものはありません。申請するには`/トークン 申請`を使ってください。
# $page: 1からの番号。
list-page = { $page }ページ目
list-open = トークンを選択
list-previous = 前へ
list-next = 次へ
# $mark: 色つきの丸。$name、$provider: 名前。$owner: メンション。$ends: 期限。
list-line = { $mark } **{ $name }** · { $provider } · { $owner } · { $ends }
# $when: 日時。
list-expires = 有効期限：{ $when }
list-uncollected = 受け取り待ち
list-expired = 失効：{ $when }
list-used = 最終使用：{ $when }
list-unused = 未使用
list-old-used = 以前のシークレットの最終使用：{ $when }
list-old-unused = 以前のシークレットは未使用
# $standing: トークンの状態。
list-standing = { $standing ->
    [enabled] 有効
    [disabled] 無効
    [expired] 失効
   *[deleted] 削除済み
}

pending-title = 対応待ち
pending-nothing = 対応待ちのものはありません。
pending-approval = ご自身の承認待ち
pending-admin = 管理者の作業待ち
pending-mine = ご自身の申請
pending-collect = ご自身の受け取り待ち
# $number: リンク。$kind: 申請の種類。
pending-request = { $number } · { $kind ->
    [edit] 変更
    [reset] 新しいシークレット
    [upgrade] アップグレード
    [enable] 有効化
    [extend] 延長
    [narrow] アクセスの縮小
    [disable] 無効化
    [delete] 削除
   *[create] 新しいトークン
}：**{ $name }** · { $provider } · { $requester }
# $name: トークン名。
pending-token = **{ $name }**

audit-title = 履歴：{ $name }
audit-nothing = 記録はありません。
audit-older = さらに前
audit-evidence = 証跡
audit-steps = 戻る
audit-export = 書き出す
# 履歴のファイル。
audit-exported = すべての履歴です。1行に1件のJSONで、日時の早い順に並んでいます。シークレットは含まれません。
audit-export-cut = それより前の記録はファイルに入りきりませんでした。Countersignの運用担当者はすべてを書き出せます。
audit-group-token = トークン自体
# $kind: 申請の種類。空の場合もある。
audit-group = #{ $number } · { $kind ->
    [edit] 変更
    [reset] 新しいシークレット
    [upgrade] アップグレード
    [enable] 有効化
    [extend] 延長
    [narrow] 縮小
    [disable] 無効化
    [delete] 削除
    [duplicate] 複製
   *[create] 新しいトークン
}
# $id: 押した操作のDiscordでの番号。
audit-press = 操作{ $id }
audit-itself = Countersign
# $person: メンション。
audit-for = 対象者：{ $person }
# $kind: 監査ログでの呼び名。
audit-event = { $kind ->
    [request_submitted] 申請
    [request_edited] 申請の編集
    [request_withdrawn] 申請の取り下げ
    [request_denied] 申請の却下
    [request_expired] 申請の失効
    [request_approved] 承認がそろう
    [request_confirmed] 承認の確認
    [request_returned] 改めて承認が必要
    [request_failed] 申請の失敗
    [request_retried] 再試行
    [card_refused] カードがDiscordで拒否
    [request_reminded] 管理者への催促
    [request_read] すべての内容の閲覧
    [approval_given] 承認
    [approval_struck] 承認が数に入らなくなる
    [attempt_begun] プロバイダーのAPIの呼び出し
    [attempt_ended] 呼び出しの結果
    [upstream_trouble] プロバイダーのAPIで無効化・削除できず
    [upstream_doubted] プロバイダーのAPIと設定の不一致
    [token_issued] トークンの作成
    [token_collected] シークレットの受け取り
    [reveal_repeated] シークレットの再表示
    [token_changed] 変更の反映
    [token_narrowed] アクセスの縮小
    [secret_renewed] 新しいシークレットの作成
    [secret_unsure] 新しいシークレットが届かず
    [token_reset] 新しいシークレットの受け取り
    [token_enabled] トークンの有効化
    [token_expiring] まもなく失効することの通知
    [token_expired] トークンの失効
    [token_disabled] トークンの無効化
    [token_disabling] プロバイダーでの無効化を開始
    [token_deleted] トークンの削除
    [token_deleting] プロバイダーでの削除を開始
    [delivery_announced] 所有者へのダイレクトメッセージ
    [delivery_refused] ダイレクトメッセージの拒否
    [delivery_accepted] シークレットの表示
    [delivery_unconfirmed] 到着を確認できず
    [delivery_stored] 「保管しました」を押す
    [delivery_lapsed] 期限までに受け取りなし
    [delivery_replaced] より新しいシークレットに置き換え
    [delivery_disowned] 「心当たりがない」を押す
    [secret_hidden] 表示したシークレットの削除
    [leak_reported] 見つかったシークレットの報告
    [member_left] メンバーの退出
    [departure_told] 退出を管理者に通知
    [member_returned] メンバーの復帰
    [notice_sent] メッセージの送信
    [notice_refused] メッセージの拒否
    [notice_dropped] メッセージが不要に
    [announced] お知らせの送信
    [database_restored] データベースをバックアップから復元
    [name_refused] 使われている名前であることの通知
   *[other] { $kind }
}
# $have: 集まった承認の数。$need: 必要な数。
audit-approvals = { $need }人中{ $have }人
# $kind: データベースでのメッセージの種類。
audit-notice = { $kind ->
    [approved] 「承認」
    [returned] 「改めて承認が必要」
    [denied] 「却下」
    [expired] 「申請の失効」
    [failed] 「申請の失敗」
    [card_refused] 「管理者に見えていない可能性」
    [created] 「トークンの作成」
    [collected] 「シークレットの受け取り」
    [lapsed] 「受け取りなし」
    [disabled] 「無効化」
    [leaked] 「シークレットの漏えい」
    [disowned] 「心当たりがない」
    [withdrawn] 「取り下げ」
    [changed] 「変更」
    [narrowed] 「アクセスの縮小」
    [reset] 「新しいシークレットの受け取り」
    [enabled] 「有効化」
    [deleted] 「削除」
    [token_expired] 「失効」
    [renewal_lapsed] 「新しいシークレットの受け取りなし」
    [replaced] 「より新しいシークレットに置き換え」
    [renewed] 「新しいシークレットの作成」
    [secret_unsure] 「シークレットが使えなくなった可能性」
    [voided] 「新しいシークレットの受け取り不可」
    [expiring] 「まもなく失効」
    [announced] お知らせ
    [mailbox_refused] 「メールの受信拒否」
    [mailbox_refused_for_several] 「メールの受信拒否」
    [several_expired] 「失効」
   *[other] { $kind }
}
# $to: メンションまたはメールアドレス。
audit-to = 宛先：{ $to }
# $scopes: 一覧。
audit-removed = 除外：{ $scopes }
# $people: メンション。
audit-struck = 数に入らなくなった承認：{ $people }
audit-leaked = シークレットが漏えいしたため
# $user: OSでのユーザー名。
audit-operator = ホスト上で{ $user }が実行
audit-days = { $days }日前
audit-not-deleted = Discordが削除せず
# $why: 監査ログでの理由。$words: 入力された文章、またはAPIの応答。
audit-why = { $why ->
    [token_deleted] トークンが削除されたため
    [token_deleting] トークンの削除が始まったため
    [token_disabling] トークンの無効化が始まったため
    [token_changed] トークンまたはプロバイダーの内容が変わったため
    [restored] データベースがバックアップから復元されたため
    [not_later] トークンの有効期限がすでに後になっているため
    [narrowed] 申請者がアクセスの縮小だけに切り替えたため
    [token_expired] トークンが失効したため
    [token_disabled] トークンが無効化されたため
    [superseded] 別の終了方法が選ばれたため
    [done_upstream] プロバイダー側で完了したため
    [maybe_done] 管理者がすでに手続きを行った可能性があるため
    [maybe_changed] トークンが変更されたか不明
    [provider_gone] 設定からなくなったため
    [not_admin] 管理者ではなくなったため
    [content_changed] 内容が変わったため
    [expired] 期限が過ぎたため
    [may_be_enabled] 有効化に明確な応答がなかったため
    [never_collected] 期限までに受け取りがなかったため
    [upstream_refused] プロバイダーのAPIの応答：{ $words }
    [upstream_waits] プロバイダーのAPIに待つように求められたため：{ $words }
    [upstream_unsure] プロバイダーのAPIで作成されたか不明：{ $words }
    [upstream_repeated] 試行の上限に達したため：{ $words }
    [upstream_unproven] プロバイダーのAPIが{ $words }を作成したか不明
    [upstream_stray] プロバイダーのAPIが{ $words }を作成したか不明
    [upstream_not_there] 最初から見つからず：{ $words }
    [upstream_renamed] IDに別の名前：{ $words }
    [upstream_moved] 目印が別のIDに：{ $words }
    [upstream_too_long] 一覧が長すぎて未確認：{ $words }
    [upstream_unclear] まだ使えるか不明：{ $words }
    [upstream_changing] トークンが変更されたか不明：{ $words }
    [upstream_enabling] トークンがまた使えるか不明：{ $words }
    [upstream_renewing] 以前のシークレットが使えるか不明：{ $words }
   *[other] 「{ $words }」
}
