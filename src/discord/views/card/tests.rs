//! Every state of the card, at its shortest and at its longest.

use insta::assert_snapshot;

use super::calling::{render_call, render_reminder};
use super::testing::*;
use super::*;
use crate::discord::message::Part;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::delivery::DeliveryState;
use crate::domain::request::StrikeReason;

mod changes_and_tasks;
mod longest;
mod properties;
mod states;

/// A request in a state, with what comes with it.
fn in_state(provider_id: &str, state: RequestState) -> Request {
    let request = shortest(provider(provider_id));
    let reason = match state {
        RequestState::Denied => Some("**No** <@1>\n# not like this".to_owned()),
        RequestState::Failed => Some("provider_gone".to_owned()),
        _ => None,
    };
    let ended_by = Some(user(300)).filter(|_| state == RequestState::Denied);
    Request { state, reason, ended_by, ..request }
}

fn both_approvals(request: &Request) -> Vec<Approval> {
    vec![approval(request, 1), approval(request, 2)]
}

/// What stands above the content, and the buttons.
fn frame(message: &Message) -> String {
    check(message);
    let is_line = |part: &Part| *part == Part::Separator;
    let (first, last) =
        (message.parts.iter().position(is_line), message.parts.iter().rposition(is_line));
    let parts = message.parts.iter().enumerate();
    let outside = parts.filter(|(at, _)| Some(*at) < first || Some(*at) > last);
    let parts = outside.map(|(_, part)| part.clone()).collect();
    print_text(&Message { parts, colour: None, ..message.clone() })
}

