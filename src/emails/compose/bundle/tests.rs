use super::*;
use crate::domain::change::Change;
use crate::emails::compose::{EmailKind, TokenFacts, write_email};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn soon(name: &str, expires_at: &str) -> EndingToken {
    EndingToken {
        name: name.into(),
        provider_name: "impact.com (agency)".into(),
        requester_name: "Rin".into(),
        approver_names: vec!["Aki".into(), "Noor".into()],
        contact_name: "Mei".into(),
        expires_at: time(expires_at),
    }
}

fn shown(written: &EmailText) -> String {
    format!("Subject: {}\n\n{}", written.subject, written.text)
}

fn warned(tokens: Vec<EndingToken>, language: Language) -> EmailText {
    let (at, guild_name) = (time("2026-11-24T00:00:20Z"), Some("Growth".into()));
    ending(&EndingFacts { tokens, at, time_zone: Tz::UTC, guild_name }, language).unwrap()
}

#[test]
fn what_expired_in_both_languages() {
    let both = Language::ALL.map(|language| {
        let first = soon("Reports", "2026-11-23T23:30:00Z");
        let tokens = vec![first, soon("Dash*board\r\nBcc: x", "2026-11-24T00:00:00Z")];
        let (at, guild_name) = (time("2026-11-24T00:00:20Z"), Some("Growth".into()));
        shown(
            &expired(&EndingFacts { tokens, at, time_zone: Tz::UTC, guild_name }, language)
                .unwrap(),
        )
    });
    insta::assert_snapshot!(both.join("\n\n"));
}

