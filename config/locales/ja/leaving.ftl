### サーバーを退出した人に関する文言。

leaving-title = メンバーの退出
# $person: メンション。$name: その人の名前。
leaving-who = { $person }（{ $name }）さんがサーバーを退出しました。次のものに対応が必要です。
leaving-owned = 所有者になっているトークン
leaving-owned-todo = これらのトークンは引き続き使えます。不要なものは`/トークン 詳細`で無効化または削除してください。必要なものは、「リセット」でシークレットが新しくなり、申請者が所有者になります。
leaving-contact-of = 主な連絡先になっているトークン
leaving-contact-of-todo = 主な連絡先へのお知らせは届いていません。「主な連絡先を引き継ぐ」を押すと、ご自身を主な連絡先にする変更を申請します。ほかの変更と同じく承認が必要です。
leaving-requests = 処理中の申請
leaving-requests-todo = 不要になった申請は却下してください。
leaving-approvals = このメンバーの承認
leaving-approvals-todo = 承認待ちの申請に対するこのメンバーの承認は、数に入りません。それぞれに、ほかの管理者の承認が必要です。
leaving-to-collect = このメンバーあての新しいシークレット
leaving-to-collect-todo = これらのシークレットは、ほかの人には受け取れません。期限が来ると消去され、トークンに変更はありません。必要な場合は、もう一度「リセット」を申請してください。
leaving-button-take-over = 主な連絡先を引き継ぐ

leaving-choose = 主な連絡先を引き継ぐトークンを選んでください。トークンごとに申請されます。
leaving-select = トークン
# $list: 申請の番号と名前。
leaving-asked = ご自身を主な連絡先にする変更を申請しました：{ $list }。管理者の承認が必要です。ご自身もまだ承認していないため、承認チャンネルのカードで内容を確認してから承認してください。
leaving-not-asked = 申請できなかったもの：

refusal-take-over = ここから主な連絡先を引き継げるのは、このプロバイダーの管理者だけです。
