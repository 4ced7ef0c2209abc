use insta::assert_snapshot;
use proptest::prelude::*;
use secrecy::SecretString;

use super::*;
use crate::discord::views::card::testing::{
    check, delivery, hour, longest, outline, print_text, provider, shortest, token,
};
use crate::domain::delivery::DeliveryState;

const SECRET: &str = "cst_0123456789ABCDEFGHIJKLMNOPQRSTUV0aB1cD";

fn short(provider_id: &str, state: TokenState) -> Token {
    token(&shortest(provider(provider_id)), state)
}

fn shown(token: &Token, clear: &str, language: Language) -> Message {
    let pressed = RevealedSecret {
        token: token.clone(),
        account_sid: token.account_sid.clone(),
        secret: SecretString::from(clear),
        hide_at: hour(1),
    };
    render_secret(&pressed, delivery(DeliveryState::Waiting).id, language)
}

fn says_not_me(token: Token, was_dead: bool, language: Language) -> Message {
    render_disowned(&DisownOutcome { token, was_dead }, language)
}

fn ready(token: &Token, kind: RequestKind, overlap_seconds: i32) -> WaitingDelivery {
    let (token, delivery) = (token.clone(), delivery(DeliveryState::Waiting));
    WaitingDelivery { token, delivery, kind, overlap_seconds }
}

fn all(language: Language) -> String {
    let token = short("orchard", TokenState::Issued);
    let messages = [
        render_ready(&ready(&token, RequestKind::Create, 0), "Orchard API", language),
        shown(&token, SECRET, language),
        render_stored(&token, language),
        render_nothing_to_collect(language),
        says_not_me(token, false, language),
        says_not_me(short("brand", TokenState::Active), false, language),
        says_not_me(short("orchard", TokenState::Active), true, language),
    ];
    messages.iter().for_each(check);
    messages.iter().map(print_text).collect::<Vec<_>>().join("\n==\n")
}

