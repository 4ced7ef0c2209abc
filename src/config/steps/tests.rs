use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

fn values() -> StepValues {
    StepValues {
        kind: "create".into(),
        name: "Reports".into(),
        current_name: None,
        account_sid: None,
        description: "Weekly numbers\nfor the board".into(),
        api_version: 16,
        contact: "Aki (@aki)".into(),
        developer_emails: vec!["a@example.com".into(), "b@example.com".into()],
        scopes_by_category: vec![StepCategory {
            name: "Jobs".into(),
            scopes: vec![StepScope {
                method: "GET".into(),
                path: "/Jobs".into(),
                id: "jobs:listJobs".into(),
            }],
        }],
        scope_list: "**Jobs**\n`GET /Jobs`".into(),
        lifetime_days: Some(90),
    }
}

fn render(source: &str, values: &StepValues) -> String {
    let mut templates = StepTemplates::default();
    templates.add(Language::EnglishUs, source.into()).unwrap();
    templates.render(Language::EnglishUs, values).unwrap()
}

fn ours(name: &str) -> StepTemplates {
    let mut templates = StepTemplates::default();
    for language in Language::ALL {
        let root = env!("CARGO_MANIFEST_DIR");
        let path = format!("{root}/config/steps/impact-{name}.{}.md", language.tag());
        templates.add(language, std::fs::read_to_string(path).unwrap()).unwrap();
    }
    templates
}

