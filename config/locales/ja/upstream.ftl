### What admins read where a provider's API doesn't do, or doesn't show, what its configuration says.

# The API's answer was a bare 401 or 403.
upstream-hint-credential = Countersignの認証情報が受け付けられていません。設定の認証情報を更新するか、必要な権限を与えてください。
# The API's answer was a bare 404 or 410.
upstream-hint-address = このURLはAPIのものではないか、APIにこの呼び出しがありません。設定のURLをAPIのドキュメントと照らし合わせてください。

## A request that failed. $marker: what the token would be known by, as code.
upstream-failed-unproven = プロバイダーのAPIから明確な応答がありませんでした。一覧に{ $marker }という目印のトークンはありませんが、この一覧に新しいトークンが載ったことはまだないため、存在する可能性があります。プロバイダー側で直接探し、あれば削除してください。その後で「再試行」を押してください。
upstream-failed-stray = プロバイダーのAPIから明確な応答がなかったため、{ $marker }という目印のトークンが存在する可能性があります。Countersignではまだ確認できず、確認を続けています。「再試行」を押すと、先にこのトークンを探します。ご自身でプロバイダーを確認し、あれば削除することもできます。確認できない理由：
upstream-failed-stray-gone = プロバイダーのAPIから明確な応答がありませんでしたが、{ $marker }という目印のトークンは残っていません。「再試行」を押すと、トークンを作成します。
upstream-failed-enabling = プロバイダーのAPIから明確な応答がなかったため、トークンが以前のシークレットも含めて、再び使えるようになっている可能性があります。プロバイダーで無効化の処理中です。完了するまでは使える可能性があります。完了後、この申請には改めて承認が必要です。経緯：
upstream-failed-changing = プロバイダーのAPIから明確な応答がなかったため、トークンが変更されたかどうか不明です。「再試行」を押すと、同じ変更をもう一度送信します。この申請を却下または取り下げる前に、トークンで何ができるかをプロバイダーで確認してください。経緯：
upstream-failed-waits = プロバイダーのAPIに、待つように繰り返し求められています。今は何も{ $what ->
    [change] 変更
   *[token] 作成
}されていません。APIをまた利用できるようになったら「再試行」を押してください。APIの応答：

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

## A token whose access its API did not reduce, on the card that asks an admin to do it.
# $number: the request's. $requester: on whose behalf.
upstream-task-narrow = **#{ $number }：管理者は、{ $provider }でこのトークンのアクセスを縮小してください。**APIでは縮小できていません。以下で除外となっているものをプロバイダーの画面で除外してから、「完了」を押してください。または、原因を解消してから「再試行」を押してください。それまでは、トークンのアクセスが残っている可能性があります。{ $requester }さんが申請しました。承認は不要です。
upstream-task-away = APIに接続できないか、応答が遅すぎるか、待つように求められています。
upstream-task-waits = APIに、待つように繰り返し求められています。APIの応答：
upstream-task-maybe = アクセスがすでに縮小されているかどうかは不明です。先にプロバイダーで確認してください。経緯：

## The same, told to the requester.
upstream-notice-title = #{ $number }には管理者の対応が必要です
upstream-notice-refused = トークンのアクセスの縮小が、プロバイダーのAPIに拒否されました：
upstream-notice-away = プロバイダーのAPIに接続できないか、応答が遅すぎるか、待つように求められています。トークンのアクセスは縮小されていません。
upstream-notice-waits = プロバイダーのAPIに、待つように繰り返し求められています。トークンのアクセスは縮小されていません。APIの応答：
upstream-notice-maybe = プロバイダーのAPIから明確な応答がなかったため、トークンのアクセスが縮小されたかどうか不明です。経緯：
upstream-notice-todo = 管理者がプロバイダーで縮小するか、再試行する必要があります。方法は、承認チャンネルのカードに載っています。それまではトークンのアクセスが残っている可能性があり、このトークンのほかの変更は申請できません。完了するとお知らせが届きます。不要になった場合は、`/トークン 対応待ち`で「取り下げ」を押してください。

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
