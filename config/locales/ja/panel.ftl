### 申請のフォームとパネルの文言。

## フォーム:ステップ 1 と 2

form-title-new = API トークンの申請
form-title-edit = 詳細の編集
form-name = トークン名
form-name-help = 64 文字まで。同じプロバイダーのトークンや処理中の申請と同じ名前は使えません。
form-description = 説明
form-description-help = トークンの用途をお書きください。管理者が承認の判断に使います。
form-version = API バージョン
# $provider: API の名前。
form-version-help = { $provider } のバージョン（新しい順）
# $version: バージョンの番号。
form-version-option = バージョン { $version }
form-version-recommended = バージョン { $version }（推奨）
form-contact = 主担当
form-contact-help = トークンの状況や API の変更について連絡を受ける方です。
form-emails = 開発者のメールアドレス
form-emails-help = カンマ・スペース・改行区切りで 10 件まで。お知らせだけが届き、シークレットは送られません。

## フォームの問題点。項目名の後に置く。

problem-name-missing = 入力されていません。トークンの名前を入力してください。
# $length: 入力された文字数。
problem-name-too-long = { $length } 文字あります。64 文字以内にしてください。
# $mark: 目に見えない文字の代わりに表示する記号。
problem-name-unreadable = 目に見えない文字や、文字の向きを変える文字が含まれています。{ $mark } と表示されている箇所を取り除いてください。
problem-name-taken = 有効なトークンまたは処理中の申請で使われている名前です。別の名前にしてください。
# $when: 日時。$left: 相対的な表示。
problem-name-unsaid = 使われている名前を何度も試したため、この名前が使えるかどうかは表示されません。{ $when }（{ $left }）まで待ってから、もう一度お試しください。
problem-description-missing = 入力されていません。トークンの用途を入力してください。
problem-description-too-long = { $length } 文字あります。1000 文字以内にしてください。
problem-version-unknown = バージョン { $version } は提供されていません。別のバージョンを選んでください。
# $contact: メンション。
problem-contact-bot = { $contact } はボットのため、連絡を受け取れません。メンバーの方を選んでください。
problem-contact-not-member = { $contact } さんはこのサーバーのメンバーではありません。メンバーの方を選んでください。
# $addresses: 入力されたとおりのもの。
problem-emails-bad = name@example.com の形になっていません：{ $addresses }
# $address: 入力されたもの。長ければ切る。
problem-email-too-long = { $address }（254 文字を超えています）
# $count: 件数。
problem-emails-too-many = { $count } 件あります。10 件以内にしてください。

## パネル:ステップ 3

