### What admins read where a provider's API doesn't do, or doesn't show, what its configuration says.

# The API's answer was a bare 401 or 403.
upstream-hint-credential = Countersignの認証情報が受け付けられていません。設定の認証情報を更新するか、必要な権限を与えてください。
# The API's answer was a bare 404 or 410.
upstream-hint-address = このURLはAPIのものではないか、APIにこの呼び出しがありません。設定のURLをAPIのドキュメントと照らし合わせてください。

## A request that failed. $marker: what the token would be known by, as code.
upstream-failed-unproven = プロバイダーのAPIから明確な応答がありませんでした。一覧に{ $marker }という目印のトークンはありませんが、この一覧に新しいトークンが載ったことはまだないため、存在する可能性があります。プロバイダー側で直接探し、あれば削除してください。その後で「再試行」を押してください。
upstream-failed-stray = プロバイダーのAPIから明確な応答がなかったため、{ $marker }という目印のトークンが存在する可能性があります。Countersignではまだ確認できず、確認を続けています。「再試行」を押すと、先にこのトークンを探します。ご自身でプロバイダーを確認し、あれば削除することもできます。確認できない理由：
upstream-failed-stray-gone = プロバイダーのAPIから明確な応答がありませんでしたが、{ $marker }という目印のトークンは残っていません。「再試行」を押すと、トークンを作成します。
upstream-failed-changing = プロバイダーのAPIから明確な応答がなかったため、トークンが変更されたかどうか不明です。「再試行」を押すと、同じ変更をもう一度送信します。この申請を却下または取り下げる前に、トークンで何ができるかをプロバイダーで確認してください。状況：
upstream-failed-waits = プロバイダーのAPIから、待機を繰り返し指示されています。今は何も作成されていません。APIをまた利用できるようになったら「再試行」を押してください。APIの応答：

## A token that an API changes in place. $provider: its name.
upstream-narrowing = **#{ $number }：{ $provider }のAPIにトークンのアクセスの縮小を依頼しています。**{ $requester }さんが申請しました。承認は不要です。

## A token that is to end, on the card that asks an admin to do it.
upstream-task-refused = APIに拒否されました：
upstream-task-unclear = トークンがまだ使えるかどうかは不明です：
# $marker: what it is known by there, as code.
upstream-task-not-there = **プロバイダー側で、このトークンが見つかりません。**名前が変更されたか、一覧に載っていないだけで、まだ使える可能性があります。{ $marker }という目印、下の*Account SID*、同じ頃に作成されたトークンを探してください。なくなったことを確認してから「完了」を押してください。
# $name: what stands there, as code.
upstream-task-renamed = **このIDには、別の名前{ $name }が付いています。**名前が変更されただけでまだ使えるか、なくなって同じIDが別のトークンに割り当てられたかのどちらかです。どちらかを確認し、このトークンであれば削除し、別のトークンであればそのままにしてください。
upstream-task-moved = **目印{ $marker }が、別のIDに付いています。**この目印のトークンをすべて削除してください。
upstream-task-too-long = **一覧が長く、Countersignが読み取る範囲にこのトークンがありません。**{ $marker }という目印を探してください。

## A message to the admins. $provider: its name.
upstream-doubt-title = { $provider }：設定がAPIと合っていません
upstream-doubt-not-shown = { $marker }という目印のトークンが作成されましたが、設定の`find`の結果に載っていません。トークンは使えます。ただし、呼び出しに明確な応答がなかったときや、トークンを無効化または削除したときに、Countersignが結果を確認できず、そのたびに管理者の確認が必要です。
upstream-doubt-other-name = { $marker }という目印のトークンが作成されましたが、設定の`find`では別の名前{ $name }になっています。トークンは使えます。ただし、呼び出しに明確な応答がなかったときや、トークンを無効化または削除したときに、Countersignが結果を確認できず、そのたびに管理者の確認が必要です。
upstream-doubt-shown-dead = { $marker }という目印のトークンが作成されましたが、設定の`alive`では使えないトークンと判定されます。このままでは、トークンがまだ使えるかどうかをCountersignが判定できません。
upstream-doubt-unreadable = 設定の`find`の応答を読み取れません。呼び出しに明確な応答がなかったときや、トークンを無効化または削除したときに、Countersignが結果を確認できず、そのたびに管理者の確認が必要です。読み取れない理由：
upstream-doubt-stray = 以前の作成リクエストに明確な応答がなく、{ $marker }という目印のトークンが作成された可能性があります。見つからなかったため、別のトークンを作成しました。ただし、設定の`find`の結果にはすべてのトークンが載っていないため、両方が存在する可能性があります。プロバイダー側でこの目印を探し、見つかったトークンを削除してください。
upstream-doubt-end = トークンが作成されましたが、有効期限{ $value }を読み取れません。トークンは使えます。承認された有効期間が過ぎると、Countersignが終了させます。
upstream-doubt-cure = Countersignの運用担当者に`{ $id }`の設定の修正を依頼してください。{ $what ->
    [not_shown] 目印で絞り込むか、すべてのページを読み取るように、`find`を直す必要があります。
    [other_name] 目印のある項目を`match`に指定する必要があります。APIが目印に文字を加える場合は、`contains`を使います。
    [shown_dead] 使えるトークンが使えると判定されるように、`alive`を直す必要があります。
    [unreadable] APIの応答に合うように、`find`を直す必要があります。
    [stray] 目印で絞り込むか、すべてのページを読み取るように、`find`を直す必要があります。
   *[end_unreadable] 有効期限を読み取れるように、`expires_at`に正しい`form`を指定する必要があります。
}
