use super::*;

#[test]
fn leaked_in_both_languages() {
    let mut facts = facts();
    facts.actor_name = Some("Noor".into());
    let text = |language| write_email(EmailKind::Leaked, &facts, language).unwrap().text;
    insta::assert_snapshot!(text(Language::EnglishUs), @"
    The secret of API token “Reports” leaked

    The secret of the token for impact.com (agency) that Rin asked for was found
    where it should not be, and reported. The token is being taken out of use.

      Name             Reports
      Purpose          Nightly export of actions into the warehouse.
                       Owned by the data team.
      API              impact.com (agency), version 3
      Account SID      IRabc123
      Asked for by     Rin
      Approved by      Aki, Noor
      Primary contact  Mei
      Reported         2026-11-24 09:30 UTC
      Reported by      Noor

    Remove the token from whatever uses it, and look for what others may have done
    with it. To get a new secret, ask Rin or Mei.

    If you did not expect this message, please tell Mei, the primary contact.

    -- 
    You receive this message because you are named as a developer of this token in
    Growth. Replies to it are not read.
    ");
    insta::assert_snapshot!(text(Language::Japanese), @"
    API トークン「Reports」のシークレットが漏えいしました

    Rin さんが申請した impact.com (agency) のトークンのシークレットが、あるべきで
    ない場所で見つかり、報告されました。このトークンの利用を停止します。

      名前         Reports
      目的         Nightly export of actions into the warehouse.
                   Owned by the data team.
      API          impact.com (agency)、バージョン 3
      Account SID  IRabc123
      申請者       Rin
      承認者       Aki、Noor
      主担当       Mei
      報告日時     2026-11-24 09:30 UTC
      報告した人   Noor

    使っている箇所からこのトークンを取り除き、他人に使われていないか調べてくださ
    い。新しいシークレットについては Rin さんか Mei さん にお問い合わせください。

    このメールに心当たりがない場合は、主担当の Mei さんにお知らせください。

    -- 
    このメールは、Growth でこのトークンの開発者として登録されている方にお送りして
    います。返信いただいてもお読みできません。
    ");
}
