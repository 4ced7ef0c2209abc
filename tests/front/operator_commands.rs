//! What an operator does at the machine while the bot runs.

use std::os::unix::fs::MetadataExt as _;
use std::process::Output;

use serde_json::Value;
use testkit::team::DEVELOPER;

use super::Team;
use super::token_life::{create_token, open_panel};

/// The exit code, the output, and the error output.
fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

async fn runs(team: &Team, arguments: &[&str], input: &str) -> (i32, String, String) {
    said(&team.setup.bot.run_with(arguments, input).await.unwrap())
}

async fn as_json(team: &Team, arguments: &[&str], input: &str) -> (i32, Value) {
    let (code, out, _) = runs(team, arguments, input).await;
    (code, serde_json::from_str(&out).unwrap())
}

fn events(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_secret_is_checked_without_being_shown() {
    let team = Team::start("token check").await;
    let [sid, secret] = create_token(&team, "Reports").await;
    let check = ["token", "check"];
    let (code, out, _) = runs(&team, &check, &format!("TOKEN={secret}\n")).await;
    assert_eq!(code, 0, "{out}");
    assert!(out.contains(&format!("Reports ({sid}) for Orchard API")), "{out}");
    assert!(out.contains("The secret works"), "{out}");
    let (code, said) = as_json(&team, &["token", "check", "--json"], &secret).await;
    assert_eq!(
        (code, said["well_formed"].as_bool(), said["known"].as_bool()),
        (0, Some(true), Some(true))
    );
    assert_eq!((&said["opens"], &said["token"]["state"]), (&"yes".into(), &"active".into()));

    let (code, said) = as_json(&team, &["token", "check", "--json"], "not a secret").await;
    assert_eq!(
        (code, said["well_formed"].as_bool(), said["known"].as_bool()),
        (1, Some(false), Some(false))
    );
    assert_eq!(said["token"], Value::Null);
    assert_eq!(runs(&team, &check, " \n").await.0, 1);
    // It can't be given on the command line, where others could read it.
    let (code, _, error) = runs(&team, &["token", "check", "something"], "").await;
    assert_eq!(code, 2, "{error}");

    assert!(team.setup.tables_with(&secret).await.unwrap().is_empty());
    assert!(!team.setup.bot.everything_written().unwrap().contains(&secret));
    team.finish().await;
}

#[tokio::test]
async fn an_operator_disables_a_token_and_its_people_hear_of_it() {
    let team = Team::start("token disable").await;
    let [sid, secret] = create_token(&team, "Reports").await;
    let (code, out, asked) = runs(&team, &["token", "disable", &sid], "no\n").await;
    assert_eq!((code, out.as_str()), (1, ""), "{asked}");
    assert!(asked.contains(&format!("Disable Reports ({sid}) for Orchard API?")), "{asked}");
    let (code, _, error) = runs(&team, &["token", "disable", "#1"], "").await;
    assert!(code == 1 && error.contains("nothing was changed: add --yes"), "{error}");
    assert!(open_panel(&team, &secret).await, "nobody said yes");
    for wrong in ["CSnone", "#9", "#0", ""] {
        let (code, _, error) = runs(&team, &["token", "disable", wrong, "--yes"], "").await;
        assert_eq!(code, 1, "{error}");
    }
    assert_eq!(runs(&team, &["token", "disable"], "").await.0, 2);

    let (code, out, error) = runs(&team, &["token", "disable", "#1"], "yes\n").await;
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("is disabled."), "{out}");
    assert!(!open_panel(&team, &secret).await);
    let dm = team.rin.wait_for_dm("was disabled").await.unwrap();
    assert!(dm.contains("The Countersign operator did this"), "{dm}");
    team.last_card("It is disabled").await;
    let noted = "select count(*) from countersign.events where kind = 'token_disabled'
                 and actor is null and detail ->> 'by' = 'operator'";
    assert_eq!(team.count(noted).await, 1);
    // The command was run as the user of this test.
    let user = std::fs::metadata("/proc/self").unwrap().uid();
    let history =
        team.aki.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(history.contains("token disabled** · Countersign"), "{history}");
    assert!(history.contains("on the host, as "), "{history}");
    let (_, lines, _) = runs(&team, &["audit", "export"], "").await;
    let disabled: Vec<Value> =
        events(&lines).into_iter().filter(|event| event["kind"] == "token_disabled").collect();
    assert_eq!(disabled[0]["detail"]["operator"]["uid"], user, "{disabled:?}");
    let (code, _, error) = runs(&team, &["token", "disable", &sid, "--yes"], "").await;
    assert!(code == 1 && error.contains("is disabled already"), "{error}");
    let (code, said) = as_json(&team, &["token", "check", "--json"], &secret).await;
    assert_eq!((code, &said["opens"]), (0, &"nothing".into()));
    team.finish().await;
}