#[test]
fn the_shortest_that_waits() {
    let request = shortest(provider("orchard"));
    let card = render_card(&facts(&request, &[]));
    check(&card);
    assert_snapshot!(print_text(&card), @"
    ┌ f0b232
    ### #7 · Reports
    <@100> requests an API token for Orchard API, version 2.
    > Weekly numbers
    **Expires:** 90 days after it is collected
    -# **Primary contact:** <@200>
    -# **Emails:** none
    -# `GET /Orchards/{AccountSID}/Trees`
    ──
    ○○ **0 of 2 approvals**
    -# Digest `a5fba99a116a` · request expires on <t:1800259200:f> (<t:1800259200:R>) · <@&55>
    [Approve] green approve:1:a5fba99a116aad2893af934318a588a123bd4037d7c460cef62b9fb115b64f1c
    [Deny] red deny:1
    [Details] grey all-scopes:1
    ");
    assert!(!is_cut(&request, Some(provider("orchard"))));
}

#[test]
fn the_shortest_that_waits_in_japanese() {
    let request = shortest(provider("mikan"));
    let card = render_card(&facts(&request, &[]));
    check(&card);
    assert_snapshot!(print_text(&card), @"
    ┌ f0b232
    ### #7 · Reports
    <@100>さんの申請：みかん API、バージョン2のAPIトークン
    > Weekly numbers
    **有効期限：**受け取りから90日間
    -# **主な連絡先：**<@200>
    -# **メール：**なし
    -# `GET /Orchards/{AccountSID}/Trees`
    ──
    ○○ **2人中0人が承認**
    -# ダイジェスト`01378ecbe0bc` · 申請の期限：<t:1800259200:f>（<t:1800259200:R>） · <@&55>
    [承認] green approve:1:01378ecbe0bce6d29575a312d0f2a560893696cbac31ab4e736dc268082596b7
    [却下] red deny:1
    [詳細] grey all-scopes:1
    ");
}

/// Edited, with an approval of each kind, addresses, and scopes of every power in several categories.
#[test]
fn everything_at_once() {
    let provider = provider("orchard");
    let emails = ["dev_ops@example.com".to_owned(), "日本@example.jp".to_owned()];
    let settings = settings("*Reports* @here", "For the board\n<@1> # [x](y)", &emails);
    let request = request_for(provider, settings, |_, _| true);
    let request = Request { revision: 2, ..request };
    let struck = |id, because| Approval { struck: Some(because), ..approval(&request, id) };
    let approvals = [
        struck(1, StrikeReason::ContentChanged),
        struck(2, StrikeReason::NotAdmin),
        approval(&request, 3),
    ];
    let card = render_card(&facts(&request, &approvals));
    check(&card);
    assert_snapshot!(print_text(&card), @r"
    ┌ f0b232
    ### #7 · \*Reports\* \@here
    <@100> requests an API token for Orchard API, version 2.
    ⚠️ The request has changed since it was submitted. Approvals of the earlier content no longer count.
    > For the board
    > \<\@1\> # \[x\]\(y\)
    **Expires:** 90 days after it is collected
    -# **Primary contact:** <@200>
    -# **Emails:** dev\_ops\@example.com, 日本\@example.jp
    **14 scopes:**
    -# 🔴 **sensitive** `DELETE /Orchards/{AccountSID}/Trees/{TreeId}`
    -# 🔴 **sensitive** `GET /Orchards/{AccountSID}/Pickers`
    -# 🔴 **sensitive** `POST /Orchards/{AccountSID}/Pickers/{PickerId}/Payments`
    -# ✏️ `POST /Orchards/{AccountSID}/Trees`
    -# ✏️ `POST /Orchards/{AccountSID}/Harvests`
    -# ✏️ `PATCH /Orchards/{AccountSID}/Harvests/{HarvestId}`
    -# ✏️ `PUT /Orchards/{AccountSID}/Stations/{StationId}/Calibration`
    Trees: 2 × GET, Harvests: 2 × GET, Weather Stations: 3 × GET
    Press **Details** before **Approve**: it shows every scope.
    ──
    ●○ **1 of 2 approvals** · <@1003>
    ✖️ ~~<@1002>~~ is no longer an admin
    ✖️ ~~<@1001>~~: the content changed
    -# Digest `837de77b2266` · request expires on <t:1800259200:f> (<t:1800259200:R>) · <@&55>
    [Approve] green approve:1:837de77b2266e4b7a190338eaf5a0d325ae2390c7c1bf11de6e2262cfd3ba43a
    [Deny] red deny:1
    [Details] grey all-scopes:1
    ");
}

#[test]
fn a_person_has_to_switch_it_off() {
    let request = Request { state: RequestState::Done, ..shortest(provider("brand")) };
    let approvals = both_approvals(&request);
    let (token, delivery) =
        (token(&request, TokenState::Disabling), delivery(DeliveryState::Lapsed));
    let facts =
        CardFacts { token: Some(&token), delivery: Some(&delivery), ..facts(&request, &approvals) };
    let card = render_card(&facts);
    check(&card);
    assert_snapshot!(print_text(&card), @r"
    ┌ da373c
    ### #7 · Reports
    **Issued:** the token was created for #7.
    **Not collected** in time.
    It is being disabled: another card asks an admin to do it at impact.com \(brand\). Until then it may still work.
    ──
    > Weekly numbers
    impact.com \(brand\), version 14 · requested by <@100> · 90 days
    -# **Primary contact:** <@200>
    -# **Emails:** none
    -# `GET /Advertisers/{AccountSID}/CompanyInformation`
    **Account SID:**
    ```
    CS0123456789abcdefABCDEF01
    ```
    **Token expires:** <t:1807779600:f> (<t:1807779600:R>)
    ──
    ●● **2 of 2 approvals** · <@1001>, <@1002>
    -# Digest `dce25a1397a2`
    [Details] grey all-scopes:1
    ");
}

#[test]
fn what_failed_in_other_words_is_quoted() {
    let reason = Some("upstream said: **409** <@1>".to_owned());
    let request = Request { reason, ..in_state("orchard", RequestState::Failed) };
    assert_snapshot!(frame(&render_card(&facts(&request, &[]))), @r"
    ┌
    ### #7 · Reports
    **#7 failed.** An admin has to act before it can continue.
    > upstream said\: \*\*409\*\* \<\@1\>
    ○○ **0 of 2 approvals**
    -# Digest `a5fba99a116a` · <@&55>
    [Try again] green try-again:1:9
    [Details] grey all-scopes:1
    [Deny] red deny:1
    ");
}

/// What an upstream says may try to be something else on the card.
#[test]
fn what_went_wrong_at_an_upstream() {
    let said = || "409: **no** <@1>\n# ever `".to_owned();
    let marker = || "countersign-7-0123456789abcdef0123456789abcdef".to_owned();
    let troubles = [
        UpstreamProblem::Refused(said()),
        UpstreamProblem::Refused("403".to_owned()),
        UpstreamProblem::Refused("404".to_owned()),
        UpstreamProblem::Unsure(marker()),
        UpstreamProblem::Unproven(marker()),
        UpstreamProblem::Stray { marker: marker(), why: said() },
        UpstreamProblem::Repeated(said()),
        UpstreamProblem::Renewing(said()),
        UpstreamProblem::Enabling(said()),
        UpstreamProblem::Away(said()),
        UpstreamProblem::Waits(said()),
    ];
    for language in ["orchard", "mikan"] {
        let frames = troubles.iter().map(|trouble| {
            let reason = Some(trouble.to_string());
            let request = Request { reason, ..in_state(language, RequestState::Failed) };
            let stray = trouble.stray();
            frame(&render_card(&CardFacts { stray, ..facts(&request, &[]) }))
        });
        let mut frames: Vec<String> = frames.collect();
        // What may have been there was found to be gone meanwhile.
        let reason = Some(UpstreamProblem::Unsure(marker()).to_string());
        let request = Request { reason, ..in_state(language, RequestState::Failed) };
        frames.push(frame(&render_card(&facts(&request, &[]))));
        assert_snapshot!(format!("troubles_{language}"), frames.join("\n\n"));
    }
}

#[test]
fn what_is_left_of_a_request_that_is_over() {
    let frames = ["orchard", "mikan"].map(|language| {
        let withdrawn = in_state(language, RequestState::Withdrawn);
        let stray = Some("countersign-7-0123456789abcdef0123456789abcdef");
        let withdrawn = frame(&render_card(&CardFacts { stray, ..facts(&withdrawn, &[]) }));
        let done = in_state(language, RequestState::Done);
        let voided = [None, Some(hour(1))].map(|first_pressed_at| {
            let voided = Delivery { first_pressed_at, ..delivery(DeliveryState::Voided) };
            let token = token(&done, TokenState::Disabled);
            let both =
                CardFacts { delivery: Some(&voided), token: Some(&token), ..facts(&done, &[]) };
            frame(&render_card(&both))
        });
        format!("{withdrawn}\n\n{}", voided.join("\n\n"))
    });
    assert_snapshot!(frames.join("\n\n"));
}

/// The provider was removed from the configuration: English, ids in place of names.
#[test]
fn a_provider_that_is_gone() {
    let request = in_state("mikan", RequestState::Failed);
    let facts = CardFacts { provider: None, ..facts(&request, &[]) };
    let card = render_card(&facts);
    check(&card);
    assert_snapshot!(print_text(&card), @"
    ┌ da373c
    ### #7 · Reports
    **#7 failed.** An admin has to act before it can continue.
    The provider “mikan”, this API version or one of the scopes is no longer in the configuration. Put it back, restart Countersign, then press **Try again**. If it is not coming back, the requester can press **Withdraw** in `/token pending`.
    ──
    > Weekly numbers
    mikan, version 2 · requested by <@100> · 90 days
    -# **Primary contact:** <@200>
    -# **Emails:** none
    -# `GET /Orchards/{AccountSID}/Trees`
    ──
    ○○ **0 of 2 approvals**
    -# Digest `01378ecbe0bc`
    [Details] grey all-scopes:1
    ");
}

#[test]
fn reminders() {
    let request = shortest(provider("orchard"));
    let link = "https://discord.com/channels/1/2/3";
    assert_snapshot!(print_text(&render_reminder(&facts(&request, &[approval(&request, 1)]), link)), @"
    ⏰ **#7 Reports** still needs one approval. The request expires on <t:1800259200:f> (<t:1800259200:R>).
    https://discord.com/channels/1/2/3
    <@&55>
    ");
    let request = shortest(provider("mikan"));
    assert_snapshot!(print_text(&render_reminder(&facts(&request, &[]), link)), @"
    ⏰ **#7 Reports**には、あと2人の承認が必要です。申請は<t:1800259200:f>（<t:1800259200:R>）に失効します。
    https://discord.com/channels/1/2/3
    <@&55>
    ");
}

/// What calls the admins in each state that waits for them.
fn calls(provider_id: &str) -> String {
    let link = "https://discord.com/channels/1/2/3";
    let issuers = [("orchard", RequestState::Pending), ("orchard", RequestState::Failed)];
    let by_hand = [("brand", RequestState::Issuing)];
    let mut messages: Vec<String> = Vec::new();
    for (issuer, state) in issuers.into_iter().chain(by_hand) {
        let request = Request { state, ..shortest(provider(issuer)) };
        let shown = facts(&request, &[]);
        let shown = CardFacts { provider: Some(provider(provider_id)), ..shown };
        let message = render_call(&shown, link);
        check(&message);
        messages.push(print_text(&message));
    }
    messages.join("\n")
}

#[test]
fn calls_name_what_is_waited_for() {
    assert_snapshot!(calls("orchard"), @"
    🔔 **#7 Reports** needs approvals again. Its card says why. The request expires on <t:1800259200:f> (<t:1800259200:R>).
    https://discord.com/channels/1/2/3
    <@&55>
    🔔 **#7 Reports** could not be carried out. An admin has to do something before it can continue; its card says what.
    https://discord.com/channels/1/2/3
    <@&55>
    🔔 **#7 Reports** is waiting for an admin to carry it out at the provider. Its card shows the steps.
    https://discord.com/channels/1/2/3
    <@&55>
    ");
    assert_snapshot!(calls("mikan"), @"
    🔔 **#7 Reports**には、改めて承認が必要です。理由はカードに載っています。申請は<t:1800259200:f>（<t:1800259200:R>）に失効します。
    https://discord.com/channels/1/2/3
    <@&55>
    🔔 **#7 Reports**を処理できませんでした。先に管理者が行うことがあります。内容はカードに載っています。
    https://discord.com/channels/1/2/3
    <@&55>
    🔔 **#7 Reports**は、管理者がプロバイダーで処理するのを待っています。手順はカードに載っています。
    https://discord.com/channels/1/2/3
    <@&55>
    ");
}

/// An ordinary request, as Discord gets it.
#[test]
fn five_scopes_as_they_are_sent() {
    let emails = ["dev", "ops", "reports"].map(|who| format!("{who}@orchard.example"));
    let purpose = "Reads last night’s harvest and plants what is missing, for the weekly report.";
    let cards = ["orchard", "mikan"].map(|id| {
        let settings = settings("Harvest report", purpose, &emails);
        let request = request_for(provider(id), settings, |at, _| (1..6).contains(&at));
        assert_eq!(request.content.scopes.len(), 5);
        assert!(
            !is_cut(&request, Some(provider(id))),
            "five scopes stand there by method and path"
        );
        let approvals = [approval(&request, 1)];
        let history = Some(RequesterHistory { other_tokens: 2, had_these_scopes: Some(true) });
        render_card(&CardFacts { history, ..facts(&request, &approvals) }).channel_body()
    });
    assert_snapshot!(serde_json::to_string_pretty(&cards).unwrap());
}