#[test]
fn plain_values_are_escaped_and_finished_markup_is_not() {
    let mut values = values();
    values.name = "**a** <@1> [x](y)".into();
    assert_snapshot!(render("{{ name }} {{ api_version }} {{ scope_list }}", &values), @r#"
    \*\*a\*\* \<\@1\> \[x\]\(y\) 16 **Jobs**
    `GET /Jobs`
    "#);
}

#[test]
fn copies_are_blocks() {
    assert_snapshot!(render("Name\n{{ name | copy }}\n{{ developer_emails | copy }}", &values()), @r#"
    Name
    ```
    Reports
    ```
    ```
    a@example.com
    b@example.com
    ```
    "#);
}

#[test]
fn unknown_values_are_errors() {
    let mut templates = StepTemplates::default();
    templates.add(Language::EnglishUs, "line\n{{ nmae }}".into()).unwrap();
    let error = trial(&templates, Language::EnglishUs).unwrap_err();
    assert_snapshot!(problem("a.md", &error), @"a.md:2: the template has an error, undefined value");
    assert_snapshot!(templates.unknown_names(Language::EnglishUs).join("\n"), @"nmae is no value: did you mean name?");
    let error = templates.add(Language::EnglishUs, "{% if %}".into()).unwrap_err();
    assert_snapshot!(problem("a.md", &error), @"a.md:1: the template has an error, syntax error: unexpected end of block");
}

#[test]
fn ours_in_english() {
    assert_snapshot!(ours("agency").render(Language::EnglishUs, &values()).unwrap(), @"
    Sign in to impact.com as a user of the **agency account** who may change its settings. Open the account settings, go to the API access tokens and start a new one. The page has four steps:

    **1. Settings**
    Token name
    ```
    Reports
    ```
    Description
    ```
    Weekly numbers
    for the board
    ```
    API version: choose **16**. The newest is preselected, which may be another one.

    **2. Contact information**
    Primary contact, who gets news about the API. Choose this user:
    ```
    Aki (@aki)
    ```
    Developer email addresses, for people who are not users of the account:
    ```
    a@example.com
    b@example.com
    ```

    **3. API scopes**
    Press **Clear all** first. Switch on each category below, then tick these scopes and no others:
    **Jobs**
    `GET /Jobs`

    **4. Create**
    Compare everything once more, then create the token. Press **Fulfil** and paste the Account SID and the Auth Token there. Do not send them in any other way: the requester gets them privately.

    impact.com has no field for an expiry. The token’s 90 days begin when you press **Fulfil**. Countersign tells you when to delete it.
    ");
}

#[test]
fn ours_in_japanese() {
    assert_snapshot!(ours("partner").render(Language::Japanese, &values()).unwrap(), @"
    アカウント設定を変更できるユーザーでimpact.comの**パートナーアカウント**にログインし、アカウント設定のAPIアクセストークンの画面で、新しいトークンの作成を始めてください。画面は4段階です。

    **1. 設定**
    トークン名
    ```
    Reports
    ```
    説明
    ```
    Weekly numbers
    for the board
    ```
    APIバージョン：**16**を選びます。初めから選ばれている最新版とは異なることがあります。

    **2. 連絡先情報**
    主な連絡先（APIの更新情報が届く人）として、次のユーザーを選びます。
    ```
    Aki (@aki)
    ```
    開発者のメールアドレス（アカウントのユーザーではない人向け）
    ```
    a@example.com
    b@example.com
    ```

    **3. アクセススコープ**
    まず「すべてクリア」を押します。次に、以下のAPIカテゴリをそれぞれオンにし、以下のスコープだけにチェックを入れます。
    **Jobs**
    `GET /Jobs`

    **4. 作成**
    もう一度すべてを見比べてから、トークンを作成します。「認証情報を登録」を押し、Account SIDとAuth Tokenを貼り付けてください。ほかの方法では送らないでください。申請者だけに届きます。

    impact.comの画面に有効期限の欄はありません。「認証情報を登録」を押した時点から90日間使えます。トークンを削除する時期は、Countersignがお知らせします。
    ");
}

#[test]
fn ours_for_a_change() {
    let mut values = values();
    values.kind = "edit".into();
    values.developer_emails.clear();
    assert_snapshot!(ours("brand").render(Language::EnglishUs, &values).unwrap(), @"
    Sign in to impact.com as a user of the **brand account** who may change its settings. Open the account settings, go to the API access tokens and open this one:
    ```
    None
    ```
    Make the changes that stand above, and compare the token with all of this. impact.com has no field for an expiry: if only that changes, there is nothing to do there.

    Token name
    ```
    Reports
    ```
    Description
    ```
    Weekly numbers
    for the board
    ```
    API version: **16**
    Primary contact
    ```
    Aki (@aki)
    ```
    Developer email addresses: none
    API scopes, these and no others:
    **Jobs**
    `GET /Jobs`

    Save, then press **Done**.
    ");
}

/// Our own text leaves room for what people typed: all of it is one message, beside its scopes.
#[test]
fn ours_are_short() {
    for name in ["agency", "brand", "partner"] {
        let templates = ours(name);
        for language in Language::ALL {
            trial(&templates, language).unwrap();
            let mut values = values();
            values.description = "d".repeat(1000);
            values.name = "n".repeat(64);
            let rendered = templates.render(language, &values).unwrap();
            let length = rendered.chars().count();
            assert!(length < 3000, "{name} {language:?}: {length}");
        }
    }
}

proptest! {
    /// A block ends where we end it, whatever is in it.
    #[test]
    fn a_value_cannot_leave_its_code_block(name in "[`a\\n ]{0,30}|.{0,30}") {
        let mut values = values();
        values.name = name.clone();
        let rendered = render("{{ name | copy }}", &values);
        let inner = rendered.strip_prefix("```\n").unwrap().strip_suffix("\n```").unwrap();
        prop_assert!(!inner.contains("```"));
        prop_assert_eq!(inner.replace('\u{200b}', ""), name.replace('\u{200b}', ""));
    }

    /// What is plain stays plain: each mark of Discord's has its backslash.
    #[test]
    fn plain_text_is_no_markup(name in ".{0,30}") {
        let mut values = values();
        values.name = name;
        let rendered = render(".{{ name }}.", &values);
        let mut chars = rendered[1..rendered.len() - 1].chars();
        while let Some(char) = chars.next() {
            prop_assert!(char == '\\' || !char.is_ascii_punctuation());
            if char == '\\' {
                prop_assert!(chars.next().is_some_and(|char| char.is_ascii_punctuation()));
            }
        }
    }
}
