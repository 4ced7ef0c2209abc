//! What stands above the embeds, and the buttons, in every state.

use super::*;
use crate::domain::issuer::IssuerKind;

fn frames(provider_id: &str) -> String {
    let mut frames = Vec::new();
    for state in [
        RequestState::Pending,
        RequestState::Approved,
        RequestState::Issuing,
        RequestState::Denied,
        RequestState::Withdrawn,
        RequestState::Expired,
        RequestState::Failed,
    ] {
        let request = in_state(provider_id, state);
        let approvals = both_approvals(&request);
        let approvals =
            if state == RequestState::Pending { &approvals[..1] } else { &approvals[..] };
        let frame = frame(&render_card(&facts(&request, approvals)));
        frames.push(format!("== {state:?}\n{frame}"));
    }
    frames.join("\n")
}

fn done_frames(provider_id: &str) -> String {
    use DeliveryState::{Accepted, Disowned, Lapsed, Pressed, Unconfirmed, Waiting};
    let request = in_state(provider_id, RequestState::Done);
    let approvals = both_approvals(&request);
    let mut frames = Vec::new();
    for (refused, at, state) in [
        (false, Waiting, TokenState::Issued),
        (true, Waiting, TokenState::Issued),
        (false, Pressed, TokenState::Active),
        (false, Accepted, TokenState::Active),
        (false, Unconfirmed, TokenState::Active),
        (false, Lapsed, TokenState::Disabled),
        (false, Lapsed, TokenState::Disabling),
        (false, Disowned, TokenState::Disabled),
        (false, Disowned, TokenState::Disabling),
        (false, Accepted, TokenState::Deleting),
        (false, Accepted, TokenState::Deleted),
        (false, Accepted, TokenState::Expired),
    ] {
        let delivery =
            Delivery { dm_refused_at: Some(hour(0)).filter(|_| refused), ..delivery(at) };
        let token = token(&request, state);
        let facts = CardFacts {
            token: Some(&token),
            delivery: Some(&delivery),
            ..facts(&request, &approvals)
        };
        let frame = frame(&render_card(&facts));
        frames.push(format!("== {at:?} {state:?}\n{frame}"));
    }
    frames.join("\n")
}

