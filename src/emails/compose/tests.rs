use super::*;

mod headings_and_times;
mod kinds;
mod leaked;

pub(super) fn facts() -> TokenFacts {
    let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    TokenFacts {
        token_name: "Reports".into(),
        provider_name: "impact.com (agency)".into(),
        api_version: 3,
        account_sid: Some("IRabc123".into()),
        description: "Nightly export of actions into the warehouse.\nOwned by the data team."
            .into(),
        requester_name: "Rin".into(),
        approver_names: vec!["Aki".into(), "Noor".into()],
        contact_name: "Mei".into(),
        scopes: vec![
            ("GET".into(), "/Agencies/{AccountSID}/Jobs".into()),
            ("DELETE".into(), "/Agencies/{AccountSID}/Jobs/{JobId}".into()),
        ],
        expires: Expiry::At(time("2027-02-22T09:30:00Z")),
        at: time("2026-11-24T09:30:00Z"),
        time_zone: Tz::UTC,
        actor_name: None,
        changes: Vec::new(),
        former_contact_name: None,
        old_secret_until: None,
        is_named: true,
        guild_name: Some("Growth".into()),
    }
}

fn text_of(kind: EmailKind, language: Language) -> String {
    let written = write_email(kind, &facts(), language).unwrap();
    format!("Subject: {}\n\n{}", written.subject, written.text)
}

