//! The longest cards, and steps that an admin takes by hand.

use super::*;
use crate::domain::issuer::IssuerKind;

/// As many approvals as the policy lets anybody ask for, and as many struck.
fn many_approvals(request: &Request) -> Vec<Approval> {
    let struck =
        |id| Approval { struck: Some(StrikeReason::ContentChanged), ..approval(request, id) };
    (1..=20).map(struck).chain((21..40).map(|id| approval(request, id))).collect()
}

#[test]
fn the_longest_that_waits() {
    let request = Request { revision: 9, approvals_required: 20, ..longest(provider("brand")) };
    let card = render_card(&facts(&request, &many_approvals(&request)));
    check(&card);
    assert!(is_cut(&request, Some(provider("brand"))));
    assert_snapshot!(outline(&card), @r"
    ┌ f0b232
    ### #7 · \*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽
    <@100> requests an API token for impact.com \(brand\), version 14.
    ⚠️ The request has changed since it was submitted. Approvals of the earlier content no longer count.
    > \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*… 699 characters
    **Expires:** 90 days after it is created
    -# **Primary contact:** <@200>
    -# **Emails:** and 10 more
    **117 scopes:**
    -# 🔴 **sensitive** `PUT /Advertisers/{AccountSID}/CompanyInformation`
    **59 more:** press **Details**.
    Press **Details** before **Approve**: it shows every scope.
    ──
    ●●●●●●●●●●●●●●●●●●●○ **19 of 20 approval… 215 characters
    ✖️ ~~<@1020>~~: the content changed
    ✖️ ~~<@1019>~~: the content changed
    ✖️ ~~<@1018>~~: the content changed
    ✖️ ~~<@1017>~~: the content changed
    ✖️ ~~<@1016>~~: the content changed
    ✖️ ~~<@1015>~~: the content changed
    ✖️ ~~<@1014>~~: the content changed
    and 13 more
    -# Digest `68166f4fd8e3` · request expires on <t:1800259200:f> (<t:1800259200:R>) · <@&55>
    [Approve] green approve:1:68166f4fd8e35bd90e71e35dbd07b16b93fb35dda2fcbe2295f8ecf875d9aec7
    [Deny] red deny:1
    [Details] grey all-scopes:1
    ");
}

#[test]
fn the_longest_that_waits_in_japanese() {
    let request = Request { revision: 9, approvals_required: 20, ..longest(provider("brand-ja")) };
    let card = render_card(&facts(&request, &many_approvals(&request)));
    check(&card);
    assert_snapshot!(outline(&card), @r"
    ┌ f0b232
    ### #7 · \*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽
    <@100>さんの申請：impact.com \(ブランド\)、バージョン14のAPIトークン
    ⚠️ 申請後に内容が変わりました。変更前の内容への承認は数に入りません。
    > \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*… 699 characters
    **有効期限：**作成から90日間
    -# **主な連絡先：**<@200>
    -# **メール：**ほか10件
    **スコープ117件：**
    -# 🔴 **要注意** `PUT /Advertisers/{AccountSID}/CompanyInformation`
    -# 🔴 **要注意** `GET /Advertisers/{AccountSID}/LegalEntities`
    **ほか58件：**「詳細」で確認できます。
    「承認」の前に「詳細」を押してください。すべてのスコープを確認できます。
    ──
    ●●●●●●●●●●●●●●●●●●●○ **20人中19人が承認** · <@… 189 characters
    ✖️ ~~<@1020>~~：内容が変わりました
    ✖️ ~~<@1019>~~：内容が変わりました
    ✖️ ~~<@1018>~~：内容が変わりました
    ✖️ ~~<@1017>~~：内容が変わりました
    ✖️ ~~<@1016>~~：内容が変わりました
    ✖️ ~~<@1015>~~：内容が変わりました
    ✖️ ~~<@1014>~~：内容が変わりました
    ✖️ ~~<@1013>~~：内容が変わりました
    ✖️ ~~<@1012>~~：内容が変わりました
    ✖️ ~~<@1011>~~：内容が変わりました
    ほか10件
    -# ダイジェスト`ba5e9bb06a11` · 申請の期限：<t:1800259200:f>（<t:1800259200:R>） · <@&55>
    [承認] green approve:1:ba5e9bb06a11243e62f6ae9574e15360d855b524c29ab937054fc784b71ad324
    [却下] red deny:1
    [詳細] grey all-scopes:1
    ");
}

#[test]
fn the_longest_is_within_the_limits_in_every_state() {
    for provider_id in ["brand", "brand-ja"] {
        for state in [
            RequestState::Pending,
            RequestState::Approved,
            RequestState::Issuing,
            RequestState::Done,
            RequestState::Denied,
            RequestState::Withdrawn,
            RequestState::Expired,
            RequestState::Failed,
        ] {
            let reason = Some("\u{10800}\n".repeat(250));
            let ended_by = Some(user(i64::MAX));
            let longest = longest(provider(provider_id));
            let request = Request { state, reason, ended_by, approvals_required: 20, ..longest };
            let approvals = many_approvals(&request);
            let token =
                Token { account_sid: "`".repeat(128), ..token(&request, TokenState::Disabling) };
            let delivery = delivery(DeliveryState::Unconfirmed);
            let stray = format!("countersign-{}-{}", i64::MAX, "0".repeat(32));
            let facts = CardFacts {
                token: Some(&token),
                delivery: Some(&delivery),
                leak_found_by: Some(user(i64::MAX)),
                stray: Some(&stray),
                history: Some(RequesterHistory {
                    other_tokens: u32::MAX,
                    had_these_scopes: Some(false),
                }),
                ..facts(&request, &approvals)
            };
            check(&render_card(&facts));
            check(&render_card(&CardFacts { provider: None, ..facts }));
        }
    }
}

#[test]
fn steps_at_their_shortest() {
    let request = Request { state: RequestState::Issuing, ..shortest(provider("brand")) };
    let card = render_card(&facts(&request, &both_approvals(&request)));
    check(&card);
    assert_snapshot!(print_text(&card), @r"
    ┌ f0b232
    ### #7 · Reports
    **#7 is approved.** An admin must now create the token at impact.com \(brand\). Follow the steps below, then press **Fulfil**.
    ──
    Sign in to impact.com as a user of the **brand account** who may change its settings. Open the account settings, go to the API access tokens and start a new one. The page has four steps:

    **1. Settings**
    Token name
    ```
    Reports
    ```
    Description
    ```
    Weekly numbers
    ```
    API version: choose **14**. The newest is preselected, which may be another one.

    **2. Contact information**
    Primary contact, who gets news about the API. Choose this user:
    ```
    Aki (@aki)
    ```
    Developer email addresses: leave them empty.

    **3. API scopes**
    Press **Clear all** first. Switch on each category below, then tick these scopes and no others:
    **Account Information**
    `GET /Advertisers/{AccountSID}/CompanyInformation`

    **4. Create**
    Compare everything once more, then create the token. Press **Fulfil** and paste the Account SID and the Auth Token there. Do not send them in any other way: the requester gets them privately.

    impact.com has no field for an expiry. The token’s 90 days begin when you press **Fulfil**. Countersign tells you when to delete it.
    ──
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `dce25a1397a2` · <@&55>
    [Fulfil] green fulfil:1:dce25a1397a25d85c2e323eadca2a0d740e280906dc8ff08809942cbeea2009a
    [Details] grey all-scopes:1
    [Deny] red deny:1
    ");
}

/// Even without a single scope the addresses don't fit beside the rest.
#[test]
fn steps_at_their_longest() {
    let longest = longest(provider("brand"));
    let mut request = Request { state: RequestState::Issuing, approvals_required: 20, ..longest };
    request.content.settings.description = "👩".repeat(1000);
    request.content.settings.name = "🚀".repeat(64);
    let card = render_card(&facts(&request, &many_approvals(&request)));
    check(&card);
    assert_snapshot!(outline(&card), @r"
    ┌ f0b232
    ### #7 · 🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀
    **#7 is approved.** An admin must now create the token at impact.com \(brand\). Follow the steps below, then press **Fulfil**.
    ──
    Sign in to impact.com as a user of the *… 186 characters

    **1. Settings**
    Token name
    ```
    🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀
    ```
    Description
    ```
    👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩👩… 1000 characters
    ```
    API version: choose **14**. The newest is preselected, which may be another one.

    **2. Contact information**
    Primary contact, who gets news about the API. Choose this user:
    ```
    Aki (@aki)
    ```
    Developer email addresses, for people who are not users of the account:
    ```
    (10 addresses: press Details)
    ```

    **3. API scopes**
    Press **Clear all** first. Switch on each category below, then tick these scopes and no others:
    **117 more:** press **Details**.

    **4. Create**
    Compare everything once more, then creat… 191 characters

    impact.com has no field for an expiry. The token’s 90 days begin when you press **Fulfil**. Countersign tells you when to delete it.
    ──
    ●●●●●●●●●●●●●●●●●●●○ **19 of 20 approval… 215 characters
    ✖️ ~~<@1020>~~: the content changed
    ✖️ ~~<@1019>~~: the content changed
    ✖️ ~~<@1018>~~: the content changed
    ✖️ ~~<@1017>~~: the content changed
    ✖️ ~~<@1016>~~: the content changed
    ✖️ ~~<@1015>~~: the content changed
    ✖️ ~~<@1014>~~: the content changed
    and 13 more
    -# Digest `68166f4fd8e3` · <@&55>
    [Fulfil] green fulfil:1:68166f4fd8e35bd90e71e35dbd07b16b93fb35dda2fcbe2295f8ecf875d9aec7
    [Details] grey all-scopes:1
    [Deny] red deny:1
    ");
}

#[test]
fn steps_at_their_longest_in_japanese() {
    let request = Request { state: RequestState::Issuing, ..longest(provider("brand-ja")) };
    let card = render_card(&facts(&request, &both_approvals(&request)));
    check(&card);
    assert_snapshot!(outline(&card), @r"
    ┌ f0b232
    ### #7 · \*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽
    **#7は承認されました。**管理者は、以下の手順でimpact.com \(ブランド\)のトークンを作成し、「認証情報を登録」を押してください。
    ──
    アカウント設定を変更できるユーザーでimpact.comの**ブランドアカウント**にログインし、アカウント設定のAPIアクセストークンの画面で、新しいトークンの作成を始めてください。画面は4段階です。

    **1. 設定**
    トークン名
    ```
    *_👩🏽‍🚀`|~[(<*_👩🏽‍🚀`|~[(<*_👩🏽‍🚀`|~[(<*_👩🏽‍🚀`|~[(<*_👩🏽‍🚀`|~[(<*_👩🏽
    ```
    説明
    ```
    ****************************************… 1000 characters
    ```
    APIバージョン：**14**を選びます。初めから選ばれている最新版とは異なることがあります。

    **2. 連絡先情報**
    主な連絡先（APIの更新情報が届く人）として、次のユーザーを選びます。
    ```
    Aki (@aki)
    ```
    開発者のメールアドレス（アカウントのユーザーではない人向け）
    ```
    （アドレス10件：「詳細」で確認してください）
    ```

    **3. アクセススコープ**
    まず「すべてクリア」を押します。次に、以下のAPIカテゴリをそれぞれオンにし、以下のスコープだけにチェックを入れます。
    **Account Information**
    `GET /Advertisers/{AccountSID}/CompanyInformation`
    `PUT /Advertisers/{AccountSID}/CompanyInformation`
    `GET /Advertisers/{AccountSID}/LegalEntities`
    …
    `GET /Advertisers/{AccountSID}/Programs/{ProgramId}/ClickExport`
    **Contacts**
    `GET /Advertisers/{AccountSID}/Campaigns/{CampaignId}/Contacts`
    **ほか83件：**「詳細」で確認できます。

    **4. 作成**
    もう一度すべてを見比べてから、トークンを作成します。「認証情報を登録」を押し、Account SIDとAuth Tokenを貼り付けてください。ほかの方法では送らないでください。申請者だけに届きます。

    impact.comの画面に有効期限の欄はありません。「認証情報を登録」を押した時点から90日間使えます。トークンを削除する時期は、Countersignがお知らせします。
    ──
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`ba5e9bb06a11` · <@&55>
    [認証情報を登録] green fulfil:1:ba5e9bb06a11243e62f6ae9574e15360d855b524c29ab937054fc784b71ad324
    [詳細] grey all-scopes:1
    [却下] red deny:1
    ");
}

/// The provider has changed how it makes tokens.
#[test]
fn steps_that_are_gone() {
    let mut request = Request { state: RequestState::Issuing, ..shortest(provider("orchard")) };
    request.content.issuer = IssuerKind::Manual;
    assert_snapshot!(frame(&render_card(&facts(&request, &[]))), @"
    ┌
    ### #7 · Reports
    **#7 is approved.** An admin must now create the token at Orchard API. Follow the steps below, then press **Fulfil**.
    ⚠️ The steps can’t be shown: they are missing from the configuration or contain an error. Work from the details below.
    ○○ **0 of 2 approvals**
    -# Digest `a5fba99a116a` · <@&55>
    [Fulfil] green fulfil:1:a5fba99a116aad2893af934318a588a123bd4037d7c460cef62b9fb115b64f1c
    [Details] grey all-scopes:1
    [Deny] red deny:1
    ");
}