#[tokio::test]
async fn each_event_is_a_line_of_the_log() {
    let team = Team::start("event lines").await;
    create_token(&team, "Reports").await;
    team.setup.settle().await.unwrap();
    let (_, lines, _) = runs(&team, &["audit", "export"], "").await;
    let mut exported: Vec<String> =
        events(&lines).iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
    let log = team.setup.bot.log();
    let logged = log.lines().filter(|line| line.contains("\"in the audit log\""));
    let mut logged: Vec<String> = logged
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect();
    exported.sort();
    logged.sort();
    assert_eq!(logged, exported);
    assert!(logged.contains(&"request_submitted".to_owned()), "{logged:?}");
    team.finish().await;
}

#[tokio::test]
async fn the_audit_log_is_exported_whole_in_order_and_without_a_secret() {
    let team = Team::start("audit export").await;
    let [sid, secret] = create_token(&team, "Reports").await;
    let mut form = team.form(&team.rin, "orchard", "Other").await;
    form.fill("Developer emails", DEVELOPER).unwrap();
    let panel = form.submit().await.unwrap().private().unwrap();
    let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    team.rin.click(&panel, "Create").await.unwrap().message().unwrap();
    let card = team.last_card("#2").await;
    let mut form = team.ben.click(&card, "Deny").await.unwrap().modal().unwrap();
    form.fill("Reason", "Not needed").unwrap();
    form.submit().await.unwrap().private().unwrap();
    team.rin.wait_for_dm("was denied").await.unwrap();
    team.last_card("Denied by").await;

    let (code, lines, _) = runs(&team, &["audit", "export"], "").await;
    assert_eq!(code, 0);
    let all = events(&lines);
    let there = team.count("select count(*) from countersign.events").await;
    assert_eq!(all.len() as i64, there);
    let ids: Vec<i64> = all.iter().map(|e| e["id"].as_str().unwrap().parse().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let kinds: Vec<&str> = all.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    for kind in ["request_submitted", "token_issued", "token_collected", "secret_hidden"] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    // Each sent message is logged with its subject and its event.
    let told: Vec<&Value> = all.iter().filter(|event| event["kind"] == "notice_sent").collect();
    assert!(!told.is_empty());
    for outcome in told {
        let detail = &outcome["detail"];
        let of = all.iter().find(|event| event["id"] == detail["event"]).unwrap();
        let (kind, what) = (detail["kind"].as_str().unwrap(), of["kind"].as_str().unwrap());
        assert!(
            [
                ("denied", "request_denied"),
                ("created", "token_issued"),
                ("collected", "token_collected"),
            ]
            .contains(&(kind, what)),
            "{outcome}"
        );
    }
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&secret));
    assert!(!lines.contains(&secret) && !lines.contains(&hash));

    let (code, lines, _) = runs(&team, &["audit", "export", "--token", &sid], "").await;
    assert_eq!(code, 0);
    let of_it = events(&lines);
    assert!(of_it.iter().all(|event| event["request"] == "1"), "{of_it:?}");
    assert_eq!(of_it.len(), all.iter().filter(|event| event["request"] == "1").count());

    let last = all.last().unwrap()["at"].as_str().unwrap();
    let (_, lines, _) = runs(&team, &["audit", "export", "--since", last], "").await;
    let newest = events(&lines);
    assert!(!newest.is_empty() && newest.len() < all.len(), "{lines}");
    assert!(newest.iter().all(|event| event["at"].as_str().unwrap() >= last));

    assert_eq!(runs(&team, &["audit", "export", "--since", "yesterday"], "").await.0, 2);
    assert_eq!(runs(&team, &["audit", "export", "--token", "CSnone"], "").await.0, 1);
    team.finish().await;
}

#[tokio::test]
async fn a_long_audit_log_is_exported_page_by_page() {
    let team = Team::start("long export").await;
    let mut connection = team.setup.connect().await.unwrap();
    sqlx::raw_sql(
        "insert into countersign.events (kind, provider, detail)
         select 'request_reminded', 'orchard', jsonb_build_object('at', n)
         from generate_series(1, 2500) n",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let (code, lines, _) = runs(&team, &["audit", "export"], "").await;
    assert_eq!(code, 0);
    let at: Vec<i64> =
        events(&lines).iter().filter_map(|event| event["detail"]["at"].as_i64()).collect();
    assert_eq!(at, (1..=2500).collect::<Vec<i64>>());
    team.finish().await;
}
