### トークンの開発者へのメール。シークレットは決して含まない。

## 発行:申請者の受け取り待ち

# $token: トークン名。$provider: どの API のものか。
mail-created-subject = { $provider }:API トークン「{ $token }」が発行されました
mail-created-title = API トークン「{ $token }」が発行されました
# $requester: 申請した人。
mail-created-lead = { $requester } さんが { $provider } のトークンを申請し、下記の管理者が承認して、発行されました。現在、{ $requester } さんが Discord で受け取るのを待っています。
mail-created-todo = 今の時点で必要な作業はありません。受け取りの後、必要な情報は { $requester } さんからお渡しします。安全な受け渡し方法を決めておいてください。シークレットをメールで送ることはありません。また、このメールへの返信でシークレットをお尋ねすることもありません。

## 受け取り:申請者がシークレットを確認した

mail-collected-subject = { $provider }:API トークン「{ $token }」が使えるようになりました
mail-collected-title = API トークン「{ $token }」が受け取られました
mail-collected-lead = { $requester } さんが Discord で { $provider } のトークンを受け取りました。これより、下記の範囲で利用できます。
mail-collected-todo = このトークンを使って開発する方は、{ $requester } さんから安全な方法で受け取り、コードやチャット、チケットではなく、シークレット管理の仕組みに保管してください。漏えいしたときは、すぐに { $people } に知らせてください。

# Whom to turn to, where requester and primary contact are not the same.
mail-people = { $requester } さんか { $contact } さん
# The same, where they are.
mail-person = { $requester } さん

## 共通

mail-unexpected = このメールに心当たりがない場合は、主担当の { $contact } さんにお知らせください。
# $guild: Discord サーバーの名前。
mail-reason = このメールは、{ $guild } でこのトークンの開発者として登録されている方にお送りしています。返信いただいてもお読みできません。
mail-reason-without-guild = このメールは、このトークンの開発者として登録されている方にお送りしています。返信いただいてもお読みできません。
mail-reason-former = このメールは、{ $guild } でこのトークンの開発者として登録されていた方にお送りしています。登録は外されたため、これが最後のお知らせです。返信いただいてもお読みできません。
mail-reason-former-without-guild = このメールは、このトークンの開発者として登録されていた方にお送りしています。登録は外されたため、これが最後のお知らせです。返信いただいてもお読みできません。

mail-label-name = 名前
mail-label-purpose = 目的
mail-label-provider = API
mail-label-sid = Account SID
mail-label-requester = 申請者
mail-label-approvers = 承認者
mail-label-contact = 主担当
mail-label-expires = 有効期限
mail-label-created = 発行日時
mail-label-collected = 受け取り日時
# $version: API のバージョン。
mail-value-provider = { $provider }、バージョン { $version }
# $days: how long the token lives once it is collected.
mail-value-expires-after-collection = 受け取りから { $days } 日間
# $count: スコープの数。
mail-scopes = 呼び出せるエンドポイント({ $count } 件):

## 期限切れ:受け取られなかった

mail-lapsed-subject = { $provider }:API トークン「{ $token }」は受け取られませんでした
mail-lapsed-title = API トークン「{ $token }」が取り消されました
mail-lapsed-lead = { $requester } さんが期限内に { $provider } のトークンを受け取らなかったため、取り消されました。このトークンは一度も使われていません。
mail-lapsed-todo = 必要な作業はありません。まだ必要な場合は、{ $requester } さんが Discord で改めて申請できます。
mail-label-lapsed = 取り消し日時

## 無効化

mail-disabled-subject = { $provider }:API トークン「{ $token }」が無効になりました
mail-disabled-title = API トークン「{ $token }」が無効になりました
mail-disabled-lead = { $requester } さんが申請した { $provider } のトークンが無効になりました。これより、このトークンを使うプログラムは拒否されます。
mail-disabled-todo = まだ使っている箇所があれば、このトークンを取り除いてください。詳しくは { $people } にお尋ねください。
mail-label-disabled = 無効化日時
mail-label-actor = 操作した人

## 変更

