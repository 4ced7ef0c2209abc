use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{provider, shortest, token};
use crate::discord::views::testing::{
    check, check_form, noon, print_form, print_message, text_of, user,
};
use crate::domain::ids::AnnouncementId;
use crate::domain::ids::TokenId;
use crate::domain::token::{Token, TokenState};
use crate::workflow::notice::announce::PAGE;

fn build_token_select(count: i64, name: &str) -> Vec<Token> {
    let request = shortest(provider("orchard"));
    let one = |id| {
        let mut token = token(&request, TokenState::Active);
        token.id = TokenId::new(id).unwrap();
        token.settings.name = format!("{name}{id}");
        token
    };
    (1..=count).map(one).collect()
}

/// With so many live tokens, of which these are chosen.
fn writing(live: i64, chosen: &[i64], words: AnnouncementText, name: &str) -> AnnouncementView {
    let all = build_token_select(live, name);
    let page = all.iter().take(PAGE as usize).cloned().collect();
    let chosen: Vec<Token> =
        all.into_iter().filter(|token| chosen.contains(&token.id.get())).collect();
    let draft = AnnouncementDraft {
        id: AnnouncementId::new(4).unwrap(),
        provider: "orchard".parse().unwrap(),
        author: user(7),
        tokens: chosen.iter().map(|token| token.id).collect(),
        everything: false,
        page: 0,
        words,
    };
    let more = live > i64::from(PAGE);
    let live = u32::try_from(live).unwrap();
    // As many people as tokens.
    let people = match draft.words.are_there() {
        true => u32::try_from(chosen.len()).unwrap(),
        false => 0,
    };
    AnnouncementView {
        draft,
        page,
        more,
        live,
        chosen,
        people,
        next: None,
        limit: 5,
        outdated: false,
    }
}

fn words() -> AnnouncementText {
    AnnouncementText { subject: "New *version*".into(), body: "Version 2 ends.\n@here".into() }
}

