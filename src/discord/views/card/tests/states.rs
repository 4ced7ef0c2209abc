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
    <@100> requests an API token. **#7 needs one more approval.**
    [Approve] green approve:1:a5fba99a116aad2893af934318a588a123bd4037d7c460cef62b9fb115b64f1c
    [Deny] red deny:1
    [All scopes] grey all-scopes:1
    [Edit] grey edit:1
    [Withdraw] grey withdraw:1
    == Approved
    **#7 has all its approvals.** Checking with Discord that all approvers are still admins.
    [All scopes] grey all-scopes:1
    == Issuing
    **#7 is approved.** The token is being created.
    [All scopes] grey all-scopes:1
    == Denied
    **Denied by <@300>:**
    > \*\*No\*\* \<\@1\>
    > \# not like this
    [All scopes] grey all-scopes:1
    == Withdrawn
    **#7 was withdrawn** by <@100>.
    [All scopes] grey all-scopes:1
    == Expired
    **#7 expired:** it did not get enough approvals in time.
    [All scopes] grey all-scopes:1
    == Failed
    **#7 failed.** It can continue once someone has done this:
    The provider “orchard”, this API version or one of the scopes is no longer in the configuration. Put it back, restart Countersign, then press **Try again**. If it is not coming back, the requester can press **Withdraw**.
    [Try again] green try-again:1:9
    [All scopes] grey all-scopes:1
    [Deny] red deny:1
    [Withdraw] grey withdraw:1
    ");
}

