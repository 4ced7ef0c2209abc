### シークレットの受け渡しと、ダイレクトメッセージでのお知らせの文言。$owner、$requester、$person は
### メンション、日時は Discord の書式。

## ボタン

delivery-button-reveal = 表示する
delivery-button-not-me = 心当たりがない
delivery-button-stored = 保管しました

## トークンの準備ができた

delivery-ready-title = トークン { $name } の準備ができました
delivery-ready-purpose = 用途
delivery-ready-reveal = シークレットを保管できる状態で「表示する」を押してください。表示されるのは**一度だけ、あなただけ**で、数分後に消えます。
delivery-ready-swapped = 新しいシークレットの作成時に、古いものはプロバイダーで使えなくなりました。
delivery-ready-not-me = このトークンを申請した覚えがない場合は、「心当たりがない」を押してください。トークンの使用を止め、管理者に警告します。
delivery-ready-until = 受け取り期限

## シークレット

delivery-secret-title = **{ $name }**
delivery-secret-sid = Account SID
delivery-secret-secret = Auth Token(シークレット)
delivery-secret-hide = このメッセージはあなただけに表示されています。{ $when }に消え、もう一度表示することはできません。
delivery-secret-todo = いますぐ、両方をシークレット管理の仕組みに保管してください。コードやチャット、チケットには書かないでください。保管したら「保管しました」を押すと、このメッセージはすぐに消えます。心当たりがない場合は、「心当たりがない」を押してください。

# $count: 残りの数。
delivery-more-waits = このほかに { $count } 件のシークレットが受け取りを待っています。これらを受け取ってから、もう一度 `/トークン 受け取り` を使うと続きが表示されます。
delivery-nothing-waits = 受け取りを待っているトークンはありません。すでに表示したトークンのシークレットを、もう一度表示することはできません。
delivery-disowned-off = お知らせいただきありがとうございます。トークン **{ $name }** は無効になっています。承認した管理者に警告しました。
delivery-disowned-asked = お知らせいただきありがとうございます。トークン **{ $name }** は、管理者が手作業で無効にする必要があります。承認した管理者に警告しました。それまでは使える可能性があります。
delivery-disowned-going = お知らせいただきありがとうございます。トークン **{ $name }** をプロバイダーで無効化しています。承認した管理者に警告しました。完了するまでは使える可能性があります。
delivery-disowned-dead = お知らせいただきありがとうございます。このシークレットはもう使えないため、トークン **{ $name }** はそのままです。承認した管理者に警告しました。

## ダイレクトメッセージ

notice-subject = 申請 #{ $number }:{ $provider } のトークン **{ $name }**

