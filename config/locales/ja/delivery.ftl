### シークレットの受け渡しと、ダイレクトメッセージの文言。$owner、$requester、$personはメンション。
### 日時はDiscordの書式で、相対的な表示を括弧に入れて添えてある。

## ボタン

delivery-button-reveal = 表示する
delivery-button-not-me = 心当たりがない
delivery-button-stored = 保管しました

## トークンの準備ができた

delivery-ready-title = トークン{ $name }の準備ができました
delivery-ready-purpose = 説明
delivery-ready-reveal = シークレットを保管する準備ができたら、「表示する」を押してください。シークレットは**1回だけ、ご自身だけに**表示され、数分後に消えます。
delivery-ready-swapped = このシークレットが作成された時点で、以前のシークレットはプロバイダーで使えなくなりました。
delivery-ready-not-me = このトークンを申請していない場合は、「心当たりがない」を押してください。トークンを無効化し、管理者に知らせます。
delivery-ready-until = 受け取り期限

# 既存のトークンの新しいシークレットの場合。
delivery-renewed-title = トークン{ $name }の新しいシークレットの準備ができました
delivery-renewed-lead = 既存のトークンの新しいシークレットです。トークン名、スコープ、有効期限は変わりません。
delivery-renewed-stops = 以前のシークレットは、新しいシークレットを表示した時点で使えなくなります。
# $hours: 両方を使える時間。
delivery-renewed-overlap = 以前のシークレットは、新しいシークレットを表示してから{ $hours }時間は使えます。ただし、トークンの有効期限が過ぎると使えなくなります。
delivery-renewed-enables = このシークレットを表示した時点で、トークンが有効化されます。以前のシークレットは使えないままです。
delivery-renewed-enabled = トークンはプロバイダーで有効化されました。以前のシークレットは使えないままです。
delivery-renewed-not-me = このシークレットを申請していない場合は、「心当たりがない」を押してください。トークンを無効化し、管理者に知らせます。

## 上のメッセージのその後

receipt-title = { $name }のシークレット
# $person: 所有者。$when: 押した日時。
receipt-revealed = { $when }に{ $person }さんが表示しました。もう一度表示することはできません。
receipt-not-me = ご自身の操作でない場合は、「心当たりがない」を押してください。管理者に知らせ、シークレットがまだ使える場合はトークンを無効化します。
receipt-unconfirmed = { $when }に「表示する」を押した記録があります。シークレットが届いたかどうかをDiscordで確認できないまま、保管していたシークレットは消去されました。届いていない場合は、シークレットのリセットか別のトークンを申請してください。
receipt-not-revealed = 期限までに表示されなかったため、保管していたシークレットは消去されました。
receipt-voided = トークンが使えなくなったか、より新しいシークレットが作成されたため、表示できません。
receipt-disowned = 「心当たりがない」が押されました。
receipt-disabled = トークンは無効化されています。
receipt-deleted = トークンは削除されています。
receipt-expired = トークンは失効しました。

## シークレット

delivery-secret-title = **{ $name }**
delivery-secret-sid = Account SID
delivery-secret-secret = Auth Token（シークレット）
delivery-secret-hide = このメッセージを見られるのはご自身だけです。{ $when }に削除され、シークレットをもう一度表示することはできません。
delivery-secret-todo = 今すぐ、両方をシークレット管理ツールに保管してください。コード、チャット、チケットには書かないでください。保管したら「保管しました」を押すと、このメッセージはすぐに削除されます。申請していないトークンの場合は、「心当たりがない」を押してください。

# 「保管しました」の後。
delivery-stored = **{ $name }**のシークレットを表示したメッセージを削除しました。

# $count: 残りの数。
delivery-more-waits = ほかに{ $count }件のシークレットが受け取り待ちです。先にこれらを受け取ってから、もう一度`/トークン 受け取り`を使ってください。
delivery-nothing-waits = 受け取り待ちのものはありません。一度表示したシークレットを、もう一度表示することはできません。
delivery-disowned-off = お知らせいただきありがとうございます。トークン**{ $name }**{ $state ->
    [deleted] は削除されています
    [expired] は失効しています
   *[disabled] は無効化されています
}。承認した管理者に知らせました。
delivery-disowned-asked = お知らせいただきありがとうございます。トークン**{ $name }**は、管理者がプロバイダーで無効化する必要があり、それまでは使える可能性があります。承認した管理者に知らせました。
delivery-disowned-going = お知らせいただきありがとうございます。トークン**{ $name }**は、プロバイダーで無効化の処理中です。完了するまでは使える可能性があります。承認した管理者に知らせました。
delivery-disowned-dead = お知らせいただきありがとうございます。このシークレットはもう使えないため、トークン**{ $name }**は変更していません。承認した管理者に知らせました。

