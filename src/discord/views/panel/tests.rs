use insta::assert_snapshot;

use super::super::testing::{BRAND, ORCHARD, count_rows, draft, noon, print_message, provider};
use super::*;
use crate::domain::content::Digest;
use crate::domain::form::{ContactFacts, FieldProblem};
use crate::domain::ids::RequestId;
use crate::workflow::refusal::Refusal;

mod change;
mod limits;
mod outcome;

const LIFETIMES: [u64; 4] = [30, 90, 180, 365];

/// A draft as it is, nothing lost by the last step.
fn unchanged(draft: Draft) -> DraftView {
    DraftView {
        refusal: draft.scopes.is_empty().then_some(Refusal::NothingChosen),
        draft,
        dropped: Vec::new(),
        name: NameAnswer::Free,
        token: None,
        asks_for: Some(Digest::of(b"content")),
        lifetimes: LIFETIMES.to_vec(),
        needs_review: None,
    }
}

fn shown(changed: &DraftView, provider: &Provider, resumed: bool, language: Language) -> Message {
    let mut changed = changed.clone();
    changed.draft.is_resumed = resumed;
    render_panel(&Panel { changed: &changed, provider }, language)
}

fn scope(id: &str) -> ScopeId {
    id.parse().unwrap()
}

#[test]
fn a_new_panel() {
    let provider = provider("Orchard", ORCHARD);
    let changed = unchanged(draft(&provider));
    assert_snapshot!(print_message(&shown(&changed, &provider, false, Language::EnglishUs)), @r"
    (only you can see this)
    ┌
    ### Request an API token · Orchard
    Choose what the token may do, then press **Create**.
    --
    **Token name:** Harvest report
    **Description:** Sums up the harvest each night.
    **API version:** 2
    **Primary contact:** <@1002>
    **Developer emails:** dev\@example.com, ops\@example.com
    **Expires:** 90 days after it is collected
    **Scopes (0):**
    None yet. Choose an API category, then its scopes.
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    [API category 1..1 <category:7>
      [x] Trees (0 of 4 chosen) <trees>
      [ ] Harvests (0 of 4 chosen) <harvests>
      [ ] Pickers & Wages (0 of 2 chosen) <pickers>
      [ ] Weather Stations (0 of 4 chosen) <weather>]
    [Scopes 0..4 <scopes:7:trees:0>
      [ ] GET /Orchards/{AccountSID}/Trees (listTrees) <trees:listTrees>
      [ ] GET /Orchards/{AccountSID}/Trees/{TreeId} (getTree) <trees:getTree>
      [ ] POST /Orchards/{AccountSID}/Trees (plantTree) <trees:plantTree>
      [ ] DELETE /Orchards/{AccountSID}/Trees/{TreeId} (fellTree · sensitive) <trees:fellTree>]
    [Expires 1..1 <expires:7>
      [ ] Expires after 30 days () <30>
      [x] Expires after 90 days () <90>
      [ ] Expires after 180 days () <180>
      [ ] Expires after 365 days () <365>]
    [Whole category <whole-category:7:trees>]
    [off Clear all <clear-all:7>] [Edit details <edit-details:7>] [Cancel <cancel:7>] [off success Create <create:7:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73>]
    ");
}

#[test]
fn a_new_panel_in_japanese() {
    let provider = provider("果樹園", ORCHARD);
    let mut changed = unchanged(draft(&provider));
    changed.draft.scopes = vec![scope("trees:fellTree"), scope("harvests:listHarvests")];
    changed.refusal = None;
    changed.draft.form.developer_emails = String::new();
    assert_snapshot!(print_message(&shown(&changed, &provider, true, Language::Japanese)), @"
    (only you can see this)
    ┌
    ### APIトークンの申請 · 果樹園
    入力途中の申請があります。前回の続きです。
    トークンに許可する操作を選び、「作成」を押してください。
    --
    **トークン名：**Harvest report
    **説明：**Sums up the harvest each night.
    **APIバージョン：**2
    **主な連絡先：**<@1002>
    **開発者のメールアドレス：**なし
    **有効期限：**受け取りから90日間
    **アクセススコープ（2件）：**
    **Trees**：4件中1件
    `DELETE /Orchards/{AccountSID}/Trees/{TreeId}` · 要注意
    **Harvests**：4件中1件
    `GET /Orchards/{AccountSID}/Harvests`
    -# この下書きは<t:1751457600:f>（<t:1751457600:R>）まで残ります。
    [APIカテゴリ 1..1 <category:7>
      [x] Trees (4件中1件を選択中) <trees>
      [ ] Harvests (4件中1件を選択中) <harvests>
      [ ] Pickers & Wages (2件中0件を選択中) <pickers>
      [ ] Weather Stations (4件中0件を選択中) <weather>]
    [アクセススコープ 0..4 <scopes:7:trees:0>
      [ ] GET /Orchards/{AccountSID}/Trees (listTrees) <trees:listTrees>
      [ ] GET /Orchards/{AccountSID}/Trees/{TreeId} (getTree) <trees:getTree>
      [ ] POST /Orchards/{AccountSID}/Trees (plantTree) <trees:plantTree>
      [x] DELETE /Orchards/{AccountSID}/Trees/{TreeId} (fellTree · 要注意) <trees:fellTree>]
    [有効期限 1..1 <expires:7>
      [ ] 有効期限：30日後 () <30>
      [x] 有効期限：90日後 () <90>
      [ ] 有効期限：180日後 () <180>
      [ ] 有効期限：365日後 () <365>]
    [カテゴリ全体 <whole-category:7:trees>]
    [すべてクリア <clear-all:7>] [詳細を編集 <edit-details:7>] [最初からやり直す <start-over:7>] [キャンセル <cancel:7>] [success 作成 <create:7:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73>]
    ");
}

#[test]
fn a_request_that_is_being_edited_with_all_that_can_be_told() {
    let provider = provider("Orchard", ORCHARD);
    let mut changed = unchanged(draft(&provider));
    changed.draft.request = Some(RequestId::new(3).unwrap());
    changed.draft.form.api_version = "1".parse().unwrap();
    changed.draft.lifetime_days = 30;
    changed.draft.place.category = Some("harvests".parse().unwrap());
    changed.draft.scopes = vec![scope("trees:listTrees"), scope("trees:pruneTree")];
    changed.dropped = vec![scope("trees:fellTree"), scope("cider:press")];
    changed.name = NameAnswer::Taken;
    changed.refusal = Some(Refusal::NameTaken { name: "Harvest report".into() });
    assert_snapshot!(print_message(&shown(&changed, &provider, false, Language::EnglishUs)), @r"
    (only you can see this)
    ┌
    ### Edit the request · Orchard
    Choose what the token may do, then press **Save**. The approvals so far will no longer count, and the admins will have to approve the request again.
    ⚠️ **Harvest report is taken:** an existing token or an open request has this name. Press **Edit details** and choose another one.
    ⚠️ Version 1 does not have these scopes, so they were removed: `DELETE /Orchards/{AccountSID}/Trees/{TreeId}`, `cider:press`
    --
    **Token name:** Harvest report
    **Description:** Sums up the harvest each night.
    **API version:** 1
    **Primary contact:** <@1002>
    **Developer emails:** dev\@example.com, ops\@example.com
    **Expires:** 30 days after it is collected
    **Scopes (2):**
    **Trees**: 2 of 3
    `GET /v1/Orchards/{AccountSID}/Trees`
    `POST /v1/Orchards/{AccountSID}/Trees/{TreeId}/Prune`
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    [API category 1..1 <category:7>
      [ ] Trees (2 of 3 chosen) <trees>
      [x] Harvests (0 of 1 chosen) <harvests>]
    [Scopes 0..1 <scopes:7:harvests:0>
      [ ] GET /v1/Orchards/{AccountSID}/Harvests (listHarvests) <harvests:listHarvests>]
    [Expires 1..1 <expires:7>
      [x] Expires after 30 days () <30>
      [ ] Expires after 90 days () <90>
      [ ] Expires after 180 days () <180>
      [ ] Expires after 365 days () <365>]
    [Whole category <whole-category:7:harvests>]
    [Clear all <clear-all:7>] [Edit details <edit-details:7>] [Cancel <cancel:7>] [off success Save <create:7:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73>]
    ");
}

/// A form with every problem that a form can have at once.
fn bad_draft(provider: &Provider) -> Draft {
    let mut draft = draft(provider);
    draft.form.name = "a\u{200B}b".into();
    draft.form.description = " \n".into();
    draft.form.api_version = "9".parse().unwrap();
    draft.form.developer_emails = format!("nobody, ops@example.com **x**@ {}@b.c", "y".repeat(300));
    let contact = ContactFacts { is_bot: true, is_member: true };
    draft.problems = draft.form.check(&provider.catalogue, contact).unwrap_err();
    draft
}

#[test]
fn problems_stand_in_the_panels_place() {
    let provider = provider("Orchard", ORCHARD);
    let changed = unchanged(bad_draft(&provider));
    assert_snapshot!(print_message(&shown(&changed, &provider, true, Language::EnglishUs)), @r"
    (only you can see this)
    ┌
    ### Please check what you entered · Orchard
    Nothing is lost. Press **Correct** to open the form again, filled in.
    **Token name** · It contains characters that can’t be seen, or that reverse the reading direction. They appear as �: remove them.
    **Description** · It is empty. Say what the token is for.
    **API version** · This provider does not offer version 9. Choose another one.
    **Primary contact** · <@1002> is a bot, and bots don’t read messages. Choose a person.
    **Developer emails** · These are not addresses like name@example.com: `nobody`, `**x**@`, `yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…` (over 254 characters)
    --
    **Token name:** a�b
    **Description:** 
    **API version:** 9
    **Primary contact:** <@1002>
    **Developer emails:** nobody, ops\@example.com \*\*x\*\*\@ yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\@b.c
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    [primary Correct <correct:7>] [Start over <start-over:7>] [Cancel <cancel:7>]
    ");
}

#[test]
fn problems_in_japanese() {
    let provider = provider("果樹園", ORCHARD);
    let mut changed = unchanged(bad_draft(&provider));
    changed.draft.scopes = vec![scope("trees:listTrees")];
    changed.draft.form.api_version = provider.catalogue.newest().version;
    changed.name = NameAnswer::Taken;
    assert_snapshot!(print_message(&shown(&changed, &provider, false, Language::Japanese)), @r"
    (only you can see this)
    ┌
    ### 入力内容を確認してください · 果樹園
    入力した内容は残っています。「修正」を押すと、入力済みのフォームがもう一度開きます。
    **トークン名** · 既存のトークンまたは処理中の申請で使われている名前です。別の名前にしてください。
    **トークン名** · 目に見えない文字や、文字の向きを変える文字が含まれています。�になっている箇所を取り除いてください。
    **説明** · 入力されていません。トークンの用途を入力してください。
    **APIバージョン** · バージョン9は、このプロバイダーにありません。別のバージョンを選んでください。
    **主な連絡先** · <@1002>はボットのため、メッセージを読めません。人を選んでください。
    **開発者のメールアドレス** · name@example.comの形になっていません：`nobody`、`**x**@`、`yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…`（254文字を超えています）
    --
    **トークン名：**a�b
    **説明：**
    **APIバージョン：**2
    **主な連絡先：**<@1002>
    **開発者のメールアドレス：**nobody, ops\@example.com \*\*x\*\*\@ yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\@b.c
    **アクセススコープ（1件）：**
    **Trees**：4件中1件
    `GET /Orchards/{AccountSID}/Trees`
    -# この下書きは<t:1751457600:f>（<t:1751457600:R>）まで残ります。
    [primary 修正 <correct:7>] [キャンセル <cancel:7>]
    ");
}

#[test]
fn every_other_problem_says_what_to_do() {
    use crate::domain::form::FieldProblem;
    let provider = provider("Orchard", ORCHARD);
    let mut draft = draft(&provider);
    draft.problems = vec![
        FieldProblem::NameMissing,
        FieldProblem::NameTooLong { length: 65 },
        FieldProblem::DescriptionTooLong { length: 1001 },
        FieldProblem::ContactNotMember,
        FieldProblem::TooManyAddresses { count: 11 },
    ];
    let changed = unchanged(draft);
    let description = |language| shown(&changed, &provider, false, language).prose();
    assert_snapshot!(description(Language::EnglishUs), @r"
    ### Please check what you entered · Orchard
    Nothing is lost. Press **Correct** to open the form again, filled in.
    **Token name** · It is empty. Give the token a name.
    **Token name** · It has 65 characters. Use at most 64.
    **Description** · It has 1001 characters. Use at most 1,000.
    **Primary contact** · <@1002> is not a member of this server. Choose someone who is.
    **Developer emails** · There are 11 addresses. Use at most 10.
    **Token name:** Harvest report
    **Description:** Sums up the harvest each night.
    **API version:** 2
    **Primary contact:** <@1002>
    **Developer emails:** dev\@example.com, ops\@example.com
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    ");
    assert_snapshot!(description(Language::Japanese), @r"
    ### 入力内容を確認してください · Orchard
    入力した内容は残っています。「修正」を押すと、入力済みのフォームがもう一度開きます。
    **トークン名** · 入力されていません。トークンの名前を入力してください。
    **トークン名** · 65文字あります。64文字以内にしてください。
    **説明** · 1001文字あります。1,000文字以内にしてください。
    **主な連絡先** · <@1002>さんは、このサーバーのメンバーではありません。メンバーを選んでください。
    **開発者のメールアドレス** · 11件あります。10件以内にしてください。
    **トークン名：**Harvest report
    **説明：**Sums up the harvest each night.
    **APIバージョン：**2
    **主な連絡先：**<@1002>
    **開発者のメールアドレス：**dev\@example.com、ops\@example.com
    -# この下書きは<t:1751457600:f>（<t:1751457600:R>）まで残ります。
    ");
}

#[test]
fn a_version_that_is_gone_is_a_problem_of_its_own() {
    let provider = provider("Orchard", ORCHARD);
    let mut draft = draft(&provider);
    draft.form.api_version = "7".parse().unwrap();
    assert_eq!(find_shown_category(&draft, &provider), None);
    assert_eq!(list_shown_scopes(&draft, &provider, &"trees".parse().unwrap(), 0), []);
    let message = shown(&unchanged(draft), &provider, false, Language::EnglishUs);
    assert!(message.prose().contains("version 7"), "{message:?}");
    assert!(print_message(&message).contains("Correct"));
}

#[test]
fn the_shown_category_is_the_chosen_one_where_there_is_one() {
    let provider = provider("Brand", BRAND);
    let mut draft = draft(&provider);
    let first = provider.catalogue.newest().categories[0].id.clone();
    assert_eq!(find_shown_category(&draft, &provider), Some(&first));
    draft.place.category = Some("actions".parse().unwrap());
    assert_eq!(find_shown_category(&draft, &provider).unwrap().as_str(), "actions");
    draft.place.category = Some("gone".parse().unwrap());
    assert_eq!(find_shown_category(&draft, &provider), Some(&first));
}

/// After too many names, a person learns of no other one whether it is taken or free.
#[test]
fn a_name_of_which_nothing_is_said() {
    let provider = provider("Orchard", ORCHARD);
    let all = Language::ALL.map(|language| {
        let mut changed = unchanged(draft(&provider));
        changed.name = NameAnswer::Unsaid { until: noon() };
        let panel = shown(&changed, &provider, false, language);
        changed.draft.problems = vec![FieldProblem::DescriptionMissing];
        let problems = shown(&changed, &provider, false, language);
        let text = |message: &Message| message.prose();
        [text(&panel), text(&problems)].join("\n")
    });
    assert_snapshot!(all.join("\n==\n"), @r"
    ### Request an API token · Orchard
    Choose what the token may do, then press **Create**.
    ⚠️ You have tried too many names that are taken, so **Harvest report** was not checked, and the request can’t be submitted. Wait until <t:1751457600:f> (<t:1751457600:R>), then press **Edit details** and send it again.
    **Token name:** Harvest report
    **Description:** Sums up the harvest each night.
    **API version:** 2
    **Primary contact:** <@1002>
    **Developer emails:** dev\@example.com, ops\@example.com
    **Expires:** 90 days after it is collected
    **Scopes (0):**
    None yet. Choose an API category, then its scopes.
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    ### Please check what you entered · Orchard
    Nothing is lost. Press **Correct** to open the form again, filled in.
    **Token name** · You have tried too many names that are taken, so this one was not checked. Wait until <t:1751457600:f> (<t:1751457600:R>), then try again.
    **Description** · It is empty. Say what the token is for.
    **Token name:** Harvest report
    **Description:** Sums up the harvest each night.
    **API version:** 2
    **Primary contact:** <@1002>
    **Developer emails:** dev\@example.com, ops\@example.com
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    ==
    ### APIトークンの申請 · Orchard
    トークンに許可する操作を選び、「作成」を押してください。
    ⚠️ 使われている名前を何度も試したため、**Harvest report**は確認されておらず、申請できません。<t:1751457600:f>（<t:1751457600:R>）まで待ってから、「詳細を編集」を押してもう一度送信してください。
    **トークン名：**Harvest report
    **説明：**Sums up the harvest each night.
    **APIバージョン：**2
    **主な連絡先：**<@1002>
    **開発者のメールアドレス：**dev\@example.com、ops\@example.com
    **有効期限：**受け取りから90日間
    **アクセススコープ（0件）：**
    未選択。APIカテゴリを選び、続けてスコープを選んでください。
    -# この下書きは<t:1751457600:f>（<t:1751457600:R>）まで残ります。
    ### 入力内容を確認してください · Orchard
    入力した内容は残っています。「修正」を押すと、入力済みのフォームがもう一度開きます。
    **トークン名** · 使われている名前を何度も試したため、この名前は確認されていません。<t:1751457600:f>（<t:1751457600:R>）まで待ってから、もう一度お試しください。
    **説明** · 入力されていません。トークンの用途を入力してください。
    **トークン名：**Harvest report
    **説明：**Sums up the harvest each night.
    **APIバージョン：**2
    **主な連絡先：**<@1002>
    **開発者のメールアドレス：**dev\@example.com、ops\@example.com
    -# この下書きは<t:1751457600:f>（<t:1751457600:R>）まで残ります。
    ");
}
