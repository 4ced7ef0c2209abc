### 申請のフォームとパネルの文言。

## フォーム：設定と連絡先情報

form-title-new = APIトークンの申請
form-title-edit = 詳細の編集
form-name = トークン名
form-name-help = 64文字まで。同じプロバイダーのトークンや処理中の申請と同じ名前は使えません。
form-description = 説明
form-description-help = トークンの用途です。管理者が判断するときに読みます。
form-version = APIバージョン
# $provider: APIの名前。
form-version-help = { $provider }のバージョン（新しい順）
# $version: バージョンの番号。
form-version-option = バージョン{ $version }
form-version-recommended = バージョン{ $version }（推奨）
form-contact = 主な連絡先
form-contact-help = トークンの状況や、APIの変更のお知らせが届く人です。
form-emails = 開発者のメールアドレス
form-emails-help = 10件まで。カンマ、スペース、改行で区切ります。お知らせ専用で、シークレットは送りません。

## フォームの問題点。項目名の後に置く。

problem-name-missing = 入力されていません。トークンの名前を入力してください。
# $length: 入力された文字数。
problem-name-too-long = { $length }文字あります。64文字以内にしてください。
# $mark: 目に見えない文字の代わりに入れる記号。
problem-name-unreadable = 目に見えない文字や、文字の向きを変える文字が含まれています。{ $mark }になっている箇所を取り除いてください。
problem-name-taken = 既存のトークンまたは処理中の申請で使われている名前です。別の名前にしてください。
# $when: 日時。
problem-name-unsaid = 使われている名前を何度も試したため、この名前は確認されていません。{ $when }まで待ってから、もう一度お試しください。
problem-description-missing = 入力されていません。トークンの用途を入力してください。
problem-description-too-long = { $length }文字あります。1,000文字以内にしてください。
problem-version-unknown = バージョン{ $version }は、このプロバイダーにありません。別のバージョンを選んでください。
# $contact: メンション。
problem-contact-bot = { $contact }はボットのため、メッセージを読めません。人を選んでください。
problem-contact-not-member = { $contact }さんは、このサーバーのメンバーではありません。メンバーを選んでください。
# $addresses: 入力されたとおりのもの。
problem-emails-bad = name@example.comの形になっていません：{ $addresses }
# $address: 入力されたもの。長ければ切る。
problem-email-too-long = { $address }（254文字を超えています）
# $count: 件数。
problem-emails-too-many = { $count }件あります。10件以内にしてください。

## パネル：スコープと有効期限

# $provider: APIの名前。
panel-title-new = APIトークンの申請 · { $provider }
panel-title-edit = 申請の編集 · { $provider }
panel-title-problems = 入力内容を確認してください · { $provider }
panel-lead-new = トークンに許可する操作を選び、「作成」を押してください。
# $what: この申請で変更できるもの。
panel-lead-edit = { $what ->
    [overlap] 新しいシークレットと並行して、以前のシークレットを使える期間を選び、「保存」を押してください。
    [lifetime] トークンの有効期限を選び、「保存」を押してください。
    [details] 「詳細を編集」を押して入力内容を変更し、「保存」を押してください。
   *[scopes] トークンに許可する操作を選び、「保存」を押してください。
}これまでの承認は数に入らなくなり、申請には改めて管理者の承認が必要になります。
panel-lead-edit-nothing = この申請には変更できるものがありません。「キャンセル」を押すと、申請はそのまま残ります。不要になった場合は、`/トークン 対応待ち`で「取り下げ」を押してください。
panel-lead-resumed = 入力途中の申請があります。前回の続きです。
panel-refreshed = 入力を始めた後に、トークンの内容が変わりました。このパネルには、現在の内容と、変更した箇所が入っています。確認してから「申請する」を押してください。
panel-outdated = 申請は行われていません。このパネルを開いた後に、申請する内容が変わりました。現在の内容を確認してから、もう一度ボタンを押してください。
panel-lead-problems = 入力した内容は残っています。「修正」を押すと、入力済みのフォームがもう一度開きます。
# $when: 日時。
panel-lapses = この下書きは{ $when }まで残ります。
# $version: APIのバージョン。$scopes: 一覧。
panel-dropped = バージョン{ $version }にないスコープを除外しました：{ $scopes }
panel-unknown = プロバイダーが提供を終了したスコープがあります：{ $scopes }。「すべてクリア」を押して選び直すか、「詳細を編集」からもう一度送信してください。送信すると、これらだけが除外されます。
# $name: トークン名。
panel-name-taken = **{ $name }は使われています：**既存のトークンまたは処理中の申請の名前です。「詳細を編集」を押して、別の名前にしてください。
# $when: 日時。
panel-name-unsaid = 使われている名前を何度も試したため、**{ $name }**は確認されておらず、申請できません。{ $when }まで待ってから、「詳細を編集」を押してもう一度送信してください。

