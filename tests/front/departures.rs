//! A member left the guild: it is noticed when it matters, the admins are told once, and one of them
//! becomes contact, with approvals.

use discord_sim::{MessageView, Person, standard};
use testkit::team::show_token;

use super::Team;

const NOTICED: &str = "select count(*) from countersign.departures where returned_at is null";
const LEFT: &str = "A member left";

/// Rin's token of this name, collected; its contact has read the messages.
pub async fn create_token_with(team: &Team, name: &str, contact: &Person) {
    let mut form = team.form(&team.rin, "orchard", name).await;
    form.choose_user("Primary contact", contact).unwrap();
    team.submit_and_approve(&form).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    contact.wait_for_dm(name).await.unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    contact.wait_for_dm(name).await.unwrap();
    team.wait_for_collected_card().await;
    team.store_secret(&team.rin, &shown).await;
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
}

/// Rin makes it expire earlier, and the contact is told.
async fn narrow_token(team: &Team, name: &str) {
    let ends = "Expires after 30 days";
    let panel = show_token(&team.rin, name).await;
    let panel = team.rin.click(&panel, "Edit").await.unwrap().message().unwrap();
    let panel = team.rin.select(&panel, "Expires", &[ends]).await.unwrap().message().unwrap();
    let said = team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    assert!(said.contains("was reduced"), "{said}");
    team.setup.settle().await.unwrap();
}

fn told(team: &Team) -> Vec<MessageView> {
    let all = team.aki.channel("approvals").unwrap();
    all.into_iter().filter(|message| message.contains(LEFT)).collect()
}

#[tokio::test]
async fn the_admins_are_told_once_and_one_takes_over_with_approvals() {
    let team = Team::start("contact left").await;
    create_token_with(&team, "Reports", &team.chiyo).await;
    team.setup.discord.remove_member(&team.chiyo).unwrap();
    narrow_token(&team, "Reports").await;
    let message = team.card(LEFT).await;
    for shown in ["@Chiyo (Chiyo)", "Primary contact of", "Reports"] {
        assert!(message.contains(shown), "{shown} is not in {message}");
    }
    assert!(!message.contains("Owner of") && !message.contains("Open requests"), "{message}");
    assert!(message.pings(), "it is noticed: {message}");
    // Each further message to Chiyo is refused too, which is no news.
    let panel = show_token(&team.rin, "Reports").await;
    let panel = team.rin.click(&panel, "Edit").await.unwrap().message().unwrap();
    let first = panel.options("Scopes").unwrap().remove(0);
    let panel = team.rin.select(&panel, "Scopes", &[&first]).await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    team.setup.settle().await.unwrap();
    assert_eq!((told(&team).len(), team.count(NOTICED).await), (1, 1));

    let button = message.custom_id("Take over as contact").unwrap();
    let refused = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    let refused = team.rin.forge_press(&refused, &button, 2, &[]).await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let asked = team.ben.click(&message, "Take over as contact").await.unwrap();
    let asked = asked.private().unwrap();
    // They saw a name, not everything that the token may do: so this is not an approval.
    assert!(
        asked.contains("#2 **Reports**") && asked.contains("your own approval is not given yet"),
        "{asked}"
    );
    let card = team.card("0 of 2 approvals").await;
    assert!(card.contains("@Chiyo → @Ben"), "{card}");
    // Nothing is left to take over, as long as that request is open.
    let taken = team.ben.wait_for_text(&message, "Another contact is requested").await.unwrap();
    assert!(taken.buttons().is_empty() && !taken.pings(), "{taken}");
    let again = team.ben.click_outdated(&message, "Take over as contact").await.unwrap();
    assert!(again.private().unwrap().contains("nothing left to do"));
    let mut form = team.aki.click(&card, "Deny").await.unwrap().modal().unwrap();
    form.fill("Reason", "Not this one").unwrap();
    form.submit().await.unwrap().private().unwrap();
    team.ben.wait_for_dm("was denied").await.unwrap();
    team.last_card("Denied").await;
    let message = team.ben.wait_for_text(&message, "Take over as contact").await.unwrap();
    assert_eq!(message.buttons(), ["Take over as contact"], "it can be taken over again");
    team.ben.click(&message, "Take over as contact").await.unwrap().private().unwrap();
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.approve(&team.aki, &card).await;
    team.rin.wait_for_dm("was changed").await.unwrap();
    team.ben.wait_for_dm("was changed").await.unwrap();
    team.last_card("**Changed:**").await;
    let contacts = "select count(*) from countersign.tokens where contact = 1105000000000000003";
    assert_eq!(team.count(contacts).await, 1);
    let settled = team.ben.wait_for_text(&message, "Nothing is left to do here").await.unwrap();
    assert!(settled.contains("no token and no open request"), "{settled}");

    // A person who is back is noticed when they act.
    team.setup.discord.add_member(&team.chiyo, &[standard::ADMINS]).unwrap();
    let mut form = team.chiyo.type_command("/token leak").await.unwrap().modal().unwrap();
    form.enter_all([("found".to_owned(), vec!["hello".to_owned()])].into()).unwrap();
    form.submit().await.unwrap().message().unwrap();
    assert_eq!(team.count(NOTICED).await, 0);
    team.ben.wait_for_text(&message, "is back in this server").await.unwrap();
    let noted = "select count(*) from countersign.events
                 where kind in ('member_left', 'member_returned') and actor is null";
    assert_eq!(team.count(noted).await, 2);
    assert_eq!(told(&team).len(), 1);
    team.finish().await;
}

