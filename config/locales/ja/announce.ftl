### `/トークン お知らせ`：管理者がトークンの関係者にお知らせを送る。

announce-title = お知らせの送信
announce-lead = { $provider }のトークンを選び、お知らせを書いてプレビューを確認してから、送信してください。主な連絡先にはダイレクトメッセージ、開発者にはメールが1人につき1通届き、対象のトークン名も記載されます。
announce-tokens = トークン
announce-none = 未選択
# $count: 存在するトークンの数。
announce-everything = すべて（{ $count }件）
# $count: 数える上限。
announce-very-many = すべて（{ $count }件超）
announce-preview = **プレビュー：**主な連絡先と開発者に届く内容は次のとおりです。
announce-outdated = ⚠️ まだ送信されていません。このパネルを開いた後に、対象のトークン、本文、または送信先が変わりました。現在の内容を確認してから、もう一度「送信」を押してください。
announce-too-long = ⚠️ 本文が長すぎて、1通に収まりません。「書く」を押して短くしてください。入力した内容は残っています。
announce-select = トークンを選択
announce-all = すべて
announce-choose = 選択する
announce-write = 書く
announce-send = 送信
# $people: 主な連絡先と開発者のメールアドレスの数。
announce-send-to = { $people }人に送信
# $limit: 24時間の上限。$when: 日時。
announce-enough = ⚠️ このプロバイダーのお知らせを、過去24時間に{ $limit }件送信しました。管理者1人が送信できる上限です。次に送信できるのは{ $when }です。
announce-subject = 件名
announce-body = 本文
# $people: 送信先の数。$tokens: トークンの数。
announce-sent = トークン{ $tokens }件についてのお知らせを、{ $people }人に送信しています。届いたかどうかは、`/トークン 監査`でトークンごとに確認できます。
announce-cancelled = キャンセルしました。何も送信されていません。書いた内容は破棄しました。
