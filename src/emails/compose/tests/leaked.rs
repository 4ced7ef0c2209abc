use super::*;

#[test]
fn leaked_in_both_languages() {
    let mut facts = facts();
    facts.actor_name = Some("Noor".into());
    let text = |language| write_email(EmailKind::Leaked, &facts, language).unwrap().text;
    insta::assert_snapshot!(text(Language::EnglishUs), @"
    The secret of API token “Reports” leaked

    Someone reported that the secret of the token for impact.com (agency) that Rin
    requested has leaked. The token is disabled, or is being disabled.

      Token name       Reports
      Description      Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Account SID      IRabc123
      Requested by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Reported         2026-11-24 09:30 UTC
      Reported by      Noor

    Remove the token from every program that uses it, and check what others may
    have done with it. For a new secret, ask Rin or Mei.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are listed as a developer of this token
    in Growth. Replies are not read.
    ");
    insta::assert_snapshot!(text(Language::Japanese), @"
    APIトークン「Reports」のシークレットが漏えいしました

    Rinさんが申請したimpact.com (agency)のトークンのシークレットが漏えいしていると
    の報告がありました。トークンは無効化されたか、無効化の処理中です。

      トークン名   Reports
      説明         Nightly export of actions into the warehouse.
                   Owned by the data team.
      API          impact.com (agency)、バージョン3
      Account SID  IRabc123
      申請者       Rin
      承認者       Aki、Noor
      主な連絡先   Mei
      報告日時     2026-11-24 09:30 UTC
      報告者       Noor

    このトークンを使うすべてのプログラムからトークンを取り除き、第三者に使われてい
    ないか確認してください。新しいシークレットについては、RinさんまたはMeiさんにお
    問い合わせください。

    このメールに心当たりがない場合は、主な連絡先のMeiさんに知らせてください。

    -- 
    このメールは、Growthでこのトークンの開発者として登録されているため、お送りして
    います。ご返信いただいても確認できません。
    ");
}
