### トークンの開発者へのメール。シークレットは決して含まない。

## 作成：所有者の受け取り待ち

# $token: トークン名。$provider: どのAPIのものか。
mail-created-subject = { $provider }：APIトークン「{ $token }」が作成されました
mail-created-title = APIトークン「{ $token }」が作成されました
# $requester: 申請者。
mail-created-lead = { $requester }さんが{ $provider }のトークンを申請し、下記の管理者の承認を経て作成されました。{ $requester }さんは、まだDiscordで受け取っていません。
mail-created-todo = 今の時点で必要な作業はありません。{ $requester }さんが受け取ったら、必要な情報を安全な方法で共有してもらってください。シークレットをメールで送ることも、このメールへの返信でお尋ねすることもありません。

## 受け取り：所有者がシークレットを見た

mail-collected-subject = { $provider }：APIトークン「{ $token }」の受け取りが完了しました
mail-collected-title = APIトークン「{ $token }」の受け取りが完了しました
mail-collected-lead = { $requester }さんがDiscordで{ $provider }のトークンを受け取り、使えるようになりました。
mail-collected-todo = このトークンを使って開発する場合は、{ $requester }さんから安全な方法で入手し、コード、チャット、チケットではなく、シークレット管理ツールに保管してください。漏えいした場合は、すぐに{ $people }に知らせてください。

# 作成後すぐに受け取った場合：両方を1通で伝える。
mail-created-collected-subject = { $provider }：APIトークン「{ $token }」が作成され、受け取りが完了しました
mail-created-collected-title = APIトークン「{ $token }」が作成され、受け取りが完了しました
mail-created-collected-lead = { $requester }さんが{ $provider }のトークンを申請し、下記の管理者の承認を経て作成されました。{ $requester }さんがDiscordで受け取り、使えるようになりました。

# 問い合わせ先。申請者と主な連絡先が別の人の場合。
mail-people = { $requester }さんまたは{ $contact }さん
# 同じ人の場合。
mail-person = { $requester }さん

## 共通

mail-unexpected = このメールに心当たりがない場合は、主な連絡先の{ $contact }さんに知らせてください。
# $guild: Discordサーバーの名前。
mail-reason = このメールは、{ $guild }でこのトークンの開発者として登録されているため、お送りしています。ご返信いただいても確認できません。
mail-reason-without-guild = このメールは、このトークンの開発者として登録されているため、お送りしています。ご返信いただいても確認できません。
mail-reason-former = このメールは、{ $guild }でこのトークンの開発者として登録されていたため、お送りしています。現在は登録されていないため、これが最後のメールです。ご返信いただいても確認できません。
mail-reason-former-without-guild = このメールは、このトークンの開発者として登録されていたため、お送りしています。現在は登録されていないため、これが最後のメールです。ご返信いただいても確認できません。

mail-label-name = トークン名
mail-label-purpose = 説明
mail-label-provider = API
mail-label-sid = Account SID
mail-label-requester = 申請者
mail-label-approvers = 承認者
mail-label-contact = 主な連絡先
mail-label-expires = 有効期限
mail-label-created = 作成日時
mail-label-collected = 受け取り日時
# $version: APIのバージョン。
mail-value-provider = { $provider }、バージョン{ $version }
# $at: 日時。$zone: タイムゾーンの名前。
mail-moment = { $at }（{ $zone }）
# $days: 受け取りから失効までの日数。
mail-value-expires-after-collection = 受け取りから{ $days }日間
# $count: スコープの数。
mail-scopes = 呼び出せるエンドポイント（{ $count }件）：

## 期限までに受け取りがなかった

mail-lapsed-subject = { $provider }：APIトークン「{ $token }」の受け取りがありませんでした
mail-lapsed-title = APIトークン「{ $token }」の受け取りがありませんでした
mail-lapsed-lead = { $requester }さんが期限までに{ $provider }のトークンを受け取らなかったため、使えなくなりました。一度も使われていません。
mail-lapsed-todo = 必要な作業はありません。まだ必要な場合は、{ $requester }さんがDiscordで改めて申請できます。
mail-label-lapsed = 終了日時

## 無効化

mail-disabled-subject = { $provider }：APIトークン「{ $token }」が無効化されました
mail-disabled-title = APIトークン「{ $token }」が無効化されました
mail-disabled-lead = { $requester }さんが申請した{ $provider }のトークンが無効化されました。このトークンを使うプログラムからのリクエストは拒否されます。
mail-disabled-todo = まだ使っているプログラムがあれば、トークンを取り除いてください。ご不明な点は、{ $people }にお問い合わせください。
mail-label-disabled = 無効化日時
mail-label-actor = 操作者

