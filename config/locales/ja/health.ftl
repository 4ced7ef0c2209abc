### `/トークン 動作状況`のテキスト：滞っているもの、その意味、すること。

health-title = 動作状況
health-well = すべて正常に動作しており、滞っているものはありません。
# $part: プログラムの部分。
health-part-ready = 🟢 { $part ->
    [database] データベース
    [gateway] Discordのゲートウェイ
    [signatures] Discordからの署名付きリクエスト
    [workers] キュー
   *[mail] メール
}
health-part-troubled = 🔴 { $part ->
    [database] {"**データベース**"}：押した操作が実行されないことがあります。運用担当者に知らせてください：
    [gateway] {"**Discordのゲートウェイ**"}：このプロセスにDiscordから何も届いていません。続く場合は運用担当者に知らせてください：
    [signatures] {"**Discordからの署名付きリクエスト**"}：受け付けられていません。運用担当者に知らせてください：
    [workers] {"**キュー**"}：カード、メッセージ、トークンの処理が待っています。運用担当者に知らせてください：
   *[mail] {"**メール**"}：メールが待っていますが、失われるものはありません。運用担当者に知らせてください：
}
# $minutes: 数。
health-queue = 🔴 最も長く待っている処理は、予定の時刻を{ $minutes }分過ぎています。カード、メッセージ、トークンが遅れます。運用担当者に知らせてください。理由はログにあります。
# $count: 数。$since: 日時。
health-emails = 🟡 メール{ $count }通が{ $since }から待っています。自動で再試行されます。メールボックスが後で試すよう求めている場合は何もする必要はありません。そのほかの場合は運用担当者に知らせてください。
health-failing = 失敗している処理
health-failing-note = 自動で再試行されます。続く場合は運用担当者に知らせてください。理由はログにあります。
# $kind: キューでの名前。$count: 数。
health-failing-jobs = 🔴 { $kind ->
    [render_card] カードの投稿
    [call_admins] 管理者へのカードの通知
    [remind_admins] 管理者への再通知
    [confirm_approvals] 承認者が今も管理者であることの確認
    [issue] トークンの作成と変更
    [switch_off] プロバイダーでのトークンの無効化と削除
    [deliver] シークレットの準備ができたことの案内
    [delete_reveal] シークレットを表示したメッセージの削除
    [send_notice] ダイレクトメッセージ
    [send_mail] メール
   *[other] そのほかの処理（`{ $kind }`）
}：{ $count }件
health-cards = Discordに拒否されたカード
health-cards-note = 1時間ごとに再試行されます。それまでは、`/トークン 対応待ち`で申請を確認できます。
# $number: リンク。$code: Discordの番号。$about: 拒否されたもの。
health-card = 🔴 { $number }（コード{ $code }）：{ $about ->
    [text] サーバーのルールかDiscordのフィルターが文面を拒否しています。申請者に編集を頼むか、ボットをAutoModのルールの対象外にしてください。
    [access] ボットが承認チャンネルに投稿できません。チャンネルの閲覧とメッセージの送信をボットに許可してください。
   *[other] Discordの文は、運用担当者がログで確認できます。
}
health-upstream = 承認がそろい、プロバイダーのAPIを待っている申請
# $number: リンク。$name, $provider: 名前。$state: 申請の状態。
health-request = { $state ->
    [failed] 🔴 { $number } · {"**"}{ $name }{"**"} · { $provider }：APIが実行しませんでした。APIの文に従って直してから、カードの「再試行」を押すか、申請を却下してください。
    [approved] 🟡 { $number } · {"**"}{ $name }{"**"} · { $provider }：承認者が今も管理者であるか、Discordの応答を待っています。自動で再度確認されます。
   *[issuing] 🟡 { $number } · {"**"}{ $name }{"**"} · { $provider }：APIから明確な応答がまだないか、待つよう求められています。自動で再度呼び出され、管理者の対応が必要になればカードに示されます。
}
health-untold = 所有者に案内できていないシークレット
health-untold-note = ボットからのダイレクトメッセージが所有者に届きません。所有者に`/トークン 受け取り`の入力を頼んでください。
# $name: トークン名。$owner: メンション。$until: 日時。
health-secret = 🟡 { $name } · { $owner } · { $until }まで受け取れます
# $providers: 名前。
health-of = 対象：{ $providers }。ご自身の対応を待っているものは`/トークン 対応待ち`にあります。