#[test]
fn created_in_english() {
    insta::assert_snapshot!(text_of(EmailKind::Created, Language::EnglishUs), @"
    Subject: impact.com (agency): API token “Reports” was created

    API token “Reports” was created

    Rin requested a token for impact.com (agency), the admins named below approved
    it, and it was created. Rin has not collected it in Discord yet.

      Token name       Reports
      Description      Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Account SID      IRabc123
      Requested by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Created          2026-11-24 09:30 UTC
      Expires          2027-02-22 09:30 UTC

    It may call 2 endpoints:
      - GET    /Agencies/{AccountSID}/Jobs
      - DELETE /Agencies/{AccountSID}/Jobs/{JobId}

    There is nothing to do yet. Once Rin has collected it, ask Rin for what you
    need; agree on a safe way to do that. Secrets are never sent by email, and
    nobody will ask you for one in reply to this message.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are listed as a developer of this token
    in Growth. Replies are not read.
    ");
}

#[test]
fn created_in_japanese() {
    insta::assert_snapshot!(text_of(EmailKind::Created, Language::Japanese), @"
    Subject: impact.com (agency)：APIトークン「Reports」が作成されました

    APIトークン「Reports」が作成されました

    Rinさんがimpact.com (agency)のトークンを申請し、下記の管理者の承認を経て作成さ
    れました。Rinさんは、まだDiscordで受け取っていません。

      トークン名   Reports
      説明         Nightly export of actions into the warehouse.
                   Owned by the data team.
      API          impact.com (agency)、バージョン3
      Account SID  IRabc123
      申請者       Rin
      承認者       Aki、Noor
      主な連絡先   Mei
      作成日時     2026-11-24 09:30 UTC
      有効期限     2027-02-22 09:30 UTC

    呼び出せるエンドポイント（2件）：
      - GET    /Agencies/{AccountSID}/Jobs
      - DELETE /Agencies/{AccountSID}/Jobs/{JobId}

    今の時点で必要な作業はありません。Rinさんが受け取ったら、必要な情報を安全な方
    法で共有してもらってください。シークレットをメールで送ることも、このメールへの
    返信でお尋ねすることもありません。

    このメールに心当たりがない場合は、主な連絡先のMeiさんに知らせてください。

    -- 
    このメールは、Growthでこのトークンの開発者として登録されているため、お送りして
    います。ご返信いただいても確認できません。
    ");
}

#[test]
fn collected_in_english() {
    insta::assert_snapshot!(text_of(EmailKind::Collected, Language::EnglishUs), @"
    Subject: impact.com (agency): API token “Reports” was collected

    API token “Reports” was collected

    Rin has collected the token for impact.com (agency) in Discord, so it works
    now.

      Token name       Reports
      Description      Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Account SID      IRabc123
      Requested by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Collected        2026-11-24 09:30 UTC
      Expires          2027-02-22 09:30 UTC

    It may call 2 endpoints:
      - GET    /Agencies/{AccountSID}/Jobs
      - DELETE /Agencies/{AccountSID}/Jobs/{JobId}

    If you build with this token, get it from Rin in a safe way and keep it in a
    secret store, not in code, chats or tickets. If it leaks, tell Rin or Mei at
    once.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are listed as a developer of this token
    in Growth. Replies are not read.
    ");
}

#[test]
fn collected_in_japanese() {
    insta::assert_snapshot!(text_of(EmailKind::Collected, Language::Japanese), @"
    Subject: impact.com (agency)：APIトークン「Reports」の受け取りが完了しました

    APIトークン「Reports」の受け取りが完了しました

    RinさんがDiscordでimpact.com (agency)のトークンを受け取り、使えるようになりま
    した。

      トークン名    Reports
      説明          Nightly export of actions into the warehouse.
                    Owned by the data team.
      API           impact.com (agency)、バージョン3
      Account SID   IRabc123
      申請者        Rin
      承認者        Aki、Noor
      主な連絡先    Mei
      受け取り日時  2026-11-24 09:30 UTC
      有効期限      2027-02-22 09:30 UTC

    呼び出せるエンドポイント（2件）：
      - GET    /Agencies/{AccountSID}/Jobs
      - DELETE /Agencies/{AccountSID}/Jobs/{JobId}

    このトークンを使って開発する場合は、Rinさんから安全な方法で入手し、コード、
    チャット、チケットではなく、シークレット管理ツールに保管してください。漏えいし
    た場合は、すぐにRinさんまたはMeiさんに知らせてください。

    このメールに心当たりがない場合は、主な連絡先のMeiさんに知らせてください。

    -- 
    このメールは、Growthでこのトークンの開発者として登録されているため、お送りして
    います。ご返信いただいても確認できません。
    ");
}

#[test]
fn lapsed_and_disabled_in_english() {
    insta::assert_snapshot!(text_of(EmailKind::Lapsed, Language::EnglishUs), @"
    Subject: impact.com (agency): API token “Reports” was not collected

    API token “Reports” was not collected

    Rin did not collect the token for impact.com (agency) in time, so it no longer
    works. Nobody has used it.

      Token name       Reports
      Description      Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Account SID      IRabc123
      Requested by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Ended            2026-11-24 09:30 UTC

    There is nothing to do. If the token is still needed, Rin can request it again
    in Discord.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are listed as a developer of this token
    in Growth. Replies are not read.
    ");
    let facts = TokenFacts {
        actor_name: Some("Rin".into()),
        account_sid: None,
        expires: Expiry::AfterCollection { days: 90 },
        guild_name: None,
        scopes: vec![],
        ..facts()
    };
    let written = write_email(EmailKind::Disabled, &facts, Language::EnglishUs).unwrap();
    insta::assert_snapshot!(written.text, @"
    API token “Reports” was disabled

    The token for impact.com (agency) that Rin requested was disabled. Programs
    that use it are refused.

      Token name       Reports
      Description      Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Requested by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Disabled         2026-11-24 09:30 UTC
      Done by          Rin

    Remove the token from every program that still uses it. If you have questions,
    ask Rin or Mei.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are listed as a developer of this token.
    Replies are not read.
    ");
}

#[test]
fn the_html_part() {
    let html = write_email(EmailKind::Created, &facts(), Language::EnglishUs).unwrap().html;
    insta::assert_snapshot!(html, @r#"
    <!DOCTYPE html>
    <html lang="en-US">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>API token “Reports” was created</title>
    </head>
    <body style="margin:0;padding:24px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP',sans-serif;font-size:16px;line-height:1.5">
    <div style="max-width:640px;margin:0 auto">
    <h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">API token “Reports” was created</h1>
    <p style="margin:0 0 16px">Rin requested a token for impact.com (agency), the admins named below approved it, and it was created. Rin has not collected it in Discord yet.</p>
    <table style="border-collapse:collapse;width:100%;margin:0 0 16px">
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Token name</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">Reports</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Description</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">Nightly export of actions into the warehouse.
    Owned by the data team.</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">API</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">impact.com (agency), version 3</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Account SID</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">IRabc123</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Requested by</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">Rin</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Approved by</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">Aki, Noor</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Primary contact</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">Mei</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Created</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">2026-11-24 09:30 UTC</td>
    </tr>
    <tr>
    <th style="text-align:left;vertical-align:top;font-weight:600;padding:6px 16px 6px 0;border-top:1px solid #8886;white-space:nowrap">Expires</th>
    <td style="padding:6px 0;border-top:1px solid #8886;overflow-wrap:anywhere;white-space:pre-line">2027-02-22 09:30 UTC</td>
    </tr>
    </table>
    <p style="margin:0 0 8px">It may call 2 endpoints:</p>
    <ul style="margin:0 0 16px;padding-left:20px">
    <li style="overflow-wrap:anywhere"><code style="font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px">GET &#x2f;Agencies&#x2f;{AccountSID}&#x2f;Jobs</code></li>
    <li style="overflow-wrap:anywhere"><code style="font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px">DELETE &#x2f;Agencies&#x2f;{AccountSID}&#x2f;Jobs&#x2f;{JobId}</code></li>
    </ul>
    <p style="margin:0 0 16px">There is nothing to do yet. Once Rin has collected it, ask Rin for what you need; agree on a safe way to do that. Secrets are never sent by email, and nobody will ask you for one in reply to this message.</p>
    <p style="margin:0 0 16px">If you did not expect this message, please tell Mei, the primary contact.</p>
    <p style="margin:0;padding-top:16px;border-top:1px solid #8886;font-size:13px">You receive this message because you are listed as a developer of this token in Growth. Replies are not read.</p>
    </div>
    </body>
    </html>
    "#);
}

#[test]
fn what_people_typed_stays_text() {
    let facts = TokenFacts {
        token_name: "a\r\nBcc: x@y.z\u{202e}<b>&".into(),
        description: "one\n\n<script>alert('1')</script>\u{0}".into(),
        requester_name: "{{ secret }}\n  Approved by  Mallory".into(),
        ..facts()
    };
    for language in Language::ALL {
        let written = write_email(EmailKind::Created, &facts, language).unwrap();
        assert!(written.subject.contains("a Bcc: x@y.z <b>&"), "{}", written.subject);
        assert!(!written.subject.contains(char::is_control));
        assert!(!written.html.contains("<script>") && !written.html.contains("<b>"));
        assert!(written.html.contains("{{ secret }} Approved by Mallory"));
        let approvers = written.text.lines().filter(|line| line.starts_with("  Approved by"));
        assert_eq!(approvers.count(), usize::from(language == Language::EnglishUs));
        assert!(!written.text.contains(['\u{202e}', '\0', '\r']));
    }
}

#[test]
fn lines_are_short_however_long_the_values_are() {
    let facts = TokenFacts {
        token_name: "長".repeat(64),
        description: "説明文".repeat(333),
        requester_name: "W".repeat(32),
        approver_names: vec!["承認".repeat(16); 20],
        scopes: vec![("DELETE".into(), format!("/{}", "segment/".repeat(40))); 117],
        ..facts()
    };
    for language in Language::ALL {
        for kind in [EmailKind::Created, EmailKind::Collected] {
            let written = write_email(kind, &facts, language).unwrap();
            let widest = written.text.lines().map(width).max().unwrap();
            assert!(widest <= COLUMNS, "{widest}");
            assert!(written.text.lines().all(|line| line == "-- " || line.trim_end() == line));
        }
    }
}

#[test]
fn a_word_with_a_hyphen_stays_whole() {
    for before in 60..COLUMNS {
        let text = format!("{} e-mail /partner-groups", "x".repeat(before));
        assert!(!wrap(&text, "", "").contains("-\n"), "{before}");
    }
}

#[test]
fn a_secret_that_is_swapped_before_anybody_has_it() {
    let both = Language::ALL.map(|language| {
        [EmailKind::Renewed, EmailKind::SecretUnsure, EmailKind::RenewalLapsed]
            .map(|kind| text_of(kind, language))
            .join("\n")
    });
    insta::assert_snapshot!(both.join("\n"));
}

#[test]
fn who_was_taken_off_the_list_is_not_told_that_they_are_on_it() {
    for guild_name in [None, Some("Growth".into())] {
        for language in Language::ALL {
            let facts = TokenFacts { guild_name: guild_name.clone(), ..facts() };
            let named = write_email(EmailKind::Changed, &facts, language).unwrap().text;
            let former = TokenFacts { is_named: false, ..facts };
            let former = write_email(EmailKind::Changed, &former, language).unwrap().text;
            assert_ne!(named, former);
            let last =
                if language == Language::Japanese { "最後のメール" } else { "the last one" };
            let text = former.replace('\n', if language == Language::Japanese { "" } else { " " });
            assert!(text.contains(last) && !named.replace('\n', " ").contains(last), "{former}");
        }
    }
}