## 変更：設定、スコープ、バージョン、有効期限

mail-changed-subject = { $provider }：APIトークン「{ $token }」が変更されました
mail-changed-title = APIトークン「{ $token }」が変更されました
mail-changed-lead = { $requester }さんが{ $provider }のトークンの変更を申請し、下記の管理者が承認しました。変更は反映されています。
mail-changed-todo = お使いのプログラムに影響がないか確認してください。ご不明な点は、{ $people }にお問い合わせください。
mail-label-changed = 変更日時

## 縮小：スコープが減った、または有効期限が早まった

mail-narrowed-subject = { $provider }：APIトークン「{ $token }」のアクセスが縮小されました
mail-narrowed-title = APIトークン「{ $token }」のアクセスが縮小されました
mail-narrowed-lead = { $provider }のトークンのスコープが減ったか、有効期限が早まりました。変更の内容は下記のとおりです。
mail-narrowed-todo = お使いのプログラムに影響がないか確認してください。ご不明な点は、{ $people }にお問い合わせください。
mail-label-narrowed = 変更日時

## プロバイダーが新しいシークレットを作成し、まだ受け取られていない

mail-renewed-subject = { $provider }：APIトークン「{ $token }」の以前のシークレットは使えなくなりました
mail-renewed-title = APIトークン「{ $token }」の以前のシークレットは使えなくなりました
mail-renewed-lead = { $requester }さんが{ $provider }のトークンの新しいシークレットを申請し、下記の管理者の承認を経て、プロバイダーで作成されました。その時点で、以前のシークレットは使えなくなりました。
mail-renewed-todo = プログラムには新しいシークレットが必要です。{ $requester }さんがDiscordで受け取った後、{ $people }から安全な方法で入手してください。シークレットをメールで送ることはありません。
mail-label-renewed = 新しいシークレットの作成日時

## プロバイダーに依頼した新しいシークレットが届いていない

mail-secret-unsure-subject = { $provider }：APIトークン「{ $token }」のシークレットが使えなくなった可能性があります
mail-secret-unsure-title = APIトークン「{ $token }」のシークレットが使えなくなった可能性があります
mail-secret-unsure-lead = { $requester }さんが{ $provider }のトークンの新しいシークレットを申請し、下記の管理者が承認しました。プロバイダーに作成を依頼しましたが、新しいシークレットが届いていません。以前のシークレットは使えなくなった可能性があり、新しいシークレットはまだ誰も持っていません。
mail-secret-unsure-todo = プログラムでエラーが発生する場合は、新しいシークレットが必要です。{ $people }にお問い合わせください。新しいシークレットができるとお知らせが届きます。シークレットをメールで送ることはありません。
mail-label-secret-unsure = 発生日時

## 新しいシークレットの受け取りがなかった

mail-renewal-lapsed-subject = { $provider }：APIトークン「{ $token }」の新しいシークレットの受け取りがありませんでした
mail-renewal-lapsed-title = APIトークン「{ $token }」の新しいシークレットの受け取りがありませんでした
mail-renewal-lapsed-lead = { $requester }さんが期限までに{ $provider }のトークンの新しいシークレットを受け取らなかったため、保管していたシークレットは消去されました。以前のシークレットは、新しいシークレットが作成された時点で使えなくなったため、誰もトークンを使えません。
mail-renewal-lapsed-todo = トークンを再び使うには、別のシークレットが必要です。リセットの申請を{ $people }に依頼してください。
mail-label-renewal-lapsed = 発生日時

## リセット：新しいシークレット

mail-reset-subject = { $provider }：APIトークン「{ $token }」のシークレットが新しくなりました
mail-reset-title = APIトークン「{ $token }」のシークレットが新しくなりました
mail-reset-lead = { $requester }さんが{ $provider }のトークンの新しいシークレットを申請し、下記の管理者の承認を経て、{ $requester }さんが受け取りました。
mail-reset-todo = プログラムには新しいシークレットが必要です。{ $people }から安全な方法で入手してください。以前のシークレットは使えません。シークレットをメールで送ることはありません。
mail-label-reset = リセット日時

## 有効化：再び使える

mail-enabled-subject = { $provider }：APIトークン「{ $token }」が有効化されました
mail-enabled-title = APIトークン「{ $token }」が有効化されました
mail-enabled-lead = { $requester }さんが{ $provider }のトークンの有効化を申請し、下記の管理者の承認を経て、{ $requester }さんが新しいシークレットを受け取りました。
mail-enabled-todo = プログラムには新しいシークレットが必要です。{ $people }から安全な方法で入手してください。以前のシークレットは使えないままです。シークレットをメールで送ることはありません。
mail-label-enabled = 有効化日時