## ダイレクトメッセージ

notice-subject = 申請#{ $number }：{ $provider }のトークン**{ $name }**

notice-approved-title = #{ $number }が承認されました
notice-approved = 管理者が申請を承認し、処理を進めています。進捗はここでお知らせします。
notice-approved-by-hand = 管理者が申請を承認しました。管理者がプロバイダーで手続きを行い、完了したらここでお知らせします。
notice-returned-title = #{ $number }に改めて承認が必要です
notice-returned = 申請の承認はそろっていましたが、承認した人が管理者でなくなったか、設定が変わりました。ほかの管理者の承認を待っています。必要な作業はありません。
notice-denied-title = #{ $number }は却下されました
notice-denied = { $person }さんが申請を却下しました：
notice-denied-todo = この管理者に相談するか、改めて申請してください。
notice-expired-title = #{ $number }は失効しました
notice-expired = 期限までに必要な承認がそろいませんでした。まだ必要な場合は、改めて申請してください。
notice-failed-title = #{ $number }は失敗しました
notice-failed = 申請を処理できませんでした。再開するには管理者の対応が必要です。対応の内容は、承認チャンネルのカードに載っています。申請者に必要な作業はありません。
notice-card-refused-title = #{ $number }の現在の内容が管理者に見えていない可能性があります
notice-card-refused-text = 申請の文面がDiscordの自動モデレーションで拒否されたため、承認チャンネルに現在の内容を載せられませんでした。
notice-card-refused-text-todo = `/トークン 対応待ち`の「編集」で文面を変更してください。申請は、このままでも管理者が`/トークン 対応待ち`から承認できます。
notice-card-refused-access = Countersignに承認チャンネルの権限がないため、申請の現在の内容を載せられませんでした。
notice-card-refused = Discordが申請のカードを拒否したため、承認チャンネルに現在の内容を載せられませんでした。
notice-card-refused-todo = 管理者に知らせてください。申請は`/トークン 対応待ち`からも確認でき、カードは1時間ごとに再試行されます。カードが載ると、このメッセージは削除されます。
notice-created-title = トークン{ $name }が作成されました
notice-created = { $requester }さんが申請し、管理者が承認しました。このトークンの主な連絡先として登録されています。{ $requester }さんはまだ受け取っていません。必要な作業はありません。
notice-created-own = ご自身の申請を、管理者が承認しました。主な連絡先もご自身です。シークレットは別のメッセージから表示できます。
notice-collected-title = トークン{ $name }の受け取りが完了しました
notice-collected = { $owner }さんが受け取り、トークンが使えるようになりました。主な連絡先として、このトークンのお知らせが届きます。
notice-collected-own = 受け取りが完了し、トークンが使えるようになりました。ご自身の操作でない場合は、すぐに管理者に知らせてください。
notice-lapsed-title = トークン{ $name }の受け取りがありませんでした
notice-lapsed-off = { $owner }さんが期限までに受け取らなかったため、使えなくなりました。一度も使われていません。
notice-lapsed-asked = { $owner }さんが期限までに受け取りませんでした。トークンはプロバイダーで削除の処理中です。完了するとお知らせが届きます。
notice-lapsed-todo = まだ必要な場合は、`/トークン 申請`で改めて申請してください。
notice-lapsed-nothing = 必要な作業はありません。まだ必要な場合は、{ $owner }さんが改めて申請できます。
notice-disabled-title = トークン{ $name }が無効化されました
notice-disabled = このトークンを使うプログラムからのリクエストは拒否されます。まだ使っているプログラムがあれば、トークンを取り除いてください。
notice-by = { $person }さんの操作です。
notice-by-itself = Countersignによる自動の処理です。
notice-disowned-title = ⚠️ 心当たりがない：トークン{ $name }
notice-disowned = このトークンについて、{ $owner }さんは覚えがないとのことです。誰かが{ $owner }さんの名前で申請した可能性があります。
notice-disowned-off = トークンは{ $state ->
    [deleted] 削除されています
    [expired] 失効しています
   *[disabled] 無効化されています
}。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-disowned-on = このシークレットはもう使えないため、トークンは変更していません。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-disowned-asked = **今すぐプロバイダーで無効化してください。**承認チャンネルのカードに、Account SIDと「完了」ボタンがあります。その後、誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-disowned-going = トークンは、プロバイダーで無効化の処理中です。完了するまでは使える可能性があります。プロバイダーのAPIで無効化できない場合は、承認チャンネルのカードで管理者に依頼します。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-withdrawn-title = #{ $number }は取り下げられました
notice-withdrawn-own = ご自身で取り下げたため、これ以上進みません。
notice-withdrawn-own-begun = ご自身で取り下げました。管理者がすでにプロバイダーで手続きを行っている場合は元に戻すよう、カードで管理者に依頼しています。
notice-withdrawn-own-unclear = ご自身で取り下げました。プロバイダーのAPIから明確な応答がなかったため、トークンが変更された可能性があります。トークンで何ができるかをプロバイダーで確認するよう、カードで管理者に依頼しています。
notice-withdrawn-narrowed = 代わりに、承認の要らないアクセスの縮小だけを行いました。
notice-withdrawn-disabled = 申請の後にトークンが無効化されたため、この申請は実行されません。トークンを再び使うには「有効化」を申請してください。
notice-withdrawn-off = 申請の後にトークンが無効化されたため、この申請は実行されません。まだ必要な場合は、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請できます。
notice-withdrawn-disabling = トークンが無効化の処理中のため、この申請は実行されません。完了するまでは使える可能性があります。完了後に再び使うには、`/トークン 詳細`で「有効化」を申請してください。
notice-withdrawn-going-off = トークンが無効化の処理中のため、この申請は実行されません。完了するまでは使える可能性があります。まだ必要な場合は、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請できます。
notice-withdrawn-deleted = 申請の後にトークンが削除されたため、この申請は実行されません。
notice-withdrawn-deleting = トークンが削除の処理中のため、この申請は実行されません。完了するまでは使える可能性があります。
notice-withdrawn-changed = 申請の後にトークンまたはプロバイダーの内容が変わったため、申請は実行されませんでした。まだ必要な場合は、改めて申請してください。
notice-withdrawn-restored = Countersignのデータベースがバックアップから復元されたため、処理中の申請はすべて取り下げられました。まだ必要な場合は、改めて申請してください。
notice-withdrawn-not-later = トークンの有効期限がすでにこの申請より後になっているため、延長は不要になりました。
notice-withdrawn-expired = 申請の後にトークンが失効したため、この申請は実行されません。まだ必要な場合は、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請できます。
notice-changed-title = トークン{ $name }が変更されました
notice-changed = { $requester }さんが変更を申請し、管理者が承認しました。変更は反映されています。
notice-changed-todo = 現在の内容は`/トークン 詳細`で確認できます。
notice-narrowed-title = トークン{ $name }のアクセスが縮小されました
notice-reset-title = トークン{ $name }のシークレットが新しくなりました
notice-reset = { $owner }さんが申請し、管理者が承認しました。{ $owner }さんが受け取り、トークンの所有者になりました。プログラムには新しいシークレットが必要です。
notice-reset-dead = 以前のシークレットは使えません。
# $until: 日時。
notice-reset-until = 以前のシークレットは{ $until }まで使えます。
notice-enabled-title = トークン{ $name }が有効化されました
notice-enabled = { $owner }さんが申請し、管理者が承認しました。{ $owner }さんが新しいシークレットを受け取り、トークンの所有者になりました。以前のシークレットは使えないままです。
notice-deleted-title = トークン{ $name }が削除されました
notice-deleted = このトークンを使うプログラムからのリクエストは拒否されます。トークンを元に戻すことはできません。まだ使っているプログラムがあれば、トークンを取り除いてください。
notice-token-expired-title = トークン{ $name }が失効しました
notice-token-expired = このトークンを使うプログラムからのリクエストは拒否されます。まだ必要な場合は、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請できます。
notice-renewed-title = { $name }の以前のシークレットは使えなくなりました
notice-renewed = { $owner }さんが新しいシークレットを申請し、管理者の承認を経て、プロバイダーで作成されました。その時点で、以前のシークレットは使えなくなりました。{ $owner }さんは新しいシークレットをまだ受け取っていません。プログラムには新しいシークレットが必要です。
notice-secret-unsure-title = { $name }のシークレットが使えなくなった可能性があります
notice-secret-unsure = { $owner }さんが新しいシークレットを申請し、プロバイダーに作成を依頼しましたが、新しいシークレットが届いていません。以前のシークレットは使えなくなった可能性があり、新しいシークレットはまだ誰も持っていません。プログラムでエラーが発生する場合は、管理者が申請のカードで「再試行」を押せます。申請が終了している場合は、`/トークン 詳細`の「リセット」から申請してください。新しいシークレットができるとお知らせが届きます。
notice-renewal-lapsed-title = { $name }の新しいシークレットの受け取りがありませんでした
notice-renewal-lapsed = { $owner }さんが期限までに受け取らなかったため、新しいシークレットは消去されました。トークンに変更はありません。まだ必要な場合は、改めて申請してください。
notice-renewal-lapsed-old-is-dead = { $owner }さんが期限までに受け取らなかったため、保管していたシークレットは消去されました。新しいシークレットが作成された時点で、以前のシークレットはプロバイダーで使えなくなっています。トークンはプロバイダーで有効化されたままですが、誰も使えません。まだ必要な場合は`/トークン 詳細`の「リセット」を申請し、不要な場合は「削除」を押してください。
notice-renewal-lapsed-ends = { $owner }さんが期限までに受け取らなかったため、保管していたシークレットは消去されました。トークンは無効化されたか、無効化の処理中です。
notice-renewal-lapsed-off = { $owner }さんが期限までに受け取らなかったため、新しいシークレットは消去されました。プロバイダーで有効化されていたトークンは、再び無効化されました。まだ必要な場合は、改めて「有効化」を申請してください。
notice-renewal-lapsed-going = { $owner }さんが期限までに受け取らなかったため、新しいシークレットは消去されました。プロバイダーで有効化されていたトークンは、再び無効化の処理中です。完了するまでは使える可能性があります。完了するとお知らせが届きます。
notice-voided-title = { $name }の新しいシークレットは受け取れなくなりました
notice-voided = { $state ->
    [deleted] 申請したシークレットを受け取る前に、トークンが削除されました。
    [expired] 申請したシークレットを受け取る前に、トークンが失効しました。
   *[disabled] 申請したシークレットを受け取る前に、トークンが無効化されました。
}
notice-voided-enable = 保管していたシークレットは消去されました。まだ必要な場合は「有効化」を申請してください。別のシークレットが作成されます。
notice-voided-duplicate = 保管していたシークレットは消去されました。まだ必要な場合は、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請できます。
notice-replaced-title = { $name }の新しいシークレットは、さらに新しいものに置き換わりました
notice-replaced = { $owner }さんがより新しいシークレットを申請し、管理者が承認しました。届いていたシークレットは消去され、表示できません。必要な作業はありません。
notice-change-end = 有効期限
# $item: メールアドレス、またはスコープのメソッドとパス。$before、$after: 同じく。
notice-developer-added = **追加された開発者：**{ $item }
notice-developer-removed = **除外された開発者：**{ $item }
notice-scope-added = **追加されたスコープ：**{ $item }
notice-scope-removed = **除外されたスコープ：**{ $item }
notice-scope-changed = **変更されたスコープ：**{ $before } → { $after }

