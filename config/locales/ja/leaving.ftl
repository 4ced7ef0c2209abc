### サーバーを退出した人に関する文言。

leaving-title = メンバーの退出
# $person: メンション。$name: その人の名前。
leaving-who = { $person }（{ $name }）さんがサーバーを退出しましたが、次のものが残っています。
leaving-owned = 所有しているトークン
leaving-owned-todo = 所有しているトークンは引き続き使えます。不要なものは `/トークン 表示` から無効化または削除してください。必要なものは「リセット」で新しいシークレットになり、申請した人が所有者になります。
leaving-contact-of = 主担当のトークン
leaving-contact-of-todo = 主担当としての知らせは、もう届きません。「主担当を引き継ぐ」を押すと、あなたを主担当にする変更を申請します。ほかの変更と同じく承認が必要です。
leaving-requests = 処理中の申請
leaving-requests-todo = 不要になった申請は却下してください。
leaving-approvals = この人の承認
leaving-approvals-todo = 承認待ちの申請に対するこの人の承認は、もう数えられません。ほかの管理者の承認が必要です。
leaving-to-collect = この人あての新しいシークレット
leaving-to-collect-todo = この人を待っている新しいシークレットは、ほかの人には受け取れません。期限が来れば自動的に消え、トークンは元のままです。必要な場合は、もう一度「リセット」を申請してください。
leaving-button-take-over = 主担当を引き継ぐ

leaving-choose = どのトークンの主担当を引き継ぎますか。トークンごとに申請されます。
leaving-select = トークン
# $list: 申請の番号と名前。
leaving-asked = あなたを主担当にする変更を申請しました：{ $list }。あなたの分も含めて管理者の承認が必要です。承認チャンネルのカードで内容を確認してください。
leaving-not-asked = 申請できなかったもの：

refusal-take-over = ここから主担当を引き継げるのは、このプロバイダーの管理者だけです。