## 削除

mail-deleted-subject = { $provider }：APIトークン「{ $token }」が削除されました
mail-deleted-title = APIトークン「{ $token }」が削除されました
mail-deleted-lead = { $provider }のトークンが削除されました。このトークンを使うプログラムからのリクエストは拒否されます。トークンを元に戻すことはできません。
mail-deleted-todo = まだ使っているプログラムがあれば、トークンを取り除いてください。ご不明な点は、{ $people }にお問い合わせください。
mail-label-deleted = 削除日時

## 失効

mail-expired-subject = { $provider }：APIトークン「{ $token }」が失効しました
mail-expired-title = APIトークン「{ $token }」が失効しました
mail-expired-lead = { $provider }のトークンが失効しました。このトークンを使うプログラムからのリクエストは拒否されます。
mail-expired-todo = まだ必要な場合は、別のトークンの申請を{ $people }に依頼してください。
mail-label-expired = 失効日時
# $until: 日時。
mail-reset-todo-overlap = プログラムには新しいシークレットが必要です。{ $people }から安全な方法で入手してください。以前のシークレットは{ $until }まで使えます。シークレットをメールで送ることはありません。

## 変更の内容

mail-changes = 変更の内容：
mail-label-version = APIバージョン
# $field: 項目名。
mail-change = { $field }：{ $before } → { $after }
mail-change-developers-added = 追加された開発者：{ $items }
mail-change-developers-removed = 除外された開発者：{ $items }
# $scope: メソッドとパス。
mail-change-scope-added = 追加されたスコープ：{ $scope }
mail-change-scope-removed = 除外されたスコープ：{ $scope }
mail-change-scope-changed = 変更されたスコープ：{ $before } → { $after }

## 複数のトークン

mail-reason-many = このメールは、{ $guild }でこれらのトークンの開発者として登録されているため、お送りしています。ご返信いただいても確認できません。
mail-reason-many-without-guild = このメールは、これらのトークンの開発者として登録されているため、お送りしています。ご返信いただいても確認できません。

## まもなく失効するもの

# $count: トークンの数。$token: 最初のトークン名。
mail-ending-subject = { $count ->
    [1] APIトークン「{ $token }」がまもなく失効します
   *[other] APIトークン「{ $token }」ほか、計{ $count }件がまもなく失効します
}
mail-ending-title = { $count ->
    [1] APIトークン「{ $token }」がまもなく失効します
   *[other] APIトークン「{ $token }」ほか、計{ $count }件がまもなく失効します
}
mail-ending-lead = { $count ->
   *[other] 失効すると、トークンを使うプログラムからのリクエストは拒否されます。
}
mail-ending-items = 対象のトークン（{ $count }件）：
# $when: 日時。$days: あと何日か。$approvers: 名前。
mail-ending-item = 「{ $token }」（{ $provider }）：{ $days ->
    [0] 本日
    [1] 明日
   *[other] { $days }日後
}、{ $when } · 申請者：{ $requester } · 承認者：{ $approvers } · 主な連絡先：{ $contact }
mail-ending-todo = まだ必要なトークンがあれば、主な連絡先に延長を依頼してください。延長できない場合は、別のトークンの申請を依頼してください。どちらも管理者の承認が必要なため、早めに依頼してください。

## 同じ頃に失効したもの

# $count: トークンの数（2以上）。$token: 最初のトークン名。
mail-several-expired-title = APIトークン「{ $token }」ほか、計{ $count }件が失効しました
mail-several-expired-lead = これらのトークンを使うプログラムからのリクエストは拒否されます。
mail-several-expired-items = 対象のトークン：
# $when: 日時。
mail-several-expired-item = 「{ $token }」（{ $provider }）：{ $when } · 申請者：{ $requester } · 承認者：{ $approvers } · 主な連絡先：{ $contact }
mail-several-expired-todo = まだ必要なトークンがあれば、別のトークンの申請を主な連絡先に依頼してください。

## お知らせ

# $subject: 管理者が入力した件名。
mail-announced-subject = { $provider }：{ $subject }
mail-announced-lead = 管理者の{ $author }さんから、{ $provider }のトークンの主な連絡先と開発者へのお知らせです：
mail-announced-items = 開発者になっているトークン（{ $count }件）：
# $approvers: 名前。
mail-announced-item = 「{ $token }」 · 申請者：{ $requester } · 承認者：{ $approvers }
mail-announced-todo = ご不明な点は、Discordで{ $author }さんにお問い合わせください。
