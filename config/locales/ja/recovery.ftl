### What the admins of a provider read after the database was restored from a backup.

restored-title = Countersign のデータベースがバックアップから復元されました
# $when: a moment.
restored-lead = 現在の内容は { $when } 時点のものです。それ以降の記録は失われ、申請の番号は間を空けて続きます。
# $requests and $deliveries: how many.
restored-requests = 取り下げられた処理中の申請：{ $requests } 件。表示できなくなった受け取り待ちのシークレット：{ $deliveries } 件。必要な場合は、もう一度申請してください。
# $tokens: how many.
restored-builtin = **無効化されたトークン：{ $tokens } 件。** バックアップの後に無効化または削除されたトークンが、再び使用できる状態になるおそれがあったためです。`/トークン 表示` の「有効化」が承認されると、新しいシークレットが発行されます。バックアップの後に作成されたトークンは使用できません。
# $provider: its name.
restored-elsewhere = **{ $provider } のトークンと 1 件ずつ照合してください：** 提供元の一覧と `/トークン 一覧` を比べ、ここにないトークンは提供元で削除してください。提供元で無効化または削除されたものは、ここでも無効化または削除し、残りのスコープと有効期限を確認してください。