#[test]
fn every_state_in_english() {
    assert_snapshot!(frames("orchard"), @r"
    == Pending
    ┌
    ### #7 · Reports
    <@100> requests an API token for Orchard API, version 2.
    > Weekly numbers
    **Expires:** 90 days after it is collected
    -# **Primary contact:** <@200>
    -# **Emails:** none
    -# `GET /Orchards/{AccountSID}/Trees`
    ●○ **1 of 2 approvals** · <@1001>
    -# Digest `a5fba99a116a` · request expires on <t:1800259200:f> (<t:1800259200:R>) · <@&55>
    [Approve] green approve:1:a5fba99a116aad2893af934318a588a123bd4037d7c460cef62b9fb115b64f1c
    [Deny] red deny:1
    [Details] grey all-scopes:1
    == Approved
    ┌
    ### #7 · Reports
    **#7 has all its approvals.** Checking with Discord that all approvers are still admins.
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `a5fba99a116a`
    [Details] grey all-scopes:1
    == Issuing
    ┌
    ### #7 · Reports
    **#7 is approved.** The token is being created.
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `a5fba99a116a`
    [Details] grey all-scopes:1
    == Denied
    ┌
    ### #7 · Reports
    **Denied by <@300>:**
    > \*\*No\*\* \<\@1\>
    > \# not like this
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `a5fba99a116a`
    [Details] grey all-scopes:1
    == Withdrawn
    ┌
    ### #7 · Reports
    **#7 was withdrawn** by <@100>.
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `a5fba99a116a`
    [Details] grey all-scopes:1
    == Expired
    ┌
    ### #7 · Reports
    **#7 expired:** it did not get enough approvals in time.
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `a5fba99a116a`
    [Details] grey all-scopes:1
    == Failed
    ┌
    ### #7 · Reports
    **#7 failed.** An admin has to act before it can continue.
    The provider “orchard”, this API version or one of the scopes is no longer in the configuration. Put it back, restart Countersign, then press **Try again**. If it is not coming back, the requester can press **Withdraw** in `/token pending`.
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `a5fba99a116a` · <@&55>
    [Try again] green try-again:1:9
    [Details] grey all-scopes:1
    [Deny] red deny:1
    ");
}

#[test]
fn every_state_in_japanese() {
    assert_snapshot!(frames("mikan"), @r"
    == Pending
    ┌
    ### #7 · Reports
    <@100>さんの申請：みかん API、バージョン2のAPIトークン
    > Weekly numbers
    **有効期限：**受け取りから90日間
    -# **主な連絡先：**<@200>
    -# **メール：**なし
    -# `GET /Orchards/{AccountSID}/Trees`
    ●○ **2人中1人が承認** · <@1001>
    -# ダイジェスト`01378ecbe0bc` · 申請の期限：<t:1800259200:f>（<t:1800259200:R>） · <@&55>
    [承認] green approve:1:01378ecbe0bce6d29575a312d0f2a560893696cbac31ab4e736dc268082596b7
    [却下] red deny:1
    [詳細] grey all-scopes:1
    == Approved
    ┌
    ### #7 · Reports
    **#7の承認がそろいました。**承認した全員が今も管理者であることを、Discordに確認しています。
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`01378ecbe0bc`
    [詳細] grey all-scopes:1
    == Issuing
    ┌
    ### #7 · Reports
    **#7は承認されました。**トークンを作成しています。
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`01378ecbe0bc`
    [詳細] grey all-scopes:1
    == Denied
    ┌
    ### #7 · Reports
    **<@300>さんが却下しました：**
    > \*\*No\*\* \<\@1\>
    > \# not like this
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`01378ecbe0bc`
    [詳細] grey all-scopes:1
    == Withdrawn
    ┌
    ### #7 · Reports
    **#7は、**<@100>さんが**取り下げました。**
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`01378ecbe0bc`
    [詳細] grey all-scopes:1
    == Expired
    ┌
    ### #7 · Reports
    **#7は失効しました。**期限までに必要な承認がそろいませんでした。
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`01378ecbe0bc`
    [詳細] grey all-scopes:1
    == Failed
    ┌
    ### #7 · Reports
    **#7は失敗しました。**再開するには管理者の対応が必要です。
    プロバイダー「mikan」、そのAPIバージョン、またはスコープのいずれかが、設定からなくなっています。設定を戻してCountersignを再起動してから、「再試行」を押してください。戻さない場合は、申請者が`/トークン 対応待ち`で「取り下げ」を押せます。
    ●● **2人中2人が承認** · <@1001>、<@1002>
    -# ダイジェスト`01378ecbe0bc` · <@&55>
    [再試行] green try-again:1:9
    [詳細] grey all-scopes:1
    [却下] red deny:1
    ");
}

#[test]
fn every_end_in_english() {
    assert_snapshot!(done_frames("orchard"));
}

#[test]
fn every_end_in_japanese() {
    assert_snapshot!(done_frames("mikan"));
}

/// Its API is asked first; an admin only where it did not do it, or has no call for it.
#[test]
fn what_an_upstream_ends() {
    let mut frames = Vec::new();
    for provider_id in ["registry", "registry-ja", "ledger", "ledger-ja"] {
        let request = in_state(provider_id, RequestState::Done);
        let (approvals, taken) = (both_approvals(&request), delivery(DeliveryState::Accepted));
        for (kind, state) in [
            (RequestKind::Disable, TokenState::Disabling),
            (RequestKind::Delete, TokenState::Deleting),
        ] {
            let token = token(&request, state);
            let (on_card, delivery) = (Some(&token), Some(&taken));
            let facts = CardFacts { token: on_card, delivery, ..facts(&request, &approvals) };
            frames.push(format!("== {state:?} at {provider_id}\n{}", frame(&render_card(&facts))));
            let content = Content::of_task(kind, &token);
            let task = Request { state: RequestState::Issuing, content, ..request.clone() };
            let facts = CardFacts { token: on_card, ..super::facts(&task, &[]) };
            frames.push(frame(&render_card(&facts)));
        }
    }
    assert_snapshot!(frames.join("\n"));
}

#[test]
fn what_has_nothing_to_edit_has_no_such_button() {
    for (provider_id, kind, has) in [
        ("orchard", RequestKind::Create, true),
        ("orchard", RequestKind::Reset, true),
        ("brand", RequestKind::Reset, false),
        ("orchard", RequestKind::Enable, false),
    ] {
        let mut request = in_state(provider_id, RequestState::Pending);
        request.content.kind = kind;
        let own = build_own_buttons(&request, Place::Alone, Language::EnglishUs);
        let own = Message::text("x").row(buttons(own));
        let own = print_text(&own);
        assert_eq!(own.contains("edit:1"), has, "{own}");
        assert!(own.contains("withdraw:1"), "{own}");
        // On the card, nearly everybody would be refused.
        let card = print_text(&render_card(&facts(&request, &[])));
        assert!(!card.contains("edit:1") && !card.contains("withdraw:1"), "{card}");
    }
}

#[test]
fn what_becomes_of_a_token_whose_new_secret_nobody_collects() {
    let mut frames = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        for (kind, issuer, state) in [
            (RequestKind::Reset, IssuerKind::Builtin, TokenState::Active),
            (RequestKind::Reset, IssuerKind::Manual, TokenState::Active),
            (RequestKind::Enable, IssuerKind::Manual, TokenState::Disabling),
            (RequestKind::Enable, IssuerKind::Manual, TokenState::Disabled),
            (RequestKind::Enable, IssuerKind::Manual, TokenState::Deleted),
        ] {
            let mut request = in_state(provider_id, RequestState::Done);
            (request.content.kind, request.content.issuer) = (kind, issuer);
            let (approvals, lapsed) = (both_approvals(&request), delivery(DeliveryState::Lapsed));
            let token = token(&request, state);
            let (token, delivery) = (Some(&token), Some(&lapsed));
            let facts = CardFacts { token, delivery, ..facts(&request, &approvals) };
            let frame = frame(&render_card(&facts));
            frames.push(format!("== {kind:?} {issuer:?} {state:?}\n{frame}"));
        }
        // The card of a token that is enabled there, with a secret that waits.
        let request = in_state(provider_id, RequestState::Done);
        let (approvals, first) = (both_approvals(&request), delivery(DeliveryState::Accepted));
        let token = token(&request, TokenState::Issued);
        let (token, delivery) = (Some(&token), Some(&first));
        let facts = CardFacts { token, delivery, ..facts(&request, &approvals) };
        frames.push(frame(&render_card(&facts)));
    }
    assert_snapshot!(frames.join("\n"));
}
