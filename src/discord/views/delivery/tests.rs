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

fn all(language: Language) -> String {
    let waiting = delivery(DeliveryState::Waiting);
    let token = short("orchard", TokenState::Issued);
    let messages = [
        render_ready(&token, &waiting, "Orchard API", language),
        shown(&token, SECRET, language),
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
    Your token Reports is ready
    Press *Reveal* when you can put the secret where it belongs. It is shown **once, and to you alone**, and disappears again after a few minutes.

    If you did not ask for this token, press *Not me*: it is taken out of use, and the admins are alerted.

    **What it is for**
    > Weekly numbers
    ▪ API · Orchard API, version 2
    ▪ Collect it by · <t:1800086400:f> (<t:1800086400:R>)
    [Reveal] green reveal:5
    [Not me] red not-me:5
    ==
    **Reports**
    Account SID
    ```
    CS0123456789abcdefABCDEF01
    ```
    Auth Token, the secret
    ```
    cst_0123456789ABCDEFGHIJKLMNOPQRSTUV0aB1cD
    ```
    Only you can see this message. It disappears <t:1800003600:R> and can’t be shown again.
    Put both into a secret store now, not into code, chats or tickets. Then press *I have stored it*, and the message goes at once. If this is not yours, press *Not me*.
    [I have stored it] green stored:5
    [Not me] red not-me:5
    (ephemeral)
    ==
    Nothing waits for you here. If a token of yours was revealed before, its secret can’t be shown again.
    (ephemeral)
    ==
    Thank you for telling. The token **Reports** is off, and the admins who approved it are alerted.
    (ephemeral)
    ==
    Thank you for telling. An admin must switch the token **Reports** off manually, and the admins who approved it are alerted. Until then it may still work.
    (ephemeral)
    ==
    Thank you for telling. This secret opens nothing any more, so the token **Reports** was left as it is. The admins who approved it are alerted.
    (ephemeral)
    ");
}

#[test]
fn in_japanese() {
    assert_snapshot!(all(Language::Japanese), @r#"
    ┌ 23a55a
    トークン Reports の準備ができました
    シークレットを保管できる状態で「表示する」を押してください。表示されるのは**一度だけ、あなただけ**で、数分後に消えます。

    このトークンを申請した覚えがない場合は、「心当たりがない」を押してください。トークンの使用を止め、管理者に警告します。

    **用途**
    > Weekly numbers
    ▪ API · Orchard API、バージョン 2
    ▪ 受け取り期限 · <t:1800086400:f> (<t:1800086400:R>)
    [表示する] green reveal:5
    [心当たりがない] red not-me:5
    ==
    **Reports**
    Account SID
    ```
    CS0123456789abcdefABCDEF01
    ```
    Auth Token(シークレット)
    ```
    cst_0123456789ABCDEFGHIJKLMNOPQRSTUV0aB1cD
    ```
    このメッセージはあなただけに表示されています。<t:1800003600:R>に消え、もう一度表示することはできません。
    いますぐ、両方をシークレット管理の仕組みに保管してください。コードやチャット、チケットには書かないでください。保管したら「保管しました」を押すと、このメッセージはすぐに消えます。心当たりがない場合は、「心当たりがない」を押してください。
    [保管しました] green stored:5
    [心当たりがない] red not-me:5
    (ephemeral)
    ==
    受け取りを待っているトークンはありません。すでに表示したトークンのシークレットを、もう一度表示することはできません。
    (ephemeral)
    ==
    お知らせいただきありがとうございます。トークン **Reports** は無効になっています。承認した管理者に警告しました。
    (ephemeral)
    ==
    お知らせいただきありがとうございます。トークン **Reports** は、管理者が手作業で無効にする必要があります。承認した管理者に警告しました。それまでは使える可能性があります。
    (ephemeral)
    ==
    お知らせいただきありがとうございます。このシークレットはもう使えないため、トークン **Reports** はそのままです。承認した管理者に警告しました。
    (ephemeral)
    "#);
}

#[test]
fn at_their_longest() {
    let waiting = delivery(DeliveryState::Waiting);
    let token = Token {
        account_sid: "`".repeat(128),
        ..token(&longest(provider("brand")), TokenState::Issued)
    };
    let mut rows = token.clone();
    rows.settings.description = "\u{10800}\n".repeat(500);
    for language in Language::ALL {
        check(&render_ready(&rows, &waiting, &"*".repeat(80), language));
        check(&render_ready(&token, &waiting, &"*".repeat(80), language));
        check(&shown(&token, &"`".repeat(512), language));
        check(&says_not_me(token.clone(), false, language));
        check(&says_not_me(token.clone(), true, language));
    }
    assert_snapshot!(outline(&render_ready(&token, &waiting, "impact.com", Language::EnglishUs)), @r#"
    ┌ 23a55a
    Your token \*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽 is ready
    Press *Reveal* when you can put the secret where it belongs. It is shown **once, and to you alone**, and disappears again after a few minutes.

    If you did not ask for this token, press *Not me*: it is taken out of use, and the admins are alerted.

    **What it is for**
    > \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*… 2002 characters
    ▪ API · impact.com, version 14
    ▪ Collect it by · <t:1800086400:f> (<t:1800086400:R>)
    [Reveal] green reveal:5
    [Not me] red not-me:5
    "#);
}

#[test]
fn what_was_off_already_needs_nobody() {
    let said = |state| print_text(&says_not_me(short("brand", state), false, Language::EnglishUs));
    assert_eq!(said(TokenState::Disabled), said(TokenState::Expired));
    assert_ne!(said(TokenState::Disabled), said(TokenState::Disabling));
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
        prop_assert_eq!(shown_after(&message.content, "Account SID").unwrap(), sid);
        let shown = shown_after(&message.content, "Auth Token, the secret").unwrap();
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