#[test]
fn what_ends_soon_in_both_languages() {
    let two = || {
        let first = soon("Reports", "2026-11-25T23:30:00Z");
        vec![first, soon("Dashboard", "2026-12-01T09:30:00Z")]
    };
    insta::assert_snapshot!(shown(&warned(two(), Language::EnglishUs)), @"
    Subject: 2 API tokens expire soon, “Reports” first

    2 API tokens expire soon, “Reports” first

    Once these tokens expire, programs that use them will be refused.

    The tokens:
      - “Reports” for impact.com (agency): tomorrow, 2026-11-25 23:30 UTC;
        requested by Rin; approved by Aki, Noor; primary contact: Mei
      - “Dashboard” for impact.com (agency): in 7 days, 2026-12-01 09:30 UTC;
        requested by Rin; approved by Aki, Noor; primary contact: Mei

    If a token is still needed, ask its primary contact to extend it, or to
    request another one if it can’t be extended. Admins have to approve either, so
    ask in time.

    -- 
    You receive this message because you are listed as a developer of these tokens
    in Growth. Replies are not read.
    ");
    insta::assert_snapshot!(shown(&warned(two(), Language::Japanese)), @"
    Subject: APIトークン「Reports」ほか、計2件がまもなく失効します

    APIトークン「Reports」ほか、計2件がまもなく失効します

    失効すると、トークンを使うプログラムからのリクエストは拒否されます。

    対象のトークン（2件）：
      - 「Reports」（impact.com (agency)）：明日、2026-11-25 23:30 UTC · 申請者：
        Rin · 承認者：Aki、Noor · 主な連絡先：Mei
      - 「Dashboard」（impact.com (agency)）：7日後、2026-12-01 09:30 UTC · 申請
        者：Rin · 承認者：Aki、Noor · 主な連絡先：Mei

    まだ必要なトークンがあれば、主な連絡先に延長を依頼してください。延長できない場
    合は、別のトークンの申請を依頼してください。どちらも管理者の承認が必要なため、
    早めに依頼してください。

    -- 
    このメールは、Growthでこれらのトークンの開発者として登録されているため、お送り
    しています。ご返信いただいても確認できません。
    ");
    let one = warned(two().split_off(1), Language::EnglishUs);
    assert_eq!(one.subject, "API token “Dashboard” expires soon");
    assert!(one.text.contains("in 7 days"), "{}", one.text);
}

fn announced_token(name: &str) -> AnnouncedToken {
    AnnouncedToken {
        name: name.into(),
        requester_name: "Rin".into(),
        approver_names: vec!["Aki".into(), "Noor".into()],
    }
}

fn announced(subject: &str, body: &str, language: Language) -> EmailText {
    let facts = AnnouncementFacts {
        subject: subject.into(),
        body: body.into(),
        author_name: "Aki".into(),
        provider_name: "impact.com (agency)".into(),
        tokens: ["Reports", "Dash*board\r\nBcc: x"].map(announced_token).into(),
        guild_name: None,
    };
    announcement(&facts, language).unwrap()
}

#[test]
fn an_admin_s_words_in_both_languages() {
    let shown = |language| shown(&announced("New version", "Move on.\n\nBy Friday.", language));
    insta::assert_snapshot!(shown(Language::EnglishUs), @"
    Subject: impact.com (agency): New version

    New version

    Aki, an admin, writes to the contacts and developers of tokens for impact.com
    (agency):

    Move on.

    By Friday.

    You are a developer of these tokens:
      - “Reports”: requested by Rin; approved by Aki, Noor
      - “Dash*board Bcc: x”: requested by Rin; approved by Aki, Noor

    If you have questions, ask Aki in Discord.

    -- 
    You receive this message because you are listed as a developer of these
    tokens. Replies are not read.
    ");
    insta::assert_snapshot!(shown(Language::Japanese), @"
    Subject: impact.com (agency)：New version

    New version

    管理者のAkiさんから、impact.com (agency)のトークンの主な連絡先と開発者へのお知
    らせです：

    Move on.

    By Friday.

    開発者になっているトークン（2件）：
      - 「Reports」 · 申請者：Rin · 承認者：Aki、Noor
      - 「Dash*board Bcc: x」 · 申請者：Rin · 承認者：Aki、Noor

    ご不明な点は、DiscordでAkiさんにお問い合わせください。

    -- 
    このメールは、これらのトークンの開発者として登録されているため、お送りしていま
    す。ご返信いただいても確認できません。
    ");
}

#[test]
fn nothing_typed_becomes_another_part_of_the_email() {
    let subject = "Hi\r\nBcc: mallory@example.com\u{202e}";
    let body = "<script>alert(1)</script>\r\n-- \r\nfaked\u{2066}\u{85}end";
    let email = announced(subject, body, Language::EnglishUs);
    assert!(!email.subject.contains(['\r', '\n', '\u{202e}']), "{:?}", email.subject);
    assert!(!email.text.contains(['\r', '\u{202e}', '\u{2066}', '\u{85}']), "{:?}", email.text);
    assert!(!email.html.contains("<script>"), "{}", email.html);
    // Only ours is a line above a signature: theirs lost its blank.
    assert_eq!(email.text.matches("\n-- \n").count(), 1, "{}", email.text);
}

#[test]
fn an_email_of_a_change_says_what_changed() {
    let addresses = |text: &str| vec![text.parse().unwrap()];
    let facts = TokenFacts {
        changes: vec![
            Change::Name("Reports".into(), "Reports\nof <all>".into()),
            Change::ApiVersion(1.try_into().unwrap(), 2.try_into().unwrap()),
            Change::Contact(
                crate::domain::ids::UserId::new(1).unwrap(),
                crate::domain::ids::UserId::new(2).unwrap(),
            ),
            Change::DevelopersAdded(addresses("new@example.com")),
            Change::DevelopersRemoved(addresses("old@example.com")),
            Change::ScopesAdded(vec!["GET /Trees".into()]),
            Change::ScopesRemoved(vec!["DELETE /Trees/{TreeId}".into()]),
            Change::End(Some(time("2026-12-01T09:30:00Z")), Some(time("2027-12-01T09:30:00Z"))),
        ],
        former_contact_name: Some("Noor".into()),
        ..super::super::tests::facts()
    };
    let email = |language| write_email(EmailKind::Changed, &facts, language).unwrap();
    insta::assert_snapshot!(shown(&email(Language::EnglishUs)), @"
    Subject: impact.com (agency): API token “Reports” was changed

    API token “Reports” was changed

    Rin requested a change to the token for impact.com (agency), and the admins
    named below approved it. It has taken effect.

      Token name       Reports
      Description      Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Account SID      IRabc123
      Requested by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Changed          2026-11-24 09:30 UTC
      Expires          2027-02-22 09:30 UTC

    What changed:
      - Token name: Reports → Reports of <all>
      - API version: 1 → 2
      - Primary contact: Noor → Mei
      - Developers added: new@example.com
      - Developers removed: old@example.com
      - Scope added: GET /Trees
      - Scope removed: DELETE /Trees/{TreeId}
      - Expires: 2026-12-01 09:30 UTC → 2027-12-01 09:30 UTC

    It may call 2 endpoints:
      - GET    /Agencies/{AccountSID}/Jobs
      - DELETE /Agencies/{AccountSID}/Jobs/{JobId}

    Check that your programs still work with it. If you have questions, ask Rin or
    Mei.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are listed as a developer of this token
    in Growth. Replies are not read.
    ");
    insta::assert_snapshot!(shown(&email(Language::Japanese)), @"
    Subject: impact.com (agency)：APIトークン「Reports」が変更されました

    APIトークン「Reports」が変更されました

    Rinさんがimpact.com (agency)のトークンの変更を申請し、下記の管理者が承認しまし
    た。変更は反映されています。

      トークン名   Reports
      説明         Nightly export of actions into the warehouse.
                   Owned by the data team.
      API          impact.com (agency)、バージョン3
      Account SID  IRabc123
      申請者       Rin
      承認者       Aki、Noor
      主な連絡先   Mei
      変更日時     2026-11-24 09:30 UTC
      有効期限     2027-02-22 09:30 UTC

    変更の内容：
      - トークン名：Reports → Reports of <all>
      - APIバージョン：1 → 2
      - 主な連絡先：Noor → Mei
      - 追加された開発者：new@example.com
      - 除外された開発者：old@example.com
      - 追加されたスコープ：GET /Trees
      - 除外されたスコープ：DELETE /Trees/{TreeId}
      - 有効期限：2026-12-01 09:30 UTC → 2027-12-01 09:30 UTC

    呼び出せるエンドポイント（2件）：
      - GET    /Agencies/{AccountSID}/Jobs
      - DELETE /Agencies/{AccountSID}/Jobs/{JobId}

    お使いのプログラムに影響がないか確認してください。ご不明な点は、Rinさんまたは
    Meiさんにお問い合わせください。

    このメールに心当たりがない場合は、主な連絡先のMeiさんに知らせてください。

    -- 
    このメールは、Growthでこのトークンの開発者として登録されているため、お送りして
    います。ご返信いただいても確認できません。
    ");
    assert!(email(Language::EnglishUs).html.contains("Reports of &lt;all&gt;"));
}

#[test]
fn an_email_of_a_reset_says_how_long_the_old_secret_works() {
    let with = |until: Option<&str>| {
        let old_secret_until = until.map(time);
        let facts = TokenFacts { old_secret_until, ..super::super::tests::facts() };
        write_email(EmailKind::Reset, &facts, Language::EnglishUs).unwrap().text.replace('\n', " ")
    };
    assert!(with(Some("2026-11-25T09:30:00Z")).contains("works until 2026-11-25 09:30 UTC"));
    assert!(with(None).contains("The old one no longer works."));
}
