//! A leaked secret: its finder is told as much as they may know, and one press disables the token.
//! Nothing of the pasted text is kept.

use discord_sim::{MessageView, Person};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use testkit::team::{DEVELOPER, code_blocks, disable_token, show_token};

use super::Team;
use super::manual_issuer::fill_fulfil_form;
use super::token_life::{create_token, open_panel};

const DISABLED: &str = "select count(*) from countersign.tokens where state = 'disabled'";

/// The answer to this text.
async fn report_leak(person: &Person, text: &str) -> MessageView {
    let mut form = person.type_command("/token leak").await.unwrap().modal().unwrap();
    form.fill("What you found", text).unwrap();
    form.submit().await.unwrap().private().unwrap()
}

/// Chiyo, as a person without tokens who reads English.
fn stranger(team: &Team) -> &Person {
    team.setup.discord.set_roles(&team.chiyo, &[]).unwrap();
    team.setup.discord.set_locale(&team.chiyo, "en-US").unwrap();
    &team.chiyo
}

/// Searches everything that is written; only the message that showed the secret to its owner ever held it.
async fn is_nowhere(team: &Team, secret: &str, messages: usize) {
    assert!(team.setup.tables_with(secret).await.unwrap().is_empty());
    assert!(!team.setup.bot.everything_written().unwrap().contains(secret));
    let all = team.setup.discord.all_messages();
    let holds = |message: &&Value| message.to_string().contains(secret);
    assert_eq!(all.iter().filter(holds).count(), messages);
    let url = format!("{}/metrics", team.setup.bot.url().unwrap());
    let metrics = reqwest::Client::builder().no_proxy().build().unwrap().get(url);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("leak") && !metrics.contains(secret));
}

