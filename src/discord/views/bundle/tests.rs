use insta::assert_snapshot;

use super::*;
use crate::discord::commands::fill_mentions;
use crate::discord::views::testing::{check, noon, print_message, text_of, user};

fn soon(name: &str, days: i64) -> TokenFacts<'_> {
    let expires_at = noon() + chrono::Duration::days(days);
    TokenFacts { name, provider: "Orchard *API*", expires_at, can_live_on: true }
}

fn words() -> AnnouncementText {
    let body = "Version 2 ends on Friday.\n\n@everyone, move to [version 3](https://evil.example).";
    AnnouncementText { subject: "**New** version".into(), body: body.into() }
}

#[test]
fn what_ends_soon() {
    let tokens = [soon("Reports", 1), soon("@everyone", 7)];
    assert_snapshot!(print_message(&render_ending(&tokens, Language::EnglishUs)), @r"
    ┌ f0b232
    ### 2 of your tokens expire soon
    **Reports** (Orchard \*API\*): <t:1751544000:f> (<t:1751544000:R>)
    **\@everyone** (Orchard \*API\*): <t:1752062400:f> (<t:1752062400:R>)
    Once a token expires, programs that use it will be refused. If you still need it, request more time with **Extend** in `/token show`. Admins have to approve that, so start in time.
    ");
    assert_snapshot!(print_message(&render_ending(&tokens[..1], Language::Japanese)), @r"
    ┌ f0b232
    ### まもなく失効するトークンが1件あります
    **Reports**（Orchard \*API\*）：<t:1751544000:f>（<t:1751544000:R>）
    失効すると、そのトークンを使うプログラムからのリクエストは拒否されます。まだ必要な場合は、`/トークン 詳細`の「延長」から申請してください。管理者の承認が必要なため、早めに申請してください。
    ");
}

#[test]
fn what_expired() {
    let tokens = [soon("Reports", -7), soon("@everyone", 0)];
    let both = Language::ALL.map(|language| print_message(&render_expired(&tokens, language)));
    assert_snapshot!(both.join("\n\n"));
}

#[test]
fn a_mailbox_that_hears_of_none_of_them() {
    let address = "dev@example.com".parse().unwrap();
    let refused = (&address, "550 5.1.1 @everyone *unknown*");
    let names = ["Reports", "Dash_board"];
    let both = Language::ALL
        .map(|language| print_message(&render_refusing_mailbox(refused, &names, language)));
    assert_snapshot!(both.join("\n\n"));
}

#[test]
fn an_admin_s_words() {
    let names = ["Reports", "Dash_board"];
    let shown = |language| {
        print_message(&render_announcement(&words(), user(7), "Orchard", &names, language))
    };
    assert_snapshot!(shown(Language::EnglishUs), @r"
    ┌ 5865f2
    ### An announcement from an admin
    <@7> writes to the contacts and developers of tokens for Orchard. You are the primary contact of: Reports, Dash\_board
    --
    > **\*\*New\*\* version**
    > Version 2 ends on Friday.
    > 
    > \@everyone, move to \[version 3\]\(https\:\/\/evil.example\).
    ");
    assert_snapshot!(shown(Language::Japanese), @r"
    ┌ 5865f2
    ### 管理者からのお知らせ
    <@7>さんから、Orchardのトークンの主な連絡先と開発者へのお知らせです。主な連絡先になっているトークン：Reports、Dash\_board
    --
    > **\*\*New\*\* version**
    > Version 2 ends on Friday.
    > 
    > \@everyone, move to \[version 3\]\(https\:\/\/evil.example\).
    ");
}

#[test]
fn hundreds_of_tokens_fit_and_the_rest_is_counted() {
    let name = "*".repeat(64);
    let tokens: Vec<TokenFacts<'_>> = (0..400).map(|day| soon(&name, day / 100)).collect();
    let names = vec![name.as_str(); 400];
    for language in Language::ALL {
        let body = check(&render_ending(&tokens, language));
        let text = text_of(&body);
        assert!(text.contains("400"), "{text}");
        let todo = fill_mentions(&text!(language, "notice-ending-todo"), None);
        assert!(text.ends_with(&todo), "{text}");
        assert!(text_of(&check(&render_expired(&tokens, language))).contains("400"));
        let address = format!("{}@example.com", "*".repeat(64)).parse().unwrap();
        check(&render_refusing_mailbox((&address, &"@".repeat(2_000)), &names, language));
        let longest = AnnouncementText { subject: "s".repeat(100), body: "*".repeat(1_100) };
        assert!(fits_message(&longest));
        let body = check(&render_announcement(&longest, user(i64::MAX), &name, &names, language));
        let said = format!("> {}", "\\*".repeat(1_100));
        assert!(text_of(&body).lines().any(|line| line == said), "nothing of it is cut");
    }
}

#[test]
fn what_would_be_cut_is_not_taken() {
    // A letter of two units that is written from right to left, between two marks.
    let body = "\u{10800}\n".repeat(1_000);
    assert!(!fits_message(&AnnouncementText { subject: "s".into(), body }));
}

#[test]
fn more_time_is_named_only_where_it_can_be_had() {
    let fixed = |name, provider| TokenFacts { can_live_on: false, provider, ..soon(name, 7) };
    let mixed =
        [soon("Reports", 1), fixed("Two", "npm"), fixed("Three", "@here"), fixed("Four", "npm")];
    let shown = Language::ALL.map(|language| {
        let all = [&mixed[1..2], &mixed[..]];
        all.map(|tokens| print_message(&render_ending(tokens, language))).join("\n")
    });
    assert_snapshot!(shown.join("\n"));
    let name = "*".repeat(64);
    let providers: Vec<String> = (0..100).map(|at| format!("{at:*>60}")).collect();
    let mut many: Vec<TokenFacts<'_>> =
        providers.iter().map(|provider| fixed(&name, provider)).collect();
    many.push(soon(&name, 1));
    for language in Language::ALL {
        check(&render_ending(&many, language));
    }
}