# $provider: API の名前。
panel-title-new = API トークンの申請 · { $provider }
panel-title-edit = 申請の編集 · { $provider }
panel-title-problems = 入力内容をご確認ください · { $provider }
panel-lead-new = ステップ 3/4：トークンに許可するスコープを選び、「作成」を押してください。
# $what: この申請で変更できるもの。
panel-lead-edit = { $what ->
    [overlap] 古いシークレットが使える猶予を選び、「保存」を押してください。
    [lifetime] トークンの有効期間を選び、「保存」を押してください。
    [details] 「詳細を編集」から入力した内容を直し、「保存」を押してください。
   *[scopes] トークンに許可するスコープを選び、「保存」を押してください。
}保存すると、これまでの承認は無効になり、改めて承認が必要になります。
panel-lead-edit-nothing = この申請には変更できる項目がありません。「キャンセル」を押すと、申請はそのまま残ります。不要になった場合は、カードの「取り下げ」を押してください。
panel-lead-resumed = 入力途中の申請があります。前回の続きから再開できます。
panel-refreshed = 入力を始めた後に、トークンの内容が変わりました。現在の内容を反映し、あなたの変更はそのまま残しています。内容を確認してから「申請する」を押してください。
panel-outdated = まだ送信されていません。このパネルが表示された後に、申請する内容が変わりました。現在の内容を確認してから、もう一度押してください。
panel-lead-problems = 入力した内容は残っています。「修正」を押すと、入力済みのフォームがもう一度開きます。
# $when: 日時。「59 分後」のように表示される。
panel-lapses = この下書きの保存期限：{ $when }
# $version: API のバージョン。$scopes: 一覧。
panel-dropped = 次のスコープはバージョン { $version } にないため、選択から外れました：{ $scopes }
panel-unknown = 次のスコープは提供が終了しています：{ $scopes }。「すべて解除」を押して選び直すか、「詳細を編集」をもう一度送信すると、これらだけが外れます。
# $name: トークンの名前。
panel-name-taken = **{ $name } という名前は使われています**（有効なトークンまたは処理中の申請）。「詳細を編集」から別の名前にしてください。
# $when: 日時。$left: 相対的な表示。
panel-name-unsaid = 使われている名前を何度も試したため、**{ $name }** という名前が使えるかどうかは表示されず、送信もできません。{ $when }（{ $left }）まで待ってから、もう一度お試しください。
panel-expires = 有効期間
# $days: 日数。
panel-expires-collected = 受け取りから { $days } 日間
panel-expires-issued = 発行から { $days } 日間
# $count: 選択された数。
panel-scopes = スコープ（{ $count } 件）
panel-scopes-none = まだ選択されていません。API カテゴリを選び、続けてスコープを選んでください。
# $category: カテゴリの名前。$chosen と $all: 選択されたスコープの数と全体の数。
panel-scopes-category = **{ $category }**：{ $all } 件中 { $chosen } 件
# $count: 載っていないものの数。
panel-more = … ほか { $count } 件

panel-select-category = API カテゴリ
panel-select-scopes = スコープ
panel-select-expires = 有効期間
panel-option-category = { $all } 件中 { $chosen } 件を選択中
panel-option-lifetime = 有効期間：{ $days } 日
panel-sensitive = 要注意

panel-categories-previous = 前のカテゴリ
panel-categories-next = 次のカテゴリ
panel-scopes-previous = 前のスコープ
panel-scopes-next = 次のスコープ
panel-whole-category = カテゴリ全体
panel-clear-all = すべて解除
panel-edit-details = 詳細を編集
panel-start-over = 最初からやり直す
panel-cancel = キャンセル
panel-correct = 修正
panel-create = 作成
panel-save = 保存

## パネルの代わりに表示するもの

# $number: 申請の番号。
submitted-title-new = 申請 #{ $number } を送信しました
submitted-title-edited = 申請 #{ $number } を変更しました
# $name: トークンの名前。$provider: API の名前。
submitted-what = **{ $name }**（{ $provider }）
# $have と $need: 承認の数と必要な数。$missing: 足りない数。
submitted-approvals-own = **承認 { $have }/{ $need }** 管理者であるため、ご自身の承認が 1 件目に数えられています。ほかの管理者 { $missing } 人の承認が必要です。
submitted-approvals = **承認 { $have }/{ $need }** 管理者 { $missing } 人の承認が必要です。
submitted-own-never-counts = ご自身の申請を、ご自身で承認することはできません。
submitted-void = 変更前の内容に対する承認は無効になりました。
submitted-next = 管理者のチャンネルに通知しました。進捗はダイレクトメッセージでお知らせし、新しいシークレットもそこで受け取れます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り` をお使いください。
# $when: 日時。$left: 同じ日時。「3 日後」のように表示される。
submitted-until = { $when }（{ $left }）までに必要な承認が揃わない場合、申請は失効します。

cancelled = キャンセルしました。入力内容は破棄され、何も送信されていません。すでに承認待ちの申請がある場合、その申請はそのまま残ります。もう一度始めるには `/トークン 申請` をお使いください。

# $have: 承認できる人の数。$need: 必要な承認の数。
too-few-admins = **このままでは、この申請は承認されません。**{ $need } 人の承認が必要ですが、{ $have ->
    [0] 承認できる方がいません
   *[other] 承認できる方は { $have } 人だけです
}。このサーバーのロールを管理している方に、このプロバイダーの管理者を増やすよう依頼してください。申請はそのまま承認を待ちます。
