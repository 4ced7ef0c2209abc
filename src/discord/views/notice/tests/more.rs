//! Changes of many scopes, and leaks.

use super::*;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;

/// What is told of a request, where nothing special is.
fn facts_of<'a>(kind: NoticeKind, request: &'a Request) -> NoticeFacts<'a> {
    NoticeFacts {
        kind,
        request,
        token: None,
        provider: "Orchard API",
        can_enable: true,
        actor: None,
        by_operator: false,
        recipient: user(100),
        changes: &[],
        old_secret_until: None,
        refused: None,
        card_refusal: None,
    }
}

#[test]
fn a_change_of_all_scopes_fits_and_the_rest_is_counted() {
    let request = shortest(provider("orchard"));
    let all = (0..300).map(|at| format!("DELETE /{}/{at}", "x".repeat(100))).collect();
    let changes = [Change::ScopesAdded(all)];
    let facts = NoticeFacts { changes: &changes, ..facts_of(NoticeKind::Changed, &request) };
    let text = print_text(&facts.shown());
    assert!(text.contains("and 2") && text.contains("/token show"), "{text}");
}

#[test]
fn at_their_longest() {
    for provider_id in ["brand", "mikan"] {
        let reason = Some("\u{10800}\n".repeat(250));
        let request = Request { reason, ..longest(provider(provider_id)) };
        for kind in KINDS {
            about(kind, &request, None, 100);
        }
    }
}

/// What is told where a provider can, and where it can't, enable a token again.
fn of(kind: NoticeKind, request: &Request, token: &Token, can_enable: bool) -> String {
    let (token, actor) = (Some(token), Some(user(300)));
    let facts = NoticeFacts { token, can_enable, actor, ..facts_of(kind, request) };
    print_text(&facts.shown())
}

/// What the requester is told where Discord refuses the card with this code.
fn refused_card(provider_id: &str, code: u32) -> String {
    let request = shortest(provider(provider_id));
    let card_refusal = Some(code);
    let facts = NoticeFacts { card_refusal, ..facts_of(NoticeKind::CardRefused, &request) };
    print_text(&facts.shown())
}