#[tokio::test]
async fn of_several_tokens_an_admin_chooses() {
    let team = Team::configured("several left", "[policy]\nmax_open_requests = 2").await;
    for name in ["Reports", "Exports", "Imports"] {
        create_token_with(&team, name, &team.chiyo).await;
    }
    create_token_with(&team, "Other", &team.ben).await;
    team.setup.discord.remove_member(&team.chiyo).unwrap();
    narrow_token(&team, "Reports").await;
    let message = team.card(LEFT).await;
    let choice = team.aki.click(&message, "Take over as contact").await.unwrap();
    let choice = choice.private().unwrap();
    assert_eq!(choice.options("Tokens").unwrap(), ["Imports", "Exports", "Reports"]);
    // No one becomes the contact of other people's tokens in this way.
    let select = &choice.json()["components"][0]["components"][1]["components"][0];
    let select = select["custom_id"].as_str().unwrap();
    let forged = team.aki.forge_press(&choice, select, 3, &["4"]).await.unwrap().message().unwrap();
    assert!(forged.contains("nothing left to do"), "{forged}");
    for id in ["take-over-tokens:999", "take-over:999"] {
        let forged = team.aki.forge_press(&choice, id, 3, &["1"]).await.unwrap().message().unwrap();
        assert!(!forged.contains("Requested for you"), "{forged}");
    }
    assert_eq!(team.count("select count(*) from countersign.requests").await, 4);

    // Aki is the last one who could approve it.
    team.setup.discord.set_roles(&team.ben, &[]).unwrap();
    let all = ["Reports", "Exports", "Imports"];
    let asked = team.aki.select(&choice, "Tokens", &all).await.unwrap().message().unwrap();
    assert!(asked.contains("**Reports**") && asked.contains("**Exports**"), "{asked}");
    assert!(asked.contains("Not requested:") && asked.contains("2 open requests"), "{asked}");
    assert!(asked.contains("can’t be approved yet"), "{asked}");
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    let edits =
        "select count(*) from countersign.requests where kind = 'edit' and state = 'pending'
                 and content::jsonb ->> 'contact' = '1105000000000000002'";
    assert_eq!(team.count(edits).await, 2);
    let approvals = "select count(*) from countersign.approvals
                 where person = 1105000000000000002
                     and request_id in (select id from countersign.requests where number > 4)";
    assert_eq!(team.count(approvals).await, 0, "they saw names only");
    team.finish().await;
}

