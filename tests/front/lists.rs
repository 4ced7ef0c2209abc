//! Lists: tokens, pending work, and history.

use discord_sim::{MessageView, Options, Person};
use testkit::team::{disable_token, show_token};

use super::Team;
use super::departures::create_token_with;
use super::token_life::create_token;

#[tokio::test]
async fn members_find_their_own_tokens_and_admins_find_all() {
    let team = Team::start("list").await;
    create_token(&team, "Reports").await;
    create_token(&team, "Dashboard").await;
    let list = team.rin.type_command("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("🟢 **Reports**") && list.contains("🟢 **Dashboard**"), "{list}");
    let opened = team.rin.select(&list, "Choose a token", &["Dashboard"]).await.unwrap();
    assert!(opened.message().unwrap().contains("It works"));

    let panel = show_token(&team.aki, "Dashboard").await;
    disable_token(&team.aki, &panel).await;
    team.rin.wait_for_dm("was disabled").await.unwrap();
    for (line, reports, dashboard) in [
        ("/token list name:REP", true, false),
        ("/token list state:enabled", true, false),
        ("/token list state:disabled", false, true),
        ("/token list created:within the last 7 days", true, true),
        ("/token list created:more than 30 days ago", false, false),
        ("/token list name:100%", false, false),
        ("/token list state:enabled created:within the last 7 days", true, false),
        ("/token list name:d state:disabled created:within the last 30 days", false, true),
        ("/token list state:disabled created:more than 30 days ago", false, false),
        ("/token list name:rep state:disabled", false, false),
    ] {
        let list = team.aki.type_command(line).await.unwrap().private().unwrap();
        assert_eq!(list.contains("Reports"), reports, "{line}: {list}");
        assert_eq!(list.contains("Dashboard"), dashboard, "{line}: {list}");
    }
    // Another member finds nothing, and gets no suggestions.
    team.setup.discord.set_roles(&team.ben, &[]).unwrap();
    let nothing = team.ben.type_command("/token list").await.unwrap().private().unwrap();
    assert!(nothing.contains("No such token"), "{nothing}");
    assert!(team.ben.complete("/token audit token:Rep").await.unwrap().is_empty());
    // Nor do forged custom ids help.
    forge_everything(&team, &team.ben, &nothing).await;
    team.last_card("It is disabled").await;
    team.finish().await;
}

#[tokio::test]
async fn lists_have_pages() {
    let team = Team::configured("pages", "[policy]\nmax_open_requests = 20").await;
    for number in 0..11 {
        create_token(&team, &format!("Report {number}")).await;
    }
    let first = team.rin.type_command("/token list").await.unwrap().private().unwrap();
    assert!(first.contains("Report 10") && !first.contains("**Report 0**"), "{first}");
    assert_eq!(first.buttons(), ["Next"]);
    let second = team.rin.click(&first, "Next").await.unwrap().message().unwrap();
    assert!(second.contains("**Report 0**") && !second.contains("Report 10"), "{second}");
    assert_eq!(second.buttons(), ["Previous"]);
    let back = team.rin.click(&second, "Previous").await.unwrap().message().unwrap();
    assert!(back.contains("Report 10"), "{back}");
    team.finish().await;
}

#[tokio::test]
async fn each_sees_what_waits_for_them() {
    let team = Team::start("pending").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();
    let waits = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("For your approval") && waits.contains("Reports"), "{waits}");
    assert!(waits.contains(&format!("/{})", card.id())), "a link to the card: {waits}");
    team.approve(&team.aki, &card).await;
    let waits = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("Nothing is waiting for you"), "{waits}");
    let mine = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(mine.contains("Your requests") && !mine.contains("For your approval"), "{mine}");
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    let mine = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(mine.contains("For you to collect"), "{mine}");
    team.ask_manual(&team.aki, "Dashboard").await;
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    team.card("Clear all").await;
    let waits = team.ben.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("For an admin to do") && waits.contains("Dashboard"), "{waits}");
    team.card("is waiting for an admin").await;
    team.finish().await;
}