mail-changed-subject = { $provider }：API トークン「{ $token }」が変更されました
mail-changed-title = API トークン「{ $token }」が変更されました
mail-changed-lead = { $requester } さんが { $provider } のトークンの変更を申請し、下記の管理者が承認しました。変更は反映されています。現在の内容は次のとおりです。
mail-changed-todo = お使いのプログラムに影響がないか確認してください。詳しくは { $people } にお問い合わせください。
mail-label-changed = 変更日時

## 範囲の縮小

mail-narrowed-subject = { $provider }：API トークン「{ $token }」の範囲が狭まりました
mail-narrowed-title = API トークン「{ $token }」の範囲が狭まりました
mail-narrowed-lead = { $provider } のトークンからスコープが外されたか、有効期限が早まりました。これより、次の範囲で利用できます。
mail-narrowed-todo = お使いのプログラムに影響がないか確認してください。詳しくは { $people } にお問い合わせください。
mail-label-narrowed = 変更日時

## 作成済み:プロバイダーでシークレットが替わり、まだ受け取られていない

mail-renewed-subject = { $provider }：API トークン「{ $token }」の古いシークレットは使えなくなりました
mail-renewed-title = API トークン「{ $token }」の古いシークレットは使えなくなりました
mail-renewed-lead = { $requester } さんが { $provider } のトークンの新しいシークレットを申請し、下記の管理者が承認し、プロバイダーで作成されました。これにより、古いシークレットは使えません。
mail-renewed-todo = プログラムには新しいシークレットが必要です。{ $requester } さんが Discord で受け取ったあと、{ $people } から安全な方法で受け取ってください。シークレットをメールで送ることはありません。
mail-label-renewed = 作成日時

## 同じく、期限内に受け取られなかった

mail-secret-unsure-subject = { $provider }：API トークン「{ $token }」のシークレットは使えなくなった可能性があります
mail-secret-unsure-title = API トークン「{ $token }」のシークレットは使えなくなった可能性があります
mail-secret-unsure-lead = { $requester } さんが { $provider } のトークンの新しいシークレットを申請し、下記の管理者が承認しました。プロバイダーに作成を依頼しましたが、届いていません。古いものが使えなくなり、新しいものを誰も持っていない可能性があります。
mail-secret-unsure-todo = プログラムが失敗する場合は、別のシークレットが必要です。{ $people } にお尋ねください。新しいものができたらお知らせします。シークレットをメールで送ることはありません。
mail-label-secret-unsure = 未確認
mail-renewal-lapsed-subject = { $provider }：API トークン「{ $token }」は誰も使えません
mail-renewal-lapsed-title = API トークン「{ $token }」は誰も使えません
mail-renewal-lapsed-lead = { $requester } さんが { $provider } のトークンの新しいシークレットを期限内に受け取らなかったため、控えは消去されました。古いシークレットは、新しいものの作成時に使えなくなっています。
mail-renewal-lapsed-todo = 別のシークレットが発行されるまで、プログラムはこのトークンを使えません。詳しくは { $people } にお尋ねください。
mail-label-renewal-lapsed = 期限切れ

## リセット

mail-reset-subject = { $provider }：API トークン「{ $token }」のシークレットが新しくなりました
mail-reset-title = API トークン「{ $token }」のシークレットが新しくなりました
mail-reset-lead = { $requester } さんが { $provider } のトークンの新しいシークレットを申請し、下記の管理者が承認し、{ $requester } さんが受け取りました。
mail-reset-todo = プログラムには新しいシークレットが必要です。{ $people } から安全な方法で受け取ってください。古いシークレットは使えません。シークレットをメールで送ることはありません。
mail-label-reset = リセット日時

## 有効化

mail-enabled-subject = { $provider }：API トークン「{ $token }」が再び有効になりました
mail-enabled-title = API トークン「{ $token }」が再び有効になりました
mail-enabled-lead = { $requester } さんが { $provider } のトークンの有効化を申請し、下記の管理者が承認し、{ $requester } さんが新しいシークレットを受け取りました。
mail-enabled-todo = プログラムには新しいシークレットが必要です。{ $people } から安全な方法で受け取ってください。古いシークレットは使えません。シークレットをメールで送ることはありません。
mail-label-enabled = 有効化日時

## 削除