# 「作成」「申請」「保存」を押せない理由。
panel-nothing-changed = まだ何も変更されていません。
panel-asks-for-nothing = この内容ではトークンに変更がありません。内容を変更してください。申請が不要になった場合は、「キャンセル」を押してから、`/トークン 対応待ち`で取り下げてください。
# $when: トークンの有効期限。
panel-not-later = このトークンはすでに{ $when }まで使えるため、延長になりません。より長い期間を選んでください。
# $days: 日数。
panel-lives-too-long = ここでのトークンの有効期間は、最長{ $days }日です。より短い期間を選んでください。
panel-not-newer = アップグレードには、現在より新しいAPIバージョンが必要です。「詳細を編集」を押して選び直してください。
panel-version-gone = プロバイダーは、このトークンのAPIバージョンの提供を終了しています。先にアップグレードが必要です。
panel-not-offered = プロバイダーのAPIでは、既存のトークンに対してこの操作はできません。トークン名、説明、主な連絡先、開発者のメールアドレスは編集できます。
panel-not-yours-to-reduce = この内容はトークンのアクセスを縮小するだけです。縮小できるのは、所有者、主な連絡先、管理者です。

panel-expires = 有効期限
# $days: 日数。
panel-expires-collected = 受け取りから{ $days }日間
panel-expires-issued = 作成から{ $days }日間
# $count: 選択された数。
panel-scopes = アクセススコープ（{ $count }件）
panel-scopes-none = 未選択。APIカテゴリを選び、続けてスコープを選んでください。
# $category: カテゴリの名前。$chosenと$all: 選択されたスコープの数と全体の数。
panel-scopes-category = **{ $category }**：{ $all }件中{ $chosen }件
# $count: 載っていないものの数。
panel-more = …ほか{ $count }件

panel-select-category = APIカテゴリ
panel-select-scopes = アクセススコープ
panel-select-expires = 有効期限
panel-option-category = { $all }件中{ $chosen }件を選択中
panel-option-lifetime = 有効期限：{ $days }日後
panel-sensitive = 要注意

panel-categories-previous = 前のカテゴリ
panel-categories-next = 次のカテゴリ
panel-scopes-previous = 前のスコープ
panel-scopes-next = 次のスコープ
panel-whole-category = カテゴリ全体
panel-clear-all = すべてクリア
panel-edit-details = 詳細を編集
panel-start-over = 最初からやり直す
panel-cancel = キャンセル
panel-correct = 修正
panel-create = 作成
panel-save = 保存

## パネルの代わりに出すもの

# $number: 申請の番号。
submitted-title-new = 申請#{ $number }を受け付けました
submitted-title-edited = 申請#{ $number }を変更しました
# $name: トークン名。$provider: APIの名前。
submitted-what = **{ $name }**（{ $provider }）
# $haveと$need: 承認の数と必要な数。$missing: 足りない数。
submitted-approvals-own = **{ $need }人中{ $have }人が承認しています。**管理者として申請したため、申請が1人目の承認になりました。あと{ $missing }人の管理者の承認が必要です。
submitted-approvals = **{ $need }人中{ $have }人が承認しています。**管理者{ $missing }人の承認が必要です。
submitted-own-never-counts = ご自身の申請を承認しても、数に入りません。
submitted-void = 変更前の内容への承認は数に入りません。
submitted-next = 管理者のチャンネルに通知しました。{ $secret ->
    [first] 進捗はダイレクトメッセージで届き、シークレットもそこから表示できます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り`を使ってください。
    [new] 進捗はダイレクトメッセージで届き、新しいシークレットもそこから表示できます。ダイレクトメッセージを受け付けていない場合は、`/トークン 受け取り`を使ってください。
   *[none] 進捗はダイレクトメッセージで届きます。
}
# $when: 日時。
submitted-until = 必要な承認がそろわない場合、申請は{ $when }に失効します。

cancelled = キャンセルしました。入力内容は破棄され、何も申請されていません。やり直すには、`/トークン 申請`を使ってください。
cancelled-change = キャンセルしました。入力内容は破棄され、何も申請されていません。
cancelled-edit = キャンセルしました。入力内容は破棄され、申請はそのまま残っています。もう一度編集するには、`/トークン 対応待ち`を使ってください。

# $have: 承認できる人の数。$need: 必要な承認の数。
too-few-admins = **このままでは、この申請は承認されません。**{ $need }人の承認が必要ですが、{ $have ->
    [0] ここには承認できる人がいません
   *[other] ここで承認できる人は{ $have }人だけです
}。このプロバイダーの管理者を増やすよう、サーバーのロールを管理している人に依頼してください。申請はその間も承認を待ちます。
# $leastと$most：承認できる人の数。$need：必要な承認の数。
too-few-admins-maybe = **このままでは、この申請は承認されないかもしれません。**{ $need }人の承認が必要ですが、ここで承認できる人は{ $least }～{ $most }人です。管理者のロールを複数持つ人の数は分からないためです。足りない場合は、このプロバイダーの管理者を増やすよう、サーバーのロールを管理している人に依頼してください。申請はその間も承認を待ちます。

## `/トークン パネル`：ピン留めするメッセージ

# $provider: APIの名前。
request-panel-title = { $provider }：APIアクセストークン
# $count: 必要な承認の数。
request-panel-text = ここからトークンを申請できます。{ $count }人以上の承認後、シークレットはご自身だけに表示されます。
request-panel-button = トークンを申請
request-panel-posted = 投稿しました。見つけやすいように、このチャンネルでピン留めしてください。