#[test]
fn in_english() {
    assert_snapshot!(all(Language::EnglishUs), @"
    ┌ 23a55a
    ### Your token Reports is ready
    Press **Reveal** when you are ready to store the secret. It is revealed **once, to you alone**, and disappears after a few minutes.
    If you did not request this token, press **Not me**: this disables the token and alerts the admins.
    **Description:**
    > Weekly numbers
    **API:** Orchard API, version 2
    **Collect before:** <t:1800086400:f> (<t:1800086400:R>)
    [Reveal] green reveal:5
    [Not me] red not-me:5
    ==
    ┌
    **Reports**
    Account SID
    ```
    CS0123456789abcdefABCDEF01
    ```
    Auth Token, the secret
    ```
    cst_0123456789ABCDEFGHIJKLMNOPQRSTUV0aB1cD
    ```
    Only you can see this message. It will be deleted on <t:1800003600:f> (<t:1800003600:R>), and the secret can’t be revealed again.
    Put both into a secret store now, not into code, chats or tickets. Then press **I have stored it**, and this message is deleted at once. If you did not request this token, press **Not me**.
    [I have stored it] green stored:5
    [Not me] red not-me:5s
    (ephemeral)
    ==
    The message that revealed the secret of **Reports** is deleted.
    (ephemeral)
    ==
    There is nothing to collect. A secret that was revealed before can’t be revealed again.
    (ephemeral)
    ==
    Thank you for telling us. The token **Reports** is disabled, and the admins who approved it have been alerted.
    (ephemeral)
    ==
    Thank you for telling us. An admin must disable the token **Reports** at its provider. Until then it may still work. The admins who approved it have been alerted.
    (ephemeral)
    ==
    Thank you for telling us. This secret no longer works, so the token **Reports** was left as it is. The admins who approved it have been alerted.
    (ephemeral)
    ");
}

#[test]
fn in_japanese() {
    assert_snapshot!(all(Language::Japanese), @"
    ┌ 23a55a
    ### トークンReportsの準備ができました
    シークレットを保管する準備ができたら、「表示する」を押してください。シークレットは**1回だけ、ご自身だけに**表示され、数分後に消えます。
    このトークンを申請していない場合は、「心当たりがない」を押してください。トークンを無効化し、管理者に知らせます。
    **説明：**
    > Weekly numbers
    **API：**Orchard API、バージョン2
    **受け取り期限：**<t:1800086400:f>（<t:1800086400:R>）
    [表示する] green reveal:5
    [心当たりがない] red not-me:5
    ==
    ┌
    **Reports**
    Account SID
    ```
    CS0123456789abcdefABCDEF01
    ```
    Auth Token（シークレット）
    ```
    cst_0123456789ABCDEFGHIJKLMNOPQRSTUV0aB1cD
    ```
    このメッセージを見られるのはご自身だけです。<t:1800003600:f>（<t:1800003600:R>）に削除され、シークレットをもう一度表示することはできません。
    今すぐ、両方をシークレット管理ツールに保管してください。コード、チャット、チケットには書かないでください。保管したら「保管しました」を押すと、このメッセージはすぐに削除されます。申請していないトークンの場合は、「心当たりがない」を押してください。
    [保管しました] green stored:5
    [心当たりがない] red not-me:5s
    (ephemeral)
    ==
    **Reports**のシークレットを表示したメッセージを削除しました。
    (ephemeral)
    ==
    受け取り待ちのものはありません。一度表示したシークレットを、もう一度表示することはできません。
    (ephemeral)
    ==
    お知らせいただきありがとうございます。トークン**Reports**は無効化されています。承認した管理者に知らせました。
    (ephemeral)
    ==
    お知らせいただきありがとうございます。トークン**Reports**は、管理者がプロバイダーで無効化する必要があり、それまでは使える可能性があります。承認した管理者に知らせました。
    (ephemeral)
    ==
    お知らせいただきありがとうございます。このシークレットはもう使えないため、トークン**Reports**は変更していません。承認した管理者に知らせました。
    (ephemeral)
    ");
}

#[test]
fn at_their_longest() {
    let token = Token {
        account_sid: "`".repeat(128),
        ..token(&longest(provider("brand")), TokenState::Issued)
    };
    let mut rows = token.clone();
    rows.settings.description = "\u{10800}\n".repeat(500);
    for language in Language::ALL {
        for token in [&rows, &token] {
            for (kind, overlap) in [(RequestKind::Create, 0), (RequestKind::Reset, 86_400)] {
                check(&render_ready(&ready(token, kind, overlap), &"*".repeat(80), language));
            }
            check(&render_receipt(token, &ended(DeliveryState::Unconfirmed), language));
        }
        check(&shown(&token, &"`".repeat(512), language));
        check(&says_not_me(token.clone(), false, language));
        check(&says_not_me(token.clone(), true, language));
    }
    let waiting = ready(&token, RequestKind::Create, 0);
    assert_snapshot!(outline(&render_ready(&waiting, "impact.com", Language::EnglishUs)), @r"
    ┌ 23a55a
    ### Your token \*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽 is ready
    Press **Reveal** when you are ready to store the secret. It is revealed **once, to you alone**, and disappears after a few minutes.
    If you did not request this token, press **Not me**: this disables the token and alerts the admins.
    **Description:**
    > \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*… 599 characters
    **API:** impact.com, version 14
    **Collect before:** <t:1800086400:f> (<t:1800086400:R>)
    [Reveal] green reveal:5
    [Not me] red not-me:5
    ");
}

#[test]
fn what_was_off_already_needs_nobody() {
    let said = |state| print_text(&says_not_me(short("brand", state), false, Language::EnglishUs));
    for (state, is) in [
        (TokenState::Disabled, "** is disabled, and"),
        (TokenState::Deleted, "** is deleted, and"),
        (TokenState::Expired, "** has expired, and"),
        (TokenState::Disabling, "An admin must disable"),
    ] {
        assert!(said(state).contains(is), "{}", said(state));
    }
}

fn ended(state: DeliveryState) -> Delivery {
    let pressed = match state {
        DeliveryState::Lapsed | DeliveryState::Voided => None,
        _ => Some(hour(2)),
    };
    Delivery { first_pressed_at: pressed, accepted_at: pressed, ..delivery(state) }
}

#[test]
fn a_new_secret_says_when_the_old_one_ends() {
    let active = short("orchard", TokenState::Active);
    let by_hand = short("brand", TokenState::Active);
    let all = Language::ALL.map(|language| {
        let messages = [
            ready(&active, RequestKind::Reset, 0),
            ready(&active, RequestKind::Reset, 3_600),
            ready(&active, RequestKind::Reset, 86_400),
            ready(&by_hand, RequestKind::Reset, 0),
            ready(&short("orchard", TokenState::Disabled), RequestKind::Enable, 0),
            ready(&by_hand, RequestKind::Enable, 0),
        ]
        .map(|waiting| render_ready(&waiting, "Orchard API", language));
        messages.iter().for_each(check);
        messages.iter().map(print_text).collect::<Vec<_>>().join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
}

#[test]
fn receipts() {
    use DeliveryState::{Accepted, Disowned, Lapsed, Unconfirmed, Voided};
    let all = Language::ALL.map(|language| {
        let receipt =
            |token, delivery| render_receipt(&short("orchard", token), &ended(delivery), language);
        let messages = [
            receipt(TokenState::Active, Accepted),
            receipt(TokenState::Active, Unconfirmed),
            receipt(TokenState::Active, Voided),
            receipt(TokenState::Disabling, Accepted),
            receipt(TokenState::Disabled, Accepted),
            receipt(TokenState::Deleted, Lapsed),
            receipt(TokenState::Expired, Accepted),
            receipt(TokenState::Disabled, Disowned),
            receipt(TokenState::Disabled, Voided),
        ];
        messages.iter().for_each(check);
        messages.iter().map(print_text).collect::<Vec<_>>().join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
}

/// What Discord shows of the line or the block after a label.
fn shown_after<'a>(content: &'a str, label: &str) -> Option<std::borrow::Cow<'a, str>> {
    let (_, rest) = content.split_once(&format!("{label}\n"))?;
    if let Some(block) = rest.strip_prefix("```\n") {
        return block.split_once("\n```").map(|(inner, _)| inner.into());
    }
    let line = rest.lines().next()?;
    let mut shown = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        shown.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    Some(shown.into())
}

proptest! {
    #[test]
    fn credentials_are_copied_as_they_are(
        sid in "[!-~]{1,128}", pasted in "[!-~]{1,512}|`{1,512}|[a`]{1,30}",
    ) {
        let token = Token { account_sid: sid.clone(), ..short("brand", TokenState::Issued) };
        let message = shown(&token, &pasted, Language::EnglishUs);
        check(&message);
        let prose = message.prose();
        prop_assert_eq!(shown_after(&prose, "Account SID").unwrap(), sid);
        let shown = shown_after(&prose, "Auth Token, the secret").unwrap();
        prop_assert!(shown == pasted);
    }
}

/// What an upstream may still be doing, and what waits beyond what is shown.
#[test]
fn the_rest_in_both_languages() {
    let going = Token { issuer: IssuerKind::Http, ..short("orchard", TokenState::Active) };
    let all = Language::ALL.map(|language| {
        let messages = [
            says_not_me(going.clone(), false, language),
            render_more_to_collect(1, language),
            render_more_to_collect(12, language),
        ];
        messages.iter().for_each(check);
        messages.iter().map(print_text).collect::<Vec<_>>().join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
}