mail-deleted-subject = { $provider }：API トークン「{ $token }」が削除されました
mail-deleted-title = API トークン「{ $token }」が削除されました
mail-deleted-lead = { $provider } のトークンが削除されました。これより、このトークンを使うプログラムは拒否され、元に戻せません。
mail-deleted-todo = まだ使っている箇所があれば、このトークンを取り除いてください。詳しくは { $people } にお問い合わせください。
mail-label-deleted = 削除日時

## 有効期限切れ

mail-expired-subject = { $provider }：API トークン「{ $token }」の有効期限が切れました
mail-expired-title = API トークン「{ $token }」の有効期限が切れました
mail-expired-lead = { $provider } のトークンの有効期限が切れました。これより、このトークンを使うプログラムは拒否されます。
mail-expired-todo = まだ必要な場合は、{ $people } に新しいトークンを依頼してください。
mail-label-expired = 期限切れ日時
# $until: 日時。
mail-reset-todo-overlap = プログラムには新しいシークレットが必要です。{ $people } から安全な方法で受け取ってください。古いシークレットは { $until } まで使えます。それ以降は使えません。シークレットをメールで送ることはありません。

## 変更の内容

mail-changes = 変更の内容：
mail-label-version = API バージョン
# $field: 項目名。
mail-change = { $field }：{ $before } → { $after }
mail-change-developers-added = 追加された開発者：{ $items }
mail-change-developers-removed = 外された開発者：{ $items }
# $scope: メソッドとパス。
mail-change-scope-added = 追加されたスコープ：{ $scope }
mail-change-scope-removed = 外されたスコープ：{ $scope }
mail-change-scope-changed = 変更されたスコープ：{ $before } → { $after }

## 複数のトークン

mail-reason-many = このメールは、{ $guild } でこれらのトークンの開発者として登録されている方にお送りしています。返信いただいてもお読みできません。
mail-reason-many-without-guild = このメールは、これらのトークンの開発者として登録されている方にお送りしています。返信いただいてもお読みできません。

## まもなく期限切れ

# $count: トークンの数。$token: 最初のトークン名。
mail-ending-subject = { $count ->
    [1] API トークン「{ $token }」の有効期限がまもなく切れます
   *[other] API トークン「{ $token }」ほか、計 { $count } 件の有効期限がまもなく切れます
}
mail-ending-title = { $count ->
    [1] API トークン「{ $token }」の有効期限がまもなく切れます
   *[other] API トークン「{ $token }」ほか、計 { $count } 件の有効期限がまもなく切れます
}
mail-ending-lead = { $count ->
   *[other] 期限が切れると、トークンを使うプログラムは拒否されます。
}
mail-ending-items = { $count ->
   *[other] 対象のトークン({ $count } 件)：
}
# $when: 日時。$days: あと何日か。$approvers: 名前。
mail-ending-item = 「{ $token }」({ $provider })：{ $when }({ $days ->
    [0] 本日
    [1] 明日
   *[other] { $days } 日後
})、申請者：{ $requester }、承認者：{ $approvers }、主担当：{ $contact }
mail-ending-todo = まだ必要なトークンがあれば、主担当の方に延長を依頼してください。延長できないトークンは、新しいものを依頼してください。いずれも管理者の承認が必要なため、早めのご連絡をお願いします。

## 同じ頃に切れた有効期限

# $count: トークンの数（2 以上）。$token: 最初のものの名前。
mail-several-expired-title = API トークン「{ $token }」ほか、計 { $count } 件の有効期限が切れました
mail-several-expired-lead = 有効期限が切れたため、これより、これらのトークンを使うプログラムは拒否されます。
mail-several-expired-items = 対象のトークン：
# $when: 日時。
mail-several-expired-item = 「{ $token }」({ $provider })：{ $when }、申請者：{ $requester }、承認者：{ $approvers }、主担当：{ $contact }
mail-several-expired-todo = まだ必要なトークンがあれば、主担当の方に新しいトークンの申請を依頼してください。

## お知らせ

# $subject: 管理者が入力した件名。
mail-announced-subject = { $provider }：{ $subject }
mail-announced-lead = 管理者の { $author } さんから、{ $provider } のトークンの主担当と開発者へのお知らせです。
mail-announced-items = あなたが開発者として登録されているトークン({ $count } 件)：
mail-announced-todo = 詳しくは、Discord で { $author } さんにお問い合わせください。
