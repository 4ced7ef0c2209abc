use insta::assert_snapshot;

use super::super::testing::{ORCHARD, check, print_message};
use super::*;

const SECTIONS: &str = r#"
[discord]
token = "t0ken"
application_id = 11
guild_id = "22"
[database]
url = "postgres://bot@localhost/countersign"
[keys]
file = "keys"
[mail]
url = "file:///var/mail"
from = "Countersign <tokens@example.com>"
"#;

fn provider(id: usize, name: &str, approvals: u8, catalogue: &str) -> String {
    format!(
        r#"
[[providers]]
id = "provider-{id}"
name = '{name}'
catalogue = "{catalogue}"
approval_channel = "44"
admin_roles = ["55", "66"]
approvals = {approvals}
[providers.issuer]
kind = "builtin"
"#
    )
}

fn config(rest: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.toml");
    std::fs::write(&file, format!("{SECTIONS}{rest}")).unwrap();
    std::fs::write(folder.path().join("orchard.toml"), ORCHARD).unwrap();
    let strict = ORCHARD.replacen("sensitive = true", "sensitive = true\napprovals = 4", 1);
    std::fs::write(folder.path().join("strict.toml"), strict).unwrap();
    Config::load_with(&file, []).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn help_tells_what_there_is() {
    let rest = provider(1, "Orchard", 2, "orchard.toml") + &provider(2, "Mill *", 3, "strict.toml");
    assert_snapshot!(print_message(&render_help(&config(&rest), Language::EnglishUs)), @r"
    (only you can see this)
    == Countersign: two to open, one to close
    Ask for an API access token here. It is made only after different admins approve exactly what you request, and nobody but you sees its secret.
    - Commands: `/token request` asks for a token
    `/token list` shows the tokens that you may see
    `/token show` shows one of them, to change, reset, disable or delete it
    `/token pending` shows what waits for you
    `/token audit` shows what happened to a token or a request (admins)
    `/token announce` writes to the contacts and developers of tokens (admins)
    `/token collect` shows a token that waits for you, to you alone
    `/token leak` reports a secret that you found, and stops it
    `/token help` shows this
    - How to ask, in four steps: 1. Name the token, say what it is for, and choose the API version.
    2. Name a primary contact, and the developers who should hear of it by email.
    3. Choose the scopes: what the token may do.
    4. Press **Create**. The admins are asked, and you hear of each step by direct message.
    - Who may do what: **Ask**: everybody here, or the members with certain roles, as the provider has it.
    **Edit, withdraw**: the person who asked, while the request waits.
    **Approve, deny**: the provider’s admins. One can deny; an approval counts once for each person, and an edit voids the approvals.
    **See the secret**: the person who asked, nobody else.
    An admin who asks gives the first approval by requesting.
    - What happens to the secret: It waits for you, sealed, for 24 hours; a token that nobody reveals in that time is revoked. **Reveal** shows it once, to you alone, for 10 minutes, and then our copy is erased. Put it into a secret store at once. It never stands in a channel or an email, and nobody will ask you for it. If a token comes that you didn’t ask for, press **Not me**.
    == Providers, and the approvals that their tokens take
    **Orchard**: 2 approvals, from <@&55>, <@&66>
    **Mill \***: 3 approvals, for some scopes up to 4, from <@&55>, <@&66>
    ");
}

#[test]
fn help_in_japanese_where_ones_own_approval_never_counts() {
    let policy =
        "[policy]\ncount_requester = false\ndelivery_ttl = \"36h\"\nreveal_visible_for = \"90s\"\n";
    let rest = policy.to_owned() + &provider(1, "果樹園", 2, "strict.toml");
    assert_snapshot!(print_message(&render_help(&config(&rest), Language::Japanese)), @"
    (only you can see this)
    == Countersign：開けるには二人、閉じるには一人
    API アクセストークンを申請できます。申請した内容そのものを複数の管理者が承認して初めて発行され、シークレットはご本人にしか表示されません。
    - コマンド: `/トークン 申請` トークンを申請します
    `/トークン 一覧` 確認できるトークンの一覧を表示します
    `/トークン 表示` トークンの内容を確認し、変更・リセット・無効化・削除します
    `/トークン 保留` あなたを待っているものを表示します
    `/トークン 監査` トークンまたは申請の履歴を表示します（管理者）
    `/トークン お知らせ` トークンの主担当と開発者にお知らせを送ります（管理者）
    `/トークン 受け取り` 届いているトークンを、ご本人にだけ表示します
    `/トークン 漏えい` 見つけたシークレットを報告し、使えなくします
    `/トークン ヘルプ` この説明を表示します
    - 申請の 4 つのステップ: 1. トークンの名前と用途を入力し、API バージョンを選びます。
    2. 主担当と、メールで連絡を受ける開発者を指定します。
    3. スコープ（トークンに許可する操作）を選びます。
    4. 「作成」を押します。管理者に通知され、進捗はダイレクトメッセージで届きます。
    - できること: **申請**：サーバーの全員、またはプロバイダーが定めたロールのメンバー
    **編集・取り下げ**：申請者（承認待ちの間）
    **承認・却下**：プロバイダーの管理者。却下は一人でもできます。承認は一人につき 1 回だけ数えられ、申請が編集されると無効になります。
    **シークレットの表示**：申請者だけ
    管理者の方も、ご自身の申請を承認することはできません。
    - シークレットの取り扱い: シークレットは封印された状態で 36 時間保管され、その間に表示されなければトークンは取り消されます。「表示する」を押すと、ご本人だけに 1 回、90 秒間表示され、保管していた控えは消去されます。すぐにシークレット管理の仕組みに保管してください。チャンネルやメールに載ることも、シークレットをお尋ねすることもありません。申請した覚えのないトークンが届いたときは、「心当たりがない」を押してください。
    == プロバイダーと必要な承認の人数
    **果樹園**：<@&55>、<@&66> のうち 2 人（一部のスコープでは最大 4 人）
    ");
}

#[test]
fn forty_providers_are_counted_where_they_do_not_fit() {
    let name = |id| format!("{}{id:02}", "*".repeat(78));
    let all: String = (0..40).map(|id| provider(id, &name(id), 20, "strict.toml")).collect();
    let config = config(&all);
    for language in Language::ALL {
        let mut message = render_help(&config, language);
        check(&message);
        assert!(!message.fit(), "nothing is cut unseen");
        let list = &message.embeds[1].description;
        let shown = list.matches("<@&55>").count();
        assert!(shown >= 8, "{shown}");
        assert!(list.contains(&(40 - shown).to_string()), "{list}");
    }
}