## メールが届かない

notice-mailbox-title = トークン{ $name }のメールが届いていません
# $address: メールアドレス。
notice-mailbox = 開発者{ $address }あてのメールが、すべて拒否されています。メールサーバーの応答：
notice-mailbox-todo = この開発者には、このトークンのお知らせが届きません。`/トークン 詳細`の「編集」で、アドレスを修正または除外してください。このお知らせは1回だけです。
# $count: トークンの数（2以上）。
notice-mailbox-several-title = トークン{ $count }件のメールが届いていません
# $tokens: トークン名。
notice-mailbox-several-todo =
    この開発者には、次のトークンのお知らせが届きません：{ $tokens }
    `/トークン 詳細`の「編集」で、アドレスを修正または除外してください。このお知らせは1回だけです。

## まもなく失効するもの

# $count: トークンの数。
notice-ending-title = まもなく失効するトークンが{ $count }件あります
# $name: トークン。$at: 日時。
notice-ending-line = **{ $name }**（{ $provider }）：{ $at }
# $providers: プロバイダーの名前。
notice-ending-todo-fixed = 失効すると、そのトークンを使うプログラムからのリクエストは拒否されます。このプロバイダーでは延長できません。まだ必要な場合は、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請してください。管理者の承認が必要なため、早めに申請してください。
notice-ending-todo-mixed = 失効すると、そのトークンを使うプログラムからのリクエストは拒否されます。まだ必要な場合は、`/トークン 詳細`の「延長」から申請してください。{ $providers }のトークンは延長できないため、「複製」から、同じ内容のトークンを申請してください。どちらも管理者の承認が必要なため、早めに申請してください。
notice-ending-todo = 失効すると、そのトークンを使うプログラムからのリクエストは拒否されます。まだ必要な場合は、`/トークン 詳細`の「延長」から申請してください。管理者の承認が必要なため、早めに申請してください。

## 同じ頃に失効したもの

# $count: トークンの数（2以上）。
notice-several-expired-title = トークン{ $count }件が失効しました
# $name: トークン。$at: 日時。
notice-several-expired-line = **{ $name }**（{ $provider }）：{ $at }
notice-several-expired-todo = これらのトークンを使うプログラムからのリクエストは拒否されます。まだ必要なものがあれば、`/トークン 詳細`の「複製」から、同じ内容のトークンを申請できます。

## お知らせ

notice-announced-title = 管理者からのお知らせ
# $author: 管理者。$tokens: トークン名。
notice-announced = { $author }さんから、{ $provider }のトークンの主な連絡先と開発者へのお知らせです。主な連絡先になっているトークン：{ $tokens }