#[test]
fn a_refused_card_is_told_with_what_helps() {
    let all = |provider_id: &str| {
        let codes = [200_000, 240_000, 50_013, 50_001, 50_035];
        codes.map(|code| refused_card(provider_id, code)).join("\n")
    };
    assert_snapshot!(all("orchard"), @"
    ┌ f0b232
    ### The admins may not see #7 as it is now
    Request #7: the token **Reports** for Orchard API.
    Discord’s automatic moderation refuses the text of your request, so the approval channel does not show it as it is now.
    Change the text with **Edit** in `/token pending`. The admins can also approve the request in `/token pending` as it is.
    ┌ f0b232
    ### The admins may not see #7 as it is now
    Request #7: the token **Reports** for Orchard API.
    Discord’s automatic moderation refuses the text of your request, so the approval channel does not show it as it is now.
    Change the text with **Edit** in `/token pending`. The admins can also approve the request in `/token pending` as it is.
    ┌ f0b232
    ### The admins may not see #7 as it is now
    Request #7: the token **Reports** for Orchard API.
    Countersign has no access to the approval channel, so the channel does not show your request as it is now.
    Tell an admin. They find the request in `/token pending` too, and its card is tried again every hour. When it is shown, this message is deleted.
    ┌ f0b232
    ### The admins may not see #7 as it is now
    Request #7: the token **Reports** for Orchard API.
    Countersign has no access to the approval channel, so the channel does not show your request as it is now.
    Tell an admin. They find the request in `/token pending` too, and its card is tried again every hour. When it is shown, this message is deleted.
    ┌ f0b232
    ### The admins may not see #7 as it is now
    Request #7: the token **Reports** for Orchard API.
    Discord refused the card of your request, so the approval channel does not show it as it is now.
    Tell an admin. They find the request in `/token pending` too, and its card is tried again every hour. When it is shown, this message is deleted.
    ");
    assert_snapshot!(all("mikan"), @"
    ┌ f0b232
    ### #7の現在の内容が管理者に見えていない可能性があります
    申請#7：Orchard APIのトークン**Reports**
    申請の文面がDiscordの自動モデレーションで拒否されたため、承認チャンネルに現在の内容を載せられませんでした。
    `/トークン 対応待ち`の「編集」で文面を変更してください。申請は、このままでも管理者が`/トークン 対応待ち`から承認できます。
    ┌ f0b232
    ### #7の現在の内容が管理者に見えていない可能性があります
    申請#7：Orchard APIのトークン**Reports**
    申請の文面がDiscordの自動モデレーションで拒否されたため、承認チャンネルに現在の内容を載せられませんでした。
    `/トークン 対応待ち`の「編集」で文面を変更してください。申請は、このままでも管理者が`/トークン 対応待ち`から承認できます。
    ┌ f0b232
    ### #7の現在の内容が管理者に見えていない可能性があります
    申請#7：Orchard APIのトークン**Reports**
    Countersignに承認チャンネルの権限がないため、申請の現在の内容を載せられませんでした。
    管理者に知らせてください。申請は`/トークン 対応待ち`からも確認でき、カードは1時間ごとに再試行されます。カードが載ると、このメッセージは削除されます。
    ┌ f0b232
    ### #7の現在の内容が管理者に見えていない可能性があります
    申請#7：Orchard APIのトークン**Reports**
    Countersignに承認チャンネルの権限がないため、申請の現在の内容を載せられませんでした。
    管理者に知らせてください。申請は`/トークン 対応待ち`からも確認でき、カードは1時間ごとに再試行されます。カードが載ると、このメッセージは削除されます。
    ┌ f0b232
    ### #7の現在の内容が管理者に見えていない可能性があります
    申請#7：Orchard APIのトークン**Reports**
    Discordが申請のカードを拒否したため、承認チャンネルに現在の内容を載せられませんでした。
    管理者に知らせてください。申請は`/トークン 対応待ち`からも確認でき、カードは1時間ごとに再試行されます。カードが載ると、このメッセージは削除されます。
    ");
}

#[test]
fn a_leak_is_told_also_while_the_token_is_not_off_yet() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let request = shortest(provider(provider_id));
        for state in [TokenState::Disabled, TokenState::Disabling] {
            messages.push(of(NoticeKind::Leaked, &request, &token(&request, state), true));
        }
    }
    assert_snapshot!(messages.join("\n"), @"
    ┌ da373c
    ### 🚨 The secret of Reports leaked
    Request #7: the token **Reports** for Orchard API.
    <@300> found the leaked secret of this token, and reported it with `/token leak`.
    The token is disabled, so programs that use it are refused. Find out how the secret leaked and what was done with it. Then request **Enable** in `/token show`, which gives the token a new secret.
    ┌ da373c
    ### 🚨 The secret of Reports leaked
    Request #7: the token **Reports** for Orchard API.
    <@300> found the leaked secret of this token, and reported it with `/token leak`.
    **It is not disabled yet:** a card in the approval channel asks an admin to disable it at the provider. Find out how the secret leaked and what was done with it.
    ┌ da373c
    ### 🚨 Reportsのシークレットが漏えいしました
    申請#7：Orchard APIのトークン**Reports**
    <@300>さんが、このトークンのシークレットが漏えいしているのを見つけ、`/トークン 漏えい`で報告しました。
    トークンは無効化され、このトークンを使うプログラムからのリクエストは拒否されます。漏えいの経緯と、シークレットで何が行われたかを調べてください。その後、`/トークン 詳細`で「有効化」を申請してください。新しいシークレットが作成されます。
    ┌ da373c
    ### 🚨 Reportsのシークレットが漏えいしました
    申請#7：Orchard APIのトークン**Reports**
    <@300>さんが、このトークンのシークレットが漏えいしているのを見つけ、`/トークン 漏えい`で報告しました。
    **まだ無効化されていません。**承認チャンネルのカードで、管理者にプロバイダーでの無効化を依頼しています。漏えいの経緯と、シークレットで何が行われたかを調べてください。
    ");
}

/// Its API is asked first, and a person only if that does not do it.
#[test]
fn what_an_upstream_is_switching_off() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let request = shortest(provider(provider_id));
        let going = token(&request, TokenState::Disabling);
        let token = Token { issuer: IssuerKind::Http, ..going };
        for kind in [NoticeKind::Leaked, NoticeKind::Disowned] {
            messages.push(of(kind, &request, &token, true));
        }
    }
    assert_snapshot!(messages.join("\n"));
}