notice-approved-title = #{ $number } が承認されました
notice-approved = 管理者があなたの申請を承認しました。処理を進めています。経過はここでお知らせします。
notice-returned-title = #{ $number } は再び承認を待っています
notice-returned = 承認はそろっていましたが、承認した人が管理者でなくなったか、設定が変わったため、承認が再び必要になりました。ほかの管理者の承認を待っています。必要な作業はありません。
notice-denied-title = #{ $number } は却下されました
notice-denied = { $person } さんがあなたの申請を却下しました。理由は次のとおりです。
notice-denied-todo = 却下した方に相談するか、改めて申請してください。
notice-expired-title = #{ $number } は期限切れになりました
notice-expired = 期限内に判断されませんでした。まだ必要な場合は、改めて申請してください。
notice-failed-title = #{ $number } を進められません
notice-failed = 申請は承認されましたが、管理者が対応するまで進められません。対応の内容は、承認チャンネルのカードに表示されています。あなたに必要な作業はありません。
notice-created-title = トークン { $name } が発行されました
notice-created = { $requester } さんが申請し、管理者が承認しました。あなたは主担当です。{ $requester } さんが受け取るのを待っています。今の時点で必要な作業はありません。
notice-created-own = あなたが申請し、管理者が承認しました。主担当もあなたです。シークレットは別のメッセージで届きます。
notice-collected-title = トークン { $name } が使えるようになりました
notice-collected = { $owner } さんが受け取りました。これより利用できます。あなたは主担当として、このトークンに関するお知らせを受け取ります。
notice-collected-own = あなたが受け取りました。これより利用できます。受け取った覚えがない場合は、すぐに管理者にお知らせください。
notice-lapsed-title = トークン { $name } は受け取られませんでした
notice-lapsed-off = { $owner } さんが期限内に受け取らなかったため、取り消されました。このトークンは一度も使われていません。
notice-lapsed-asked = { $owner } さんが期限内に受け取りませんでした。プロバイダー側で削除を進めており、完了したらお知らせします。
notice-lapsed-todo = まだ必要な場合は、`/トークン 申請` で改めて申請してください。
notice-lapsed-nothing = 必要な作業はありません。まだ必要な場合は、{ $owner } さんが改めて申請できます。
notice-disabled-title = トークン { $name } が無効になりました
notice-disabled = これより、このトークンを使うプログラムは拒否されます。まだ使っている箇所があれば、このトークンを取り除いてください。
notice-by = { $person } さんの操作です。
notice-by-itself = Countersign による自動の処理です。
notice-disowned-title = ⚠️ 心当たりがない:トークン { $name }
notice-disowned = { $owner } さんが、あなたの承認したこのトークンに覚えがないとのことです。誰かが本人になりすまして申請した可能性があります。
notice-disowned-off = トークンはすでに無効になっています。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-disowned-on = このシークレットはもう使えないため、トークンはそのままです。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-disowned-asked = **いますぐプロバイダーで無効にしてください。** 承認チャンネルのカードに、Account SID と「完了」ボタンがあります。その後、誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-disowned-going = プロバイダーで無効化しています。完了するまでは使える可能性があります。プロバイダーの API で無効にできない場合は、承認チャンネルのカードで管理者に依頼します。誰が申請したのか、そのアカウントが安全かどうかを確認してください。
notice-withdrawn-title = #{ $number } は取り下げられました
notice-withdrawn-disabled = その間にトークンが無効になったため、変更できなくなりました。再び使うには「有効にする」から申請してください。
notice-withdrawn-off = その間にトークンが無効になったため、変更できなくなりました。まだ必要な場合は、`/トークン 表示` の「複製」から、同じ内容のトークンを申請できます。
notice-withdrawn-deleted = その間にトークンが削除されたため、変更できなくなりました。
notice-withdrawn-changed = その間にトークンまたはプロバイダーの内容が変わったため、行われませんでした。まだ必要な場合は、改めて申請してください。
notice-withdrawn-restored = Countersign のデータベースがバックアップから復元されたため、待機中の申請はすべて取り下げられました。必要な場合は、もう一度申請してください。
notice-withdrawn-not-later = トークンの有効期限がこの申請より長くなったため、延長の必要がなくなりました。
notice-withdrawn-expired = その間にトークンの有効期限が切れたため、変更できなくなりました。「複製」から、同じ内容のトークンを申請できます。
notice-changed-title = トークン { $name } が変更されました
notice-changed = { $requester } さんが申請し、管理者が承認しました。変更は反映されています。
notice-changed-todo = `/トークン 表示` で現在の内容を確認できます。
notice-narrowed-title = トークン { $name } の範囲が狭まりました
notice-reset-title = トークン { $name } のシークレットが新しくなりました
notice-reset = { $owner } さんが申請し、管理者が承認し、{ $owner } さんが受け取って所有者になりました。プログラムには新しいシークレットが必要です。
notice-reset-dead = 古いシークレットは使えません。
# $until: 日時。
notice-reset-until = 古いシークレットは { $until } まで使えます。それ以降は使えません。
notice-enabled-title = トークン { $name } が再び有効になりました
notice-enabled = { $owner } さんが申請し、管理者が承認し、{ $owner } さんが新しいシークレットを受け取って所有者になりました。古いシークレットは使えません。
notice-deleted-title = トークン { $name } が削除されました
notice-deleted = これより、このトークンを使うプログラムは拒否され、元に戻せません。まだ使っている箇所があれば、このトークンを取り除いてください。
notice-token-expired-title = トークン { $name } の有効期限が切れました
notice-token-expired = これより、このトークンを使うプログラムは拒否されます。まだ必要な場合は、`/トークン 表示` の「複製」から、同じ内容のトークンを申請できます。
notice-renewed-title = { $name } の古いシークレットは使えなくなりました
notice-renewed = { $owner } さんが新しいシークレットを申請し、管理者が承認し、プロバイダーで作成されました。これにより、古いものは使えません。新しいものは { $owner } さんの受け取りを待っています。プログラムには新しいシークレットが必要です。
notice-secret-unsure-title = { $name } のシークレットは使えなくなった可能性があります
notice-secret-unsure = { $owner } さんが新しいシークレットを申請しました。プロバイダーに作成を依頼しましたが、ここには届いていません。古いものが使えなくなり、新しいものを誰も持っていない可能性があります。プログラムが失敗する場合は、新しいシークレットが必要です。管理者は申請のカードから続行できます。申請が終わっている場合は、`/トークン 表示` の「リセット」から改めて申請してください。新しいものができたらお知らせします。
notice-renewal-lapsed-title = { $name } の新しいシークレットは受け取られませんでした
notice-renewal-lapsed = { $owner } さんが期限内に受け取らなかったため、新しいシークレットは消去されました。トークンは以前のままです。まだ必要な場合は、改めて申請してください。
notice-renewal-lapsed-old-is-dead = { $owner } さんが期限内に受け取らなかったため、控えは消去されました。新しいシークレットの作成時に、古いものはプロバイダーで使えなくなっています。トークンはプロバイダーで有効なままですが、今は誰も使えません。まだ必要な場合は `/トークン 表示` の「リセット」からもう一度申請し、不要な場合は「削除」してください。
notice-renewal-lapsed-ends = { $owner } さんが期限内に受け取らなかったため、控えは消去されました。トークンは無効になっているか、無効化の途中です。
notice-renewal-lapsed-off = { $owner } さんが期限内に受け取らなかったため、新しいシークレットは消去されました。トークンはプロバイダーで有効になっていましたが、再び無効にしました。まだ必要な場合は、改めて「有効にする」から申請してください。
notice-renewal-lapsed-going = { $owner } さんが期限内に受け取らなかったため、新しいシークレットは消去されました。トークンはプロバイダーで有効になっていたため、再び無効にしています。完了するとお知らせします。それまでは使える可能性があります。
notice-voided-title = { $name } の新しいシークレットは使えなくなりました
notice-voided = 申請したシークレットを受け取る前に、{ $state ->
    [deleted] トークンが削除されました。控えは消去されています。まだ必要な場合は、`/トークン 表示` の「複製」から、同じ内容のトークンを申請できます。
    [expired] トークンの有効期限が切れました。控えは消去されています。まだ必要な場合は、`/トークン 表示` の「複製」から、同じ内容のトークンを申請できます。
    [off] トークンが無効になりました。控えは消去されています。まだ必要な場合は、`/トークン 表示` の「複製」から、同じ内容のトークンを申請できます。
   *[disabled] トークンが無効になりました。控えは消去されています。まだ必要な場合は、「有効にする」から申請すると、別のシークレットが発行されます。
}
notice-replaced-title = { $name } の新しいシークレットは、さらに新しいものに置き換わりました
notice-replaced = { $owner } さんがより新しいシークレットを申請し、管理者が承認しました。あなたに届いていたものは控えが消去され、もう表示できません。必要な作業はありません。
notice-change-end = 有効期限