#[test]
fn from_the_start_to_the_preview() {
    let shown = |writing: &AnnouncementView| {
        print_message(&render_panel(writing, "Orchard *API*", Language::EnglishUs))
    };
    assert_snapshot!(shown(&writing(2, &[], AnnouncementText::default(), "Reports")), @r"
    (only you can see this)
    ┌ 5865f2
    ### Send an announcement
    Choose tokens for Orchard \*API\*, write the announcement, check the preview, and send it. Each primary contact gets one direct message and each developer one email, which names their tokens.
    **Tokens:** None yet
    [Choose tokens 0..2 <announce:4:tokens:0>
      [ ] Reports1 () <1>
      [ ] Reports2 () <2>]
    [All <announce:4:all>] [primary Write <announce:4:write>] [off success Send <announce:4:send:5858d8a29722889e82242807c9de3684da2bc2227344aa710b57f04dcbd60f59>] [Cancel <announce:4:cancel>]
    ");
    assert_snapshot!(shown(&writing(2, &[2], words(), "Reports")), @r"
    (only you can see this)
    ┌ 5865f2
    ### Send an announcement
    Choose tokens for Orchard \*API\*, write the announcement, check the preview, and send it. Each primary contact gets one direct message and each developer one email, which names their tokens.
    **Tokens:** Reports2
    **Preview:** this is what contacts and developers will read:
    --
    > **New \*version\***
    > Version 2 ends.
    > \@here
    --
    [Choose tokens 0..2 <announce:4:tokens:0>
      [ ] Reports1 () <1>
      [x] Reports2 () <2>]
    [All <announce:4:all>] [primary Write <announce:4:write>] [success Send to one person <announce:4:send:2e889739abe3d431026b749f9d570b3d169af78959b5970c6187d983cb5068f0>] [Cancel <announce:4:cancel>]
    ");
    let mut everything = writing(51, &[2], words(), "Reports");
    everything.draft.everything = true;
    everything.people = 70;
    assert_snapshot!(shown(&everything), @r"
    (only you can see this)
    ┌ 5865f2
    ### Send an announcement
    Choose tokens for Orchard \*API\*, write the announcement, check the preview, and send it. Each primary contact gets one direct message and each developer one email, which names their tokens.
    **Tokens:** All 51
    **Preview:** this is what contacts and developers will read:
    --
    > **New \*version\***
    > Version 2 ends.
    > \@here
    --
    [Choose <announce:4:choose>] [primary Write <announce:4:write>] [success Send to 70 people <announce:4:send:9ad750ad448bb9ed0f268b4b27f209cc8da9952d5280a403ebb3a3707c375fdc>] [Cancel <announce:4:cancel>]
    ");
    assert_snapshot!(shown(&writing(0, &[], words(), "Reports")), @r"
    (only you can see this)
    ┌ 5865f2
    ### Send an announcement
    Choose tokens for Orchard \*API\*, write the announcement, check the preview, and send it. Each primary contact gets one direct message and each developer one email, which names their tokens.
    **Tokens:** None yet
    **Preview:** this is what contacts and developers will read:
    --
    > **New \*version\***
    > Version 2 ends.
    > \@here
    --
    [off All <announce:4:all>] [primary Write <announce:4:write>] [off success Send <announce:4:send:89cee8d1dfe91a688269e329f6e9e49cd09b99966e1a43384d6c7e413f765eb8>] [Cancel <announce:4:cancel>]
    ");
}

#[test]
fn in_japanese() {
    let writing = writing(2, &[1, 2], words(), "Reports");
    assert_snapshot!(print_message(&render_panel(&writing, "Orchard", Language::Japanese)), @r"
    (only you can see this)
    ┌ 5865f2
    ### お知らせの送信
    Orchardのトークンを選び、お知らせを書いてプレビューを確認してから、送信してください。主な連絡先にはダイレクトメッセージ、開発者にはメールが1人につき1通届き、対象のトークン名も記載されます。
    **トークン：**Reports1、Reports2
    **プレビュー：**主な連絡先と開発者に届く内容は次のとおりです。
    --
    > **New \*version\***
    > Version 2 ends.
    > \@here
    --
    [トークンを選択 0..2 <announce:4:tokens:0>
      [x] Reports1 () <1>
      [x] Reports2 () <2>]
    [すべて <announce:4:all>] [primary 書く <announce:4:write>] [success 2人に送信 <announce:4:send:4f8b2f06f1bfb2d292bc2a7a73dae8a2f24776938d9faf38cf64343e9496ab00>] [キャンセル <announce:4:cancel>]
    ");
    let form = render_form(&writing.draft, Language::Japanese);
    assert_snapshot!(print_form(&form), @"
    == お知らせの送信 <announce:4:form>
    - 件名* ()
      [line 1..100: New *version*]
    - 本文* ()
      [text 1..2000: Version 2 ends.
    @here]
    ");
    let said = SentAnnouncement { people: 3, tokens: 2 };
    assert_snapshot!(print_message(&render_sent(&said, Language::Japanese)), @"
    (only you can see this)
    トークン2件についてのお知らせを、3人に送信しています。届いたかどうかは、`/トークン 監査`でトークンごとに確認できます。
    ");
}

#[test]
fn what_would_be_cut_is_kept_and_not_sent() {
    let body = "\u{10800}\n".repeat(1_000);
    let words = AnnouncementText { subject: "s".into(), body };
    let writing = writing(2, &[1], words.clone(), "Reports");
    let shown = print_message(&render_panel(&writing, "Orchard", Language::EnglishUs));
    assert!(shown.contains("shorten it") && shown.contains("[off success Send"), "{shown}");
    let form = print_form(&render_form(&writing.draft, Language::EnglishUs));
    assert!(form.contains("\u{10800}\n\u{10800}"), "nothing that was typed is lost: {form}");
}

#[test]
fn at_its_longest() {
    let longest = AnnouncementText { subject: "*".repeat(100), body: "*".repeat(1_000) };
    let chosen: Vec<i64> = (1..=60).collect();
    let mut writing = writing(60, &chosen, longest.clone(), &"*".repeat(62));
    writing.draft.page = 1;
    (writing.next, writing.outdated, writing.people) = (Some(noon()), true, u32::MAX);
    for language in Language::ALL {
        let body = check(&render_panel(&writing, &"*".repeat(100), language));
        let said = format!("> {}", "\\*".repeat(1_000));
        let is_whole = text_of(&body).lines().any(|line| line == said);
        assert!(is_whole, "the preview shows all of it: {body}");
        check_form(&render_form(&writing.draft, language));
    }
}

#[test]
fn what_is_said_at_the_end_and_of_all_in_both_languages() {
    let all = Language::ALL.map(|language| {
        let mut many = writing(1_001, &[], words(), "Reports");
        many.draft.everything = true;
        many.people = 1_234;
        let mut one = writing(1, &[], words(), "Reports");
        one.draft.everything = true;
        one.people = 1;
        let mut enough = writing(1, &[1], words(), "Reports");
        (enough.next, enough.limit) = (Some(noon()), 1);
        let mut others = writing(1, &[1], words(), "Reports");
        others.outdated = true;
        let said = |people, tokens| {
            print_message(&render_sent(&SentAnnouncement { people, tokens }, language))
        };
        [
            print_message(&render_panel(&many, "Orchard", language)),
            print_message(&render_panel(&one, "Orchard", language)),
            print_message(&render_panel(&enough, "Orchard", language)),
            print_message(&render_panel(&others, "Orchard", language)),
            print_form(&render_form(&many.draft, language)),
            said(1, 1),
            said(12, 3),
            print_message(&render_cancelled(language)),
        ]
        .join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
    for language in Language::ALL {
        check(&render_sent(&SentAnnouncement { people: usize::MAX, tokens: usize::MAX }, language));
    }
}
