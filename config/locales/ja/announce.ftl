### `/トークン お知らせ`: 管理者がトークンの関係者にお知らせを送る。

announce-title = トークンの関係者へのお知らせ
announce-lead = { $provider } のトークンを選び、内容を書いて確認し、送信してください。主担当にはダイレクトメッセージ、開発者にはメールが、お一人につき 1 通届きます。対象のトークン名も記載されます。
announce-tokens = トークン
announce-none = 未選択
# $count: 有効なトークンの数。
announce-everything = すべて({ $count } 件)
# $count: 数える上限。
announce-very-many = すべて({ $count } 件超)
announce-preview = **プレビュー：** 下の 2 つ目の枠が、受け取る方に表示される内容です。
announce-outdated = ⚠️ まだ送信されていません。このパネルが表示された後に、対象のトークン、本文、または送信先が変わりました。現在の内容を確認してから、もう一度「送信」を押してください。
announce-too-long = ⚠️ 本文が長すぎて、1 通に収まりません。「書く」を押して短くしてください。入力した内容は残っています。
announce-select = トークンを選択
announce-all = すべて
announce-choose = 選択する
announce-write = 書く
announce-send = 送信
# $people: 主担当と開発者のメールアドレスの数。
announce-send-to = { $people } 名に送信
# $limit: 24 時間の上限。$when: 日時。$left: 相対的な表示。
announce-enough = ⚠️ このプロバイダーのお知らせを、過去 24 時間に { $limit } 件送信しました（管理者 1 名の上限です）。次に送信できるのは { $when }（{ $left }）です。
announce-subject = 件名
announce-body = 本文
# $people: 送信先の数。$tokens: トークンの数。
announce-sent = { $tokens } 件のトークンについて、{ $people } 名に送信しています。届いたかどうかは、`/トークン 監査` でトークンごとに確認できます。
announce-cancelled = キャンセルしました。何も送信されず、書いた内容は消去されました。
