### What admins read where a provider's API doesn't do, or doesn't show, what its configuration says.

# The API's answer was a bare 401 or 403.
upstream-hint-credential = Countersign の認証情報が受け付けられていません。設定の認証情報を更新するか、必要な権限を与えてください。
# The API's answer was a bare 404 or 410.
upstream-hint-address = この URL は API のものではないか、API にこの呼び出しがありません。設定の URL を API のドキュメントと照らし合わせてください。

## A request that failed. $marker: what the token would be known by, as code.
upstream-failed-unproven = プロバイダーの API の応答を確認できませんでした。一覧に { $marker } という目印のトークンはありませんが、この一覧に新しいトークンが表示されたことはまだないため、存在しないとは言い切れません。プロバイダーでこの目印のトークンを探し、あれば削除してください。そのあとで「再試行」を押してください。
upstream-failed-stray = プロバイダーの API の応答を確認できなかったため、{ $marker } という目印のトークンが作成された可能性があります。Countersign ではまだ確かめられず、確認を続けています。「再試行」を押すと、先にこのトークンを探します。ご自身でプロバイダーを確認し、あれば削除することもできます。確認できない理由：
upstream-failed-stray-gone = プロバイダーの API の応答を確認できませんでした。作成された可能性のあった { $marker } という目印のトークンは、もうありません。「再試行」を押すと、新しく作成します。
upstream-failed-changing = プロバイダーの API の応答を確認できなかったため、トークンが変更されたかどうか不明です。「再試行」を押すと、同じ変更をもう一度送信します。却下または取り下げる前に、トークンの権限をプロバイダーで確認してください。原因：

## A token that an API changes in place. $provider: its name.
upstream-narrowing = **#{ $number }：{ $provider } の API にトークンの権限を減らすよう依頼しています。** { $requester } さんが依頼しました。承認は必要ありません。

## A token that is to end, on the card that asks an admin to do it.
upstream-task-refused = API に拒否されました：
upstream-task-unclear = 使用できなくなったことを確認できませんでした：
# $marker: what it is known by there, as code.
upstream-task-not-there = **このトークンは、はじめから見つかりませんでした。** 名前が変更されたか、一覧に表示されていないだけで、まだ使用できる可能性があります。{ $marker } という目印、下の Account SID、同じ時刻に作成されたトークンを探してください。なくなったことを確認してから「完了」を押してください。
# $name: what stands there, as code.
upstream-task-renamed = **この ID には、別の名前 { $name } が付いています。** 名前が変更されただけで、まだ使用できるか、または削除済みで、同じ ID が別のトークンに割り当てられています。どちらかを確認し、このトークンであれば削除し、別のトークンであればそのままにしてください。
upstream-task-moved = **目印 { $marker } が、別の ID のトークンに付いています。** この目印のトークンをすべて削除してください。
upstream-task-too-long = **一覧が長く、Countersign が読み取れる範囲にこのトークンがありません。** { $marker } という目印のトークンを探してください。

## A message to the admins. $provider: its name.
upstream-doubt-title = { $provider }：設定が API と合っていません
upstream-doubt-not-shown = { $marker } という目印のトークンを作成しましたが、設定の `find` の結果に表示されません。トークンは使用できます。ただし、このままでは、応答を確認できなかったトークンを見つけることも、使用できなくなったことを確認することもできず、そのたびに管理者の対応が必要です。目印で絞り込むか、すべてのページを読み取るように `find` を直してください。
upstream-doubt-other-name = { $marker } という目印のトークンを作成しましたが、設定の `find` では別の名前 { $name } になっています。トークンは使用できます。ただし、このままでは、応答を確認できなかったトークンを見つけることも、使用できなくなったことを確認することもできず、そのたびに管理者の対応が必要です。目印のある場所を `match` に指定するか、API が目印に文字を加える場合は `contains` を使ってください。
upstream-doubt-shown-dead = { $marker } という目印のトークンを作成しましたが、設定の `alive` では使用できないトークンと判定されます。このままでは、まだ使用できるトークンを見分けられません。`alive` を直してください。
upstream-doubt-unreadable = 設定の `find` の結果を読み取れません。このままでは、応答を確認できなかったトークンを見つけることも、使用できなくなったことを確認することもできません：
upstream-doubt-end = トークンを作成しましたが、有効期限 { $value } を読み取れません。トークンは使用でき、期限になると Countersign が失効させます。設定の `expires_at` の `form` を指定してください。
upstream-doubt-cure = Countersign の運用者が `{ $id }` の設定を直してください。