## メールが届かない

notice-mailbox-title = トークン { $name } のメールが届いていません
# $address: メールアドレス。
notice-mailbox = 開発者 { $address } のメールサーバーが受信を拒否しています。サーバーの応答は次のとおりです。
notice-mailbox-todo = この宛先には、このトークンのお知らせが届きません。`/トークン 表示` の「編集」でアドレスを直すか、外してください。このお知らせは一度だけです。
# $count: トークンの数（2 以上）。
notice-mailbox-several-title = トークン { $count } 件のメールが届いていません
# $tokens: トークンの名前。
notice-mailbox-several-todo =
    この宛先には、次のトークンのお知らせが届きません：{ $tokens }
    `/トークン 表示` の「編集」でアドレスを直すか、外してください。このお知らせは一度だけです。

## まもなく期限切れ

# $count: トークンの数。
notice-ending-title = まもなく有効期限が切れるトークンが { $count } 件あります
# $name: トークン。$at: 日時。$when: 「7 日後」など。
notice-ending-line = **{ $name }**（{ $provider }）：{ $at }、{ $when }
# $providers: プロバイダーの名前。
notice-ending-todo-fixed = 期限が切れると、このトークンを使うプログラムは拒否されます。このプロバイダーでは延長できません。まだ必要な場合は、`/トークン 表示` の「複製」から、同じ内容のトークンを申請してください。管理者の承認が必要なため、早めの申請をお願いします。
notice-ending-todo-mixed = 期限が切れると、これらのトークンを使うプログラムは拒否されます。まだ必要なトークンは、`/トークン 表示` の「延長」から申請してください。{ $providers } では延長できないため、「複製」から、同じ内容のトークンを申請してください。いずれも管理者の承認が必要なため、早めの申請をお願いします。
notice-ending-todo = 期限が切れると、このトークンを使うプログラムは拒否されます。まだ必要な場合は、`/トークン 表示` の「延長」から申請してください。管理者の承認が必要なため、早めの申請をお願いします。

## 同じ頃に切れた有効期限

# $count: トークンの数（2 以上）。
notice-several-expired-title = トークン { $count } 件の有効期限が切れました
# $name: トークン。$at: 日時。
notice-several-expired-line = **{ $name }**（{ $provider }）：{ $at }
notice-several-expired-todo = これより、これらのトークンを使うプログラムは拒否されます。まだ必要なものがあれば、`/トークン 表示` の「複製」から、同じ内容のトークンを申請できます。

## お知らせ

notice-announced-title = 管理者からのお知らせ
# $author: 管理者。$tokens: トークン名。
notice-announced = { $author } さんから、{ $provider } のトークンの主担当と開発者へのお知らせです。あなたが主担当のトークン：{ $tokens }
