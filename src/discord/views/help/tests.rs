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
    ┌
    ### Countersign: two to open, one to close
    Request an API access token here. It is created only after different admins have approved exactly what you requested, and its secret is revealed to you alone.
    --
    **Commands:**
    `/token request` requests a token
    `/token list` lists the tokens that you may see
    `/token show` shows one of them, to change, reset, disable or delete it
    `/token pending` shows what is waiting for you, and your requests
    `/token audit` shows the history of a token or a request (admins)
    `/token announce` sends an announcement to contacts and developers (admins)
    `/token panel` posts a button that requests a token, to pin (admins)
    `/token health` shows what is stuck, and what to do about it (admins)
    `/token collect` reveals a secret that is waiting for you, to you alone
    `/token leak` reports a secret that you found, and disables its token
    `/token help` shows this
    --
    **How to request a token:**
    1. Name the token, describe what it is for, and choose the API version.
    2. Choose a primary contact, and the developers to be told by email.
    3. Choose the scopes: what the token may do.
    4. Press **Create**. The admins are notified, and you are told by direct message how it goes on.
    --
    **Who may do what:**
    **Request**: everyone in this server, or the members with certain roles, as set for the provider.
    **Edit, withdraw**: the requester. Edit it until it has its approvals; withdraw it also while it waits for an admin, or has failed.
    **Approve, deny**: the provider’s admins. One is enough to deny. Each admin’s approval counts once, and an edit voids the approvals.
    **Reveal the secret**: the requester, nobody else.
    An admin who requests a token gives the first approval with it.
    **What happens to the secret:**
    It waits for you, encrypted, for 24 hours; if you don’t collect it by then, it is erased, and a new token no longer works. **Reveal** shows it once, to you alone, for 10 minutes, and our copy is erased. Put it into a secret store at once. It never appears in a channel or an email, and nobody will ask you for it. If you get a token that you did not request, press **Not me**.
    --
    **Providers, and the approvals their tokens need:**
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
    ┌
    ### Countersign：開けるには二人、閉じるには一人
    ここでAPIアクセストークンを申請できます。申請した内容そのものを複数の管理者が承認して初めて作成され、シークレットは申請者だけに表示されます。
    --
    **コマンド：**
    `/トークン 申請`：トークンを申請します
    `/トークン 一覧`：閲覧できるトークンの一覧です
    `/トークン 詳細`：トークンを確認し、変更・リセット・無効化・削除します
    `/トークン 対応待ち`：ご自身の対応を待っているものと、ご自身の申請です
    `/トークン 監査`：トークンまたは申請の履歴です（管理者）
    `/トークン お知らせ`：主な連絡先と開発者にお知らせを送ります（管理者）
    `/トークン パネル`：トークンを申請するボタンを投稿します（管理者）
    `/トークン 動作状況`：滞っているものと、すべきことです（管理者）
    `/トークン 受け取り`：受け取り待ちのシークレットを、ご自身だけに表示します
    `/トークン 漏えい`：見つけたシークレットを報告し、トークンを無効化します
    `/トークン ヘルプ`：この説明です
    --
    **申請の手順：**
    1. トークン名と説明（用途）を入力し、APIバージョンを選びます。
    2. 主な連絡先と、メールで連絡を受ける開発者を指定します。
    3. スコープ（トークンに許可する操作）を選びます。
    4. 「作成」を押します。管理者に通知され、進捗はダイレクトメッセージで届きます。
    --
    **できること：**
    **申請**：サーバーの全員、またはプロバイダーごとに定めたロールのメンバー
    **編集・取り下げ**：申請者。編集は承認がそろうまで、取り下げは管理者の対応を待っている間や失敗した後にもできます。
    **承認・却下**：プロバイダーの管理者。却下は1人でできます。承認は1人につき1回だけ数え、申請を編集すると承認はやり直しになります。
    **シークレットの表示**：申請者だけ
    管理者自身の申請への承認は、数に入りません。
    **シークレットの取り扱い：**
    シークレットは暗号化して36時間保管します。期間内に受け取らないと消去され、新しいトークンは使えなくなります。「表示する」を押すと、ご自身だけに1回、90秒間だけ表示し、保管していたシークレットは消去します。すぐにシークレット管理ツールに保管してください。チャンネルやメールに載ることはなく、シークレットをお尋ねすることもありません。申請していないトークンが届いたときは、「心当たりがない」を押してください。
    --
    **プロバイダーと、トークンに必要な承認：**
    **果樹園**：<@&55>、<@&66>のうち2人の承認（一部のスコープでは最大4人）
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
        assert!(message.fit(), "they are more than a message holds");
        let list = message.prose();
        let shown = list.matches("<@&55>").count();
        assert!(shown >= 7, "{shown}");
        assert!(list.contains(&(40 - shown).to_string()), "{list}");
    }
}