/// Changes rows in the database, past their guards.
async fn meddle(team: &Team, table: &str, change: String) {
    let mut connection = team.setup.connect().await.unwrap();
    let change = format!(
        "set search_path = countersign; alter table {table} disable trigger user;
         update {table} set {change}; alter table {table} enable trigger user"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(change)).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn the_finder_of_a_secret_disables_its_token_and_everyone_is_told() {
    let team = Team::start("leak").await;
    let [_, secret] = create_token(&team, "Reports").await;
    let finder = stranger(&team);
    let told = report_leak(finder, &format!("export TOKEN=\"{secret}\"")).await;
    assert!(
        told.contains("This is the secret of a token here") && told.contains("It works"),
        "{told}"
    );
    assert!(!told.contains("Reports") && !told.contains("Orchard"), "{told}");
    assert!(open_panel(&team, &secret).await, "nothing is stopped before the press");

    let stopped = finder.click(&told, "Disable").await.unwrap().message().unwrap();
    assert!(stopped.contains("The token is disabled") && stopped.buttons().is_empty(), "{stopped}");
    assert!(!stopped.contains("Reports"), "{stopped}");
    assert!(!open_panel(&team, &secret).await);
    for person in [&team.rin, &team.aki, &team.ben] {
        let dm = person.wait_for_dm("leaked").await.unwrap();
        assert!(
            dm.contains("@Chiyo found the leaked secret") && dm.contains("is disabled"),
            "{dm}"
        );
    }
    team.last_card("Reported as leaked").await;
    let noted = "select count(*) from countersign.events where kind = 'token_disabled'
                 and detail ? 'reported_as_leaked' and interaction_id is not null";
    assert_eq!(team.count(noted).await, 1);

    let press = team.setup.discord.last_interaction(finder).unwrap();
    team.setup.discord.replay(&press);
    let again = report_leak(finder, &secret).await;
    assert!(again.contains("no longer works") && again.buttons().is_empty(), "{again}");
    team.setup.settle().await.unwrap();
    assert_eq!(team.count(noted).await, 1);
    is_nowhere(&team, &secret, 1).await;
    team.finish().await;
}

#[tokio::test]
async fn an_unknown_secret_is_reported_and_not_stored() {
    let team = Team::start("unknown leak").await;
    create_token(&team, "Reports").await;
    let unknown = countersign::domain::secret::mint().unwrap();
    let told = report_leak(&team.rin, unknown.expose_secret()).await;
    assert!(told.contains("no token here has it") && told.buttons().is_empty(), "{told}");
    let mut wrong = unknown.expose_secret().to_owned();
    wrong.replace_range(10..11, if &wrong[10..11] == "0" { "1" } else { "0" });
    for text in [
        wrong.as_str(),
        "hello there, whoever reads this",
        &"x".repeat(4_000),
        &"🚀".repeat(2_000),
        &"cst_".repeat(1_000),
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "",
        "{\"a\": [\"@everyone\"]}'; drop table countersign.tokens; --",
    ] {
        let told = team.rin.forge_modal("leak-form", &[("found", text)]).await.unwrap();
        let told = told.private().unwrap();
        assert!(told.contains("This is not a secret known here"), "{told}");
        assert!(told.buttons().is_empty() && !told.contains("hello there"), "{told}");
        if text.len() > 15 {
            assert!(!team.setup.bot.everything_written().unwrap().contains(&text[..16]));
        }
    }
    let without_the_field = team.rin.forge_modal("leak-form", &[("other", "x")]).await.unwrap();
    assert!(without_the_field.private().unwrap().contains("to another version"));
    assert_eq!(team.count("select count(*) from countersign.leak_reports").await, 0);
    is_nowhere(&team, unknown.expose_secret(), 0).await;
    is_nowhere(&team, &wrong, 0).await;
    team.finish().await;
}

#[tokio::test]
async fn the_button_is_for_the_finder_and_expires() {
    let team = Team::start("leak buttons").await;
    let [_, secret] = create_token(&team, "Reports").await;
    let told = report_leak(&team.rin, &secret).await;
    assert!(told.contains("This is the secret of **Reports** for Orchard API"), "{told}");
    let button = told.custom_id("Disable").unwrap();
    // Admins may disable it in other ways, but not with another person's report.
    for id in [button.as_str(), "leak-disable:999", "leak-disable:9223372036854775807"] {
        for other in [&team.aki, &team.chiyo] {
            let refused = other.forge_press(&told, id, 2, &[]).await.unwrap().private().unwrap();
            assert!(refused.buttons().is_empty() && !refused.contains("Reports"), "{refused}");
        }
    }
    meddle(&team, "leak_reports", "expires_at = now() - interval '1 second'".to_owned()).await;
    let late = team.rin.click(&told, "Disable").await.unwrap().private().unwrap();
    assert!(late.contains("may still work") && late.contains("/token leak"), "{late}");
    assert!(open_panel(&team, &secret).await);
    assert_eq!(team.count(DISABLED).await, 0);
    team.finish().await;
}

#[tokio::test]
async fn a_secret_that_was_replaced_gives_no_power_over_the_token() {
    let team = Team::start("dead leak").await;
    let [_, old] = create_token(&team, "Reports").await;
    let finder = stranger(&team);
    let told = report_leak(finder, &old).await;
    // In the meantime its owner has a new one.
    let panel = show_token(&team.rin, "Reports").await;
    let panel = team.rin.click(&panel, "Reset").await.unwrap().message().unwrap();
    team.rin.click(&panel, "Submit").await.unwrap().message().unwrap();
    let card = team.card("0 of 2 approvals").await;
    team.approve_twice(&card).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let [_, new] = <[String; 2]>::try_from(code_blocks(&shown)).unwrap();
    team.store_secret(&team.rin, &shown).await;
    team.last_card("New secret").await;

    let refused = finder.click(&told, "Disable").await.unwrap().private().unwrap();
    assert!(refused.contains("nothing to disable"), "{refused}");
    let again = report_leak(finder, &old).await;
    assert!(again.contains("no longer works") && again.buttons().is_empty(), "{again}");
    let newest = "select max(id) from countersign.leak_reports";
    let forged = format!("leak-disable:{}", team.count(newest).await);
    let refused = finder.forge_press(&again, &forged, 2, &[]).await.unwrap().private().unwrap();
    assert!(refused.contains("nothing to disable"), "{refused}");
    assert!(open_panel(&team, &new).await);
    team.finish().await;
}

#[tokio::test]
async fn a_secret_that_leaked_before_it_was_collected_is_stopped_too() {
    let team = Team::start("waiting leak").await;
    let ready = team.issue_token("Reports").await;
    // It is secret, so the test replaces it by one that it knows.
    let secret = countersign::domain::secret::mint().unwrap();
    let hash = hex::encode(countersign::domain::secret::sha256(&secret));
    meddle(&team, "secrets", format!("sha256 = decode('{hash}', 'hex')")).await;
    let finder = stranger(&team);
    let told = report_leak(finder, secret.expose_secret()).await;
    assert!(told.contains("It does not work yet"), "{told}");
    finder.click(&told, "Disable").await.unwrap().message().unwrap();
    assert_eq!(team.count(DISABLED).await, 1);
    for person in [&team.rin, &team.aki, &team.ben] {
        person.wait_for_dm("leaked").await.unwrap();
    }
    team.last_card("Reported as leaked").await;
    let refused = team.rin.click_outdated(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(code_blocks(&refused).is_empty(), "{refused}");
    is_nowhere(&team, secret.expose_secret(), 0).await;
    team.finish().await;
}

#[tokio::test]
async fn a_leaked_manual_token_becomes_a_task_at_once() {
    const SECRET: &str = "example.auth-token~0123456789";
    let team = Team::start("manual leak").await;
    let mut form = team.form(&team.aki, "impact-agency", "Dashboard").await;
    form.fill("Developer emails", DEVELOPER).unwrap();
    let panel = form.submit().await.unwrap().private().unwrap();
    let panel = team.aki.click(&panel, "Whole category").await.unwrap().message().unwrap();
    team.aki.click(&panel, "Create").await.unwrap().message().unwrap();
    let card = team.card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    team.aki.wait_for_dm("is approved").await.unwrap();
    let card = team.card("Clear all").await;
    let form = fill_fulfil_form(&team.ben, &card, "IRexample", SECRET).await;
    form.submit().await.unwrap().message().unwrap();
    team.aki.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    team.setup.send_mails_now().await.unwrap();
    team.setup.mailbox.wait_for(DEVELOPER, "was created").await.unwrap();

    let line = format!("curl -u IRexample:{SECRET} https://api.example.com\n");
    let told = report_leak(&team.rin, &line).await;
    assert!(
        told.contains("This is the secret of a token here") && told.contains("It works"),
        "{told}"
    );
    let stopping = team.rin.click(&told, "Disable").await.unwrap().message().unwrap();
    assert!(stopping.contains("an admin is asked"), "{stopping}");
    for person in [&team.aki, &team.ben] {
        let dm = person.wait_for_dm("leaked").await.unwrap();
        assert!(dm.contains("It is not disabled yet"), "{dm}");
    }
    let mail = team.setup.mailbox.wait_for(DEVELOPER, "leaked").await.unwrap();
    let text = mail.text.unwrap();
    assert!(text.contains("being disabled") && text.contains("Reported by"), "{text}");
    let task = team.last_card("must disable this token").await;
    assert!(task.contains("Reported as leaked"), "{task}");
    let again = report_leak(&team.rin, SECRET).await;
    assert!(again.contains("being disabled") && again.buttons().is_empty(), "{again}");
    team.ben.click(&task, "Done").await.unwrap().private().unwrap();
    team.aki.wait_for_dm("was disabled").await.unwrap();
    team.setup.mailbox.wait_for(DEVELOPER, "was disabled").await.unwrap();
    assert_eq!(team.count(DISABLED).await, 1);
    team.setup.settle().await.unwrap();
    team.aki.channel("approvals").unwrap();
    is_nowhere(&team, SECRET, 0).await;
    team.finish().await;
}

#[tokio::test]
async fn several_secrets_in_one_text_are_all_reachable() {
    let team = Team::start("several leaks").await;
    let [_, dead] = create_token(&team, "Reports").await;
    let panel = show_token(&team.rin, "Reports").await;
    disable_token(&team.rin, &panel).await;
    team.last_card("It is disabled").await;
    let [_, one] = create_token(&team, "Exports").await;
    let [_, two] = create_token(&team, "Imports").await;
    let pasted = format!("OLD={dead}\nONE={one}\nTWO={two}\n");
    let checked = team.setup.bot.run_with(&["token", "check", "--json"], &pasted).await.unwrap();
    let checked: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(
        (&checked["token"]["name"], &checked["other_tokens"]),
        (&"Exports".into(), &1.into())
    );

    let finder = stranger(&team);
    let told = report_leak(finder, &pasted).await;
    assert!(told.contains("It works") && told.contains("one more token that works"), "{told}");
    finder.click(&told, "Disable").await.unwrap().message().unwrap();
    assert!(!open_panel(&team, &one).await && open_panel(&team, &two).await);
    let told = report_leak(finder, &pasted).await;
    assert!(told.contains("It works") && !told.contains("more token"), "{told}");
    finder.click(&told, "Disable").await.unwrap().message().unwrap();
    assert!(!open_panel(&team, &two).await);
    let told = report_leak(finder, &pasted).await;
    assert!(told.contains("no longer works") && told.buttons().is_empty(), "{told}");
    for person in [&team.rin, &team.aki, &team.ben] {
        for name in ["Exports", "Imports"] {
            person.wait_for_dm(&format!("The secret of {name} leaked")).await.unwrap();
        }
    }
    team.last_card("Reported as leaked").await;
    team.finish().await;
}