#[test]
fn every_state_in_japanese() {
    assert_snapshot!(frames("mikan"), @r"
    == Pending
    <@100>さんが、APIトークンを申請しました。**#7には、あと1人の承認が必要です。**
    [承認] green approve:1:01378ecbe0bce6d29575a312d0f2a560893696cbac31ab4e736dc268082596b7
    [却下] red deny:1
    [すべてのスコープ] grey all-scopes:1
    [編集] grey edit:1
    [取り下げ] grey withdraw:1
    == Approved
    **#7の承認がそろいました。**承認した全員が今も管理者であることを、Discordに確認しています。
    [すべてのスコープ] grey all-scopes:1
    == Issuing
    **#7は承認されました。**トークンを作成しています。
    [すべてのスコープ] grey all-scopes:1
    == Denied
    **<@300>さんが却下しました：**
    > \*\*No\*\* \<\@1\>
    > \# not like this
    [すべてのスコープ] grey all-scopes:1
    == Withdrawn
    **#7は、**<@100>さんが**取り下げました。**
    [すべてのスコープ] grey all-scopes:1
    == Expired
    **#7は失効しました。**期限までに必要な承認がそろいませんでした。
    [すべてのスコープ] grey all-scopes:1
    == Failed
    **#7は失敗しました。**再開するには、次の対応が必要です。
    プロバイダー「mikan」、そのAPIバージョン、またはスコープのいずれかが、設定からなくなっています。設定を戻してCountersignを再起動してから、「再試行」を押してください。戻さない場合は、申請者が「取り下げ」を押せます。
    [再試行] green try-again:1:9
    [すべてのスコープ] grey all-scopes:1
    [却下] red deny:1
    [取り下げ] grey withdraw:1
    ");
}

#[test]
fn every_end_in_english() {
    assert_snapshot!(done_frames("orchard"), @"
    == Waiting Issued
    **Issued:** the token was created for #7.
    <@100> can collect it until <t:1800086400:f> (<t:1800086400:R>).
    [All scopes] grey all-scopes:1
    == Waiting Issued
    **Issued:** the token was created for #7.
    <@100> does not accept direct messages from Countersign. They can collect it in this server with `/token collect` until <t:1800086400:f> (<t:1800086400:R>).
    [All scopes] grey all-scopes:1
    == Pressed Active
    **Issued:** the token was created for #7.
    **Collected** by <@100> on <t:1800003600:f> (<t:1800003600:R>). Discord has not confirmed yet that the secret arrived, so they can reveal it again until <t:1800086400:f> (<t:1800086400:R>).
    It works.
    [All scopes] grey all-scopes:1
    == Accepted Active
    **Issued:** the token was created for #7.
    **Collected** by <@100> on <t:1800003600:f> (<t:1800003600:R>).
    It works.
    [All scopes] grey all-scopes:1
    == Unconfirmed Active
    **Issued:** the token was created for #7.
    **Collected** by <@100> on <t:1800003600:f> (<t:1800003600:R>). Discord never confirmed that the secret arrived, and our copy is erased. If they don’t have it, they need to request another token.
    It works.
    [All scopes] grey all-scopes:1
    == Lapsed Disabled
    **Issued:** the token was created for #7.
    **Not collected** in time.
    It no longer works.
    [All scopes] grey all-scopes:1
    == Lapsed Disabling
    **Issued:** the token was created for #7.
    **Not collected** in time.
    It is being disabled: another card asks an admin to do it at Orchard API. Until then it may still work.
    [All scopes] grey all-scopes:1
    == Disowned Disabled
    **Issued:** the token was created for #7.
    ⚠️ <@100> pressed **Not me**: they did not expect this token.
    It is disabled.
    [All scopes] grey all-scopes:1
    == Disowned Disabling
    **Issued:** the token was created for #7.
    ⚠️ <@100> pressed **Not me**: they did not expect this token.
    It is being disabled: another card asks an admin to do it at Orchard API. Until then it may still work.
    [All scopes] grey all-scopes:1
    == Accepted Deleting
    **Issued:** the token was created for #7.
    **Collected** by <@100> on <t:1800003600:f> (<t:1800003600:R>).
    It is being deleted: another card asks an admin to do it at Orchard API. Until then it may still work.
    [All scopes] grey all-scopes:1
    == Accepted Deleted
    **Issued:** the token was created for #7.
    **Collected** by <@100> on <t:1800003600:f> (<t:1800003600:R>).
    It is deleted.
    [All scopes] grey all-scopes:1
    == Accepted Expired
    **Issued:** the token was created for #7.
    **Collected** by <@100> on <t:1800003600:f> (<t:1800003600:R>).
    It has expired.
    [All scopes] grey all-scopes:1
    ");
}

#[test]
fn every_end_in_japanese() {
    assert_snapshot!(done_frames("mikan"), @"
    == Waiting Issued
    **作成済み：**トークンを#7に基づいて作成しました。
    <@100>さんは、<t:1800086400:f>（<t:1800086400:R>）まで受け取れます。
    [すべてのスコープ] grey all-scopes:1
    == Waiting Issued
    **作成済み：**トークンを#7に基づいて作成しました。
    <@100>さんは、Countersignからのダイレクトメッセージを受け付けていません。このサーバーで`/トークン 受け取り`を使えば、<t:1800086400:f>（<t:1800086400:R>）まで受け取れます。
    [すべてのスコープ] grey all-scopes:1
    == Pressed Active
    **作成済み：**トークンを#7に基づいて作成しました。
    <t:1800003600:f>（<t:1800003600:R>）に<@100>さんが**受け取りました。**シークレットが届いたことをDiscordがまだ確認していないため、<t:1800086400:f>（<t:1800086400:R>）までは、もう一度シークレットを表示できます。
    使えます。
    [すべてのスコープ] grey all-scopes:1
    == Accepted Active
    **作成済み：**トークンを#7に基づいて作成しました。
    <t:1800003600:f>（<t:1800003600:R>）に<@100>さんが**受け取りました。**
    使えます。
    [すべてのスコープ] grey all-scopes:1
    == Unconfirmed Active
    **作成済み：**トークンを#7に基づいて作成しました。
    <t:1800003600:f>（<t:1800003600:R>）に<@100>さんが**受け取りました。**ただし、シークレットが届いたことをDiscordが確認しないまま、保管していたシークレットは消去されました。届いていない場合は、別のトークンを申請する必要があります。
    使えます。
    [すべてのスコープ] grey all-scopes:1
    == Lapsed Disabled
    **作成済み：**トークンを#7に基づいて作成しました。
    期限までに**受け取りがありませんでした。**
    使えなくなりました。
    [すべてのスコープ] grey all-scopes:1
    == Lapsed Disabling
    **作成済み：**トークンを#7に基づいて作成しました。
    期限までに**受け取りがありませんでした。**
    無効化しています。別のカードで、管理者にみかん APIでの作業を依頼しています。それまでは使える可能性があります。
    [すべてのスコープ] grey all-scopes:1
    == Disowned Disabled
    **作成済み：**トークンを#7に基づいて作成しました。
    ⚠️ <@100>さんが**「心当たりがない」**を押しました。このトークンに覚えがないとのことです。
    無効化されています。
    [すべてのスコープ] grey all-scopes:1
    == Disowned Disabling
    **作成済み：**トークンを#7に基づいて作成しました。
    ⚠️ <@100>さんが**「心当たりがない」**を押しました。このトークンに覚えがないとのことです。
    無効化しています。別のカードで、管理者にみかん APIでの作業を依頼しています。それまでは使える可能性があります。
    [すべてのスコープ] grey all-scopes:1
    == Accepted Deleting
    **作成済み：**トークンを#7に基づいて作成しました。
    <t:1800003600:f>（<t:1800003600:R>）に<@100>さんが**受け取りました。**
    削除しています。別のカードで、管理者にみかん APIでの作業を依頼しています。それまでは使える可能性があります。
    [すべてのスコープ] grey all-scopes:1
    == Accepted Deleted
    **作成済み：**トークンを#7に基づいて作成しました。
    <t:1800003600:f>（<t:1800003600:R>）に<@100>さんが**受け取りました。**
    削除されています。
    [すべてのスコープ] grey all-scopes:1
    == Accepted Expired
    **作成済み：**トークンを#7に基づいて作成しました。
    <t:1800003600:f>（<t:1800003600:R>）に<@100>さんが**受け取りました。**
    失効しました。
    [すべてのスコープ] grey all-scopes:1
    ");
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
        let frame = frame(&render_card(&facts(&request, &[])));
        assert_eq!(frame.contains("edit:1"), has, "{frame}");
        assert!(frame.contains("withdraw:1"), "{frame}");
    }
}

#[test]
fn what_becomes_of_a_token_whose_new_secret_nobody_collects() {
    let mut frames = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        for (kind, issuer) in [
            (RequestKind::Reset, IssuerKind::Builtin),
            (RequestKind::Reset, IssuerKind::Manual),
            (RequestKind::Enable, IssuerKind::Manual),
        ] {
            let mut request = in_state(provider_id, RequestState::Done);
            (request.content.kind, request.content.issuer) = (kind, issuer);
            let (approvals, lapsed) = (both_approvals(&request), delivery(DeliveryState::Lapsed));
            let token = token(&request, TokenState::Active);
            let (token, delivery) = (Some(&token), Some(&lapsed));
            let facts = CardFacts { token, delivery, ..facts(&request, &approvals) };
            frames.push(format!("== {kind:?} {issuer:?}\n{}", frame(&render_card(&facts))));
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