#[tokio::test]
async fn closed_direct_messages_are_no_departure() {
    let team = Team::start("closed").await;
    create_token_with(&team, "Reports", &team.chiyo).await;
    team.setup.discord.close_dms(&team.chiyo).unwrap();
    narrow_token(&team, "Reports").await;
    let refused = "select count(*) from countersign.notices where state = 'refused'";
    assert_eq!(team.count(refused).await, 1);
    assert_eq!((told(&team).len(), team.count(NOTICED).await), (0, 0));
    team.finish().await;
}

#[tokio::test]
async fn an_admin_who_left_is_noticed_when_approvals_are_confirmed() {
    let team = Team::start("admin left").await;
    team.ask(&team.aki, "Reports").await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.remove_member(&team.aki).unwrap();
    team.approve(&team.ben, &card).await;
    let message = team.ben.wait_for_message("approvals", LEFT).await.unwrap();
    assert!(message.contains("Open requests") && message.contains("#1 **Reports**"), "{message}");
    assert!(message.buttons().is_empty(), "{message}");
    team.setup.settle().await.unwrap();
    let cards = team.ben.channel("approvals").unwrap();
    assert!(cards.iter().any(|card| card.contains("is no longer an admin")), "{cards:?}");
    team.finish().await;
}

#[tokio::test]
async fn a_contact_who_left_is_noticed_in_a_form() {
    let team = Team::start("form left").await;
    create_token_with(&team, "Reports", &team.chiyo).await;
    let mut form = team.form(&team.rin, "orchard", "Other").await;
    form.choose_user("Primary contact", &team.chiyo).unwrap();
    team.setup.discord.remove_member(&team.chiyo).unwrap();
    let panel = form.submit().await.unwrap().private().unwrap();
    assert!(panel.contains("is not a member of this server"), "{panel}");
    let message = team.card(LEFT).await;
    assert!(message.contains("Reports") && message.offers("Take over as contact"), "{message}");
    // A person without tokens or requests does not matter.
    let mut form = team.rin.click(&panel, "Correct").await.unwrap().modal().unwrap();
    form.choose_user("Primary contact", &team.ben).unwrap();
    team.setup.discord.remove_member(&team.ben).unwrap();
    form.submit().await.unwrap().message().unwrap();
    team.setup.settle().await.unwrap();
    assert_eq!((told(&team).len(), team.count(NOTICED).await), (1, 1));
    team.finish().await;
}

#[tokio::test]
async fn approvals_of_a_former_member_are_listed_as_not_counting() {
    let team = Team::start("approvals left").await;
    team.ask(&team.rin, "Reports").await;
    let first = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &first).await;
    let first = team.card("1 of 2 approvals").await;
    team.ask(&team.rin, "Exports").await;
    let second = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &second).await;
    team.setup.settle().await.unwrap();
    team.setup.discord.remove_member(&team.aki).unwrap();
    team.approve(&team.ben, &first).await;
    let message = team.ben.wait_for_message("approvals", LEFT).await.unwrap();
    assert!(message.contains("Their approvals") && message.contains("#2 **Exports**"), "{message}");
    assert!(!message.contains("Open requests") && message.buttons().is_empty(), "{message}");
    team.setup.settle().await.unwrap();
    team.ben.channel("approvals").unwrap();
    team.rin.dms();
    assert_eq!(team.count(NOTICED).await, 1);
    let noted = "select count(*) from countersign.events where kind = 'departure_told'";
    assert_eq!(team.count(noted).await, 1);
    team.finish().await;
}

#[tokio::test]
async fn an_owner_who_left_before_their_token_was_ready_is_told_of() {
    let team = Team::start("owner left").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.remove_member(&team.rin).unwrap();
    team.approve(&team.ben, &card).await;
    let message = team.card(LEFT).await;
    assert!(message.contains("@Rin") && message.contains("Reports"), "{message}");
    team.last_card("could not be delivered").await;
    assert_eq!((told(&team).len(), team.count(NOTICED).await), (1, 1));
    team.finish().await;
}