#[tokio::test]
async fn only_admins_read_the_audit_log() {
    let team = Team::start("audit").await;
    create_token(&team, "Reports").await;
    let panel = show_token(&team.rin, "Reports").await;
    disable_token(&team.rin, &panel).await;
    team.last_card("It is disabled").await;
    let history =
        team.aki.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
    for line in ["token disabled** · @Rin", "secret collected** · @Rin", "approval given** · @Ben"]
    {
        assert!(history.contains(line), "{line} is not in {history}");
    }
    for detail in ["1 of 2", "#1 · new token"] {
        assert!(history.contains(detail), "{detail} is not in {history}");
    }
    let of_request =
        team.aki.type_command("/token audit request:1").await.unwrap().private().unwrap();
    assert!(of_request.contains("request submitted** · @Rin"), "{of_request}");
    let refused = team.rin.type_command("/token audit request:1").await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let refused =
        team.rin.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let gone = team.aki.type_command("/token audit request:99").await.unwrap().private().unwrap();
    assert!(gone.contains("There is no request with this number"), "{gone}");
    for (line, said) in [
        ("/token audit", "Choose whose history"),
        ("/token audit token:Reports request:1", "either a token or a request"),
    ] {
        let refused = team.aki.type_command(line).await.unwrap().private().unwrap();
        assert!(refused.contains(said), "{line}: {refused}");
    }
    // A deleted token is in no list, and its history stays.
    let panel = show_token(&team.aki, "Reports").await;
    let mut form = team.aki.click(&panel, "Delete").await.unwrap().modal().unwrap();
    form.fill("Type its name", "Reports").unwrap();
    form.submit().await.unwrap().message().unwrap();
    team.rin.wait_for_dm("was deleted").await.unwrap();
    team.last_card("It is deleted").await;
    let list = team.aki.type_command("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("No such token"), "{list}");
    let history =
        team.aki.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(history.contains("token deleted** · @Aki"), "{history}");
    team.finish().await;
}

/// Another token called *Reports*, of another provider's, of which Rin is the contact.
const NAMESAKE: &str = "
    set session_replication_role = replica;
    insert into countersign.requests (id, number, provider, kind, state, requester, approvals_required,
        requester_approval_counts, content, digest, name_key, expires_at)
    select 4000000000000000000, 1001, 'impact-agency', kind, state, requester, approvals_required, requester_approval_counts,
        elsewhere, sha256(convert_to(elsewhere, 'UTF8')), name_key, expires_at
    from countersign.requests,
        replace(content, '\"provider\":\"orchard\"', '\"provider\":\"impact-agency\"') elsewhere
    where number = 1;
    insert into countersign.tokens (id, provider, issuer, request_id, account_sid, name, description,
        api_version, owner, contact, developer_emails, scopes, lifetime_days, state, created_at,
        collected_at, expires_at, name_key)
    select requests.id, 'impact-agency', 'manual', requests.id, 'IR1', name, 'The other one', 3, owner, contact,
        '{}', scopes, lifetime_days, tokens.state, created_at, collected_at, tokens.expires_at, 'reports'
    from countersign.tokens, countersign.requests where tokens.name = 'Reports' and number = 1001";

#[tokio::test]
async fn a_typed_name_is_a_name_and_a_proposal_is_the_token_that_it_shows() {
    let team = Team::start("names").await;
    create_token(&team, "Reports").await;
    // The number of the token before it.
    create_token(&team, "1").await;
    let panel = show_token(&team.rin, "1").await;
    assert!(panel.sources()[0].starts_with("### 1\n"), "{panel}");
    let panel = show_token(&team.rin, "REPORTS").await;
    assert!(panel.sources()[0].starts_with("### Reports\n"), "{panel}");
    let proposed = team.rin.complete("/token show token:rep").await.unwrap();
    let first = id_of(&team, "tokens").await;
    assert_eq!(proposed, [("Reports".to_owned(), format!("id:{first}"))]);

    let mut connection = team.setup.connect().await.unwrap();
    sqlx::raw_sql(NAMESAKE).execute(&mut connection).await.unwrap();
    let refused = show_token(&team.rin, "Reports").await;
    assert!(refused.contains("Several tokens") && refused.contains("/token list"), "{refused}");
    let proposed = team.rin.complete("/token show token:Reports").await.unwrap();
    let [(one, chosen), (other, _)] = &proposed[..] else { panic!("{proposed:?}") };
    assert!(one.contains("impact") && other.contains("Orchard"), "{proposed:?}");
    let panel = show_token(&team.rin, chosen).await;
    assert!(panel.contains("The other one"), "{panel}");
    // The value of a suggestion is a claim, like everything that a client sends.
    team.setup.discord.set_roles(&team.ben, &[]).unwrap();
    for typed in [chosen.as_str(), &format!("id:{first}"), "Reports"] {
        let gone = show_token(&team.ben, typed).await;
        let [typed_name, chosen] = ["There is no token called", "There is no such token"];
        assert!(gone.contains(typed_name) || gone.contains(chosen), "{gone}");
    }
    team.finish().await;
}

/// The id of the first row of a table.
async fn id_of(team: &Team, table: &str) -> i64 {
    team.count(&format!("select min(id) from countersign.{table}")).await
}

/// Every button and select of lists and of the audit log, sent by a member who may see no token.
async fn forge_everything(team: &Team, person: &Person, message: &MessageView) {
    let (token, request) = (id_of(team, "tokens").await, id_of(team, "requests").await);
    for (id, kind, values) in [
        ("open-token", 3, &[token.to_string().as_str()][..]),
        ("open-token", 3, &[format!("id:{token}").as_str()]),
        ("list:0:::", 2, &[]),
        ("list:0::enabled:Rep", 2, &[]),
        ("pending:0", 2, &[]),
        (&format!("token-audit:{token}:999999"), 2, &[]),
        (&format!("request-audit:{request}:999999"), 2, &[]),
    ] {
        let seen = person.forge_press(message, id, kind, values).await.unwrap().message().unwrap();
        for told in ["Reports", "Dashboard", "collected", "request submitted", "approval given"] {
            assert!(!seen.contains(told), "{id} tells {told}: {seen}");
        }
    }
}

#[tokio::test]
async fn a_contact_sees_theirs_and_another_providers_admin_sees_nothing() {
    const OTHERS: &str = "1103000000000000002";
    let team = Team::with("whose", Options::standard(), |config| {
        config.providers[1].admin_roles = vec![OTHERS.to_owned()];
    })
    .await;
    let discord = &team.setup.discord;
    // An admin of the other provider alone, and a member who is no admin at all.
    discord.set_roles(&team.chiyo, &[]).unwrap();
    discord.set_locale(&team.chiyo, "en-US").unwrap();
    create_token_with(&team, "Reports", &team.chiyo).await;
    create_token_with(&team, "Dashboard", &team.ben).await;
    let list = team.chiyo.type_command("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("**Reports**") && !list.contains("Dashboard"), "{list}");
    let proposed = team.chiyo.complete("/token show token:").await.unwrap();
    assert_eq!(proposed.len(), 1, "{proposed:?}");
    let panel = show_token(&team.chiyo, "Reports").await;
    assert!(panel.offers("Disable"), "{panel}");
    let refused =
        team.chiyo.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");

    team.ask(&team.rin, "Waits").await;
    discord.set_roles(&team.ben, &[OTHERS.parse().unwrap()]).unwrap();
    let list = team.ben.type_command("/token list").await.unwrap().private().unwrap();
    assert!(list.contains("**Dashboard**") && !list.contains("Reports"), "as a contact: {list}");
    let waits = team.ben.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("Nothing is waiting for you"), "{waits}");
    for line in ["/token show token:Reports", "/token audit token:Reports"] {
        let refused = team.ben.type_command(line).await.unwrap().private().unwrap();
        assert!(refused.contains("There is no token called **Reports**"), "{line}: {refused}");
    }
    // The answer is the same whether there is such a request or not.
    for line in ["/token audit request:1", "/token audit request:99"] {
        let refused = team.ben.type_command(line).await.unwrap().private().unwrap();
        assert!(refused.contains("There is no request with this number"), "{line}: {refused}");
    }
    let refused = team.ben.type_command("/token announce provider:orchard").await.unwrap();
    assert!(refused.private().unwrap().contains("Only this provider’s admins"));
    assert!(team.ben.complete("/token audit token:Rep").await.unwrap().is_empty());
    let reports = id_of(&team, "tokens").await;
    for (id, kind, values) in [
        ("open-token", 3, &[reports.to_string().as_str()][..]),
        (&format!("token-audit:{reports}:999999"), 2, &[]),
        ("list:0:::Rep", 2, &[]),
    ] {
        let seen = team.ben.forge_press(&waits, id, kind, values).await.unwrap().message().unwrap();
        assert!(!seen.contains("Reports") && !seen.contains("collected"), "{id}: {seen}");
    }
    team.card("0 of 2 approvals").await;
    // Rin is told that too few admins are left.
    team.setup.settle().await.unwrap();
    team.rin.private_messages();
    team.finish().await;
}

#[tokio::test]
async fn what_waits_has_pages_and_what_is_to_collect_says_how_much_more_there_is() {
    let settings = "[policy]\nmax_open_requests = 30";
    let team = Team::configured("pending pages", settings).await;
    for number in 0..7 {
        team.issue_token(&format!("Ready {number}")).await;
    }
    for number in 0..11 {
        team.ask(&team.rin, &format!("Waits {number}")).await;
    }
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    let first = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(first.contains("Waits 8") && !first.contains("Waits 9"), "{first}");
    assert_eq!(first.buttons().last().unwrap(), "Next");
    assert!(!first.offers("Previous"), "{first}");
    let last = team.aki.click(&first, "Next").await.unwrap().message().unwrap();
    assert!(last.contains("Waits 9") && last.contains("Waits 10"), "{last}");
    assert!(last.offers("Previous") && !last.offers("Next"), "{last}");
    let back = team.aki.click(&last, "Previous").await.unwrap().message().unwrap();
    assert!(back.contains("Waits 8"), "{back}");

    let mine = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(mine.contains("Ready 6") && mine.contains("Waits 1"), "{mine}");
    assert!(!mine.contains("Waits 2"), "{mine}");
    let rest = team.rin.click(&mine, "Next").await.unwrap().message().unwrap();
    assert!(rest.contains("Waits 2") && rest.contains("Waits 10"), "{rest}");
    assert!(!rest.offers("Next") && !rest.offers("Reveal"), "{rest}");
    let first = team.rin.type_command("/token collect").await.unwrap().private().unwrap();
    assert!(first.contains("Your token Ready 0"), "{first}");
    for number in 1..5 {
        team.rin.wait_for_private(&format!("Your token Ready {number}")).await.unwrap();
    }
    let more = team.rin.wait_for_private("2 more secrets are waiting").await.unwrap();
    assert_eq!(more.commands(), ["token collect"], "{more}");
    team.finish().await;
}
