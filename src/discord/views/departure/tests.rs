use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{longest, print_text, provider, shortest, token, user};
use crate::discord::views::testing::{check, print_message};
use crate::domain::departure::{Departure, Dependents};
use crate::domain::request::Request;
use crate::domain::token::TokenState;
use crate::workflow::refusal::Refusal;

fn due(request: &Request, count: usize, state: TokenState) -> DepartureToReport {
    let tokens = || vec![token(request, state); count];
    DepartureToReport {
        departure: Departure {
            id: DepartureId::new(5).unwrap(),
            person: user(100),
            provider: request.content.provider.clone(),
            is_told: false,
            is_over: false,
            message: None,
        },
        name: "Rin *the* @everyone".to_owned(),
        hanging: Dependents {
            owned: tokens(),
            contact_of: tokens(),
            requests: vec![request.clone(); count],
            approvals: vec![request.clone(); count],
            to_collect: tokens(),
        },
        can_take_over: true,
    }
}

#[test]
fn the_admins_read_what_hangs_on_somebody_who_left() {
    let shown = |id: &str| {
        let message =
            render_departure(&due(&shortest(provider(id)), 2, TokenState::Active), provider(id));
        check(&message);
        print_text(&message)
    };
    assert_snapshot!([shown("orchard"), shown("mikan")].join("\n"), @r"
    ┌ f0b232
    ### A member left
    <@100> (Rin \*the\* \@everyone) is no longer in this server. The following needs attention:
    ──
    **Owner of:**
    **Reports**
    **Reports**
    These tokens still work. Disable or delete those that nobody needs in `/token show`. **Reset** gives the others a new secret, and makes the requester their owner.
    ──
    **Primary contact of:**
    **Reports**
    **Reports**
    This member gets no messages as the primary contact. **Take over as contact** requests that you become the primary contact, which needs approvals like any other change.
    ──
    **Open requests:**
    #7 **Reports**
    #7 **Reports**
    Deny the requests that are no longer needed.
    ──
    **Their approvals:**
    #7 **Reports**
    #7 **Reports**
    Their approvals of pending requests no longer count. Each of these requests needs another admin’s approval.
    ──
    **New secrets for them:**
    **Reports**
    **Reports**
    Nobody else can collect these secrets. They will be erased when their time is over, and the tokens will stay as they are. If one is needed, request **Reset** again.
    [Take over as contact] blue take-over:5
    ┌ f0b232
    ### メンバーの退出
    <@100>（Rin \*the\* \@everyone）さんがサーバーを退出しました。次のものに対応が必要です。
    ──
    **所有者になっているトークン：**
    **Reports**
    **Reports**
    これらのトークンは引き続き使えます。不要なものは`/トークン 詳細`で無効化または削除してください。必要なものは、「リセット」でシークレットが新しくなり、申請者が所有者になります。
    ──
    **主な連絡先になっているトークン：**
    **Reports**
    **Reports**
    主な連絡先へのお知らせは届いていません。「主な連絡先を引き継ぐ」を押すと、ご自身を主な連絡先にする変更を申請します。ほかの変更と同じく承認が必要です。
    ──
    **処理中の申請：**
    #7 **Reports**
    #7 **Reports**
    不要になった申請は却下してください。
    ──
    **このメンバーの承認：**
    #7 **Reports**
    #7 **Reports**
    承認待ちの申請に対するこのメンバーの承認は、数に入りません。それぞれに、ほかの管理者の承認が必要です。
    ──
    **このメンバーあての新しいシークレット：**
    **Reports**
    **Reports**
    これらのシークレットは、ほかの人には受け取れません。期限が来ると消去され、トークンに変更はありません。必要な場合は、もう一度「リセット」を申請してください。
    [主な連絡先を引き継ぐ] blue take-over:5
    ");
}

/// What the message becomes: no button that could only refuse, and in the end nothing to do.
#[test]
fn what_is_left_of_a_departure() {
    let mut all = Vec::new();
    for id in ["orchard", "mikan"] {
        let request = shortest(provider(id));
        let whole = due(&request, 1, TokenState::Active);
        let contact_of = whole.hanging.contact_of.clone();
        let hanging = || Dependents { contact_of: contact_of.clone(), ..Dependents::default() };
        let taken = DepartureToReport { hanging: hanging(), can_take_over: false, ..whole };
        let message = print_text(&render_departure(&taken, provider(id)));
        assert!(!message.contains("take-over:5"), "{message}");
        let over = Departure { is_over: true, ..taken.departure.clone() };
        let back = DepartureToReport { departure: over, ..taken };
        all.push(message);
        all.push(print_text(&render_departure(&back, provider(id))));
        let settled = due(&request, 0, TokenState::Active);
        all.push(print_text(&render_departure(&settled, provider(id))));
    }
    assert_snapshot!(all.join("\n"), @r"
    ┌ f0b232
    ### A member left
    <@100> (Rin \*the\* \@everyone) is no longer in this server. The following needs attention:
    ──
    **Primary contact of:**
    **Reports**
    This member gets no messages as the primary contact. Another contact is requested already, or can be requested with **Edit** in `/token show`, where it is offered.
    ┌ 80848e
    ### A member left
    <@100> (Rin \*the\* \@everyone) is back in this server. Nothing is left to do here.
    ┌ 80848e
    ### A member left
    <@100> (Rin \*the\* \@everyone) is no longer in this server. Nothing is left to do here: no token and no open request depends on this member now.
    ┌ f0b232
    ### メンバーの退出
    <@100>（Rin \*the\* \@everyone）さんがサーバーを退出しました。次のものに対応が必要です。
    ──
    **主な連絡先になっているトークン：**
    **Reports**
    主な連絡先へのお知らせは届いていません。主な連絡先の変更は、すでに申請されているか、`/トークン 詳細`に「編集」があればそこから申請できます。
    ┌ 80848e
    ### メンバーの退出
    <@100>（Rin \*the\* \@everyone）さんはサーバーに戻りました。必要な作業はありません。
    ┌ 80848e
    ### メンバーの退出
    <@100>（Rin \*the\* \@everyone）さんはサーバーを退出しています。このメンバーに関わるトークンと処理中の申請はなくなったため、必要な作業はありません。
    ");
}

#[test]
fn the_longest_fit() {
    for id in ["orchard", "mikan", "brand", "brand-ja"] {
        let request = longest(provider(id));
        check(&render_departure(&due(&request, 100, TokenState::Active), provider(id)));
        let tokens = vec![token(&request, TokenState::Active); 25];
        let distinct: Vec<Token> = tokens
            .into_iter()
            .zip(1..)
            .map(|(token, id)| Token { id: crate::domain::ids::TokenId::new(id).unwrap(), ..token })
            .collect();
        let all = TakeOverPage { tokens: distinct.clone(), page: u16::MAX - 1, more: true };
        check(&render_choice(&all, DepartureId::new(i64::MAX).unwrap(), provider(id).locale));
        let refusal = || Refusal::ChangeOpen { card: Some("x".repeat(90)) };
        check(&render_taken_over(
            &TakeOverOutcome {
                asked: vec![request.clone(); 25],
                refused: distinct.into_iter().map(|token| (token, refusal())).collect(),
            },
            provider(id).locale,
        ));
    }
}

#[test]
fn taking_over_in_both_languages() {
    let request = shortest(provider("orchard"));
    let tokens: Vec<Token> = (1..=2)
        .map(|id| Token {
            id: crate::domain::ids::TokenId::new(id).unwrap(),
            ..token(&request, TokenState::Active)
        })
        .collect();
    let taken = |asked: usize, refused: usize| TakeOverOutcome {
        asked: vec![request.clone(); asked],
        refused: vec![(tokens[0].clone(), Refusal::NothingToDo); refused],
    };
    let all = Language::ALL.map(|language| {
        let one = TakeOverPage { tokens: tokens.clone(), page: 0, more: false };
        let middle = TakeOverPage { tokens: tokens.clone(), page: 1, more: true };
        let id = DepartureId::new(5).unwrap();
        let messages = [
            render_choice(&one, id, language),
            render_choice(&middle, id, language),
            render_taken_over(&taken(2, 0), language),
            render_taken_over(&taken(1, 1), language),
            render_taken_over(&taken(0, 1), language),
        ];
        messages.iter().map(print_message).collect::<Vec<_>>().join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
}