#[test]
fn what_is_off_where_nothing_is_enabled_again() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let reason = Some("token_disabled".to_owned());
        let request = Request { reason, ..shortest(provider(provider_id)) };
        let token = token(&request, TokenState::Disabled);
        for kind in [NoticeKind::Leaked, NoticeKind::Voided, NoticeKind::Withdrawn] {
            let [can, cannot] = [true, false].map(|can| of(kind, &request, &token, can));
            let enable = ["**Enable**", "「有効化」"]
                .map(|button| (can.contains(button), cannot.contains(button)));
            assert!(enable.contains(&(true, false)), "{can}\n{cannot}");
            messages.push(cannot);
        }
    }
    assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_requester_reads_that_it_was_their_own_doing() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        for reason in [None, Some("maybe_done"), Some("maybe_changed"), Some("narrowed")] {
            let reason = reason.map(str::to_owned);
            let request = Request { reason, ..shortest(provider(provider_id)) };
            let token = token(&request, TokenState::Active);
            messages.push(of(NoticeKind::Withdrawn, &request, &token, true));
        }
    }
    assert_snapshot!(messages.join("\n"));
}

/// A change of a token that is to end; and *Not me* on one that has ended.
#[test]
fn what_is_not_off_yet_is_not_called_off() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        for (reason, state) in
            [("token_disabling", TokenState::Disabling), ("token_deleting", TokenState::Deleting)]
        {
            let reason = Some(reason.to_owned());
            let request = Request { reason, ..shortest(provider(provider_id)) };
            let token = token(&request, state);
            messages.push(of(NoticeKind::Withdrawn, &request, &token, true));
            messages.push(of(NoticeKind::Withdrawn, &request, &token, false));
        }
        let request = shortest(provider(provider_id));
        for state in [TokenState::Deleted, TokenState::Expired] {
            messages.push(of(NoticeKind::Disowned, &request, &token(&request, state), true));
        }
    }
    assert_snapshot!(messages.join("\n"));
}

#[test]
fn what_becomes_of_a_new_secret_that_nobody_collects() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        for (kind, issuer) in [
            (RequestKind::Reset, IssuerKind::Builtin),
            (RequestKind::Reset, IssuerKind::Manual),
            (RequestKind::Enable, IssuerKind::Manual),
        ] {
            let mut request = shortest(provider(provider_id));
            (request.content.kind, request.content.issuer) = (kind, issuer);
            for state in [TokenState::Active, TokenState::Disabling, TokenState::Disabled] {
                let token = token(&request, state);
                let told = about(NoticeKind::RenewalLapsed, &request, Some(&token), 200);
                messages.push(format!("== {kind:?} {issuer:?} {state:?}\n{}", print_text(&told)));
            }
        }
        let request = shortest(provider(provider_id));
        for kind in [NoticeKind::Renewed, NoticeKind::SecretUnsure] {
            messages.push(print_text(&about(kind, &request, None, 200)));
        }
    }
    assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_secret_that_the_token_s_end_voided() {
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let request = shortest(provider(provider_id));
        for state in [TokenState::Disabled, TokenState::Deleted, TokenState::Expired] {
            let token = token(&request, state);
            messages.push(print_text(&about(NoticeKind::Voided, &request, Some(&token), 200)));
        }
    }
    assert_snapshot!(messages.join("\n"));
}

/// What a provider's API did not take from a token.
#[test]
fn a_requester_reads_why_an_api_did_not_reduce_a_tokens_access() {
    let words = || "409: **no** <@1>".to_owned();
    let troubles = [
        UpstreamProblem::Refused(words()),
        UpstreamProblem::Waits(words()),
        UpstreamProblem::Away(words()),
        UpstreamProblem::Changing(words()),
    ];
    let mut messages = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let mut request = shortest(provider(provider_id));
        request.content.issuer = IssuerKind::Http;
        request.content.kind = RequestKind::Narrow;
        for trouble in &troubles {
            request.reason = Some(trouble.to_string());
            messages.push(print_text(&about(NoticeKind::Failed, &request, None, 100)));
        }
        let long = UpstreamProblem::Refused("\u{10800}\n".repeat(2_000));
        request.reason = Some(long.to_string());
        about(NoticeKind::Failed, &request, None, 100);
    }
    assert_snapshot!(messages.join("\n"));
}
